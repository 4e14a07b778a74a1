//! Look for what no webhook told: candidates in trigger stages without a decision, results whose callback never came, stages
//! and tests that are gone. Lists only; what needs acting on goes through the same jobs as a webhook.

use std::collections::BTreeSet;
use std::future::Future;
use std::time::Duration;

use domain::follow::{self, Decided, Known};
use domain::invitation::{Decision, Test};
use domain::job::{Claimed, Effect, JobOutcome, Work};
use domain::opportunity::Opportunity;
use domain::order::OrderState;
use domain::ports::store::{StoreError, Unfinished};
use domain::silence::{SILENT_HOOK, Silence};
use domain::{RemoteError, Timestamp};

use super::{Context, Ran, Remote, failed, follow as follow_job, new_job, poll};
use crate::connections::Connection;
use crate::remote;

/// A result that could not be written is tried again by the sweep after this time.
const WRITE_BACK_AGAIN: Duration = Duration::from_secs(3_600);

/// How often a sweep waits for its turn before it starts over.
const MOST_TURNS: usize = 100;
/// How long it waits where nobody said how long.
const TURN: Duration = Duration::from_secs(1);

/// Pages of one sweep: 100,000 candidates standing in trigger stages.
const MOST_PAGES: usize = 1_000;

pub(super) async fn run(cx: &Context, connection: &Connection, job: &Claimed) -> Result<Ran, StoreError> {
    let lever = Remote::lever(connection);
    let mut effects = unfinished_orders(cx, connection).await?;
    match patiently(|| connection.ats_bulk.stages()).await {
        Ok(stages) => {
            effects.extend(lever.well(cx.clock.now()));
            effects.extend(missing_stages(connection, &stages, cx.clock.now()));
        }
        Err(error) => return Ok(later(cx, job, &error, &lever, effects)),
    }
    effects.extend(catalogues(cx, connection).await?);
    match trigger_stages(cx, connection).await? {
        Ok((silence, heard)) => effects.extend(silent_hook(cx, connection, silence, heard).await?),
        Err(error) => return Ok(later(cx, job, &error, &lever, effects)),
    }
    Ok((JobOutcome::Snooze { until: cx.clock.now().plus(cx.sync_every) }, effects))
}

pub(super) fn later(
    cx: &Context,
    job: &Claimed,
    error: &RemoteError,
    lever: &Remote<'_>,
    mut effects: Vec<Effect>,
) -> Ran {
    let (outcome, failure) = failed(job, error, lever, cx.clock.now());
    effects.extend(failure);
    // A sweep is never dead: the next one does the same work.
    let outcome = match outcome {
        JobOutcome::Dead { .. } => JobOutcome::Snooze { until: cx.clock.now().plus(cx.sync_every) },
        other => other,
    };
    (outcome, effects)
}

/// A sweep gives way to everything else, and waits for its turn rather than start again.
pub(super) async fn patiently<T, F: Future<Output = Result<T, RemoteError>>>(
    call: impl Fn() -> F,
) -> Result<T, RemoteError> {
    let mut turns = 0;
    loop {
        match call().await {
            Err(RemoteError::RateLimited { retry_after }) if turns < MOST_TURNS => {
                turns += 1;
                remote::pause(retry_after.unwrap_or(TURN)).await;
            }
            answer => return answer,
        }
    }
}

fn missing_stages(connection: &Connection, stages: &[domain::opportunity::Named], now: Timestamp) -> Vec<Effect> {
    let organization = connection.organization.id;
    let rules = &connection.organization.rules;
    let on = rules.trigger_stages();
    let issue = |t: &domain::rules::Trigger| {
        let cause = format!("lever.stage.{}", t.stage.id);
        if stages.iter().any(|s| s.id == t.stage.id) || !on.contains(&t.stage.id) {
            return Effect::CloseIssue { organization, cause, at: now };
        }
        let detail = format!(
            "The trigger stage {:?} was deleted in Lever: nobody is invited through it. Name another stage.",
            t.stage.name
        );
        Effect::RaiseIssue { organization, cause, detail, at: now }
    };
    rules.triggers.iter().map(issue).collect()
}

