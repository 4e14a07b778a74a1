//! What Lever delivers to a webhook. Nothing in it is trusted; most of it may be missing.

use std::borrow::Cow;

use domain::Timestamp;
use serde::Deserializer as _;
use serde::de::{IgnoredAny, MapAccess, Visitor};
use serde_json::Value;
use serde_json::value::RawValue;

/// Ids longer than this are none of Lever's.
const LONGEST_ID: usize = 200;

/// A delivery as received. `token`, `signature` and [`Delivery::triggered_at_raw`] go to [`super::verify`].
#[derive(Clone, PartialEq)]
pub struct Delivery {
    /// The envelope's id; documented, and missing from Lever's own samples.
    pub id: Option<String>,
    /// The event's name; empty if there is none. See [`Delivery::kind`].
    pub event: String,
    /// The digits of `triggeredAt` exactly as received: they are signed. Empty if there is none.
    pub triggered_at_raw: String,
    /// The same as an instant; the epoch if it is none.
    pub triggered_at: Timestamp,
    /// Random, new for every delivery.
    pub token: Option<String>,
    /// Sent only if the webhook has a signature token.
    pub signature: Option<String>,
    /// What it is about.
    pub data: Data,
}

/// Ids only: the token and the signature could be sent again by whoever reads a log.
impl std::fmt::Debug for Delivery {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut out = f.debug_struct("Delivery");
        out.field("id", &self.id).field("event", &self.event).field("at", &self.triggered_at).field("data", &self.data);
        out.finish_non_exhaustive()
    }
}

/// The `data` of a delivery. Unsigned: a hint about what to read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Data {
    /// The opportunity; `candidateId` is its old name.
    pub opportunity: Option<String>,
    /// The person.
    pub contact: Option<String>,
    /// The stage left.
    pub from_stage: Option<String>,
    /// The stage entered.
    pub to_stage: Option<String>,
    /// `{}`, null or missing: Lever's "Verify Connection".
    pub is_empty: bool,
}

/// The events Lever documents, as far as they are told apart here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// `candidateStageChange`
    StageChange,
    /// `candidateArchiveChange`
    ArchiveChange,
    /// `candidateHired`
    Hired,
    /// `candidateDeleted`
    Deleted,
    /// `applicationCreated`
    ApplicationCreated,
    /// `contactCreated`, `contactUpdated`, or an interview's.
    Unused,
    /// Not in Lever's documentation.
    Unknown,
}

/// Why a body is no delivery.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ParseError {
    /// Not JSON, or not UTF-8.
    #[error("the body is not JSON")]
    NotJson,
    /// JSON, but no object.
    #[error("the body is not a JSON object")]
    NotAnObject,
}

impl Delivery {
    /// Reads a body. Unknown events and shapes pass, so that they can be stored and shown.
    ///
    /// # Errors
    /// Only what has no fields at all.
    pub fn parse(body: &[u8]) -> Result<Self, ParseError> {
        let text = std::str::from_utf8(body).map_err(|_| ParseError::NotJson)?;
        let names = ["id", "event", "triggeredAt", "token", "signature", "data"];
        let Ok(Fields([id, event, triggered_at, token, signature, data])) = fields(text, names) else {
            let json = serde_json::from_str::<IgnoredAny>(text).is_ok();
            return Err(if json { ParseError::NotAnObject } else { ParseError::NotJson });
        };
        let string = |raw: Option<&RawValue>| serde_json::from_str::<String>(raw?.get()).ok();
        let triggered_at_raw = triggered_at.map(|raw| digits(raw.get())).unwrap_or_default();
        Ok(Self {
            id: string(id).filter(|id| !id.is_empty()),
            event: string(event).unwrap_or_default(),
            triggered_at: triggered_at_raw.parse().map(Timestamp::from_millis).unwrap_or_default(),
            triggered_at_raw,
            token: string(token),
            signature: string(signature),
            data: data.map_or_else(Data::empty, |raw| Data::parse(raw.get())),
        })
    }

