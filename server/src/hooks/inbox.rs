//! Group commit: deliveries that arrive together are stored in one durable transaction, and each sender waits for its own.
//! There is no linger: while one transaction is being written the next batch gathers by itself.

use domain::job::Claimed;
use domain::ports::store::{DirectClaim, NewDelivery, Receipt, Received, Stored};
use tokio::sync::{mpsc, oneshot};

use crate::jobs::{Context, Handoff, Wake};

/// Deliveries stored in one transaction at most.
const BATCH: usize = 512;
/// Deliveries that may wait; beyond, senders are told to come again.
const WAITING: usize = 4_096;

/// The delivery could not be stored: the sender is to try again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the delivery could not be stored")]
pub struct Unavailable;

struct Waiting {
    delivery: NewDelivery,
    answer: oneshot::Sender<Result<Receipt, Unavailable>>,
}

/// The way into the store for deliveries.
#[derive(Clone, Debug)]
pub struct Inbox(mpsc::Sender<Waiting>);

impl Inbox {
    /// Starts the writer; it ends when the last clone is gone.
    pub fn start(cx: Context, wake: Wake, handoff: Handoff) -> Self {
        let (sender, receiver) = mpsc::channel(WAITING);
        tokio::spawn(write(Writer { cx, wake, handoff }, receiver));
        Self(sender)
    }

    /// Stores a delivery; returns when it is on disk.
    ///
    /// # Errors
    /// If too many wait already, or the database refuses.
    pub async fn receive(&self, delivery: NewDelivery) -> Result<Receipt, Unavailable> {
        let (answer, answered) = oneshot::channel();
        self.0.try_send(Waiting { delivery, answer }).map_err(|_| Unavailable)?;
        answered.await.map_err(|_| Unavailable)?
    }
}

async fn write(writer: Writer, mut receiver: mpsc::Receiver<Waiting>) {
    let mut batch = Vec::with_capacity(BATCH);
    let (mut deliveries, mut answers) = (Vec::with_capacity(BATCH), Vec::with_capacity(BATCH));
    while let Some(_turn) = writer.handoff.gather(&mut receiver, &mut batch, BATCH).await {
        for Waiting { delivery, answer } in batch.drain(..) {
            deliveries.push(delivery);
            answers.push(answer);
        }
        match writer.store(&deliveries).await {
            Ok(receipts) => {
                for (answer, receipt) in answers.drain(..).zip(receipts) {
                    // A sender that hung up will repeat the delivery; the repeat is recognized.
                    let _ = answer.send(Ok(receipt));
                }
            }
            Err(error) => {
                tracing::error!(
                    error = &error as &dyn std::error::Error,
                    deliveries.count = answers.len(),
                    "deliveries could not be stored; their senders are told to come again"
                );
                for answer in answers.drain(..) {
                    let _ = answer.send(Err(Unavailable));
                }
            }
        }
        deliveries.clear();
    }
}

struct Writer {
    cx: Context,
    wake: Wake,
    handoff: Handoff,
}

impl Writer {
    /// Stores deliveries and sees to it that their jobs are run.
    async fn store(&self, deliveries: &[NewDelivery]) -> Stored<Vec<Receipt>> {
        let jobs = deliveries.iter().filter(|d| d.job.is_some()).count();
        let places = self.handoff.places(jobs);
        let claim = DirectClaim { limit: places.len(), lease_until: self.cx.clock.now().plus(Handoff::LEASE) };
        let mut stored = self.cx.store.receive(deliveries, claim).await;
        if stored.is_err() {
            // Once more: a deadlock's victim, or a connection that had died, succeeds the second time.
            stored = self.cx.store.receive(deliveries, claim).await;
        }
        let Received { receipts, claimed } = stored?;
        if claimed.len() < jobs {
            self.wake.now();
        }
        self.release(&self.handoff.give(claimed, places)).await;
        Ok(receipts)
    }

    /// The worker has stopped: others take the jobs over.
    async fn release(&self, refused: &[Claimed]) {
        if refused.is_empty() {
            return;
        }
        let held: Vec<_> = refused.iter().map(|job| (job.id, job.attempt)).collect();
        if let Err(error) = self.cx.store.release(&held, self.cx.clock.now()).await {
            tracing::error!(
                error = &error as &dyn std::error::Error,
                "jobs could not be given back; their leases run out"
            );
        }
    }
}
