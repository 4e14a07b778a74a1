//! The whole product in process, between a sandbox Lever and sandbox vendors, on a clock that stands still: a test plays the
//! people, lets everything settle, and looks at what Lever and the candidate's inbox show.

use std::sync::Arc;
use std::time::Duration;

use argon2::Params;
use domain::order::{Order, OrderState};
use domain::ports::store::Organization;
use domain::rules::Rate;
use domain::{Clock as _, Timestamp, words};
use server::assembly::{Assay, Parts};
use server::clock::ManualClock;
use server::config::SecretKey;
use server::jobs::schedule;
use server::password::Passwords;
use server::remote::Http;
use server::sandbox::lever::{self, LeverSandbox, NewPerson, Seed};
use server::sandbox::vendors::{self, Invitation, VendorSandbox};
use server::secrets::Vault;

use crate::engine::{Database, Engine};

pub const PASSED: &str = "Phone Screen Passed";
pub const ONSITE: &str = "On-site";

/// Pass from 80, fail to 40, "Backend screen" unless a tag says otherwise.
pub const ROW: &str = r#"
[[trigger_stage]]
stage = "Phone Screen Passed"
vendor = "py"
default_test = "Backend screen"
pass_at = 80
fail_at = 40
"#;

pub struct Story {
    pub lever: LeverSandbox,
    pub vendors: VendorSandbox,
    pub clock: Arc<ManualClock>,
    pub assay: Assay,
    pub base: String,
    database: Database,
    key: SecretKey,
    web: tokio::task::JoinHandle<()>,
    files: std::path::PathBuf,
    allow_dead: bool,
}

impl Story {
    /// With one trigger stage, [`ROW`].
    pub async fn begin(engine: Engine) -> Self {
        Self::with(engine, ROW).await
    }

    pub async fn with(engine: Engine, rows: &str) -> Self {
        let story = Self::empty(engine).await;
        story.apply(rows).await;
        story.clock.advance(Duration::from_secs(1));
        story
    }

    /// With an empty database.
    pub async fn empty(engine: Engine) -> Self {
        // In the future of everything the sandboxes seed, so that entries of the story come after the rules.
        let clock = Arc::new(ManualClock::at(Timestamp::from_millis(1_900_000_000_000)));
        let lever = LeverSandbox::start(lever::Options {
            seed: Seed::named("tiny"),
            clock: clock.clone(),
            auto_deliver: false,
            rate_limit: None,
            ..lever::Options::default()
        })
        .await
        .unwrap();
        let vendors = VendorSandbox::start(vendors::Options { clock: clock.clone(), ..vendors::Options::default() })
            .await
            .unwrap();
        let database = Database::create(engine).await;
        let key = SecretKey::from_bytes([7; 32]);
        let files = std::env::temp_dir().join(format!("assay-story-{}", server::ids::token()));
        std::fs::create_dir_all(&files).unwrap();
        let (assay, base, web) = assemble(&database, &key, &clock).await;
        Self { lever, vendors, clock, assay, base, database, key, web, files, allow_dead: false }
    }

    /// Applies the organization with these trigger stages.
    pub async fn apply(&self, rows: &str) {
        let file = self.file(rows);
        self.assay.apply(&file, "story.toml", "a test").await.unwrap();
        let hook = self.organization().await.hook;
        self.lever.set_hook(&format!("{}/hooks/lever/{hook}", self.base));
    }

    /// The organization's file, with its secrets beside it.
    pub fn file(&self, rows: &str) -> String {
        server::sandbox::organization::file(&self.lever, &self.vendors, &self.files, "acme", "Acme", rows).unwrap()
    }

    /// The organization's file as it would be exported now.
    pub async fn file_again(&self) -> String {
        use server::organization::export;
        export::to_toml(&export::from_rules(&self.organization().await.rules))
    }

    pub async fn organization(&self) -> Organization {
        self.assay.cx.store.organization("acme").await.unwrap()
    }

    /// A person in the first stage with this address.
    pub fn person(&self, email: &str) -> String {
        self.tagged(email, &[])
    }

    pub fn tagged(&self, email: &str, tags: &[&str]) -> String {
        let id = self.lever.add_person(NewPerson {
            name: "Ada Test".into(),
            emails: vec![email.into()],
            tags: tags.iter().map(|t| (*t).to_owned()).collect(),
            ..NewPerson::default()
        });
        self.lever.drop_hooks();
        id
    }

    /// Moves a person into the trigger stage, a moment later.
    pub fn pass(&self, person: &str) {
        self.clock.advance(Duration::from_millis(10));
        self.lever.move_stage(person, PASSED);
    }

    /// Everything that can happen without time passing happens: hooks arrive, jobs run, callbacks arrive.
    pub async fn settle(&self) {
        loop {
            let hooks = self.lever.deliver_hooks().await;
            let jobs = self.run_jobs().await;
            let callbacks = self.vendors.deliver_callbacks().await;
            if hooks + jobs + callbacks == 0 {
                return;
            }
        }
    }

    pub async fn run_jobs(&self) -> usize {
        self.assay.runner().drain().await.unwrap()
    }

