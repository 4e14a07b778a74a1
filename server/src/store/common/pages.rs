//! What pages show.

use async_trait::async_trait;
use domain::activity::Activity;
use domain::job::DecisionRecord;
use domain::order::{Order, OrderState};
use domain::outcome::Outcome;
use domain::ports::store::{Pages, StoreError, Stored};
use domain::read::{
    COUNTED, CandidateFilter, CandidatePage, CandidateRow, Cursor, HOME_SENDS, HomePage, OpenIssue, Shown, Stamp,
};
use domain::{Personal, Timestamp};
use uuid::Uuid;

use super::errors::store;
use super::list_rows::{ShownRow, StampRow};
use super::orders::orders_of;
use super::rows::{self, ActivityRow, IssueRow, NamedDecision, all, time};
use super::{Engine, clean, cut, dialect};

/// Most rows on a page of candidates.
const MOST: u32 = 1_000;

/// Which statement over candidates: each has the index of its own. What waits is the least, and a result comes in one state
/// only, so an outcome narrows more than a state.
#[derive(Clone, Copy)]
enum Narrow {
    Not = 0,
    Waiting = 1,
    Outcome = 2,
    State = 3,
    Stage = 4,
}

impl Narrow {
    const fn by(filter: &CandidateFilter) -> Self {
        match (filter.waiting, filter.outcome, filter.state, &filter.stage) {
            (true, _, _, _) => Self::Waiting,
            (_, Some(_), _, _) => Self::Outcome,
            (_, _, Some(_), _) => Self::State,
            (_, _, _, Some(_)) => Self::Stage,
            _ => Self::Not,
        }
    }
}

/// What is searched for, as names and addresses are kept for it.
fn search(filter: &CandidateFilter) -> (Option<String>, Option<String>) {
    let text = filter.search.as_deref().map(|s| s.trim().replace('\0', "").to_lowercase()).filter(|s| !s.is_empty());
    let address = text.as_deref().map(|s| format!("\n{s}\n"));
    (text, address)
}

/// Since when; without it a time that all are above.
fn since(filter: &CandidateFilter) -> i64 {
    filter.since.map_or(i64::MIN, Timestamp::as_micros)
}

/// Parameter: organization.
pub(super) const STAMP: &str = concat!("SELECT ", stamp_columns!(), " FROM organizations o WHERE o.id = $1");
/// Parameters: slug, now, cap.
pub(super) const SHOWN: &str = concat!(
    organization_select!(concat!(", ", stamp_columns!(), ", ", reviews_waiting!("$2", "$3"), " AS reviews_waiting")),
    "WHERE o.slug = $1"
);

/// Counts of orders, each a range of an index.
macro_rules! reached {
    ($first:literal $(, $bits:literal)*) => {
        concat!(reached!(@ $first), $(" UNION ALL ", reached!(@ $bits)),*)
    };
    (@ $bits:literal) => {
        concat!(
            "SELECT ", $bits, ", count(*) FROM orders WHERE organization_id = $1 AND reached = ", $bits,
            " AND created_at >= $2"
        )
    };
}

/// How many orders came how far: all values that the bits of `reached` can make, counted one by one, which is faster than to group
/// them. Parameters: organization, since.
pub(super) const FUNNEL: &str = reached!(0, 1, 3, 5, 7, 9, 11, 13, 15);

impl Engine {
    async fn figures(&self, organization: Uuid, since: Timestamp) -> Stored<HomePage> {
        let rows: Vec<(i32, i64)> = sqlx::query_as(FUNNEL)
            .bind(organization)
            .bind(since.as_micros())
            .fetch_all(&mut *self.reader().await?)
            .await
            .map_err(store)?;
        let all = |bit: i32| rows.iter().filter(|(reached, _)| reached & bit == bit).map(|(_, count)| count).sum();
        Ok(HomePage {
            ordered: all(0),
            invited: all(1),
            started: all(2),
            completed: all(4),
            written: all(8),
            ..HomePage::default()
        })
    }

    /// How many jobs failed for good, and when the last delivery came.
    async fn dead_and_last(&self, organization: Uuid) -> Stored<(i64, Option<Timestamp>)> {
        let (dead, last): (i64, Option<i64>) = sqlx::query_as(
            "SELECT (SELECT count(*) FROM jobs WHERE organization_id = $1 AND state = 'dead'), \
             (SELECT max(received_at) FROM deliveries WHERE organization_id = $1)",
        )
        .bind(organization)
        .fetch_one(&mut *self.reader().await?)
        .await
        .map_err(store)?;
        Ok((dead, last.map(time)))
    }

    /// Candidates with a send that only a person can settle; the order shown is that one.
    async fn unknown_sends(&self, organization: Uuid) -> Stored<Vec<CandidateRow>> {
        let sends: String = sqlx::query_scalar(dialect::UNKNOWN_SENDS)
            .bind(organization)
            .bind(HOME_SENDS)
            .fetch_one(&mut *self.reader().await?)
            .await
            .map_err(store)?;
        rows::candidates(&sends)
    }

