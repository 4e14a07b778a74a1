//! `/o/{slug}/integrations`: a card for each integration, folded; how far it is enabled, who made which step, and what is next.

use domain::enablement::PERMISSIONS;
use leptos::prelude::*;
use server_fn::ServerFn as _;

use crate::error::AppError;
use crate::icons::Icon;
use crate::page::{page_body, path_param, query_param, refusal};
use crate::ui::{Banner, Button, ButtonKind, ButtonLink, PageHeader, Pill, TextInput, Tone};
use crate::when::When;
use crate::{address, text};

/// The page as data.
#[derive(Clone, Debug, PartialEq)]
pub struct IntegrationsView {
    /// In addresses.
    pub slug: String,
    /// For people.
    pub organization: String,
    /// What someone just did.
    pub said: Option<String>,
    /// One for each integration.
    pub cards: Vec<Card>,
}

/// One integration.
#[derive(Clone, Debug, PartialEq)]
pub struct Card {
    /// Its name in forms.
    pub integration: &'static str,
    /// For people.
    pub name: &'static str,
    /// What it does.
    pub purpose: &'static str,
    /// Colour.
    pub tone: Tone,
    /// Where it stands.
    pub state: &'static str,
    /// Who is next, and with what.
    pub next: &'static str,
    /// Each with who and when, oldest first.
    pub steps: Vec<(String, When)>,
    /// What this viewer may do now.
    pub act: Option<Act>,
    /// It is what the viewer has to see to.
    pub open: bool,
}

/// What a viewer may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    /// Ask for it.
    Request,
    /// Ask for the authorization.
    Ask,
    /// Grant or refuse.
    Answer,
    /// Put a key into a link.
    HandOver,
    /// Go on where it is connected.
    Connect,
}

/// How far each integration is enabled.
pub async fn load_integrations(slug: String, told: String) -> Result<IntegrationsView, AppError> {
    use crate::access::{Granted, SEE_CONFIGURATION, require};
    let Granted { viewer, organization } = require(SEE_CONFIGURATION, &slug).await?;
    on_server::view(&viewer, &organization, &told).await
}

/// A step of the super admin: `requested`, `granted` or `refused`.
#[server(prefix = "/app", endpoint = "enablement-step")]
pub async fn make_step(slug: String, integration: String, step: String) -> Result<(), AppError> {
    use domain::enablement::Step;

    use crate::access::{CONFIGURE, require};
    let granted = require(CONFIGURE, &slug).await?;
    on_server::step(granted, &integration, &step, &[Step::Requested, Step::Granted, Step::Refused]).await
}

/// An account manager asks for the authorization to make a key.
#[server(prefix = "/app", endpoint = "enablement-ask")]
pub async fn ask_authorization(slug: String, integration: String) -> Result<(), AppError> {
    use domain::enablement::Step;

    use crate::access::{SEE_FLEET, require};
    let granted = require(SEE_FLEET, &slug).await?;
    on_server::step(granted, &integration, Step::AuthorizationAsked.as_str(), &[Step::AuthorizationAsked]).await
}

pub mod on_server {
    use domain::audit::{Act as Done, AuditFilter, Author};
    use domain::enablement::{Facts, Integration, Made, State, Step, for_account_managers, state};
    use domain::ports::StoreError;
    use domain::ports::store::{Organization, Store};
    use domain::rules::secret;

    use super::{Act, Card, IntegrationsView};
    use crate::access::{CONFIGURE, Granted, SEE_FLEET, Viewer, clock, store};
    use crate::address;
    use crate::error::AppError;
    use crate::pages::people::on_server::people;
    use crate::ui::Tone;
    use crate::when::when;

    /// Deliveries that are looked through for an accepted one.
    const LATEST: u32 = 20;

    /// Names this showing of a form: what is sent from it twice is one thing.
    pub fn form() -> String {
        crate::access::clock().map(|clock| clock.now().as_micros().to_string()).unwrap_or_default()
    }

    /// Makes a step if it is one of these, tells who is next, and leads back.
    pub async fn step(granted: Granted, integration: &str, step: &str, of: &[Step]) -> Result<(), AppError> {
        let Granted { viewer, organization } = granted;
        let wrong = || AppError::Invalid { why: "There is no such step".to_owned() }.answered();
        let integration = Integration::parse(integration).ok_or_else(wrong)?;
        let step = Step::parse(step).filter(|s| of.contains(s)).ok_or_else(wrong)?;
        let by = Author::on_page(viewer.email.reveal(), clock()?.now());
        match store()?.make_step(organization.id, integration, step, &by).await {
            Err(StoreError::Conflict(_)) => return Err(AppError::Conflict.answered()),
            other => other?,
        }
        tell(&organization, integration, step).await?;
        leptos_axum::redirect(&format!("{}?told={}", address::integrations(&organization.rules.slug), step.as_str()));
        Ok(())
    }

