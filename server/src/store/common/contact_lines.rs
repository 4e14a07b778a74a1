//! Candidacies, contacts and their keys as rows, and the statements that write them.

use std::borrow::Cow;

use serde::Serialize;
use uuid::Uuid;

use super::many::{Binding, Many};

pub(super) static SAVE_CANDIDACIES: Many =
    Many::new("INSERT INTO candidacies (organization_id, opportunity, contact, data, read_at)", 5, newer_candidacy!());
pub(super) static SAVE_CONTACTS: Many =
    Many::new("INSERT INTO contacts (organization_id, contact, data, aliases, keys, read_at)", 6, newer_contact!());
pub(super) static ADD_KEYS: Many = Many::new(
    "INSERT INTO contact_keys (organization_id, key, contact)",
    3,
    " ON CONFLICT (organization_id, key, contact) DO NOTHING",
);

pub(super) struct CandidacyLine<'a> {
    pub organization: Uuid,
    pub opportunity: &'a str,
    pub contact: Cow<'a, str>,
    pub data: &'a str,
    pub read_at: i64,
}

impl CandidacyLine<'_> {
    pub(super) fn bind<'q>(query: Binding<'q>, line: &'q CandidacyLine<'_>) -> Binding<'q> {
        query.bind(line.organization).bind(line.opportunity).bind(&*line.contact).bind(line.data).bind(line.read_at)
    }
}

pub(super) struct ContactLine<'a> {
    pub organization: Uuid,
    pub contact: Cow<'a, str>,
    pub data: String,
    pub keys: String,
    pub read_at: i64,
}

impl ContactLine<'_> {
    pub(super) fn bind<'q>(query: Binding<'q>, line: &'q ContactLine<'_>) -> Binding<'q> {
        let query = query.bind(line.organization).bind(&*line.contact).bind(&*line.data);
        query.bind("[]").bind(&*line.keys).bind(line.read_at)
    }
}

#[derive(Serialize)]
pub(super) struct KeyLine<'a> {
    pub organization: Uuid,
    pub key: i64,
    pub contact: &'a str,
}

impl KeyLine<'_> {
    pub(super) fn bind<'q>(query: Binding<'q>, line: &'q KeyLine<'_>) -> Binding<'q> {
        query.bind(line.organization).bind(line.key).bind(line.contact)
    }
}
