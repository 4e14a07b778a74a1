//! What happens by the clock: sweeps, rescue of lost leases, notice of changed rules, house-keeping.

use std::time::Duration;

use domain::Timestamp;
use domain::job::{NewJob, Work};
use domain::ports::store::StoreError;
use domain::retry;
use tokio::time::MissedTickBehavior;
use tokio_util::sync::CancellationToken;

use super::{Context, Wake};
use crate::connections::REFRESH_EVERY;
use crate::ids;

/// Finished jobs and handled deliveries are kept this long.
const KEEP_FINISHED: Duration = Duration::from_secs(14 * 86_400);
/// How often finished rows are removed.
const PRUNE_EVERY: Duration = Duration::from_secs(3_600);

/// Ticks until told to stop.
pub async fn run(cx: Context, wake: Wake, sync_every: Duration, works: bool, stop: CancellationToken) {
    let mut tick = tokio::time::interval(REFRESH_EVERY);
    tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut last_sync: Option<Timestamp> = None;
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
        match cx.store.rescue(now, now, retry::ATTEMPTS).await {
            Ok(0) => {}
            Ok(rescued) => {
                tracing::warn!(jobs.rescued = rescued, "jobs whose worker is gone are ready again");
                wake.now();
            }
            Err(error) => report(Err(error), "lost jobs could not be looked for"),
        }
        if last_sync.is_none_or(|t| now.since(t) >= sync_every) {
            last_sync = Some(now);
            report(sync_all(&cx, now).await, "sweeps could not be queued");
            wake.now();
        }
        if last_prune.is_none_or(|t| now.since(t) >= PRUNE_EVERY) {
            last_prune = Some(now);
            report(prune(&cx, now).await, "old rows could not be removed");
        }
    }
}

/// Queues a sweep for every organization. Nodes that do so together queue one.
///
/// # Errors
/// If the database cannot be asked.
pub async fn sync_all(cx: &Context, now: Timestamp) -> Result<(), StoreError> {
    let job = |organization| NewJob { id: ids::row(), organization, work: Work::Sync, run_at: now };
    let jobs: Vec<NewJob> = cx.directory.all().iter().map(|c| job(c.organization.id)).collect();
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
