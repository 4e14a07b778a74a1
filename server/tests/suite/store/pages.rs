use domain::Personal;
use domain::job::{Effect, JobOutcome, OrderChange, OrderResult};
use domain::opportunity::Opportunity;
use domain::order::Order;
use domain::order::OrderState::{Completed, Invited, Planned, SendUnknown, Sending};
use domain::outcome::Outcome;
use domain::ports::Store;
use domain::ports::store::StoreError;
use domain::read::{CandidateFilter, CandidateRow};
use uuid::Uuid;

use super::samples::{
    at, change, decision, delivery, finished, follow, id, line, opportunity, order, organization, plan, receive,
    result, save, step,
};

/// Candidates `o<number>` with that name, read at these seconds.
async fn candidates(store: &dyn Store, organization: Uuid, all: impl IntoIterator<Item = (i64, &str, i64)>) {
    let mut effects = vec![Effect::CloseIssue { organization, cause: "none".into(), at: at(1) }];
    for (number, name, read) in all {
        let emails =
            vec![Personal::new(format!("c{number}@Example.com")), Personal::new(format!("second{number}@x.org"))];
        effects.push(save(Opportunity { id: format!("o{number}"), emails, ..opportunity(name, at(read)) }));
    }
    store.commit(effects).await.unwrap();
}

fn ids(rows: &[CandidateRow]) -> Vec<&str> {
    rows.iter().map(|row| row.opportunity.as_str()).collect()
}

async fn found(store: &dyn Store, organization: Uuid, filter: CandidateFilter) -> Vec<String> {
    let page = store.candidates(organization, &filter, 50).await.unwrap();
    assert_eq!(page.next, None);
    ids(&page.rows).into_iter().map(str::to_owned).collect()
}

pub async fn candidates_come_newest_first_in_pages_without_gap_or_repetition(store: &dyn Store) {
    let acme = organization(store, 1).await;
    // Pairs share an instant, so that a page may end between two of them.
    candidates(store, acme, (1001..1121).map(|n| (n, "Ada", n / 2))).await;
    let mut filter = CandidateFilter::default();
    let mut seen = Vec::new();
    loop {
        let page = store.candidates(acme, &filter, 50).await.unwrap();
        seen.extend(ids(&page.rows).into_iter().map(str::to_owned));
        match page.next {
            None => break,
            next => filter.after = next,
        }
    }
    let expected: Vec<String> = (1001..1121).rev().map(|n| format!("o{n}")).collect();
    assert_eq!(seen, expected);
}

pub async fn candidates_are_found_by_part_of_the_name_or_whole_address(store: &dyn Store) {
    let acme = organization(store, 1).await;
    candidates(store, acme, [(1, "Ada Lovelace", 10), (2, "\u{c9}mile Zola", 11), (3, "100%_x", 12), (11, "", 13)])
        .await;
    let search = |text: &str| CandidateFilter { search: Some(text.into()), ..CandidateFilter::default() };
    for (text, expected) in [
        ("love", vec!["o1"]),
        (" LOVE ", vec!["o1"]),
        ("\u{e9}mile", vec!["o2"]),
        ("%_", vec!["o3"]),
        ("c1@example.com", vec!["o1"]),
        ("C11@EXAMPLE.com", vec!["o11"]),
        ("second2@x.org", vec!["o2"]),
        ("@example.com", vec![]),
        ("1@example.com", vec![]),
        ("nobody", vec![]),
        ("  ", vec!["o11", "o3", "o2", "o1"]),
    ] {
        assert_eq!(found(store, acme, search(text)).await, expected, "{text:?}");
    }
}

