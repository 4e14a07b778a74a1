//! The peers, which show what this machine can do at all. Of the hook: a bare axum handler that group-commits the body to SQLite
//! with `synchronous=FULL`; no signature, no duplicates, no jobs. Of the pages: a bare Leptos page of made-up rows; no reads, no
//! session, no frame.

use std::net::SocketAddr;
use std::path::Path;

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::{get, post};
use leptos::prelude::*;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};
use sqlx::{Connection as _, SqliteConnection};
use tokio::sync::{mpsc, oneshot};

type Waiting = (Bytes, oneshot::Sender<()>);

/// Starts it on a free port.
pub async fn serve(file: &Path) -> Result<SocketAddr, Box<dyn std::error::Error>> {
    let options = SqliteConnectOptions::new()
        .filename(file)
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full);
    let mut connection = SqliteConnection::connect_with(&options).await?;
    sqlx::query("CREATE TABLE bodies (id INTEGER PRIMARY KEY, body BLOB NOT NULL) STRICT")
        .execute(&mut connection)
        .await?;
    let (sender, receiver) = mpsc::channel::<Waiting>(4_096);
    tokio::spawn(write(connection, receiver));
    let router = Router::new().route("/", post(take)).with_state(sender);
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    tokio::spawn(async move { axum::serve(listener, router).await });
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
    let (done, stored) = oneshot::channel();
    if sender.send((body, done)).await.is_err() || stored.await.is_err() {
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
            for (body, _) in &batch {
                sqlx::query("INSERT INTO bodies (body) VALUES ($1)").bind(&body[..]).execute(&mut *tx).await?;
            }
            tx.commit().await
        };
        let ok = stored.await.is_ok();
        for (_, done) in batch.drain(..).filter(|_| ok) {
            let _ = done.send(());
        }
    }
}