    /// A notice to whoever is next.
    pub async fn tell(organization: &Organization, integration: Integration, step: Step) -> Result<(), AppError> {
        let (name, what) = (&organization.rules.name, integration.words());
        let path = address::integrations(&organization.rules.slug);
        let (to_managers, subject) = match step {
            Step::Requested => (true, format!("{name} asks for {what}")),
            Step::AuthorizationAsked => (false, format!("Authorize a Lever key for {what}")),
            Step::Granted => (true, format!("{name} authorized a Lever key for {what}")),
            Step::Refused => (true, format!("{name} refused a Lever key for {what}")),
            Step::KeyHandedOver | Step::KeyOpened => return Ok(()),
        };
        let id = (!to_managers).then_some(organization.id);
        people()?.tell(id, &subject, &path).await;
        Ok(())
    }

    /// What is there, whatever the integration.
    async fn facts(store: &dyn Store, organization: &Organization) -> Result<Facts, AppError> {
        let secrets = store.secrets(organization.id).await?;
        let latest = store.deliveries(organization.id, false, LATEST).await?;
        let paused_once = AuditFilter { act: Some(Done::Paused), ..AuditFilter::default() };
        Ok(Facts {
            has_key: secrets.iter().any(|s| s.name == secret::LEVER_KEY),
            verified: latest.iter().any(|d| d.status != "refused"),
            paused: organization.paused,
            was_live: !store.audit(Some(organization.id), &paused_once, 1).await?.is_empty(),
            ..Facts::default()
        })
    }

    const fn words(state: State) -> (Tone, &'static str, &'static str) {
        match state {
            State::NotRequested => {
                (Tone::Idle, "Not requested", "A super admin sends the request, or connects with a key of their own.")
            }
            State::Requested => {
                (Tone::Info, "Requested", "An account manager asks for the authorization to make a key.")
            }
            State::AuthorizationAsked => (Tone::Warn, "Authorization asked", "A super admin grants it or refuses."),
            State::Authorized => (
                Tone::Info,
                "Authorized",
                "An account manager hands over a key by a one-time link; or a super admin stores one.",
            ),
            State::KeyStored => {
                (Tone::Info, "Key stored", "A super admin connects the vendor and adds a trigger stage.")
            }
            State::Configured => {
                (Tone::Info, "Configured", "Lever's first event is awaited; going live need not wait for it.")
            }
            State::WebhookVerified => (Tone::Info, "Webhook verified", "A super admin goes live."),
            State::Live => (Tone::Ok, "Live", "Nothing: candidates who enter a trigger stage are invited."),
            State::Paused => (Tone::Idle, "Paused", "Nobody is invited until a super admin goes live again."),
            State::Refused => {
                (Tone::Bad, "Refused", "A super admin may request it again, or connects with a key of their own.")
            }
        }
    }

    fn act(viewer: &Viewer, state: State) -> Option<Act> {
        let (admin, manager) = (viewer.may(CONFIGURE), viewer.may(SEE_FLEET));
        match state {
            State::NotRequested | State::Refused if admin => Some(Act::Request),
            State::Requested if manager => Some(Act::Ask),
            State::AuthorizationAsked if admin => Some(Act::Answer),
            State::Authorized if manager => Some(Act::HandOver),
            State::Authorized
            | State::KeyStored
            | State::Configured
            | State::WebhookVerified
            | State::Live
            | State::Paused
                if admin =>
            {
                Some(Act::Connect)
            }
            _ => None,
        }
    }

    /// What waits for an account manager: slug, integration and what is next.
    pub fn waiting(steps: Vec<(String, Made)>) -> Vec<(String, Integration, &'static str)> {
        let next = |(slug, made): (String, Made)| {
            let next = match made.step {
                Step::Granted => "authorized a key: hand it over",
                _ => "asks to be enabled: ask for the authorization",
            };
            (slug, made.integration, next)
        };
        for_account_managers(steps).into_iter().map(next).collect()
    }

    fn said(told: &str) -> Option<String> {
        let sentence = match Step::parse(told)? {
            Step::Requested => {
                "The request is sent: the account managers see it, and are told by e-mail where mail is set up."
            }
            Step::AuthorizationAsked => "Asked: the super admins see the nine permissions and grant or refuse.",
            Step::Granted => "Authorized, and on record. An account manager hands the key over by a one-time link.",
            Step::Refused => "Refused, and on record.",
            Step::KeyHandedOver | Step::KeyOpened => return None,
        };
        Some(sentence.to_owned())
    }

    /// The page.
    pub async fn view(viewer: &Viewer, organization: &Organization, told: &str) -> Result<IntegrationsView, AppError> {
        let (store, rules) = (store()?, &organization.rules);
        let steps = store.steps(organization.id).await?;
        let facts = facts(&*store, organization).await?;
        let mut cards = Vec::new();
        for integration in Integration::ALL {
            let made: Vec<Made> = steps.iter().filter(|m| m.integration == integration).cloned().collect();
            let (has_vendor, has_stage) = integration.configured(rules);
            let state = state(&made, Facts { has_vendor, has_stage, ..facts });
            let (tone, word, next) = words(state);
            let act = act(viewer, state);
            let line = |m: &Made| (format!("{} by {}", m.step.words(), m.who), when(m.at, &rules.timezone));
            cards.push(Card {
                integration: integration.as_str(),
                name: integration.words(),
                purpose: purpose(integration),
                tone,
                state: word,
                next,
                steps: made.iter().map(line).collect(),
                open: matches!(act, Some(Act::Ask | Act::Answer | Act::HandOver)),
                act,
            });
        }
        Ok(IntegrationsView { slug: rules.slug.clone(), organization: rules.name.clone(), said: said(told), cards })
    }

