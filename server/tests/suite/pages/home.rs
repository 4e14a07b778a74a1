//! The first page of an organization.

use std::time::Duration;

use domain::job::{Effect, Finished, JobOutcome, NewJob, Work};
use domain::order::{Order, OrderState};
use domain::outcome::Outcome;
use domain::ports::store::DeliveryStatus;
use domain::role::Role;

use super::world::{NAME_AS_HTML, NOON, World, order, world_on};
use crate::engine::Engine;
use crate::flows::on_both_engines;

/// A result to be reviewed that is written to Lever, an issue, a job that failed for good, deliveries of which one was refused.
async fn busy(world: &World) {
    let acme = world.organization("acme").await;
    let judged = Order {
        test: "t-2".into(),
        state: OrderState::Completed,
        outcome: Some(Outcome::NeedsReview),
        judged_by: Some(1),
        created_at: NOON.minus(Duration::from_hours(72)),
        invited_at: Some(NOON.minus(Duration::from_hours(71))),
        completed_at: Some(NOON.minus(Duration::from_hours(48))),
        written_at: Some(NOON.minus(Duration::from_hours(48))),
        ..order(acme)
    };
    let detail = "Py refused the key. Store a working key.".to_owned();
    let issue = Effect::RaiseIssue { organization: acme, cause: "vendor.py.other".into(), detail, at: NOON };
    world.store.commit(vec![Effect::PlanOrder(Box::new(judged)), issue]).await.unwrap();
    let id = server::ids::row();
    let work = Work::Follow { opportunity: "opp-9".into() };
    world.store.enqueue(vec![NewJob { id, organization: acme, work, run_at: NOON }]).await.unwrap();
    let lease = NOON.plus(Duration::from_mins(1));
    let claimed = world.store.claim(9, NOON, lease, None).await.unwrap();
    assert_eq!(claimed.len(), 1, "no other job is due");
    let outcome = JobOutcome::Dead { error: "no".into() };
    let end = Finished { job: id, attempt: 1, outcome, effects: vec![], at: NOON };
    world.store.finish(vec![end]).await.unwrap();
    world.deliver("acme", DeliveryStatus::Done, &[NOON.minus(Duration::from_mins(90)); 3]).await;
    world.deliver("acme", DeliveryStatus::Refused, &[NOON.minus(Duration::from_mins(80))]).await;
}

on_both_engines! {
    async fn health_comes_first_then_what_needs_someone(engine: Engine) {
        let world = world_on(engine).await;
        busy(&world).await;
        let page = world.signed_in(Role::Recruiter).await.get("/o/acme").await;
        page.shows("class=\"banner banner-warn\"").shows("1 send with an unknown end.").shows("And 3 more.");
        let parts = ["id=\"waiting\"", NAME_AS_HTML, "Py refused the key. Store a working key.", "1 job failed",
            "1 result needs review", "id=\"funnel\"", "id=\"results\"", "id=\"deliveries\"", "id=\"decisions\""];
        let at: Vec<usize> = parts.iter().map(|part| page.body.find(part).unwrap_or_else(|| panic!("{part}"))).collect();
        assert!(at.is_sorted(), "{parts:?} at {at:?}");
        page.shows("href=\"/o/acme/jobs?state=dead\"").shows("href=\"/o/acme/candidates?outcome=needs-review\"");
        page.shows("1 result in 42 days: 0 passed, 1 to be reviewed, 0 failed.").shows("19 Nov");
        page.shows("4 deliveries; not accepted: 25 % of 4.").shows("1 to 2 h ago: 1 of 4 deliveries not accepted");
        page.shows("Last event from Lever").hides("What to do first");
        for word in ["Invited", "Started", "Completed", "Written to Lever"] {
            page.shows(&format!("<span class=\"funnel-word\">{word}</span>"));
        }
        assert_eq!(page.body.matches("<span class=\"funnel-number\">1</span>").count(), 4);
        world.remove().await;
    }

    async fn orders_older_than_a_month_are_not_in_the_funnel(engine: Engine) {
        let world = world_on(engine).await;
        busy(&world).await;
        world.clock.advance(Duration::from_hours(29 * 24));
        let page = world.signed_in(Role::Recruiter).await.get("/o/acme").await;
        assert_eq!(page.body.matches("<span class=\"funnel-number\">0</span>").count(), 4);
        page.shows("1 result in 42 days").shows("0 deliveries; not accepted: none came.");
        world.remove().await;
    }

    async fn a_new_organization_says_what_to_do_first(engine: Engine) {
        let world = world_on(engine).await;
        let page = world.signed_in(Role::AccountManager).await.get("/o/other").await;
        page.shows("What to do first").shows("Enter the webhook address in Lever").shows("No decisions yet");
        page.shows("No result came in the last six weeks.").hides("Needs someone");
        world.remove().await;
    }

    async fn those_who_watch_see_nobody_s_name(engine: Engine) {
        let world = world_on(engine).await;
        busy(&world).await;
        let page = world.signed_in(Role::Owner).await.get("/o/acme").await;
        page.shows("Names are masked for your role.").shows("A. L. · ").hides("Lovelace").hides("ada@example.com");
        let page = world.signed_in(Role::Limited).await.get("/o/acme").await;
        page.shows("no posting is assigned to you").hides("funnel").hides("Py refused").hides("Lovelace");
        world.remove().await;
    }
}
