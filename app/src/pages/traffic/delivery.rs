//! `/o/{slug}/deliveries/{id}`: one delivery, what came of it, and processing it again.

use leptos::prelude::*;
use server_fn::ServerFn as _;

use super::{Mark, Said, Who, pill, said, who};
use crate::error::AppError;
use crate::icons::Icon;
use crate::page::{page_body, path_param, query};
use crate::text;
use crate::ui::{Banner, Button, ButtonKind, Crumb, Id, JsonView, PageHeader, Panel, Time, Tone};
use crate::when::When;

/// The page as data.
#[derive(Clone, Debug, PartialEq)]
pub struct DeliveryView {
    /// In addresses.
    pub slug: String,
    /// For people.
    pub organization: String,
    /// Address of the list.
    pub list: String,
    /// Our id.
    pub id: String,
    /// Event name as sent.
    pub event: String,
    /// When it came first.
    pub at: When,
    /// What became of it.
    pub mark: Mark,
    /// Whether the sender has proven who they are.
    pub signature: Mark,
    /// What came of it, or why it was refused.
    pub reason: String,
    /// How often it came again.
    pub repeats: String,
    /// It came again with other data.
    pub suspicious: bool,
    /// Whom it is about.
    pub who: Option<Who>,
    /// Address of all deliveries about the same opportunity.
    pub same: Option<String>,
    /// Address of the jobs that follow from deliveries, while this one waits.
    pub jobs: Option<String>,
    /// Without token and signature; none where it cannot be shown.
    pub payload: Option<String>,
    /// The viewer may have it processed again.
    pub may_replay: bool,
    /// Why it cannot be processed again; may be empty.
    pub no_replay: String,
    /// What came of the form.
    pub said: Option<Said>,
}

/// One delivery; `query` is that of the address.
pub async fn load_delivery(slug: String, delivery: String, query: String) -> Result<DeliveryView, AppError> {
    use crate::access::{SEE_TRAFFIC, require, store};
    let granted = require(SEE_TRAFFIC, &slug).await?;
    let id = uuid::Uuid::parse_str(&delivery).map_err(|_| AppError::NotFound.answered())?;
    let found = store()?.delivery_of(granted.organization.id, id).await?;
    on_server::view(&granted, &crate::query::Query::parse(&query), found).await
}

/// Has a delivery processed again, and leads back to it.
#[server(prefix = "/app", endpoint = "delivery-replay")]
pub async fn replay_delivery(slug: String, delivery: String) -> Result<(), AppError> {
    use crate::access::{Granted, TRY_AGAIN, desk, require, store};
    let Granted { organization, .. } = require(TRY_AGAIN, &slug).await?;
    let id = uuid::Uuid::parse_str(&delivery).map_err(|_| AppError::NotFound.answered())?;
    let (row, _) = store()?.delivery_of(organization.id, id).await?;
    if let Err(why) = row.replays() {
        let why = domain::words::no_replay(why).trim_end_matches('.').to_owned();
        return Err(AppError::Invalid { why }.answered());
    }
    desk()?.replay(organization.id, id).await?;
    leptos_axum::redirect(&format!("{}?replayed=yes", crate::address::delivery(&slug, &delivery)));
    Ok(())
}

mod on_server {
    use domain::ports::store::DeliveryStatus;
    use domain::read::DeliveryRow;
    use domain::words;
    use server_fn::ServerFn as _;

    use super::super::on_server::{People, event, mark, said};
    use super::super::{Mark, payload};
    use super::{DeliveryView, ReplayDelivery};
    use crate::access::{Granted, TRY_AGAIN};
    use crate::error::AppError;
    use crate::query::{self, Query};
    use crate::ui::Tone;
    use crate::when::when;
    use crate::{address, text};

    pub async fn view(
        granted: &Granted,
        query: &Query,
        (row, body): (DeliveryRow, String),
    ) -> Result<DeliveryView, AppError> {
        let Granted { viewer, organization } = granted;
        let rules = &organization.rules;
        let people = People::of(granted, row.opportunity.iter().cloned().collect()).await?;
        let list = address::deliveries(&rules.slug);
        let same = |id: &String| query::address(&list, &[("opportunity", Some(id.clone()))]);
        let waits = row.status == DeliveryStatus::Stored.as_str();
        let jobs = || query::address(&address::jobs(&rules.slug), &[("kind", Some("follow".to_owned()))]);
        let replayed = || query.get("replayed").map(|_| "The delivery is processed again.".to_owned());
        Ok(DeliveryView {
            slug: rules.slug.clone(),
            organization: rules.name.clone(),
            id: row.id.to_string(),
            event: event(&row),
            at: when(row.received, &rules.timezone),
            mark: mark(&row),
            signature: signature(&row),
            repeats: repeats(row.repeats),
            suspicious: row.suspicious,
            who: row.opportunity.as_deref().map(|opportunity| people.who(opportunity)),
            same: row.opportunity.as_ref().map(same),
            jobs: waits.then(jobs),
            payload: payload::shown(&body, viewer.sees_masked()),
            may_replay: viewer.may(TRY_AGAIN),
            no_replay: row.replays().err().map(words::no_replay).unwrap_or_default().to_owned(),
            said: said(query, &[ReplayDelivery::PATH], replayed),
            reason: row.reason.unwrap_or_default(),
            list,
        })
    }

