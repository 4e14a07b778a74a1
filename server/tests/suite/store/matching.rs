use domain::Personal;
use domain::audit::{Act as OnRecord, AuditFilter, Author};
use domain::contact::{Alias, Contact};
use domain::identity::{Key, Person, Prepared, indexed};
use domain::incoming::{Given, Incoming, Link, Standing, State, Why};
use domain::invitation::Test;
use domain::job::{Effect, MatchEntry, Settling, Work};
use domain::opportunity::Opportunity;
use domain::order::OrderState;
use domain::outcome::{Measured, Outcome};
use domain::ports::Store;
use domain::ports::store::{NewIncoming, Queued, StoreError};
use domain::read::{CandidateFilter, RowCursor};
use domain::review::{Act, Crowd};
use uuid::Uuid;

use super::samples::{at, conflict, id, job, opportunity, order, organization, plan};

fn of(number: usize, contact: &str, name: &str, emails: &[&str], read_at: i64) -> Opportunity {
    Opportunity {
        id: format!("o{number}"),
        contact: contact.into(),
        emails: emails.iter().map(|e| Personal::new(*e)).collect(),
        created_at: at(i64::try_from(number).unwrap()),
        ..opportunity(name, at(read_at))
    }
}

fn person(name: &str, email: &str) -> Person {
    Person { full_name: Personal::new(name), emails: vec![Personal::new(email)], ..Person::default() }
}

fn keys(person: &Person) -> Vec<Key> {
    indexed(&Prepared::new(person))
}

fn given(reference: &str, person: Person) -> Given {
    Given {
        vendor: "py".into(),
        reference: reference.into(),
        has_vendor_id: true,
        test: Test { id: "t1".into(), name: "Backend".into(), retired: false },
        person,
        measured: Measured { score: Some(81.5), band: None },
        completed_at: at(3),
        report_url: Some("https://py.test/r".into()),
        by: "sue".into(),
    }
}

fn new(number: u128, reference: &str, person: Person) -> NewIncoming {
    NewIncoming { id: id(number), keys: keys(&person), given: given(reference, person) }
}

async fn receive(store: &dyn Store, organization: Uuid, results: &[NewIncoming], now: i64) -> usize {
    let resolve = job(organization, 5_000 + u128::try_from(now).unwrap(), Work::Resolve, at(now));
    store.receive_results(organization, results, resolve, &Author::on_page("sue", at(now))).await.unwrap()
}

/// A result in this standing.
async fn settle(store: &dyn Store, organization: Uuid, number: u128, to: Standing, now: i64) -> Incoming {
    let incoming = store.incoming(organization, id(number)).await.unwrap();
    store.commit(vec![Effect::Settle(Box::new(Settling::of(&incoming, to, at(now))))]).await.unwrap();
    store.incoming(organization, id(number)).await.unwrap()
}

fn waiting() -> Standing {
    Standing { state: State::Review, why: Why::Tie, ..Standing::default() }
}

async fn found(store: &dyn Store, organization: Uuid, person: &Person) -> Vec<String> {
    let found = store.lookup(organization, &keys(person), 50, 400).await.unwrap();
    found.contacts.into_iter().map(|c| c.id).collect()
}

