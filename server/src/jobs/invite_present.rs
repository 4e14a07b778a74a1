//! A person asked to invite someone who was in the stage before its row was switched on: read the opportunity again and
//! decide anew. The decision that it was there already gives way to this one.

use std::collections::BTreeSet;

use domain::Timestamp;
use domain::activity::{Activity, Event};
use domain::follow::{self, Known};
use domain::invitation::Decision;
use domain::job::{Claimed, DecisionRecord, Effect, InvitePresent, JobOutcome};
use domain::opportunity::Entry;
use domain::ports::store::StoreError;
use uuid::Uuid;

use super::{Context, Ran, Remote, Unseen, done, failed, follow as follow_job};
use crate::connections::Connection;
use crate::ids;

pub(super) async fn run(
    cx: &Context,
    connection: &Connection,
    job: &Claimed,
    asked: &InvitePresent,
) -> Result<Ran, StoreError> {
    let mut effects = Vec::new();
    if let Some(tag) = &asked.tag {
        // Tags are a set: once more changes nothing.
        match connection.ats.add_tags(&asked.opportunity, std::slice::from_ref(tag)).await {
            Ok(_) => effects.push(tagged(job.organization, asked, tag, cx.clock.now())),
            Err(error) => return Ok(failed(job, &error, &Remote::lever(connection), cx.clock.now())),
        }
    }
    let opportunity = match connection.ats.opportunity(&asked.opportunity).await {
        Ok(opportunity) => opportunity,
        Err(error) => match Unseen::of(error, connection, &asked.opportunity).await {
            Ok(unseen) => return Ok(discard(unseen.why(), effects)),
            Err(error) => return Ok(failed(job, &error, &Remote::lever(connection), cx.clock.now())),
        },
    };
    let facts = cx.store.opportunity_facts(job.organization, &asked.opportunity).await?;
    let now = cx.clock.now();

    let known = Known {
        opportunity: &opportunity,
        rules: &connection.organization.rules,
        tests: &facts.tests,
        orders: &facts.orders,
        decided: &BTreeSet::new(),
        paused: connection.organization.paused,
        now,
    };
    let Some(decided) = follow::decide_asked(known, &asked.stage, &asked.vendor, &asked.by) else {
        return Ok(discard("It left the stage, or the rule was removed or switched off.", effects));
    };
    if facts.decisions.iter().any(|d| invited(d, &decided.entry, &asked.vendor)) {
        return Ok(done(effects));
    }

    let request = Activity {
        id: ids::row(),
        organization: job.organization,
        opportunity: opportunity.id.clone(),
        order: None,
        at: now,
        event: Event::AskedToInvite { stage: connection.stage_name(&asked.stage).to_owned(), by: asked.by.clone() },
    };
    effects.extend([Effect::SaveOpportunity(Box::new(opportunity.clone())), Effect::Record(request)]);
    effects.extend(follow_job::recorded(connection, &opportunity, &decided, &facts.orders, now, Effect::Redecide));
    Ok(done(effects))
}

/// What was done in Lever is on record whatever follows.
fn tagged(organization: Uuid, asked: &InvitePresent, tag: &str, at: Timestamp) -> Effect {
    Effect::Record(Activity {
        id: ids::row(),
        organization,
        opportunity: asked.opportunity.clone(),
        order: None,
        at,
        event: Event::Tagged { added: vec![tag.to_owned()], removed: Vec::new() },
    })
}

fn discard(reason: &str, effects: Vec<Effect>) -> Ran {
    (JobOutcome::Discard { reason: reason.to_owned() }, effects)
}

fn invited(record: &DecisionRecord, entry: &Entry, vendor: &str) -> bool {
    record.stage == entry.stage
        && record.entered_at == entry.at
        && record.vendor == vendor
        && matches!(record.decision, Decision::Invite { .. })
}
