//! Calls of server functions from the browser: one way for all of them.

use send_wrapper::SendWrapper;
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Headers, RequestInit, Response};

use crate::error::AppError;

/// Kind of the arguments of functions that load a page.
pub(crate) const JSON: &str = "application/json";
/// Kind of the fields of a form.
pub(crate) const FORM: &str = "application/x-www-form-urlencoded";

/// The text of the answer, or why there is none. A lost connection is a server that is not available.
pub(crate) fn post(
    path: &'static str,
    kind: &'static str,
    body: String,
) -> impl Future<Output = Result<String, AppError>> + Send {
    // A page has one thread; what only asks for `Send` never leaves it.
    SendWrapper::new(async move {
        match fetch(path, kind, &body).await {
            Ok((true, text)) => Ok(text),
            Ok((false, text)) => Err(AppError::from_text(&text)),
            Err(_) => Err(AppError::Unavailable { request: None }),
        }
    })
}

async fn fetch(path: &str, kind: &str, body: &str) -> Result<(bool, String), JsValue> {
    let headers = Headers::new()?;
    headers.set("content-type", kind)?;
    // Whoever accepts HTML is a form without client code, and redirected.
    headers.set("accept", JSON)?;
    let init = RequestInit::new();
    init.set_method("POST");
    init.set_headers(&headers);
    init.set_body(&JsValue::from_str(body));
    let window = web_sys::window().ok_or(JsValue::NULL)?;
    let answer: Response = JsFuture::from(window.fetch_with_str_and_init(path, &init)).await?.unchecked_into();
    let text = JsFuture::from(answer.text()?).await?;
    Ok((answer.ok(), text.as_string().unwrap_or_default()))
}
