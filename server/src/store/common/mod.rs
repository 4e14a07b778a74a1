//! The methods of the store, once for both engines: included by `sqlite/mod.rs` and by `postgres/mod.rs`.

mod accounts;
mod effects;
mod finish;
mod fleet;
mod inbox;
mod many;
pub(super) mod migrations;
mod orders;
mod pages;
mod preferences;
mod queue;
mod results;
mod setup;
mod together;
mod traffic;

use std::borrow::Cow;

use super::super::{errors, list_rows, rows};
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