/// Reads the vendors' lists of tests again. A vendor that cannot be asked is an issue, not the end of the sweep.
async fn catalogues(cx: &Context, connection: &Connection) -> Result<Vec<Effect>, StoreError> {
    let organization = connection.organization.id;
    let mut effects = Vec::new();
    for rules in &connection.organization.rules.vendors {
        let Some((vendor, client)) = connection.vendor(&rules.id) else { continue };
        let remote = Remote::vendor(connection, &vendor.id, &vendor.name);
        let answer = client.tests().await;
        let now = cx.clock.now();
        match answer {
            Ok(tests) => {
                effects.extend(remote.well(now));
                effects.extend(retired_defaults(connection, &vendor.id, &tests, now));
                effects.push(Effect::SaveTests { organization, vendor: vendor.id.clone(), tests, at: now });
            }
            Err(error) => {
                let kind = if error.is_credential() { "credential" } else { "unavailable" };
                let detail = format!("The list of tests of {} could not be read: {error}.", vendor.name);
                effects.push(remote.raise(kind, detail, now));
            }
        }
    }
    Ok(effects)
}

fn retired_defaults(connection: &Connection, vendor: &str, tests: &[Test], now: Timestamp) -> Vec<Effect> {
    let organization = connection.organization.id;
    let rows = connection.organization.rules.triggers.iter().filter(|t| t.vendor == vendor);
    rows.clone()
        .filter_map(|row| {
        let default = row.default_test.as_ref()?;
        let cause = format!("vendor.{vendor}.test.{}", default.id);
        let same = |t: &&domain::rules::Trigger| t.default_test.as_ref().is_some_and(|d| d.id == default.id);
        let off = rows.clone().filter(same).all(|t| t.off);
        if off || tests.iter().any(|t| t.id == default.id) {
            return Some(Effect::CloseIssue { organization, cause, at: now });
        }
        let detail = format!(
            "The default test {:?} of the stage {:?} is no longer in the vendor's list: nobody is invited through it. \
             Choose another one.",
            default.name, row.stage.name
        );
        Some(Effect::RaiseIssue { organization, cause, detail, at: now })
    })
    .collect()
}

/// Says so while the webhook tells nothing of what Lever does, and no more once it has told something.
async fn silent_hook(
    cx: &Context,
    connection: &Connection,
    silence: Silence,
    heard: Option<Timestamp>,
) -> Result<Option<Effect>, StoreError> {
    let organization = connection.organization.id;
    let (cause, at) = (SILENT_HOOK.to_owned(), cx.clock.now());
    if let Some(first) = silence.first {
        let moves = silence.moves;
        let candidates = if moves == 1 { "a candidate".to_owned() } else { format!("{moves} candidates") };
        let detail = format!(
            "Lever moved {candidates} into trigger stages since {first} and no webhook told of it: they were found by \
             looking, which takes minutes. See in Lever, Settings, Integrations, Webhooks, whether the events are on and \
             lead to the address under Connections."
        );
        return Ok(Some(Effect::RaiseIssue { organization, cause, detail, at }));
    }
    let open = cx.store.open_issues(organization).await?;
    let told = open.iter().any(|issue| issue.cause == SILENT_HOOK && heard > Some(issue.last_seen));
    Ok(told.then_some(Effect::CloseIssue { organization, cause, at }))
}

