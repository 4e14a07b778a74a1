//! What every page is made of: one server function, its answer, and the view of that answer.
//!
//! Everything that does not depend on a page's type is compiled once, because the browser loads whatever is compiled twice:
//! question and answer travel as text, so that all pages share one memo, one resource and one call.

use std::pin::Pin;
use std::sync::Arc;

use leptos::prelude::*;
use serde::Serialize;
use serde::de::DeserializeOwned;
use server_fn::ServerFn;

use crate::error::AppError;
use crate::live::Changes;
pub use crate::packed::Sent;
use crate::text;
use crate::ui::ErrorPanel;

/// Before the data of a page in its answer; an error begins with a word.
const DATA: char = '=';

type Load = dyn Fn(String) -> Pin<Box<dyn Future<Output = String> + Send>> + Send + Sync;
type Show = dyn Fn(&str) -> Option<AnyView> + Send + Sync;

/// Asks what is on the page again, after something was changed. Shared by all pages.
#[derive(Clone, Copy, Debug)]
pub struct Again(RwSignal<u32>);

impl Again {
    /// To be provided once, around the pages.
    pub fn new() -> Self {
        Self(RwSignal::new(0))
    }

    /// Asks again.
    pub fn ask(self) {
        self.0.update(|times| *times = times.wrapping_add(1));
    }
}

impl Default for Again {
    fn default() -> Self {
        Self::new()
    }
}

/// A page body: asks the server again whenever `asked` changes, and shows what it answers or why it does not.
pub fn page_body<F, T, V>(
    asked: impl Fn() -> F + Send + Sync + 'static,
    show: impl Fn(T) -> V + Send + Sync + 'static,
) -> AnyView
where
    F: ServerFn<Output = Sent<T>, Error = AppError> + Serialize + 'static,
    T: DeserializeOwned + 'static,
    V: IntoView + 'static,
{
    let asked = Arc::new(asked);
    let question = {
        let asked = asked.clone();
        // Only strings, numbers and options of them: there is nothing that JSON could not say.
        Memo::new(move |_| serde_json::to_string(&asked()).unwrap_or_default())
    };
    let show = move |data: &str| Sent::read(data).map(|page| show(page).into_any());
    body(question, load::<F, T, _>(asked), Arc::new(show))
}

/// On the server the function itself, with its check of rights.
#[cfg(feature = "ssr")]
fn load<F, T, A>(asked: Arc<A>) -> Box<Load>
where
    F: ServerFn<Output = Sent<T>, Error = AppError> + 'static,
    A: Fn() -> F + Send + Sync + 'static,
{
    Box::new(move |_| {
        let args = untrack(|| asked());
        Box::pin(async move { answer(args.run_body().await.map(Sent::into_text)) })
    })
}

/// In the browser one call for all functions: the client that `#[server]` would generate for each is several kilobytes.
#[cfg(not(feature = "ssr"))]
fn load<F: ServerFn, T, A>(_: Arc<A>) -> Box<Load> {
    load_from(F::PATH)
}

#[cfg(not(feature = "ssr"))]
fn load_from(path: &'static str) -> Box<Load> {
    use crate::call::{self, JSON};
    Box::new(move |question| {
        let call = call::post(path, JSON, question);
        // A string in JSON, of characters that need no escape.
        Box::pin(async move { answer(call.await.map(|sent| sent.trim_matches('"').to_owned())) })
    })
}

fn answer(answer: Result<String, AppError>) -> String {
    match answer {
        Ok(data) => format!("{DATA}{data}"),
        Err(error) => error.to_text(),
    }
}

fn body(question: Memo<String>, load: Box<Load>, show: Arc<Show>) -> AnyView {
    let again = use_context::<Again>();
    let changes = use_context::<Changes>();
    let source = move || {
        let asked = (again.map(|again| again.0.get()), changes.map(|changes| changes.shown.get()));
        (question.get(), asked)
    };
    let resource: Resource<String, _> = Resource::new_str(source, move |(question, _)| load(question));
    let content = move || {
        let show = show.clone();
        Suspend::new(async move {
            let answer = resource.await;
            match answer.strip_prefix(DATA) {
                // Unreadable is what another version of the server sends.
                Some(data) => show(data).unwrap_or_else(|| failed(AppError::Unavailable { request: None })),
                None => failed(AppError::from_text(&answer)),
            }
        })
    };
    view! {
        <Transition fallback=|| view! { <p class="loading" role="status">{text::LOADING}</p> }>
            {content.clone()}
        </Transition>
    }
    .into_any()
}

fn failed(error: AppError) -> AnyView {
    view! { <ErrorPanel error/> }.into_any()
}
