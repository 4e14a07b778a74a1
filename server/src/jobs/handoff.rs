//! The short way from the inbox to the worker: while the worker has nothing to catch up with, a job is claimed in the
//! transaction that stores it and handed over, without a second transaction and a second flush. And the turns of those who
//! gather batches for one writer.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use domain::job::Claimed;
use tokio::sync::{OwnedMutexGuard, OwnedSemaphorePermit, Semaphore, mpsc};

/// A claimed job with its place among those that run at the same time.
pub(super) type Handed = (Claimed, OwnedSemaphorePermit);

/// Whose batch is written next, as long as it is held.
pub type Turn = Option<OwnedMutexGuard<()>>;

/// Shared by the inbox and one node's worker. Without a running worker nothing is handed over.
#[derive(Clone, Debug)]
pub struct Handoff {
    pub(super) slots: Arc<Semaphore>,
    caught_up: Arc<AtomicBool>,
    /// Of a store with one writer.
    turns: Option<Arc<tokio::sync::Mutex<()>>>,
    sender: mpsc::UnboundedSender<Handed>,
    receiver: Arc<Mutex<Option<mpsc::UnboundedReceiver<Handed>>>>,
}

impl Handoff {
    /// How long a claim lasts without a sign of life.
    pub const LEASE: Duration = Duration::from_secs(60);

    /// Between an inbox and a worker that runs this many jobs at the same time, on a store with one writer or more.
    pub fn new(slots: usize, has_one_writer: bool) -> Self {
        let (sender, receiver) = mpsc::unbounded_channel();
        Self {
            slots: Arc::new(Semaphore::new(slots)),
            caught_up: Arc::default(),
            turns: has_one_writer.then(Arc::default),
            sender,
            receiver: Arc::new(Mutex::new(Some(receiver))),
        }
    }

    /// Waits for something to write and then for the turn, and gathers at most so many. `None` when nothing will come any more.
    /// The batch has everything that came while others wrote: half as many flushes as when each of them takes what is there
    /// and then queues for the one writer.
    pub async fn gather<T>(&self, from: &mut mpsc::Receiver<T>, batch: &mut Vec<T>, most: usize) -> Option<Turn> {
        if from.recv_many(batch, most).await == 0 {
            return None;
        }
        let turn = self.turn().await;
        batch.extend(std::iter::from_fn(|| from.try_recv().ok()).take(most - batch.len()));
        Some(turn)
    }

    /// Waits for the turn to write.
    pub(super) async fn turn(&self) -> Turn {
        match &self.turns {
            Some(turns) => Some(Arc::clone(turns).lock_owned().await),
            None => None,
        }
    }

    /// Places for up to `wanted` jobs that may be claimed directly. None while others wait for their turn: they came first,
    /// and a claim divides what is free fairly between organizations.
    pub fn places(&self, wanted: usize) -> Vec<OwnedSemaphorePermit> {
        if !self.caught_up.load(Ordering::Relaxed) {
            return Vec::new();
        }
        std::iter::from_fn(|| Arc::clone(&self.slots).try_acquire_owned().ok()).take(wanted).collect()
    }

    /// Hands claimed jobs over; returns those that nobody takes any more, because the worker has stopped.
    pub fn give(&self, claimed: Vec<Claimed>, places: Vec<OwnedSemaphorePermit>) -> Vec<Claimed> {
        let sent = claimed.into_iter().zip(places).map(|handed| self.sender.send(handed));
        sent.filter_map(Result::err).map(|refused| refused.0.0).collect()
    }

    /// Whether the worker has nothing waiting.
    pub(super) fn set_caught_up(&self, caught_up: bool) {
        self.caught_up.store(caught_up, Ordering::Relaxed);
    }

    /// The worker's end: there is one.
    pub(super) fn take(&self) -> Option<mpsc::UnboundedReceiver<Handed>> {
        self.receiver.lock().expect("no thread panics while it holds this lock").take()
    }
}

#[cfg(test)]
mod tests {
    use domain::Timestamp;
    use domain::job::{NewJob, Work};
    use uuid::Uuid;

    use super::*;

    fn claimed(number: u128) -> Claimed {
        let id = Uuid::from_u128(number);
        Claimed::first(&NewJob { id, organization: id, work: Work::Sync, run_at: Timestamp::EPOCH })
    }

    #[tokio::test]
    async fn nothing_is_handed_over_while_others_wait() {
        let handoff = Handoff::new(2, true);
        assert!(handoff.places(1).is_empty(), "no worker has looked yet");
        handoff.set_caught_up(true);
        assert_eq!(handoff.places(5).len(), 2, "no more than run at the same time");
        handoff.set_caught_up(false);
        assert!(handoff.places(1).is_empty());
    }

    #[tokio::test]
    async fn a_job_keeps_its_place_until_its_run_has_ended() {
        let handoff = Handoff::new(1, true);
        handoff.set_caught_up(true);
        let mut worker = handoff.take().unwrap();
        let places = handoff.places(1);
        assert!(handoff.give(vec![claimed(1)], places).is_empty());
        let (job, place) = worker.recv().await.unwrap();
        assert_eq!(job, claimed(1));
        assert!(handoff.places(1).is_empty());
        drop(place);
        assert_eq!(handoff.places(1).len(), 1);
    }

    #[tokio::test]
    async fn what_a_stopped_worker_would_not_run_comes_back() {
        let handoff = Handoff::new(2, true);
        handoff.set_caught_up(true);
        drop(handoff.take());
        let places = handoff.places(2);
        assert_eq!(handoff.give(vec![claimed(1), claimed(2)], places), [claimed(1), claimed(2)]);
    }
}
