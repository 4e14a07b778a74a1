//! Lever's error answers: `{code, message}` and nothing else.

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::json;

/// A refused call.
#[derive(Clone, Debug)]
pub(in crate::sandbox::lever) struct ApiError {
    pub status: StatusCode,
    pub code: &'static str,
    pub message: String,
}

impl ApiError {
    pub fn new(status: StatusCode, code: &'static str, message: impl Into<String>) -> Self {
        Self { status, code, message: message.into() }
    }

    /// Our choice of text except where a caller was seen to depend on it.
    pub fn bad(message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "BadRequestError", message)
    }

    /// Seen in live answers.
    pub fn unauthorized() -> Self {
        let text = "The request requires authentication.";
        Self::new(StatusCode::UNAUTHORIZED, "UnauthorizedError", text)
    }

    /// Code and text are our choice: Lever documents only the status and that a Super Admin can help.
    pub fn forbidden(what: &str) -> Self {
        let text = format!("This API key may not {what}. A Super Admin of the account can grant it.");
        Self::new(StatusCode::FORBIDDEN, "Forbidden", text)
    }

    /// Lever's documentation, Errors.
    pub fn missing(resources: &str, id: &str) -> Self {
        Self::new(StatusCode::NOT_FOUND, "ResourceNotFound", format!("{resources} {id} was not found"))
    }

    /// Seen in live answers.
    pub fn no_such_path(path: &str) -> Self {
        Self::new(StatusCode::NOT_FOUND, "ResourceNotFound", format!("{path} does not exist"))
    }

    /// The status is documented, code and text are our choice.
    pub fn too_many() -> Self {
        Self::new(StatusCode::TOO_MANY_REQUESTS, "TooManyRequests", "Too many requests. Slow down and try again.")
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        (self.status, axum::Json(json!({"code": self.code, "message": self.message}))).into_response()
    }
}
