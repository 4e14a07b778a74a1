//! Two nodes on one database.

use std::time::{Duration, Instant};

use domain::order::OrderState;
use tokio_util::sync::CancellationToken;

use super::story::Story;
use crate::engine::Engine;

/// How long anything may take on a busy machine before the test gives up.
const PATIENCE: Duration = Duration::from_secs(60);

#[expect(clippy::disallowed_methods, reason = "two workers run by themselves; the test only watches")]
async fn pause() {
    tokio::time::sleep(Duration::from_millis(20)).await;
}

async fn all_invited(story: &Story, people: &[String]) {
    let start = Instant::now();
    loop {
        let mut invited = 0;
        for person in people {
            let orders = story.orders(person).await;
            invited += usize::from(orders.iter().any(|o| o.state == OrderState::Invited));
        }
        if invited == people.len() {
            return;
        }
        assert!(start.elapsed() < PATIENCE, "{invited} of {} were invited", people.len());
        pause().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn two_nodes_share_the_work_and_double_nothing() {
    if !Engine::Postgres.is_there("two_nodes_share_the_work_and_double_nothing") {
        return;
    }
    let story = Story::begin(Engine::Postgres).await;
    let second = story.second_node().await;
    let stop = CancellationToken::new();
    let workers =
        [tokio::spawn(story.assay.runner().run(stop.clone())), tokio::spawn(second.runner().run(stop.clone()))];
    let people: Vec<String> = (0..40).map(|n| story.person(&format!("p{n}@example.com"))).collect();
    for person in &people {
        story.pass(person);
        story.lever.duplicate_hooks();
        story.lever.deliver_hooks().await;
    }
    all_invited(&story, &people).await;
    stop.cancel();
    for worker in workers {
        worker.await.unwrap();
    }
    assert_eq!(story.vendors.invitations().len(), 40);
    story.settle().await;
    for person in &people {
        assert_eq!(story.status_tags(person), ["Py - Sent"]);
        assert_eq!(story.decisions(person).await.len(), 1);
    }
    story.end().await;
}

super::on_both_engines! {
    async fn a_waiting_worker_gets_its_work_from_the_inbox(engine: Engine) {
        let story = Story::begin(engine).await;
        let stop = CancellationToken::new();
        let worker = tokio::spawn(story.assay.runner().run(stop.clone()));
        let people: Vec<String> = (0..10).map(|n| story.person(&format!("p{n}@example.com"))).collect();
        for person in &people {
            story.pass(person);
            story.lever.deliver_hooks().await;
        }
        all_invited(&story, &people).await;
        stop.cancel();
        worker.await.unwrap();
        // Stopped: what comes now waits for the next worker and is not lost.
        let late = story.person("late@example.com");
        story.pass(&late);
        story.lever.deliver_hooks().await;
        story.settle().await;
        assert_eq!(story.status_tags(&late), ["Py - Sent"]);
        assert_eq!(story.vendors.invitations().len(), 11);
        story.end().await;
    }
}
