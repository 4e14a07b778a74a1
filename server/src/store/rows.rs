//! Rows as both engines return them, and how they become the domain's values.

use domain::activity::Activity;
use domain::incoming::Incoming;
use domain::invitation::{Decision, Test};
use domain::job::{Claimed, DecisionRecord, Work};
use domain::order::{Order, OrderState};
use domain::outcome::Outcome;
use domain::ports::store::{Organization, SealedSecret, StoreError};
use domain::read::{CandidateRow, DeliveryRow, OpenIssue, OrderRow};
use domain::{Personal, Timestamp};
use serde::Deserialize;
use sqlx::FromRow;
use uuid::Uuid;

use super::errors::unreadable;

/// A column of microseconds.
pub(super) const fn time(micros: i64) -> Timestamp {
    Timestamp::from_micros(micros)
}

pub(super) fn json<'t, T: Deserialize<'t>>(what: &str, text: &'t str) -> Result<T, StoreError> {
    // The text is not repeated: it may hold personal data.
    serde_json::from_str(text).map_err(|error| unreadable(what, &error.to_string()))
}

fn state(name: &str) -> Result<OrderState, StoreError> {
    OrderState::parse(name).ok_or_else(|| unreadable("order state", name))
}

pub(super) fn outcome(name: Option<&str>) -> Result<Option<Outcome>, StoreError> {
    name.map(|n| Outcome::parse(n).ok_or_else(|| unreadable("outcome", n))).transpose()
}

#[derive(FromRow)]
pub(super) struct OrderRecord {
    id: Uuid,
    organization_id: Uuid,
    opportunity: String,
    contact: String,
    vendor: String,
    test: String,
    test_name: String,
    round: i32,
    stage: String,
    posting: Option<String>,
    state: String,
    note: Option<String>,
    vendor_ref: Option<String>,
    vendor_status: Option<String>,
    score: Option<f64>,
    band: Option<String>,
    outcome: Option<String>,
    judged_by: Option<i64>,
    report_url: Option<String>,
    report_token: String,
    email: String,
    created_at: i64,
    invited_at: Option<i64>,
    completed_at: Option<i64>,
    called_back_at: Option<i64>,
    written_at: Option<i64>,
}

impl TryFrom<OrderRecord> for Order {
    type Error = StoreError;

    fn try_from(row: OrderRecord) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.id,
            organization: row.organization_id,
            opportunity: row.opportunity,
            contact: row.contact,
            vendor: row.vendor,
            test: row.test,
            test_name: row.test_name,
            round: row.round,
            stage: row.stage,
            posting: row.posting,
            state: state(&row.state)?,
            note: row.note,
            vendor_ref: row.vendor_ref,
            vendor_status: row.vendor_status,
            score: row.score,
            band: row.band,
            outcome: outcome(row.outcome.as_deref())?,
            judged_by: row.judged_by,
            report_url: row.report_url,
            report_token: row.report_token,
            email: Personal::new(row.email),
            created_at: time(row.created_at),
            invited_at: row.invited_at.map(time),
            completed_at: row.completed_at.map(time),
            called_back_at: row.called_back_at.map(time),
            written_at: row.written_at.map(time),
        })
    }
}

#[derive(FromRow)]
pub(super) struct DecisionRow {
    pub(super) organization_id: Uuid,
    pub(super) opportunity: String,
    pub(super) stage: String,
    pub(super) entered_at: i64,
    pub(super) vendor: String,
    pub(super) decision: String,
    pub(super) rules_version: i64,
    pub(super) decided_at: i64,
}

impl TryFrom<DecisionRow> for DecisionRecord {
    type Error = StoreError;

    fn try_from(row: DecisionRow) -> Result<Self, StoreError> {
        Ok(Self {
            decision: json("decision", &row.decision)?,
            organization: row.organization_id,
            opportunity: row.opportunity,
            stage: row.stage,
            entered_at: time(row.entered_at),
            vendor: row.vendor,
            rules_version: row.rules_version,
            at: time(row.decided_at),
        })
    }
}

/// A decision with the name of the candidate, where it is known.
#[derive(FromRow)]
pub(super) struct NamedDecision {
    #[sqlx(flatten)]
    pub(super) decision: DecisionRow,
    pub(super) name: Option<String>,
}

#[derive(FromRow)]
pub(super) struct DeliveryRecord {
    id: Uuid,
    organization_id: Uuid,
    event: String,
    opportunity: Option<String>,
    status: String,
    reason: Option<String>,
    received_at: i64,
    repeats: i64,
    suspicious: bool,
}

impl From<DeliveryRecord> for DeliveryRow {
    fn from(row: DeliveryRecord) -> Self {
        Self {
            id: row.id,
            organization: row.organization_id,
            received: time(row.received_at),
            event: row.event,
            opportunity: row.opportunity,
            status: row.status,
            reason: row.reason,
            repeats: row.repeats,
            suspicious: row.suspicious,
        }
    }
}

#[derive(FromRow)]
pub(super) struct DeliveryWithBody {
    #[sqlx(flatten)]
    pub(super) delivery: DeliveryRecord,
    pub(super) body: String,
}

#[derive(FromRow)]
pub(super) struct ClaimedRow {
    pub(super) id: Uuid,
    organization_id: Uuid,
    payload: String,
    pub(super) priority: i32,
    pub(super) run_at: i64,
    attempt: i32,
    failures: i32,
}

impl TryFrom<ClaimedRow> for Claimed {
    type Error = StoreError;

