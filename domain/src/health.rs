//! How an organization is doing, and what of it someone should see to first. One judgement for its own first page and for the
//! list of all organizations.

use std::cmp::Reverse;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::Timestamp;
use crate::read::FleetRow;

/// Due work that waits this long is late: the workers look every second.
pub const LATE: Duration = Duration::from_mins(10);
/// Due work that waits this long means that nothing moves.
pub const STALLED: Duration = Duration::from_hours(1);
/// No delivery for this long is worth a look at the webhooks in Lever.
pub const SILENT: Duration = Duration::from_hours(7 * 24);
/// A key older than this should be replaced.
pub const OLD_KEY: Duration = Duration::from_hours(365 * 24);
/// Fewer failed deliveries in a day than this are noise.
const FEW: i64 = 5;

/// How an organization is doing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// Everything works.
    #[default]
    Healthy,
    /// It was never live, or nothing has come from Lever yet.
    SettingUp,
    /// Someone paused it.
    Paused,
    /// It works, and something is wrong.
    Degraded,
    /// Candidates are not being invited, or results do not arrive.
    Failing,
}

impl State {
    /// All, the worst first.
    pub const ALL: [Self; 5] = [Self::Failing, Self::Degraded, Self::Paused, Self::SettingUp, Self::Healthy];

    /// The name in addresses and files.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Healthy => "healthy",
            Self::SettingUp => "setting-up",
            Self::Paused => "paused",
            Self::Degraded => "degraded",
            Self::Failing => "failing",
        }
    }

    /// The state of that name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|s| s.as_str() == name)
    }
}

/// One thing someone should see to, or know.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "cause")]
pub enum Cause {
    /// A remote refuses the key.
    Credential {
        /// `lever`, or the vendor's name.
        connection: String,
        /// First seen.
        since: Timestamp,
    },
    /// Due work waits for an hour or more.
    Stalled {
        /// How much.
        waiting: i64,
        /// Since when.
        since: Timestamp,
    },
    /// Half of the last day's deliveries or more were not accepted, and none of their kind was since.
    DeliveriesFail {
        /// Not accepted.
        failed: i64,
        /// Of so many.
        of: i64,
    },
    /// A remote does not answer as it should.
    Unavailable {
        /// `lever`, or the vendor's name.
        connection: String,
        /// First seen.
        since: Timestamp,
    },
    /// Another issue that is open.
    Issue {
        /// As raised.
        key: String,
        /// What is wrong and what to do.
        detail: String,
        /// First seen.
        since: Timestamp,
    },
    /// Sends that only a person can settle.
    UnknownSends {
        /// How many.
        count: i64,
    },
    /// Jobs that failed for good.
    DeadJobs {
        /// How many.
        count: i64,
    },
    /// Due work waits for ten minutes or more.
    Late {
        /// How much.
        waiting: i64,
        /// Since when.
        since: Timestamp,
    },
    /// Some of the last day's deliveries were not accepted, and none of their kind was since.
    SomeDeliveriesFail {
        /// Not accepted.
        failed: i64,
        /// Of so many.
        of: i64,
    },
    /// No delivery for a week.
    Silent {
        /// When the last one came.
        since: Timestamp,
    },
    /// Results that need review.
    Reviews {
        /// How many.
        count: i64,
    },
    /// Someone paused it.
    Paused,
    /// It was never live.
    NotLive,
    /// Nothing has come from Lever yet.
    NothingYet {
        /// When it was set up.
        since: Timestamp,
    },
    /// The oldest key is older than a year.
    OldKey {
        /// When it was stored.
        since: Timestamp,
    },
}

impl Cause {
    /// What it makes of the organization by itself. Reviews and old keys are for someone's list and break nothing.
    pub const fn state(&self) -> State {
        match self {
            Self::Credential { .. } | Self::Stalled { .. } | Self::DeliveriesFail { .. } => State::Failing,
            Self::Unavailable { .. }
            | Self::Issue { .. }
            | Self::UnknownSends { .. }
            | Self::DeadJobs { .. }
            | Self::Late { .. }
            | Self::SomeDeliveriesFail { .. }
            | Self::Silent { .. } => State::Degraded,
            Self::Paused => State::Paused,
            Self::NotLive | Self::NothingYet { .. } => State::SettingUp,
            Self::Reviews { .. } | Self::OldKey { .. } => State::Healthy,
        }
    }

    /// How urgent it is among causes; a hundred and more means that nothing gets through.
    const fn weight(&self) -> u32 {
        match self {
            Self::Credential { .. } => 120,
            Self::Stalled { .. } => 110,
            Self::DeliveriesFail { .. } => 100,
            Self::UnknownSends { .. } => 50,
            Self::Unavailable { .. } => 45,
            Self::Issue { .. } => 40,
            Self::DeadJobs { .. } => 35,
            Self::Late { .. } => 30,
            Self::SomeDeliveriesFail { .. } => 25,
            Self::Silent { .. } => 20,
            Self::Reviews { .. } => 10,
            Self::Paused => 5,
            Self::NotLive => 4,
            Self::NothingYet { .. } => 3,
            Self::OldKey { .. } => 2,
        }
    }
}