    const fn purpose(integration: Integration) -> &'static str {
        match integration {
            Integration::Py => "Coding tests, and every vendor that speaks the Greenhouse assessment contract.",
            Integration::Pymetrics => "Games, with scores and traits.",
        }
    }
}

/// The page.
#[component]
pub fn IntegrationsPage() -> impl IntoView {
    page_body(load_integrations(path_param("slug"), query_param("told").unwrap_or_default()), integrations)
}

fn integrations(page: IntegrationsView) -> AnyView {
    let said = page.said.map(|sentence| view! { <div role="status"><Banner tone=Tone::Ok sentence/></div> });
    let slug = page.slug;
    let cards = page.cards.into_iter().map(|one| card(&slug, one)).collect_view();
    view! {
        <PageHeader title=text::INTEGRATIONS organization=page.organization note="What this Lever account works with, and how far each is enabled."/>
        {said}
        {refusal(&[MakeStep::PATH, AskAuthorization::PATH])}
        <div class="integrations">{cards}</div>
    }
    .into_any()
}

fn card(slug: &str, one: Card) -> AnyView {
    let steps = one.steps.into_iter().map(|(words, at)| {
        view! { <li>{words}<span class="cell-note">{at.words}</span></li> }
    });
    let act = one.act.map(|act| act_view(slug, one.integration, act));
    view! {
        <details class="integration" open=one.open>
            <summary>
                <span class="integration-name"><strong>{one.name}</strong><span class="cell-note">{one.purpose}</span></span>
                <Pill tone=one.tone icon=one.tone.icon() word=one.state/>
                {Icon::Chevron.view()}
            </summary>
            <div class="integration-body">
                <p><span class="muted">"Next: "</span>{one.next}</p>
                <ol class="made">{steps.collect_view()}</ol>
                {act}
            </div>
        </details>
    }
    .into_any()
}

fn hidden(slug: &str, integration: &'static str) -> AnyView {
    view! {
        <input type="hidden" name="slug" value=slug.to_owned()/>
        <input type="hidden" name="integration" value=integration/>
    }
    .into_any()
}

fn act_view(slug: &str, integration: &'static str, act: Act) -> AnyView {
    match act {
        Act::Request => view! {
            <form method="post" action=MakeStep::PATH class="row-actions">
                {hidden(slug, integration)}
                <Button word="Send request to enable" kind=ButtonKind::Primary attr:name="step" attr:value="requested"/>
                <ButtonLink href=address::connections(slug) word="Connect with a key of your own"/>
            </form>
        }
        .into_any(),
        Act::Ask => view! {
            <form method="post" action=AskAuthorization::PATH>
                {hidden(slug, integration)}
                <Button word="Ask for the authorization" kind=ButtonKind::Primary/>
            </form>
        }
        .into_any(),
        Act::Answer => {
            let all = PERMISSIONS.map(|words| view! { <li>{words}</li> }).into_iter().collect_view();
            view! {
                <p>"An account manager asks to create a data API key in Lever with exactly these permissions:"</p>
                <ul class="permissions">{all}</ul>
                <p class="muted">
                    "Not among them, and needed: List users (Lever wants to know in whose name is written) and Add candidate links (for the report). List postings "
                    "is needed only where a trigger stage is limited to some postings. Ask for a key that has these, too."
                </p>
                <form method="post" action=MakeStep::PATH class="row-actions">
                    {hidden(slug, integration)}
                    <Button word="Authorize" kind=ButtonKind::Primary attr:name="step" attr:value="granted"/>
                    <Button word="Refuse" attr:name="step" attr:value="refused"/>
                </form>
            }
            .into_any()
        }
        // Its answer is shown once and is no page of the application: the browser itself sends it.
        Act::HandOver => view! {
            <form method="post" action=address::hand_over(slug) target="_self" class="form-row">
                <input type="hidden" name="integration" value=integration/>
                <input type="hidden" name="form" value=on_server::form()/>
                <TextInput
                    id=format!("key-{integration}") name="key" label="Lever API key" kind="password" required=true autocomplete="new-password"
                    hint="It goes into a link that opens once, within three days. It is not stored anywhere else."
                />
                <Button word="Make the one-time link" kind=ButtonKind::Primary/>
            </form>
        }
        .into_any(),
        Act::Connect => view! { <p><ButtonLink href=address::connections(slug) word="Go on at Connections" kind=ButtonKind::Primary/></p> }.into_any(),
    }
}
