//! Claims jobs, runs them, commits their ends. Claim, run and finish are three steps; no transaction is open while a remote
//! is called. Ends that come together are committed together.

use std::collections::HashMap;
use std::panic::AssertUnwindSafe;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use domain::job::{Claimed, Effect, Finished, JobOutcome};
use domain::ports::store::StoreError;
use domain::retry;
use futures::FutureExt as _;
use tokio::sync::{Notify, OwnedSemaphorePermit, mpsc};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use uuid::Uuid;

use super::Context;
use super::handoff::{Handed, Handoff, Turn};

/// Jobs of one node that run at the same time. They wait for remotes, not for the processor; and while the ends of some are
/// written, others run.
pub const CONCURRENCY: usize = 128;
/// A worker that says nothing for this long is taken for dead.
const LEASE: Duration = Handoff::LEASE;
/// How often leases are renewed.
const HEARTBEAT: Duration = Duration::from_secs(15);
/// The longest time without looking for work.
const IDLE: Duration = Duration::from_secs(1);
/// Running jobs may take this long to end when the process stops: longer than a send may take.
const GRACE: Duration = Duration::from_secs(15);
/// How often a commit is tried while the database does not answer, with growing pauses: half a minute in all. Leases are
/// renewed meanwhile, so that what a vendor answered is not thrown away for a short outage.
const COMMIT_TRIES: u32 = 9;
/// Ends committed together at most.
const BATCH: usize = 256;

/// Says that there may be work.
#[derive(Clone, Debug, Default)]
pub struct Wake(Arc<Notify>);

impl Wake {
    /// Look for work now.
    pub fn now(&self) {
        self.0.notify_one();
    }
}

/// One node's worker.
#[derive(Debug)]
pub struct Runner {
    cx: Context,
    wake: Wake,
    handoff: Handoff,
    held: Arc<Mutex<HashMap<Uuid, i32>>>,
}

/// A run to be committed, and how often its job has failed before.
#[derive(Debug)]
struct Run {
    finished: Finished,
    failures: i32,
}

/// A run that ended; its place is free when its end is committed.
struct Ended {
    run: Run,
    place: OwnedSemaphorePermit,
}

impl Runner {
    /// A worker that looks for work when woken, and every second, and takes what the inbox hands it.
    pub fn new(cx: Context, wake: Wake, handoff: Handoff) -> Self {
        Self { cx, wake, handoff, held: Arc::default() }
    }

    /// Works until told to stop; then lets running jobs end, gives the others back, and returns.
    pub async fn run(self, stop: CancellationToken) {
        let (ends, finisher) = self.spawn_finisher();
        let crew = Crew { cx: self.cx.clone(), held: Arc::clone(&self.held), ends, tasks: TaskTracker::new() };
        let heartbeat = tokio::spawn(heartbeat(self.cx.clone(), Arc::clone(&self.held)));
        let (_closed, none) = mpsc::unbounded_channel();
        let mut handed = self.handoff.take().unwrap_or(none);
        self.work(&crew, &mut handed, &stop).await;
        self.handoff.set_caught_up(false);
        handed.close();
        while let Some((job, place)) = handed.recv().await {
            crew.start(job, place);
        }
        let Crew { ends, tasks, .. } = crew;
        tasks.close();
        let ended = tokio::time::timeout(GRACE, tasks.wait()).await.is_ok();
        drop(ends);
        heartbeat.abort();
        if ended {
            let _ = finisher.await;
        }
        self.give_back().await;
    }

    /// Claims and takes jobs until told to stop.
    async fn work(&self, crew: &Crew, handed: &mut mpsc::UnboundedReceiver<Handed>, stop: &CancellationToken) {
        let slots = &self.handoff.slots;
        let mut served: Option<Uuid> = None;
        // Without a sender the worker is on its own.
        let mut inbox = true;
        loop {
            let woken = self.wake.0.notified();
            let place = tokio::select! {
                biased;
                () = stop.cancelled() => return,
                job = handed.recv(), if inbox => {
                    inbox = job.is_some();
                    job.into_iter().for_each(|(job, place)| crew.start(job, place));
                    continue;
                }
                place = Arc::clone(slots).acquire_owned() => place,
            };
            let Ok(place) = place else { return };
            let turn = self.handoff.turn().await;
            // The places are kept while it claims: nobody else may take them meanwhile.
            let more = std::iter::from_fn(|| Arc::clone(slots).try_acquire_owned().ok());
            let mut places: Vec<OwnedSemaphorePermit> = std::iter::once(place).chain(more).collect();
            let claimed = self.claim(u32::try_from(places.len()).unwrap_or(1), served).await;
            drop(turn);
            self.handoff.set_caught_up(claimed.len() < places.len());
            served = claimed.last().map(|c| c.organization).or(served);
            let idle = claimed.is_empty();
            for job in claimed {
                let Some(place) = places.pop() else { break };
                crew.start(job, place);
            }
            drop(places);
            if idle {
                let rest = pause(IDLE);
                tokio::pin!(rest, woken);
                loop {
                    tokio::select! {
                        biased;
                        () = stop.cancelled() => return,
                        job = handed.recv(), if inbox => {
                            inbox = job.is_some();
                            job.into_iter().for_each(|(job, place)| crew.start(job, place));
                        }
                        () = &mut woken => break,
                        () = &mut rest => break,
                    }
                }
            }
        }
    }

