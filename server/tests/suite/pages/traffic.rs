//! Deliveries and jobs: the lists, one delivery, replay and retry, all without client code and on both engines.

use axum::http::StatusCode;
use domain::job::{Finished, JobOutcome, NewJob, Work};
use domain::ports::store::{DeliveryStatus, DirectClaim, NewDelivery};
use domain::read::{JobFilter, JobState};
use domain::role::Role;
use std::time::Duration;
use uuid::Uuid;

use super::world::{NAME_AS_HTML, NOON, OPPORTUNITY, World, world, world_over};
use crate::engine::{Database, Engine};

pub const DELIVERY: Uuid = Uuid::from_u128(501);
const REFUSED: Uuid = Uuid::from_u128(502);
const UNSIGNED_TEXT: Uuid = Uuid::from_u128(503);
const AGAIN: Uuid = Uuid::from_u128(504);
pub const DEAD_JOB: Uuid = Uuid::from_u128(601);
const ANOTHER_DEAD_JOB: Uuid = Uuid::from_u128(602);

const LIST: &str = "/o/acme/deliveries";
const JOBS: &str = "/o/acme/jobs";
const BODY: &str = r#"{"event":"candidateStageChange","triggeredAt":1795262400123,"token":"t0ken-of-lever","signature":"s1gned",
    "data":{"opportunityId":"opp-1","remark":"Ada was here"}}"#;

fn one(world_organization: Uuid) -> NewDelivery {
    NewDelivery {
        id: DELIVERY,
        organization: world_organization,
        token: Some("t0ken-of-lever".into()),
        event: "candidateStageChange".into(),
        opportunity: Some(OPPORTUNITY.into()),
        body: BODY.into(),
        status: DeliveryStatus::Done,
        reason: Some("Invited to Backend screen: it is the default of this stage.".into()),
        at: NOON,
        job: None,
    }
}

/// Adds three deliveries, two dead jobs of two kinds and one that waits.
pub async fn with_traffic(world: World) -> World {
    let organization = world.store.organization("acme").await.unwrap().id;
    let refused = NewDelivery {
        id: REFUSED,
        token: None,
        status: DeliveryStatus::Refused,
        event: "candidateHired".into(),
        opportunity: Some("opp-unread".into()),
        reason: Some("It is not signed.".into()),
        ..one(organization)
    };
    let text =
        NewDelivery { id: UNSIGNED_TEXT, event: String::new(), body: "token=t0ken-of-lever".into(), ..refused.clone() };
    let again = NewDelivery { id: AGAIN, body: "{}".into(), ..one(organization) };
    for delivery in [one(organization), refused, text, again] {
        world.store.receive(&[delivery], DirectClaim::NONE).await.unwrap();
    }
    let dead = [
        (DEAD_JOB, Work::Send { order: world.order }),
        (ANOTHER_DEAD_JOB, Work::WriteBack { opportunity: OPPORTUNITY.into(), vendor: "py".into() }),
    ];
    for (id, work) in dead {
        world.store.enqueue(vec![NewJob { id, organization, work, run_at: NOON }]).await.unwrap();
        let claimed = world.store.claim(1, NOON, NOON.plus(Duration::from_secs(60)), None).await.unwrap();
        let outcome = JobOutcome::Dead { error: "Py: it answered 500".into() };
        let run = Finished { job: id, attempt: claimed[0].attempt, outcome, effects: vec![], at: NOON };
        world.store.finish(vec![run]).await.unwrap().remove(0).unwrap();
    }
    let (id, run_at) = (Uuid::from_u128(603), NOON.plus(Duration::from_secs(301)));
    world.store.enqueue(vec![NewJob { id, organization, work: Work::Sync, run_at }]).await.unwrap();
    world
}

async fn jobs(world: &World, state: JobState) -> Vec<Uuid> {
    let organization = world.store.organization("acme").await.unwrap().id;
    let page = world.store.job_page(organization, &JobFilter { state, ..JobFilter::default() }).await.unwrap();
    page.rows.into_iter().map(|row| row.id).collect()
}

/// The path of a redirect, which may be absolute.
fn path(location: &str) -> &str {
    location.strip_prefix("https://assay.example").unwrap_or(location)
}

