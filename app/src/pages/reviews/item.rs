//! `/o/{slug}/reviews/{review}`: one result beside the people it may be of, field by field, with the evidence and with what Lever
//! will show. Every verb is a button with a key; all of it works without client code.

use domain::Personal;
use leptos::prelude::*;
use server_fn::ServerFn as _;

use super::calls::{DecideReview, UndoReview};
use super::verdict_form::{VerdictForm, verdict_form};
use super::{Done, done_note};
use crate::error::AppError;
use crate::icons::Icon;
use crate::page::{page_body, path_param, query_param, refusal};
use crate::ui::{
    Banner, Button, ButtonLink, CompareRow, CompareTable, Crumb, EmptyState, KeyHint, PageHeader, Panel, Tone,
    Waterfall, Weight,
};
use crate::when::When;
use crate::{address, text};

/// The page as data.
#[derive(Clone, Debug, PartialEq)]
pub struct ItemView {
    /// In addresses.
    pub slug: String,
    /// For people.
    pub organization: String,
    /// Row id.
    pub id: String,
    /// Of the result as it is shown.
    pub version: i64,
    /// Whom the vendor knows; possibly masked.
    pub name: Personal,
    /// Names and values are hidden.
    pub masked: bool,
    /// What is known of the result.
    pub facts: Vec<(&'static str, String)>,
    /// Why a person decides.
    pub why: &'static str,
    /// Who else looks at it, who asked for a second person: a sentence each.
    pub notes: Vec<String>,
    /// What was decided, where it waits no longer.
    pub decided: Option<Decided>,
    /// Those that wait.
    pub queue: Vec<QueueEntry>,
    /// `4 of 19`; empty where it waits no longer.
    pub position: String,
    /// Address of the one before.
    pub previous: Option<String>,
    /// Address of the next one.
    pub next: Option<String>,
    /// Whom it may be.
    pub candidates: Vec<CandidateTab>,
    /// The one that is shown beside it.
    pub chosen: Option<Chosen>,
    /// What the viewer may say.
    pub form: Option<VerdictForm>,
    /// What was decided just now.
    pub done: Option<Done>,
}

/// What became of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Decided {
    /// Colour.
    pub tone: Tone,
    /// Who, what, and about whom.
    pub sentence: String,
    /// When.
    pub at: Option<When>,
    /// The page of the candidate it was linked to.
    pub candidate: Option<String>,
    /// The viewer may take it back.
    pub may_take_back: bool,
}

/// One of the queue.
#[derive(Clone, Debug, PartialEq)]
pub struct QueueEntry {
    /// Its address.
    pub href: String,
    /// Possibly masked.
    pub name: Personal,
    /// The vendor's name and the test's.
    pub test: String,
    /// It is the one at hand.
    pub current: bool,
}

/// Someone it may be.
#[derive(Clone, Debug, PartialEq)]
pub struct CandidateTab {
    /// Address of the page with them beside the result.
    pub href: String,
    /// The key that chooses them.
    pub key: String,
    /// Possibly masked.
    pub name: Personal,
    /// What tells them from others of the same name, such as an address; possibly masked, mostly empty.
    pub note: Personal,
    /// The sum of the evidence.
    pub figure: String,
    /// They are the one that is shown.
    pub current: bool,
}

/// The one beside the result.
#[derive(Clone, Debug, PartialEq)]
pub struct Chosen {
    /// Possibly masked.
    pub name: Personal,
    /// Their page in Lever, for those who may see names.
    pub lever: Option<String>,
    /// Field by field.
    pub rows: Vec<CompareRow>,
    /// The evidence.
    pub steps: Vec<Weight>,
    /// Where a person looks at it and where Assay links by itself.
    pub lines: [u16; 2],
    /// The sum in words.
    pub sum: String,
}

/// One result. `candidate` is the place of who is shown beside it, `done` the result that was decided just now.
pub async fn load_review(
    slug: String,
    review: String,
    candidate: usize,
    done: Option<String>,
) -> Result<ItemView, AppError> {
    use crate::access::{SEE_ORGANIZATION, require};
    let granted = require(SEE_ORGANIZATION, &slug).await?;
    super::item_on_server::view(&granted, &review, candidate, done.as_deref()).await
}

/// The page.
#[component]
pub fn ReviewPage() -> impl IntoView {
    let candidate = query_param("candidate").and_then(|n| n.parse().ok()).unwrap_or(1);
    page_body(load_review(path_param("slug"), path_param("review"), candidate, query_param("done")), review)
}

fn review(page: ItemView) -> AnyView {
    let crumbs = vec![Crumb::new(text::REVIEWS, address::reviews(&page.slug))];
    let title = page.name.reveal().to_owned();
    let walk = walk(&page);
    let organization = page.organization;
    let notes = page.notes.into_iter().map(|sentence| {
        view! { <div role="status"><Banner tone=Tone::Warn sentence/></div> }
    });
    let notes = notes.collect_view();
    let decided = page.decided.map(|decided| decided_view(&page.slug, &page.id, page.version, decided));
    let form = page.form.map(verdict_form);
    view! {
        <PageHeader title organization crumbs note=page.why>{walk}</PageHeader>
        {done_note(&page.slug, page.done)}
        {refusal(&[DecideReview::PATH, UndoReview::PATH])}
        {page.masked.then(|| view! { <p class="muted note">{text::MASKED}</p> })}
        {notes}
        {decided}
        <div class="review">
            {queue(page.queue)}
            <div class="review-main">
                {facts(page.facts)}
                {candidates(page.candidates)}
                {page.chosen.is_some().then(view_choices)}
                {beside(page.chosen)}
                {form}
            </div>
        </div>
    }
    .into_any()
}

