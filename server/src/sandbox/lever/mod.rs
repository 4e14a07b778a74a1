//! The sandbox Lever: an account with people, pipeline, postings and webhooks that answers Lever's Data API over real
//! HTTP, with its documented rules and recorded quirks, and goes wrong on demand.

mod acts;
mod api;
mod control;
mod faults;
mod handle;
mod hooks;
mod model;
mod net;
mod pages;
mod seed;
#[cfg(test)]
mod tests;
mod view;

use std::io::Write as _;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::Router;
use axum::routing::any;
use domain::Clock;
use serde_json::{Value, json};
use tokio::sync::Semaphore;
use tokio_util::sync::{CancellationToken, DropGuard};

pub use self::acts::NewPerson;
pub use self::faults::{Faults, PerformAs};
pub use self::hooks::{EVENTS, HookDelivery, HookState, signature};
use self::model::Model;
pub use self::model::{Archived, Call, Phone, StageChange};
pub use self::seed::Seed;
pub use self::view::OpportunityView;
use crate::clock::SystemClock;

/// How often the sender looks for webhooks that are due.
const SENDER_PERIOD: Duration = Duration::from_millis(50);
/// Deliveries under way at a time.
const SENDERS: usize = 16;

/// Lever's budget per key: a bucket of tokens.
#[derive(Clone, Copy, Debug)]
pub struct RateLimit {
    /// Tokens when full: the burst.
    pub bucket: u32,
    /// Tokens a second.
    pub refill_per_second: u32,
}

/// Ten a second with bursts up to twenty: Lever's documentation, Rate Limits.
impl Default for RateLimit {
    fn default() -> Self {
        Self { bucket: 20, refill_per_second: 10 }
    }
}

/// How to start.
#[derive(Clone, Debug)]
pub struct Options {
    /// Port 0 takes any free one.
    pub listen: SocketAddr,
    /// Which account.
    pub seed: Seed,
    /// All times and the rate budget.
    pub clock: Arc<dyn Clock>,
    /// Send webhooks by itself; otherwise only `deliver_hooks` does.
    pub auto_deliver: bool,
    /// `None` switches the budget off.
    pub rate_limit: Option<RateLimit>,
    /// The waits before each retry of a webhook. Lever retries five times and publishes no schedule.
    pub hook_gaps: Vec<Duration>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 0)),
            seed: Seed::named("default"),
            clock: Arc::new(SystemClock),
            auto_deliver: true,
            rate_limit: Some(RateLimit::default()),
            hook_gaps: [1, 2, 4, 8, 16].map(Duration::from_secs).to_vec(),
        }
    }
}

#[derive(Debug)]
struct Inner {
    model: Mutex<Model>,
    clock: Arc<dyn Clock>,
    addr: SocketAddr,
    api_key: String,
    webhook_token: String,
    perform_as: String,
    client: reqwest::Client,
    gaps: Vec<Duration>,
    rate_limit: Option<RateLimit>,
    stop: CancellationToken,
}

/// A running account. Clones are cheap and mean the same account; it ends with the last of them.
#[derive(Clone, Debug)]
pub struct LeverSandbox {
    inner: Arc<Inner>,
    /// Not held by the server's own clones: they must not keep it alive.
    _alive: Option<Arc<DropGuard>>,
}

impl LeverSandbox {
    /// Binds, seeds and serves; with `auto_deliver` it also sends webhooks by itself.
    ///
    /// # Errors
    /// The address cannot be bound.
    pub async fn start(options: Options) -> std::io::Result<Self> {
        let listener = tokio::net::TcpListener::bind(options.listen).await?;
        let now = options.clock.now().as_millis();
        let stop = CancellationToken::new();
        let model = seed::model(&options.seed, now);
        let inner = Inner {
            api_key: model.api_key.clone(),
            webhook_token: model.webhook_token.clone(),
            perform_as: model.perform_as.clone(),
            model: Mutex::new(model),
            clock: options.clock,
            addr: listener.local_addr()?,
            client: hooks::client()?,
            gaps: options.hook_gaps,
            rate_limit: options.rate_limit,
            stop: stop.clone(),
        };
        let served = Self { inner: Arc::new(inner), _alive: None };
        let app = served.router().into_make_service_with_connect_info::<net::Cut>();
        let server = axum::serve(net::CuttableListener(listener), app);
        tokio::spawn(server.with_graceful_shutdown(stop.clone().cancelled_owned()).into_future());
        if options.auto_deliver {
            tokio::spawn(sender(served.clone()));
        }
        Ok(Self { _alive: Some(Arc::new(stop.drop_guard())), ..served })
    }

