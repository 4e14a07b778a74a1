//! What every page has: its title, its states, instants and ids.

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_location;

use super::button::CopyButton;
use super::icons::Icon;
use crate::error::AppError;
use crate::markup::{Markup, finished, html, slot};
use crate::when::When;
use crate::{address, text};

/// A page above this one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Crumb {
    /// Its title.
    pub word: String,
    /// Its address.
    pub href: String,
}

impl Crumb {
    /// A page above this one.
    pub fn new(word: impl Into<String>, href: impl Into<String>) -> Self {
        Self { word: word.into(), href: href.into() }
    }
}

/// The way from the top to this page; the page itself is the title below.
pub(crate) fn breadcrumbs(crumbs: &[Crumb]) -> Markup {
    html! {
        nav class="crumbs" aria-label="Breadcrumbs" {
            ol {
                @for (n, crumb) in crumbs.iter().enumerate() {
                    li { @if n > 0 { (Icon::Right) } a href=(crumb.href) { (crumb.word) } }
                }
            }
        }
    }
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
    /// Below the title: what the page is for; may be empty.
    #[prop(optional, into)]
    note: String,
    /// The way to it; empty at the top.
    #[prop(optional)]
    crumbs: Vec<Crumb>,
    /// Beside the title: buttons, a pill.
    #[prop(optional)]
    children: Option<Children>,
) -> AnyView {
    let tab = text::title(&title, organization);
    // The server writes the title between its tags as it is given; the browser sets it as text.
    #[cfg(feature = "ssr")]
    let tab = text::escape(&tab);
    let header = html! {
        header class="page-header" {
            @if !crumbs.is_empty() { (breadcrumbs(&crumbs)) }
            div class="page-header-title" {
                h1 { bdi { (title) } }
                @if !note.is_empty() { p class="muted" { (note) } }
            }
            @if let Some(children) = children { div class="page-header-aside" { (slot(children())) } }
        }
    };
    view! { <Title text=tab/>{finished(header)} }.into_any()
}

/// An instant.
pub(crate) fn time(at: &When) -> Markup {
    html! { time class="time" datetime=(at.iso) title=(at.iso) { (at.words) } }
}

/// [`time`] in a view.
#[component]
pub fn Time(
    /// Finished on the server.
    at: When,
) -> AnyView {
    finished(time(&at))
}

/// A name for machines, with a button that copies it.
#[component]
pub fn Id(
    /// In full.
    #[prop(into)]
    id: String,
    /// What it is of: "the request id".
    #[prop(into)]
    what: String,
) -> AnyView {
    view! { <span class="id"><code>{id.clone()}</code><CopyButton text=id what/></span> }.into_any()
}

/// A place that is empty, why, and the next step.
#[component]
pub fn EmptyState(
    /// What is missing.
    #[prop(into)]
    title: String,
    /// Above the title.
    #[prop(optional_no_strip, into)]
    icon: Option<Icon>,
    /// The one next step: a button or a link.
    #[prop(optional)]
    action: Option<AnyView>,
    /// Why, and what to do.
    children: Children,
) -> AnyView {
    view! {
        <div class="empty">
            {icon.map(|icon| view! { <span class="empty-icon">{icon.view()}</span> })}
            <p class="empty-title">{title}</p>
            <p>{children()}</p>
            {action.map(|action| view! { <div class="empty-action">{action}</div> })}
        </div>
    }
    .into_any()
}

/// Why there is no page, what was not changed, and what to do. It is the page: it has the title.
#[component]
pub fn ErrorPanel(
    /// What the server said.
    error: AppError,
) -> AnyView {
    let (title, sentence) = error_words(&error);
    view! { <PageHeader title/>{error_box(error, None, sentence)} }.into_any()
}

/// Why a part of a page is missing. The page keeps its title.
#[component]
pub fn ErrorBox(
    /// What the server said.
    error: AppError,
) -> AnyView {
    let (title, sentence) = error_words(&error);
    error_box(error, Some(title), sentence)
}

fn error_box(error: AppError, title: Option<&'static str>, sentence: String) -> AnyView {
    let here = use_location();
    let here = here.pathname.get_untracked() + &here.search.get_untracked();
    let signed_out = error == AppError::NotSignedIn;
    let request = match error {
        AppError::Unavailable { request } => request,
        _ => None,
    };
    let next = match (signed_out, title) {
        (true, _) => view! {
            <a class="button button-primary" href=address::sign_in(&here) rel="external">{text::SIGN_IN}</a>
        }
        .into_any(),
        (false, None) => view! { <a class="button" href="/" rel="external">"Go to the start page"</a> }.into_any(),
        (false, Some(_)) => view! { <a class="button" href=here rel="external">"Load the page again"</a> }.into_any(),
    };
    view! {
        <section class="error-panel" role="alert">
            {title.map(|title| view! { <p class="error-title">{Icon::Cross.view()}{title}</p> })}
            <p>{sentence}</p>
            {request.map(|id| view! { <p class="muted">"Request "<Id id what="the request's id"/></p> })}
            <p>{next}</p>
        </section>
    }
    .into_any()
}

/// Title and sentence of an error.
pub fn error_words(error: &AppError) -> (&'static str, String) {
    match error {
        AppError::NotSignedIn => ("Signed out", "Your session has ended. Nothing was changed.".to_owned()),
        AppError::NotAllowed { needs } => ("Not allowed", format!("This needs {needs}. Nothing was changed.")),
        AppError::NotFound => {
            ("Not found", "There is nothing at this address, or it belongs to another organization.".to_owned())
        }
        AppError::Conflict => {
            ("Someone was first", "It was settled meanwhile. Nothing was changed; load the page again.".to_owned())
        }
        AppError::Changed { why } => ("Someone was first", format!("{why}. Nothing was changed.")),
        AppError::Remote { why } => ("No answer", format!("{why}. Nothing was changed; try again.")),
        AppError::Partly { why } => ("Done, but for one thing", format!("{why}.")),
        AppError::Invalid { why } => ("Not done", format!("{why}. Nothing was changed.")),
        AppError::Unavailable { .. } => {
            ("Something failed", "The server could not do this now. Nothing was changed; try again.".to_owned())
        }
    }
}
