use domain::job::{JobOutcome, NewJob, Work};
use domain::ports::Store;
use domain::ports::store::{DeliveryStatus, DirectClaim, NewDelivery, Receipt, StoreError};

use super::samples::{at, delivery, finished, follow, id, job, organization, receive};

pub async fn a_delivery_is_stored_with_its_job_and_read_back(store: &dyn Store) {
    let acme = organization(store, 1).await;
    let new = NewDelivery { job: Some(follow(acme, 9, at(5))), ..delivery(acme, 5, "a") };
    assert_eq!(receive(store, vec![new.clone()]).await.unwrap(), [Receipt::Stored(id(5))]);
    let (row, body) = store.delivery(id(5)).await.unwrap();
    assert_eq!(body, new.body);
    assert_eq!(
        (row.received, row.event, row.opportunity, row.status.as_str()),
        (at(5), new.event, new.opportunity, "stored")
    );
    assert_eq!((row.repeats, row.suspicious, row.organization), (0, false, acme));
    let claimed = store.claim(5, at(5), at(60), None).await.unwrap();
    assert_eq!(claimed[0].work, Work::Follow { opportunity: "o9".into() });
    assert!(matches!(store.delivery(id(6)).await, Err(StoreError::NotFound("delivery"))));
}

pub async fn a_repeated_token_stores_nothing_and_counts_on_the_first(store: &dyn Store) {
    let acme = organization(store, 1).await;
    receive(store, vec![delivery(acme, 5, "a")]).await.unwrap();
    let again = NewDelivery { job: Some(follow(acme, 9, at(5))), ..delivery(acme, 6, "a") };
    let receipts = receive(store, vec![delivery(acme, 7, "b"), again]).await.unwrap();
    assert_eq!(receipts, [Receipt::Stored(id(7)), Receipt::AlreadyStored { id: id(5), suspicious: false }]);
    let rows = store.deliveries(acme, false, 10).await.unwrap();
    assert_eq!(rows.iter().map(|r| (r.id, r.repeats)).collect::<Vec<_>>(), [(id(7), 0), (id(5), 1)]);
    assert_eq!(store.job_counts().await.unwrap().ready, 0);
}

pub async fn the_same_token_twice_in_one_batch_is_one_delivery(store: &dyn Store) {
    let acme = organization(store, 1).await;
    let receipts = receive(store, vec![delivery(acme, 5, "a"), delivery(acme, 6, "a")]).await.unwrap();
    assert_eq!(receipts, [Receipt::Stored(id(5)), Receipt::AlreadyStored { id: id(5), suspicious: false }]);
    assert_eq!(store.deliveries(acme, false, 10).await.unwrap().len(), 1);
}

pub async fn a_repeated_token_with_another_body_is_suspicious(store: &dyn Store) {
    let acme = organization(store, 1).await;
    let forged = NewDelivery { body: "{}".into(), ..delivery(acme, 6, "a") };
    let receipts = receive(store, vec![delivery(acme, 5, "a"), forged]).await.unwrap();
    assert_eq!(receipts[1], Receipt::AlreadyStored { id: id(5), suspicious: true });
    // A true repetition later does not clear it.
    receive(store, vec![delivery(acme, 8, "a")]).await.unwrap();
    let (row, body) = store.delivery(id(5)).await.unwrap();
    assert_eq!((row.repeats, row.suspicious), (2, true));
    assert_eq!(body, delivery(acme, 5, "a").body);
}

pub async fn the_same_token_of_another_organization_is_another_delivery(store: &dyn Store) {
    let (acme, other) = (organization(store, 1).await, organization(store, 2).await);
    let receipts = receive(store, vec![delivery(acme, 5, "a"), delivery(other, 6, "a")]).await.unwrap();
    assert_eq!(receipts, [Receipt::Stored(id(5)), Receipt::Stored(id(6))]);
}

