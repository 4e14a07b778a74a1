//! Two organizations, an account per role, and one candidate whose invitation may or may not have arrived.

use std::path::PathBuf;
use std::sync::Arc;

use argon2::Params;
use axum::Router;
use domain::activity::{Activity, Event};
use domain::audit::Author;
use domain::identity::Person;
use domain::incoming::{Given, Standing, State, Why};
use domain::invitation::{Choice, Decision};
use domain::job::{DecisionRecord, Effect, NewJob, OrderChange, Settling, Work};
use domain::opportunity::Opportunity;
use domain::order::{Order, OrderState};
use domain::outcome::{Measured, Thresholds};
use domain::ports::Desk;
use domain::ports::store::{Account, Application, DeliveryStatus, DirectClaim, NewDelivery, NewIncoming, Store};
use domain::role::Role;
use domain::rules::{Contract, LeverConnection, Reference, Rules, SecretSource, Trigger, Vendor};
use domain::{Clock, Personal, Timestamp};
use secrecy::SecretString;
use server::clock::ManualClock;
use server::config::SecretKey;
use server::connections::{ClientFactory, Directory};
use server::desk::Clerk;
use server::http::live::LiveParts;
use server::http::pages::{PageParts, router};
use server::jobs::{Context, Wake};
use server::live::Live;
use server::password::Passwords;
use server::people::Reception;
use server::remote::Http;
use server::secrets::Vault;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::browser::Browser;
use super::notepad::Notepad;
use crate::engine::{Database, Engine};

pub const PASSWORD: &str = "correct horse battery";
pub const NAME: &str = "Ada Lovelace</title><b>";
pub const NAME_AS_HTML: &str = "Ada Lovelace&lt;/title&gt;&lt;b&gt;";
pub const OPPORTUNITY: &str = "opp-1";

/// 21 November 2026, 12:00 UTC.
pub const NOON: Timestamp = Timestamp::from_millis(1_795_262_400_000);

pub struct World {
    pub store: Arc<dyn Store>,
    pub desk: Arc<Notepad>,
    pub clock: Arc<ManualClock>,
    pub reception: Arc<Reception>,
    pub app: Router,
    pub order: Uuid,
    password_hash: String,
    folder: PathBuf,
    /// Where it is not in the folder.
    database: Option<Database>,
}

