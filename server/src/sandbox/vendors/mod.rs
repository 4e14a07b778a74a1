//! Assessment vendors: one stateful model that speaks the Greenhouse assessment contract and Pymetrics' Mercury API,
//! with a handle for tests in the same process, a JSON control API and plain pages for people.

mod behaviour;
mod callbacks;
mod control;
mod faults;
mod greenhouse;
mod handle;
mod keys;
mod mercury;
mod model;
mod order;
mod pages;
mod progress;
mod send;
#[cfg(test)]
mod tests;
mod views;
mod wire;

use std::io::{self, Write as _};
use std::net::SocketAddr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::Router;
use axum::routing::get;
use domain::{Clock, Timestamp};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::time::MissedTickBehavior;
use tokio_util::sync::{CancellationToken, DropGuard};

pub use behaviour::{Behaviour, Ending};
pub use callbacks::Callback;
pub use faults::{Faults, SendFault};
pub use model::{Assessment, Call, Contract, Invitation, InvitationState, LIFETIME, Mail, Order, ResponseError, Test};
pub use order::REPORT_LINK_LIFE;

use crate::clock::SystemClock;
use keys::Keys;
use model::{Model, Timing};

/// The seed when none is named.
pub const DEFAULT_SEED: &str = "demo";

/// How often the automatic mode looks for something to do.
const TICK: Duration = Duration::from_millis(250);
const CALLBACK_TIME_LIMIT: Duration = Duration::from_secs(10);

/// How a sandbox is started.
#[derive(Clone, Debug)]
pub struct Options {
    /// Where to listen; port 0 takes a free one.
    pub listen: SocketAddr,
    /// Credentials and ids follow from it.
    pub seed: String,
    /// What time it is.
    pub clock: Arc<dyn Clock>,
    /// Whether invitations to plus addresses complete, and callbacks go out, by themselves.
    pub auto: bool,
    /// How long after the invitation they complete.
    pub auto_after: Duration,
    /// How long after the invitation those to `+slow` addresses complete.
    pub slow_after: Duration,
    /// How long the answer to a `+timeout` address takes, in real time.
    pub timeout_after: Duration,
}

impl Default for Options {
    /// Loopback, a free port, the machine's clock, nothing by itself.
    fn default() -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 0)),
            seed: DEFAULT_SEED.to_owned(),
            clock: Arc::new(SystemClock),
            auto: false,
            auto_after: Duration::from_secs(5),
            slow_after: Duration::from_secs(30),
            timeout_after: Duration::from_secs(15),
        }
    }
}

/// A running sandbox. Clones are the same one; it stops when the last is dropped.
#[derive(Clone, Debug)]
pub struct VendorSandbox {
    shared: Arc<Shared>,
    _running: Arc<DropGuard>,
}

/// What the handlers, the handle and the automatic mode share.
#[derive(Debug)]
struct Shared {
    seed: String,
    origin: String,
    keys: Keys,
    http: reqwest::Client,
    clock: Arc<dyn Clock>,
    /// By how many microseconds the sandbox is ahead of its clock.
    ahead: AtomicU64,
    model: Mutex<Model>,
}

impl Shared {
    fn now(&self) -> Timestamp {
        self.clock.now().plus(Duration::from_micros(self.ahead.load(Ordering::SeqCst)))
    }

    fn lock(&self) -> MutexGuard<'_, Model> {
        self.model.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Moves the time forward and does what became due; how many invitations changed.
    fn advance(&self, span: Duration) -> usize {
        let micros = u64::try_from(span.as_micros()).unwrap_or(u64::MAX);
        // Saturates: an absurd span must not wrap round to the past.
        let add = |ahead: u64| Some(ahead.saturating_add(micros));
        let _ = self.ahead.fetch_update(Ordering::SeqCst, Ordering::SeqCst, add);
        let now = self.now();
        self.lock().run_due(now)
    }

