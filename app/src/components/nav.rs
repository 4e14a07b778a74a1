//! The entries of the navigation.

use leptos::prelude::*;
use leptos_router::components::A;

use super::icons::Icon;

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
}

/// Entries that belong together.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NavGroup {
    /// Above them; empty for the first.
    pub word: String,
    /// In order.
    pub entries: Vec<NavEntry>,
}

/// The groups, for the navigation of the frame.
#[component]
pub fn NavGroups(
    /// In order.
    groups: Vec<NavGroup>,
) -> AnyView {
    let groups = groups.into_iter().map(|group| {
        let word = (!group.word.is_empty()).then(|| view! { <p class="nav-group">{group.word.clone()}</p> });
        let entries = group.entries.into_iter().map(|entry| {
            let NavEntry { href, icon, word, keys, exact, waiting } = entry;
            let keys = (!keys.is_empty()).then_some(keys);
            let waiting = waiting.filter(|n| *n > 0).map(|n| {
                view! { <span class="badge">{n}<span class="visually-hidden">" waiting"</span></span> }
            });
            view! {
                <A href exact=exact attr:data-keys=keys>
                    {icon.view()}<span class="nav-word">{word}</span>{waiting}
                </A>
            }
        });
        view! { {word}{entries.collect_view()} }
    });
    groups.collect_view().into_any()
}
