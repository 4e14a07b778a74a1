use domain::Personal;
use domain::job::{JobOutcome, NewJob, Work};
use domain::ports::Store;
use domain::ports::store::{DeliveryStatus, NewDelivery, StoreError};
use domain::read::{DeliveryFilter, EventCount, JobFilter, JobPage, JobState, KindCount};
use uuid::Uuid;

use super::samples::{
    at, conflict, delivery, finished, follow, id, job, opportunity, order, organization, plan, receive, save,
};

async fn found(store: &dyn Store, organization: Uuid, filter: DeliveryFilter) -> Vec<Uuid> {
    let page = store.delivery_page(organization, &filter).await.unwrap();
    assert_eq!(page.next, None);
    page.rows.into_iter().map(|row| row.id).collect()
}

pub async fn deliveries_come_newest_first_in_pages_without_gap_or_repetition(store: &dyn Store) {
    let acme = organization(store, 1).await;
    // Threes share an instant, so that a page may end between two of them.
    let all: Vec<NewDelivery> = (1..=120u128)
        .map(|n| NewDelivery { at: at(i64::try_from(n / 3).unwrap()), ..delivery(acme, n, &n.to_string()) })
        .collect();
    receive(store, all).await.unwrap();
    let mut filter = DeliveryFilter::default();
    let (mut seen, mut sizes) = (Vec::new(), Vec::new());
    loop {
        let page = store.delivery_page(acme, &filter).await.unwrap();
        sizes.push(page.rows.len());
        seen.extend(page.rows.into_iter().map(|row| row.id));
        match page.next {
            None => break,
            next => filter.after = next,
        }
    }
    assert_eq!(sizes, [50, 50, 20]);
    assert_eq!(seen, (1..=120).rev().map(id).collect::<Vec<_>>());
}

pub async fn deliveries_are_filtered_by_status_failure_event_and_opportunity(store: &dyn Store) {
    let acme = organization(store, 1).await;
    let with = |number, status| NewDelivery { status, ..delivery(acme, number, &number.to_string()) };
    let refused = NewDelivery { token: None, ..with(1, DeliveryStatus::Refused) };
    let event = NewDelivery { event: "candidateHired".into(), ..with(4, DeliveryStatus::Done) };
    let about = NewDelivery { opportunity: Some("o2".into()), ..with(5, DeliveryStatus::Stored) };
    let all = vec![refused, with(2, DeliveryStatus::NotUnderstood), with(3, DeliveryStatus::Verified), event, about];
    receive(store, all).await.unwrap();
    let other_body = NewDelivery { id: id(6), body: "other".into(), ..with(5, DeliveryStatus::Stored) };
    receive(store, vec![other_body]).await.unwrap();
    let none = DeliveryFilter::default;
    let status = |status| DeliveryFilter { status: Some(status), ..none() };
    for (filter, expected) in [
        (none(), vec![5, 4, 3, 2, 1]),
        (status(DeliveryStatus::Refused), vec![1]),
        (status(DeliveryStatus::NotUnderstood), vec![2]),
        (status(DeliveryStatus::Verified), vec![3]),
        (status(DeliveryStatus::Done), vec![4]),
        (status(DeliveryStatus::Stored), vec![5]),
        (DeliveryFilter { failed: true, ..none() }, vec![5, 2, 1]),
        (DeliveryFilter { failed: true, ..status(DeliveryStatus::Stored) }, vec![5]),
        (DeliveryFilter { event: Some("candidateHired".into()), ..none() }, vec![4]),
        (DeliveryFilter { opportunity: Some("o2".into()), ..none() }, vec![5]),
        (DeliveryFilter { opportunity: Some("o9".into()), ..none() }, vec![]),
    ] {
        let expected: Vec<Uuid> = expected.into_iter().map(id).collect();
        assert_eq!(found(store, acme, filter.clone()).await, expected, "{filter:?}");
    }
}

