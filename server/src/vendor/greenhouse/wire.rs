//! The JSON of Greenhouse's assessment partner API, and the tolerant reading of what servers really answer.

use domain::Personal;
use domain::invitation::Test;
use domain::order::OrderState;
use domain::outcome::Measured;
use domain::ports::vendor::{Invitation, Status};
use serde::Serialize;
use serde_json::Value;

use crate::remote::Url;
use crate::vendor::number;

/// Stands where the contract asks for a part of a name and the person has none: an empty text is refused by servers that
/// have never seen one.
const NO_NAME: &str = "-";

/// Body of the call "send test".
#[derive(Serialize)]
pub struct SendTest<'a> {
    partner_test_id: &'a str,
    candidate: Candidate<'a>,
    url: &'a str,
}

#[derive(Serialize)]
struct Candidate<'a> {
    first_name: &'a str,
    last_name: &'a str,
    preferred_name: Option<&'a str>,
    email: &'a str,
    phone_number: Option<&'a str>,
    resume_url: Option<&'a str>,
    greenhouse_profile_url: &'a str,
}

impl<'a> SendTest<'a> {
    pub fn new(invitation: &'a Invitation) -> Self {
        let (first_name, last_name) = split_name(invitation.name.reveal());
        Self {
            partner_test_id: &invitation.test,
            candidate: Candidate {
                first_name,
                last_name,
                preferred_name: None,
                email: invitation.email.reveal(),
                phone_number: invitation.phone.as_ref().filter(|p| !p.is_blank()).map(Personal::reveal),
                resume_url: None,
                greenhouse_profile_url: &invitation.profile_url,
            },
            url: &invitation.callback_url,
        }
    }
}

/// The first word, and the rest.
fn split_name(name: &str) -> (&str, &str) {
    let name = name.trim();
    let (first, last) = name.split_once(char::is_whitespace).unwrap_or((name, ""));
    let or_dash = |part| if str::is_empty(part) { NO_NAME } else { part };
    (or_dash(first), or_dash(last.trim_start()))
}

/// Body of the call "response error".
#[derive(Clone, Serialize)]
pub struct ResponseError<'a> {
    pub api_call: &'static str,
    pub errors: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub partner_test_id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub partner_interview_id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub candidate_email: Option<&'a str>,
}

/// Reads the catalogue: a bare array. One malformed item refuses the whole, so that the last good one is kept.
///
/// # Errors
/// What is wrong with it.
pub fn tests(answer: &Value) -> Result<Vec<Test>, Vec<String>> {
    let items = answer.as_array().ok_or_else(|| vec!["list_tests must be an array".to_owned()])?;
    let (mut tests, mut wrong) = (Vec::<Test>::new(), Vec::new());
    for (n, item) in items.iter().enumerate() {
        let part = |key: &str| number::id(item.get(key)).ok_or_else(|| format!("item {n}: {key} is missing or blank"));
        match (part("partner_test_id"), part("partner_test_name")) {
            (Ok(id), Ok(_)) if tests.iter().any(|t| t.id == id) => {}
            (Ok(id), Ok(name)) => tests.push(Test { id, name, retired: false }),
            (id, name) => wrong.extend([id.err(), name.err()].into_iter().flatten()),
        }
        // Enough to act on.
        if wrong.len() >= 10 {
            break;
        }
    }
    if wrong.is_empty() { Ok(tests) } else { Err(wrong) }
}

/// What an answer of 2xx to "send test" says.
#[derive(Debug, PartialEq, Eq)]
pub enum Sent {
    /// The vendor's id of the instance.
    Yes(String),
    /// A null or empty id: how some servers say that the send failed.
    No,
    /// Not of the contract; the candidate may have been invited.
    Unclear,
}

/// Reads the answer to "send test".
pub fn sent(answer: &Value) -> Sent {
    let id = answer.get("partner_interview_id");
    match (number::id(id), id) {
        (Some(id), _) => Sent::Yes(id),
        (None, Some(Value::Null | Value::String(_))) => Sent::No,
        _ => Sent::Unclear,
    }
}

