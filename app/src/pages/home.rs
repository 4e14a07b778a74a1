//! `/o/{slug}`: how one organization is doing. One sentence on health, then what needs someone, then the funnel, then the
//! latest decisions in words.

use std::time::Duration;

use domain::Personal;
use domain::read::HomePage as Figures;
use leptos::prelude::*;
use leptos_router::components::A;
use serde::{Deserialize, Serialize};
use server_fn::codec::Json;

use crate::error::AppError;
use crate::page::{Sent, page_body};
use crate::ui::{Banner, EmptyState, PageHeader, StatePill, Time, Tone};
use crate::when::When;
use crate::{address, text};

/// How far the figures look back.
pub const WINDOW: Duration = Duration::from_secs(7 * 86_400);

/// The page as data.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct HomeView {
    /// In addresses.
    pub slug: String,
    /// For people.
    pub name: String,
    /// Names are masked.
    pub masked: bool,
    /// Nothing but this: the person sees their own postings only, and has none.
    pub limited: bool,
    /// Colour of the sentence.
    pub tone: Tone,
    /// Health in one sentence.
    pub health: String,
    /// When the last delivery came.
    pub last_delivery: Option<When>,
    /// Sends that only a person can settle.
    pub unknown_sends: Vec<UnknownSend>,
    /// Open issues: what is wrong and what to do, and since when.
    pub issues: Vec<IssueLine>,
    /// Jobs that failed for good.
    pub dead_jobs: i64,
    /// Ordered, invited, started, completed, written.
    pub funnel: [i64; 5],
    /// Newest first.
    pub decisions: Vec<DecisionLine>,
}

/// A send that only a person can settle.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct UnknownSend {
    /// Lever's opportunity.
    pub opportunity: String,
    /// Possibly masked.
    pub name: Personal,
    /// The test's name.
    pub test: String,
    /// The vendor's name.
    pub vendor: String,
}

/// One open issue.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct IssueLine {
    /// One cause on one connection.
    pub cause: String,
    /// What is wrong and what to do.
    pub detail: String,
    /// First seen.
    pub opened: When,
    /// How often.
    pub count: i64,
}

/// One decision.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
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

/// How many things need someone.
pub fn waiting(figures: &Figures) -> i64 {
    let listed = figures.unknown_sends.len() + figures.issues.len();
    figures.dead_jobs.saturating_add(i64::try_from(listed).unwrap_or(i64::MAX))
}

/// Health in one sentence.
pub fn health(figures: &Figures, paused: bool) -> (Tone, String) {
    let n = waiting(figures);
    let need = text::count(n, "thing needs someone", "things need someone");
    match (paused, n) {
        (true, 0) => (Tone::Idle, "Paused: nothing is sent until it is resumed.".to_owned()),
        (true, _) => (Tone::Warn, format!("Paused: nothing is sent until it is resumed. {need}.")),
        (false, 0) if figures.last_delivery.is_none() => {
            (Tone::Info, "Waiting for the first event from Lever.".to_owned())
        }
        (false, 0) => (Tone::Ok, "Everything works: nothing needs a person.".to_owned()),
        (false, _) => (Tone::Warn, format!("{need}; everything else works.")),
    }
}

/// The page of one organization.
#[server(prefix = "/app", endpoint = "home", input = Json)]
pub async fn load_home(slug: String) -> Result<Sent<HomeView>, AppError> {
    use crate::access::{Granted, SEE_ORGANIZATION, clock, require, store};
    let Granted { viewer, organization } = require(SEE_ORGANIZATION, &slug).await?;
    let figures = if viewer.is_limited() {
        Figures::default()
    } else {
        store()?.home(organization.id, clock()?.now().minus(WINDOW)).await?
    };
    Sent::of(&on_server::view(&viewer, &organization, figures))
}

