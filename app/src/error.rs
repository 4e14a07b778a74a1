//! What a server function answers when it does not do it.

use std::convert::Infallible;

use server_fn::error::{FromServerFnError, ServerFnErrorErr};
use server_fn::{Bytes, ContentType, Decodes, Encodes, Format, FormatType};

/// Why a server function did not answer. Carries nothing about anyone but the asker.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AppError {
    /// Nobody is signed in, or not any more.
    NotSignedIn,
    /// The role does not have the right.
    NotAllowed {
        /// Who may, in words.
        needs: String,
    },
    /// There is none, or not for this person.
    NotFound,
    /// Someone else was first.
    Conflict,
    /// Someone changed what the change was made to.
    Changed {
        /// Who, when, and what to do.
        why: String,
    },
    /// A remote did not answer as it should.
    Remote {
        /// Which, and what it said.
        why: String,
    },
    /// It was done, and something that belongs to it was not.
    Partly {
        /// What was not, and what to do.
        why: String,
    },
    /// The input makes no sense.
    Invalid {
        /// What to correct.
        why: String,
    },
    /// The server could not do it now.
    Unavailable {
        /// Under which it is in the log.
        request: Option<String>,
    },
}

impl AppError {
    /// The HTTP status of a page or call that ends so.
    pub const fn status(&self) -> u16 {
        match self {
            Self::NotSignedIn => 401,
            Self::NotAllowed { .. } => 403,
            Self::NotFound => 404,
            Self::Conflict | Self::Changed { .. } => 409,
            Self::Invalid { .. } => 422,
            Self::Unavailable { .. } => 500,
            Self::Remote { .. } | Self::Partly { .. } => 502,
        }
    }

    /// As it travels: one word, and a detail behind a space. A reader of JSON in the browser would cost more than the errors.
    pub fn to_text(&self) -> String {
        match self {
            Self::NotSignedIn => "not-signed-in".to_owned(),
            Self::NotAllowed { needs } => format!("not-allowed {needs}"),
            Self::NotFound => "not-found".to_owned(),
            Self::Conflict => "conflict".to_owned(),
            Self::Changed { why } => format!("changed {why}"),
            Self::Remote { why } => format!("remote {why}"),
            Self::Partly { why } => format!("partly {why}"),
            Self::Invalid { why } => format!("invalid {why}"),
            Self::Unavailable { request: Some(request) } => format!("unavailable {request}"),
            Self::Unavailable { request: None } => "unavailable".to_owned(),
        }
    }

    /// From its text. What is not understood, like the answer of a proxy, is the server that is not there.
    pub fn from_text(text: &str) -> Self {
        let (word, detail) = text.split_once(' ').unwrap_or((text, ""));
        match word {
            "not-signed-in" => Self::NotSignedIn,
            "not-allowed" => Self::NotAllowed { needs: detail.to_owned() },
            "not-found" => Self::NotFound,
            "conflict" => Self::Conflict,
            "changed" => Self::Changed { why: detail.to_owned() },
            "remote" => Self::Remote { why: detail.to_owned() },
            "partly" => Self::Partly { why: detail.to_owned() },
            "invalid" => Self::Invalid { why: detail.to_owned() },
            "unavailable" if !detail.is_empty() => Self::Unavailable { request: Some(detail.to_owned()) },
            _ => Self::Unavailable { request: None },
        }
    }
}

/// How server functions write errors: [`AppError::to_text`].
#[derive(Debug)]
pub struct ErrorText;

impl ContentType for ErrorText {
    const CONTENT_TYPE: &'static str = "text/plain; charset=utf-8";
}

impl FormatType for ErrorText {
    const FORMAT_TYPE: Format = Format::Text;
}

impl Encodes<AppError> for ErrorText {
    type Error = Infallible;

    fn encode(error: &AppError) -> Result<Bytes, Infallible> {
        Ok(error.to_text().into())
    }
}

impl Decodes<AppError> for ErrorText {
    type Error = Infallible;

    fn decode(text: Bytes) -> Result<AppError, Infallible> {
        Ok(AppError::from_text(&String::from_utf8_lossy(&text)))
    }
}

impl FromServerFnError for AppError {
    type Encoder = ErrorText;

    fn from_server_fn_error(value: ServerFnErrorErr) -> Self {
        match value {
            ServerFnErrorErr::Args(why) | ServerFnErrorErr::MissingArg(why) => Self::Invalid { why },
            _ => Self::Unavailable { request: None },
        }
    }
}

/// Server side: from the store's errors, with the status set on the answer.
pub mod on_server {
    use domain::ports::StoreError;
    use http::request::Parts;
    use http::{Method, StatusCode, header};
    use leptos::prelude::use_context;
    use leptos_axum::ResponseOptions;

    use super::AppError;

    /// Id of the request, as in the log and in the answer's header.
    #[derive(Clone, Debug)]
    pub struct RequestId(pub String);

    impl AppError {
        /// Sets the status of the answer. A form sent without client code keeps its redirect, which carries the error.
        #[must_use]
        pub fn answered(self) -> Self {
            let status = StatusCode::from_u16(self.status()).expect("every status is one of the standard's");
            set_status(status);
            self
        }
    }

    /// Sets the status of the page or call that is being answered.
    pub fn set_status(status: StatusCode) {
        let (Some(parts), Some(answer)) = (use_context::<Parts>(), use_context::<ResponseOptions>()) else { return };
        let accepts = parts.headers.get(header::ACCEPT).and_then(|v| v.to_str().ok()).unwrap_or_default();
        let plain_form = parts.method == Method::POST && accepts.contains("text/html");
        if !plain_form {
            answer.set_status(status);
        }
    }

    impl From<StoreError> for AppError {
        fn from(error: StoreError) -> Self {
            let error = match error {
                StoreError::NotFound(_) => Self::NotFound,
                StoreError::Conflict(_) => Self::Conflict,
                StoreError::Broken(..) => {
                    let request = use_context::<RequestId>().map(|r| r.0);
                    let cause: &dyn std::error::Error = &error;
                    tracing::error!(error = cause, request, "the database did not answer a page");
                    Self::Unavailable { request }
                }
            };
            error.answered()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_reads_back_from_its_text() {
        let text = || "two words, \"quoted\"".to_owned();
        for error in [
            AppError::NotSignedIn,
            AppError::NotAllowed { needs: text() },
            AppError::NotFound,
            AppError::Conflict,
            AppError::Invalid { why: text() },
            AppError::Partly { why: text() },
            AppError::Unavailable { request: Some("3f2a".to_owned()) },
            AppError::Unavailable { request: None },
        ] {
            assert_eq!(AppError::from_text(&error.to_text()), error);
        }
        assert_eq!(AppError::from_text("<html>502</html>"), AppError::Unavailable { request: None });
    }
}