/// The vendor's word as a state. The contract defines `complete` only; the rest is what servers really say.
fn state(word: &str) -> OrderState {
    let plain = word.trim().to_ascii_lowercase().replace([' ', '-'], "_");
    match plain.as_str() {
        "complete" => OrderState::Completed,
        "in_progress" | "inprogress" | "started" => OrderState::Started,
        "expired" | "timed_out" => OrderState::Expired,
        "declined" | "opted_out" | "withdrawn" => OrderState::Declined,
        _ => OrderState::Invited,
    }
}

/// Reads how an instance stands. A score and an address that come before `complete` are not looked at.
///
/// # Errors
/// What is wrong with an answer that says nothing.
pub fn status(answer: &Value, allow_http: bool) -> Result<Status, String> {
    let word = answer.get("partner_status").and_then(Value::as_str).map(str::trim).filter(|w| !w.is_empty());
    let word = word.ok_or("partner_status is missing or no text")?.to_owned();
    let state = state(&word);
    let mut status = Status { state, word, result: None, report_url: None, complaints: Vec::new() };
    if state == OrderState::Completed {
        let score = number::score(answer.get("partner_score")).unwrap_or_else(|()| {
            status.complaints.push("partner_score is no number".to_owned());
            None
        });
        status.result = Some(Measured { score, band: band(answer.get("metadata")) });
        match profile_url(answer.get("partner_profile_url"), allow_http) {
            Ok((url, complaint)) => {
                status.report_url = Some(url);
                status.complaints.extend(complaint);
            }
            Err(complaint) => status.complaints.push(complaint),
        }
    }
    Ok(status)
}

/// A band has no place of its own in the contract; vendors that have one put it among the free key and value pairs.
fn band(metadata: Option<&Value>) -> Option<String> {
    let pairs = metadata?.as_object()?;
    let (_, value) = pairs.iter().find(|(key, _)| key.trim().eq_ignore_ascii_case("band"))?;
    number::id(Some(value))
}

/// The report's address, and what is wrong with it where it can still be opened.
fn profile_url(value: Option<&Value>, allow_http: bool) -> Result<(String, Option<String>), String> {
    let missing = || "partner_status is 'complete' but partner_profile_url is missing".to_owned();
    let text = value.and_then(Value::as_str).map(str::trim).filter(|t| !t.is_empty()).ok_or_else(missing)?;
    let url = Url::parse(text).map_err(|_| "partner_profile_url is not an absolute address".to_owned())?;
    match url.scheme() {
        "https" => Ok((text.to_owned(), None)),
        "http" if allow_http => Ok((text.to_owned(), None)),
        "http" => Ok((text.to_owned(), Some("partner_profile_url is not https".to_owned()))),
        _ => Err("partner_profile_url is not an https address".to_owned()),
    }
}

