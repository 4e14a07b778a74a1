//! Results that we did not order: sent by hand at the vendor, found there, or brought in as a file.

mod import;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

pub use self::import::{BadRow, COLUMNS, Header, MOST_ROWS, row};
use crate::identity::{Line, Person, Reason};
use crate::invitation::Test;
use crate::outcome::Measured;
use crate::{Personal, Timestamp};

/// A result as it came. Stored as JSON: extend, never rename.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Given {
    /// Vendor id inside the organization.
    pub vendor: String,
    /// The vendor's id of the result, or a hash of what was given: the same reference twice is one result.
    pub reference: String,
    /// Whether the reference is the vendor's.
    pub has_vendor_id: bool,
    /// The vendor's test.
    pub test: Test,
    /// Whom the vendor knows.
    pub person: Person,
    /// Number or band.
    pub measured: Measured,
    /// When the test was ended.
    pub completed_at: Timestamp,
    /// The vendor's report.
    pub report_url: Option<String>,
    /// Who brought it in.
    pub by: String,
}

/// A result and how far it is known whose it is.
#[derive(Clone, Debug, PartialEq)]
pub struct Incoming {
    /// Row id.
    pub id: Uuid,
    /// The organization.
    pub organization: Uuid,
    /// As it came.
    pub given: Given,
    /// When it came.
    pub received_at: Timestamp,
    /// Goes up with every change of the standing.
    pub version: i64,
    /// Whose it is.
    pub standing: Standing,
    /// Since when its owner is to be looked for; moved whenever people with its keys change.
    pub due: Option<Timestamp>,
}

/// How far it is known whose a result is. Stored as JSON: extend, never rename.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Standing {
    /// In one word.
    pub state: State,
    /// Why.
    pub why: Why,
    /// Whom it may be, best first.
    pub candidates: Vec<Weighed>,
    /// Whose it is, while it is linked.
    pub link: Option<Link>,
    /// The decision that made it so.
    pub decision: Option<Uuid>,
    /// Who made it; `None` for Assay itself.
    pub by: Option<String>,
    /// When.
    pub at: Option<Timestamp>,
    /// A person took a link back: it is never linked by itself again.
    pub held: bool,
    /// It is not shown before.
    pub snoozed_until: Option<Timestamp>,
    /// Somebody was unsure: another person decides.
    pub first: Option<FirstOpinion>,
}

/// Somebody who was unsure, and whom they thought of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FirstOpinion {
    /// Who.
    pub who: String,
    /// The contact they leaned to; `None`: to none of them.
    pub contact: Option<String>,
}

/// Whose a result is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Link {
    /// Lever's contact.
    pub contact: String,
    /// The opportunity it was written to.
    pub opportunity: String,
    /// The order that carries it.
    pub order: Uuid,
}

/// A contact whose the result may be, with the evidence. It names no value: those are shown from the contact.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Weighed {
    /// Lever's contact.
    pub contact: String,
    /// The sum.
    pub bits: f64,
    /// More than names and places agrees.
    pub is_backed: bool,
    /// Line by line.
    pub lines: Vec<Line>,
}

macro_rules! named {
    ($(#[$doc:meta])* $name:ident { $($(#[$of:meta])* $variant:ident $word:literal)* }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "kebab-case")]
        pub enum $name { $($(#[$of])* $variant,)* }

        impl $name {
            /// Every one.
            pub const ALL: &[Self] = &[$(Self::$variant),*];

            /// The name in the database and in addresses.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word,)* }
            }

            /// The one of that name.
            pub fn parse(name: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|one| one.as_str() == name)
            }
        }
    };
}

named! {
    /// Where a result stands.
    State {
        /// Nobody has looked whose it is.
        #[default]
        New "new"
        /// A person decides.
        Review "review"
        /// Nobody in Lever is near enough; looked at again when contacts change.
        Unknown "unknown"
        /// It is somebody's.
        Linked "linked"
        /// It belongs to an order of ours.
        Ordered "ordered"
        /// A person found that it is nobody's of these.
        Left "left"
    }
}

named! {
    /// Why it stands there.
    Why {
        /// It was not looked at yet.
        #[default]
        Waits "waits"
        /// One strong answer.
        Clear "clear"
        /// Two or more are nearly equally good.
        Tie "tie"
        /// What agrees is also what namesakes or members of a family share.
        NotTheirOwn "not-their-own"
        /// Not strong enough.
        Middling "middling"
        /// Somebody else is as good a match for the same profile.
        Claimed "claimed"
        /// Nobody is near enough.
        Nobody "nobody"
        /// So many people have what agrees that not all of them were compared.
        Crowded "crowded"
        /// The person is known, and has several open opportunities.
        SeveralOpportunities "several-opportunities"
        /// A person took the link back.
        TakenBack "taken-back"
        /// It has the id of an order of ours.
        OurOrder "our-order"
        /// A person decided.
        ByPerson "by-person"
    }
}

impl From<Reason> for Why {
    fn from(reason: Reason) -> Self {
        match reason {
            Reason::Clear => Self::Clear,
            Reason::Tie => Self::Tie,
            Reason::NotTheirOwn => Self::NotTheirOwn,
            Reason::Middling => Self::Middling,
            Reason::Claimed => Self::Claimed,
            Reason::Nobody => Self::Nobody,
        }
    }
}

impl Given {
    /// The name as it is shown; blank where none was given.
    pub fn name(&self) -> Personal {
        let person = &self.person;
        if !person.full_name.is_blank() {
            return person.full_name.clone();
        }
        let both = format!("{} {}", person.given_name.reveal().trim(), person.surname.reveal().trim());
        Personal::new(both.trim())
    }

    /// The first address.
    pub fn email(&self) -> Option<&Personal> {
        self.person.emails.iter().find(|e| !e.is_blank())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_read_back() {
        assert!(State::ALL.iter().all(|s| State::parse(s.as_str()) == Some(*s)));
        assert!(Why::ALL.iter().all(|w| Why::parse(w.as_str()) == Some(*w)));
    }

    #[test]
    fn a_standing_of_an_earlier_version_still_reads() {
        let standing: Standing = serde_json::from_str(r#"{"state":"review","why":"tie"}"#).unwrap();
        assert_eq!((standing.state, standing.why, standing.held), (State::Review, Why::Tie, false));
    }

    #[test]
    fn the_name_is_the_whole_or_its_parts() {
        let person = Person { given_name: Personal::new(" Ada "), surname: Personal::new("King"), ..Person::default() };
        let given = import::tests::given(person);
        assert_eq!(given.name().reveal(), "Ada King");
    }
}
