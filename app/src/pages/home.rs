//! `/o/{slug}`: how one organization is doing. One sentence on health, then what needs someone, then what became of the
//! orders of the last 30 days, the results of the last six weeks, the deliveries of the last day, and the latest decisions.

use std::time::Duration;

use domain::Personal;
use leptos::prelude::*;
use leptos_router::components::A;

use crate::error::AppError;
use crate::page::{page_body, path_param};
use crate::ui::{
    Banner, Bar, EmptyState, Funnel, FunnelStep, PageHeader, Pill, Series, StackedBars, StateStrip, StripCell, Time,
    Tone,
};
use crate::when::When;
use crate::{address, text};

/// How far the funnel looks back.
pub const WINDOW: Duration = Duration::from_hours(30 * 24);
/// So many days have a bar, today's included.
pub const DAYS: i64 = 42;

/// The page as data, in finished words.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct HomeView {
    /// In addresses.
    pub slug: String,
    /// For people.
    pub name: String,
    /// Names are masked.
    pub masked: bool,
    /// Nothing but this: the person sees their own postings only, and has none.
    pub limited: bool,
    /// What to do first, while it is not live, or nothing has come from Lever yet.
    pub first: Option<first::First>,
    /// Colour of the sentence.
    pub tone: Tone,
    /// Health in one sentence.
    pub health: String,
    /// When the last delivery came.
    pub last_delivery: Option<When>,
    /// What needs someone, the most urgent first.
    pub needs: Vec<Need>,
    /// Invited, started, completed, written.
    pub funnel: [u64; 4],
    /// Results by day in a sentence; empty while there are none.
    pub results: String,
    /// Each day with its results that passed, are to be reviewed, failed.
    pub days: Vec<(String, [u64; 3])>,
    /// Deliveries of the last day in a sentence.
    pub deliveries: String,
    /// Its hours.
    pub hours: Vec<StripCell>,
    /// Newest first.
    pub decisions: Vec<DecisionLine>,
}

/// One thing that needs someone.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Need {
    /// Colour of its pill.
    pub tone: Tone,
    /// Its pill.
    pub word: String,
    /// Where it is seen to: address and words, which may be a name, possibly masked.
    pub link: Option<(String, Personal)>,
    /// What is wrong and what to do, after the link's words.
    pub sentence: String,
    /// Address and words of another place, at the end of the sentence.
    pub place: Option<(String, String)>,
    /// Since when.
    pub since: Option<When>,
    /// Behind the instant; may be empty.
    pub note: String,
}

/// One decision.
#[derive(Clone, Debug, PartialEq)]
pub struct DecisionLine {
    /// Lever's opportunity.
    pub opportunity: String,
    /// Possibly masked.
    pub name: Personal,
    /// Name of the trigger stage.
    pub stage: String,
    /// The vendor's name.
    pub vendor: String,
    /// The decision and its reason.
    pub sentence: String,
    /// When it was made.
    pub at: When,
}

/// The page of one organization.
pub async fn load_home(slug: String) -> Result<HomeView, AppError> {
    use crate::access::{Granted, SEE_ORGANIZATION, clock, require, store};
    let Granted { viewer, organization } = require(SEE_ORGANIZATION, &slug).await?;
    if viewer.is_limited() {
        return Ok(on_server::limited(&organization));
    }
    let (store, now) = (store()?, clock()?.now());
    let found = on_server::Found::of(&*store, &viewer, &organization, now).await?;
    Ok(on_server::view(&viewer, &organization, found, now))
}

mod first;
mod needs;
mod on_server;

/// The page.
#[component]
pub fn HomePage() -> impl IntoView {
    page_body(load_home(path_param("slug")), home)
}

