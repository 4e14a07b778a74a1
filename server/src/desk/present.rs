//! Who was in a trigger stage before its row was switched on, and inviting them on request.

use std::collections::BTreeSet;

use domain::follow::{self, Known};
use domain::invitation::Decision;
use domain::job::{DecisionRecord, InvitePresent, NewJob, Work};
use domain::opportunity::Opportunity;
use domain::ports::desk::{AllPresent, DeskError, Present};
use domain::rules::Trigger;
use domain::triggers::RowKey;
use domain::{RemoteError, Timestamp};

use crate::connections::Connection;
use crate::ids;
use crate::jobs::Context;

/// Pages of Lever's list that someone waits for.
const MOST_PAGES: usize = 5;
/// People that are shown; after they are invited, the next ones are.
const MOST_PEOPLE: usize = 100;

pub(super) async fn all(cx: &Context, connection: &Connection, key: &RowKey) -> Result<AllPresent, DeskError> {
    let row = row(connection, key)?;
    let mut found = AllPresent::default();
    if row.off {
        return Ok(found);
    }
    let stages = [row.stage.id.clone()];
    let mut cursor: Option<String> = None;
    for _ in 0..MOST_PAGES {
        let page = connection.ats.opportunities_in(&stages, cursor.as_deref()).await.map_err(|e| lever(&e))?;
        for opportunity in &page.items {
            if found.people.len() == MOST_PEOPLE {
                found.more = true;
                return Ok(found);
            }
            found.people.extend(one(cx, connection, row, opportunity).await?);
        }
        cursor = page.next;
        if cursor.is_none() {
            return Ok(found);
        }
    }
    found.more = true;
    Ok(found)
}

pub(super) fn lever(error: &RemoteError) -> DeskError {
    DeskError::Remote { remote: "Lever".to_owned(), said: error.to_string() }
}

pub(super) fn row<'a>(connection: &'a Connection, key: &RowKey) -> Result<&'a Trigger, DeskError> {
    let rules = &connection.organization.rules;
    key.find(rules).map(|n| &rules.triggers[n]).ok_or_else(super::rows::gone)
}

/// Someone whom this row speaks for, who was there before it was on, and who was not invited since.
async fn one(
    cx: &Context,
    connection: &Connection,
    row: &Trigger,
    opportunity: &Opportunity,
) -> Result<Option<Present>, DeskError> {
    let rules = &connection.organization.rules;
    let (stage, vendor) = (row.stage.id.as_str(), row.vendor.as_str());
    let speaks = rules.row(stage, vendor, opportunity.posting.as_deref()) == Some(row);
    let entry = opportunity.entries(stage).into_iter().find(|e| !e.left && e.at <= row.active_since);
    let Some(entry) = entry.filter(|_| speaks && !opportunity.anonymized) else { return Ok(None) };
    let facts = cx.store.opportunity_facts(connection.organization.id, &opportunity.id).await?;
    let invited = |d: &DecisionRecord| {
        let same = d.stage == stage && d.entered_at == entry.at && d.vendor == vendor;
        same && matches!(d.decision, Decision::Invite { .. })
    };
    if facts.decisions.iter().any(invited) {
        return Ok(None);
    }
    let known = Known {
        opportunity,
        rules,
        tests: &facts.tests,
        orders: &facts.orders,
        decided: &BTreeSet::new(),
        paused: connection.organization.paused,
        now: cx.clock.now(),
    };
    Ok(follow::decide_asked(known, stage, vendor, "").map(|decided| Present {
        opportunity: opportunity.id.clone(),
        name: opportunity.name.clone(),
        entered_at: entry.at,
        decision: decided.decision,
    }))
}

/// The jobs that decide about them; each once.
pub(super) fn jobs(
    connection: &Connection,
    key: &RowKey,
    opportunities: &[String],
    by: &str,
    now: Timestamp,
) -> Result<Vec<NewJob>, DeskError> {
    let row = row(connection, key)?;
    let impossible = |what: &str| Err(DeskError::Impossible(what.to_owned()));
    if row.off {
        return impossible("this row is switched off; switch it on first");
    }
    let chosen: BTreeSet<&String> = opportunities.iter().filter(|id| !id.trim().is_empty()).collect();
    if chosen.is_empty() {
        return impossible("nobody was chosen; choose who is to be invited");
    }
    if chosen.len() > MOST_PEOPLE {
        return impossible("more people were chosen than the page shows; choose from the page");
    }
    let job = |opportunity: &String| NewJob {
        id: ids::row(),
        organization: connection.organization.id,
        work: Work::InvitePresent(Box::new(InvitePresent {
            opportunity: opportunity.clone(),
            stage: row.stage.id.clone(),
            vendor: row.vendor.clone(),
            tag: None,
            by: by.to_owned(),
        })),
        run_at: now,
    };
    Ok(chosen.into_iter().map(job).collect())
}
