//! How scores are spread, and what two thresholds make of them.

use domain::histogram::{Bin, Histogram as Found};
use domain::outcome::Thresholds;
use leptos::prelude::*;

use super::charts::chart;
use crate::text;

/// Height of the bars in pixels.
const TALL: f64 = 104.0;
/// Above the bars, for the words at the lines.
const HEAD: f64 = 20.0;

/// How scores are spread and what the thresholds make of them, in words, as bars, and as a table. The thresholds are set with
/// two number fields beside it.
#[component]
pub fn Histogram(
    /// Unique on the page.
    #[prop(into)]
    id: String,
    /// What is counted.
    #[prop(into)]
    title: String,
    /// The scores, judged by the thresholds.
    found: Found,
    /// The thresholds.
    by: Thresholds,
) -> AnyView {
    let split = found.split;
    let words = format!("{} fail · {} need review · {} pass", split.fail, split.review, split.pass);
    let rows = found.bins.iter().map(|bin| {
        let scores = format!("{} to {}", text::score(bin.from), text::score(bin.to));
        vec![scores, bin.fail.to_string(), bin.review.to_string(), bin.pass.to_string()]
    });
    let rows = rows.collect();
    let picture = picture(&id, &title, &words, &found, &by);
    let counts = [
        ("Fail", "count count-fail", split.fail),
        ("Review", "count count-review", split.review),
        ("Pass", "count count-pass", split.pass),
    ];
    let counts = counts.map(|(word, class, n)| view! { <li class=class><strong>{n}</strong>" "{word}</li> }.into_any());
    let legend = view! { <ul class="counts" aria-hidden="true">{counts.into_iter().collect_view()}</ul> }.into_any();
    let aside = found.outside + found.unscored;
    let words = if aside == 0 { words } else { format!("{words}; {aside} without a score on the scale") };
    chart(&title, words, picture, Some(legend), &["Score", "Fail", "Review", "Pass"], rows)
}

fn picture(id: &str, title: &str, words: &str, found: &Found, by: &Thresholds) -> AnyView {
    let (low, high) = match (found.bins.first(), found.bins.last()) {
        (Some(first), Some(last)) => (first.from, last.to),
        _ => (0.0, 1.0),
    };
    let place = move |score: f64| (score - low) / (high - low) * 100.0;
    let bars = found.bins.iter().map(|bin| bar(bin, place, tallest(found))).collect_view();
    let line = |at: Option<f64>, word: &'static str, anchor: &'static str| {
        at.filter(|at| (low..=high).contains(at)).map(|at| threshold(at, place(at), word, anchor))
    };
    let tick = |value: f64, anchor: &'static str| {
        let (x, word) = (share(place(value)), text::score(value));
        view! { <text class="chart-label" x=x y="140" text-anchor=anchor>{word}</text> }.into_any()
    };
    view! {
        <svg class="chart-bars" width="100%" height="146" role="img" aria-labelledby=format!("{id}-title {id}-desc")>
            <title id=format!("{id}-title")>{title.to_owned()}</title>
            <desc id=format!("{id}-desc")>{words.to_owned()}</desc>
            {bars}
            <line class="chart-axis" x1="0" x2="100%" y1="124.5" y2="124.5"></line>
            {line(by.fail_at, "fail ≤", "end")}
            {line(by.pass_at, "pass ≥", "start")}
            {tick(low, "start")}{tick(low.midpoint(high), "middle")}{tick(high, "end")}
        </svg>
    }
    .into_any()
}

fn tallest(found: &Found) -> usize {
    found.bins.iter().map(Bin::count).max().unwrap_or(0).max(1)
}

/// A place in the picture, the same on both sides.
fn share(hundredths: f64) -> String {
    format!("{hundredths:.2}%")
}

/// One bar, from the bottom: failed, to be reviewed, passed.
fn bar(bin: &Bin, place: impl Fn(f64) -> f64, tallest: usize) -> AnyView {
    let (from, to) = (place(bin.from), place(bin.to));
    let (gap, mut top) = ((to - from) / 20.0, HEAD + TALL);
    let parts = [("bin bin-fail", bin.fail), ("bin bin-review", bin.review), ("bin bin-pass", bin.pass)];
    let part = |(class, count): (&'static str, usize)| {
        #[expect(clippy::cast_precision_loss, reason = "a few hundred results")]
        let height = count as f64 / tallest as f64 * TALL;
        top -= height;
        let [x, width] = [from + gap, to - from - 2.0 * gap].map(share);
        let [y, height] = [top, height].map(|n| format!("{n:.1}"));
        view! { <rect class=class x=x width=width y=y height=height></rect> }.into_any()
    };
    parts.into_iter().filter(|(_, count)| *count > 0).map(part).collect_view().into_any()
}

fn threshold(at: f64, x: f64, word: &'static str, anchor: &'static str) -> AnyView {
    // A word that would leave the picture stands on the other side of its line.
    let anchor = match anchor {
        "end" if x < 15.0 => "start",
        "start" if x > 85.0 => "end",
        anchor => anchor,
    };
    let (x, dx) = (share(x), if anchor == "end" { "-4" } else { "4" });
    let word = format!("{word} {}", text::score(at));
    view! {
        <line class="chart-threshold" x1=x.clone() x2=x.clone() y1="2" y2="124"></line>
        <text class="chart-mark" x=x dx=dx y="12" text-anchor=anchor>{word}</text>
    }
    .into_any()
}
