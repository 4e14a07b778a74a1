//! `/o/{slug}/candidates/{opportunity}`: one candidate. Why something or nothing was sent, the orders, the timeline, and the
//! two answers to a send whose outcome is unknown.

use domain::Personal;
use domain::order::OrderState;
use domain::outcome::Outcome;
use leptos::prelude::*;
use server_fn::ServerFn as _;

use crate::error::AppError;
use crate::icons::Icon;
use crate::page::{page_body, path_param, query_param, refusal};
use crate::pages::reviews::calls::UndoReview;
use crate::ui::{
    Badge, Banner, Button, ButtonKind, ButtonLink, ConfirmDialog, Crumb, DialogButton, EmptyState, Moment, OutcomePill,
    PageHeader, Panel, Score, ScoreBar, StatePill, Time, Timeline, Tone,
};
use crate::when::When;
use crate::{address, text};

/// The page as data.
#[derive(Clone, Debug, PartialEq)]
pub struct CandidateView {
    /// In addresses.
    pub slug: String,
    /// For people.
    pub organization: String,
    /// Lever's opportunity.
    pub opportunity: String,
    /// Possibly masked.
    pub name: Personal,
    /// First address, for those who may see it.
    pub email: Option<Personal>,
    /// Name of the trigger stage it stands in.
    pub stage: Option<String>,
    /// The first tags in Lever.
    pub tags: Vec<String>,
    /// How many more tags there are.
    pub more_tags: i64,
    /// The page in Lever, for those who may see names.
    pub lever: Option<String>,
    /// What someone just did on this page, and whether it worked.
    pub said: Option<(Tone, String)>,
    /// What is asked about this person.
    pub question: String,
    /// Why something or nothing was sent.
    pub answer: String,
    /// Newest first.
    pub orders: Vec<OrderLine>,
    /// Results from outside that are this candidate's.
    pub results: Vec<OutsideResult>,
    /// Newest first.
    pub timeline: Vec<Moment>,
    /// The viewer may settle sends, have one sent again, and the rules applied.
    pub may_settle: bool,
}

/// A result that was not ordered.
#[derive(Clone, Debug, PartialEq)]
pub struct OutsideResult {
    /// Row id.
    pub id: String,
    /// Its version.
    pub version: i64,
    /// The vendor's name and the test's.
    pub test: String,
    /// How it came to be this candidate's, by whom and when.
    pub sentence: String,
    /// The viewer may say that it is not.
    pub may_unlink: bool,
}

/// One order.
#[derive(Clone, Debug, PartialEq)]
pub struct OrderLine {
    /// Our id.
    pub id: String,
    /// The vendor's name.
    pub vendor: String,
    /// The test's name.
    pub test: String,
    /// Where it stands.
    pub state: OrderState,
    /// Why it stands there.
    pub note: Option<String>,
    /// The number against the thresholds.
    pub score: Option<Score>,
    /// The judgement.
    pub outcome: Option<Outcome>,
    /// Address of the report, for those who may open it.
    pub report: Option<String>,
    /// The vendor has called back, so it has the order.
    pub called_back: bool,
    /// The vendor has it under an id that is not known, or that it does not know.
    pub without_id: bool,
    /// Instants with their words, in order.
    pub times: Vec<(String, When)>,
    /// It can be sent again.
    pub anew: bool,
    /// Why it cannot, where someone might expect it.
    pub not_anew: Option<String>,
}

/// One candidate.
pub async fn load_candidate(slug: String, opportunity: String, said: String) -> Result<CandidateView, AppError> {
    use crate::access::{Granted, SEE_ORGANIZATION, require, store};
    let Granted { viewer, organization } = require(SEE_ORGANIZATION, &slug).await?;
    if viewer.is_limited() {
        return Err(AppError::NotFound.answered());
    }
    let store = store()?;
    let found = store.candidate(organization.id, &opportunity).await?;
    let read = store.opportunity(organization.id, &opportunity).await?;
    let results = store.linked_to(organization.id, &opportunity).await?;
    Ok(on_server::view(&viewer, &organization, on_server::Known { found, read, results }, &said))
}

