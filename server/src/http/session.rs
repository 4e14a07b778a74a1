//! Sessions in our own store, and who is signed in at each request.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use app::access::Viewer;
use async_trait::async_trait;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::middleware::Next;
use axum::response::Response;
use domain::ports::store::Account;
use domain::ports::{Store, StoreError};
use domain::preferences::Preferences;
use domain::{Clock, Timestamp};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use time::OffsetDateTime;
use tower_sessions::cookie::SameSite;
use tower_sessions::session::{Id, Record};
use tower_sessions::session_store::{self, Error};
use tower_sessions::{Expiry, Session, SessionManagerLayer, SessionStore};
use uuid::Uuid;

use super::sign_in;
use crate::ids;

/// Without a request for so long, a session ends.
pub const IDLE: Duration = Duration::from_secs(2 * 3_600);
/// So long after signing in, a session ends.
pub const ABSOLUTE: Duration = Duration::from_secs(12 * 3_600);
/// The last request is written down at most so often.
const NOTE_EVERY: Duration = Duration::from_secs(5 * 60);

const SIGNED_IN: &str = "signed_in";

/// What a session holds of the person.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct SignedIn {
    account: Uuid,
    /// Of the password's hash: a session made with another password has ended.
    stamp: String,
    since: Timestamp,
    seen: Timestamp,
}

/// Sessions behind the store's port. Of the cookie's id only the hash is stored.
#[derive(Clone, Debug)]
pub struct Sessions {
    store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
    /// Slugs by organization: they never change.
    slugs: Arc<Mutex<HashMap<Uuid, String>>>,
}

impl Sessions {
    /// Over this store. Ends of sessions are reckoned by `clock`.
    pub fn new(store: Arc<dyn Store>, clock: Arc<dyn Clock>) -> Self {
        Self { store, clock, slugs: Arc::default() }
    }

    /// The cookie and its store as a layer. The cookie itself ends with the browser; the store knows both limits.
    pub fn layer(self, secure: bool) -> SessionManagerLayer<Self> {
        // The prefix binds the cookie to this host and to TLS, and browsers refuse it without TLS.
        let name = if secure { "__Host-assay_session" } else { "assay_session" };
        SessionManagerLayer::new(self)
            .with_name(name)
            .with_secure(secure)
            .with_http_only(true)
            .with_same_site(SameSite::Lax)
            .with_path("/")
            .with_expiry(Expiry::OnSessionEnd)
    }

    async fn slug(&self, id: Uuid) -> Result<String, StoreError> {
        let known = || self.slugs.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(slug) = known().get(&id) {
            return Ok(slug.clone());
        }
        let all = self.store.organizations().await?;
        let mut known = known();
        known.extend(all.into_iter().map(|o| (o.id, o.rules.slug)));
        known.get(&id).cloned().ok_or(StoreError::NotFound("organization of the account"))
    }

    fn written(&self, record: &Record) -> session_store::Result<(String, String, Option<Uuid>, Timestamp)> {
        let data = serde_json::to_string(&record.data).map_err(|e| Error::Encode(e.to_string()))?;
        let person = record.data.get(SIGNED_IN).cloned().map(serde_json::from_value::<SignedIn>);
        let person = person.transpose().map_err(|e| Error::Encode(e.to_string()))?;
        let idle = self.clock.now().plus(IDLE);
        let expires = person.as_ref().map_or(idle, |p| idle.min(p.since.plus(ABSOLUTE)));
        Ok((key(&record.id), data, person.map(|p| p.account), expires))
    }
}

fn key(id: &Id) -> String {
    ids::hex(&Sha256::digest(id.to_string()))
}

fn backend(error: &StoreError) -> Error {
    Error::Backend(error.to_string())
}

#[async_trait]
impl SessionStore for Sessions {
    async fn create(&self, record: &mut Record) -> session_store::Result<()> {
        loop {
            let (key, data, account, expires) = self.written(record)?;
            match self.store.create_session(&key, &data, account, expires).await {
                Err(StoreError::Conflict(_)) => record.id = Id::default(),
                other => return other.map_err(|e| backend(&e)),
            }
        }
    }

