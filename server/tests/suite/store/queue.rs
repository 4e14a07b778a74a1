use std::collections::HashSet;
use std::time::Duration;

use domain::Timestamp;
use domain::job::{Claimed, Finished, JobOutcome, NewJob, Work};
use domain::ports::Store;
use domain::ports::store::{Pace, StoreError};
use domain::read::CandidateFilter;
use uuid::Uuid;

use super::samples::{at, conflict, decision, finished, follow, id, job, organization};

async fn claim(store: &dyn Store, limit: u32, now: Timestamp) -> Vec<Claimed> {
    store.claim(limit, now, now.plus(Duration::from_secs(60)), None).await.unwrap()
}

async fn end(store: &dyn Store, run: Finished) -> Result<(), StoreError> {
    let mut answers = store.finish(vec![run]).await.unwrap();
    assert_eq!(answers.len(), 1);
    answers.remove(0)
}

fn send(organization: Uuid, number: u128, run_at: Timestamp) -> NewJob {
    job(organization, number, Work::Send { order: id(77) }, run_at)
}

pub async fn two_jobs_with_one_key_are_one_and_run_at_the_earlier_time(store: &dyn Store) {
    let acme = organization(store, 1).await;
    let same = |number, run_at| NewJob { id: id(number), ..follow(acme, 1, run_at) };
    store.enqueue(vec![same(1, at(50)), same(2, at(40))]).await.unwrap();
    assert_eq!(store.next_due().await.unwrap(), Some(at(40)));
    store.enqueue(vec![same(3, at(90))]).await.unwrap();
    store.enqueue(vec![same(4, at(30))]).await.unwrap();
    assert_eq!(store.next_due().await.unwrap(), Some(at(30)));
    assert_eq!(store.job_counts().await.unwrap().ready, 1);
    assert_eq!(claim(store, 9, at(30)).await[0].id, id(1));
}

pub async fn a_waiting_send_keeps_its_backoff(store: &dyn Store) {
    let acme = organization(store, 1).await;
    store.enqueue(vec![send(acme, 1, at(50))]).await.unwrap();
    store.enqueue(vec![send(acme, 2, at(10))]).await.unwrap();
    assert_eq!(store.next_due().await.unwrap(), Some(at(50)));
}

pub async fn a_job_asked_for_while_it_runs_runs_again(store: &dyn Store) {
    let acme = organization(store, 1).await;
    store.enqueue(vec![follow(acme, 1, at(1))]).await.unwrap();
    claim(store, 1, at(1)).await;
    for number in [2, 3] {
        store.enqueue(vec![NewJob { id: id(number), ..follow(acme, 1, at(5)) }]).await.unwrap();
    }
    assert!(claim(store, 1, at(5)).await.is_empty());
    end(store, finished(id(1), 1, JobOutcome::Done, at(6))).await.unwrap();
    let again = claim(store, 5, at(6)).await;
    assert_eq!((again.len(), again[0].id, again[0].attempt, again[0].failures), (1, id(1), 2, 0));
    end(store, finished(id(1), 2, JobOutcome::Done, at(7))).await.unwrap();
    assert!(claim(store, 5, at(8)).await.is_empty());
    assert_eq!(store.job_counts().await.unwrap().done, 1);
}

pub async fn a_snoozed_job_asked_for_again_is_ready_at_once_and_a_failed_one_waits(store: &dyn Store) {
    let acme = organization(store, 1).await;
    store.enqueue(vec![follow(acme, 1, at(1)), follow(acme, 2, at(1))]).await.unwrap();
    claim(store, 2, at(1)).await;
    store.enqueue(vec![follow(acme, 1, at(2)), follow(acme, 2, at(2))]).await.unwrap();
    end(store, finished(id(1), 1, JobOutcome::Snooze { until: at(100) }, at(3))).await.unwrap();
    end(store, finished(id(2), 1, JobOutcome::Retry { error: "e".into(), at: at(100) }, at(3))).await.unwrap();
    assert_eq!(claim(store, 5, at(3)).await.iter().map(|c| c.id).collect::<Vec<_>>(), [id(1)]);
    assert_eq!(claim(store, 5, at(100)).await.iter().map(|c| c.id).collect::<Vec<_>>(), [id(2)]);
}

pub async fn a_job_claimed_anew_is_not_ended_by_its_former_holder(store: &dyn Store) {
    let acme = organization(store, 1).await;
    store.enqueue(vec![follow(acme, 1, at(1))]).await.unwrap();
    let first = claim(store, 1, at(1)).await.remove(0);
    assert_eq!(store.rescue(at(62), at(62), 9).await.unwrap(), 1);
    conflict(end(store, finished(id(1), first.attempt, JobOutcome::Done, at(62))).await, "jobs_attempt");
    let second = claim(store, 1, at(62)).await.remove(0);
    assert_eq!((second.attempt, second.failures), (2, 1));
    conflict(end(store, finished(id(1), first.attempt, JobOutcome::Done, at(63))).await, "jobs_attempt");
    end(store, finished(id(1), second.attempt, JobOutcome::Done, at(63))).await.unwrap();
    conflict(end(store, finished(id(1), second.attempt, JobOutcome::Done, at(64))).await, "jobs_attempt");
}

