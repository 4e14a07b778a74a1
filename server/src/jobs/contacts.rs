//! Read from Lever which people changed, so that whose a result is can be found without asking Lever about anybody. The first
//! time all are read; afterwards a single call mostly says that nothing changed.

use std::time::Duration;

use domain::Timestamp;
use domain::job::{Claimed, Effect, JobOutcome, Work};
use domain::ports::store::StoreError;

use super::sync::{later, patiently};
use super::{Context, Ran, Remote, new_job};
use crate::connections::Connection;

/// Under this name it is kept how far Lever was read; nothing before everybody was read once.
pub(super) const MARK: &str = "lever.opportunities";
/// So much is read twice: clocks differ, and a change may show a moment later.
const OVERLAP: Duration = Duration::from_secs(120);
/// Pages of one run: half a million opportunities. More means that the list turns in circles.
const MOST_PAGES: usize = 5_000;

pub(super) async fn run(cx: &Context, connection: &Connection, job: &Claimed) -> Result<Ran, StoreError> {
    let (lever, organization) = (Remote::lever(connection), job.organization);
    let asked = cx.clock.now();
    let since = cx.store.mark(organization, MARK).await?.map(|at| at.minus(OVERLAP));
    let mut cursor: Option<String> = None;
    for _ in 0..MOST_PAGES {
        let page = patiently(|| connection.ats_bulk.opportunities_since(since, cursor.as_deref())).await;
        let page = match page {
            Ok(page) => page,
            Err(error) => return Ok(later(cx, job, &error, &lever, Vec::new())),
        };
        let places = cx.store.news(organization, &page.items).await?;
        let news: Vec<_> = places.into_iter().map(|place| page.items[place].clone()).collect();
        cx.store.keep_people(organization, &news).await?;
        cursor = page.next;
        if cursor.is_none() {
            break;
        }
    }
    let mut effects = vec![Effect::Mark { organization, name: MARK, at: asked }];
    if since.is_none() {
        // Results have waited for this.
        effects.push(Effect::Enqueue(new_job(organization, Work::Resolve, asked)));
    }
    Ok((next(cx, asked), effects))
}

fn next(cx: &Context, asked: Timestamp) -> JobOutcome {
    JobOutcome::Snooze { until: asked.plus(cx.sync_every) }
}
