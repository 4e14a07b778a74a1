//! The first page of an organization.

use std::time::Duration;

use domain::audit::Author;
use domain::enablement::{Integration, Step};
use domain::job::{Effect, Finished, JobOutcome, NewJob, Work};
use domain::order::{Order, OrderState};
use domain::outcome::Outcome;
use domain::ports::store::DeliveryStatus;
use domain::role::Role;

use super::world::{NAME_AS_HTML, NOON, PASSWORD, World, order, world_on};
use crate::engine::Engine;
use crate::flows::on_both_engines;

/// A result to be reviewed that is written to Lever, an issue, a job that failed for good, deliveries of which one was refused.
async fn busy(world: &World) {
    let acme = world.organization("acme").await;
    let judged = Order {
        opportunity: "opp-2".into(),
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
        page.shows("href=\"/o/acme/jobs?state=dead\"").shows("href=\"/o/acme/candidates?outcome=needs-review&amp;since=2026-10-22\"");
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

    async fn a_live_organization_from_which_nothing_came_says_what_to_do_first(engine: Engine) {
        let world = world_on(engine).await;
        let page = world.signed_in(Role::AccountManager).await.get("/o/other").await;
        page.shows("What to do first").shows("Enter the webhook address in Lever").shows("No decisions yet");
        page.shows("href=\"/o/other/connections#webhook\"").hides("assay org list");
        page.shows("No result came in the last six weeks.").hides("Needs someone");
        world.remove().await;
    }

    async fn an_organization_that_was_never_live_is_being_set_up_and_says_how_it_goes_on(engine: Engine) {
        let world = world_on(engine).await;
        let mut owner = world.signed_in(Role::Owner).await;
        let made = owner.submit("/app/organization-create", "name=New&slug=new&timezone=UTC", "/instance").await;
        made.shows("Nobody signs in here yet");
        owner.get("/?state=setting-up").await.shows(">New</a>").shows("Not live yet: nobody is invited.");
        owner.get("/?state=paused").await.hides(">New</a>");
        let new = world.organization("new").await;
        for role in [Role::SuperAdmin, Role::Recruiter] {
            let email = format!("{}@new.example", role.as_str());
            world.add(&email, role, new).await;
            let mut browser = world.browser();
            browser.sign_in(&email, PASSWORD, "/").await;
            let page = browser.get("/o/new").await;
            page.shows("What to do first").shows("Not live yet").hides("Paused").hides("webhook address in Lever");
            if role == Role::SuperAdmin {
                page.shows("Next: store a Lever key, at ").shows("href=\"/o/new/connections\"");
                page.shows("href=\"/o/new/connections#lever\"").shows("href=\"/o/new/triggers\"");
            } else {
                page.shows("until a super admin has connected it").hides("/o/new/connections");
            }
        }
        world.remove().await;
    }

    async fn an_authorization_that_waits_is_said_to_those_who_answer_it(engine: Engine) {
        let world = world_on(engine).await;
        let (acme, by) = (world.organization("acme").await, Author::on_page("sue", NOON));
        world.store.make_step(acme, Integration::Py, Step::Requested, &by).await.unwrap();
        let notice = world.signed_in(Role::AccountManager).await.get("/").await;
        notice.shows("Acme (Py) asks to be enabled").hides("acme (Py)");
        world.signed_in(Role::SuperAdmin).await.get("/o/acme").await.hides("Authorization asked");
        world.store.make_step(acme, Integration::Py, Step::AuthorizationAsked, &by).await.unwrap();
        let page = world.signed_in(Role::SuperAdmin).await.get("/o/acme").await;
        page.shows("Authorization asked").shows("href=\"/o/acme/integrations\"").shows("Lever key for Py");
        world.signed_in(Role::Recruiter).await.get("/o/acme").await.hides("Authorization asked");
        world.store.make_step(acme, Integration::Py, Step::Granted, &by).await.unwrap();
        world.signed_in(Role::SuperAdmin).await.get("/o/acme").await.hides("Authorization asked");
        world.remove().await;
    }

    async fn deliveries_that_fail_are_said_with_a_place_until_one_is_accepted(engine: Engine) {
        let world = world_on(engine).await;
        world.deliver("acme", DeliveryStatus::Refused, &[NOON.minus(Duration::from_mins(9)); 20]).await;
        let page = world.signed_in(Role::SuperAdmin).await.get("/o/acme").await;
        page.shows("20 of 20 deliveries of the last day were not accepted, and none of their kind was since.");
        page.shows("href=\"/o/acme/deliveries?failed=yes\"").shows("href=\"/o/acme/connections#webhook\"");
        let page = world.signed_in(Role::Recruiter).await.get("/o/acme").await;
        page.shows("href=\"/o/acme/deliveries?failed=yes\"").hides("/o/acme/connections");
        world.deliver("acme", DeliveryStatus::Verified, &[NOON.minus(Duration::from_mins(5))]).await;
        let page = world.signed_in(Role::SuperAdmin).await.get("/o/acme").await;
        page.hides("none of their kind was since").hides("failed=yes").shows("21 deliveries; not accepted: 95 % of 21.");
        world.remove().await;
    }

    async fn as_many_results_to_review_are_listed_as_are_counted(engine: Engine) {
        let world = world_on(engine).await;
        let acme = world.organization("acme").await;
        let long_ago = Duration::from_hours(40 * 24);
        let judged = |number: u64, at| Effect::PlanOrder(Box::new(Order {
            opportunity: format!("opp-{number}"),
            test: "t-9".into(),
            state: OrderState::Completed,
            outcome: Some(Outcome::NeedsReview),
            judged_by: Some(1),
            created_at: at,
            completed_at: Some(at),
            ..order(acme)
        }));
        let old = judged(20, NOON.minus(long_ago));
        let newest = judged(1, NOON.plus(Duration::from_secs(1)));
        world.store.commit(vec![judged(21, NOON), newest, old]).await.unwrap();
        let mut browser = world.signed_in(Role::Recruiter).await;
        let home = browser.get("/o/acme").await;
        home.shows("2 results need review").shows("(changed since 22 Oct)").shows("decide about the candidate in Lever");
        let list = browser.get("/o/acme/candidates?outcome=needs-review&since=2026-10-22").await;
        list.shows("2 of 2").shows("Changed since").shows("decide in Lever").shows("name=\"since\" value=\"2026-10-22\"");
        list.shows("Decide in Lever").shows("https://hire.lever.example/candidates/opp-1");
        browser.get("/o/acme/candidates").await.shows("Decide in Lever");
        browser.get("/o/acme/candidates?outcome=needs-review").await.shows("3 of 3");
        let watched = world.signed_in(Role::Owner).await.get("/o/acme/candidates?outcome=needs-review").await;
        watched.shows("3 of 3").hides("Decide in Lever").hides("hire.lever.example");
        browser.get("/o/acme/candidates?since=yesterday").await.shows("is no day such as 2026-11-21");
        world.signed_in(Role::AccountManager).await.get("/").await.shows("2 to review").shows("since=2026-10-22");
        world.remove().await;
    }

    async fn those_who_watch_see_nobody_s_name(engine: Engine) {
        let world = world_on(engine).await;
        busy(&world).await;
        let page = world.signed_in(Role::Owner).await.get("/o/acme").await;
        page.shows("Names are masked for your role.").shows("A. L. · ").hides("Lovelace").hides("ada@example.com");
        let page = world.signed_in(Role::Limited).await.get("/o/acme").await;
        page.shows("No posting is assigned to you").hides("funnel").hides("Py refused").hides("Lovelace");
        world.remove().await;
    }
}
