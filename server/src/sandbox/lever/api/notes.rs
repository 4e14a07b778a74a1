//! Notes: threads of entries below an opportunity.

use serde_json::{Value, json};

use super::error::ApiError;
use super::paging::{Keyed, page};
use super::{Ask, Reply, created, no_content, ok};
use crate::sandbox::lever::model::{Model, Note};
use crate::sandbox::lever::view;

fn position(model: &Model, opportunity: &str, note: &str) -> Result<usize, ApiError> {
    let found = model.notes.iter().position(|n| n.id == note && n.opportunity == opportunity);
    found.ok_or_else(|| ApiError::missing("notes", note))
}

pub(super) fn list(model: &Model, ask: &Ask, id: &str) -> Reply {
    let (include, expand) = ask.shape(&["user"])?;
    let of = model.notes.iter().filter(|n| n.opportunity == id);
    let keyed = of.map(|n| Keyed {
        key: vec![json!(n.created_at), json!(n.id)],
        item: view::shaped(view::note(n), &include, &expand, model),
    });
    page(ask, keyed.collect(), &[false, false])
}

pub(super) fn one(model: &Model, id: &str, note: &str) -> Reply {
    ok(json!({"data": view::note(&model.notes[position(model, id, note)?])}))
}

fn entry(model: &Model, ask: &Ask, id: &str, from: &Value, user: Option<&String>) -> Result<Value, ApiError> {
    let value = from["value"].as_str().filter(|v| !v.is_empty());
    let value = value.ok_or_else(|| ApiError::bad("Missing required parameter: value"))?;
    let score = &from["score"];
    if !score.is_null() && !score.as_i64().is_some_and(|s| (1..=4).contains(&s)) {
        return Err(ApiError::bad("score must be between 1 and 4"));
    }
    let at = from["createdAt"].as_i64().unwrap_or(ask.now);
    if at > ask.now {
        return Err(ApiError::bad("createdAt must be in the past"));
    }
    let stage = &model.opportunity(id)?.stage;
    let entry = json!({"createdAt": at, "score": score, "stage": stage, "text": "Comment", "type": "note",
        "user": user, "value": value});
    Ok(entry)
}

/// A new thread, or with `note_id` one more entry in a thread. The reply is the whole note and `noteId`.
pub(super) fn add(model: &mut Model, ask: &Ask, id: &str) -> Reply {
    let user = ask.actor(model, false)?;
    let entry = entry(model, ask, id, &ask.body, user.as_ref())?;
    let at = entry["createdAt"].as_i64().unwrap_or(ask.now);
    let index = if let Some(thread) = ask.one("note_id") {
        let index = position(model, id, thread)?;
        model.notes[index].fields.push(entry);
        index
    } else {
        let secret = ask.body["secret"].as_bool().unwrap_or_default();
        let note = Note {
            id: model.ids.fresh(),
            opportunity: id.to_owned(),
            fields: vec![entry],
            user,
            secret,
            created_at: at,
            by_api: true,
        };
        model.notes.push(note);
        model.notes.len() - 1
    };
    model.opportunity_mut(id)?.last_interaction_at = Some(ask.now);
    let mut reply = view::note(&model.notes[index]);
    reply["noteId"] = reply["id"].clone();
    created(json!({"data": reply}))
}

fn made_by_api(model: &Model, index: usize) -> Result<(), ApiError> {
    if model.notes[index].by_api { Ok(()) } else { Err(ApiError::forbidden("change notes not made through the API")) }
}

pub(super) fn replace(model: &mut Model, ask: &Ask, id: &str, note: &str) -> Reply {
    let index = position(model, id, note)?;
    made_by_api(model, index)?;
    let user = model.notes[index].user.clone();
    let values = ask.body["values"].as_array().filter(|v| !v.is_empty());
    let values = values.ok_or_else(|| ApiError::bad("Missing required parameter: values"))?;
    let fields = values.iter().map(|v| entry(model, ask, id, v, user.as_ref())).collect::<Result<_, _>>()?;
    model.notes[index].fields = fields;
    model.opportunity_mut(id)?.updated_at = Some(ask.now);
    ok(json!({"data": {"noteId": note}}))
}

pub(super) fn delete(model: &mut Model, id: &str, note: &str) -> Reply {
    let index = position(model, id, note)?;
    made_by_api(model, index)?;
    model.notes.remove(index);
    no_content()
}
