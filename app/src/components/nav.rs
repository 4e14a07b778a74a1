//! The entries of the navigation.

use super::icons::Icon;
use crate::markup::{Markup, html};

/// One page in the navigation, in the palette and in the list of keys.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NavEntry {
    /// Its address.
    pub href: String,
    /// Its shape.
    pub icon: Icon,
    /// Its name.
    pub word: &'static str,
    /// Keys that lead there, such as `g h`; may be empty.
    pub keys: &'static str,
    /// Other pages' addresses begin with its own: it is current on itself only.
    pub exact: bool,
    /// How many things wait there.
    pub waiting: Option<i64>,
}

impl NavEntry {
    /// An entry without a number.
    pub fn new(href: impl Into<String>, icon: Icon, word: &'static str, keys: &'static str) -> Self {
        Self { href: href.into(), icon, word, keys, exact: false, waiting: None }
    }

    /// Current on its own address only.
    #[must_use]
    pub fn exactly(self) -> Self {
        Self { exact: true, ..self }
    }

    fn is_current(&self, path: &str) -> bool {
        path.strip_prefix(&self.href).is_some_and(|rest| rest.is_empty() || (!self.exact && rest.starts_with('/')))
    }
}

/// Entries that belong together.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NavGroup {
    /// Above them; empty for the first.
    pub word: String,
    /// In order.
    pub entries: Vec<NavEntry>,
}

/// The groups, for the navigation of the frame, on the page with this path.
pub(crate) fn nav_groups(groups: &[NavGroup], path: &str) -> Markup {
    html! {
        @for group in groups {
            @if !group.word.is_empty() { p class="nav-group" { (group.word) } }
            @for entry in &group.entries { (link(entry, path)) }
        }
    }
}

fn link(entry: &NavEntry, path: &str) -> Markup {
    let NavEntry { href, icon, word, keys, waiting, .. } = entry;
    let current = entry.is_current(path).then_some("page");
    let keys = (!keys.is_empty()).then_some(keys);
    html! {
        a href=(href) aria-current=[current] data-keys=[keys] {
            (icon)
            span class="nav-word" { (word) }
            @if let Some(waiting) = waiting.filter(|n| *n > 0) {
                span class="badge" { (waiting) span class="visually-hidden" { " waiting" } }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_is_current_on_its_page_and_on_those_below() {
        let entry = NavEntry::new("/o/acme/triggers", Icon::Play, "Trigger stages", "");
        for (path, current) in [
            ("/o/acme/triggers", true),
            ("/o/acme/triggers/", true),
            ("/o/acme/triggers/0", true),
            ("/o/acme/triggers-of-old", false),
            ("/o/acme", false),
        ] {
            assert_eq!(entry.is_current(path), current, "{path}");
        }
        let home = NavEntry::new("/o/acme", Icon::Home, "Home", "").exactly();
        assert!(home.is_current("/o/acme") && !home.is_current("/o/acme/triggers"));
    }
}
