//! Whether the webhook fell silent while Lever still moves candidates.

use std::time::Duration;

use crate::Timestamp;
use crate::follow::Decided;
use crate::invitation::{Decision, Reason};

/// A webhook is here within seconds; after this time it is not expected any more.
pub const GRACE: Duration = Duration::from_mins(2);

/// The issue of a webhook that tells nothing any more.
pub const SILENT_HOOK: &str = "lever.hook";

/// What the sweep finds of moves that no webhook told of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Silence {
    /// How many.
    pub moves: u32,
    /// When the first of them was made.
    pub first: Option<Timestamp>,
}

impl Silence {
    /// Counts the entries that are decided only now although the webhook should have told of them: those since `heard`, the last
    /// delivery that was accepted, and long enough ago. A webhook that never told anything is not silent but not set up yet,
    /// and a candidate who was there before the row is nothing it had to tell.
    pub fn add(&mut self, decided: &[Decided], heard: Option<Timestamp>, now: Timestamp) {
        let Some(heard) = heard else { return };
        let already = |d: &&Decided| matches!(&d.decision, Decision::Skip { reason: Reason::AlreadyThere { .. } });
        let unheard = |at: Timestamp| at > heard && at.plus(GRACE) <= now;
        for entry in decided.iter().filter(|d| !already(d)).filter(|d| unheard(d.entry.at)) {
            self.moves += 1;
            self.first = Some(self.first.map_or(entry.entry.at, |first| first.min(entry.entry.at)));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::opportunity::Entry;
    use crate::samples::at;

    fn entered(second: i64, reason: Reason) -> Decided {
        Decided {
            entry: Entry { stage: "screen".into(), at: at(second), left: false },
            vendor: "py".into(),
            decision: Decision::Skip { reason },
        }
    }

    fn silence(decided: &[Decided], heard: Option<i64>) -> (u32, Option<Timestamp>) {
        let mut found = Silence::default();
        found.add(decided, heard.map(at), at(1_000));
        (found.moves, found.first)
    }

    #[test]
    fn moves_since_the_last_delivery_that_none_told_of_are_counted() {
        let moves = [entered(700, Reason::Archived), entered(600, Reason::NoEmail)];
        assert_eq!(silence(&moves, Some(500)), (2, Some(at(600))));
        assert_eq!(silence(&moves, Some(650)), (1, Some(at(700))), "one lost among others that came");
        assert_eq!(silence(&moves, Some(700)), (0, None));
    }

    #[test]
    fn a_hook_that_never_spoke_a_fresh_move_and_the_time_before_the_row_are_no_silence() {
        assert_eq!(silence(&[entered(700, Reason::Archived)], None), (0, None));
        assert_eq!(silence(&[entered(990, Reason::Archived)], Some(500)), (0, None));
        assert_eq!(silence(&[entered(880, Reason::Archived)], Some(500)), (1, Some(at(880))));
        assert_eq!(silence(&[entered(700, Reason::AlreadyThere { since: at(800) })], Some(500)), (0, None));
    }
}
