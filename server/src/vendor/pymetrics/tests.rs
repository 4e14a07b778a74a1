use std::time::Duration;

use domain::{Personal, Timestamp};
use serde_json::json;

use super::*;
use crate::clock::ManualClock;
use crate::remote::testing::{Break, Log, Seen, broken, http, json as answer, serve, text};

fn client(base: &str, clock: &Arc<ManualClock>) -> PymetricsClient {
    let credentials = Credentials { client_id: "id".into(), client_secret: "s3cret".into(), api_key: "k3y".into() };
    let limits = Limits { total: Duration::from_millis(200), ..Limits::VENDOR };
    PymetricsClient::new(http(), base, credentials, true, Budget::unlimited(), clock.clone())
        .unwrap()
        .with_limits(limits)
}

/// A server that grants the tokens `t0`, `t1`, … and answers the rest.
async fn vendor(
    rest: impl Fn(&Seen) -> axum::response::Response + Clone + Send + Sync + 'static,
) -> (PymetricsClient, Log, Arc<ManualClock>) {
    let (base, log) = serve(move |seen, before| match seen.uri.path() {
        "/mercury/v2/oauth/token" => answer(201, &json!({"access_token": format!("t{before}"), "expires_in": 3600})),
        _ => rest(seen),
    })
    .await;
    let clock = Arc::new(ManualClock::at(Timestamp::from_micros(1)));
    (client(&base, &clock), log, clock)
}

fn invitation() -> Invitation {
    Invitation {
        test: "a-1".into(),
        opportunity: "o1".into(),
        contact: "c1".into(),
        name: Personal::new("Ada Lovelace"),
        email: Personal::new("ada@example.org"),
        phone: None,
        profile_url: "https://hire.lever.co/candidates/o1".into(),
        callback_url: "https://ours.example/hooks/assessments/7".into(),
    }
}

fn paths(log: &Log) -> Vec<String> {
    let path = |s: &Seen| s.uri.to_string().replace("/mercury/v2/", "");
    log.lock().unwrap().iter().map(path).collect()
}

#[tokio::test]
async fn an_order_says_what_the_contract_asks() {
    let (vendor, log, _) = vendor(|_| answer(200, &json!({"order": {"id": "u-1"}, "created": false}))).await;
    assert_eq!(vendor.invite(&invitation()).await.unwrap(), "u-1");
    assert_eq!(paths(&log), ["oauth/token", "orders"]);
    let seen = log.lock().unwrap().clone();
    assert_eq!(
        seen[0].json(),
        json!({"client_id": "id", "client_secret": "s3cret", "grant_type": "client_credentials"})
    );
    assert!(!seen[0].headers.contains_key("x-api-key"));
    let candidate =
        json!({"email": "ada@example.org", "first_name": "Ada", "last_name": "Lovelace", "external_id": "c1"});
    let expected = json!({"candidate": candidate, "assessment_id": "a-1", "application_id": "o1", "send_email": true});
    assert_eq!(seen[1].json(), expected);
    assert_eq!(
        (&seen[1].headers["authorization"], &seen[1].headers["x-api-key"]),
        (&"Bearer t0".parse().unwrap(), &"k3y".parse().unwrap())
    );
}

#[tokio::test]
async fn a_token_is_kept_until_shortly_before_its_end() {
    let (vendor, log, clock) = vendor(|_| answer(200, &json!({"assessments": [{"id": "a-1", "type": "games"}]}))).await;
    vendor.tests().await.unwrap();
    clock.advance(Duration::from_secs(3_539));
    assert_eq!(vendor.tests().await.unwrap()[0].name, "a-1");
    assert_eq!(paths(&log), ["oauth/token", "assessments", "assessments"]);
    clock.advance(Duration::from_secs(1));
    vendor.tests().await.unwrap();
    assert_eq!(paths(&log)[3..], ["oauth/token", "assessments"]);
}

#[tokio::test]
async fn a_refused_token_is_renewed_once() {
    let (recovering, log, _) = vendor(|seen| match seen.headers["authorization"].to_str() {
        Ok("Bearer t0") => answer(401, &json!({"message": "expired"})),
        _ => answer(200, &json!({"assessments": []})),
    })
    .await;
    assert_eq!(recovering.tests().await.unwrap(), []);
    assert_eq!(paths(&log), ["oauth/token", "assessments", "oauth/token", "assessments"]);

    let (refusing, log, _) = vendor(|_| answer(401, &json!({"request_id": "r-1", "message": "ada@example.org"}))).await;
    let error = refusing.tests().await.unwrap_err();
    assert!(
        matches!(&error, RemoteError::Unauthorized(why) if why.contains("request r-1") && !why.contains("ada")),
        "{error}"
    );
    assert_eq!(paths(&log).len(), 4);
}

#[tokio::test]
async fn a_refused_client_is_a_matter_of_the_credential() {
    let (base, _) = serve(|_, _| answer(400, &json!({"recoverable": false}))).await;
    let client = client(&base, &Arc::new(ManualClock::at(Timestamp::EPOCH)));
    assert!(client.invite(&invitation()).await.unwrap_err().is_credential());
}

#[tokio::test]
async fn an_order_that_may_have_happened_is_unknown() {
    for (status, body, unknown) in [
        (500, "{}", true),
        (201, "{}", true),
        (201, "<html>", true),
        (400, r#"{"recoverable":false}"#, false),
        (400, r#"{"recoverable":true}"#, false),
    ] {
        let (vendor, log, _) = vendor(move |_| text(status, body)).await;
        let error = vendor.invite(&invitation()).await.unwrap_err();
        assert_eq!(matches!(error, RemoteError::Unknown(_)), unknown, "{status} {body} {error}");
        assert_eq!(matches!(error, RemoteError::Unavailable(_)), body.contains("true"), "{status} {body} {error}");
        assert_eq!(paths(&log), ["oauth/token", "orders"]);
    }
    // Without a token nothing was ordered.
    let clock = Arc::new(ManualClock::at(Timestamp::EPOCH));
    let error = client(&broken(Break::Close).await, &clock).invite(&invitation()).await.unwrap_err();
    assert!(matches!(error, RemoteError::Unavailable(_)), "{error}");
}

#[tokio::test]
async fn the_report_is_asked_for_when_it_is_missing() {
    let fulfilled = |report: Option<&str>| json!({"status": "Fulfilled", "results": [{"band": "high"}], "recruiter_report": report});
    let (vendor_, log, _) = vendor(move |seen| {
        let asked = seen.uri.query() == Some("report=true");
        answer(200, &fulfilled(asked.then_some("https://files.example/r?signature=x")))
    })
    .await;
    let status = vendor_.status("u-1").await.unwrap();
    assert_eq!(status.report_url.as_deref(), Some("https://files.example/r?signature=x"));
    assert_eq!(paths(&log), ["oauth/token", "orders/u-1", "orders/u-1?report=true"]);

    let (vendor_, _, _) = vendor(move |seen| match seen.uri.query() {
        None => answer(200, &fulfilled(None)),
        Some(_) => text(500, ""),
    })
    .await;
    let status = vendor_.status("u-1").await.unwrap();
    assert_eq!((status.report_url, status.result.unwrap().band.as_deref()), (None, Some("high")));
}

#[tokio::test]
async fn secrets_are_not_in_debug_output() {
    let (vendor, ..) = vendor(|_| answer(200, &json!({"assessments": []}))).await;
    vendor.tests().await.unwrap();
    let shown = format!("{vendor:?} {:?}", vendor.credentials);
    assert!(!shown.contains("s3cret") && !shown.contains("k3y") && !shown.contains("t0"), "{shown}");
}
