use super::*;

/// A site with one file in all encodings and one without twins.
fn site(path: &str) -> Option<Asset> {
    let content: &'static [u8] = match path {
        "pkg/assay.1.css" => b"plain",
        "pkg/assay.1.css.br" => b"brotli",
        "pkg/assay.1.css.gz" => b"gzip",
        "favicon.svg" => b"icon",
        _ => return None,
    };
    Some(Asset { content: Cow::Borrowed(content), etag: format!("\"{}\"", path.len()) })
}

fn headers(pairs: &[(header::HeaderName, &'static str)]) -> HeaderMap {
    pairs.iter().map(|(name, value)| (name.clone(), HeaderValue::from_static(value))).collect()
}

fn get(path: &str, pairs: &[(header::HeaderName, &'static str)]) -> Response<Body> {
    respond(path, path.starts_with("pkg/assay."), &headers(pairs), site)
}

fn header_of(response: &Response<Body>, name: header::HeaderName) -> Option<&str> {
    response.headers().get(name).map(|v| v.to_str().unwrap())
}

async fn body_of(response: Response<Body>) -> Vec<u8> {
    axum::body::to_bytes(response.into_body(), 1024).await.unwrap().to_vec()
}

#[test]
fn encodings_are_chosen_by_weight_then_by_size() {
    use Encoding::{Brotli, Gzip};
    let cases: [(&str, &[Encoding]); 12] = [
        ("", &[]),
        ("identity", &[]),
        ("gzip, deflate, br, zstd", &[Brotli, Gzip]),
        ("gzip", &[Gzip]),
        ("GZIP;q=0.5", &[Gzip]),
        ("br;q=0.2, gzip;q=0.8", &[Gzip, Brotli]),
        ("br;q=0, gzip", &[Gzip]),
        ("*", &[Brotli, Gzip]),
        ("*;q=0.1, br;q=0", &[Gzip]),
        ("gzip ; q=0.001", &[Gzip]),
        ("gzip;q=nonsense, br;q=2", &[]),
        ("brotli, x-gzip", &[]),
    ];
    for (value, expected) in cases {
        assert_eq!(preferred([value]), expected, "Accept-Encoding: {value}");
    }
    assert_eq!(preferred(["gzip", "br"]), [Brotli, Gzip], "two header lines count as one list");
}

#[tokio::test]
async fn the_smallest_accepted_twin_is_sent() {
    for (accept, encoding, body) in
        [("br, gzip", Some("br"), "brotli"), ("gzip", Some("gzip"), "gzip"), ("identity", None, "plain")]
    {
        let response = get("pkg/assay.1.css", &[(header::ACCEPT_ENCODING, accept)]);
        assert_eq!(response.status(), StatusCode::OK);
        assert_eq!(header_of(&response, header::CONTENT_ENCODING), encoding);
        assert_eq!(header_of(&response, header::VARY), Some("Accept-Encoding"));
        assert_eq!(header_of(&response, header::CONTENT_TYPE), Some("text/css; charset=utf-8"));
        assert_eq!(body_of(response).await, body.as_bytes());
    }
}

#[tokio::test]
async fn a_file_without_twins_is_sent_as_it_is() {
    let response = get("favicon.svg", &[(header::ACCEPT_ENCODING, "br")]);
    assert_eq!(header_of(&response, header::CONTENT_ENCODING), None);
    assert_eq!(header_of(&response, header::CONTENT_TYPE), Some("image/svg+xml"));
    assert_eq!(body_of(response).await, b"icon");
}

#[test]
fn only_hashed_names_are_kept_for_ever() {
    let hashed = get("pkg/assay.1.css", &[]);
    assert_eq!(header_of(&hashed, header::CACHE_CONTROL), Some("public, max-age=31536000, immutable"));
    assert_eq!(header_of(&get("favicon.svg", &[]), header::CACHE_CONTROL), Some("no-cache"));
}

#[test]
fn a_known_version_is_not_sent_again() {
    let first = get("pkg/assay.1.css", &[(header::ACCEPT_ENCODING, "br")]);
    assert_eq!(header_of(&first, header::ETAG), Some("\"18\""));
    for tags in ["\"18\"", "W/\"18\"", "\"7\", \"18\"", "*"] {
        let again = get("pkg/assay.1.css", &[(header::ACCEPT_ENCODING, "br"), (header::IF_NONE_MATCH, tags)]);
        assert_eq!(again.status(), StatusCode::NOT_MODIFIED, "{tags}");
        assert_eq!(header_of(&again, header::ETAG), Some("\"18\""));
    }
    let other = get("pkg/assay.1.css", &[(header::ACCEPT_ENCODING, "gzip"), (header::IF_NONE_MATCH, "\"15\"")]);
    assert_eq!(other.status(), StatusCode::OK, "the tag of another encoding is another version");
}

#[test]
fn what_is_not_there_is_not_found() {
    for path in ["pkg/other.css", "pkg/assay.1.css.br", "../Cargo.toml", ""] {
        let response = get(path, &[]);
        assert_eq!(response.status(), StatusCode::NOT_FOUND, "{path}");
        assert_eq!(header_of(&response, header::ETAG), None);
    }
}

#[test]
fn the_manifest_becomes_addresses() {
    let bundle = Bundle::from_manifest(br#"{"js":"a.1.js","wasm":"a.2.wasm","css":"a.3.css"}"#).unwrap();
    assert_eq!(bundle.js, "/pkg/a.1.js");
    assert!(bundle.names("pkg/a.2.wasm"));
    assert!(!bundle.names("pkg/snippets/a.js"));
    assert_eq!(Bundle::from_manifest(b"{}"), None);
}

#[test]
fn only_public_files_have_an_address() {
    assert!(is_public("favicon.svg"));
    assert!(is_public("fonts/text.woff2"));
    for hidden in ["manifest.json", "favicon.svg.br", "robots.txt.gz", "pkg/assay.1.js"] {
        assert!(!is_public(hidden), "{hidden}");
    }
}

#[test]
fn fonts_are_kept_for_ever() {
    assert!(is_versioned("fonts/inter-latin-5.3.0.woff2") && !is_versioned("favicon.svg"));
}
