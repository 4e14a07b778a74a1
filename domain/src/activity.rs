//! The timeline of an opportunity: what happened and why, as data. [`crate::words`] puts it into sentences.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::Timestamp;
use crate::invitation::Decision;
use crate::order::OrderState;
use crate::outcome::{Ground, Outcome};

/// One line of the timeline.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Activity {
    /// Row id.
    pub id: Uuid,
    /// The organization.
    pub organization: Uuid,
    /// Lever's opportunity.
    pub opportunity: String,
    /// The order it is about.
    pub order: Option<Uuid>,
    /// When.
    pub at: Timestamp,
    /// What.
    pub event: Event,
}

/// Why an order expires whose vendor never says more.
pub const NO_RESULT: &str = "No result after eight weeks.";

/// What can happen. Stored as JSON: extend, never rename.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "event")]
pub enum Event {
    /// An entry into a trigger stage was decided.
    Decided {
        /// The stage's name at that time.
        stage: String,
        /// When it was entered.
        entered_at: Timestamp,
        /// The vendor's name.
        vendor: String,
        /// The decision with its reason.
        decision: Decision,
    },
    /// A person asked to invite someone who was in the stage before its row was switched on.
    AskedToInvite {
        /// The stage's name at that time.
        stage: String,
        /// Who.
        by: String,
    },
    /// The vendor confirmed the invitation.
    Invited {
        /// The test's name.
        test: String,
        /// The vendor's id of the instance.
        vendor_ref: String,
    },
    /// It is not known whether the invitation arrived.
    SendUnknown {
        /// The test's name.
        test: String,
        /// What happened.
        why: String,
    },
    /// The vendor refused the invitation; nothing was sent.
    SendRefused {
        /// The test's name.
        test: String,
        /// The vendor's words.
        why: String,
    },
    /// A person settled an unknown send: it arrived.
    SaidArrived {
        /// Who.
        by: String,
    },
    /// A person said under which id the vendor has it.
    SaidId {
        /// Who.
        by: String,
        /// The vendor's id.
        vendor_ref: String,
    },
    /// A person settled an unknown send: send it again.
    SaidSendAgain {
        /// Who.
        by: String,
    },
    /// A person had an invitation sent once more that had come to nothing.
    SaidSendAnew {
        /// Who.
        by: String,
        /// The test's name.
        test: String,
        /// How the invitation before had ended.
        was: OrderState,
    },
    /// A person had the candidate read in Lever again, and the rules applied.
    SaidApplyRules {
        /// Who.
        by: String,
    },
    /// The vendor called back.
    CalledBack,
    /// The status at the vendor changed.
    Status {
        /// Before.
        from: OrderState,
        /// Now.
        to: OrderState,
        /// The vendor's word.
        word: String,
    },
    /// The result came and was judged.
    Result {
        /// The test's name.
        test: String,
        /// The judgement.
        outcome: Outcome,
        /// Its ground.
        ground: Ground,
        /// Version of the rules.
        rules_version: i64,
    },
    /// Tags were changed in Lever.
    Tagged {
        /// Added.
        added: Vec<String>,
        /// Removed.
        removed: Vec<String>,
    },
    /// The report link was added in Lever.
    Linked {
        /// Our address.
        link: String,
    },
    /// Someone opened the report.
    ReportViewed,
    /// A result that we did not order was found to be this candidate's.
    ResultLinked {
        /// Who; `None`: Assay itself.
        by: Option<String>,
        /// The test's name.
        test: String,
        /// The result.
        incoming: Uuid,
    },
    /// It was found not to be this candidate's.
    ResultUnlinked {
        /// Who.
        by: String,
        /// The test's name.
        test: String,
    },
    /// What was written for it was taken out of Lever again.
    TakenBack {
        /// Tags.
        removed: Vec<String>,
        /// Whether the report link was removed.
        link: bool,
    },
}
