//! What the page of connections says, made of what is stored and, where it was asked for, of what Lever says.

use std::sync::Arc;

use domain::enablement::missing;
use domain::invitation::Decision;
use domain::opportunity::Named;
use domain::ports::desk::{Can, HookToken, PeopleDesk, Rehearsal, SetupDesk};
use domain::ports::store::{DeliveryStatus, Organization, SealedSecret, Store};
use domain::read::EventCount;
use domain::rules::{Contract, Rules, Vendor, secret};
use domain::silence::SILENT_HOOK;
use leptos::prelude::use_context;

use super::typed::Typed;
use super::{
    ConnectionsView, EventLine, HookView, LeverView, ProbeLine, RehearsalLine, Step, TokenLine, Trouble, VendorView,
};
use crate::access::{CONFIGURE, Viewer, clock, store};
use crate::error::AppError;
use crate::pages::on_server::decision;
pub use crate::pages::triggers::on_server::refused;
use crate::ui::{Choice, Tone};
use crate::when::{When, when};
use crate::{address, text};

/// Deliveries that are looked through for the last accepted one.
const LATEST: u32 = 50;

/// Where remotes are asked.
pub fn setup() -> Result<Arc<dyn SetupDesk>, AppError> {
    use_context::<Arc<dyn SetupDesk>>().ok_or_else(|| AppError::Unavailable { request: None }.answered())
}

/// Back to the page, with a word for what happened and what to show of Lever.
pub fn back(slug: &str, told: &str, show: &str) {
    let show = if show.is_empty() { "#said".to_owned() } else { format!("&show={show}#{show}") };
    leptos_axum::redirect(&format!("{}?told={told}{show}", address::connections(slug)));
}

fn said(told: &str) -> Option<String> {
    let sentence = match told {
        "key" => "Lever accepted the key, and it is stored. Choose next in whose name Assay writes.",
        "user" => "Saved: Assay writes in the name of this user.",
        "token" => "The token is stored. Verify the connection in Lever, or store the next one.",
        "hooks-old" => {
            "The webhooks are made, and Lever sends from the next event on. Some of those of before could not be removed: press the button again, or remove them in Lever."
        }
        "token-removed" => "Removed: what it signs is refused from now on.",
        "hooks" => "The webhooks are made. Lever sends from the next event on.",
        "hooks-removed" => {
            "The webhooks that Assay made are gone in Lever. Those made in Lever's own pages stay there."
        }
        "hooks-none" => "Lever has no webhook that Assay made: those made in Lever's own pages are removed there.",
        "key-removed" => "The key is removed and nothing is sent any more. Delete it in Lever as well.",
        "vendor" => "The vendor told its tests, and is connected.",
        "vendor-removed" => "The vendor is removed.",
        "live" => "Live: candidates who enter a trigger stage from now on are invited.",
        "paused" => "Paused: nobody is invited until someone goes live again.",
        _ => return None,
    };
    Some(sentence.to_owned())
}

/// The page.
pub async fn view(
    viewer: Viewer,
    organization: Organization,
    told: &str,
    show: &str,
    typed: Typed,
) -> Result<ConnectionsView, AppError> {
    let (store, may) = (store()?, viewer.may(CONFIGURE));
    let secrets = store.secrets(organization.id).await?;
    let zone = &organization.rules.timezone;
    let held = |name: &str| {
        let found: Option<&SealedSecret> = secrets.iter().find(|s| s.name == name);
        found.map(|s| (s.last_four.clone(), when(s.created_at, zone)))
    };
    let rules = &organization.rules;
    let issues = store.open_issues(organization.id).await?;
    let troubles = |connection: &str| {
        let causes = ["credential", "unavailable"].map(|kind| format!("{connection}.{kind}"));
        let of = issues.iter().filter(|i| causes.contains(&i.cause));
        of.map(|i| Trouble { at: when(i.last_seen, zone), sentence: i.detail.clone() }).collect::<Vec<_>>()
    };
    let of_lever = setup()?.held(organization.id).await.map_err(|e| refused(&organization, e))?;
    let mut lever = lever(&organization, held(secret::LEVER_KEY), may, show).await?;
    lever.used = of_lever.key_used.map(|at| when(at, zone)).filter(|_| lever.key.is_some());
    lever.trouble = troubles("lever");
    let mut hook = hook(&*store, &organization, of_lever.tokens, may).await?;
    let silent = issues.iter().find(|i| i.cause == SILENT_HOOK);
    hook.silent = silent.map(|i| Trouble { at: when(i.last_seen, zone), sentence: i.detail.clone() });
    let tests = store.catalogue(organization.id).await?;
    let count = |id: &str| tests.iter().filter(|(vendor, test)| vendor == id && !test.retired).count();
    let vendors = rules
        .vendors
        .iter()
        .map(|v| VendorView { trouble: troubles(&format!("vendor.{}", v.id)), ..vendor(v, count(&v.id), &held) });
    let vendors: Vec<VendorView> = vendors.collect();
    let rehearsal = match (may, show) {
        (true, "dry-run") => Some(rehearsed(&organization).await?),
        _ => None,
    };
    let steps = steps(rules, &lever, &hook, &vendors, organization.paused);
    Ok(ConnectionsView {
        version: organization.version,
        typed,
        slug: rules.slug.clone(),
        organization: rules.name.clone(),
        may_configure: may,
        said: said(told),
        paused: organization.paused,
        ready: missing(rules, lever.key.is_some()).is_none(),
        steps,
        lever,
        hook,
        vendors,
        triggers: rules.triggers.iter().filter(|t| !t.off).count(),
        rehearsal,
    })
}

