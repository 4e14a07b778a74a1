//! Two people beside each other: field by field, with what differs marked, and the evidence as steps from before looking to the
//! sum.

use domain::Personal;
use domain::review::Piece;
use leptos::prelude::*;

use super::charts::percent;
use super::tone::Tone;

/// How two values of a field stand to each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Glyph {
    /// The same.
    Same,
    /// Not the same, and one may stand for the other.
    Alike,
    /// They contradict each other.
    Other,
    /// One side does not say.
    Silent,
}

impl Glyph {
    /// As it is drawn.
    pub const fn sign(self) -> &'static str {
        match self {
            Self::Same => "=",
            Self::Alike => "≈",
            Self::Other => "≠",
            Self::Silent => "–",
        }
    }

    /// In a word.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Same => "same",
            Self::Alike => "alike",
            Self::Other => "different",
            Self::Silent => "not known",
        }
    }

    const fn tone(self) -> Tone {
        match self {
            Self::Same => Tone::Ok,
            Self::Alike => Tone::Warn,
            Self::Other => Tone::Bad,
            Self::Silent => Tone::Idle,
        }
    }
}

/// A value of a person in pieces; empty for people who may not see it.
pub type Value = Vec<(Personal, bool)>;

/// Pieces that only those see who may.
pub fn value(pieces: Vec<Piece>) -> Value {
    pieces.into_iter().map(|piece| (Personal::new(piece.text), piece.differs)).collect()
}

/// One field of both.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CompareRow {
    /// Which field.
    pub word: &'static str,
    /// The values on the left.
    pub left: Vec<Value>,
    /// The values on the right.
    pub right: Vec<Value>,
    /// How they stand to each other.
    pub glyph: Glyph,
    /// Why, in words; may be empty.
    pub why: String,
}

/// Two people field by field.
#[component]
pub fn CompareTable(
    /// What is compared; read, not shown.
    #[prop(into)]
    caption: String,
    /// Whose values are on the left, and whose on the right.
    heads: [String; 2],
    /// The fields.
    rows: Vec<CompareRow>,
) -> AnyView {
    let [left, right] = heads.clone();
    let rows = rows.into_iter().map(|row| {
        let (left, right) = (values(row.left), values(row.right));
        let [left_head, right_head] = heads.clone();
        let agrees = matches!(row.glyph, Glyph::Same | Glyph::Silent);
        let why = (!row.why.is_empty()).then(|| view! { <span class="cell-note">{row.why}</span> });
        view! {
            <tr class=if agrees { "compare-agrees" } else { "" }>
                <th scope="row">{row.word}</th>
                <td data-label=left_head>{left}</td>
                <td class="compare-mark">
                    <span class=row.glyph.tone().ink() aria-hidden="true">{row.glyph.sign()}</span>
                    <span>{row.glyph.word()}</span>
                </td>
                <td data-label=right_head>{right}{why}</td>
            </tr>
        }
    });
    view! {
        <table class="compare">
            <caption class="visually-hidden">{caption}</caption>
            <thead>
                <tr>
                    <th scope="col"><span class="visually-hidden">"Field"</span></th>
                    <th scope="col">{left}</th>
                    <th scope="col"><span class="visually-hidden">"How they agree"</span></th>
                    <th scope="col">{right}</th>
                </tr>
            </thead>
            <tbody>{rows.collect_view()}</tbody>
        </table>
    }
    .into_any()
}

fn values(values: Vec<Value>) -> AnyView {
    if values.is_empty() {
        return view! { <span class="muted">"–"</span> }.into_any();
    }
    let lines = values.into_iter().map(|pieces| {
        let pieces = pieces.into_iter().map(|(text, differs)| {
            let text = text.reveal().to_owned();
            if differs { view! { <mark class="differs">{text}</mark> }.into_any() } else { text.into_any() }
        });
        view! { <bdi class="compare-value">{pieces.collect_view()}</bdi> }
    });
    lines.collect_view().into_any()
}

/// One step of the evidence, in thousandths of the picture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Weight {
    /// What it is about.
    pub words: String,
    /// What it is worth: `+9.6`.
    pub figure: String,
    /// Where the bar begins.
    pub from: u16,
    /// Where it ends.
    pub to: u16,
    /// It speaks for one person.
    pub is_for: bool,
    /// The sum of all.
    pub is_sum: bool,
}

/// The evidence from before looking to the sum. `lines` are where a person looks at it and where Assay links by itself.
#[component]
pub fn Waterfall(
    /// What it is the evidence of.
    #[prop(into)]
    label: String,
    /// From the first.
    steps: Vec<Weight>,
    /// In thousandths.
    lines: [u16; 2],
) -> AnyView {
    let steps = steps.into_iter().map(move |step| {
        let (start, end) = (step.from.min(step.to), step.from.max(step.to));
        let bar = match (step.is_sum, step.is_for) {
            (true, _) => "weight weight-sum",
            (false, true) => "weight weight-for",
            (false, false) => "weight weight-against",
        };
        let at = |n: u16| percent(n.into(), 1_000);
        view! {
            <li class="evidence-line">
                <span class="evidence-words">{step.words}</span>
                <svg class="evidence-bar" width="100%" height="12" aria-hidden="true">
                    <rect class=bar x=at(start) y="2" width=at((end - start).max(3)) height="8"></rect>
                    <line class="weight-line weight-line-review" x1=at(lines[0]) x2=at(lines[0]) y1="0" y2="12"></line>
                    <line class="weight-line" x1=at(lines[1]) x2=at(lines[1]) y1="0" y2="12"></line>
                </svg>
                <span class="evidence-figure">{step.figure}</span>
            </li>
        }
    });
    view! { <ol class="evidence" aria-label=label>{steps.collect_view()}</ol> }.into_any()
}
