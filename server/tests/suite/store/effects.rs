use domain::Timestamp;
use domain::invitation::{Choice, Decision};
use domain::job::{DecisionRecord, Effect, Finished, JobOutcome, OrderChange};
use domain::opportunity::Opportunity;
use domain::order::OrderState::{Completed, Expired, Failed, Invited, Planned, SendUnknown, Sending, Started};
use domain::outcome::Outcome;
use domain::ports::Store;
use domain::ports::store::{NewDelivery, StoreError};
use domain::read::CandidateFilter;

use super::samples::{
    at, change, conflict, decision, delivery, finished, follow, id, line, opportunity, order, organization, plan,
    receive, result, save, step, test,
};

/// Ends a fresh run with these effects.
async fn run(store: &dyn Store, organization: uuid::Uuid, effects: Vec<Effect>) -> Result<(), StoreError> {
    let job = follow(organization, 900, at(1));
    store.enqueue(vec![job]).await.unwrap();
    let held = store.claim(1, at(1), at(60), None).await.unwrap().remove(0);
    let end = Finished { effects, ..finished(held.id, held.attempt, JobOutcome::Done, at(2)) };
    let answer = store.finish(vec![end]).await.unwrap().remove(0);
    if answer.is_err() {
        store.finish(vec![finished(held.id, held.attempt, JobOutcome::Done, at(2))]).await.unwrap().remove(0).unwrap();
    }
    // The id may be used once more.
    store.prune(at(100)).await.unwrap();
    answer
}

pub async fn an_older_reading_never_replaces_a_newer_one(store: &dyn Store) {
    let acme = organization(store, 1).await;
    assert_eq!(store.opportunity(acme, "o1").await.unwrap(), None);
    let newer = opportunity("Ada", at(20));
    run(store, acme, vec![save(newer.clone())]).await.unwrap();
    run(store, acme, vec![save(opportunity("Old", at(19)))]).await.unwrap();
    assert_eq!(store.opportunity(acme, "o1").await.unwrap(), Some(newer));
    run(store, acme, vec![save(opportunity("New", at(21)))]).await.unwrap();
    assert_eq!(store.opportunity(acme, "o1").await.unwrap().unwrap().name.reveal(), "New");
    let nowhere = store.commit(vec![save(opportunity("New", at(22)))]).await;
    assert!(matches!(nowhere, Err(StoreError::Broken(..))), "{nowhere:?}");
    store.commit(vec![save(opportunity("Newer", at(22))), Effect::Record(line(acme, 1, "o1"))]).await.unwrap();
    assert_eq!(store.opportunity(acme, "o1").await.unwrap().unwrap().name.reveal(), "Newer");
}

pub async fn an_entry_is_decided_once(store: &dyn Store) {
    let acme = organization(store, 1).await;
    store.commit(vec![Effect::Decide(decision(acme, "o1", 5)), Effect::Decide(decision(acme, "o1", 6))]).await.unwrap();
    conflict(store.commit(vec![Effect::Decide(decision(acme, "o1", 5))]).await, "decisions_entry");
    let facts = store.opportunity_facts(acme, "o1").await.unwrap();
    assert_eq!(facts.decisions, [decision(acme, "o1", 5), decision(acme, "o1", 6)]);
}

pub async fn of_decisions_that_come_together_the_latest_is_shown(store: &dyn Store) {
    let acme = organization(store, 1).await;
    let all = [("o1", 9), ("o2", 3), ("o1", 5)].map(|(o, n)| Effect::Decide(decision(acme, o, n)));
    store.commit(all.to_vec()).await.unwrap();
    store.commit(vec![Effect::Decide(decision(acme, "o1", 7)), Effect::Decide(decision(acme, "o2", 4))]).await.unwrap();
    for (opportunity, latest, count) in [("o1", 9, 3), ("o2", 4, 2)] {
        let (row, ..) = store.candidate(acme, opportunity).await.unwrap();
        assert_eq!(
            (row.decision, row.changed_at),
            (Some(decision(acme, opportunity, latest).decision), at(latest + 1))
        );
        assert_eq!(store.opportunity_facts(acme, opportunity).await.unwrap().decisions.len(), count);
    }
}

