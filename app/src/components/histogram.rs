//! How scores are spread, and what two thresholds make of them; what is left after each step.

use leptos::prelude::*;

use super::charts::{chart, percent};

/// Scores by bin, with the two lines of an outcome rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spread {
    /// How many scores fell into each of the equally wide bins from 0 to `top`.
    pub bins: Vec<u64>,
    /// The highest score there can be.
    pub top: u64,
    /// Fail at or below.
    pub fail: u64,
    /// Pass at or above.
    pub pass: u64,
    /// How many fail, need a review, and pass: counted from the scores, as bins may lie across a line.
    pub counts: [u64; 3],
}

/// Height of the bars in pixels.
const TALL: u64 = 104;
/// Above the bars, for the words at the lines.
const HEAD: u64 = 20;

/// How scores are spread and what the thresholds make of them. The thresholds are set with two number fields beside it.
#[component]
pub fn Histogram(
    /// Unique on the page.
    #[prop(into)]
    id: String,
    /// What is counted.
    #[prop(into)]
    title: String,
    /// The scores.
    spread: Spread,
) -> AnyView {
    let [fail, review, pass] = spread.counts;
    let words = format!(
        "{} results: {fail} fail at {} or below, {review} need a review, {pass} pass at {} or above.",
        fail + review + pass,
        spread.fail,
        spread.pass
    );
    let most = spread.bins.iter().copied().max().unwrap_or_default().max(1);
    let n = spread.bins.len().max(1) as u64;
    let bars = spread.bins.iter().enumerate().map(|(i, count)| {
        let (i, height) = (i as u64, count * TALL / most);
        let x = percent(i * 20 + 1, n * 20);
        let class = zone(i * spread.top / n, (i + 1) * spread.top / n, &spread);
        view! {
            <rect class=class x=x width=percent(18, n * 20) y=(HEAD + TALL - height).to_string() height=height.to_string()></rect>
        }
    });
    let bars = bars.collect_view();
    let tick = |value: u64, anchor: &'static str| {
        view! { <text class="chart-label" x=percent(value, spread.top) y="140" text-anchor=anchor>{value.to_string()}</text> }
    };
    let picture = view! {
        <svg class="chart-bars" width="100%" height="146" role="img" aria-labelledby=format!("{id}-title {id}-desc")>
            <title id=format!("{id}-title")>{title.clone()}</title>
            <desc id=format!("{id}-desc")>{words.clone()}</desc>
            {bars}
            <line class="chart-axis" x1="0" x2="100%" y1="124.5" y2="124.5"></line>
            {threshold(spread.fail, spread.top, "fail ≤", "end")}
            {threshold(spread.pass, spread.top, "pass ≥", "start")}
            {tick(0, "start")}{tick(spread.top / 2, "middle")}{tick(spread.top, "end")}
        </svg>
    }
    .into_any();
    let counts = [
        ("Fail", "count count-fail", fail),
        ("Review", "count count-review", review),
        ("Pass", "count count-pass", pass),
    ];
    let counts = counts.map(|(word, class, n)| view! { <li class=class><strong>{n}</strong>" "{word}</li> });
    let legend = view! { <ul class="counts" aria-hidden="true">{counts}</ul> }.into_any();
    let rows = spread.bins.iter().enumerate().map(|(i, count)| {
        let (from, to) = (i as u64 * spread.top / n, (i as u64 + 1) * spread.top / n);
        vec![format!("{from} to {to}"), count.to_string()]
    });
    chart(&title, words, picture, Some(legend), &["Score", "Results"], rows.collect())
}

fn zone(from: u64, to: u64, spread: &Spread) -> &'static str {
    if to <= spread.fail {
        "bin bin-fail"
    } else if from >= spread.pass {
        "bin bin-pass"
    } else {
        "bin bin-review"
    }
}

fn threshold(at: u64, top: u64, word: &'static str, anchor: &'static str) -> AnyView {
    let (x, dx) = (percent(at, top), if anchor == "end" { "-4" } else { "4" });
    let word = format!("{word} {at}");
    view! {
        <line class="chart-threshold" x1=x.clone() x2=x.clone() y1="2" y2="124"></line>
        <text class="chart-mark" x=x dx=dx y="12" text-anchor=anchor>{word}</text>
    }
    .into_any()
}

/// One step of a funnel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FunnelStep {
    /// What has happened to those who are counted.
    pub word: String,
    /// How many.
    pub count: u64,
    /// Address of the list of them.
    pub href: Option<String>,
}

/// How many are left after each step.
#[component]
pub fn Funnel(
    /// What goes through.
    #[prop(into)]
    label: String,
    /// From the first.
    steps: Vec<FunnelStep>,
) -> AnyView {
    let most = steps.iter().map(|s| s.count).max().unwrap_or_default().max(1);
    let before: Vec<Option<u64>> = std::iter::once(None).chain(steps.iter().map(|s| Some(s.count))).collect();
    let steps = steps.into_iter().zip(before).map(move |(step, before)| {
        let kept = before.map(|before| match before {
            0 => "–".to_owned(),
            before => format!("{} % of the step before", u128::from(step.count) * 100 / u128::from(before)),
        });
        let word = match step.href {
            Some(href) => view! { <a class="funnel-word" href=href>{step.word}</a> }.into_any(),
            None => view! { <span class="funnel-word">{step.word}</span> }.into_any(),
        };
        view! {
            <li class="funnel-step">
                {word}
                <span class="funnel-number">{step.count}</span>
                <svg class="funnel-bar" width="100%" height="4" aria-hidden="true">
                    <rect class="funnel-track" width="100%" height="4"></rect>
                    <rect class="funnel-fill" width=percent(step.count, most) height="4"></rect>
                </svg>
                <span class="funnel-note">{kept}</span>
            </li>
        }
    });
    view! { <ol class="funnel" aria-label=label>{steps.collect_view()}</ol> }.into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bin_across_a_line_needs_a_review() {
        let spread = Spread { bins: vec![0; 10], top: 100, fail: 40, pass: 75, counts: [0; 3] };
        let zones = [
            (30, 40, "bin bin-fail"),
            (40, 50, "bin bin-review"),
            (70, 80, "bin bin-review"),
            (80, 90, "bin bin-pass"),
        ];
        for (from, to, class) in zones {
            assert_eq!(zone(from, to, &spread), class);
        }
    }
}
