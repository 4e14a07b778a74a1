use std::time::Duration;

use domain::Timestamp;
use serde_json::json;

use super::*;
use crate::clock::ManualClock;
use crate::remote::testing::{Break, Log, Seen, broken, http, json as answer, refused, serve, text, wait};

const NOW: Timestamp = Timestamp::from_millis(1_800_000_000_000);

fn client(base: &str) -> LeverClient {
    let clock = Arc::new(ManualClock::at(NOW));
    LeverClient::new(http(), &format!("{base}/v1"), "k3y".into(), "user-1", Budget::unlimited(), clock)
        .unwrap()
        .with_limits(Limits { total: Duration::from_millis(200), ..Limits::LEVER }, Duration::from_millis(1))
}

async fn lever(
    answer: impl Fn(&Seen, usize) -> axum::response::Response + Clone + Send + Sync + 'static,
) -> (LeverClient, Log) {
    let (base, log) = serve(answer).await;
    (client(&base), log)
}

fn ada() -> serde_json::Value {
    json!({"data": {"id": "o1", "name": "Ada", "contact": "c1", "stage": {"id": "s1", "text": "Screen"}, "tags": ["a", null],
        "phones": [{"type": "mobile", "value": "1"}, {"value": null}, "2"], "emails": ["ada@example.org"], "links": null,
        "stageChanges": [{"toStageId": "s0", "updatedAt": 5}, {"toStageId": "s1", "updatedAt": "7"}, {"toStageId": "s1"}],
        "applications": [{"id": "p0", "posting": "old", "archived": {"reason": "r"}}, {"id": "p1", "posting": "new", "archived": null}],
        "archived": {"reason": "r1", "archivedAt": 9}, "createdAt": 3, "updatedAt": null, "confidentiality": "confidential",
        "isAnonymized": false, "urls": {"list": "x", "show": "https://hire.lever.co/candidates/o1"}, "fieldOfTomorrow": {}}})
}

#[tokio::test]
async fn an_opportunity_is_read_with_its_posting() {
    let (lever, log) = lever(|_, _| answer(200, &ada())).await;
    let o = lever.opportunity("o1").await.unwrap();
    assert_eq!((o.stage.as_str(), o.posting.as_deref(), o.contact.as_str()), ("s1", Some("new"), "c1"));
    let moves: Vec<_> = o.stage_changes.iter().map(|c| (c.to.as_str(), c.at.as_millis())).collect();
    assert_eq!(moves, [("s0", 5), ("s1", 7)]);
    assert_eq!(o.phones.iter().map(domain::Personal::reveal).collect::<Vec<_>>(), ["1", "2"]);
    assert_eq!((o.tags, o.confidential, o.anonymized, o.read_at), (vec!["a".to_owned()], true, false, NOW));
    assert_eq!(o.archived.unwrap().at.as_millis(), 9);
    assert_eq!(log.lock().unwrap()[0].uri, "/v1/opportunities/o1?expand=applications");
}

#[tokio::test]
async fn an_opportunity_with_nothing_but_an_id_is_read() {
    let (lever, _) = lever(|_, _| answer(200, &json!({"data": {"id": "o1"}}))).await;
    let o = lever.opportunity("o1").await.unwrap();
    assert_eq!((o.id.as_str(), o.stage.as_str(), o.posting, o.created_at), ("o1", "", None, Timestamp::EPOCH));
}

#[tokio::test]
async fn an_id_cannot_lead_elsewhere() {
    let (lever, log) = lever(|_, _| answer(200, &ada())).await;
    for id in ["", ".", ".."] {
        assert!(matches!(lever.opportunity(id).await, Err(RemoteError::NotFound(_))), "{id:?}");
    }
    for id in ["../stages", "a/b", "a?perform_as=x", "%2e%2e", "a#b", "ä b"] {
        lever.opportunity(id).await.unwrap();
        let path = log.lock().unwrap().last().unwrap().uri.path().to_owned();
        let last = path.strip_prefix("/v1/opportunities/").expect(id);
        assert!(!last.contains('/') && !last.contains("%2e%2e%2f") && last != "%2e%2e", "{id:?} {path}");
    }
}

