//! Buttons, links that look like them, and keys.

use leptos::prelude::*;

use super::icons::Icon;
use crate::markup::{Markup, finished, html};

/// How much a button asks for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ButtonKind {
    /// One of several.
    #[default]
    Plain,
    /// What most people come for; one per screen.
    Primary,
    /// Beside others, hardly there.
    Quiet,
    /// Cannot be taken back.
    Danger,
}

impl ButtonKind {
    const fn class(self, small: bool) -> &'static str {
        match (self, small) {
            (Self::Plain, false) => "button",
            (Self::Plain, true) => "button button-small",
            (Self::Primary, false) => "button button-primary",
            (Self::Primary, true) => "button button-primary button-small",
            (Self::Quiet, false) => "button button-quiet",
            (Self::Quiet, true) => "button button-quiet button-small",
            (Self::Danger, false) => "button button-danger",
            (Self::Danger, true) => "button button-danger button-small",
        }
    }
}

/// A button. Further attributes and handlers are given with `attr:` and `on:`; without `attr:type` it sends its form.
#[component]
pub fn Button(
    /// What it does, as a verb.
    #[prop(into)]
    word: String,
    /// Weight.
    #[prop(optional)]
    kind: ButtonKind,
    /// Before the word.
    #[prop(optional_no_strip, into)]
    icon: Option<Icon>,
    /// Lower.
    #[prop(optional)]
    small: bool,
    /// Cannot be pressed.
    #[prop(optional, into)]
    disabled: Signal<bool>,
    /// Its work is under way: keeps its width, says so, and cannot be pressed again.
    #[prop(optional, into)]
    busy: Signal<bool>,
) -> AnyView {
    view! {
        <button
            class=kind.class(small)
            disabled=move || disabled.get() || busy.get()
            aria-busy=move || busy.get().then_some("true")
        >
            {icon.map(Icon::view)}
            <span>{word}</span>
        </button>
    }
    .into_any()
}

/// A button of an icon alone; its name is for those who do not see it, and for the pointer that rests.
#[component]
pub fn IconButton(
    /// Shape.
    icon: Icon,
    /// What it does, as a verb.
    #[prop(into)]
    label: String,
    /// Weight.
    #[prop(default = ButtonKind::Quiet)]
    kind: ButtonKind,
    /// Lower.
    #[prop(optional)]
    small: bool,
) -> AnyView {
    let class = if small { "icon-button icon-button-small" } else { "icon-button" };
    let class = format!("{} {class}", kind.class(small));
    view! { <button class=class aria-label=label.clone() title=label>{icon.view()}</button> }.into_any()
}

/// A link in the shape of a button: it leads somewhere and changes nothing.
#[component]
pub fn ButtonLink(
    /// Where to.
    #[prop(into)]
    href: String,
    /// What is there.
    #[prop(into)]
    word: String,
    /// Weight.
    #[prop(optional)]
    kind: ButtonKind,
    /// Before the word.
    #[prop(optional_no_strip, into)]
    icon: Option<Icon>,
    /// Lower.
    #[prop(optional)]
    small: bool,
    /// Leads out of Assay, in a new tab.
    #[prop(optional)]
    outward: bool,
) -> AnyView {
    let tail = outward.then(|| view! { {Icon::Outward.view()}<span class="visually-hidden">" (new tab)"</span> });
    view! {
        <a
            class=kind.class(small)
            href=href
            rel=outward.then_some("external noopener")
            target=outward.then_some("_blank")
        >
            {icon.map(Icon::view)}
            <span>{word}</span>
            {tail}
        </a>
    }
    .into_any()
}

/// Puts a text into the clipboard. Shown only where client code runs.
#[component]
pub fn CopyButton(
    /// What is copied.
    #[prop(into)]
    text: String,
    /// What it is: "the request id".
    #[prop(into)]
    what: String,
) -> AnyView {
    let label = format!("Copy {what}");
    view! {
        <button type="button" class="copy" data-copy=text title=label.clone() aria-label=label>
            {Icon::Copy.view()}
            {Icon::Check.view()}
            <span class="visually-hidden" role="status" data-copied="Copied"></span>
        </button>
    }
    .into_any()
}

/// Keys to press, one after the other: `g h`, `mod+k`, `?`.
pub(crate) fn key_hint(keys: &str) -> Markup {
    html! { span class="keys" { @for key in keys.split(' ') { kbd class="key" { (key_words(key)) } } } }
}

/// [`key_hint`] in a view.
#[component]
pub fn KeyHint(
    /// As in `data-keys`.
    #[prop(into)]
    keys: String,
) -> AnyView {
    finished(key_hint(&keys))
}

/// A key as it stands on the keyboard.
fn key_words(key: &str) -> String {
    let parts = key.split('+').map(|part| match part {
        "mod" => "Ctrl".to_owned(),
        "Escape" => "Esc".to_owned(),
        one if one.chars().count() == 1 => one.to_uppercase(),
        name => name.to_owned(),
    });
    parts.collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_read_as_on_the_keyboard() {
        for (given, shown) in [("mod+k", "Ctrl K"), ("g", "G"), ("?", "?"), ("Escape", "Esc"), ("Enter", "Enter")] {
            assert_eq!(key_words(given), shown);
        }
        assert!(key_hint("<").into_string().contains("&lt;"));
    }
}
