//! Deliveries and jobs in words.

use std::time::Duration;

use crate::ports::store::DeliveryStatus;
use crate::read::{JobState, NoReplay};

/// What became of a delivery.
pub const fn delivery_status(status: DeliveryStatus) -> &'static str {
    match status {
        DeliveryStatus::Stored => "Waiting",
        DeliveryStatus::Done => "Handled",
        DeliveryStatus::Verified => "Connection verified",
        DeliveryStatus::NotUnderstood => "Not understood",
        DeliveryStatus::Refused => "Refused",
    }
}

/// Why a delivery cannot be processed again.
pub const fn no_replay(why: NoReplay) -> &'static str {
    match why {
        NoReplay::Refused => "It was refused and is not processed.",
        NoReplay::NoOpportunity => "It names no opportunity, so there is nothing to process again.",
    }
}

/// Where a job stands.
pub const fn job_state(state: JobState) -> &'static str {
    match state {
        JobState::Ready => "Waiting",
        JobState::Running => "Running",
        JobState::Done => "Done",
        JobState::Dead => "Dead",
        JobState::Cancelled => "Cancelled",
    }
}

/// What a job of a kind does; the kind itself where this version does not know it.
pub fn work(kind: &str) -> &str {
    match kind {
        "follow" => "Read Lever and decide",
        "invite-present" => "Invite who was in the stage before",
        "send" => "Invite at the vendor",
        "poll" => "Ask the vendor for the status",
        "write-back" => "Write the result to Lever",
        "sync" => "Look for what no webhook told",
        "contacts" => "Read which people changed in Lever",
        "resolve" => "Find out whose results are",
        other => other,
    }
}

/// A span in its largest whole unit: `40 s`, `5 min`, `3 h`, `2 days`.
pub fn span(span: Duration) -> String {
    let seconds = span.as_secs();
    match seconds {
        0..60 => format!("{seconds} s"),
        60..3_600 => format!("{} min", seconds / 60),
        3_600..86_400 => format!("{} h", seconds / 3_600),
        86_400..172_800 => "1 day".to_owned(),
        _ => format!("{} days", seconds / 86_400),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::job::Work;

    #[test]
    fn every_kind_of_work_has_words_and_an_unknown_one_its_name() {
        for kind in Work::KINDS {
            assert_ne!(work(kind), kind);
        }
        assert_eq!(work("dance"), "dance");
    }

    #[test]
    fn a_span_is_cut_to_its_largest_unit() {
        let cases = [
            (0, "0 s"),
            (59, "59 s"),
            (60, "1 min"),
            (3_599, "59 min"),
            (7_300, "2 h"),
            (90_000, "1 day"),
            (200_000, "2 days"),
        ];
        for (seconds, words) in cases {
            assert_eq!(span(Duration::from_secs(seconds)), words);
        }
    }
}