pub async fn an_expired_lease_is_rescued_and_counted_until_it_is_dead(store: &dyn Store) {
    let acme = organization(store, 1).await;
    store.enqueue(vec![follow(acme, 1, at(1))]).await.unwrap();
    claim(store, 1, at(1)).await;
    assert_eq!(store.rescue(at(60), at(60), 2).await.unwrap(), 0);
    assert_eq!(store.rescue(at(62), at(62), 2).await.unwrap(), 1);
    assert_eq!(claim(store, 1, at(62)).await[0].failures, 1);
    assert_eq!(store.rescue(at(200), at(200), 2).await.unwrap(), 1);
    let counts = store.job_counts().await.unwrap();
    assert_eq!((counts.ready, counts.running, counts.dead), (0, 0, 1));
}

pub async fn a_renewed_lease_is_not_rescued_and_a_lost_one_is_not_renewed(store: &dyn Store) {
    let acme = organization(store, 1).await;
    store.enqueue(vec![follow(acme, 1, at(1)), follow(acme, 2, at(1))]).await.unwrap();
    claim(store, 2, at(1)).await;
    assert_eq!(store.renew(&[(id(1), 1), (id(2), 7), (id(3), 1)], at(500)).await.unwrap(), [id(1)]);
    assert_eq!(store.rescue(at(100), at(100), 9).await.unwrap(), 1);
    assert_eq!(store.renew(&[(id(2), 1)], at(500)).await.unwrap(), Vec::<Uuid>::new());
    assert_eq!(store.renew(&[], at(500)).await.unwrap(), Vec::<Uuid>::new());
}

pub async fn a_released_job_is_ready_as_before(store: &dyn Store) {
    let acme = organization(store, 1).await;
    store.enqueue(vec![follow(acme, 1, at(1)), follow(acme, 2, at(1))]).await.unwrap();
    claim(store, 2, at(1)).await;
    store.release(&[(id(1), 1), (id(2), 9)], at(3)).await.unwrap();
    let again = claim(store, 5, at(3)).await;
    assert_eq!((again.len(), again[0].id, again[0].attempt, again[0].failures), (1, id(1), 2, 0));
    conflict(end(store, finished(id(1), 1, JobOutcome::Done, at(4))).await, "jobs_attempt");
}

pub async fn failures_count_up_and_start_again_after_success(store: &dyn Store) {
    let acme = organization(store, 1).await;
    store.enqueue(vec![follow(acme, 1, at(1))]).await.unwrap();
    for failures in 0..3 {
        let now = at(10 + i64::from(failures));
        let held = claim(store, 1, now).await.remove(0);
        assert_eq!((held.failures, held.attempt), (failures, failures + 1));
        let retry = JobOutcome::Retry { error: "503".into(), at: now.plus(Duration::from_secs(1)) };
        end(store, finished(id(1), held.attempt, retry, now)).await.unwrap();
        assert!(claim(store, 1, now).await.is_empty());
    }
    claim(store, 1, at(20)).await;
    end(store, finished(id(1), 4, JobOutcome::Snooze { until: at(30) }, at(20))).await.unwrap();
    assert_eq!(claim(store, 1, at(30)).await[0].failures, 0);
}

pub async fn the_ends_of_runs_are_counted_by_state(store: &dyn Store) {
    let acme = organization(store, 1).await;
    store.enqueue((1..=5).map(|n| follow(acme, n, at(1))).collect()).await.unwrap();
    claim(store, 4, at(1)).await;
    let ends = vec![
        finished(id(1), 1, JobOutcome::Done, at(2)),
        finished(id(2), 1, JobOutcome::Discard { reason: "gone".into() }, at(2)),
        finished(id(3), 1, JobOutcome::Dead { error: "no".into() }, at(2)),
    ];
    assert!(store.finish(ends).await.unwrap().iter().all(Result::is_ok));
    let c = store.job_counts().await.unwrap();
    assert_eq!((c.ready, c.running, c.done, c.dead, c.cancelled), (1, 1, 1, 1, 1));
    assert!(store.finish(Vec::new()).await.unwrap().is_empty());
}

