//! `assay serve`: everything in one process, or one role of it.

use std::fs::File;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use axum::serve::ListenerExt as _;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use crate::assembly::{Assay, Parts, bind};
use crate::cli::out;
use crate::clock::SystemClock;
use crate::config::{Config, ServeRole};
use crate::failure::{Exit, Failure};
use crate::http::{assets, health};
use crate::jobs::schedule;
use crate::mail::Mailer;
use crate::password::Passwords;
use crate::remote::Http;
use crate::secrets::Vault;
use crate::{keys, private, signals, store, telemetry};

/// Open requests may take this long to end when the process stops.
const GRACE: Duration = Duration::from_secs(10);

/// Serves until told to stop.
///
/// # Errors
/// A setting is wrong, an address is taken, the database cannot be opened.
pub async fn run(config: Config) -> Result<(), Failure> {
    // First of all: where the address is taken, nothing is to be made.
    let (listener, metrics) = addresses(&config).await?;
    let keys = config.open_keys().map_err(|p| Failure::new(Exit::Configuration, p.to_string()))?;
    telemetry::warn(&config);
    let only = config.database.sqlite_file().map(OnlyOne::claim).transpose()?;
    let url = config.database.reveal();
    store::migrate(url).await.map_err(|e| Failure::new(Exit::Database, e.to_string()))?;
    let store = store::connect(url).await.map_err(|e| Failure::new(Exit::Database, e.to_string()))?;
    let http = Http::new(config.allow_private_remotes).map_err(|e| Failure::new(Exit::Failed, e))?;
    let assay = Assay::new(Parts {
        store,
        vault: Vault::new(keys),
        http,
        clock: Arc::new(SystemClock),
        public_url: config.public_url.clone(),
        lever_rate: Some(config.lever_rate),
        sync_every: config.sync_every,
        poll_every: config.result_poll_every,
        passwords: Arc::new(passwords()?),
        demo: Vec::new(),
        sandboxes: None,
        mailer: mailer(&config)?,
        bundle: bundle(),
    });
    let stop = CancellationToken::new();
    if only.is_some() {
        // Nobody else works on this database, so whatever is still in someone's hands was dropped by a process that died.
        let now = assay.cx.clock.now();
        let any_lease = now.plus(Duration::from_secs(86_400));
        let rescued = assay.cx.store.rescue(any_lease, now, domain::retry::ATTEMPTS).await;
        rescued.map_err(|e| Failure::database("interrupted jobs could not be taken up again", &e))?;
    }
    let running = Running { assay, role: config.role, stop: stop.clone() };
    if let Some(listener) = metrics {
        let router = health::metrics(running.assay.health.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
    }
    if running.role != ServeRole::Worker {
        invite_owner(&running.assay).await?;
    }
    if let Some(file) = config.key_file() {
        tokio::spawn(keys::follow(file, Arc::clone(&running.assay.cx.directory), stop.clone()));
    }
    tokio::spawn(signals::stop_on_signal(stop));
    let served = running.serve(listener).await;
    drop(only);
    served
}

/// Listens where people, Lever and vendors come in, and where the figures are, if they have an address of their own.
async fn addresses(config: &Config) -> Result<(TcpListener, Option<TcpListener>), Failure> {
    let taken = |e| Failure::new(Exit::Configuration, e);
    let listener = bind("ASSAY_LISTEN", config.listen).await.map_err(taken)?;
    let metrics = match config.metrics_listen {
        Some(address) => Some(bind("ASSAY_METRICS_LISTEN", address).await.map_err(taken)?),
        None => None,
    };
    Ok((listener, metrics))
}

/// Where nobody owns this instance yet, says on standard output where its owner comes in: not in the log, which others read.
async fn invite_owner(assay: &Assay) -> Result<(), Failure> {
    let address = assay.reception.set_up().await;
    let address = address.map_err(|e| Failure::database("the link of the first owner could not be made", &e))?;
    match address {
        Some(address) => {
            out::line(&format!("Nobody owns this instance yet. Set it up here, within a day, once: {address}"))
        }
        None => Ok(()),
    }
}

/// Sends mail, where it is set up.
///
/// # Errors
/// A setting is wrong.
pub fn mailer(config: &Config) -> Result<Option<Mailer>, Failure> {
    let (Some(url), Some(from)) = (&config.smtp_url, &config.mail_from) else { return Ok(None) };
    Mailer::new(url, from).map(Some).map_err(|e| Failure::new(Exit::Configuration, e))
}

/// One process works on a SQLite file. The lock goes with the process, however it ends.
#[derive(Debug)]
struct OnlyOne(#[expect(dead_code, reason = "holds the lock while it lives")] File);

impl OnlyOne {
    fn claim(database: &Path) -> Result<Self, Failure> {
        let path = database.with_extension("lock");
        let open = || {
            private::folder_of(&path)?;
            private::open(&path)
        };
        let failed =
            |why: String| Failure::new(Exit::Database, format!("ASSAY_DATABASE_URL: {}: {why}", path.display()));
        let file = open().map_err(|e| failed(e.to_string()))?;
        file.try_lock().map_err(|_| {
            failed("another assay serves this database; stop it, or use PostgreSQL for many nodes".to_owned())
        })?;
        Ok(Self(file))
    }
}

/// Password hashing with the parameters of a real installation.
///
/// # Errors
/// There is not enough memory for one hash.
pub fn passwords() -> Result<Passwords, Failure> {
    Passwords::new(Passwords::default_params()).map_err(|e| Failure::new(Exit::Failed, e.to_string()))
}

/// The browser's half, where it was built.
pub fn bundle() -> Option<app::Bundle> {
    assets::bundle().cloned().map(|b| app::Bundle { js: b.js, wasm: b.wasm, css: b.css })
}

/// An assembled product that is about to serve.
#[derive(Debug)]
pub struct Running {
    /// The product.
    pub assay: Assay,
    /// Which part of it.
    pub role: ServeRole,
    /// Cancelled to stop.
    pub stop: CancellationToken,
}

impl Running {
    /// Serves on `listener` and works until `stop`; then drains: not ready, no new claims, open requests and running jobs end.
    ///
    /// # Errors
    /// The database cannot be asked at the start.
    pub async fn serve(self, listener: tokio::net::TcpListener) -> Result<(), Failure> {
        let Self { assay, role, stop } = self;
        assay.cx.directory.refresh().await.map_err(|e| Failure::database("the organizations could not be read", &e))?;
        let works = role != ServeRole::Web;
        let schedule = tokio::spawn(schedule::run(assay.cx.clone(), assay.wake.clone(), works, stop.clone()));
        let worker = works.then(|| tokio::spawn(assay.runner().run(stop.clone())));
        let router = if role == ServeRole::Worker { health::router(assay.health.clone()) } else { assay.router() };
        let address = listener.local_addr().map(|a| a.to_string()).unwrap_or_default();
        tracing::info!(listen = address, public_url = assay.cx.public_url, role = ?role, "serving");

        let draining = stop.clone();
        let (health, closing) = (assay.health.clone(), assay.closing.clone());
        // An answer is one small packet: waiting to fill a larger one only delays it.
        let listener = listener.tap_io(|stream| {
            if let Err(error) = stream.set_nodelay(true) {
                tracing::debug!(%error, "a connection keeps its default");
            }
        });
        let web = axum::serve(listener, router).with_graceful_shutdown(async move {
            draining.cancelled().await;
            health.drain();
            closing.cancel();
        });
        let mut web = tokio::spawn(web.into_future());
        tokio::select! {
            ended = &mut web => drop(ended),
            () = stop.cancelled() => {}
        }
        stop.cancel();
        if !web.is_finished() && tokio::time::timeout(GRACE, &mut web).await.is_err() {
            tracing::warn!("some requests did not end in time");
            web.abort();
        }
        if let Some(worker) = worker {
            let _ = worker.await;
        }
        let _ = schedule.await;
        tracing::info!("stopped");
        Ok(())
    }
}
