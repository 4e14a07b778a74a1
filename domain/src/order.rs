//! Orders: one test asked for one opportunity, and what became of it.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::outcome::Outcome;
use crate::{Personal, Timestamp};

/// Where an order stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum OrderState {
    /// Decided; nothing has left yet.
    Planned,
    /// Durably written before the first byte of the request goes out.
    Sending,
    /// The request may have arrived; only a person or the vendor can tell.
    SendUnknown,
    /// The vendor confirmed it.
    Invited,
    /// The candidate began.
    Started,
    /// The candidate ended; the result is not final.
    Submitted,
    /// The result is here.
    Completed,
    /// The vendor's time is over.
    Expired,
    /// The candidate declined.
    Declined,
    /// Taken back by us.
    Cancelled,
    /// The vendor refused it; nothing was sent.
    Failed,
}

impl OrderState {
    /// Every state, in the order of the life of an order.
    pub const ALL: [Self; 11] = [
        Self::Planned,
        Self::Sending,
        Self::SendUnknown,
        Self::Invited,
        Self::Started,
        Self::Submitted,
        Self::Completed,
        Self::Expired,
        Self::Declined,
        Self::Cancelled,
        Self::Failed,
    ];

    /// The name in the database, the API and the command line.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Planned => "planned",
            Self::Sending => "sending",
            Self::SendUnknown => "send-unknown",
            Self::Invited => "invited",
            Self::Started => "started",
            Self::Submitted => "submitted",
            Self::Completed => "completed",
            Self::Expired => "expired",
            Self::Declined => "declined",
            Self::Cancelled => "cancelled",
            Self::Failed => "failed",
        }
    }

    /// The state of that name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|s| s.as_str() == name)
    }

    /// Nothing follows by itself.
    pub const fn is_final(self) -> bool {
        matches!(self, Self::Completed | Self::Expired | Self::Declined | Self::Cancelled | Self::Failed)
    }

    /// It came to nothing, so a person may have it sent once more, as a new order.
    pub const fn may_be_sent_anew(self) -> bool {
        matches!(self, Self::Expired | Self::Declined | Self::Cancelled | Self::Failed)
    }

    /// An invitation may be with the candidate and a result may come.
    pub const fn is_open(self) -> bool {
        !self.is_final()
    }

    /// The vendor has it and can be asked for its status.
    pub const fn is_with_vendor(self) -> bool {
        matches!(self, Self::Invited | Self::Started | Self::Submitted)
    }

    const fn rank(self) -> u8 {
        match self {
            Self::Planned => 0,
            Self::Sending => 1,
            Self::SendUnknown => 2,
            Self::Invited => 3,
            Self::Started => 4,
            Self::Submitted => 5,
            // A result that comes after an expiry is still a result.
            Self::Expired | Self::Declined | Self::Cancelled | Self::Failed => 6,
            Self::Completed => 7,
        }
    }

    /// Whether `next` may follow. States only move forward, so that a late or repeated message changes nothing. Two steps go
    /// back, both on proof: a send that provably never left is planned again, and so is one a person found missing.
    pub const fn may_become(self, next: Self) -> bool {
        match (self, next) {
            (Self::Sending | Self::SendUnknown, Self::Planned) => true,
            (Self::Failed, Self::Completed) => false,
            _ => self.rank() < next.rank(),
        }
    }
}

/// The word in the place of a vendor's status while the vendor does not know the id of an order.
pub const UNKNOWN_TO_VENDOR: &str = "unknown to the vendor";

/// An order as stored.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Order {
    /// Our id; the last part of the callback address and of nothing else.
    pub id: Uuid,
    /// The organization.
    pub organization: Uuid,
    /// Lever's opportunity.
    pub opportunity: String,
    /// Lever's contact.
    pub contact: String,
    /// Vendor id inside the organization.
    pub vendor: String,
    /// The vendor's test id.
    pub test: String,
    /// The test's name when it was ordered.
    pub test_name: String,
    /// 1 for the first order of this opportunity, vendor and test.
    pub round: i32,
    /// The trigger stage whose rules apply.
    pub stage: String,
    /// Posting of the application when it was ordered.
    pub posting: Option<String>,
    /// Where it stands.
    pub state: OrderState,
    /// Why it stands there, for people: the decision that made it, later what happened to it.
    pub note: Option<String>,
    /// The vendor's id of this instance.
    pub vendor_ref: Option<String>,
    /// The vendor's own word for the status, as last read.
    pub vendor_status: Option<String>,
    /// The result's number.
    pub score: Option<f64>,
    /// The result's band, of vendors that answer with one.
    pub band: Option<String>,
    /// The judgement.
    pub outcome: Option<Outcome>,
    /// Version of the rules that judged it.
    pub judged_by: Option<i64>,
    /// The vendor's report; empty where its address expires and is asked for when someone opens it.
    pub report_url: Option<String>,
    /// Last part of our own address of the report.
    pub report_token: String,
    /// Address of the invited person.
    pub email: Personal,
    /// Planned.
    pub created_at: Timestamp,
    /// Confirmed by the vendor.
    pub invited_at: Option<Timestamp>,
    /// Result received.
    pub completed_at: Option<Timestamp>,
    /// Tag and link of the result are in Lever.
    pub written_at: Option<Timestamp>,
    /// The vendor last said that something changed.
    pub called_back_at: Option<Timestamp>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use OrderState::*;

    #[test]
    fn an_older_message_never_undoes_a_newer_one() {
        for (now, late) in [(Started, Invited), (Completed, Started), (Completed, Expired), (Expired, Started)] {
            assert!(!now.may_become(late), "{now:?} became {late:?}");
        }
    }

    #[test]
    fn a_result_after_an_expiry_counts() {
        assert!(Expired.may_become(Completed));
    }

    #[test]
    fn only_an_unproven_send_goes_back_to_planned() {
        let back: Vec<_> = OrderState::ALL.into_iter().filter(|s| s.may_become(Planned)).collect();
        assert_eq!(back, [Sending, SendUnknown]);
    }

    #[test]
    fn nothing_that_is_open_or_has_a_result_is_sent_anew() {
        let anew: Vec<_> = OrderState::ALL.into_iter().filter(|s| s.may_be_sent_anew()).collect();
        assert_eq!(anew, [Expired, Declined, Cancelled, Failed]);
        assert!(anew.iter().all(|s| s.is_final()));
    }

    #[test]
    fn no_state_follows_itself_and_every_name_reads_back() {
        for state in OrderState::ALL {
            assert!(!state.may_become(state));
            assert_eq!(OrderState::parse(state.as_str()), Some(state));
        }
    }
}