pub async fn a_dead_job_is_revived_unless_another_took_its_place(store: &dyn Store) {
    let acme = organization(store, 1).await;
    store.enqueue(vec![follow(acme, 1, at(1))]).await.unwrap();
    claim(store, 1, at(1)).await;
    conflict(store.revive_of(acme, id(1), at(2)).await, "jobs_state");
    end(store, finished(id(1), 1, JobOutcome::Dead { error: "no".into() }, at(2))).await.unwrap();
    store.enqueue(vec![NewJob { id: id(2), ..follow(acme, 1, at(1)) }]).await.unwrap();
    conflict(store.revive_of(acme, id(1), at(3)).await, "jobs_key");
    claim(store, 1, at(3)).await;
    end(store, finished(id(2), 1, JobOutcome::Done, at(3))).await.unwrap();
    store.revive_of(acme, id(1), at(4)).await.unwrap();
    let held = claim(store, 1, at(4)).await.remove(0);
    assert_eq!((held.id, held.attempt, held.failures), (id(1), 2, 0));
    assert!(matches!(store.revive_of(acme, id(9), at(4)).await, Err(StoreError::NotFound("job"))));
}

pub async fn claims_are_fair_between_organizations(store: &dyn Store) {
    let (big, small) = (organization(store, 1).await, organization(store, 2).await);
    store.enqueue((1..=50).map(|n| follow(big, n, at(1))).collect()).await.unwrap();
    store.enqueue((101..=103).map(|n| follow(small, n, at(9))).collect()).await.unwrap();
    let claimed = claim(store, 10, at(10)).await;
    let of = |organization| claimed.iter().filter(|c| c.organization == organization).count();
    assert_eq!((of(big), of(small)), (7, 3));
}

pub async fn organizations_take_turns_when_there_are_more_than_jobs_to_claim(store: &dyn Store) {
    for number in 1..=3 {
        let organization = organization(store, number).await;
        store.enqueue((0..5).map(|n| follow(organization, number * 100 + n, at(1))).collect()).await.unwrap();
    }
    let mut after = None;
    let mut served = Vec::new();
    for _ in 0..4 {
        let claimed = store.claim(1, at(1), at(60), after).await.unwrap();
        after = Some(claimed[0].organization);
        served.push(claimed[0].organization);
    }
    assert_eq!(served, [id(1), id(2), id(3), id(1)]);
}

pub async fn what_someone_waits_for_comes_first(store: &dyn Store) {
    let acme = organization(store, 1).await;
    let poll = job(acme, 2, Work::Poll { order: id(5) }, at(2));
    store
        .enqueue(vec![job(acme, 1, Work::Sync, at(1)), poll, follow(acme, 3, at(9)), follow(acme, 4, at(8))])
        .await
        .unwrap();
    let order: Vec<Uuid> = claim(store, 9, at(10)).await.iter().map(|c| c.id).collect();
    assert_eq!(order, [id(4), id(3), id(2), id(1)]);
}

pub async fn nothing_is_claimed_before_its_time(store: &dyn Store) {
    let acme = organization(store, 1).await;
    assert_eq!(store.next_due().await.unwrap(), None);
    store.enqueue(vec![follow(acme, 1, at(10)), follow(acme, 2, at(20))]).await.unwrap();
    assert!(claim(store, 9, at(9)).await.is_empty());
    assert_eq!(store.next_due().await.unwrap(), Some(at(10)));
    assert_eq!(claim(store, 9, at(10)).await.len(), 1);
    assert_eq!(store.next_due().await.unwrap(), Some(at(20)));
    assert!(claim(store, 0, at(99)).await.is_empty());
}

pub async fn eight_claimers_never_share_a_job(store: &dyn Store) {
    let (a, b) = (organization(store, 1).await, organization(store, 2).await);
    store.enqueue((1..=200).map(|n| follow(if n % 3 == 0 { a } else { b }, n, at(1))).collect()).await.unwrap();
    let claimer = || async {
        let mut mine = Vec::new();
        loop {
            let claimed = claim(store, 7, at(1)).await;
            if claimed.is_empty() {
                return mine;
            }
            mine.extend(claimed.into_iter().map(|c| (c.id, c.attempt)));
        }
    };
    let all = futures::future::join_all((0..8).map(|_| claimer())).await.concat();
    assert_eq!(all.len(), 200);
    assert!(all.iter().all(|(_, attempt)| *attempt == 1));
    assert_eq!(all.into_iter().collect::<HashSet<_>>().len(), 200);
}

