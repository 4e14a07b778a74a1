//! The OAuth token of a Mercury client, kept in memory until shortly before it runs out.

use std::time::Duration;

use domain::Timestamp;
use secrecy::SecretString;
use serde::Deserialize;
use tokio::sync::Mutex;

/// A token is renewed this long before its end, so that it does not run out on its way.
const MARGIN: Duration = Duration::from_secs(60);
/// What tokens last by the documentation, where the answer does not say.
const USUAL: u64 = 3_600;

/// Answer of the token call.
#[derive(Deserialize)]
pub struct Granted {
    access_token: String,
    #[serde(default)]
    expires_in: Option<u64>,
}

/// A token and its end.
#[derive(Clone)]
pub struct Token {
    pub value: SecretString,
    pub until: Timestamp,
}

impl Granted {
    pub fn at(self, now: Timestamp) -> Token {
        let lasts = Duration::from_secs(self.expires_in.unwrap_or(USUAL)).saturating_sub(MARGIN);
        Token { value: self.access_token.into(), until: now.plus(lasts) }
    }
}

/// The present token. Locked while one is fetched, so that many callers fetch one.
#[derive(Default)]
pub struct Cache(pub Mutex<Option<Token>>);

impl Cache {
    /// Forgets a token that was refused, unless it has been replaced since.
    pub async fn forget(&self, refused: Timestamp) {
        let mut kept = self.0.lock().await;
        if kept.as_ref().is_some_and(|t| t.until == refused) {
            *kept = None;
        }
    }
}
