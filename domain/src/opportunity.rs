//! What Lever holds of a candidacy, cut down to what the rules read.

use serde::{Deserialize, Serialize};

use crate::{Personal, Timestamp};

/// Id of a Lever opportunity. Opaque: built-in objects have slugs, others UUIDs.
pub type OpportunityId = String;
/// Id of a Lever stage.
pub type StageId = String;
/// Id of a Lever posting.
pub type PostingId = String;

/// One candidacy as Lever answered at [`Opportunity::read_at`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Opportunity {
    /// Lever's id; equals the id in the address of the candidate's page in Lever.
    pub id: OpportunityId,
    /// The person; shared by all of that person's opportunities.
    pub contact: String,
    /// Full name; may be empty.
    pub name: Personal,
    /// Addresses of the contact, the first is written to.
    pub emails: Vec<Personal>,
    /// Phone numbers as typed.
    pub phones: Vec<Personal>,
    /// Where the person lives, as typed; mostly a town.
    #[serde(default)]
    pub location: Personal,
    /// The stage it stands in now.
    pub stage: StageId,
    /// Every recorded move, in Lever's order.
    pub stage_changes: Vec<StageChange>,
    /// Present while archived.
    pub archived: Option<Archived>,
    /// Tags, those inherited from the posting included.
    pub tags: Vec<String>,
    /// Links of the contact.
    pub links: Vec<String>,
    /// Posting of the application, where there is one.
    pub posting: Option<PostingId>,
    /// Hidden from keys without the confidential permission.
    pub confidential: bool,
    /// The person's data was removed in Lever.
    pub anonymized: bool,
    /// When the opportunity was made.
    pub created_at: Timestamp,
    /// Address of the candidate's page in Lever.
    pub url: Option<String>,
    /// When we read it.
    pub read_at: Timestamp,
}

/// One move to a stage.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StageChange {
    /// The stage moved to.
    pub to: StageId,
    /// When.
    pub at: Timestamp,
}

/// Why and when an opportunity was archived.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Archived {
    /// Id of the archive reason.
    pub reason: String,
    /// When.
    pub at: Timestamp,
}

/// A stage, posting, archive reason or user of Lever: what a rule may name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Named {
    /// Lever's id.
    pub id: String,
    /// Its present name. Names are not promised to be unique.
    pub name: String,
}

/// A posting of Lever. Its tags reach everyone who applies to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Posting {
    /// Lever's id.
    pub id: String,
    /// Its present title.
    pub name: String,
    /// Its tags.
    pub tags: Vec<String>,
    /// Nobody applies any more: closed or rejected.
    pub closed: bool,
}

impl From<Posting> for Named {
    fn from(posting: Posting) -> Self {
        Self { id: posting.id, name: posting.name }
    }
}

/// One visit to a trigger stage.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// The stage entered.
    pub stage: StageId,
    /// When it was entered.
    pub at: Timestamp,
    /// It does not stand there any more.
    pub left: bool,
}

impl Opportunity {
    /// Every visit to `stage`, oldest first. A stage it stands in without a recorded move was entered when it was made.
    pub fn entries(&self, stage: &str) -> Vec<Entry> {
        let mut times: Vec<Timestamp> = self.stage_changes.iter().filter(|c| c.to == stage).map(|c| c.at).collect();
        times.sort_unstable();
        times.dedup();
        if times.is_empty() && self.stage == stage {
            times.push(self.created_at);
        }
        let last = times.len();
        let entry = |(i, at)| Entry { stage: stage.to_owned(), at, left: self.stage != stage || i + 1 < last };
        times.into_iter().enumerate().map(entry).collect()
    }

    /// The address invitations go to.
    pub fn email(&self) -> Option<&Personal> {
        self.emails.iter().find(|e| !e.is_blank())
    }
}
