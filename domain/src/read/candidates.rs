//! The list of candidates.

use serde::{Deserialize, Serialize};

use crate::invitation::Decision;
use crate::order::OrderState;
use crate::outcome::Outcome;
use crate::{Personal, Timestamp};

/// Which candidates.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CandidateFilter {
    /// Part of the name or a whole address.
    pub search: Option<String>,
    /// State of the newest order.
    pub state: Option<OrderState>,
    /// Outcome of the newest order.
    pub outcome: Option<Outcome>,
    /// The stage it stands in, by id.
    #[serde(default)]
    pub stage: Option<String>,
    /// Only those whose newest order waits for someone: a send nobody knows the end of, or a result to be reviewed.
    #[serde(default)]
    pub waiting: bool,
    /// Only those that changed at this instant or later.
    #[serde(default)]
    pub since: Option<Timestamp>,
    /// Continue after this row.
    pub after: Option<Cursor>,
}

impl CandidateFilter {
    /// Whether it leaves anybody out. Where a page continues does not count.
    pub const fn narrows(&self) -> bool {
        self.search.is_some()
            || self.state.is_some()
            || self.outcome.is_some()
            || self.stage.is_some()
            || self.waiting
            || self.since.is_some()
    }
}

/// Since when results that need review are counted: the first midnight in UTC of the last thirty days, so that an address
/// can say it.
pub fn reviews_since(now: Timestamp) -> Timestamp {
    const DAYS: i64 = 30;
    Timestamp::from_micros((super::day_of(now) - DAYS).saturating_mul(86_400_000_000))
}

/// Where a page of candidates ends.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cursor {
    /// Last change of the row.
    pub at: Timestamp,
    /// Opportunity of the row.
    pub opportunity: String,
}

/// Rows on a page of a list.
pub const PAGE: u32 = 50;

/// Candidates are counted no further than this.
pub const COUNTED: u32 = 1_000;

/// A page of candidates.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct CandidatePage {
    /// The rows.
    pub rows: Vec<CandidateRow>,
    /// Present while there are more.
    pub next: Option<Cursor>,
    /// How many pass the filter, up to [`COUNTED`], where it leaves nobody out. Otherwise counting is a question of its own.
    pub total: Option<i64>,
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
    pub decision: Option<Decision>,
}

/// What lists show of an order.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct OrderRow {
    /// Vendor id.
    pub vendor: String,
    /// The test's name.
    pub test_name: String,
    /// The trigger stage whose rules apply, by id.
    pub stage: String,
    /// Posting of the application when it was ordered.
    pub posting: Option<String>,
    /// Where it stands.
    pub state: OrderState,
    /// The judgement.
    pub outcome: Option<Outcome>,
    /// The band.
    pub band: Option<String>,
    /// The number.
    pub score: Option<f64>,
    /// Last part of the report address, once there is a report.
    pub report_token: Option<String>,
}
