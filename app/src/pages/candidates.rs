//! `/o/{slug}/candidates`: who stands where, filtered by the address, fifty a page.

use domain::Personal;
use domain::order::OrderState;
use domain::outcome::Outcome;
use domain::read::{CandidateFilter, Cursor};
use domain::words;
use leptos::prelude::*;
use leptos_router::components::A;
use leptos_router::hooks::use_query_map;
use serde::{Deserialize, Serialize};
use server_fn::codec::Json;

use crate::error::AppError;
use crate::form::SearchForm;
use crate::icons::Icon;
use crate::page::{Sent, page_body};
use crate::ui::{EmptyState, OutcomePill, PageHeader, StatePill, Time};
use crate::when::When;
use crate::{address, filter, text};

/// The page as data.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CandidatesView {
    /// In addresses.
    pub slug: String,
    /// For people.
    pub organization: String,
    /// Names are masked, and so cannot be searched for.
    pub masked: bool,
    /// The person sees their own postings only, and has none.
    pub limited: bool,
    /// The filter that was applied.
    pub filter: CandidateFilter,
    /// The rows.
    pub rows: Vec<CandidateLine>,
    /// Present while there are more.
    pub next: Option<Cursor>,
}

/// One row.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CandidateLine {
    /// Lever's opportunity.
    pub opportunity: String,
    /// Possibly masked.
    pub name: Personal,
    /// Name of the trigger stage it stands in.
    pub stage: Option<String>,
    /// State of the newest order.
    pub state: Option<OrderState>,
    /// Vendor and test of the newest order.
    pub test: Option<String>,
    /// Its judgement.
    pub outcome: Option<Outcome>,
    /// Its number, in words.
    pub score: Option<String>,
    /// Address of its report, for those who may open it.
    pub report: Option<String>,
    /// The newest decision and its reason.
    pub why: String,
    /// Last change.
    pub changed: When,
}

/// A page of candidates.
#[server(prefix = "/app", endpoint = "candidates", input = Json)]
pub async fn load_candidates(slug: String, filter: CandidateFilter) -> Result<Sent<CandidatesView>, AppError> {
    use crate::access::{Granted, SEE_ORGANIZATION, require, store};
    let Granted { viewer, organization } = require(SEE_ORGANIZATION, &slug).await?;
    let filter = on_server::allowed(&viewer, filter);
    let page = if viewer.is_limited() {
        domain::read::CandidatePage::default()
    } else {
        store()?.candidates(organization.id, &filter, domain::read::PAGE).await?
    };
    Sent::of(&on_server::view(&viewer, &organization, filter, page))
}

#[cfg(feature = "ssr")]
mod on_server {
    use domain::ports::store::Organization;
    use domain::read::{CandidateFilter, CandidatePage, CandidateRow};
    use domain::rules::Rules;
    use domain::words;

    use super::{CandidateLine, CandidatesView};
    use crate::access::Viewer;
    use crate::pages::on_server::{shown_name, stage_name, vendor_name};
    use crate::when::when;
    use crate::{address, filter, text};

    /// Someone who sees masked names could find them by searching, so their search is dropped.
    pub fn allowed(viewer: &Viewer, asked: CandidateFilter) -> CandidateFilter {
        let search = asked.search.filter(|_| !viewer.sees_masked());
        CandidateFilter { search: search.map(|s| s.chars().take(filter::LONGEST_SEARCH).collect()), ..asked }
    }

    pub fn view(
        viewer: &Viewer,
        organization: &Organization,
        filter: CandidateFilter,
        page: CandidatePage,
    ) -> CandidatesView {
        let rules = &organization.rules;
        CandidatesView {
            slug: rules.slug.clone(),
            organization: rules.name.clone(),
            masked: viewer.sees_masked(),
            limited: viewer.is_limited(),
            filter,
            rows: page.rows.into_iter().map(|row| line(viewer, rules, row)).collect(),
            next: page.next,
        }
    }

    fn line(viewer: &Viewer, rules: &Rules, row: CandidateRow) -> CandidateLine {
        let order = row.order.as_ref();
        let token = order.and_then(|o| o.report_token.as_deref()).filter(|_| !viewer.sees_masked());
        CandidateLine {
            name: shown_name(viewer, &row.name, &row.opportunity),
            stage: stage_name(rules, &row.stage),
            state: order.map(|o| o.state),
            test: order.map(|o| format!("{} · {}", vendor_name(rules, &o.vendor), o.test_name)),
            outcome: order.and_then(|o| o.outcome),
            score: order.and_then(|o| o.score).map(text::score),
            report: token.map(address::report),
            why: row.decision.map_or_else(|| text::NO_DECISION.to_owned(), |d| words::decision(&d.decision)),
            changed: when(row.changed_at, &rules.timezone),
            opportunity: row.opportunity,
        }
    }
}

/// The page.
#[component]
pub fn CandidatesPage() -> impl IntoView {
    let slug = super::path_param("slug");
    let query = use_query_map();
    let asked = Memo::new(move |_| query.with(|q| filter::from_query(|name| q.get(name))));
    page_body(move || LoadCandidates { slug: slug.get(), filter: asked.get() }, candidates)
}

