//! What comes in from outside: signed, unsigned, repeated, oversized, misshapen.

use axum::body::{Body, to_bytes};
use axum::http::{Method, Request, StatusCode};
use domain::Clock as _;
use serde_json::{Value, json};
use server::sandbox::lever::signature;
use tower::ServiceExt as _;

use super::on_both_engines;
use super::story::{PASSED, Story};
use crate::engine::Engine;

struct Answer {
    status: StatusCode,
    body: Value,
}

async fn call(story: &Story, method: Method, path: &str, key: Option<&str>, body: impl Into<Body>) -> Answer {
    let mut request = Request::builder().method(method).uri(path);
    if let Some(key) = key {
        request = request.header("authorization", key);
    }
    let response = story.assay.router().oneshot(request.body(body.into()).unwrap()).await.unwrap();
    let status = response.status();
    let bytes = to_bytes(response.into_body(), 1 << 20).await.unwrap();
    Answer { status, body: serde_json::from_slice(&bytes).unwrap_or(Value::Null) }
}

async fn hook(story: &Story) -> String {
    format!("/hooks/lever/{}", story.organization().await.hook)
}

/// As Lever signs it.
fn signed(story: &Story, token: &str, at: i64, data: &Value) -> Value {
    json!({
        "id": "11111111-1111-4111-8111-111111111111", "event": "candidateStageChange", "triggeredAt": at, "token": token,
        "signature": signature(story.lever.webhook_token(), token, at), "data": data,
    })
}

async fn deliver(story: &Story, body: &Value) -> Answer {
    call(story, Method::POST, &hook(story).await, None, body.to_string()).await
}

