//! Where something stands, in a word with a shape and a colour.

use domain::order::OrderState;
use domain::outcome::Outcome;
use domain::words;
use leptos::prelude::*;

use super::icons::Icon;
use super::tone::Tone;
use crate::markup::{Markup, finished, html};

/// A word with a shape and a colour.
pub(crate) fn pill(tone: Tone, icon: Icon, word: &str) -> Markup {
    html! { span class=(tone.pill()) { (icon) span { (word) } } }
}

/// Where an order stands.
pub(crate) fn state_pill(state: OrderState) -> Markup {
    let (tone, icon) = match state {
        OrderState::Planned | OrderState::Sending => (Tone::Idle, Icon::Clock),
        OrderState::SendUnknown => (Tone::Warn, Icon::Question),
        OrderState::Invited => (Tone::Info, Icon::Envelope),
        OrderState::Started => (Tone::Info, Icon::Play),
        OrderState::Submitted => (Tone::Info, Icon::Half),
        OrderState::Completed => (Tone::Ok, Icon::Check),
        OrderState::Expired => (Tone::Idle, Icon::Clock),
        OrderState::Declined | OrderState::Cancelled => (Tone::Idle, Icon::Dash),
        OrderState::Failed => (Tone::Bad, Icon::Cross),
    };
    pill(tone, icon, words::state(state))
}

/// The judgement of a result.
pub(crate) fn outcome_pill(outcome: Outcome) -> Markup {
    let (tone, icon) = match outcome {
        Outcome::Pass => (Tone::Ok, Icon::Check),
        Outcome::NeedsReview => (Tone::Warn, Icon::Eye),
        Outcome::Fail => (Tone::Bad, Icon::Cross),
    };
    pill(tone, icon, words::outcome(outcome))
}

/// [`pill`] in a view.
#[component]
pub fn Pill(
    /// Colour.
    tone: Tone,
    /// Shape.
    icon: Icon,
    /// Word.
    #[prop(into)]
    word: String,
) -> AnyView {
    finished(pill(tone, icon, &word))
}

/// [`state_pill`] in a view.
#[component]
pub fn StatePill(
    /// The state.
    state: OrderState,
) -> AnyView {
    finished(state_pill(state))
}

/// [`outcome_pill`] in a view.
#[component]
pub fn OutcomePill(
    /// The judgement.
    outcome: Outcome,
) -> AnyView {
    finished(outcome_pill(outcome))
}
