//! `/o/{slug}/candidates/{opportunity}`: one candidate. Why something or nothing was sent, the orders, the timeline, and the
//! two answers to a send whose outcome is unknown.

use domain::Personal;
use domain::order::OrderState;
use domain::outcome::Outcome;
use leptos::prelude::*;
use leptos_router::components::A;
use serde::{Deserialize, Serialize};
use server_fn::ServerFn as _;
use server_fn::codec::Json;

use crate::error::AppError;
use crate::form::{Write, WriteForm};
use crate::icons::Icon;
use crate::page::{Sent, page_body};
use crate::ui::{EmptyState, OutcomePill, PageHeader, StatePill, Time};
use crate::when::When;
use crate::{address, text};

/// The page as data.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
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
    /// The page in Lever, for those who may see names.
    pub lever: Option<String>,
    /// Why something or nothing was sent.
    pub answer: String,
    /// Newest first.
    pub orders: Vec<OrderLine>,
    /// Newest first.
    pub timeline: Vec<TimelineLine>,
    /// The viewer may settle sends.
    pub may_settle: bool,
}

/// One order.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
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
    /// The number, in words.
    pub score: Option<String>,
    /// The band.
    pub band: Option<String>,
    /// The judgement.
    pub outcome: Option<Outcome>,
    /// Address of the report, for those who may open it.
    pub report: Option<String>,
    /// The vendor has called back, so it has the order.
    pub called_back: bool,
    /// Planned.
    pub ordered: When,
    /// Confirmed by the vendor.
    pub invited: Option<When>,
    /// Result received.
    pub completed: Option<When>,
    /// The result is in Lever.
    pub written: Option<When>,
}

/// One line of the timeline.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TimelineLine {
    /// When.
    pub at: When,
    /// What, in words.
    pub sentence: String,
}

/// One candidate.
#[server(prefix = "/app", endpoint = "candidate", input = Json)]
pub async fn load_candidate(slug: String, opportunity: String) -> Result<Sent<CandidateView>, AppError> {
    use crate::access::{Granted, SEE_ORGANIZATION, require, store};
    let Granted { viewer, organization } = require(SEE_ORGANIZATION, &slug).await?;
    if viewer.is_limited() {
        return Err(AppError::NotFound.answered());
    }
    let found = store()?.candidate(organization.id, &opportunity).await?;
    Sent::of(&on_server::view(&viewer, &organization, found))
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
    let Granted { viewer, organization } = require(SETTLE, &slug).await?;
    let (order, settlement) = on_server::settlement(&order, &answer, &vendor_ref).map_err(AppError::answered)?;
    desk()?.settle_send(organization.id, order, settlement, viewer.email.reveal()).await?;
    Ok(())
}

#[cfg(feature = "ssr")]
mod on_server {
    use domain::activity::Activity;
    use domain::order::{Order, OrderState};
    use domain::ports::desk::Settlement;
    use domain::ports::store::Organization;
    use domain::read::CandidateRow;
    use domain::rules::Rules;
    use domain::words;
    use uuid::Uuid;

    use super::{CandidateView, OrderLine, TimelineLine};
    use crate::access::{SETTLE, Viewer};
    use crate::error::AppError;
    use crate::pages::on_server::{shown_name, stage_name, vendor_name};
    use crate::when::when;
    use crate::{address, text};

    /// Longest id of an instance that is taken over from a person, in characters.
    const LONGEST_REF: usize = 200;

    pub fn settlement(order: &str, answer: &str, vendor_ref: &str) -> Result<(Uuid, Settlement), AppError> {
        let order = Uuid::parse_str(order).map_err(|_| AppError::NotFound)?;
        let vendor_ref = vendor_ref.trim();
        if vendor_ref.chars().count() > LONGEST_REF {
            return Err(AppError::Invalid { why: format!("The vendor's id is longer than {LONGEST_REF} characters") });
        }
        let settlement = match answer {
            "arrived" => {
                Settlement::Arrived { vendor_ref: Some(vendor_ref).filter(|r| !r.is_empty()).map(str::to_owned) }
            }
            "send-again" => Settlement::SendAgain,
            _ => return Err(AppError::Invalid { why: "The answer is either arrived or send-again".to_owned() }),
        };
        Ok((order, settlement))
    }