/// To the one before and the next one.
fn walk(page: &ItemView) -> AnyView {
    let previous = page.previous.clone().map(|href| {
        view! { <ButtonLink href word="Previous" icon=Icon::Left small=true attr:data-keys="k" attr:aria-keyshortcuts="K"/> }
    });
    let next = page.next.clone().map(|href| {
        view! { <ButtonLink href word="Next" icon=Icon::Right small=true attr:data-keys="j" attr:aria-keyshortcuts="J"/> }
    });
    view! { <span class="muted">{page.position.clone()}</span>{previous}{next} }.into_any()
}

fn queue(entries: Vec<QueueEntry>) -> Option<AnyView> {
    if entries.is_empty() {
        return None;
    }
    let entries = entries.into_iter().map(|entry| {
        view! {
            <li>
                <a class="review-entry" href=entry.href aria-current=entry.current.then_some("true")>
                    <bdi>{entry.name.reveal().to_owned()}</bdi>
                    <span class="cell-note">{entry.test}</span>
                </a>
            </li>
        }
    });
    Some(
        view! {
            <nav class="review-queue" aria-label="Waiting reviews"><ol>{entries.collect_view()}</ol></nav>
        }
        .into_any(),
    )
}

fn facts(facts: Vec<(&'static str, String)>) -> AnyView {
    let facts = facts.into_iter().map(|(word, what)| view! { <div><dt>{word}</dt><dd>{what}</dd></div> });
    view! { <dl class="facts">{facts.collect_view()}</dl> }.into_any()
}

fn candidates(tabs: Vec<CandidateTab>) -> Option<AnyView> {
    if tabs.is_empty() {
        return None;
    }
    let tabs = tabs.into_iter().map(|tab| {
        let (keys, shortcut) = (tab.key.clone(), tab.key.clone());
        view! {
            <a
                class="tab" href=tab.href aria-current=tab.current.then_some("true") data-keys=keys
                aria-keyshortcuts=shortcut
            >
                <kbd class="key" aria-hidden="true">{tab.key}</kbd>
                <bdi>{tab.name.reveal().to_owned()}</bdi>
                {(!tab.note.is_blank()).then(|| view! { <bdi class="tab-note">{tab.note.reveal().to_owned()}</bdi> })}
                <span class="badge">{tab.figure}</span>
            </a>
        }
    });
    Some(view! { <nav class="tabs" aria-label="Whom it may be">{tabs.collect_view()}</nav> }.into_any())
}

/// What of the comparison is shown. The styles read the boxes, so they work without client code; with it they stay as they are
/// from one result to the next.
fn view_choices() -> AnyView {
    view! {
        <div class="review-view" role="group" aria-label="What is shown">
            <label class="choice">
                <input type="checkbox" class="only-differences" data-kept="only-differences" data-keys="d" aria-keyshortcuts="D"/>
                <span class="choice-word">"Only what differs"</span>
                <KeyHint keys="d"/>
            </label>
            <label class="choice">
                <input type="checkbox" class="without-figures" data-kept="without-figures" data-keys="v" aria-keyshortcuts="V"/>
                <span class="choice-word">"Without figures"</span>
                <KeyHint keys="v"/>
            </label>
        </div>
    }
    .into_any()
}

fn beside(chosen: Option<Chosen>) -> AnyView {
    let Some(chosen) = chosen else {
        return view! {
            <EmptyState title="Nobody in Lever is near enough">
                "It is looked at again by itself when people in Lever change."
            </EmptyState>
        }
        .into_any();
    };
    let lever = chosen.lever.map(|href| {
        view! { <ButtonLink href word="Open in Lever" outward=true small=true attr:data-keys="o"/> }.into_any()
    });
    let heads = ["At the vendor".to_owned(), "In Lever".to_owned()];
    let name = chosen.name.reveal().to_owned();
    view! {
        <Panel id="compare" title=format!("Is it {name}?") aside=lever.into_any()>
            <CompareTable caption="The person at the vendor beside the person in Lever" heads rows=chosen.rows/>
        </Panel>
        <Panel id="evidence" title="The evidence" note=chosen.sum>
            <Waterfall label="From before looking to the sum" steps=chosen.steps lines=chosen.lines/>
            <p class="muted">
                "One more doubles the odds. Past the dashed line a person decides, past the other Assay links by itself."
            </p>
        </Panel>
    }
    .into_any()
}

fn decided_view(slug: &str, id: &str, version: i64, decided: Decided) -> AnyView {
    let at = decided.at.map(|at| view! { <p class="muted"><crate::ui::Time at/></p> });
    let candidate = decided.candidate.map(|href| view! { <ButtonLink href word="To the candidate"/> });
    let fields = [("slug", slug.to_owned()), ("review", id.to_owned()), ("version", version.to_string())];
    let back = decided.may_take_back.then(|| {
        let fields = fields.map(|(name, value)| view! { <input type="hidden" name=name value=value/> });
        view! {
            <form method="post" action=UndoReview::PATH>
                {fields.into_iter().collect_view()}
                <Button word="Take the decision back" icon=Icon::Undo attr:data-keys="z"/>
            </form>
        }
    });
    view! {
        <section class="section" aria-label="Decided">
            <Banner tone=decided.tone sentence=decided.sentence/>
            {at}
            <div class="row-actions">{candidate}{back}</div>
        </section>
    }
    .into_any()
}
