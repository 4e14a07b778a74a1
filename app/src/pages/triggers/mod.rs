//! `/o/{slug}/triggers`: who comes into which stage gets which test, with what became of it.

pub mod calls;
pub mod form;
mod nearly;
pub(super) mod on_server;
mod present;
mod simulation;
mod tried;
pub mod typed;

use leptos::prelude::*;
use leptos_router::components::A;
use server_fn::ServerFn;

use self::calls::{RemoveTrigger, SwitchTrigger, UndoTriggers};
use crate::error::AppError;
use crate::icons::Icon;
use crate::page::{page_body, path_param, query_param, refusal};
use crate::ui::{Banner, EmptyState, PageHeader, Pill, Tone};
use crate::{address, text};

/// The page as data.
#[derive(Clone, Debug, PartialEq)]
pub struct TriggersView {
    /// In addresses.
    pub slug: String,
    /// For people.
    pub organization: String,
    /// Version of the rules.
    pub version: i64,
    /// The viewer may change them.
    pub may_configure: bool,
    /// In the order of the rules.
    pub rows: Vec<TriggerLine>,
    /// The last change, while it can be undone.
    pub undo: Option<Undo>,
}

/// One row.
#[derive(Clone, Debug, PartialEq)]
pub struct TriggerLine {
    /// Its key as one word.
    pub row: String,
    /// Name of the stage.
    pub stage: String,
    /// Name of the vendor.
    pub vendor: String,
    /// Name of the default test.
    pub test: Option<String>,
    /// In words.
    pub thresholds: String,
    /// In words.
    pub postings: String,
    /// Switched off.
    pub off: bool,
    /// What became of the last thirty days, in words.
    pub figures: String,
    /// What stops the row or part of it, and what to do.
    pub warnings: Vec<String>,
}

/// A change that can be undone.
#[derive(Clone, Debug, PartialEq)]
pub struct Undo {
    /// What was done, in words.
    pub sentence: String,
    /// The version before it.
    pub to: i64,
    /// Nothing is sent: the organization is not live.
    pub paused: bool,
}

/// The trigger stages. `undo`: the version before the change that may be undone.
pub async fn load_triggers(slug: String, undo: Option<i64>) -> Result<TriggersView, AppError> {
    use crate::access::{Granted, SEE_CONFIGURATION, require};
    let granted: Granted = require(SEE_CONFIGURATION, &slug).await?;
    on_server::list(granted, undo).await
}

/// The page.
#[component]
pub fn TriggersPage() -> impl IntoView {
    page_body(load_triggers(path_param("slug"), version_to_undo()), list)
}

/// The version before the change that may be undone, as the address has it.
fn version_to_undo() -> Option<i64> {
    query_param("undo").and_then(|version| version.parse().ok())
}

/// Why what was to be done to a row with one button was not done.
fn refused() -> Option<AnyView> {
    refusal(&[SwitchTrigger::PATH, RemoveTrigger::PATH, UndoTriggers::PATH])
}

fn list(page: TriggersView) -> AnyView {
    let add = page.may_configure.then(|| {
        let href = address::trigger(&page.slug, "new");
        view! { <A href attr:class="button button-primary">"Add a trigger stage"</A> }
    });
    let undone = query_param("undone").map(|_| {
        let sentence = "Undone: the trigger stages are as they were before.";
        view! { <div role="status"><Banner tone=Tone::Ok sentence/></div> }
    });
    let undo = page.undo.filter(|_| page.may_configure);
    let undo = undo.map(|undo| undo_form(page.slug.clone(), page.version, undo));
    let body = if page.rows.is_empty() {
        view! {
            <EmptyState title="No trigger stages yet">
                "Nobody is invited until there is one: add a stage, the vendor and the test it asks for."
            </EmptyState>
        }
        .into_any()
    } else {
        table(&page.slug, page.version, page.may_configure, page.rows)
    };
    view! {
        <PageHeader title=text::TRIGGERS organization=page.organization>{add}</PageHeader>
        {undo}
        {undone}
        {refused()}
        <p class="muted note">{ORDER}" "{FIGURES}</p>
        {body}
    }
    .into_any()
}