pub async fn a_decision_that_invited_nobody_gives_way_and_one_that_invited_stays(store: &dyn Store) {
    let acme = organization(store, 1).await;
    let first = decision(acme, "o1", 5);
    assert!(matches!(first.decision, Decision::Skip { .. }));
    store.commit(vec![Effect::Decide(first.clone())]).await.unwrap();
    let invite = Decision::Invite {
        test: "t1".into(),
        name: "T".into(),
        because: Choice::Default,
        near: Vec::new(),
        asked_by: Some("sue@example.org".into()),
    };
    let asked = DecisionRecord { decision: invite, rules_version: 1, at: at(90), ..first.clone() };
    store.commit(vec![Effect::Redecide(asked.clone())]).await.unwrap();
    assert_eq!(store.opportunity_facts(acme, "o1").await.unwrap().decisions[0], asked);
    let (row, ..) = store.candidate(acme, "o1").await.unwrap();
    assert_eq!(row.decision.unwrap(), asked.decision, "the page says the same");
    conflict(store.commit(vec![Effect::Redecide(DecisionRecord { at: at(95), ..first })]).await, "decisions_entry");
    assert_eq!(store.opportunity_facts(acme, "o1").await.unwrap().decisions, [asked]);
    let new = decision(acme, "o2", 7);
    store.commit(vec![Effect::Redecide(new.clone())]).await.unwrap();
    assert_eq!(store.opportunity_facts(acme, "o2").await.unwrap().decisions, [new], "there need not be one");
}

pub async fn an_order_of_one_round_is_planned_once(store: &dyn Store) {
    let acme = organization(store, 1).await;
    let first = order(acme, 5, "o1");
    store.commit(vec![plan(first.clone())]).await.unwrap();
    assert_eq!(store.order(id(5)).await.unwrap(), first);
    let second = domain::order::Order { id: id(6), report_token: "other".into(), ..first.clone() };
    conflict(store.commit(vec![plan(second.clone())]).await, "orders_round");
    let token = domain::order::Order { id: id(6), round: 2, ..first };
    conflict(store.commit(vec![plan(token)]).await, "orders_report_token");
    store.commit(vec![plan(domain::order::Order { round: 2, ..second })]).await.unwrap();
}

pub async fn an_order_moves_only_from_the_state_it_was_seen_in(store: &dyn Store) {
    let acme = organization(store, 1).await;
    store.commit(vec![plan(order(acme, 5, "o1")), step(id(5), Planned, Sending, at(6))]).await.unwrap();
    conflict(store.commit(vec![step(id(5), Planned, Sending, at(7))]).await, "orders_state");
    conflict(store.commit(vec![step(id(9), Planned, Sending, at(7))]).await, "orders_state");
    let confirmed = OrderChange {
        note: Some("sent".into()),
        vendor_ref: Some("r1".into()),
        vendor_status: Some("sent".into()),
        ..change(id(5), Sending, Invited, at(8))
    };
    store.commit(vec![Effect::ChangeOrder(confirmed)]).await.unwrap();
    let word = OrderChange { vendor_status: Some("opened".into()), ..change(id(5), Invited, Invited, at(9)) };
    store.commit(vec![Effect::ChangeOrder(word)]).await.unwrap();
    let now = store.order(id(5)).await.unwrap();
    assert_eq!((now.state, now.invited_at, now.completed_at), (Invited, Some(at(8)), None));
    let texts = [now.note, now.vendor_ref, now.vendor_status].map(Option::unwrap);
    assert_eq!(texts, ["sent", "r1", "opened"]);
}

