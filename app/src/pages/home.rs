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
    /// Nothing has come from Lever yet: the page says what to do first.
    pub is_new: bool,
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
#[derive(Clone, Debug, PartialEq)]
pub struct Need {
    /// Colour of its pill.
    pub tone: Tone,
    /// Its pill.
    pub word: String,
    /// Where it is seen to: address and words, which may be a name, possibly masked.
    pub link: Option<(String, Personal)>,
    /// What is wrong and what to do, after the link's words.
    pub sentence: String,
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
    let figures = store.home(organization.id, now.minus(WINDOW)).await?;
    let row = store.fleet_row(organization.id, now).await?;
    let days = store.days(organization.id, on_server::days(now)).await?;
    let matches = store.reviews_waiting(&slug, now, on_server::CAP).await?;
    Ok(on_server::view(&viewer, &organization, on_server::Found { figures, row, days, matches }, now))
}

mod on_server {
    use domain::health::{State, assess};
    use domain::job::DecisionRecord;
    use domain::order::OrderState;
    use domain::outcome::Outcome;
    use domain::ports::store::Organization;
    use domain::read::{CandidateFilter, CandidateRow, Day, FleetRow, HomePage, OpenIssue, day_of};
    use domain::rules::Rules;
    use domain::{Personal, Timestamp, words};

    use super::{DAYS, DecisionLine, HomeView, Need};
    use crate::access::Viewer;
    use crate::pages::health::{day, sentence, share, tone};
    use crate::pages::on_server::{shown_name, stage_name, vendor_name};
    use crate::ui::Tone;
    use crate::when::when;
    use crate::{address, filter, text};

    /// What the store knows for the page.
    pub struct Found {
        pub figures: HomePage,
        pub row: FleetRow,
        pub days: Vec<Day>,
        /// Results of which a person has to say whose they are.
        pub matches: i64,
    }

    /// Results that wait are counted no further.
    pub const CAP: u32 = 1_000;

    /// The days with a bar, the last being today in UTC.
    pub fn days(now: Timestamp) -> std::ops::RangeInclusive<i64> {
        let today = day_of(now);
        today - DAYS + 1..=today
    }

    /// Its names alone: all that there is for those who see nothing here.
    pub fn limited(organization: &Organization) -> HomeView {
        let rules = &organization.rules;
        HomeView { slug: rules.slug.clone(), name: rules.name.clone(), limited: true, ..HomeView::default() }
    }

    pub fn view(viewer: &Viewer, organization: &Organization, found: Found, now: Timestamp) -> HomeView {
        let rules = &organization.rules;
        let Found { figures, row, days, matches } = found;
        let health = assess(&row, now);
        let (results, days) = results(&days);
        let (failed, of) = row.day();
        HomeView {
            masked: viewer.sees_masked(),
            is_new: health.state == State::SettingUp,
            tone: tone(health.state),
            health: sentence(&health, &rules.timezone),
            last_delivery: row.last_delivery.map(|at| when(at, &rules.timezone)),
            funnel: [figures.invited, figures.started, figures.completed, figures.written].map(natural),
            results,
            days,
            deliveries: format!("{}; not accepted: {}.", text::count(of, "delivery", "deliveries"), share(failed, of)),
            hours: day(&row.deliveries, &row.failed),
            needs: needs(viewer, rules, figures.unknown_sends, &row, matches),
            decisions: figures.decisions.into_iter().map(|(name, d)| decision(viewer, rules, &name, d)).collect(),
            limited: false,
            ..limited(organization)
        }
    }

    fn natural(n: i64) -> u64 {
        u64::try_from(n).unwrap_or(0)
    }

    /// A sentence on all days, and the days; nothing where no result came.
    fn results(days: &[Day]) -> (String, Vec<(String, [u64; 3])>) {
        let sum = |of: fn(&Day) -> i64| days.iter().map(of).sum::<i64>();
        let (pass, review, fail) = (sum(|d| d.pass), sum(|d| d.review), sum(|d| d.fail));
        if pass + review + fail == 0 {
            return (String::new(), vec![]);
        }
        let said = format!(
            "{} in {DAYS} days: {pass} passed, {review} to be reviewed, {fail} failed. Days are those of UTC.",
            text::count(pass + review + fail, "result", "results")
        );
        let bar = |d: &Day| (words::day(d.day), [d.pass, d.review, d.fail].map(natural));
        (said, days.iter().map(bar).collect())
    }