pub async fn a_conflict_costs_only_the_guilty_run(store: &dyn Store) {
    let acme = organization(store, 1).await;
    store.enqueue((1..=4).map(|n| follow(acme, n, at(1))).collect()).await.unwrap();
    claim(store, 4, at(1)).await;
    let decides = |number, opportunity: &str| Finished {
        effects: vec![domain::job::Effect::Decide(decision(acme, opportunity, 5))],
        ..finished(id(number), 1, JobOutcome::Done, at(2))
    };
    let lost = Finished { attempt: 9, ..decides(3, "c") };
    let answers = store.finish(vec![decides(1, "a"), decides(2, "a"), lost, decides(4, "d")]).await.unwrap();
    assert!(answers[0].is_ok() && answers[3].is_ok());
    let [_, second, third, _] = <[Result<(), StoreError>; 4]>::try_from(answers).unwrap();
    conflict(second, "decisions_entry");
    conflict(third, "jobs_attempt");
    let counts = store.job_counts().await.unwrap();
    assert_eq!((counts.done, counts.running), (2, 2));
    let rows = store.candidates(acme, &CandidateFilter::default(), 10).await.unwrap().rows;
    let decided: Vec<&str> = rows.iter().filter(|r| r.decision.is_some()).map(|r| r.opportunity.as_str()).collect();
    assert_eq!(decided, ["d", "a"]);
}

pub async fn one_job_twice_in_a_batch_ends_once(store: &dyn Store) {
    let acme = organization(store, 1).await;
    store.enqueue(vec![follow(acme, 1, at(1))]).await.unwrap();
    claim(store, 1, at(1)).await;
    let dead = finished(id(1), 1, JobOutcome::Dead { error: "no".into() }, at(2));
    let answers = store.finish(vec![finished(id(1), 1, JobOutcome::Done, at(2)), dead]).await.unwrap();
    assert!(answers[0].is_ok() && answers[1].is_err());
    assert_eq!(store.job_counts().await.unwrap().done, 1);
}

pub async fn a_budget_never_lets_more_through_than_burst_and_rate(store: &dyn Store) {
    let interval = Duration::from_millis(100);
    let mut starts: Vec<Timestamp> = Vec::new();
    let mut now = at(100);
    for step in [0, 0, 0, 0, 0, 30, 0, 700, 0, 0, 0, 0, 1, 250, 0, 0] {
        now = now.plus(Duration::from_millis(step));
        let wait = store.reserve("lever", pace(interval, 3), now).await.unwrap();
        starts.push(now.plus(wait));
    }
    assert_eq!(starts[..4], [at(100), at(100), at(100), at(100).plus(interval)]);
    starts.sort_unstable();
    for (i, first) in starts.iter().enumerate() {
        for (j, last) in starts.iter().enumerate().skip(i) {
            let allowed = 3 + last.since(*first).as_micros() / interval.as_micros();
            assert!((j - i + 1) as u128 <= allowed, "{} calls in {:?}", j - i + 1, last.since(*first));
        }
    }
    assert_eq!(store.budget_used("other").await.unwrap(), None);
    assert_eq!(store.reserve("other", pace(interval, 1), now).await.unwrap(), Duration::ZERO);
    assert_eq!(store.budget_used("other").await.unwrap(), Some(now.plus(interval)));
}

fn pace(interval: Duration, burst: u32) -> Pace {
    Pace { interval, burst, patience: Duration::from_secs(1_000) }
}

pub async fn what_a_dead_process_held_is_ready_now_though_its_lease_lasts(store: &dyn Store) {
    let acme = organization(store, 1).await;
    store.enqueue(vec![follow(acme, 1, at(1))]).await.unwrap();
    store.claim(1, at(10), at(70), None).await.unwrap();
    assert_eq!(store.rescue(at(1_000), at(20), 9).await.unwrap(), 1);
    assert_eq!(store.claim(1, at(20), at(80), None).await.unwrap().len(), 1);
}

pub async fn who_would_wait_too_long_takes_no_place(store: &dyn Store) {
    let pace = Pace { interval: Duration::from_secs(1), burst: 1, patience: Duration::from_secs(2) };
    let mut waits = Vec::new();
    for _ in 0..20 {
        waits.push(store.reserve("lever", pace, at(100)).await.unwrap().as_secs());
    }
    assert_eq!(waits[..3], [0, 1, 2]);
    assert!(waits[3..].iter().all(|w| *w == 3), "the line does not grow: {waits:?}");
    assert_eq!(store.budget_used("lever").await.unwrap().map(|t| t >= at(100)), Some(true));
    assert_eq!(store.reserve("lever", pace, at(103)).await.unwrap(), Duration::ZERO);
}

pub async fn a_held_budget_lets_nothing_through_and_then_its_pace(store: &dyn Store) {
    let interval = Duration::from_secs(1);
    store.hold_back("py", at(200)).await.unwrap();
    store.hold_back("py", at(150)).await.unwrap();
    let mut waits = Vec::new();
    for _ in 0..4 {
        waits.push(store.reserve("py", pace(interval, 2), at(100)).await.unwrap().as_secs());
    }
    assert_eq!(waits, [100, 100, 101, 102]);
}
