//! `/o/{slug}/jobs`: what there is to do, what is being done, and what failed for good.

use domain::job::Work;
use domain::words;
use leptos::prelude::*;
use server_fn::ServerFn as _;

use super::{Said, Who, said, who};
use crate::error::AppError;
use crate::icons::Icon;
use crate::page::{page_body, path_param, query};
use crate::text;
use crate::ui::{
    Button, ButtonLink, Cell, Choice, Column, DataTable, EmptyState, FilterBar, PageHeader, Pager, RowHead, Select,
    Tab, Tabs, Time,
};
use crate::when::When;

/// The page as data.
#[derive(Clone, Debug, PartialEq)]
pub struct JobsView {
    /// In addresses.
    pub slug: String,
    /// For people.
    pub organization: String,
    /// Names are masked.
    pub masked: bool,
    /// How the queue stands, in a sentence.
    pub queue: String,
    /// A tab for each state.
    pub tabs: Vec<Tab>,
    /// Address of the list.
    pub list: String,
    /// Name of the state that is shown.
    pub state: String,
    /// The kind that is filtered for; may be empty.
    pub kind: String,
    /// Address of the state's list without the kind, while it is filtered for.
    pub clear: Option<String>,
    /// What the instant of a row is.
    pub instant: String,
    /// The rows.
    pub rows: Vec<JobLine>,
    /// Why there are none: title and sentence.
    pub nothing: (String, String),
    /// That there are none is good.
    pub good: bool,
    /// The viewer may try the jobs of this state again.
    pub may_retry: bool,
    /// The button for all of them; may be empty.
    pub retry_all: String,
    /// Address of the first page, while this is another.
    pub first: Option<String>,
    /// Address of the next page, while there is one.
    pub next: Option<String>,
    /// What came of a form.
    pub said: Option<Said>,
}

/// One row.
#[derive(Clone, Debug, PartialEq)]
pub struct JobLine {
    /// Row id.
    pub id: String,
    /// What it does.
    pub work: String,
    /// At or for which vendor, where it says so; may be empty.
    pub vendor: String,
    /// Whom it is about.
    pub who: Option<Who>,
    /// How far away the instant is.
    pub distance: String,
    /// When it is due, held until, or ended.
    pub at: When,
    /// How often it ran and failed.
    pub runs: String,
    /// Why the last run failed; may be empty.
    pub error: String,
}

/// A page of jobs; `query` is that of the address.
pub async fn load_jobs(slug: String, query: String) -> Result<JobsView, AppError> {
    use crate::access::{SEE_TRAFFIC, require};
    let granted = require(SEE_TRAFFIC, &slug).await?;
    on_server::view(&granted, &crate::query::Query::parse(&query)).await
}

/// Tries a dead or cancelled job again, and leads back to the list of `state` and `kind`.
#[server(prefix = "/app", endpoint = "job-retry")]
pub async fn retry_job(
    slug: String,
    job: String,
    #[server(default)] state: String,
    #[server(default)] kind: String,
) -> Result<(), AppError> {
    use crate::access::{Granted, TRY_AGAIN, desk, require};
    let Granted { organization, .. } = require(TRY_AGAIN, &slug).await?;
    let id = uuid::Uuid::parse_str(&job).map_err(|_| AppError::NotFound.answered())?;
    desk()?.retry(organization.id, id).await?;
    leptos_axum::redirect(&on_server::back(&slug, &state, &kind, 1));
    Ok(())
}

/// Tries all dead jobs again, or those of one kind, and leads back to the dead ones. Returns how many.
#[server(prefix = "/app", endpoint = "jobs-retry-dead")]
pub async fn retry_dead_jobs(slug: String, #[server(default)] kind: String) -> Result<u64, AppError> {
    use crate::access::{Granted, TRY_AGAIN, desk, require};
    let Granted { organization, .. } = require(TRY_AGAIN, &slug).await?;
    let revived = desk()?.retry_dead(organization.id, Some(kind.as_str()).filter(|k| !k.is_empty())).await?;
    leptos_axum::redirect(&on_server::back(&slug, "dead", &kind, revived));
    Ok(revived)
}

#[path = "jobs_on_server.rs"]
mod on_server;

