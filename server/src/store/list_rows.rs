//! Rows of lists and figures, and how they become the domain's values.

use std::time::Duration;

use domain::contact::Contact;
use domain::job::Work;
use domain::outcome::Measured;
use domain::ports::store::StoreError;
use domain::read::{FleetRow, JobRow, JobState, MatchLine, OpenIssue, ResultPoint, Shown, Stamp, TriggerFigures};
use domain::review::Act;
use domain::simulate::Past;
use serde::Deserialize;
use sqlx::FromRow;
use uuid::Uuid;

use super::errors::{broken, unreadable};
use super::rows::{IncomingRow, IssueRow, OrganizationRow, json, outcome, time};

#[derive(FromRow)]
pub(super) struct StampRow {
    candidate: Option<i64>,
    decision: Option<i64>,
    issue: Option<i64>,
    rules_version: i64,
    issues: i64,
    delivery: Option<i64>,
    incoming: Option<i64>,
}

impl From<StampRow> for Stamp {
    fn from(row: StampRow) -> Self {
        // Each only grows, or changes by one: their sum says whether one of them did.
        let people = [row.candidate, row.decision, row.issue, Some(row.rules_version), Some(row.issues), row.incoming];
        let people = people.into_iter().flatten().fold(0_i64, i64::wrapping_add);
        Self { people, traffic: row.delivery.unwrap_or_default() }
    }
}

#[derive(FromRow)]
pub(super) struct ShownRow {
    #[sqlx(flatten)]
    organization: OrganizationRow,
    #[sqlx(flatten)]
    stamp: StampRow,
    reviews_waiting: i64,
}

impl TryFrom<ShownRow> for Shown {
    type Error = StoreError;

    fn try_from(row: ShownRow) -> Result<Self, StoreError> {
        let (stamp, reviews_waiting) = (row.stamp.into(), row.reviews_waiting);
        Ok(Self { organization: row.organization.try_into()?, stamp, reviews_waiting })
    }
}

#[derive(FromRow)]
pub(super) struct ResultRow {
    opportunity: String,
    score: Option<f64>,
    band: Option<String>,
    outcome: String,
    completed_at: i64,
    stage: String,
    test: String,
}

impl TryFrom<ResultRow> for ResultPoint {
    type Error = StoreError;

    fn try_from(row: ResultRow) -> Result<Self, StoreError> {
        Ok(Self {
            outcome: outcome(Some(&row.outcome))?.ok_or_else(|| unreadable("outcome", &row.outcome))?,
            opportunity: row.opportunity,
            score: row.score,
            band: row.band,
            completed_at: time(row.completed_at),
            stage: row.stage,
            test: row.test,
        })
    }
}

#[derive(FromRow)]
pub(super) struct PastRow {
    data: String,
    decision: String,
    decided_at: i64,
    score: Option<f64>,
    band: Option<String>,
    outcome: Option<String>,
}

impl TryFrom<PastRow> for Past {
    type Error = StoreError;

    fn try_from(row: PastRow) -> Result<Self, StoreError> {
        let judged = outcome(row.outcome.as_deref())?;
        Ok(Self {
            opportunity: serde_json::from_str(&row.data).map_err(broken)?,
            decided_at: time(row.decided_at),
            decision: serde_json::from_str(&row.decision).map_err(broken)?,
            result: judged.map(|outcome| (Measured { score: row.score, band: row.band }, outcome)),
        })
    }
}

#[derive(FromRow)]
pub(super) struct TriggerRow {
    open: i64,
    pass: i64,
    review: i64,
    fail: i64,
    skipped: i64,
}

impl TriggerRow {
    pub(super) fn named(self, stage: &str, vendor: &str) -> TriggerFigures {
        let Self { open, pass, review, fail, skipped } = self;
        let ordered = open + pass + review + fail;
        TriggerFigures { stage: stage.to_owned(), vendor: vendor.to_owned(), ordered, pass, review, fail, skipped }
    }
}

#[derive(FromRow)]
pub(super) struct JobRecord {
    id: Uuid,
    kind: String,
    payload: String,
    state: String,
    attempt: i32,
    failures: i32,
    run_at: i64,
    leased_until: Option<i64>,
    last_error: Option<String>,
    finished_at: Option<i64>,
}