pub async fn an_order_never_moves_back(store: &dyn Store) {
    let acme = organization(store, 1).await;
    let way =
        [(Planned, Sending), (Sending, SendUnknown), (SendUnknown, Planned), (Planned, Sending), (Sending, Invited)];
    let way = way.into_iter().chain([(Invited, Started), (Started, Expired)]);
    let steps = way.map(|(from, to)| step(id(5), from, to, at(6)));
    store.commit([plan(order(acme, 5, "o1"))].into_iter().chain(steps).collect()).await.unwrap();
    for to in [Planned, Sending, Invited, Started, Failed] {
        conflict(store.commit(vec![step(id(5), Expired, to, at(7))]).await, "orders_state");
    }
    let late = OrderChange { result: Some(result(Outcome::Pass)), ..change(id(5), Expired, Completed, at(8)) };
    store.commit(vec![Effect::ChangeOrder(late)]).await.unwrap();
}

pub async fn a_result_is_kept_and_shown(store: &dyn Store) {
    let acme = organization(store, 1).await;
    store.commit(vec![plan(order(acme, 5, "o1")), step(id(5), Planned, Sending, at(6))]).await.unwrap();
    let done = OrderChange { result: Some(result(Outcome::Fail)), ..change(id(5), Sending, Completed, at(8)) };
    store.commit(vec![Effect::ChangeOrder(done)]).await.unwrap();
    let now = store.order(id(5)).await.unwrap();
    assert_eq!((now.score, now.band.as_deref(), now.outcome), (Some(81.5), Some("high"), Some(Outcome::Fail)));
    assert_eq!((now.judged_by, now.invited_at, now.completed_at), (Some(1), Some(at(8)), Some(at(8))));
    assert_eq!(now.report_url.as_deref(), Some("https://py.test/r"));
    let page = store.candidates(acme, &CandidateFilter::default(), 50).await.unwrap();
    let shown = page.rows[0].order.clone().unwrap();
    assert_eq!((shown.state, shown.outcome, shown.score), (Completed, Some(Outcome::Fail), Some(81.5)));
    assert_eq!(shown.report_token.as_deref(), Some("report5"));
}

pub async fn closing_touches_only_waiting_deliveries_of_the_opportunity(store: &dyn Store) {
    let acme = organization(store, 1).await;
    let other = NewDelivery { opportunity: Some("o2".into()), ..delivery(acme, 7, "c") };
    receive(store, vec![delivery(acme, 5, "a"), delivery(acme, 9, "b"), other]).await.unwrap();
    let close = |until: Timestamp, reason: &str| Effect::CloseDeliveries {
        organization: acme,
        opportunity: "o1".into(),
        until,
        reason: reason.into(),
    };
    run(store, acme, vec![close(at(8), "read")]).await.unwrap();
    store.commit(vec![close(at(8), "again")]).await.unwrap();
    let rows = store.deliveries(acme, false, 9).await.unwrap();
    let seen: Vec<_> = rows.iter().map(|r| (r.id, r.status.as_str(), r.reason.as_deref())).collect();
    // The run in between pruned what was done.
    assert_eq!(seen, [(id(9), "stored", None), (id(7), "stored", None)]);
    store.commit(vec![close(at(9), "read")]).await.unwrap();
    let (row, _) = store.delivery(id(9)).await.unwrap();
    assert_eq!((row.status.as_str(), row.reason.as_deref()), ("done", Some("read")));
}

pub async fn a_catalogue_keeps_missing_tests_as_retired(store: &dyn Store) {
    let acme = organization(store, 1).await;
    let tests = |numbers: &[u128]| Effect::SaveTests {
        organization: acme,
        vendor: "py".into(),
        tests: numbers.iter().map(|n| test(*n, false)).collect(),
        at: at(5),
    };
    store.commit(vec![tests(&[2, 1])]).await.unwrap();
    store.commit(vec![tests(&[3, 1, 1])]).await.unwrap();
    let catalogue = store.catalogue(acme).await.unwrap();
    let of = |n, retired| ("py".to_owned(), test(n, retired));
    assert_eq!(catalogue.len(), 3);
    for expected in [of(3, false), of(1, false), of(2, true)] {
        assert!(catalogue.contains(&expected), "{expected:?} is not in {catalogue:?}");
    }
    store.commit(vec![tests(&[2])]).await.unwrap();
    assert!(store.catalogue(acme).await.unwrap().contains(&of(2, false)));
    assert!(store.catalogue(acme).await.unwrap().contains(&of(1, true)));
}

