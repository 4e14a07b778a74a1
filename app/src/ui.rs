//! Components that more than one page uses.

use domain::order::OrderState;
use domain::outcome::Outcome;
use domain::words;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_location;
use serde::{Deserialize, Serialize};

use crate::error::AppError;
use crate::icons::Icon;
use crate::when::When;
use crate::{address, text};

/// How something stands; a colour, never alone.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Tone {
    /// As it should be.
    Ok,
    /// Under way.
    Info,
    /// Someone should look.
    Warn,
    /// Wrong.
    Bad,
    /// Nothing happens.
    #[default]
    Idle,
}

impl Tone {
    const fn pill(self) -> &'static str {
        match self {
            Self::Ok => "pill pill-ok",
            Self::Info => "pill pill-info",
            Self::Warn => "pill pill-warn",
            Self::Bad => "pill pill-bad",
            Self::Idle => "pill pill-idle",
        }
    }

    const fn banner(self) -> &'static str {
        match self {
            Self::Ok => "banner banner-ok",
            Self::Info => "banner banner-info",
            Self::Warn => "banner banner-warn",
            Self::Bad => "banner banner-bad",
            Self::Idle => "banner banner-idle",
        }
    }

    const fn icon(self) -> Icon {
        match self {
            Self::Ok => Icon::Check,
            Self::Info => Icon::Clock,
            Self::Warn => Icon::Warning,
            Self::Bad => Icon::Cross,
            Self::Idle => Icon::Pause,
        }
    }
}

/// A word with a shape and a colour.
#[component]
pub fn Pill(
    /// Colour.
    tone: Tone,
    /// Shape.
    icon: Icon,
    /// Word.
    #[prop(into)]
    word: String,
) -> impl IntoView {
    view! { <span class=tone.pill()>{icon.view()}<span>{word}</span></span> }
}

/// Where an order stands.
#[component]
pub fn StatePill(
    /// The state.
    state: OrderState,
) -> impl IntoView {
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
    view! { <Pill tone icon word=words::state(state)/> }
}

/// The judgement of a result.
#[component]
pub fn OutcomePill(
    /// The judgement.
    outcome: Outcome,
) -> impl IntoView {
    let (tone, icon) = match outcome {
        Outcome::Pass => (Tone::Ok, Icon::Check),
        Outcome::NeedsReview => (Tone::Warn, Icon::Eye),
        Outcome::Fail => (Tone::Bad, Icon::Cross),
    };
    view! { <Pill tone icon word=words::outcome(outcome)/> }
}

/// One sentence across the page.
#[component]
pub fn Banner(
    /// Colour and shape.
    tone: Tone,
    /// The sentence.
    #[prop(into)]
    sentence: String,
) -> impl IntoView {
    view! { <p class=tone.banner()>{tone.icon().view()}<span>{sentence}</span></p> }
}

/// Title of the page and of the browser's tab.
#[component]
pub fn PageHeader(
    /// What the page shows.
    #[prop(into)]
    title: String,
    /// The organization it belongs to.
    #[prop(optional_no_strip, into)]
    organization: Option<String>,
    /// Beside the title.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let tab = text::title(&title, organization);
    // The server writes the title between its tags as it is given; the browser sets it as text.
    #[cfg(feature = "ssr")]
    let tab = text::escape(&tab);
    view! {
        <Title text=tab/>
        <header class="page-header">
            <h1>{title}</h1>
            {children.map(|children| view! { <div class="page-header-aside">{children()}</div> })}
        </header>
    }
}

/// An instant.
#[component]
pub fn Time(
    /// Finished on the server.
    at: When,
) -> impl IntoView {
    view! { <time class="time" datetime=at.iso.clone() title=at.iso>{at.words}</time> }
}

/// A place that is empty, why, and the next step.
#[component]
pub fn EmptyState(
    /// What is missing.
    #[prop(into)]
    title: String,
    /// Why, and what to do.
    children: Children,
) -> impl IntoView {
    view! {
        <div class="empty">
            <p class="empty-title">{title}</p>
            <p>{children()}</p>
        </div>
    }
}

/// A page body: what the one resource of the page answers, or why it does not.
pub fn page_body<T, V, F>(resource: Resource<Result<T, AppError>>, render: F) -> impl IntoView
where
    F: Fn(T) -> V + Copy + Send + Sync + 'static,
    T: Clone + Send + Sync + Serialize + for<'de> Deserialize<'de> + 'static,
    V: IntoView + 'static,
{
    view! {
        <Transition fallback=|| view! { <p class="loading" role="status">{text::LOADING}</p> }>
            {move || Suspend::new(async move {
                match resource.await {
                    Ok(page) => render(page).into_any(),
                    Err(error) => view! { <ErrorPanel error/> }.into_any(),
                }
            })}
        </Transition>
    }
}

/// Why there is no page, what was not changed, and what to do.
#[component]
pub fn ErrorPanel(
    /// What the server said.
    error: AppError,
) -> impl IntoView {
    let here = use_location();
    let here = here.pathname.get_untracked() + &here.search.get_untracked();
    let sign_in = address::sign_in(&here);
    let (title, sentence) = error_words(&error);
    let signed_out = error == AppError::NotSignedIn;
    let request = match error {
        AppError::Unavailable { request } => request,
        _ => None,
    };
    view! {
        <PageHeader title/>
        <section class="error-panel" role="alert">
            <p>{sentence}</p>
            {request.map(|id| view! { <p>"Request "<code>{id}</code></p> })}
            <p>
                {if signed_out {
                    view! { <a class="button button-primary" href=sign_in rel="external">{text::SIGN_IN}</a> }.into_any()
                } else {
                    view! { <a class="button" href="/" rel="external">"Go to the start page"</a> }.into_any()
                }}
            </p>
        </section>
    }
}

/// Title and sentence of an error.
pub fn error_words(error: &AppError) -> (&'static str, String) {
    match error {
        AppError::NotSignedIn => ("Signed out", "Your session has ended. Nothing was changed.".to_owned()),
        AppError::NotAllowed { needs } => {
            ("Not allowed", format!("This needs {needs}. Nothing was changed; ask a super admin for the role."))
        }
        AppError::NotFound => {
            ("Not found", "There is nothing at this address, or it belongs to another organization.".to_owned())
        }
        AppError::Conflict => {
            ("Someone was first", "It was settled meanwhile. Nothing was changed; load the page again.".to_owned())
        }
        AppError::Changed { why } => ("Someone was first", format!("{why}. Nothing was changed.")),
        AppError::Remote { why } => ("No answer", format!("{why}. Nothing was changed; try again.")),
        AppError::Invalid { why } => ("Not understood", format!("{why}. Nothing was changed.")),
        AppError::Unavailable { .. } => {
            ("Something failed", "The server could not do this now. Nothing was changed; try again.".to_owned())
        }
    }
}
