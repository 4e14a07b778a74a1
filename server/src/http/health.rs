//! Probes: alive, and able to work.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use domain::ports::store::Store;
use serde_json::json;

/// What readiness depends on.
#[derive(Clone, Debug)]
pub struct Health {
    store: Arc<dyn Store>,
    draining: Arc<AtomicBool>,
}

impl Health {
    /// Ready as long as the store is and nobody called [`Health::drain`].
    pub fn new(store: Arc<dyn Store>) -> Self {
        Self { store, draining: Arc::default() }
    }

    /// Not ready any more: the process is about to stop.
    pub fn drain(&self) {
        self.draining.store(true, Ordering::SeqCst);
    }
}

/// `/healthz` and `/readyz`.
pub fn router(health: Health) -> axum::Router {
    axum::Router::new().route("/healthz", get(|| async { "alive\n" })).route("/readyz", get(ready)).with_state(health)
}

async fn ready(State(health): State<Health>) -> Response {
    let draining = health.draining.load(Ordering::SeqCst);
    let database = health.store.ready().await;
    if let Err(error) = &database {
        tracing::warn!(error = error as &dyn std::error::Error, "not ready");
    }
    let status = if draining || database.is_err() { StatusCode::SERVICE_UNAVAILABLE } else { StatusCode::OK };
    let word = |ok: bool| if ok { "ok" } else { "failing" };
    (status, Json(json!({"database": word(database.is_ok()), "draining": draining}))).into_response()
}

/// `/metrics`, on its own address: the queue by state, in Prometheus' text format.
pub fn metrics(health: Health) -> axum::Router {
    axum::Router::new().route("/metrics", get(queue)).with_state(health)
}

async fn queue(State(health): State<Health>) -> Response {
    let Ok(counts) = health.store.job_counts().await else { return StatusCode::SERVICE_UNAVAILABLE.into_response() };
    let mut text = String::from("# HELP assay_jobs Jobs by state.\n# TYPE assay_jobs gauge\n");
    let states = [
        ("ready", counts.ready),
        ("running", counts.running),
        ("done", counts.done),
        ("dead", counts.dead),
        ("cancelled", counts.cancelled),
    ];
    for (state, count) in states {
        text.push_str(&format!("assay_jobs{{state=\"{state}\"}} {count}\n"));
    }
    text.push_str(&format!(
        "# HELP assay_build_info The running version.\n# TYPE assay_build_info gauge\nassay_build_info{{version=\"{}\"}} 1\n",
        env!("CARGO_PKG_VERSION")
    ));
    ([("content-type", "text/plain; version=0.0.4")], text).into_response()
}
