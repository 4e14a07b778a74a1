//! The pages themselves. Everything that came from outside is escaped here.

use std::fmt::Write as _;

use axum::response::Html;

use super::faults::{Faults, SendFault};
use super::model::{Invitation, InvitationState, Model};
use crate::sandbox::page::{escape, layout};

const NAV: [(&str, &str); 5] = [
    ("/", "Invitations"),
    ("/inbox", "Inbox"),
    ("/errors", "Reported errors"),
    ("/journal", "Journal"),
    ("/faults", "Faults"),
];

fn table(head: &[&str], rows: &str) -> String {
    if rows.is_empty() {
        return "<p>Nothing yet.</p>".to_owned();
    }
    let head: String = head.iter().fold(String::new(), |mut out, h| {
        let _ = write!(out, "<th scope=\"col\">{h}</th>");
        out
    });
    format!("<div class=\"scroll\"><table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>")
}

fn state(state: InvitationState) -> &'static str {
    match state {
        InvitationState::Invited => "invited",
        InvitationState::Started => "started",
        InvitationState::Complete => "complete",
        InvitationState::Declined => "declined",
        InvitationState::Expired => "expired",
    }
}

fn outcome(invitation: &Invitation) -> String {
    let score = invitation.score.map(|s| s.to_string());
    let band = invitation.band.as_ref().map(|b| format!("band {}", escape(b)));
    let parts: Vec<String> = score.into_iter().chain(band).collect();
    if parts.is_empty() { "no score".to_owned() } else { parts.join(", ") }
}

pub(super) fn home(model: &Model) -> Html<String> {
    let mut rows = String::new();
    for i in model.invitations.iter().rev() {
        let id = escape(&i.partner_interview_id);
        let result = match i.state {
            InvitationState::Complete => format!("<a href=\"/results/{id}\">{}</a>", outcome(i)),
            _ => String::new(),
        };
        let _ = write!(
            rows,
            "<tr><td><a href=\"/tests/{id}\">{id}</a></td><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{result}</td></tr>",
            escape(&i.test_name),
            escape(&i.email),
            state(i.state),
            i.created_at,
        );
    }
    let mut tests = String::new();
    for test in &model.tests {
        let _ = write!(tests, "<li><code>{}</code> {}</li>", escape(&test.id), escape(&test.name));
    }
    for assessment in &model.assessments {
        let text = escape(&assessment.description);
        let _ = write!(tests, "<li><code>{}</code> {text} ({})</li>", escape(&assessment.id), assessment.kind);
    }
    let table = table(&["Interview", "Test", "Candidate", "State", "Created", "Result"], &rows);
    layout("Sandbox vendors", &NAV, &format!("<h2>Invitations</h2>{table}<h2>Tests</h2><ul>{tests}</ul>"))
}

pub(super) fn inbox(model: &Model, address: &str) -> Html<String> {
    let mut rows = String::new();
    let wanted = address.to_lowercase();
    for mail in model.mails.iter().rev().filter(|m| m.to.to_lowercase().contains(&wanted)) {
        let _ = write!(
            rows,
            "<tr><td>{}</td><td>{}</td><td>{}</td><td><a href=\"/tests/{}\">Take the test</a></td></tr>",
            mail.at,
            escape(&mail.to),
            escape(&mail.subject),
            escape(&mail.partner_interview_id),
        );
    }
    let form = format!(
        "<form method=\"get\"><label for=\"address\">Address</label>\
         <input id=\"address\" name=\"address\" value=\"{}\"><button>Filter</button></form>",
        escape(address)
    );
    layout("Inbox", &NAV, &format!("{form}{}", table(&["Sent", "To", "Subject", "Test"], &rows)))
}

pub(super) fn test(invitation: &Invitation) -> Html<String> {
    let id = escape(&invitation.partner_interview_id);
    let mut body = format!(
        "<p>{} {} &lt;{}&gt;</p><p>State: <strong>{}</strong></p>",
        escape(&invitation.first_name),
        escape(&invitation.last_name),
        escape(&invitation.email),
        state(invitation.state),
    );
    if invitation.state == InvitationState::Invited {
        let _ = write!(body, "<div>{}</div>", button(&id, "start", "Start the test"));
    }
    if invitation.state.is_open() {
        let _ = write!(
            body,
            "<div><form method=\"post\" action=\"/tests/{id}/finish\"><label for=\"score\">Score</label>\
             <input id=\"score\" name=\"score\" type=\"number\" step=\"any\" value=\"85\"><label for=\"band\">Band</label>\
             <input id=\"band\" name=\"band\"><button>Finish</button></form></div><div>{} {}</div>",
            button(&id, "decline", "Decline"),
            button(&id, "expire", "Let it expire"),
        );
    }
    if invitation.state == InvitationState::Complete {
        let _ = write!(body, "<p><a href=\"/results/{id}\">Result</a>: {}</p>", outcome(invitation));
    }
    let redirect = invitation.order.as_ref().and_then(|o| o.redirect_url.as_deref());
    // Only the web: an address of another kind could run a script.
    if let Some(url) = redirect.filter(|u| u.starts_with("https://") || u.starts_with("http://")) {
        let _ = write!(body, "<p><a href=\"{}\">Back to the employer</a></p>", escape(url));
    }
    layout(&invitation.test_name, &NAV, &body)
}

