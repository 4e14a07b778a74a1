//! Who is left once everybody else has found theirs. Where two lists are nearly the same people, the few who are open on the one
//! side and the few who are open on the other probably belong together: that somebody is missing here and a stranger who is
//! like them is missing there would be two rare accidents at once.
//!
//! For lists of one person a row, the odds of a pair against "both are alone" are `present / (1 - present)` over the number of
//! open rows, times what the evidence says; before anybody is settled that number is the whole list.

use super::lists::Settled;
use super::resolve::Decision;
use super::score::{Context, Score};

/// As if so many were always open: the lists may be wrong about their own people, too.
const FEWEST_OPEN: usize = 100;
/// From this share on, people who are looked for are nearly all there.
const NEARLY_ALL: f64 = 0.99;
/// What agrees need not be theirs alone from here on: a thousand to one. Bits.
const EVEN_SO: f64 = 10.0;

/// The right list after the clear matches.
#[derive(Debug)]
pub(super) struct Leftover {
    taken: Vec<bool>,
    bits: f64,
}

impl Leftover {
    /// Counts who of `right` people is somebody's clear match. `None` where some of those who are looked for are not there:
    /// relatives and namesakes of theirs may be, and what is left is more often them.
    pub(super) fn new<'a>(settled: impl Iterator<Item = &'a Settled>, right: usize, context: &Context) -> Option<Self> {
        if context.model.present < NEARLY_ALL {
            return None;
        }
        let mut taken = vec![false; right];
        settled.filter(|s| s.decision == Decision::Match).for_each(|s| taken[s.pair.right as usize] = true);
        let open = taken.iter().filter(|t| !**t).count().max(FEWEST_OPEN);
        #[expect(clippy::cast_precision_loss, reason = "people fit")]
        let bits = (right.max(open) as f64 / open as f64).log2();
        Some(Self { taken, bits })
    }

    /// Somebody's clear match.
    pub(super) fn is_taken(&self, right: u32) -> bool {
        self.taken[right as usize]
    }

    /// The score of a pair of which both are open.
    pub(super) fn score(&self, score: Score) -> Score {
        let bits = score.bits + self.bits;
        Score { bits, is_backed: score.is_backed || bits >= EVEN_SO }
    }
}
