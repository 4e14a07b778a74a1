//! What a server function answers when it does not do it.

use serde::{Deserialize, Serialize};
use server_fn::codec::JsonEncoding;
use server_fn::error::{FromServerFnError, ServerFnErrorErr};

/// Why a server function did not answer. Carries nothing about anyone but the asker.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "error")]
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
            Self::Remote { .. } => 502,
        }
    }
}

impl FromServerFnError for AppError {
    type Encoder = JsonEncoding;

    fn from_server_fn_error(value: ServerFnErrorErr) -> Self {
        match value {
            ServerFnErrorErr::Args(why) | ServerFnErrorErr::MissingArg(why) => Self::Invalid { why },
            _ => Self::Unavailable { request: None },
        }
    }
}

/// Server side: from the store's errors, with the status set on the answer.
#[cfg(feature = "ssr")]
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
