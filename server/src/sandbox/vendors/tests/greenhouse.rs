use serde_json::{Value, json};

use super::{Bench, CALLBACK, json_of, send_body};
use crate::sandbox::vendors::{Faults, InvitationState, LIFETIME, SendFault, VendorSandbox};

#[tokio::test]
async fn tests_are_listed_under_the_documented_keys() {
    let bench = Bench::new().await;
    let list = json_of(bench.list().send().await.unwrap()).await;
    assert_eq!(list[0], json!({"partner_test_id": "t-101", "partner_test_name": "Backend screen"}));
    assert_eq!(list.as_array().unwrap().len(), 5);
    bench.vendor.add_test("t-200", "Rust");
    assert!(bench.vendor.retire_test("t-101"));
    let list = json_of(bench.list().send().await.unwrap()).await;
    assert_eq!(list[0]["partner_test_id"], "t-102");
    assert_eq!(list[4], json!({"partner_test_id": "t-200", "partner_test_name": "Rust"}));
    assert_eq!(bench.send_to("ana@example.org", CALLBACK).send().await.unwrap().status(), 404);
}

#[tokio::test]
async fn a_wrong_key_or_a_password_is_refused() {
    let bench = Bench::new().await;
    let url = bench.setting("/greenhouse/list_tests_url");
    let key = bench.setting("/greenhouse/api_key");
    assert!(key.len() < 171);
    let plain = bench.http.get(&url).send().await.unwrap();
    assert_eq!(plain.status(), 401);
    assert!(plain.headers().contains_key("www-authenticate"));
    let wrong = bench.http.get(&url).basic_auth("other", Some("")).send().await.unwrap();
    assert_eq!(wrong.status(), 401);
    let password = bench.http.get(&url).basic_auth(&key, Some("x")).send().await.unwrap();
    assert_eq!(password.status(), 401);
    assert_eq!(bench.http.get(&url).basic_auth(&key, None::<&str>).send().await.unwrap().status(), 200);
}

#[tokio::test]
async fn every_send_is_another_invitation_and_another_mail() {
    let bench = Bench::new().await;
    let first = bench.sent("ana@example.org", CALLBACK).await;
    let second = bench.sent("ana@example.org", CALLBACK).await;
    assert_ne!(first, second);
    let invitations = bench.vendor.invitations();
    assert_eq!(invitations.len(), 2);
    assert_eq!(invitations[0].partner_interview_id, first);
    assert_eq!(invitations[0].test_name, "Backend screen");
    assert_eq!(invitations[0].callback_url.as_deref(), Some(CALLBACK));
    assert_eq!(invitations[0].mailed_at, Some(bench.vendor.now()));
    let mails = bench.vendor.inbox();
    assert_eq!(mails.len(), 2);
    assert_eq!(mails[1].to, "ana@example.org");
    assert!(mails[1].link.ends_with(&format!("/tests/{second}")));
}

#[tokio::test]
async fn what_is_missing_is_named_and_nothing_is_sent() {
    let bench = Bench::new().await;
    let fields = [
        "/partner_test_id",
        "/candidate/email",
        "/candidate/first_name",
        "/candidate/last_name",
        "/candidate/greenhouse_profile_url",
        "/url",
    ];
    for field in fields {
        let mut body = send_body("ana@example.org", CALLBACK);
        *body.pointer_mut(field).unwrap() = Value::Null;
        let response = bench.send_to("", "").json(&body).send().await.unwrap();
        assert_eq!(response.status(), 400, "{field}");
        let name = field.trim_start_matches('/').replace('/', ".");
        assert_eq!(json_of(response).await["error"], format!("{name} is missing"));
    }
    assert!(bench.vendor.invitations().is_empty());
}

