//! How up to date a page is. Both are islands.

use leptos::prelude::*;

/// How the page hears of changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Live {
    /// At once; with the age of the last sign of life in words, such as `2 s ago`.
    On(String),
    /// Not now: the tab is hidden, or someone stopped it.
    Paused,
    /// The connection broke; it is tried again.
    Reconnecting,
}

/// Whether the page is up to date by itself.
#[component]
pub fn LiveState(
    /// How it is; none while nothing listens.
    #[prop(into)]
    live: Signal<Option<Live>>,
) -> AnyView {
    let state = move || {
        live.get().map(|live| {
            let (class, words) = match live {
                Live::On(age) if age.is_empty() => ("live live-on", "Up to date".to_owned()),
                Live::On(age) => ("live live-on", format!("Up to date · {age}")),
                Live::Paused => ("live live-paused", "Updates paused".to_owned()),
                Live::Reconnecting => ("live live-broken", "Reconnecting…".to_owned()),
            };
            view! { <p class=class><span class="live-dot" aria-hidden="true"></span>{words}</p> }.into_any()
        })
    };
    state.into_any()
}

/// Says that there is something newer than what the page shows.
#[component]
pub fn Newer(
    /// There is.
    #[prop(into)]
    newer: Signal<bool>,
    /// Shows it.
    show: Callback<()>,
) -> AnyView {
    let note = move || {
        newer.get().then(|| {
            view! {
                <p class="newer">
                    "Something changed since this was loaded."
                    <button type="button" class="button button-small" on:click=move |_| show.run(())>"Show it"</button>
                </p>
            }
            .into_any()
        })
    };
    view! { <div role="status" class="newer-region">{note}</div> }.into_any()
}
