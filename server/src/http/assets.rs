//! The client bundle and the public files, carried inside the release binary.
//!
//! `cargo xtask build` writes them to `target/site` before it compiles this crate. A debug build reads them from disk
//! at every request, and a build without the folder serves pages without wasm and styles.

use axum::Router;
use axum::body::Body;
use axum::extract::Path;
use axum::http::header::{self, HeaderMap, HeaderValue};
use axum::http::{Response, StatusCode};
use axum::routing::get;
use rust_embed::Embed;
use serde::Deserialize;
use std::borrow::Cow;
use std::sync::OnceLock;

/// The folder of the bundle, in the site and in addresses.
const PKG: &str = "pkg";
const MANIFEST: &str = "manifest.json";

/// Names the content of the embedded folder, so that rustc compiles this file again when the folder changes.
const _: Option<&str> = option_env!("ASSAY_SITE_REVISION");

#[derive(Embed)]
#[folder = "../target/site"]
#[allow_missing = true]
struct Site;

/// The addresses of the client bundle, beginning with `/`. Each name carries the hash of its content.
///
/// The page loads `js` as a module and passes `wasm` to its default export.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Bundle {
    /// The JavaScript glue.
    pub js: String,
    /// The WebAssembly.
    pub wasm: String,
    /// The style sheet.
    pub css: String,
}

impl Bundle {
    /// Reads the manifest, which holds bare file names.
    fn from_manifest(json: &[u8]) -> Option<Self> {
        let names: Self = serde_json::from_slice(json).ok()?;
        let address = |name: String| format!("/{PKG}/{name}");
        Some(Self { js: address(names.js), wasm: address(names.wasm), css: address(names.css) })
    }

    /// Whether a file of the site is named by its content and can be kept for ever.
    fn names(&self, path: &str) -> bool {
        [&self.js, &self.wasm, &self.css].iter().any(|address| address.strip_prefix('/') == Some(path))
    }
}

/// The addresses of the client bundle; `None` where it was not built. Read once.
#[must_use]
pub fn bundle() -> Option<&'static Bundle> {
    static BUNDLE: OnceLock<Option<Bundle>> = OnceLock::new();
    BUNDLE.get_or_init(|| Bundle::from_manifest(&Site::get(MANIFEST)?.data)).as_ref()
}

/// Serves `/pkg/…` and every public file at its own address.
pub fn router() -> Router {
    let bundle = async |Path(file): Path<String>, headers: HeaderMap| answer(&format!("{PKG}/{file}"), &headers);
    let mut router = Router::new().route(&format!("/{PKG}/{{*file}}"), get(bundle));
    for path in Site::iter().filter(|path| is_public(path)) {
        let address = format!("/{path}");
        router = router.route(&address, get(async move |headers: HeaderMap| answer(&path, &headers)));
    }
    router
}

/// Whether a file of the site has an address of its own. Compressed twins are only reached through negotiation.
fn is_public(path: &str) -> bool {
    let is_twin = Encoding::ALL.iter().any(|e| path.ends_with(e.suffix()));
    path != MANIFEST && !is_twin && !path.starts_with(&format!("{PKG}/"))
}

fn answer(path: &str, headers: &HeaderMap) -> Response<Body> {
    let lookup = |path: &str| {
        let file = Site::get(path)?;
        Some(Asset { etag: etag(&file.metadata.sha256_hash()), content: file.data })
    };
    let is_hashed = bundle().is_some_and(|bundle| bundle.names(path));
    respond(path, is_hashed || is_versioned(path), headers, lookup)
}

/// Fonts have their version in their names, and another version is another file: without that a page would be painted with
/// the font's stand-in until the browser has asked.
fn is_versioned(path: &str) -> bool {
    path.starts_with("fonts/")
}

struct Asset {
    content: Cow<'static, [u8]>,
    etag: String,
}

/// An entity tag is strong (RFC 9110, 8.8.1), so every encoding of a file has its own: the hash of its bytes.
fn etag(hash: &[u8; 32]) -> String {
    let digits: String = hash[..16].iter().map(|byte| format!("{byte:02x}")).collect();
    format!("\"{digits}\"")
}

