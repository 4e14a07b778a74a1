use std::time::Duration;

use super::*;
use crate::opportunity::{Archived, StageChange};
use crate::rules::Rules;
use crate::samples::{ask, at, decide as decide_all, opportunity, order, reference, row, rules};
use crate::{Personal, follow};

fn one(opportunity: &Opportunity, rules: &Rules, orders: &[Order]) -> Decision {
    let mut all = decide_all(opportunity, rules, orders);
    assert_eq!(all.len(), 1, "{all:?}");
    all.remove(0).decision
}

fn tagged(tags: &[&str]) -> Opportunity {
    Opportunity { tags: tags.iter().map(|t| (*t).to_owned()).collect(), ..opportunity() }
}

fn by_default() -> Rules {
    rules(vec![row("screen", Some("t1"))])
}

fn invited(decision: &Decision) -> Option<(&str, &Choice)> {
    match decision {
        Decision::Invite { test, because, .. } => Some((test, because)),
        Decision::Skip { .. } => None,
    }
}

fn reason(decision: Decision) -> Reason {
    match decision {
        Decision::Skip { reason } => reason,
        Decision::Invite { .. } => panic!("invited"),
    }
}

#[test]
fn the_default_goes_out() {
    assert_eq!(invited(&one(&opportunity(), &by_default(), &[])), Some(("t1", &Choice::Default)));
}

#[test]
fn an_exact_tag_overrides_the_default() {
    assert_eq!(invited(&one(&tagged(&["x", "Data screen"]), &by_default(), &[])), Some(("t2", &Choice::Tag)));
}

#[test]
fn a_tag_chooses_where_there_is_no_default() {
    let none = rules(vec![row("screen", None)]);
    assert_eq!(invited(&one(&tagged(&["Data screen"]), &none, &[])), Some(("t2", &Choice::Tag)));
}

#[test]
fn a_tag_in_another_case_is_named_and_the_default_goes_out() {
    let Decision::Invite { test, near, .. } = one(&tagged(&["data Screen"]), &by_default(), &[]) else {
        panic!("not invited")
    };
    assert_eq!(test, "t1");
    assert_eq!(near, [NearMiss { tag: "data Screen".into(), test: "Data screen".into() }]);
}

#[test]
fn without_a_default_a_near_miss_is_named_in_the_reason() {
    let none = rules(vec![row("screen", None)]);
    let near = vec![NearMiss { tag: "Data scren".into(), test: "Data screen".into() }];
    assert_eq!(reason(one(&tagged(&["Data scren"]), &none, &[])), Reason::NoTest { near });
}

#[test]
fn two_different_tests_tagged_send_nothing() {
    let decision = one(&tagged(&["Data screen", "Backend screen"]), &by_default(), &[]);
    let tests = vec!["Backend screen".to_owned(), "Data screen".to_owned()];
    assert_eq!(reason(decision), Reason::SeveralTests { tests });
}

#[test]
fn the_same_test_tagged_twice_is_one_test() {
    assert!(invited(&one(&tagged(&["Data screen", "Data screen"]), &by_default(), &[])).is_some());
}

#[test]
fn who_may_not_be_invited_is_told_why() {
    let o = opportunity;
    let archived = Archived { reason: "r".into(), at: at(250) };
    let cases = [
        (Opportunity { archived: Some(archived), ..o() }, Reason::Archived),
        (Opportunity { anonymized: true, ..o() }, Reason::Anonymized),
        (Opportunity { confidential: true, ..o() }, Reason::Confidential),
        (Opportunity { emails: vec![Personal::new("  ")], ..o() }, Reason::NoEmail),
    ];
    for (opportunity, expected) in cases {
        assert_eq!(reason(one(&opportunity, &by_default(), &[])), expected);
    }
}

#[test]
fn a_row_for_postings_covers_only_those() {
    let mut narrow = row("screen", Some("t1"));
    narrow.postings = vec![reference("p1")];
    let rules = rules(vec![narrow]);
    let applied = |p: &str| Opportunity { posting: Some(p.into()), ..opportunity() };
    assert!(invited(&one(&applied("p1"), &rules, &[])).is_some());
    let missed = one(&applied("p2"), &rules, &[]);
    assert_eq!(reason(missed), Reason::PostingNotCovered { posting: Some("p2".into()) });
    assert_eq!(reason(one(&opportunity(), &rules, &[])), Reason::PostingNotCovered { posting: None });
}