    fn try_from(row: ClaimedRow) -> Result<Self, StoreError> {
        let work: Work = json("job", &row.payload)?;
        Ok(Self { id: row.id, organization: row.organization_id, attempt: row.attempt, failures: row.failures, work })
    }
}

#[derive(FromRow)]
pub(super) struct TestRow {
    vendor: String,
    test: String,
    name: String,
    retired: bool,
}

impl From<TestRow> for (String, Test) {
    fn from(row: TestRow) -> Self {
        (row.vendor, Test { id: row.test, name: row.name, retired: row.retired })
    }
}

#[derive(FromRow)]
pub(super) struct OrganizationRow {
    id: Uuid,
    hook: String,
    paused: bool,
    version: i64,
    rules: String,
    created_at: i64,
}

impl TryFrom<OrganizationRow> for Organization {
    type Error = StoreError;

    fn try_from(row: OrganizationRow) -> Result<Self, StoreError> {
        Ok(Self {
            rules: json("rules", &row.rules)?,
            id: row.id,
            hook: row.hook,
            paused: row.paused,
            version: row.version,
            created_at: time(row.created_at),
        })
    }
}

#[derive(FromRow)]
pub(super) struct SecretRow {
    name: String,
    sealed: Vec<u8>,
    last_four: String,
    created_at: i64,
}

impl From<SecretRow> for SealedSecret {
    fn from(row: SecretRow) -> Self {
        Self { name: row.name, sealed: row.sealed, last_four: row.last_four, created_at: time(row.created_at) }
    }
}

#[derive(FromRow)]
pub(super) struct ActivityRow {
    id: Uuid,
    organization_id: Uuid,
    opportunity: String,
    order_id: Option<Uuid>,
    happened_at: i64,
    event: String,
}

impl TryFrom<ActivityRow> for Activity {
    type Error = StoreError;

    fn try_from(row: ActivityRow) -> Result<Self, StoreError> {
        Ok(Self {
            event: json("event", &row.event)?,
            id: row.id,
            organization: row.organization_id,
            opportunity: row.opportunity,
            order: row.order_id,
            at: time(row.happened_at),
        })
    }
}

#[derive(FromRow)]
pub(super) struct IssueRow {
    cause: String,
    detail: String,
    opened_at: i64,
    last_seen: i64,
    count: i64,
}

impl From<IssueRow> for OpenIssue {
    fn from(row: IssueRow) -> Self {
        Self {
            cause: row.cause,
            detail: row.detail,
            opened_at: time(row.opened_at),
            last_seen: time(row.last_seen),
            count: row.count,
        }
    }
}

/// A candidate as the statements make it, in the order of `candidate_columns!`.
#[derive(Deserialize)]
struct CandidateRecord<'a>(#[serde(borrow)] ShownCandidate<'a>, Option<Decision>, Option<f64>);

#[derive(Deserialize)]
struct ShownCandidate<'a> {
    opportunity: String,
    name: String,
    email: Option<String>,
    stage: String,
    url: Option<String>,
    changed_at: i64,
    vendor: Option<String>,
    test_name: Option<String>,
    state: Option<&'a str>,
    outcome: Option<&'a str>,
    band: Option<String>,
    order_stage: Option<String>,
    posting: Option<String>,
    report_token: Option<String>,
}

impl TryFrom<CandidateRecord<'_>> for CandidateRow {
    type Error = StoreError;

    fn try_from(CandidateRecord(shown, decision, score): CandidateRecord<'_>) -> Result<Self, StoreError> {
        let order = match shown.state {
            Some(name) => Some(OrderRow {
                vendor: shown.vendor.unwrap_or_default(),
                test_name: shown.test_name.unwrap_or_default(),
                state: state(name)?,
                stage: shown.order_stage.unwrap_or_default(),
                posting: shown.posting,
                outcome: outcome(shown.outcome)?,
                band: shown.band,
                score,
                report_token: shown.report_token,
            }),
            None => None,
        };
        Ok(Self {
            order,
            decision,
            opportunity: shown.opportunity,
            name: Personal::new(shown.name),
            email: shown.email.map(Personal::new),
            stage: shown.stage,
            url: shown.url,
            changed_at: time(shown.changed_at),
        })
    }
}

/// A list of candidates, or one, from their one text.
pub(super) fn candidates(text: &str) -> Result<Vec<CandidateRow>, StoreError> {
    all(json::<Vec<CandidateRecord<'_>>>("candidates", text)?)
}

/// As above.
pub(super) fn candidate(text: &str) -> Result<CandidateRow, StoreError> {
    json::<CandidateRecord<'_>>("candidate", text)?.try_into()
}

/// Reads a whole list, or says which value could not be read.
pub(super) fn all<R, T: TryFrom<R, Error = StoreError>>(rows: Vec<R>) -> Result<Vec<T>, StoreError> {
    rows.into_iter().map(T::try_from).collect()
}

#[derive(FromRow)]
pub(super) struct IncomingRow {
    id: Uuid,
    organization_id: Uuid,
    given: String,
    received_at: i64,
    version: i64,
    standing: String,
    resolve_at: Option<i64>,
}

impl TryFrom<IncomingRow> for Incoming {
    type Error = StoreError;

    fn try_from(row: IncomingRow) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.id,
            organization: row.organization_id,
            given: json("result", &row.given)?,
            received_at: time(row.received_at),
            version: row.version,
            standing: json("standing", &row.standing)?,
            due: row.resolve_at.map(time),
        })
    }
}