/// How the test is chosen (Lever's help centre, "Enabling and using the Py integration").
const ORDER: &str = "Which test someone gets: the test that a tag of the candidate, or of the posting, names exactly; \
                     otherwise the default test of the stage; otherwise none, and no invitation.";

/// Why the figures are not those of Home.
const FIGURES: &str = "The last 30 days count every order by the day it was made; Home and Candidates count people, each by the \
                       newest result.";

/// What was done, and the way back.
pub(super) fn undo_form(slug: String, version: i64, undo: Undo) -> AnyView {
    let way = undo.paused.then(|| {
        view! { " Nothing is sent before it is live: "<a href=address::connections(&slug)>{text::CONNECTIONS}</a>"." }
    });
    view! {
        <div class="banner banner-ok" role="status">
            {Icon::Check.view()}
            <span>{undo.sentence}{way}</span>
            <form method="post" action=UndoTriggers::PATH>
                <input type="hidden" name="slug" value=slug/>
                <input type="hidden" name="version" value=version.to_string()/>
                <input type="hidden" name="to" value=undo.to.to_string()/>
                <button class="button button-small">"Undo"</button>
            </form>
        </div>
    }
    .into_any()
}

fn table(slug: &str, version: i64, may: bool, rows: Vec<TriggerLine>) -> AnyView {
    let lines = rows.into_iter().map(|row| line(slug, version, may, row)).collect_view();
    view! {
        <div class="table-frame">
            <table class="table">
                <caption class="visually-hidden">"Trigger stages in the order of the rules"</caption>
                <thead>
                    <tr>
                        <th scope="col">"Stage"</th>
                        <th scope="col">"Test"</th>
                        <th scope="col">"Thresholds"</th>
                        <th scope="col">"Postings"</th>
                        <th scope="col">"Last 30 days"</th>
                        <th scope="col">"On"</th>
                    </tr>
                </thead>
                <tbody>{lines}</tbody>
            </table>
        </div>
    }
    .into_any()
}

fn line(slug: &str, version: i64, may: bool, row: TriggerLine) -> AnyView {
    let href = address::trigger(slug, &row.row);
    let name = if may {
        view! { <A href>{row.stage.clone()}</A> }.into_any()
    } else {
        view! { <span>{row.stage.clone()}</span> }.into_any()
    };
    let warnings = row.warnings.into_iter().map(|w| view! { <span class="cell-note fault">{w}</span> });
    let buttons = may.then(|| switch_and_remove(slug, version, &row.row, row.off));
    view! {
        <tr>
            <th scope="row">
                {name}
                <span class="cell-note">{row.vendor}</span>
                {warnings.collect_view()}
            </th>
            <td data-label="Test">{row.test.unwrap_or_else(|| "Only by tag".to_owned())}</td>
            <td data-label="Thresholds">{row.thresholds}</td>
            <td data-label="Postings">{row.postings}</td>
            <td data-label="Last 30 days">{row.figures}</td>
            <td data-label="On">{on_pill(row.off)}{buttons}</td>
        </tr>
    }
    .into_any()
}

pub(super) fn on_pill(off: bool) -> AnyView {
    if off {
        view! { <Pill tone=Tone::Idle icon=Icon::Pause word="Off"/> }.into_any()
    } else {
        view! { <Pill tone=Tone::Ok icon=Icon::Check word="On"/> }.into_any()
    }
}

/// Both can be undone, so neither asks.
pub(super) fn switch_and_remove(slug: &str, version: i64, row: &str, off: bool) -> AnyView {
    let (to, word) = if off { ("on", "Switch on") } else { ("off", "Switch off") };
    let hidden = || {
        view! {
            <input type="hidden" name="slug" value=slug.to_owned()/>
            <input type="hidden" name="version" value=version.to_string()/>
            <input type="hidden" name="row" value=row.to_owned()/>
        }
        .into_any()
    };
    let (of_switch, of_remove) = (hidden(), hidden());
    view! {
        <div class="trigger-acts">
            <form method="post" action=SwitchTrigger::PATH>
                {of_switch}
                <input type="hidden" name="to" value=to/>
                <button class="button button-small">{word}</button>
            </form>
            <form method="post" action=RemoveTrigger::PATH>
                {of_remove}
                <button class="button button-small">"Remove"</button>
            </form>
        </div>
    }
    .into_any()
}
