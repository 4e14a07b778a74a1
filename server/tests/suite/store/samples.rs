//! Small values for cases. Ids are numbers, times are seconds after the epoch.

use domain::activity::{Activity, Event};
use domain::audit::Author;
use domain::invitation::{Decision, Reason, Test};
use domain::job::{DecisionRecord, Effect, Finished, JobOutcome, NewJob, OrderChange, OrderResult, Work};
use domain::opportunity::Opportunity;
use domain::order::{Order, OrderState};
use domain::outcome::Outcome;
use domain::ports::Store;
use domain::ports::store::{Application, DeliveryStatus, DirectClaim, NewDelivery, Receipt, SealedSecret, Stored};
use domain::rules::{LeverConnection, Rules, SecretSource};
use domain::{Personal, Timestamp};
use uuid::Uuid;

pub fn at(seconds: i64) -> Timestamp {
    Timestamp::from_millis(seconds * 1_000)
}

pub fn id(number: u128) -> Uuid {
    Uuid::from_u128(number)
}

pub fn rules(slug: &str) -> Rules {
    Rules {
        slug: slug.into(),
        name: slug.into(),
        timezone: "UTC".into(),
        lever: LeverConnection {
            base_url: "https://lever.test/v1".into(),
            api_key: SecretSource::Env("KEY".into()),
            webhook_tokens: Vec::new(),
            perform_as: "u".into(),
            perform_as_name: String::new(),
        },
        vendors: Vec::new(),
        triggers: Vec::new(),
    }
}

pub fn secret(name: &str) -> SealedSecret {
    SealedSecret { name: name.into(), sealed: vec![0, 1, 255], last_four: "wxyz".into(), created_at: at(1) }
}

pub fn application(number: u128, expected_version: i64) -> Application {
    Application {
        id: id(number),
        hook: format!("hook{number}"),
        paused: false,
        expected_version,
        rules: rules(&format!("org-{number}")),
        secrets: vec![secret("lever.api_key")],
        tests: Vec::new(),
        changes: vec!["+ something".into()],
        author: Author::on_command_line(at(1)),
    }
}

pub async fn organization(store: &dyn Store, number: u128) -> Uuid {
    store.apply(application(number, 0)).await.expect("applies").id
}

pub fn job(organization: Uuid, number: u128, work: Work, run_at: Timestamp) -> NewJob {
    NewJob { id: id(number), organization, work, run_at }
}

/// A job about the opportunity `o<number>`.
pub fn follow(organization: Uuid, number: u128, run_at: Timestamp) -> NewJob {
    job(organization, number, Work::Follow { opportunity: format!("o{number}") }, run_at)
}

pub fn finished(job: Uuid, attempt: i32, outcome: JobOutcome, now: Timestamp) -> Finished {
    Finished { job, attempt, outcome, effects: Vec::new(), at: now }
}

/// Stores deliveries; their jobs wait to be claimed.
pub async fn receive(store: &dyn Store, deliveries: Vec<NewDelivery>) -> Stored<Vec<Receipt>> {
    store.receive(&deliveries, DirectClaim::NONE).await.map(|received| received.receipts)
}

pub fn delivery(organization: Uuid, number: u128, token: &str) -> NewDelivery {
    NewDelivery {
        id: id(number),
        organization,
        token: Some(token.into()),
        event: "candidateStageChange".into(),
        opportunity: Some("o1".into()),
        body: "{\"a\":\"\u{e9}\"}".into(),
        status: DeliveryStatus::Stored,
        reason: None,
        at: at(i64::try_from(number).expect("small")),
        job: None,
    }
}

pub fn opportunity(name: &str, read_at: Timestamp) -> Opportunity {
    Opportunity {
        id: "o1".into(),
        contact: "c1".into(),
        name: Personal::new(name),
        emails: vec![Personal::new("Ada@Example.com")],
        phones: Vec::new(),
        location: Personal::default(),
        stage: "screen".into(),
        stage_changes: Vec::new(),
        archived: None,
        tags: vec!["x".into()],
        links: Vec::new(),
        posting: None,
        confidential: false,
        anonymized: false,
        created_at: at(1),
        url: Some("https://lever.test/o1".into()),
        read_at,
    }
}

pub fn save(opportunity: Opportunity) -> Effect {
    Effect::SaveOpportunity(Box::new(opportunity))
}

pub fn decision(organization: Uuid, opportunity: &str, entered: i64) -> DecisionRecord {
    DecisionRecord {
        organization,
        opportunity: opportunity.into(),
        stage: "screen".into(),
        entered_at: at(entered),
        vendor: "py".into(),
        // Each its own, so that it is seen which one is shown.
        decision: Decision::Skip { reason: Reason::AlreadyThere { since: at(entered) } },
        rules_version: 1,
        at: at(entered + 1),
    }
}

pub fn order(organization: Uuid, number: u128, opportunity: &str) -> Order {
    Order {
        id: id(number),
        organization,
        opportunity: opportunity.into(),
        contact: "c1".into(),
        vendor: "py".into(),
        test: format!("t{number}"),
        test_name: format!("Test {number}"),
        round: 1,
        stage: "screen".into(),
        posting: None,
        state: OrderState::Planned,
        note: None,
        vendor_ref: None,
        vendor_status: None,
        score: None,
        band: None,
        outcome: None,
        judged_by: None,
        report_url: None,
        report_token: format!("report{number}"),
        email: Personal::new("ada@example.com"),
        created_at: at(i64::try_from(number).expect("small")),
        invited_at: None,
        completed_at: None,
        called_back_at: None,
        written_at: None,
    }
}

pub fn plan(order: Order) -> Effect {
    Effect::PlanOrder(Box::new(order))
}

pub fn change(order: Uuid, from: OrderState, to: OrderState, now: Timestamp) -> OrderChange {
    OrderChange { order, from, to, note: None, vendor_ref: None, vendor_status: None, result: None, at: now }
}

pub fn step(order: Uuid, from: OrderState, to: OrderState, now: Timestamp) -> Effect {
    Effect::ChangeOrder(change(order, from, to, now))
}

pub fn result(outcome: Outcome) -> OrderResult {
    OrderResult {
        score: Some(81.5),
        band: Some("high".into()),
        outcome,
        judged_by: 1,
        report_url: Some("https://py.test/r".into()),
    }
}

pub fn line(organization: Uuid, number: u128, opportunity: &str) -> Activity {
    Activity {
        id: id(number),
        organization,
        opportunity: opportunity.into(),
        order: None,
        at: at(i64::try_from(number).expect("small")),
        event: Event::CalledBack,
    }
}

pub fn test(number: u128, retired: bool) -> Test {
    Test { id: format!("t{number}"), name: format!("Test {number}"), retired }
}

/// Asserts a conflict by that name.
pub fn conflict<T: std::fmt::Debug>(answer: Result<T, domain::ports::StoreError>, name: &str) {
    match answer {
        Err(domain::ports::StoreError::Conflict(found)) => assert_eq!(found, name),
        other => panic!("{other:?} instead of a conflict about {name}"),
    }
}
