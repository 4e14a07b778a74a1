//! From scores to an answer: match, review or unknown.

use super::score::Score;

/// Where the lines are drawn. Bits.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Settings {
    /// From here on one person is the other.
    pub match_from: f64,
    /// From here on a person looks at it.
    pub review_from: f64,
    /// While the pile is small, a person looks at less probable ones too, down to here. Used for whole lists only.
    pub review_at_least_from: f64,
    /// How many of a list make a pile that is not small. 0 to 1.
    pub small_pile: f64,
    /// How far the best must be ahead of the next one.
    pub margin: f64,
    /// How far behind the best somebody may be who is shown beside them.
    pub within: f64,
    /// At most this many are shown for one review.
    pub most_shown: usize,
    /// Nobody of the one system is two people of the other.
    pub one_to_one: bool,
}

impl Default for Settings {
    /// About 98.5 % sure by weights that lean to the safe side for a match, and never on a tie.
    fn default() -> Self {
        Self {
            match_from: 6.0,
            review_from: 1.0,
            review_at_least_from: -4.0,
            small_pile: 0.05,
            margin: 5.0,
            within: 8.0,
            most_shown: 5,
            one_to_one: false,
        }
    }
}

/// What is to be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Decision {
    /// Nobody is near enough.
    Unknown,
    /// A person decides.
    Review,
    /// They are one person.
    Match,
}

/// Why.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// One strong answer.
    Clear,
    /// Two or more are nearly equally good.
    Tie,
    /// What agrees is also what namesakes or members of a family share.
    NotTheirOwn,
    /// Not strong enough.
    Middling,
    /// Somebody else is as good a match for the same person.
    Claimed,
    /// Nobody is near enough.
    Nobody,
}

/// The answer for one person.
#[derive(Clone, Debug, PartialEq)]
pub struct Resolution {
    /// What is to be done.
    pub decision: Decision,
    /// Why.
    pub reason: Reason,
    /// Places in the list that was given: the match alone, or who is to be looked at, best first.
    pub candidates: Vec<usize>,
}

/// Decides about one person from the scores of all candidates. The order of the scores does not matter; a score that is no
/// number counts as none.
pub fn resolve(scores: &[Score], settings: &Settings) -> Resolution {
    let mut order: Vec<usize> = (0..scores.len()).filter(|i| scores[*i].bits >= settings.review_from).collect();
    order.sort_by(|a, b| scores[*b].bits.total_cmp(&scores[*a].bits).then(a.cmp(b)));
    let Some(best) = order.first().map(|i| scores[*i]) else {
        return Resolution { decision: Decision::Unknown, reason: Reason::Nobody, candidates: order };
    };
    let next = order.get(1).map_or(f64::NEG_INFINITY, |i| scores[*i].bits);
    let is_tie = best.bits - next < settings.margin.max(f64::MIN_POSITIVE);
    let reason = if is_tie {
        Reason::Tie
    } else if best.bits < settings.match_from {
        Reason::Middling
    } else if !best.is_backed {
        Reason::NotTheirOwn
    } else {
        order.truncate(1);
        return Resolution { decision: Decision::Match, reason: Reason::Clear, candidates: order };
    };
    order.retain(|i| scores[*i].bits >= best.bits - settings.within);
    // Equals are not cut in two by their place in the list.
    order.truncate(settings.most_shown);
    Resolution { decision: Decision::Review, reason, candidates: order }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scores(bits: &[f64]) -> Vec<Score> {
        bits.iter().map(|bits| Score { bits: *bits, is_backed: true }).collect()
    }

    fn answer(bits: &[f64]) -> (Decision, Reason, Vec<usize>) {
        let answer = resolve(&scores(bits), &Settings::default());
        (answer.decision, answer.reason, answer.candidates)
    }

    #[test]
    fn one_strong_answer_is_a_match_and_a_tie_never_is() {
        assert_eq!(answer(&[-10.0, 12.0, 1.0]), (Decision::Match, Reason::Clear, vec![1]));
        assert_eq!(answer(&[30.0, 30.0]), (Decision::Review, Reason::Tie, vec![0, 1]));
        assert_eq!(answer(&[26.0, 30.0]), (Decision::Review, Reason::Tie, vec![1, 0]));
        assert_eq!(answer(&[3.0, -7.0]), (Decision::Review, Reason::Middling, vec![0]));
        assert_eq!(answer(&[-7.0]), (Decision::Unknown, Reason::Nobody, vec![]));
        assert_eq!(answer(&[]), (Decision::Unknown, Reason::Nobody, vec![]));
        assert_eq!(answer(&[f64::NAN]), (Decision::Unknown, Reason::Nobody, vec![]));
    }

    #[test]
    fn a_margin_of_nothing_still_makes_no_match_of_a_tie() {
        let settings = Settings { margin: 0.0, ..Settings::default() };
        assert_eq!(resolve(&scores(&[20.0, 20.0]), &settings).reason, Reason::Tie);
    }

    #[test]
    fn names_alone_are_looked_at() {
        let answer = resolve(&[Score { bits: 20.0, is_backed: false }], &Settings::default());
        assert_eq!((answer.decision, answer.reason), (Decision::Review, Reason::NotTheirOwn));
    }

    #[test]
    fn at_most_five_are_shown() {
        assert_eq!(answer(&[9.0; 7]).2.len(), 5);
    }
}