#[tokio::test]
async fn a_write_carries_the_user_and_believes_only_the_tags() {
    let blank = json!({"data": {"id": "o1", "name": "", "emails": [], "tags": ["Py - Pass"]}});
    let (lever, log) = lever(move |_, _| answer(200, &blank)).await;
    assert_eq!(lever.add_tags("o1", &["Py - Pass".into()]).await.unwrap(), ["Py - Pass"]);
    lever.remove_tags("o1", &["x".into()]).await.unwrap();
    lever.add_link("o1", "https://ours.example/reports/1").await.unwrap();
    let seen = log.lock().unwrap().clone();
    let paths: Vec<_> = seen.iter().map(|s| s.uri.to_string()).collect();
    let verbs = ["addTags", "removeTags", "addLinks"].map(|v| format!("/v1/opportunities/o1/{v}?perform_as=user-1"));
    assert_eq!(paths, verbs);
    assert_eq!(seen[0].json(), json!({"tags": ["Py - Pass"]}));
    assert_eq!(seen[2].json(), json!({"links": ["https://ours.example/reports/1"]}));
}

#[tokio::test]
async fn reads_and_tags_are_tried_three_times_and_links_once() {
    let (failing, log) = lever(|_, _| text(500, "")).await;
    assert!(matches!(failing.stages().await, Err(RemoteError::Unavailable(_))));
    assert!(matches!(failing.add_tags("o", &[]).await, Err(RemoteError::Unavailable(_))));
    assert_eq!(log.lock().unwrap().len(), 6);
    assert!(matches!(failing.add_link("o", "https://x.example").await, Err(RemoteError::Unknown(_))));
    assert_eq!(log.lock().unwrap().len(), 7);

    let (recovering, log) = lever(|_, before| match before {
        0 => text(429, "{}"),
        1 => wait(429, "0"),
        _ => answer(200, &json!({"data": []})),
    })
    .await;
    assert_eq!(recovering.stages().await.unwrap(), []);
    assert_eq!(log.lock().unwrap().len(), 3);
}

#[tokio::test]
async fn a_long_wait_is_handed_to_the_caller() {
    let (lever, log) = lever(|_, _| wait(429, "30")).await;
    let expected = RemoteError::RateLimited { retry_after: Some(Duration::from_secs(30)) };
    assert_eq!(lever.stages().await.unwrap_err(), expected);
    assert_eq!(lever.add_link("o", "https://x.example").await.unwrap_err(), expected);
    assert_eq!(log.lock().unwrap().len(), 2);
}

#[tokio::test]
async fn a_link_whose_answer_is_lost_may_have_been_added() {
    for how in [Break::Close, Break::Half, Break::Silence] {
        let error = client(&broken(how).await).add_link("o", "https://x.example").await.unwrap_err();
        assert!(matches!(error, RemoteError::Unknown(_)), "{how:?} {error}");
    }
    let error = client(&refused().await).add_link("o", "https://x.example").await.unwrap_err();
    assert!(matches!(error, RemoteError::Unavailable(_)), "{error}");
}

#[tokio::test]
async fn a_list_is_read_to_its_end_and_a_cursor_goes_back_untouched() {
    let cursor = "%5B3%2C1490220060000%2C%22o2%22%5D";
    let (lever, log) = lever(move |seen, _| match seen.query().iter().find(|(k, _)| k == "offset") {
        None => answer(200, &json!({"data": [{"id": "a", "text": "A"}], "next": cursor, "hasNext": true})),
        Some(_) => {
            answer(200, &json!({"data": [{"id": "a", "text": "A"}, {"id": "b", "text": "B"}], "hasNext": false}))
        }
    })
    .await;
    let names: Vec<_> = lever.postings().await.unwrap().into_iter().map(|n| n.name).collect();
    assert_eq!(names, ["A", "B"]);
    let offset = log.lock().unwrap()[1].query().into_iter().find(|(k, _)| k == "offset").unwrap().1;
    assert_eq!(offset, cursor);
}

#[tokio::test]
async fn a_list_that_turns_in_circles_ends() {
    let (lever, log) =
        lever(|_, _| answer(200, &json!({"data": [{"id": "a"}], "next": "same", "hasNext": true}))).await;
    assert_eq!(lever.stages().await.unwrap().len(), 1);
    assert_eq!(log.lock().unwrap().len(), 2);
    let page = lever.opportunities_in(&["s".into()], Some("same")).await.unwrap();
    assert_eq!(page.next, None);
}