/// The page.
#[component]
pub fn JobsPage() -> impl IntoView {
    page_body(load_jobs(path_param("slug"), query()), jobs)
}

fn jobs(page: JobsView) -> AnyView {
    let organization = page.organization.clone();
    let all = retry_all(&page);
    view! {
        <PageHeader title=text::JOBS organization note=page.queue.clone()>{all}</PageHeader>
        {said(page.said.clone())}
        {page.masked.then(|| view! { <p class="muted note">{text::MASKED}</p> })}
        <Tabs label="Jobs by state" tabs=page.tabs.clone()/>
        {filters(&page)}
        {body(page)}
    }
    .into_any()
}

/// Works without client code, as the button of each row: the answer leads back here.
fn retry_all(page: &JobsView) -> Option<AnyView> {
    (!page.retry_all.is_empty()).then(|| {
        view! {
            <form method="post" action=RetryDeadJobs::PATH>
                <input type="hidden" name="slug" value=page.slug.clone()/>
                <input type="hidden" name="kind" value=page.kind.clone()/>
                <Button word=page.retry_all.clone() icon=Icon::Repeat/>
            </form>
        }
        .into_any()
    })
}

fn filters(page: &JobsView) -> AnyView {
    let kinds = Work::KINDS.map(|kind| Choice::new(kind, words::work(kind)));
    let (state, kind) = (page.state.clone(), page.kind.clone());
    view! {
        <FilterBar action=page.list.clone() label="" clear=page.clear.clone()>
            <input type="hidden" name="state" value=state/>
            <Select id="kind" name="kind" label="What it does" options=kinds.into() value=kind none="Anything".to_owned()/>
        </FilterBar>
    }
    .into_any()
}

fn body(page: JobsView) -> AnyView {
    if page.rows.is_empty() {
        let (title, sentence) = page.nothing;
        let icon = if page.good { Icon::Check } else { Icon::Repeat };
        let action = page.clear.or(page.first).map(|href| view! { <ButtonLink href word="Show all of them"/> });
        return view! {
            <EmptyState title icon>{sentence}</EmptyState>
            {action}
        }
        .into_any();
    }
    let mut columns = vec![
        Column::new("Job"),
        Column::new("Candidate"),
        Column::new(page.instant.clone()),
        Column::new("Runs"),
        Column::new("Last error"),
    ];
    if page.may_retry {
        columns.push(Column::new("Action"));
    }
    let retry = Retry { slug: page.slug, state: page.state, kind: page.kind };
    let retry = page.may_retry.then_some(retry);
    let rows = page.rows.into_iter().map(|row| line(row, &page.instant, retry.as_ref())).collect_view();
    view! {
        <DataTable caption="Jobs of this state" columns>{rows}</DataTable>
        <Pager first=page.first next=page.next/>
    }
    .into_any()
}

/// Where a row's button leads back to.
#[derive(Clone)]
struct Retry {
    slug: String,
    state: String,
    kind: String,
}

fn line(row: JobLine, instant: &str, retry: Option<&Retry>) -> AnyView {
    let vendor = (!row.vendor.is_empty()).then(|| view! { <span class="cell-note">{row.vendor}</span> });
    let button = retry.map(|retry| again(retry, row.id));
    view! {
        <tr>
            <RowHead>{row.work}{vendor}</RowHead>
            <Cell label="Candidate">{who(row.who)}</Cell>
            <Cell label=instant.to_owned()>{row.distance}<span class="cell-note"><Time at=row.at/></span></Cell>
            <Cell label="Runs">{row.runs}</Cell>
            <td data-label="Last error" class="why">{row.error}</td>
            {button}
        </tr>
    }
    .into_any()
}

fn again(retry: &Retry, job: String) -> AnyView {
    let Retry { slug, state, kind } = retry.clone();
    view! {
        <Cell label="Action">
            <form method="post" action=RetryJob::PATH>
                <input type="hidden" name="slug" value=slug/>
                <input type="hidden" name="job" value=job/>
                <input type="hidden" name="state" value=state/>
                <input type="hidden" name="kind" value=kind/>
                <Button word="Try again" small=true/>
            </form>
        </Cell>
    }
    .into_any()
}
