//! `/o/{slug}/candidates`: who stands where, filtered by the address, fifty a page.

use domain::Personal;
use domain::order::OrderState;
use domain::outcome::Outcome;
use leptos::prelude::*;

use crate::error::AppError;
use crate::icons::Icon;
use crate::markup::{Markup, PreEscaped, Render as _, html, slot};
use crate::page::{page_body, path_param, query};
use crate::text;
use crate::ui::{
    Banner, ButtonLink, Chip, Choice, Column, EmptyState, FilterBar, PageHeader, Pager, Score, Select, TableMessage,
    Tone, data_table, outcome_pill, score_bar, state_pill, time,
};
use crate::when::When;

/// The page as data.
#[derive(Clone, Debug, PartialEq)]
pub struct CandidatesView {
    /// For people.
    pub organization: String,
    /// Address of the list without any filter.
    pub list: String,
    /// Names are masked, and so cannot be searched for.
    pub masked: bool,
    /// The person sees their own postings only, and has none.
    pub limited: bool,
    /// What the address asks for and is not applied.
    pub not_understood: Vec<String>,
    /// What is searched for.
    pub search: String,
    /// The day since which they changed, kept while something else is chosen; may be empty.
    pub since: String,
    /// What can be chosen.
    pub choices: Vec<Narrowing>,
    /// What is set.
    pub chips: Vec<Chip>,
    /// Results that need review are asked for.
    pub reviews: bool,
    /// Something is set, or this is not the first page.
    pub narrowed: bool,
    /// The rows.
    pub rows: Vec<CandidateLine>,
    /// How many of how many.
    pub note: String,
    /// Address of the first page, while this is another.
    pub first: Option<String>,
    /// Address of the next page, while there is one.
    pub next: Option<String>,
    /// Address of the file of all that pass the filter.
    pub csv: String,
}

/// One list to choose from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Narrowing {
    /// In the address.
    pub name: String,
    /// What is asked.
    pub label: String,
    /// What is chosen; may be empty.
    pub value: String,
    /// Values and words.
    pub options: Vec<(String, String)>,
}

/// One row.
#[derive(Clone, Debug, PartialEq)]
pub struct CandidateLine {
    /// Address of the candidate's page.
    pub href: String,
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
    /// Its number against the thresholds.
    pub score: Option<Score>,
    /// Address of its report, for those who may open it.
    pub report: Option<String>,
    /// The page in Lever, where a result needs review and the viewer sees names: it is decided there.
    pub lever: Option<String>,
    /// The newest decision and its reason.
    pub why: String,
    /// Last change.
    pub changed: When,
}

/// A page of candidates. `query` is that of the page's address.
pub async fn load_candidates(slug: String, query: String) -> Result<CandidatesView, AppError> {
    use crate::access::{Granted, SEE_ORGANIZATION, require, store};
    let Granted { viewer, organization } = require(SEE_ORGANIZATION, &slug).await?;
    let asked = crate::filter::read(&query, &organization.rules, viewer.sees_masked());
    let (page, count) = if viewer.is_limited() {
        (domain::read::CandidatePage::default(), 0)
    } else {
        let (store, filter) = (store()?, &asked.filter);
        let page = store.candidates(organization.id, filter, domain::read::PAGE).await?;
        let count = match page.total {
            Some(total) => total,
            // A first page that is the last one is counted already.
            None if filter.after.is_none() && page.next.is_none() => i64::try_from(page.rows.len()).unwrap_or(i64::MAX),
            None => store.candidate_count(organization.id, filter, domain::read::COUNTED).await?,
        };
        (page, count)
    };
    Ok(on_server::view(&viewer, &organization, asked, page, count))
}

mod on_server {
    use std::collections::BTreeSet;

    use domain::order::OrderState;
    use domain::outcome::Outcome;
    use domain::ports::store::Organization;
    use domain::read::{COUNTED, CandidateFilter, CandidatePage, CandidateRow};
    use domain::rules::Rules;
    use domain::words;

    use super::{CandidateLine, CandidatesView, Narrowing};
    use crate::access::Viewer;
    use crate::filter::Asked;
    use crate::pages::on_server::{Judged, decision, score, shown_name, stage_name, vendor_name};
    use crate::ui::Chip;
    use crate::when::when;
    use crate::{address, filter, text};

    const OUTCOMES: [Outcome; 3] = [Outcome::Pass, Outcome::NeedsReview, Outcome::Fail];

