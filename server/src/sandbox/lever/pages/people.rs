//! The list of people and one person.

use std::fmt::Write as _;

use axum::extract::{Form, Path, Query, State};
use axum::response::{Html, IntoResponse as _, Redirect, Response};

use super::{Fields, ROWS, frame, refused, table, time};
use crate::sandbox::lever::api::error::ApiError;
use crate::sandbox::lever::api::paging::encode;
use crate::sandbox::lever::{LeverSandbox, OpportunityView};
use crate::sandbox::page::escape;

/// Something to click on for people without a name.
fn label(name: &str) -> String {
    if name.is_empty() { "(no name)".to_owned() } else { escape(name) }
}

fn tags(view: &OpportunityView) -> String {
    view.tags.iter().map(|t| format!("<code dir=\"auto\">{}</code> ", escape(t))).collect()
}

fn row(view: &OpportunityView) -> String {
    let marks =
        [(view.archived.is_some(), "archived"), (view.confidential, "confidential"), (view.anonymized, "anonymized")];
    let marks: Vec<&str> = marks.into_iter().filter(|(on, _)| *on).map(|(_, text)| text).collect();
    format!(
        "<tr><td dir=\"auto\"><a href=\"/people/{}\">{}</a></td><td>{}</td><td>{}</td><td>{}</td><td>{}</td></tr>",
        escape(&view.id),
        label(&view.name),
        escape(&view.emails.join(", ")),
        escape(&view.stage_name),
        tags(view),
        marks.join(", "),
    )
}

/// `(id, name, chosen)` of the stages.
fn stage_options(sandbox: &LeverSandbox, chosen: &str) -> String {
    let model = sandbox.model();
    model.stages.iter().fold(String::new(), |mut out, s| {
        let selected = if s.id == chosen { " selected" } else { "" };
        let _ = write!(out, "<option value=\"{}\"{selected}>{}</option>", escape(&s.id), escape(&s.text));
        out
    })
}

fn pager(page: usize, pages: usize, name: &str, stage: &str) -> String {
    let link = |n: usize, text: &str| {
        format!("<a href=\"/?name={}&amp;stage={}&amp;page={n}\">{text}</a> ", encode(name), encode(stage))
    };
    let before = if page > 1 { link(page - 1, "Previous") } else { String::new() };
    let after = if page < pages { link(page + 1, "Next") } else { String::new() };
    format!("<p>{before}Page {page} of {pages} {after}</p>")
}

pub(super) async fn list(State(sandbox): State<LeverSandbox>, Query(query): Query<Fields>) -> Html<String> {
    let text = |key: &str| query.get(key).map(|v| v.trim().to_owned()).unwrap_or_default();
    let (name, stage) = (text("name"), text("stage"));
    let needle = name.to_lowercase();
    let mut people = sandbox.opportunities();
    people.retain(|p| {
        let text = format!("{} {}", p.name, p.emails.join(" ")).to_lowercase();
        text.contains(&needle) && (stage.is_empty() || p.stage == stage)
    });
    people.sort_by(|a, b| (&a.name, &a.id).cmp(&(&b.name, &b.id)));
    let pages = people.len().div_ceil(ROWS).max(1);
    let page = text("page").parse::<usize>().unwrap_or(1).clamp(1, pages);
    let rows: String = people.iter().skip((page - 1) * ROWS).take(ROWS).map(row).collect();
    let body = format!(
        "<form method=\"get\" action=\"/\"><label>Name or e-mail <input name=\"name\" value=\"{}\"></label>\
         <label>Stage <select name=\"stage\"><option value=\"\">all</option>{}</select></label><button>Filter</button>\
         </form><p>{} people</p>{}{}",
        escape(&name),
        stage_options(&sandbox, &stage),
        people.len(),
        table(&["Name", "E-mail", "Stage", "Tags", ""], &rows),
        pager(page, pages, &name, &stage),
    );
    frame("people", &body)
}

fn form(id: &str, act: &str, inside: &str, button: &str) -> String {
    let id = escape(id);
    format!("<div><form method=\"post\" action=\"/people/{id}/{act}\">{inside}<button>{button}</button></form></div>")
}