pub async fn events_are_counted_with_the_last_that_was_accepted(store: &dyn Store) {
    let (acme, other) = (organization(store, 1).await, organization(store, 2).await);
    let with = |number: u128, status, second| NewDelivery {
        status,
        at: at(second),
        ..delivery(acme, number, &number.to_string())
    };
    let hired = NewDelivery { event: "candidateHired".into(), ..with(4, DeliveryStatus::Done, 40) };
    let refused = NewDelivery { token: None, ..with(3, DeliveryStatus::Refused, 30) };
    let all = vec![with(1, DeliveryStatus::Done, 10), with(2, DeliveryStatus::Stored, 20), refused, hired];
    receive(store, all).await.unwrap();
    receive(store, vec![delivery(other, 9, "9")]).await.unwrap();
    let event = |event: &str, count, failed, last, accepted| EventCount {
        event: event.into(),
        count,
        failed,
        last: at(last),
        accepted: Some(at(accepted)),
    };
    let expected = [event("candidateStageChange", 3, 1, 30, 20), event("candidateHired", 1, 0, 40, 40)];
    assert_eq!(store.events(acme).await.unwrap(), expected);
    assert_eq!(store.events(id(99)).await.unwrap(), []);
}

pub async fn a_page_looks_through_ten_thousand_deliveries_and_says_where_to_go_on(store: &dyn Store) {
    let acme = organization(store, 1).await;
    let rare = NewDelivery { event: "candidateHired".into(), ..delivery(acme, 1, "rare") };
    let many = (2..=10_101u128).map(|n| delivery(acme, n, &n.to_string()));
    receive(store, [rare].into_iter().chain(many).collect()).await.unwrap();
    let mut filter = DeliveryFilter { event: Some("candidateHired".into()), ..DeliveryFilter::default() };
    let first = store.delivery_page(acme, &filter).await.unwrap();
    assert!(first.rows.is_empty() && first.next.is_some_and(|next| next.id == id(102)), "{first:?}");
    filter.after = first.next;
    assert_eq!(found(store, acme, filter).await, [id(1)]);
}

pub async fn deliveries_and_jobs_of_others_are_neither_shown_nor_changed(store: &dyn Store) {
    let (acme, other) = (organization(store, 1).await, organization(store, 2).await);
    receive(store, vec![delivery(acme, 5, "a")]).await.unwrap();
    dead(store, vec![follow(acme, 1, at(1))]).await;
    assert_eq!(store.delivery_of(acme, id(5)).await.unwrap().1, "{\"a\":\"\u{e9}\"}");
    assert!(matches!(store.delivery_of(other, id(5)).await, Err(StoreError::NotFound("delivery"))));
    assert!(found(store, other, DeliveryFilter::default()).await.is_empty());
    assert!(jobs(store, other, JobState::Dead).await.rows.is_empty());
    assert!(store.queue_figures(other, at(9), 10).await.unwrap().counts.is_empty());
    assert!(matches!(store.revive_of(other, id(1), at(9)).await, Err(StoreError::NotFound("job"))));
    assert_eq!(store.revive_all_dead(other, None, at(9)).await.unwrap(), 0);
    assert_eq!(jobs(store, acme, JobState::Dead).await.rows.len(), 1);
}

pub async fn names_are_read_by_opportunity_and_whom_orders_are_for(store: &dyn Store) {
    let (acme, other) = (organization(store, 1).await, organization(store, 2).await);
    store.commit(vec![save(opportunity("Ada", at(1))), plan(order(acme, 7, "o1"))]).await.unwrap();
    let asked = ["o1".to_owned(), "o9".to_owned()];
    let names = store.names(acme, &asked).await.unwrap();
    assert_eq!(names, [("o1".to_owned(), Personal::new("Ada"))]);
    assert_eq!(store.ordered_for(acme, &[id(7), id(8)]).await.unwrap(), [(id(7), "o1".to_owned())]);
    assert!(store.names(other, &asked).await.unwrap().is_empty());
    assert!(store.ordered_for(other, &[id(7)]).await.unwrap().is_empty());
    assert!(store.names(acme, &[]).await.unwrap().is_empty());
}