on_both_engines! {
    async fn a_signed_delivery_is_stored_once(engine: Engine) {
        let story = Story::begin(engine).await;
        let now = story.clock.now().as_millis();
        let data = json!({"opportunityId": "o1", "contactId": "c1", "toStageId": story.lever.stage_id(PASSED).unwrap()});
        let body = signed(&story, "aaaa", now, &data);
        let first = deliver(&story, &body).await;
        assert_eq!((first.status, &first.body["status"]), (StatusCode::OK, &json!("stored")));
        let second = deliver(&story, &body).await;
        assert_eq!((second.status, &second.body["status"]), (StatusCode::OK, &json!("already stored")));
        assert_eq!(first.body["delivery"], second.body["delivery"]);

        let forged = signed(&story, "aaaa", now, &json!({"opportunityId": "o2", "toStageId": "s"}));
        assert_eq!(deliver(&story, &forged).await.body["status"], json!("already stored"));
        let organization = story.organization().await.id;
        let failed = story.assay.cx.store.deliveries(organization, true, 10).await.unwrap();
        assert!(failed.len() == 1 && failed[0].suspicious && failed[0].repeats == 2, "{failed:?}");
        story.settle().await;
        story.end().await;
    }

    async fn verify_connection_is_answered_and_shown(engine: Engine) {
        let story = Story::begin(engine).await;
        let body = signed(&story, "bbbb", story.clock.now().as_millis(), &json!({}));
        let answer = deliver(&story, &body).await;
        assert_eq!((answer.status, &answer.body["status"]), (StatusCode::OK, &json!("verified")));
        story.end().await;
    }

    async fn what_is_not_signed_is_refused_and_findable(engine: Engine) {
        let story = Story::begin(engine).await;
        let now = story.clock.now().as_millis();
        let good = signed(&story, "cccc", now, &json!({"opportunityId": "o1"}));
        let mut wrong = good.clone();
        wrong["signature"] = json!("0".repeat(64));
        let mut none = good.clone();
        none.as_object_mut().unwrap().remove("signature");
        let mut other_time = good.clone();
        other_time["triggeredAt"] = json!(now + 1);
        let old = signed(&story, "dddd", now - 8 * 86_400_000, &json!({"opportunityId": "o1"}));
        for body in [wrong, none, other_time, old, json!([1, 2]), json!({})] {
            let answer = deliver(&story, &body).await;
            assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{body}");
        }
        let path = hook(&story).await;
        assert_eq!(call(&story, Method::POST, &path, None, "not json").await.status, StatusCode::BAD_REQUEST);
        assert_eq!(call(&story, Method::POST, &path, None, "x".repeat(257 * 1024)).await.status, StatusCode::PAYLOAD_TOO_LARGE);
        assert_eq!(call(&story, Method::POST, "/hooks/lever/guess", None, good.to_string()).await.status, StatusCode::NOT_FOUND);
        let organization = story.organization().await.id;
        let failed = story.assay.cx.store.deliveries(organization, true, 20).await.unwrap();
        assert_eq!(failed.len(), 8, "{failed:#?}");
        assert!(failed.iter().all(|d| d.status == "refused" && d.reason.is_some()));
        assert_eq!(story.run_jobs().await, 0, "nothing follows from what is not signed");
        story.end().await;
    }

    async fn a_signed_delivery_of_unknown_shape_is_kept(engine: Engine) {
        let story = Story::begin(engine).await;
        let now = story.clock.now().as_millis();
        let mut unknown = signed(&story, "eeee", now, &json!({"planet": "mars"}));
        unknown["event"] = json!("candidateTeleported");
        let mut shapeless = signed(&story, "ffff", now, &json!("text"));
        shapeless["event"] = json!(7);
        for body in [unknown, shapeless] {
            assert_eq!(deliver(&story, &body).await.status, StatusCode::OK);
        }
        let organization = story.organization().await.id;
        let failed = story.assay.cx.store.deliveries(organization, true, 20).await.unwrap();
        assert!(failed.len() == 2 && failed.iter().all(|d| d.status == "not-understood"), "{failed:#?}");
        story.end().await;
    }

    async fn a_callback_is_taken_for_a_hint(engine: Engine) {
        let story = Story::begin(engine).await;
        let ada = story.person("ada@example.com");
        story.pass(&ada);
        story.settle().await;
        let order = story.order(&ada).await;
        let path = format!("/hooks/assessments/{}", order.id);
        let key = story.vendors.connection()["greenhouse"]["api_key"].as_str().unwrap().to_owned();
        let basic = |key: &str| {
            use base64::Engine as _;
            format!("Basic {}", base64::engine::general_purpose::STANDARD.encode(format!("{key}:")))
        };
        let lie = r#"{"partner_status":"complete","partner_score":100}"#;
        for (method, key, status) in [
            (Method::PATCH, None, StatusCode::OK),
            (Method::POST, None, StatusCode::OK),
            (Method::PATCH, Some(basic(&key)), StatusCode::OK),
            (Method::PATCH, Some(basic("a key of last year")), StatusCode::OK),
        ] {
            assert_eq!(call(&story, method, &path, key.as_deref(), lie).await.status, status);
        }
        let unknown = format!("/hooks/assessments/{}", server::ids::unguessable());
        assert_eq!(call(&story, Method::PATCH, &unknown, None, "").await.status, StatusCode::NOT_FOUND);
        assert_eq!(call(&story, Method::PATCH, "/hooks/assessments/x", None, "").await.status, StatusCode::NOT_FOUND);
        story.settle().await;
        assert_eq!(story.order(&ada).await.outcome, None);
        story.end().await;
    }

    async fn a_report_is_reached_through_our_address(engine: Engine) {
        let story = Story::begin(engine).await;
        let ada = story.person("ada+pass@example.com");
        story.pass(&ada);
        story.settle().await;
        story.take_test("ada+pass@example.com").await;
        let order = story.order(&ada).await;
        let path = format!("/reports/{}", order.report_token);
        assert_eq!(call(&story, Method::GET, &path, None, "").await.status, StatusCode::SEE_OTHER);
        assert_eq!(call(&story, Method::GET, "/reports/guess", None, "").await.status, StatusCode::NOT_FOUND);
        assert!(story.timeline(&ada).await.join(" ").contains("The report was opened."));
        story.end().await;
    }
}
