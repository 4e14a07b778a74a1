//! Who sees which page, and what surrounds every page.

use app::access::PROTECTED;
use axum::http::StatusCode;
use domain::role::Role;

use super::traffic::{DEAD_JOB, DELIVERY, with_traffic};
use super::world::{NAME, NAME_AS_HTML, OPPORTUNITY, PASSWORD, email, world, world_with};

const HOME: &str = "/o/acme";
const LIST: &str = "/o/acme/candidates";
const CANDIDATE: &str = "/o/acme/candidates/opp-1";

#[tokio::test]
async fn someone_who_is_not_signed_in_is_led_to_signing_in_and_back() {
    let world = world().await;
    let mut browser = world.browser();
    let answer = browser.get("/o/acme/candidates?state=invited").await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    assert_eq!(answer.location(), "/sign-in?next=%2Fo%2Facme%2Fcandidates%3Fstate%3Dinvited");
    browser.get(answer.location()).await.shows("value=\"/o/acme/candidates?state=invited\"");
    let answer = browser.sign_in(&email(Role::Admin), PASSWORD, "/o/acme/candidates?state=invited").await;
    assert_eq!(answer.location(), "/o/acme/candidates?state=invited");
}

#[tokio::test]
async fn people_of_an_organization_see_its_pages_with_names() {
    let world = world().await;
    for role in [Role::SuperAdmin, Role::Admin, Role::Recruiter] {
        let mut browser = world.signed_in(role).await;
        let start = browser.get("/").await;
        assert_eq!((start.status, start.location()), (StatusCode::FOUND, HOME), "{role:?}");
        let home = browser.get(HOME).await;
        assert_eq!(home.status, StatusCode::OK);
        home.shows("1 send with an unknown end.")
            .shows(NAME_AS_HTML)
            .shows("it is the default of this stage")
            .hides(NAME);
        let list = browser.get(LIST).await;
        list.shows(NAME_AS_HTML).shows("Unclear whether it arrived").shows("Phone Screen Passed").hides(NAME);
        let candidate = browser.get(CANDIDATE).await;
        assert_eq!(candidate.status, StatusCode::OK);
        candidate.shows("the connection broke").shows("It arrived").shows("Send again").shows("Open in Lever");
        candidate.shows("21 Nov 2026, 13:00 CET").shows("datetime=\"2026-11-21T12:00:00Z\"").hides(NAME);
    }
}

#[tokio::test]
async fn those_who_watch_see_organizations_and_masked_people() {
    let world = world().await;
    for role in [Role::Owner, Role::AccountManager] {
        let mut browser = world.signed_in(role).await;
        browser.get("/").await.shows("Acme").shows("Other Company").shows("1 send with an unknown end.");
        for path in [HOME, LIST, CANDIDATE] {
            let page = browser.get(path).await;
            assert_eq!(page.status, StatusCode::OK, "{role:?} {path}");
            page.shows("A. L. · ")
                .hides("Lovelace")
                .hides("ada@example.com")
                .hides("hire.lever.example")
                .hides("It arrived");
        }
        browser.get("/o/acme/candidates?search=Lovelace").await.shows("A. L. · ").hides("Name or e-mail");
        browser.get("/o/acme/candidates?search=Nobody").await.shows("A. L. · ");
    }
}

