//! What is left after each step.

use leptos::prelude::*;

use super::charts::percent;

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

/// `part` of `whole` in whole percent.
fn rounded(part: u64, whole: u64) -> u128 {
    let whole = u128::from(whole);
    (u128::from(part) * 200 + whole) / (whole * 2)
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
            before => format!("{} % of the step before", rounded(step.count, before)),
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
