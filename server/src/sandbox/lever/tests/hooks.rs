//! Webhooks as a receiver sees them.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use reqwest::Method;
use serde_json::{Value, json};
use tokio::sync::mpsc;

use super::{Bench, NOW};
use crate::sandbox::lever::{EVENTS, HookState, NewPerson, signature};

#[derive(Clone)]
struct Receiver {
    url: String,
    answers: Arc<Mutex<Vec<u16>>>,
    got: mpsc::UnboundedSender<(String, Value)>,
}

/// Answers with `answers` from the end, then with 200.
async fn receiver(answers: &[u16]) -> (Receiver, mpsc::UnboundedReceiver<(String, Value)>) {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/hook", listener.local_addr().unwrap());
    let (got, received) = mpsc::unbounded_channel();
    let receiver = Receiver { url, answers: Arc::new(Mutex::new(answers.to_vec())), got };
    let app = axum::Router::new().route("/hook", axum::routing::post(take)).with_state(receiver.clone());
    tokio::spawn(axum::serve(listener, app).into_future());
    (receiver, received)
}

async fn take(State(receiver): State<Receiver>, headers: HeaderMap, body: axum::Json<Value>) -> StatusCode {
    let agent = headers["user-agent"].to_str().unwrap().to_owned();
    receiver.got.send((agent, body.0)).unwrap();
    let status = receiver.answers.lock().unwrap().pop().unwrap_or(200);
    StatusCode::from_u16(status).unwrap()
}

fn checks(body: &Value, key: &str) -> bool {
    let (token, at) = (body["token"].as_str().unwrap(), body["triggeredAt"].as_i64().unwrap());
    body["signature"] == json!(signature(key, token, at))
}

#[test]
fn the_signature_covers_token_and_time() {
    let key = "0123456789abcdef".repeat(3);
    let expected = "e124bd8e882fa5af01bfaeebaaf018c28ca5c66b5ae1ed4b68a9612ac935512a";
    assert_eq!(signature(&key, &"a".repeat(48), 1_700_000_000_000), expected);
}

#[tokio::test]
async fn a_move_through_the_api_is_told_to_every_subscriber() {
    let bench = Bench::new("tiny").await;
    let (receiver, mut received) = receiver(&[]).await;
    bench.lever.set_hook(&receiver.url);
    let made = bench.post("/webhooks", &json!({"url": receiver.url, "event": "candidateStageChange"})).await;
    assert_eq!(made.status, 201);
    let key = made.body["data"]["configuration"]["signatureToken"].as_str().unwrap().to_owned();
    let id = bench.someone();
    let before = bench.lever.opportunity(&id).unwrap();
    let to = bench.lever.stage_id("Reference Check").unwrap();
    bench.send(Method::PUT, &format!("/opportunities/{id}/stage"), &json!({"stage": to})).await;
    assert_eq!(bench.lever.deliver_hooks().await, 2);
    for key in [bench.lever.webhook_token(), &key] {
        let (agent, body) = received.recv().await.unwrap();
        assert_eq!(agent, "Lever-Webhooks");
        assert!(checks(&body, key));
        assert_eq!(body["triggeredAt"], NOW);
        assert_eq!(body["event"], "candidateStageChange");
        assert_eq!(
            body["data"],
            json!({"opportunityId": id, "candidateId": id, "contactId": before.contact, "fromStageId": before.stage,
                "toStageId": to})
        );
    }
    assert_eq!(bench.lever.deliver_hooks().await, 0, "nothing is sent twice");
}

#[tokio::test]
async fn a_failed_delivery_is_tried_five_times_more_with_the_same_token() {
    let bench = Bench::new("tiny").await;
    let (receiver, mut received) = receiver(&[302, 500, 404, 503, 500, 429]).await;
    bench.lever.set_hook(&receiver.url);
    bench.lever.archive(&bench.someone(), "Underqualified");
    let mut tokens = Vec::new();
    for attempt in 1..=6 {
        assert_eq!(bench.lever.deliver_hooks().await, 0);
        tokens.push(received.recv().await.unwrap().1["token"].clone());
        let waiting = bench.lever.queued_hooks();
        assert_eq!(waiting.len(), usize::from(attempt < 6));
        if let Some(delivery) = waiting.first() {
            assert_eq!(delivery.next_at, NOW + 1_000 * (1 << (attempt - 1)), "growing gaps");
        }
    }
    tokens.dedup();
    assert_eq!(tokens.len(), 1);
    let given_up = bench.lever.finished_hooks();
    assert_eq!((given_up[0].state, given_up[0].attempts, given_up[0].status), (HookState::Failed, 6, Some(302)));
}

#[tokio::test]
async fn the_sender_delivers_by_itself_and_retries_when_the_gap_is_over() {
    let bench = Bench::with("tiny", |o| o.auto_deliver = true).await;
    let (receiver, mut received) = receiver(&[500]).await;
    bench.lever.set_hook(&receiver.url);
    bench.lever.move_stage(&bench.someone(), "Reference Check");
    let first = received.recv().await.unwrap().1;
    bench.clock.advance(Duration::from_secs(1));
    // The failure may be filed only after the clock was moved, its gap then starts there.
    let second = loop {
        tokio::select! {
            again = received.recv() => break again.unwrap().1,
            () = tokio::task::yield_now() => bench.clock.advance(Duration::from_millis(1)),
        }
    };
    assert_eq!(first, second);
}

