//! What a result means: pass, needs review or fail.

use serde::{Deserialize, Serialize};

/// The three outcomes. Lever's help centre names their tags: `Py - Pass`, `Py - Needs Review`, `Py - Fail`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// At or above the pass threshold.
    Pass,
    /// Between the thresholds, or nothing to judge by.
    NeedsReview,
    /// At or below the fail threshold.
    Fail,
}

impl Outcome {
    /// The name in the database, the API and the command line.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::NeedsReview => "needs-review",
            Self::Fail => "fail",
        }
    }

    /// The outcome of that name.
    pub fn parse(name: &str) -> Option<Self> {
        [Self::Pass, Self::NeedsReview, Self::Fail].into_iter().find(|o| o.as_str() == name)
    }
}

/// What a result is judged by. Both ends are inclusive (Lever's help centre, "Enabling and using the Py integration").
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Thresholds {
    /// Score at or above: pass.
    pub pass_at: Option<f64>,
    /// Score at or below: fail. Always below `pass_at`.
    pub fail_at: Option<f64>,
    /// Bands that pass.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub pass_bands: Vec<String>,
    /// Bands that fail.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fail_bands: Vec<String>,
}

/// What a vendor answered about a finished test.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Measured {
    /// A number, where there is one.
    pub score: Option<f64>,
    /// A band, where there is one.
    pub band: Option<String>,
}

/// Why the outcome is what it is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "why")]
pub enum Ground {
    /// `score >= at`.
    AtOrAbove { score: f64, at: f64 },
    /// `score <= at`.
    AtOrBelow { score: f64, at: f64 },
    /// There is a score and a threshold, and it is on neither side.
    Between { score: f64 },
    /// A score without any threshold to judge by.
    NoThreshold { score: f64 },
    /// The band is in one of the lists.
    Band { band: String },
    /// A band that no list names.
    UnmappedBand { band: String },
    /// The score lies outside the vendor's scale: the scale or the vendor has changed.
    OutsideScale { score: f64, low: f64, high: f64 },
    /// Neither score nor band.
    NothingToJudge,
}

/// Judges a result. A band that a list names decides; otherwise the score; a score that is not a number is none, and one
/// outside the vendor's `scale` is not trusted.
pub fn judge(result: &Measured, scale: Option<(f64, f64)>, by: &Thresholds) -> (Outcome, Ground) {
    if let Some(band) = &result.band {
        let ground = || Ground::Band { band: band.clone() };
        if by.pass_bands.contains(band) {
            return (Outcome::Pass, ground());
        }
        if by.fail_bands.contains(band) {
            return (Outcome::Fail, ground());
        }
    }
    match (result.score.filter(|s| s.is_finite()), scale, &result.band) {
        (Some(score), Some((low, high)), _) if score < low || score > high => {
            (Outcome::NeedsReview, Ground::OutsideScale { score, low, high })
        }
        (Some(score), _, _) => judge_score(score, by),
        (None, _, Some(band)) => (Outcome::NeedsReview, Ground::UnmappedBand { band: band.clone() }),
        (None, _, None) => (Outcome::NeedsReview, Ground::NothingToJudge),
    }
}

fn judge_score(score: f64, by: &Thresholds) -> (Outcome, Ground) {
    if let Some(at) = by.pass_at.filter(|at| score >= *at) {
        return (Outcome::Pass, Ground::AtOrAbove { score, at });
    }
    if let Some(at) = by.fail_at.filter(|at| score <= *at) {
        return (Outcome::Fail, Ground::AtOrBelow { score, at });
    }
    if by.pass_at.is_none() && by.fail_at.is_none() {
        return (Outcome::NeedsReview, Ground::NoThreshold { score });
    }
    (Outcome::NeedsReview, Ground::Between { score })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn by(pass_at: impl Into<Option<f64>>, fail_at: impl Into<Option<f64>>) -> Thresholds {
        Thresholds { pass_at: pass_at.into(), fail_at: fail_at.into(), ..Thresholds::default() }
    }

    fn score(score: f64, rules: &Thresholds) -> (Outcome, Ground) {
        judge(&Measured { score: Some(score), band: None }, Some((-1e3, 1e3)), rules)
    }

    fn band(band: &str, score: Option<f64>, rules: &Thresholds) -> Outcome {
        judge(&Measured { score, band: Some(band.into()) }, None, rules).0
    }

    #[test]
    fn both_ends_are_inclusive() {
        let cases = [
            (80.0, Outcome::Pass),
            (79.99, Outcome::NeedsReview),
            (40.01, Outcome::NeedsReview),
            (40.0, Outcome::Fail),
        ];
        for (points, outcome) in cases {
            assert_eq!(score(points, &by(80.0, 40.0)).0, outcome, "score {points}");
        }
    }

    #[test]
    fn without_a_threshold_everything_needs_review() {
        assert_eq!(score(100.0, &by(None, None)), (Outcome::NeedsReview, Ground::NoThreshold { score: 100.0 }));
    }

    #[test]
    fn one_threshold_alone_judges_its_own_side() {
        assert_eq!(score(90.0, &by(80.0, None)).0, Outcome::Pass);
        assert_eq!(score(10.0, &by(80.0, None)).0, Outcome::NeedsReview);
        assert_eq!(score(10.0, &by(None, 40.0)).0, Outcome::Fail);
        assert_eq!(score(90.0, &by(None, 40.0)).0, Outcome::NeedsReview);
    }

    #[test]
    fn a_result_without_number_or_with_an_unmapped_band_needs_review() {
        let rules = by(80.0, 40.0);
        assert_eq!(judge(&Measured::default(), None, &rules), (Outcome::NeedsReview, Ground::NothingToJudge));
        assert_eq!(score(f64::NAN, &rules).0, Outcome::NeedsReview);
        assert_eq!(band("blue", None, &rules), Outcome::NeedsReview);
    }

    #[test]
    fn a_score_outside_the_scale_is_not_trusted() {
        let result = Measured { score: Some(480.0), band: None };
        assert_eq!(judge(&result, Some((0.0, 100.0)), &by(80.0, 40.0)).0, Outcome::NeedsReview);
    }

    #[test]
    fn a_named_band_decides() {
        let rules = Thresholds { pass_bands: vec!["high".into()], fail_bands: vec!["low".into()], ..by(80.0, 40.0) };
        assert_eq!(band("high", None, &rules), Outcome::Pass);
        assert_eq!(band("low", None, &rules), Outcome::Fail);
        assert_eq!(band("middle", Some(90.0), &rules), Outcome::Pass);
    }

    fn rank(outcome: Outcome) -> u8 {
        match outcome {
            Outcome::Fail => 0,
            Outcome::NeedsReview => 1,
            Outcome::Pass => 2,
        }
    }

    proptest! {
        #[test]
        fn more_points_never_judge_worse(a in -1e3..1e3f64, b in -1e3..1e3f64, low in -1e3..1e3f64, gap in 0.1..1e3f64) {
            let rules = by(low + gap, low);
            let (worse, better) = if a <= b { (a, b) } else { (b, a) };
            prop_assert!(rank(score(worse, &rules).0) <= rank(score(better, &rules).0));
        }
    }
}