    async fn claim(&self, limit: u32, served: Option<Uuid>) -> Vec<Claimed> {
        let now = self.cx.clock.now();
        match self.cx.store.claim(limit, now, now.plus(LEASE), served).await {
            Ok(claimed) => claimed,
            Err(error) => {
                tracing::error!(error = &error as &dyn std::error::Error, "work could not be claimed");
                Vec::new()
            }
        }
    }

    /// Jobs that did not end in time: someone else may have them. What they still do here is fenced off.
    async fn give_back(&self) {
        let left: Vec<(Uuid, i32)> = lock(&self.held).drain().collect();
        if left.is_empty() {
            return;
        }
        tracing::warn!(jobs.count = left.len(), "some jobs did not end in time and are given back");
        if let Err(error) = self.cx.store.release(&left, self.cx.clock.now()).await {
            tracing::error!(
                error = &error as &dyn std::error::Error,
                "jobs could not be given back; their leases run out"
            );
        }
    }

    fn spawn_finisher(&self) -> (mpsc::Sender<Ended>, tokio::task::JoinHandle<()>) {
        let (sender, mut receiver) = mpsc::channel::<Ended>(BATCH);
        let (cx, wake, held) = (self.cx.clone(), self.wake.clone(), Arc::clone(&self.held));
        let handoff = self.handoff.clone();
        let task = tokio::spawn(async move {
            let mut batch = Vec::with_capacity(BATCH);
            while let Some(turn) = handoff.gather(&mut receiver, &mut batch, BATCH).await {
                let (runs, places): (Vec<_>, Vec<_>) = batch.drain(..).map(|e| (e.run, e.place)).unzip();
                let ids: Vec<Uuid> = runs.iter().map(|r: &Run| r.finished.job).collect();
                commit(&cx, runs, turn).await;
                let mut held = lock(&held);
                for id in &ids {
                    held.remove(id);
                }
                drop(held);
                drop(places);
                wake.now();
            }
        });
        (sender, task)
    }

    /// Runs everything that is due, one after the other, until nothing is: makes asynchronous work synchronous, for tests and
    /// for commands. Returns how many runs there were.
    ///
    /// # Errors
    /// If the database cannot be asked.
    pub async fn drain(&self) -> Result<usize, StoreError> {
        let mut runs = 0;
        while self.step().await? {
            runs += 1;
        }
        Ok(runs)
    }

    /// Runs one job that is due; `false` if there is none.
    ///
    /// # Errors
    /// If the database cannot be asked.
    pub async fn step(&self) -> Result<bool, StoreError> {
        let now = self.cx.clock.now();
        let claimed = self.cx.store.claim(1, now, now.plus(LEASE), None).await?;
        let Some(job) = claimed.first() else { return Ok(false) };
        let run = execute(&self.cx, job).await;
        commit(&self.cx, vec![run], None).await;
        Ok(true)
    }
}

#[expect(clippy::disallowed_methods, reason = "the one home of waiting for work and for the database")]
async fn pause(span: Duration) {
    tokio::time::sleep(span).await;
}

/// What starts and ends runs.
struct Crew {
    cx: Context,
    held: Arc<Mutex<HashMap<Uuid, i32>>>,
    ends: mpsc::Sender<Ended>,
    tasks: TaskTracker,
}

impl Crew {
    fn start(&self, job: Claimed, place: OwnedSemaphorePermit) {
        lock(&self.held).insert(job.id, job.attempt);
        let (cx, ends) = (self.cx.clone(), self.ends.clone());
        self.tasks.spawn(async move {
            let run = execute(&cx, &job).await;
            // The finisher outlives every task; without it nothing could be committed anyway.
            let _ = ends.send(Ended { run, place }).await;
        });
    }
}

