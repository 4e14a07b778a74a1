use std::sync::Mutex;

use async_trait::async_trait;
use domain::job::{Claimed, Finished, NewJob};
use domain::ports::store::{Pace, StoreError, Stored};
use domain::read::JobCounts;
use uuid::Uuid;

use super::*;
use crate::clock::ManualClock;

/// A queue of which only the budget is used: it answers what it is told and keeps what it was asked.
#[derive(Debug, Default)]
struct Line {
    answers: Mutex<Vec<Duration>>,
    asked: Mutex<Vec<(String, u32)>>,
    held: Mutex<Vec<Timestamp>>,
}

fn unused<T>() -> Stored<T> {
    Err(StoreError::Broken("not part of a budget".into(), None))
}

#[async_trait]
impl Queue for Line {
    fn has_one_writer(&self) -> bool {
        true
    }

    async fn reserve(&self, budget: &str, Pace { burst, .. }: Pace, _: Timestamp) -> Stored<Duration> {
        self.asked.lock().unwrap().push((budget.to_owned(), burst));
        self.answers.lock().unwrap().pop().ok_or(StoreError::NotFound("answer"))
    }
    async fn hold_back(&self, _: &str, until: Timestamp) -> Stored<()> {
        self.held.lock().unwrap().push(until);
        Ok(())
    }
    async fn budget_used(&self, _: &str) -> Stored<Option<Timestamp>> {
        unused()
    }
    async fn enqueue(&self, _: Vec<NewJob>) -> Stored<()> {
        unused()
    }
    async fn claim(&self, _: u32, _: Timestamp, _: Timestamp, _: Option<Uuid>) -> Stored<Vec<Claimed>> {
        unused()
    }
    async fn finish(&self, _: Vec<Finished>) -> Stored<Vec<Stored<()>>> {
        unused()
    }
    async fn renew(&self, _: &[(Uuid, i32)], _: Timestamp) -> Stored<Vec<Uuid>> {
        unused()
    }
    async fn release(&self, _: &[(Uuid, i32)], _: Timestamp) -> Stored<()> {
        unused()
    }
    async fn rescue(&self, _: Timestamp, _: Timestamp, _: i32) -> Stored<u64> {
        unused()
    }
    async fn next_due(&self) -> Stored<Option<Timestamp>> {
        unused()
    }
    async fn job_counts(&self) -> Stored<JobCounts> {
        unused()
    }
    async fn prune(&self, _: Timestamp) -> Stored<u64> {
        unused()
    }
}

/// A budget whose store gives these answers, the last one first.
fn budget(answers: &[Duration]) -> (Budget, Arc<Line>, Arc<ManualClock>) {
    let line = Arc::new(Line { answers: Mutex::new(answers.to_vec()), ..Line::default() });
    let clock = Arc::new(ManualClock::at(Timestamp::from_millis(1_000)));
    (Budget::new(line.clone(), "lever:1", Duration::from_millis(125), 10, clock.clone()), line, clock)
}

const LONG: Duration = Duration::from_secs(30);

#[tokio::test]
async fn a_short_wait_is_waited_for() {
    let (budget, line, _) = budget(&[Duration::from_millis(20), Duration::ZERO]);
    assert_eq!(budget.wait().await, Ok(()));
    let before = std::time::Instant::now();
    assert_eq!(budget.wait().await, Ok(()));
    assert!(before.elapsed() >= Duration::from_millis(20));
    assert_eq!(line.asked.lock().unwrap().len(), 2);
}

#[tokio::test]
async fn a_long_wait_goes_back_to_the_job_and_the_line_is_left_alone_meanwhile() {
    let (budget, line, clock) = budget(&[Duration::ZERO, LONG]);
    assert_eq!(budget.wait().await, Err(RemoteError::RateLimited { retry_after: Some(LONG) }));
    clock.advance(Duration::from_secs(10));
    let rest = Some(Duration::from_secs(18));
    assert_eq!(budget.clone().wait().await, Err(RemoteError::RateLimited { retry_after: rest }));
    assert_eq!(line.asked.lock().unwrap().len(), 1);
    clock.advance(Duration::from_secs(18));
    assert_eq!(budget.wait().await, Ok(()));
    assert_eq!(line.asked.lock().unwrap().len(), 2);
}

#[tokio::test]
async fn bulk_work_draws_on_the_same_budget_with_its_own_burst() {
    let (budget, line, _) = budget(&[Duration::ZERO, LONG]);
    assert!(budget.with_burst(2).wait().await.is_err());
    assert_eq!(budget.wait().await, Ok(()), "what stops bulk work does not stop the rest");
    assert_eq!(*line.asked.lock().unwrap(), [("lever:1".to_owned(), 2), ("lever:1".to_owned(), 10)]);
}

#[tokio::test]
async fn too_many_holds_everybody_back() {
    let (budget, line, clock) = budget(&[]);
    budget.hold_back(Some(Duration::from_secs(7))).await;
    budget.hold_back(None).await;
    let now = clock.now();
    assert_eq!(*line.held.lock().unwrap(), [now.plus(Duration::from_secs(7)), now.plus(Duration::from_secs(1))]);
}

#[tokio::test]
async fn a_store_that_cannot_be_asked_stops_the_call() {
    let (budget, ..) = budget(&[]);
    assert!(matches!(budget.wait().await, Err(RemoteError::Unavailable(_))));
    assert_eq!(Budget::unlimited().wait().await, Ok(()));
}
