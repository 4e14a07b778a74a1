//! Lever's Data API: the gate every call goes through, and the table of endpoints.

pub(super) mod error;
mod gate;
mod notes;
mod opportunities;
pub(super) mod paging;
mod rest;
mod webhooks;
mod writes;

use axum::http::{Method, StatusCode};
use serde_json::Value;

use self::error::ApiError;
use super::faults::PerformAs;
use super::model::Model;
pub(super) use gate::handle;

/// A successful answer; 204 has no body.
#[derive(Debug)]
pub(super) struct Done {
    pub status: StatusCode,
    pub body: Value,
}

pub(super) type Reply = Result<Done, ApiError>;

fn ok(body: Value) -> Reply {
    Ok(Done { status: StatusCode::OK, body })
}

fn created(body: Value) -> Reply {
    Ok(Done { status: StatusCode::CREATED, body })
}

fn no_content() -> Reply {
    Ok(Done { status: StatusCode::NO_CONTENT, body: Value::Null })
}

/// A call taken apart.
#[derive(Debug)]
pub(super) struct Ask<'a> {
    pub method: &'a Method,
    pub path: &'a str,
    /// Below `/v1`, with the legacy `candidates` already read as `opportunities`.
    pub segments: Vec<&'a str>,
    pub query: Vec<(String, String)>,
    pub body: Value,
    pub now: i64,
}

impl Ask<'_> {
    pub fn one(&self, name: &str) -> Option<&str> {
        self.query.iter().find(|(k, _)| k == name).map(|(_, v)| v.as_str())
    }

    /// Every value of a repeated parameter, also written `name[]`.
    pub fn all(&self, name: &str) -> Vec<&str> {
        let named = |k: &str| k == name || k.strip_suffix("[]") == Some(name);
        self.query.iter().filter(|(k, _)| named(k)).map(|(_, v)| v.as_str()).collect()
    }

    pub fn number(&self, name: &str) -> Result<Option<i64>, ApiError> {
        let parse = |v: &str| v.parse().map_err(|_| ApiError::bad(format!("{name} is not a number")));
        self.one(name).map(parse).transpose()
    }

    pub fn flag(&self, name: &str) -> Result<Option<bool>, ApiError> {
        let parse = |v: &str| v.parse().map_err(|_| ApiError::bad(format!("{name} must be true or false")));
        self.one(name).map(parse).transpose()
    }

    /// `(include, expand)`; a field that is no reference cannot be expanded.
    pub fn shape(&self, expandable: &[&str]) -> Result<(Vec<&str>, Vec<&str>), ApiError> {
        let expand = self.all("expand");
        match expand.iter().find(|f| !expandable.contains(f)) {
            Some(field) => Err(ApiError::bad(format!("{field} is not expandable"))),
            None => Ok((self.all("include"), expand)),
        }
    }

    /// A list of texts in the body.
    pub fn texts(&self, field: &str) -> Result<Vec<String>, ApiError> {
        let list = self.body.get(field).cloned();
        let list = list.ok_or_else(|| ApiError::bad(format!("Missing required parameter: {field}")))?;
        serde_json::from_value(list).map_err(|_| ApiError::bad(format!("{field} must be a list of strings")))
    }

    /// The user a write is made for. Checked wherever given; demanded where the documentation or the strict mode does.
    pub fn actor(&self, model: &Model, demanded: bool) -> Result<Option<String>, ApiError> {
        let Some(id) = self.one("perform_as") else {
            let missing = demanded || model.faults.perform_as == PerformAs::Strict;
            let error = || ApiError::bad("Missing required parameter: perform_as");
            return if missing { Err(error()) } else { Ok(None) };
        };
        let active = model.users.iter().any(|u| u.id == id && u.deactivated_at.is_none());
        if active { Ok(Some(id.to_owned())) } else { Err(ApiError::bad("perform_as is not an active user")) }
    }
}