fn home(page: HomeView) -> AnyView {
    if page.limited {
        return view! {
            <PageHeader title=text::HOME organization=page.name/>
            <EmptyState title="No candidates for you yet">{text::LIMITED}</EmptyState>
        }
        .into_any();
    }
    view! {
        <PageHeader title=page.name>
            {page.last_delivery.map(|at| view! { <p class="muted">"Last event from Lever "<Time at/></p> })}
        </PageHeader>
        <Banner tone=page.tone sentence=page.health/>
        {page.masked.then(|| view! { <p class="muted note">{text::MASKED}</p> })}
        {page.first.map(first::view)}
        {(!page.needs.is_empty()).then(|| needs(page.needs))}
        {section("funnel", "Orders of the last 30 days", funnel(page.funnel))}
        {section("results", "Results by day", results(page.results, page.days))}
        {section("deliveries", "Deliveries of the last 24 hours", deliveries(page.deliveries, page.hours))}
        {section("decisions", "Recent decisions", decisions(&page.slug, page.decisions))}
    }
    .into_any()
}

fn section(id: &'static str, title: &'static str, body: AnyView) -> AnyView {
    view! { <section class="section" aria-labelledby=id><h2 id=id>{title}</h2>{body}</section> }.into_any()
}

fn needs(needs: Vec<Need>) -> AnyView {
    let rows = needs.into_iter().map(|need| {
        let link = need.link.map(|(href, words)| view! { <A href>{words.reveal().to_owned()}</A> });
        let place = need.place.map(|(href, words)| view! { <A href>{words}</A>"." });
        let note = need.note;
        view! {
            <li class="row">
                <Pill tone=need.tone icon=need.tone.icon() word=need.word/>
                <p class="row-main">{link}{need.sentence}{place}</p>
                {need.since.map(|at| view! { <p class="row-aside muted">"since "<Time at/>{note}</p> })}
            </li>
        }
    });
    section("waiting", "Needs someone", view! { <ul class="rows">{rows.collect_view()}</ul> }.into_any())
}

fn funnel(counts: [u64; 4]) -> AnyView {
    let words = ["Invited", "Started", "Completed", "Written to Lever"];
    let steps = words.into_iter().zip(counts);
    let steps = steps.map(|(word, count)| FunnelStep { word: word.to_owned(), count, href: None });
    view! { <Funnel label="From the invitation to the note in Lever" steps=steps.collect()/> }.into_any()
}

fn results(words: String, days: Vec<(String, [u64; 3])>) -> AnyView {
    if days.is_empty() {
        return view! { <p class="muted">"No result came in the last six weeks."</p> }.into_any();
    }
    let kinds = [("Pass", Tone::Ok), ("Needs review", Tone::Warn), ("Fail", Tone::Bad)];
    let series = kinds.map(|(word, tone)| Series { word: word.to_owned(), tone });
    let bars = days.into_iter().map(|(label, counts)| Bar { label, counts: counts.into() });
    view! { <StackedBars id="days" title="Results by day and outcome" words series=series.into() bars=bars.collect()/> }
        .into_any()
}

fn deliveries(words: String, hours: Vec<StripCell>) -> AnyView {
    view! { <p class="muted">{words}</p><StateStrip label="Deliveries, last 24 hours" cells=hours unfold=true/> }
        .into_any()
}

fn decisions(slug: &str, lines: Vec<DecisionLine>) -> AnyView {
    if lines.is_empty() {
        return view! {
            <EmptyState title="No decisions yet">
                "A decision is made when a candidate comes into a trigger stage in Lever. Each is listed here with its reason."
            </EmptyState>
        }
        .into_any();
    }
    let rows = lines.into_iter().map(|line| {
        view! {
            <li class="row">
                <p class="row-main">
                    <A href=address::candidate(slug, &line.opportunity)>{line.name.reveal().to_owned()}</A>
                    " "
                    <span class="muted">{format!("{} · {}", line.stage, line.vendor)}</span>
                    <br/>
                    {line.sentence}
                </p>
                <p class="row-aside muted"><Time at=line.at/></p>
            </li>
        }
    });
    view! { <ul class="rows">{rows.collect_view()}</ul> }.into_any()
}
