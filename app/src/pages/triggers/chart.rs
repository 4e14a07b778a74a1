//! Past results over the vendor's scale, and what the thresholds in the fields would make of them.

use domain::Timestamp;
use domain::histogram::{Histogram, Split, histogram};
use domain::outcome::{Measured, Outcome, Thresholds};
use domain::read::ResultPoint;
use leptos::prelude::*;

use crate::text;

/// Bars over the scale.
const BINS: usize = 20;

/// What the fields' thresholds would make of past results.
pub fn judged(results: &[Measured], scale: Option<(f64, f64)>, by: &Thresholds) -> Histogram {
    let point = |m: &Measured| ResultPoint {
        opportunity: String::new(),
        score: m.score,
        band: m.band.clone(),
        // Judged anew by `by`; the stored judgement is not looked at.
        outcome: Outcome::NeedsReview,
        completed_at: Timestamp::EPOCH,
        stage: String::new(),
        test: String::new(),
    };
    let points: Vec<ResultPoint> = results.iter().map(point).collect();
    histogram(&points, scale, BINS, by)
}

/// The three counts in words.
pub fn counts(split: Split) -> String {
    format!("{} pass · {} review · {} fail", split.pass, split.review, split.fail)
}

/// The picture; the counts below it say the same in words.
pub fn picture(found: &Histogram, by: &Thresholds) -> AnyView {
    let (Some(first), Some(last)) = (found.bins.first(), found.bins.last()) else { return ().into_any() };
    let (low, high) = (first.from, last.to);
    let tallest = found.bins.iter().map(domain::histogram::Bin::count).max().unwrap_or(0).max(1);
    #[expect(clippy::cast_precision_loss, reason = "a few hundred results")]
    let height = |count: usize| count as f64 / tallest as f64 * 40.0;
    let place = move |score: f64| (score - low) / (high - low) * 100.0;
    let bars = found.bins.iter().map(|bin| {
        let (x, width) = (place(bin.from), place(bin.to) - place(bin.from) - 0.4);
        let parts = [(Outcome::Fail, bin.fail), (Outcome::NeedsReview, bin.review), (Outcome::Pass, bin.pass)];
        let mut top = 40.0;
        let part = |(outcome, count): (Outcome, usize)| {
            top -= height(count);
            bar(outcome, [x, top, width, height(count)].map(|n| format!("{n:.2}")))
        };
        parts.into_iter().filter(|(_, count)| *count > 0).map(part).collect_view()
    });
    let bars = bars.collect_view();
    let line = |at: Option<f64>| {
        at.filter(|at| (low..=high).contains(at)).map(|at| {
            let x = format!("{:.2}", place(at));
            view! { <line class="threshold-line" x1=x.clone() x2=x y1="0" y2="40"></line> }
        })
    };
    view! {
        <svg class="threshold-chart" viewBox="0 0 100 40" preserveAspectRatio="none" aria-hidden="true" focusable="false">
            {bars}
            {line(by.fail_at)}
            {line(by.pass_at)}
        </svg>
        <p class="threshold-scale muted"><span>{text::score(low)}</span><span>{text::score(high)}</span></p>
    }
    .into_any()
}

fn bar(outcome: Outcome, [x, y, width, height]: [String; 4]) -> AnyView {
    match outcome {
        Outcome::Pass => view! { <rect class="bar-pass" x=x y=y width=width height=height></rect> }.into_any(),
        Outcome::NeedsReview => view! { <rect class="bar-review" x=x y=y width=width height=height></rect> }.into_any(),
        Outcome::Fail => view! { <rect class="bar-fail" x=x y=y width=width height=height></rect> }.into_any(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_numbers_in_the_fields_decide_and_both_ends_are_inclusive() {
        let of = |score| Measured { score: Some(score), band: None };
        let results = [of(40.0), of(40.5), of(80.0), of(79.9)];
        let by = |pass, fail| Thresholds { pass_at: Some(pass), fail_at: Some(fail), ..Thresholds::default() };
        let said = |pass, fail| counts(judged(&results, Some((0.0, 100.0)), &by(pass, fail)).split);
        assert_eq!(said(80.0, 40.0), "1 pass · 2 review · 1 fail");
        assert_eq!(said(79.0, 50.0), "2 pass · 0 review · 2 fail");
    }
}