    /// What happened, by the event's name.
    pub fn kind(&self) -> Kind {
        match self.event.as_str() {
            "candidateStageChange" => Kind::StageChange,
            "candidateArchiveChange" => Kind::ArchiveChange,
            "candidateHired" => Kind::Hired,
            "candidateDeleted" => Kind::Deleted,
            "applicationCreated" => Kind::ApplicationCreated,
            "contactCreated" | "contactUpdated" | "interviewCreated" | "interviewUpdated" | "interviewDeleted" => {
                Kind::Unused
            }
            _ => Kind::Unknown,
        }
    }
}

/// A number as written, or what is inside a quoted one; anything else is no time.
fn digits(raw: &str) -> String {
    let inner = raw.strip_prefix('"').and_then(|r| r.strip_suffix('"')).unwrap_or(raw);
    let number = inner.bytes().all(|b| b.is_ascii_digit() || b"+-.eE".contains(&b));
    if number { inner.to_owned() } else { String::new() }
}

impl Data {
    fn empty() -> Self {
        Self { is_empty: true, ..Self::default() }
    }

    fn parse(raw: &str) -> Self {
        let names = ["opportunityId", "candidateId", "contactId", "fromStageId", "toStageId"];
        let Ok(Fields([opportunity, candidate, contact, from_stage, to_stage])) = fields(raw, names) else {
            return if raw == "null" { Self::empty() } else { Self::default() };
        };
        Self {
            opportunity: id(opportunity).or_else(|| id(candidate)),
            contact: id(contact),
            from_stage: id(from_stage),
            to_stage: id(to_stage),
            is_empty: raw.trim_matches(['{', '}', ' ', '\t', '\r', '\n']).is_empty(),
        }
    }
}

/// An id: a text of reasonable length, or a number.
fn id(raw: Option<&RawValue>) -> Option<String> {
    match serde_json::from_str(raw?.get()).ok()? {
        Value::String(id) if !id.is_empty() && id.len() <= LONGEST_ID => Some(id),
        Value::Number(id) => Some(id.to_string()),
        _ => None,
    }
}

/// Some fields of an object, read in one pass. Raw values: a number keeps its digits. Of a repeated field the last one counts.
struct Fields<'a, const N: usize>([Option<&'a RawValue>; N]);

