//! The load: prepared requests over kept-alive connections, each timed. Raw sockets, so that the client costs little of the
//! two cores it shares with the server.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// A prepared request.
pub type Request = Arc<[u8]>;

/// What a run measured.
#[derive(Debug)]
pub struct Measured {
    /// Answers with status 200 a second.
    pub per_second: f64,
    /// Half of the answers took at most this.
    pub p50: Duration,
    /// 99 of 100 answers took at most this.
    pub p99: Duration,
    /// Answers with another status.
    pub refused: usize,
}

/// A POST as it goes over the wire.
pub fn post(path: &str, body: &str) -> Request {
    let head = format!(
        "POST {path} HTTP/1.1\r\nhost: bench\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n",
        body.len()
    );
    [head.as_bytes(), body.as_bytes()].concat().into()
}

/// A GET as it goes over the wire, in the session of `cookie`.
pub fn get(path: &str, cookie: &str) -> Request {
    format!("GET {path} HTTP/1.1\r\nhost: bench\r\naccept: text/html\r\ncookie: {cookie}\r\n\r\n").into_bytes().into()
}

/// Sends one request; returns the whole answer.
pub async fn once(address: SocketAddr, request: &[u8]) -> std::io::Result<String> {
    let mut connection = Connection::open(address).await?;
    let filled = connection.answer(request).await?;
    Ok(String::from_utf8_lossy(&connection.buffer[..filled]).into_owned())
}

/// The times of the same request sent so often over one connection.
pub async fn timed(address: SocketAddr, request: &Request, count: usize) -> std::io::Result<Vec<Duration>> {
    let mut connection = Connection::open(address).await?;
    let mut times = Vec::with_capacity(count);
    for _ in 0..count {
        let sent = Instant::now();
        connection.exchange(request).await?;
        times.push(sent.elapsed());
    }
    Ok(times)
}

/// Closed loop: each of `connections` sends the next request when its last one was answered.
pub async fn closed(address: SocketAddr, requests: Arc<Vec<Request>>, connections: usize) -> std::io::Result<Measured> {
    let next = Arc::new(AtomicUsize::new(0));
    let started = Instant::now();
    let lanes = (0..connections).map(|_| {
        let (requests, next) = (Arc::clone(&requests), Arc::clone(&next));
        tokio::spawn(async move {
            let mut connection = Connection::open(address).await?;
            let mut times = Vec::with_capacity(requests.len() / connections + 1);
            let mut refused = 0;
            while let Some(request) = requests.get(next.fetch_add(1, Ordering::Relaxed)) {
                let sent = Instant::now();
                refused += usize::from(connection.exchange(request).await? != 200);
                times.push(sent.elapsed());
            }
            Ok::<_, std::io::Error>((times, refused))
        })
    });
    let mut times = Vec::with_capacity(requests.len());
    let mut refused = 0;
    for lane in lanes.collect::<Vec<_>>() {
        let (t, r) = lane.await.map_err(std::io::Error::other)??;
        times.extend(t);
        refused += r;
    }
    let took = started.elapsed();
    let (p50, p99) = percentiles(&mut times);
    Ok(Measured { per_second: (times.len() - refused) as f64 / took.as_secs_f64(), p50, p99, refused })
}

/// Open loop: request n goes out at its scheduled time, whatever became of the others. Returns when each was due. Threads of
/// their own, because tokio's timers are a millisecond coarse, which is as much as is to be measured.
pub async fn open(
    address: SocketAddr,
    requests: Arc<Vec<Request>>,
    per_second: u32,
    connections: usize,
) -> std::io::Result<Vec<Instant>> {
    let start = Instant::now() + Duration::from_millis(50);
    let due: Vec<Instant> =
        (0..requests.len()).map(|n| start + Duration::from_secs_f64(n as f64 / f64::from(per_second))).collect();
    let lanes = (0..connections).map(|lane| {
        let (requests, due) = (Arc::clone(&requests), due.clone());
        tokio::task::spawn_blocking(move || {
            let mut stream = std::net::TcpStream::connect(address)?;
            stream.set_nodelay(true)?;
            let mut buffer = [0; 8_192];
            for n in (lane..requests.len()).step_by(connections) {
                std::thread::sleep(due[n].saturating_duration_since(Instant::now()));
                std::io::Write::write_all(&mut stream, &requests[n])?;
                // Answers of the hook come in one piece.
                if std::io::Read::read(&mut stream, &mut buffer)? == 0 {
                    return Err(std::io::Error::other("the server closed the connection"));
                }
            }
            Ok::<_, std::io::Error>(())
        })
    });
    for lane in lanes.collect::<Vec<_>>() {
        lane.await.map_err(std::io::Error::other)??;
    }
    Ok(due)
}

/// The time that half, and that 99 of 100, did not exceed.
pub fn percentiles(times: &mut [Duration]) -> (Duration, Duration) {
    times.sort_unstable();
    let at = |share: f64| times.get(((times.len() as f64 * share) as usize).min(times.len().saturating_sub(1)));
    (at(0.50).copied().unwrap_or_default(), at(0.99).copied().unwrap_or_default())
}

struct Connection {
    stream: TcpStream,
    buffer: Vec<u8>,
}

impl Connection {
    async fn open(address: SocketAddr) -> std::io::Result<Self> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        Ok(Self { stream, buffer: vec![0; 8_192] })
    }

    /// Sends a request and reads the whole answer; returns its status.
    async fn exchange(&mut self, request: &[u8]) -> std::io::Result<u16> {
        self.answer(request).await?;
        let status = std::str::from_utf8(&self.buffer[9..12]).ok().and_then(|s| s.parse().ok());
        status.ok_or_else(|| std::io::Error::other("an answer without a status"))
    }

    /// Sends a request; returns how much of the buffer its whole answer fills.
    async fn answer(&mut self, request: &[u8]) -> std::io::Result<usize> {
        self.stream.write_all(request).await?;
        let (mut filled, mut end) = (0, None);
        loop {
            if filled == self.buffer.len() {
                self.buffer.resize(filled * 2, 0);
            }
            let read = self.stream.read(&mut self.buffer[filled..]).await?;
            if read == 0 {
                return Err(std::io::Error::other("the server closed the connection"));
            }
            filled += read;
            end = end.or_else(|| End::of(&self.buffer[..filled]));
            if end.as_ref().is_some_and(|end| end.is_reached(&self.buffer[..filled])) {
                return Ok(filled);
            }
        }
    }
}

/// Where an answer ends.
enum End {
    /// After so many bytes.
    Length(usize),
    /// With an empty chunk.
    Chunk,
}

impl End {
    /// As the head says, once it is there.
    fn of(answer: &[u8]) -> Option<Self> {
        let head_ends = answer.windows(4).position(|w| w == b"\r\n\r\n")? + 4;
        let head = std::str::from_utf8(&answer[..head_ends]).ok()?.to_ascii_lowercase();
        if head.contains("transfer-encoding: chunked") {
            return Some(Self::Chunk);
        }
        let length = head.lines().find_map(|line| line.strip_prefix("content-length:")?.trim().parse::<usize>().ok());
        Some(Self::Length(head_ends + length.unwrap_or(0)))
    }

    fn is_reached(&self, answer: &[u8]) -> bool {
        match self {
            Self::Length(length) => answer.len() >= *length,
            Self::Chunk => answer.ends_with(b"\r\n0\r\n\r\n"),
        }
    }
}