pub async fn only_the_latest_hundred_refused_are_kept(store: &dyn Store) {
    let (acme, other) = (organization(store, 1).await, organization(store, 2).await);
    let refused = |organization, number| NewDelivery {
        token: None,
        status: DeliveryStatus::Refused,
        ..delivery(organization, number, "")
    };
    receive(store, (100..160).map(|n| refused(acme, n)).chain([refused(other, 99)]).collect()).await.unwrap();
    receive(store, (160..220).map(|n| refused(acme, n)).chain([delivery(acme, 10, "kept")]).collect()).await.unwrap();
    let rows = store.deliveries(acme, true, 500).await.unwrap();
    assert_eq!((rows.len(), rows[0].id, rows[99].id), (100, id(219), id(120)));
    assert!(store.delivery(id(10)).await.is_ok() && store.delivery(id(99)).await.is_ok());
}

pub async fn failed_lists_refused_not_understood_and_suspicious_only(store: &dyn Store) {
    let acme = organization(store, 1).await;
    let with = |number, token: &str, status| NewDelivery { status, ..delivery(acme, number, token) };
    let forged = NewDelivery { body: "{}".into(), ..delivery(acme, 9, "a") };
    let all = vec![
        delivery(acme, 1, "a"),
        delivery(acme, 2, "b"),
        with(3, "c", DeliveryStatus::NotUnderstood),
        with(4, "d", DeliveryStatus::Verified),
        NewDelivery { token: None, ..with(5, "", DeliveryStatus::Refused) },
        forged,
    ];
    receive(store, all).await.unwrap();
    let failed = store.deliveries(acme, true, 10).await.unwrap();
    assert_eq!(failed.iter().map(|r| r.id).collect::<Vec<_>>(), [id(5), id(3), id(1)]);
    assert_eq!(store.deliveries(acme, false, 2).await.unwrap().len(), 2);
}

pub async fn a_replay_puts_the_delivery_back_and_queues_its_job(store: &dyn Store) {
    let acme = organization(store, 1).await;
    let lost =
        NewDelivery { status: DeliveryStatus::NotUnderstood, reason: Some("unknown".into()), ..delivery(acme, 5, "a") };
    receive(store, vec![lost]).await.unwrap();
    store.replay(id(5), follow(acme, 9, at(6))).await.unwrap();
    let (row, _) = store.delivery(id(5)).await.unwrap();
    assert_eq!((row.status.as_str(), row.reason), ("stored", None));
    assert!(store.deliveries(acme, true, 5).await.unwrap().is_empty());
    assert_eq!(store.next_due().await.unwrap(), Some(at(6)));
    assert!(matches!(store.replay(id(6), follow(acme, 8, at(6))).await, Err(StoreError::NotFound(_))));
    assert_eq!(store.job_counts().await.unwrap().ready, 1);
}

pub async fn a_job_can_be_claimed_while_its_delivery_is_stored(store: &dyn Store) {
    let acme = organization(store, 1).await;
    let with_job = |number: u128, token: &str| NewDelivery {
        job: Some(follow(acme, number, at(5))),
        ..delivery(acme, number, token)
    };
    let claim = DirectClaim { limit: 1, lease_until: at(60) };
    let received = store.receive(&[with_job(8, "a"), with_job(9, "b")], claim).await.unwrap();
    assert_eq!(received.receipts, [Receipt::Stored(id(8)), Receipt::Stored(id(9))]);
    let ours = &received.claimed;
    assert_eq!(ours.len(), 1);
    assert_eq!((ours[0].attempt, ours[0].failures, ours[0].organization), (1, 0, acme));
    let left = store.claim(5, at(6), at(60), None).await.unwrap();
    assert_eq!(left.len(), 1, "the other waits for its turn");
    assert_ne!(left[0].id, ours[0].id);
    // The claim is one like others: leased, fenced, and ended by its holder.
    assert_eq!(store.renew(&[(ours[0].id, 1)], at(70)).await.unwrap(), [ours[0].id]);
    let ended = store.finish(vec![finished(ours[0].id, 1, JobOutcome::Done, at(7))]).await.unwrap();
    assert!(ended[0].is_ok());
}

