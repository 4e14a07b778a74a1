//! The product under load: assembled as `serve` does it, with a Lever that answers at once.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Instant;

use app::sign_in::DemoSignIn;
use axum::extract::{Path, State};
use axum::routing::get;
use axum::{Json, Router};
use domain::outcome::Thresholds;
use domain::ports::store::Application;
use domain::rules::{Contract, LeverConnection, Reference, Rules, SecretSource, Trigger, Vendor, secret};
use domain::{Clock as _, Timestamp};
use secrecy::SecretString;
use server::assembly::{Assay, Parts};
use server::clock::SystemClock;
use server::config::SecretKey;
use server::remote::Http;
use server::sandbox::lever::signature;
use server::secrets::Vault;
use server::{ids, serve, store};
use tokio_util::sync::CancellationToken;

use crate::load::{Request, post};

/// Signs every delivery of the benchmarks.
pub const TOKEN: &str = "0123456789abcdef0123456789abcdef0123456789abcdef";
/// The trigger stage of the deliveries.
const STAGE: &str = "phone-screen-passed";

/// When each opportunity was asked for: the sink of the end-to-end figures.
pub type Arrivals = Arc<Mutex<HashMap<String, Instant>>>;

/// A running product.
pub struct Product {
    pub assay: Assay,
    pub address: SocketAddr,
    pub hook: String,
    pub arrivals: Arrivals,
    stop: CancellationToken,
    worker: Option<tokio::task::JoinHandle<()>>,
}

type Failed = Box<dyn std::error::Error>;

impl Product {
    /// On the database at `url`; with a worker or without one.
    pub async fn start(url: &str, works: bool) -> Result<Self, Failed> {
        Self::start_with(url, works, Vec::new()).await
    }

    /// As above; `people` may sign in by a button.
    pub async fn start_with(url: &str, works: bool, people: Vec<DemoSignIn>) -> Result<Self, Failed> {
        let arrivals = Arrivals::default();
        let lever = sink(Arc::clone(&arrivals)).await?;
        let key = SecretKey::generate();
        store::migrate(url).await?;
        let store = store::connect(url).await?;
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let assay = Assay::new(Parts {
            store,
            vault: Vault::new(key.clone()),
            http: Http::new(true)?,
            clock: Arc::new(SystemClock),
            public_url: format!("http://{address}"),
            lever_rate: None,
            sync_every: std::time::Duration::from_secs(300),
            poll_every: None,
            passwords: Arc::new(serve::passwords()?),
            demo: people,
            sandboxes: None,
            mailer: None,
            bundle: None,
        });
        let hook = organization(&assay, &Vault::new(key), lever).await?;
        let stop = CancellationToken::new();
        let worker = works.then(|| tokio::spawn(assay.runner().run(stop.clone())));
        let router = assay.router();
        let stopped = stop.clone();
        tokio::spawn(
            async move { axum::serve(listener, router).with_graceful_shutdown(stopped.cancelled_owned()).await },
        );
        Ok(Self { assay, address, hook, arrivals, stop, worker })
    }

    /// Signed deliveries about `from..to`, every `repeat_every`-th a repetition of the one before.
    pub fn deliveries(&self, from: usize, to: usize, repeat_every: usize) -> Vec<Request> {
        Self::deliveries_to(&format!("/hooks/lever/{}", self.hook), from, to, repeat_every)
    }

    /// The same to another address.
    pub fn deliveries_to(path: &str, from: usize, to: usize, repeat_every: usize) -> Vec<Request> {
        let now = SystemClock.now().as_millis();
        let request = |n: usize| {
            let n = if repeat_every > 0 && n % repeat_every == repeat_every - 1 { n - 1 } else { n };
            post(path, &delivery(n, now))
        };
        (from..to).map(request).collect()
    }

    /// Stops the worker.
    pub async fn stop(self) {
        self.stop.cancel();
        if let Some(worker) = self.worker {
            let _ = worker.await;
        }
    }
}

/// The opportunity of delivery `n`.
pub fn opportunity(n: usize) -> String {
    format!("{n:08x}-0000-4000-8000-000000000000")
}

