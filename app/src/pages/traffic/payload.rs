//! A stored body, as far as it may be shown.

use std::fmt::Write as _;

use crate::components::json::{Value, parse};

/// Stands where something is not shown.
const HIDDEN: &str = "(not shown)";

/// The body without token and signature, which prove who sent it; none where it is not JSON, for then nobody knows where in
/// it they are. With `masked`, only what Lever's documentation ("Webhooks") knows as ids, times and names of events is left.
pub fn shown(body: &str, masked: bool) -> Option<String> {
    let mut out = String::with_capacity(body.len());
    write(&mut out, &cleaned(parse(body)?, "", masked));
    Some(out)
}

fn is_secret(key: &str) -> bool {
    let key = key.to_ascii_lowercase();
    ["token", "signature", "secret", "password", "authorization"].iter().any(|word| key.contains(word))
}

/// Keys of values that say nothing about a person.
fn is_impersonal(key: &str) -> bool {
    matches!(key, "event" | "triggeredAt" | "id") || key.ends_with("Id")
}

/// `key` is that of the value, or of the list it is in.
fn cleaned(value: Value, key: &str, masked: bool) -> Value {
    match value {
        Value::Object(pairs) => Value::Object(
            pairs
                .into_iter()
                .map(|(key, value)| {
                    let value =
                        if is_secret(&key) { Value::Text(HIDDEN.to_owned()) } else { cleaned(value, &key, masked) };
                    (key, value)
                })
                .collect(),
        ),
        Value::List(items) => Value::List(items.into_iter().map(|item| cleaned(item, key, masked)).collect()),
        Value::Text(_) | Value::Plain(_) if masked && !is_impersonal(key) => Value::Text(HIDDEN.to_owned()),
        other => other,
    }
}

fn write(out: &mut String, value: &Value) {
    match value {
        Value::Plain(word) => out.push_str(word),
        Value::Text(text) => quoted(out, text),
        Value::List(items) => {
            out.push('[');
            for (n, item) in items.iter().enumerate() {
                out.push_str(if n == 0 { "" } else { "," });
                write(out, item);
            }
            out.push(']');
        }
        Value::Object(pairs) => {
            out.push('{');
            for (n, (key, value)) in pairs.iter().enumerate() {
                out.push_str(if n == 0 { "" } else { "," });
                quoted(out, key);
                out.push(':');
                write(out, value);
            }
            out.push('}');
        }
    }
}

fn quoted(out: &mut String, text: &str) {
    let _ = write!(out, "{}", serde_json::Value::from(text));
}

#[cfg(test)]
mod tests {
    use super::*;

    const BODY: &str = r#"{"event":"candidateHired","triggeredAt":12345678901234567890123,"token":"t0ken","signature":"s1gned",
        "data":{"opportunityId":"o\"1","name":"Ada","note":["x",1.50],"nested":{"Signature":["s2"],"accessToken":null}}}"#;

    #[test]
    fn token_and_signature_are_never_shown_and_numbers_stay_exact() {
        let text = shown(BODY, false).unwrap();
        for secret in ["t0ken", "s1gned", "s2"] {
            assert!(!text.contains(secret), "{text}");
        }
        assert!(
            text.contains("12345678901234567890123") && text.contains("1.50") && text.contains(r#""o\"1""#),
            "{text}"
        );
        assert!(text.contains("Ada"));
    }

    #[test]
    fn those_who_see_masked_names_see_ids_and_times_only() {
        let text = shown(BODY, true).unwrap();
        assert!(!text.contains("Ada") && !text.contains("1.50") && !text.contains("\"x\""), "{text}");
        assert!(text.contains("candidateHired") && text.contains(r#"o\"1"#), "{text}");
    }

    #[test]
    fn a_body_that_is_no_json_is_not_shown() {
        assert_eq!(shown(r#"{"token":"t0ken","#, false), None);
        assert_eq!(shown("token=t0ken", false), None);
        assert_eq!(shown(r#""t0ken""#, false).as_deref(), Some(r#""t0ken""#));
    }
}
