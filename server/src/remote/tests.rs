use std::time::Duration;

use domain::RemoteError;

use super::testing::{Break, broken, http, json, refused, serve, text};
use super::*;

const SHORT: Limits = Limits { total: Duration::from_millis(150), body: 64 };

fn get(base: &str) -> Call {
    Call::new(Method::GET, base.parse().unwrap(), SHORT)
}

#[tokio::test]
async fn a_refused_connection_is_provably_not_done() {
    let failure = http().send(get(&refused().await)).await.unwrap_err();
    assert!(failure.is_not_done());
    assert!(matches!(failure.of_write(), RemoteError::Unavailable(why) if why.contains("connection refused")));
}

#[tokio::test]
async fn a_name_that_does_not_exist_and_a_refused_address_are_provably_not_done() {
    let failure = http().send(get("http://nowhere.invalid/")).await.unwrap_err();
    assert!(failure.is_not_done(), "{failure:?}");
    let guarded = Http::new(false).unwrap();
    let failure = guarded.send(get("https://169.254.169.254/")).await.unwrap_err();
    assert!(failure.is_not_done() && failure.why.contains("not a public address"), "{failure:?}");
}

#[tokio::test]
async fn a_failed_handshake_is_provably_not_done() {
    let plain = serve(|_, _| text(200, "")).await.0.replace("http://", "https://");
    let failure = http().send(get(&plain)).await.unwrap_err();
    assert!(failure.is_not_done() && failure.why.contains("TLS"), "{failure:?}");
}

#[tokio::test]
async fn once_the_request_was_written_it_may_have_happened() {
    for how in [Break::Close, Break::Half, Break::Silence] {
        let base = broken(how).await;
        let failure = http().send(get(&base).once()).await.unwrap_err();
        assert!(!failure.is_not_done(), "{how:?} {failure:?}");
        assert!(matches!(failure.clone().of_write(), RemoteError::Unknown(_)), "{how:?}");
        assert!(matches!(failure.of_read(), RemoteError::Unavailable(_)), "{how:?}");
    }
}

#[tokio::test]
async fn an_answer_over_the_limit_is_cut_and_redirects_are_not_followed() {
    let (base, log) = serve(|seen, _| match seen.uri.path() {
        "/long" => json(200, &"x".repeat(65).into()),
        _ => axum::response::IntoResponse::into_response(axum::response::Redirect::temporary("/long")),
    })
    .await;
    let failure = http().send(get(&format!("{base}/long"))).await.unwrap_err();
    assert!(matches!(failure.of_read(), RemoteError::Unreadable(_)));
    let answer = http().send(get(&base)).await.unwrap();
    assert_eq!((answer.status, log.lock().unwrap().len()), (307, 2));
}

#[tokio::test]
async fn the_key_is_sent_and_never_printed() {
    let (base, log) = serve(|_, _| text(200, "")).await;
    let call =
        get(&base).key(&"s3cret".into()).secret_header(HeaderName::from_static("x-api-key"), &"t0psecret".into());
    let shown = format!("{call:?}");
    assert!(!shown.contains("s3cret") && !shown.contains("t0psecret") && !shown.contains("czNjcmV0"), "{shown}");
    http().send(call).await.unwrap();
    let seen = log.lock().unwrap()[0].clone();
    assert_eq!(seen.headers["authorization"], format!("Basic {}", BASE64_STANDARD.encode("s3cret:")));
    assert_eq!(seen.headers["user-agent"], concat!("assay/", env!("CARGO_PKG_VERSION")));
}

#[tokio::test]
async fn failures_name_the_host_and_nothing_of_the_path() {
    let base = broken(Break::Close).await;
    let call = Call::new(Method::GET, format!("{base}/people/ada?email=ada@example.org").parse().unwrap(), SHORT);
    let failure = http().send(call).await.unwrap_err();
    assert!(!failure.why.contains("ada"), "{failure:?}");
}
