//! Results over a vendor's scale, and what thresholds would make of them.

use crate::outcome::{Measured, Outcome, Thresholds, judge};

/// One bar: how many scores lie in it, by the outcome the thresholds give them.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Bin {
    /// Lowest score in it.
    pub from: f64,
    /// The score it ends before; the last bin includes it.
    pub to: f64,
    /// Passed.
    pub pass: usize,
    /// To be reviewed.
    pub review: usize,
    /// Failed.
    pub fail: usize,
}

impl Bin {
    /// All scores in it.
    pub const fn count(&self) -> usize {
        self.pass + self.review + self.fail
    }
}

/// How many results have which outcome.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Split {
    /// Passed.
    pub pass: usize,
    /// To be reviewed.
    pub review: usize,
    /// Failed.
    pub fail: usize,
}

impl Split {
    /// All of them.
    pub const fn count(&self) -> usize {
        self.pass + self.review + self.fail
    }
}

/// The distribution of results.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Histogram {
    /// From the lowest score to the highest, all of one width.
    pub bins: Vec<Bin>,
    /// Results with a score outside the scale; in no bin.
    pub outside: usize,
    /// Results without a score; in no bin.
    pub unscored: usize,
    /// What the thresholds make of all results, those in no bin included.
    pub split: Split,
}

/// What thresholds make of results.
pub fn split(points: &[Measured], scale: Option<(f64, f64)>, by: &Thresholds) -> Split {
    let mut split = Split::default();
    for point in points {
        match judge(point, scale, by).0 {
            Outcome::Pass => split.pass += 1,
            Outcome::NeedsReview => split.review += 1,
            Outcome::Fail => split.fail += 1,
        }
    }
    split
}

/// Sorts results into `bins` bars over the scale; without a scale, over the span of the scores themselves.
pub fn histogram(points: &[Measured], scale: Option<(f64, f64)>, bins: usize, by: &Thresholds) -> Histogram {
    let mut histogram = Histogram { split: split(points, scale, by), ..Histogram::default() };
    let Some((low, high)) = scale.or_else(|| span(points)) else {
        histogram.unscored = points.len();
        return histogram;
    };
    histogram.bins = empty(low, high, bins.max(1));
    for point in points {
        let Some(score) = point.score.filter(|s| s.is_finite()) else {
            histogram.unscored += 1;
            continue;
        };
        let Some(bin) = place(&histogram.bins, score) else {
            histogram.outside += 1;
            continue;
        };
        let bin = &mut histogram.bins[bin];
        match judge(point, scale, by).0 {
            Outcome::Pass => bin.pass += 1,
            Outcome::NeedsReview => bin.review += 1,
            Outcome::Fail => bin.fail += 1,
        }
    }
    histogram
}

/// Lowest and highest score; widened where all are the same.
fn span(points: &[Measured]) -> Option<(f64, f64)> {
    let scores = || points.iter().filter_map(|p| p.score).filter(|s| s.is_finite());
    let (low, high) = (scores().reduce(f64::min)?, scores().reduce(f64::max)?);
    Some(if low < high { (low, high) } else { (low - 0.5, high + 0.5) })
}

#[expect(clippy::cast_precision_loss, reason = "a few dozen bins")]
fn empty(low: f64, high: f64, bins: usize) -> Vec<Bin> {
    // Dividing first, so that a scale as wide as all numbers does not overflow.
    let edge = |i: usize| if i == bins { high } else { low + (high / bins as f64 - low / bins as f64) * i as f64 };
    (0..bins).map(|i| Bin { from: edge(i), to: edge(i + 1), ..Bin::default() }).collect()
}

