//! `/o/{slug}/reviews/history`: what was decided about results from outside, by whom, how long it took, and the way back.

use domain::Personal;
use leptos::prelude::*;
use server_fn::ServerFn as _;

use super::calls::UndoReview;
use crate::error::AppError;
use crate::icons::Icon;
use crate::page::{page_body, path_param, query_param, refusal};
use crate::ui::{Button, Cell, Column, Crumb, DataTable, EmptyState, PageHeader, Pager, RowHead, Tab, Tabs, Time};
use crate::when::When;
use crate::{address, text};

/// The page as data.
#[derive(Clone, Debug, PartialEq)]
pub struct ReviewHistoryView {
    /// In addresses.
    pub slug: String,
    /// For people.
    pub organization: String,
    /// Nothing but this: the person sees their own postings only.
    pub limited: bool,
    /// Names are masked.
    pub masked: bool,
    /// Waiting, put aside, decided.
    pub tabs: Vec<Tab>,
    /// By people, or by Assay.
    pub kinds: Vec<Tab>,
    /// How far reviewers agree, and how long a decision takes.
    pub figures: String,
    /// Newest first.
    pub rows: Vec<DecisionRow>,
    /// Address of the next page.
    pub next: Option<String>,
    /// Where a decision that is taken back leads.
    pub here: String,
}

/// One decision.
#[derive(Clone, Debug, PartialEq)]
pub struct DecisionRow {
    /// The result.
    pub review: String,
    /// Its version, where this decision can be taken back by the viewer.
    pub version: Option<i64>,
    /// Possibly masked.
    pub name: Personal,
    /// The vendor's name and the test's.
    pub test: String,
    /// Who did what.
    pub what: String,
    /// About whom; possibly masked.
    pub contact: Option<Personal>,
    /// When.
    pub at: When,
    /// How long it took, whether it agrees with the first opinion, who took it back; may be empty.
    pub note: String,
}

/// Decisions, people's or Assay's own. `before` is where a later page begins.
pub async fn load_history(slug: String, by_assay: bool, before: Option<String>) -> Result<ReviewHistoryView, AppError> {
    use crate::access::{SEE_ORGANIZATION, require};
    let granted = require(SEE_ORGANIZATION, &slug).await?;
    on_server::view(&granted, by_assay, before.as_deref()).await
}

mod on_server {
    use std::time::Duration;

    use domain::Personal;
    use domain::incoming::State;
    use domain::read::{MatchFigures, MatchLine};
    use domain::words;

    use super::{DecisionRow, ReviewHistoryView};
    use crate::access::{Granted, SETTLE, clock, reviews_waiting, store};
    use crate::address;
    use crate::error::AppError;
    use crate::pages::on_server::shown_name;
    use crate::pages::reviews::on_server::{cursor, cursor_text, name, tabs, test};
    use crate::ui::Tab;
    use crate::when::when;

    const PAGE: u32 = 50;
    /// Second opinions count for so long.
    const WINDOW: Duration = Duration::from_hours(90 * 24);

    pub async fn view(granted: &Granted, by_assay: bool, before: Option<&str>) -> Result<ReviewHistoryView, AppError> {
        let Granted { viewer, organization } = granted;
        let (slug, page) = (&organization.rules.slug, address::review_history(&organization.rules.slug));
        let kind = |href: String, word: &str, current| Tab { href, word: word.to_owned(), count: None, current };
        let mut view = ReviewHistoryView {
            slug: slug.clone(),
            organization: organization.rules.name.clone(),
            limited: viewer.is_limited(),
            masked: viewer.sees_masked(),
            tabs: Vec::new(),
            kinds: vec![
                kind(page.clone(), "By people", !by_assay),
                kind(format!("{page}?by=assay"), "By Assay itself", by_assay),
            ],
            figures: String::new(),
            rows: Vec::new(),
            next: None,
            here: if by_assay { format!("{page}?by=assay") } else { page.clone() },
        };
        if view.limited {
            return Ok(view);
        }
        let (store, now) = (store()?, clock()?.now());
        let mut found = store.match_history(organization.id, !by_assay, before.and_then(cursor), PAGE + 1).await?;
        let more = found.len() > PAGE as usize;
        found.truncate(PAGE as usize);
        let by = if by_assay { "by=assay&" } else { "" };
        view.next =
            found.last().filter(|_| more).map(|last| format!("{page}?{by}before={}", cursor_text(last.at, last.id)));
        view.tabs = tabs(slug, 2, reviews_waiting());
        let agreement = store.match_figures(organization.id, now.minus(WINDOW)).await?;
        view.figures = figures(agreement, &found);
        view.rows = found.iter().map(|line| row(granted, line)).collect();
        Ok(view)
    }