impl JobRecord {
    /// What its list is sorted by: the end of what ended, otherwise when it is due.
    pub(super) fn position(&self) -> (i64, Uuid) {
        (self.finished_at.unwrap_or(self.run_at), self.id)
    }
}

impl TryFrom<JobRecord> for JobRow {
    type Error = StoreError;

    fn try_from(row: JobRecord) -> Result<Self, StoreError> {
        Ok(Self {
            state: JobState::parse(&row.state).ok_or_else(|| unreadable("job state", &row.state))?,
            // A job of a later version is listed all the same.
            work: serde_json::from_str::<Work>(&row.payload).ok(),
            id: row.id,
            kind: row.kind,
            attempt: row.attempt,
            failures: row.failures,
            run_at: time(row.run_at),
            leased_until: row.leased_until.map(time),
            last_error: row.last_error,
            finished_at: row.finished_at.map(time),
        })
    }
}

#[derive(FromRow)]
pub(super) struct FleetRecord {
    id: Uuid,
    slug: String,
    paused: bool,
    created_at: i64,
    rules: String,
    was_live: bool,
    backlog: i64,
    oldest_due: Option<i64>,
    dead_jobs: i64,
    unknown_sends: i64,
    reviews: i64,
    matches: i64,
    last_delivery: Option<i64>,
    last_written: Option<i64>,
    last_completed: Option<i64>,
    oldest_secret: Option<i64>,
}

/// All that the list needs of the rules.
#[derive(Deserialize)]
struct Named {
    name: String,
    #[serde(default)]
    vendors: Vec<NamedVendor>,
}

#[derive(Deserialize)]
struct NamedVendor {
    id: String,
    name: String,
}

impl TryFrom<FleetRecord> for FleetRow {
    type Error = StoreError;

    fn try_from(row: FleetRecord) -> Result<Self, StoreError> {
        let Named { name, vendors } = json("rules", &row.rules)?;
        Ok(Self {
            id: row.id,
            slug: row.slug,
            name,
            paused: row.paused,
            was_live: row.was_live,
            vendors: vendors.into_iter().map(|v| (v.id, v.name)).collect(),
            created_at: time(row.created_at),
            backlog: row.backlog,
            oldest_due: row.oldest_due.map(time),
            dead_jobs: row.dead_jobs,
            unknown_sends: row.unknown_sends,
            reviews: row.reviews,
            matches: row.matches,
            last_delivery: row.last_delivery.map(time),
            last_written: row.last_written.map(time),
            last_completed: row.last_completed.map(time),
            oldest_secret: row.oldest_secret.map(time),
            ..Self::default()
        })
    }
}

#[derive(FromRow)]
pub(super) struct FleetIssueRow {
    pub(super) organization_id: Uuid,
    #[sqlx(flatten)]
    issue: IssueRow,
}

impl From<FleetIssueRow> for OpenIssue {
    fn from(row: FleetIssueRow) -> Self {
        row.issue.into()
    }
}

#[derive(FromRow)]
pub(super) struct MatchRow {
    #[sqlx(flatten)]
    incoming: IncomingRow,
    decision_id: Uuid,
    act: String,
    who: String,
    by_person: bool,
    decided_at: i64,
    took_millis: Option<i64>,
    agreed: Option<bool>,
    reverted_at: Option<i64>,
    reverted_by: Option<String>,
    contact_data: Option<String>,
}

impl TryFrom<MatchRow> for MatchLine {
    type Error = StoreError;

    fn try_from(row: MatchRow) -> Result<Self, StoreError> {
        let contact: Option<Contact> = row.contact_data.as_deref().map(|data| json("contact", data)).transpose()?;
        let took = row.took_millis.and_then(|millis| u64::try_from(millis).ok());
        Ok(Self {
            id: row.decision_id,
            incoming: row.incoming.try_into()?,
            act: Act::parse(&row.act).ok_or_else(|| unreadable("act", &row.act))?,
            who: row.by_person.then_some(row.who),
            at: time(row.decided_at),
            took: took.map(Duration::from_millis),
            contact: contact.map(|c| c.name),
            agreed: row.agreed,
            reverted: row.reverted_by.zip(row.reverted_at.map(time)),
        })
    }
}
