//! A result's number against the thresholds in force.

use leptos::prelude::*;
use leptos::tachys::html::InertElement;

use super::charts::percent;

/// A number and its place on the vendor's scale. Finished on the server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Score {
    /// The number, or the band.
    pub figure: String,
    /// Where it lies on the scale, in thousandths; none without a number, and for one outside the scale.
    pub at: Option<u16>,
    /// Fail to here, in thousandths.
    pub fail: Option<u16>,
    /// Pass from here, in thousandths.
    pub pass: Option<u16>,
    /// What it is held against: `pass from 80, fail to 40`.
    pub words: String,
}

/// The number, a bar with a line at each threshold, and the thresholds in words.
#[component]
pub fn ScoreBar(
    /// What to show.
    score: Score,
) -> AnyView {
    let bar = score.at.map(|at| InertElement::new(bar(at, &[score.fail, score.pass])));
    view! {
        <span class="score">
            <span class="figure">{score.figure}</span>
            {bar}
            <span class="score-words">{score.words}</span>
        </span>
    }
    .into_any()
}

/// The bar with its lines, in thousandths. Only numbers go into it, so it is written as it is.
fn bar(at: u16, lines: &[Option<u16>]) -> String {
    let lines: String = lines
        .iter()
        .flatten()
        .map(|at| {
            let x = percent((*at).into(), 1_000);
            format!(r#"<line class="score-line" x1="{x}" x2="{x}" y1="0" y2="12"></line>"#)
        })
        .collect();
    let width = percent(at.into(), 1_000);
    format!(
        r#"<svg class="score-bar" width="100%" height="12" aria-hidden="true"><rect class="funnel-track" y="4" width="100%" height="4"></rect><rect class="funnel-fill" y="4" width="{width}" height="4"></rect>{lines}</svg>"#
    )
}
