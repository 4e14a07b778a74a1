use domain::order::OrderState;
use domain::{Personal, Timestamp};
use serde_json::json;

use super::*;
use crate::clock::ManualClock;
use crate::remote::testing::{Break, Log, Seen, broken, http, json as answer, refused, serve, text, wait};

const QUICK: Limits = Limits { total: Duration::from_millis(200), ..Limits::VENDOR };

fn client(base: &str) -> GreenhouseClient {
    let urls = ["list?tenant=7", "send", "status?tenant=7", "errors"].map(|path| format!("{base}/{path}"));
    let urls = Urls::parse(urls.each_ref().map(String::as_str), true).unwrap();
    let clock = Arc::new(ManualClock::at(Timestamp::EPOCH));
    GreenhouseClient::new(http(), urls, "k3y".into(), Budget::unlimited(), clock).with_limits(QUICK)
}

async fn vendor(
    answer: impl Fn(&Seen, usize) -> axum::response::Response + Clone + Send + Sync + 'static,
) -> (GreenhouseClient, Log) {
    let (base, log) = serve(answer).await;
    (client(&base), log)
}

fn invitation() -> Invitation {
    Invitation {
        test: "t-1".into(),
        opportunity: "o1".into(),
        contact: "c1".into(),
        name: Personal::new("Ada King Lovelace"),
        email: Personal::new("ada@example.org"),
        phone: None,
        profile_url: "https://hire.lever.co/candidates/o1".into(),
        callback_url: "https://ours.example/hooks/assessments/7".into(),
    }
}

fn calls(log: &Log) -> Vec<String> {
    log.lock().unwrap().iter().map(|s| format!("{} {}", s.method, s.uri)).collect()
}

#[tokio::test]
async fn an_invitation_says_what_the_contract_asks() {
    let (vendor, log) = vendor(|_, _| answer(201, &json!({"partner_interview_id": 98765}))).await;
    assert_eq!(vendor.invite(&invitation()).await.unwrap(), "98765");
    let seen = log.lock().unwrap()[0].clone();
    let expected = json!({"partner_test_id": "t-1", "url": "https://ours.example/hooks/assessments/7",
        "candidate": {"first_name": "Ada", "last_name": "King Lovelace", "preferred_name": null, "email": "ada@example.org",
            "phone_number": null, "resume_url": null, "greenhouse_profile_url": "https://hire.lever.co/candidates/o1"}});
    assert_eq!(seen.json(), expected);
    assert_eq!(seen.headers["authorization"], "Basic azN5Og==");
    assert_eq!(calls(&log), ["POST /send"]);
}

#[tokio::test]
async fn a_send_that_may_have_happened_is_unknown_and_one_that_did_not_is_not() {
    for how in [Break::Close, Break::Half, Break::Silence] {
        let error = client(&broken(how).await).invite(&invitation()).await.unwrap_err();
        assert!(matches!(error, RemoteError::Unknown(_)), "{how:?} {error}");
    }
    let error = client(&refused().await).invite(&invitation()).await.unwrap_err();
    assert!(matches!(error, RemoteError::Unavailable(_)), "{error}");
}

#[tokio::test]
async fn a_refused_send_is_made_once_and_classified() {
    type Check = fn(&RemoteError) -> bool;
    let cases: [(u16, Option<&str>, Check); 10] = [
        (400, None, |e| matches!(e, RemoteError::Rejected(_))),
        (401, None, |e| matches!(e, RemoteError::Unauthorized(_))),
        (403, None, |e| matches!(e, RemoteError::Forbidden(_))),
        (404, None, |e| matches!(e, RemoteError::NotFound(_))),
        (422, None, |e| matches!(e, RemoteError::Rejected(_))),
        (429, Some("2"), |e| *e == RemoteError::RateLimited { retry_after: Some(Duration::from_secs(2)) }),
        (503, Some("9"), |e| *e == RemoteError::RateLimited { retry_after: Some(Duration::from_secs(9)) }),
        (503, None, |e| matches!(e, RemoteError::Unknown(_))),
        (500, None, |e| matches!(e, RemoteError::Unknown(_))),
        (302, None, |e| matches!(e, RemoteError::Unknown(_))),
    ];
    for (status, after, right) in cases {
        let (vendor, log) =
            vendor(move |_, _| after.map_or_else(|| text(status, "ada@example.org"), |a| wait(status, a))).await;
        let error = vendor.invite(&invitation()).await.unwrap_err();
        assert!(right(&error) && !error.to_string().contains("ada"), "{status} {error:?}");
        assert_eq!(calls(&log), ["POST /send"], "{status}");
    }
}

