//! Bringing results in, and deciding whose they are.

use std::fmt::Debug;
use std::time::Duration;

use async_trait::async_trait;
use uuid::Uuid;

use super::super::store::StoreError;
use crate::incoming::BadRow;

/// Why nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum ReviewError {
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Somebody was first: a sentence without the full stop, who and what.
    #[error("{0}")]
    Decided(String),
    /// It cannot be done as things are: a sentence with the next step, without the full stop.
    #[error("{0}")]
    Impossible(String),
    /// Lines of a file that cannot be taken; nothing of it was.
    #[error("{} lines cannot be taken", .0.len())]
    BadRows(Vec<BadRow>),
}

/// What became of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Imported {
    /// Results that are new.
    pub new: usize,
    /// Results that were there already, and stayed as they were.
    pub there: usize,
}

/// What a person says about a result.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Said {
    /// It is this contact's; the opportunity may be left out where there is only one.
    Link {
        /// Lever's contact.
        contact: String,
        /// Lever's opportunity.
        opportunity: Option<String>,
    },
    /// It is none of theirs.
    Left,
    /// Later.
    Snooze,
    /// Another person decides; whom they lean to.
    Unsure {
        /// Lever's contact.
        contact: Option<String>,
    },
}

/// Which result is decided, and how.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ruling {
    /// The result.
    pub incoming: Uuid,
    /// As it was when the person read it.
    pub version: i64,
    /// What they say.
    pub said: Said,
    /// Also about the other waiting results of exactly the same person.
    pub and_alike: bool,
    /// How long they looked at it.
    pub took: Option<Duration>,
}

/// Acts of people about results. The caller has checked the right.
#[async_trait]
pub trait ReviewDesk: Send + Sync + Debug {
    /// Takes a file of results of a vendor, whole or not at all.
    async fn import(&self, organization: Uuid, vendor: &str, file: &[u8], by: &str) -> Result<Imported, ReviewError>;

    /// Decides; returns about how many results.
    async fn rule(&self, organization: Uuid, ruling: Ruling, by: &str) -> Result<usize, ReviewError>;

    /// Takes the decision back that made a result what it is; what it wrote in Lever is taken out again.
    async fn take_back(&self, organization: Uuid, incoming: Uuid, version: i64, by: &str) -> Result<(), ReviewError>;
}