#[test]
fn a_row_that_names_the_posting_comes_before_one_for_all() {
    let mut narrow = row("screen", Some("t2"));
    narrow.postings = vec![reference("p1")];
    let rules = rules(vec![row("screen", Some("t1")), narrow]);
    let applied = Opportunity { posting: Some("p1".into()), ..opportunity() };
    assert_eq!(invited(&one(&applied, &rules, &[])).unwrap().0, "t2");
}

#[test]
fn who_was_there_before_the_row_is_not_invited_by_itself() {
    let mut late = row("screen", Some("t1"));
    late.active_since = at(200);
    let decision = one(&opportunity(), &rules(vec![late]), &[]);
    assert_eq!(reason(decision), Reason::AlreadyThere { since: at(200) });
}

#[test]
fn who_left_before_the_move_was_handled_is_not_invited() {
    let mut moved = opportunity();
    moved.stage = "onsite".into();
    moved.stage_changes.push(StageChange { to: "onsite".into(), at: at(210) });
    assert_eq!(reason(one(&moved, &by_default(), &[])), Reason::LeftStage { now_in: "onsite".into() });
}

#[test]
fn every_visit_is_decided_and_only_the_last_invites() {
    let mut back = opportunity();
    back.stage_changes.push(StageChange { to: "onsite".into(), at: at(210) });
    back.stage_changes.push(StageChange { to: "screen".into(), at: at(220) });
    let all = decide_all(&back, &by_default(), &[]);
    let invitations: Vec<bool> = all.iter().map(|d| invited(&d.decision).is_some()).collect();
    assert_eq!(invitations, [false, true]);
}

#[test]
fn an_open_order_for_the_same_test_blocks_and_one_for_another_does_not() {
    let open = reason(one(&opportunity(), &by_default(), &[order("t1", OrderState::Started, 150)]));
    assert_eq!(open, Reason::Open { state: OrderState::Started });
    assert!(invited(&one(&opportunity(), &by_default(), &[order("t2", OrderState::Started, 150)])).is_some());
}

#[test]
fn a_send_that_may_have_arrived_blocks() {
    let unknown = reason(one(&opportunity(), &by_default(), &[order("t1", OrderState::SendUnknown, 150)]));
    assert_eq!(unknown, Reason::Open { state: OrderState::SendUnknown });
}

#[test]
fn after_a_result_only_the_cooldown_opens_the_way() {
    let done = [Order { completed_at: Some(at(500)), ..order("t1", OrderState::Completed, 150) }];
    assert!(matches!(reason(one(&opportunity(), &by_default(), &done)), Reason::Before { again_after: None, .. }));
    let with = |seconds| {
        let mut row = row("screen", Some("t1"));
        row.cooldown = Some(Duration::from_secs(seconds));
        rules(vec![row])
    };
    assert!(invited(&one(&opportunity(), &with(500), &done)).is_some(), "500 + 500 is now");
    assert!(matches!(reason(one(&opportunity(), &with(501), &done)), Reason::Before { .. }));
}

#[test]
fn an_order_that_never_reached_the_candidate_does_not_block() {
    for state in [OrderState::Failed, OrderState::Cancelled] {
        assert!(invited(&one(&opportunity(), &by_default(), &[order("t1", state, 150)])).is_some(), "{state:?}");
    }
}

#[test]
fn a_test_that_is_gone_is_not_sent() {
    let gone = rules(vec![row("screen", Some("t9"))]);
    assert!(matches!(reason(one(&opportunity(), &gone, &[])), Reason::TestRetired { by: Choice::Default, .. }));
}

#[test]
fn a_decided_visit_is_not_decided_again() {
    let decided = [("screen".to_owned(), at(200), "py".to_owned())].into_iter().collect();
    let (opportunity, rules) = (opportunity(), by_default());
    let known = follow::Known {
        opportunity: &opportunity,
        rules: &rules,
        tests: &[],
        orders: &[],
        decided: &decided,
        paused: false,
        now: at(1_000),
    };
    assert_eq!(follow::decide(known), []);
}