/// Settles a send whose outcome is unknown. `answer` is `arrived` or `send-again`; `vendor_ref` may be blank.
#[server(prefix = "/app", endpoint = "settle-send")]
pub async fn settle_send(
    slug: String,
    order: String,
    answer: String,
    #[server(default)] vendor_ref: String,
) -> Result<(), AppError> {
    use crate::access::{Granted, SETTLE, desk, require};
    use crate::pages::triggers::on_server::refused;
    let Granted { viewer, organization } = require(SETTLE, &slug).await?;
    let (order, settlement) = on_server::settlement(&order, &answer, &vendor_ref).map_err(AppError::answered)?;
    let done = desk()?.settle_send(organization.id, order, settlement, viewer.email.reveal()).await;
    done.map_err(|error| refused(&organization, error))
}

/// Says under which id the vendor has the test of an order.
#[server(prefix = "/app", endpoint = "identify-order")]
pub async fn identify_order(
    slug: String,
    order: String,
    #[server(default)] vendor_ref: String,
) -> Result<(), AppError> {
    use crate::access::{Granted, SETTLE, desk, require};
    use crate::pages::triggers::on_server::refused;
    let Granted { viewer, organization } = require(SETTLE, &slug).await?;
    let (order, vendor_ref) = on_server::identified(&order, &vendor_ref).map_err(AppError::answered)?;
    let done = desk()?.identify(organization.id, order, &vendor_ref, viewer.email.reveal()).await;
    done.map_err(|error| refused(&organization, error))
}

/// Has an invitation sent once more that came to nothing, and leads back to the page, which says so.
#[server(prefix = "/app", endpoint = "send-anew")]
pub async fn send_anew(slug: String, opportunity: String, order: String) -> Result<(), AppError> {
    use crate::access::{Granted, SETTLE, desk, require};
    let Granted { viewer, organization } = require(SETTLE, &slug).await?;
    let order = uuid::Uuid::parse_str(&order).map_err(|_| AppError::NotFound.answered())?;
    let done = desk()?.send_anew(organization.id, order, viewer.email.reveal()).await;
    on_server::lead_back(&slug, &opportunity, done, "sent-anew")
}

/// Has the candidate read in Lever again and the rules applied, and leads back to the page, which says so.
#[server(prefix = "/app", endpoint = "apply-rules")]
pub async fn apply_rules(slug: String, opportunity: String) -> Result<(), AppError> {
    use crate::access::{Granted, SETTLE, desk, require};
    let Granted { viewer, organization } = require(SETTLE, &slug).await?;
    let done = desk()?.apply_rules(organization.id, &opportunity, viewer.email.reveal()).await;
    on_server::lead_back(&slug, &opportunity, done, "rules-applied")
}

mod on_server;

/// The page.
#[component]
pub fn CandidatePage() -> impl IntoView {
    let said = query_param("said").unwrap_or_default();
    page_body(load_candidate(path_param("slug"), path_param("opportunity"), said), candidate)
}

