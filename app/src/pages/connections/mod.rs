//! `/o/{slug}/connections`: from nothing to live. What Lever and the vendors need, in the order in which it is needed, each
//! part with what is there and what is missing.

pub mod calls;
mod hooks;
mod lever;
pub(super) mod on_server;
pub mod typed;
mod vendors;

use domain::Personal;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use server_fn::ServerFn as _;

use self::calls::{GoLive, PauseOrganization};
use self::typed::Typed;
use crate::error::AppError;
use crate::page::{page_body, path_param, query_param, refusal};
use crate::ui::{
    Banner, Button, ButtonKind, ButtonLink, Choice, ConfirmDialog, DialogButton, EmptyState, PageHeader, Panel, Pill,
    Tone,
};
use crate::when::When;
use crate::{address, text};

/// Where Lever can be reached (Lever's documentation, "Environments"); the last is for addresses of one's own.
pub const PLACES: [(&str, &str, &str); 4] = [
    ("https://api.lever.co/v1", "Production", "hire.lever.co"),
    ("https://api.eu.lever.co/v1", "Production, EU", "hire.eu.lever.co"),
    ("https://api.sandbox.lever.co/v1", "Sandbox", "hire.sandbox.lever.co"),
    ("other", "Another address", "For tests"),
];

/// An address of Lever as the form has it: one of the list, or `other` and the address.
pub fn placed(base_url: &str) -> (String, String) {
    if PLACES.iter().any(|(url, ..)| *url == base_url) {
        (base_url.to_owned(), String::new())
    } else {
        ("other".to_owned(), base_url.to_owned())
    }
}

/// The page as data.
#[derive(Clone, Debug, PartialEq)]
pub struct ConnectionsView {
    /// In addresses.
    pub slug: String,
    /// Version of the rules; what is saved is saved against it.
    pub version: i64,
    /// What was typed and refused.
    pub typed: Typed,
    /// For people.
    pub organization: String,
    /// The viewer may change it.
    pub may_configure: bool,
    /// What someone just did on this page.
    pub said: Option<String>,
    /// In order.
    pub steps: Vec<Step>,
    /// Nothing is sent.
    pub paused: bool,
    /// Nothing is missing.
    pub ready: bool,
    /// Lever.
    pub lever: LeverView,
    /// Its webhook.
    pub hook: HookView,
    /// Vendors.
    pub vendors: Vec<VendorView>,
    /// Rows that are on.
    pub triggers: usize,
    /// What would happen to those who stand in a trigger stage; none until asked for.
    pub rehearsal: Option<Result<Vec<RehearsalLine>, String>>,
}

/// What would be sent to one candidate, and written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RehearsalLine {
    /// Their name.
    pub name: Personal,
    /// Where they stand.
    pub stage: String,
    /// Colour.
    pub tone: Tone,
    /// Whether something would be sent.
    pub word: &'static str,
    /// What and why, a line each.
    pub lines: Vec<String>,
}

/// One step on the way to live.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// Id of its part of the page, or an address.
    pub href: String,
    /// What it is.
    pub word: &'static str,
    /// It is done.
    pub done: bool,
    /// What is there, or what is missing.
    pub note: String,
}

/// The Lever account.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LeverView {
    /// Where it is reached.
    pub base_url: String,
    /// What is known of the stored key: last four characters and age.
    pub key: Option<(String, When)>,
    /// When it was last used.
    pub used: Option<When>,
    /// What was wrong with using it, newest last.
    pub trouble: Vec<Trouble>,
    /// In whose name is written: the id.
    pub user: String,
    /// Their name; the id where it is not known.
    pub user_name: String,
    /// Users to choose from; empty until asked for.
    pub users: Vec<Choice>,
    /// Why they could not be read.
    pub users_failure: Option<String>,
    /// What trying the permissions showed; empty until asked for.
    pub probes: Vec<ProbeLine>,
    /// Why they could not be tried.
    pub probe_failure: Option<String>,
}

/// An issue that is open with a connection.
#[derive(Clone, Debug, PartialEq)]
pub struct Trouble {
    /// When it was last seen.
    pub at: When,
    /// What is wrong and what to do.
    pub sentence: String,
}

