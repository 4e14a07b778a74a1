//! The JSON of Pymetrics' "Mercury" API v2.

use domain::Personal;
use domain::invitation::Test;
use domain::order::OrderState;
use domain::outcome::Measured;
use domain::ports::vendor::{Invitation, Status};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::vendor::number;

/// Body of the token call.
#[derive(Serialize)]
pub struct Grant<'a> {
    pub client_id: &'a str,
    pub client_secret: &'a str,
    pub grant_type: &'static str,
}

/// Body of an order. E-mail, assessment and application identify it: the same three again are the same order.
#[derive(Serialize)]
pub struct NewOrder<'a> {
    candidate: Candidate<'a>,
    assessment_id: &'a str,
    application_id: &'a str,
    send_email: bool,
}

#[derive(Serialize)]
struct Candidate<'a> {
    email: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    first_name: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_name: Option<&'a str>,
    external_id: &'a str,
}

impl<'a> NewOrder<'a> {
    pub fn new(invitation: &'a Invitation, send_email: bool) -> Self {
        let name = Personal::reveal(&invitation.name).trim();
        let (first, last) = name.split_once(char::is_whitespace).unwrap_or((name, ""));
        let some = |part: &'a str| Some(part.trim()).filter(|p| !p.is_empty());
        let candidate = Candidate {
            email: invitation.email.reveal(),
            first_name: some(first),
            last_name: some(last),
            external_id: &invitation.contact,
        };
        Self { candidate, assessment_id: &invitation.test, application_id: &invitation.opportunity, send_email }
    }
}

/// Body of an error. Its message may quote what was sent.
#[derive(Debug, Default, Deserialize)]
pub struct Trouble {
    #[serde(default)]
    request_id: Option<Value>,
    /// The same request may work if it is made again.
    #[serde(default)]
    pub recoverable: Option<bool>,
}

impl Trouble {
    /// The request's id for the vendor's support, if it looks like one.
    pub fn request(&self) -> String {
        let id = number::id(self.request_id.as_ref()).unwrap_or_default();
        let plain = id.len() <= 64 && id.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
        if plain && !id.is_empty() { format!("request {id}") } else { String::new() }
    }
}

/// Reads the catalogue.
///
/// # Errors
/// What is wrong with it.
pub fn tests(answer: &Value) -> Result<Vec<Test>, String> {
    let items = answer.get("assessments").and_then(Value::as_array).ok_or("assessments is missing")?;
    let test = |item: &Value| {
        let id = number::id(item.get("id")).ok_or("an assessment without id")?;
        // Descriptions are optional and not unique: rules and tags name these tests by id.
        Ok(Test { name: id.clone(), id, retired: false })
    };
    items.iter().map(test).collect()
}

/// The order's id, in the answer to a new order.
pub fn order_id(answer: &Value) -> Option<String> {
    number::id(answer.get("order").and_then(|o| o.get("id")))
}

/// An order's status as a state (Mercury API v2, `Order.status`).
fn state(word: &str) -> OrderState {
    match word {
        "In Progress" => OrderState::Started,
        "Completed" => OrderState::Submitted,
        "Fulfilled" => OrderState::Completed,
        "Expired" => OrderState::Expired,
        "Rejected" => OrderState::Declined,
        _ => OrderState::Invited,
    }
}

/// Reads an order.
///
/// # Errors
/// What is wrong with an answer that says nothing.
pub fn status(order: &Value) -> Result<Status, String> {
    let word = order.get("status").and_then(Value::as_str).map(str::trim).filter(|w| !w.is_empty());
    let word = word.ok_or("status is missing or no text")?.to_owned();
    let state = state(&word);
    let mut status = Status { state, word, result: None, report_url: None, complaints: Vec::new() };
    if state == OrderState::Completed {
        status.result = Some(measured(order, &mut status.complaints));
        status.report_url = report(order);
    }
    Ok(status)
}

/// The one result. Where an order has several, none of them is the result of the order: a person looks.
fn measured(order: &Value, complaints: &mut Vec<String>) -> Measured {
    let results = order.get("results").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let mut read: Vec<Measured> = Vec::new();
    for result in results {
        let score = number::score(result.get("score")).unwrap_or_else(|()| {
            complaints.push("a score is no number".to_owned());
            None
        });
        let band = number::id(result.get("band"));
        if score.is_some() || band.is_some() {
            read.push(Measured { score, band });
        }
    }
    match read.len() {
        1 => read.remove(0),
        0 => Measured::default(),
        n => {
            complaints.push(format!("{n} results; none of them was taken for the whole"));
            Measured::default()
        }
    }
}

/// The recruiter's report. The address is signed and expires: never written anywhere, asked for anew each time.
fn report(order: &Value) -> Option<String> {
    let reports = order.get("reports").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let of_recruiter = |r: &&Value| r.get("report_type").and_then(Value::as_str) == Some("recruiter-report");
    let url =
        reports.iter().find(of_recruiter).and_then(|r| r.get("download_url")).or_else(|| order.get("recruiter_report"));
    url.and_then(Value::as_str).filter(|u| u.starts_with("https://") || u.starts_with("http://")).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn every_status_of_the_documentation_has_a_state() {
        for (word, expected) in [
            ("Pending", OrderState::Invited),
            ("Accepted", OrderState::Invited),
            ("Not Started", OrderState::Invited),
            ("In Progress", OrderState::Started),
            ("Completed", OrderState::Submitted),
            ("Fulfilled", OrderState::Completed),
            ("Expired", OrderState::Expired),
            ("Rejected", OrderState::Declined),
            ("Something New", OrderState::Invited),
        ] {
            assert_eq!(status(&json!({"status": word})).unwrap().state, expected, "{word}");
        }
        assert!(status(&json!({"order": {}})).is_err());
    }

    #[test]
    fn one_result_counts_and_several_do_not() {
        let read = |results: Value| {
            let s = status(&json!({"status": "Fulfilled", "results": results})).unwrap();
            (s.result.unwrap(), s.complaints.len())
        };
        let measured = |score, band: Option<&str>| Measured { score, band: band.map(str::to_owned) };
        assert_eq!(read(json!([{"score": 71.5}])), (measured(Some(71.5), None), 0));
        assert_eq!(read(json!([{"band": "high"}, {"assessment": "nlr"}])), (measured(None, Some("high")), 0));
        assert_eq!(read(json!([])), (measured(None, None), 0));
        assert_eq!(read(json!(null)), (measured(None, None), 0));
        assert_eq!(read(json!([{"score": 1}, {"score": 2}])), (measured(None, None), 1));
        assert_eq!(read(json!([{"score": "?"}])), (measured(None, None), 1));
    }

    #[test]
    fn a_result_before_the_end_is_not_looked_at() {
        let s = status(&json!({"status": "Completed", "results": [{"score": 1}], "recruiter_report": "https://x"}))
            .unwrap();
        assert_eq!((s.result, s.report_url), (None, None));
    }
}
