//! Puts the parts together, once, for `serve`, the demo, the tests and the benchmarks.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use app::Bundle;
use app::frame::Sandboxes;
use app::sign_in::DemoSignIn;
use axum::Router;
use domain::Clock;
use domain::audit::Author;
use domain::ports::store::Store;
use domain::rules::Rate;
use tokio_util::sync::CancellationToken;

use crate::connections::{ClientFactory, Directory};
use crate::desk::Clerk;
use crate::failure::{Exit, Failure};
use crate::hooks::Inbox;
use crate::http;
use crate::http::health::Health;
use crate::http::hooks::Hooks;
use crate::http::live::LiveParts;
use crate::http::pages::PageParts;
use crate::jobs::{CONCURRENCY, Context, Handoff, Runner, Wake};
use crate::live::Live;
use crate::mail::Mailer;
use crate::organization::apply::{self, Applied};
use crate::organization::file;
use crate::password::Passwords;
use crate::people::Reception;
use crate::remote::Http;
use crate::secrets::Vault;

/// What differs between `serve`, demo and tests.
#[derive(Debug)]
pub struct Parts {
    /// The database, migrated.
    pub store: Arc<dyn Store>,
    /// Opens stored credentials.
    pub vault: Vault,
    /// The one HTTP client.
    pub http: Http,
    /// Time.
    pub clock: Arc<dyn Clock>,
    /// How people, Lever and vendors reach us; no slash at the end.
    pub public_url: String,
    /// Calls a second per Lever key; `None`: no limit, for benchmarks.
    pub lever_rate: Option<Rate>,
    /// How often trigger stages are reconciled with Lever.
    pub sync_every: Duration,
    /// How often open orders are asked for; `None`: the vendor's own schedule.
    pub poll_every: Option<Duration>,
    /// Password hashing.
    pub passwords: Arc<Passwords>,
    /// Sign-in by button, in the demo.
    pub demo: Vec<DemoSignIn>,
    /// Where people play; only in the demo.
    pub sandboxes: Option<Sandboxes>,
    /// Sends mail, where it is set up.
    pub mailer: Option<Mailer>,
    /// The browser's half, where it was built.
    pub bundle: Option<Bundle>,
}

/// The assembled product.
#[derive(Debug)]
pub struct Assay {
    /// For jobs and commands.
    pub cx: Context,
    /// Says that there is work.
    pub wake: Wake,
    /// Readiness.
    pub health: Health,
    /// Brings people in.
    pub reception: Arc<Reception>,
    /// Cancelled to end what would never end by itself: the connections of open pages.
    pub closing: CancellationToken,
    live: Live,
    inbox: Inbox,
    handoff: Handoff,
    passwords: Arc<Passwords>,
    demo: Vec<DemoSignIn>,
    sandboxes: Option<Sandboxes>,
    bundle: Option<Bundle>,
}

impl Assay {
    /// Assembles. Needs a tokio runtime: the inbox starts writing.
    pub fn new(parts: Parts) -> Self {
        let wake = Wake::default();
        let reception = Reception::new(
            Arc::clone(&parts.store),
            parts.vault.clone(),
            Arc::clone(&parts.clock),
            parts.public_url.clone(),
            parts.mailer,
            parts.http.clone(),
        );
        let directory = Directory::new(ClientFactory {
            http: parts.http,
            vault: parts.vault,
            lever_rate: parts.lever_rate,
            store: Arc::clone(&parts.store),
            clock: Arc::clone(&parts.clock),
        });
        let cx = Context {
            store: Arc::clone(&parts.store),
            directory: Arc::new(directory),
            clock: parts.clock,
            public_url: parts.public_url,
            sync_every: parts.sync_every,
            poll_every: parts.poll_every,
        };
        let handoff = Handoff::new(CONCURRENCY, cx.store.has_one_writer());
        Self {
            inbox: Inbox::start(cx.clone(), wake.clone(), handoff.clone()),
            reception: Arc::new(reception),
            handoff,
            closing: CancellationToken::new(),
            live: Live::new(Arc::clone(&parts.store)),
            health: Health::new(parts.store),
            passwords: parts.passwords,
            demo: parts.demo,
            sandboxes: parts.sandboxes,
            bundle: parts.bundle,
            wake,
            cx,
        }
    }

    /// Applies an organization's file, as `assay org apply` does, and works by it at once.
    ///
    /// # Errors
    /// The file is refused, a remote cannot be asked, or the database fails; nothing was changed then.
    pub async fn apply(&self, text: &str, name: &str, author: &str) -> Result<Applied, Failure> {
        let author = &Author::system(author, self.cx.clock.now());
        let clients = self.cx.directory.clients();
        let parsed = file::parse(name, text, clients.http.allows_private())
            .map_err(|refusals| Failure::all(Exit::Configuration, refusals))?;
        let context = apply::Context {
            store: &*self.cx.store,
            vault: &clients.vault,
            remotes: clients,
            variables: &|_| None,
            public_url: &self.cx.public_url,
            author,
        };
        let applied = apply::apply(&parsed, context, false).await?;
        let refreshed = self.cx.directory.refresh().await;
        refreshed.map_err(|e| Failure::database("the organizations could not be read", &e))?;
        Ok(applied)
    }

    /// The worker. What the inbox hands over goes to the first one that runs.
    pub fn runner(&self) -> Runner {
        Runner::new(self.cx.clone(), self.wake.clone(), self.handoff.clone())
    }

    /// Every address.
    pub fn router(&self) -> Router {
        let hooks = Hooks { cx: self.cx.clone(), inbox: self.inbox.clone(), wake: self.wake.clone() };
        let desk = Clerk { cx: self.cx.clone(), wake: self.wake.clone() };
        let store = Arc::clone(&self.cx.store);
        let live = LiveParts { live: self.live.clone(), store, stop: self.closing.clone() };
        let pages = PageParts {
            live,
            store: Arc::clone(&self.cx.store),
            setup: Arc::new(desk.clone()),
            reviews: Arc::new(desk.clone()),
            desk: Arc::new(desk),
            clock: Arc::clone(&self.cx.clock),
            bundle: self.bundle.clone(),
            public_url: self.cx.public_url.clone(),
            demo: self.demo.clone(),
            sandboxes: self.sandboxes.clone(),
            secure_cookies: self.cx.public_url.starts_with("https://"),
            passwords: Arc::clone(&self.passwords),
            reception: Arc::clone(&self.reception),
        };
        http::router(hooks, self.cx.clone(), self.health.clone(), pages)
    }
}

/// Binds a listener, with a sentence that names the setting if it cannot.
///
/// # Errors
/// The address is taken or not ours.
pub async fn bind(setting: &str, address: SocketAddr) -> Result<tokio::net::TcpListener, String> {
    tokio::net::TcpListener::bind(address)
        .await
        .map_err(|error| format!("{setting}: cannot listen on {address}: {error}; choose another address"))
}
