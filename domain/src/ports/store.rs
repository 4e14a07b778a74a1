//! The database. One method is one intent and one transaction; no transaction crosses the port. Times and ids are arguments.

use std::fmt::Debug;
use std::time::Duration;

use async_trait::async_trait;
use uuid::Uuid;

pub use super::accounts::{Account, Accounts, Asker, Audit, Link, LinkPurpose, SessionRecord, Which};
pub use super::enablement::{Drop, Enablement};
pub use super::matching::{Found, Matching, NewIncoming, Queued, Withdrawal};
pub use super::reads::{Fleet, Pages, Preferences, Results, Traffic};
use crate::Timestamp;
use crate::audit::Author;
use crate::invitation::Test;
use crate::job::{Claimed, DecisionRecord, Finished, NewJob};
use crate::opportunity::Opportunity;
use crate::order::Order;
use crate::read::{DeliveryRow, JobCounts};
use crate::rules::{Rules, SAMPLE_SLUG};

/// Why the database did not do it.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// There is no such row.
    #[error("no such {0}")]
    NotFound(&'static str),
    /// Someone else was first, or it exists already; the name is that of the constraint or guard.
    #[error("conflict: {0}")]
    Conflict(String),
    /// The database could not be asked or answered nonsense.
    #[error("database: {0}")]
    Broken(String, #[source] Option<Box<dyn std::error::Error + Send + Sync>>),
}

/// Result of a store method.
pub type Stored<T> = Result<T, StoreError>;

/// All of it. Object-safe: server functions cannot be generic.
pub trait Store:
    Inbox
    + Queue
    + Orders
    + Setup
    + Accounts
    + Audit
    + Enablement
    + Preferences
    + Pages
    + Results
    + Traffic
    + Fleet
    + Matching
{
}
impl<
    T: Inbox
        + Queue
        + Orders
        + Setup
        + Accounts
        + Audit
        + Enablement
        + Preferences
        + Pages
        + Results
        + Traffic
        + Fleet
        + Matching,
> Store for T
{
}

/// A delivery to be stored.
#[derive(Clone, Debug)]
pub struct NewDelivery {
    /// Row id.
    pub id: Uuid,
    /// The organization whose hook it came to.
    pub organization: Uuid,
    /// Lever's token of the delivery: unique per organization. `None` for refused ones.
    pub token: Option<String>,
    /// Event name as sent.
    pub event: String,
    /// Lever's opportunity, where the delivery names one.
    pub opportunity: Option<String>,
    /// The body as received.
    pub body: String,
    /// What is known about it already.
    pub status: DeliveryStatus,
    /// Why, for people.
    pub reason: Option<String>,
    /// When.
    pub at: Timestamp,
    /// To be queued with it.
    pub job: Option<NewJob>,
}

/// What became of a delivery.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DeliveryStatus {
    /// Waits for its job.
    Stored,
    /// Handled; the reason says what came of it.
    Done,
    /// Lever's "Verify Connection".
    Verified,
    /// Signed, and of a kind or shape this version does not know.
    NotUnderstood,
    /// Not accepted: unsigned, too old, misshapen. Kept to be looked at, the latest hundred per organization.
    Refused,
}

impl DeliveryStatus {
    /// All.
    pub const ALL: [Self; 5] = [Self::Stored, Self::Done, Self::Verified, Self::NotUnderstood, Self::Refused];

    /// The name in the database and the command line.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Stored => "stored",
            Self::Done => "done",
            Self::Verified => "verified",
            Self::NotUnderstood => "not-understood",
            Self::Refused => "refused",
        }
    }

    /// The status of that name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|s| s.as_str() == name)
    }
}

/// What the inbox did with a delivery.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Receipt {
    /// New, on disk.
    Stored(Uuid),
    /// A delivery with this token is there already, under this id.
    AlreadyStored {
        /// The first one.
        id: Uuid,
        /// The token came with another body.
        suspicious: bool,
    },
}