    fn router(&self) -> Router {
        Router::new()
            .route("/v1/{*rest}", any(api::handle))
            .merge(control::routes())
            .merge(pages::routes())
            .fallback(unknown)
            .with_state(self.clone())
    }

    /// Stops listening and sending.
    pub fn shutdown(&self) {
        self.inner.stop.cancel();
    }

    fn model(&self) -> MutexGuard<'_, Model> {
        self.inner.model.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn now(&self) -> i64 {
        self.inner.clock.now().as_millis()
    }

    fn rate_limit(&self) -> Option<RateLimit> {
        self.inner.rate_limit
    }

    /// Sends everything waiting now, one attempt each and one after another, whatever its time. How many got 2xx; the
    /// others wait on until their last attempt.
    pub async fn deliver_hooks(&self) -> usize {
        let due = self.model().take_due(None);
        let mut delivered = 0;
        for delivery in due {
            delivered += usize::from(self.attempt(delivery).await);
        }
        delivered
    }

    async fn attempt(&self, delivery: HookDelivery) -> bool {
        let outcome = hooks::send(&self.inner.client, &delivery).await;
        self.model().settle(delivery, outcome, &self.inner.gaps, self.now())
    }

    /// A test ping: one attempt, never retried. Whether it got 2xx.
    async fn send_ping(&self, ping: &HookDelivery) -> bool {
        let outcome = hooks::send(&self.inner.client, ping).await;
        self.model().settle(ping.clone(), outcome, &[], self.now())
    }

    /// What "Verify Connection" does in Lever's settings: one signed ping with empty data to each webhook made there.
    /// How many got 2xx.
    pub async fn verify_hooks(&self) -> usize {
        let pings: Vec<HookDelivery> = {
            let mut model = self.model();
            let hooks: Vec<_> = model.webhooks.iter().filter(|w| w.ui).cloned().collect();
            hooks.iter().map(|w| model.delivery(w, &w.event, &json!({}), self.now())).collect()
        };
        let mut passed = 0;
        for ping in pings {
            passed += usize::from(self.send_ping(&ping).await);
        }
        passed
    }
}

/// Sends what is due until the account ends.
#[expect(clippy::disallowed_methods, reason = "the sandbox's sender stands for Lever's and has no job runner")]
async fn sender(sandbox: LeverSandbox) {
    let slots = Arc::new(Semaphore::new(SENDERS));
    while !sandbox.inner.stop.is_cancelled() {
        let due = sandbox.model().take_due(Some(sandbox.now()));
        for delivery in due {
            let Ok(slot) = Arc::clone(&slots).acquire_owned().await else { return };
            let sandbox = sandbox.clone();
            tokio::spawn(async move {
                sandbox.attempt(delivery).await;
                drop(slot);
            });
        }
        tokio::select! {
            () = sandbox.inner.stop.cancelled() => return,
            () = tokio::time::sleep(SENDER_PERIOD) => {}
        }
    }
}

/// `assay sandbox lever`: prints the connection as the first line on standard output and serves until it is told to
/// stop.
///
/// # Errors
/// The address cannot be bound or standard output is closed.
pub async fn run_command(listen: SocketAddr, seed: Option<&str>) -> std::io::Result<()> {
    let seed = Seed::named(seed.unwrap_or("default"));
    let sandbox = LeverSandbox::start(Options { listen, seed, ..Options::default() }).await?;
    // Listened for before the line is out: whoever reads it may stop us at once.
    let mut terminate = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())?;
    print_line(&sandbox.connection())?;
    tokio::select! {
        interrupt = tokio::signal::ctrl_c() => interrupt?,
        _ = terminate.recv() => {}
    }
    sandbox.shutdown();
    Ok(())
}

fn print_line(line: &Value) -> std::io::Result<()> {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{line}")?;
    out.flush()
}

async fn unknown(uri: axum::http::Uri) -> api::error::ApiError {
    api::error::ApiError::no_such_path(uri.path())
}