fn steps(rules: &Rules, lever: &LeverView, hook: &HookView, vendors: &[VendorView], paused: bool) -> Vec<Step> {
    let step = |href: &str, word, done: bool, there: String, missing: &str| Step {
        href: href.to_owned(),
        word,
        done,
        note: if done { there } else { missing.to_owned() },
    };
    let on = rules.triggers.iter().filter(|t| !t.off).count();
    let rows = text::count(i64::try_from(on).unwrap_or(i64::MAX), "is on", "are on");
    let has_key = lever.key.is_some();
    // What is refused is not done, however long it is stored.
    let works = |trouble: &[Trouble]| trouble.is_empty();
    let key = lever.key.as_ref().filter(|_| works(&lever.trouble)).map(|(_, at)| format!("stored {}", at.words));
    let no_key = if has_key { "does not work now" } else { "none stored" };
    let event = hook.last.as_ref().filter(|_| hook.failure.is_none()).map(|at| format!("last event {}", at.words));
    let no_event = if hook.last.is_some() { "does not work now" } else { "no event yet; optional, and faster" };
    let vendors_work = vendors.iter().all(|v| works(&v.trouble));
    let no_vendor = if vendors.is_empty() { "none connected" } else { "does not work now" };
    // Their parts of the page are there once a key is.
    let after_key = |part: &'static str| if has_key { part } else { "#lever" };
    let names: Vec<&str> = rules.vendors.iter().map(|v| v.name.as_str()).collect();
    vec![
        step("#lever", "Lever key", key.is_some(), key.unwrap_or_default(), no_key),
        step(
            after_key("#users"),
            "In whose name",
            !rules.lever.perform_as.is_empty(),
            lever.user_name.clone(),
            "nobody chosen",
        ),
        step(after_key("#webhook"), "Webhook", event.is_some(), event.unwrap_or_default(), no_event),
        step("#vendors", "Vendor", !names.is_empty() && vendors_work, names.join(", "), no_vendor),
        step(&address::triggers(&rules.slug), "Trigger stages", on > 0, rows, "none is on"),
        step("#live", "Live", !paused, "candidates are invited".to_owned(), "nothing is sent"),
    ]
}

/// Asks Lever only for what was asked for: its calls are scarce.
async fn lever(
    organization: &Organization,
    key: Option<(String, When)>,
    may: bool,
    show: &str,
) -> Result<LeverView, AppError> {
    let connection = &organization.rules.lever;
    let mut found = LeverView {
        base_url: connection.base_url.clone(),
        user: connection.perform_as.clone(),
        user_name: Some(&connection.perform_as_name)
            .filter(|n| !n.is_empty())
            .unwrap_or(&connection.perform_as)
            .clone(),
        key,
        ..LeverView::default()
    };
    if found.key.is_none() {
        return Ok(found);
    }
    if !may {
        return Ok(found);
    }
    if ["users", "lever"].contains(&show) {
        match setup()?.lever_users(organization.id).await {
            Ok(users) => found.users = users.into_iter().map(|Named { id, name }| Choice::new(id, name)).collect(),
            Err(error) => found.users_failure = Some(format!("{error}.")),
        }
    }
    if ["permissions", "lever"].contains(&show) {
        match setup()?.probe(organization.id).await {
            Ok(probes) => found.probes = probes.into_iter().map(probe_line).collect(),
            Err(error) => found.probe_failure = Some(format!("{error}.")),
        }
    }
    Ok(found)
}

