//! What pages and the command line show.

mod candidates;
mod fleet;
mod home;
mod live;
mod matching;
mod results;
mod traffic;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

pub use self::candidates::{
    COUNTED, CandidateFilter, CandidatePage, CandidateRow, Cursor, OrderRow, PAGE, reviews_since,
};
pub use self::fleet::{FLEET_CAP, FleetRow};
pub use self::home::{Day, HOME_SENDS, HomePage, OpenIssue, day_of};
pub use self::live::{Shown, Stamp};
pub use self::matching::{MatchFigures, MatchLine};
pub use self::results::{ResultPoint, ResultsOf, SKIPPED_CAP, TriggerFigures};
pub use self::traffic::{
    DeliveryFilter, DeliveryPage, DeliveryRow, EVENTS_LOOK, EventCount, JobCounts, JobFilter, JobPage, JobRow,
    JobState, KindCount, NoReplay, QueueFigures, RowCursor,
};
use crate::role::Role;
use crate::{Personal, Timestamp};

/// One account, for lists.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct UserRow {
    /// Row id.
    pub id: Uuid,
    /// Address.
    pub email: Personal,
    /// Role name.
    pub role: String,
    /// Slug of the organization.
    pub organization: Option<String>,
    /// May not sign in.
    pub disabled: bool,
    /// When it was created.
    pub created_at: Timestamp,
}

/// One person of an organization or of the instance.
#[derive(Clone, Debug, PartialEq)]
pub struct PersonRow {
    /// Row id.
    pub id: Uuid,
    /// Address.
    pub email: Personal,
    /// What they may do.
    pub role: Role,
    /// May not sign in.
    pub disabled: bool,
    /// When the account was created.
    pub created_at: Timestamp,
    /// The last request that was noted.
    pub seen_at: Option<Timestamp>,
}

/// One session of a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionRow {
    /// Its key, which opens nothing.
    pub key: String,
    /// When it began.
    pub started: Timestamp,
    /// The last request that was noted.
    pub seen: Timestamp,
    /// The browser in a few words; may be empty.
    pub agent: String,
}
