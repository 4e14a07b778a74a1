//! What has happened, and how far it is.

use leptos::prelude::*;

use super::icons::Icon;
use super::page::Time;
use super::tone::Tone;
use crate::when::When;

/// One thing that happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Moment {
    /// When.
    pub at: When,
    /// Colour of its mark.
    pub tone: Tone,
    /// What happened.
    pub sentence: String,
    /// Who or what did it, why; may be empty.
    pub note: String,
}

/// What happened, in the order it is given.
#[component]
pub fn Timeline(
    /// In order.
    moments: Vec<Moment>,
) -> AnyView {
    let moments = moments.into_iter().map(|moment| {
        let note = (!moment.note.is_empty()).then(|| view! { <p class="muted">{moment.note}</p> });
        view! {
            <li class="moment">
                <span class=moment.tone.ink()>{moment.tone.icon().view()}</span>
                <div class="moment-words"><p>{moment.sentence}</p>{note}</div>
                <p class="moment-time muted"><Time at=moment.at/></p>
            </li>
        }
    });
    view! { <ol class="moments">{moments.collect_view()}</ol> }.into_any()
}

/// How far one step is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StepState {
    /// Behind.
    Done,
    /// Here.
    Current,
    /// Ahead.
    Ahead,
    /// Needs another look.
    Failed,
}

/// One step of a way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// What is done there.
    pub word: String,
    /// Who did it and when, what is missing; may be empty.
    pub note: String,
    /// How far.
    pub state: StepState,
    /// Its address, where it can be gone to.
    pub href: Option<String>,
}

/// The steps of a way.
#[component]
pub fn Stepper(
    /// Whereto they lead.
    #[prop(into)]
    label: String,
    /// In order.
    steps: Vec<Step>,
) -> AnyView {
    let steps = steps.into_iter().enumerate().map(|(n, step)| {
        let (class, mark, said) = match step.state {
            StepState::Done => ("step step-done", Icon::Check.view(), "done"),
            StepState::Current => ("step step-current", (n + 1).to_string().into_any(), "here"),
            StepState::Ahead => ("step", (n + 1).to_string().into_any(), "ahead"),
            StepState::Failed => ("step step-failed", Icon::Cross.view(), "needs another look"),
        };
        let current = (step.state == StepState::Current).then_some("step");
        let word = match step.href {
            Some(href) => view! { <a href=href aria-current=current>{step.word}</a> }.into_any(),
            None => view! { <span aria-current=current>{step.word}</span> }.into_any(),
        };
        let note = (!step.note.is_empty()).then(|| view! { <span class="step-note">{step.note}</span> });
        view! {
            <li class=class>
                <span class="step-mark" aria-hidden="true">{mark}</span>
                <span class="step-words">{word}<span class="visually-hidden">{format!(", {said}")}</span>{note}</span>
            </li>
        }
    });
    view! { <nav aria-label=label><ol class="stepper">{steps.collect_view()}</ol></nav> }.into_any()
}

/// How much of a work is done. Without `of` nobody knows how much there is.
#[component]
pub fn Progress(
    /// Unique on the page.
    #[prop(into)]
    id: String,
    /// The work.
    #[prop(into)]
    label: String,
    /// Done.
    #[prop(optional)]
    done: u64,
    /// In all.
    #[prop(optional_no_strip, into)]
    of: Option<u64>,
) -> AnyView {
    let words = match of {
        Some(of) => format!("{done} of {of}"),
        None => "under way".to_owned(),
    };
    let (max, value) = (of.map(|of| of.max(1).to_string()), of.map(|_| done.to_string()));
    view! {
        <div class="progress">
            <label for=id.clone()>{label}</label>
            <span class="muted">{words}</span>
            <progress id=id max=max value=value></progress>
        </div>
    }
    .into_any()
}
