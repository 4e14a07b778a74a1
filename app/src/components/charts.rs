//! Charts as pictures with words: a title, a sentence, shapes besides colours, and the numbers as a table. No client code.
//!
//! Widths are percentages of the picture and heights are pixels, so nothing is stretched: not the words, not the lines.

use leptos::prelude::*;

use super::tone::Tone;

/// The frame of a chart: title and sentence, the picture, and the numbers to unfold.
pub(super) fn chart(
    title: &str,
    words: String,
    picture: AnyView,
    legend: Option<AnyView>,
    heads: &[&str],
    rows: Vec<Vec<String>>,
) -> AnyView {
    let heads = heads.iter().map(|h| view! { <th scope="col">{(*h).to_owned()}</th> }).collect_view();
    let rows = rows.into_iter().map(|cells| {
        let cells = cells.into_iter().enumerate().map(|(n, cell)| match n {
            0 => view! { <th scope="row">{cell}</th> }.into_any(),
            _ => view! { <td>{cell}</td> }.into_any(),
        });
        view! { <tr>{cells.collect_view()}</tr> }
    });
    let rows = rows.collect_view();
    view! {
        <figure class="chart">
            <figcaption class="chart-caption">
                <span class="chart-title">{title.to_owned()}</span>
                <span class="chart-words">{words}</span>
            </figcaption>
            {picture}
            {legend}
            <details class="chart-table">
                <summary>"Show as table"<span class="visually-hidden">{format!(": {title}")}</span></summary>
                <table>
                    <caption class="visually-hidden">{title.to_owned()}</caption>
                    <thead><tr>{heads}</tr></thead>
                    <tbody>{rows}</tbody>
                </table>
            </details>
        </figure>
    }
    .into_any()
}

/// `part` of `whole` as a percentage with one decimal, rounded, the same on both sides.
pub(super) fn percent(part: u64, whole: u64) -> String {
    let whole = u128::from(whole.max(1));
    let tenths = (u128::from(part) * 2000 + whole) / (whole * 2);
    format!("{}.{}%", tenths / 10, tenths % 10)
}

/// One kind of thing in stacked bars.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Series {
    /// Its name.
    pub word: String,
    /// Its colour; its pattern comes from its place.
    pub tone: Tone,
}

/// One bar: its label and the counts of each series, in their order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bar {
    /// Below the bar.
    pub label: String,
    /// From the bottom.
    pub counts: Vec<u64>,
}

/// Height of the bars in pixels.
const TALL: u64 = 120;
/// So many labels fit below the bars.
const LABELS: usize = 6;

/// Counts over time, by kind.
#[component]
pub fn StackedBars(
    /// Unique on the page.
    #[prop(into)]
    id: String,
    /// What is counted.
    #[prop(into)]
    title: String,
    /// What the picture says, in a sentence.
    #[prop(into)]
    words: String,
    /// Kinds, from the bottom.
    series: Vec<Series>,
    /// Bars, from the left.
    bars: Vec<Bar>,
) -> AnyView {
    let most = bars.iter().map(|b| b.counts.iter().sum::<u64>()).max().unwrap_or_default().max(1);
    let (n, step) = (bars.len().max(1) as u64, bars.len().div_ceil(LABELS).max(1));
    let columns = bars.iter().enumerate().map(|(i, bar)| {
        // Each begins with its bar: in the middle, half of the first would stand outside of the picture.
        let label = (i % step == 0).then(|| {
            let x = percent(i as u64 * 10 + 2, n * 10);
            view! { <text class="chart-label" x=x y="138">{bar.label.clone()}</text> }
        });
        view! { {column(&id, i as u64, n, bar, &series, most)}{label} }
    });
    let columns = columns.collect_view();
    let legend = series.iter().enumerate().map(|(k, s)| {
        let fill = fill(&id, k);
        view! {
            <li>
                <svg class="swatch" width="12" height="12" aria-hidden="true">
                    <g class=s.tone.ink()>
                        <rect class="chart-solid" width="12" height="12"></rect>
                        {fill.map(|fill| view! { <rect width="12" height="12" fill=fill></rect> })}
                    </g>
                </svg>
                {s.word.clone()}
            </li>
        }
    });
    let legend = view! { <ul class="legend">{legend.collect_view()}</ul> }.into_any();
    let picture = view! {
        <svg class="chart-bars" width="100%" height="144" role="img" aria-labelledby=format!("{id}-title {id}-desc")>
            <title id=format!("{id}-title")>{title.clone()}</title>
            <desc id=format!("{id}-desc")>{words.clone()}</desc>
            {patterns(&id)}
            <line class="chart-grid" x1="0" x2="100%" y1="0.5" y2="0.5"></line>
            <line class="chart-grid" x1="0" x2="100%" y1="60.5" y2="60.5"></line>
            {columns}
            <line class="chart-axis" x1="0" x2="100%" y1="120.5" y2="120.5"></line>
            <text class="chart-label" x="0" y="12">{most.to_string()}</text>
        </svg>
    }
    .into_any();
    let heads: Vec<&str> = std::iter::once("").chain(series.iter().map(|s| s.word.as_str())).collect();
    let rows =
        bars.iter().map(|b| std::iter::once(b.label.clone()).chain(b.counts.iter().map(u64::to_string)).collect());
    chart(&title, words, picture, Some(legend), &heads, rows.collect())
}

