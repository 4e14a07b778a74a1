//! What would happen to candidates, without doing it.

use std::collections::BTreeSet;

use domain::follow::{self, Known};
use domain::opportunity::Opportunity;
use domain::ports::desk::{DeskError, Rehearsal};
use domain::rules::Trigger;
use domain::tags::Status;

use super::present::lever;
use crate::connections::Connection;
use crate::jobs::Context;

/// People that are shown.
const MOST: usize = 20;

/// One page of Lever's list: who stands in a trigger stage, with what each row would do.
pub(super) async fn all(cx: &Context, connection: &Connection) -> Result<Vec<Rehearsal>, DeskError> {
    let rules = &connection.organization.rules;
    let page = connection.ats.opportunities_in(&rules.trigger_stages(), None).await.map_err(|e| lever(&e))?;
    let mut found = Vec::new();
    for opportunity in &page.items {
        for row in rules.triggers.iter().filter(|t| !t.off && t.stage.id == opportunity.stage) {
            if found.len() == MOST {
                return Ok(found);
            }
            found.extend(one(cx, connection, row, opportunity).await?);
        }
    }
    Ok(found)
}

async fn one(
    cx: &Context,
    connection: &Connection,
    row: &Trigger,
    opportunity: &Opportunity,
) -> Result<Option<Rehearsal>, DeskError> {
    let rules = &connection.organization.rules;
    let speaks = rules.row(&row.stage.id, &row.vendor, opportunity.posting.as_deref()) == Some(row);
    let Some(vendor) = rules.vendor(&row.vendor).filter(|_| speaks && !opportunity.anonymized) else { return Ok(None) };
    let facts = cx.store.opportunity_facts(connection.organization.id, &opportunity.id).await?;
    let known = Known {
        opportunity,
        rules,
        tests: &facts.tests,
        orders: &facts.orders,
        decided: &BTreeSet::new(),
        // What would be sent once it is live.
        paused: false,
        now: cx.clock.now(),
    };
    let tag = |status: Status| status.tag(&vendor.tag_prefix);
    Ok(follow::decide_asked(known, &row.stage.id, &row.vendor, "").map(|decided| Rehearsal {
        name: opportunity.name.clone(),
        email: opportunity.emails.first().cloned(),
        stage: row.stage.name.clone(),
        vendor: vendor.name.clone(),
        decision: decided.decision,
        sent: tag(Status::Sent),
        results: [Status::Pass, Status::NeedsReview, Status::Fail].map(tag).to_vec(),
        report: format!("{}/reports/…", cx.public_url),
    }))
}