fn fields<'a, const N: usize>(object: &'a str, names: [&'static str; N]) -> serde_json::Result<Fields<'a, N>> {
    struct Named<const N: usize>([&'static str; N]);

    impl<'a, const N: usize> Visitor<'a> for Named<N> {
        type Value = Fields<'a, N>;

        fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str("an object")
        }

        fn visit_map<A: MapAccess<'a>>(self, mut map: A) -> Result<Self::Value, A::Error> {
            let mut found = [None; N];
            while let Some(name) = map.next_key::<Cow<'a, str>>()? {
                match self.0.iter().position(|n| *n == name) {
                    Some(place) => found[place] = Some(map.next_value()?),
                    None => {
                        map.next_value::<IgnoredAny>()?;
                    }
                }
            }
            Ok(Fields(found))
        }
    }

    let mut json = serde_json::Deserializer::from_str(object);
    let found = json.deserialize_map(Named(names))?;
    json.end()?;
    Ok(found)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn parse(body: &str) -> Delivery {
        Delivery::parse(body.as_bytes()).unwrap()
    }

    #[test]
    fn a_stage_change_is_read_whole() {
        let delivery = parse(
            r#"{"id":"e7","event":"candidateStageChange","triggeredAt":1767225600123,"token":"t","signature":"s",
                "data":{"opportunityId":"o1","candidateId":"old","contactId":"c1","fromStageId":"lead-new","toStageId":"s2"}}"#,
        );
        assert_eq!(delivery.kind(), Kind::StageChange);
        assert_eq!(delivery.triggered_at_raw, "1767225600123");
        assert_eq!(delivery.triggered_at, Timestamp::from_millis(1_767_225_600_123));
        assert_eq!((delivery.token.as_deref(), delivery.signature.as_deref()), (Some("t"), Some("s")));
        let expected = Data {
            opportunity: Some("o1".into()),
            contact: Some("c1".into()),
            from_stage: Some("lead-new".into()),
            to_stage: Some("s2".into()),
            is_empty: false,
        };
        assert_eq!(delivery.data, expected);
    }

    #[test]
    fn the_connection_test_has_no_data_and_no_id() {
        for data in [r#","data":{}"#, r#","data":null"#, ""] {
            let delivery = parse(&format!(r#"{{"event":"candidateHired","triggeredAt":1,"token":"t"{data}}}"#));
            assert!(delivery.data.is_empty && delivery.id.is_none(), "{data}");
        }
    }

    #[test]
    fn the_time_keeps_the_digits_that_were_signed() {
        let cases = [
            ("1700000000000", "1700000000000", 1_700_000_000_000),
            (r#""1700000000000""#, "1700000000000", 1_700_000_000_000),
            ("1.7e12", "1.7e12", 0),
            ("99999999999999999999", "99999999999999999999", 0),
            ("null", "", 0),
            (r#""x""#, "", 0),
            ("[1]", "", 0),
        ];
        for (sent, raw, millis) in cases {
            let delivery = parse(&format!(r#"{{"triggeredAt": {sent} }}"#));
            assert_eq!(
                (delivery.triggered_at_raw.as_str(), delivery.triggered_at.as_millis()),
                (raw, millis),
                "{sent}"
            );
        }
    }

    #[test]
    fn unknown_events_and_shapes_pass() {
        assert_eq!(parse(r#"{"event":"somethingNew","data":{"x":1}}"#).kind(), Kind::Unknown);
        assert_eq!(parse(r#"{"event":7,"id":8,"token":[],"data":"x"}"#).data, Data::default());
        assert_eq!(parse(r#"{"data":{"candidateId":"o1"}}"#).data.opportunity.as_deref(), Some("o1"));
        assert_eq!(parse(r#"{"event":"a","event":"candidateHired"}"#).kind(), Kind::Hired);
        let deep = format!(r#"{{"event":"e","data":{}{}}}"#, "[".repeat(5_000), "]".repeat(5_000));
        assert_eq!(parse(&deep).data, Data::default());
    }

    #[test]
    fn what_is_no_object_is_refused() {
        for (body, error) in [
            (&b""[..], ParseError::NotJson),
            (b"event=x", ParseError::NotJson),
            (b"{\"event\":", ParseError::NotJson),
            (b"{} x", ParseError::NotJson),
            (b"\xff\xfe", ParseError::NotJson),
            (b"[]", ParseError::NotAnObject),
            (b"7", ParseError::NotAnObject),
            (b"null", ParseError::NotAnObject),
        ] {
            assert_eq!(Delivery::parse(body), Err(error), "{body:?}");
        }
    }

    #[test]
    fn tokens_do_not_reach_debug_output() {
        let shown = format!("{:?}", parse(r#"{"event":"e","token":"t0ken","signature":"s1gned"}"#));
        assert!(!shown.contains("t0ken") && !shown.contains("s1gned"), "{shown}");
    }

    proptest! {
        #[test]
        fn no_bytes_make_it_panic(body in proptest::collection::vec(any::<u8>(), 0..300)) {
            let _ = Delivery::parse(&body);
        }

        #[test]
        fn no_json_makes_it_panic(event in ".*", at in "-?[0-9]{1,30}(\\.[0-9]{1,5})?", id in ".*", cut in 0usize..200) {
            let body = serde_json::json!({"event": event, "token": id, "data": {"opportunityId": id}}).to_string();
            let body = body.replacen('{', &format!("{{\"triggeredAt\":{at},"), 1);
            let _ = Delivery::parse(&body.as_bytes()[..cut.min(body.len())]);
            if let Ok(read) = Delivery::parse(body.as_bytes()) {
                prop_assert_eq!(read.triggered_at_raw, at);
                prop_assert_eq!(read.event, event);
            }
        }
    }
}