pub async fn a_job_that_joins_another_is_not_claimed_with_its_delivery(store: &dyn Store) {
    let acme = organization(store, 1).await;
    let about_o1 = |number: u128, token: &str| NewDelivery {
        job: Some(NewJob { id: id(100 + number), ..follow(acme, 1, at(5)) }),
        ..delivery(acme, number, token)
    };
    let claim = DirectClaim { limit: 8, lease_until: at(60) };
    let first = store.receive(&[about_o1(8, "a"), about_o1(9, "b")], claim).await.unwrap();
    assert_eq!(first.claimed.iter().map(|c| c.id).collect::<Vec<_>>(), [id(108)], "one job for both");
    let again = store.receive(&[about_o1(10, "c"), about_o1(11, "a")], claim).await.unwrap();
    assert_eq!(again.receipts[1], Receipt::AlreadyStored { id: id(8), suspicious: false });
    assert!(again.claimed.is_empty(), "it runs already, and will run again");
    store.finish(vec![finished(id(108), 1, JobOutcome::Done, at(7))]).await.unwrap()[0].as_ref().unwrap();
    assert_eq!(store.claim(5, at(7), at(60), None).await.unwrap()[0].id, id(108));
}

pub async fn many_deliveries_at_once_are_told_apart(store: &dyn Store) {
    let acme = organization(store, 1).await;
    let one = |number: u128| delivery(acme, number, &format!("token{}", number % 90));
    let all: Vec<NewDelivery> = (1..=100).map(one).collect();
    let receipts = receive(store, all).await.unwrap();
    let repeats = receipts.iter().filter(|r| matches!(r, Receipt::AlreadyStored { .. })).count();
    assert_eq!((receipts.len(), repeats), (100, 10));
    assert_eq!(receipts[94], Receipt::AlreadyStored { id: id(5), suspicious: false });
    assert_eq!(store.deliveries(acme, false, 200).await.unwrap().len(), 90);
}

pub async fn a_zero_character_in_a_body_fails_nobody(store: &dyn Store) {
    let acme = organization(store, 1).await;
    let odd = NewDelivery { body: "a\0b".into(), event: "\0".into(), ..delivery(acme, 6, "b\0") };
    receive(store, vec![delivery(acme, 5, "a"), odd.clone()]).await.unwrap();
    assert_eq!(store.delivery(id(6)).await.unwrap().1, "a\u{FFFD}b");
    let again = receive(store, vec![NewDelivery { id: id(7), ..odd }]).await.unwrap();
    assert_eq!(again, [Receipt::AlreadyStored { id: id(6), suspicious: false }]);
}

pub async fn handled_deliveries_and_finished_jobs_are_pruned_and_others_stay(store: &dyn Store) {
    let acme = organization(store, 1).await;
    let verified = |number: u128| NewDelivery {
        status: DeliveryStatus::Verified,
        ..delivery(acme, number, &format!("token{number}"))
    };
    receive(store, vec![delivery(acme, 5, "a"), verified(6), verified(20)]).await.unwrap();
    let jobs = [follow(acme, 1, at(1)), follow(acme, 2, at(1)), job(acme, 3, Work::Sync, at(1))];
    store.enqueue(jobs.to_vec()).await.unwrap();
    store.claim(3, at(1), at(60), None).await.unwrap();
    let ends = vec![
        finished(id(1), 1, JobOutcome::Done, at(2)),
        finished(id(2), 1, JobOutcome::Dead { error: "no".into() }, at(2)),
        finished(id(3), 1, JobOutcome::Discard { reason: "gone".into() }, at(30)),
    ];
    store.finish(ends).await.unwrap();
    assert_eq!(store.prune(at(10)).await.unwrap(), 2);
    let counts = store.job_counts().await.unwrap();
    assert_eq!((counts.done, counts.dead, counts.cancelled), (0, 1, 1));
    assert_eq!(store.deliveries(acme, false, 10).await.unwrap().len(), 2);
}
