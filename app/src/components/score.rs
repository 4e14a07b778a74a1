//! A result's number against the thresholds in force.

use leptos::prelude::*;

use super::charts::percent;
use crate::markup::{Markup, finished, html};

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
pub(crate) fn score_bar(score: &Score) -> Markup {
    html! {
        span class="score" {
            span class="figure" { (score.figure) }
            @if let Some(at) = score.at { (bar(at, &[score.fail, score.pass])) }
            span class="score-words" { (score.words) }
        }
    }
}

/// The bar with its lines, in thousandths.
fn bar(at: u16, lines: &[Option<u16>]) -> Markup {
    let width = percent(at.into(), 1_000);
    let lines = lines.iter().flatten().map(|line| percent((*line).into(), 1_000));
    html! {
        svg class="score-bar" width="100%" height="12" aria-hidden="true" {
            rect class="funnel-track" y="4" width="100%" height="4" {}
            rect class="funnel-fill" y="4" width=(width) height="4" {}
            @for x in lines { line class="score-line" x1=(x) x2=(x) y1="0" y2="12" {} }
        }
    }
}

/// [`score_bar`] in a view.
#[component]
pub fn ScoreBar(
    /// What to show.
    score: Score,
) -> AnyView {
    finished(score_bar(&score))
}