#[tokio::test]
async fn the_status_follows_the_candidate() {
    let bench = Bench::new().await;
    let id = bench.sent("ana@example.org", CALLBACK).await;
    let pending = json!({
        "partner_status": "not_started", "partner_profile_url": null, "partner_score": null, "metadata": null,
    });
    assert_eq!(bench.status(&id).await, pending);
    assert!(bench.vendor.start_test(&id));
    assert_eq!(bench.status(&id).await["partner_status"], "in_progress");
    assert!(bench.vendor.complete(&id, Some(81.0), None));
    let status = bench.status(&id).await;
    assert_eq!(status["partner_status"], "complete");
    assert_eq!(status["partner_score"], 81.0);
    assert_eq!(status["partner_profile_url"], bench.page(&format!("/results/{id}")));
    assert_eq!(status["metadata"]["Started At"], "2023-11-14T22:13:20Z");
    assert!(!bench.vendor.complete(&id, Some(1.0), None), "a finished test cannot be finished again");
    assert_eq!(bench.status(&id).await["partner_score"], 81.0);
}

#[tokio::test]
async fn an_unknown_interview_is_not_found() {
    let bench = Bench::new().await;
    let key = bench.setting("/greenhouse/api_key");
    let url = format!("{}?partner_interview_id=1", bench.setting("/greenhouse/test_status_url"));
    assert_eq!(bench.http.get(url).basic_auth(key, Some("")).send().await.unwrap().status(), 404);
}

#[tokio::test]
async fn reported_errors_are_kept() {
    let bench = Bench::new().await;
    let key = bench.setting("/greenhouse/api_key");
    let url = bench.setting("/greenhouse/response_error_url");
    let body = json!({"api_call": "test_status", "errors": ["no profile address"], "partner_interview_id": "9"});
    let response = bench.http.post(&url).basic_auth(&key, Some("")).json(&body).send().await.unwrap();
    assert_eq!(json_of(response).await, json!({"status": 200}));
    let errors = bench.vendor.response_errors();
    assert_eq!(errors[0].api_call, "test_status");
    assert_eq!(errors[0].errors, ["no profile address"]);
    assert_eq!(errors[0].body, body);
    let half = json!({"api_call": "test_status"});
    assert_eq!(bench.http.post(&url).basic_auth(&key, Some("")).json(&half).send().await.unwrap().status(), 400);
}

#[tokio::test]
async fn a_dropped_connection_and_a_500_leave_an_invitation() {
    let bench = Bench::new().await;
    bench.vendor.update_faults(|f| {
        f.send = SendFault::DropConnection;
        f.send_times = Some(1);
    });
    let error = bench.send_to("ana@example.org", CALLBACK).send().await.unwrap_err();
    assert!(error.is_request() && !error.is_connect() && !error.is_timeout(), "{error:?}");
    assert_eq!(bench.vendor.invitations().len(), 1);
    assert_eq!(bench.vendor.inbox().len(), 1);
    assert_eq!(bench.vendor.journal()[0].answer, "dropped");
    bench.sent("ana@example.org", CALLBACK).await;
    bench.vendor.set_faults(Faults { send: SendFault::Answer500, ..Faults::default() });
    assert_eq!(bench.send_to("ana@example.org", CALLBACK).send().await.unwrap().status(), 500);
    assert_eq!(bench.vendor.invitations().len(), 3);
}

#[tokio::test]
async fn refused_sends_and_those_without_id_leave_nothing() {
    let bench = Bench::new().await;
    for (fault, status) in [(SendFault::Refuse503, 503), (SendFault::Refuse429, 429)] {
        bench.vendor.set_faults(Faults { send: fault, retry_after: 7, ..Faults::default() });
        let response = bench.send_to("ana@example.org", CALLBACK).send().await.unwrap();
        assert_eq!(response.status(), status);
        assert_eq!(response.headers()["retry-after"], "7");
    }
    bench.vendor.set_faults(Faults { send: SendFault::NullId, ..Faults::default() });
    let body = json_of(bench.send_to("ana@example.org", CALLBACK).send().await.unwrap()).await;
    assert_eq!(body, json!({"partner_interview_id": null}));
    bench.vendor.set_faults(Faults { html_answers: true, ..Faults::default() });
    let text = bench.send_to("ana@example.org", CALLBACK).send().await.unwrap().text().await.unwrap();
    assert!(text.starts_with("<!doctype html>"));
    assert!(bench.vendor.invitations().is_empty() && bench.vendor.inbox().is_empty());
}