async fn jobs(store: &dyn Store, organization: Uuid, state: JobState) -> JobPage {
    store.job_page(organization, &JobFilter { state, ..JobFilter::default() }).await.unwrap()
}

fn ids(page: &JobPage) -> Vec<Uuid> {
    page.rows.iter().map(|row| row.id).collect()
}

/// Queues jobs and lets each run end for good, one second after the other.
async fn dead(store: &dyn Store, new: Vec<NewJob>) {
    for (job, second) in new.into_iter().zip(2..) {
        let number = job.id;
        store.enqueue(vec![job]).await.unwrap();
        let claimed = store.claim(1, at(1), at(900), None).await.unwrap();
        let end = JobOutcome::Dead { error: "no".into() };
        store.finish(vec![finished(number, claimed[0].attempt, end, at(second))]).await.unwrap().remove(0).unwrap();
    }
}

pub async fn waiting_jobs_come_by_their_time_whatever_their_kind(store: &dyn Store) {
    let acme = organization(store, 1).await;
    let polls = (1..=60).map(|n| job(acme, n * 2, Work::Poll { order: id(n) }, at(i64::try_from(n).unwrap())));
    let follows = (1..=60).map(|n| follow(acme, n * 2 + 1, at(i64::try_from(n).unwrap())));
    store.enqueue(polls.chain(follows).collect()).await.unwrap();
    let mut filter = JobFilter::default();
    let mut seen = Vec::new();
    loop {
        let page = store.job_page(acme, &filter).await.unwrap();
        seen.extend(ids(&page));
        match page.next {
            None => break,
            next => filter.after = next,
        }
    }
    assert_eq!(seen, (2..=121).map(id).collect::<Vec<_>>());
    let only = JobFilter { kind: Some("poll".into()), ..JobFilter::default() };
    let page = store.job_page(acme, &only).await.unwrap();
    assert!(page.next.is_some() && page.rows.iter().all(|row| row.kind == "poll"));
    let row = &page.rows[0];
    assert_eq!((row.work.clone(), row.run_at), (Some(Work::Poll { order: id(1) }), at(1)));
    assert_eq!((row.state, row.attempt, row.failures, row.finished_at), (JobState::Ready, 0, 0, None));
}

pub async fn ended_jobs_come_latest_first_and_running_ones_with_their_lease(store: &dyn Store) {
    let acme = organization(store, 1).await;
    dead(store, (1..=3).map(|n| follow(acme, n, at(1))).collect()).await;
    store.enqueue(vec![follow(acme, 9, at(1)), job(acme, 8, Work::Sync, at(1))]).await.unwrap();
    store.claim(1, at(1), at(60), None).await.unwrap();
    let page = jobs(store, acme, JobState::Dead).await;
    assert_eq!(ids(&page), [id(3), id(2), id(1)]);
    assert_eq!((page.rows[0].last_error.as_deref(), page.rows[0].finished_at), (Some("no"), Some(at(4))));
    let running = jobs(store, acme, JobState::Running).await;
    assert_eq!((ids(&running), running.rows[0].leased_until), (vec![id(9)], Some(at(60))));
    for state in [JobState::Done, JobState::Cancelled] {
        assert!(jobs(store, acme, state).await.rows.is_empty());
    }
    store.finish(vec![finished(id(9), 1, JobOutcome::Done, at(5))]).await.unwrap();
    assert_eq!(ids(&jobs(store, acme, JobState::Done).await), [id(9)]);
}

