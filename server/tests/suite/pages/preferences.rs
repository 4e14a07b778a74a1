//! What people set for themselves, without client code.

use axum::http::StatusCode;
use domain::Timestamp;
use domain::preferences::{Density, Preferences};
use domain::role::Role;

use super::world::{World, email, world_on};
use crate::engine::Engine;
use crate::flows::on_both_engines;

const PAGE: &str = "/preferences";
const SAVE: &str = "/app/preferences-save";

async fn saved(world: &World, role: Role) -> Option<Preferences> {
    let account = world.store.account_by_email(&email(role)).await.unwrap().unwrap();
    let sessions = world.store.sessions(account.id, Timestamp::EPOCH).await.unwrap();
    let json = world.store.asker(&sessions.first()?.key, Timestamp::EPOCH).await.unwrap()?.preferences?;
    Some(serde_json::from_str(&json).unwrap())
}

on_both_engines! {
    async fn times_are_in_the_reader_s_zone_once_it_is_set(engine: Engine) {
        let world = world_on(engine).await;
        let mut browser = world.signed_in(Role::Recruiter).await;
        browser.get("/o/acme/candidates/opp-1").await.shows("21 Nov 2026, 13:00 CET");
        let page = browser.get(PAGE).await;
        page.shows("The organization's (Europe/Berlin)").shows("<option value=\"Asia/Tokyo\"");
        let form = "timezone=Asia%2FTokyo&theme=dark&density=compact&shortcuts=on";
        let answer = browser.post(PAGE, SAVE, form).await;
        assert_eq!((answer.status, answer.location()), (StatusCode::FOUND, "/preferences?told=saved"));
        let cookies: Vec<_> = answer.headers.get_all("set-cookie").iter().map(|c| c.to_str().unwrap()).collect();
        for name in ["assay_theme=dark; ", "assay_density=compact; "] {
            assert!(cookies.iter().any(|c| c.starts_with(name) && c.ends_with("; Secure")), "{cookies:?}");
        }
        let told = browser.get(answer.location()).await;
        told.shows("Saved: times are shown in Asia/Tokyo (now 21 Nov 2026, 21:00 JST), rows are compact, single keys are on.");
        let page = browser.get("/o/acme/candidates/opp-1").await;
        page.shows("21 Nov 2026, 21:00 JST").shows("title=\"2026-11-21T12:00:00Z\"").hides("CET");
        world.signed_in(Role::Admin).await.get("/o/acme/candidates/opp-1").await.shows("13:00 CET");
        let back = browser.post(PAGE, SAVE, "timezone=&theme=system&density=compact&shortcuts=on").await;
        browser.get(back.location()).await.shows("in the organization's zone (now 21 Nov 2026, 13:00 CET)");
        world.remove().await;
    }

    async fn the_height_of_rows_belongs_to_the_account(engine: Engine) {
        let world = world_on(engine).await;
        let mut browser = world.signed_in(Role::Recruiter).await;
        browser.get("/o/acme").await.shows("data-density=\"comfortable\"");
        let answer = browser.post("/o/acme", "/density", "density=compact").await;
        assert_eq!(answer.location(), "/o/acme");
        assert!(answer.header("set-cookie").starts_with("assay_density=compact; "));
        let kept = Preferences { density: Density::Compact, ..Preferences::default() };
        assert_eq!(saved(&world, Role::Recruiter).await, Some(kept));
        // Another browser of the same person, without the cookie.
        world.signed_in(Role::Recruiter).await.get("/o/acme").await.shows("data-density=\"compact\"");
        world.signed_in(Role::Admin).await.get("/o/acme").await.shows("data-density=\"comfortable\"");
        // The menu changes one thing of what is saved.
        browser.post(PAGE, SAVE, "timezone=Asia%2FTokyo&theme=system&density=compact").await;
        browser.post("/o/acme", "/density", "density=comfortable").await;
        let kept = saved(&world, Role::Recruiter).await.unwrap();
        assert_eq!((kept.timezone.as_deref(), kept.density, kept.shortcuts), (Some("Asia/Tokyo"), Density::Comfortable, false));
        world.remove().await;
    }

    async fn single_keys_are_switched_off(engine: Engine) {
        let world = world_on(engine).await;
        let mut browser = world.signed_in(Role::Owner).await;
        browser.get(PAGE).await.hides("data-shortcuts").shows("Owner of this instance").shows("Create organizations");
        browser.post(PAGE, SAVE, "timezone=&theme=system&density=comfortable").await;
        let page = browser.get(PAGE).await;
        page.shows("data-shortcuts=\"off\"");
        let home = browser.get("/o/acme").await;
        home.shows("data-shortcuts=\"off\"").shows("href=\"/preferences\"");
        world.remove().await;
    }

    async fn a_zone_that_does_not_exist_changes_nothing(engine: Engine) {
        let world = world_on(engine).await;
        let mut browser = world.signed_in(Role::Limited).await;
        let form = "timezone=Mars%2FOlympus&theme=dark&density=compact";
        let answer = browser.post(PAGE, SAVE, form).await;
        assert_eq!((answer.status, answer.location()), (StatusCode::FOUND, "/preferences?told=zone"));
        browser.get(answer.location()).await.shows("There is no such time zone. Nothing was changed");
        let kind = "application/x-www-form-urlencoded";
        let answer = browser.call(SAVE, kind, form).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(saved(&world, Role::Limited).await, None);
        world.remove().await;
    }

    async fn preferences_of_another_version_are_read_as_far_as_possible(engine: Engine) {
        let world = world_on(engine).await;
        let account = world.store.account_by_email(&email(Role::Admin)).await.unwrap().unwrap();
        let mut browser = world.signed_in(Role::Admin).await;
        for json in [r#"{"timezone":"Old/Zone","later":[1]}"#, "not json"] {
            world.store.save_preferences(account.id, json).await.unwrap();
            browser.get("/o/acme/candidates/opp-1").await.shows("21 Nov 2026, 13:00 CET");
            assert_eq!(browser.get(PAGE).await.status, StatusCode::OK);
        }
        world.remove().await;
    }
}
