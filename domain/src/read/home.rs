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

/// What happened on one day in UTC, each event counted on its own day.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Day {
    /// Days since 1970-01-01.
    pub day: i64,
    /// Orders made.
    pub ordered: i64,
    /// Invitations confirmed.
    pub invited: i64,
    /// Results received.
    pub completed: i64,
    /// Results written to Lever.
    pub written: i64,
    /// Of the results received: passed.
    pub pass: i64,
    /// Of the results received: to be reviewed.
    pub review: i64,
    /// Of the results received: failed.
    pub fail: i64,
}

/// The day of an instant: days since 1970-01-01 in UTC.
pub const fn day_of(at: Timestamp) -> i64 {
    at.as_micros().div_euclid(86_400_000_000)
}

/// One row for each day from `first` to `last`, both included: what was found, and zeros for days on which nothing happened.
pub fn every_day(found: &[Day], first: i64, last: i64) -> Vec<Day> {
    let of = |day| found.iter().find(|d| d.day == day).copied().unwrap_or(Day { day, ..Day::default() });
    (first..=last).map(of).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_without_anything_are_zeros_and_none_is_missing() {
        let found = [Day { day: 5, ordered: 2, ..Day::default() }, Day { day: 9, fail: 1, ..Day::default() }];
        let days = every_day(&found, 4, 6);
        assert_eq!(days.iter().map(|d| (d.day, d.ordered)).collect::<Vec<_>>(), [(4, 0), (5, 2), (6, 0)]);
        assert_eq!(every_day(&found, 6, 5), []);
    }

    #[test]
    fn a_day_begins_at_midnight_in_utc() {
        let midnight = 20_000 * 86_400_000_000;
        for (at, day) in [(midnight - 1, 19_999), (midnight, 20_000), (-1, -1)] {
            assert_eq!(day_of(Timestamp::from_micros(at)), day, "{at}");
        }
    }
}
