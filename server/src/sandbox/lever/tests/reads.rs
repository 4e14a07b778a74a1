//! Lists, filters, errors.

use std::collections::BTreeSet;

use reqwest::Method;
use serde_json::json;

use super::{Bench, NOW, answer, ids};
use crate::sandbox::lever::NewPerson;
use crate::sandbox::lever::api::paging::encode;

#[tokio::test]
async fn paging_meets_everyone_exactly_once() {
    let bench = Bench::new("default").await;
    let mut query: Vec<(&str, String)> = vec![("limit", "37".to_owned())];
    let mut met = Vec::new();
    loop {
        let page = answer(bench.request(Method::GET, "/opportunities").query(&query)).await.body;
        met.extend(ids(&page));
        if page["hasNext"] == false {
            assert!(page.get("next").is_none(), "the last page has no such key");
            break;
        }
        // An ordinary client encodes the token a second time.
        query = vec![("limit", "37".to_owned()), ("offset", page["next"].as_str().unwrap().to_owned())];
    }
    let expected: BTreeSet<String> =
        bench.lever.opportunities().into_iter().filter(|o| !o.confidential).map(|o| o.id).collect();
    assert!(expected.len() > 180);
    assert_eq!(met.len(), expected.len());
    assert_eq!(met.into_iter().collect::<BTreeSet<_>>(), expected);
}

#[tokio::test]
async fn a_token_may_be_pasted_raw_or_encoded_again() {
    let bench = Bench::new("default").await;
    let next = bench.get("/opportunities?limit=10").await.body["next"].as_str().unwrap().to_owned();
    assert!(next.starts_with("%5B"));
    let raw = bench.get(&format!("/opportunities?limit=10&offset={next}")).await.body;
    let twice = bench.get(&format!("/opportunities?limit=10&offset={}", encode(&next))).await.body;
    let thrice = bench.get(&format!("/opportunities?limit=10&offset={}", encode(&encode(&next)))).await.body;
    assert_eq!(ids(&raw).len(), 10);
    assert_eq!(raw, twice);
    assert_eq!(raw, thrice);
    let bad = bench.get("/opportunities?offset=nonsense").await;
    assert_eq!((bad.status, &bad.body["message"]), (400, &json!("Invalid offset token")));
}

#[tokio::test]
async fn the_list_runs_by_stage_rank_and_then_the_latest_advanced() {
    let bench = Bench::new("default").await;
    let stages = ids(&bench.get("/stages").await.body);
    assert_eq!(stages.len(), 12);
    let page = bench.get("/opportunities?limit=100").await.body;
    let keys: Vec<(usize, i64)> = page["data"]
        .as_array()
        .unwrap()
        .iter()
        .map(|o| {
            let rank = stages.iter().position(|s| *s == o["stage"].as_str().unwrap()).unwrap();
            (rank, -o["lastAdvancedAt"].as_i64().unwrap())
        })
        .collect();
    assert!(keys.is_sorted());
    assert_ne!(keys.first().unwrap().0, keys.last().unwrap().0);
}

#[tokio::test]
async fn filters_narrow_and_repeats_widen() {
    let bench = Bench::new("default").await;
    let all = bench.lever.opportunities();
    let count = async |query: &str| {
        let mut path = format!("/opportunities?{query}");
        let mut n = 0;
        loop {
            let page = bench.get(&path).await;
            assert_eq!(page.status, 200, "{query}");
            n += ids(&page.body).len();
            let Some(next) = page.body["next"].as_str() else { break n };
            path = format!("/opportunities?{query}&offset={next}");
        }
    };
    let shown = || all.iter().filter(|o| !o.confidential);
    let screen = bench.lever.stage_id("Phone Screen").unwrap();
    let site = bench.lever.stage_id("On-site").unwrap();
    let both = shown().filter(|o| o.stage == screen || o.stage == site).count();
    assert_eq!(count(&format!("stage_id={screen}&stage_id={site}")).await, both);
    assert_eq!(count("archived=true").await, shown().filter(|o| o.archived.is_some()).count());
    assert_eq!(count("tag=Full-Time").await, shown().filter(|o| o.tags.iter().any(|t| t == "Full-Time")).count());
    assert_eq!(count("email=FAMILIE%40example.com").await, 4, "one address, two people, four candidacies");
    let touched = shown().filter(|o| o.updated_at.is_some()).count();
    assert!(touched > 0 && touched < all.len());
    assert_eq!(count("updated_at_start=0").await, touched, "no time, no match");
    assert_eq!(bench.get("/opportunities?email=nobody").await.body["message"], "Email address is not valid");
    assert_eq!(bench.get("/opportunities?limit=101").await.status, 400);
}