pub async fn the_queue_is_counted_by_state_and_kind_up_to_a_cap(store: &dyn Store) {
    let acme = organization(store, 1).await;
    dead(store, (1..=2).map(|n| follow(acme, n, at(1))).collect()).await;
    store.enqueue((11..=15).map(|n| follow(acme, n, at(20))).collect()).await.unwrap();
    store.enqueue(vec![job(acme, 20, Work::Sync, at(10)), job(acme, 21, Work::Sync, at(3))]).await.unwrap();
    store.claim(1, at(3), at(60), None).await.unwrap();
    store.enqueue(vec![job(acme, 22, Work::Poll { order: id(1) }, at(10))]).await.unwrap();
    let count = |state, kind: &str, count| KindCount { state, kind: kind.into(), count };
    let expected = [
        count(JobState::Ready, "follow", 4),
        count(JobState::Ready, "poll", 1),
        count(JobState::Running, "sync", 1),
        count(JobState::Dead, "follow", 2),
    ];
    let figures = store.queue_figures(acme, at(15), 4).await.unwrap();
    assert_eq!((figures.counts.as_slice(), figures.oldest_due), (expected.as_slice(), Some(at(10))));
    assert_eq!(store.queue_figures(acme, at(9), 9).await.unwrap().oldest_due, None);
    assert_eq!(store.queue_figures(acme, at(9), 9).await.unwrap().counts[0].count, 5);
}

pub async fn a_dead_job_of_the_organization_is_revived(store: &dyn Store) {
    let acme = organization(store, 1).await;
    dead(store, vec![follow(acme, 1, at(1)), job(acme, 2, Work::Sync, at(1))]).await;
    store.revive_of(acme, id(1), at(9)).await.unwrap();
    let row = jobs(store, acme, JobState::Ready).await.rows.remove(0);
    assert_eq!((row.id, row.run_at, row.failures, row.finished_at), (id(1), at(9), 0, None));
    conflict(store.revive_of(acme, id(1), at(9)).await, "jobs_state");
    assert!(matches!(store.revive_of(acme, id(7), at(9)).await, Err(StoreError::NotFound("job"))));
    store.enqueue(vec![job(acme, 3, Work::Sync, at(1))]).await.unwrap();
    conflict(store.revive_of(acme, id(2), at(9)).await, "jobs_key");
}

pub async fn all_dead_jobs_are_revived_once_for_each_key_unless_the_place_is_taken(store: &dyn Store) {
    let acme = organization(store, 1).await;
    let same = |number| NewJob { id: id(number), ..follow(acme, 1, at(1)) };
    dead(store, vec![same(1), same(2), follow(acme, 3, at(1)), follow(acme, 4, at(1))]).await;
    dead(store, vec![job(acme, 5, Work::Sync, at(1))]).await;
    store.enqueue(vec![NewJob { id: id(44), ..follow(acme, 4, at(1)) }]).await.unwrap();
    assert_eq!(store.revive_all_dead(acme, Some("poll"), at(9)).await.unwrap(), 0);
    assert_eq!(store.revive_all_dead(acme, Some("follow"), at(9)).await.unwrap(), 2);
    assert_eq!(ids(&jobs(store, acme, JobState::Ready).await), [id(44), id(2), id(3)]);
    assert_eq!(store.revive_all_dead(acme, None, at(9)).await.unwrap(), 1);
    let mut left = ids(&jobs(store, acme, JobState::Dead).await);
    left.sort_unstable();
    assert_eq!(left, [id(1), id(4)]);
}

pub async fn thousands_of_dead_jobs_are_revived_in_portions(store: &dyn Store) {
    let acme = organization(store, 1).await;
    store.enqueue((1..=2_500).map(|n| follow(acme, n, at(1))).collect()).await.unwrap();
    let claimed = store.claim(2_500, at(1), at(60), None).await.unwrap();
    let end =
        |job: &domain::job::Claimed| finished(job.id, job.attempt, JobOutcome::Dead { error: "no".into() }, at(2));
    for answer in store.finish(claimed.iter().map(end).collect()).await.unwrap() {
        answer.unwrap();
    }
    assert_eq!(store.revive_all_dead(acme, None, at(9)).await.unwrap(), 2_500);
    assert_eq!(store.job_counts().await.unwrap().ready, 2_500);
}
