//! What every page is made of: one server function, its answer as JSON, and the view of that answer.
//!
//! Everything that does not depend on a page's type is compiled once, because the browser loads whatever is compiled twice:
//! the answer travels as text and is read at the last moment, so that all pages share one kind of resource.

use std::fmt;
use std::marker::PhantomData;
use std::pin::Pin;
use std::sync::Arc;

use leptos::prelude::*;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::value::RawValue;

use crate::error::AppError;
use crate::live::Changes;
use crate::text;
use crate::ui::ErrorPanel;

/// The data of a page as it travels: the same JSON as `T`, not read yet.
pub struct Sent<T> {
    json: Box<RawValue>,
    of: PhantomData<fn() -> T>,
}

impl<T> Sent<T> {
    const fn new(json: Box<RawValue>) -> Self {
        Self { json, of: PhantomData }
    }
}

#[cfg(feature = "ssr")]
impl<T: Serialize> Sent<T> {
    /// The data, written down.
    ///
    /// # Errors
    /// `Unavailable`, for data that has no JSON, like a map whose keys are no text.
    pub fn of(data: &T) -> Result<Self, AppError> {
        serde_json::value::to_raw_value(data).map(Self::new).map_err(|error| {
            tracing::error!(error = &error as &dyn std::error::Error, "a page has no JSON");
            AppError::Unavailable { request: None }.answered()
        })
    }
}

impl<T> fmt::Debug for Sent<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // What is inside may be about people.
        write!(f, "Sent({} bytes)", self.json.get().len())
    }
}

impl<T> Serialize for Sent<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.json.serialize(serializer)
    }
}

impl<'de, T> Deserialize<'de> for Sent<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Box::deserialize(deserializer).map(Self::new)
    }
}

type Answer = Result<Box<RawValue>, AppError>;
type Load = dyn Fn() -> Pin<Box<dyn Future<Output = Answer> + Send>> + Send + Sync;
type Show = dyn Fn(&str) -> Option<AnyView> + Send + Sync;

/// A page body: asks the server again whenever `asked` changes, and shows what it answers or why it does not.
pub fn page_body<A, F, T, V>(
    asked: impl Fn() -> A + Send + Sync + 'static,
    load: impl Fn(A) -> F + Send + Sync + 'static,
    show: impl Fn(T) -> V + Send + Sync + 'static,
) -> AnyView
where
    A: Clone + PartialEq + Send + Sync + 'static,
    F: Future<Output = Result<Sent<T>, AppError>> + Send + 'static,
    T: DeserializeOwned + 'static,
    V: IntoView + 'static,
{
    let asked = Memo::new(move |_| asked());
    body(
        Box::new(move || asked.track()),
        Box::new(move || {
            let answer = load(asked.get_untracked());
            Box::pin(async move { answer.await.map(|sent| sent.json) })
        }),
        Arc::new(move |json| serde_json::from_str(json).ok().map(|page| show(page).into_any())),
    )
}

/// Differs from itself: the memo behind `asked` has compared already.
#[derive(Clone)]
struct Changed;

impl PartialEq for Changed {
    fn eq(&self, _: &Self) -> bool {
        false
    }
}

fn body(track: Box<dyn Fn() + Send + Sync>, load: Box<Load>, show: Arc<Show>) -> AnyView {
    let changes = use_context::<Changes>();
    let source = move || {
        track();
        if let Some(changes) = changes {
            changes.shown.track();
        }
        Changed
    };
    let resource: Resource<Answer> = Resource::new(source, move |_| load());
    let content = move || {
        let show = show.clone();
        Suspend::new(async move {
            match resource.await {
                // Unreadable is what another version of the server sends.
                Ok(json) => show(json.get()).unwrap_or_else(|| failed(AppError::Unavailable { request: None })),
                Err(error) => failed(error),
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

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;

    #[test]
    fn data_travels_as_its_own_json_and_does_not_show_in_debug_output() {
        let sent = Sent::of(&("Ada".to_owned(), 7_u8)).unwrap();
        assert_eq!(serde_json::to_string(&sent).unwrap(), r#"["Ada",7]"#);
        assert_eq!(format!("{sent:?}"), "Sent(9 bytes)");
        let back: Sent<(String, u8)> = serde_json::from_str(r#" ["Ada", 7] "#).unwrap();
        assert_eq!(back.json.get(), r#"["Ada", 7]"#);
    }

    #[test]
    fn an_answer_in_a_page_reads_back() {
        let sent = Sent::of(&vec![1, 2]).unwrap();
        for answer in [Ok(sent.json), Err(AppError::Invalid { why: "x".into() })] {
            let text = serde_json::to_string(&answer).unwrap();
            let back: Answer = serde_json::from_str(&text).unwrap();
            assert_eq!(format!("{back:?}"), format!("{answer:?}"));
        }
    }
}