#[tokio::test]
async fn a_refused_callback_address_says_what_to_ask_the_vendor() {
    let (vendor, _) = vendor(|_, _| answer(400, &json!({"error": "url host must be app.greenhouse.io"}))).await;
    let error = vendor.invite(&invitation()).await.unwrap_err();
    assert!(matches!(&error, RemoteError::Rejected(why) if why.contains("allow the host ours.example")), "{error}");
}

#[tokio::test]
async fn a_send_without_an_id_is_reported_to_the_vendor() {
    let bodies = [(r#"{"partner_interview_id":null}"#, true), ("{}", false), ("<html>", false), ("", false)];
    for (body, refused) in bodies {
        let (vendor, log) = vendor(move |_, _| text(200, body)).await;
        let error = vendor.invite(&invitation()).await.unwrap_err();
        assert_eq!(matches!(error, RemoteError::Rejected(_)), refused, "{body} {error}");
        assert_eq!(matches!(error, RemoteError::Unknown(_)), !refused, "{body} {error}");
        assert_eq!(calls(&log), ["POST /send", "POST /errors"], "{body}");
        let told = log.lock().unwrap()[1].json();
        assert_eq!((&told["api_call"], &told["partner_test_id"]), (&json!("send_test"), &json!("t-1")));
        assert_eq!(told["errors"].as_array().map(Vec::len), Some(1));
    }
}

#[tokio::test]
async fn a_malformed_catalogue_is_refused_and_reported() {
    let good = json!([{"partner_test_id": "t-1", "partner_test_name": "Backend screen"}]);
    let (vendor_, log) = vendor(move |_, _| answer(200, &good)).await;
    assert_eq!(vendor_.tests().await.unwrap()[0].name, "Backend screen");
    assert_eq!(calls(&log), ["GET /list?tenant=7"]);
    for body in [r#"[{"id":1,"name":"x"}]"#, "{}", "<html>"] {
        let (vendor, log) = vendor(move |_, _| text(200, body)).await;
        assert!(matches!(vendor.tests().await, Err(RemoteError::Unreadable(_))), "{body}");
        assert_eq!(calls(&log), ["GET /list?tenant=7", "POST /errors"], "{body}");
    }
    let (off, log) = vendor(|_, _| text(404, "")).await;
    assert!(matches!(off.tests().await, Err(RemoteError::NotFound(_))));
    assert_eq!(calls(&log).len(), 1);
}

#[tokio::test]
async fn a_status_is_read_and_its_faults_are_reported_even_if_nobody_listens() {
    let (vendor_, log) = vendor(|seen, _| match seen.uri.path() {
        "/errors" => text(500, ""),
        _ => answer(200, &json!({"partner_status": "complete", "partner_score": "81", "partner_profile_url": "/r/1"})),
    })
    .await;
    let status = vendor_.status("i 1&x=y").await.unwrap();
    assert_eq!((status.state, status.word.as_str()), (OrderState::Completed, "complete"));
    assert_eq!((status.result.unwrap().score, status.report_url, status.complaints.len()), (Some(81.0), None, 1));
    assert_eq!(calls(&log), ["GET /status?tenant=7&partner_interview_id=i+1%26x%3Dy", "POST /errors"]);
    assert_eq!(log.lock().unwrap()[1].json()["partner_interview_id"], "i 1&x=y");

    let (vendor_, log) = vendor(|_, _| text(200, "{}")).await;
    assert!(matches!(vendor_.status("i").await, Err(RemoteError::Unreadable(_))));
    assert_eq!(calls(&log).len(), 2);

    let (vendor_, log) = vendor(|_, _| wait(503, "5")).await;
    assert_eq!(
        vendor_.status("i").await.unwrap_err(),
        RemoteError::RateLimited { retry_after: Some(Duration::from_secs(5)) }
    );
    assert_eq!(calls(&log).len(), 1);
    assert!(matches!(client(&broken(Break::Close).await).status("i").await, Err(RemoteError::Unavailable(_))));
}

#[test]
fn a_key_must_fit_the_contract() {
    assert_eq!(check_api_key(&"k".repeat(170).into()), Ok(()));
    for bad in [String::new(), "k".repeat(171), "a:b".into(), "a\nb".into()] {
        let error = check_api_key(&bad.clone().into()).unwrap_err();
        assert!(bad.is_empty() || !error.contains(&bad), "{error}");
    }
}

#[test]
fn addresses_are_named_when_they_are_wrong() {
    let error =
        Urls::parse(["https://v.example/l", "https://v.example/s", "https://10.0.0.1/t", "https://v.example/e"], false);
    assert!(error.unwrap_err().starts_with("test_status_url"));
}

#[test]
fn the_key_is_not_in_debug_output() {
    assert!(!format!("{:?}", client("http://127.0.0.1:1")).contains("k3y"));
}