pub async fn an_issue_is_opened_once_and_counted_until_it_is_closed(store: &dyn Store) {
    let acme = organization(store, 1).await;
    let raise = |detail: &str, seconds| Effect::RaiseIssue {
        organization: acme,
        cause: "vendor.py.credential".into(),
        detail: detail.into(),
        at: at(seconds),
    };
    let close =
        |seconds| Effect::CloseIssue { organization: acme, cause: "vendor.py.credential".into(), at: at(seconds) };
    store.commit(vec![close(1), raise("first", 2), raise("second", 5)]).await.unwrap();
    let open = store.open_issues(acme).await.unwrap();
    assert_eq!((open.len(), open[0].count, open[0].detail.as_str()), (1, 2, "second"));
    assert_eq!((open[0].opened_at, open[0].last_seen), (at(2), at(5)));
    store.commit(vec![close(6)]).await.unwrap();
    assert!(store.open_issues(acme).await.unwrap().is_empty());
    store.commit(vec![raise("third", 7)]).await.unwrap();
    assert_eq!(store.open_issues(acme).await.unwrap()[0].count, 1);
}

pub async fn results_are_marked_written_and_calls_noted(store: &dyn Store) {
    let acme = organization(store, 1).await;
    let both = vec![plan(order(acme, 5, "o1")), plan(order(acme, 6, "o1"))];
    store.commit(both).await.unwrap();
    let noted = Effect::CalledBack { order: id(5), at: at(8) };
    store.commit(vec![Effect::MarkWritten { orders: vec![id(6)], at: at(9) }, noted]).await.unwrap();
    let (first, second) = (store.order(id(5)).await.unwrap(), store.order(id(6)).await.unwrap());
    assert_eq!((first.written_at, first.called_back_at), (None, Some(at(8))));
    assert_eq!((second.written_at, second.called_back_at), (Some(at(9)), None));
    let nobody = store.commit(vec![Effect::CalledBack { order: id(9), at: at(8) }]).await;
    assert!(matches!(nobody, Err(StoreError::NotFound("order"))), "{nobody:?}");
}

pub async fn effects_of_one_run_are_all_kept_or_none(store: &dyn Store) {
    let acme = organization(store, 1).await;
    let second = Opportunity { id: "o2".into(), ..opportunity("Bob", at(5)) };
    let effects = vec![
        save(second),
        plan(order(acme, 5, "o2")),
        Effect::Record(line(acme, 6, "o2")),
        Effect::Enqueue(follow(acme, 7, at(1))),
        Effect::Decide(decision(acme, "o2", 5)),
        Effect::Decide(decision(acme, "o2", 5)),
    ];
    conflict(run(store, acme, effects.clone()).await, "decisions_entry");
    assert_eq!(store.opportunity(acme, "o2").await.unwrap(), None);
    assert!(store.orders(acme, 9).await.unwrap().is_empty());
    assert_eq!(store.job_counts().await.unwrap().ready, 0);
    run(store, acme, effects[..5].to_vec()).await.unwrap();
    assert_eq!(store.orders(acme, 9).await.unwrap().len(), 1);
    assert_eq!(store.job_counts().await.unwrap().ready, 1);
}

pub async fn a_job_may_queue_itself_again(store: &dyn Store) {
    let acme = organization(store, 1).await;
    let later = domain::job::NewJob { id: id(901), ..follow(acme, 900, at(500)) };
    run(store, acme, vec![Effect::Enqueue(later)]).await.unwrap();
    assert_eq!(store.next_due().await.unwrap(), Some(at(500)));
    let counts = store.job_counts().await.unwrap();
    assert_eq!((counts.ready, counts.running), (1, 0));
}
