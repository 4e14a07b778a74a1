//! Work that outlives a process: what there is to do, how it ended, and what it changes.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::activity::Activity;
use crate::audit::Author;
use crate::contact::Alias;
use crate::incoming::{Incoming, Standing};
use crate::invitation::{Decision, Test};
use crate::opportunity::Opportunity;
use crate::order::{Order, OrderState};
use crate::outcome::Outcome;
use crate::{Timestamp, review};

/// What there is to do. The name of the variant is the `kind` column, the fields are the payload.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "kind")]
pub enum Work {
    /// Read an opportunity from Lever again and decide what follows.
    Follow {
        /// Lever's id.
        opportunity: String,
    },
    /// A person asked to invite someone whom the rules alone did not: who was in the stage before its row was switched on, or
    /// whose tag only resembled a test.
    InvitePresent(Box<InvitePresent>),
    /// Ask the vendor to invite.
    Send {
        /// The order.
        order: Uuid,
    },
    /// Ask the vendor how an order stands.
    Poll {
        /// The order.
        order: Uuid,
    },
    /// Bring tag and link of an opportunity in Lever up to date.
    WriteBack {
        /// Lever's id.
        opportunity: String,
        /// Vendor id.
        vendor: String,
    },
    /// Look through the trigger stages and the vendor's catalogue for what no webhook told.
    Sync,
    /// Read from Lever which people changed.
    Contacts,
    /// Find out whose results are that were not ordered.
    Resolve,
}

/// Who is to be invited, and on whose word. Boxed: jobs are moved about often.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InvitePresent {
    /// Lever's id.
    pub opportunity: String,
    /// The trigger stage.
    pub stage: String,
    /// Vendor id.
    pub vendor: String,
    /// A tag that the opportunity is to get first: the name of the test that another tag nearly was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tag: Option<String>,
    /// Who asked.
    pub by: String,
}

impl Work {
    /// Every kind this version knows. A job of another kind stays ready and is reported.
    pub const KINDS: [&'static str; 8] =
        ["follow", "invite-present", "send", "poll", "write-back", "sync", "contacts", "resolve"];

    /// The kind, as stored.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Follow { .. } => "follow",
            Self::InvitePresent(_) => "invite-present",
            Self::Send { .. } => "send",
            Self::Poll { .. } => "poll",
            Self::WriteBack { .. } => "write-back",
            Self::Sync => "sync",
            Self::Contacts => "contacts",
            Self::Resolve => "resolve",
        }
    }

    /// Two jobs of one organization with this key are one job.
    pub fn unique_key(&self) -> String {
        match self {
            Self::Follow { opportunity } => format!("follow:{opportunity}"),
            Self::InvitePresent(asked) => {
                format!("invite-present:{}:{}:{}", asked.vendor, asked.stage, asked.opportunity)
            }
            Self::Send { order } => format!("send:{order}"),
            Self::Poll { order } => format!("poll:{order}"),
            Self::WriteBack { opportunity, vendor } => format!("write-back:{vendor}:{opportunity}"),
            Self::Sync | Self::Contacts | Self::Resolve => self.kind().to_owned(),
        }
    }

    /// What waits for a person or a webhook comes before what sweeps.
    pub const fn priority(&self) -> Priority {
        match self {
            Self::Follow { .. } | Self::InvitePresent(_) | Self::Send { .. } | Self::WriteBack { .. } => {
                Priority::Interactive
            }
            Self::Poll { .. } | Self::Resolve => Priority::Normal,
            Self::Sync | Self::Contacts => Priority::Bulk,
        }
    }
}

/// Order of claiming inside one organization.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Priority {
    /// Someone waits.
    Interactive = 0,
    /// Soon.
    Normal = 1,
    /// When nothing else is there.
    Bulk = 2,
}

impl Priority {
    /// All, first served first.
    pub const ALL: [Self; 3] = [Self::Interactive, Self::Normal, Self::Bulk];
}

/// A job to be queued.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewJob {
    /// Row id, unless a job with the same key is waiting already.
    pub id: Uuid,
    /// The organization it is for.
    pub organization: Uuid,
    /// What to do.
    pub work: Work,
    /// Not before.
    pub run_at: Timestamp,
}

