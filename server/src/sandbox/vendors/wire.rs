//! The HTTP edge: connections that can be broken on purpose, and the journal of calls.

use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::{Body, to_bytes};
use axum::extract::connect_info::Connected;
use axum::extract::{ConnectInfo, Request, State};
use axum::http::StatusCode;
use axum::middleware::Next;
use axum::response::{Html, IntoResponse as _, Response};
use axum::serve::IncomingStream;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};

use super::Shared;

const BODY_LIMIT: usize = 1024 * 1024;

/// Cuts one connection.
#[derive(Clone, Debug, Default)]
pub(super) struct Breaker(Arc<AtomicBool>);

impl Breaker {
    fn cut(&self) {
        self.0.store(true, Ordering::SeqCst);
    }

    fn check(&self) -> io::Result<()> {
        if self.0.load(Ordering::SeqCst) { Err(io::ErrorKind::ConnectionReset.into()) } else { Ok(()) }
    }
}

/// A connection that writes nothing more once it is cut, and so closes without an answer.
#[derive(Debug)]
pub(super) struct Breakable {
    stream: TcpStream,
    breaker: Breaker,
}

impl AsyncRead for Breakable {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(cx, buf)
    }
}

impl AsyncWrite for Breakable {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        self.breaker.check()?;
        Pin::new(&mut self.stream).poll_write(cx, buf)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.breaker.check()?;
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}

/// Accepts [`Breakable`] connections.
#[derive(Debug)]
pub(super) struct Listener(pub TcpListener);

impl axum::serve::Listener for Listener {
    type Io = Breakable;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Breakable, SocketAddr) {
        let (stream, addr) = axum::serve::Listener::accept(&mut self.0).await;
        (Breakable { stream, breaker: Breaker::default() }, addr)
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        self.0.local_addr()
    }
}

impl Connected<IncomingStream<'_, Listener>> for Breaker {
    fn connect_info(stream: IncomingStream<'_, Listener>) -> Self {
        stream.io().breaker.clone()
    }
}

/// The mark of an answer that never arrives.
#[derive(Clone, Copy, Debug)]
pub(super) struct Dropped;

/// An answer that never arrives: its connection is cut.
pub(super) fn dropped() -> Response {
    let mut response = StatusCode::INTERNAL_SERVER_ERROR.into_response();
    response.extensions_mut().insert(Dropped);
    response
}

/// Waits in real time, which is what a slow answer is made of.
#[expect(clippy::disallowed_methods, reason = "a slow remote is slow in real time; no test waits for it")]
pub(super) async fn pause(span: Duration) {
    tokio::time::sleep(span).await;
}

/// Around every call of the contracts: the journal, and the faults that hit all answers.
pub(super) async fn watch(
    State(shared): State<Arc<Shared>>,
    ConnectInfo(breaker): ConnectInfo<Breaker>,
    request: Request,
    next: Next,
) -> Response {
    let (parts, body) = request.into_parts();
    let Ok(body) = to_bytes(body, BODY_LIMIT).await else {
        return StatusCode::PAYLOAD_TOO_LARGE.into_response();
    };
    let path = parts.uri.path_and_query().map_or("/", |p| p.as_str()).to_owned();
    // Credentials stay out of the journal.
    let secret = parts.uri.path().ends_with("/oauth/token");
    let text = if secret { String::new() } else { String::from_utf8_lossy(&body).into_owned() };
    let (number, faults) = {
        let now = shared.now();
        let mut model = shared.lock();
        (model.called(now, "in", parts.method.as_str(), &path, text), model.faults.clone())
    };
    let response = if faults.html_answers {
        Html("<!doctype html><title>Sign in</title><p>Please sign in to continue.").into_response()
    } else {
        next.run(Request::from_parts(parts, Body::from(body))).await
    };
    if faults.slow_ms > 0 {
        pause(Duration::from_millis(faults.slow_ms)).await;
    }
    let cut = response.extensions().get::<Dropped>().is_some();
    let answer = if cut { "dropped".to_owned() } else { response.status().as_u16().to_string() };
    shared.lock().answered(number, answer);
    if cut {
        breaker.cut();
    }
    response
}
