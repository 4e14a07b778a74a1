//! Processing a stored delivery again: `assay replay` and the page of a delivery.

use std::collections::BTreeSet;
use std::sync::Arc;

use domain::follow::{self, Known};
use domain::job::{NewJob, Work};
use domain::ports::AtsClient as _;
use domain::ports::store::{Store, StoreError};
use domain::read::{DeliveryRow, NoReplay};
use domain::rules::secret;
use domain::{Clock as _, Timestamp, words};
use uuid::Uuid;

use crate::clock::SystemClock;
use crate::connections::ClientFactory;
use crate::failure::{Exit, Failure};
use crate::ids;

/// Puts the delivery back into the queue, where a running server takes it; with `dry_run` only says what would be decided
/// now.
///
/// # Errors
/// There is no such delivery, it cannot be replayed, or, in a dry run, Lever cannot be asked.
pub async fn replay(
    store: Arc<dyn Store>,
    clients: &ClientFactory,
    delivery: Uuid,
    dry_run: bool,
) -> Result<String, Failure> {
    let (row, _) = store.delivery(delivery).await.map_err(|e| missing(delivery, &e))?;
    let opportunity = row.replays().map_err(|why| refusal(&row, why))?;
    if dry_run {
        return preview(&*store, clients, row.organization, opportunity).await;
    }
    let queued = queue(&*store, &row, SystemClock.now()).await;
    queued.map_err(|e| Failure::database("the delivery could not be queued", &e))?;
    Ok(format!("delivery {delivery} is queued; a running server processes it at once"))
}

/// Puts a delivery back into the queue.
///
/// # Errors
/// `Conflict("deliveries_replay")` if there is nothing to process.
pub async fn queue(store: &dyn Store, row: &DeliveryRow, now: Timestamp) -> Result<(), StoreError> {
    let opportunity = row.replays().map_err(|_| StoreError::Conflict("deliveries_replay".to_owned()))?;
    let work = Work::Follow { opportunity: opportunity.to_owned() };
    store.replay(row.id, NewJob { id: ids::row(), organization: row.organization, work, run_at: now }).await
}

fn refusal(row: &DeliveryRow, why: NoReplay) -> Failure {
    let reason = row.reason.as_deref().filter(|_| why == NoReplay::Refused).unwrap_or_default();
    let sentence = format!("delivery {}: {} {reason}", row.id, words::no_replay(why));
    Failure::new(Exit::Failed, sentence.trim_end())
}

fn missing(delivery: Uuid, error: &StoreError) -> Failure {
    match error {
        StoreError::NotFound(_) => Failure::new(
            Exit::Failed,
            format!("there is no delivery {delivery}; `assay deliveries list` shows their ids"),
        ),
        other => Failure::database("the delivery could not be read", other),
    }
}

/// Reads Lever and decides, as the job would, and changes nothing.
async fn preview(store: &dyn Store, clients: &ClientFactory, organization: Uuid, id: &str) -> Result<String, Failure> {
    let database = |e: StoreError| Failure::database("the delivery's organization could not be read", &e);
    let all = store.organizations().await.map_err(database)?;
    let organization = all.into_iter().find(|o| o.id == organization);
    let organization = organization.ok_or_else(|| Failure::new(Exit::Failed, "the delivery's organization is gone"))?;
    let sealed = store.secrets(organization.id).await.map_err(database)?;
    let key = sealed
        .iter()
        .find(|s| s.name == secret::LEVER_KEY)
        .and_then(|s| clients.vault.open(organization.id, &s.name, &s.sealed).ok())
        .ok_or_else(|| {
            Failure::new(Exit::Configuration, "the stored Lever key does not open; check ASSAY_SECRET_KEY")
        })?;
    let lever = clients.lever(&organization.rules.lever, key).map_err(|e| Failure::new(Exit::Remote, e))?;
    let opportunity = lever
        .opportunity(id)
        .await
        .map_err(|e| Failure::new(Exit::Remote, format!("Lever could not be asked: {e}")))?;
    let facts = store.opportunity_facts(organization.id, id).await.map_err(database)?;
    let decided: BTreeSet<_> =
        facts.decisions.iter().map(|d| (d.stage.clone(), d.entered_at, d.vendor.clone())).collect();
    let decisions = follow::decide(Known {
        opportunity: &opportunity,
        rules: &organization.rules,
        tests: &facts.tests,
        orders: &facts.orders,
        decided: &decided,
        paused: organization.paused,
        now: SystemClock.now(),
    });
    if decisions.is_empty() {
        return Ok("dry run: nothing new to decide".to_owned());
    }
    let sentences: Vec<String> = decisions.iter().map(|d| words::decision(&d.decision)).collect();
    Ok(format!("dry run: {}", sentences.join(" ")))
}
