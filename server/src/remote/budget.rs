//! A share of the calls a remote allows, kept in the store so that all nodes draw on one.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use domain::ports::store::{Pace, Queue};
use domain::{Clock, RemoteError, Timestamp};

/// Longest wait inside a call; a longer one is the job's, which snoozes.
const SHORT: Duration = Duration::from_secs(2);

/// Wait after "too many" that names no time.
const DEFAULT_HOLD: Duration = Duration::from_secs(1);

/// A rate of calls: `burst` at once, then one per `interval`. Clones share one budget.
#[derive(Clone)]
pub struct Budget(Option<Shared>);

#[derive(Clone)]
struct Shared {
    store: Arc<dyn Queue>,
    name: Arc<str>,
    interval: Duration,
    burst: u32,
    clock: Arc<dyn Clock>,
    /// Microseconds since the epoch before which asking is useless. Asking takes a place in the line: without this, many
    /// snoozing jobs that ask again and again would push the line's end away for ever.
    useless_before: Arc<AtomicI64>,
}

impl fmt::Debug for Budget {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            None => f.write_str("Budget(unlimited)"),
            Some(s) => write!(f, "Budget({} every {:?}, burst {})", s.name, s.interval, s.burst),
        }
    }
}

impl Budget {
    /// The budget `name` of `store`.
    pub fn new(
        store: Arc<dyn Queue>,
        name: impl Into<Arc<str>>,
        interval: Duration,
        burst: u32,
        clock: Arc<dyn Clock>,
    ) -> Self {
        let useless_before = Arc::new(AtomicI64::new(i64::MIN));
        Self(Some(Shared { store, name: name.into(), interval, burst, clock, useless_before }))
    }

    /// No limit: for a vendor whose organization sets none.
    pub const fn unlimited() -> Self {
        Self(None)
    }

    /// The same budget for calls that should stand behind those of a larger burst.
    #[must_use]
    pub fn with_burst(&self, burst: u32) -> Self {
        let shared = |s: &Shared| Shared { burst, useless_before: Arc::new(AtomicI64::new(i64::MIN)), ..s.clone() };
        Self(self.0.as_ref().map(shared))
    }

    /// Returns when the call may be made. Waits up to two seconds.
    ///
    /// # Errors
    /// `RateLimited` if the wait is longer; `Unavailable` if the store cannot be asked. The call was not made.
    pub async fn wait(&self) -> Result<(), RemoteError> {
        let Some(s) = &self.0 else { return Ok(()) };
        let now = s.clock.now();
        let closed = Timestamp::from_micros(s.useless_before.load(Ordering::Relaxed)).since(now);
        if closed > Duration::ZERO {
            return Err(RemoteError::RateLimited { retry_after: Some(closed) });
        }
        let pace = Pace { interval: s.interval, burst: s.burst, patience: SHORT };
        let wait = s.store.reserve(&s.name, pace, now).await;
        let wait = wait.map_err(|e| RemoteError::Unavailable(format!("the rate budget could not be asked: {e}")))?;
        if wait > SHORT {
            s.close(now.plus(wait.saturating_sub(SHORT)));
            return Err(RemoteError::RateLimited { retry_after: Some(wait) });
        }
        if !wait.is_zero() {
            pause(wait).await;
        }
        Ok(())
    }

    /// The remote said "too many": nobody calls before the time it asked for, or a second. A store that cannot be told is
    /// no reason to fail a call that has failed already.
    pub async fn hold_back(&self, retry_after: Option<Duration>) {
        let Some(s) = &self.0 else { return };
        let until = s.clock.now().plus(retry_after.unwrap_or(DEFAULT_HOLD));
        if let Err(error) = s.store.hold_back(&s.name, until).await {
            tracing::warn!(budget = %s.name, %error, "the rate budget could not be held back");
        }
    }
}

impl Shared {
    fn close(&self, until: Timestamp) {
        self.useless_before.fetch_max(until.as_micros(), Ordering::Relaxed);
    }
}

/// Waits inside a call: for a place in the budget, or before a read is tried again.
#[expect(clippy::disallowed_methods, reason = "the rate budget's own waiting; never longer than two seconds")]
pub async fn pause(span: Duration) {
    tokio::time::sleep(span.min(SHORT)).await;
}

#[cfg(test)]
#[path = "budget_tests.rs"]
mod tests;