/// Runs one job; a panic is a failure like another.
async fn execute(cx: &Context, job: &Claimed) -> Run {
    let ran = AssertUnwindSafe(super::run(cx, job)).catch_unwind().await;
    let at = cx.clock.now();
    let (outcome, effects) = match ran {
        Ok(Ok(ran)) => ran,
        Ok(Err(StoreError::NotFound(what))) => (JobOutcome::Discard { reason: format!("no such {what}") }, Vec::new()),
        Ok(Err(error)) => {
            tracing::error!(job.id = %job.id, job.kind = job.work.kind(), error = &error as &dyn std::error::Error,
                "a job could not use the database");
            (again(job.failures, "the database could not be used", at), Vec::new())
        }
        Err(_) => {
            tracing::error!(job.id = %job.id, job.kind = job.work.kind(), "a job panicked");
            (again(job.failures, "a defect in Assay; the log has the place", at), Vec::new())
        }
    };
    if let JobOutcome::Dead { error } = &outcome {
        tracing::error!(job.id = %job.id, job.kind = job.work.kind(), job.error = error, "a job failed for good");
    }
    let finished = Finished { job: job.id, attempt: job.attempt, outcome, effects, at };
    Run { finished, failures: job.failures }
}

fn again(failures: i32, error: &str, now: domain::Timestamp) -> JobOutcome {
    if failures + 1 >= retry::ATTEMPTS {
        return JobOutcome::Dead { error: error.to_owned() };
    }
    let unavailable = domain::RemoteError::Unavailable(error.to_owned());
    let wait = retry::after(failures + 1, &unavailable, super::jitter());
    JobOutcome::Retry { error: error.to_owned(), at: now.plus(wait) }
}

/// Commits ends. Where the world changed under a run, nothing of it was written and the job is tried again.
async fn commit(cx: &Context, runs: Vec<Run>, turn: Turn) {
    let kept: Vec<(Uuid, i32, i32)> = runs.iter().map(|r| (r.finished.job, r.finished.attempt, r.failures)).collect();
    let Some(results) = finish(cx, runs.into_iter().map(|r| r.finished).collect(), turn).await else { return };
    for ((job, attempt, failures), result) in kept.into_iter().zip(results) {
        let Err(error) = result else { continue };
        tracing::warn!(job.id = %job, error = &error as &dyn std::error::Error, "a run was not committed; it is tried again");
        let at = cx.clock.now();
        let outcome = again(failures, &error.to_string(), at);
        // Refused too if the job was claimed anew meanwhile: then it is no longer ours.
        let retry = Finished { job, attempt, outcome, effects: Vec::<Effect>::new(), at };
        if let Err(error) = cx.store.finish(vec![retry]).await {
            tracing::error!(job.id = %job, error = &error as &dyn std::error::Error, "a job could not be given back");
        }
    }
}

/// Writes ends down, patiently. `None` if the database stayed away: the leases run out and the jobs are run again, which
/// every effect of theirs allows.
async fn finish(cx: &Context, runs: Vec<Finished>, mut turn: Turn) -> Option<Vec<Result<(), StoreError>>> {
    for tries in 0..COMMIT_TRIES {
        let finished = cx.store.finish(runs.clone()).await;
        // Nobody waits for a second try.
        drop(turn.take());
        match finished {
            Ok(results) => return Some(results),
            Err(error) => {
                tracing::error!(
                    error = &error as &dyn std::error::Error,
                    jobs.count = runs.len(),
                    "ends could not be committed"
                );
                pause(Duration::from_millis(100) * 2u32.pow(tries)).await;
            }
        }
    }
    None
}

async fn heartbeat(cx: Context, held: Arc<Mutex<HashMap<Uuid, i32>>>) {
    let mut tick = tokio::time::interval(HEARTBEAT);
    loop {
        tick.tick().await;
        let ours: Vec<(Uuid, i32)> = lock(&held).iter().map(|(id, attempt)| (*id, *attempt)).collect();
        if ours.is_empty() {
            continue;
        }
        if let Err(error) = cx.store.renew(&ours, cx.clock.now().plus(LEASE)).await {
            tracing::warn!(error = &error as &dyn std::error::Error, "leases could not be renewed");
        }
    }
}

fn lock(held: &Mutex<HashMap<Uuid, i32>>) -> std::sync::MutexGuard<'_, HashMap<Uuid, i32>> {
    held.lock().expect("no thread panics while it holds this lock")
}
