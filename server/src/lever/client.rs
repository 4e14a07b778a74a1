//! The client of one Lever account.

use std::collections::BTreeSet;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use domain::opportunity::{Named, Opportunity, Posting};
use domain::ports::ats::{AtsClient, Page};
use domain::{Clock, RemoteError, Timestamp};
use secrecy::{ExposeSecret as _, SecretString};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use super::wire::{List, One, OpportunityAck, Text, Trouble, User, WireOpportunity, WirePosting};
use crate::remote::{Answer, Budget, Call, Http, Limits, Method, Url, pause, safe_code};

/// Tries of a call that may be repeated.
const TRIES: u32 = 3;
/// Longest `Retry-After` that is waited for inside a call.
const PATIENCE: Duration = Duration::from_secs(2);
/// Pages of a small vocabulary: ten thousand items. More means that the list turns in circles.
const MOST_PAGES: usize = 100;

/// One Lever account, spoken to with one API key.
#[derive(Clone)]
pub struct LeverClient {
    http: Http,
    base: Url,
    api_key: SecretString,
    perform_as: String,
    budget: Budget,
    clock: Arc<dyn Clock>,
    limits: Limits,
    backoff: Duration,
    confidential: bool,
}

impl fmt::Debug for LeverClient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "LeverClient({}, {:?})", self.base, self.budget)
    }
}

/// The name of the rate budget of a key. Lever counts by key: two organizations with the same one share it.
pub fn budget_name(base_url: &str, api_key: &SecretString) -> String {
    let digest =
        Sha256::new().chain_update(base_url).chain_update([0]).chain_update(api_key.expose_secret()).finalize();
    format!("lever:{}", crate::ids::hex(&digest[..12]))
}

impl LeverClient {
    /// Calls at once for work a person waits for. With eight a second it stays below Lever's own burst of twenty.
    pub const BURST: u32 = 10;
    /// Calls at once for bulk work, so that it stands behind.
    pub const BULK_BURST: u32 = 2;

