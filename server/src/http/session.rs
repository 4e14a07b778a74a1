//! Sessions in our own store, and who is signed in at each request.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use app::access::Viewer;
use async_trait::async_trait;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::middleware::Next;
use axum::response::Response;
use domain::ports::store::{Account, Asker, SessionRecord};
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

/// A session as it is saved.
#[derive(Deserialize)]
struct Saved {
    signed_in: Option<SignedIn>,
}

/// What a session holds of the person.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct SignedIn {
    account: Uuid,
    /// Of the password's hash: a session made with another password has ended.
    stamp: String,
    since: Timestamp,
    seen: Timestamp,
    /// The browser, as the person may know it.
    #[serde(default)]
    agent: String,
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

    fn written(&self, record: &Record) -> session_store::Result<Written> {
        let data = serde_json::to_string(&record.data).map_err(|e| Error::Encode(e.to_string()))?;
        let person = record.data.get(SIGNED_IN).cloned().map(serde_json::from_value::<SignedIn>);
        let person = person.transpose().map_err(|e| Error::Encode(e.to_string()))?;
        Ok(Written { key: key(&record.id), data, person, now: self.clock.now() })
    }
}

/// A session as it is stored.
struct Written {
    key: String,
    data: String,
    person: Option<SignedIn>,
    now: Timestamp,
}

impl Written {
    fn record(&self) -> SessionRecord<'_> {
        let (person, idle) = (self.person.as_ref(), self.now.plus(IDLE));
        SessionRecord {
            key: &self.key,
            data: &self.data,
            account: person.map(|p| p.account),
            started: person.map_or(self.now, |p| p.since),
            seen: person.map_or(self.now, |p| p.seen),
            agent: person.map_or("", |p| p.agent.as_str()),
            expires: person.map_or(idle, |p| idle.min(p.since.plus(ABSOLUTE))),
        }
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
            let written = self.written(record)?;
            match self.store.create_session(written.record()).await {
                Err(StoreError::Conflict(_)) => record.id = Id::default(),
                other => return other.map_err(|e| backend(&e)),
            }
        }
    }

    async fn save(&self, record: &Record) -> session_store::Result<()> {
        let written = self.written(record)?;
        self.store.save_session(written.record()).await.map_err(|e| backend(&e))
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
pub async fn start(
    session: &Session,
    account: &Account,
    now: Timestamp,
    headers: &HeaderMap,
) -> Result<(), SessionError> {
    session.clear().await;
    session.cycle_id().await?;
    let signed_in =
        SignedIn { account: account.id, stamp: stamp(account), since: now, seen: now, agent: agent(headers) };
    session.insert(SIGNED_IN, signed_in).await?;
    Ok(())
}

/// `Firefox on Windows`: enough to know one's own session by. Empty where the browser does not say.
fn agent(headers: &HeaderMap) -> String {
    let said = headers.get(header::USER_AGENT).and_then(|v| v.to_str().ok()).unwrap_or_default();
    let first =
        |names: &[(&str, &'static str)]| names.iter().find(|(part, _)| said.contains(part)).map(|(_, name)| *name);
    // Each names those before it, too.
    let browser = first(&[
        ("Edg/", "Edge"),
        ("OPR/", "Opera"),
        ("Firefox/", "Firefox"),
        ("Chrome/", "Chrome"),
        ("Safari/", "Safari"),
    ]);
    let system = first(&[
        ("Android", "Android"),
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Windows", "Windows"),
        ("Mac OS", "macOS"),
        ("Linux", "Linux"),
    ]);
    match (browser, system) {
        (Some(browser), Some(system)) => format!("{browser} on {system}"),
        (one, other) => one.or(other).unwrap_or_default().to_owned(),
    }
}

fn stamp(account: &Account) -> String {
    ids::hex(&Sha256::digest(&account.password_hash)[..16])
}

/// Who asks, and what they have saved for themselves.
type Who = (Option<Viewer>, Option<Preferences>);

/// Who is signed in now: read from the store at each request, so that a disabled account, another role and a changed
/// password count at once. The layer's session is only asked where it has to be written: it would read it once more.
async fn who(session: &Session, sessions: &Sessions) -> Result<Who, SessionError> {
    let Some(key) = session.id().map(|id| key(&id)) else { return Ok((None, None)) };
    let now = sessions.clock.now();
    let Some(asker) = sessions.store.asker(&key, now).await? else { return end(session).await };
    let saved: Saved = serde_json::from_str(&asker.session).map_err(tower_sessions::session::Error::SerdeJson)?;
    let Asker { account, preferences: set, .. } = asker;
    let valid = saved.signed_in.filter(|person| !account.disabled && stamp(&account) == person.stamp);
    let Some(mut person) = valid else { return end(session).await };
    if now.since(person.seen) >= NOTE_EVERY {
        person.seen = now;
        session.insert(SIGNED_IN, person).await?;
    }
    let organization = match account.organization {
        Some(id) => Some(sessions.slug(id).await?),
        None => None,
    };
    let viewer = Viewer { account: account.id, email: account.email, role: account.role, organization, session: key };
    Ok((Some(viewer), set.as_deref().and_then(preferences)))
}

/// Nobody is signed in by this session. One that says so is ended, and the layer takes the cookie of one that is gone.
async fn end(session: &Session) -> Result<Who, SessionError> {
    if session.get::<SignedIn>(SIGNED_IN).await?.is_some() {
        session.flush().await?;
    }
    Ok((None, None))
}

/// What cannot be read is as good as nothing.
fn preferences(json: &str) -> Option<Preferences> {
    let read = serde_json::from_str(json);
    read.inspect_err(|error| tracing::warn!(%error, "preferences of an account could not be read")).ok()
}

/// Puts `Option<Viewer>` and `Option<Preferences>` into the request.
pub async fn identify(
    State(sessions): State<Sessions>,
    session: Session,
    mut request: Request,
    next: Next,
) -> Response {
    match who(&session, &sessions).await {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_browser_is_named_as_people_know_it() {
        let named = |text: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::USER_AGENT, text.parse().unwrap());
            agent(&headers)
        };
        let chrome =
            "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36";
        assert_eq!(named(chrome), "Chrome on Linux");
        assert_eq!(named("Mozilla/5.0 (Windows NT 10.0; rv:140.0) Gecko/20100101 Firefox/140.0"), "Firefox on Windows");
        assert_eq!(named("curl/8"), "");
        assert_eq!(agent(&HeaderMap::new()), "");
    }
}