#[tokio::test]
async fn opportunities_are_asked_for_by_stage_without_the_archived_and_the_confidential() {
    let (lever, log) = lever(|_, _| answer(200, &json!({"data": [{"id": "o1"}], "next": "n", "hasNext": true}))).await;
    let page = lever.opportunities_in(&["s1".into(), "s2".into()], None).await.unwrap();
    assert_eq!((page.items.len(), page.next.as_deref()), (1, Some("n")));
    let all = lever.clone().with_confidential();
    all.opportunities_in(&["s1".into()], Some("n")).await.unwrap();
    let uris: Vec<_> = log.lock().unwrap().iter().map(|s| s.uri.to_string()).collect();
    assert_eq!(uris[0], "/v1/opportunities?expand=applications&limit=100&stage_id=s1&stage_id=s2&archived=false",);
    assert!(uris[1].ends_with("&stage_id=s1&archived=false&confidentiality=all&offset=n"), "{}", uris[1]);
    assert!(lever.opportunities_in(&[], None).await.unwrap().items.is_empty());
    assert_eq!(log.lock().unwrap().len(), 2);
}

#[tokio::test]
async fn what_changed_is_asked_for_with_the_archived_and_at_first_everything() {
    let (lever, log) = lever(|_, _| answer(200, &json!({"data": [{"id": "o1", "location": "Lisbon"}]}))).await;
    let page = lever.opportunities_since(None, None).await.unwrap();
    assert_eq!((page.items[0].location.reveal(), page.next), ("Lisbon", None));
    let since = domain::Timestamp::from_millis(1_795_262_400_000);
    lever.opportunities_since(Some(since), Some("n")).await.unwrap();
    let uris: Vec<_> = log.lock().unwrap().iter().map(|s| s.uri.to_string()).collect();
    assert_eq!(uris[0], "/v1/opportunities?expand=applications&limit=100");
    assert!(uris[1].ends_with("&updated_at_start=1795262400000&offset=n"), "{}", uris[1]);
}

#[tokio::test]
async fn errors_carry_the_code_and_not_the_sentence() {
    let cases = [(400, "rejected"), (401, "unauthorized"), (403, "forbidden"), (404, "not found")];
    for (status, _) in cases {
        let body = json!({"code": "SomeCode", "message": "ada@example.org was not found"});
        let (lever, log) = lever(move |_, _| answer(status, &body)).await;
        let error = lever.opportunity("o1").await.unwrap_err();
        let right = match status {
            400 => matches!(error, RemoteError::Rejected(_)),
            401 => matches!(error, RemoteError::Unauthorized(_)),
            403 => matches!(error, RemoteError::Forbidden(_)),
            _ => matches!(error, RemoteError::NotFound(_)),
        };
        let shown = error.to_string();
        assert!(right && shown.contains("SomeCode") && !shown.contains("ada"), "{status} {shown}");
        assert_eq!(log.lock().unwrap().len(), 1, "{status}");
    }
    let (page, _) = lever(|_, _| text(200, "<html>Sign in</html>")).await;
    assert!(matches!(page.opportunity("o1").await, Err(RemoteError::Unreadable(_))));
    let (gone, _) = lever(|_, _| answer(200, &json!({"data": {"id": "o1", "deletedAt": 5}}))).await;
    assert!(matches!(gone.opportunity("o1").await, Err(RemoteError::NotFound(_))));
}

#[tokio::test]
async fn a_user_is_there_gone_or_switched_off() {
    let (lever, _) = lever(|seen, _| match seen.uri.path() {
        "/v1/users/u1" => answer(200, &json!({"data": {"id": "u1", "name": "Grace", "deactivatedAt": null}})),
        "/v1/users/u2" => answer(200, &json!({"data": {"id": "u2", "name": "Old", "deactivatedAt": 5}})),
        _ => answer(404, &json!({"code": "ResourceNotFound", "message": "users x was not found"})),
    })
    .await;
    assert_eq!(lever.user("u1").await.unwrap().unwrap().name, "Grace");
    for gone in ["u2", "u3", ""] {
        assert_eq!(lever.user(gone).await.unwrap(), None, "{gone}");
    }
}

#[tokio::test]
async fn the_key_is_not_in_debug_output_and_names_no_budget() {
    let shown = format!("{:?}", client("http://127.0.0.1:1"));
    assert!(!shown.contains("k3y"), "{shown}");
    let name = budget_name("https://api.lever.co/v1", &"k3y".into());
    assert!(!name.contains("k3y"));
    assert_eq!(name, budget_name("https://api.lever.co/v1", &"k3y".into()));
    assert_ne!(name, budget_name("https://api.lever.co/v1", &"other".into()));
}