pub async fn candidates_are_filtered_by_state_and_outcome(store: &dyn Store) {
    let acme = organization(store, 1).await;
    candidates(store, acme, [(1, "Ada", 10), (2, "Bob", 11), (3, "Cid", 12), (4, "Dan", 13)]).await;
    let done = |number, outcome| {
        let change = change(id(number), Sending, Completed, at(50));
        Effect::ChangeOrder(OrderChange { result: Some(result(outcome)), ..change })
    };
    for (number, outcome) in [(101, Outcome::Pass), (102, Outcome::Fail)] {
        let opportunity = format!("o{}", number - 100);
        let begin = step(id(number), Planned, Sending, at(40));
        store.commit(vec![plan(order(acme, number, &opportunity)), begin, done(number, outcome)]).await.unwrap();
    }
    // A newer order without a result is the one that counts; an older one is not.
    let newer = plan(order(acme, 201, "o2"));
    let older = plan(domain::order::Order { created_at: at(1), ..order(acme, 202, "o1") });
    store.commit(vec![newer, older, plan(order(acme, 203, "o3"))]).await.unwrap();
    let filter = |state, outcome| CandidateFilter { state, outcome, ..CandidateFilter::default() };
    assert_eq!(found(store, acme, filter(Some(Planned), None)).await, ["o3", "o2"]);
    assert_eq!(found(store, acme, filter(Some(Completed), None)).await, ["o1"]);
    assert_eq!(found(store, acme, filter(None, Some(Outcome::Pass))).await, ["o1"]);
    assert_eq!(found(store, acme, filter(Some(Completed), Some(Outcome::Pass))).await, ["o1"]);
    assert_eq!(found(store, acme, filter(Some(Planned), Some(Outcome::Pass))).await, Vec::<String>::new());
    assert_eq!(found(store, acme, filter(None, Some(Outcome::Fail))).await, Vec::<String>::new());
}

pub async fn candidates_are_filtered_by_stage_and_by_whether_they_wait_for_someone(store: &dyn Store) {
    let acme = organization(store, 1).await;
    candidates(store, acme, [(1, "Ada", 10), (2, "Bob", 11), (3, "Cid", 12), (4, "Dan", 13)]).await;
    let onsite = Opportunity { id: "o4".into(), stage: "onsite".into(), ..opportunity("Dan", at(14)) };
    let done = |number, outcome| domain::order::Order {
        state: Completed,
        outcome: Some(outcome),
        judged_by: Some(1),
        completed_at: Some(at(9)),
        ..order(acme, number, &format!("o{}", number - 4))
    };
    let unknown = domain::order::Order { state: SendUnknown, ..order(acme, 5, "o1") };
    let effects = vec![plan(unknown), save(onsite), plan(done(6, Outcome::Pass)), plan(done(8, Outcome::NeedsReview))];
    store.commit(effects).await.unwrap();
    let all = CandidateFilter::default;
    let stage = |stage: &str| CandidateFilter { stage: Some(stage.into()), ..all() };
    for (filter, expected) in [
        (stage("screen"), vec!["o3", "o2", "o1"]),
        (stage("onsite"), vec!["o4"]),
        (stage("none"), vec![]),
        (CandidateFilter { waiting: true, ..all() }, vec!["o4", "o1"]),
        (CandidateFilter { waiting: true, ..stage("screen") }, vec!["o1"]),
        (CandidateFilter { waiting: true, outcome: Some(Outcome::NeedsReview), ..all() }, vec!["o4"]),
        (CandidateFilter { state: Some(Completed), ..stage("screen") }, vec!["o2"]),
        (CandidateFilter { outcome: Some(Outcome::NeedsReview), ..stage("screen") }, vec![]),
        (CandidateFilter { search: Some("ada".into()), waiting: true, ..all() }, vec!["o1"]),
    ] {
        assert_eq!(found(store, acme, filter.clone()).await, expected, "{filter:?}");
        let count = store.candidate_count(acme, &filter, 9).await.unwrap();
        assert_eq!(usize::try_from(count).unwrap(), expected.len(), "{filter:?}");
    }
}

