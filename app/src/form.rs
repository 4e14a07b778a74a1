//! Forms that work without client code, and with it keep the page: what was typed stays when the server refuses.
//!
//! The parts of Leptos for this bring a reader of URL encoded data into the browser and a call for each function; these need
//! the browser's own `FormData` only.

use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use server_fn::error::ServerFnUrlError;
use wasm_bindgen::{JsCast as _, JsValue};
use web_sys::{FormData, HtmlFormElement, UrlSearchParams};

use crate::error::AppError;
use crate::page::Again;
use crate::ui::{Banner, Tone, error_words};

/// One server function that changes something, for all forms of a page that send to it.
#[derive(Clone, Copy, Debug)]
pub struct Write {
    path: &'static str,
    refused: RwSignal<Option<AppError>>,
    pending: RwSignal<bool>,
    again: Option<Again>,
}

impl Write {
    /// To the function with this path (`ServerFn::PATH`). Begins with the refusal that a form without client code was
    /// redirected with.
    pub fn to(path: &'static str) -> Self {
        let refused = use_query_map().with_untracked(|query| {
            let ours = query.get_str("__path") == Some(path);
            query.get_str("__err").filter(|_| ours).map(ServerFnUrlError::<AppError>::decode_err)
        });
        Self { path, refused: RwSignal::new(refused), pending: RwSignal::new(false), again: use_context() }
    }

    /// While the answer is on its way.
    pub fn pending(self) -> bool {
        self.pending.get()
    }

    /// Why nothing was changed, for people; to be placed where they look after sending.
    pub fn refusal(self) -> impl IntoView {
        move || {
            self.refused.get().map(|error| {
                let (title, sentence) = error_words(&error);
                view! { <div role="alert"><Banner tone=Tone::Bad sentence=format!("{title}. {sentence}")/></div> }
                    .into_any()
            })
        }
    }

    #[cfg(not(feature = "ssr"))]
    fn send(self, fields: String) {
        use crate::call::{FORM, post};
        self.pending.set(true);
        leptos::task::spawn_local(async move {
            let refused = post(self.path, FORM, fields).await.err();
            // The page may be gone meanwhile.
            let (_, done) = (self.pending.try_set(false), refused.is_none());
            self.refused.try_set(refused);
            if let Some(again) = self.again.filter(|_| done) {
                again.ask();
            }
        });
    }

    #[cfg(feature = "ssr")]
    fn send(self, _fields: String) {
        let _ = self.again;
    }
}

/// A form that changes something.
#[component]
pub fn WriteForm(
    /// Where it sends to.
    to: Write,
    /// The fields and the button. A button's own name and value are not sent with client code: use a hidden field.
    children: Children,
) -> impl IntoView {
    let submit = move |event: SubmitEvent| {
        if let Some(fields) = fields(&event) {
            event.prevent_default();
            to.send(fields);
        }
    };
    view! { <form method="post" action=to.path class="write-form" on:submit=submit>{children()}</form> }
}

/// The fields as in an address. None where the browser cannot say: then it sends the form itself.
fn fields(event: &SubmitEvent) -> Option<String> {
    let form: HtmlFormElement = event.target()?.dyn_into().ok()?;
    let data = FormData::new_with_form(&form).ok()?;
    let pairs = UrlSearchParams::new_with_str_sequence_sequence(data.unchecked_ref::<JsValue>()).ok()?;
    Some(String::from(pairs.to_string()))
}