fn acts(sandbox: &LeverSandbox, view: &OpportunityView) -> String {
    let stages = stage_options(sandbox, &view.stage);
    let mut out =
        form(&view.id, "move", &format!("<label>Stage <select name=\"stage\">{stages}</select></label>"), "Move");
    let field = "<label>Tag <input name=\"tag\" required></label>";
    out += &form(&view.id, "tag", field, "Add tag");
    for tag in &view.tags {
        let hidden = format!("<input type=\"hidden\" name=\"tag\" value=\"{}\">", escape(tag));
        out += &form(&view.id, "untag", &hidden, &format!("Remove {}", escape(tag)));
    }
    if view.archived.is_some() {
        return out + &form(&view.id, "unarchive", "", "Unarchive");
    }
    let reasons = sandbox.model().reasons.iter().filter(|r| r.active).fold(String::new(), |mut out, r| {
        let _ = write!(out, "<option value=\"{}\">{}</option>", escape(&r.id), escape(&r.text));
        out
    });
    out + &form(
        &view.id,
        "archive",
        &format!("<label>Reason <select name=\"reason\">{reasons}</select></label>"),
        "Archive",
    )
}

/// Only web addresses become links.
fn links(view: &OpportunityView) -> String {
    view.links.iter().fold(String::new(), |mut out, link| {
        let text = escape(link);
        let web = link.starts_with("http://") || link.starts_with("https://");
        let _ = if web {
            write!(out, "<li><a href=\"{text}\" rel=\"noreferrer\">{text}</a></li>")
        } else {
            write!(out, "<li>{text}</li>")
        };
        out
    })
}

pub(super) async fn one(State(sandbox): State<LeverSandbox>, Path(id): Path<String>) -> Response {
    let Some(view) = sandbox.opportunity(&id) else { return refused(&ApiError::missing("opportunities", &id)) };
    let history: String = view
        .stage_changes
        .iter()
        .map(|c| {
            let name = sandbox.model().stages.iter().find(|s| s.id == c.to_stage_id).map(|s| s.text.clone());
            format!("<tr><td>{}</td><td>{}</td></tr>", time(c.updated_at), escape(&name.unwrap_or_default()))
        })
        .collect();
    let notes = view.notes.iter().fold(String::new(), |mut out, n| {
        let _ = write!(out, "<li dir=\"auto\" style=\"white-space:pre-wrap\">{}</li>", escape(n));
        out
    });
    let archived = match (&view.archived, &view.archive_reason) {
        (Some(a), Some(reason)) => format!("<p>Archived: {}, {}</p>", escape(reason), time(a.archived_at)),
        _ => String::new(),
    };
    let body = format!(
        "<h2 dir=\"auto\">{}</h2><p><code>{}</code> {}</p><p>Stage: <strong>{}</strong></p>{archived}<p>{}</p>{}\
         <h2>Links</h2><ul>{}</ul><h2>Notes</h2><ul>{notes}</ul><h2>Stages</h2>{}",
        label(&view.name),
        escape(&view.id),
        escape(&view.emails.join(", ")),
        escape(&view.stage_name),
        tags(&view),
        acts(&sandbox, &view),
        links(&view),
        table(&["When", "Stage"], &history),
    );
    frame("person", &body).into_response()
}

pub(super) async fn act(
    State(sandbox): State<LeverSandbox>,
    Path((id, act)): Path<(String, String)>,
    Form(fields): Form<Fields>,
) -> Response {
    let field = |name: &str| fields.get(name).cloned().unwrap_or_default();
    let user = Some(sandbox.perform_as().to_owned());
    let outcome = sandbox.act(|m, now| match act.as_str() {
        "move" => m.move_stage(&id, &field("stage"), user, now),
        "tag" => m.add_tags(&id, &[field("tag")], now),
        "untag" => m.remove_tags(&id, &[field("tag")], now),
        "archive" => m.set_archived(&id, Some(&field("reason")), now),
        "unarchive" => m.set_archived(&id, None, now),
        other => Err(ApiError::missing("acts", other)),
    });
    match outcome {
        Ok(()) => Redirect::to(&format!("/people/{id}")).into_response(),
        Err(error) => refused(&error),
    }
}
