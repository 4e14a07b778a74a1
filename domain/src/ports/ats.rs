//! The applicant tracking system: Lever.

use std::fmt::Debug;

use async_trait::async_trait;

use crate::Timestamp;
use crate::opportunity::{Named, Opportunity, Posting};
use crate::remote::RemoteError;

/// A page of a list and where the next one starts.
#[derive(Clone, Debug)]
pub struct Page<T> {
    /// The items.
    pub items: Vec<T>,
    /// Present while there is more; passed back untouched.
    pub next: Option<String>,
}

/// One Lever account. Every method is one call, except the small vocabularies, which are read whole.
#[async_trait]
pub trait AtsClient: Send + Sync + Debug {
    /// Reads one opportunity.
    async fn opportunity(&self, id: &str) -> Result<Opportunity, RemoteError>;

    /// One page of the unarchived opportunities that stand in any of these stages.
    async fn opportunities_in(&self, stages: &[String], cursor: Option<&str>)
    -> Result<Page<Opportunity>, RemoteError>;

    /// One page of all opportunities, archived ones too, that changed at `since` or later; with `None` of all there are. A change
    /// of their contact is a change of theirs.
    async fn opportunities_since(
        &self,
        since: Option<Timestamp>,
        cursor: Option<&str>,
    ) -> Result<Page<Opportunity>, RemoteError>;

    /// Adds tags; returns the tags the opportunity carries now. Adding a tag that is there changes nothing.
    async fn add_tags(&self, opportunity: &str, tags: &[String]) -> Result<Vec<String>, RemoteError>;

    /// Removes tags; returns the tags the opportunity carries now.
    async fn remove_tags(&self, opportunity: &str, tags: &[String]) -> Result<Vec<String>, RemoteError>;

    /// Adds a link to the opportunity's contact. Look first: nothing says that Lever keeps links unique.
    async fn add_link(&self, opportunity: &str, link: &str) -> Result<(), RemoteError>;

    /// Removes a link from the opportunity's contact. One that is not there changes nothing.
    async fn remove_link(&self, opportunity: &str, link: &str) -> Result<(), RemoteError>;

    /// All stages in pipeline order.
    async fn stages(&self) -> Result<Vec<Named>, RemoteError>;

    /// All postings.
    async fn postings(&self) -> Result<Vec<Posting>, RemoteError>;

    /// The user of that id, if there is an active one.
    async fn user(&self, id: &str) -> Result<Option<Named>, RemoteError>;
}
