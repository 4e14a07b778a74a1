use domain::job::{Effect, JobOutcome};
use domain::opportunity::Opportunity;
use domain::order::{Order, OrderState};
use domain::outcome::Outcome;
use domain::ports::Store;
use domain::ports::store::{Application, DeliveryStatus, NewDelivery, StoreError};
use domain::read::{CandidateFilter, FLEET_CAP, FleetRow, reviews_since};

use super::samples::{
    application, at, delivery, finished, follow, id, opportunity, order, organization, plan, receive, rules, save,
};

const DAY: i64 = 86_400;

/// An organization as it is right after it was set up.
fn bare(number: u128) -> FleetRow {
    FleetRow {
        id: id(number),
        slug: format!("org-{number}"),
        name: format!("org-{number}"),
        created_at: at(1),
        was_live: true,
        oldest_secret: Some(at(1)),
        ..FleetRow::default()
    }
}

pub async fn the_fleet_has_one_row_for_each_organization(store: &dyn Store) {
    for number in [2, 1] {
        organization(store, number).await;
    }
    store.set_paused(id(2), true, &domain::audit::Author::on_page("sue", at(1))).await.unwrap();
    let mut renamed = rules("org-1");
    renamed.name = "Renamed".into();
    let change = domain::ports::store::Application { rules: renamed, secrets: Vec::new(), ..application(1, 1) };
    store.apply(change).await.unwrap();
    let first = FleetRow { name: "Renamed".into(), oldest_secret: None, ..bare(1) };
    let second = FleetRow { paused: true, ..bare(2) };
    assert_eq!(store.fleet(at(5)).await.unwrap(), [first, second.clone()]);
    assert_eq!(store.fleet_row(id(2), at(5)).await.unwrap(), second);
    assert!(matches!(store.fleet_row(id(9), at(5)).await, Err(StoreError::NotFound("organization"))));
}

pub async fn a_row_of_the_fleet_counts_what_its_organization_has(store: &dyn Store) {
    let (acme, other) = (organization(store, 1).await, organization(store, 2).await);
    let now = 40 * DAY;
    store.enqueue(vec![follow(acme, 50, at(1)), follow(acme, 51, at(7)), follow(acme, 52, at(now + 1))]).await.unwrap();
    store.enqueue(vec![follow(acme, 53, at(0))]).await.unwrap();
    store.claim(1, at(0), at(60), None).await.unwrap();
    store.finish(vec![finished(id(53), 1, JobOutcome::Dead { error: "no".into() }, at(2))]).await.unwrap();
    let result = |number, seconds, outcome| Order {
        state: OrderState::Completed,
        outcome: Some(outcome),
        judged_by: Some(1),
        completed_at: Some(at(seconds)),
        written_at: Some(at(seconds + 1)),
        ..order(acme, number, "o1")
    };
    let read = |id: &str, seconds| save(Opportunity { id: id.into(), ..opportunity("Ada", at(seconds)) });
    let on = |id: &str, order: Order| plan(Order { opportunity: id.into(), ..order });
    let effects = vec![
        read("o2", now - 31 * DAY),
        read("o3", now - 30 * DAY),
        on("o2", result(60, now - 31 * DAY, Outcome::NeedsReview)),
        on("o3", result(61, now - 30 * DAY, Outcome::NeedsReview)),
        plan(result(62, now - 9, Outcome::Pass)),
        plan(Order { state: OrderState::SendUnknown, ..order(acme, 63, "o1") }),
        Effect::RaiseIssue { organization: acme, cause: "b".into(), detail: "B.".into(), at: at(9) },
        Effect::RaiseIssue { organization: acme, cause: "a".into(), detail: "A.".into(), at: at(8) },
        Effect::RaiseIssue { organization: acme, cause: "c".into(), detail: "C.".into(), at: at(7) },
        Effect::CloseIssue { organization: acme, cause: "c".into(), at: at(9) },
    ];
    store.commit(effects).await.unwrap();
    let row = store.fleet_row(acme, at(now)).await.unwrap();
    assert_eq!((row.backlog, row.oldest_due, row.dead_jobs), (2, Some(at(1)), 1));
    assert_eq!((row.unknown_sends, row.reviews), (1, 1));
    let review = CandidateFilter {
        outcome: Some(Outcome::NeedsReview),
        since: Some(reviews_since(at(now))),
        ..CandidateFilter::default()
    };
    assert_eq!(store.candidate_count(acme, &review, 9).await.unwrap(), row.reviews, "the list has as many");
    assert_eq!(store.candidates(acme, &review, 9).await.unwrap().rows[0].opportunity, "o3");
    assert_eq!((row.last_completed, row.last_written), (Some(at(now - 9)), Some(at(now - 8))));
    let issues: Vec<_> = row.issues.iter().map(|i| (i.cause.as_str(), i.detail.as_str(), i.opened_at)).collect();
    assert_eq!(issues, [("a", "A.", at(8)), ("b", "B.", at(9))]);
    assert_eq!(store.fleet_row(other, at(now)).await.unwrap(), bare(2));
    assert_eq!(store.fleet(at(now)).await.unwrap(), [row, bare(2)]);
}