    pub fn view(
        viewer: &Viewer,
        organization: &Organization,
        asked: Asked,
        page: CandidatePage,
        count: i64,
    ) -> CandidatesView {
        let (rules, filter) = (&organization.rules, asked.filter);
        let list = address::candidates(&rules.slug);
        let first = CandidateFilter { after: None, ..filter.clone() };
        let next = page.next.map(|after| CandidateFilter { after: Some(after), ..filter.clone() });
        CandidatesView {
            organization: rules.name.clone(),
            masked: viewer.sees_masked(),
            limited: viewer.is_limited(),
            not_understood: asked.not_understood,
            search: filter.search.clone().unwrap_or_default(),
            since: filter.since.map(filter::day).unwrap_or_default(),
            choices: choices(rules, &filter),
            chips: chips(rules, &list, &first),
            reviews: filter.outcome == Some(Outcome::NeedsReview),
            narrowed: filter.narrows() || filter.after.is_some(),
            note: format!("{} of {}", page.rows.len(), counted(count)),
            rows: page.rows.into_iter().map(|row| line(viewer, rules, row)).collect(),
            first: filter.after.is_some().then(|| filter::address(&list, &first)),
            next: next.map(|next| filter::address(&list, &next)),
            csv: filter::address(&address::candidates_csv(&rules.slug), &first),
            list,
        }
    }

    /// `1,000+` where the counting ended.
    fn counted(count: i64) -> String {
        if count >= COUNTED.into() { "1,000+".to_owned() } else { count.to_string() }
    }

    fn choices(rules: &Rules, filter: &CandidateFilter) -> Vec<Narrowing> {
        let pair = |value: &str, word: &str| (value.to_owned(), word.to_owned());
        let list = |name: &str, label: &str, value: Option<&str>, options| Narrowing {
            name: name.to_owned(),
            label: label.to_owned(),
            value: value.unwrap_or_default().to_owned(),
            options,
        };
        let mut seen = BTreeSet::new();
        let stages = rules.triggers.iter().map(|t| &t.stage).filter(|s| seen.insert(s.id.as_str()));
        let stages = stages.map(|s| pair(&s.id, &s.name)).collect();
        let states = OrderState::ALL.into_iter().map(|s| pair(s.as_str(), words::state(s))).collect();
        let outcomes = OUTCOMES.into_iter().map(|o| pair(o.as_str(), words::outcome(o))).collect();
        vec![
            list("state", "State", filter.state.map(OrderState::as_str), states),
            list("outcome", "Outcome", filter.outcome.map(Outcome::as_str), outcomes),
            list("stage", "Stage", filter.stage.as_deref(), stages),
            list("waiting", "Waiting", filter.waiting.then_some("1"), vec![pair("1", "Needs someone")]),
        ]
    }

    fn chips(rules: &Rules, list: &str, filter: &CandidateFilter) -> Vec<Chip> {
        let mut chips = Vec::new();
        let mut chip = |label: &str, value: Option<String>, without: CandidateFilter| {
            let without = filter::address(list, &without);
            chips.extend(value.map(|value| Chip { label: label.to_owned(), value, without }));
        };
        let all = || filter.clone();
        chip("Search", filter.search.clone(), CandidateFilter { search: None, ..all() });
        let state = filter.state.map(|s| words::state(s).to_owned());
        chip("State", state, CandidateFilter { state: None, ..all() });
        let outcome = filter.outcome.map(|o| words::outcome(o).to_owned());
        chip("Outcome", outcome, CandidateFilter { outcome: None, ..all() });
        let stage = filter.stage.as_deref().map(|s| stage_name(rules, s).unwrap_or_else(|| s.to_owned()));
        chip("Stage", stage, CandidateFilter { stage: None, ..all() });
        let waiting = filter.waiting.then(|| "Needs someone".to_owned());
        chip("Waiting", waiting, CandidateFilter { waiting: false, ..all() });
        let since = filter.since.map(filter::day);
        chip("Changed since", since, CandidateFilter { since: None, ..all() });
        chips
    }

    fn line(viewer: &Viewer, rules: &Rules, row: CandidateRow) -> CandidateLine {
        let order = row.order.as_ref();
        let token = order.and_then(|o| o.report_token.as_deref()).filter(|_| !viewer.sees_masked());
        let judged = order.map(|o| Judged {
            stage: &o.stage,
            vendor: &o.vendor,
            posting: o.posting.as_deref(),
            score: o.score,
            band: o.band.as_deref(),
            outcome: o.outcome,
        });
        let review = order.is_some_and(|o| o.outcome == Some(Outcome::NeedsReview));
        CandidateLine {
            href: address::candidate(&rules.slug, &row.opportunity),
            name: shown_name(viewer, &row.name, &row.opportunity),
            stage: stage_name(rules, &row.stage),
            state: order.map(|o| o.state),
            test: order.map(|o| format!("{} · {}", vendor_name(rules, &o.vendor), o.test_name)),
            outcome: order.and_then(|o| o.outcome),
            lever: row.url.filter(|_| review && !viewer.sees_masked()).filter(|url| url.starts_with("https://")),
            score: judged.and_then(|judged| score(rules, &judged)),
            report: token.map(address::report),
            why: row.decision.map_or_else(|| text::NO_DECISION.to_owned(), |d| decision(&d, &rules.timezone)),
            changed: when(row.changed_at, &rules.timezone),
        }
    }

    #[cfg(test)]
    mod tests {
        use super::*;