/// A job in the hands of a worker, until its lease ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claimed {
    /// Row id.
    pub id: Uuid,
    /// The organization it is for.
    pub organization: Uuid,
    /// The claim's number: fences off a worker that lost its lease.
    pub attempt: i32,
    /// Failures so far.
    pub failures: i32,
    /// What to do.
    pub work: Work,
}

impl Claimed {
    /// A new job in the hands of whoever queued it.
    pub fn first(job: &NewJob) -> Self {
        Self { id: job.id, organization: job.organization, attempt: 1, failures: 0, work: job.work.clone() }
    }
}

/// How a run ended. A job that was asked for again while it ran is ready at once after `Done` and after `Snooze`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum JobOutcome {
    /// Done.
    Done,
    /// Failed in a way that may pass.
    Retry {
        /// For people; no personal data.
        error: String,
        /// Not before.
        at: Timestamp,
    },
    /// Not a failure: look again later.
    Snooze {
        /// Not before.
        until: Timestamp,
    },
    /// Nothing can come of it any more.
    Discard {
        /// Why.
        reason: String,
    },
    /// Failed for good: counted, shown, replayable.
    Dead {
        /// For people; no personal data.
        error: String,
    },
}

/// The end of a run: outcome and effects are committed together, or neither.
#[derive(Clone, Debug)]
pub struct Finished {
    /// The job.
    pub job: Uuid,
    /// The claim's number; a job that was claimed anew meanwhile is left alone.
    pub attempt: i32,
    /// How it ended.
    pub outcome: JobOutcome,
    /// What it changes.
    pub effects: Vec<Effect>,
    /// When.
    pub at: Timestamp,
}

/// One change that is committed with the end of a job.
#[derive(Clone, Debug)]
pub enum Effect {
    /// Insert or replace what we know of an opportunity; an older reading never replaces a newer one.
    SaveOpportunity(Box<Opportunity>),
    /// Record the one decision about an entry. A second one for the same entry is a conflict.
    Decide(DecisionRecord),
    /// Put another decision about an entry in the place of one that invited nobody. A conflict if it invited.
    Redecide(DecisionRecord),
    /// Insert an order in state planned. A second one of the same round is a conflict.
    PlanOrder(Box<Order>),
    /// Move an order on. A conflict if it is not in `from` any more.
    ChangeOrder(OrderChange),
    /// The results of these orders are visible in Lever.
    MarkWritten {
        /// The orders.
        orders: Vec<Uuid>,
        /// When.
        at: Timestamp,
    },
    /// The vendor said that something changed.
    CalledBack {
        /// The order.
        order: Uuid,
        /// When.
        at: Timestamp,
    },
    /// Add a line to the timeline.
    Record(Activity),
    /// Queue a job in the same organization.
    Enqueue(NewJob),
    /// Deliveries about this opportunity received up to `until` were handled.
    CloseDeliveries {
        /// The organization.
        organization: Uuid,
        /// Lever's id.
        opportunity: String,
        /// Received up to here.
        until: Timestamp,
        /// What came of them, for people.
        reason: String,
    },
    /// Replace the catalogue of a vendor; tests that are missing are kept as retired.
    SaveTests {
        /// The organization.
        organization: Uuid,
        /// Vendor id.
        vendor: String,
        /// The list as the vendor gave it.
        tests: Vec<Test>,
        /// When.
        at: Timestamp,
    },
    /// Change whose a result is; with its entry in the history and what follows for the contact. A conflict if it changed since
    /// it was read.
    Settle(Box<Settling>),
    /// Take a result back that is not this candidate's. A conflict if the order is not completed.
    Withdraw {
        /// The order.
        order: Uuid,
        /// Why, for people.
        note: String,
        /// When.
        at: Timestamp,
    },
    /// What was written for these orders is out of Lever again.
    MarkWithdrawn {
        /// The orders.
        orders: Vec<Uuid>,
        /// When.
        at: Timestamp,
    },
    /// Note how far something was read.
    Mark {
        /// The organization.
        organization: Uuid,
        /// Of what.
        name: &'static str,
        /// Up to here.
        at: Timestamp,
    },
    /// Open an issue, or count it once more.
    RaiseIssue {
        /// The organization.
        organization: Uuid,
        /// One cause on one connection, for example `vendor.py.credential`.
        cause: String,
        /// What is wrong and what to do, for people.
        detail: String,
        /// When.
        at: Timestamp,
    },
    /// Close an issue, if it is open.
    CloseIssue {
        /// The organization.
        organization: Uuid,
        /// As raised.
        cause: String,
        /// When.
        at: Timestamp,
    },
}

