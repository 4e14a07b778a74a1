use std::time::Duration;

use serde_json::{Value, json};

use super::{Ats, Bench, CALLBACK, json_of};
use crate::sandbox::vendors::InvitationState;

#[tokio::test]
async fn each_ending_has_its_result() {
    let bench = Bench::new().await;
    let cases = [
        ("pass", json!(92.0), Value::Null),
        ("review", json!(60.0), Value::Null),
        ("fail", json!(20.0), Value::Null),
        ("noscore", Value::Null, Value::Null),
        ("band-high", Value::Null, json!("High")),
    ];
    for (tag, score, band) in cases {
        let id = bench.sent(&format!("ana+{tag}@example.org"), CALLBACK).await;
        assert_eq!(bench.status(&id).await["partner_status"], "not_started", "{tag}");
        assert!(bench.vendor.complete_by_address(&id));
        let status = bench.status(&id).await;
        assert_eq!(status["partner_status"], "complete", "{tag}");
        assert_eq!(status["partner_score"], score, "{tag}");
        assert_eq!(status["metadata"]["Band"], band, "{tag}");
    }
}

#[tokio::test]
async fn addresses_complete_when_their_time_has_come() {
    let bench = Bench::new().await;
    let fast = bench.sent("ana+pass@example.org", CALLBACK).await;
    let slow = bench.sent("ana+pass+slow@example.org", CALLBACK).await;
    let person = bench.sent("ana@example.org", CALLBACK).await;
    let state = |id: &str| bench.vendor.invitation(id).unwrap().state;
    assert_eq!(bench.vendor.advance(Duration::from_secs(4)), 0);
    assert_eq!(bench.vendor.advance(Duration::from_secs(1)), 1);
    assert_eq!((state(&fast), state(&slow)), (InvitationState::Complete, InvitationState::Invited));
    assert_eq!(bench.vendor.run_due(bench.vendor.now().plus(Duration::from_secs(25))), 1);
    assert_eq!((state(&slow), state(&person)), (InvitationState::Complete, InvitationState::Invited));
    assert!(!bench.vendor.complete_by_address(&person));
}

#[tokio::test]
async fn an_expiring_one_never_completes() {
    let bench = Bench::new().await;
    let id = bench.sent("ana+expire@example.org", CALLBACK).await;
    bench.vendor.advance(Duration::from_secs(3600));
    assert_eq!(bench.status(&id).await["partner_status"], "not_started");
    assert!(!bench.vendor.complete_by_address(&id));
    assert_eq!(bench.control("/_sandbox/complete", &json!({"interview": id})).await.status(), 409);
    bench.vendor.advance(crate::sandbox::vendors::LIFETIME);
    assert_eq!(bench.status(&id).await["partner_status"], "expired");
    assert!(bench.vendor.queued_callbacks().is_empty());
}

#[tokio::test]
async fn refusing_addresses_leave_no_invitation() {
    let bench = Bench::new().await;
    for (tag, status) in [("401", 401), ("500", 500)] {
        let response = bench.send_to(&format!("ana+{tag}@example.org"), CALLBACK).send().await.unwrap();
        assert_eq!(response.status(), status);
    }
    let response = bench.send_to("ana+null@example.org", CALLBACK).send().await.unwrap();
    assert_eq!(response.status(), 200);
    assert_eq!(json_of(response).await, json!({"partner_interview_id": null}));
    assert!(bench.vendor.invitations().is_empty() && bench.vendor.inbox().is_empty());
}

#[tokio::test]
async fn a_limited_address_succeeds_the_second_time() {
    let bench = Bench::new().await;
    let response = bench.send_to("ana+429@example.org", CALLBACK).send().await.unwrap();
    assert_eq!(response.status(), 429);
    assert_eq!(response.headers()["retry-after"], "2");
    assert!(bench.vendor.invitations().is_empty());
    bench.sent("ana+429@example.org", CALLBACK).await;
    assert_eq!(bench.vendor.invitations().len(), 1);
}

#[tokio::test]
async fn a_timing_out_address_is_invited_before_the_client_gives_up() {
    let bench = Bench::new().await;
    let send = bench.send_to("ana+timeout@example.org", CALLBACK).timeout(Duration::from_millis(300)).send();
    assert!(send.await.unwrap_err().is_timeout());
    assert_eq!(bench.vendor.invitations().len(), 1);
    assert_eq!(bench.vendor.inbox().len(), 1);
    assert_eq!(bench.vendor.journal()[0].answer, "", "the call is noted though it was never answered");
}

#[tokio::test]
async fn numeric_and_malformed_addresses_bend_the_shape() {
    let bench = Bench::new().await;
    let body = json_of(bench.send_to("ana+num@example.org", CALLBACK).send().await.unwrap()).await;
    let number = body["partner_interview_id"].as_u64().unwrap();
    assert_eq!(bench.status(&number.to_string()).await["partner_status"], "not_started");
    let id = bench.sent("ana+malformed@example.org", CALLBACK).await;
    bench.vendor.complete_by_address(&id);
    let status = bench.status(&id).await;
    assert_eq!((&status["partner_status"], &status["partner_profile_url"]), (&json!("complete"), &Value::Null));
}

#[tokio::test]
async fn duplicate_addresses_call_back_twice() {
    let bench = Bench::new().await;
    let mut ats = Ats::new().await;
    let id = bench.sent("ana+pass+dup@example.org", &ats.url).await;
    bench.vendor.complete_by_address(&id);
    assert_eq!(bench.vendor.deliver_callbacks().await, 2);
    assert_eq!(ats.drain().len(), 2);
}

#[tokio::test]
async fn late_addresses_call_back_before_they_are_complete() {
    let bench = Bench::new().await;
    let mut ats = Ats::new().await;
    let id = bench.sent("ana+fail+late@example.org", &ats.url).await;
    bench.vendor.advance(Duration::from_secs(5));
    assert_eq!(bench.vendor.deliver_callbacks().await, 1);
    assert_eq!(ats.drain().len(), 1);
    assert_eq!(bench.status(&id).await["partner_status"], "in_progress");
    bench.vendor.advance(Duration::from_secs(3));
    assert_eq!(bench.status(&id).await["partner_score"], 20.0);
    assert!(bench.vendor.queued_callbacks().is_empty());
}
