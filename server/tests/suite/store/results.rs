use domain::Timestamp;
use domain::invitation::{Choice, Decision, Reason};
use domain::job::{DecisionRecord, Effect};
use domain::opportunity::Opportunity;
use domain::order::{Order, OrderState};
use domain::outcome::Outcome;
use domain::ports::Store;
use domain::read::{Day, ResultsOf};
use uuid::Uuid;

use super::samples::{at, decision, opportunity, order, organization, plan, save};

/// The first second of a day.
fn day(number: i64) -> Timestamp {
    at(number * 86_400)
}

fn completed(organization: Uuid, number: u128, when: Timestamp, outcome: Outcome) -> Order {
    Order {
        state: OrderState::Completed,
        score: Some(81.5),
        band: Some("high".into()),
        outcome: Some(outcome),
        judged_by: Some(1),
        created_at: when,
        invited_at: Some(when),
        completed_at: Some(when),
        ..order(organization, number, &format!("o{number}"))
    }
}

fn of(vendor: &str) -> ResultsOf {
    ResultsOf { vendor: vendor.into(), ..ResultsOf::default() }
}

pub async fn results_are_those_of_a_vendor_newest_first(store: &dyn Store) {
    let (acme, other) = (organization(store, 1).await, organization(store, 2).await);
    let one = |number, seconds, outcome| completed(acme, number, at(seconds), outcome);
    let orders = [
        one(1, 10, Outcome::Pass),
        Order { test: "t9".into(), ..one(2, 30, Outcome::Fail) },
        Order { stage: "onsite".into(), score: None, ..one(3, 20, Outcome::NeedsReview) },
        Order { vendor: "other".into(), ..one(4, 40, Outcome::Pass) },
        order(acme, 5, "o5"),
        completed(other, 6, at(50), Outcome::Pass),
    ];
    store.commit(orders.map(plan).to_vec()).await.unwrap();
    let seen = |of: ResultsOf, since, limit| async move {
        let points = store.results(acme, &of, at(since), limit).await.unwrap();
        points.into_iter().map(|p| p.opportunity).collect::<Vec<_>>()
    };
    assert_eq!(seen(of("py"), 0, 9).await, ["o2", "o3", "o1"]);
    assert_eq!(seen(of("py"), 0, 2).await, ["o2", "o3"]);
    assert_eq!(seen(of("py"), 20, 9).await, ["o2", "o3"]);
    assert_eq!(seen(ResultsOf { test: Some("t9".into()), ..of("py") }, 0, 9).await, ["o2"]);
    assert_eq!(seen(ResultsOf { stage: Some("onsite".into()), ..of("py") }, 0, 9).await, ["o3"]);
    let all = store.results(acme, &of("py"), at(0), 9).await.unwrap();
    let found: Vec<_> = all.iter().map(|p| (p.score, p.outcome, p.completed_at, p.stage.as_str())).collect();
    assert_eq!(found[0], (Some(81.5), Outcome::Fail, at(30), "screen"));
    assert_eq!(found[1], (None, Outcome::NeedsReview, at(20), "onsite"));
    assert_eq!((all[2].test.as_str(), all[2].band.as_deref()), ("t1", Some("high")));
}

pub async fn the_past_of_a_row_is_told_newest_first_with_its_results(store: &dyn Store) {
    let (acme, other) = (organization(store, 1).await, organization(store, 2).await);
    let invite = || Decision::Invite {
        test: "t1".into(),
        name: "T".into(),
        because: Choice::Default,
        near: Vec::new(),
        asked_by: None,
    };
    let skip = |reason| Decision::Skip { reason };
    let none = || skip(Reason::NoTest { near: Vec::new() });
    let made = |organization, who: &str, when, decided: Decision| DecisionRecord {
        decision: decided,
        at: at(when),
        ..decision(organization, who, when)
    };
    let people = ["o1", "o2", "o3", "o4", "o5"].map(|id| Opportunity { id: id.into(), ..opportunity("Ada", at(5)) });
    let decisions = [
        made(acme, "o1", 20, invite()),
        made(acme, "o2", 30, none()),
        made(acme, "o3", 40, skip(Reason::NoEmail)),
        made(acme, "o4", 10, invite()),
        DecisionRecord { stage: "onsite".into(), ..made(acme, "o5", 50, invite()) },
        // It was never read.
        made(acme, "o9", 50, invite()),
        made(other, "o1", 60, invite()),
    ];
    let read = || people.clone().into_iter().map(save);
    let (of_other, of_acme): (Vec<_>, Vec<_>) = decisions.into_iter().partition(|d| d.organization == other);
    store.commit(read().chain(of_other.into_iter().map(Effect::Decide)).collect()).await.unwrap();
    let result = plan(completed(acme, 1, at(20), Outcome::Pass));
    store.commit(read().chain(of_acme.into_iter().map(Effect::Decide)).chain([result]).collect()).await.unwrap();
    let past = |since, limit| store.past(acme, "screen", "py", at(since), limit);
    let found = past(20, 9).await.unwrap();
    let names: Vec<_> = found.iter().map(|p| (p.opportunity.id.as_str(), p.decided_at, &p.decision)).collect();
    let no_email = skip(Reason::NoEmail);
    assert_eq!(names, [("o3", at(40), &no_email), ("o2", at(30), &none()), ("o1", at(20), &invite())]);
    assert_eq!((&found[0].result, &found[1].result), (&None, &None));
    let (measured, outcome) = found[2].result.clone().unwrap();
    assert_eq!((measured.score, measured.band.as_deref(), outcome), (Some(81.5), Some("high"), Outcome::Pass));
    assert_eq!(past(0, 9).await.unwrap().len(), 4);
    assert_eq!(past(0, 2).await.unwrap().len(), 1, "the newest two, of which one was never read");
    assert_eq!(store.past(acme, "screen", "other", at(0), 9).await.unwrap(), []);
}

