//! What lies over a page for a moment: dialogs, questions, menus. All of it the browser's own: it keeps and returns the
//! focus, closes on Escape and on a press beside it, and needs no client code.

use leptos::prelude::*;

use super::button::{Button, ButtonKind};
use super::icons::Icon;

/// A dialog; opened by a [`DialogButton`] of the same id.
#[component]
pub fn Dialog(
    /// Unique on the page.
    #[prop(into)]
    id: String,
    /// What it is about.
    #[prop(into)]
    title: String,
    /// What is in it; its own buttons go into an element of class `dialog-actions`.
    children: Children,
) -> AnyView {
    let heading = format!("{id}-title");
    let (own, label) = (id.clone(), heading.clone());
    view! {
        <dialog class="dialog" id=own aria-labelledby=label closedby="any">
            <header class="dialog-header">
                <h2 id=heading>{title}</h2>
                <button
                    type="button" class="button button-quiet icon-button" command="close" commandfor=id
                    aria-label="Close" title="Close"
                >
                    {Icon::Close.view()}
                </button>
            </header>
            <div class="dialog-body">{children()}</div>
        </dialog>
    }
    .into_any()
}

/// Opens a dialog.
#[component]
pub fn DialogButton(
    /// Id of the dialog.
    #[prop(into)]
    dialog: String,
    /// What follows.
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
) -> AnyView {
    view! { <Button word kind icon small attr:r#type="button" attr:command="show-modal" attr:commandfor=dialog/> }
        .into_any()
}

/// Asks before something that cannot be taken back. The form is sent as it is, so it works without client code.
#[component]
pub fn ConfirmDialog(
    /// Unique on the page; opened by a [`DialogButton`].
    #[prop(into)]
    id: String,
    /// The question, with the numbers: `Archive 14 candidates in Lever?`.
    #[prop(into)]
    title: String,
    /// What will happen and what will not.
    #[prop(into)]
    sentence: String,
    /// Where the form goes.
    #[prop(into)]
    action: String,
    /// The verb of the title: `Archive 14 candidates`.
    #[prop(into)]
    verb: String,
    /// Hidden fields of the form.
    #[prop(optional)]
    fields: Vec<(String, String)>,
    /// Must be typed before, for what touches many; sent as `confirmed` and compared by the server.
    #[prop(optional_no_strip, into)]
    typed: Option<String>,
) -> AnyView {
    let hidden = fields.into_iter().map(|(name, value)| view! { <input type="hidden" name=name value=value/> });
    let hidden = hidden.collect_view();
    let field = format!("{id}-typed");
    let typed = typed.map(|words| {
        view! {
            <div class="field">
                <label class="field-label" for=field.clone()>"Type "<strong>{words.clone()}</strong>" to go on"</label>
                <input
                    class="input" id=field name="confirmed" required=true autofocus=true autocomplete="off" spellcheck="false"
                    pattern=pattern(&words)
                />
            </div>
        }
    });
    view! {
        <Dialog id=id.clone() title>
            <p>{sentence}</p>
            <form class="stack" method="post" action=action>
                {hidden}
                {typed}
                <div class="dialog-actions">
                    <button type="button" class="button" command="close" commandfor=id>"Cancel"</button>
                    <Button word=verb kind=ButtonKind::Danger/>
                </div>
            </form>
        </Dialog>
    }
    .into_any()
}

/// A regular expression that is these words and nothing else.
fn pattern(words: &str) -> String {
    let special = |c: char| r"\^$.|?*+()[]{}/-".contains(c);
    words.chars().flat_map(|c| special(c).then_some('\\').into_iter().chain([c])).collect()
}

/// A button that opens a list of [`MenuLink`] and [`MenuButton`].
#[component]
pub fn Menu(
    /// Unique on the page.
    #[prop(into)]
    id: String,
    /// What it offers.
    #[prop(into)]
    label: String,
    /// Instead of the label on the button.
    #[prop(optional_no_strip, into)]
    icon: Option<Icon>,
    /// The entries.
    children: Children,
) -> AnyView {
    let opener = match icon {
        Some(icon) => view! {
            <button
                type="button" class="button button-quiet icon-button" popovertarget=id.clone() aria-label=label.clone()
                title=label.clone()
            >
                {icon.view()}
            </button>
        }
        .into_any(),
        None => view! {
            <button type="button" class="button" popovertarget=id.clone()>
                <span>{label.clone()}</span>{Icon::Chevron.view()}
            </button>
        }
        .into_any(),
    };
    view! {
        <div class="menu">
            {opener}
            <ul class="menu-list" id=id popover="auto" aria-label=label>{children()}</ul>
        </div>
    }
    .into_any()
}

/// An entry that leads somewhere.
#[component]
pub fn MenuLink(
    /// Where to.
    #[prop(into)]
    href: String,
    /// What is there.
    #[prop(into)]
    word: String,
    /// Before the word.
    #[prop(optional_no_strip, into)]
    icon: Option<Icon>,
) -> AnyView {
    view! { <li><a class="menu-entry" href=href>{icon.map(Icon::view)}<span>{word}</span></a></li> }.into_any()
}

/// An entry that does something: it sends the form around the menu, or the one named with `attr:form`.
#[component]
pub fn MenuButton(
    /// What it does, as a verb.
    #[prop(into)]
    word: String,
    /// Before the word.
    #[prop(optional_no_strip, into)]
    icon: Option<Icon>,
    /// Cannot be taken back.
    #[prop(optional)]
    danger: bool,
    /// Opens this dialog instead of sending a form.
    #[prop(optional_no_strip, into)]
    dialog: Option<String>,
) -> AnyView {
    let class = if danger { "menu-entry menu-danger" } else { "menu-entry" };
    let command = dialog.is_some().then_some("show-modal");
    let kind = if dialog.is_some() { "button" } else { "submit" };
    view! {
        <li>
            <button type=kind class=class command=command commandfor=dialog>{icon.map(Icon::view)}<span>{word}</span></button>
        </li>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_takes_words_literally() {
        assert_eq!(pattern("a.b (14)"), r"a\.b \(14\)");
    }
}
