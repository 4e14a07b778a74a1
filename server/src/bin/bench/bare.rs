//! The peer: a bare axum handler that group-commits the body to SQLite with `synchronous=FULL`. No signature, no duplicates,
//! no jobs: the ceiling on this machine.

use std::net::SocketAddr;
use std::path::Path;

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::post;
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