pub async fn contacts_are_found_by_what_was_read_last(store: &dyn Store) {
    let (acme, other) = (organization(store, 1).await, organization(store, 2).await);
    let read = |o: Opportunity| Effect::SaveOpportunity(Box::new(o));
    let line = super::samples::line(acme, 900, "o1");
    store
        .commit(vec![read(of(1, "c1", "Ada Lovelace", &["ada@example.com"], 10)), Effect::Record(line)])
        .await
        .unwrap();
    let ada = person("", "ada@example.com");
    assert_eq!(found(store, acme, &ada).await, ["c1"]);
    assert_eq!(found(store, acme, &person("Lovelace Ada", "")).await, ["c1"], "by name, in any order");
    assert!(found(store, other, &ada).await.is_empty(), "nobody finds the people of others");
    // An older reading says nothing, a later one counts in full.
    store.keep_people(acme, &[of(1, "c1", "Old Name", &["old@example.com"], 5)]).await.unwrap();
    assert_eq!(found(store, acme, &ada).await, ["c1"]);
    let later = of(1, "c1", "Ada King", &["countess@example.com", "ada@example.org"], 20);
    assert_eq!(store.news(acme, std::slice::from_ref(&later)).await.unwrap(), [0]);
    store.keep_people(acme, std::slice::from_ref(&later)).await.unwrap();
    assert_eq!(
        store.news(acme, &[Opportunity { read_at: at(30), ..later.clone() }]).await.unwrap(),
        Vec::<usize>::new()
    );
    assert!(found(store, acme, &ada).await.is_empty(), "the former address finds nobody");
    assert_eq!(found(store, acme, &person("", "ada@example.org")).await, ["c1"]);
    let contacts = store.contacts(acme, &["c1".into(), "none".into()]).await.unwrap();
    assert_eq!((contacts.len(), contacts[0].name.reveal()), (1, "Ada King"));
    assert_eq!(store.candidacies(acme, &["c1".into()]).await.unwrap(), [later]);
    assert_eq!(store.contact_count(acme, 10).await.unwrap(), 1);
}

pub async fn people_who_are_only_known_are_no_candidates(store: &dyn Store) {
    let acme = organization(store, 1).await;
    store
        .keep_people(acme, &[of(1, "c1", "Ada", &["ada@example.com"], 10), of(2, "", "Nobody", &[], 10)])
        .await
        .unwrap();
    assert!(store.candidates(acme, &CandidateFilter::default(), 10).await.unwrap().rows.is_empty());
    assert_eq!(store.contact_count(acme, 10).await.unwrap(), 1, "an opportunity without its contact is left out");
}

pub async fn a_crowd_behind_one_address_finds_nobody_and_is_told(store: &dyn Store) {
    let acme = organization(store, 1).await;
    let crowd: Vec<Opportunity> = (0..60)
        .map(|n| of(n, &format!("c{n}"), &format!("Person{n} Family{n}"), &["agency@example.com"], 10))
        .collect();
    store.keep_people(acme, &crowd).await.unwrap();
    let agency = person("Person7 Family7", "agency@example.com");
    let all = store.lookup(acme, &keys(&agency), 50, 400).await.unwrap();
    assert!(all.crowd.address, "{:?}", all.crowd);
    assert!(all.contacts.iter().any(|c| c.id == "c7"), "the name still finds one");
    assert!(all.contacts.len() < 60);
    let few = store.lookup(acme, &keys(&agency), 100, 10).await.unwrap();
    assert_eq!((few.crowd, few.contacts.len()), (Crowd { address: false, name: true }, 10));
}

pub async fn a_merged_contact_is_gone_and_what_was_taught_of_it_stays(store: &dyn Store) {
    let acme = organization(store, 1).await;
    let gone = of(1, "c1", "Ada", &["ada@example.com"], 10);
    store.keep_people(acme, &[gone.clone(), of(2, "c2", "Ada King", &["king@example.com"], 10)]).await.unwrap();
    receive(store, acme, &[new(1, "r1", person("Ada", "countess@example.org"))], 11).await;
    let incoming = store.incoming(acme, id(1)).await.unwrap();
    let alias = Alias { email: Personal::new("countess@example.org"), decision: id(70) };
    let step = Settling { teaches: Some(("c1".into(), alias)), ..Settling::of(&incoming, waiting(), at(12)) };
    store.commit(vec![Effect::Settle(Box::new(step))]).await.unwrap();
    let taught = person("", "countess@example.org");
    assert_eq!(found(store, acme, &taught).await, ["c1"]);
    store.keep_people(acme, &[Opportunity { contact: "c2".into(), read_at: at(20), ..gone }]).await.unwrap();
    assert_eq!(store.contacts(acme, &["c1".into()]).await.unwrap(), Vec::<Contact>::new());
    assert_eq!(found(store, acme, &taught).await, ["c2"]);
    assert_eq!(store.candidacies(acme, &["c2".into()]).await.unwrap().len(), 2);
    let forget = Settling {
        forgets: Some(("c2".into(), id(70))),
        ..Settling::of(&store.incoming(acme, id(1)).await.unwrap(), waiting(), at(21))
    };
    store.commit(vec![Effect::Settle(Box::new(forget))]).await.unwrap();
    assert!(found(store, acme, &taught).await.is_empty());
}