fn candidate(page: CandidateView) -> AnyView {
    let (slug, opportunity, may) = (page.slug.clone(), page.opportunity.clone(), page.may_settle);
    let none = page.orders.is_empty().then(|| {
        view! { <EmptyState title="Nothing was ordered">"The sentence above says why."</EmptyState> }
    });
    let orders = page.orders.into_iter().map(move |order| {
        let form = (may && order.state == OrderState::SendUnknown)
            .then(|| view! { <Settle slug=slug.clone() order=order.id.clone() arrived=order.called_back/> });
        let again = may.then(|| again(&slug, &opportunity, &order));
        let identify = (may && order.without_id).then(|| identify_form(slug.clone(), order.id.clone()));
        view! { {order_card(order, again)}{form}{identify} }
    });
    let said = page.said.map(|(tone, sentence)| view! { <div role="status"><Banner tone sentence/></div> });
    let outside = outside(&page.slug, &page.opportunity, page.results);
    let apply = may.then(|| apply_form(page.slug.clone(), page.opportunity));
    let lever = page.lever.map(|href| view! { <ButtonLink href word="Open in Lever" outward=true/> });
    let crumbs = vec![Crumb::new(text::CANDIDATES, address::candidates(&page.slug))];
    view! {
        <PageHeader title=page.name.reveal().to_owned() organization=page.organization crumbs>{apply}{lever}</PageHeader>
        {said}
        {refusal(&[SendAnew::PATH, ApplyRules::PATH, UndoReview::PATH])}
        {facts(page.stage, page.email, page.tags, page.more_tags)}
        <section class="answer" aria-labelledby="answer">
            <h2 id="answer">{page.question}</h2>
            <p>{page.answer}</p>
        </section>
        {refusal(&[SettleSend::PATH, IdentifyOrder::PATH])}
        <section class="section" aria-labelledby="orders">
            <h2 id="orders">"Orders"</h2>
            {none}
            {orders.collect_view()}
        </section>
        {outside}
        <Panel id="timeline" title="Timeline">{timeline(page.timeline)}</Panel>
    }
    .into_any()
}

/// Results that were found to be this candidate's, with the way back.
fn outside(slug: &str, opportunity: &str, results: Vec<OutsideResult>) -> Option<AnyView> {
    if results.is_empty() {
        return None;
    }
    let rows = results.into_iter().map(|result| {
        let dialog = format!("unlink-{}", result.id);
        let back = address::candidate(slug, opportunity);
        let fields =
            [("slug", slug.to_owned()), ("review", result.id.clone()), ("version", result.version.to_string()), ("back", back)];
        let fields: Vec<(String, String)> = fields.map(|(name, value)| (name.to_owned(), value)).into();
        let unlink = result.may_unlink.then(|| {
            view! {
                <DialogButton dialog=dialog.clone() word="Unlink" icon=Icon::Undo small=true/>
                <ConfirmDialog
                    id=dialog title="Unlink this result?" action=UndoReview::PATH verb="Unlink the result" fields
                    sentence="Its tag and its report link are taken out of Lever again, and a person decides anew whose it is. Nothing else changes."
                />
            }
        });
        let href = address::review(slug, &result.id);
        view! {
            <li class="row">
                <p class="row-main"><a href=href>{result.test}</a>" "{result.sentence}</p>
                <div class="row-aside">{unlink}</div>
            </li>
        }
    });
    let rows = rows.collect_view();
    Some(
        view! {
            <section class="section" aria-labelledby="outside">
                <h2 id="outside">"Results from outside"</h2>
                <ul class="rows">{rows}</ul>
            </section>
        }
        .into_any(),
    )
}

fn apply_form(slug: String, opportunity: String) -> AnyView {
    view! {
        <form method="post" action=ApplyRules::PATH>
            <input type="hidden" name="slug" value=slug/>
            <input type="hidden" name="opportunity" value=opportunity/>
            <Button word="Apply rules again" icon=Icon::Repeat/>
        </form>
    }
    .into_any()
}

fn facts(stage: Option<String>, email: Option<Personal>, tags: Vec<String>, more: i64) -> AnyView {
    let tags = (!tags.is_empty()).then(|| {
        let tags = tags.into_iter().map(|word| view! { <Badge word/>" " }).collect_view();
        let more = (more > 0).then(|| view! { <span class="muted">{format!("and {more} more")}</span> });
        view! { <div><dt>"Tags in Lever"</dt><dd dir="auto">{tags}{more}</dd></div> }
    });
    view! {
        <dl class="facts">
            <div><dt>"Stage"</dt><dd>{stage.unwrap_or_else(|| "Not a trigger stage".to_owned())}</dd></div>
            {email.map(|email| view! { <div><dt>"E-mail"</dt><dd>{email.reveal().to_owned()}</dd></div> })}
            {tags}
        </dl>
    }
    .into_any()
}

