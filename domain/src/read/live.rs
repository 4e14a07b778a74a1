//! Whether something changed since a page was read.

use serde::{Deserialize, Serialize};

/// Numbers that become others when something changes that pages of an organization show. What changed they do not say.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stamp {
    /// Candidates, decisions, orders, issues and rules.
    pub people: i64,
    /// Deliveries.
    pub traffic: i64,
}
