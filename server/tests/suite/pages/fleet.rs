//! The list of organizations, as a page and as a file.

use std::time::Duration;

use axum::http::StatusCode;
use domain::job::Effect;
use domain::ports::store::DeliveryStatus;
use domain::role::Role;

use super::world::{NOON, World, world_on};
use crate::engine::Engine;
use crate::flows::on_both_engines;

/// Acme degrades because of a send nobody knows the end of, and takes deliveries; the other's key is refused.
async fn watched(engine: Engine) -> World {
    let world = world_on(engine).await;
    let other = world.organization("other").await;
    let detail = "Lever refuses the key.".to_owned();
    let refused = Effect::RaiseIssue { organization: other, cause: "lever.credential".into(), detail, at: NOON };
    world.store.commit(vec![refused]).await.unwrap();
    world.deliver("acme", DeliveryStatus::Done, &[NOON.minus(Duration::from_mins(5)); 3]).await;
    world
}

/// The file's lines as cells.
fn cells(body: &str) -> Vec<Vec<&str>> {
    let body = body.strip_prefix('\u{feff}').expect("a byte order mark");
    body.split_terminator("\r\n").map(|line| line.split(',').collect()).collect()
}

on_both_engines! {
    async fn what_needs_attention_comes_first_with_its_cause(engine: Engine) {
        let world = watched(engine).await;
        let page = world.signed_in(Role::AccountManager).await.get("/").await;
        assert_eq!(page.status, StatusCode::OK);
        let at = |what: &str| page.body.find(what).unwrap_or_else(|| panic!("{what} is not there"));
        assert!(at(">Other Company</a>") < at(">Acme</a>"), "a refused key comes before a single send");
        page.shows("Failing").shows("Lever refuses the key since 21 Nov 2026, 12:00 UTC.").shows("Degraded");
        page.shows("1 send with an unknown end.").shows("Not accepted: 0 of 3").shows("Not accepted: none came");
        page.shows("1 open issue").shows("1 to 2 of 2").shows("href=\"/o/acme/candidates?outcome=needs-review&amp;since=2026-10-22\"");
        page.shows("Hours: 0 with failures, 1 fine, 23 without deliveries").hides("Lovelace").hides("A. L.");
        world.remove().await;
    }

    async fn filters_stand_in_the_address(engine: Engine) {
        let world = watched(engine).await;
        let mut browser = world.signed_in(Role::Owner).await;
        let failing = browser.get("/?state=failing").await;
        failing.shows(">Other Company</a>").hides(">Acme</a>").shows("href=\"/fleet.csv?state=failing\"");
        failing.shows("<input type=\"hidden\" name=\"state\" value=\"failing\"");
        let called = browser.get("/?q=%20ACM").await;
        called.shows(">Acme</a>").hides(">Other Company</a>").shows("href=\"/?state=failing&amp;q=ACM\"");
        browser.get("/?state=healthy").await.shows("No organization matches these filters").shows("Show all organizations");
        browser.get("/?state=nonsense&page=9").await.shows(">Acme</a>").shows(">Other Company</a>");
        world.remove().await;
    }

    async fn the_file_has_the_same_organizations_in_utc(engine: Engine) {
        let world = watched(engine).await;
        let mut browser = world.signed_in(Role::AccountManager).await;
        let file = browser.get("/fleet.csv").await;
        assert_eq!(file.header("content-type"), "text/csv; charset=utf-8; header=present");
        assert_eq!(file.header("content-disposition"), "attachment; filename=\"fleet.csv\"");
        let lines = cells(&file.body);
        assert_eq!(lines[0][..3], ["organization", "name", "state"]);
        assert_eq!(lines.iter().skip(1).map(|line| line[0]).collect::<Vec<_>>(), ["other", "acme"]);
        let acme = browser.get("/fleet.csv?q=acme&state=degraded").await;
        acme.hides("other,").shows("2026-11-21T11:55:00Z").shows("https://assay.example/o/acme").hides("Lovelace");
        assert_eq!(cells(&acme.body).len(), 2);
        assert_eq!(cells(&browser.get("/fleet.csv?state=paused").await.body).len(), 1, "heads alone");
        world.remove().await;
    }

    async fn the_file_is_for_those_who_watch(engine: Engine) {
        let world = watched(engine).await;
        for role in Role::ALL {
            let may = matches!(role, Role::Owner | Role::AccountManager);
            let answer = world.signed_in(role).await.get("/fleet.csv").await;
            assert_eq!(answer.status, if may { StatusCode::OK } else { StatusCode::FORBIDDEN }, "{role:?}");
            if !may {
                answer.shows("an account manager or the owner").hides("Other Company");
            }
        }
        let answer = world.browser().get("/fleet.csv?q=a").await;
        assert_eq!(answer.location(), "/sign-in?next=%2Ffleet.csv%3Fq%3Da");
        world.remove().await;
    }
}
