//! The account's own pages: people, one person, calls, webhooks, faults. Forms that post and redirect; no script.

mod people;

use std::collections::BTreeMap;
use std::fmt::Write as _;

use axum::Router;
use axum::extract::{Form, State};
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse as _, Redirect, Response};
use axum::routing::{get, post};
use domain::Timestamp;
use serde_json::Value;

use super::api::error::ApiError;
use super::{Call, Faults, HookDelivery, LeverSandbox};
use crate::sandbox::page::{escape, layout};

type Fields = BTreeMap<String, String>;

/// Rows of a list.
const ROWS: usize = 50;

const NAV: [(&str, &str); 4] = [("/", "People"), ("/journal", "Calls"), ("/hooks", "Webhooks"), ("/faults", "Faults")];

pub(super) fn routes() -> Router<LeverSandbox> {
    Router::new()
        .route("/", get(people::list))
        .route("/people/{id}", get(people::one))
        .route("/people/{id}/{act}", post(people::act))
        .route("/journal", get(journal))
        .route("/hooks", get(hooks).post(set_hook))
        .route("/hooks/{act}", post(steer))
        .route("/faults", get(faults).post(set_faults))
}

fn frame(title: &str, body: &str) -> Html<String> {
    layout(&format!("Sandbox Lever: {title}"), &NAV, body)
}

fn refused(error: &ApiError) -> Response {
    let body = format!("<p role=\"alert\">{}</p><p><a href=\"/\">People</a></p>", escape(&error.message));
    (error.status, frame("refused", &body)).into_response()
}

fn time(millis: i64) -> String {
    let text = Timestamp::from_millis(millis).to_string();
    format!("<time datetime=\"{text}\">{}</time>", text.replace('T', " "))
}

fn table(head: &[&str], rows: &str) -> String {
    let head = head.iter().fold(String::new(), |mut out, h| {
        let _ = write!(out, "<th scope=\"col\">{h}</th>");
        out
    });
    format!("<div class=\"scroll\"><table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>")
}

fn call_row(call: &Call) -> String {
    let query = if call.query.is_empty() { String::new() } else { format!("?{}", call.query) };
    let status = if call.status == 0 { "cut".to_owned() } else { call.status.to_string() };
    let body = if call.body.is_null() { String::new() } else { call.body.to_string() };
    format!(
        "<tr><td>{}</td><td>{}</td><td><code>{}{}</code></td><td>{status}</td><td><code>{}</code></td></tr>",
        time(call.at),
        escape(&call.method),
        escape(&call.path),
        escape(&query),
        escape(&body),
    )
}

async fn journal(State(sandbox): State<LeverSandbox>) -> Html<String> {
    let calls = sandbox.journal();
    let rows: String = calls.iter().rev().take(4 * ROWS).map(call_row).collect();
    let count = format!("<p>{} calls, newest first.</p>", calls.len());
    frame("calls", &(count + &table(&["When", "Method", "Path", "Status", "Body"], &rows)))
}

fn delivery_row(d: &HookDelivery) -> String {
    let answer = d.status.map(|s| s.to_string()).or_else(|| d.error.clone()).unwrap_or_default();
    let state = serde_json::to_value(d.state).ok().and_then(|s| s.as_str().map(str::to_owned)).unwrap_or_default();
    format!(
        "<tr><td>{}</td><td>{}</td><td>{state}</td><td>{}</td><td>{}</td><td><code>{}</code></td></tr>",
        time(d.body["triggeredAt"].as_i64().unwrap_or_default()),
        escape(&d.event),
        d.attempts,
        escape(&answer),
        escape(&d.body["data"].to_string()),
    )
}

async fn hooks(State(sandbox): State<LeverSandbox>) -> Html<String> {
    let url = sandbox.model().webhooks.iter().find(|w| w.ui).map(|w| w.url.clone()).unwrap_or_default();
    let by_api: String = sandbox
        .model()
        .webhooks
        .iter()
        .filter(|w| !w.ui)
        .map(|w| format!("<tr><td>{}</td><td><code>{}</code></td></tr>", escape(&w.event), escape(&w.url)))
        .collect();
    let mut body = format!(
        "<form method=\"post\" action=\"/hooks\"><label>Address for every event <input name=\"url\" size=\"60\" \
         value=\"{}\"></label> <button>Save</button></form><p>Signature token: <code>{}</code></p>",
        escape(&url),
        escape(sandbox.webhook_token()),
    );
    for (act, text) in [
        ("verify", "Verify Connection"),
        ("send", "Send now"),
        ("reverse", "Reverse the order"),
        ("duplicate", "Send twice"),
        ("drop", "Lose"),
    ] {
        let _ = write!(body, "<form method=\"post\" action=\"/hooks/{act}\"><button>{text}</button></form> ");
    }
    let head = ["When", "Event", "State", "Attempts", "Answer", "Data"];
    let waiting: String = sandbox.queued_hooks().iter().map(delivery_row).collect();
    let finished: String = sandbox.finished_hooks().iter().rev().take(4 * ROWS).map(delivery_row).collect();
    let _ = write!(body, "<h2>Waiting</h2>{}<h2>Finished</h2>{}", table(&head, &waiting), table(&head, &finished));
    let _ = write!(body, "<h2>Made through the API</h2>{}", table(&["Event", "Address"], &by_api));
    frame("webhooks", &body)
}