    fn signature(row: &DeliveryRow) -> Mark {
        let (tone, word) = if row.status == DeliveryStatus::Refused.as_str() {
            (Tone::Bad, "Not accepted")
        } else {
            (Tone::Ok, "Verified")
        };
        Mark { tone, word: word.to_owned() }
    }

    fn repeats(repeats: i64) -> String {
        if repeats == 0 {
            "Came once".to_owned()
        } else {
            format!("Came again {}", text::count(repeats, "time", "times"))
        }
    }
}

/// The page.
#[component]
pub fn DeliveryPage() -> impl IntoView {
    page_body(load_delivery(path_param("slug"), path_param("delivery"), query()), delivery)
}

fn delivery(page: DeliveryView) -> AnyView {
    let crumbs = vec![Crumb::new(text::DELIVERIES, page.list.clone())];
    let suspicious = page.suspicious.then(|| {
        view! {
            <Banner
                tone=Tone::Warn
                sentence="The same token came again with other data. Lever does not do that: look who else knows the \
                          signature token, and rotate it."
            />
        }
    });
    let aside = (pill(page.mark.clone()), replay(&page));
    view! {
        <PageHeader title=page.event.clone() organization=page.organization.clone() crumbs>{aside}</PageHeader>
        {said(page.said.clone())}
        {suspicious}
        {overview(&page)}
        {payload(page.payload)}
    }
    .into_any()
}

/// Works without client code: the answer leads back here.
fn replay(page: &DeliveryView) -> Option<AnyView> {
    (page.may_replay && page.no_replay.is_empty()).then(|| {
        view! {
            <form method="post" action=ReplayDelivery::PATH>
                <input type="hidden" name="slug" value=page.slug.clone()/>
                <input type="hidden" name="delivery" value=page.id.clone()/>
                <Button word="Replay" icon=Icon::Repeat kind=ButtonKind::Primary/>
            </form>
        }
        .into_any()
    })
}

fn fact(word: &'static str, content: AnyView) -> AnyView {
    view! { <div><dt>{word}</dt><dd>{content}</dd></div> }.into_any()
}

fn overview(page: &DeliveryView) -> AnyView {
    let replays = if page.no_replay.is_empty() {
        "Replaying reads Lever again and applies the rules; what was decided before is not done twice.".to_owned()
    } else {
        page.no_replay.clone()
    };
    let reason =
        if page.reason.is_empty() { "Nothing yet: it waits for its job.".to_owned() } else { page.reason.clone() };
    let same = page.same.clone().map(|href| view! { " · "<a href=href>"all deliveries about it"</a> });
    let jobs = page.jobs.clone().map(|href| view! { <p><a href=href>"Jobs that read Lever"</a></p> });
    let facts = [
        fact("Received", view! { <Time at=page.at.clone()/> }.into_any()),
        fact("Signature", pill(page.signature.clone())),
        fact("Repeats", page.repeats.clone().into_any()),
        fact("Candidate", view! { {who(page.who.clone())}{same} }.into_any()),
        fact("Delivery", view! { <Id id=page.id.clone() what="the delivery's id"/> }.into_any()),
    ];
    view! {
        <Panel id="overview" title="What came of it">
            <p>{reason}</p>
            {jobs}
            <dl class="facts">{facts.into_iter().collect_view()}</dl>
            <p class="muted">{replays}</p>
        </Panel>
    }
    .into_any()
}

fn payload(payload: Option<String>) -> AnyView {
    let body = match payload {
        Some(json) => view! { <JsonView json what="the payload"/> }.into_any(),
        None => view! {
            <p class="muted">"The body is not JSON. It may hold a token in any place, so it is kept and not shown."</p>
        }
        .into_any(),
    };
    view! { <Panel id="payload" title="Payload" note="Token and signature are never shown.">{body}</Panel> }.into_any()
}
