//! Look for what no webhook told: candidates in trigger stages without a decision, results whose callback never came, stages
//! and tests that are gone. Lists only; what needs acting on goes through the same jobs as a webhook.

use std::collections::BTreeSet;

use domain::follow::{self, Known};
use domain::invitation::{Decision, Test};
use domain::job::{Claimed, Effect, Work};
use domain::opportunity::Opportunity;
use domain::ports::store::StoreError;
use domain::{RemoteError, Timestamp};

use super::{Context, Ran, Remote, done, failed, follow as follow_job, new_job, poll};
use crate::connections::Connection;

/// Pages of one sweep: 100,000 candidates standing in trigger stages.
const MOST_PAGES: usize = 1_000;

pub(super) async fn run(cx: &Context, connection: &Connection, job: &Claimed) -> Result<Ran, StoreError> {
    let lever = Remote::lever(connection);
    let mut effects = Vec::new();
    match connection.ats_bulk.stages().await {
        Ok(stages) => {
            effects.extend(lever.well(cx.clock.now()));
            effects.extend(missing_stages(connection, &stages, cx.clock.now()));
        }
        Err(error) => return Ok(failed(job, &error, &lever, cx.clock.now())),
    }
    effects.extend(catalogues(cx, connection).await?);
    match trigger_stages(cx, connection).await? {
        Ok(found) => effects.extend(found),
        Err(error) => {
            let (outcome, failure) = failed(job, &error, &lever, cx.clock.now());
            effects.extend(failure);
            return Ok((outcome, effects));
        }
    }
    effects.extend(open_orders(cx, connection).await?);
    Ok(done(effects))
}

fn missing_stages(connection: &Connection, stages: &[domain::opportunity::Named], now: Timestamp) -> Vec<Effect> {
    let organization = connection.organization.id;
    let triggers = &connection.organization.rules.triggers;
    let issue = |t: &domain::rules::Trigger| {
        let cause = format!("lever.stage.{}", t.stage.id);
        if stages.iter().any(|s| s.id == t.stage.id) {
            return Effect::CloseIssue { organization, cause, at: now };
        }
        let detail = format!(
            "The trigger stage {:?} was deleted in Lever: nobody is invited through it. Name another stage.",
            t.stage.name
        );
        Effect::RaiseIssue { organization, cause, detail, at: now }
    };
    triggers.iter().map(issue).collect()
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
    rows.filter_map(|row| {
        let default = row.default_test.as_ref()?;
        let cause = format!("vendor.{vendor}.test.{}", default.id);
        if tests.iter().any(|t| t.id == default.id) {
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

async fn trigger_stages(cx: &Context, connection: &Connection) -> Result<Result<Vec<Effect>, RemoteError>, StoreError> {
    let stages = connection.organization.rules.trigger_stages();
    let mut effects = Vec::new();
    if stages.is_empty() {
        return Ok(Ok(effects));
    }
    let tests = cx.store.catalogue(connection.organization.id).await?;
    let mut cursor: Option<String> = None;
    for _ in 0..MOST_PAGES {
        let page = match connection.ats_bulk.opportunities_in(&stages, cursor.as_deref()).await {
            Ok(page) => page,
            Err(error) => return Ok(Err(error)),
        };
        effects.extend(undecided(cx, connection, &page.items, &tests).await?);
        cursor = page.next;
        if cursor.is_none() {
            break;
        }
    }
    Ok(Ok(effects))
}

/// What the list shows is fresh enough to say no, and only a hint when it would say yes.
async fn undecided(
    cx: &Context,
    connection: &Connection,
    page: &[Opportunity],
    tests: &[(String, Test)],
) -> Result<Vec<Effect>, StoreError> {
    let organization = connection.organization.id;
    let ids: Vec<String> = page.iter().map(|o| o.id.clone()).collect();
    let known = cx.store.decided(organization, &ids).await?;
    let now = cx.clock.now();
    let mut effects = Vec::new();
    for opportunity in page {
        let decided: BTreeSet<_> = known
            .iter()
            .filter(|(id, ..)| *id == opportunity.id)
            .map(|(_, stage, at, vendor)| (stage.clone(), *at, vendor.clone()))
            .collect();
        let decisions = follow::decide(Known {
            opportunity,
            rules: &connection.organization.rules,
            tests,
            orders: &[],
            decided: &decided,
            paused: connection.organization.paused,
            now,
        });
        if decisions.iter().any(|d| matches!(d.decision, Decision::Invite { .. })) {
            let work = Work::Follow { opportunity: opportunity.id.clone() };
            effects.push(Effect::Enqueue(new_job(organization, work, now)));
        } else if !decisions.is_empty() {
            effects.push(Effect::SaveOpportunity(Box::new(opportunity.clone())));
            for decision in &decisions {
                effects.extend(follow_job::commit(connection, opportunity, decision, &[], now));
            }
        }
    }
    Ok(effects)
}

/// Every order at a vendor has a job that asks for it; one that got lost is made anew.
async fn open_orders(cx: &Context, connection: &Connection) -> Result<Vec<Effect>, StoreError> {
    let organization = connection.organization.id;
    let orders = cx.store.open_orders(organization).await?;
    let now = cx.clock.now();
    let polls = orders.into_iter().map(|order| {
        let at = now.plus(poll::usual(cx.poll_every));
        Effect::Enqueue(new_job(organization, Work::Poll { order }, at))
    });
    Ok(polls.collect())
}