    /// `Median of these: 4 s. Second opinions of the last 90 days: 3 of 4 agreed with the first.`
    fn figures(agreement: MatchFigures, lines: &[MatchLine]) -> String {
        let mut took: Vec<Duration> = lines.iter().filter_map(|line| line.took).collect();
        took.sort_unstable();
        let median =
            took.get(took.len() / 2).map(|span| format!("Half of these took less than {}. ", words::span(*span)));
        let MatchFigures { second, agreed } = agreement;
        let agreement = match second {
            0 => "No second opinion was asked for in the last 90 days.".to_owned(),
            n => format!("Second opinions of the last 90 days: {agreed} of {n} agreed with the first."),
        };
        format!("{}{agreement}", median.unwrap_or_default())
    }

    fn row(granted: &Granted, line: &MatchLine) -> DecisionRow {
        let (viewer, rules) = (&granted.viewer, &granted.organization.rules);
        let standing = &line.incoming.standing;
        let is_in_force = standing.decision == Some(line.id) && line.reverted.is_none();
        let is_over = matches!(standing.state, State::Linked | State::Left | State::Review);
        let who = line.who.as_deref().unwrap_or("Assay");
        let contact = line.contact.as_ref().map(|name| shown_name(viewer, name, &line.id.to_string()));
        DecisionRow {
            review: line.incoming.id.to_string(),
            version: (viewer.may(SETTLE) && is_in_force && is_over).then_some(line.incoming.version),
            name: name(viewer, &line.incoming),
            test: test(rules, &line.incoming),
            what: format!("{who} {}", words::match_act(line.act)),
            contact: contact.filter(|name: &Personal| !name.is_blank()),
            at: when(line.at, &rules.timezone),
            note: note(line, &rules.timezone),
        }
    }

    fn note(line: &MatchLine, zone: &str) -> String {
        let took = line.took.map(|span| format!("took {}", words::span(span)));
        let agreed = line.agreed.map(|agreed| {
            if agreed { "agrees with the first opinion" } else { "differs from the first opinion" }.to_owned()
        });
        let reverted =
            line.reverted.as_ref().map(|(who, at)| format!("taken back by {who}, {}", when(*at, zone).words));
        took.into_iter().chain(agreed).chain(reverted).collect::<Vec<_>>().join("; ")
    }
}

/// The page.
#[component]
pub fn ReviewHistoryPage() -> impl IntoView {
    let by_assay = query_param("by").is_some_and(|by| by == "assay");
    page_body(load_history(path_param("slug"), by_assay, query_param("before")), history)
}

/// Heads of the columns.
const HEADS: [&str; 4] = ["Result of", "Decision", "When", "Action"];

fn history(page: ReviewHistoryView) -> AnyView {
    let crumbs = vec![Crumb::new(text::REVIEWS, address::reviews(&page.slug))];
    let organization = page.organization.clone();
    if page.limited {
        return view! {
            <PageHeader title="Decided" organization crumbs/>
            <EmptyState title="No reviews for you">{text::LIMITED}</EmptyState>
        }
        .into_any();
    }
    view! {
        <PageHeader title="Decided" organization crumbs note=page.figures.clone()/>
        {refusal(&[UndoReview::PATH])}
        {page.masked.then(|| view! { <p class="muted note">{text::MASKED}</p> })}
        <Tabs label="Reviews" tabs=page.tabs.clone()/>
        <Tabs label="Who decided" tabs=page.kinds.clone()/>
        {body(page)}
    }
    .into_any()
}

fn body(page: ReviewHistoryView) -> AnyView {
    if page.rows.is_empty() {
        return view! {
            <EmptyState title="Nothing was decided yet" icon=Icon::Clock>"Every decision appears here, with the way back."</EmptyState>
        }
        .into_any();
    }
    let (slug, here) = (page.slug, page.here);
    let rows = page.rows.into_iter().map(|row| line(&slug, &here, row)).collect_view();
    view! {
        <DataTable caption="Decisions, newest first" columns=HEADS.map(Column::new).into()>{rows}</DataTable>
        {page.next.map(|next| view! { <Pager next=next note="Newest first"/> })}
    }
    .into_any()
}

fn line(slug: &str, here: &str, row: DecisionRow) -> AnyView {
    let contact = row.contact.map(|name| view! { ": "<bdi>{name.reveal().to_owned()}</bdi> });
    let back = row.version.map(|version| {
        let fields = [
            ("slug", slug.to_owned()),
            ("review", row.review.clone()),
            ("version", version.to_string()),
            ("back", here.to_owned()),
        ];
        let fields = fields.map(|(name, value)| view! { <input type="hidden" name=name value=value/> });
        view! {
            <form method="post" action=UndoReview::PATH>
                {fields.into_iter().collect_view()}
                <Button word="Take back" icon=Icon::Undo small=true/>
            </form>
        }
    });
    let note = (!row.note.is_empty()).then(|| view! { <span class="cell-note">{row.note}</span> });
    let href = address::review(slug, &row.review);
    view! {
        <tr>
            <RowHead><a href=href><bdi>{row.name.reveal().to_owned()}</bdi></a><span class="cell-note">{row.test}</span></RowHead>
            <Cell label=HEADS[1]>{row.what}{contact}{note}</Cell>
            <Cell label=HEADS[2]><Time at=row.at/></Cell>
            <Cell label=HEADS[3]>{back}</Cell>
        </tr>
    }
    .into_any()
}
