//! Addresses of pages, and which of them may be followed after signing in.

use std::fmt::Write as _;

/// Percent-encodes a path segment or a query value.
pub fn encode(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
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

/// One candidate.
pub fn candidate(slug: &str, opportunity: &str) -> String {
    format!("/o/{}/candidates/{}", encode(slug), encode(opportunity))
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

/// An organization's jobs.
pub fn jobs(slug: &str) -> String {
    format!("/o/{}/jobs", encode(slug))
}

/// A report, by the last part of its address.
pub fn report(token: &str) -> String {
    format!("/reports/{}", encode(token))
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

    #[test]
    fn segments_are_encoded() {
        assert_eq!(candidate("acme", "a/b?c"), "/o/acme/candidates/a%2Fb%3Fc");
        assert_eq!(sign_in("/o/acme?x=1"), "/sign-in?next=%2Fo%2Facme%3Fx%3D1");
        assert_eq!(sign_in("//evil.example"), "/sign-in");
        assert_eq!(slug_of("/o/acme/candidates"), Some("acme"));
        assert_eq!(slug_of("/o/"), None);
    }
}
