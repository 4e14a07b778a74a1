//! Whether something changed since a page was read.

use serde::{Deserialize, Serialize};

use crate::ports::store::Organization;

/// Numbers that become others when something changes that pages of an organization show. What changed they do not say.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stamp {
    /// Candidates, decisions, orders, issues and rules.
    pub people: i64,
    /// Deliveries.
    pub traffic: i64,
}

/// What every page of an organization needs, as it stood in one moment.
#[derive(Clone, Debug)]
pub struct Shown {
    /// Whose page it is.
    pub organization: Organization,
    /// Where it stood.
    pub stamp: Stamp,
    /// Results that wait for a decision about whose they are, no further than the cap.
    pub reviews_waiting: i64,
}
