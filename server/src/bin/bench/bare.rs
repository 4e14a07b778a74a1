//! The peers, which show what this machine can do at all. Of the hook: a bare axum handler that group-commits the body to SQLite
//! with `synchronous=FULL`; no signature, no duplicates, no jobs; and the same handler when it checks the signature and sorts
//! out duplicates. Of the pages: a bare Leptos page of made-up rows; no reads, no session, no frame.

use std::net::SocketAddr;
use std::path::Path;

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::{get, post};
use leptos::prelude::*;
use secrecy::SecretString;
use serde::Deserialize;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};
use sqlx::{Connection as _, SqliteConnection};
use tokio::sync::{mpsc, oneshot};

use crate::product::TOKEN;

/// What a peer of the hook does.
#[derive(Clone, Copy, Debug)]
pub enum Work {
    /// Keeps the body.
    Body,
    /// Checks the signature, and keeps each token once.
    SignedOnce,
}

struct Waiting {
    body: Bytes,
    token: Option<String>,
    done: oneshot::Sender<()>,
}

/// Starts it on a free port.
pub async fn serve(file: &Path, work: Work) -> Result<SocketAddr, Box<dyn std::error::Error>> {
    let options = SqliteConnectOptions::new()
        .filename(file)
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full);
    let mut connection = SqliteConnection::connect_with(&options).await?;
    let token = match work {
        Work::Body => "",
        Work::SignedOnce => ", token TEXT NOT NULL UNIQUE",
    };
    let table = format!("CREATE TABLE bodies (id INTEGER PRIMARY KEY, body BLOB NOT NULL{token}) STRICT");
    sqlx::query(sqlx::AssertSqlSafe(table)).execute(&mut connection).await?;
    let (sender, receiver) = mpsc::channel::<Waiting>(4_096);
    tokio::spawn(write(connection, receiver));
    let router = match work {
        Work::Body => Router::new().route("/", post(take)),
        Work::SignedOnce => Router::new().route("/", post(take_signed)),
    };
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    tokio::spawn(async move { axum::serve(listener, router.with_state(sender)).await });
    Ok(address)
}

/// A Leptos page with this many rows of six cells, on a free port.
pub async fn leptos(rows: usize) -> std::io::Result<SocketAddr> {
    // It has no routes of its own; listing them tells Leptos that tokio runs its tasks.
    let _ = leptos_axum::generate_route_list(|| ());
    let page = move || {
        let row = |n: usize| {
            let name = format!("Name {n}");
            view! {
                <tr>
                    <th scope="row"><a href=format!("/{n}")>{name}</a></th>
                    <td>"Completed"</td><td>{n}</td><td>"Pass"</td><td>"Nothing was decided"</td><td>"27 Nov 2026"</td>
                </tr>
            }
        };
        view! {
            <!DOCTYPE html>
            <html><body><table>{(0..rows).map(row).collect_view()}</table></body></html>
        }
    };
    let router = Router::new().route("/", get(leptos_axum::render_app_async(page)));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    tokio::spawn(async move { axum::serve(listener, router).await });
    Ok(address)
}

async fn take(State(sender): State<mpsc::Sender<Waiting>>, body: Bytes) -> StatusCode {
    keep(&sender, body, None).await
}

/// What is signed of a delivery.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Signed {
    token: String,
    triggered_at: i64,
    signature: String,
}

async fn take_signed(State(sender): State<mpsc::Sender<Waiting>>, body: Bytes) -> StatusCode {
    let Ok(signed) = serde_json::from_slice::<Signed>(&body) else { return StatusCode::BAD_REQUEST };
    let tokens = [SecretString::from(TOKEN)];
    if !server::lever::verify(&tokens, &signed.token, &signed.triggered_at.to_string(), &signed.signature) {
        return StatusCode::UNAUTHORIZED;
    }
    keep(&sender, body, Some(signed.token)).await
}

async fn keep(sender: &mpsc::Sender<Waiting>, body: Bytes, token: Option<String>) -> StatusCode {
    let (done, stored) = oneshot::channel();
    if sender.send(Waiting { body, token, done }).await.is_err() || stored.await.is_err() {
        return StatusCode::SERVICE_UNAVAILABLE;
    }
    StatusCode::OK
}

/// One insert a body: the plain way to write a group.
async fn write(mut connection: SqliteConnection, mut receiver: mpsc::Receiver<Waiting>) {
    let mut batch = Vec::new();
    while receiver.recv_many(&mut batch, 512).await > 0 {
        let stored = async {
            let mut tx = connection.begin_with("BEGIN IMMEDIATE").await?;
            for Waiting { body, token, .. } in &batch {
                let insert = match token {
                    None => sqlx::query("INSERT INTO bodies (body) VALUES ($1)").bind(&body[..]),
                    Some(token) => {
                        sqlx::query("INSERT INTO bodies (body, token) VALUES ($1, $2) ON CONFLICT (token) DO NOTHING")
                            .bind(&body[..])
                            .bind(token)
                    }
                };
                insert.execute(&mut *tx).await?;
            }
            tx.commit().await
        };
        let ok = stored.await.is_ok();
        for waiting in batch.drain(..).filter(|_| ok) {
            let _ = waiting.done.send(());
        }
    }
}
