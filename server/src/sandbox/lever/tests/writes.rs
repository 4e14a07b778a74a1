//! What writes do and what their replies leave out.

use reqwest::Method;
use serde_json::json;

use super::{Bench, NOW, ids};
use crate::sandbox::lever::PerformAs;

#[tokio::test]
async fn replies_to_writes_leave_the_person_blank_except_for_links() {
    let bench = Bench::new("tiny").await;
    let id = bench.someone();
    let stage = json!({"stage": bench.lever.stage_id("Phone Screen Passed").unwrap()});
    let reason = json!({"reason": bench.lever.reason_id("Underqualified").unwrap()});
    let replies = [
        bench.send(Method::PUT, &format!("/opportunities/{id}/stage"), &stage).await,
        bench.send(Method::PUT, &format!("/opportunities/{id}/archived"), &reason).await,
        bench.post(&format!("/opportunities/{id}/addTags"), &json!({"tags": ["new"]})).await,
        bench.post(&format!("/opportunities/{id}/removeSources"), &json!({"sources": ["Job site"]})).await,
    ];
    for reply in replies {
        assert_eq!(reply.status, 200);
        let data = &reply.body["data"];
        assert_eq!((&data["name"], &data["emails"], &data["location"]), (&json!(""), &json!([]), &json!("")));
        assert_eq!(data["id"], json!(id));
    }
    let linked =
        bench.post(&format!("/opportunities/{id}/addLinks"), &json!({"links": ["https://example.com/r"]})).await;
    let read = bench.get(&format!("/opportunities/{id}")).await.body["data"].clone();
    assert_eq!(linked.body["data"]["name"], read["name"]);
    assert_ne!(read["name"], "");
    assert_eq!(read["links"], json!(["https://example.com/r"]));
    bench.lever.update_faults(|f| f.blank_contact_on_write = false);
    let tagged = bench.post(&format!("/opportunities/{id}/removeTags"), &json!({"tags": ["new"]})).await;
    assert_eq!(tagged.body["data"]["name"], read["name"]);
}

#[tokio::test]
async fn a_move_is_written_down_once() {
    let bench = Bench::new("tiny").await;
    let id = bench.someone();
    bench.lever.archive(&id, "Withdrew");
    let before = bench.lever.opportunity(&id).unwrap();
    let path = format!("/opportunities/{id}/stage?perform_as={}", bench.lever.perform_as());
    let body = json!({"stage": bench.lever.stage_id("Reference Check").unwrap()});
    for _ in 0..2 {
        assert_eq!(bench.send(Method::PUT, &path, &body).await.status, 200);
    }
    let after = bench.lever.opportunity(&id).unwrap();
    assert_eq!(after.stage_changes.len(), before.stage_changes.len() + 1);
    assert_eq!(after.stage_changes.last().unwrap().user_id.as_deref(), Some(bench.lever.perform_as()));
    assert_eq!(after.archived, before.archived, "a move does not bring back");
    assert_eq!(after.updated_at, Some(NOW + 1));
    let unknown = bench.send(Method::PUT, &path, &json!({"stage": "Reference Check"})).await;
    assert_eq!(unknown.status, 400, "the API takes ids, no names");
}

#[tokio::test]
async fn a_known_address_makes_no_second_person() {
    let bench = Bench::new("tiny").await;
    let known = bench.lever.opportunity(&bench.someone()).unwrap();
    let posting = bench.lever.posting_id("Data Scientist").unwrap();
    let body = json!({"name": "Another Name", "emails": [known.emails[0].to_uppercase()], "postings": [posting],
        "tags": ["ours"]});
    assert_eq!(bench.post("/opportunities", &body).await.body["message"], "Missing required parameter: perform_as");
    let path = format!("/opportunities?perform_as={}", bench.lever.perform_as());
    let made = bench.post(&path, &body).await;
    assert_eq!((made.status, &made.body["deduped"]), (201, &json!(true)));
    let data = &made.body["data"];
    assert_eq!(data["contact"], json!(known.contact));
    assert_eq!(data["name"], json!(known.name));
    assert_eq!(data["tags"], json!(["ours", "Data Scientist", "Engineering", "Insights", "Lisbon", "Full-time"]));
    assert_eq!(data["applications"].as_array().unwrap().len(), 1);
    let of = bench.get(&format!("/opportunities?contact_id={}", known.contact)).await.body;
    assert_eq!(ids(&of).len(), 2);
    let fresh = bench.post(&path, &json!({"name": "New", "emails": ["new@example.com"]})).await;
    assert_eq!(fresh.body["deduped"], false);
    assert_eq!(fresh.body["data"]["stage"], "lead-new");
}

#[tokio::test]
async fn a_person_s_links_and_addresses_are_shared_by_all_candidacies() {
    let bench = Bench::new("default").await;
    let family: Vec<_> = bench.lever.opportunities().into_iter().filter(|o| o.name == "Frieda Familie").collect();
    assert_eq!(family.len(), 3);
    let link = json!({"links": ["https://example.com/report"]});
    bench.post(&format!("/opportunities/{}/addLinks", family[0].id), &link).await;
    assert_eq!(bench.lever.opportunity(&family[2].id).unwrap().links, ["https://example.com/report"]);
    let path = format!("/contacts/{}", family[0].contact);
    let changed = bench.send(Method::PUT, &path, &json!({"name": "F. Familie"})).await.body;
    assert!(changed["data"].get("isAnonymized").is_none(), "only reads tell");
    assert_eq!(changed["data"]["emails"], json!(["familie@example.com"]), "what is left out stays");
    assert_eq!(bench.lever.opportunity(&family[1].id).unwrap().name, "F. Familie");
}

