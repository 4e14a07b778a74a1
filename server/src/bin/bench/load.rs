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

/// Open loop: request n goes out at its scheduled time, whatever became of the others. Returns when each was due.
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
        tokio::spawn(async move {
            let mut connection = Connection::open(address).await?;
            for n in (lane..requests.len()).step_by(connections) {
                tokio::time::sleep_until(due[n].into()).await;
                connection.exchange(&requests[n]).await?;
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
        self.stream.write_all(request).await?;
        let mut filled = 0;
        loop {
            let read = self.stream.read(&mut self.buffer[filled..]).await?;
            if read == 0 {
                return Err(std::io::Error::other("the server closed the connection"));
            }
            filled += read;
            if let Some(status) = complete(&self.buffer[..filled]) {
                return Ok(status);
            }
            if filled == self.buffer.len() {
                return Err(std::io::Error::other("an answer longer than expected"));
            }
        }
    }
}

/// The status, once head and body are there.
fn complete(answer: &[u8]) -> Option<u16> {
    let head_ends = answer.windows(4).position(|w| w == b"\r\n\r\n")? + 4;
    let head = std::str::from_utf8(&answer[..head_ends]).ok()?;
    let length = head.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("content-length").then(|| value.trim().parse::<usize>().ok())?
    });
    (answer.len() >= head_ends + length.unwrap_or(0)).then(|| head.get(9..12)?.parse().ok())?
}