fn respond(path: &str, is_hashed: bool, headers: &HeaderMap, lookup: impl Fn(&str) -> Option<Asset>) -> Response<Body> {
    let is_twin = Encoding::ALL.iter().any(|e| path.ends_with(e.suffix()));
    let Some(plain) = lookup(path).filter(|_| !is_twin) else {
        return build(StatusCode::NOT_FOUND, &[(header::CACHE_CONTROL, "no-store")], Body::from("Not found.\n"));
    };
    let accepted = headers.get_all(header::ACCEPT_ENCODING).iter().filter_map(|v| v.to_str().ok());
    let twin = preferred(accepted)
        .into_iter()
        .find_map(|encoding| Some((encoding, lookup(&format!("{path}{}", encoding.suffix()))?)));
    let (encoding, asset) = match twin {
        Some((encoding, asset)) => (Some(encoding), asset),
        None => (None, plain),
    };

    let mut answer = vec![
        (header::CACHE_CONTROL, if is_hashed { "public, max-age=31536000, immutable" } else { "no-cache" }),
        (header::ETAG, asset.etag.as_str()),
        (header::VARY, "Accept-Encoding"),
    ];
    if is_known(headers, &asset.etag) {
        return build(StatusCode::NOT_MODIFIED, &answer, Body::empty());
    }
    answer.push((header::CONTENT_TYPE, media_type(path)));
    answer.extend(encoding.map(|e| (header::CONTENT_ENCODING, e.token())));
    build(StatusCode::OK, &answer, Body::from(asset.content))
}

fn build(status: StatusCode, headers: &[(header::HeaderName, &str)], body: Body) -> Response<Body> {
    let mut response = Response::new(body);
    *response.status_mut() = status;
    for (name, value) in headers {
        let value = HeaderValue::from_str(value).expect("header values here are fixed words and hexadecimal digits");
        response.headers_mut().insert(name, value);
    }
    response
}

/// Whether the browser holds this version already: `If-None-Match` compares weakly (RFC 9110, 13.1.2).
fn is_known(headers: &HeaderMap, etag: &str) -> bool {
    headers
        .get_all(header::IF_NONE_MATCH)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .map(str::trim)
        .any(|tag| tag == "*" || tag.trim_start_matches("W/") == etag)
}

/// An encoding in which a compressed twin of a file may exist.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Encoding {
    Brotli,
    Gzip,
}

impl Encoding {
    /// Smallest result first.
    const ALL: [Self; 2] = [Self::Brotli, Self::Gzip];

    fn token(self) -> &'static str {
        match self {
            Self::Brotli => "br",
            Self::Gzip => "gzip",
        }
    }

    fn suffix(self) -> &'static str {
        match self {
            Self::Brotli => ".br",
            Self::Gzip => ".gz",
        }
    }
}

/// The encodings that `Accept-Encoding` allows (RFC 9110, 12.5.3), best first: by weight, and at equal weight the
/// smaller result. A named encoding outweighs `*`; weight 0 forbids.
fn preferred<'a>(values: impl IntoIterator<Item = &'a str>) -> Vec<Encoding> {
    let offers: Vec<(String, u16)> = values.into_iter().flat_map(|v| v.split(',')).filter_map(offer).collect();
    let weight = |token: &str| offers.iter().find(|(name, _)| name == token).map(|(_, weight)| *weight);
    let mut allowed: Vec<(u16, Encoding)> = Encoding::ALL
        .into_iter()
        .filter_map(|e| Some((weight(e.token()).or_else(|| weight("*"))?, e)))
        .filter(|(weight, _)| *weight > 0)
        .collect();
    allowed.sort_by_key(|(weight, _)| std::cmp::Reverse(*weight));
    allowed.into_iter().map(|(_, encoding)| encoding).collect()
}

/// One element of `Accept-Encoding`: the token and its weight in thousandths. An unreadable weight forbids.
fn offer(element: &str) -> Option<(String, u16)> {
    let mut parts = element.split(';').map(str::trim);
    let token = parts.next().filter(|token| !token.is_empty())?.to_ascii_lowercase();
    let weight = parts.find_map(|p| p.strip_prefix("q=").or_else(|| p.strip_prefix("Q=")));
    Some((token, weight.map_or(1000, thousandths)))
}

/// A weight such as `0.85` in thousandths; 0 where it cannot be read.
fn thousandths(weight: &str) -> u16 {
    let (whole, fraction) = weight.split_once('.').unwrap_or((weight, ""));
    if fraction.len() > 3 || !fraction.bytes().all(|b| b.is_ascii_digit()) {
        return 0;
    }
    match whole {
        "0" => format!("{fraction:0<3}").parse().unwrap_or(0),
        "1" => 1000,
        _ => 0,
    }
}

fn media_type(path: &str) -> &'static str {
    match path.rsplit_once('.').map(|(_, extension)| extension) {
        Some("css") => "text/css; charset=utf-8",
        Some("html") => "text/html; charset=utf-8",
        Some("ico") => "image/x-icon",
        Some("js") => "text/javascript; charset=utf-8",
        Some("json") => "application/json",
        Some("png") => "image/png",
        Some("svg") => "image/svg+xml",
        Some("txt") => "text/plain; charset=utf-8",
        Some("wasm") => "application/wasm",
        Some("webmanifest") => "application/manifest+json",
        Some("woff2") => "font/woff2",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
#[path = "assets_tests.rs"]
mod tests;