#[tokio::test]
async fn a_limited_person_is_told_why_there_is_nothing() {
    let world = world().await;
    let mut browser = world.signed_in(Role::Limited).await;
    for path in [HOME, LIST] {
        let page = browser.get(path).await;
        assert_eq!(page.status, StatusCode::OK);
        page.shows("no posting is assigned to you").hides("Lovelace").hides("ada@example.com");
    }
    assert_eq!(browser.get(CANDIDATE).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn another_organization_does_not_exist_for_its_neighbours() {
    let world = world().await;
    for role in [Role::SuperAdmin, Role::Admin, Role::Recruiter, Role::Limited] {
        let mut browser = world.signed_in(role).await;
        for path in [
            "/o/other",
            "/o/other/candidates",
            "/o/other/candidates/opp-1",
            "/o/other/deliveries",
            "/o/other/jobs",
            "/o/none",
            "/nowhere",
        ] {
            let page = browser.get(path).await;
            assert_eq!(page.status, StatusCode::NOT_FOUND, "{role:?} {path}");
            page.shows("There is nothing at this address").hides("Other Company");
        }
    }
    let page = world.signed_in(Role::Admin).await.get("/o/acme/candidates/opp-2").await;
    assert_eq!(page.status, StatusCode::NOT_FOUND);
}

/// What a server function is called with; its organization is the first argument.
fn arguments(path: &str, slug: &str, order: &str) -> (&'static str, String) {
    const FORM: &str = "application/x-www-form-urlencoded";
    const JSON: &str = "application/json";
    match path {
        "/app/fleet" => (JSON, r#"{"state":null,"q":null,"page":null}"#.to_owned()),
        "/app/preferences" => (JSON, r#"{"told":""}"#.to_owned()),
        "/app/preferences-save" => (FORM, "timezone=&theme=system&density=compact".to_owned()),
        "/app/home" => (JSON, format!(r#"{{"slug":"{slug}"}}"#)),
        "/app/candidate" => (JSON, format!(r#"{{"slug":"{slug}","opportunity":"{OPPORTUNITY}","said":""}}"#)),
        "/app/candidates" | "/app/deliveries" | "/app/jobs" => (JSON, format!(r#"{{"slug":"{slug}","query":""}}"#)),
        "/app/delivery" => (JSON, format!(r#"{{"slug":"{slug}","delivery":"{DELIVERY}","query":""}}"#)),
        "/app/delivery-replay" => (FORM, format!("slug={slug}&delivery={DELIVERY}")),
        "/app/job-retry" => (FORM, format!("slug={slug}&job={DEAD_JOB}&state=dead")),
        "/app/jobs-retry-dead" => (FORM, format!("slug={slug}")),
        "/app/send-anew" => (FORM, format!("slug={slug}&opportunity={OPPORTUNITY}&order={order}")),
        "/app/apply-rules" => (FORM, format!("slug={slug}&opportunity={OPPORTUNITY}")),
        "/app/settle-send" => (FORM, format!("slug={slug}&order={order}&answer=arrived&vendor_ref=")),
        "/app/triggers" => (JSON, format!(r#"{{"slug":"{slug}","undo":null}}"#)),
        "/app/trigger" => (JSON, format!(r#"{{"slug":"{slug}","row":"stage-1~py","typed":null,"undo":null}}"#)),
        "/app/trigger-save" => (FORM, format!("slug={slug}&version=1&row=&draft[stage]=s&draft[vendor]=py")),
        "/app/trigger-remove" => (FORM, format!("slug={slug}&version=1&row=stage-1~py")),
        "/app/trigger-switch" => (FORM, format!("slug={slug}&version=1&row=stage-1~py&to=off")),
        "/app/trigger-undo" => (FORM, format!("slug={slug}&version=2&to=1")),
        "/app/trigger-tests" => (FORM, format!("slug={slug}&vendor=py")),
        "/app/trigger-invite-present" => (FORM, format!("slug={slug}&row=stage-1~py&opportunities[]=opp-1")),
        other => panic!("{other} is protected, and this test does not know how to call it"),
    }
}

#[tokio::test]
async fn every_server_function_needs_its_right() {
    for role in Role::ALL {
        for (path, rights) in PROTECTED {
            let world = with_traffic(world().await).await;
            let mut browser = world.signed_in(role).await;
            let (kind, body) = arguments(path, "acme", &world.order.to_string());
            let page = browser.call(path, kind, &body).await;
            let expected = match rights.iter().any(|r| role.may(*r)) {
                false => StatusCode::FORBIDDEN,
                true if role == Role::Limited && ["/app/candidate", "/app/delivery"].contains(path) => {
                    StatusCode::NOT_FOUND
                }
                true => StatusCode::OK,
            };
            assert_eq!(page.status, expected, "{role:?} {path}: {}", page.body);
            let (kind, body) = arguments(path, "other", &world.order.to_string());
            let is_of_one = !["/app/fleet", "/app/preferences", "/app/preferences-save"].contains(path);
            if role.is_of_organization() && is_of_one && expected != StatusCode::FORBIDDEN {
                assert_eq!(browser.call(path, kind, &body).await.status, StatusCode::NOT_FOUND, "{role:?} {path}");
            }
            let signed_out = world.browser().call(path, kind, &body).await;
            assert_eq!(signed_out.status, StatusCode::UNAUTHORIZED, "{path}");
        }
    }
}

#[tokio::test]
async fn no_server_function_is_without_an_entry() {
    drop(world().await);
    let mut all: Vec<&str> = leptos::server_fn::axum::server_fn_paths().map(|(path, _)| path).collect();
    let mut listed: Vec<&str> = PROTECTED.iter().map(|(path, _)| *path).collect();
    all.sort_unstable();
    listed.sort_unstable();
    assert_eq!(all, listed);
}

#[tokio::test]
async fn every_page_has_its_headers_and_no_script_without_a_nonce() {
    let world = world_with(|parts| {
        let file = |name: &str| format!("/pkg/{name}");
        parts.bundle = Some(app::Bundle { js: file("a.js"), wasm: file("a.wasm"), css: file("a.css") });
    })
    .await;
    let mut browser = world.signed_in(Role::Admin).await;
    let paths = [
        HOME,
        LIST,
        CANDIDATE,
        "/o/acme/triggers",
        "/o/acme/deliveries",
        "/o/acme/jobs",
        "/preferences",
        "/nowhere",
        "/o/other",
    ];
    for path in paths {
        let page = browser.get(path).await;
        let policy = page.header("content-security-policy");
        let nonce = policy.split("'nonce-").nth(1).unwrap().split('\'').next().unwrap();
        assert!(policy.contains("object-src 'none'") && policy.contains("frame-ancestors 'none'"), "{policy}");
        assert!(!policy.contains("unsafe-inline") && !policy.contains("'unsafe-eval'"), "{policy}");
        let tags: Vec<&str> = page.body.split("<script").skip(1).map(|s| s.split('>').next().unwrap()).collect();
        assert!(!tags.is_empty(), "the page loads no client code");
        assert!(tags.iter().all(|tag| tag.contains(&format!("nonce=\"{nonce}\""))), "{path}: {tags:?}");
        page.shows("/pkg/a.js").shows("/pkg/a.wasm").shows("/pkg/a.css").hides(" style=").hides("<style");
        assert_eq!(page.header("cache-control"), "no-store");
        assert_eq!(page.header("x-content-type-options"), "nosniff");
        assert_eq!(page.header("cross-origin-opener-policy"), "same-origin");
        assert!(page.header("strict-transport-security").starts_with("max-age="));
        assert_eq!(page.header("x-request-id").len(), 32);
    }
    let page = browser.get("/sign-in").await;
    assert_eq!(page.location(), "/", "who is signed in need not sign in");
    let page = world.browser().get("/sign-in").await;
    assert!(page.header("content-security-policy").starts_with("default-src 'none'"));
    page.hides("<script");
}
