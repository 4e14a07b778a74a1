//! Bringing people in, and looking whether the instance can be reached.

use std::fmt::Debug;

use async_trait::async_trait;
use uuid::Uuid;

use super::super::store::{Link, StoreError};
use crate::role::Role;

/// What became of the mail with a link.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Mailed {
    /// No mail is set up: the link is handed over by hand.
    Off,
    /// The mail server took it.
    Sent,
    /// It did not; in words.
    Failed(String),
}

/// An invitation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invited {
    /// What became of the mail with its link.
    pub mailed: Mailed,
    /// A link for the same address was open; it opens nothing any more.
    pub replaced: bool,
}

/// Why nobody was invited.
#[derive(Debug, thiserror::Error)]
pub enum PeopleError {
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// What was typed is wrong: a sentence with the next step, without the full stop.
    #[error("{0}")]
    Refused(String),
}

/// Bringing people in. The caller has checked the right.
#[async_trait]
pub trait PeopleDesk: Send + Sync + Debug {
    /// Makes a link for a new person of an organization, or with `None` of the instance, and mails it where mail is set up.
    async fn invite(
        &self,
        organization: Option<Uuid>,
        email: &str,
        role: Role,
        by: &str,
    ) -> Result<Invited, PeopleError>;

    /// Creates an organization: paused, without connections. An empty slug is made of the name. Returns the slug.
    async fn create_organization(
        &self,
        name: &str,
        slug: &str,
        timezone: &str,
        by: &str,
    ) -> Result<String, PeopleError>;

    /// Adds an organization of invented people with a past of six weeks, to look around in. It is connected to nothing.
    async fn add_sample(&self, by: &str) -> Result<(), PeopleError>;

    /// Removes that organization with everything in it, people included.
    async fn remove_sample(&self, by: &str) -> Result<(), PeopleError>;

    /// Makes a link by which someone of this organization, or of the instance, sets a new password; mails it as above.
    async fn reset(&self, organization: Option<Uuid>, account: Uuid, by: &str) -> Result<Mailed, PeopleError>;

    /// Tells the super admins of an organization, or with `None` the account managers, that there is something for them at a
    /// path of ours. In the background, and only where mail is set up: pages show it in any case.
    async fn tell(&self, organization: Option<Uuid>, subject: &str, path: &str);

    /// The address of a link.
    fn address(&self, link: &Link) -> String;

    /// The address people and remotes use to reach us.
    fn public_url(&self) -> &str;

    /// Whether mail is set up.
    fn has_mail(&self) -> bool;

    /// Calls our own public address.
    ///
    /// # Errors
    /// In words, why it does not lead here.
    async fn check_address(&self) -> Result<(), String>;

    /// Sends a mail to see that it arrives.
    ///
    /// # Errors
    /// In words, what the mail server said.
    async fn test_mail(&self, to: &str) -> Result<(), String>;
}