async fn set_hook(State(sandbox): State<LeverSandbox>, Form(fields): Form<Fields>) -> Response {
    let url = fields.get("url").map(|u| u.trim()).unwrap_or_default();
    match sandbox.act(|m, now| m.set_ui_hook(url, now)) {
        Ok(()) => Redirect::to("/hooks").into_response(),
        Err(error) => refused(&error),
    }
}

async fn steer(State(sandbox): State<LeverSandbox>, axum::extract::Path(act): axum::extract::Path<String>) -> Response {
    match act.as_str() {
        "verify" => drop(sandbox.verify_hooks().await),
        "send" => drop(sandbox.deliver_hooks().await),
        "reverse" => sandbox.reverse_hooks(),
        "duplicate" => sandbox.duplicate_hooks(),
        "drop" => drop(sandbox.drop_hooks()),
        other => return refused(&ApiError::missing("acts", other)),
    }
    Redirect::to("/hooks").into_response()
}

/// One control per switch, drawn from the switches themselves.
fn switch(name: &str, value: &Value) -> String {
    let control = match value {
        Value::Bool(on) => {
            format!("<input type=\"checkbox\" name=\"{name}\" value=\"true\"{}>", if *on { " checked" } else { "" })
        }
        Value::Number(n) => format!("<input type=\"number\" min=\"0\" name=\"{name}\" value=\"{n}\">"),
        Value::Array(list) => {
            let list: Vec<&str> = list.iter().filter_map(Value::as_str).collect();
            format!("<input name=\"{name}\" value=\"{}\" placeholder=\"separated by blanks\">", escape(&list.join(" ")))
        }
        Value::Null => format!("<input type=\"number\" min=\"0\" name=\"{name}\" value=\"\">"),
        other => format!("<input name=\"{name}\" value=\"{}\">", escape(other.as_str().unwrap_or_default())),
    };
    format!("<tr><td><label for=\"{name}\">{}</label></td><td>{control}</td></tr>", name.replace('_', " ")).replacen(
        "<input ",
        &format!("<input id=\"{name}\" "),
        1,
    )
}

async fn faults(State(sandbox): State<LeverSandbox>) -> Html<String> {
    let switches = serde_json::to_value(sandbox.faults()).unwrap_or_default();
    let rows: String = switches.as_object().into_iter().flatten().map(|(name, value)| switch(name, value)).collect();
    let body = format!(
        "<form method=\"post\" action=\"/faults\" style=\"display:block\">{}<p><button>Save</button></p></form>\
         <form method=\"post\" action=\"/faults\"><input type=\"hidden\" name=\"reset\" value=\"true\">\
         <button>Back to normal</button></form>",
        table(&["Switch", "Value"], &rows)
    );
    frame("faults", &body)
}

/// A field of the form as the kind of value the switch has.
fn read(given: Option<&String>, old: &Value) -> Option<Value> {
    let text = given.map(|t| t.trim()).unwrap_or_default();
    Some(match old {
        Value::Bool(_) => Value::Bool(text == "true"),
        Value::Array(_) => text.split_whitespace().map(str::to_owned).collect::<Vec<_>>().into(),
        Value::String(_) => text.into(),
        _ if text.is_empty() => return None,
        _ => text.parse::<u64>().map_or_else(|_| text.into(), Value::from),
    })
}

fn parse_faults(fields: &Fields, old: &Faults) -> Result<Faults, ApiError> {
    if fields.contains_key("reset") {
        return Ok(Faults::default());
    }
    let old = serde_json::to_value(old).map_err(|e| ApiError::bad(e.to_string()))?;
    let read = |(name, value): (&String, &Value)| Some((name.clone(), read(fields.get(name), value)?));
    let new: serde_json::Map<String, Value> = old.as_object().into_iter().flatten().filter_map(read).collect();
    serde_json::from_value(Value::Object(new)).map_err(|e| ApiError::bad(e.to_string()))
}

async fn set_faults(State(sandbox): State<LeverSandbox>, Form(fields): Form<Fields>) -> Response {
    match parse_faults(&fields, &sandbox.faults()) {
        Ok(faults) => {
            sandbox.set_faults(faults);
            (StatusCode::SEE_OTHER, [("location", "/faults")]).into_response()
        }
        Err(error) => refused(&error),
    }
}