    type Found = (CandidateRow, Vec<Order>, Vec<Activity>);

    pub fn view(viewer: &Viewer, organization: &Organization, (row, mut orders, timeline): Found) -> CandidateView {
        let rules = &organization.rules;
        orders.sort_by_key(|o| std::cmp::Reverse((o.created_at, o.id)));
        let unmasked = !viewer.sees_masked();
        let line = |a: Activity| TimelineLine { at: when(a.at, &rules.timezone), sentence: words::event(&a.event) };
        CandidateView {
            slug: rules.slug.clone(),
            organization: rules.name.clone(),
            name: shown_name(viewer, &row.name, &row.opportunity),
            email: row.email.clone().filter(|_| unmasked),
            stage: stage_name(rules, &row.stage),
            lever: row.url.clone().filter(|url| unmasked && url.starts_with("https://")),
            answer: answer(&row, &orders),
            orders: orders.into_iter().map(|o| order(unmasked, rules, o)).collect(),
            timeline: timeline.into_iter().map(line).collect(),
            may_settle: viewer.may(SETTLE),
            opportunity: row.opportunity,
        }
    }

    /// Why something or nothing was sent, and what became of it.
    fn answer(row: &CandidateRow, orders: &[Order]) -> String {
        let decision =
            row.decision.as_ref().map_or_else(|| text::NO_DECISION.to_owned(), |d| words::decision(&d.decision));
        let now = match orders.first().map(|o| o.state) {
            Some(OrderState::SendUnknown) => " It is not known whether the invitation arrived; answer below.",
            Some(OrderState::Failed) => " The vendor refused it, so nothing was sent.",
            Some(OrderState::Planned | OrderState::Sending) => " The invitation is on its way to the vendor.",
            _ => "",
        };
        format!("{decision}{now}")
    }

    fn order(unmasked: bool, rules: &Rules, order: Order) -> OrderLine {
        let at = |t| when(t, &rules.timezone);
        let has_report = order.report_url.is_some() && unmasked;
        OrderLine {
            id: order.id.to_string(),
            vendor: vendor_name(rules, &order.vendor),
            test: order.test_name,
            state: order.state,
            note: order.note,
            score: order.score.map(text::score),
            band: order.band,
            outcome: order.outcome,
            report: has_report.then(|| address::report(&order.report_token)),
            called_back: order.called_back_at.is_some(),
            ordered: at(order.created_at),
            invited: order.invited_at.map(at),
            completed: order.completed_at.map(at),
            written: order.written_at.map(at),
        }
    }

    #[cfg(test)]
    mod tests {
        use super::*;

        #[test]
        fn an_answer_is_one_of_two() {
            let id = Uuid::from_u128(7);
            let read = |answer, vendor_ref| settlement(&id.to_string(), answer, vendor_ref);
            assert_eq!(read("arrived", " pi-9 "), Ok((id, Settlement::Arrived { vendor_ref: Some("pi-9".into()) })));
            assert_eq!(read("arrived", "  "), Ok((id, Settlement::Arrived { vendor_ref: None })));
            assert_eq!(read("send-again", ""), Ok((id, Settlement::SendAgain)));
            assert!(matches!(read("both", ""), Err(AppError::Invalid { .. })));
            assert!(matches!(read("arrived", &"x".repeat(201)), Err(AppError::Invalid { .. })));
            assert_eq!(settlement("1 or 1=1", "arrived", ""), Err(AppError::NotFound));
        }
    }
}

/// The page.
#[component]
pub fn CandidatePage() -> impl IntoView {
    let (slug, opportunity) = (super::path_param("slug"), super::path_param("opportunity"));
    let settle = Write::to(SettleSend::PATH);
    page_body(
        move || LoadCandidate { slug: slug.get(), opportunity: opportunity.get() },
        move |page| candidate(page, settle),
    )
}

