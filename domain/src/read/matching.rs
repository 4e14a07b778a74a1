//! What was decided about results that were not ordered.

use std::time::Duration;

use uuid::Uuid;

use crate::incoming::Incoming;
use crate::review::Act;
use crate::{Personal, Timestamp};

/// One decision.
#[derive(Clone, Debug, PartialEq)]
pub struct MatchLine {
    /// Row id.
    pub id: Uuid,
    /// The result as it is now.
    pub incoming: Incoming,
    /// What was done.
    pub act: Act,
    /// Who; `None`: Assay itself.
    pub who: Option<String>,
    /// When.
    pub at: Timestamp,
    /// How long they looked at it.
    pub took: Option<Duration>,
    /// The name of the contact that was chosen, where one was.
    pub contact: Option<Personal>,
    /// Of a second opinion: whether it is the first one.
    pub agreed: Option<bool>,
    /// Who took it back, and when.
    pub reverted: Option<(String, Timestamp)>,
}

/// How far reviewers agree.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct MatchFigures {
    /// Second opinions.
    pub second: i64,
    /// Of these: the same as the first.
    pub agreed: i64,
}