fn button(id: &str, act: &str, text: &str) -> String {
    format!("<form method=\"post\" action=\"/tests/{id}/{act}\"><button>{text}</button></form>")
}

pub(super) fn result(invitation: &Invitation) -> Html<String> {
    let rows = [
        ("Candidate", escape(&format!("{} {}", invitation.first_name, invitation.last_name))),
        ("Result", outcome(invitation)),
        ("Finished", invitation.completed_at.map(|t| t.to_string()).unwrap_or_default()),
    ];
    let rows = rows.iter().fold(String::new(), |mut out, (name, value)| {
        let _ = write!(out, "<tr><th scope=\"row\">{name}</th><td>{value}</td></tr>");
        out
    });
    layout(&format!("Result: {}", invitation.test_name), &[], &format!("<table><tbody>{rows}</tbody></table>"))
}

pub(super) fn missing() -> Html<String> {
    layout("Not found", &NAV, "<p>There is no such interview, or it has no result yet.</p>")
}

pub(super) fn errors(model: &Model) -> Html<String> {
    let rows = model.errors.iter().rev().fold(String::new(), |mut out, error| {
        let _ = write!(
            out,
            "<tr><td>{}</td><td>{}</td><td>{}</td><td><code>{}</code></td></tr>",
            error.at,
            escape(&error.api_call),
            escape(&error.errors.join("; ")),
            escape(&error.body.to_string()),
        );
        out
    });
    layout("Reported errors", &NAV, &table(&["Received", "Call", "Errors", "Body"], &rows))
}

pub(super) fn journal(model: &Model) -> Html<String> {
    let rows = model.journal.iter().rev().fold(String::new(), |mut out, call| {
        let _ = write!(
            out,
            "<tr><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td><code>{}</code></td><td>{}</td></tr>",
            call.at,
            call.direction,
            escape(&call.method),
            escape(&call.path),
            escape(&call.body),
            escape(&call.answer),
        );
        out
    });
    layout("Journal", &NAV, &table(&["At", "Direction", "Method", "Path", "Body", "Answer"], &rows))
}

pub(super) fn faults(faults: &Faults) -> Html<String> {
    let options = SendFault::ALL.iter().fold(String::new(), |mut out, (fault, word)| {
        let selected = if *fault == faults.send { " selected" } else { "" };
        let _ = write!(out, "<option{selected}>{word}</option>");
        out
    });
    let times = faults.send_times.map(|n| n.to_string()).unwrap_or_default();
    let fields = [
        field("send_times", "How many sends (empty: all)", &times),
        field("late_ms", "Late answer, ms", &faults.late_ms.to_string()),
        field("retry_after", "Retry-After, s", &faults.retry_after.to_string()),
        field("slow_ms", "All answers slower by, ms", &faults.slow_ms.to_string()),
        field("pending_word", "Word for not complete", &faults.pending_word),
        field("complete_word", "Word for complete", &faults.complete_word),
        switch("list_malformed", "Malformed list of tests", faults.list_malformed),
        switch("strict_host", "Callback host must be app.greenhouse.io", faults.strict_host),
        switch("early_score", "Score before complete", faults.early_score),
        switch("html_answers", "HTML instead of JSON", faults.html_answers),
        switch("limit_sends", "20 sends a minute", faults.limit_sends),
    ]
    .concat();
    let form = format!(
        "<form method=\"post\" action=\"/faults\"><table><tbody><tr><th scope=\"row\"><label for=\"send\">A send</label></th>\
         <td><select id=\"send\" name=\"send\">{options}</select></td></tr>{fields}</tbody></table>\
         <button>Set</button></form>"
    );
    layout("Faults", &NAV, &form)
}

fn field(name: &str, label: &str, value: &str) -> String {
    format!(
        "<tr><th scope=\"row\"><label for=\"{name}\">{label}</label></th>\
         <td><input id=\"{name}\" name=\"{name}\" value=\"{}\"></td></tr>",
        escape(value)
    )
}

fn switch(name: &str, label: &str, on: bool) -> String {
    let checked = if on { " checked" } else { "" };
    format!(
        "<tr><th scope=\"row\"><label for=\"{name}\">{label}</label></th>\
         <td><input type=\"checkbox\" id=\"{name}\" name=\"{name}\"{checked}></td></tr>"
    )
}
