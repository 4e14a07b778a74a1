//! What happens by the clock: sweeps, rescue of lost leases, notice of changed rules, house-keeping.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use domain::Timestamp;
use domain::job::{NewJob, Work};
use domain::ports::store::StoreError;
use domain::retry;
use tokio::time::MissedTickBehavior;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::{Context, Wake};
use crate::connections::{Connection, REFRESH_EVERY};
use crate::ids;

/// Finished jobs and handled deliveries are kept this long.
const KEEP_FINISHED: Duration = Duration::from_secs(14 * 86_400);
/// How often finished rows are removed.
const PRUNE_EVERY: Duration = Duration::from_secs(3_600);

/// Ticks until told to stop. `works`: this node works jobs; otherwise it only notices changed rules.
pub async fn run(cx: Context, wake: Wake, works: bool, stop: CancellationToken) {
    let mut tick = tokio::time::interval(REFRESH_EVERY);
    tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut swept = HashSet::new();
    let mut last_prune: Option<Timestamp> = None;
    loop {
        tokio::select! {
            () = stop.cancelled() => return,
            _ = tick.tick() => {}
        }
        report(cx.directory.refresh().await, "changed rules could not be looked for");
        if !works {
            continue;
        }
        let now = cx.clock.now();
        rescue(&cx, &wake, now).await;
        report(first_sweeps(&cx, &mut swept, now).await, "sweeps could not be queued");
        wake.now();
        if last_prune.is_none_or(|t| now.since(t) >= PRUNE_EVERY) {
            last_prune = Some(now);
            // A sweep queues itself again; should one have been lost, it begins anew here.
            report(queue_sweeps(&cx, cx.directory.all(), now.plus(cx.sync_every)).await, "sweeps could not be queued");
            report(prune(&cx, now).await, "old rows could not be removed");
        }
    }
}

async fn rescue(cx: &Context, wake: &Wake, now: Timestamp) {
    match cx.store.rescue(now, now, retry::ATTEMPTS).await {
        Ok(0) => {}
        Ok(rescued) => {
            tracing::warn!(jobs.rescued = rescued, "jobs whose worker is gone are ready again");
            wake.now();
        }
        Err(error) => report(Err(error), "lost jobs could not be looked for"),
    }
}

/// An organization this process has not seen is swept at once: at its creation, and after a start.
async fn first_sweeps(cx: &Context, swept: &mut HashSet<Uuid>, now: Timestamp) -> Result<(), StoreError> {
    let new: Vec<_> = cx.directory.all().into_iter().filter(|c| !swept.contains(&c.organization.id)).collect();
    let ids: Vec<Uuid> = new.iter().map(|c| c.organization.id).collect();
    queue_sweeps(cx, new, now).await?;
    swept.extend(ids);
    Ok(())
}

/// Queues a sweep of every organization, to run at once.
///
/// # Errors
/// If the database cannot be asked.
pub async fn sync_all(cx: &Context, now: Timestamp) -> Result<(), StoreError> {
    queue_sweeps(cx, cx.directory.all(), now).await
}

/// One that waits already is only ever brought forward.
async fn queue_sweeps(cx: &Context, of: Vec<Arc<Connection>>, run_at: Timestamp) -> Result<(), StoreError> {
    let job = |organization, work| NewJob { id: ids::row(), organization, work, run_at };
    let sweeps = [Work::Sync, Work::Contacts, Work::Resolve];
    let of_one = |c: &Arc<Connection>| sweeps.clone().map(|work| job(c.organization.id, work));
    let jobs: Vec<NewJob> = of.iter().flat_map(of_one).collect();
    if jobs.is_empty() {
        return Ok(());
    }
    cx.store.enqueue(jobs).await
}

async fn prune(cx: &Context, now: Timestamp) -> Result<(), StoreError> {
    cx.store.prune(now.minus(KEEP_FINISHED)).await?;
    cx.store.prune_sessions(now).await?;
    Ok(())
}

fn report(result: Result<(), StoreError>, what: &'static str) {
    if let Err(error) = result {
        tracing::error!(error = &error as &dyn std::error::Error, "{what}");
    }
}