/// The bin of a score: by the edges that are shown, so that a bar never holds what its label denies.
fn place(bins: &[Bin], score: f64) -> Option<usize> {
    let (first, last) = (bins.first()?, bins.last()?);
    if score < first.from || score > last.to {
        return None;
    }
    let after = bins.partition_point(|bin| bin.from <= score);
    Some(after.saturating_sub(1))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn point(score: Option<f64>) -> Measured {
        Measured { score, band: None }
    }

    fn by(pass_at: f64, fail_at: f64) -> Thresholds {
        Thresholds { pass_at: Some(pass_at), fail_at: Some(fail_at), ..Thresholds::default() }
    }

    fn of(scores: &[f64]) -> Histogram {
        let points: Vec<Measured> = scores.iter().map(|s| point(Some(*s))).collect();
        histogram(&points, Some((0.0, 100.0)), 10, &by(80.0, 40.0))
    }

    #[test]
    fn a_score_on_an_edge_belongs_to_the_bar_that_begins_there() {
        for (score, bin) in [(0.0, 0), (9.99, 0), (10.0, 1), (79.9, 7), (80.0, 8), (99.0, 9), (100.0, 9)] {
            let found = of(&[score]).bins.iter().position(|b| b.count() == 1);
            assert_eq!(found, Some(bin), "{score}");
        }
    }

    #[test]
    fn bars_are_coloured_by_the_thresholds_asked_about() {
        let found = of(&[40.0, 41.0, 80.0, 12.0]);
        assert_eq!(found.split, Split { pass: 1, review: 1, fail: 2 });
        assert_eq!((found.bins[4].fail, found.bins[4].review, found.bins[8].pass), (1, 1, 1));
    }

    #[test]
    fn what_has_no_place_is_counted_beside_the_bars() {
        let points = [point(None), point(Some(f64::NAN)), point(Some(101.0)), point(Some(50.0))];
        let found = histogram(&points, Some((0.0, 100.0)), 10, &by(80.0, 40.0));
        assert_eq!((found.unscored, found.outside), (2, 1));
        assert_eq!(found.bins.iter().map(Bin::count).sum::<usize>(), 1);
        assert_eq!(found.split, Split { pass: 0, review: 4, fail: 0 });
    }

    #[test]
    fn without_a_scale_the_scores_span_it() {
        let points = [point(Some(3.0)), point(Some(7.0)), point(None)];
        let found = histogram(&points, None, 4, &by(6.0, 3.0));
        assert_eq!((found.bins[0].from, found.bins[3].to, found.outside), (3.0, 7.0, 0));
        assert_eq!((found.bins[0].fail, found.bins[3].pass), (1, 1));
        assert_eq!(histogram(&[point(None)], None, 4, &by(6.0, 3.0)).bins, []);
        let same = histogram(&[point(Some(5.0)), point(Some(5.0))], None, 2, &by(6.0, 3.0));
        assert_eq!(same.bins.iter().map(Bin::count).sum::<usize>(), 2);
    }

    #[test]
    fn a_named_band_counts_though_it_has_no_score() {
        let banded = Measured { band: Some("high".into()), ..point(None) };
        let rules = Thresholds { pass_bands: vec!["high".into()], ..Thresholds::default() };
        assert_eq!(split(&[banded], None, &rules), Split { pass: 1, review: 0, fail: 0 });
    }

    proptest! {
        #[test]
        fn every_result_is_counted_once(
            scores in proptest::collection::vec(proptest::option::of(-50.0..150.0f64), 0..60),
            bins in 0usize..40, pass in 0.0..100.0f64, gap in 0.1..50.0f64, scaled: bool,
        ) {
            let points: Vec<Measured> = scores.into_iter().map(point).collect();
            let scale = scaled.then_some((0.0, 100.0));
            let found = histogram(&points, scale, bins, &by(pass, pass - gap));
            let in_bins: usize = found.bins.iter().map(Bin::count).sum();
            prop_assert_eq!(in_bins + found.outside + found.unscored, points.len());
            prop_assert_eq!(found.split.count(), points.len());
        }

        #[test]
        fn a_higher_pass_threshold_never_passes_more(
            scores in proptest::collection::vec(0.0..100.0f64, 0..60), pass in 1.0..90.0f64, more in 0.0..10.0f64,
        ) {
            let points: Vec<Measured> = scores.into_iter().map(|s| point(Some(s))).collect();
            let passed = |at: f64| split(&points, Some((0.0, 100.0)), &by(at, 0.5)).pass;
            prop_assert!(passed(pass + more) <= passed(pass));
        }
    }
}