pub async fn the_last_day_s_deliveries_are_counted_by_hour(store: &dyn Store) {
    let (acme, other) = (organization(store, 1).await, organization(store, 2).await);
    let now = 40 * DAY;
    let came = |number: u128, seconds, status| NewDelivery {
        at: at(seconds),
        status,
        ..delivery(acme, number, &number.to_string())
    };
    let refused = NewDelivery { token: None, ..came(4, now - 3_600, DeliveryStatus::Refused) };
    let all = vec![
        came(1, now, DeliveryStatus::Done),
        came(2, now - 3_599, DeliveryStatus::Done),
        came(3, now - 3_601, DeliveryStatus::NotUnderstood),
        refused,
        came(5, now - DAY + 1, DeliveryStatus::Done),
        came(6, now - DAY, DeliveryStatus::Done),
        came(7, now + 1, DeliveryStatus::Done),
        NewDelivery { at: at(now), organization: other, ..delivery(other, 8, "x") },
    ];
    receive(store, all).await.unwrap();
    let rows = store.fleet(at(now)).await.unwrap();
    let mut hours = [0; 24];
    (hours[0], hours[22], hours[23]) = (1, 1, 3);
    let mut failed = [0; 24];
    (failed[22], failed[23]) = (1, 1);
    assert_eq!((rows[0].deliveries, rows[0].failed), (hours, failed));
    assert_eq!(rows[0].last_delivery, Some(at(now + 1)));
    assert_eq!((rows[1].deliveries.iter().sum::<i64>(), rows[1].failed), (1, [0; 24]));
}

pub async fn a_failed_delivery_is_over_once_one_of_its_event_is_accepted(store: &dyn Store) {
    let acme = organization(store, 1).await;
    let now = 40 * DAY;
    let came = |number: u128, ago: i64, event: &str, status| NewDelivery {
        at: at(now - ago),
        event: event.into(),
        token: (status != DeliveryStatus::Refused).then(|| number.to_string()),
        status,
        ..delivery(acme, number, "")
    };
    let refused = |number, ago, event| came(number, ago, event, DeliveryStatus::Refused);
    let still = async || store.fleet_row(acme, at(now)).await.unwrap().still_failing;
    receive(store, vec![refused(1, 90, "moved"), refused(2, 80, "moved"), refused(3, 70, "hired")]).await.unwrap();
    assert_eq!(still().await, 3);
    receive(store, vec![came(4, 75, "moved", DeliveryStatus::Done)]).await.unwrap();
    assert_eq!(still().await, 1, "of another event nothing was accepted");
    receive(store, vec![refused(5, 60, "moved")]).await.unwrap();
    assert_eq!(still().await, 2, "it fails again");
    receive(store, vec![came(6, 50, "other", DeliveryStatus::Verified)]).await.unwrap();
    assert_eq!(still().await, 0, "Lever verified the connection");
    receive(store, vec![refused(7, 40, "hired")]).await.unwrap();
    assert_eq!(still().await, 1, "of what failed before, nothing counts again");
    assert_eq!(store.fleet(at(now)).await.unwrap()[0].failed.iter().sum::<i64>(), 5, "they are counted all the same");
}

pub async fn what_was_never_live_is_no_paused_organization(store: &dyn Store) {
    let made = Application { paused: true, ..application(1, 0) };
    store.apply(made).await.unwrap();
    let was_live = async || store.fleet_row(id(1), at(5)).await.unwrap().was_live;
    assert!(!was_live().await);
    let by = domain::audit::Author::on_page("sue", at(2));
    store.set_paused(id(1), false, &by).await.unwrap();
    assert!(was_live().await);
    store.set_paused(id(1), true, &by).await.unwrap();
    assert!(was_live().await, "it is paused now");
}

pub async fn a_great_backlog_is_counted_up_to_the_cap(store: &dyn Store) {
    let acme = organization(store, 1).await;
    store.enqueue((1..=1_200).map(|n| follow(acme, n, at(1))).collect()).await.unwrap();
    assert_eq!(store.fleet_row(acme, at(5)).await.unwrap().backlog, FLEET_CAP);
}
