//! What a remote answered, and what its status means.

use std::time::Duration;

use domain::{RemoteError, Timestamp};
use serde::de::DeserializeOwned;

/// Longest wait that is believed; beyond it a remote's clock or its arithmetic is broken.
const LONGEST_WAIT: Duration = Duration::from_secs(24 * 3_600);

/// A status, and a body within its limit.
#[derive(Clone)]
pub struct Answer {
    /// Any status.
    pub status: u16,
    /// `Retry-After` as sent.
    pub retry_after: Option<String>,
    /// The body.
    pub body: Vec<u8>,
}

/// Without the body: it holds personal data.
impl std::fmt::Debug for Answer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Answer").field("status", &self.status).field("bytes", &self.body.len()).finish_non_exhaustive()
    }
}

impl Answer {
    /// 2xx.
    pub const fn is_success(&self) -> bool {
        matches!(self.status, 200..=299)
    }

    /// What the remote asked for, in seconds or as a date (RFC 9110, 10.2.3).
    pub fn retry_after(&self, now: Timestamp) -> Option<Duration> {
        let text = self.retry_after.as_deref()?.trim();
        let wait = match text.parse::<u64>() {
            Ok(seconds) => Duration::from_secs(seconds),
            Err(_) => {
                let at = jiff::fmt::rfc2822::DateTimeParser::new().parse_timestamp(text).ok()?;
                Timestamp::from_micros(at.as_microsecond()).since(now)
            }
        };
        Some(wait.min(LONGEST_WAIT))
    }

    /// The body as `T`.
    ///
    /// # Errors
    /// `Unreadable`; says where the text stopped making sense, never what it says.
    pub fn parse<T: DeserializeOwned>(&self) -> Result<T, RemoteError> {
        serde_json::from_slice(&self.body).map_err(|e| {
            let looks_like_page = self.body.trim_ascii_start().first() == Some(&b'<');
            RemoteError::Unreadable(if looks_like_page {
                "a page instead of JSON; something stands between us and the service".to_owned()
            } else {
                format!("{:?} error at line {}, column {}", e.classify(), e.line(), e.column())
            })
        })
    }

    /// Why a call that changes nothing, or may be repeated, was not answered with 2xx.
    pub fn refusal_of_read(&self, now: Timestamp, detail: &str) -> RemoteError {
        match (self.status, self.retry_after(now)) {
            (408 | 425 | 500.., None) | (408 | 425, Some(_)) => RemoteError::Unavailable(self.words(detail)),
            (500.., retry_after) => RemoteError::RateLimited { retry_after },
            _ => self.refusal(now, detail),
        }
    }

    /// Why a call with an effect was not answered with 2xx. Only answers that say it did not happen are believed: 4xx, and
    /// 503 with `Retry-After`.
    pub fn refusal_of_write(&self, now: Timestamp, detail: &str) -> RemoteError {
        match (self.status, self.retry_after(now)) {
            (503, retry_after @ Some(_)) => RemoteError::RateLimited { retry_after },
            (400..=407 | 409..=424 | 426..=499, _) => self.refusal(now, detail),
            _ => RemoteError::Unknown(self.words(detail)),
        }
    }

    fn refusal(&self, now: Timestamp, detail: &str) -> RemoteError {
        match self.status {
            401 => RemoteError::Unauthorized(self.words(detail)),
            403 => RemoteError::Forbidden(self.words(detail)),
            404 | 410 => RemoteError::NotFound(self.words(detail)),
            429 => RemoteError::RateLimited { retry_after: self.retry_after(now) },
            300..=399 => RemoteError::Rejected(format!("{}; redirects are not followed", self.words(detail))),
            _ => RemoteError::Rejected(self.words(detail)),
        }
    }

    fn words(&self, detail: &str) -> String {
        if detail.is_empty() {
            format!("answered {}", self.status)
        } else {
            format!("answered {} ({detail})", self.status)
        }
    }
}

