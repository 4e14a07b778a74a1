//! What to do first: the way to live, until the organization is live, and then until something has come from Lever.

use domain::enablement::missing;
use domain::rules::Rules;
use leptos::prelude::*;

use super::section;
use crate::access::{CONFIGURE, SEE_CONFIGURATION, Viewer};
use crate::{address, text};

/// What to do first, for this viewer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct First {
    /// What is so.
    pub title: &'static str,
    /// Who is next, and with what.
    pub next: String,
    /// Address of [`text::CONNECTIONS`], for those who may see it.
    pub place: Option<String>,
    /// What there is to do.
    pub steps: Steps,
}

/// What there is to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Steps {
    /// To be live; only for those who may see them.
    Live(Vec<LiveStep>),
    /// To hear from Lever.
    Hear,
}

/// One step on the way to live.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LiveStep {
    /// Where it is made.
    pub href: String,
    /// Its name.
    pub word: &'static str,
    /// It is made.
    pub done: bool,
}

/// What to do before it is live.
pub fn before_live(viewer: &Viewer, rules: &Rules, has_key: bool, heard: bool) -> First {
    let next = missing(rules, has_key).map_or("go live", |next| next.trim_end_matches(" first"));
    let next = match (viewer.may(CONFIGURE), viewer.may(SEE_CONFIGURATION)) {
        (true, _) => format!("Nobody is invited until it is live. Next: {next}, at "),
        (_, true) => format!("Nobody is invited until a super admin goes live. Their next step: {next}, at "),
        _ => "Nobody is invited until a super admin has connected it and goes live.".to_owned(),
    };
    let place = viewer.may(SEE_CONFIGURATION).then(|| address::connections(&rules.slug));
    let step =
        |part: &str, word, done| LiveStep { href: format!("{}{part}", address::connections(&rules.slug)), word, done };
    let steps = vec![
        step("#lever", "Lever key", has_key),
        step("#users", "In whose name", !rules.lever.perform_as.is_empty()),
        step("#webhook", "Webhook (optional, and faster)", heard),
        step("#vendors", "Vendor", !rules.vendors.is_empty()),
        LiveStep {
            href: address::triggers(&rules.slug),
            word: text::TRIGGERS,
            done: rules.triggers.iter().any(|t| !t.off),
        },
        step("#live", "Live", false),
    ];
    let steps = Steps::Live(if place.is_some() { steps } else { Vec::new() });
    First { title: "Not live yet", next, place, steps }
}

/// What to do while it is live and nothing has come.
pub fn before_hearing(viewer: &Viewer, rules: &Rules) -> First {
    let place = viewer.may(SEE_CONFIGURATION).then(|| format!("{}#webhook", address::connections(&rules.slug)));
    let next = match place {
        Some(_) => {
            "Trigger stages are looked at every few minutes. With a webhook Lever tells at once; its address is at "
        }
        None => {
            "Trigger stages are looked at every few minutes. With a webhook, which a super admin sets up, Lever tells at once."
        }
    };
    First { title: "Nothing has come from Lever yet", next: next.to_owned(), place, steps: Steps::Hear }
}

/// The section of the page.
pub fn view(first: First) -> AnyView {
    let place = first.place.map(|href| view! { <a href=href>{text::CONNECTIONS}</a>"." });
    let steps = match first.steps {
        Steps::Live(steps) if steps.is_empty() => ().into_any(),
        Steps::Live(steps) => {
            let steps = steps.into_iter().map(live_step).collect_view();
            view! { <ol class="ways" aria-label="The way to live">{steps}</ol> }.into_any()
        }
        Steps::Hear => view! {
            <ol class="first-steps">
                <li>"Enter the webhook address in Lever, for the events on candidates, under Settings, Integrations and API, Webhooks."</li>
                <li>"Press Verify there: the first event arrives here within seconds."</li>
                <li>"Move a candidate into a trigger stage. The decision appears below with its reason."</li>
            </ol>
        }
        .into_any(),
    };
    let body = view! {
        <div class="empty">
            <p class="empty-title">{first.title}</p>
            <p>{first.next}{place}</p>
            {steps}
        </div>
    };
    section("first", "What to do first", body.into_any())
}

fn live_step(step: LiveStep) -> AnyView {
    let (class, said) = if step.done { ("way way-done", "Done: ") } else { ("way", "To do: ") };
    view! { <li class=class><a href=step.href><span class="visually-hidden">{said}</span>{step.word}</a></li> }
        .into_any()
}
