//! Headers of every page, and the check that writes come from our own pages.

use std::sync::Arc;

use app::error::on_server::RequestId;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri, header};
use axum::middleware::Next;
use axum::response::Response;

use super::sign_in;
use crate::ids;

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");
const YEAR: &str = "max-age=31536000";

/// For documents without client code.
const WITHOUT_SCRIPTS: &str = "default-src 'none'; style-src 'self'; font-src 'self'; img-src 'self' data:; form-action 'self'; \
                               base-uri 'none'; frame-ancestors 'none'; object-src 'none'";

/// Headers that are the same everywhere. `same-origin` instead of `no-referrer`: with the latter browsers send
/// `Origin: null` with a form of the page itself, which leaves nothing to check where `Sec-Fetch-Site` is missing (plain
/// HTTP); other sites learn as little either way.
const FIXED: [(HeaderName, &str); 6] = [
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "same-origin"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    (
        HeaderName::from_static("permissions-policy"),
        "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()",
    ),
    (header::X_FRAME_OPTIONS, "DENY"),
];

/// The Content-Security-Policy of a page with client code.
pub fn content_security_policy(nonce: &str) -> String {
    format!(
        "default-src 'self'; script-src 'nonce-{nonce}' 'strict-dynamic' 'wasm-unsafe-eval'; style-src 'self'; font-src 'self'; \
         img-src 'self' data:; connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'; object-src 'none'"
    )
}

/// What the checks compare with.
#[derive(Clone, Debug)]
pub struct Site {
    /// Host and port of the public URL, in lower case.
    authority: Option<Arc<str>>,
    https: bool,
}

impl Site {
    /// Of a public URL such as `https://assay.example`.
    pub fn of(public_url: &str) -> Self {
        let uri = public_url.parse::<Uri>().ok();
        let authority = uri.as_ref().and_then(Uri::authority).map(|a| a.as_str().to_lowercase().into());
        Self { authority, https: uri.as_ref().and_then(Uri::scheme_str) == Some("https") }
    }

    /// Reached over TLS.
    pub const fn is_https(&self) -> bool {
        self.https
    }
}

/// Gives the request an id, and the answer its headers. Every answer of this router is about a person or their session, so
/// none is kept in caches.
pub async fn headers(State(site): State<Site>, mut request: Request, next: Next) -> Response {
    let given = request.extensions().get::<tower_http::request_id::RequestId>().map(|id| id.header_value().clone());
    let value = given.clone().unwrap_or_else(new_id);
    let id = value.to_str().unwrap_or_default().to_owned();
    request.extensions_mut().insert(RequestId(id));
    let mut response = next.run(request).await;
    let out = response.headers_mut();
    for (name, value) in FIXED {
        out.insert(name, HeaderValue::from_static(value));
    }
    out.entry(header::CONTENT_SECURITY_POLICY).or_insert(HeaderValue::from_static(WITHOUT_SCRIPTS));
    out.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if site.https {
        out.insert(header::STRICT_TRANSPORT_SECURITY, HeaderValue::from_static(YEAR));
    }
    if given.is_none() {
        out.insert(REQUEST_ID, value);
    }
    response
}

fn new_id() -> HeaderValue {
    HeaderValue::from_str(&ids::token()).expect("hexadecimal digits are a header value")
}

/// Refuses writes that another site had a browser send.
pub async fn same_origin(State(site): State<Site>, request: Request, next: Next) -> Response {
    if is_own(&site, request.method(), request.headers()) {
        return next.run(request).await;
    }
    sign_in::message(
        StatusCode::FORBIDDEN,
        "Not from this site",
        "The request was sent by another site, or through an address that is not the one of this server. Nothing was changed.",
        request.headers(),
    )
}

/// Browsers say where a request comes from: `Sec-Fetch-Site` where the page was loaded safely, `Origin` with every write.
/// A request with neither was not sent by a browser, so no cookie came along against anyone's will.
fn is_own(site: &Site, method: &Method, headers: &HeaderMap) -> bool {
    if [Method::GET, Method::HEAD, Method::OPTIONS].contains(method) {
        return true;
    }
    let text = |name: &HeaderName| headers.get(name).map(|v| v.to_str().unwrap_or("unreadable").to_lowercase());
    if let Some(from) = text(&SEC_FETCH_SITE) {
        return from == "same-origin" || from == "none";
    }
    let Some(origin) = text(&header::ORIGIN) else { return true };
    let Some((_, authority)) = origin.split_once("://") else { return false };
    site.authority.as_deref() == Some(authority) || text(&header::HOST).as_deref() == Some(authority)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn own(headers: &[(&'static str, &'static str)]) -> bool {
        let headers = headers.iter().map(|(n, v)| (HeaderName::from_static(n), HeaderValue::from_static(v))).collect();
        is_own(&Site::of("https://Assay.example"), &Method::POST, &headers)
    }

    #[test]
    fn a_write_of_another_site_is_refused() {
        for foreign in [
            &[("sec-fetch-site", "cross-site")][..],
            &[("sec-fetch-site", "same-site"), ("origin", "https://assay.example")],
            &[("origin", "https://evil.example"), ("host", "assay.example")],
            &[("origin", "null"), ("host", "assay.example")],
            &[("origin", "https://assay.example.evil.example")],
            &[("origin", "https://assay.example:8443"), ("host", "assay.example")],
        ] {
            assert!(!own(foreign), "{foreign:?}");
        }
    }

    #[test]
    fn a_write_of_our_own_pages_is_taken() {
        for ours in [
            &[("sec-fetch-site", "same-origin")][..],
            &[("sec-fetch-site", "none")],
            &[("origin", "https://assay.example")],
            &[("origin", "http://10.0.0.7:3000"), ("host", "10.0.0.7:3000")],
            &[],
        ] {
            assert!(own(ours), "{ours:?}");
        }
    }

    #[test]
    fn reading_is_not_checked() {
        let headers = [(SEC_FETCH_SITE, HeaderValue::from_static("cross-site"))].into_iter().collect();
        assert!(is_own(&Site::of("https://assay.example"), &Method::GET, &headers));
    }
}