/// A step of a result whose owner is looked for.
#[derive(Clone, Debug, PartialEq)]
pub struct Settling {
    /// The organization.
    pub organization: Uuid,
    /// The result.
    pub incoming: Uuid,
    /// As it was read.
    pub version: i64,
    /// Only if nobody with its keys changed since it was read, when this was its `due`; a person's word holds all the same.
    pub due: Option<Timestamp>,
    /// What becomes of it.
    pub to: Standing,
    /// For the history; `None` where nothing was decided.
    pub entry: Option<MatchEntry>,
    /// The decision that is taken back.
    pub reverts: Option<Uuid>,
    /// An address that the decision teaches: of which contact.
    pub teaches: Option<(String, Alias)>,
    /// Of which contact an alias is forgotten, by the decision that taught it.
    pub forgets: Option<(String, Uuid)>,
    /// When to look for the person again.
    pub look_again: Option<Timestamp>,
    /// For the record of changes, where a person did it.
    pub author: Option<Author>,
    /// When.
    pub at: Timestamp,
}

impl Settling {
    /// A change without an entry.
    pub fn of(incoming: &Incoming, to: Standing, at: Timestamp) -> Self {
        Self {
            organization: incoming.organization,
            incoming: incoming.id,
            version: incoming.version,
            due: None,
            to,
            entry: None,
            reverts: None,
            teaches: None,
            forgets: None,
            look_again: None,
            author: None,
            at,
        }
    }
}

/// A decision about a result, for the history.
#[derive(Clone, Debug, PartialEq)]
pub struct MatchEntry {
    /// Row id.
    pub id: Uuid,
    /// What was done.
    pub act: review::Act,
    /// Who; `None`: Assay itself.
    pub who: Option<String>,
    /// How long they looked at it.
    pub took: Option<Duration>,
    /// The contact that was chosen, or leaned to.
    pub contact: Option<String>,
    /// The standing before.
    pub before: Standing,
    /// Of a second opinion: whether it is the first one.
    pub agreed: Option<bool>,
}

/// The decision about one entry.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DecisionRecord {
    /// The organization.
    pub organization: Uuid,
    /// Lever's opportunity.
    pub opportunity: String,
    /// The trigger stage.
    pub stage: String,
    /// When it was entered.
    pub entered_at: Timestamp,
    /// Vendor id.
    pub vendor: String,
    /// The decision with its reason.
    pub decision: Decision,
    /// Version of the rules.
    pub rules_version: i64,
    /// When it was made.
    pub at: Timestamp,
}

/// A step of an order.
#[derive(Clone, Debug, PartialEq)]
pub struct OrderChange {
    /// The order.
    pub order: Uuid,
    /// The state it was seen in.
    pub from: OrderState,
    /// The state it gets; may equal `from` when only the vendor's word changed.
    pub to: OrderState,
    /// Why, for people. `None` keeps what is there.
    pub note: Option<String>,
    /// The vendor's id. `None` keeps what is there.
    pub vendor_ref: Option<String>,
    /// The vendor's word. `None` keeps what is there.
    pub vendor_status: Option<String>,
    /// The result, with `Completed`.
    pub result: Option<OrderResult>,
    /// When.
    pub at: Timestamp,
}

impl OrderChange {
    /// A step without more.
    pub fn to(order: &Order, to: OrderState, at: Timestamp) -> Self {
        Self {
            order: order.id,
            from: order.state,
            to,
            note: None,
            vendor_ref: None,
            vendor_status: None,
            result: None,
            at,
        }
    }
}

/// A judged result.
#[derive(Clone, Debug, PartialEq)]
pub struct OrderResult {
    /// The number.
    pub score: Option<f64>,
    /// The band.
    pub band: Option<String>,
    /// The judgement.
    pub outcome: Outcome,
    /// Version of the rules that judged.
    pub judged_by: i64,
    /// The vendor's report.
    pub report_url: Option<String>,
}