async fn deliveries_are_listed_with_what_came_of_them(world: World) {
    let mut browser = world.signed_in(Role::Recruiter).await;
    let page = browser.get(LIST).await;
    assert_eq!(page.status, StatusCode::OK);
    page.shows(NAME_AS_HTML).shows("Handled").shows("Suspicious").shows("1 repeat").shows("Refused").shows("No event");
    page.shows("it is the default of this stage").shows("It is not signed.").shows("<code>opp-unread</code>");
    page.hides("t0ken-of-lever").shows(&format!("{LIST}/{DELIVERY}"));
    let page = browser.get(&format!("{LIST}?status=refused")).await;
    page.shows("It is not signed.").hides("it is the default").shows("Remove the filter Status: Refused");
    let page = browser.get(&format!("{LIST}?failed=yes&event=candidateStageChange")).await;
    page.shows("Suspicious").hides("It is not signed.").shows("name=\"failed\" value=\"yes\"");
    let page = browser.get(&format!("{LIST}?opportunity=opp-9")).await;
    page.shows("No delivery matches these filters").shows("Show all deliveries");
    browser
        .get(&format!("{LIST}?after=1.{DELIVERY}&status=nonsense"))
        .await
        .shows("Show all deliveries")
        .hides("Suspicious");
}

async fn a_delivery_is_shown_without_its_secrets_and_replayed(world: World) {
    let mut browser = world.signed_in(Role::Recruiter).await;
    let address = format!("{LIST}/{DELIVERY}");
    let page = browser.get(&address).await;
    page.shows("Verified").shows("1795262400123").shows("Ada was here").shows("(not shown)").shows("Came again 1 time");
    page.hides("t0ken-of-lever").hides("s1gned").shows("action=\"/app/delivery-replay\"");
    let answer = browser.post(&address, "/app/delivery-replay", &format!("slug=acme&delivery={DELIVERY}")).await;
    assert_eq!(
        (answer.status, path(answer.location())),
        (StatusCode::FOUND, format!("{address}?replayed=yes").as_str())
    );
    let page = browser.get(path(answer.location())).await;
    page.shows("The delivery is processed again.").shows("Waiting").shows("Jobs that read Lever");
    assert_eq!(jobs(&world, JobState::Ready).await.len(), 2);
    browser.get(JOBS).await.shows("Read Lever and decide").shows(NAME_AS_HTML);
}

async fn what_was_refused_is_not_replayed_and_says_why(world: World) {
    let mut browser = world.signed_in(Role::SuperAdmin).await;
    for (id, shown) in [(REFUSED, "(not shown)"), (UNSIGNED_TEXT, "The body is not JSON.")] {
        let address = format!("{LIST}/{id}");
        let page = browser.get(&address).await;
        page.shows("It was refused and is not processed.").shows(shown).hides("t0ken").hides("delivery-replay");
        let answer = browser.post(&address, "/app/delivery-replay", &format!("slug=acme&delivery={id}")).await;
        assert_eq!(answer.status, StatusCode::FOUND);
        let page = browser.get(path(answer.location())).await;
        page.shows("Not done. It was refused and is not processed. Nothing was changed.");
        page.hides("The delivery is processed again.");
    }
    assert_eq!(jobs(&world, JobState::Ready).await.len(), 1);
    for unknown in ["nonsense", "00000000-0000-0000-0000-000000000009"] {
        assert_eq!(browser.get(&format!("{LIST}/{unknown}")).await.status, StatusCode::NOT_FOUND);
    }
}

async fn those_who_watch_see_no_names_and_have_work_done_again(world: World) {
    for role in [Role::Owner, Role::AccountManager] {
        let mut browser = world.signed_in(role).await;
        for address in [LIST.to_owned(), format!("{LIST}/{DELIVERY}"), format!("{JOBS}?state=dead")] {
            let page = browser.get(&address).await;
            assert_eq!(page.status, StatusCode::OK);
            page.shows("A. L. · ").hides("Lovelace").hides("Ada was here").hides("t0ken");
        }
    }
    let mut manager = world.signed_in(Role::AccountManager).await;
    let address = format!("{LIST}/{DELIVERY}");
    manager.get(&address).await.shows("action=\"/app/delivery-replay\"");
    let form = format!("slug=acme&delivery={DELIVERY}");
    manager.submit("/app/delivery-replay", &form, &address).await.shows("The delivery is processed again.");
    manager.get(&format!("{JOBS}?state=dead")).await.shows("action=\"/app/job-retry\"");
    let page = manager.submit("/app/jobs-retry-dead", "slug=acme", &format!("{JOBS}?state=dead")).await;
    page.shows("2 jobs are tried again.").hides("Lovelace");
    assert_eq!(jobs(&world, JobState::Dead).await, Vec::<Uuid>::new());
}

async fn a_limited_person_reads_no_traffic(world: World) {
    let mut limited = world.signed_in(Role::Limited).await;
    for path in [LIST.to_owned(), format!("{LIST}/{DELIVERY}"), format!("{JOBS}?state=dead")] {
        let page = limited.get(&path).await;
        assert_eq!(page.status, StatusCode::FORBIDDEN, "{path}");
        page.hides("Lovelace").hides("Invite at the vendor").hides("It is not signed");
    }
}

