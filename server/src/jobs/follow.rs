//! An opportunity was moved, or a sweep found it: read it again and decide every entry that has no decision.

use std::collections::BTreeSet;

use domain::activity::{Activity, Event};
use domain::follow::{self, Decided, Known};
use domain::invitation::Decision;
use domain::job::{Claimed, DecisionRecord, Effect, Work};
use domain::opportunity::Opportunity;
use domain::order::{Order, OrderState};
use domain::ports::store::StoreError;
use domain::{Timestamp, words};

use super::{Context, Ran, Remote, Unseen, done, failed, new_job};
use crate::connections::Connection;
use crate::ids;

pub(super) async fn run(cx: &Context, connection: &Connection, job: &Claimed, id: &str) -> Result<Ran, StoreError> {
    // What comes in from here on is not covered by this reading.
    let asked = cx.clock.now();
    let close = |reason: String| Effect::CloseDeliveries {
        organization: job.organization,
        opportunity: id.to_owned(),
        until: asked,
        reason,
    };
    let opportunity = match connection.ats.opportunity(id).await {
        Ok(opportunity) => opportunity,
        Err(error) => match Unseen::of(error, connection, id).await {
            Ok(unseen) => return Ok(done(vec![close(format!("Nothing is sent: {}.", unseen.why()))])),
            Err(error) => return Ok(failed(job, &error, &Remote::lever(connection), cx.clock.now())),
        },
    };
    let facts = cx.store.opportunity_facts(job.organization, id).await?;
    let now = cx.clock.now();

    let decided: BTreeSet<_> =
        facts.decisions.iter().map(|d| (d.stage.clone(), d.entered_at, d.vendor.clone())).collect();
    let decisions = follow::decide(Known {
        opportunity: &opportunity,
        rules: &connection.organization.rules,
        tests: &facts.tests,
        orders: &facts.orders,
        decided: &decided,
        paused: connection.organization.paused,
        now,
    });

    let reason = match decisions.last() {
        Some(last) => words::decision(&last.decision),
        None if facts.decisions.is_empty() => {
            let rules = &connection.organization.rules;
            let off = rules.triggers.iter().any(|t| t.off && t.stage.id == opportunity.stage);
            let why = if off { "the rule of its stage is switched off" } else { "it stands in no trigger stage" };
            format!("Nothing to decide: {why}.")
        }
        None => "Nothing new to decide.".to_owned(),
    };
    let mut effects = vec![Effect::SaveOpportunity(Box::new(opportunity.clone()))];
    for decision in &decisions {
        effects.extend(commit(connection, &opportunity, decision, &facts.orders, now));
    }
    effects.push(close(reason));
    Ok(done(effects))
}

/// A decision with everything that follows from it, to be committed together.
pub(super) fn commit(
    connection: &Connection,
    opportunity: &Opportunity,
    decided: &Decided,
    orders: &[Order],
    now: Timestamp,
) -> Vec<Effect> {
    recorded(connection, opportunity, decided, orders, now, Effect::Decide)
}

/// As [`commit`]; `record_as` says whether it is the first decision about the entry.
pub(super) fn recorded(
    connection: &Connection,
    opportunity: &Opportunity,
    decided: &Decided,
    orders: &[Order],
    now: Timestamp,
    record_as: fn(DecisionRecord) -> Effect,
) -> Vec<Effect> {
    let organization = connection.organization.id;
    let record = DecisionRecord {
        organization,
        opportunity: opportunity.id.clone(),
        stage: decided.entry.stage.clone(),
        entered_at: decided.entry.at,
        vendor: decided.vendor.clone(),
        decision: decided.decision.clone(),
        rules_version: connection.organization.version,
        at: now,
    };
    let vendor = connection.organization.rules.vendor(&decided.vendor).map_or(decided.vendor.as_str(), |v| &v.name);
    let order = plan(connection, opportunity, decided, orders, now);
    let event = Event::Decided {
        stage: connection.stage_name(&decided.entry.stage).to_owned(),
        entered_at: decided.entry.at,
        vendor: vendor.to_owned(),
        decision: decided.decision.clone(),
    };
    let line = Activity {
        id: ids::row(),
        organization,
        opportunity: opportunity.id.clone(),
        order: order.as_ref().map(|o| o.id),
        at: now,
        event,
    };
    let mut effects = vec![record_as(record)];
    if let Some(order) = order {
        let send = new_job(organization, Work::Send { order: order.id }, now);
        effects.push(Effect::PlanOrder(Box::new(order)));
        effects.push(Effect::Enqueue(send));
    }
    effects.push(Effect::Record(line));
    effects
}

fn plan(
    connection: &Connection,
    opportunity: &Opportunity,
    decided: &Decided,
    orders: &[Order],
    now: Timestamp,
) -> Option<Order> {
    let Decision::Invite { test, name, .. } = &decided.decision else { return None };
    let earlier = orders.iter().filter(|o| o.vendor == decided.vendor && o.test == *test).map(|o| o.round).max();
    Some(Order {
        id: ids::unguessable(),
        organization: connection.organization.id,
        opportunity: opportunity.id.clone(),
        contact: opportunity.contact.clone(),
        vendor: decided.vendor.clone(),
        test: test.clone(),
        test_name: name.clone(),
        round: earlier.unwrap_or(0) + 1,
        stage: decided.entry.stage.clone(),
        posting: opportunity.posting.clone(),
        state: OrderState::Planned,
        note: Some(words::decision(&decided.decision)),
        vendor_ref: None,
        vendor_status: None,
        score: None,
        band: None,
        outcome: None,
        judged_by: None,
        report_url: None,
        report_token: ids::token(),
        email: opportunity.email().cloned().unwrap_or_default(),
        created_at: now,
        invited_at: None,
        completed_at: None,
        written_at: None,
        called_back_at: None,
    })
}