fn probe_line(p: domain::ports::desk::Probe) -> ProbeLine {
    let (tone, word) = match p.can {
        Can::Yes => (Tone::Ok, "Yes"),
        Can::No => (Tone::Bad, "No"),
        Can::Unknown => (Tone::Idle, "Could not tell"),
    };
    ProbeLine { permission: p.permission, purpose: p.purpose, tone, word, answer: p.answer }
}

async fn rehearsed(organization: &Organization) -> Result<Result<Vec<RehearsalLine>, String>, AppError> {
    let found = match setup()?.rehearse(organization.id).await {
        Ok(found) => found,
        Err(error) => return Ok(Err(format!("{error}."))),
    };
    let line = |person: Rehearsal| {
        let mut lines = vec![decision(&person.decision, &organization.rules.timezone)];
        let sends = matches!(person.decision, Decision::Invite { .. });
        if sends {
            let to = person.email.as_ref().map_or("no address", |email| email.reveal());
            lines.push(format!("{} would mail the invitation to {to}.", person.vendor));
            lines.push(format!(
                "Lever would get the tag {}, and with the result one of {}.",
                person.sent,
                person.results.join(", ")
            ));
            lines.push(format!("With the result, Lever would get the link {}.", person.report));
        }
        let (tone, word) = if sends { (Tone::Ok, "Would be invited") } else { (Tone::Idle, "Nothing would be sent") };
        let name = if person.name.is_blank() { text::NO_NAME.to_owned() } else { person.name.reveal().to_owned() };
        RehearsalLine { name: domain::Personal::new(name), stage: person.stage, tone, word, lines }
    };
    Ok(Ok(found.into_iter().map(line).collect()))
}

async fn hook(
    store: &dyn Store,
    organization: &Organization,
    tokens: Vec<HookToken>,
    may: bool,
) -> Result<HookView, AppError> {
    let zone = &organization.rules.timezone;
    let desk =
        use_context::<Arc<dyn PeopleDesk>>().ok_or_else(|| AppError::Unavailable { request: None }.answered())?;
    let not_accepted = DeliveryStatus::Refused.as_str();
    let latest = store.deliveries(organization.id, false, LATEST).await?;
    let accepted = latest.iter().find(|d| d.status != not_accepted);
    // Older failures were mended by what was accepted since.
    let failed = latest.first().filter(|d| d.status == not_accepted);
    let event = |e: EventCount| EventLine { event: e.event, counts: (e.count, e.failed), last: when(e.last, zone) };
    let (bad, all) = store.fleet_row(organization.id, clock()?.now()).await?.day();
    let token = |t: HookToken| TokenLine {
        code: t.code,
        word: t.event.map_or_else(|| "Signature token".to_owned(), |event| format!("{event}, made by Assay")),
        last_four: t.last_four,
        at: when(t.stored_at, zone),
    };
    Ok(HookView {
        // Whoever knows the address can knock there.
        address: if may { format!("{}/hooks/lever/{}", desk.public_url(), organization.hook) } else { String::new() },
        tokens: tokens.into_iter().map(token).collect(),
        last: accepted.map(|d| when(d.received, zone)),
        day: (all, bad),
        events: store.events(organization.id).await?.into_iter().map(event).collect(),
        silent: None,
        failure: failed.map(|d| (when(d.received, zone), d.reason.clone().unwrap_or_default())),
    })
}

fn vendor(vendor: &Vendor, tests: usize, held: &impl Fn(&str) -> Option<(String, When)>) -> VendorView {
    let urls = match &vendor.contract {
        Contract::GreenhouseAssessment {
            list_tests_url, send_test_url, test_status_url, response_error_url, ..
        } => vec![
            ("list_tests_url", list_tests_url.clone()),
            ("send_test_url", send_test_url.clone()),
            ("test_status_url", test_status_url.clone()),
            ("response_error_url", response_error_url.clone()),
        ],
        Contract::Pymetrics { base_url, .. } => vec![("base_url", base_url.clone())],
    };
    let scale = vendor.score_scale.map(|(low, high)| (text::score(low), text::score(high)));
    VendorView {
        id: vendor.id.clone(),
        kind: vendor.contract.kind().to_owned(),
        name: vendor.name.clone(),
        tag_prefix: vendor.tag_prefix.clone(),
        scale: scale.unwrap_or_default(),
        urls,
        key: held(&secret::vendor(&vendor.id, "api_key")),
        tests,
        trouble: Vec::new(),
    }
}