pub async fn candidates_come_in_pages_of_any_size_and_are_counted_up_to_a_cap(store: &dyn Store) {
    let (acme, other) = (organization(store, 1).await, organization(store, 2).await);
    candidates(store, acme, (1..=25).map(|n| (n, "Ada", n))).await;
    let mut filter = CandidateFilter::default();
    let mut sizes = Vec::new();
    loop {
        let page = store.candidates(acme, &filter, 10).await.unwrap();
        assert_eq!(page.total, Some(25), "wherever the page is");
        sizes.push(page.rows.len());
        match page.next {
            None => break,
            next => filter.after = next,
        }
    }
    assert_eq!(sizes, [10, 10, 5]);
    for (cap, count) in [(0, 0), (24, 24), (25, 25), (1_000, 25)] {
        assert_eq!(store.candidate_count(acme, &filter, cap).await.unwrap(), count, "wherever the page is");
    }
    assert_eq!(store.candidate_count(other, &filter, 9).await.unwrap(), 0);
    assert_eq!(store.candidates(other, &CandidateFilter::default(), 9).await.unwrap().total, Some(0));
    let some = CandidateFilter { since: Some(at(20)), ..CandidateFilter::default() };
    assert_eq!(store.candidates(acme, &some, 9).await.unwrap().total, None, "a filter is counted apart");
    let page = store.candidates(acme, &CandidateFilter::default(), 0).await.unwrap();
    assert!(page.rows.len() == 1 && page.next.is_some());
}

pub async fn an_order_without_a_reading_is_listed(store: &dyn Store) {
    let acme = organization(store, 1).await;
    store.commit(vec![plan(order(acme, 5, "o1")), Effect::Decide(decision(acme, "o1", 8))]).await.unwrap();
    assert_eq!(store.opportunity(acme, "o1").await.unwrap(), None);
    let page = store.candidates(acme, &CandidateFilter::default(), 50).await.unwrap();
    let row = &page.rows[0];
    assert!(row.name.is_blank() && row.email.is_none());
    assert_eq!((row.stage.as_str(), row.changed_at), ("screen", at(9)));
    assert_eq!(row.order.as_ref().map(|o| (o.test_name.as_str(), o.state)), Some(("Test 5", Planned)));
    assert_eq!(row.decision, Some(decision(acme, "o1", 8).decision));
    candidates(store, acme, [(1, "Ada", 3)]).await;
    let page = store.candidates(acme, &CandidateFilter::default(), 50).await.unwrap();
    assert_eq!((page.rows[0].name.reveal(), page.rows[0].changed_at), ("Ada", at(9)));
    assert!(page.rows[0].order.is_some());
}

pub async fn a_row_shows_what_is_there_letter_for_letter(store: &dyn Store) {
    const NAME: &str = "Zo\u{eb} \"Q\" O'Neil \\ \u{1f600}\t\u{5d0}\n<b>{\"a\": [1]}";
    let acme = organization(store, 1).await;
    candidates(store, acme, [(1, NAME, 10)]).await;
    let third = OrderResult { score: Some(200.0 / 3.0), ..result(Outcome::NeedsReview) };
    let done = OrderChange { result: Some(third), ..change(id(5), Sending, Completed, at(12)) };
    let posting = Some("p \"1\"".to_owned());
    let planned = Order { posting: posting.clone(), test_name: NAME.into(), ..order(acme, 5, "o1") };
    store.commit(vec![plan(planned), step(id(5), Planned, Sending, at(11))]).await.unwrap();
    let (row, ..) = store.candidate(acme, "o1").await.unwrap();
    assert_eq!(row.order.unwrap().report_token, None, "no report before there is a result");
    store.commit(vec![Effect::ChangeOrder(done)]).await.unwrap();
    let page = store.candidates(acme, &CandidateFilter::default(), 50).await.unwrap();
    let (row, shown) = (&page.rows[0], page.rows[0].order.as_ref().unwrap());
    assert_eq!((row.name.reveal(), shown.test_name.as_str(), &shown.posting), (NAME, NAME, &posting));
    assert_eq!(
        (shown.score, shown.band.as_deref(), shown.outcome),
        (Some(200.0 / 3.0), Some("high"), Some(Outcome::NeedsReview))
    );
    assert_eq!((shown.stage.as_str(), shown.report_token.is_some()), ("screen", true));
    assert_eq!(store.candidate(acme, "o1").await.unwrap().0, *row);
}