#[tokio::test]
async fn answers_can_be_late_numeric_or_malformed() {
    let bench = Bench::new().await;
    bench.vendor.set_faults(Faults { send: SendFault::AnswerLate, late_ms: 1, slow_ms: 1, ..Faults::default() });
    let id = bench.sent("ana@example.org", CALLBACK).await;
    bench.vendor.set_faults(Faults { send: SendFault::NumericId, ..Faults::default() });
    let body = json_of(bench.send_to("ana@example.org", CALLBACK).send().await.unwrap()).await;
    assert!(body["partner_interview_id"].is_u64());
    let malformed =
        Faults { list_malformed: true, early_score: true, complete_word: "completed".into(), ..Faults::default() };
    bench.vendor.set_faults(malformed);
    let list = json_of(bench.list().send().await.unwrap()).await;
    assert_eq!(list[0], json!({"id": "t-101", "name": "Backend screen"}));
    let early = bench.status(&id).await;
    assert_eq!((&early["partner_status"], &early["partner_score"]), (&json!("in_progress"), &json!(75)));
    assert!(early["partner_profile_url"].is_string());
    bench.vendor.complete(&id, None, None);
    assert_eq!(bench.status(&id).await["partner_status"], "completed");
}

#[tokio::test]
async fn the_strict_host_lets_only_greenhouse_call_back() {
    let bench = Bench::new().await;
    bench.vendor.update_faults(|f| f.strict_host = true);
    let response = bench.send_to("ana@example.org", CALLBACK).send().await.unwrap();
    assert_eq!(response.status(), 400);
    assert_eq!(json_of(response).await["error"], "url must be on app.greenhouse.io");
    bench.sent("ana@example.org", "https://app.greenhouse.io/callbacks/1").await;
}

#[tokio::test]
async fn the_limit_is_twenty_sends_in_any_minute() {
    let bench = Bench::new().await;
    bench.vendor.update_faults(|f| f.limit_sends = true);
    for n in 0..20 {
        bench.sent(&format!("p{n}@example.org"), CALLBACK).await;
    }
    let refused = bench.send_to("late@example.org", CALLBACK).send().await.unwrap();
    assert_eq!(refused.status(), 429);
    assert_eq!(refused.headers()["retry-after"], "61");
    bench.vendor.advance(std::time::Duration::from_secs(61));
    bench.sent("late@example.org", CALLBACK).await;
    assert_eq!(bench.vendor.invitations().len(), 21);
}

#[tokio::test]
async fn what_nobody_finishes_lapses_after_eight_weeks() {
    let bench = Bench::new().await;
    let id = bench.sent("ana@example.org", CALLBACK).await;
    assert_eq!(bench.vendor.advance(LIFETIME - std::time::Duration::from_secs(1)), 0);
    assert_eq!(bench.vendor.advance(std::time::Duration::from_secs(1)), 1);
    assert_eq!(bench.vendor.invitation(&id).unwrap().state, InvitationState::Expired);
    assert_eq!(bench.status(&id).await["partner_status"], "expired");
}

#[tokio::test]
async fn credentials_follow_from_the_seed() {
    let start = async |seed: &str| {
        let options = super::Options { seed: seed.into(), ..super::Options::default() };
        let connection = VendorSandbox::start(options).await.unwrap().connection();
        connection["greenhouse"]["api_key"].clone()
    };
    assert_eq!(start("a").await, start("a").await);
    assert_ne!(start("a").await, start("b").await);
}