    async fn latest_decisions(&self, organization: Uuid) -> Stored<Vec<(Personal, DecisionRecord)>> {
        let rows: Vec<NamedDecision> = sqlx::query_as(
            "SELECT d.organization_id, d.opportunity, d.stage, d.entered_at, d.vendor, d.decision, d.rules_version, \
             d.decided_at, o.name FROM decisions d LEFT JOIN opportunities o \
             ON o.organization_id = d.organization_id AND o.opportunity = d.opportunity \
             WHERE d.organization_id = $1 ORDER BY d.decided_at DESC LIMIT 10",
        )
        .bind(organization)
        .fetch_all(&mut *self.reader().await?)
        .await
        .map_err(store)?;
        let named = |row: NamedDecision| Ok((Personal::new(row.name.unwrap_or_default()), row.decision.try_into()?));
        rows.into_iter().map(named).collect()
    }
}

#[async_trait]
impl Pages for Engine {
    async fn stamp(&self, organization: Uuid) -> Stored<Stamp> {
        let row: StampRow =
            sqlx::query_as(STAMP).bind(organization).fetch_one(&mut *self.reader().await?).await.map_err(store)?;
        Ok(row.into())
    }

    async fn shown(&self, slug: &str, now: Timestamp, cap: u32) -> Stored<Shown> {
        let row: Option<ShownRow> = sqlx::query_as(SHOWN)
            .bind(slug)
            .bind(now.as_micros())
            .bind(i64::from(cap))
            .fetch_optional(&mut *self.reader().await?)
            .await
            .map_err(store)?;
        row.ok_or(StoreError::NotFound("organization"))?.try_into()
    }

    async fn home(&self, organization: Uuid, since: Timestamp) -> Stored<HomePage> {
        // Beside each other: the figures take longer than all the rest.
        let (figures, (dead_jobs, last_delivery), unknown_sends, issues, decisions) = futures::try_join!(
            self.figures(organization, since),
            self.dead_and_last(organization),
            self.unknown_sends(organization),
            self.open_issues(organization),
            self.latest_decisions(organization),
        )?;
        Ok(HomePage { unknown_sends, issues, dead_jobs, last_delivery, decisions, ..figures })
    }

    async fn candidates(&self, organization: Uuid, filter: &CandidateFilter, size: u32) -> Stored<CandidatePage> {
        let size = size.clamp(1, MOST);
        let (text, address) = search(filter);
        let (at, opportunity) =
            filter.after.as_ref().map_or((i64::MAX, ""), |cursor| (cursor.at.as_micros(), cursor.opportunity.as_str()));
        let (list, total): (String, Option<i64>) = sqlx::query_as(dialect::CANDIDATES[Narrow::by(filter) as usize])
            .bind(organization)
            .bind(text)
            .bind(address)
            .bind(filter.state.map(OrderState::as_str))
            .bind(filter.outcome.map(Outcome::as_str))
            .bind(filter.stage.as_deref().map(clean))
            .bind(filter.waiting)
            .bind(since(filter))
            .bind(at)
            .bind(opportunity)
            .bind(i64::from(size) + 1)
            .bind((!filter.narrows()).then_some(i64::from(COUNTED)))
            .fetch_one(&mut *self.reader().await?)
            .await
            .map_err(store)?;
        let mut rows = rows::candidates(&list)?;
        let more = cut(&mut rows, size);
        let cursor = |row: &CandidateRow| Cursor { at: row.changed_at, opportunity: row.opportunity.clone() };
        let next = rows.last().filter(|_| more).map(cursor);
        Ok(CandidatePage { rows, next, total })
    }

    async fn candidate_count(&self, organization: Uuid, filter: &CandidateFilter, cap: u32) -> Stored<i64> {
        let (text, address) = search(filter);
        sqlx::query_scalar(dialect::CANDIDATE_COUNTS[Narrow::by(filter) as usize])
            .bind(organization)
            .bind(text)
            .bind(address)
            .bind(filter.state.map(OrderState::as_str))
            .bind(filter.outcome.map(Outcome::as_str))
            .bind(filter.stage.as_deref().map(clean))
            .bind(filter.waiting)
            .bind(since(filter))
            .bind(i64::from(cap))
            .fetch_one(&mut *self.reader().await?)
            .await
            .map_err(store)
    }

    async fn candidate(
        &self,
        organization: Uuid,
        opportunity: &str,
    ) -> Stored<(CandidateRow, Vec<Order>, Vec<Activity>)> {
        let mut conn = self.reader().await?;
        let row: Option<String> = sqlx::query_scalar(dialect::CANDIDATE)
            .bind(organization)
            .bind(opportunity)
            .fetch_optional(&mut *conn)
            .await
            .map_err(store)?;
        let row = rows::candidate(&row.ok_or(StoreError::NotFound("candidate"))?)?;
        let timeline: Vec<ActivityRow> = sqlx::query_as(
            "SELECT id, organization_id, opportunity, order_id, happened_at, event FROM activities \
             WHERE organization_id = $1 AND opportunity = $2 ORDER BY happened_at DESC, id DESC",
        )
        .bind(organization)
        .bind(opportunity)
        .fetch_all(&mut *conn)
        .await
        .map_err(store)?;
        Ok((row, orders_of(&mut conn, organization, opportunity).await?, all(timeline)?))
    }

    async fn open_issues(&self, organization: Uuid) -> Stored<Vec<OpenIssue>> {
        let rows: Vec<IssueRow> = sqlx::query_as(
            "SELECT cause, detail, opened_at, last_seen, count FROM issues \
             WHERE organization_id = $1 AND closed_at IS NULL ORDER BY opened_at, cause",
        )
        .bind(organization)
        .fetch_all(&mut *self.reader().await?)
        .await
        .map_err(store)?;
        Ok(rows.into_iter().map(OpenIssue::from).collect())
    }
}