pub async fn trigger_figures_count_what_became_of_entries(store: &dyn Store) {
    let (acme, other) = (organization(store, 1).await, organization(store, 2).await);
    let expired =
        Order { state: OrderState::Expired, invited_at: Some(at(21)), created_at: at(20), ..order(acme, 3, "o3") };
    let started =
        Order { state: OrderState::Started, invited_at: Some(at(21)), created_at: at(20), ..order(acme, 4, "o4") };
    let onsite = Order { stage: "onsite".into(), ..completed(acme, 6, at(20), Outcome::NeedsReview) };
    let orders = [
        completed(acme, 1, at(20), Outcome::Pass),
        completed(acme, 2, at(20), Outcome::Fail),
        expired,
        started,
        completed(acme, 5, at(9), Outcome::Pass),
        onsite,
        completed(other, 7, at(20), Outcome::Pass),
    ];
    let invite = Decision::Invite {
        test: "t".into(),
        name: "T".into(),
        because: Choice::Default,
        near: Vec::new(),
        asked_by: None,
    };
    let decisions = [
        DecisionRecord { decision: invite.clone(), ..decision(acme, "o1", 20) },
        DecisionRecord { decision: invite, ..decision(acme, "o2", 20) },
        DecisionRecord { decision: Decision::Skip { reason: Reason::NoEmail }, ..decision(acme, "o8", 20) },
        DecisionRecord { stage: "final".into(), ..decision(acme, "o9", 20) },
        decision(acme, "o9", 5),
        decision(other, "o9", 20),
    ];
    let effects = orders.map(plan).into_iter().chain(decisions.map(Effect::Decide)).collect();
    store.commit(effects).await.unwrap();
    let pairs = [("screen", "py"), ("final", "py"), ("onsite", "py"), ("screen", "other")];
    let figures = store.trigger_figures(acme, &pairs, at(10)).await.unwrap();
    let names: Vec<_> = figures.iter().map(|f| (f.stage.as_str(), f.vendor.as_str())).collect();
    assert_eq!(names, pairs);
    let counts: Vec<_> = figures.iter().map(|f| [f.ordered, f.pass, f.review, f.fail, f.skipped]).collect();
    assert_eq!(counts, [[4, 1, 0, 1, 1], [0, 0, 0, 0, 1], [1, 0, 1, 0, 0], [0; 5]]);
    let invited = Decision::Invite {
        test: "t".into(),
        name: "T".into(),
        because: Choice::Default,
        near: Vec::new(),
        asked_by: None,
    };
    let again = DecisionRecord { decision: invited, at: at(30), ..decision(acme, "o8", 20) };
    store.commit(vec![Effect::Redecide(again)]).await.unwrap();
    let figures = store.trigger_figures(acme, &pairs[..1], at(10)).await.unwrap();
    assert_eq!(figures[0].skipped, 0, "what gave way to an invitation is no skip any more");
}

pub async fn every_result_counts_on_its_day(store: &dyn Store) {
    let (acme, other) = (organization(store, 1).await, organization(store, 2).await);
    let later = Order {
        created_at: day(9),
        invited_at: Some(day(10)),
        written_at: Some(day(13)),
        ..completed(acme, 1, day(12), Outcome::Pass)
    };
    let last_moment = day(13).minus(std::time::Duration::from_micros(1));
    let orders = [
        later,
        completed(acme, 2, last_moment, Outcome::NeedsReview),
        completed(acme, 3, day(8), Outcome::Fail),
        completed(acme, 4, day(12), Outcome::Fail),
        completed(other, 5, day(12), Outcome::Fail),
    ];
    store.commit(orders.map(plan).to_vec()).await.unwrap();
    let none = |day| Day { day, ..Day::default() };
    let expected = [none(11), Day { day: 12, pass: 1, review: 1, fail: 1 }, none(13)];
    assert_eq!(store.days(acme, 11..=13).await.unwrap(), expected);
}
