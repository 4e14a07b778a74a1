//! The palette (Ctrl/Cmd-K) and the list of keys (`?`).

use leptos::prelude::*;

use super::button::KeyHint;
use super::icons::Icon;
use super::overlay::Dialog;

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
    view! {
        <dialog class="palette" id=PALETTE aria-label="Go to" closedby="any" data-palette="">
            <div class="palette-head">
                {Icon::Search.view()}
                <input
                    class="palette-input" type="text" role="combobox" aria-expanded="true" aria-controls="palette-list"
                    aria-autocomplete="list" aria-label="Go to" placeholder="Go to…" autocomplete="off" spellcheck="false"
                    autofocus=true
                />
                <button
                    type="button" class="button button-quiet button-small" command="close" commandfor=PALETTE
                    aria-label="Close"
                >
                    <kbd class="key">"Esc"</kbd>
                </button>
            </div>
            <div class="palette-list" role="listbox" id="palette-list" aria-label="Places">{groups(entries)}</div>
            <p class="palette-none" role="status"></p>
        </dialog>
    }
    .into_any()
}

fn groups(entries: Vec<PaletteEntry>) -> AnyView {
    let mut groups: Vec<(String, Vec<AnyView>)> = Vec::new();
    for (n, entry) in entries.into_iter().enumerate() {
        if groups.last().is_none_or(|(word, _)| *word != entry.group) {
            groups.push((entry.group.clone(), Vec::new()));
        }
        let note = (!entry.note.is_empty()).then(|| view! { <span class="option-note">{entry.note.clone()}</span> });
        let keys = (!entry.keys.is_empty()).then(|| view! { <KeyHint keys=entry.keys.clone()/> });
        let option = view! {
            <a class="option" role="option" aria-selected="false" id=format!("palette-{n}") href=entry.href tabindex="-1">
                {entry.icon.view()}<span>{entry.word}</span>{note}{keys}
            </a>
        };
        if let Some((_, options)) = groups.last_mut() {
            options.push(option.into_any());
        }
    }
    let groups = groups.into_iter().map(|(word, options)| {
        let label = word.clone();
        view! {
            <div role="group" aria-label=label>
                <p class="palette-group" aria-hidden="true">{word}</p>
                {options}
            </div>
        }
    });
    groups.collect_view().into_any()
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
    let groups = groups.into_iter().map(|(word, shortcuts)| {
        let lines = shortcuts.into_iter().map(|s| {
            view! { <div class="shortcut"><dt>{s.words}</dt><dd><KeyHint keys=s.keys/></dd></div> }
        });
        view! { <section><h3>{word}</h3><dl>{lines.collect_view()}</dl></section> }
    });
    let groups = groups.collect_view();
    view! {
        <Dialog id=SHORTCUTS title="Keys">
            <div class="shortcuts">{groups}</div>
            <p class="muted note">"Single keys do nothing while you type."</p>
        </Dialog>
    }
    .into_any()
}
