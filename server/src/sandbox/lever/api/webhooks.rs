//! Subscriptions. Lever's documentation, Webhooks, corrected by recorded replies: one `data`, the token shown once.

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

use super::error::ApiError;
use super::{Ask, Reply, created, no_content, ok};
use crate::sandbox::lever::hooks::{EVENTS, HookDelivery, ORIGINS, Webhook, check_url};
use crate::sandbox::lever::model::Model;

fn shown(w: &Webhook, token: bool) -> Value {
    let mut configuration = json!({"conditions": {"origins": w.origins}});
    if token {
        configuration["signatureToken"] = json!(w.token);
    }
    json!({"id": w.id, "event": w.event, "url": w.url, "configuration": configuration,
        "createdAt": w.created_at, "updatedAt": w.updated_at})
}

/// The account's, without tokens and without `hasNext`.
pub(super) fn list(model: &Model) -> Reply {
    let all: Vec<Value> = model.webhooks.iter().map(|w| shown(w, false)).collect();
    ok(json!({"data": all}))
}

/// `configuration.conditions.origins`, or the older `configuration.origins`; `None` if neither is there.
fn origins(from: &Value) -> Result<Option<Vec<String>>, ApiError> {
    let configuration = &from["configuration"];
    let given = match &configuration["conditions"]["origins"] {
        Value::Null => &configuration["origins"],
        given => given,
    };
    if given.is_null() {
        return Ok(None);
    }
    let list: Vec<String> =
        serde_json::from_value(given.clone()).map_err(|_| ApiError::bad("origins must be a list of strings"))?;
    match list.iter().find(|o| !ORIGINS.contains(&o.as_str())) {
        Some(unknown) => Err(ApiError::bad(format!("origin {unknown} is not valid"))),
        None => Ok(Some(list)),
    }
}

fn event(from: &Value) -> Result<Option<String>, ApiError> {
    match from["event"].as_str() {
        None => Ok(None),
        Some(name) if EVENTS.contains(&name) => Ok(Some(name.to_owned())),
        Some(name) => Err(ApiError::bad(format!("event {name} is not valid"))),
    }
}

fn url(from: &Value) -> Result<Option<String>, ApiError> {
    let Some(url) = from["url"].as_str() else { return Ok(None) };
    check_url(url)?;
    Ok(Some(url.to_owned()))
}

pub(super) fn create(model: &mut Model, ask: &Ask) -> Reply {
    let missing = |name: &str| ApiError::bad(format!("Missing required parameter: {name}"));
    model.faults.refuse_webhook = model.faults.refuse_webhook.map(|nth| nth.saturating_sub(1));
    if model.faults.refuse_webhook == Some(0) {
        model.faults.refuse_webhook = None;
        return Err(ApiError::new(StatusCode::INTERNAL_SERVER_ERROR, "InternalServerError", "Something went wrong."));
    }
    let hook = Webhook {
        event: event(&ask.body)?.ok_or_else(|| missing("event"))?,
        url: url(&ask.body)?.ok_or_else(|| missing("url"))?,
        origins: origins(&ask.body)?.unwrap_or_else(|| ORIGINS.map(str::to_owned).to_vec()),
        id: model.ids.fresh(),
        token: model.ids.fresh_secret(),
        ui: false,
        created_at: ask.now,
        updated_at: ask.now,
    };
    let reply = shown(&hook, true);
    model.webhooks.push(hook);
    created(json!({"data": reply}))
}

/// All or nothing; items may be partial.
pub(super) fn change(model: &mut Model, ask: &Ask) -> Reply {
    let items = ask.body["data"].as_array().ok_or_else(|| ApiError::bad("Missing required parameter: data"))?;
    let mut hooks = model.webhooks.clone();
    let mut reply = Vec::new();
    for item in items {
        let id = item["id"].as_str().unwrap_or_default();
        let hook = hooks.iter_mut().find(|w| w.id == id).ok_or_else(|| ApiError::missing("webhooks", id))?;
        if hook.ui {
            return Err(ApiError::forbidden("change webhooks made in the settings"));
        }
        hook.url = url(item)?.unwrap_or(hook.url.clone());
        hook.event = event(item)?.unwrap_or(hook.event.clone());
        hook.origins = origins(item)?.unwrap_or(hook.origins.clone());
        hook.updated_at = ask.now;
        reply.push(shown(hook, false));
    }
    model.webhooks = hooks;
    ok(json!({"data": reply}))
}

pub(super) fn delete(model: &mut Model, id: &str) -> Reply {
    let index = model.webhooks.iter().position(|w| w.id == id).ok_or_else(|| ApiError::missing("webhooks", id))?;
    if model.webhooks[index].ui {
        return Err(ApiError::forbidden("delete webhooks made in the settings"));
    }
    model.webhooks.remove(index);
    no_content()
}

/// The test pings a successful create or update asked for with `verifyConnection`: webhook ids and deliveries.
pub(super) fn pings_wanted(model: &mut Model, ask: &Ask, reply: &Value) -> Vec<(String, HookDelivery)> {
    if ask.segments != ["webhooks"] || reply.is_null() || ask.method == Method::GET {
        return Vec::new();
    }
    let one = [ask.body.clone()];
    let items = ask.body["data"].as_array().map_or(one.as_slice(), Vec::as_slice);
    let wanted = |item: &&Value| item["configuration"]["verifyConnection"] == true;
    let mut pings = Vec::new();
    for item in items.iter().filter(wanted) {
        // A new webhook's id is in the reply, a changed one's in the request.
        let id = item["id"].as_str().or_else(|| reply["data"]["id"].as_str()).unwrap_or_default();
        let Some(hook) = model.webhooks.iter().find(|w| w.id == id).cloned() else { continue };
        let ping = model.delivery(&hook, &hook.event, &json!({}), ask.now);
        pings.push((hook.id, ping));
    }
    pings
}