/// The judgement.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Health {
    /// In one word.
    pub state: State,
    /// Why, the most urgent first.
    pub causes: Vec<Cause>,
    /// How much it needs someone; 0 is not at all. For sorting: see [`first_needed`].
    pub attention: u32,
}

/// Judges an organization by what is known of it.
///
/// Paused is what someone wanted, so it hides what follows from it (work that waits, silence), but not what stays wrong.
pub fn assess(facts: &FleetRow, now: Timestamp) -> Health {
    let mut causes = issues(facts);
    causes.extend(waiting(facts, now));
    causes.extend(deliveries(facts, now));
    let counts = [
        (facts.unknown_sends, Cause::UnknownSends { count: facts.unknown_sends }),
        (facts.dead_jobs, Cause::DeadJobs { count: facts.dead_jobs }),
        (facts.reviews, Cause::Reviews { count: facts.reviews }),
    ];
    causes.extend(counts.into_iter().filter(|(count, _)| *count > 0).map(|(_, cause)| cause));
    let old = facts.oldest_secret.filter(|stored| now.since(*stored) >= OLD_KEY);
    causes.extend(old.map(|since| Cause::OldKey { since }));
    causes.extend(going(facts));
    causes.sort_by_key(|cause| Reverse(cause.weight()));
    let state = causes.iter().map(Cause::state).max().unwrap_or_default();
    Health { state, attention: attention(&causes), causes }
}

/// The order in which organizations need someone: the most urgent first; equals by name.
pub fn first_needed(health: &Health, name: &str) -> (Reverse<u32>, String) {
    (Reverse(health.attention), name.to_lowercase())
}

/// All organizations with their health, in the order of [`first_needed`].
pub fn by_need(rows: Vec<FleetRow>, now: Timestamp) -> Vec<(FleetRow, Health)> {
    let judge = |row: FleetRow| {
        let health = assess(&row, now);
        (row, health)
    };
    let mut judged: Vec<_> = rows.into_iter().map(judge).collect();
    judged.sort_by_cached_key(|(row, health)| first_needed(health, &row.name));
    judged
}

/// The most urgent cause decides; further ones only among equals, so that many small things never pass a great one.
fn attention(causes: &[Cause]) -> u32 {
    let first = causes.first().map_or(0, Cause::weight);
    let others: u32 = causes.iter().skip(1).map(Cause::weight).sum();
    first * 1_000 + others.min(999)
}

/// Why nothing goes out or comes in by itself. What was never live is not paused: nobody stopped it.
fn going(facts: &FleetRow) -> Option<Cause> {
    let has_results = facts.last_completed.is_some() || facts.last_written.is_some();
    match facts.paused {
        true if facts.was_live || has_results => Some(Cause::Paused),
        true => Some(Cause::NotLive),
        false if has_results || facts.last_delivery.is_some() => None,
        false => Some(Cause::NothingYet { since: facts.created_at }),
    }
}

fn issues(facts: &FleetRow) -> Vec<Cause> {
    let named = |connection: &str| {
        let vendor = connection.strip_prefix("vendor.");
        let found = facts.vendors.iter().find(|(id, _)| Some(id.as_str()) == vendor);
        found.map_or_else(|| connection.to_owned(), |(_, name)| name.clone())
    };
    let cause = |issue: &crate::read::OpenIssue| {
        let since = issue.opened_at;
        if let Some(connection) = issue.cause.strip_suffix(".credential") {
            return Cause::Credential { connection: named(connection), since };
        }
        match issue.cause.strip_suffix(".unavailable") {
            Some(connection) => Cause::Unavailable { connection: named(connection), since },
            None => Cause::Issue { key: issue.cause.clone(), detail: issue.detail.clone(), since },
        }
    };
    facts.issues.iter().map(cause).collect()
}

/// Due work that nobody takes.
fn waiting(facts: &FleetRow, now: Timestamp) -> Option<Cause> {
    let since = facts.oldest_due.filter(|_| !facts.paused && facts.backlog > 0)?;
    let waiting = facts.backlog;
    match now.since(since) {
        span if span >= STALLED => Some(Cause::Stalled { waiting, since }),
        span if span >= LATE => Some(Cause::Late { waiting, since }),
        _ => None,
    }
}

fn deliveries(facts: &FleetRow, now: Timestamp) -> Option<Cause> {
    // What was put right is over: a failure counts until one of its kind is accepted.
    let (of, failed): (i64, i64) = (facts.deliveries.iter().sum(), facts.still_failing);
    if failed >= FEW && failed * 2 >= of {
        return Some(Cause::DeliveriesFail { failed, of });
    }
    if failed >= FEW && failed * 10 >= of {
        return Some(Cause::SomeDeliveriesFail { failed, of });
    }
    let since = facts.last_delivery.filter(|last| !facts.paused && now.since(*last) >= SILENT)?;
    Some(Cause::Silent { since })
}

#[cfg(test)]
mod tests;
