//! Results and what the trigger stages did.

use serde::{Deserialize, Serialize};

use crate::Timestamp;
use crate::outcome::Outcome;

/// Whose results.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ResultsOf {
    /// Vendor id.
    pub vendor: String,
    /// The vendor's test id.
    pub test: Option<String>,
    /// Stage id.
    pub stage: Option<String>,
}

/// One result.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ResultPoint {
    /// Lever's opportunity.
    pub opportunity: String,
    /// The number, where there is one.
    pub score: Option<f64>,
    /// The band, where there is one.
    pub band: Option<String>,
    /// The judgement in force.
    pub outcome: Outcome,
    /// When it came.
    pub completed_at: Timestamp,
    /// The trigger stage.
    pub stage: String,
    /// The vendor's test id.
    pub test: String,
}

/// What became of those who entered one trigger stage with one vendor.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TriggerFigures {
    /// Stage id.
    pub stage: String,
    /// Vendor id.
    pub vendor: String,
    /// Orders made since the given instant.
    pub ordered: i64,
    /// Of these: passed.
    pub pass: i64,
    /// Of these: to be reviewed.
    pub review: i64,
    /// Of these: failed.
    pub fail: i64,
    /// Entries to which nothing was sent, at most [`SKIPPED_CAP`].
    pub skipped: i64,
}

/// Skipped entries are counted up to here.
pub const SKIPPED_CAP: i64 = 10_000;