    async fn save(&self, record: &Record) -> session_store::Result<()> {
        let (key, data, account, expires) = self.written(record)?;
        self.store.save_session(&key, &data, account, expires).await.map_err(|e| backend(&e))
    }

    async fn load(&self, id: &Id) -> session_store::Result<Option<Record>> {
        let Some(data) = self.store.load_session(&key(id), self.clock.now()).await.map_err(|e| backend(&e))? else {
            return Ok(None);
        };
        let data = serde_json::from_str(&data).map_err(|e| Error::Decode(e.to_string()))?;
        // The store has checked the end; the layer wants one in the record and we compute it anew at each writing.
        Ok(Some(Record { id: *id, data, expiry_date: OffsetDateTime::UNIX_EPOCH }))
    }

    async fn delete(&self, id: &Id) -> session_store::Result<()> {
        self.store.delete_session(&key(id)).await.map_err(|e| backend(&e))
    }
}

/// Why nobody could be identified.
#[derive(Debug, thiserror::Error)]
pub enum SessionError {
    /// The session could not be read or written.
    #[error("session: {0}")]
    Session(#[from] tower_sessions::session::Error),
    /// The account could not be read.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Signs someone in: a new session id, whatever was there before.
///
/// # Errors
/// The session could not be written.
pub async fn start(session: &Session, account: &Account, now: Timestamp) -> Result<(), SessionError> {
    session.clear().await;
    session.cycle_id().await?;
    let signed_in = SignedIn { account: account.id, stamp: stamp(account), since: now, seen: now };
    session.insert(SIGNED_IN, signed_in).await?;
    Ok(())
}

fn stamp(account: &Account) -> String {
    ids::hex(&Sha256::digest(&account.password_hash)[..16])
}

/// Who is signed in now: read from the store at each request, so that a disabled account, another role and a changed
/// password count at once.
async fn viewer(session: &Session, sessions: &Sessions) -> Result<Option<Viewer>, SessionError> {
    let Some(mut person) = session.get::<SignedIn>(SIGNED_IN).await? else { return Ok(None) };
    let account = sessions.store.account(person.account).await?;
    let Some(account) = account.filter(|a| !a.disabled && stamp(a) == person.stamp) else {
        session.flush().await?;
        return Ok(None);
    };
    let now = sessions.clock.now();
    if now.since(person.seen) >= NOTE_EVERY {
        person.seen = now;
        session.insert(SIGNED_IN, person).await?;
    }
    let organization = match account.organization {
        Some(id) => Some(sessions.slug(id).await?),
        None => None,
    };
    Ok(Some(Viewer { account: account.id, email: account.email, role: account.role, organization }))
}

/// What the person has saved for themselves; what cannot be read is as good as nothing.
async fn preferences(viewer: Option<&Viewer>, store: &dyn Store) -> Result<Option<Preferences>, SessionError> {
    let Some(viewer) = viewer else { return Ok(None) };
    let Some(json) = store.preferences(viewer.account).await? else { return Ok(None) };
    let read = serde_json::from_str(&json);
    Ok(read.inspect_err(|error| tracing::warn!(%error, "preferences of an account could not be read")).ok())
}

/// Who asks, and what they have saved for themselves.
async fn asker(session: &Session, sessions: &Sessions) -> Result<(Option<Viewer>, Option<Preferences>), SessionError> {
    let viewer = viewer(session, sessions).await?;
    let preferences = preferences(viewer.as_ref(), &*sessions.store).await?;
    Ok((viewer, preferences))
}

/// Puts `Option<Viewer>` and `Option<Preferences>` into the request.
pub async fn identify(
    State(sessions): State<Sessions>,
    session: Session,
    mut request: Request,
    next: Next,
) -> Response {
    match asker(&session, &sessions).await {
        Ok((viewer, preferences)) => {
            request.extensions_mut().insert(viewer);
            request.extensions_mut().insert(preferences);
            next.run(request).await
        }
        Err(error) => {
            let cause: &dyn std::error::Error = &error;
            tracing::error!(error = cause, "nobody could be identified");
            sign_in::message(
                StatusCode::SERVICE_UNAVAILABLE,
                "Something failed",
                "The server could not read your session. Nothing was changed; try again.",
                request.headers(),
            )
        }
    }
}