fn candidates(page: CandidatesView) -> impl IntoView {
    let list = address::candidates(&page.slug);
    let body = match (page.limited, page.rows.is_empty()) {
        (true, _) => view! { <EmptyState title="No candidates for you yet">{text::LIMITED}</EmptyState> }.into_any(),
        (false, true) => nobody(&list, &page.filter).into_any(),
        (false, false) => view! { <Table slug=page.slug rows=page.rows/> }.into_any(),
    };
    let first = CandidateFilter { after: None, ..page.filter.clone() };
    let first = page.filter.after.is_some().then(|| filter::address(&list, &first));
    let next = page.next.map(|after| CandidateFilter { after: Some(after), ..page.filter.clone() });
    let next = next.map(|next| filter::address(&list, &next));
    let pager = (first.is_some() || next.is_some()).then(|| {
        view! {
            <nav class="pager" aria-label="Pages">
                {first.map(|href| view! { <A href>"First page"</A> })}
                {next.map(|href| view! { <A href>"Next fifty"</A> })}
            </nav>
        }
    });
    view! {
        <PageHeader title=text::CANDIDATES organization=page.organization/>
        {page.masked.then(|| view! { <p class="muted note">{text::MASKED}</p> })}
        {(!page.limited).then(|| view! { <Filters list=list.clone() filter=page.filter.clone() masked=page.masked/> })}
        {body}
        {pager}
    }
}

fn nobody(list: &str, filter: &CandidateFilter) -> impl IntoView + use<> {
    let list = list.to_owned();
    if filter::is_narrowed(filter) || filter.after.is_some() {
        view! {
            <EmptyState title="No candidate matches these filters">
                <A href=list>"Show all candidates"</A>
            </EmptyState>
        }
        .into_any()
    } else {
        view! {
            <EmptyState title="No candidates yet">
                "Candidates appear here when they come into a trigger stage in Lever. Move one there, or wait for the next \
                 reconciliation."
            </EmptyState>
        }
        .into_any()
    }
}

#[component]
fn Filters(list: String, filter: CandidateFilter, masked: bool) -> impl IntoView {
    let outcomes = [Outcome::Pass, Outcome::NeedsReview, Outcome::Fail];
    let (state, outcome) = (filter.state, filter.outcome);
    let states = OrderState::ALL.into_iter().map(move |s| (s.as_str(), words::state(s), state == Some(s)));
    let judged = outcomes.into_iter().map(move |o| (o.as_str(), words::outcome(o), outcome == Some(o)));
    let clear = filter::is_narrowed(&filter).then(|| list.clone());
    let search = filter.search.unwrap_or_default();
    view! {
        <SearchForm action=list>
            {(!masked).then(|| view! {
                <label class="field">
                    <span>"Name or e-mail"</span>
                    // The attribute is for the page as sent; the property also undoes what was typed.
                    <input type="search" name="search" value=search.clone() prop:value=search autocomplete="off"/>
                </label>
            })}
            <Choice name="state" label="State" options=states.collect()/>
            <Choice name="outcome" label="Outcome" options=judged.collect()/>
            <button class="button">{Icon::Search.view()}"Filter"</button>
            {clear.map(|list| view! { <A href=list attr:class="button button-quiet">"Clear"</A> })}
        </SearchForm>
    }
}

#[component]
fn Choice(name: &'static str, label: &'static str, options: Vec<(&'static str, &'static str, bool)>) -> impl IntoView {
    let any = !options.iter().any(|(_, _, chosen)| *chosen);
    let options = options.into_iter().map(|(value, word, chosen)| {
        view! { <option value=value selected=chosen prop:selected=chosen>{word}</option> }
    });
    view! {
        <label class="field">
            <span>{label}</span>
            <select name=name>
                <option value="" prop:selected=any>"Any"</option>
                {options.collect_view()}
            </select>
        </label>
    }
}

#[component]
fn Table(slug: String, rows: Vec<CandidateLine>) -> impl IntoView {
    view! {
        <div class="table-frame">
            <table class="table">
                <caption class="visually-hidden">"Candidates, the latest change first"</caption>
                <thead>
                    <tr>
                        <th scope="col">"Candidate"</th>
                        <th scope="col">"Status"</th>
                        <th scope="col" class="number">"Score"</th>
                        <th scope="col">"Outcome"</th>
                        <th scope="col">"Why"</th>
                        <th scope="col">"Changed"</th>
                    </tr>
                </thead>
                <tbody>{rows.into_iter().map(|row| line(&slug, row)).collect_view()}</tbody>
            </table>
        </div>
    }
}

fn line(slug: &str, row: CandidateLine) -> impl IntoView + use<> {
    view! {
        <tr>
            <th scope="row">
                <A href=address::candidate(slug, &row.opportunity)>{row.name.reveal().to_owned()}</A>
                {row.stage.map(|stage| view! { <span class="cell-note">{stage}</span> })}
            </th>
            <td data-label="Status">
                {match row.state {
                    Some(state) => view! { <StatePill state/> }.into_any(),
                    None => view! { <span class="muted">"Nothing sent"</span> }.into_any(),
                }}
                {row.test.map(|test| view! { <span class="cell-note">{test}</span> })}
            </td>
            <td data-label="Score" class="number">{row.score.unwrap_or_else(|| text::NOTHING.to_owned())}</td>
            <td data-label="Outcome">
                {match row.outcome {
                    Some(outcome) => view! { <OutcomePill outcome/> }.into_any(),
                    None => view! { <span class="muted">{text::NOTHING}</span> }.into_any(),
                }}
                {row.report.map(|href| view! {
                    <a class="cell-note link-icon" href=href rel="external">{Icon::Report.view()}"Report"</a>
                })}
            </td>
            <td data-label="Why" class="why">{row.why}</td>
            <td data-label="Changed"><Time at=row.changed/></td>
        </tr>
    }
}
