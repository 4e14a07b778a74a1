//! What single values of an organization's file must look like.

use std::net::IpAddr;

use domain::near::nearest;

/// Longest slug: it stands in addresses and on the command line.
pub const LONGEST_SLUG: usize = 63;

pub(crate) fn slug(text: &str) -> Result<String, String> {
    let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if text.len() <= LONGEST_SLUG && text.chars().all(fits) {
        Ok(text.to_owned())
    } else {
        Err(format!("{text:?} must be at most {LONGEST_SLUG} of the characters a-z, 0-9 and -"))
    }
}

/// Ids of vendors stand in the names of secrets and jobs.
pub(super) fn vendor_id(text: &str) -> Result<String, String> {
    let fits = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    if text.chars().all(fits) { Ok(text.to_owned()) } else { Err(format!("{text:?} must be letters, digits, - and _")) }
}

pub(super) fn timezone(text: &str) -> Result<String, String> {
    if jiff::tz::TimeZone::get(text).is_ok() {
        return Ok(text.to_owned());
    }
    let known: Vec<String> = jiff::tz::db().available().map(|n| n.to_string()).collect();
    let near = nearest(text, known.iter().map(String::as_str));
    let hint = near.first().map_or_else(|| "write it as Europe/Berlin".to_owned(), |n| format!("did you mean {n}?"));
    Err(format!("unknown time zone {text:?}, {hint}"))
}

/// The address of a remote, as written. Without `private`, only `https` to a public host.
pub(crate) fn remote_url(text: &str, private: bool) -> Result<String, String> {
    let url = reqwest::Url::parse(text).map_err(|e| format!("{text:?} is not an address ({e}); write https://…"))?;
    if !matches!(url.scheme(), "https" | "http") {
        return Err(format!("{text:?} is not an address of the web; write https://…"));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err("an address must not contain a user or password; use the settings for credentials".to_owned());
    }
    if url.fragment().is_some() {
        return Err(format!("{text:?} has a part after #; remove it"));
    }
    let why = if url.scheme() == "http" {
        "is not encrypted"
    } else if is_private(&url) {
        "is a private address"
    } else {
        return Ok(text.to_owned());
    };
    if private {
        return Ok(text.to_owned());
    }
    Err(format!("{text:?} {why}; write https:// and a public host, or set ASSAY_ALLOW_PRIVATE_REMOTES=true in a test"))
}

/// By its form only; what a name leads to is checked when it is called.
fn is_private(url: &reqwest::Url) -> bool {
    let host = url.host_str().unwrap_or_default().trim_matches(['[', ']']);
    match host.parse::<IpAddr>() {
        Ok(IpAddr::V4(ip)) => ip.is_private() || ip.is_loopback() || ip.is_link_local() || ip.is_unspecified(),
        Ok(IpAddr::V6(ip)) => {
            ip.is_loopback() || ip.is_unspecified() || ip.is_unique_local() || ip.is_unicast_link_local()
        }
        Err(_) => host == "localhost" || host.ends_with(".localhost"),
    }
}

/// An address that paths are added to: without a slash at the end.
pub(crate) fn base_url(text: &str, private: bool) -> Result<String, String> {
    remote_url(text, private).map(|url| url.trim_end_matches('/').to_owned())
}

pub(crate) fn lever_url(text: &str, private: bool) -> Result<String, String> {
    let url = base_url(text, private)?;
    if url.ends_with("/v1") { Ok(url) } else { Err(format!("{text:?} must end in /v1; write https://api.lever.co/v1")) }
}
