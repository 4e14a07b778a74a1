//! One organization as a file: read, resolved against the remotes, stored whole or not at all, written back.

pub mod apply;
pub(crate) mod checks;
pub mod diff;
pub mod export;
pub mod file;
pub mod resolve;
#[cfg(test)]
mod samples;
mod walk;

use std::fmt::Debug;
use std::sync::Arc;

use domain::RemoteError;
use domain::ports::{AssessmentClient, AtsClient};
use domain::rules::{LeverConnection, Vendor};
use secrecy::SecretString;

pub use self::walk::{Lines, Refusal};

/// Makes the clients of an organization's remotes.
pub trait Remotes: Send + Sync + Debug {
    /// The Lever account.
    ///
    /// # Errors
    /// Lever cannot be called with these settings.
    fn ats(&self, lever: &LeverConnection, api_key: SecretString) -> Result<Arc<dyn AtsClient>, RemoteError>;

    /// A vendor account; `secrets` are the fields of [`domain::rules::Contract::secrets`] with their values.
    ///
    /// # Errors
    /// The vendor cannot be spoken to with these settings.
    fn vendor(
        &self,
        vendor: &Vendor,
        secrets: Vec<(&'static str, SecretString)>,
    ) -> Result<Arc<dyn AssessmentClient>, RemoteError>;
}
