//! Limits, faults, the control API and the pages.

use std::time::Duration;

use reqwest::Method;
use serde_json::{Value, json};

use super::{Bench, answer};
use crate::sandbox::lever::{Faults, RateLimit};

#[tokio::test]
async fn the_bucket_holds_twenty_and_refills_ten_a_second() {
    let bench = Bench::with("tiny", |o| o.rate_limit = Some(RateLimit::default())).await;
    let mut ok = 0;
    let refused = loop {
        let answer = bench.get("/stages").await;
        if answer.status != 200 {
            break answer;
        }
        ok += 1;
    };
    assert_eq!((ok, refused.status), (20, 429));
    assert_eq!(refused.body["code"], "TooManyRequests");
    assert!(refused.headers.get("retry-after").is_none(), "Lever names no time");
    bench.clock.advance(Duration::from_millis(250));
    let statuses =
        [bench.get("/stages").await.status, bench.get("/stages").await.status, bench.get("/stages").await.status];
    assert_eq!(statuses, [200, 200, 429]);
}

#[tokio::test]
async fn calls_fail_as_told_and_no_longer() {
    let bench = Bench::new("tiny").await;
    bench.lever.set_faults(Faults { limit_after: Some(1), retry_after: Some(3), ..Faults::default() });
    assert_eq!(bench.get("/stages").await.status, 200);
    let limited = bench.get("/stages").await;
    assert_eq!((limited.status, limited.headers["retry-after"].to_str().unwrap()), (429, "3"));
    bench.lever.set_faults(Faults { error_next: 1, error_status: 503, ..Faults::default() });
    assert_eq!(bench.get("/stages").await.status, 503);
    assert_eq!(bench.get("/stages").await.status, 200);
    bench.lever.set_faults(Faults { html_next: 1, ..Faults::default() });
    let html = bench.get("/stages").await;
    assert!(html.headers["content-type"].to_str().unwrap().starts_with("text/html"));
    bench.lever.set_faults(Faults { stale_cursor_next: 1, ..Faults::default() });
    let next = bench.get("/stages?limit=1").await.body["next"].as_str().unwrap().to_owned();
    assert_eq!(bench.get(&format!("/stages?offset={next}")).await.status, 400);
    assert_eq!(bench.get(&format!("/stages?offset={next}")).await.status, 200);
}

#[tokio::test]
async fn a_connection_can_break_before_or_after_the_write_is_applied() {
    let bench = Bench::new("tiny").await;
    let id = bench.someone();
    let path = format!("/opportunities/{id}/addTags");
    let write = |tag: &str| bench.request(Method::POST, &path).json(&json!({"tags": [tag]})).send();
    assert_eq!(bench.get("/stages").await.status, 200, "a connection to be reused");
    bench.lever.set_faults(Faults { drop_after_next: 1, drop_before_next: 1, ..Faults::default() });
    assert!(write("before").await.is_err());
    assert!(write("after").await.is_err());
    assert_eq!(write("whole").await.unwrap().status(), 200);
    let tags = bench.lever.opportunity(&id).unwrap().tags;
    assert!(!tags.contains(&"before".to_owned()));
    assert!(tags.ends_with(&["after".to_owned(), "whole".to_owned()]));
    let statuses: Vec<u16> = bench.lever.journal().iter().map(|c| c.status).collect();
    assert_eq!(statuses, [200, 0, 0, 200]);
}

#[tokio::test]
async fn scripts_steer_it_over_http() {
    let bench = Bench::new("tiny").await;
    let id = bench.someone();
    let control = async |path: &str, body: &Value| {
        answer(bench.client.post(format!("{}/_sandbox/{path}", bench.lever.page_url())).json(body)).await
    };
    assert_eq!(control("hook", &json!({"url": "http://127.0.0.1:1/x"})).await.status, 200);
    let moved = control("move", &json!({"opportunity": id, "stage": "Reference Check"})).await.body;
    assert_eq!(moved["stage_name"], "Reference Check");
    assert_eq!(control("move", &json!({"opportunity": id, "stage": "Nowhere"})).await.status, 400);
    let tagged = control("tag", &json!({"opportunity": id, "add": ["a"], "remove": ["b"]})).await.body;
    assert!(tagged["tags"].as_array().unwrap().contains(&json!("a")));
    let archived = control("archive", &json!({"opportunity": id, "reason": "Underqualified"})).await.body;
    assert_eq!(archived["archive_reason"], "Underqualified");
    let made =
        control("person", &json!({"name": "New", "emails": ["n@example.com"], "stage": "Phone Screen"})).await.body;
    assert_eq!(made["stage_name"], "Phone Screen");
    assert_eq!(control("hooks/reverse", &json!({})).await.body["queued"], json!(bench.lever.queued_hooks().len()));
    let dropped = control("hooks/drop", &json!({})).await.body["dropped"].as_u64().unwrap();
    assert!(dropped >= 2);
    assert_eq!(control("faults", &json!({"limit_next": 1})).await.status, 200);
    assert_eq!(control("faults", &json!({"no_such": 1})).await.status, 422);
    assert_eq!(bench.get("/stages").await.status, 429);
    let state: Value = serde_json::from_str(&bench.page(&format!("/_sandbox/state/{id}")).await).unwrap();
    assert_eq!(state["id"], json!(id));
    let journal: Value = serde_json::from_str(&bench.page("/_sandbox/journal").await).unwrap();
    assert_eq!(journal["data"].as_array().unwrap().len(), 1, "steering is no call");
}