impl Drop for World {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

pub fn email(role: Role) -> String {
    format!("{}@example.org", role.as_str())
}

fn reference(id: &str, name: &str) -> Reference {
    Reference { id: id.into(), written: name.into(), name: name.into() }
}

fn rules(slug: &str, name: &str) -> Rules {
    let key = || SecretSource::Env("KEY".into());
    Rules {
        slug: slug.into(),
        name: name.into(),
        timezone: "Europe/Berlin".into(),
        lever: LeverConnection {
            base_url: "https://lever.example/v1".into(),
            api_key: key(),
            webhook_tokens: vec![],
            perform_as: "user".into(),
            perform_as_name: String::new(),
        },
        vendors: vec![Vendor {
            id: "py".into(),
            name: "Py".into(),
            tag_prefix: "Py".into(),
            score_scale: None,
            send_rate: None,
            contract: Contract::GreenhouseAssessment {
                list_tests_url: "https://py.example/1".into(),
                send_test_url: "https://py.example/2".into(),
                test_status_url: "https://py.example/3".into(),
                response_error_url: "https://py.example/4".into(),
                api_key: key(),
            },
        }],
        triggers: vec![Trigger {
            stage: reference("stage-1", "Phone Screen Passed"),
            vendor: "py".into(),
            default_test: Some(reference("t-1", "Backend screen")),
            thresholds: Thresholds::default(),
            postings: vec![],
            cooldown: None,
            off: false,
            active_since: Timestamp::EPOCH,
        }],
    }
}

async fn organization(store: &Arc<dyn Store>, slug: &str, name: &str) -> Uuid {
    let application = Application {
        id: server::ids::row(),
        hook: server::ids::token(),
        paused: false,
        expected_version: 0,
        rules: rules(slug, name),
        secrets: vec![],
        tests: vec![],
        changes: vec![],
        author: Author::system("test", NOON),
    };
    store.apply(application).await.unwrap().id
}

fn opportunity() -> Opportunity {
    Opportunity {
        id: OPPORTUNITY.into(),
        contact: "contact-1".into(),
        name: Personal::new(NAME),
        emails: vec![Personal::new("ada@example.com")],
        phones: vec![],
        location: Personal::default(),
        stage: "stage-1".into(),
        stage_changes: vec![],
        archived: None,
        tags: vec![],
        links: vec![],
        posting: None,
        confidential: false,
        anonymized: false,
        created_at: NOON,
        url: Some("https://hire.lever.example/candidates/opp-1".into()),
        read_at: NOON,
    }
}

pub fn order(organization: Uuid) -> Order {
    Order {
        id: server::ids::row(),
        organization,
        opportunity: OPPORTUNITY.into(),
        contact: "contact-1".into(),
        vendor: "py".into(),
        test: "t-1".into(),
        test_name: "Backend screen".into(),
        round: 1,
        stage: "stage-1".into(),
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
        report_token: server::ids::token(),
        email: Personal::new("ada@example.com"),
        created_at: NOON,
        called_back_at: None,
        invited_at: None,
        completed_at: None,
        written_at: None,
    }
}

/// The candidate with an invitation of which nobody knows whether it arrived.
async fn candidate(store: &Arc<dyn Store>, organization: Uuid) -> Uuid {
    let order = order(organization);
    let decision = Decision::Invite {
        test: "t-1".into(),
        name: "Backend screen".into(),
        because: Choice::Default,
        near: vec![],
        asked_by: None,
    };
    let record = DecisionRecord {
        organization,
        opportunity: OPPORTUNITY.into(),
        stage: "stage-1".into(),
        entered_at: NOON,
        vendor: "py".into(),
        decision,
        rules_version: 1,
        at: NOON,
    };
    let unclear = Activity {
        id: server::ids::row(),
        organization,
        opportunity: OPPORTUNITY.into(),
        order: Some(order.id),
        at: NOON,
        event: Event::SendUnknown { test: "Backend screen".into(), why: "the connection broke".into() },
    };
    let step = |from: OrderState, to| OrderChange { from, ..OrderChange::to(&order, to, NOON) };
    let effects = vec![
        Effect::SaveOpportunity(Box::new(opportunity())),
        Effect::Decide(record),
        Effect::PlanOrder(Box::new(order.clone())),
        Effect::ChangeOrder(step(OrderState::Planned, OrderState::Sending)),
        Effect::ChangeOrder(step(OrderState::Sending, OrderState::SendUnknown)),
        Effect::Record(unclear),
    ];
    store.commit(effects).await.unwrap();
    order.id
}

pub async fn world() -> World {
    world_with(|_| ()).await
}

pub async fn world_with(change: impl FnOnce(&mut PageParts)) -> World {
    world_in(None, change).await
}

/// On this engine; take it away with [`World::remove`].
pub async fn world_on(engine: Engine) -> World {
    world_in(Some(Database::create(engine).await), |_| ()).await
}

async fn world_in(database: Option<Database>, change: impl FnOnce(&mut PageParts)) -> World {
    let folder = std::env::temp_dir().join(format!("assay-pages-{}", server::ids::token()));
    std::fs::create_dir_all(&folder).unwrap();
    let own = format!("sqlite://{}", folder.join("assay.db").display());
    let url = database.as_ref().map_or(own, |d| d.url().to_owned());
    server::store::migrate(&url).await.unwrap();
    let store = server::store::connect(&url).await.unwrap();
    world_with_all(store, folder, database, &Role::ALL, change).await
}

/// Over a store that is empty; `folder` goes with the world.
pub async fn world_over(store: Arc<dyn Store>, folder: PathBuf, change: impl FnOnce(&mut PageParts)) -> World {
    world_with_all(store, folder, None, &Role::ALL, change).await
}

/// Nobody has an account.
pub async fn world_without_people() -> World {
    let folder = std::env::temp_dir().join(format!("assay-pages-{}", server::ids::token()));
    std::fs::create_dir_all(&folder).unwrap();
    let url = format!("sqlite://{}", folder.join("assay.db").display());
    server::store::migrate(&url).await.unwrap();
    world_with_all(server::store::connect(&url).await.unwrap(), folder, None, &[], |_| ()).await
}

/// What jobs and reports work with, over clients that reach this machine.
fn context(store: &Arc<dyn Store>, clock: &Arc<ManualClock>) -> Context {
    let clock = Arc::clone(clock) as Arc<dyn Clock>;
    let clients = ClientFactory {
        http: Http::new(true).unwrap(),
        vault: Vault::new(SecretKey::from_bytes([7; 32])),
        lever_rate: None,
        store: Arc::clone(store),
        clock: Arc::clone(&clock),
    };
    Context {
        store: Arc::clone(store),
        directory: Arc::new(Directory::new(clients)),
        clock,
        public_url: "https://assay.example".into(),
        sync_every: std::time::Duration::from_secs(300),
        poll_every: None,
    }
}

/// The real desk.
fn clerk(store: &Arc<dyn Store>, clock: &Arc<ManualClock>) -> Arc<Clerk> {
    Arc::new(Clerk { cx: context(store, clock), wake: Wake::default() })
}

async fn world_with_all(
    store: Arc<dyn Store>,
    folder: PathBuf,
    database: Option<Database>,
    roles: &[Role],
    change: impl FnOnce(&mut PageParts),
) -> World {
    let passwords = Arc::new(Passwords::new(Params::new(8, 1, 1, None).unwrap()).unwrap());
    let acme = organization(&store, "acme", "Acme").await;
    organization(&store, "other", "Other Company").await;
    let password_hash = passwords.hash(SecretString::from(PASSWORD)).await.unwrap();
    for &role in roles {
        let account = Account {
            id: server::ids::row(),
            email: Personal::new(email(role)),
            role,
            organization: role.is_of_organization().then_some(acme),
            password_hash: password_hash.clone(),
            disabled: false,
        };
        store.create_account(account, &Author::system("test", NOON)).await.unwrap();
    }
    let order = candidate(&store, acme).await;
    let (desk, clock) = (Arc::new(Notepad::default()), Arc::new(ManualClock::at(NOON)));
    desk.2.set(Arc::clone(&store)).unwrap();
    let mut parts = PageParts {
        store: Arc::clone(&store),
        desk: Arc::clone(&desk) as Arc<dyn Desk>,
        clock: Arc::clone(&clock) as Arc<dyn Clock>,
        bundle: None,
        public_url: "https://assay.example".into(),
        demo: vec![],
        sandboxes: None,
        secure_cookies: true,
        passwords,
        setup: clerk(&store, &clock),
        reviews: clerk(&store, &clock),
        reception: Arc::new(Reception::new(
            Arc::clone(&store),
            Vault::new(SecretKey::from_bytes([7; 32])),
            Arc::clone(&clock) as Arc<dyn Clock>,
            "https://assay.example".into(),
            None,
            Http::new(true).unwrap(),
        )),
        live: LiveParts {
            live: Live::new(Arc::clone(&store)),
            store: Arc::clone(&store),
            stop: CancellationToken::new(),
        },
    };
    change(&mut parts);
    let reports = server::http::reports::router(context(&store, &clock));
    let reception = Arc::clone(&parts.reception);
    World { store, desk, clock, reception, app: router(parts, reports), order, password_hash, folder, database }
}

impl World {
    /// Takes its database away.
    pub async fn remove(mut self) {
        if let Some(database) = self.database.take() {
            database.remove().await;
        }
    }

