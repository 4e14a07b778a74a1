//! What every page is made of: what it loads, and the view of it. Both happen on the server, and the browser gets the result.

use leptos::prelude::*;
use leptos::tachys::html::InertElement;
use leptos_router::hooks::{use_location, use_params_map, use_query_map};

use crate::error::AppError;
use crate::ui::{Banner, ErrorPanel, Tone, error_words};

/// A page body: what was loaded, or why it was not. `load` begins with the right it needs.
pub(crate) fn page_body<T: Send + 'static>(
    load: impl Future<Output = Result<T, AppError>> + Send + 'static,
    show: impl FnOnce(T) -> AnyView + Send + 'static,
) -> AnyView {
    Suspend::new(async move {
        let body = match load.await {
            Ok(page) => show(page),
            Err(error) => view! { <ErrorPanel error/> }.into_any(),
        };
        // Nothing in it waits any more: written at once, which costs less than a stream of its parts.
        InertElement::new(body.to_html())
    })
    .into_any()
}

/// A parameter of the path; empty where the route has none of that name.
pub(crate) fn path_param(name: &'static str) -> String {
    use_params_map().with_untracked(|params| params.get(name)).unwrap_or_default()
}

/// A parameter of the query.
pub(crate) fn query_param(name: &'static str) -> Option<String> {
    use_query_map().with_untracked(|query| query.get(name))
}

/// The whole query, without its question mark.
pub(crate) fn query() -> String {
    use_location().search.get_untracked()
}

/// Leads a refused form to `address`, which says what was typed, with the reason as [`refusal`] reads it; for server functions.
#[cfg(feature = "ssr")]
pub(crate) fn refuse_at(address: &str, path: &str, error: AppError) -> AppError {
    let (page, fragment) = address.split_once('#').unwrap_or((address, ""));
    // Addresses of pages have no host; the library adds its words to whole addresses only.
    let whole = server_fn::error::ServerFnUrlError::new(path, error.clone()).to_url(&format!("http://page{page}"));
    if let Ok(whole) = whole {
        let fragment = if fragment.is_empty() { String::new() } else { format!("#{fragment}") };
        leptos_axum::redirect(&format!("{}{fragment}", whole.as_str().trim_start_matches("http://page")));
    }
    error
}

/// Why the form that was sent to one of these functions changed nothing, for people; to be placed where they look after
/// sending. A refused form leads back to its page, with the reason in the address.
pub(crate) fn refusal(paths: &[&str]) -> Option<AnyView> {
    let error = use_query_map().with_untracked(|query| {
        let ours = query.get_str("__path").is_some_and(|path| paths.contains(&path));
        query.get_str("__err").filter(|_| ours).map(server_fn::error::ServerFnUrlError::<AppError>::decode_err)
    })?;
    let (title, sentence) = error_words(&error);
    let sentence = format!("{title}. {sentence}");
    Some(view! { <div role="alert"><Banner tone=Tone::Bad sentence/></div> }.into_any())
}
