//! Short messages about what was just done, with a way back.

use leptos::ev;
use leptos::prelude::*;

use super::icons::Icon;
use super::tone::Tone;

/// One message.
#[derive(Clone, Debug)]
pub struct Toast {
    /// Colour and shape.
    pub tone: Tone,
    /// What was done.
    pub sentence: String,
    /// What can be done about it while the message stays: the button's word and its act.
    pub act: Option<(&'static str, Callback<()>)>,
}

/// The messages of a tab, newest last.
#[derive(Clone, Copy, Debug)]
pub struct Toasts {
    shown: RwSignal<Vec<(u32, Toast)>>,
    next: StoredValue<u32>,
}

/// As many are shown at once; older ones give way.
const MOST: usize = 3;

impl Default for Toasts {
    fn default() -> Self {
        Self { shown: RwSignal::new(Vec::new()), next: StoredValue::new(0) }
    }
}

impl Toasts {
    /// Shows a message for eight seconds, longer while the pointer or the focus is on it.
    pub fn say(&self, tone: Tone, sentence: impl Into<String>) {
        self.push(Toast { tone, sentence: sentence.into(), act: None });
    }

    /// Shows a message with a button that does something about it.
    pub fn offer(&self, tone: Tone, sentence: impl Into<String>, word: &'static str, act: Callback<()>) {
        self.push(Toast { tone, sentence: sentence.into(), act: Some((word, act)) });
    }

    fn push(&self, toast: Toast) {
        let id = self.next.get_value();
        self.next.set_value(id.wrapping_add(1));
        self.shown.update(|shown| {
            shown.push((id, toast));
            let old = shown.len().saturating_sub(MOST);
            shown.drain(..old);
        });
    }

    fn close(&self, id: u32) {
        self.shown.update(|shown| shown.retain(|(other, _)| *other != id));
    }
}

/// Where messages appear. Their time is that of an animation in the styles, which stops under the pointer and the focus.
#[component]
pub fn ToastRegion(
    /// The messages.
    toasts: Toasts,
) -> AnyView {
    let toast = move |(id, toast): (u32, Toast)| {
        let act = toast.act.map(|(word, act)| {
            let act = move |_: ev::MouseEvent| {
                toasts.close(id);
                act.run(());
            };
            view! { <button type="button" class="button button-small" on:click=act>{word}</button> }
        });
        view! {
            <div class="toast" on:animationend=move |_| toasts.close(id)>
                {toast_face(toast.tone, toast.sentence)}
                {act}
                <button
                    type="button" class="button button-quiet button-small icon-button" aria-label="Close the message"
                    on:click=move |_| toasts.close(id)
                >
                    {Icon::Close.view()}
                </button>
            </div>
        }
    };
    view! {
        <div class="toasts" role="status" aria-live="polite" aria-atomic="false">
            <For each=move || toasts.shown.get() key=|(id, _)| *id children=toast/>
        </div>
    }
    .into_any()
}

fn toast_face(tone: Tone, sentence: String) -> AnyView {
    view! { <span class=tone.ink()>{tone.icon().view()}</span><p class="toast-words">{sentence}</p> }.into_any()
}

/// A message that the server sends with the page, as after a form without client code. `undo` is where the form that takes
/// it back goes, with its hidden fields.
#[component]
pub fn ToastNote(
    /// Colour and shape.
    tone: Tone,
    /// What was done.
    #[prop(into)]
    sentence: String,
    /// Takes it back.
    #[prop(optional)]
    undo: Option<(String, Vec<(String, String)>)>,
    /// The key that presses the button; may be empty.
    #[prop(default = "")]
    keys: &'static str,
    /// It goes by itself after eight seconds.
    #[prop(optional)]
    passing: bool,
) -> AnyView {
    let undo = undo.map(|(action, fields)| {
        let fields = fields.into_iter().map(|(name, value)| view! { <input type="hidden" name=name value=value/> });
        view! {
            <form method="post" action=action>
                {fields.collect_view()}
                <button class="button button-small" data-keys=(!keys.is_empty()).then_some(keys)>{Icon::Undo.view()}"Undo"</button>
            </form>
        }
    });
    if passing {
        return view! { <div class="toast toast-passing">{toast_face(tone, sentence)}{undo}</div> }.into_any();
    }
    view! { <div class="toast toast-still">{toast_face(tone, sentence)}{undo}</div> }.into_any()
}
