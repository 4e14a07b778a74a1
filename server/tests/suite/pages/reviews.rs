//! Whose is the result? What each role sees of it, and what a file that comes in parts does.

use axum::http::{Request, StatusCode, header};
use domain::role::Role;
use tower::ServiceExt as _;

use super::world::{World, world};

const REVIEWS: &str = "/o/acme/reviews";

#[tokio::test]
async fn those_who_decide_see_both_people_field_by_field() {
    let world = world().await;
    let review = world.review("acme").await;
    for role in [Role::SuperAdmin, Role::Admin, Role::Recruiter] {
        let mut browser = world.signed_in(role).await;
        browser.get(REVIEWS).await.shows("Ada Lovelase").shows("Py · Backend screen").shows("1 person");
        let page = browser.get(&format!("{REVIEWS}/{review}")).await;
        assert_eq!(page.status, StatusCode::OK);
        page.shows("At the vendor").shows("In Lever").shows("<mark class=\"differs\">").shows("Together");
        page.shows("name=\"version\" value=\"2\"").shows("None of these").shows("Put aside").shows("ada@example.com");
        browser.get("/o/acme").await.shows("whose are they?");
    }
}

#[tokio::test]
async fn those_who_watch_see_that_somebody_waits_and_not_who() {
    let world = world().await;
    let review = world.review("acme").await;
    for role in [Role::Owner, Role::AccountManager] {
        let mut browser = world.signed_in(role).await;
        for path in
            [REVIEWS.to_owned(), format!("{REVIEWS}/{review}"), "/o/acme/results".into(), format!("{REVIEWS}/history")]
        {
            let page = browser.get(&path).await;
            assert_eq!(page.status, StatusCode::OK, "{role:?} {path}");
            page.hides("Lovelase")
                .hides("Lovelace")
                .hides("ada@example.com")
                .hides("None of these")
                .hides("Take the lines");
        }
        browser.get(&format!("{REVIEWS}/{review}")).await.shows("A. L. · ").shows("hidden").shows("Together");
    }
    let mut limited = world.signed_in(Role::Limited).await;
    for path in [REVIEWS, "/o/acme/results", "/o/acme/reviews/history"] {
        limited.get(path).await.shows("No posting is assigned to you").hides("Lovelase");
    }
}

#[tokio::test]
async fn looking_at_a_page_as_someone_who_only_watches_is_not_looking_at_the_result() {
    let world = world().await;
    let review = world.review("acme").await;
    let path = format!("{REVIEWS}/{review}");
    world.signed_in(Role::AccountManager).await.get(&path).await;
    world.signed_in(Role::Recruiter).await.get(&path).await.hides("is looking at this");
    world.signed_in(Role::Admin).await.get(&path).await.shows("recruiter@example.org is looking at this too.");
}

#[tokio::test]
async fn ids_of_others_and_none_at_all_are_no_pages() {
    let world = world().await;
    let other = world.review("other").await;
    let mut browser = world.signed_in(Role::Recruiter).await;
    for id in [other.to_string(), "none".into(), uuid::Uuid::nil().to_string()] {
        assert_eq!(browser.get(&format!("{REVIEWS}/{id}")).await.status, StatusCode::NOT_FOUND, "{id}");
        let form = format!("slug=acme&review={id}&version=2&verdict=left");
        let answer = browser.call("/app/review-decide", "application/x-www-form-urlencoded", &form).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{id}");
    }
}

#[tokio::test]
async fn a_verdict_that_is_none_and_an_old_version_change_nothing() {
    let world = world().await;
    let review = world.review("acme").await;
    let mut browser = world.signed_in(Role::Recruiter).await;
    for (fields, status) in [
        ("version=2&verdict=dance", StatusCode::UNPROCESSABLE_ENTITY),
        ("version=2&verdict=link", StatusCode::UNPROCESSABLE_ENTITY),
        ("version=1&verdict=left", StatusCode::CONFLICT),
    ] {
        let form = format!("slug=acme&review={review}&{fields}");
        let answer = browser.call("/app/review-decide", "application/x-www-form-urlencoded", &form).await;
        assert_eq!(answer.status, status, "{fields}: {}", answer.body);
    }
    let organization = world.organization("acme").await;
    assert_eq!(world.store.incoming(organization, review).await.unwrap().version, 2);
}

