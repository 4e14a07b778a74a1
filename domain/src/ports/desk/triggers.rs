//! Changing trigger stages from a page.

use std::fmt::Debug;

use async_trait::async_trait;
use uuid::Uuid;

use super::super::store::StoreError;
use crate::invitation::{Decision, Test};
use crate::opportunity::Named;
use crate::triggers::{Draft, Fault, NearlyPosting, RowKey};
use crate::{Personal, Timestamp};

/// Why the desk changed nothing.
#[derive(Debug, thiserror::Error)]
pub enum DeskError {
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Someone changed the rules after they were read.
    #[error("{by} changed the rules at {at}")]
    Stale {
        /// Who made the version in force.
        by: String,
        /// When.
        at: Timestamp,
    },
    /// What was typed is wrong, by field.
    #[error("{}", .0.iter().map(|f| f.sentence.as_str()).collect::<Vec<_>>().join("; "))]
    Refused(Vec<Fault>),
    /// It cannot be done as things are: a sentence with the next step, without the full stop.
    #[error("{0}")]
    Impossible(String),
    /// A remote did not answer as it should.
    #[error("{remote} could not be asked: {said}")]
    Remote {
        /// As people know it.
        remote: String,
        /// What it said.
        said: String,
    },
}

/// What a row may name.
#[derive(Clone, Debug, Default)]
pub struct Choices {
    /// Lever's stages in pipeline order.
    pub stages: Vec<Named>,
    /// Lever's postings.
    pub postings: Vec<Named>,
    /// Those with a tag that nearly names a test.
    pub nearly: Vec<NearlyPosting>,
    /// The stored catalogues by vendor id, retired tests included.
    pub tests: Vec<(String, Test)>,
    /// Who could not be asked, and what they said: a sentence each.
    pub failures: Vec<String>,
}

/// Someone who was in a stage before its row was switched on, and whom the row has not invited.
#[derive(Clone, Debug, PartialEq)]
pub struct Present {
    /// Lever's opportunity.
    pub opportunity: String,
    /// Full name.
    pub name: Personal,
    /// When the stage was entered.
    pub entered_at: Timestamp,
    /// What would be decided if someone asked to invite.
    pub decision: Decision,
}

/// Everyone found.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct AllPresent {
    /// In Lever's order.
    pub people: Vec<Present>,
    /// There may be more: only so many are looked at.
    pub more: bool,
}

/// Someone with a tag that nearly names a test.
#[derive(Clone, Debug, PartialEq)]
pub struct Nearly {
    /// Lever's opportunity.
    pub opportunity: String,
    /// Full name.
    pub name: Personal,
    /// The tag as it is.
    pub tag: String,
    /// The test it resembles: the tag that would pick it.
    pub test: String,
    /// What was sent instead; `None`: nothing.
    pub sent: Option<String>,
}

/// Trigger stages of one organization. A change is made to the version of the rules that was read; another one in force is
/// [`DeskError::Stale`]. `by` is the author of the new version. Nothing is changed where an error is returned.
#[async_trait]
pub trait TriggerDesk: Send + Sync + Debug {
    /// What a row may name, from Lever and the stored catalogues.
    async fn stage_choices(&self, organization: Uuid) -> Result<Choices, DeskError>;

    /// Reads a vendor's catalogue anew.
    async fn refresh_tests(&self, organization: Uuid, vendor: &str) -> Result<(), DeskError>;

    /// Adds a row, or changes the one of `row`; returns its key.
    async fn save_trigger(
        &self,
        organization: Uuid,
        expected_version: i64,
        row: Option<&RowKey>,
        draft: &Draft,
        by: &str,
    ) -> Result<RowKey, DeskError>;

    /// Removes a row.
    async fn remove_trigger(
        &self,
        organization: Uuid,
        expected_version: i64,
        row: &RowKey,
        by: &str,
    ) -> Result<(), DeskError>;

    /// Switches a row on, from now, or off.
    async fn switch_trigger(
        &self,
        organization: Uuid,
        expected_version: i64,
        row: &RowKey,
        on: bool,
        by: &str,
    ) -> Result<(), DeskError>;

    /// Puts the rows of an earlier version in force again, as if the changes since had not been.
    async fn restore_triggers(
        &self,
        organization: Uuid,
        expected_version: i64,
        version: i64,
        by: &str,
    ) -> Result<(), DeskError>;

    /// Who was in the stage before the row was switched on.
    async fn present(&self, organization: Uuid, row: &RowKey) -> Result<AllPresent, DeskError>;

    /// Who stands in the row's stage with a tag that nearly names a test, of the last month; at most fifty.
    async fn nearly(&self, organization: Uuid, row: &RowKey) -> Result<Vec<Nearly>, DeskError>;

    /// Queues adding the tag that names `test` to an opportunity in Lever, and the decision about it as if it had entered now. The
    /// tag that only resembled it stays.
    async fn mend_tag(
        &self,
        organization: Uuid,
        row: &RowKey,
        opportunity: &str,
        test: &str,
        by: &str,
    ) -> Result<(), DeskError>;

    /// Queues the decision about these opportunities as if they had entered now; returns how many. Each is read from Lever
    /// again first, and the decision says who asked.
    async fn invite_present(
        &self,
        organization: Uuid,
        row: &RowKey,
        opportunities: &[String],
        by: &str,
    ) -> Result<usize, DeskError>;
}