        #[test]
        fn counting_ends_somewhere() {
            for (count, words) in [(0, "0"), (52, "52"), (999, "999"), (1_000, "1,000+")] {
                assert_eq!(counted(count), words);
            }
        }
    }
}

/// The page.
#[component]
pub fn CandidatesPage() -> impl IntoView {
    page_body(load_candidates(path_param("slug"), query()), candidates)
}

fn candidates(page: CandidatesView) -> AnyView {
    if page.limited {
        return view! {
            <PageHeader title=text::CANDIDATES organization=page.organization/>
            <EmptyState title="No candidates for you yet">{text::LIMITED}</EmptyState>
        }
        .into_any();
    }
    let clear = (!page.chips.is_empty()).then(|| page.list.clone());
    let paged = page.first.is_some() || page.next.is_some() || !page.rows.is_empty();
    let said = page.not_understood.into_iter().map(|sentence| view! { <Banner tone=Tone::Warn sentence/> });
    view! {
        <PageHeader title=text::CANDIDATES organization=page.organization>
            // Not a page of the application: the browser loads it.
            <ButtonLink href=page.csv word="Download CSV" icon=Icon::Download attr:rel="external" attr:download=""/>
        </PageHeader>
        {page.masked.then(|| view! { <p class="muted note">{text::MASKED}</p> })}
        {said.collect_view()}
        <FilterBar
            action=page.list.clone() label=if page.masked { "" } else { "Name or e-mail" } name="search" query=page.search
            chips=page.chips clear=clear
        >
            {page.choices.into_iter().map(choice).collect_view()}
            {(!page.since.is_empty()).then(|| view! { <input type="hidden" name="since" value=page.since/> })}
        </FilterBar>
        {page.reviews.then(|| view! { <p class="muted note">{REVIEWS}</p> })}
        {table(page.list, page.narrowed, &page.rows)}
        {paged.then(|| view! { <Pager first=page.first next=page.next note=page.note/> })}
    }
    .into_any()
}

/// What is to be done about results that need review.
const REVIEWS: &str = "These results are neither a pass nor a fail. Read the report, then decide in Lever: move the candidate \
                       on, or archive.";

fn choice(list: Narrowing) -> AnyView {
    let options = list.options.into_iter().map(|(value, word)| Choice::new(value, word)).collect();
    view! {
        <Select
            id=format!("filter-{}", list.name) name=list.name label=list.label options value=list.value
            none="Any".to_owned()
        />
    }
    .into_any()
}

/// About as long as a row is, in bytes.
const LINE: usize = 1_400;

fn table(list: String, narrowed: bool, rows: &[CandidateLine]) -> AnyView {
    let words = ["Candidate", "Status"].map(Column::new).into_iter();
    let columns: Vec<Column> =
        words.chain([Column::number("Score")]).chain(["Outcome", "Why", "Changed"].map(Column::new)).collect();
    let rows = if rows.is_empty() {
        slot(nobody(list, narrowed, columns.len()))
    } else {
        let mut html = String::with_capacity(rows.len() * LINE);
        rows.iter().for_each(|row| line(row).render_to(&mut html));
        PreEscaped(html)
    };
    data_table("Candidates, the latest change first", &columns, &rows)
}

fn nobody(list: String, narrowed: bool, columns: usize) -> AnyView {
    if narrowed {
        return view! {
            <TableMessage columns title="No candidate matches these filters"><a href=list>"Show all candidates"</a></TableMessage>
        }
        .into_any();
    }
    view! {
        <TableMessage columns title="No candidates yet">
            "Candidates appear here when they come into a trigger stage in Lever. Move one there, or wait for the next \
             reconciliation."
        </TableMessage>
    }
    .into_any()
}

fn line(row: &CandidateLine) -> Markup {
    html! {
        tr {
            th scope="row" {
                a href=(row.href) { bdi { (row.name.reveal()) } }
                @if let Some(stage) = &row.stage { span class="cell-note" { (stage) } }
            }
            td data-label="Status" {
                @if let Some(state) = row.state { (state_pill(state)) } @else { span class="muted" { "Nothing sent" } }
                @if let Some(test) = &row.test { span class="cell-note" { (test) } }
            }
            td data-label="Score" class="number" {
                @if let Some(score) = &row.score { (score_bar(score)) } @else { (text::NOTHING) }
            }
            td data-label="Outcome" { (outcome(row)) }
            td data-label="Why" class="why" { (row.why) }
            td data-label="Changed" { (time(&row.changed)) }
        }
    }
}

fn outcome(row: &CandidateLine) -> Markup {
    html! {
        @if let Some(outcome) = row.outcome { (outcome_pill(outcome)) } @else { span class="muted" { (text::NOTHING) } }
        @if let Some(href) = &row.report {
            a class="cell-note link-icon" href=(href) rel="external" { (Icon::Report) "Report" }
        }
        @if let Some(href) = &row.lever {
            a class="cell-note link-icon" href=(href) rel="external noopener" target="_blank" {
                (Icon::Outward) "Decide in Lever" span class="visually-hidden" { " (new tab)" }
            }
        }
    }
}