    /// Gives someone an account.
    pub async fn add(&self, email: &str, role: Role, organization: Uuid) {
        let account = Account {
            id: server::ids::row(),
            email: Personal::new(email),
            role,
            organization: Some(organization),
            password_hash: self.password_hash.clone(),
            disabled: false,
        };
        self.store.create_account(account, &Author::system("test", NOON)).await.unwrap();
    }

    /// Row id of an organization.
    pub async fn organization(&self, slug: &str) -> Uuid {
        self.store.organization(slug).await.unwrap().id
    }

    /// A result from outside that waits for a person, who may be the world's candidate.
    pub async fn review(&self, slug: &str) -> Uuid {
        let organization = self.organization(slug).await;
        let person = Person {
            full_name: Personal::new("Ada Lovelase"),
            emails: vec![Personal::new("ada@example.com")],
            ..Person::default()
        };
        let given = Given {
            vendor: "py".into(),
            reference: server::ids::token(),
            has_vendor_id: false,
            test: domain::invitation::Test { id: "t-1".into(), name: "Backend screen".into(), retired: false },
            person: person.clone(),
            measured: Measured { score: Some(81.0), band: None },
            completed_at: NOON,
            report_url: None,
            by: "sue@example.org".into(),
        };
        let id = server::ids::row();
        let new = NewIncoming { id, given, keys: vec![] };
        let job = NewJob { id: server::ids::row(), organization, work: Work::Resolve, run_at: NOON };
        self.store.receive_results(organization, &[new], job, &Author::system("test", NOON)).await.unwrap();
        let incoming = self.store.incoming(organization, id).await.unwrap();
        let contacts = self.store.contacts(organization, &["contact-1".into()]).await.unwrap();
        let candidates = domain::review::weigh(&person, &contacts, 10);
        let to = Standing { state: State::Review, why: Why::NotTheirOwn, candidates, ..Standing::default() };
        self.store.commit(vec![Effect::Settle(Box::new(Settling::of(&incoming, to, NOON)))]).await.unwrap();
        id
    }

    /// Stores deliveries of this state, one at each instant.
    pub async fn deliver(&self, slug: &str, status: DeliveryStatus, times: &[Timestamp]) {
        let organization = self.organization(slug).await;
        let delivery = |at: &Timestamp| NewDelivery {
            id: server::ids::row(),
            organization,
            token: Some(server::ids::token()),
            event: "candidateStageChange".into(),
            opportunity: Some("opp-9".into()),
            body: "{}".into(),
            status,
            reason: None,
            at: *at,
            job: None,
        };
        let deliveries: Vec<NewDelivery> = times.iter().map(delivery).collect();
        self.store.receive(&deliveries, DirectClaim::NONE).await.unwrap();
    }

    pub fn browser(&self) -> Browser {
        Browser::new(self.app.clone())
    }

    /// A browser in which someone of this role has signed in.
    pub async fn signed_in(&self, role: Role) -> Browser {
        let mut browser = self.browser();
        let answer = browser.sign_in(&email(role), PASSWORD, "/").await;
        assert_eq!(answer.status.as_u16(), 303, "{}", answer.body);
        browser
    }
}
