//! Addresses of pages, and which of them may be followed after signing in.

use std::borrow::Cow;
use std::fmt::Write as _;

/// Percent-encodes a path segment or a query value.
pub fn encode(text: &str) -> Cow<'_, str> {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'~');
    if text.bytes().all(is_plain) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if is_plain(byte) {
            out.push(char::from(byte));
        } else {
            let _ = write!(out, "%{byte:02X}");
        }
    }
    Cow::Owned(out)
}

/// The pairs of a query, in their order, as a browser writes them into an address.
#[cfg(feature = "ssr")]
pub fn pairs(query: &str) -> Vec<(String, String)> {
    let parts = query.trim_start_matches('?').split('&').filter(|part| !part.is_empty());
    parts.map(|part| part.split_once('=').unwrap_or((part, ""))).map(|(n, v)| (decode(n), decode(v))).collect()
}

/// A name or value of a query. What is not encoded as it should be stays as it is; what is no text loses what is none.
#[cfg(feature = "ssr")]
fn decode(text: &str) -> String {
    let bytes = text.as_bytes();
    let hex = |at: usize| bytes.get(at).and_then(|b| char::from(*b).to_digit(16)).and_then(|d| u8::try_from(d).ok());
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        match (byte, hex(at + 1), hex(at + 2)) {
            (b'%', Some(high), Some(low)) => {
                out.push(high << 4 | low);
                at += 2;
            }
            (b'+', ..) => out.push(b' '),
            (byte, ..) => out.push(*byte),
        }
        at += 1;
    }
    String::from_utf8_lossy(&out).into_owned()
}

/// The same address without the parameters that have no value, as a form leaves them behind; none if it has no such.
#[cfg(feature = "ssr")]
pub fn without_blanks(path: &str, query: &str) -> Option<String> {
    let is_blank = |part: &&str| part.is_empty() || part.split_once('=').is_none_or(|(_, value)| value.is_empty());
    let kept: Vec<&str> = query.split('&').filter(|part| !is_blank(part)).collect();
    if kept.len() == query.split('&').count() {
        return None;
    }
    Some(if kept.is_empty() { path.to_owned() } else { format!("{path}?{}", kept.join("&")) })
}

/// What people set for themselves.
pub const PREFERENCES: &str = "/preferences";

/// An organization's home.
pub fn home(slug: &str) -> String {
    format!("/o/{}", encode(slug))
}

/// An organization's candidates.
pub fn candidates(slug: &str) -> String {
    format!("/o/{}/candidates", encode(slug))
}

/// An organization's jobs that failed for good.
pub fn dead_jobs(slug: &str) -> String {
    format!("/o/{}/jobs?state=dead", encode(slug))
}

/// The candidates as a file.
#[cfg(feature = "ssr")]
pub fn candidates_csv(slug: &str) -> String {
    format!("/o/{}/candidates.csv", encode(slug))
}

/// One candidate.
pub fn candidate(slug: &str, opportunity: &str) -> String {
    ["/o/", &*encode(slug), "/candidates/", &*encode(opportunity)].concat()
}

/// An organization's trigger stages.
pub fn triggers(slug: &str) -> String {
    format!("/o/{}/triggers", encode(slug))
}

/// One trigger stage, by its key as one word; `new` for one to be added.
pub fn trigger(slug: &str, row: &str) -> String {
    format!("/o/{}/triggers/{}", encode(slug), encode(row))
}

/// An organization's deliveries.
pub fn deliveries(slug: &str) -> String {
    format!("/o/{}/deliveries", encode(slug))
}

/// One delivery.
pub fn delivery(slug: &str, id: &str) -> String {
    format!("/o/{}/deliveries/{}", encode(slug), encode(id))
}

/// Results whose owner a person decides.
pub fn reviews(slug: &str) -> String {
    format!("/o/{}/reviews", encode(slug))
}

/// One of them.
pub fn review(slug: &str, id: &str) -> String {
    format!("/o/{}/reviews/{}", encode(slug), encode(id))
}

/// What was decided about them.
pub fn review_history(slug: &str) -> String {
    format!("/o/{}/reviews/history", encode(slug))
}

/// Results that were not ordered.
pub fn results(slug: &str) -> String {
    format!("/o/{}/results", encode(slug))
}

/// Where a file of them goes.
#[cfg(feature = "ssr")]
pub fn results_file(slug: &str) -> String {
    format!("/o/{}/results/file", encode(slug))
}

/// An organization's jobs.
pub fn jobs(slug: &str) -> String {
    format!("/o/{}/jobs", encode(slug))
}

/// How far an organization's integrations are enabled.
#[cfg(feature = "ssr")]
pub fn integrations(slug: &str) -> String {
    format!("/o/{}/integrations", encode(slug))
}

/// Where a key is put into a one-time link.
#[cfg(feature = "ssr")]
pub fn hand_over(slug: &str) -> String {
    format!("/o/{}/hand-over", encode(slug))
}