pub async fn a_result_is_stored_once_by_its_reference(store: &dyn Store) {
    let (acme, other) = (organization(store, 1).await, organization(store, 2).await);
    let ada = || person("Ada", "ada@example.com");
    assert_eq!(receive(store, acme, &[new(1, "r1", ada()), new(2, "r2", ada()), new(3, "r1", ada())], 10).await, 2);
    assert_eq!(receive(store, acme, &[new(4, "r1", person("Eve", "eve@example.com"))], 11).await, 0);
    assert_eq!(receive(store, other, &[new(5, "r1", ada())], 12).await, 1, "another organization has its own");
    let first = store.incoming(acme, id(1)).await.unwrap();
    assert_eq!((first.given.name().reveal(), first.version, first.standing), ("Ada", 1, Standing::default()));
    assert!(matches!(store.incoming(other, id(1)).await, Err(StoreError::NotFound("result"))));
    let due = store.due_results(acme, at(10), 10).await.unwrap();
    assert_eq!(due.len(), 2);
    let filter = AuditFilter { act: Some(OnRecord::ResultsImported), ..AuditFilter::default() };
    let entries = store.audit(Some(acme), &filter, 10).await.unwrap();
    assert_eq!((entries.len(), entries[0].target.as_str(), entries[0].after.as_deref()), (1, "py", Some("2 new")));
    let claimed = store.claim(10, at(20), at(60), None).await.unwrap();
    assert_eq!(claimed.iter().filter(|c| c.work == Work::Resolve).count(), 2, "one job for each organization");
}

pub async fn a_step_is_made_once_from_what_was_read(store: &dyn Store) {
    let acme = organization(store, 1).await;
    receive(store, acme, &[new(1, "r1", person("Ada", "ada@example.com"))], 10).await;
    let read = store.incoming(acme, id(1)).await.unwrap();
    let entry = MatchEntry {
        id: id(50),
        act: Act::Left,
        who: Some("rita".into()),
        took: Some(std::time::Duration::from_millis(2_500)),
        contact: None,
        before: read.standing.clone(),
        agreed: Some(true),
    };
    let left = Standing { state: State::Left, decision: Some(id(50)), ..waiting() };
    let step = Settling {
        entry: Some(entry),
        author: Some(Author::on_page("rita", at(12))),
        ..Settling::of(&read, left, at(12))
    };
    let step = Effect::Settle(Box::new(step));
    store.commit(vec![step.clone()]).await.unwrap();
    conflict(store.commit(vec![step]).await, "incoming_results_version");
    let now = store.incoming(acme, id(1)).await.unwrap();
    assert_eq!((now.version, now.standing.state), (2, State::Left));
    assert!(store.due_results(acme, at(99), 10).await.unwrap().is_empty(), "nobody looks for its owner any more");
    let lines = store.match_history(acme, true, None, 10).await.unwrap();
    assert_eq!(lines.len(), 1);
    assert_eq!((lines[0].act, lines[0].who.as_deref(), lines[0].at), (Act::Left, Some("rita"), at(12)));
    assert_eq!(lines[0].took, Some(std::time::Duration::from_millis(2_500)));
    assert!(store.match_history(acme, false, None, 10).await.unwrap().is_empty());
    let figures = store.match_figures(acme, at(0)).await.unwrap();
    assert_eq!((figures.second, figures.agreed), (1, 1));
    assert_eq!(store.standing_before(acme, id(50)).await.unwrap(), read.standing);
    let filter = AuditFilter { act: Some(OnRecord::MatchDecided), ..AuditFilter::default() };
    assert_eq!(store.audit(Some(acme), &filter, 10).await.unwrap()[0].target, id(1).to_string());
    let back = Settling { reverts: Some(id(50)), ..Settling::of(&now, waiting(), at(13)) };
    store.commit(vec![Effect::Settle(Box::new(back))]).await.unwrap();
    let now = store.incoming(acme, id(1)).await.unwrap();
    let again = Settling { reverts: Some(id(50)), ..Settling::of(&now, waiting(), at(14)) };
    conflict(store.commit(vec![Effect::Settle(Box::new(again))]).await, "match_decisions_reverted");
    assert_eq!(store.incoming(acme, id(1)).await.unwrap().version, now.version, "all or nothing");
    let lines = store.match_history(acme, true, None, 10).await.unwrap();
    assert_eq!(lines[0].reverted, Some(("Assay".into(), at(13))));
}