#[cfg(feature = "ssr")]
mod on_server {
    use domain::Personal;
    use domain::job::DecisionRecord;
    use domain::ports::store::Organization;
    use domain::read::{CandidateRow, HomePage, OpenIssue};
    use domain::rules::Rules;
    use domain::words;

    use super::{DecisionLine, HomeView, IssueLine, UnknownSend, health};
    use crate::access::Viewer;
    use crate::pages::on_server::{shown_name, stage_name, vendor_name};
    use crate::when::when;

    pub fn view(viewer: &Viewer, organization: &Organization, figures: HomePage) -> HomeView {
        let rules = &organization.rules;
        let (tone, health) = health(&figures, organization.paused);
        HomeView {
            slug: rules.slug.clone(),
            name: rules.name.clone(),
            masked: viewer.sees_masked(),
            limited: viewer.is_limited(),
            tone,
            health,
            last_delivery: figures.last_delivery.map(|at| when(at, &rules.timezone)),
            unknown_sends: figures.unknown_sends.into_iter().map(|row| unknown_send(viewer, rules, row)).collect(),
            issues: figures.issues.into_iter().map(|i| issue(rules, i)).collect(),
            dead_jobs: figures.dead_jobs,
            funnel: [figures.ordered, figures.invited, figures.started, figures.completed, figures.written],
            decisions: figures.decisions.into_iter().map(|(name, d)| decision(viewer, rules, &name, d)).collect(),
        }
    }

    fn unknown_send(viewer: &Viewer, rules: &Rules, row: CandidateRow) -> UnknownSend {
        let name = shown_name(viewer, &row.name, &row.opportunity);
        // Listed because of its order; a row without one still deserves its line.
        let (test, vendor) = row.order.map_or_else(
            || ("a test".to_owned(), "a vendor".to_owned()),
            |order| (order.test_name, vendor_name(rules, &order.vendor)),
        );
        UnknownSend { name, test, vendor, opportunity: row.opportunity }
    }

    fn issue(rules: &Rules, issue: OpenIssue) -> IssueLine {
        let opened = when(issue.opened_at, &rules.timezone);
        IssueLine { cause: issue.cause, detail: issue.detail, opened, count: issue.count }
    }

    fn decision(viewer: &Viewer, rules: &Rules, name: &Personal, record: DecisionRecord) -> DecisionLine {
        DecisionLine {
            name: shown_name(viewer, name, &record.opportunity),
            stage: stage_name(rules, &record.stage).unwrap_or_else(|| "a former trigger stage".to_owned()),
            vendor: vendor_name(rules, &record.vendor),
            sentence: words::decision(&record.decision),
            at: when(record.at, &rules.timezone),
            opportunity: record.opportunity,
        }
    }
}

/// The page.
#[component]
pub fn HomePage() -> impl IntoView {
    let slug = super::path_param("slug");
    page_body(move || LoadHome { slug: slug.get() }, home)
}

fn home(page: HomeView) -> impl IntoView {
    if page.limited {
        return view! {
            <PageHeader title=text::HOME organization=page.name/>
            <EmptyState title="No candidates for you yet">{text::LIMITED}</EmptyState>
        }
        .into_any();
    }
    let (slug, masked) = (page.slug, page.masked);
    let calm = page.unknown_sends.is_empty() && page.issues.is_empty() && page.dead_jobs == 0;
    view! {
        <PageHeader title=page.name.clone()>
            {page.last_delivery.map(|at| view! { <p class="muted">"Last event from Lever "<Time at/></p> })}
        </PageHeader>
        <Banner tone=page.tone sentence=page.health/>
        {masked.then(|| view! { <p class="muted note">{text::MASKED}</p> })}
        {(!calm).then(|| view! {
            <Waiting slug=slug.clone() sends=page.unknown_sends issues=page.issues dead=page.dead_jobs/>
        })}
        <Funnel figures=page.funnel/>
        <Decisions slug lines=page.decisions/>
    }
    .into_any()
}

