//! Tiny servers that misbehave in ways a well-behaved one cannot: for tests of the wire only.

use std::net::SocketAddr;
use std::sync::{Arc, LazyLock, Mutex};

use axum::Router;
use axum::body::Bytes;
use axum::http::{HeaderMap, Method, Uri};
use axum::response::Response;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

use super::Http;

/// A call as it arrived.
#[derive(Clone, Debug)]
pub struct Seen {
    pub method: Method,
    pub uri: Uri,
    pub headers: HeaderMap,
    pub body: Bytes,
}

impl Seen {
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }

    pub fn query(&self) -> Vec<(String, String)> {
        let url = format!("http://x{}", self.uri).parse::<super::Url>().unwrap();
        url.query_pairs().into_owned().collect()
    }
}

/// Every call a server got.
pub type Log = Arc<Mutex<Vec<Seen>>>;

/// One for all tests: making it reads the machine's certificates.
pub fn http() -> Http {
    static HTTP: LazyLock<Http> = LazyLock::new(|| Http::new(true).unwrap());
    HTTP.clone()
}

/// Serves `answer(call, how many came before it)` and keeps what came.
pub async fn serve(answer: impl Fn(&Seen, usize) -> Response + Clone + Send + Sync + 'static) -> (String, Log) {
    let log = Log::default();
    let kept = log.clone();
    let handler = move |method: Method, uri: Uri, headers: HeaderMap, body: Bytes| {
        let seen = Seen { method, uri, headers, body };
        let before = kept.lock().unwrap().len();
        let response = answer(&seen, before);
        kept.lock().unwrap().push(seen);
        async move { response }
    };
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, Router::new().fallback(handler)).await });
    (base(address), log)
}

/// What a broken server does after it has read the request.
#[derive(Clone, Copy, Debug)]
pub enum Break {
    /// Closes without a word.
    Close,
    /// Sends half an answer and closes.
    Half,
    /// Answers nothing and stays.
    Silence,
}

/// Reads one request and misbehaves, for every connection.
pub async fn broken(how: Break) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        let mut kept = Vec::new();
        while let Ok((mut socket, _)) = listener.accept().await {
            let mut bytes = [0; 4096];
            let _ = socket.read(&mut bytes).await;
            match how {
                Break::Close => drop(socket),
                Break::Half => {
                    let _ = socket.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{\"par").await;
                }
                Break::Silence => kept.push(socket),
            }
        }
    });
    base(address)
}

/// An address nobody listens on.
pub async fn refused() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    base(listener.local_addr().unwrap())
}

fn base(address: SocketAddr) -> String {
    format!("http://{address}")
}

/// An answer with a JSON body.
pub fn json(status: u16, body: &serde_json::Value) -> Response {
    let builder = Response::builder().status(status).header("content-type", "application/json");
    builder.body(body.to_string().into()).unwrap()
}

/// An answer with any body.
pub fn text(status: u16, body: &'static str) -> Response {
    Response::builder().status(status).body(body.into()).unwrap()
}

/// An answer that asks to wait.
pub fn wait(status: u16, retry_after: &str) -> Response {
    Response::builder().status(status).header("retry-after", retry_after).body("{}".into()).unwrap()
}
