use serde_json::json;

use super::{Bench, CALLBACK, send_body};
use crate::sandbox::vendors::{InvitationState, SendFault};

async fn text(bench: &Bench, path: &str) -> String {
    let response = bench.http.get(bench.page(path)).send().await.unwrap();
    assert_eq!(response.status(), 200, "{path}");
    response.text().await.unwrap()
}

async fn submit(bench: &Bench, path: &str, fields: &[(&str, &str)]) -> u16 {
    bench.http.post(bench.page(path)).form(fields).send().await.unwrap().status().as_u16()
}

#[tokio::test]
async fn a_person_takes_the_test() {
    let bench = Bench::new().await;
    let id = bench.sent("ana@example.org", CALLBACK).await;
    assert!(text(&bench, "/inbox?address=ana").await.contains(&format!("href=\"/tests/{id}\"")));
    assert!(!text(&bench, "/inbox?address=ben").await.contains("/tests/"));
    let result = format!("/results/{id}");
    assert_eq!(bench.http.get(bench.page(&result)).send().await.unwrap().status(), 404);
    assert!(text(&bench, &format!("/tests/{id}")).await.contains("Start the test"));
    assert_eq!(submit(&bench, &format!("/tests/{id}/start"), &[]).await, 303);
    assert_eq!(bench.vendor.invitation(&id).unwrap().state, InvitationState::Started);
    let finish = format!("/tests/{id}/finish");
    assert_eq!(submit(&bench, &finish, &[("score", "many"), ("band", "")]).await, 422);
    assert_eq!(submit(&bench, &finish, &[("score", "71.5"), ("band", "Mid")]).await, 303);
    let done = bench.vendor.invitation(&id).unwrap();
    assert_eq!((done.score, done.band.as_deref()), (Some(71.5), Some("Mid")));
    assert_eq!(bench.vendor.queued_callbacks().len(), 1);
    assert!(text(&bench, &result).await.contains("71.5, band Mid"));
    assert!(!text(&bench, &format!("/tests/{id}")).await.contains("<form"));
}

#[tokio::test]
async fn a_person_declines_or_lets_it_expire() {
    let bench = Bench::new().await;
    for (act, state) in [("decline", InvitationState::Declined), ("expire", InvitationState::Expired)] {
        let id = bench.sent("ana@example.org", CALLBACK).await;
        assert_eq!(submit(&bench, &format!("/tests/{id}/{act}"), &[]).await, 303);
        assert_eq!(bench.vendor.invitation(&id).unwrap().state, state);
    }
    assert_eq!(bench.http.get(bench.page("/tests/none")).send().await.unwrap().status(), 404);
}

#[tokio::test]
async fn markup_from_outside_stays_text() {
    let bench = Bench::new().await;
    let evil = "<script>alert(1)</script>";
    let mut body = send_body("\"><script>x</script>@example.org", CALLBACK);
    body["candidate"]["first_name"] = json!(evil);
    bench.vendor.add_test("t-101", evil);
    assert_eq!(bench.send_to("", "").json(&body).send().await.unwrap().status(), 200);
    let id = bench.vendor.invitations()[0].partner_interview_id.clone();
    bench.vendor.complete(&id, None, Some(evil));
    let key = bench.setting("/greenhouse/api_key");
    let report = json!({"api_call": evil, "errors": [evil]});
    let url = bench.setting("/greenhouse/response_error_url");
    bench.http.post(url).basic_auth(key, Some("")).json(&report).send().await.unwrap();
    bench.vendor.update_faults(|f| f.pending_word = format!("\">{evil}"));
    let (test, result) = (format!("/tests/{id}"), format!("/results/{id}"));
    for path in ["/", "/inbox", "/inbox?address=%22%3E%3Cscript", "/errors", "/journal", "/faults", &test, &result] {
        let page = text(&bench, path).await;
        assert!(!page.contains("<script"), "{path}");
        assert!(page.contains("&lt;script"), "{path} shows it");
    }
}

#[tokio::test]
async fn the_switches_are_set_from_the_page() {
    let bench = Bench::new().await;
    let fields = [
        ("send", "refuse-503"),
        ("send_times", "3"),
        ("late_ms", "10"),
        ("retry_after", "4"),
        ("slow_ms", "0"),
        ("pending_word", "sent"),
        ("complete_word", ""),
        ("strict_host", "on"),
    ];
    assert_eq!(submit(&bench, "/faults", &fields).await, 303);
    let faults = bench.vendor.faults();
    assert_eq!((faults.send, faults.send_times, faults.retry_after), (SendFault::Refuse503, Some(3), 4));
    assert!(faults.strict_host && !faults.html_answers);
    let page = text(&bench, "/faults").await;
    assert!(page.contains("<option selected>refuse-503</option>"));
    assert!(page.contains("name=\"strict_host\" checked"));
}
