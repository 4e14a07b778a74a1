//! The first page of an organization.

use serde::{Deserialize, Serialize};

use super::CandidateRow;
use crate::job::DecisionRecord;
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
    /// Sends that only a person can settle, of any time: the oldest, at most [`HOME_SENDS`].
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

/// So many sends of unknown outcome are listed one by one.
pub const HOME_SENDS: i64 = 10;

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

/// Results that came on one day in UTC.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Day {
    /// Days since 1970-01-01.
    pub day: i64,
    /// Passed.
    pub pass: i64,
    /// To be reviewed.
    pub review: i64,
    /// Failed.
    pub fail: i64,
}

/// The day of an instant: days since 1970-01-01 in UTC.
pub const fn day_of(at: Timestamp) -> i64 {
    at.as_micros().div_euclid(86_400_000_000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_begins_at_midnight_in_utc() {
        let midnight = 20_000 * 86_400_000_000;
        for (at, day) in [(midnight - 1, 19_999), (midnight, 20_000), (-1, -1)] {
            assert_eq!(day_of(Timestamp::from_micros(at)), day, "{at}");
        }
    }
}