/// One permission.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProbeLine {
    /// In Lever's words.
    pub permission: &'static str,
    /// What Assay does with it.
    pub purpose: &'static str,
    /// Colour.
    pub tone: Tone,
    /// Whether the key has it.
    pub word: &'static str,
    /// What Lever answered.
    pub answer: String,
}

/// The webhook.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct HookView {
    /// What Lever is given.
    pub address: String,
    /// Those that verify.
    pub tokens: Vec<TokenLine>,
    /// The last delivery that was accepted.
    pub last: Option<When>,
    /// Deliveries of the last day, and of these not accepted.
    pub day: (i64, i64),
    /// Why the last one was not accepted.
    pub failure: Option<(When, String)>,
    /// What came lately, by kind of event.
    pub events: Vec<EventLine>,
    /// It tells nothing although candidates move.
    pub silent: Option<Trouble>,
}

/// A signature token.
#[derive(Clone, Debug, PartialEq)]
pub struct TokenLine {
    /// Names it in forms.
    pub code: String,
    /// What it is for.
    pub word: String,
    /// What is known of it: its end.
    pub last_four: String,
    /// When it was stored.
    pub at: When,
}

/// One kind of event among the last deliveries.
#[derive(Clone, Debug, PartialEq)]
pub struct EventLine {
    /// Its name as sent.
    pub event: String,
    /// How many came, and of these not accepted.
    pub counts: (i64, i64),
    /// When the last one came.
    pub last: When,
}

/// One vendor.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct VendorView {
    /// Its id; empty for a new one.
    pub id: String,
    /// Kind, as in files.
    pub kind: String,
    /// Name.
    pub name: String,
    /// Prefix of its tags.
    pub tag_prefix: String,
    /// Lowest and highest score.
    pub scale: (String, String),
    /// Its addresses: name of the field and value.
    pub urls: Vec<(&'static str, String)>,
    /// What is known of its key.
    pub key: Option<(String, When)>,
    /// How many tests it has.
    pub tests: usize,
    /// What was wrong with asking it.
    pub trouble: Vec<Trouble>,
}

/// What is connected. `show` asks for what only Lever knows: `users` or `permissions`.
pub async fn load_connections(
    slug: String,
    told: String,
    show: String,
    typed: Typed,
) -> Result<ConnectionsView, AppError> {
    use crate::access::{Granted, SEE_CONFIGURATION, require};
    let Granted { viewer, organization } = require(SEE_CONFIGURATION, &slug).await?;
    on_server::view(viewer, organization, &told, &show, typed).await
}

/// The page.
#[component]
pub fn ConnectionsPage() -> impl IntoView {
    let (told, show) = (query_param("told").unwrap_or_default(), query_param("show").unwrap_or_default());
    let typed = use_query_map().with_untracked(typed::from_query);
    page_body(load_connections(path_param("slug"), told, show, typed), connections)
}

fn connections(page: ConnectionsView) -> AnyView {
    let said = page.said.map(|sentence| view! { <div role="status" id="said"><Banner tone=Tone::Ok sentence/></div> });
    let may = page.may_configure;
    let is_connected = page.lever.key.is_some();
    view! {
        <PageHeader
            title=text::CONNECTIONS organization=page.organization
            note="From nothing to live, in this order. Leave and come back whenever you like: what is done stays done."
        >
            {live_pill(page.paused)}
        </PageHeader>
        {said}
        {steps(page.steps)}
        {lever::panel(&page.slug, page.lever, &page.typed, may)}
        {is_connected.then(|| hooks::panel(&page.slug, page.hook, may))}
        {vendors::panel(&page.slug, page.version, page.vendors, &page.typed, may)}
        {may.then(|| rehearsal(&page.slug, page.rehearsal, page.triggers))}
        {live(page.slug, page.paused, page.ready, page.triggers, may)}
    }
    .into_any()
}

/// Open issues of a connection.
fn troubles(all: Vec<Trouble>) -> AnyView {
    let one = |t: Trouble| {
        view! { <Banner tone=Tone::Bad sentence=format!("{} (last seen {})", t.sentence.trim_end_matches('.'), t.at.words)/> }
    };
    all.into_iter().map(one).collect_view().into_any()
}

fn live_pill(paused: bool) -> AnyView {
    let (tone, word) = if paused { (Tone::Idle, "Not live: nothing is sent") } else { (Tone::Ok, "Live") };
    view! { <Pill tone icon=tone.icon() word/> }.into_any()
}

