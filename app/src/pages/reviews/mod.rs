//! `/o/{slug}/reviews`: results that came from outside and of which only a person can say whose they are. One by one: `item`;
//! what was decided: `history`.

pub mod calls;
pub mod history;
pub mod item;
mod item_on_server;
pub(crate) mod on_server;
mod verdict_form;

use domain::Personal;
use leptos::prelude::*;
use server_fn::ServerFn as _;

use crate::error::AppError;
use crate::icons::Icon;
use crate::page::{page_body, path_param, query_param, refusal};
use crate::ui::{
    ButtonKind, ButtonLink, Cell, Column, DataTable, EmptyState, PageHeader, Pager, RowHead, Tab, Tabs, Time,
    ToastNote, Tone,
};
use crate::when::When;
use crate::{address, text};

/// The list as data.
#[derive(Clone, Debug, PartialEq)]
pub struct ReviewsView {
    /// In addresses.
    pub slug: String,
    /// For people.
    pub organization: String,
    /// Nothing but this: the person sees their own postings only.
    pub limited: bool,
    /// Names are masked.
    pub masked: bool,
    /// What is listed.
    pub tabs: Vec<Tab>,
    /// Those that were put aside are listed.
    pub is_aside: bool,
    /// The longest waiting first.
    pub rows: Vec<ReviewLine>,
    /// Address of the next page.
    pub next: Option<String>,
    /// What was decided just now.
    pub done: Option<Done>,
    /// The viewer may decide.
    pub may_decide: bool,
}

/// One waiting result.
#[derive(Clone, Debug, PartialEq)]
pub struct ReviewLine {
    /// Row id.
    pub id: String,
    /// Possibly masked.
    pub name: Personal,
    /// The vendor's name and the test's.
    pub test: String,
    /// Why a person has to decide.
    pub why: &'static str,
    /// How many it may be.
    pub candidates: usize,
    /// When it came.
    pub since: When,
    /// Who looks at it, or asked for a second person; may be empty.
    pub note: String,
}

/// A decision that can be taken back.
#[derive(Clone, Debug, PartialEq)]
pub struct Done {
    /// The result.
    pub review: String,
    /// Its version.
    pub version: i64,
    /// What was decided.
    pub sentence: String,
}

/// Results that wait. `after` is where a later page begins, `done` the result that was decided just now.
pub async fn load_reviews(
    slug: String,
    aside: bool,
    after: Option<String>,
    done: Option<String>,
) -> Result<ReviewsView, AppError> {
    use crate::access::{SEE_ORGANIZATION, require};
    let granted = require(SEE_ORGANIZATION, &slug).await?;
    on_server::list(&granted, aside, after.as_deref(), done.as_deref()).await
}

/// The page.
#[component]
pub fn ReviewsPage() -> impl IntoView {
    let aside = query_param("show").is_some_and(|show| show == "aside");
    page_body(load_reviews(path_param("slug"), aside, query_param("after"), query_param("done")), reviews)
}

/// Says what was decided just now, with the way back; gone after eight seconds.
pub(crate) fn done_note(slug: &str, done: Option<Done>) -> Option<AnyView> {
    done.map(|done| {
        let fields = [("slug", slug.to_owned()), ("review", done.review), ("version", done.version.to_string())];
        let fields = fields.map(|(name, value)| (name.to_owned(), value)).into();
        let undo = (calls::UndoReview::PATH.to_owned(), fields);
        view! {
            <div class="toasts toasts-sent" role="status">
                <ToastNote tone=Tone::Ok sentence=done.sentence undo keys="z" passing=true/>
            </div>
        }
        .into_any()
    })
}

/// Heads of the columns.
const HEADS: [&str; 5] = ["Result of", "Why a person decides", "May be", "Waits since", "Now"];

fn reviews(page: ReviewsView) -> AnyView {
    let organization = page.organization.clone();
    if page.limited {
        return view! {
            <PageHeader title=text::REVIEWS organization/>
            <EmptyState title="No reviews for you">{text::LIMITED}</EmptyState>
        }
        .into_any();
    }
    let first = page.rows.first().filter(|_| page.may_decide && !page.is_aside).map(|row| {
        let href = address::review(&page.slug, &row.id);
        view! { <ButtonLink href word="Start with the first" kind=ButtonKind::Primary attr:data-keys="j"/> }
    });
    view! {
        <PageHeader
            title=text::REVIEWS organization
            note="Results that Assay did not order, of which only a person can say whose they are. Nobody in Lever is ever merged."
        >
            {first}
        </PageHeader>
        {done_note(&page.slug, page.done.clone())}
        {refusal(&[calls::DecideReview::PATH, calls::UndoReview::PATH])}
        {page.masked.then(|| view! { <p class="muted note">{text::MASKED}</p> })}
        <Tabs label="Reviews" tabs=page.tabs.clone()/>
        {body(page)}
    }
    .into_any()
}

fn body(page: ReviewsView) -> AnyView {
    if page.rows.is_empty() {
        let (title, sentence) = if page.is_aside {
            ("Nothing is put aside", "What is put aside comes back after a day.")
        } else {
            (
                "Nothing waits for a decision",
                "Results that Assay can match by itself are linked without asking anybody.",
            )
        };
        let results = view! { <ButtonLink href=address::results(&page.slug) word="See all incoming results"/> };
        return view! { <EmptyState title icon=Icon::Check action=results.into_any()>{sentence}</EmptyState> }
            .into_any();
    }
    let slug = page.slug;
    let rows = page.rows.into_iter().map(|row| {
        let href = address::review(&slug, &row.id);
        view! {
            <tr>
                <RowHead><a href=href><bdi>{row.name.reveal().to_owned()}</bdi></a><span class="cell-note">{row.test}</span></RowHead>
                <Cell label=HEADS[1]>{row.why}</Cell>
                <Cell label=HEADS[2]>{text::count(i64::try_from(row.candidates).unwrap_or(i64::MAX), "person", "people")}</Cell>
                <Cell label=HEADS[3]><Time at=row.since/></Cell>
                <Cell label=HEADS[4]>{row.note}</Cell>
            </tr>
        }
    });
    let rows = rows.collect_view();
    view! {
        <DataTable caption="Waiting results, the longest waiting first" columns=HEADS.map(Column::new).into()>{rows}</DataTable>
        {page.next.map(|next| view! { <Pager next=next note="The longest waiting first"/> })}
    }
    .into_any()
}