#[tokio::test]
async fn hiring_and_deleting_have_their_own_events() {
    let bench = Bench::new("tiny").await;
    bench.lever.set_hook("http://127.0.0.1:1/hook");
    let id = bench.someone();
    bench.lever.archive(&id, "Hired");
    bench.lever.delete(&id);
    let posting = bench.lever.posting_id("Data Scientist").unwrap();
    let person = NewPerson { posting: Some(posting), emails: vec!["a@example.com".to_owned()], ..NewPerson::default() };
    let new = bench.lever.add_person(person);
    let queued = bench.lever.queued_hooks();
    let events: Vec<&str> = queued.iter().map(|d| d.event.as_str()).collect();
    let expected =
        ["candidateArchiveChange", "candidateHired", "candidateDeleted", "contactCreated", "applicationCreated"];
    assert_eq!(events, expected);
    assert!(queued[0].body["data"]["fromArchived"].is_null());
    assert_eq!(queued[0].body["data"]["toArchived"]["archivedAt"], NOW);
    assert_eq!(queued[4].body["data"]["opportunityId"], json!(new));
    assert!(queued[4].body["data"]["applicationId"].is_string());
}

#[tokio::test]
async fn a_webhook_shows_its_token_once_and_only_its_maker_changes_it() {
    let bench = Bench::new("tiny").await;
    let url = "https://hooks.example.org/lever";
    let body =
        json!({"url": url, "event": "candidateHired", "configuration": {"conditions": {"origins": ["applied"]}}});
    let made = bench.post("/webhooks", &body).await.body;
    assert_eq!(made["data"]["configuration"]["signatureToken"].as_str().unwrap().len(), 48);
    let id = made["data"]["id"].as_str().unwrap();
    let list = bench.get("/webhooks?limit=100").await.body;
    assert!(list.get("hasNext").is_none());
    assert_eq!(list["data"][0]["configuration"], json!({"conditions": {"origins": ["applied"]}}));
    let changed =
        bench.send(Method::PUT, "/webhooks/", &json!({"data": [{"id": id, "event": "candidateDeleted"}]})).await;
    assert_eq!(
        (&changed.body["data"][0]["event"], &changed.body["data"][0]["url"]),
        (&json!("candidateDeleted"), &json!(url))
    );
    assert_eq!(bench.send(Method::DELETE, &format!("/webhooks/{id}"), &json!({})).await.status, 204);
    bench.lever.set_hook(url);
    let ui = bench.get("/webhooks").await.body["data"][0]["id"].as_str().unwrap().to_owned();
    assert_eq!(bench.send(Method::DELETE, &format!("/webhooks/{ui}"), &json!({})).await.status, 403);
    let plain = json!({"url": "http://hooks.example.org/lever", "event": "candidateHired"});
    assert_eq!(bench.post("/webhooks", &plain).await.status, 400);
}

#[tokio::test]
async fn a_subscription_may_ask_for_a_test_ping() {
    let bench = Bench::new("tiny").await;
    let (receiver, mut received) = receiver(&[500]).await;
    let body = json!({"url": receiver.url, "event": "candidateHired", "configuration": {"verifyConnection": true}});
    let made = bench.post("/webhooks", &body).await;
    assert_eq!(made.status, 201, "a failed ping blocks nothing");
    let ping = received.recv().await.unwrap().1;
    assert_eq!(ping["data"], json!({}));
    assert!(checks(&ping, made.body["data"]["configuration"]["signatureToken"].as_str().unwrap()));
    assert!(bench.lever.queued_hooks().is_empty(), "a ping is not retried");
    let change = json!({"data": [{"id": made.body["data"]["id"], "configuration": {"verifyConnection": true}}]});
    assert_eq!(bench.send(Method::PUT, "/webhooks", &change).await.status, 200);
    assert_eq!(received.recv().await.unwrap().1["data"], json!({}));
    bench.lever.set_hook(&receiver.url);
    assert_eq!(bench.lever.verify_hooks().await, EVENTS.len(), "and so do the settings");
    bench.lever.set_hook("");
    receiver.answers.lock().unwrap().push(500);
    bench.lever.update_faults(|f| f.verify_blocks = true);
    assert_eq!(bench.post("/webhooks", &body).await.status, 400);
    assert_eq!(bench.get("/webhooks").await.body["data"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn webhooks_can_be_lost_doubled_reordered_and_forged() {
    let bench = Bench::new("tiny").await;
    bench.lever.set_hook("http://127.0.0.1:1/hook");
    let id = bench.someone();
    bench.lever.update_faults(|f| f.lose_hooks = true);
    bench.lever.archive(&id, "Withdrew");
    assert_eq!(bench.lever.finished_hooks()[0].state, HookState::Lost);
    bench.lever.update_faults(|f| (f.lose_hooks, f.duplicate_hooks, f.bad_signature) = (false, true, true));
    bench.lever.unarchive(&id);
    let queued = bench.lever.queued_hooks();
    assert_eq!(queued.len(), 2);
    assert_eq!(queued[0].body, queued[1].body);
    assert!(!checks(&queued[0].body, bench.lever.webhook_token()));
    assert_eq!(bench.lever.drop_hooks(), 2);
    bench.lever.update_faults(|f| {
        *f = crate::sandbox::lever::Faults {
            silent_events: vec!["candidateStageChange".to_owned()],
            ..Default::default()
        };
    });
    bench.lever.move_stage(&id, "Reference Check");
    assert!(bench.lever.queued_hooks().is_empty(), "a group that is switched off is silent");
    bench.lever.update_faults(|f| f.silent_events.clear());
    bench.lever.move_stage(&id, "Offer");
    bench.lever.archive(&id, "Withdrew");
    bench.lever.reverse_hooks();
    assert_eq!(bench.lever.queued_hooks()[0].event, "candidateArchiveChange");
}