fn candidate(page: CandidateView, settle: Write) -> impl IntoView {
    let (slug, may_settle) = (page.slug.clone(), page.may_settle);
    let none = page.orders.is_empty().then(|| {
        view! { <EmptyState title="Nothing was ordered">"The sentence above says why."</EmptyState> }
    });
    let orders = page.orders.into_iter().map(move |order| {
        let unsettled = may_settle && order.state == OrderState::SendUnknown;
        let form = unsettled
            .then(|| view! { <Settle slug=slug.clone() order=order.id.clone() arrived=order.called_back settle/> });
        view! { <OrderCard order/>{form} }
    });
    view! {
        <p class="crumbs"><A href=address::candidates(&page.slug)>{text::CANDIDATES}</A></p>
        <PageHeader title=page.name.reveal().to_owned() organization=page.organization>
            {page.lever.map(|url| view! {
                <a class="button" href=url rel="external noopener" target="_blank">
                    "Open in Lever"{Icon::Outward.view()}<span class="visually-hidden">" (new tab)"</span>
                </a>
            })}
        </PageHeader>
        <dl class="facts">
            <div><dt>"Stage"</dt><dd>{page.stage.unwrap_or_else(|| "Not a trigger stage".to_owned())}</dd></div>
            {page.email.map(|email| view! { <div><dt>"E-mail"</dt><dd>{email.reveal().to_owned()}</dd></div> })}
        </dl>
        <section class="answer" aria-labelledby="answer">
            <h2 id="answer">"Why?"</h2>
            <p>{page.answer}</p>
        </section>
        {settle.refusal()}
        <section class="section" aria-labelledby="orders">
            <h2 id="orders">"Orders"</h2>
            {none}
            {orders.collect_view()}
        </section>
        <Timeline lines=page.timeline/>
    }
}

#[component]
fn OrderCard(order: OrderLine) -> impl IntoView {
    let fact =
        |word: &'static str, at: Option<When>| at.map(|at| view! { <div><dt>{word}</dt><dd><Time at/></dd></div> });
    view! {
        <article class="card">
            <header class="card-header">
                <h3>{format!("{} · {}", order.vendor, order.test)}</h3>
                <StatePill state=order.state/>
                {order.outcome.map(|outcome| view! { <OutcomePill outcome/> })}
            </header>
            {order.note.map(|note| view! { <p>{note}</p> })}
            <dl class="facts">
                {order.score.map(|s| view! { <div><dt>"Score"</dt><dd class="figure">{s}</dd></div> })}
                {order.band.map(|band| view! { <div><dt>"Band"</dt><dd>{band}</dd></div> })}
                {fact("Ordered", Some(order.ordered))}
                {fact("Invited", order.invited)}
                {fact("Completed", order.completed)}
                {fact("Written to Lever", order.written)}
            </dl>
            {order.report.map(|href| view! {
                <p><a class="link-icon" href=href rel="external">{Icon::Report.view()}"Report"</a></p>
            })}
        </article>
    }
}

/// The two answers; one where the vendor's callback has proven it. Both forms work without client code.
#[component]
fn Settle(slug: String, order: String, arrived: bool, settle: Write) -> impl IntoView {
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
                <WriteForm to=settle>
                    <input type="hidden" name="slug" value=slug/>
                    <input type="hidden" name="order" value=order/>
                    <input type="hidden" name="answer" value="arrived"/>
                    <label class="field">
                        <span>"The vendor's id, if it shows one"</span>
                        <input name="vendor_ref" maxlength="200" autocomplete="off"/>
                    </label>
                    <button class="button button-primary" disabled=move || settle.pending()>"It arrived"</button>
                </WriteForm>
                {(!arrived).then(|| view! {
                    <WriteForm to=settle>
                        <input type="hidden" name="slug" value=slug_again/>
                        <input type="hidden" name="order" value=order_again/>
                        <input type="hidden" name="answer" value="send-again"/>
                        <button class="button" disabled=move || settle.pending()>"Send again"</button>
                    </WriteForm>
                })}
            </div>
        </div>
    }
}

#[component]
fn Timeline(lines: Vec<TimelineLine>) -> impl IntoView {
    let body = if lines.is_empty() {
        view! { <EmptyState title="Nothing has happened yet">"Decisions and events appear here."</EmptyState> }
            .into_any()
    } else {
        let lines = lines.into_iter().map(|line| {
            view! { <li class="timeline-line"><p class="muted"><Time at=line.at/></p><p>{line.sentence}</p></li> }
        });
        view! { <ol class="timeline">{lines.collect_view()}</ol> }.into_any()
    };
    view! {
        <section class="section" aria-labelledby="timeline">
            <h2 id="timeline">"Timeline"</h2>
            {body}
        </section>
    }
}
