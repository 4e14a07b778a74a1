//! People have a delivery or a job done again, and nothing is done twice.

use domain::Clock as _;
use domain::job::{Finished, JobOutcome, NewJob, Work};
use domain::ports::Desk as _;
use domain::ports::store::StoreError;
use domain::read::{DeliveryFilter, DeliveryRow, JobFilter, JobState};
use server::desk::Clerk;
use std::time::Duration;
use uuid::Uuid;

use super::on_both_engines;
use super::story::Story;
use crate::engine::Engine;

fn clerk(story: &Story) -> Clerk {
    Clerk { cx: story.assay.cx.clone(), wake: story.assay.wake.clone() }
}

async fn deliveries(story: &Story, about: &str) -> Vec<DeliveryRow> {
    let filter = DeliveryFilter { opportunity: Some(about.to_owned()), ..DeliveryFilter::default() };
    story.assay.cx.store.delivery_page(story.organization().await.id, &filter).await.unwrap().rows
}

/// Lets a job fail for good.
async fn dies(story: &Story, work: Work) -> Uuid {
    let (store, now) = (&story.assay.cx.store, story.clock.now());
    let id = server::ids::row();
    store.enqueue(vec![NewJob { id, organization: story.organization().await.id, work, run_at: now }]).await.unwrap();
    let claimed = store.claim(100, now, now.plus(Duration::from_secs(60)), None).await.unwrap();
    let attempt = claimed.iter().find(|job| job.id == id).unwrap().attempt;
    let outcome = JobOutcome::Dead { error: "Lever: it answered 500".into() };
    store
        .finish(vec![Finished { job: id, attempt, outcome, effects: vec![], at: now }])
        .await
        .unwrap()
        .remove(0)
        .unwrap();
    let others: Vec<_> = claimed.iter().filter(|job| job.id != id).map(|job| (job.id, job.attempt)).collect();
    store.release(&others, now).await.unwrap();
    id
}

on_both_engines! {
    async fn a_delivery_that_is_replayed_is_handled_again_and_invites_nobody_twice(engine: Engine) {
        let story = Story::begin(engine).await;
        let ada = story.person("ada@example.com");
        story.pass(&ada);
        story.settle().await;
        let before = deliveries(&story, &ada).await;
        let delivery = before.iter().find(|d| d.status == "done").unwrap();
        let organization = story.organization().await.id;
        clerk(&story).replay(organization, delivery.id).await.unwrap();
        let waiting = deliveries(&story, &ada).await;
        assert!(waiting.iter().any(|d| d.id == delivery.id && d.status == "stored" && d.reason.is_none()), "{waiting:?}");
        story.settle().await;
        let after = deliveries(&story, &ada).await;
        let again = after.iter().find(|d| d.id == delivery.id).unwrap();
        assert_eq!((again.status.as_str(), again.reason.as_deref()), ("done", Some("Nothing new to decide.")));
        story.invitation("ada@example.com");
        assert_eq!(story.orders(&ada).await.len(), 1);

        let elsewhere = clerk(&story).replay(Uuid::from_u128(9), delivery.id).await;
        assert!(matches!(elsewhere, Err(StoreError::NotFound("delivery"))), "{elsewhere:?}");
        story.end().await;
    }

    async fn dead_jobs_that_are_tried_again_are_done(engine: Engine) {
        let story = Story::begin(engine).await;
        let ada = story.person("ada@example.com");
        story.settle().await;
        let organization = story.organization().await.id;
        let one = dies(&story, Work::Follow { opportunity: ada.clone() }).await;
        clerk(&story).retry(organization, one).await.unwrap();
        clerk(&story).retry(organization, one).await.unwrap_err();
        story.settle().await;
        let done = JobFilter { state: JobState::Done, ..JobFilter::default() };
        let page = story.assay.cx.store.job_page(organization, &done).await.unwrap();
        assert!(page.rows.iter().any(|job| job.id == one), "{page:?}");

        dies(&story, Work::Follow { opportunity: ada }).await;
        assert_eq!(clerk(&story).retry_dead(Uuid::from_u128(9), None).await.unwrap(), 0);
        assert_eq!(clerk(&story).retry_dead(organization, Some("send")).await.unwrap(), 0);
        assert_eq!(clerk(&story).retry_dead(organization, None).await.unwrap(), 1);
        story.settle().await;
        story.end().await;
    }
}
