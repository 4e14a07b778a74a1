//! Writing opportunities.

use serde_json::{Value, json};

use super::error::ApiError;
use super::{Ask, Reply, created, ok};
use crate::sandbox::lever::acts::NewPerson;
use crate::sandbox::lever::hooks::ORIGINS;
use crate::sandbox::lever::model::Model;
use crate::sandbox::lever::view::{self, Shape};

fn blank(model: &Model) -> Shape {
    if model.faults.blank_contact_on_write { Shape::Blank } else { Shape::Write }
}

fn full(model: &Model, id: &str, shape: Shape) -> Reply {
    ok(json!({"data": view::opportunity(model, model.opportunity(id)?, shape)}))
}

pub(super) fn stage(model: &mut Model, ask: &Ask, id: &str) -> Reply {
    let user = ask.actor(model, false)?;
    let stage = ask.body["stage"].as_str().ok_or_else(|| ApiError::bad("Missing required parameter: stage"))?;
    if model.stage_index(stage).is_none() {
        return Err(ApiError::bad(format!("stage {stage} does not exist")));
    }
    model.move_stage(id, stage, user, ask.now)?;
    full(model, id, blank(model))
}

pub(super) fn archived(model: &mut Model, ask: &Ask, id: &str) -> Reply {
    ask.actor(model, false)?;
    let reason = match ask.body.get("reason") {
        Some(Value::Null) => None,
        Some(Value::String(reason)) => Some(reason.as_str()),
        _ => return Err(ApiError::bad("Missing required parameter: reason")),
    };
    if let Some(reason) = reason {
        let found = model.reasons.iter().find(|r| r.id == reason);
        let found = found.ok_or_else(|| ApiError::bad(format!("archive reason {reason} does not exist")))?;
        if !found.hired && ask.body.get("requisitionId").is_some_and(|r| !r.is_null()) {
            return Err(ApiError::bad("requisitionId needs a reason of type hired"));
        }
    }
    model.set_archived(id, reason, ask.now)?;
    full(model, id, blank(model))
}

/// The six calls that add to and take from links, tags and sources.
pub(super) fn lists(model: &mut Model, ask: &Ask, id: &str, change: &str) -> Reply {
    ask.actor(model, false)?;
    let now = ask.now;
    match change {
        "addTags" => model.add_tags(id, &ask.texts("tags")?, now)?,
        "removeTags" => model.remove_tags(id, &ask.texts("tags")?, now)?,
        "addSources" => model.change_sources(id, &ask.texts("sources")?, true, now)?,
        "removeSources" => model.change_sources(id, &ask.texts("sources")?, false, now)?,
        "removeLinks" => model.change_links(id, &ask.texts("links")?, false, now)?,
        "addLinks" => {
            // The one write with a filled reply, whose `updatedAt` is still the old one.
            let before = model.opportunity(id)?.updated_at;
            model.change_links(id, &ask.texts("links")?, true, now)?;
            let mut reply = view::opportunity(model, model.opportunity(id)?, Shape::Write);
            reply["updatedAt"] = json!(before);
            return ok(json!({"data": reply}));
        }
        _ => return Err(ApiError::no_such_path(ask.path)),
    }
    full(model, id, blank(model))
}

fn field<T: serde::de::DeserializeOwned>(body: &Value, name: &str) -> Result<Option<T>, ApiError> {
    match body.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(value) => {
            serde_json::from_value(value.clone()).map(Some).map_err(|_| ApiError::bad(format!("{name} is not valid")))
        }
    }
}

fn person(model: &Model, ask: &Ask) -> Result<NewPerson, ApiError> {
    let body = &ask.body;
    let postings: Vec<String> = field(body, "postings")?.unwrap_or_default();
    if postings.len() > 1 {
        return Err(ApiError::bad("postings takes one posting"));
    }
    let person = NewPerson {
        name: field(body, "name")?.unwrap_or_default(),
        headline: field(body, "headline")?.unwrap_or_default(),
        location: field(body, "location")?.unwrap_or_default(),
        emails: field(body, "emails")?.unwrap_or_default(),
        phones: field(body, "phones")?.unwrap_or_default(),
        links: field(body, "links")?.unwrap_or_default(),
        stage: field(body, "stage")?,
        tags: field(body, "tags")?.unwrap_or_default(),
        sources: field(body, "sources")?.unwrap_or_default(),
        posting: postings.into_iter().next(),
        origin: field(body, "origin")?,
        owner: field(body, "owner")?,
        followers: field(body, "followers")?.unwrap_or_default(),
        contact: field(body, "contact")?,
        confidential: body["confidentiality"] == "confidential",
        created_at: field(body, "createdAt")?,
    };
    if person.stage.as_ref().is_some_and(|s| model.stage_index(s).is_none()) {
        return Err(ApiError::bad("stage does not exist"));
    }
    if person.origin.as_ref().is_some_and(|o| !ORIGINS.contains(&o.as_str())) {
        return Err(ApiError::bad("origin is not valid"));
    }
    if person.created_at.is_some_and(|at| at > ask.now) {
        return Err(ApiError::bad("createdAt must be in the past"));
    }
    let open = person.posting.as_ref().and_then(|p| model.posting(p)).is_some_and(|p| !p.confidential);
    if person.confidential && open {
        return Err(ApiError::bad("A confidential opportunity needs a confidential posting"));
    }
    Ok(person)
}

pub(super) fn create(model: &mut Model, ask: &Ask) -> Reply {
    let user = ask.actor(model, true)?;
    if !ask.body.is_object() {
        return Err(ApiError::bad("The body must be a JSON object"));
    }
    let person = person(model, ask)?;
    let reason = ask.body["archived"]["reason"].as_str();
    if let Some(reason) = reason {
        model.find_reason(reason)?;
    }
    let (id, deduped) = model.create(&person, user.as_deref(), ask.now)?;
    if let Some(reason) = reason {
        let at = ask.body["archived"]["archivedAt"].as_i64().unwrap_or(ask.now);
        model.set_archived(&id, Some(reason), at)?;
    }
    let data = view::opportunity(model, model.opportunity(&id)?, Shape::Write);
    created(json!({"deduped": deduped, "data": data}))
}