pub async fn waiting_results_come_in_their_order_and_later_ones_later(store: &dyn Store) {
    let (acme, other) = (organization(store, 1).await, organization(store, 2).await);
    for (number, organization, now) in [(3_u128, acme, 10), (1, acme, 11), (2, acme, 12), (4, other, 9)] {
        let name = format!("Person {number}");
        receive(store, organization, &[new(number, &format!("r{number}"), person(&name, ""))], now).await;
        settle(store, organization, number, waiting(), now).await;
    }
    let snoozed = Standing { snoozed_until: Some(at(100)), ..waiting() };
    settle(store, acme, 1, snoozed, 20).await;
    let ids = |all: Vec<Incoming>| all.into_iter().map(|i| i.id.as_u128()).collect::<Vec<_>>();
    let listed =
        |which, now, after, limit| async move { ids(store.reviews(acme, which, at(now), after, limit).await.unwrap()) };
    assert_eq!(listed(Queued::Waiting, 50, None, 10).await, [3, 2]);
    assert_eq!(listed(Queued::Snoozed, 50, None, 10).await, [1]);
    assert_eq!(listed(Queued::Waiting, 100, None, 10).await, [3, 1, 2]);
    assert_eq!(listed(Queued::Waiting, 100, None, 1).await, [3]);
    let after = RowCursor { at: at(10), id: id(3) };
    assert_eq!(listed(Queued::Waiting, 100, Some(after), 10).await, [1, 2]);
    let count = |now, cap| async move { store.shown("org-1", at(now), cap).await.unwrap().reviews_waiting };
    assert_eq!((count(50, 10).await, count(100, 10).await, count(100, 2).await), (2, 3, 2));
    let before = RowCursor { at: at(12), id: id(2) };
    assert_eq!(ids(store.incoming_results(acme, None, None, 10).await.unwrap()), [2, 1, 3]);
    assert_eq!(ids(store.incoming_results(acme, Some(State::Review), Some(before), 10).await.unwrap()), [1, 3]);
    assert!(store.incoming_results(acme, Some(State::Linked), None, 10).await.unwrap().is_empty());
}

pub async fn only_exactly_the_same_person_is_alike(store: &dyn Store) {
    let acme = organization(store, 1).await;
    let people = [
        person("Ada King", "ada@example.com"),
        person("ada king ", "Ada@example.com"),
        person("Ada King", "ada@example.org"),
        person("Ada King", "ada@example.com"),
    ];
    for (number, person) in (1_u128..).zip(people) {
        receive(store, acme, &[new(number, &format!("r{number}"), person)], 10).await;
    }
    for number in 1..=3 {
        settle(store, acme, number, waiting(), 11).await;
    }
    let first = store.incoming(acme, id(1)).await.unwrap();
    let alike: Vec<u128> = store.alike(&first).await.unwrap().iter().map(|i| i.id.as_u128()).collect();
    assert_eq!(alike, [2], "another address is another person, and what does not wait is not decided");
}

