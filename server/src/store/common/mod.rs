//! The methods of the store, once for both engines: included by `sqlite/mod.rs` and by `postgres/mod.rs`.

mod accounts;
mod audit;
mod contact_lines;
mod contacts;
mod decisions;
mod effects;
mod enablement;
mod finish;
mod fleet;
mod inbox;
mod links;
mod many;
mod matching;
pub(super) mod migrations;
mod orders;
mod pages;
mod preferences;
mod queue;
mod removal;
mod results;
mod settle;
mod setup;
mod together;
mod traffic;

use std::borrow::Cow;

use super::super::{errors, list_rows, people_rows, rows};
use super::{Db, Engine, MIGRATOR, dialect};

/// A connection of the engine.
type Conn = <Db as sqlx::Database>::Connection;

/// Text from outside without the character zero, which PostgreSQL cannot keep.
fn clean(text: &str) -> Cow<'_, str> {
    if text.contains('\0') { Cow::Owned(text.replace('\0', "\u{FFFD}")) } else { Cow::Borrowed(text) }
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

/// The statements behind lists and figures, with the types of their parameters: a test looks at their plans.
#[cfg(test)]
pub(super) fn read_statements() -> Vec<(&'static str, &'static str)> {
    let mut all = Vec::new();
    let mut add = |types, statements: &[&'static str]| all.extend(statements.iter().map(|s| (types, *s)));
    add("uuid, text, text, text, text, text, boolean, bigint, bigint, text, bigint, bigint", &dialect::CANDIDATES);
    add("uuid, text, text, text, text, text, boolean, bigint, bigint", &dialect::CANDIDATE_COUNTS);
    add("bigint, text, uuid, bigint, bigint", &[dialect::FLEET]);
    add("uuid, bigint, text", &[dialect::OLDEST_DUE]);
    add("uuid", &[fleet::ISSUES, pages::STAMP]);
    add("text, bigint, bigint", &[pages::SHOWN]);
    add("text, bigint", &[accounts::ASKER]);
    add("uuid, bigint, bigint", &[fleet::HOURS, fleet::FAILED_HOURS, fleet::STILL_FAILING]);
    add("uuid, bigint, text, text, text, bigint", &[results::RESULTS]);
    add("uuid, text, text, bigint, bigint", &[results::PAST]);
    add("uuid, bigint, text, bigint", &[dialect::TRIGGERS]);
    add("uuid, text", &[dialect::DAYS]);
    add("uuid, text", &[orders::OF_OPPORTUNITY, orders::DECISIONS_OF_OPPORTUNITY]);
    add("uuid, bigint, uuid, bigint, text, text, text, bigint", &traffic::DELIVERIES);
    add("uuid, bigint, uuid, bigint", &traffic::LAST_LOOKED_AT);
    add("uuid, bigint, text, text, bigint", &audit::AUDIT);
    add("uuid, uuid", &[traffic::DELIVERY]);
    add("uuid, bigint", &[traffic::EVENTS, pages::FUNNEL]);
    add("uuid, text", &[dialect::NAMES, dialect::ORDERED_FOR]);
    add("uuid, text, bigint, uuid, bigint", &[traffic::READY_JOBS, traffic::RUNNING_JOBS]);
    add("uuid, text, bigint, uuid, bigint, text", &[traffic::ENDED_JOBS]);
    add("uuid, text", &[traffic::NEXT_READY_KIND, traffic::NEXT_RUNNING_KIND]);
    add("uuid, text, text", &[traffic::NEXT_ENDED_KIND]);
    add("uuid, text, bigint", &[traffic::COUNT_READY, traffic::COUNT_RUNNING]);
    add("uuid, text, bigint, text", &[traffic::COUNT_ENDED]);
    add("uuid, uuid, bigint", &[traffic::REVIVE]);
    add("uuid, text, bigint, uuid", &[traffic::DEAD_PORTION]);
    add("uuid, text, bigint, uuid, bigint, uuid, bigint", &[traffic::REVIVE_PORTION]);
    add("uuid, bigint, bigint, uuid, bigint", &matching::REVIEWS);
    add("uuid, bigint, bigint", &[matching::DUE_RESULTS]);
    add("uuid, bigint, uuid, text, bigint", &[matching::INCOMING_RESULTS]);
    add("uuid, text", &[matching::LINKED_TO, dialect::CONTACTS, dialect::CANDIDACIES]);
    add("uuid, bigint, uuid", &[matching::ALIKE]);
    add("uuid, text, text", &[matching::BY_REFERENCE, matching::WITHDRAWALS]);
    add("uuid, boolean, bigint, uuid, bigint", &[matching::HISTORY]);
    add("uuid, bigint", &[matching::FIGURES, matching::CONTACT_COUNT]);
    add("uuid, text, bigint", &[dialect::HOLDERS]);
    add("text", &[dialect::KNOWN_CANDIDACIES, dialect::KNOWN_CONTACTS]);
    add("text, bigint", &[dialect::WAKE_RESULTS, dialect::LOOKERS]);
    all
}
