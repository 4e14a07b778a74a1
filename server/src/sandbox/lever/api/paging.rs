//! Pages by key set: the token names the first item of the next page and is percent-encoded once inside the JSON.

use std::cmp::Ordering;
use std::fmt::Write as _;

use serde_json::{Value, json};

use super::error::ApiError;
use super::{Ask, Reply, ok};

/// An item with what it is ordered by.
pub(super) struct Keyed<T = Value> {
    pub key: Vec<Value>,
    pub item: T,
}

/// `encodeURIComponent`, near enough.
pub(in crate::sandbox::lever) fn encode(text: &str) -> String {
    text.bytes().fold(String::new(), |mut out, b| {
        if b.is_ascii_alphanumeric() || b"-_.~".contains(&b) {
            out.push(char::from(b));
        } else {
            let _ = write!(out, "%{b:02X}");
        }
        out
    })
}

fn decode(text: &str) -> String {
    let bytes = text.as_bytes();
    let (mut out, mut i) = (Vec::with_capacity(bytes.len()), 0);
    while i < bytes.len() {
        let hex = text.get(i + 1..i + 3).filter(|_| bytes[i] == b'%').and_then(|h| u8::from_str_radix(h, 16).ok());
        out.push(hex.unwrap_or(bytes[i]));
        i += if hex.is_some() { 3 } else { 1 };
    }
    String::from_utf8_lossy(&out).into_owned()
}

/// The key in a token. Ordinary clients encode the token once more, so up to three layers come off.
fn token_key(token: &str, width: usize) -> Result<Vec<Value>, ApiError> {
    let mut text = token.to_owned();
    for _ in 0..=3 {
        if let Ok(key) = serde_json::from_str::<Vec<Value>>(&text)
            && key.len() == width
        {
            return Ok(key);
        }
        text = decode(&text);
    }
    Err(invalid())
}

fn invalid() -> ApiError {
    ApiError::bad("Invalid offset token")
}

/// `None` where the kinds differ: such a token was not ours.
fn compare(a: &[Value], b: &[Value], descending: &[bool]) -> Option<Ordering> {
    for ((a, b), down) in a.iter().zip(b).zip(descending) {
        let order = match (a, b) {
            (Value::String(a), Value::String(b)) => a.cmp(b),
            (a, b) => a.as_f64()?.partial_cmp(&b.as_f64()?)?,
        };
        if order != Ordering::Equal {
            return Some(if *down { order.reverse() } else { order });
        }
    }
    Some(Ordering::Equal)
}

/// `limit` is 1 to 100, 100 if absent. What Lever does outside the range is unknown; we refuse.
fn limit(ask: &Ask) -> Result<usize, ApiError> {
    let Some(text) = ask.one("limit") else { return Ok(100) };
    text.parse().ok().filter(|n| (1..=100).contains(n)).ok_or_else(|| ApiError::bad("limit must be between 1 and 100"))
}

/// Sorts, cuts out the page asked for, and names the next.
pub(super) fn page(ask: &Ask, items: Vec<Keyed>, descending: &[bool]) -> Reply {
    page_of(ask, items, descending, |item| item)
}

/// The same, with only the items of the page written out: a list of thousands is walked page by page.
pub(super) fn page_of<T>(
    ask: &Ask,
    mut items: Vec<Keyed<T>>,
    descending: &[bool],
    write: impl Fn(T) -> Value,
) -> Reply {
    let limit = limit(ask)?;
    items.sort_by(|a, b| compare(&a.key, &b.key, descending).unwrap_or(Ordering::Equal));
    let start = match ask.one("offset") {
        None => 0,
        Some(token) => {
            let key = token_key(token, descending.len())?;
            let mut start = items.len();
            for (i, item) in items.iter().enumerate() {
                if compare(&item.key, &key, descending).ok_or_else(invalid)? != Ordering::Less {
                    start = i;
                    break;
                }
            }
            start
        }
    };
    let mut rest = items.into_iter().skip(start);
    let data: Vec<Value> = rest.by_ref().take(limit).map(|k| write(k.item)).collect();
    ok(match rest.next() {
        None => json!({"data": data, "hasNext": false}),
        Some(next) => json!({"data": data, "hasNext": true, "next": encode(&Value::Array(next.key).to_string())}),
    })
}

/// A whole number stays one in the token.
pub(super) fn number(rank: f64) -> Value {
    if rank.fract() == 0.0 { json!(rank.to_string().parse::<i64>().unwrap_or_default()) } else { json!(rank) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_read_however_often_it_was_encoded() {
        let key = json!([3, 1_490_220_060_000_i64, "a%5Bb"]);
        let mut token = key.to_string();
        for _ in 0..=3 {
            assert_eq!(Value::Array(token_key(&token, 3).unwrap()), key);
            token = encode(&token);
        }
        assert!(token_key("%5B1%2C2%5D", 3).is_err(), "a key of another list");
        assert!(token_key("rubbish%", 3).is_err());
    }
}
