//! The work that outlives a process. One file per kind, each with three paragraphs: gather, decide, and what to commit.

mod contacts;
mod follow;
mod handoff;
mod invite_present;
mod poll;
pub(crate) mod resolve;
mod runner;
pub mod schedule;
mod send;
mod sync;
mod write_back;

use std::sync::Arc;
use std::time::Duration;

use domain::activity::{Activity, Event};
use domain::job::{Claimed, Effect, JobOutcome, NewJob, Work};
use domain::order::Order;
use domain::ports::store::{Store, StoreError};
use domain::{Clock, RemoteError, Timestamp, retry};
use uuid::Uuid;

use crate::connections::{Connection, Directory};
use crate::ids;

pub use handoff::Handoff;
pub use runner::{CONCURRENCY, Runner, Wake};

/// What every job may use.
#[derive(Clone, Debug)]
pub struct Context {
    /// The database.
    pub store: Arc<dyn Store>,
    /// Organizations with their clients.
    pub directory: Arc<Directory>,
    /// Time.
    pub clock: Arc<dyn Clock>,
    /// How people, Lever and vendors reach us; no slash at the end.
    pub public_url: String,
    /// How often trigger stages are reconciled with Lever.
    pub sync_every: Duration,
    /// How often open orders are asked for, if not by the vendor's own schedule.
    pub poll_every: Option<Duration>,
}

/// How a run ended and what it changes.
type Ran = (JobOutcome, Vec<Effect>);

/// A wrong credential is looked at again after this time; no attempt is spent on it.
const CREDENTIAL_PAUSE: Duration = Duration::from_secs(300);

/// Failures in a row after which an unreachable remote is worth a person's look.
const WORTH_AN_ISSUE: i32 = 3;

/// Runs one claimed job.
async fn run(cx: &Context, job: &Claimed) -> Result<Ran, StoreError> {
    let Some(connection) = cx.directory.by_id(job.organization) else {
        // Just created by another process, or its credentials do not open, which the directory has reported.
        return Ok((JobOutcome::Snooze { until: cx.clock.now().plus(Duration::from_secs(30)) }, Vec::new()));
    };
    match &job.work {
        Work::Follow { opportunity } => follow::run(cx, &connection, job, opportunity).await,
        Work::InvitePresent(asked) => invite_present::run(cx, &connection, job, asked).await,
        Work::Send { order } => send::run(cx, &connection, job, *order).await,
        Work::Poll { order } => poll::run(cx, &connection, job, *order).await,
        Work::WriteBack { opportunity, vendor } => write_back::run(cx, &connection, job, opportunity, vendor).await,
        Work::Sync => sync::run(cx, &connection, job).await,
        Work::Contacts => contacts::run(cx, &connection, job).await,
        Work::Resolve => resolve::run(cx, &connection, job).await,
    }
}

fn done(effects: Vec<Effect>) -> Ran {
    (JobOutcome::Done, effects)
}

fn new_job(organization: Uuid, work: Work, run_at: Timestamp) -> NewJob {
    NewJob { id: ids::row(), organization, work, run_at }
}

fn activity(order: &Order, at: Timestamp, event: Event) -> Effect {
    Effect::Record(Activity {
        id: ids::row(),
        organization: order.organization,
        opportunity: order.opportunity.clone(),
        order: Some(order.id),
        at,
        event,
    })
}

/// Who failed, for issues: `lever` or `vendor.<id>`, and the name people know.
struct Remote<'a> {
    connection: &'a Connection,
    cause: String,
    name: &'a str,
}

impl<'a> Remote<'a> {
    fn lever(connection: &'a Connection) -> Self {
        Self { connection, cause: "lever".to_owned(), name: "Lever" }
    }

    fn vendor(connection: &'a Connection, id: &str, name: &'a str) -> Self {
        Self { connection, cause: format!("vendor.{id}"), name }
    }

    fn raise(&self, kind: &str, detail: String, at: Timestamp) -> Effect {
        Effect::RaiseIssue {
            organization: self.connection.organization.id,
            cause: format!("{}.{kind}", self.cause),
            detail,
            at,
        }
    }

    /// Whatever was wrong with reaching it is over.
    fn well(&self, at: Timestamp) -> Vec<Effect> {
        let close = |kind: &str| Effect::CloseIssue {
            organization: self.connection.organization.id,
            cause: format!("{}.{kind}", self.cause),
            at,
        };
        vec![close("credential"), close("unavailable")]
    }
}

/// The issue of an order whose test the vendor does not know; the last part is the candidate, whose page helps.
pub fn unknown_to_vendor(order: &Order) -> String {
    format!("vendor.{}.status.{}", order.vendor, order.opportunity)
}

/// Why Lever does not show one opportunity.
enum Unseen {
    /// There is none, and never will be again.
    Gone,
    /// It is confidential, and the key was made without that permission (Lever's documentation, "Confidential data": a single
    /// reading is refused, lists leave it out).
    Hidden,
}

impl Unseen {
    /// What a failed call about one opportunity says of it. A refusal is about the opportunity only if it may not be read
    /// although others may be listed; otherwise the key lacks a permission.
    ///
    /// # Errors
    /// The error itself, where it says nothing about the opportunity.
    async fn of(error: RemoteError, connection: &Connection, id: &str) -> Result<Self, RemoteError> {
        let ats = &connection.ats;
        match error {
            RemoteError::NotFound(_) => Ok(Self::Gone),
            RemoteError::Forbidden(_) => {
                let stages = connection.organization.rules.trigger_stages();
                let refused = matches!(ats.opportunity(id).await, Err(RemoteError::Forbidden(_)));
                let lists = refused && !stages.is_empty() && ats.opportunities_in(&stages, None).await.is_ok();
                if lists { Ok(Self::Hidden) } else { Err(error) }
            }
            error => Err(error),
        }
    }

    const fn why(&self) -> &'static str {
        match self {
            Self::Gone => "Lever has no such opportunity any more",
            Self::Hidden => "it is confidential in Lever, and the key may not see that",
        }
    }
}

/// What a failed call means for the job. For calls that may be repeated.
fn failed(job: &Claimed, error: &RemoteError, remote: &Remote<'_>, now: Timestamp) -> Ran {
    let wait = retry::after(job.failures + 1, error, jitter());
    match error {
        RemoteError::RateLimited { .. } => (JobOutcome::Snooze { until: now.plus(wait) }, Vec::new()),
        e if e.is_credential() => {
            let detail = format!("{} {e}. Store a working key; waiting work goes on by itself then.", remote.name);
            (JobOutcome::Snooze { until: now.plus(CREDENTIAL_PAUSE) }, vec![remote.raise("credential", detail, now)])
        }
        e if e.is_passing() && job.failures + 1 < retry::ATTEMPTS => {
            let mut effects = Vec::new();
            if job.failures + 1 >= WORTH_AN_ISSUE {
                let detail = format!("{} does not answer as it should: {e}. It is tried again by itself.", remote.name);
                effects.push(remote.raise("unavailable", detail, now));
            }
            (JobOutcome::Retry { error: format!("{}: {e}", remote.name), at: now.plus(wait) }, effects)
        }
        e => (JobOutcome::Dead { error: format!("{}: {e}", remote.name) }, Vec::new()),
    }
}

/// A number in `0.0..1.0` that spreads retries.
fn jitter() -> f64 {
    f64::from(u16::from_le_bytes(ids::random::<2>())) / f64::from(u16::MAX)
}
