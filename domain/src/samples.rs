//! Small values for tests of the rules.

use std::collections::BTreeSet;

use uuid::Uuid;

use crate::follow::{self, Decided, Known};
use crate::invitation::Test;
use crate::opportunity::{Opportunity, StageChange};
use crate::order::{Order, OrderState};
use crate::outcome::Thresholds;
use crate::rules::Contract;
use crate::rules::{LeverConnection, Reference, Rules, SecretSource, Trigger, Vendor};
use crate::{Personal, Timestamp};

/// Seconds after the epoch.
pub fn at(seconds: i64) -> Timestamp {
    Timestamp::from_millis(seconds * 1_000)
}

pub fn reference(id: &str) -> Reference {
    Reference { id: id.into(), written: id.into(), name: id.into() }
}

pub fn row(stage: &str, default_test: Option<&str>) -> Trigger {
    Trigger {
        stage: reference(stage),
        vendor: "py".into(),
        default_test: default_test.map(reference),
        thresholds: Thresholds::default(),
        postings: Vec::new(),
        cooldown: None,
        off: false,
        active_since: at(100),
    }
}

pub fn rules(triggers: Vec<Trigger>) -> Rules {
    let vendor = |id: &str| Vendor {
        id: id.into(),
        name: id.into(),
        tag_prefix: id.into(),
        score_scale: None,
        send_rate: None,
        contract: Contract::GreenhouseAssessment {
            list_tests_url: String::new(),
            send_test_url: String::new(),
            test_status_url: String::new(),
            response_error_url: String::new(),
            api_key: SecretSource::Env("K".into()),
        },
    };
    Rules {
        slug: "acme".into(),
        name: "Acme".into(),
        timezone: "UTC".into(),
        lever: LeverConnection {
            base_url: String::new(),
            api_key: SecretSource::Env("K".into()),
            webhook_tokens: Vec::new(),
            perform_as: String::new(),
            perform_as_name: String::new(),
        },
        vendors: vec![vendor("py"), vendor("other")],
        triggers,
    }
}

pub fn test(id: &str, name: &str) -> Test {
    Test { id: id.into(), name: name.into(), retired: false }
}

/// In stage `screen` since second 200.
pub fn opportunity() -> Opportunity {
    Opportunity {
        id: "o1".into(),
        contact: "c1".into(),
        name: Personal::new("Ada Test"),
        emails: vec![Personal::new("ada@example.com")],
        phones: Vec::new(),
        location: Personal::default(),
        stage: "screen".into(),
        stage_changes: vec![
            StageChange { to: "lead-new".into(), at: at(50) },
            StageChange { to: "screen".into(), at: at(200) },
        ],
        archived: None,
        tags: Vec::new(),
        links: Vec::new(),
        posting: None,
        confidential: false,
        anonymized: false,
        created_at: at(50),
        url: None,
        read_at: at(300),
    }
}

pub fn order(test: &str, state: OrderState, created: i64) -> Order {
    Order {
        id: Uuid::from_u128(u128::try_from(created).unwrap()),
        organization: Uuid::nil(),
        opportunity: "o1".into(),
        contact: "c1".into(),
        vendor: "py".into(),
        test: test.into(),
        test_name: test.into(),
        round: 1,
        stage: "screen".into(),
        posting: None,
        state,
        note: None,
        vendor_ref: None,
        vendor_status: None,
        score: None,
        band: None,
        outcome: None,
        judged_by: None,
        report_url: None,
        report_token: String::new(),
        email: Personal::new("ada@example.com"),
        created_at: at(created),
        invited_at: None,
        completed_at: None,
        written_at: None,
        called_back_at: None,
    }
}

/// Decides with the tests `t1` "Backend screen" and `t2` "Data screen" at second 1000.
pub fn decide(opportunity: &Opportunity, rules: &Rules, orders: &[Order]) -> Vec<Decided> {
    let tests = [("py".to_owned(), test("t1", "Backend screen")), ("py".to_owned(), test("t2", "Data screen"))];
    let decided = BTreeSet::new();
    follow::decide(Known {
        opportunity,
        rules,
        tests: &tests,
        orders,
        decided: &decided,
        paused: false,
        now: at(1_000),
    })
}

/// Decides as [`decide`], because someone asked to invite who was in the stage `screen` before.
pub fn ask(opportunity: &Opportunity, rules: &Rules) -> Option<Decided> {
    let tests = [("py".to_owned(), test("t1", "Backend screen"))];
    let decided = BTreeSet::new();
    let known =
        Known { opportunity, rules, tests: &tests, orders: &[], decided: &decided, paused: false, now: at(1_000) };
    follow::decide_asked(known, "screen", "py", "sue@example.org")
}