    fn connection(&self) -> Value {
        let url = |name: &str| format!("{}{}/{name}", self.origin, greenhouse::BASE);
        json!({
            "greenhouse": {
                "api_key": self.keys.greenhouse,
                "list_tests_url": url("list_tests"),
                "send_test_url": url("send_test"),
                "test_status_url": url("test_status"),
                "response_error_url": url("response_error"),
            },
            "pymetrics": {
                "base_url": self.origin,
                "client_id": self.keys.client_id,
                "client_secret": self.keys.client_secret,
                "api_key": self.keys.pymetrics,
            },
        })
    }
}

impl VendorSandbox {
    /// Listens and serves until the last clone is dropped.
    ///
    /// # Errors
    /// The address cannot be listened on, or no HTTP client can be built.
    pub async fn start(options: Options) -> io::Result<Self> {
        let listener = TcpListener::bind(options.listen).await?;
        let origin = format!("http://{}", listener.local_addr()?);
        let timing = Timing {
            auto_after: options.auto_after,
            slow_after: options.slow_after,
            timeout_after: options.timeout_after,
        };
        let shared = Arc::new(Shared {
            keys: Keys::of(&options.seed),
            http: http_client()?,
            clock: options.clock,
            ahead: AtomicU64::new(0),
            model: Mutex::new(Model::new(&options.seed, &origin, timing)),
            seed: options.seed,
            origin,
        });
        let stop = CancellationToken::new();
        let service = router(&shared).into_make_service_with_connect_info::<wire::Breaker>();
        let serve = axum::serve(wire::Listener(listener), service);
        // Graceful, so that idle connections of pooling clients end with the sandbox too.
        let serve = serve.with_graceful_shutdown(stop.clone().cancelled_owned());
        tokio::spawn(async move { serve.await });
        if options.auto {
            let (shared, stopped) = (Arc::clone(&shared), stop.clone());
            tokio::spawn(async move {
                stopped.run_until_cancelled(run_by_itself(shared)).await;
            });
        }
        Ok(Self { shared, _running: Arc::new(stop.drop_guard()) })
    }
}

fn router(shared: &Arc<Shared>) -> Router {
    Router::new()
        .merge(greenhouse::router(shared))
        .merge(mercury::router(shared))
        .route("/mercury/reports/{id}/{kind}", get(order::download))
        .merge(control::router())
        .merge(pages::router())
        .with_state(Arc::clone(shared))
}

#[expect(clippy::disallowed_methods, reason = "the vendor's own client: it is not Assay that calls here")]
fn http_client() -> io::Result<reqwest::Client> {
    // Somebody else in the process may have chosen the provider already; either will do.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let client = reqwest::Client::builder()
        .timeout(CALLBACK_TIME_LIMIT)
        .redirect(reqwest::redirect::Policy::none())
        .no_proxy()
        .build();
    client.map_err(io::Error::other)
}

async fn run_by_itself(shared: Arc<Shared>) {
    let mut ticks = tokio::time::interval(TICK);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        let now = shared.now();
        let waiting = {
            let mut model = shared.lock();
            model.run_due(now);
            model.queue.iter().any(|c| c.not_before <= now)
        };
        if waiting {
            // Beside the loop: a receiver that hangs holds nobody up.
            let shared = Arc::clone(&shared);
            tokio::spawn(async move { callbacks::deliver(&shared, Some(now)).await });
        }
    }
}

/// `assay sandbox vendors`: prints the connection as one line of JSON, then serves until it is told to stop.
///
/// # Errors
/// The address cannot be listened on, or standard output is closed.
pub async fn run_command(listen: SocketAddr, seed: Option<&str>) -> io::Result<()> {
    let seed = seed.unwrap_or(DEFAULT_SEED).to_owned();
    let sandbox = VendorSandbox::start(Options { listen, seed, auto: true, ..Options::default() }).await?;
    {
        let mut out = io::stdout().lock();
        writeln!(out, "{}", sandbox.connection())?;
        out.flush()?;
    }
    told_to_stop().await
}

#[cfg(unix)]
async fn told_to_stop() -> io::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminate = signal(SignalKind::terminate())?;
    tokio::select! {
        interrupted = tokio::signal::ctrl_c() => interrupted,
        _ = terminate.recv() => Ok(()),
    }
}

#[cfg(not(unix))]
async fn told_to_stop() -> io::Result<()> {
    tokio::signal::ctrl_c().await
}
