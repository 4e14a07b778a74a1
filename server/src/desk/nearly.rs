//! Tags that nearly name a test: who has them, and putting the right one beside them.

use std::collections::BTreeSet;
use std::time::Duration;

use domain::invitation::{Decision, NearMiss, Reason};
use domain::job::{InvitePresent, NewJob, Work};
use domain::ports::desk::{DeskError, Nearly};
use domain::simulate::Past;
use domain::triggers::RowKey;
use uuid::Uuid;

use super::Clerk;
use super::present::row;
use crate::ids;

/// How far back is looked.
const MONTH: Duration = Duration::from_hours(30 * 24);
/// Entries that are looked through.
const LOOK: u32 = 500;
/// People that are shown.
const MOST: usize = 50;

pub(super) async fn all(clerk: &Clerk, organization: Uuid, key: &RowKey) -> Result<Vec<Nearly>, DeskError> {
    let connection = clerk.connection(organization)?;
    let row = row(&connection, key)?;
    let since = clerk.cx.clock.now().minus(MONTH);
    let past = clerk.cx.store.past(organization, &row.stage.id, &row.vendor, since, LOOK).await?;
    let mut seen = BTreeSet::new();
    let stands = past.iter().filter(|p| p.opportunity.stage == row.stage.id && p.opportunity.archived.is_none());
    let found = stands.filter(|p| seen.insert(p.opportunity.id.clone())).filter_map(one);
    Ok(found.take(MOST).collect())
}

/// The first of the tags that nearly name a test, while it is there and the right one is not.
fn one(past: &Past) -> Option<Nearly> {
    let (near, sent): (&[NearMiss], _) = match &past.decision {
        Decision::Invite { near, name, .. } => (near, Some(name.clone())),
        Decision::Skip { reason: Reason::NoTest { near } } => (near, None),
        Decision::Skip { .. } => return None,
    };
    let tags = &past.opportunity.tags;
    let near = near.iter().find(|n| tags.contains(&n.tag) && !tags.contains(&n.test))?;
    Some(Nearly {
        opportunity: past.opportunity.id.clone(),
        name: past.opportunity.name.clone(),
        tag: near.tag.clone(),
        test: near.test.clone(),
        sent,
    })
}

pub(super) async fn mend(
    clerk: &Clerk,
    organization: Uuid,
    key: &RowKey,
    opportunity: &str,
    test: &str,
    by: &str,
) -> Result<(), DeskError> {
    let connection = clerk.connection(organization)?;
    let row = row(&connection, key)?;
    let catalogue = clerk.cx.store.catalogue(organization).await?;
    let known = catalogue.iter().any(|(vendor, t)| *vendor == row.vendor && t.name == test && !t.retired);
    if !known {
        return Err(DeskError::Impossible(format!("the vendor has no test {test:?} any more; load the page again")));
    }
    let work = Work::InvitePresent(Box::new(InvitePresent {
        opportunity: opportunity.to_owned(),
        stage: row.stage.id.clone(),
        vendor: row.vendor.clone(),
        tag: Some(test.to_owned()),
        by: by.to_owned(),
    }));
    let job = NewJob { id: ids::row(), organization, work, run_at: clerk.cx.clock.now() };
    clerk.cx.store.enqueue(vec![job]).await?;
    clerk.wake.now();
    Ok(())
}
