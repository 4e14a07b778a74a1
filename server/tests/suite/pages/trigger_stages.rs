//! The list and the form of trigger stages.

use axum::http::StatusCode;
use domain::job::Effect;
use domain::role::Role;

use super::world::{NOON, world};

const LIST: &str = "/o/acme/triggers";
const ROW: &str = "/o/acme/triggers/stage-1~py";

#[tokio::test]
async fn those_who_see_the_configuration_see_the_list_and_only_a_super_admin_changes_it() {
    let world = world().await;
    for (role, status) in [
        (Role::Owner, StatusCode::OK),
        (Role::AccountManager, StatusCode::OK),
        (Role::SuperAdmin, StatusCode::OK),
        (Role::Admin, StatusCode::OK),
        (Role::Recruiter, StatusCode::FORBIDDEN),
        (Role::Limited, StatusCode::FORBIDDEN),
    ] {
        let mut browser = world.signed_in(role).await;
        let page = browser.get(LIST).await;
        assert_eq!(page.status, status, "{role:?}");
        let form = browser.get(ROW).await;
        if role == Role::SuperAdmin {
            page.shows("Phone Screen Passed")
                .shows("Switch off")
                .shows("Add a trigger stage")
                .shows("tag of the candidate");
            assert_eq!(form.status, StatusCode::OK);
        } else {
            page.hides("Switch off").hides("Add a trigger stage");
            assert_eq!(form.status, StatusCode::FORBIDDEN, "{role:?}");
        }
        assert_eq!(page.body.contains("href=\"/o/acme/triggers\""), status == StatusCode::OK, "the navigation");
    }
}

#[tokio::test]
async fn what_was_undone_is_confirmed() {
    let world = world().await;
    let mut browser = world.signed_in(Role::SuperAdmin).await;
    browser.get(LIST).await.hides("Undone");
    let page = browser.submit("/app/trigger-undo", "slug=acme&version=2&to=1", LIST).await;
    page.shows("Undone: the trigger stages are as they were before.");
}

#[tokio::test]
async fn the_list_warns_of_what_stops_a_row() {
    let world = world().await;
    let mut browser = world.signed_in(Role::SuperAdmin).await;
    browser.get(LIST).await.shows("no longer has the default test").hides("deleted in Lever");
    let organization = world.store.organization("acme").await.unwrap().id;
    let test = domain::invitation::Test { id: "t-1".into(), name: "Backend screen".into(), retired: false };
    let cause = "lever.stage.stage-1".to_owned();
    let effects = vec![
        Effect::SaveTests { organization, vendor: "py".into(), tests: vec![test], at: NOON },
        Effect::RaiseIssue { organization, cause, detail: "gone".into(), at: NOON },
    ];
    world.store.commit(effects).await.unwrap();
    browser.get(LIST).await.hides("no longer has the default test").shows("deleted in Lever");
}

#[tokio::test]
async fn a_preview_without_client_code_keeps_what_was_typed_and_judges_it() {
    let world = world().await;
    let mut browser = world.signed_in(Role::SuperAdmin).await;
    let typed = "version=1&draft%5Bstage%5D=Phone&draft%5Bvendor%5D=py&draft%5Bpass_at%5D=40&draft%5Bfail_at%5D=60";
    let page = browser.get(&format!("{ROW}?{typed}")).await;
    assert_eq!(page.status, StatusCode::OK);
    page.shows("value=\"60\"").shows("60 must be below the pass threshold, which is 40");
    page.shows("Lever could not be asked").shows("formmethod=\"get\"").hides("Not saved");
    let page = browser.get(&format!("{ROW}?{typed}&refused=yes")).await;
    page.shows("Not saved: correct the fields");
    assert_eq!(browser.get("/o/acme/triggers/stage-9~py").await.status, StatusCode::NOT_FOUND);
}
