use std::collections::HashSet;
use std::time::Duration;

use domain::invitation::{Choice, Decision, Reason};
use domain::order::OrderState;
use domain::outcome::Thresholds;
use domain::rules::{Contract, LeverConnection, Reference, SecretSource, Trigger, Vendor};

use super::*;

/// A Saturday at noon.
const NOW: Timestamp = Timestamp::from_millis(1_795_262_400_000);

fn rules() -> Rules {
    let reference = |id: &str| Reference { id: id.into(), written: id.into(), name: id.into() };
    let source = || SecretSource::Env("KEY".into());
    let contract = Contract::GreenhouseAssessment {
        list_tests_url: String::new(),
        send_test_url: String::new(),
        test_status_url: String::new(),
        response_error_url: String::new(),
        api_key: source(),
    };
    Rules {
        slug: "acme".into(),
        name: "Acme".into(),
        timezone: "UTC".into(),
        lever: LeverConnection {
            base_url: String::new(),
            api_key: source(),
            webhook_tokens: Vec::new(),
            perform_as: String::new(),
            perform_as_name: String::new(),
        },
        vendors: vec![Vendor {
            id: "py".into(),
            name: "Py".into(),
            tag_prefix: "Py".into(),
            score_scale: Some((0.0, 100.0)),
            send_rate: None,
            contract,
        }],
        triggers: vec![Trigger {
            off: false,
            stage: reference("screen"),
            vendor: "py".into(),
            default_test: Some(reference("backend")),
            thresholds: Thresholds { pass_at: Some(70.0), fail_at: Some(40.0), ..Thresholds::default() },
            postings: Vec::new(),
            cooldown: None,
            active_since: Timestamp::EPOCH,
        }],
    }
}

fn history(rules: &Rules, seed: u64) -> History<'_> {
    History {
        organization: Uuid::from_u128(1),
        rules,
        version: 1,
        tests: &[],
        candidates: 3_000,
        earlier_visits: 0,
        days: 42,
        now: NOW,
        smooth: false,
        seed,
    }
}

#[test]
fn the_same_seed_gives_the_same_past_and_another_one_another() {
    let rules = rules();
    let told = |seed| format!("{:?}", history(&rules, seed).portion(0..20));
    assert_eq!(told(1), told(1));
    assert_ne!(told(1), told(2));
}

#[test]
fn a_past_is_varied_and_lies_within_its_days() {
    let rules = rules();
    let (effects, deliveries) = history(&rules, 1).portion(0..3_000);
    let orders: Vec<_> =
        effects.iter().filter_map(|e| if let Effect::PlanOrder(order) = e { Some(order) } else { None }).collect();
    let states: HashSet<OrderState> = orders.iter().map(|o| o.state).collect();
    for state in [OrderState::Completed, OrderState::Expired, OrderState::SendUnknown, OrderState::Failed] {
        assert!(states.contains(&state), "{state:?}");
    }
    let outcomes: HashSet<_> = orders.iter().filter_map(|o| o.outcome).collect();
    assert_eq!(outcomes.len(), 3);
    let first = NOW.minus(Duration::from_hours(43 * 24));
    assert!(orders.iter().all(|o| o.created_at > first && o.completed_at.is_none_or(|at| at <= NOW)));
    assert!(deliveries.iter().any(|d| d.token.is_none()) && deliveries.len() > 3_000);
    let names: HashSet<&str> = effects
        .iter()
        .filter_map(|e| if let Effect::SaveOpportunity(o) = e { Some(o.name.reveal()) } else { None })
        .collect();
    assert!(names.len() > 1_000 && names.contains("") && names.iter().any(|n| n.contains("<script>")));
}

#[test]
fn weekends_are_quiet() {
    let rules = rules();
    let (_, deliveries) = history(&rules, 1).portion(0..3_000);
    let weekend = |at: Timestamp| matches!(domain::read::day_of(at).rem_euclid(7), 2 | 3);
    let quiet = deliveries.iter().filter(|d| weekend(d.at)).count();
    assert!(quiet > 0 && quiet * 8 < deliveries.len(), "{quiet} of {}", deliveries.len());
}

#[test]
fn a_past_does_not_contradict_its_rules() {
    let rules = rules();
    let test = |id: &str| ("py".to_owned(), Test { id: id.into(), name: id.into(), retired: false });
    let tests = [test("backend"), test("sql")];
    let (effects, _) = History { tests: &tests, ..history(&rules, 1) }.portion(0..3_000);
    let decisions =
        effects.iter().filter_map(|e| if let Effect::Decide(record) = e { Some(&record.decision) } else { None });
    let mut tagged = HashSet::new();
    for decision in decisions {
        match decision {
            Decision::Invite { test, because: Choice::Default, .. } => assert_eq!(test, "backend"),
            Decision::Invite { test, because: Choice::Tag, .. } => drop(tagged.insert(test.as_str())),
            Decision::Skip { reason } => assert!(!matches!(reason, Reason::NoTest { .. }), "the stage has a default"),
        }
    }
    assert_eq!(tagged.len(), 2);
}