async fn jobs_are_listed_by_state_and_kind(world: World) {
    let mut browser = world.signed_in(Role::Recruiter).await;
    let page = browser.get(JOBS).await;
    page.shows("Look for what no webhook told").shows("in 5 min").shows("No job is due.").hides("Try again");
    world.clock.advance(Duration::from_secs(421));
    browser.get(JOBS).await.shows("The oldest due job has waited for 2 min.").shows("due for 2 min");
    let page = browser.get(&format!("{JOBS}?state=dead")).await;
    page.shows("Invite at the vendor")
        .shows("Write the result to Lever")
        .shows("Py: it answered 500")
        .shows(NAME_AS_HTML);
    page.shows("7 min ago").shows("1 run").shows("Try all 2 dead jobs again").shows("aria-current=\"page\"");
    let page = browser.get(&format!("{JOBS}?state=dead&kind=send")).await;
    page.shows("Try the dead job again").shows("Clear");
    assert_eq!(page.body.matches("<time").count(), 1, "one row: {}", page.body);
    browser.get(&format!("{JOBS}?state=cancelled")).await.shows("Nothing was given up").hides("Try again");
}

async fn a_dead_job_is_tried_again_once(world: World) {
    let mut browser = world.signed_in(Role::Recruiter).await;
    let from = format!("{JOBS}?state=dead&kind=send");
    let form = format!("slug=acme&job={DEAD_JOB}&state=dead&kind=send");
    let answer = browser.post(&from, "/app/job-retry", &form).await;
    assert_eq!((answer.status, path(answer.location())), (StatusCode::FOUND, format!("{from}&revived=1").as_str()));
    browser.get(path(answer.location())).await.shows("1 job is tried again.").shows("No job of this kind here");
    assert_eq!(jobs(&world, JobState::Dead).await, [ANOTHER_DEAD_JOB]);
    let second = browser.post(&format!("{from}&revived=1"), "/app/job-retry", &form).await;
    let page = browser.get(path(second.location())).await;
    page.shows("Someone was first").hides("1 job is tried again.");
    let foreign = browser.post(JOBS, "/app/job-retry", "slug=acme&job=1&state=dead").await;
    browser.get(path(foreign.location())).await.shows("Not found. ");
}

async fn all_dead_jobs_are_tried_again_and_the_number_is_said(world: World) {
    let mut browser = world.signed_in(Role::Admin).await;
    let from = format!("{JOBS}?state=dead");
    let answer = browser.post(&from, "/app/jobs-retry-dead", "slug=acme&kind=").await;
    assert_eq!((answer.status, path(answer.location())), (StatusCode::FOUND, format!("{from}&revived=2").as_str()));
    let page = browser.get(path(answer.location())).await;
    page.shows("2 jobs are tried again.").shows("No job is dead").hides("dead jobs again");
    assert_eq!(jobs(&world, JobState::Dead).await, Vec::<Uuid>::new());
    let none = browser.post(&from, "/app/jobs-retry-dead", "slug=acme").await;
    browser.get(path(none.location())).await.shows("No job was made ready");
}

#[tokio::test]
async fn an_organization_without_deliveries_is_told_how_they_come() {
    let world = world().await;
    let mut browser = world.signed_in(Role::Admin).await;
    browser.get(LIST).await.shows("No deliveries yet").shows("Verify Connection");
    browser.get(&format!("{LIST}?failed=yes")).await.shows("No delivery needs a look");
    browser.get(JOBS).await.shows("Nothing waits");
}

/// The world with its traffic on that engine; none where the engine is not there.
async fn on(engine: Engine, test: &str) -> Option<(World, Database)> {
    if !engine.is_there(test) {
        return None;
    }
    let database = Database::create(engine).await;
    let folder = std::env::temp_dir().join(format!("assay-pages-{}", server::ids::token()));
    let world = world_over(database.open().await, folder, |_| ()).await;
    Some((with_traffic(world).await, database))
}

macro_rules! on_both {
    ($($test:ident),+ $(,)?) => {
        mod on_sqlite {
            $(#[tokio::test]
            async fn $test() {
                let (world, database) = super::on(super::Engine::Sqlite, stringify!($test)).await.unwrap();
                super::$test(world).await;
                database.remove().await;
            })+
        }

        mod on_postgres {
            $(#[tokio::test]
            async fn $test() {
                let Some((world, database)) = super::on(super::Engine::Postgres, stringify!($test)).await else { return };
                super::$test(world).await;
                database.remove().await;
            })+
        }
    };
}

on_both!(
    deliveries_are_listed_with_what_came_of_them,
    a_delivery_is_shown_without_its_secrets_and_replayed,
    what_was_refused_is_not_replayed_and_says_why,
    those_who_watch_see_no_names_and_have_work_done_again,
    a_limited_person_reads_no_traffic,
    jobs_are_listed_by_state_and_kind,
    a_dead_job_is_tried_again_once,
    all_dead_jobs_are_tried_again_and_the_number_is_said,
);