/// What an organization is connected to.
#[cfg(feature = "ssr")]
pub fn connections(slug: &str) -> String {
    format!("/o/{}/connections", encode(slug))
}

/// The people of an organization; with an empty slug those of the instance.
#[cfg(feature = "ssr")]
pub fn people(slug: &str) -> String {
    if slug.is_empty() { "/people".to_owned() } else { format!("/o/{}/people", encode(slug)) }
}

/// The record of changes of an organization, or with an empty slug of the instance: of an act, by a person, before an entry.
#[cfg(feature = "ssr")]
pub fn audit(slug: &str, act: &str, who: &str, before: Option<i64>) -> String {
    let path = if slug.is_empty() { "/audit".to_owned() } else { format!("/o/{}/audit", encode(slug)) };
    let before = before.map(|n| n.to_string()).unwrap_or_default();
    let pairs = [("act", act), ("who", who), ("before", &before)];
    let pairs: Vec<String> =
        pairs.iter().filter(|(_, v)| !v.is_empty()).map(|(n, v)| format!("{n}={}", encode(v))).collect();
    if pairs.is_empty() { path } else { format!("{path}?{}", pairs.join("&")) }
}

/// Versions of the configuration, before one.
#[cfg(feature = "ssr")]
pub fn history(slug: &str, before: Option<i64>) -> String {
    let path = format!("/o/{}/history", encode(slug));
    before.map_or(path.clone(), |n| format!("{path}?before={n}"))
}

/// The whole record as a file.
#[cfg(feature = "ssr")]
pub fn audit_csv(slug: &str) -> String {
    if slug.is_empty() { "/audit.csv".to_owned() } else { format!("/o/{}/audit.csv", encode(slug)) }
}

/// A report, by the last part of its address.
pub fn report(token: &str) -> String {
    ["/reports/", &*encode(token)].concat()
}

/// Signing in, and back to `next`.
pub fn sign_in(next: &str) -> String {
    match local(next) {
        "/" => "/sign-in".to_owned(),
        next => format!("/sign-in?next={}", encode(next)),
    }
}

/// `next` if it is a path of this site, otherwise `/`. Browsers read `//host`, `/\host` and paths with control characters
/// between the slashes as addresses of other sites.
pub fn local(next: &str) -> &str {
    let stays = next.starts_with('/')
        && !next[1..].starts_with(['/', '\\'])
        && !next.contains('\\')
        && !next.chars().any(char::is_control);
    let loops = ["/sign-in", "/sign-out", "/demo/"].iter().any(|own| next.starts_with(own));
    if stays && !loops { next } else { "/" }
}

/// The slug in the path of a page of an organization.
pub fn slug_of(path: &str) -> Option<&str> {
    path.strip_prefix("/o/")?.split('/').next().filter(|slug| !slug.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_paths_of_this_site_are_followed() {
        for path in ["/o/acme", "/o/acme/candidates?search=a%20b", "/", "/reports/ab"] {
            assert_eq!(local(path), path);
        }
        for other in [
            "",
            "o/acme",
            "//evil.example",
            "/\\evil.example",
            "/\t/evil.example",
            "/\n//x",
            "https://evil.example",
            "javascript:alert(1)",
            "/a\\b",
            "/sign-in?next=/sign-in",
            "/sign-out",
        ] {
            assert_eq!(local(other), "/", "{other:?}");
        }
    }

    #[cfg(feature = "ssr")]
    #[test]
    fn a_query_is_read_as_browsers_write_it() {
        let read = pairs("?search=a+b%26c%C3%BC&waiting&broken=%4&&x=1%");
        let read: Vec<(&str, &str)> = read.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
        assert_eq!(read, [("search", "a b&cü"), ("waiting", ""), ("broken", "%4"), ("x", "1%")]);
    }

    #[cfg(feature = "ssr")]
    #[test]
    fn parameters_without_a_value_are_left_out_of_an_address() {
        assert_eq!(without_blanks("/x", "a=1&b=2"), None);
        assert_eq!(without_blanks("/x", "search=&state=&a=1").as_deref(), Some("/x?a=1"));
        assert_eq!(without_blanks("/x", "search=&state").as_deref(), Some("/x"));
        assert_eq!(without_blanks("/x", "a=%20&b=").as_deref(), Some("/x?a=%20"));
    }

    #[test]
    fn segments_are_encoded() {
        assert_eq!(candidate("acme", "a/b?c"), "/o/acme/candidates/a%2Fb%3Fc");
        assert_eq!(sign_in("/o/acme?x=1"), "/sign-in?next=%2Fo%2Facme%3Fx%3D1");
        assert_eq!(sign_in("//evil.example"), "/sign-in");
        assert_eq!(slug_of("/o/acme/candidates"), Some("acme"));
        assert_eq!(slug_of("/o/"), None);
    }
}