/// Whether the text of a refusal speaks of the field `url`: servers that allow only known callback hosts do.
pub fn mentions_url(body: &[u8]) -> bool {
    let text = String::from_utf8_lossy(body).to_ascii_lowercase();
    text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_')
        .any(|word| matches!(word, "url" | "callback" | "callback_url"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_name_is_split_after_its_first_word() {
        for (name, parts) in [
            ("Ada Lovelace", ("Ada", "Lovelace")),
            (" Ada  King Lovelace ", ("Ada", "King Lovelace")),
            ("Sukarno", ("Sukarno", "-")),
            ("", ("-", "-")),
            ("  ", ("-", "-")),
        ] {
            assert_eq!(split_name(name), parts, "{name:?}");
        }
    }

    #[test]
    fn only_complete_completes_and_unknown_words_wait() {
        for (word, expected) in [
            ("complete", OrderState::Completed),
            ("in_progress", OrderState::Started),
            ("In Progress", OrderState::Started),
            ("started", OrderState::Started),
            ("expired", OrderState::Expired),
            ("declined", OrderState::Declined),
            ("sent", OrderState::Invited),
            ("not_started", OrderState::Invited),
            ("completed", OrderState::Invited),
            ("incomplete", OrderState::Invited),
            ("what now", OrderState::Invited),
        ] {
            assert_eq!(state(word), expected, "{word}");
        }
    }

    #[test]
    fn a_result_before_the_end_is_not_looked_at() {
        let early =
            json!({"partner_status": "in_progress", "partner_score": 75, "partner_profile_url": "https://v.example/r"});
        let status = status(&early, false).unwrap();
        assert_eq!((status.state, status.result, status.report_url), (OrderState::Started, None, None));
        assert_eq!(status.word, "in_progress");
    }

    #[test]
    fn a_complete_answer_is_read_and_its_faults_are_named() {
        let read = |url: Value, score: Value, http: bool| {
            let body = json!({"partner_status": "complete", "partner_profile_url": url, "partner_score": score,
                "metadata": {"Band": "high", "Notes": "x"}});
            let s = status(&body, http).unwrap();
            let result = s.result.unwrap();
            assert_eq!(result.band.as_deref(), Some("high"));
            (result.score, s.report_url, s.complaints.len())
        };
        let https = "https://v.example/r/1";
        assert_eq!(read(json!(https), json!(81), false), (Some(81.0), Some(https.into()), 0));
        assert_eq!(read(json!(https), json!("81"), false), (Some(81.0), Some(https.into()), 0));
        assert_eq!(read(json!(https), json!("great"), false), (None, Some(https.into()), 1));
        assert_eq!(
            read(json!("http://v.example/r"), json!(1), false),
            (Some(1.0), Some("http://v.example/r".into()), 1)
        );
        assert_eq!(
            read(json!("http://v.example/r"), json!(1), true),
            (Some(1.0), Some("http://v.example/r".into()), 0)
        );
        for none in
            [json!(null), json!(""), json!("/r/1"), json!("v.example/r"), json!("javascript:alert(1)"), json!(7)]
        {
            assert_eq!(read(none.clone(), json!(1), false), (Some(1.0), None, 1), "{none}");
        }
    }

    #[test]
    fn an_answer_without_a_status_says_nothing() {
        for body in
            [json!({}), json!([]), json!({"partner_status": null}), json!({"partner_status": 3}), json!("complete")]
        {
            assert!(status(&body, false).is_err(), "{body}");
        }
    }

    #[test]
    fn one_malformed_test_refuses_the_catalogue() {
        let good = tests(
            &json!([{"partner_test_id": 7, "partner_test_name": "A"}, {"partner_test_id": "7", "partner_test_name": "B"}]),
        );
        assert_eq!(good.unwrap(), [Test { id: "7".into(), name: "A".into(), retired: false }]);
        assert_eq!(tests(&json!([])).unwrap(), []);
        for bad in
            [json!({}), json!(null), json!([{"id": 1, "name": "x"}]), json!(["x"]), json!([{"partner_test_id": "1"}])]
        {
            assert!(tests(&bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn only_a_null_or_empty_id_says_that_nothing_was_sent() {
        for (body, expected) in [
            (json!({"partner_interview_id": "i-1"}), Sent::Yes("i-1".into())),
            (json!({"partner_interview_id": 98765}), Sent::Yes("98765".into())),
            (json!({"partner_interview_id": null}), Sent::No),
            (json!({"partner_interview_id": " "}), Sent::No),
            (json!({"partner_interview_id": {}}), Sent::Unclear),
            (json!({"id": "i-1"}), Sent::Unclear),
            (json!({}), Sent::Unclear),
            (json!("i-1"), Sent::Unclear),
        ] {
            assert_eq!(sent(&body), expected, "{body}");
        }
    }

    #[test]
    fn a_refused_callback_is_told_from_a_refused_resume() {
        for (body, expected) in [
            (r#"{"error":"url host not allowed"}"#, true),
            (r#"{"errors":["URL must be app.greenhouse.io"]}"#, true),
            (r#"{"error":"callback_url"}"#, true),
            (r#"{"error":"resume_url is invalid"}"#, false),
            (r#"{"error":"curly"}"#, false),
            ("", false),
        ] {
            assert_eq!(mentions_url(body.as_bytes()), expected, "{body}");
        }
    }
}
