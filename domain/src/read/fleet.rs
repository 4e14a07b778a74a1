//! All organizations at a glance.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::OpenIssue;
use crate::Timestamp;

/// Counts of the fleet go no further than this: what matters is that it is much.
pub const FLEET_CAP: i64 = 1_000;

/// What is known of one organization's health. [`crate::health::assess`] says what it means.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct FleetRow {
    /// Row id.
    pub id: Uuid,
    /// Part of addresses.
    pub slug: String,
    /// Shown to people.
    pub name: String,
    /// Nothing is sent while true.
    pub paused: bool,
    /// It is live, or was once.
    pub was_live: bool,
    /// Ids and names of its vendors.
    pub vendors: Vec<(String, String)>,
    /// When it was set up.
    pub created_at: Timestamp,
    /// Jobs that are due and wait, at most [`FLEET_CAP`].
    pub backlog: i64,
    /// Since when the first of them waits.
    pub oldest_due: Option<Timestamp>,
    /// Jobs that failed for good, at most [`FLEET_CAP`].
    pub dead_jobs: i64,
    /// Issues that are open, oldest first.
    pub issues: Vec<OpenIssue>,
    /// Sends that only a person can settle, at most [`FLEET_CAP`].
    pub unknown_sends: i64,
    /// Candidates whose newest result needs review and who changed since [`super::reviews_since`], at most [`FLEET_CAP`].
    pub reviews: i64,
    /// Results from outside for which a person has to say whose they are, at most [`FLEET_CAP`]; without those put aside.
    pub matches: i64,
    /// When the last delivery came.
    pub last_delivery: Option<Timestamp>,
    /// When a result was last written to Lever.
    pub last_written: Option<Timestamp>,
    /// When a result last came.
    pub last_completed: Option<Timestamp>,
    /// Deliveries in each of the last 24 hours, the present one last.
    pub deliveries: [i64; 24],
    /// Of these: refused, not understood or suspicious.
    pub failed: [i64; 24],
    /// Of those that failed: none of the same event was accepted since, and no connection was verified.
    pub still_failing: i64,
    /// When the oldest of its keys was stored.
    pub oldest_secret: Option<Timestamp>,
}

impl FleetRow {
    /// Whether its name or slug holds the text, whatever the case. An empty text is in all.
    pub fn is_called(&self, text: &str) -> bool {
        let text = text.trim().to_lowercase();
        self.slug.contains(&text) || self.name.to_lowercase().contains(&text)
    }

    /// Of the last 24 hours' deliveries: how many were not accepted, and of how many.
    pub fn day(&self) -> (i64, i64) {
        (self.failed.iter().sum(), self.deliveries.iter().sum())
    }
}
