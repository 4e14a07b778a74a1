//! The real process, killed with SIGKILL in the middle of its work and started again.

use std::sync::Arc;
use std::time::Duration;

use server::clock::SystemClock;
use server::sandbox::lever::{self, LeverSandbox, NewPerson, Seed};
use server::sandbox::vendors::{self, VendorSandbox};

use super::{Instance, KEY, pause, until};
use crate::engine::{Database, Engine};

async fn twenty_candidates_survive(engine: Engine) {
    let lever = LeverSandbox::start(lever::Options {
        seed: Seed::named("tiny"),
        clock: Arc::new(SystemClock),
        hook_gaps: vec![Duration::from_millis(200); 5],
        rate_limit: None,
        ..lever::Options::default()
    });
    let lever = lever.await.unwrap();
    let auto = vendors::Options { auto: true, auto_after: Duration::from_millis(300), ..vendors::Options::default() };
    let vendors = VendorSandbox::start(auto).await.unwrap();
    let database = Database::create(engine).await;
    let mut assay = Instance::new(database.url(), Some(KEY));
    assay.start().await;
    assay.connect(&lever, &vendors).await;

    let mut people = Vec::new();
    for n in 0..20 {
        let email = format!("p{n}+{}@example.com", ["pass", "review", "fail"][n % 3]);
        let person = NewPerson { name: format!("P {n}"), emails: vec![email.clone()], ..NewPerson::default() };
        people.push((lever.add_person(person), email));
    }
    for (n, (person, _)) in people.iter().enumerate() {
        lever.move_stage(person, "Phone Screen Passed");
        pause(Duration::from_millis(15)).await;
        // In the middle of deciding, sending, writing back.
        if n % 5 == 4 {
            assay.kill();
            assay.start().await;
        }
    }
    until("every candidate has an order that ended", || {
        let orders = assay.orders();
        let ended = |o: &&serde_json::Value| o["state"] == "completed" || o["state"] == "needs-person";
        let open = orders.iter().filter(|o| !ended(o)).map(ToString::to_string);
        let missing = people.iter().filter(|(p, _)| !orders.iter().any(|o| o["opportunity"] == p.as_str()));
        open.chain(missing.map(|(p, email)| format!("no order for {email} ({p})"))).collect()
    })
    .await;
    until("every result is in Lever", || {
        let orders = assay.orders();
        let done = |id: &str| orders.iter().any(|o| o["opportunity"] == id && o["state"] == "completed");
        let unseen = people.iter().filter(|(p, _)| done(p) && !shows_result(&lever, p));
        unseen.map(|(p, _)| format!("{:?}", lever.opportunity(p))).collect()
    })
    .await;

    let settled = assay.orders();
    for (person, email) in &people {
        let invitations = vendors.invitations().iter().filter(|i| i.email == *email).count();
        assert!(invitations <= 1, "{email} was invited {invitations} times");
        let order = settled.iter().find(|o| o["opportunity"] == person.as_str()).unwrap();
        assert_eq!(order["state"] == "completed", shows_result(&lever, person), "{order}");
        if order["state"] == "completed" {
            assert_eq!(invitations, 1);
        }
    }
    let open = settled.iter().filter(|o| o["state"] == "needs-person").count();
    assert!(open <= 10, "only what was being sent at a kill may be left to a person, not {open} of 20");
    assay.kill();
    drop(assay);
    database.remove().await;
}

/// Exactly one status tag, a result, and one link of ours.
fn shows_result(lever: &LeverSandbox, person: &str) -> bool {
    let o = lever.opportunity(person).unwrap();
    let tags: Vec<_> = o.tags.iter().filter(|t| t.starts_with("Py - ")).collect();
    let links = o.links.iter().filter(|l| l.contains("/reports/")).count();
    tags.len() == 1 && ["Py - Pass", "Py - Fail", "Py - Needs Review"].contains(&tags[0].as_str()) && links == 1
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_in_the_middle_of_twenty_candidates_on_sqlite() {
    twenty_candidates_survive(Engine::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_in_the_middle_of_twenty_candidates_on_postgres() {
    if Engine::Postgres.is_there("killed_in_the_middle_of_twenty_candidates") {
        twenty_candidates_survive(Engine::Postgres).await;
    }
}