#[tokio::test]
async fn an_undo_leads_back_to_pages_of_this_organization_only() {
    let world = world().await;
    for (back, place) in [
        ("/o/acme/reviews/history", "/o/acme/reviews/history"),
        ("//evil.example", "/o/acme/reviews/"),
        ("/o/other", "/o/acme/reviews/"),
    ] {
        let review = world.review("acme").await;
        let mut browser = world.signed_in(Role::Recruiter).await;
        let left = format!("slug=acme&review={review}&version=2&verdict=left");
        let answer = browser.post(REVIEWS, "/app/review-decide", &left).await;
        assert!(answer.location().contains(&format!("done={review}")), "{}", answer.location());
        let undo = format!("slug=acme&review={review}&version=3&back={}", app::address::encode(back));
        let answer = browser.post(REVIEWS, "/app/review-undo", &undo).await;
        assert!(answer.location().starts_with(place), "{back}: {}", answer.location());
    }
}

/// A file as a browser sends it.
async fn upload(world: &World, role: Role, slug: &str, file: &str) -> (StatusCode, String) {
    let browser = world.signed_in(role).await;
    let parts = [("vendor", "", "py"), ("file", "; filename=\"results.csv\"", file)];
    let body: String = parts
        .iter()
        .map(|(name, more, value)| {
            format!("--cut\r\ncontent-disposition: form-data; name=\"{name}\"{more}\r\n\r\n{value}\r\n")
        })
        .collect();
    let request = Request::post(format!("/o/{slug}/results/file"))
        .header(header::HOST, "assay.example")
        .header("sec-fetch-site", "same-origin")
        .header(header::CONTENT_TYPE, "multipart/form-data; boundary=cut")
        .header(header::COOKIE, browser.cookie().unwrap())
        .body(axum::body::Body::from(format!("{body}--cut--\r\n")))
        .unwrap();
    let answer = world.app.clone().oneshot(request).await.unwrap();
    let place = answer.headers().get(header::LOCATION).map_or("", |l| l.to_str().unwrap());
    (answer.status(), place.to_owned())
}

#[tokio::test]
async fn a_file_is_taken_from_those_who_may_and_its_bad_lines_are_told() {
    let world = world().await;
    let test = domain::invitation::Test { id: "t-1".into(), name: "Backend screen".into(), retired: false };
    let organization = world.organization("acme").await;
    let tests =
        domain::job::Effect::SaveTests { organization, vendor: "py".into(), tests: vec![test], at: super::world::NOON };
    world.store.commit(vec![tests]).await.unwrap();
    let good = "email,test,score,completed_at\r\nzoe@example.com,t-1,80,2026-11-20\r\n";
    for role in [Role::Owner, Role::AccountManager, Role::Recruiter, Role::Limited] {
        assert_eq!(upload(&world, role, "acme", good).await.0, StatusCode::FORBIDDEN, "{role:?}");
    }
    assert_eq!(upload(&world, Role::Admin, "other", good).await.0, StatusCode::NOT_FOUND);
    let (status, place) = upload(&world, Role::Admin, "acme", good).await;
    assert_eq!((status, place.as_str()), (StatusCode::SEE_OTHER, "/o/acme/results?told=1-0"));
    let (_, place) = upload(&world, Role::SuperAdmin, "acme", good).await;
    assert_eq!(place, "/o/acme/results?told=0-1");
    let (status, place) =
        upload(&world, Role::Admin, "acme", "email,test,score,completed_at\r\nzoe,t-2,80,2026-11-20\r\n").await;
    assert_eq!(status, StatusCode::SEE_OTHER);
    let page = world.signed_in(Role::Admin).await.get(&place).await;
    page.shows("Line 2: ").shows("Nothing was changed").shows("zoe@example.com");
    let signed_out = Request::post("/o/acme/results/file")
        .header(header::HOST, "assay.example")
        .header("sec-fetch-site", "same-origin")
        .header(header::CONTENT_TYPE, "multipart/form-data; boundary=cut")
        .body(axum::body::Body::from("--cut--\r\n"))
        .unwrap();
    let answer = world.app.clone().oneshot(signed_out).await.unwrap();
    assert!(answer.headers()[header::LOCATION].to_str().unwrap().starts_with("/sign-in"));
}