    /// `base_url` ends in `/v1`; `perform_as` is the Lever user in whose name is written.
    ///
    /// # Errors
    /// A sentence, if the address is none that may be called.
    pub fn new(
        http: Http,
        base_url: &str,
        api_key: SecretString,
        perform_as: impl Into<String>,
        budget: Budget,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, String> {
        crate::remote::check_url(base_url, http.allows_private()).map_err(|why| format!("lever.base_url {why}"))?;
        let base = Url::parse(base_url).map_err(|e| format!("lever.base_url is not an address: {e}"))?;
        let (limits, backoff) = (Limits::LEVER, Duration::from_millis(300));
        let perform_as = perform_as.into();
        Ok(Self { http, base, api_key, perform_as, budget, clock, limits, backoff, confidential: false })
    }

    /// The same account for bulk work: a smaller burst of the same budget.
    #[must_use]
    pub fn for_bulk(&self) -> Self {
        Self { budget: self.budget.with_burst(Self::BULK_BURST), ..self.clone() }
    }

    /// Lists name confidential opportunities too. Only for a key that has Lever's confidential permission.
    #[must_use]
    pub fn with_confidential(self) -> Self {
        Self { confidential: true, ..self }
    }

    /// Other time limits; `backoff` is the wait before the first repetition.
    #[must_use]
    pub fn with_limits(self, limits: Limits, backoff: Duration) -> Self {
        Self { limits, backoff, ..self }
    }

    /// The address below the base. The segments are percent-encoded, so that an id cannot lead elsewhere.
    fn url(&self, segments: &[&str]) -> Result<Url, RemoteError> {
        if segments.iter().any(|s| matches!(*s, "" | "." | "..")) {
            return Err(RemoteError::NotFound("no id".to_owned()));
        }
        let mut url = self.base.clone();
        url.path_segments_mut().expect("an http address has a path").pop_if_empty().extend(segments);
        Ok(url)
    }

    /// One call within the budget, once.
    async fn call(&self, call: Call) -> Result<Result<Answer, crate::remote::Failure>, RemoteError> {
        self.budget.wait().await?;
        let answer = self.http.send(call.key(&self.api_key)).await;
        if let Ok(answer) = &answer
            && answer.status == 429
        {
            self.budget.hold_back(answer.retry_after(self.clock.now())).await;
        }
        Ok(answer)
    }

    /// A call that may be repeated: up to three times, with short waits.
    async fn repeatable<T: DeserializeOwned>(&self, call: impl Fn() -> Call) -> Result<T, RemoteError> {
        let mut tried = 1;
        loop {
            let error = match self.call(call()).await? {
                Ok(answer) if answer.is_success() => return answer.parse(),
                Ok(answer) => answer.refusal_of_read(self.clock.now(), &code(&answer)),
                Err(failure) => failure.of_read(),
            };
            let wait = match &error {
                RemoteError::Unavailable(_) => self.backoff * 2_u32.pow(tried - 1),
                RemoteError::RateLimited { retry_after: None } => Duration::from_secs(1).min(self.backoff * 4),
                RemoteError::RateLimited { retry_after: Some(asked) } if *asked <= PATIENCE => *asked,
                _ => return Err(error),
            };
            if tried == TRIES {
                return Err(error);
            }
            tried += 1;
            pause(jittered(wait)).await;
        }
    }

    async fn read<T: DeserializeOwned>(&self, url: &Url) -> Result<T, RemoteError> {
        self.repeatable(|| Call::new(Method::GET, url.clone(), self.limits)).await
    }

    /// The answer at an address.
    pub(super) async fn read_at<T: DeserializeOwned>(&self, segments: &[&str]) -> Result<T, RemoteError> {
        self.read(&self.url(segments)?).await
    }

    /// The first item of a list.
    pub(super) async fn first<T: DeserializeOwned>(&self, segments: &[&str]) -> Result<T, RemoteError> {
        let mut url = self.url(segments)?;
        url.query_pairs_mut().append_pair("limit", "1");
        self.read(&url).await
    }

    /// A call with an effect, made once; what it answers is of no use.
    pub(super) async fn change(
        &self,
        method: Method,
        segments: &[&str],
        body: Option<Value>,
    ) -> Result<(), RemoteError> {
        self.once(method, segments, body).await.map(drop)
    }

    /// A call that makes something, made once.
    pub(super) async fn make<T: DeserializeOwned>(&self, segments: &[&str], body: Value) -> Result<T, RemoteError> {
        self.once(Method::POST, segments, Some(body)).await?.parse()
    }

    async fn once(&self, method: Method, segments: &[&str], body: Option<Value>) -> Result<Answer, RemoteError> {
        let mut url = self.url(segments)?;
        if segments.first() == Some(&"opportunities") {
            url.query_pairs_mut().append_pair("perform_as", &self.perform_as);
        }
        let call = Call::new(method, url, self.limits).once();
        let call = match &body {
            Some(body) => call.json(body),
            None => call,
        };
        match self.call(call).await? {
            Ok(answer) if answer.is_success() => Ok(answer),
            Ok(answer) => Err(answer.refusal_of_write(self.clock.now(), &code(&answer))),
            Err(failure) => Err(failure.of_write()),
        }
    }

    fn write_call(&self, segments: &[&str], body: &Value) -> Result<Call, RemoteError> {
        let mut url = self.url(segments)?;
        url.query_pairs_mut().append_pair("perform_as", &self.perform_as);
        Ok(Call::new(Method::POST, url, self.limits).json(body))
    }

    /// Adding what is there and removing what is not changes nothing, so these may be repeated.
    async fn change_tags(&self, opportunity: &str, verb: &str, tags: &[String]) -> Result<Vec<String>, RemoteError> {
        let body = json!({ "tags": tags });
        let segments = ["opportunities", opportunity, verb];
        self.write_call(&segments, &body)?;
        let call = || self.write_call(&segments, &body).expect("it was made once");
        self.repeatable::<One<OpportunityAck>>(call).await.map(|ack| ack.data.tags)
    }

    /// One page of a list of opportunities.
    async fn page(
        &self,
        filters: impl IntoIterator<Item = (&'static str, String)>,
        cursor: Option<&str>,
    ) -> Result<Page<Opportunity>, RemoteError> {
        let mut url = self.url(&["opportunities"])?;
        {
            let mut query = url.query_pairs_mut();
            query.append_pair("expand", "applications").append_pair("limit", "100").extend_pairs(filters);
            query.extend_pairs(self.confidential.then_some(("confidentiality", "all")));
            query.extend_pairs(cursor.map(|c| ("offset", c)));
        }
        let page: List<WireOpportunity> = self.read(&url).await?;
        let next = page.cursor_after(cursor).filter(|_| !page.data.is_empty());
        let now = self.clock.now();
        Ok(Page { items: page.data.into_iter().map(|o| o.read(now)).collect(), next })
    }

    /// A short list, whole; each item once.
    pub(super) async fn list<T: DeserializeOwned>(
        &self,
        segments: &[&str],
        id: fn(&T) -> &str,
    ) -> Result<Vec<T>, RemoteError> {
        let (mut found, mut ids, mut cursor): (Vec<T>, BTreeSet<String>, Option<String>) = Default::default();
        for _ in 0..MOST_PAGES {
            let mut url = self.url(segments)?;
            url.query_pairs_mut().append_pair("limit", "100");
            if let Some(cursor) = &cursor {
                url.query_pairs_mut().append_pair("offset", cursor);
            }
            let page: List<T> = self.read(&url).await?;
            cursor = page.cursor_after(cursor.as_deref());
            let before = found.len();
            found.extend(page.data.into_iter().filter(|t| ids.insert(id(t).to_owned())));
            if cursor.is_none() || found.len() == before {
                return Ok(found);
            }
        }
        Err(RemoteError::Unreadable(format!("a list of more than {MOST_PAGES} pages")))
    }
}

#[async_trait]
impl AtsClient for LeverClient {
    async fn opportunity(&self, id: &str) -> Result<Opportunity, RemoteError> {
        let mut url = self.url(&["opportunities", id])?;
        url.query_pairs_mut().append_pair("expand", "applications");
        let found: One<WireOpportunity> = self.read(&url).await?;
        if found.data.deleted_at.is_some() {
            return Err(RemoteError::NotFound("the opportunity was deleted".to_owned()));
        }
        Ok(found.data.read(self.clock.now()))
    }

    async fn opportunities_in(
        &self,
        stages: &[String],
        cursor: Option<&str>,
    ) -> Result<Page<Opportunity>, RemoteError> {
        // Without a stage Lever would list everything.
        if stages.is_empty() {
            return Ok(Page { items: Vec::new(), next: None });
        }
        let stages = stages.iter().map(|s| ("stage_id", s.clone()));
        self.page(stages.chain([("archived", "false".to_owned())]), cursor).await
    }

    async fn opportunities_since(
        &self,
        since: Option<Timestamp>,
        cursor: Option<&str>,
    ) -> Result<Page<Opportunity>, RemoteError> {
        self.page(since.map(|at| ("updated_at_start", at.as_millis().to_string())), cursor).await
    }

    async fn add_tags(&self, opportunity: &str, tags: &[String]) -> Result<Vec<String>, RemoteError> {
        self.change_tags(opportunity, "addTags", tags).await
    }

    async fn remove_tags(&self, opportunity: &str, tags: &[String]) -> Result<Vec<String>, RemoteError> {
        self.change_tags(opportunity, "removeTags", tags).await
    }

    async fn add_link(&self, opportunity: &str, link: &str) -> Result<(), RemoteError> {
        // What the answer says of the contact is of no use.
        self.change(Method::POST, &["opportunities", opportunity, "addLinks"], Some(json!({ "links": [link] }))).await
    }

    async fn remove_link(&self, opportunity: &str, link: &str) -> Result<(), RemoteError> {
        let segments = ["opportunities", opportunity, "removeLinks"];
        self.change(Method::POST, &segments, Some(json!({ "links": [link] }))).await
    }

    async fn stages(&self) -> Result<Vec<Named>, RemoteError> {
        let stages: Vec<Text> = self.list(&["stages"], |stage: &Text| &stage.id).await?;
        Ok(stages.into_iter().map(Named::from).collect())
    }

    async fn postings(&self) -> Result<Vec<Posting>, RemoteError> {
        let postings: Vec<WirePosting> = self.list(&["postings"], |posting: &WirePosting| &posting.id).await?;
        Ok(postings.into_iter().map(Posting::from).collect())
    }

    async fn user(&self, id: &str) -> Result<Option<Named>, RemoteError> {
        let url = match self.url(&["users", id]) {
            Err(RemoteError::NotFound(_)) => return Ok(None),
            url => url?,
        };
        match self.read::<One<User>>(&url).await {
            Ok(user) if user.data.deactivated_at.as_ref().is_some_and(|at| !at.is_null()) => Ok(None),
            Ok(user) => Ok(Some(Named { id: user.data.id, name: user.data.name })),
            Err(RemoteError::NotFound(_)) => Ok(None),
            Err(error) => Err(error),
        }
    }
}

/// Lever's word for an error. Its sentence may quote what was sent, so it stays here.
fn code(answer: &Answer) -> String {
    let trouble: Trouble = serde_json::from_slice(&answer.body).unwrap_or_default();
    safe_code(&trouble.code).to_owned()
}

/// Between half and all of it, so that many waiting callers do not come back at the same instant.
fn jittered(span: Duration) -> Duration {
    let [byte] = crate::ids::random::<1>();
    span.mul_f64(0.5 + f64::from(byte) / 510.0)
}

#[cfg(test)]
#[path = "tests.rs"]
mod tests;