#[tokio::test]
async fn tags_are_made_by_use_and_counted() {
    let bench = Bench::new("tiny").await;
    let id = bench.someone();
    let path = format!("/opportunities/{id}/addTags");
    for _ in 0..2 {
        bench.post(&path, &json!({"tags": ["Py - Pass", "py - pass"]})).await;
    }
    let tags = bench.get("/tags").await.body;
    let count = |text: &str| {
        let row = tags["data"].as_array().unwrap().iter().find(|t| t["text"] == text);
        row.map(|t| t["count"].as_u64().unwrap())
    };
    assert_eq!((count("Py - Pass"), count("py - pass"), count("Py")), (Some(1), Some(1), None));
}

#[tokio::test]
async fn archiving_marks_the_application_and_null_brings_back() {
    let bench = Bench::new("tiny").await;
    let id = bench.someone();
    let path = format!("/opportunities/{id}/archived");
    let reason = bench.lever.reason_id("Underqualified").unwrap();
    bench.send(Method::PUT, &path, &json!({"reason": reason})).await;
    let list = format!("/opportunities/{id}/applications");
    assert_eq!(bench.get(&list).await.body["data"][0]["archived"], json!({"reason": reason, "archivedAt": NOW}));
    let back = bench.send(Method::PUT, &path, &json!({"reason": null})).await.body;
    assert!(back["data"]["archived"].is_null());
    assert!(bench.get(&list).await.body["data"][0]["archived"].is_null());
    assert_eq!(bench.send(Method::PUT, &path, &json!({"reason": "none"})).await.status, 400);
}

#[tokio::test]
async fn notes_grow_into_threads() {
    let bench = Bench::new("tiny").await;
    let id = bench.someone();
    let path = format!("/opportunities/{id}/notes");
    let made = bench.post(&format!("{path}?perform_as={}", bench.lever.perform_as()), &json!({"value": "one"})).await;
    assert_eq!(made.status, 201);
    let note = made.body["data"]["noteId"].as_str().unwrap().to_owned();
    assert_eq!(made.body["data"]["fields"][0]["user"], json!(bench.lever.perform_as()));
    bench.post(&format!("{path}?note_id={note}"), &json!({"value": "two"})).await;
    assert_eq!(bench.lever.opportunity(&id).unwrap().notes, ["one", "two"]);
    let values = json!({"values": [{"value": "three"}]});
    let put = bench.send(Method::PUT, &format!("{path}/{note}"), &values).await;
    assert_eq!(put.body, json!({"data": {"noteId": note}}));
    assert_eq!(bench.lever.opportunity(&id).unwrap().notes, ["three"]);
    assert_eq!(bench.send(Method::DELETE, &format!("{path}/{note}"), &json!({})).await.status, 204);
    assert!(bench.lever.opportunity(&id).unwrap().notes.is_empty());
}

#[tokio::test]
async fn a_new_title_swaps_the_posting_s_tag() {
    let bench = Bench::new("tiny").await;
    let posting = bench.lever.posting_id("Backend Engineer").unwrap();
    let of = bench.lever.opportunities().into_iter().find(|o| o.postings.contains(&posting)).unwrap();
    let path = format!("/postings/{posting}?perform_as={}", bench.lever.perform_as());
    assert_eq!(bench.post(&path, &json!({"text": "Rust Engineer"})).await.status, 200);
    let tags = bench.lever.opportunity(&of.id).unwrap().tags;
    assert!(!tags.contains(&"Backend Engineer".to_owned()));
    assert_eq!(tags.last().unwrap(), "Rust Engineer");
}

#[tokio::test]
async fn strict_accounts_demand_a_user_on_every_write() {
    let bench = Bench::new("tiny").await;
    let path = format!("/opportunities/{}/addTags", bench.someone());
    assert_eq!(bench.post(&path, &json!({"tags": ["a"]})).await.status, 200);
    bench.lever.update_faults(|f| f.perform_as = PerformAs::Strict);
    assert_eq!(bench.post(&path, &json!({"tags": ["a"]})).await.status, 400);
    let named = format!("{path}?perform_as={}", bench.lever.perform_as());
    assert_eq!(bench.post(&named, &json!({"tags": ["a"]})).await.status, 200);
    assert_eq!(bench.post(&format!("{path}?perform_as=nobody"), &json!({"tags": ["a"]})).await.status, 400);
}

#[tokio::test]
async fn the_deleted_are_gone_and_listed() {
    let bench = Bench::new("tiny").await;
    let id = bench.someone();
    bench.lever.delete(&id);
    assert_eq!(bench.get(&format!("/opportunities/{id}")).await.status, 404);
    assert_eq!(ids(&bench.get(&format!("/opportunities/deleted?deleted_at_start={NOW}")).await.body), [id]);
    assert!(ids(&bench.get(&format!("/opportunities/deleted?deleted_at_end={}", NOW - 1)).await.body).is_empty());
}
