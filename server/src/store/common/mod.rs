//! The methods of the store, once for both engines: included by `sqlite/mod.rs` and by `postgres/mod.rs`.

mod accounts;
mod effects;
mod finish;
mod fleet;
mod inbox;
pub(super) mod migrations;
mod orders;
mod pages;
mod preferences;
mod queue;
mod results;
mod setup;
mod traffic;

use super::super::{errors, list_rows, rows};
use super::{Db, Engine, MIGRATOR, dialect};

/// A connection of the engine.
type Conn = <Db as sqlx::Database>::Connection;

/// Text from outside without the character zero, which PostgreSQL cannot keep.
fn clean(text: &str) -> String {
    text.replace('\0', "\u{FFFD}")
}

/// A list as the one JSON parameter of a statement over many rows.
fn list<T: serde::Serialize>(items: &[T]) -> Result<String, domain::ports::StoreError> {
    serde_json::to_string(items).map_err(errors::broken)
}

/// A value as the text of a JSON column.
fn json<T: serde::Serialize>(value: &T) -> Result<String, domain::ports::StoreError> {
    serde_json::to_string(value).map_err(errors::broken)
}

/// Cuts one row too many off a page; whether there was one.
fn cut<T>(rows: &mut Vec<T>, size: u32) -> bool {
    let size = usize::try_from(size).unwrap_or(usize::MAX);
    let more = rows.len() > size;
    rows.truncate(size);
    more
}

/// The statements behind lists and figures, by name: a test looks at their plans.
#[cfg(test)]
pub(super) fn read_statements() -> Vec<(&'static str, &'static str)> {
    let narrowed = ["all", "waiting", "by outcome", "by state", "by stage"];
    let candidates = narrowed.into_iter().zip(dialect::CANDIDATES);
    let counts = narrowed.into_iter().zip(dialect::CANDIDATE_COUNTS);
    let deliveries = ["deliveries", "failed deliveries"].into_iter();
    let looked_at = deliveries.clone().zip(traffic::LAST_LOOKED_AT);
    let others = [
        ("fleet", dialect::FLEET),
        ("oldest due", dialect::OLDEST_DUE),
        ("issues", fleet::ISSUES),
        ("hours", fleet::HOURS),
        ("failed hours", fleet::FAILED_HOURS),
        ("results", results::RESULTS),
        ("triggers", results::TRIGGERS),
        ("decision kinds", results::DECISION_KINDS),
        ("days", results::DAYS),
        ("delivery", traffic::DELIVERY),
        ("ready jobs", traffic::READY_JOBS),
        ("running jobs", traffic::RUNNING_JOBS),
        ("ended jobs", traffic::ENDED_JOBS),
        ("next ready kind", traffic::NEXT_READY_KIND),
        ("next ended kind", traffic::NEXT_ENDED_KIND),
        ("next running kind", traffic::NEXT_RUNNING_KIND),
        ("ready count", traffic::COUNT_READY),
        ("running count", traffic::COUNT_RUNNING),
        ("ended count", traffic::COUNT_ENDED),
        ("revive", traffic::REVIVE),
        ("dead portion", traffic::DEAD_PORTION),
        ("revive portion", traffic::REVIVE_PORTION),
    ];
    candidates.chain(counts).chain(deliveries.zip(traffic::DELIVERIES)).chain(looked_at).chain(others).collect()
}
