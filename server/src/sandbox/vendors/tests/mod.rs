mod addresses;
mod by_itself;
mod greenhouse;
mod mercury;
mod pages;

use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, Method, StatusCode, Uri};
use domain::Timestamp;
use reqwest::{RequestBuilder, Response};
use serde_json::{Value, json};

use super::{Options, VendorSandbox};
use crate::clock::ManualClock;

/// A sandbox whose clock stands still, and a client that knows its credentials.
struct Bench {
    vendor: VendorSandbox,
    http: reqwest::Client,
}

impl Bench {
    async fn new() -> Self {
        let clock = Arc::new(ManualClock::at(Timestamp::from_millis(1_700_000_000_000)));
        let vendor = VendorSandbox::start(Options { clock, ..Options::default() }).await.unwrap();
        Self { vendor, http: super::http_client().unwrap() }
    }

    fn setting(&self, pointer: &str) -> String {
        self.vendor.connection().pointer(pointer).and_then(Value::as_str).unwrap().to_owned()
    }

    fn page(&self, path: &str) -> String {
        format!("{}{path}", self.vendor.origin())
    }

    fn list(&self) -> RequestBuilder {
        let key = self.setting("/greenhouse/api_key");
        self.http.get(self.setting("/greenhouse/list_tests_url")).basic_auth(key, Some(""))
    }

    fn send_to(&self, email: &str, callback: &str) -> RequestBuilder {
        let key = self.setting("/greenhouse/api_key");
        let url = self.setting("/greenhouse/send_test_url");
        self.http.post(url).basic_auth(key, Some("")).json(&send_body(email, callback))
    }

    /// A send that must succeed, and the id in its answer as text.
    async fn sent(&self, email: &str, callback: &str) -> String {
        let response = self.send_to(email, callback).send().await.unwrap();
        assert_eq!(response.status(), 200);
        let id = json_of(response).await["partner_interview_id"].clone();
        id.as_str().map_or_else(|| id.to_string(), str::to_owned)
    }

    async fn status(&self, interview: &str) -> Value {
        let key = self.setting("/greenhouse/api_key");
        let url = self.setting("/greenhouse/test_status_url");
        let request = self.http.get(url).query(&[("partner_interview_id", interview)]).basic_auth(key, Some(""));
        let response = request.send().await.unwrap();
        assert_eq!(response.status(), 200);
        json_of(response).await
    }

    async fn control(&self, path: &str, body: &Value) -> Response {
        self.http.post(self.page(path)).json(body).send().await.unwrap()
    }
}

const CALLBACK: &str = "https://assay.example/hooks/assessments/1";

fn send_body(email: &str, callback: &str) -> Value {
    json!({
        "partner_test_id": "t-101",
        "candidate": {
            "first_name": "Ana", "last_name": "Ruiz", "preferred_name": null, "email": email,
            "phone_number": null, "resume_url": null,
            "greenhouse_profile_url": "https://hire.lever.co/candidates/1",
        },
        "sent_by": null,
        "url": callback,
    })
}

async fn json_of(response: Response) -> Value {
    response.json().await.unwrap()
}

/// What one callback looked like.
type Received = (Method, String, Option<String>);

/// An ATS that notes callbacks and answers them with `status`.
struct Ats {
    url: String,
    status: Arc<Mutex<StatusCode>>,
    received: tokio::sync::mpsc::UnboundedReceiver<Received>,
}

impl Ats {
    async fn new() -> Self {
        let status = Arc::new(Mutex::new(StatusCode::OK));
        let (sender, received) = tokio::sync::mpsc::unbounded_channel::<Received>();
        let app = Router::new()
            .fallback(
                async |State((sender, status)): State<(
                    tokio::sync::mpsc::UnboundedSender<Received>,
                    Arc<Mutex<StatusCode>>,
                )>,
                       method: Method,
                       uri: Uri,
                       headers: HeaderMap| {
                    let auth = headers.get("authorization").map(|v| v.to_str().unwrap().to_owned());
                    sender.send((method, uri.path().to_owned(), auth)).unwrap();
                    *status.lock().unwrap()
                },
            )
            .with_state((sender, Arc::clone(&status)));
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/hooks/assessments/7", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, app).await });
        Self { url, status, received }
    }

    fn drain(&mut self) -> Vec<Received> {
        std::iter::from_fn(|| self.received.try_recv().ok()).collect()
    }

    async fn next(&mut self) -> Received {
        tokio::time::timeout(Duration::from_secs(20), self.received.recv()).await.unwrap().unwrap()
    }
}
