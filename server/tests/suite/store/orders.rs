use domain::Personal;
use domain::invitation::{Choice, Decision};
use domain::job::{DecisionRecord, Effect, OrderChange};
use domain::order::OrderState::{Completed, Invited, Planned, Sending, Started, Submitted};
use domain::ports::Store;
use domain::ports::store::{Application, BeginSend, StoreError};
use domain::read::CandidateFilter;

use super::samples::{application, at, change, decision, follow, id, order, organization, plan, step, test};

pub async fn a_send_begins_once_out_of_many_tries(store: &dyn Store) {
    let acme = organization(store, 1).await;
    store.commit(vec![plan(order(acme, 5, "o1")), Effect::Enqueue(follow(acme, 7, at(1)))]).await.unwrap();
    let held = store.claim(1, at(1), at(60), None).await.unwrap().remove(0);
    let email = Personal::new("new@example.com");
    let tries = (0..20).map(|_| store.begin_send(id(5), &email, (held.id, held.attempt), at(2)));
    let answers: Vec<_> = futures::future::join_all(tries).await.into_iter().map(Result::unwrap).collect();
    assert_eq!(answers.iter().filter(|a| **a == BeginSend::Go).count(), 1);
    let order = store.order(id(5)).await.unwrap();
    assert_eq!((order.state, order.email), (Sending, email));
}

pub async fn a_send_does_not_begin_for_a_lost_claim(store: &dyn Store) {
    let acme = organization(store, 1).await;
    store.commit(vec![plan(order(acme, 5, "o1")), Effect::Enqueue(follow(acme, 7, at(1)))]).await.unwrap();
    store.claim(1, at(1), at(60), None).await.unwrap();
    store.rescue(at(61), at(61), 9).await.unwrap();
    let email = Personal::new("a@example.com");
    assert_eq!(store.begin_send(id(5), &email, (id(7), 1), at(62)).await.unwrap(), BeginSend::No);
    store.claim(1, at(62), at(100), None).await.unwrap();
    assert_eq!(store.begin_send(id(5), &email, (id(7), 1), at(62)).await.unwrap(), BeginSend::No);
    assert_eq!(store.order(id(5)).await.unwrap().state, Planned);
    assert_eq!(store.begin_send(id(5), &email, (id(7), 2), at(62)).await.unwrap(), BeginSend::Go);
}

pub async fn facts_hold_orders_decisions_and_tests(store: &dyn Store) {
    let tests = vec![("py".to_owned(), vec![test(1, false)]), ("go".to_owned(), vec![test(2, true)])];
    let acme = store.apply(Application { tests, ..application(1, 0) }).await.unwrap().id;
    let decided = DecisionRecord {
        decision: Decision::Invite {
            test: "t1".into(),
            name: "T".into(),
            because: Choice::Tag,
            near: Vec::new(),
            asked_by: None,
        },
        ..decision(acme, "o1", 5)
    };
    let effects = vec![
        Effect::Decide(decided.clone()),
        plan(order(acme, 9, "o1")),
        plan(order(acme, 6, "o1")),
        plan(order(acme, 7, "o2")),
    ];
    store.commit(effects).await.unwrap();
    let facts = store.opportunity_facts(acme, "o1").await.unwrap();
    assert_eq!(facts.orders, [order(acme, 6, "o1"), order(acme, 9, "o1")]);
    assert_eq!(facts.decisions, [decided]);
    assert_eq!(facts.tests, [("go".to_owned(), test(2, true)), ("py".to_owned(), test(1, false))]);
    assert_eq!(store.orders(acme, 2).await.unwrap().iter().map(|o| o.id).collect::<Vec<_>>(), [id(9), id(7)]);
}

pub async fn an_order_is_found_by_its_report_address(store: &dyn Store) {
    let acme = organization(store, 1).await;
    store.commit(vec![plan(order(acme, 5, "o1")), plan(order(acme, 6, "o1"))]).await.unwrap();
    assert_eq!(store.order_by_report("report6").await.unwrap().id, id(6));
    assert!(matches!(store.order_by_report("report7").await, Err(StoreError::NotFound("report"))));
    assert!(matches!(store.order(id(7)).await, Err(StoreError::NotFound("order"))));
}

pub async fn unfinished_orders_are_those_that_need_a_job(store: &dyn Store) {
    let (acme, other) = (organization(store, 1).await, organization(store, 2).await);
    for number in 10..16 {
        store.commit(vec![plan(order(acme, number, "o1"))]).await.unwrap();
    }
    let way = [(Planned, Sending), (Sending, Invited), (Invited, Started), (Started, Submitted)];
    for (number, steps) in [(11, 1), (12, 2), (13, 4), (14, 4), (15, 4)] {
        let steps = way[..steps].iter().map(|(from, to)| step(id(number), *from, *to, at(20)));
        store.commit(steps.collect()).await.unwrap();
    }
    // 12 has no id at the vendor and cannot be asked; 14 waits to be written; 15 is written.
    let known = OrderChange { vendor_ref: Some("v".into()), ..change(id(13), Submitted, Submitted, at(21)) };
    let completed = [step(id(14), Submitted, Completed, at(21)), step(id(15), Submitted, Completed, at(21))];
    let written = Effect::MarkWritten { orders: vec![id(15)], at: at(22) };
    store.commit([vec![Effect::ChangeOrder(known)], completed.to_vec(), vec![written]].concat()).await.unwrap();
    let unfinished = store.unfinished_orders(acme).await.unwrap();
    let shown: Vec<_> = unfinished.iter().map(|o| (o.order, o.state)).collect();
    assert_eq!(shown, [(id(10), Planned), (id(11), Sending), (id(13), Submitted), (id(14), Completed)]);
    assert!(store.unfinished_orders(other).await.unwrap().is_empty());
}

pub async fn decided_entries_are_found_for_a_list(store: &dyn Store) {
    let acme = organization(store, 1).await;
    let all = [("a", 5), ("a", 6), ("b", 7), ("c", 8)].map(|(o, n)| Effect::Decide(decision(acme, o, n)));
    store.commit(all.to_vec()).await.unwrap();
    let mut found = store.decided(acme, &["a".into(), "c".into(), "x".into()]).await.unwrap();
    found.sort();
    let of = |o: &str, n| (o.to_owned(), "screen".to_owned(), at(n), "py".to_owned());
    assert_eq!(found, [of("a", 5), of("a", 6), of("c", 8)]);
    assert!(store.decided(acme, &[]).await.unwrap().is_empty());
}

pub async fn the_last_decision_of_each_opportunity_is_listed(store: &dyn Store) {
    let acme = organization(store, 1).await;
    let all = [("a", 9), ("a", 6), ("b", 7), ("c", 8)].map(|(o, n)| Effect::Decide(decision(acme, o, n)));
    store.commit(all.to_vec()).await.unwrap();
    // One that comes late, about an entry from before.
    store.commit(vec![Effect::Decide(decision(acme, "c", 2))]).await.unwrap();
    let rows = store.candidates(acme, &CandidateFilter::default(), 9).await.unwrap().rows;
    let last: Vec<_> = rows.into_iter().map(|row| (row.opportunity, row.decision)).collect();
    let of = |o: &str, n| (o.to_owned(), Some(decision(acme, o, n).decision));
    assert_eq!(last, [of("a", 9), of("c", 8), of("b", 7)]);
}