/// How many of the jobs that come with deliveries are claimed while they are stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DirectClaim {
    /// At most this many.
    pub limit: usize,
    /// Until then they are leased.
    pub lease_until: Timestamp,
}

impl DirectClaim {
    /// All jobs wait to be claimed.
    pub const NONE: Self = Self { limit: 0, lease_until: Timestamp::EPOCH };
}

/// What came of storing deliveries.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Received {
    /// One for each, in order.
    pub receipts: Vec<Receipt>,
    /// Jobs that are the caller's to run.
    pub claimed: Vec<Claimed>,
}

/// Webhook deliveries.
#[async_trait]
pub trait Inbox: Send + Sync + Debug {
    /// Stores deliveries and their jobs in one durable transaction; answers in the same order.
    /// A repeated token stores nothing, counts on the first row, and marks it suspicious if the body differs.
    /// Of the jobs that are new, the first `claim.limit` are claimed at once: a worker that has nothing else to do need not
    /// wait for a second transaction.
    async fn receive(&self, deliveries: &[NewDelivery], claim: DirectClaim) -> Stored<Received>;

    /// Newest first, `failed`: only refused, not understood and suspicious ones.
    async fn deliveries(&self, organization: Uuid, failed: bool, limit: u32) -> Stored<Vec<DeliveryRow>>;

    /// One delivery with its body.
    async fn delivery(&self, id: Uuid) -> Stored<(DeliveryRow, String)>;

    /// Puts a delivery back to `Stored` and queues its job.
    async fn replay(&self, id: Uuid, job: NewJob) -> Stored<()>;
}

/// The queue.
#[async_trait]
pub trait Queue: Send + Sync + Debug {
    /// Whether a transaction that writes waits for every other one. Who gathers a batch then does better to wait for the turn
    /// first.
    fn has_one_writer(&self) -> bool;

    /// Queues jobs. One with the key of a waiting job joins it (and brings it forward); with the key of a running one, it is
    /// marked to run again.
    async fn enqueue(&self, jobs: Vec<NewJob>) -> Stored<()>;

    /// Claims up to `limit` due jobs of the known kinds, fairly between organizations, and leases them until `lease_until`.
    /// `after` rotates the organization that is served first.
    async fn claim(
        &self,
        limit: u32,
        now: Timestamp,
        lease_until: Timestamp,
        after: Option<Uuid>,
    ) -> Stored<Vec<Claimed>>;

    /// Commits the ends of runs with their effects, each guarded by job and attempt. One answer per run, in order:
    /// `Conflict` if the job was claimed anew or an effect found the world changed; nothing of that run was written then.
    async fn finish(&self, runs: Vec<Finished>) -> Stored<Vec<Stored<()>>>;

    /// Prolongs the leases of running jobs; returns those that are still ours.
    async fn renew(&self, held: &[(Uuid, i32)], lease_until: Timestamp) -> Stored<Vec<Uuid>>;

    /// Gives claimed jobs back untouched, at shutdown.
    async fn release(&self, held: &[(Uuid, i32)], now: Timestamp) -> Stored<()>;

    /// Makes running jobs whose lease ends before `lease_before` ready again, or dead after `max_failures` failures. Returns
    /// how many. `lease_before` is `now`, unless it is known that nobody works on any of them.
    async fn rescue(&self, lease_before: Timestamp, now: Timestamp, max_failures: i32) -> Stored<u64>;

    /// When the next ready job is due.
    async fn next_due(&self) -> Stored<Option<Timestamp>>;

    /// Jobs by state.
    async fn job_counts(&self) -> Stored<JobCounts>;

    /// Takes one call out of a budget shared by all nodes (a generic cell rate algorithm on one row): returns how long to
    /// wait before making it. A wait longer than the pace's patience took nothing: come again after it.
    async fn reserve(&self, budget: &str, pace: Pace, now: Timestamp) -> Stored<Duration>;

