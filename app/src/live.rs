//! Which pages follow changes by themselves, and what of a hint matters to them.

/// What a hint would have said just before the page was read: a hint that says the same says nothing new.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stamped(pub String);

/// Whether the page at this address follows changes by itself. Pages that are read do; lists and forms stay as they are, because
/// rows must not move under a pointer and nothing typed may go.
pub fn follows(path: &str) -> bool {
    let mut parts = path.trim_matches('/').split('/');
    matches!(
        [parts.next(), parts.next(), parts.next(), parts.next(), parts.next()],
        [Some(""), None, ..]
            | [Some("o"), Some(_), None, ..]
            | [Some("o"), Some(_), Some("candidates" | "reviews"), Some(_), None]
    )
}

/// The part of a hint that matters to the page: the first is about people, the second about deliveries and jobs. A webhook
/// that is waited for matters to the page of connections, and a first delivery to the home of an organization.
pub fn part<'a>(path: &str, hint: &'a str) -> &'a str {
    let (people, traffic) = hint.split_once(',').unwrap_or((hint, hint));
    match path.trim_matches('/').split('/').nth(2) {
        Some("deliveries" | "jobs") => traffic,
        Some("connections") => hint,
        _ => people,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_that_are_read_follow_and_lists_and_forms_stay() {
        for path in ["/", "/o/acme", "/o/acme/", "/o/acme/candidates/123"] {
            assert!(follows(path), "{path}");
        }
        for path in ["/o/acme/candidates", "/o/acme/jobs", "/o/acme/triggers/new", "/preferences", "/o"] {
            assert!(!follows(path), "{path}");
        }
    }

    #[test]
    fn a_page_hears_of_what_it_shows() {
        assert_eq!(part("/o/acme/jobs", "7,9"), "9");
        assert_eq!(part("/o/acme/candidates", "7,9"), "7");
        assert_eq!(part("/o/acme", "7"), "7");
        assert_eq!(part("/o/acme/connections", "7,9"), "7,9");
    }
}