fn order_card(order: OrderLine, again: Option<AnyView>) -> AnyView {
    let times = order.times.into_iter().map(|(word, at)| view! { <div><dt>{word}</dt><dd><Time at/></dd></div> });
    view! {
        <article class="card">
            <header class="card-header">
                <h3>{format!("{} · {}", order.vendor, order.test)}</h3>
                <StatePill state=order.state/>
                {order.outcome.map(|outcome| view! { <OutcomePill outcome/> })}
            </header>
            {order.note.map(|note| view! { <p>{note}</p> })}
            <dl class="facts">
                {order.score.map(|score| view! { <div><dt>"Score"</dt><dd><ScoreBar score/></dd></div> })}
                {times.collect_view()}
            </dl>
            {order.report.map(|href| view! {
                <p><a class="link-icon" href=href rel="external">{Icon::Report.view()}"Report"</a></p>
            })}
            {again}
        </article>
    }
    .into_any()
}

/// Sending once more is a mail to a person, so it is asked about before.
fn again(slug: &str, opportunity: &str, order: &OrderLine) -> AnyView {
    if !order.anew {
        return order.not_anew.clone().map(|why| view! { <p class="muted">{why}</p> }).into_any();
    }
    let dialog = format!("again-{}", order.id);
    let fields = [("slug", slug), ("opportunity", opportunity), ("order", &order.id)];
    let fields = fields.map(|(name, value)| (name.to_owned(), value.to_owned())).into();
    view! {
        <div>
            <DialogButton dialog=dialog.clone() word="Send the invitation again" icon=Icon::Repeat kind=ButtonKind::Plain/>
        </div>
        <ConfirmDialog
            id=dialog
            title=format!("Send the invitation to {} again?", order.test)
            sentence=format!("{} writes to the candidate once more. The order above stays as it is; a new one begins.", order.vendor)
            action=SendAnew::PATH verb="Send the invitation" fields
        />
    }
    .into_any()
}

fn timeline(moments: Vec<Moment>) -> AnyView {
    if moments.is_empty() {
        return view! { <EmptyState title="Nothing has happened yet">"Decisions and events appear here."</EmptyState> }
            .into_any();
    }
    view! { <Timeline moments/> }.into_any()
}

/// Without the id no result is ever found.
fn identify_form(slug: String, order: String) -> AnyView {
    view! {
        <div class="settle">
            <p>"The result is asked for under the vendor's id of this test. Copy it from the vendor's page of the candidate."</p>
            <form method="post" action=IdentifyOrder::PATH class="write-form">
                <input type="hidden" name="slug" value=slug/>
                <input type="hidden" name="order" value=order/>
                <label class="field">
                    <span>"The vendor's id"</span>
                    <input name="vendor_ref" maxlength="200" required=true autocomplete="off"/>
                </label>
                <button class="button button-primary">"Ask the vendor and save"</button>
            </form>
        </div>
    }
    .into_any()
}

/// The two answers; one where the vendor's callback has proven it. Both forms work without client code.
#[component]
fn Settle(slug: String, order: String, arrived: bool) -> impl IntoView {
    let (slug_again, order_again) = (slug.clone(), order.clone());
    let advice = if arrived {
        "The vendor has called back about this order, so the invitation arrived. With its id the result can be read."
    } else {
        "Look at the vendor first: sending again may invite the person twice."
    };
    view! {
        <div class="settle">
            <p>{advice}</p>
            <div class="settle-forms">
                <form method="post" action=SettleSend::PATH class="write-form">
                    <input type="hidden" name="slug" value=slug/>
                    <input type="hidden" name="order" value=order/>
                    <input type="hidden" name="answer" value="arrived"/>
                    <label class="field">
                        <span>"The vendor's id, if it shows one"</span>
                        <input name="vendor_ref" maxlength="200" autocomplete="off"/>
                    </label>
                    <button class="button button-primary">"It arrived"</button>
                </form>
                {(!arrived).then(|| view! {
                    <form method="post" action=SettleSend::PATH class="write-form">
                        <input type="hidden" name="slug" value=slug_again/>
                        <input type="hidden" name="order" value=order_again/>
                        <input type="hidden" name="answer" value="send-again"/>
                        <button class="button">"Send again"</button>
                    </form>
                })}
            </div>
        </div>
    }
}