    /// When a call was last taken out of a budget, to within the length of its burst.
    async fn budget_used(&self, budget: &str) -> Stored<Option<Timestamp>>;

    /// The remote said "too many": no call of this budget before `until`.
    async fn hold_back(&self, budget: &str, until: Timestamp) -> Stored<()>;

    /// Removes finished jobs and handled deliveries older than these; returns how many rows went.
    async fn prune(&self, finished_before: Timestamp) -> Stored<u64>;
}

/// How fast calls may follow each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pace {
    /// Between two calls, on average.
    pub interval: Duration,
    /// Calls that may go at once.
    pub burst: u32,
    /// The longest wait that is worth a place in the line.
    pub patience: Duration,
}

/// Everything a decision about one opportunity needs from the store.
#[derive(Clone, Debug, Default)]
pub struct OpportunityFacts {
    /// All orders, oldest first.
    pub orders: Vec<Order>,
    /// All decisions.
    pub decisions: Vec<DecisionRecord>,
    /// Catalogues by vendor id.
    pub tests: Vec<(String, Test)>,
}

/// An order that still needs a job.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unfinished {
    /// The order.
    pub order: Uuid,
    /// Where it stands.
    pub state: crate::order::OrderState,
    /// Lever's opportunity.
    pub opportunity: String,
    /// Vendor id.
    pub vendor: String,
}

/// Which send may begin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BeginSend {
    /// The order is durably `sending`: the request may go out.
    Go,
    /// The order was not in state planned, or the claim is no longer ours: nothing may go out.
    No,
}

/// Orders and decisions.
#[async_trait]
pub trait Orders: Send + Sync + Debug {
    /// Orders, decisions and catalogues for one opportunity.
    async fn opportunity_facts(&self, organization: Uuid, opportunity: &str) -> Stored<OpportunityFacts>;

    /// Which entries of these opportunities are decided: `(opportunity, stage, entered at, vendor)`.
    async fn decided(
        &self,
        organization: Uuid,
        opportunities: &[String],
    ) -> Stored<Vec<(String, String, Timestamp, String)>>;

    /// The catalogue of all vendors of an organization.
    async fn catalogue(&self, organization: Uuid) -> Stored<Vec<(String, Test)>>;

    /// What was last read of an opportunity.
    async fn opportunity(&self, organization: Uuid, opportunity: &str) -> Stored<Option<Opportunity>>;

    /// One order.
    async fn order(&self, id: Uuid) -> Stored<Order>;

    /// The order of a report address.
    async fn order_by_report(&self, token: &str) -> Stored<Order>;

    /// All orders of an organization, newest first.
    async fn orders(&self, organization: Uuid, limit: u32) -> Stored<Vec<Order>>;

    /// Orders that still need a job: planned or being sent, at the vendor (and it can be asked), completed and not yet written
    /// to Lever, or taken back and not yet out of it (as completed: both need the same job).
    async fn unfinished_orders(&self, organization: Uuid) -> Stored<Vec<Unfinished>>;

    /// Writes `planned → sending` durably, with the address that is written to, before the first byte of the request, if
    /// this claim still holds the job.
    async fn begin_send(
        &self,
        order: Uuid,
        email: &crate::Personal,
        claim: (Uuid, i32),
        now: Timestamp,
    ) -> Stored<BeginSend>;

    /// Changes made outside a job: a person's decision with its timeline entry and jobs, in one transaction.
    async fn commit(&self, effects: Vec<crate::job::Effect>) -> Stored<()>;
}

/// A secret that is encrypted anew.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Resealed {
    /// Its name in the organization.
    pub name: String,
    /// As it was read.
    pub before: Vec<u8>,
    /// Under the other key.
    pub after: Vec<u8>,
}

/// A secret as stored: encrypted outside the store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SealedSecret {
    /// For example `lever.api_key`.
    pub name: String,
    /// Nonce and ciphertext.
    pub sealed: Vec<u8>,
    /// For people.
    pub last_four: String,
    /// When it was stored.
    pub created_at: Timestamp,
}