fn column(id: &str, i: u64, n: u64, bar: &Bar, series: &[Series], most: u64) -> AnyView {
    let (x, width) = (percent(i * 10 + 2, n * 10), percent(6, n * 10));
    let mut below = 0;
    let parts = bar.counts.iter().zip(series).enumerate().map(|(k, (count, s))| {
        let bottom = TALL - below * TALL / most;
        below += count;
        let top = TALL - below * TALL / most;
        // A pixel between two kinds.
        let height = (bottom - top).saturating_sub(u64::from(k > 0));
        let rect = |class: Option<&'static str>, fill: Option<String>| {
            view! {
                <rect class=class x=x.clone() y=top.to_string() width=width.clone() height=height.to_string() fill=fill></rect>
            }
        };
        let pattern = fill(id, k).map(|fill| rect(None, Some(fill)));
        view! { <g class=s.tone.ink()>{rect(Some("chart-solid"), None)}{pattern}</g> }
    });
    let parts = parts.collect::<Vec<_>>().into_iter().collect_view();
    view! { <g>{parts}</g> }.into_any()
}

/// The pattern over the colour of the series at this place: none, lines, dots, crossed lines.
fn fill(id: &str, place: usize) -> Option<String> {
    let name = ["", "lines", "dots", "cross"][place % 4];
    (!name.is_empty()).then(|| format!("url(#{id}-{name})"))
}

fn patterns(id: &str) -> AnyView {
    let pattern = |name: &str, path: &'static str| {
        view! {
            <pattern id=format!("{id}-{name}") width="6" height="6" patternUnits="userSpaceOnUse">
                <path class="chart-hatch" d=path></path>
            </pattern>
        }
    };
    view! {
        <defs>
            {pattern("lines", "M-1 7 7-1M-1 1 1-1M5 7 7 5")}
            {pattern("dots", "M1.5 1.5h.1M4.5 4.5h.1")}
            {pattern("cross", "M0 0 6 6M6 0 0 6")}
        </defs>
    }
    .into_any()
}

/// How a number went, in the height of a line. Says its words to those who listen; put the last number beside it.
#[component]
pub fn Sparkline(
    /// What it is and how it went: "Results a day, 14 days: 3 to 12, last 9".
    #[prop(into)]
    words: String,
    /// From the oldest to the newest.
    values: Vec<u64>,
) -> AnyView {
    let most = values.iter().copied().max().unwrap_or_default().max(1);
    let last = values.len().saturating_sub(1).max(1) as u64;
    // 100 by 20, with a pixel and a half of air.
    let point = |(i, v): (usize, &u64)| format!("{},{}", i as u64 * 100 / last, tenths(185 - v * 170 / most));
    let points = values.iter().enumerate().map(point).collect::<Vec<_>>().join(" ");
    let area = format!("0,20 {points} 100,20");
    view! {
        <svg class="spark" viewBox="0 0 100 20" preserveAspectRatio="none" role="img" aria-label=words>
            <polygon class="spark-area" points=area></polygon>
            <polyline class="spark-line" points=points></polyline>
        </svg>
    }
    .into_any()
}

fn tenths(n: u64) -> String {
    format!("{}.{}", n / 10, n % 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentages_have_one_decimal() {
        for (part, whole, shown) in [
            (1, 3, "33.3%"),
            (2, 3, "66.7%"),
            (0, 0, "0.0%"),
            (2, 2, "100.0%"),
            (u64::MAX, 1, "1844674407370955161500.0%"),
        ] {
            assert_eq!(percent(part, whole), shown);
        }
    }

    #[test]
    fn the_first_series_is_plain_and_the_others_are_patterned() {
        assert_eq!(fill("a", 0), None);
        assert_eq!(fill("a", 1).as_deref(), Some("url(#a-lines)"));
    }
}