pub async fn a_contact_that_gets_an_address_wakes_who_waits_for_it(store: &dyn Store) {
    let acme = organization(store, 1).await;
    store.keep_people(acme, &[of(1, "c1", "Bob Stone", &["bob@example.com"], 10)]).await.unwrap();
    receive(
        store,
        acme,
        &[new(1, "r1", person("", "ada@example.com")), new(2, "r2", person("", "eve@example.com"))],
        11,
    )
    .await;
    let unknown = Standing { state: State::Unknown, why: Why::Nobody, ..Standing::default() };
    for number in [1, 2] {
        settle(store, acme, number, unknown.clone(), 12).await;
    }
    let jobs: Vec<_> = store.claim(10, at(12), at(60), None).await.unwrap();
    let held: Vec<_> =
        jobs.iter().map(|j| super::samples::finished(j.id, j.attempt, domain::job::JobOutcome::Done, at(12))).collect();
    store.finish(held).await.unwrap();
    assert!(store.due_results(acme, at(99), 10).await.unwrap().is_empty());
    store.keep_people(acme, &[of(1, "c1", "Bob Stone", &["bob@example.com", "ada@example.com"], 20)]).await.unwrap();
    let due: Vec<u128> = store.due_results(acme, at(99), 10).await.unwrap().iter().map(|i| i.id.as_u128()).collect();
    assert_eq!(due, [1], "and nobody else");
    let jobs = store.claim(10, at(20), at(60), None).await.unwrap();
    assert_eq!(jobs.iter().map(|j| &j.work).collect::<Vec<_>>(), [&Work::Resolve]);
    let first = store.incoming(acme, id(1)).await.unwrap();
    store.same_as_before(acme, &[&Incoming { version: first.version + 1, ..first.clone() }]).await.unwrap();
    assert_eq!(store.due_results(acme, at(99), 10).await.unwrap().len(), 1, "another version was not looked at");
    // While it is looked at, somebody else gets the address: what was found is of yesterday.
    store.keep_people(acme, &[of(2, "c2", "Ada King", &["ada@example.com"], 20)]).await.unwrap();
    store.same_as_before(acme, &[&first]).await.unwrap();
    let found = Standing { state: State::Linked, ..Standing::default() };
    let late = Settling { due: first.due, ..Settling::of(&first, found, at(21)) };
    let late = store.commit(vec![Effect::Settle(Box::new(late))]).await;
    assert!(matches!(late, Err(StoreError::Conflict(_))), "{late:?}");
    let again = store.due_results(acme, at(99), 10).await.unwrap();
    assert_eq!(again.len(), 1, "it is due still");
    store.same_as_before(acme, &[&again[0]]).await.unwrap();
    assert!(store.due_results(acme, at(99), 10).await.unwrap().is_empty());
}

pub async fn two_people_at_one_result_see_each_other(store: &dyn Store) {
    let acme = organization(store, 1).await;
    receive(store, acme, &[new(1, "r1", person("Ada", ""))], 10).await;
    settle(store, acme, 1, waiting(), 10).await;
    let stamp = || async { store.stamp(acme).await.unwrap().people };
    let before = stamp().await;
    let look = |who: &'static str, now, until| store.look(id(1), who, at(now), at(until));
    assert!(look("rita", 20, 140).await.unwrap().is_empty());
    assert!(look("rita", 30, 150).await.unwrap().is_empty(), "nobody meets themselves");
    assert_eq!(stamp().await, before, "one person alone changes no page");
    assert_eq!(look("tom", 40, 160).await.unwrap(), ["rita"]);
    assert_ne!(stamp().await, before, "the first hears of the second");
    assert_eq!(store.lookers(&[id(1)], at(50)).await.unwrap(), [(id(1), "rita".to_owned()), (id(1), "tom".to_owned())]);
    assert_eq!(look("tom", 155, 300).await.unwrap(), Vec::<String>::new(), "who is gone is gone");
    settle(store, acme, 1, Standing { state: State::Left, ..waiting() }, 160).await;
    assert!(store.lookers(&[id(1)], at(160)).await.unwrap().is_empty(), "a decision ends it");
}

