//! How a remote can fail, classified where it is called so that nobody parses strings.

use std::time::Duration;

/// A failed call to Lever or to a vendor. Carries no personal data and no secret.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RemoteError {
    /// Provably not done: refused connection, name not found, TLS, or 5xx of a call without effect.
    #[error("{0}")]
    Unavailable(String),
    /// Too many calls; not done.
    #[error("too many calls{}", retry_after.map(|d| format!("; asked to wait {} s", d.as_secs())).unwrap_or_default())]
    RateLimited {
        /// What the remote asked for.
        retry_after: Option<Duration>,
    },
    /// The credential is wrong.
    #[error("the credential was refused: {0}")]
    Unauthorized(String),
    /// The credential is right and may not do this.
    #[error("the credential may not do this: {0}")]
    Forbidden(String),
    /// There is no such thing.
    #[error("not found: {0}")]
    NotFound(String),
    /// Understood and refused; repeating it changes nothing.
    #[error("refused: {0}")]
    Rejected(String),
    /// An answer that is not of the contract.
    #[error("an answer that could not be read: {0}")]
    Unreadable(String),
    /// It may have happened: no answer, or a broken one, after the request was written.
    #[error("it may or may not have happened: {0}")]
    Unknown(String),
}

impl RemoteError {
    /// Trying the same call again later may work and cannot do harm, for a call that changes nothing or is repeatable.
    pub const fn is_passing(&self) -> bool {
        matches!(self, Self::Unavailable(_) | Self::RateLimited { .. } | Self::Unknown(_) | Self::Unreadable(_))
    }

    /// The credential is the cause: the connection needs a person, not another attempt.
    pub const fn is_credential(&self) -> bool {
        matches!(self, Self::Unauthorized(_) | Self::Forbidden(_))
    }
}