pub async fn home_counts_and_names_what_needs_a_person(store: &dyn Store) {
    let acme = organization(store, 1).await;
    candidates(store, acme, [(1, "Ada", 10)]).await;
    for number in 11..16 {
        store.commit(vec![plan(order(acme, number, "o1"))]).await.unwrap();
    }
    let completed = OrderChange { result: Some(result(Outcome::Pass)), ..change(id(15), Sending, Completed, at(31)) };
    let effects = vec![
        step(id(11), Planned, Sending, at(30)),
        step(id(11), Sending, SendUnknown, at(31)),
        step(id(14), Planned, Sending, at(30)),
        step(id(14), Sending, Invited, at(31)),
        step(id(15), Planned, Sending, at(30)),
        Effect::ChangeOrder(completed),
        Effect::MarkWritten { orders: vec![id(15)], at: at(32) },
        Effect::RaiseIssue { organization: acme, cause: "c".into(), detail: "d".into(), at: at(3) },
        Effect::Enqueue(follow(acme, 40, at(1))),
    ];
    store.commit(effects).await.unwrap();
    store.commit((1..13).map(|n| Effect::Decide(decision(acme, "o1", n))).collect()).await.unwrap();
    receive(store, vec![delivery(acme, 55, "a"), delivery(acme, 44, "b")]).await.unwrap();
    store.claim(1, at(1), at(60), None).await.unwrap();
    store.finish(vec![finished(id(40), 1, JobOutcome::Dead { error: "no".into() }, at(2))]).await.unwrap();
    let home = store.home(acme, at(12)).await.unwrap();
    assert_eq!((home.ordered, home.invited, home.started, home.completed, home.written), (4, 2, 1, 1, 1));
    assert_eq!((home.dead_jobs, home.last_delivery, home.issues.len()), (1, Some(at(55)), 1));
    assert_eq!(home.unknown_sends.len(), 1);
    assert_eq!(home.unknown_sends[0].order.as_ref().map(|o| o.test_name.as_str()), Some("Test 11"));
    assert_eq!((home.decisions.len(), home.decisions[0].0.reveal()), (10, "Ada"));
    assert_eq!(home.decisions[0].1, decision(acme, "o1", 12));
}

pub async fn one_candidate_is_shown_with_orders_and_timeline(store: &dyn Store) {
    let acme = organization(store, 1).await;
    candidates(store, acme, [(1, "Ada", 10), (2, "Bob", 11)]).await;
    let lines = [(21, "o1"), (23, "o1"), (22, "o2")].map(|(n, o)| Effect::Record(line(acme, n, o)));
    store.commit(lines.to_vec()).await.unwrap();
    store.commit(vec![plan(order(acme, 5, "o1")), plan(order(acme, 6, "o2"))]).await.unwrap();
    let (row, orders, timeline) = store.candidate(acme, "o1").await.unwrap();
    assert_eq!((row.name.reveal(), row.email.as_ref().map(Personal::reveal)), ("Ada", Some("c1@Example.com")));
    assert_eq!(orders, [order(acme, 5, "o1")]);
    assert_eq!(timeline, [line(acme, 23, "o1"), line(acme, 21, "o1")]);
    assert!(matches!(store.candidate(acme, "o9").await, Err(StoreError::NotFound("candidate"))));
}

pub async fn other_organizations_are_never_shown(store: &dyn Store) {
    let (acme, other) = (organization(store, 1).await, organization(store, 2).await);
    candidates(store, acme, [(1, "Ada", 10)]).await;
    let effects = vec![plan(order(acme, 5, "o1")), Effect::Decide(decision(acme, "o1", 8))];
    store.commit(effects).await.unwrap();
    receive(store, vec![delivery(acme, 9, "a")]).await.unwrap();
    assert!(store.candidates(other, &CandidateFilter::default(), 50).await.unwrap().rows.is_empty());
    assert!(store.candidate(other, "o1").await.is_err());
    assert_eq!(store.home(other, at(0)).await.unwrap(), domain::read::HomePage::default());
    assert!(store.orders(other, 9).await.unwrap().is_empty());
    assert!(store.deliveries(other, false, 9).await.unwrap().is_empty());
    assert!(store.opportunity_facts(other, "o1").await.unwrap().decisions.is_empty());
}