pub async fn a_result_that_was_taken_back_says_nothing_and_is_to_be_taken_out(store: &dyn Store) {
    let acme = organization(store, 1).await;
    let completed = domain::order::Order {
        state: OrderState::Completed,
        outcome: Some(Outcome::Pass),
        judged_by: Some(1),
        score: Some(81.5),
        completed_at: Some(at(3)),
        vendor_ref: Some("r1".into()),
        report_url: Some("https://py.test/r".into()),
        ..order(acme, 9, "o1")
    };
    store.commit(vec![plan(completed)]).await.unwrap();
    receive(store, acme, &[new(1, "r1", person("Ada", "ada@example.com"))], 10).await;
    let link = Link { contact: "c1".into(), opportunity: "o1".into(), order: id(9) };
    let linked = Standing { state: State::Linked, link: Some(link), ..Standing::default() };
    settle(store, acme, 1, linked, 11).await;
    assert_eq!(store.linked_to(acme, "o1").await.unwrap().len(), 1);
    assert_eq!(store.order_by_reference(acme, "py", "r1").await.unwrap().unwrap().id, id(9));
    assert_eq!(store.order_by_reference(acme, "py", "r2").await.unwrap(), None);
    let home = store.home(acme, at(0)).await.unwrap();
    assert_eq!((home.ordered, home.invited, home.completed), (1, 0, 0), "it is no part of the funnel");
    let withdraw = Effect::Withdraw { order: id(9), note: "Not theirs.".into(), at: at(20) };
    store.commit(vec![withdraw.clone()]).await.unwrap();
    conflict(store.commit(vec![withdraw]).await, "orders_state");
    let taken = store.order(id(9)).await.unwrap();
    assert_eq!(
        (taken.state, taken.outcome, taken.score, taken.completed_at),
        (OrderState::Cancelled, None, None, None)
    );
    let row = store.candidates(acme, &CandidateFilter::default(), 10).await.unwrap().rows.remove(0);
    assert_eq!(row.order.unwrap().outcome, None);
    assert_eq!(store.unfinished_orders(acme).await.unwrap().len(), 1, "until it is out of Lever");
    let withdrawals = store.withdrawals(acme, "o1", "py").await.unwrap();
    assert_eq!((withdrawals.len(), withdrawals[0].report_token.as_str()), (1, "report9"));
    store.commit(vec![Effect::MarkWithdrawn { orders: vec![id(9)], at: at(21) }]).await.unwrap();
    assert!(store.withdrawals(acme, "o1", "py").await.unwrap().is_empty());
    assert!(store.unfinished_orders(acme).await.unwrap().is_empty());
}

pub async fn a_mark_only_moves_on(store: &dyn Store) {
    let (acme, other) = (organization(store, 1).await, organization(store, 2).await);
    let mark = |now| vec![Effect::Mark { organization: acme, name: "lever", at: at(now) }];
    assert_eq!(store.mark(acme, "lever").await.unwrap(), None);
    store.commit(mark(20)).await.unwrap();
    store.commit(mark(10)).await.unwrap();
    assert_eq!(store.mark(acme, "lever").await.unwrap(), Some(at(20)));
    assert_eq!((store.mark(other, "lever").await.unwrap(), store.mark(acme, "py").await.unwrap()), (None, None));
}
