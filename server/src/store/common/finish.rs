//! How runs end: outcome and effects in one transaction.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use domain::job::{Effect, Finished, JobOutcome};
use domain::ports::store::{StoreError, Stored};
use uuid::Uuid;

use super::errors::store;
use super::many::{Binding, Many};
use super::{Engine, clean, effects};

static FINISH: Many = Many::new(
    concat!(
        end_job!(),
        "(SELECT column1 AS id, column2 AS attempt, column3 AS state, column4 AS failed, column5 AS run_at, \
         column6 AS error, column7 AS ended_at FROM ("
    ),
    7,
    concat!(") AS ends) AS e", still_held!(), " RETURNING jobs.id, jobs.organization_id"),
);

/// The end of a run as its row.
struct End<'a> {
    id: Uuid,
    attempt: i32,
    state: &'static str,
    failed: bool,
    run_at: i64,
    error: Option<Cow<'a, str>>,
    ended_at: i64,
}

impl<'a> End<'a> {
    fn of(run: &'a Finished) -> Self {
        let at = run.at.as_micros();
        let (state, failed, run_at, error) = match &run.outcome {
            JobOutcome::Done => ("done", false, at, None),
            JobOutcome::Retry { error, at } => ("ready", true, at.as_micros(), Some(error)),
            JobOutcome::Snooze { until } => ("ready", false, until.as_micros(), None),
            JobOutcome::Discard { reason } => ("cancelled", false, at, Some(reason)),
            JobOutcome::Dead { error } => ("dead", true, at, Some(error)),
        };
        let error = error.map(|e| clean(e));
        Self { id: run.job, attempt: run.attempt, state, failed, run_at, error, ended_at: at }
    }

    fn bind<'q>(query: Binding<'q>, end: &'q End<'_>) -> Binding<'q> {
        let query = query.bind(end.id).bind(end.attempt).bind(end.state).bind(end.failed).bind(end.run_at);
        query.bind(end.error.as_deref()).bind(end.ended_at)
    }
}

/// All runs in one transaction. If an effect of one of them fails, each gets its own, so that only the guilty one is lost.
pub(super) async fn finish(engine: &Engine, runs: Vec<Finished>) -> Stored<Vec<Stored<()>>> {
    let all: Vec<&Finished> = runs.iter().collect();
    match together(engine, &all).await {
        Ok(answers) => return Ok(answers),
        Err(error) if runs.len() == 1 => return Ok(vec![Err(error)]),
        Err(_) => {}
    }
    let mut answers = Vec::with_capacity(runs.len());
    for run in &runs {
        answers.push(match together(engine, &[run]).await {
            Ok(mut one) => one.pop().unwrap_or(Ok(())),
            Err(error) => Err(error),
        });
    }
    Ok(answers)
}

/// Ends the runs that still hold their job and applies their effects. An error means that nothing was written.
async fn together(engine: &Engine, runs: &[&Finished]) -> Stored<Vec<Stored<()>>> {
    let mut seen = HashSet::new();
    let first: Vec<bool> = runs.iter().map(|run| seen.insert(run.job)).collect();
    let ends: Vec<End<'_>> =
        runs.iter().zip(&first).filter(|(_, first)| **first).map(|(run, _)| End::of(run)).collect();
    let mut tx = engine.begin().await?;
    let ours: Vec<(Uuid, Uuid)> = FINISH.returned(&mut tx, &ends, End::bind).await?;
    let ours: HashMap<Uuid, Uuid> = ours.into_iter().collect();
    let mut answers = Vec::with_capacity(runs.len());
    let mut applied: Vec<(Option<Uuid>, &[Effect])> = Vec::with_capacity(runs.len());
    for (run, first) in runs.iter().zip(first) {
        let organization = ours.get(&run.job).copied().filter(|_| first);
        if organization.is_some() {
            applied.push((organization, &run.effects));
        }
        answers.push(organization.map(|_| ()).ok_or_else(|| StoreError::Conflict("jobs_attempt".to_owned())));
    }
    effects::apply_all(&mut tx, &applied).await?;
    tx.commit().await.map_err(store)?;
    Ok(answers)
}