/// Walks through everyone who stands in a trigger stage. What a page says is committed before the next one is asked for.
/// Returns what no webhook told of, and when one was accepted last.
async fn trigger_stages(
    cx: &Context,
    connection: &Connection,
) -> Result<Result<(Silence, Option<Timestamp>), RemoteError>, StoreError> {
    let stages = connection.organization.rules.trigger_stages();
    let heard = heard(cx, connection).await?;
    let mut silence = Silence::default();
    if stages.is_empty() {
        return Ok(Ok((silence, heard)));
    }
    let tests = cx.store.catalogue(connection.organization.id).await?;
    let mut cursor: Option<String> = None;
    for _ in 0..MOST_PAGES {
        let page = match patiently(|| connection.ats_bulk.opportunities_in(&stages, cursor.as_deref())).await {
            Ok(page) => page,
            Err(error) => return Ok(Err(error)),
        };
        let decided = undecided(cx, connection, &page.items, &tests).await?;
        silence.add(&decided, heard, cx.clock.now());
        cursor = page.next;
        if cursor.is_none() {
            break;
        }
    }
    Ok(Ok((silence, heard)))
}

async fn heard(cx: &Context, connection: &Connection) -> Result<Option<Timestamp>, StoreError> {
    let events = cx.store.events(connection.organization.id).await?;
    Ok(events.into_iter().filter_map(|event| event.accepted).max())
}

/// What the list shows is fresh enough to say no, and only a hint when it would say yes. Returns everything that was undecided.
async fn undecided(
    cx: &Context,
    connection: &Connection,
    page: &[Opportunity],
    tests: &[(String, Test)],
) -> Result<Vec<Decided>, StoreError> {
    let organization = connection.organization.id;
    let mut found = Vec::new();
    let ids: Vec<String> = page.iter().map(|o| o.id.clone()).collect();
    let known = cx.store.decided(organization, &ids).await?;
    for opportunity in page {
        let decided: BTreeSet<_> = known
            .iter()
            .filter(|(id, ..)| *id == opportunity.id)
            .map(|(_, stage, at, vendor)| (stage.clone(), *at, vendor.clone()))
            .collect();
        let now = cx.clock.now();
        let decisions = follow::decide(Known {
            opportunity,
            rules: &connection.organization.rules,
            tests,
            orders: &[],
            decided: &decided,
            paused: connection.organization.paused,
            now,
        });
        let mut effects = Vec::new();
        if decisions.iter().any(|d| matches!(d.decision, Decision::Invite { .. })) {
            let work = Work::Follow { opportunity: opportunity.id.clone() };
            effects.push(Effect::Enqueue(new_job(organization, work, now)));
        } else if !decisions.is_empty() {
            effects.push(Effect::SaveOpportunity(Box::new(opportunity.clone())));
            for decision in &decisions {
                effects.extend(follow_job::commit(connection, opportunity, decision, &[], now));
            }
        }
        match cx.store.commit(effects).await {
            // A webhook's job decided it in the meantime.
            Ok(()) | Err(StoreError::Conflict(_)) => {}
            Err(error) => return Err(error),
        }
        found.extend(decisions);
    }
    Ok(found)
}

/// Every order that is not at its end has a job that carries it on; one that got lost or died is made anew.
async fn unfinished_orders(cx: &Context, connection: &Connection) -> Result<Vec<Effect>, StoreError> {
    let organization = connection.organization.id;
    let orders = cx.store.unfinished_orders(organization).await?;
    let now = cx.clock.now();
    let job = |o: Unfinished| {
        let (work, at) = match o.state {
            OrderState::Planned | OrderState::Sending => (Work::Send { order: o.order }, now),
            // Not before the one that may be waiting after a failure.
            OrderState::Completed => {
                (Work::WriteBack { opportunity: o.opportunity, vendor: o.vendor }, now.plus(WRITE_BACK_AGAIN))
            }
            _ => (Work::Poll { order: o.order }, now.plus(poll::usual(cx.poll_every))),
        };
        Effect::Enqueue(new_job(organization, work, at))
    };
    let configured = |o: &Unfinished| connection.organization.rules.vendor(&o.vendor).is_some();
    Ok(orders.into_iter().filter(|o| configured(o) || o.state != OrderState::Completed).map(job).collect())
}
