//! What pages and the command line show.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::job::DecisionRecord;
use crate::order::OrderState;
use crate::outcome::Outcome;
use crate::{Personal, Timestamp};

/// Figures of one organization.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct HomePage {
    /// Orders created since the given instant.
    pub ordered: i64,
    /// Of these: invited or further.
    pub invited: i64,
    /// Of these: started or further.
    pub started: i64,
    /// Of these: with a result.
    pub completed: i64,
    /// Of these: written to Lever.
    pub written: i64,
    /// Sends that only a person can settle, at any time.
    pub unknown_sends: Vec<CandidateRow>,
    /// Issues that are open.
    pub issues: Vec<OpenIssue>,
    /// Jobs that failed for good.
    pub dead_jobs: i64,
    /// When the last delivery came.
    pub last_delivery: Option<Timestamp>,
    /// The latest decisions, newest first, at most ten, with the candidate's name.
    pub decisions: Vec<(Personal, DecisionRecord)>,
}

/// An issue: one cause that someone should fix.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct OpenIssue {
    /// For example `vendor.py.credential`.
    pub cause: String,
    /// What is wrong and what to do.
    pub detail: String,
    /// First seen.
    pub opened_at: Timestamp,
    /// Last seen.
    pub last_seen: Timestamp,
    /// How often.
    pub count: i64,
}

/// Which candidates.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CandidateFilter {
    /// Part of the name or a whole address.
    pub search: Option<String>,
    /// State of the newest order.
    pub state: Option<OrderState>,
    /// Outcome of the newest order.
    pub outcome: Option<Outcome>,
    /// Continue after this row.
    pub after: Option<Cursor>,
}

/// Where a page of candidates ends.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cursor {
    /// Last change of the row.
    pub at: Timestamp,
    /// Opportunity of the row.
    pub opportunity: String,
}

/// Fifty candidates.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct CandidatePage {
    /// The rows.
    pub rows: Vec<CandidateRow>,
    /// Present while there are more.
    pub next: Option<Cursor>,
}

/// One candidate and the newest order.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CandidateRow {
    /// Lever's opportunity.
    pub opportunity: String,
    /// Name as Lever has it; may be blank.
    pub name: Personal,
    /// First address.
    pub email: Option<Personal>,
    /// Stage id.
    pub stage: String,
    /// The candidate's page in Lever.
    pub url: Option<String>,
    /// Last change: decision, order or reading.
    pub changed_at: Timestamp,
    /// The newest order.
    pub order: Option<OrderRow>,
    /// The newest decision.
    pub decision: Option<DecisionRecord>,
}

/// What lists show of an order.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct OrderRow {
    /// Our id.
    pub id: Uuid,
    /// Vendor id.
    pub vendor: String,
    /// The test's name.
    pub test_name: String,
    /// Where it stands.
    pub state: OrderState,
    /// The judgement.
    pub outcome: Option<Outcome>,
    /// The number.
    pub score: Option<f64>,
    /// Last part of the report address, once there is a report.
    pub report_token: Option<String>,
}

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

/// One account, for lists.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct UserRow {
    /// Row id.
    pub id: Uuid,
    /// Address.
    pub email: Personal,
    /// Role name.
    pub role: String,
    /// Slug of the organization.
    pub organization: Option<String>,
    /// May not sign in.
    pub disabled: bool,
    /// When it was created.
    pub created_at: Timestamp,
}
