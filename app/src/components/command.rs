//! The palette (Ctrl/Cmd-K) and the list of keys (`?`).

use leptos::prelude::*;

use super::button::key_hint;
use super::icons::Icon;
use super::overlay::Dialog;
use crate::markup::{Markup, finished, html};

/// Id of the palette's dialog.
pub const PALETTE: &str = "palette";
/// Id of the dialog that lists the keys.
pub const SHORTCUTS: &str = "shortcuts";

/// Something to go to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PaletteEntry {
    /// Where it stands: entries of a group follow each other.
    pub group: String,
    /// Its name.
    pub word: String,
    /// More words to find it by, shown beside it; may be empty.
    pub note: String,
    /// Its shape.
    pub icon: Icon,
    /// Its address.
    pub href: String,
    /// Keys that lead there; may be empty.
    pub keys: String,
}

/// Finds a page and goes there: a dialog with a searched list (ARIA 1.2 combobox). Without client code it is a list of
/// links.
#[component]
pub fn CommandPalette(
    /// In order.
    entries: Vec<PaletteEntry>,
) -> AnyView {
    finished(html! {
        dialog class="palette" id=(PALETTE) aria-label="Go to" closedby="any" data-palette="" {
            div class="palette-head" {
                (Icon::Search)
                input class="palette-input" type="text" role="combobox" aria-expanded="true" aria-controls="palette-list"
                    aria-autocomplete="list" aria-label="Go to" placeholder="Go to…" autocomplete="off" spellcheck="false"
                    autofocus;
                button type="button" class="button button-quiet button-small" command="close" commandfor=(PALETTE)
                    aria-label="Close" {
                    kbd class="key" { "Esc" }
                }
            }
            div class="palette-list" role="listbox" id="palette-list" aria-label="Places" { (groups(&entries)) }
            p class="palette-none" role="status" {}
        }
    })
}

fn groups(entries: &[PaletteEntry]) -> Markup {
    let entries: Vec<(usize, &PaletteEntry)> = entries.iter().enumerate().collect();
    html! {
        @for group in entries.chunk_by(|(_, a), (_, b)| a.group == b.group) {
            @let word = &group[0].1.group;
            div role="group" aria-label=(word) {
                p class="palette-group" aria-hidden="true" { (word) }
                @for (n, entry) in group { (option(*n, entry)) }
            }
        }
    }
}

fn option(n: usize, entry: &PaletteEntry) -> Markup {
    html! {
        a class="option" role="option" aria-selected="false" id={ "palette-" (n) } href=(entry.href) tabindex="-1" {
            (entry.icon)
            span { (entry.word) }
            @if !entry.note.is_empty() { span class="option-note" { (entry.note) } }
            @if !entry.keys.is_empty() { (key_hint(&entry.keys)) }
        }
    }
}

/// Keys and what they do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shortcut {
    /// As in `data-keys`.
    pub keys: String,
    /// What they do.
    pub words: String,
}

impl Shortcut {
    /// Keys and what they do.
    pub fn new(keys: impl Into<String>, words: impl Into<String>) -> Self {
        Self { keys: keys.into(), words: words.into() }
    }
}

/// The dialog that lists the keys, by group.
#[component]
pub fn ShortcutHelp(
    /// In order.
    groups: Vec<(String, Vec<Shortcut>)>,
) -> AnyView {
    let groups = html! {
        @for (word, shortcuts) in &groups {
            section {
                h3 { (word) }
                dl {
                    @for Shortcut { keys, words } in shortcuts {
                        div class="shortcut" { dt { (words) } dd { (key_hint(keys)) } }
                    }
                }
            }
        }
    };
    view! {
        <Dialog id=SHORTCUTS title="Keys">
            <div class="shortcuts">{finished(groups)}</div>
            <p class="muted note">"Single keys do nothing while you type."</p>
        </Dialog>
    }
    .into_any()
}