/// One organization.
#[derive(Clone, Debug, PartialEq)]
pub struct Organization {
    /// Row id.
    pub id: Uuid,
    /// Last part of the webhook address; unguessable.
    pub hook: String,
    /// Nothing is sent while true.
    pub paused: bool,
    /// Version of the rules.
    pub version: i64,
    /// The rules.
    pub rules: Rules,
    /// When it was created.
    pub created_at: Timestamp,
}

/// What the webhook address of the sample begins with. A name can be anybody's; this cannot be chosen.
pub const SAMPLE_HOOK: &str = "sample-";

impl Organization {
    /// It is the one of invented people.
    pub fn is_sample(&self) -> bool {
        self.rules.slug == SAMPLE_SLUG && self.hook.starts_with(SAMPLE_HOOK)
    }
}

/// What `org apply` writes, whole or not at all.
#[derive(Clone, Debug)]
pub struct Application {
    /// Id for a new organization; ignored for one that exists.
    pub id: Uuid,
    /// Hook for a new organization; ignored for one that exists.
    pub hook: String,
    /// A new organization begins so. One that exists is paused by `true`, which goes on record if it was not, and never resumed by `false`.
    pub paused: bool,
    /// The version that was read before; 0 for a new one. Another one now is a conflict.
    pub expected_version: i64,
    /// The new rules.
    pub rules: Rules,
    /// All its secrets; others are deleted.
    pub secrets: Vec<SealedSecret>,
    /// Catalogues read while applying, by vendor id.
    pub tests: Vec<(String, Vec<Test>)>,
    /// What is different, line by line, for the record.
    pub changes: Vec<String>,
    /// Who.
    pub author: Author,
}

/// One version of an organization's rules.
#[derive(Clone, Debug, PartialEq)]
pub struct Configuration {
    /// Version of the rules.
    pub version: i64,
    /// The rules.
    pub rules: Rules,
    /// Who made it.
    pub author: String,
    /// When.
    pub at: Timestamp,
}

/// Organizations, their rules and secrets.
#[async_trait]
pub trait Setup: Send + Sync + Debug {
    /// Creates or changes an organization; returns it with its new version.
    async fn apply(&self, application: Application) -> Stored<Organization>;

    /// All, by slug.
    async fn organizations(&self) -> Stored<Vec<Organization>>;

    /// One by slug.
    async fn organization(&self, slug: &str) -> Stored<Organization>;

    /// One by id.
    async fn organization_by_id(&self, id: Uuid) -> Stored<Organization>;

    /// One version of its rules, with who made it.
    async fn configuration(&self, organization: Uuid, version: i64) -> Stored<Configuration>;

    /// Versions of its rules before one, newest first, at most `limit`.
    async fn configurations(&self, organization: Uuid, before: i64, limit: u32) -> Stored<Vec<Configuration>>;

    /// Its secrets, sealed.
    async fn secrets(&self, organization: Uuid) -> Stored<Vec<SealedSecret>>;

    /// The same secrets under another key; those that are no longer as they were read stay as they are. On record if any changed;
    /// returns how many.
    async fn reseal(&self, organization: Uuid, secrets: Vec<Resealed>, by: &Author) -> Stored<u64>;

    /// Ids, versions and pause of all organizations: cheap, to notice changes made by another process.
    async fn versions(&self) -> Stored<Vec<(Uuid, i64, bool)>>;

    /// Pauses or resumes.
    async fn set_paused(&self, organization: Uuid, paused: bool, by: &Author) -> Stored<()>;

    /// Removes an organization with everything of it but the record of changes, and records that. `Conflict` if it is not at
    /// this version any more.
    async fn remove_organization(&self, organization: Uuid, version: i64, by: &Author) -> Stored<()>;

    /// Whether the database answers and its schema is the one this version expects.
    async fn ready(&self) -> Stored<()>;
}
