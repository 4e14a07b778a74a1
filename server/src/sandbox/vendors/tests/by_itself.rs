use std::time::Duration;

use axum::http::{Method, StatusCode};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;

use super::{Ats, Bench, json_of};
use crate::sandbox::vendors::{Options, VendorSandbox};

#[tokio::test]
async fn a_callback_is_a_patch_with_the_key_of_the_connection() {
    let bench = Bench::new().await;
    let mut ats = Ats::new().await;
    let id = bench.sent("ana@example.org", &ats.url).await;
    bench.vendor.complete(&id, Some(50.0), None);
    assert_eq!(bench.vendor.queued_callbacks()[0].url, ats.url);
    assert_eq!(bench.vendor.deliver_callbacks().await, 1);
    let credentials = STANDARD.encode(format!("{}:", bench.setting("/greenhouse/api_key")));
    let expected = (Method::PATCH, "/hooks/assessments/7".to_owned(), Some(format!("Basic {credentials}")));
    assert_eq!(ats.drain(), [expected]);
    let call = bench.vendor.journal().pop().unwrap();
    assert_eq!((call.direction, call.answer.as_str()), ("out", "200"));
}

#[tokio::test]
async fn a_failed_callback_is_tried_three_times_more() {
    let bench = Bench::new().await;
    let mut ats = Ats::new().await;
    *ats.status.lock().unwrap() = StatusCode::SERVICE_UNAVAILABLE;
    let id = bench.sent("ana+pass@example.org", &ats.url).await;
    bench.vendor.complete_by_address(&id);
    for failures in 1..=3 {
        assert_eq!(bench.vendor.deliver_callbacks().await, 0);
        assert_eq!(bench.vendor.queued_callbacks()[0].failures, failures);
    }
    assert_eq!(bench.vendor.deliver_callbacks().await, 0);
    assert!(bench.vendor.queued_callbacks().is_empty());
    assert_eq!(ats.drain().len(), 4);
}

#[tokio::test]
async fn callbacks_can_be_dropped() {
    let bench = Bench::new().await;
    let mut ats = Ats::new().await;
    let id = bench.sent("ana+pass@example.org", &ats.url).await;
    bench.vendor.complete_by_address(&id);
    assert_eq!(bench.vendor.drop_callbacks(), 1);
    assert_eq!(bench.vendor.deliver_callbacks().await, 0);
    assert!(ats.drain().is_empty());
}

#[tokio::test]
async fn the_automatic_mode_completes_and_calls_back() {
    let options = Options { auto: true, auto_after: Duration::ZERO, ..Options::default() };
    let bench =
        Bench { vendor: VendorSandbox::start(options).await.unwrap(), http: super::super::http_client().unwrap() };
    let mut ats = Ats::new().await;
    let id = bench.sent("ana+pass@example.org", &ats.url).await;
    assert_eq!(ats.next().await.0, Method::PATCH);
    assert_eq!(bench.status(&id).await["partner_score"], 92.0);
}

#[tokio::test]
async fn the_sandbox_stops_with_its_last_handle() {
    let vendor = VendorSandbox::start(Options::default()).await.unwrap();
    let other = vendor.clone();
    drop(vendor);
    let http = super::super::http_client().unwrap();
    let url = other.origin().to_owned();
    assert_eq!(http.get(&url).send().await.unwrap().status(), 200);
    drop(other);
    let refused = async { while http.get(&url).send().await.is_ok() {} };
    tokio::time::timeout(Duration::from_secs(20), refused).await.unwrap();
}

#[tokio::test]
async fn another_process_has_the_same_levers() {
    let bench = Bench::new().await;
    let mut ats = Ats::new().await;
    let first = bench.sent("ana+fail@example.org", &ats.url).await;
    let second = bench.sent("ben@example.org", &ats.url).await;
    assert_eq!(bench.control("/_sandbox/start", &json!({"interview": first})).await.status(), 200);
    assert_eq!(bench.control("/_sandbox/complete", &json!({"interview": first})).await.status(), 200);
    assert_eq!(bench.control("/_sandbox/complete", &json!({"interview": second, "score": 55})).await.status(), 200);
    assert_eq!(bench.control("/_sandbox/complete", &json!({"interview": "no"})).await.status(), 409);
    let sent = json_of(bench.control("/_sandbox/callbacks/send", &json!({})).await).await;
    assert_eq!(sent, json!({"delivered": 2, "queued": 0}));
    assert_eq!(ats.drain().len(), 2);
    let read = async |path: &str| json_of(bench.http.get(bench.page(path)).send().await.unwrap()).await;
    let invitations = read("/_sandbox/invitations").await;
    assert_eq!(invitations[0]["score"], 20.0);
    assert_eq!(invitations[1]["score"], 55.0);
    assert_eq!(invitations[1]["state"], "complete");
    assert_eq!(read("/_sandbox/inbox").await.as_array().unwrap().len(), 2);
    assert_eq!(read("/_sandbox/connection").await, bench.vendor.connection());
    let faults = bench.control("/_sandbox/faults", &json!({"send": "drop-connection", "send_times": 1})).await;
    assert_eq!(faults.status(), 200);
    assert_eq!(bench.vendor.faults().send_times, Some(1));
    assert_eq!(bench.control("/_sandbox/faults", &json!({"sned": "none"})).await.status(), 422);
    let before = bench.vendor.now();
    bench.control("/_sandbox/advance", &json!({"weeks": 8})).await;
    assert_eq!(bench.vendor.now().since(before), Duration::from_secs(8 * 7 * 24 * 3600));
}