/// A stage change of some 550 bytes, as Lever sends it.
fn delivery(n: usize, now: i64) -> String {
    let token = format!("{n:048x}");
    serde_json::json!({
        "id": format!("{n:08x}-1111-4111-8111-111111111111"), "event": "candidateStageChange", "triggeredAt": now,
        "token": token, "signature": signature(TOKEN, &token, now),
        "data": {
            "opportunityId": opportunity(n), "candidateId": opportunity(n),
            "contactId": format!("{n:08x}-2222-4222-8222-222222222222"), "fromStageId": "lead-new", "toStageId": STAGE,
        },
    })
    .to_string()
}

async fn organization(assay: &Assay, vault: &Vault, lever: SocketAddr) -> Result<String, Failed> {
    let (id, now) = (ids::row(), SystemClock.now());
    let stage = Reference { id: STAGE.into(), written: STAGE.into(), name: STAGE.into() };
    let source = SecretSource::Env("BENCH".into());
    let rules = Rules {
        slug: "bench".into(),
        name: "Bench".into(),
        timezone: "UTC".into(),
        lever: LeverConnection {
            base_url: format!("http://{lever}/v1"),
            api_key: source.clone(),
            webhook_tokens: vec![source.clone()],
            perform_as: ids::row().to_string(),
            perform_as_name: String::new(),
        },
        vendors: vec![vendor(&source)],
        triggers: vec![Trigger {
            stage,
            vendor: "py".into(),
            default_test: Some(Reference {
                id: "backend".into(),
                written: "backend".into(),
                name: "Backend screen".into(),
            }),
            thresholds: Thresholds { pass_at: Some(80.0), fail_at: Some(40.0), ..Thresholds::default() },
            postings: Vec::new(),
            cooldown: None,
            off: false,
            active_since: Timestamp::EPOCH,
        }],
    };
    let seal = |name: &str, value: &str| vault.seal_named(id, name, &SecretString::from(value), now);
    let applied = assay.cx.store.apply(Application {
        id,
        hook: ids::token(),
        paused: false,
        expected_version: 0,
        rules,
        secrets: vec![
            seal(secret::LEVER_KEY, "key"),
            seal(&secret::lever_token(0), TOKEN),
            seal(&secret::vendor("py", "api_key"), "key"),
        ],
        tests: Vec::new(),
        changes: Vec::new(),
        author: domain::audit::Author::system("bench", now),
    });
    let applied = applied.await?;
    assay.cx.directory.refresh().await?;
    Ok(applied.hook)
}

/// Nobody is invited in the benchmarks, so its addresses are never called.
fn vendor(key: &SecretSource) -> Vendor {
    let at = |path: &str| format!("http://127.0.0.1:9/{path}");
    Vendor {
        id: "py".into(),
        name: "Py".into(),
        tag_prefix: "Py".into(),
        score_scale: Some((0.0, 100.0)),
        send_rate: None,
        contract: Contract::GreenhouseAssessment {
            list_tests_url: at("list_tests"),
            send_test_url: at("send_test"),
            test_status_url: at("test_status"),
            response_error_url: at("response_error"),
            api_key: key.clone(),
        },
    }
}

/// A Lever that answers every question about an opportunity at once, and remembers when it was first asked.
async fn sink(arrivals: Arrivals) -> std::io::Result<SocketAddr> {
    let router = Router::new().route("/v1/opportunities/{id}", get(answer)).with_state(arrivals);
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    tokio::spawn(async move { axum::serve(listener, router).await });
    Ok(address)
}

async fn answer(State(arrivals): State<Arrivals>, Path(id): Path<String>) -> Json<serde_json::Value> {
    let now = Instant::now();
    let body = serde_json::json!({"data": {
        "id": id, "name": "Ada Test", "contact": id, "headline": "", "stage": "elsewhere", "location": "",
        "confidentiality": "non-confidential", "phones": [], "emails": ["ada@example.com"], "links": [], "archived": null,
        "tags": ["Backend", "Berlin"], "sources": [], "origin": "applied", "owner": null, "followers": [],
        "stageChanges": [{"toStageId": "elsewhere", "toStageIndex": 1, "updatedAt": 1}], "applications": [],
        "createdAt": 1, "updatedAt": 1, "urls": {"show": "https://hire.lever.co/candidates/x"}, "isAnonymized": false,
    }});
    arrivals.lock().expect("nobody panics while holding this").entry(id).or_insert(now);
    Json(body)
}