fn off(mut row: Trigger) -> Trigger {
    row.off = true;
    row
}

#[test]
fn nothing_is_decided_in_a_row_that_is_off_and_its_postings_stay_its_own() {
    let mine = Opportunity { posting: Some("p1".into()), ..opportunity() };
    let other = Opportunity { posting: Some("p2".into()), ..opportunity() };
    let only = Trigger { postings: vec![reference("p1")], ..row("screen", Some("t2")) };
    let none = rules(vec![off(row("screen", Some("t1")))]);
    assert!(decide_all(&opportunity(), &none, &[]).is_empty());
    let some = rules(vec![row("screen", Some("t1")), off(only)]);
    assert!(decide_all(&mine, &some, &[]).is_empty(), "the row for all must not take over");
    assert_eq!(invited(&one(&other, &some, &[])), Some(("t1", &Choice::Default)));
}

#[test]
fn asking_invites_who_was_there_before_and_changes_nothing_else() {
    let early = Trigger { active_since: at(900), ..row("screen", Some("t1")) };
    let rules = rules(vec![early]);
    assert_eq!(reason(one(&opportunity(), &rules, &[])), Reason::AlreadyThere { since: at(900) });
    let asked = |o: &Opportunity, rules: &Rules| ask(o, rules).map(|d| d.decision);
    let Some(Decision::Invite { test, asked_by, .. }) = asked(&opportunity(), &rules) else { panic!("not invited") };
    assert_eq!((test.as_str(), asked_by.as_deref()), ("t1", Some("sue@example.org")));
    let silent = Opportunity { emails: vec![], ..opportunity() };
    assert_eq!(reason(asked(&silent, &rules).unwrap()), Reason::NoEmail);
    let left = Opportunity { stage: "offer".into(), ..opportunity() };
    assert_eq!(asked(&left, &rules), None);
    let switched_off = Rules { triggers: vec![off(rules.triggers[0].clone())], ..rules };
    assert_eq!(asked(&opportunity(), &switched_off), None);
}

#[test]
fn a_decision_is_read_as_it_was_written_and_a_part_of_one_is_refused() {
    let near = vec![NearMiss { tag: "Backend scren".into(), test: "Backend screen".into() }];
    let invite = |near, asked_by| Decision::Invite {
        test: "backend".into(),
        name: "Backend screen".into(),
        because: Choice::Tag,
        near,
        asked_by,
    };
    let skip = Decision::Skip { reason: Reason::LeftStage { now_in: "offer".into() } };
    for decision in [invite(vec![], None), invite(near, Some("sue@acme.example".into())), skip] {
        let text = serde_json::to_string(&decision).unwrap();
        assert_eq!(serde_json::from_str::<Decision>(&text).unwrap(), decision, "{text}");
    }
    for (text, error) in [
        (r#"{"decision":"invite","test":"backend","because":{"by":"tag"}}"#, "without the test's name"),
        (r#"{"decision":"skip"}"#, "without its reason"),
        (r#"{"decision":"wait"}"#, "unknown variant `wait`"),
        (r#"{"reason":{"reason":"paused"}}"#, "missing field `decision`"),
    ] {
        let said = serde_json::from_str::<Decision>(text).unwrap_err().to_string();
        assert!(said.contains(error), "{said}");
    }
}

#[test]
fn visits_are_decided_in_the_order_in_which_they_were() {
    let mut moved = opportunity();
    let visit = |to: &str, n| StageChange { to: to.into(), at: at(n) };
    moved.stage_changes = vec![visit("screen", 200), visit("onsite", 210), visit("screen", 220)];
    let all = decide_all(&moved, &rules(vec![row("screen", Some("t1")), row("onsite", None)]), &[]);
    let said: Vec<_> = all.iter().map(|d| (d.entry.at, d.decision.kind())).collect();
    assert_eq!(said, [(at(200), "skip"), (at(210), "skip"), (at(220), "invite")]);
}