    fn needs(viewer: &Viewer, rules: &Rules, sends: Vec<CandidateRow>, row: &FleetRow, matches: i64) -> Vec<Need> {
        let unlisted = row.unknown_sends - i64::try_from(sends.len()).unwrap_or(i64::MAX);
        let sends = sends.into_iter().map(|send| unknown_send(viewer, rules, send));
        let issues = row.issues.iter().map(|i| issue(rules, i));
        let counted = |count: i64, one: &str, many: &str, href: String, word: &str, tone, next: &str| {
            (count > 0).then(|| Need {
                tone,
                word: word.to_owned(),
                link: Some((href, Personal::new(text::count(count, one, many)))),
                sentence: next.to_owned(),
                since: None,
                note: String::new(),
            })
        };
        let (slug, review) = (&rules.slug, Outcome::NeedsReview);
        let list = |filter| filter::address(&address::candidates(slug), &filter);
        let state = OrderState::SendUnknown;
        let more_sends = counted(
            unlisted,
            "more invitation",
            "more invitations",
            list(CandidateFilter { state: Some(state), ..CandidateFilter::default() }),
            words::state(state),
            Tone::Warn,
            ": did they arrive?",
        );
        let dead = counted(
            row.dead_jobs,
            "job failed",
            "jobs failed",
            address::dead_jobs(slug),
            "Failed",
            Tone::Bad,
            " for good. Read why, then run it again.",
        );
        let reviews = counted(
            row.reviews,
            "result needs review",
            "results need review",
            list(CandidateFilter { outcome: Some(review), ..CandidateFilter::default() }),
            words::outcome(review),
            Tone::Warn,
            " (last 30 days). Decide about the candidates.",
        );
        let whose = counted(
            matches,
            "result from outside",
            "results from outside",
            address::reviews(slug),
            "Whose is it?",
            Tone::Warn,
            ": whose are they? Only a person can say.",
        );
        sends.chain(more_sends).chain(issues).chain(dead).chain(whose).chain(reviews).collect()
    }

    fn unknown_send(viewer: &Viewer, rules: &Rules, row: CandidateRow) -> Need {
        let name = shown_name(viewer, &row.name, &row.opportunity);
        // Listed because of its order; a row without one still deserves its line.
        let (test, vendor) = row.order.map_or_else(
            || ("a test".to_owned(), "a vendor".to_owned()),
            |order| (order.test_name, vendor_name(rules, &order.vendor)),
        );
        Need {
            tone: Tone::Warn,
            word: words::state(OrderState::SendUnknown).to_owned(),
            link: Some((address::candidate(&rules.slug, &row.opportunity), name)),
            sentence: format!(": did the invitation to {test} ({vendor}) arrive?"),
            since: None,
            note: String::new(),
        }
    }

    /// Where an issue is mended.
    fn mending(slug: &str, cause: &str) -> Option<(String, &'static str)> {
        if let Some((_, opportunity)) = cause.split_once(".status.") {
            return Some((address::candidate(slug, opportunity), "The candidate"));
        }
        if cause.contains(".stage.") || cause.contains(".test.") {
            return Some((address::triggers(slug), text::TRIGGERS));
        }
        let of_connection = [".credential", ".hook"].iter().any(|end| cause.ends_with(end));
        of_connection.then(|| (address::connections(slug), text::CONNECTIONS))
    }

    fn issue(rules: &Rules, issue: &OpenIssue) -> Need {
        let link = mending(&rules.slug, &issue.cause);
        let colon = if link.is_some() { ": " } else { "" };
        Need {
            tone: Tone::Bad,
            word: "Issue".to_owned(),
            link: link.map(|(href, word)| (href, Personal::new(word))),
            sentence: format!("{colon}{}", issue.detail),
            since: Some(when(issue.opened_at, &rules.timezone)),
            note: format!(", {}", text::count(issue.count, "time", "times")),
        }
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

    #[cfg(test)]
    mod tests {
        use super::*;

        #[test]
        fn bars_are_of_six_weeks_and_end_today() {
            let now = Timestamp::from_millis(1_795_262_400_000);
            let mut found: Vec<Day> = days(now).map(|day| Day { day, ..Day::default() }).collect();
            let none = results(&found);
            found[0] = Day { pass: 2, fail: 1, ..found[0] };
            let (said, days) = results(&found);
            assert!(said.starts_with("3 results in 42 days: 2 passed, 0 to be reviewed, 1 failed."), "{said}");
            assert_eq!((days.len(), &days[0], days[41].0.as_str()), (42, &("11 Oct".to_owned(), [2, 0, 1]), "21 Nov"));
            assert_eq!(none, (String::new(), vec![]));
        }
    }
}

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
        {page.is_new.then(first_steps)}
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

/// What to do in an organization from whose Lever account nothing has come.
fn first_steps() -> AnyView {
    let body = view! {
        <div class="empty">
            <p class="empty-title">"Nothing has come from Lever yet"</p>
            <ol class="first-steps">
                <li>
                    "Enter the webhook address in Lever, for the events on candidates, under Settings, Integrations and API, \
                     Webhooks. "<code>"assay org list"</code>" shows the address."
                </li>
                <li>"Press Verify there: the first event arrives here within seconds."</li>
                <li>"Move a candidate into a trigger stage. The decision appears below with its reason."</li>
            </ol>
        </div>
    };
    section("first", "What to do first", body.into_any())
}

fn needs(needs: Vec<Need>) -> AnyView {
    let rows = needs.into_iter().map(|need| {
        let link = need.link.map(|(href, words)| view! { <A href>{words.reveal().to_owned()}</A> });
        let note = need.note;
        view! {
            <li class="row">
                <Pill tone=need.tone icon=need.tone.icon() word=need.word/>
                <p class="row-main">{link}{need.sentence}</p>
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