#[tokio::test]
async fn expand_replaces_ids_and_include_cuts_down() {
    let bench = Bench::new("tiny").await;
    let id = bench.someone();
    let read = bench.get(&format!("/opportunities/{id}?include=name&expand=stage&expand=applications")).await.body;
    let fields: Vec<&String> = read["data"].as_object().unwrap().keys().collect();
    assert_eq!(fields, ["applications", "name", "stage"]);
    assert!(read["data"]["stage"]["text"].is_string());
    assert_eq!(read["data"]["applications"][0]["opportunityId"], json!(id));
    let refused = bench.get("/opportunities?expand=posting").await;
    assert_eq!((refused.status, &refused.body["message"]), (400, &json!("posting is not expandable")));
}

#[tokio::test]
async fn a_place_is_told_only_on_reads_and_only_with_a_posting() {
    let bench = Bench::new("tiny").await;
    let id = bench.someone();
    assert!(bench.get(&format!("/opportunities/{id}")).await.body["data"]["opportunityLocation"].is_string());
    let tagged = bench.post(&format!("/opportunities/{id}/addTags"), &json!({"tags": ["x"]})).await.body;
    assert!(tagged["data"].get("opportunityLocation").is_none());
    let sourced = bench.lever.add_person(&NewPerson { name: "Sourced".to_owned(), ..NewPerson::default() });
    assert!(bench.get(&format!("/opportunities/{sourced}")).await.body["data"].get("opportunityLocation").is_none());
}

#[tokio::test]
async fn refusals_carry_lever_s_texts() {
    let bench = Bench::new("tiny").await;
    let url = format!("{}/stages", bench.lever.base_url());
    for request in [bench.client.get(&url), bench.client.get(&url).bearer_auth(bench.lever.api_key())] {
        let refused = answer(request).await;
        assert_eq!(refused.status, 401);
        assert_eq!(
            refused.body,
            json!({"code": "UnauthorizedError", "message": "The request requires authentication."})
        );
    }
    let unknown = answer(bench.client.get(format!("{}/xyz", bench.lever.base_url()))).await;
    assert_eq!(unknown.body, json!({"code": "ResourceNotFound", "message": "/v1/xyz does not exist"}));
    let missing = bench.get("/stages/abc").await;
    assert_eq!(missing.status, 404);
    assert_eq!(missing.body["message"], "stages abc was not found");
    assert_eq!(bench.get(&format!("/opportunities/{}/files", bench.someone())).await.body, json!({"data": []}));
    assert_eq!(bench.get(&format!("/opportunities/{}/resumes?limit=5", bench.someone())).await.status, 400);
}

#[tokio::test]
async fn a_missing_permission_is_403_and_hides_nothing_else() {
    let bench = Bench::new("tiny").await;
    bench.lever.update_faults(|f| f.missing_permissions = vec!["notes:write".to_owned()]);
    let notes = format!("/opportunities/{}/notes", bench.someone());
    let refused = bench.post(&notes, &json!({"value": "x"})).await;
    assert_eq!((refused.status, &refused.body["code"]), (403, &json!("Forbidden")));
    assert_eq!(bench.get(&notes).await.status, 200);
}

#[tokio::test]
async fn confidential_people_need_the_right_and_the_parameter() {
    let bench = Bench::new("default").await;
    let hidden = bench.lever.opportunities().into_iter().find(|o| o.confidential).unwrap().id;
    let path = format!("/opportunities/{hidden}");
    assert_eq!(bench.get(&path).await.status, 403);
    assert!(ids(&bench.get("/opportunities?confidentiality=confidential").await.body).is_empty());
    bench.lever.update_faults(|f| f.confidential_access = true);
    assert_eq!(bench.get(&path).await.status, 200);
    assert_eq!(ids(&bench.get("/opportunities?confidentiality=confidential").await.body).len(), 2);
}

#[tokio::test]
async fn the_old_address_of_opportunities_still_answers() {
    let bench = Bench::new("tiny").await;
    let id = bench.someone();
    let (new, old) = (format!("/opportunities/{id}"), format!("/candidates/{id}"));
    assert_eq!(bench.get(&new).await.body, bench.get(&old).await.body);
}

#[tokio::test]
async fn the_same_seed_gives_the_same_account() {
    let (a, b, c) = (Bench::new("default").await, Bench::new("default").await, Bench::new("other").await);
    assert_eq!(a.lever.api_key(), b.lever.api_key());
    assert_eq!(a.lever.webhook_token().len(), 48);
    let keys = |bench: &Bench| bench.lever.opportunities().into_iter().map(|o| (o.id, o.name)).collect::<Vec<_>>();
    assert_eq!(keys(&a), keys(&b));
    assert_ne!(keys(&a), keys(&c));
    let reasons = a.get("/archive_reasons?type=hired").await.body;
    assert_eq!(reasons["data"].as_array().unwrap().len(), 1);
    let users = a.get("/users").await.body;
    assert!(ids(&users).contains(&a.lever.perform_as().to_owned()));
    assert!(a.lever.opportunities().iter().all(|o| o.created_at <= NOW));
}
