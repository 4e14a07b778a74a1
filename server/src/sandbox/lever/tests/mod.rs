//! The sandbox spoken to over HTTP, as its callers do.

mod hooks;
mod reads;
mod steering;
mod writes;

use std::sync::Arc;

use domain::Timestamp;
use reqwest::{Method, RequestBuilder};
use serde_json::Value;

use super::{LeverSandbox, Options, Seed};
use crate::clock::ManualClock;

/// 2026-01-01T00:00:00Z.
const NOW: i64 = 1_767_225_600_000;

struct Bench {
    lever: LeverSandbox,
    clock: Arc<ManualClock>,
    client: reqwest::Client,
}

/// An answer taken apart.
struct Answer {
    status: u16,
    headers: reqwest::header::HeaderMap,
    body: Value,
}

impl Bench {
    async fn new(seed: &str) -> Self {
        Self::with(seed, |_| {}).await
    }

    /// No rate budget and no sender of its own unless `adjust` says so.
    async fn with(seed: &str, adjust: impl FnOnce(&mut Options)) -> Self {
        let clock = Arc::new(ManualClock::at(Timestamp::from_millis(NOW)));
        let mut options = Options {
            seed: Seed::named(seed),
            clock: clock.clone(),
            auto_deliver: false,
            rate_limit: None,
            ..Options::default()
        };
        adjust(&mut options);
        let lever = LeverSandbox::start(options).await.unwrap();
        Self { lever, clock, client: super::hooks::client().unwrap() }
    }

    fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let url = format!("{}{path}", self.lever.base_url());
        self.client.request(method, url).basic_auth(self.lever.api_key(), Some(""))
    }

    async fn get(&self, path: &str) -> Answer {
        answer(self.request(Method::GET, path)).await
    }

    async fn send(&self, method: Method, path: &str, body: &Value) -> Answer {
        answer(self.request(method, path).json(body)).await
    }

    async fn post(&self, path: &str, body: &Value) -> Answer {
        self.send(Method::POST, path, body).await
    }

    async fn page(&self, path: &str) -> String {
        let url = format!("{}{path}", self.lever.page_url());
        self.client.get(url).send().await.unwrap().text().await.unwrap()
    }

    /// Some candidacy that is neither archived nor hidden.
    fn someone(&self) -> String {
        let people = self.lever.opportunities();
        let plain = |p: &&super::OpportunityView| p.archived.is_none() && !p.confidential && !p.postings.is_empty();
        people.iter().find(plain).unwrap().id.clone()
    }
}

async fn answer(request: RequestBuilder) -> Answer {
    let answer = request.send().await.unwrap();
    let (status, headers) = (answer.status().as_u16(), answer.headers().clone());
    let text = answer.text().await.unwrap();
    Answer { status, headers, body: serde_json::from_str(&text).unwrap_or(Value::Null) }
}

fn ids(list: &Value) -> Vec<String> {
    list["data"].as_array().unwrap().iter().map(|o| o["id"].as_str().unwrap().to_owned()).collect()
}