/// The permission a path needs; `None` if there is no such path.
fn resource(segments: &[&str]) -> Option<&'static str> {
    Some(match segments {
        ["opportunities"] | ["opportunities", _] => "opportunities",
        ["opportunities", _, "stage" | "archived"] => "opportunities",
        [
            "opportunities",
            _,
            "addTags" | "removeTags" | "addLinks" | "removeLinks" | "addSources" | "removeSources",
        ] => "opportunities",
        ["opportunities", _, "notes"] | ["opportunities", _, "notes", _] => "notes",
        ["opportunities", _, "applications"] | ["opportunities", _, "applications", _] => "applications",
        ["opportunities", _, "files"] => "files",
        ["opportunities", _, "resumes"] => "resumes",
        ["contacts", _] => "contact",
        ["stages"] | ["stages", _] | ["disposition_stages"] => "stages",
        ["archive_reasons"] | ["archive_reasons", _] => "archive_reasons",
        ["postings"] | ["postings", _] => "postings",
        ["users"] | ["users", _] => "users",
        ["tags"] => "tags",
        ["sources"] => "sources",
        ["webhooks"] | ["webhooks", _] => "webhooks",
        _ => return None,
    })
}

fn route(model: &mut Model, ask: &Ask) -> Reply {
    if let ["opportunities", id, ..] = ask.segments.as_slice()
        && *id != "deleted"
    {
        opportunities::may_see(model, id)?;
    }
    match (ask.method.as_str(), ask.segments.as_slice()) {
        ("GET", ["opportunities"]) => opportunities::list(model, ask),
        ("GET", ["opportunities", "deleted"]) => opportunities::deleted(model, ask),
        ("GET", ["opportunities", id]) => opportunities::one(model, ask, id),
        ("POST", ["opportunities"]) => writes::create(model, ask),
        ("PUT", ["opportunities", id, "stage"]) => writes::stage(model, ask, id),
        ("PUT", ["opportunities", id, "archived"]) => writes::archived(model, ask, id),
        ("GET", ["opportunities", id, "notes"]) => notes::list(model, ask, id),
        ("GET", ["opportunities", id, "notes", note]) => notes::one(model, id, note),
        ("POST", ["opportunities", id, "notes"]) => notes::add(model, ask, id),
        ("PUT", ["opportunities", id, "notes", note]) => notes::replace(model, ask, id, note),
        ("DELETE", ["opportunities", id, "notes", note]) => notes::delete(model, id, note),
        ("GET", ["opportunities", id, "applications"]) => opportunities::applications(model, ask, id),
        ("GET", ["opportunities", id, "applications", a]) => opportunities::application(model, id, a),
        ("GET", ["opportunities", _, "files" | "resumes"]) => opportunities::no_files(ask),
        ("POST", ["opportunities", id, change]) => writes::lists(model, ask, id, change),
        ("GET", ["contacts", id]) => rest::contact(model, id),
        ("PUT", ["contacts", id]) => rest::change_contact(model, ask, id),
        ("GET", ["stages"]) => rest::stages(model, ask),
        ("GET", ["stages", id]) => rest::stage(model, id),
        ("GET", ["disposition_stages"]) => rest::disposition_stages(model),
        ("GET", ["archive_reasons"]) => rest::archive_reasons(model, ask),
        ("GET", ["archive_reasons", id]) => rest::archive_reason(model, id),
        ("GET", ["postings"]) => rest::postings(model, ask),
        ("GET", ["postings", id]) => rest::posting(model, ask, id),
        ("POST", ["postings", id]) => rest::change_posting(model, ask, id),
        ("GET", ["users"]) => rest::users(model, ask),
        ("GET", ["users", id]) => rest::user(model, id),
        ("GET", ["tags"]) => rest::counted(model, ask, |o| &o.tags),
        ("GET", ["sources"]) => rest::counted(model, ask, |o| &o.sources),
        ("GET", ["webhooks"]) => webhooks::list(model),
        ("POST", ["webhooks"]) => webhooks::create(model, ask),
        ("PUT", ["webhooks"]) => webhooks::change(model, ask),
        ("DELETE", ["webhooks", id]) => webhooks::delete(model, id),
        _ => Err(ApiError::no_such_path(ask.path)),
    }
}