/// A remote's own code for an error, if it is a word that cannot hold personal data.
pub fn safe_code(code: &str) -> &str {
    let plain = |c: char| c.is_ascii_alphabetic() || c == '_';
    if code.len() <= 40 && code.chars().all(plain) { code } else { "" }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(status: u16, retry_after: Option<&str>) -> Answer {
        Answer { status, retry_after: retry_after.map(str::to_owned), body: Vec::new() }
    }

    fn name(error: &RemoteError) -> &'static str {
        match error {
            RemoteError::Unavailable(_) => "unavailable",
            RemoteError::RateLimited { .. } => "rate-limited",
            RemoteError::Unauthorized(_) => "unauthorized",
            RemoteError::Forbidden(_) => "forbidden",
            RemoteError::NotFound(_) => "not-found",
            RemoteError::Rejected(_) => "rejected",
            RemoteError::Unreadable(_) => "unreadable",
            RemoteError::Unknown(_) => "unknown",
        }
    }

    #[test]
    fn a_status_means_one_thing_for_reads_and_maybe_another_for_writes() {
        let cases: &[(u16, Option<&str>, &str, &str)] = &[
            (301, None, "rejected", "unknown"),
            (400, None, "rejected", "rejected"),
            (401, None, "unauthorized", "unauthorized"),
            (403, None, "forbidden", "forbidden"),
            (404, None, "not-found", "not-found"),
            (408, None, "unavailable", "unknown"),
            (409, None, "rejected", "rejected"),
            (410, None, "not-found", "not-found"),
            (413, None, "rejected", "rejected"),
            (422, None, "rejected", "rejected"),
            (425, None, "unavailable", "unknown"),
            (429, None, "rate-limited", "rate-limited"),
            (429, Some("2"), "rate-limited", "rate-limited"),
            (500, None, "unavailable", "unknown"),
            (500, Some("5"), "rate-limited", "unknown"),
            (502, None, "unavailable", "unknown"),
            (503, None, "unavailable", "unknown"),
            (503, Some("7"), "rate-limited", "rate-limited"),
            (503, Some("soon"), "unavailable", "unknown"),
            (504, None, "unavailable", "unknown"),
        ];
        for (status, after, read, write) in cases {
            let answer = answer(*status, *after);
            assert_eq!(name(&answer.refusal_of_read(Timestamp::EPOCH, "")), *read, "read {status} {after:?}");
            assert_eq!(name(&answer.refusal_of_write(Timestamp::EPOCH, "")), *write, "write {status} {after:?}");
        }
    }

    #[test]
    fn retry_after_is_read_in_seconds_and_as_a_date() {
        let now = Timestamp::from_millis(1_445_412_480_000); // 2015-10-21T07:28:00Z
        let wait = |text| answer(429, Some(text)).retry_after(now);
        assert_eq!(wait("7"), Some(Duration::from_secs(7)));
        assert_eq!(wait(" 0 "), Some(Duration::ZERO));
        assert_eq!(wait("Wed, 21 Oct 2015 07:28:30 GMT"), Some(Duration::from_secs(30)));
        assert_eq!(wait("Wed, 21 Oct 2015 07:00:00 GMT"), Some(Duration::ZERO));
        assert_eq!(wait("99999999999"), Some(LONGEST_WAIT));
        for nonsense in ["", "-1", "soon", "1.5"] {
            assert_eq!(wait(nonsense), None, "{nonsense:?}");
        }
    }

    #[test]
    fn a_page_instead_of_json_is_named_and_not_quoted() {
        let page = Answer { body: b"\n<html>Ada</html>".to_vec(), ..answer(200, None) };
        let error = page.parse::<serde_json::Value>().unwrap_err();
        assert!(
            matches!(&error, RemoteError::Unreadable(why) if why.contains("page") && !why.contains("Ada")),
            "{error}"
        );
        let cut = Answer { body: br#"{"email":"ada@example.org"#.to_vec(), ..answer(200, None) };
        let error = cut.parse::<serde_json::Value>().unwrap_err();
        assert!(!error.to_string().contains("ada"), "{error}");
    }

    #[test]
    fn only_a_plain_word_passes_as_a_code() {
        assert_eq!(safe_code("ResourceNotFound"), "ResourceNotFound");
        assert_eq!(safe_code("ada@example.org"), "");
        assert_eq!(safe_code(&"a".repeat(41)), "");
    }
}
