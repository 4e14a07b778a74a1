//! Deliveries and jobs.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::Timestamp;
use crate::job::Work;
use crate::ports::store::DeliveryStatus;

/// One delivery.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DeliveryRow {
    /// Our id.
    pub id: Uuid,
    /// The organization.
    pub organization: Uuid,
    /// When it came first.
    pub received: Timestamp,
    /// Event name as sent.
    pub event: String,
    /// Lever's opportunity.
    pub opportunity: Option<String>,
    /// `stored`, `done`, `verified`, `not-understood`, `refused`.
    pub status: String,
    /// What came of it, or why it was refused.
    pub reason: Option<String>,
    /// How often the same token came again.
    pub repeats: i64,
    /// It came again with other data.
    pub suspicious: bool,
}

/// How many deliveries are looked through for what comes lately.
pub const EVENTS_LOOK: i64 = 1_000;

/// One kind of event among the last deliveries.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EventCount {
    /// Its name as sent.
    pub event: String,
    /// How many came.
    pub count: i64,
    /// Of these: refused, not understood or suspicious.
    pub failed: i64,
    /// When the last one came.
    pub last: Timestamp,
    /// When the last one that was accepted came.
    pub accepted: Option<Timestamp>,
}

/// Why a delivery cannot be processed again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoReplay {
    /// It was not accepted in the first place.
    Refused,
    /// It names nothing that could be read again.
    NoOpportunity,
}

impl DeliveryRow {
    /// The opportunity that is read again when it is processed again; nothing else of a delivery is ever acted on.
    ///
    /// # Errors
    /// There is nothing to process.
    pub fn replays(&self) -> Result<&str, NoReplay> {
        if self.status == DeliveryStatus::Refused.as_str() {
            return Err(NoReplay::Refused);
        }
        self.opportunity.as_deref().ok_or(NoReplay::NoOpportunity)
    }
}

/// Which deliveries.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeliveryFilter {
    /// What became of it.
    pub status: Option<DeliveryStatus>,
    /// Only what someone should look at: refused, not understood or suspicious.
    #[serde(default)]
    pub failed: bool,
    /// Event name as sent.
    pub event: Option<String>,
    /// Lever's opportunity.
    pub opportunity: Option<String>,
    /// Continue after this row.
    pub after: Option<RowCursor>,
}

/// Where a page of deliveries or jobs ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RowCursor {
    /// The instant the list is sorted by.
    pub at: Timestamp,
    /// Row id.
    pub id: Uuid,
}

/// A page of deliveries, newest first. One page looks through ten thousand of them at most, so it may hold few rows, or
/// none, while there is more to look through: only a missing `next` is the end.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct DeliveryPage {
    /// The rows.
    pub rows: Vec<DeliveryRow>,
    /// Present while there may be more.
    pub next: Option<RowCursor>,
}

/// Jobs by state.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct JobCounts {
    /// Waiting.
    pub ready: i64,
    /// In the hands of a worker.
    pub running: i64,
    /// Finished.
    pub done: i64,
    /// Failed for good.
    pub dead: i64,
    /// Given up with a reason.
    pub cancelled: i64,
}

/// Where a job stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum JobState {
    /// Waiting.
    #[default]
    Ready,
    /// In the hands of a worker.
    Running,
    /// Finished.
    Done,
    /// Failed for good.
    Dead,
    /// Given up with a reason.
    Cancelled,
}

impl JobState {
    /// All.
    pub const ALL: [Self; 5] = [Self::Ready, Self::Running, Self::Done, Self::Dead, Self::Cancelled];

    /// The name in the database.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Ready => "ready",
            Self::Running => "running",
            Self::Done => "done",
            Self::Dead => "dead",
            Self::Cancelled => "cancelled",
        }
    }

    /// The state of that name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|s| s.as_str() == name)
    }

    /// Nothing follows by itself.
    pub const fn is_over(self) -> bool {
        matches!(self, Self::Done | Self::Dead | Self::Cancelled)
    }
}

/// Which jobs of an organization. One state at a time: each has an order of its own.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct JobFilter {
    /// Where they stand.
    pub state: JobState,
    /// What they do, as stored; see [`Work::KINDS`].
    pub kind: Option<String>,
    /// Continue after this row.
    pub after: Option<RowCursor>,
}

/// Fifty jobs: waiting and running ones by the time they are due, the next one first; ended ones by their end, the latest
/// first.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct JobPage {
    /// The rows.
    pub rows: Vec<JobRow>,
    /// Present while there are more.
    pub next: Option<RowCursor>,
}

/// One job.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct JobRow {
    /// Row id.
    pub id: Uuid,
    /// What it does, as stored; one of a later version may be unknown here.
    pub kind: String,
    /// What it is about; `None` if this version cannot read it.
    pub work: Option<Work>,
    /// Where it stands.
    pub state: JobState,
    /// How often it was claimed.
    pub attempt: i32,
    /// Failures in a row.
    pub failures: i32,
    /// Not before.
    pub run_at: Timestamp,
    /// Held by a worker until.
    pub leased_until: Option<Timestamp>,
    /// Why the last run failed or was given up.
    pub last_error: Option<String>,
    /// When it ended.
    pub finished_at: Option<Timestamp>,
}

/// How many jobs of one state and kind.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KindCount {
    /// Where they stand.
    pub state: JobState,
    /// What they do, as stored.
    pub kind: String,
    /// How many, counted no further than the cap.
    pub count: i64,
}

/// The queue of one organization at a glance.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct QueueFigures {
    /// By state and kind, those that are not zero.
    pub counts: Vec<KindCount>,
    /// Since when the first due job waits.
    pub oldest_due: Option<Timestamp>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_was_accepted_and_names_an_opportunity_is_replayed() {
        let row = |status: DeliveryStatus, opportunity: Option<&str>| DeliveryRow {
            id: Uuid::from_u128(1),
            organization: Uuid::from_u128(2),
            received: Timestamp::EPOCH,
            event: "candidateStageChange".into(),
            opportunity: opportunity.map(str::to_owned),
            status: status.as_str().to_owned(),
            reason: None,
            repeats: 0,
            suspicious: false,
        };
        for status in [DeliveryStatus::Stored, DeliveryStatus::Done, DeliveryStatus::NotUnderstood] {
            assert_eq!(row(status, Some("o1")).replays(), Ok("o1"));
            assert_eq!(row(status, None).replays(), Err(NoReplay::NoOpportunity));
        }
        assert_eq!(row(DeliveryStatus::Refused, Some("o1")).replays(), Err(NoReplay::Refused));
    }

    #[test]
    fn every_state_of_a_job_reads_back() {
        for state in JobState::ALL {
            assert_eq!(JobState::parse(state.as_str()), Some(state));
        }
        assert_eq!(JobState::parse("lost"), None);
    }
}