fn steps(all: Vec<Step>) -> AnyView {
    let line = |step: Step| {
        let said = if step.done { "Done: " } else { "To do: " };
        view! {
            <li class=if step.done { "way way-done" } else { "way" }>
                <a href=step.href><span class="visually-hidden">{said}</span>{step.word}</a>
                <span class="muted">{step.note}</span>
            </li>
        }
    };
    view! {
        <nav aria-label="The way to live"><ol class="ways">{all.into_iter().map(line).collect_view()}</ol></nav>
    }
    .into_any()
}

/// Who stands in a trigger stage, and what would be sent to them and written, word by word.
fn rehearsal(slug: &str, found: Option<Result<Vec<RehearsalLine>, String>>, triggers: usize) -> AnyView {
    let body = match found {
        None => ().into_any(),
        Some(Err(why)) => view! { <Banner tone=Tone::Bad sentence=why/> }.into_any(),
        Some(Ok(lines)) if lines.is_empty() => view! {
            <EmptyState title="Nobody stands in a trigger stage">
                "Move a test candidate with an address of your own into one in Lever, and try again."
            </EmptyState>
        }
        .into_any(),
        Some(Ok(lines)) => {
            let line = |line: RehearsalLine| {
                let lines = line.lines.into_iter().map(|words| view! { <li>{words}</li> }).collect_view();
                view! {
                    <li class="rehearsed">
                        <p><strong><bdi>{line.name.reveal().to_owned()}</bdi></strong>{format!(", in {} ", line.stage)}<Pill tone=line.tone icon=line.tone.icon() word=line.word/></p>
                        <ul>{lines}</ul>
                    </li>
                }
            };
            view! { <ul class="sessions">{lines.into_iter().map(line).collect_view()}</ul> }.into_any()
        }
    };
    let act = (triggers > 0).then(|| {
        view! { <p><ButtonLink href=showing(slug, "dry-run") word="Try it on the candidates who stand there"/></p> }
    });
    let first = (triggers == 0).then(|| view! { <p class="muted">"Add a trigger stage first."</p> });
    view! {
        <Panel id="dry-run" title="Dry run" note="What would be sent and written for real candidates, as if they entered now. Nothing is sent, and nothing is written.">
            {body}
            {act}
            {first}
        </Panel>
    }
    .into_any()
}

fn live(slug: String, paused: bool, ready: bool, triggers: usize, may: bool) -> AnyView {
    let rows = text::count(i64::try_from(triggers).unwrap_or(i64::MAX), "trigger stage is on", "trigger stages are on");
    let sentence = match (paused, ready) {
        (false, _) => format!("Live: {rows}. Candidates who enter one are invited."),
        (true, true) => format!(
            "All is there; {rows}. From the moment you go live, candidates who enter one are invited. Those who stand there \
             already are not: the page of each trigger stage offers them with their number."
        ),
        (true, false) => "Something is still missing: the list above says what.".to_owned(),
    };
    let act = match (may, paused, ready) {
        (true, true, true) => Some(
            view! {
                <form method="post" action=GoLive::PATH>
                    <input type="hidden" name="slug" value=slug/>
                    <Button word="Go live" kind=ButtonKind::Primary/>
                </form>
            }
            .into_any(),
        ),
        (true, false, _) => Some(
            view! {
                <p><DialogButton dialog="pause" word="Pause"/></p>
                <ConfirmDialog
                    id="pause" title="Pause the organization?" action=PauseOrganization::PATH verb="Pause"
                    fields=vec![("slug".to_owned(), slug)]
                    sentence="Nobody is invited while it is paused. Results of tests that were sent are still fetched and written. Who enters a trigger stage meanwhile is decided when it goes on."
                />
            }
            .into_any(),
        ),
        _ => None,
    };
    view! {
        <Panel id="live" title="Live">
            {refusal(&[GoLive::PATH, PauseOrganization::PATH])}
            <p>{sentence}</p>
            {act}
        </Panel>
    }
    .into_any()
}

/// A link to this page that also shows `what`.
fn showing(slug: &str, what: &str) -> String {
    format!("{}?show={what}#{what}", address::connections(slug))
}