    /// Time passes, and what falls due happens.
    pub async fn later(&self, span: Duration) {
        self.clock.advance(span);
        let now = self.clock.now();
        self.assay.cx.store.rescue(now, now, domain::retry::ATTEMPTS).await.unwrap();
        self.settle().await;
    }

    /// A sweep, as the schedule would start it.
    pub async fn sweep(&self) {
        schedule::sync_all(&self.assay.cx, self.clock.now()).await.unwrap();
        self.settle().await;
    }

    /// The process is gone; another one starts on the same database.
    pub async fn restart(&mut self) {
        self.web.abort();
        let (assay, base, web) = assemble(&self.database, &self.key, &self.clock).await;
        let hook = assay.cx.store.organization("acme").await.unwrap().hook;
        self.lever.set_hook(&format!("{base}/hooks/lever/{hook}"));
        (self.assay, self.base, self.web) = (assay, base, web);
    }

    /// The story is about jobs that fail for good.
    pub fn allow_dead_jobs(&mut self) {
        self.allow_dead = true;
    }

    /// Another node on the same database.
    pub async fn second_node(&self) -> Assay {
        let (assay, _, web) = assemble(&self.database, &self.key, &self.clock).await;
        web.abort();
        assay
    }

    /// The candidate does the test and gets the score the plus sign of the address asks for.
    pub async fn take_test(&self, email: &str) {
        let invitation = self.invitation(email);
        assert!(self.vendors.complete_by_address(&invitation.partner_interview_id));
        self.settle().await;
    }

    /// Invitations that reached an address.
    pub fn invitations(&self, email: &str) -> Vec<Invitation> {
        self.vendors.invitations().into_iter().filter(|i| i.email == email).collect()
    }

    /// The one invitation that reached an address.
    pub fn invitation(&self, email: &str) -> Invitation {
        let mut all = self.invitations(email);
        assert_eq!(all.len(), 1, "invitations to {email}");
        all.remove(0)
    }

    /// Tags of ours in Lever.
    pub fn status_tags(&self, person: &str) -> Vec<String> {
        self.tags(person).into_iter().filter(|t| t.starts_with("Py - ")).collect()
    }

    pub fn tags(&self, person: &str) -> Vec<String> {
        self.lever.opportunity(person).unwrap().tags
    }

    pub fn links(&self, person: &str) -> Vec<String> {
        self.lever.opportunity(person).unwrap().links
    }

    pub async fn orders(&self, person: &str) -> Vec<Order> {
        let organization = self.organization().await.id;
        self.assay.cx.store.opportunity_facts(organization, person).await.unwrap().orders
    }

    pub async fn order(&self, person: &str) -> Order {
        let mut all = self.orders(person).await;
        assert_eq!(all.len(), 1, "orders of {person}");
        all.remove(0)
    }

    pub async fn state(&self, person: &str) -> OrderState {
        self.order(person).await.state
    }

    /// Every decision about a person, as people read it, oldest first.
    pub async fn decisions(&self, person: &str) -> Vec<String> {
        let organization = self.organization().await.id;
        let facts = self.assay.cx.store.opportunity_facts(organization, person).await.unwrap();
        facts.decisions.iter().map(|d| words::decision(&d.decision)).collect()
    }

    /// The timeline of a person, as people read it, oldest first.
    pub async fn timeline(&self, person: &str) -> Vec<String> {
        let organization = self.organization().await.id;
        let (_, _, lines) = self.assay.cx.store.candidate(organization, person).await.unwrap();
        lines.iter().rev().map(|a| words::event(&a.event)).collect()
    }

    /// Calls to Lever since the journal was cleared, without the webhooks' own.
    pub fn calls(&self) -> Vec<String> {
        self.lever.journal().iter().map(|c| format!("{} {}", c.method, c.path)).collect()
    }

    /// Ends the story: nothing may be left that failed for good.
    pub async fn end(self) {
        let counts = self.assay.cx.store.job_counts().await.unwrap();
        assert_eq!(counts.running, 0, "a job is still in someone's hands: {counts:?}");
        assert!(self.allow_dead || counts.dead == 0, "a job failed for good: {counts:?}");
        self.web.abort();
        let _ = std::fs::remove_dir_all(&self.files);
        self.database.remove().await;
    }
}

async fn assemble(
    database: &Database,
    key: &SecretKey,
    clock: &Arc<ManualClock>,
) -> (Assay, String, tokio::task::JoinHandle<()>) {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    let assay = Assay::new(Parts {
        store: database.open().await,
        vault: Vault::new(key.clone()),
        http: Http::new(true).unwrap(),
        clock: clock.clone(),
        public_url: base.clone(),
        lever_rate: Rate::parse("1000/s").ok(),
        sync_every: Duration::from_secs(300),
        poll_every: None,
        passwords: Arc::new(Passwords::new(Params::new(8, 1, 1, None).unwrap()).unwrap()),
        demo: Vec::new(),
        sandboxes: None,
        mailer: None,
        bundle: None,
    });
    assay.cx.directory.refresh().await.unwrap();
    let router = assay.router();
    let web = tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
    (assay, base, web)
}