#[component]
fn Waiting(slug: String, sends: Vec<UnknownSend>, issues: Vec<IssueLine>, dead: i64) -> impl IntoView {
    let sends = sends.into_iter().map(move |send| {
        view! {
            <li class="row">
                <StatePill state=domain::order::OrderState::SendUnknown/>
                <p class="row-main">
                    <A href=address::candidate(&slug, &send.opportunity)>{send.name.reveal().to_owned()}</A>
                    {format!(": did the invitation to {} ({}) arrive?", send.test, send.vendor)}
                </p>
            </li>
        }
    });
    let issues = issues.into_iter().map(|issue| {
        view! {
            <li class="row">
                <crate::ui::Pill tone=Tone::Bad icon=crate::icons::Icon::Cross word="Issue"/>
                <p class="row-main">{issue.detail}</p>
                <p class="row-aside muted">"since "<Time at=issue.opened/>", "{text::count(issue.count, "time", "times")}</p>
            </li>
        }
    });
    let dead = (dead > 0).then(|| {
        view! {
            <li class="row">
                <crate::ui::Pill tone=Tone::Bad icon=crate::icons::Icon::Cross word="Failed"/>
                <p class="row-main">
                    {text::count(dead, "job failed", "jobs failed")}" for good. The log has the cause; the next sweep takes up again what it can."
                </p>
            </li>
        }
    });
    view! {
        <section class="section" aria-labelledby="waiting">
            <h2 id="waiting">"Needs someone"</h2>
            <ul class="rows">{sends.collect_view()}{issues.collect_view()}{dead}</ul>
        </section>
    }
}

#[component]
fn Funnel(figures: [i64; 5]) -> impl IntoView {
    let words = ["Ordered", "Invited", "Started", "Completed", "Written to Lever"];
    let most = figures[0].max(1);
    let steps = words.into_iter().zip(figures).map(move |(word, n)| {
        let width = (n.clamp(0, most) * 100 / most).to_string();
        view! {
            <li class="funnel-step">
                <span class="funnel-word">{word}</span>
                <span class="funnel-number">{n}</span>
                <svg class="funnel-bar" viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true">
                    <rect class="funnel-track" width="100" height="4"></rect>
                    <rect class="funnel-fill" width=width height="4"></rect>
                </svg>
            </li>
        }
    });
    view! {
        <section class="section" aria-labelledby="funnel">
            <h2 id="funnel">"Orders of the last seven days"</h2>
            <ol class="funnel">{steps.collect_view()}</ol>
        </section>
    }
}

#[component]
fn Decisions(slug: String, lines: Vec<DecisionLine>) -> impl IntoView {
    let body = if lines.is_empty() {
        view! {
            <EmptyState title="No decisions yet">
                "A decision is made when a candidate comes into a trigger stage in Lever. Each is listed here with its reason."
            </EmptyState>
        }
        .into_any()
    } else {
        let rows = lines.into_iter().map(|line| {
            view! {
                <li class="row">
                    <p class="row-main">
                        <A href=address::candidate(&slug, &line.opportunity)>{line.name.reveal().to_owned()}</A>
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
    };
    view! {
        <section class="section" aria-labelledby="decisions">
            <h2 id="decisions">"Recent decisions"</h2>
            {body}
        </section>
    }
}

#[cfg(test)]
mod tests {
    use domain::Timestamp;

    use super::*;

    #[test]
    fn health_is_one_sentence_about_what_waits() {
        let calm = Figures { last_delivery: Some(Timestamp::EPOCH), ..Figures::default() };
        assert_eq!(health(&calm, false).0, Tone::Ok);
        assert_eq!(health(&Figures::default(), false).1, "Waiting for the first event from Lever.");
        let dead = Figures { dead_jobs: 1, ..calm.clone() };
        assert_eq!(health(&dead, false), (Tone::Warn, "1 thing needs someone; everything else works.".to_owned()));
        assert_eq!(health(&calm, true).0, Tone::Idle);
        assert!(health(&dead, true).1.starts_with("Paused"));
    }
}