#[tokio::test]
async fn pages_show_markup_as_text() {
    let bench = Bench::new("default").await;
    let people = bench.lever.opportunities();
    let person = people.iter().find(|p| p.name.contains("<script>")).unwrap();
    bench.lever.add_links(&person.id, &["javascript:alert(1)", "https://example.com/?a=1&b=\"2\""]);
    bench.lever.add_note(&person.id, "<img src=x>");
    for page in [bench.page("/?name=script").await, bench.page(&format!("/people/{}", person.id)).await] {
        assert!(page.contains("&lt;script&gt;alert(&quot;name&quot;)&lt;/script&gt;"));
        for markup in ["<script", "<b>", "<img", "href=\"javascript"] {
            assert!(!page.contains(markup), "{markup}");
        }
    }
}

#[tokio::test]
async fn pages_work_by_forms_alone() {
    let bench = Bench::new("default").await;
    assert_eq!(bench.page("/").await.matches("<td dir=\"auto\">").count(), 50);
    let id = bench.someone();
    let form = async |path: &str, fields: &[(&str, &str)]| {
        let sent = bench.client.post(format!("{}{path}", bench.lever.page_url())).form(fields).send().await.unwrap();
        sent.status().as_u16()
    };
    let stage = bench.lever.stage_id("On-site").unwrap();
    assert_eq!(form(&format!("/people/{id}/move"), &[("stage", &stage)]).await, 303);
    assert_eq!(form(&format!("/people/{id}/tag"), &[("tag", "by hand")]).await, 303);
    let reason = bench.lever.reason_id("Withdrew").unwrap();
    assert_eq!(form(&format!("/people/{id}/archive"), &[("reason", &reason)]).await, 303);
    let view = bench.lever.opportunity(&id).unwrap();
    assert_eq!((view.stage_name.as_str(), view.archive_reason.as_deref()), ("On-site", Some("Withdrew")));
    assert!(view.tags.contains(&"by hand".to_owned()));
    assert_eq!(form("/hooks", &[("url", "http://127.0.0.1:1/x")]).await, 303);
    assert_eq!(form("/hooks", &[("url", "http://example.com/x")]).await, 400);
    assert!(bench.page("/hooks").await.contains("http://127.0.0.1:1/x"));
    let fields = [("error_next", "2"), ("error_status", "503"), ("perform_as", "strict"), ("silent_events", "a b")];
    assert_eq!(form("/faults", &fields).await, 303);
    let faults = bench.lever.faults();
    assert_eq!((faults.error_next, faults.error_status, faults.limit_after), (2, 503, None));
    assert_eq!(faults.silent_events, ["a", "b"]);
    assert!(!faults.blank_contact_on_write, "an empty box is off");
    assert_eq!(form("/faults", &[("reset", "true")]).await, 303);
    assert_eq!(bench.lever.faults(), Faults::default());
    assert!(bench.page("/faults").await.contains("name=\"slow_ms\""));
    bench.get("/stages?limit=3").await;
    assert!(bench.page("/journal").await.contains("/v1/stages?limit=3"));
}

#[tokio::test]
async fn it_ends_with_its_last_handle() {
    let bench = Bench::new("tiny").await;
    let url = format!("{}/_sandbox/faults", bench.lever.page_url());
    let other = bench.lever.clone();
    drop(bench.lever);
    assert_eq!(bench.client.get(&url).send().await.unwrap().status(), 200);
    drop(other);
    let ended = async { while bench.client.get(&url).send().await.is_ok() {} };
    tokio::time::timeout(Duration::from_secs(20), ended).await.expect("the address is free again");
}
