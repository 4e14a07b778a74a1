//! Results that were not ordered, as they wait, are decided and are listed.

use async_trait::async_trait;
use domain::Timestamp;
use domain::audit::{Act, Author};
use domain::contact::Contact;
use domain::identity::Key;
use domain::incoming::{Incoming, Standing, State};
use domain::job::NewJob;
use domain::opportunity::Opportunity;
use domain::order::Order;
use domain::ports::store::{Found, Matching, NewIncoming, Queued, StoreError, Stored, Withdrawal};
use domain::read::{MatchFigures, MatchLine, RowCursor};
use serde::Serialize;
use uuid::Uuid;

use super::audit::{NewEntry, append};
use super::errors::store;
use super::list_rows::MatchRow;
use super::rows::{self, IncomingRow, OrderRecord, all, time};
use super::{Engine, clean, contacts, dialect, json, list, queue};

/// Waiting results, the longest waiting first. Parameters: organization, now, cursor (time, id), rows.
macro_rules! queue_page {
    ($which:literal) => {
        concat!(
            "SELECT ",
            incoming_columns!(),
            " FROM incoming_results i WHERE i.organization_id = $1 AND i.state = 'review' AND i.snoozed_until ",
            $which,
            " $2 AND (i.received_at, i.id) > ($3, $4) ORDER BY i.received_at, i.id LIMIT $5"
        )
    };
}

/// Those that wait now, and those that were put aside.
pub(super) const REVIEWS: [&str; 2] = [queue_page!("<="), queue_page!(">")];

/// Parameters: organization, now, rows.
pub(super) const DUE_RESULTS: &str = concat!(
    "SELECT ",
    incoming_columns!(),
    " FROM incoming_results i WHERE i.organization_id = $1 AND i.resolve_at IS NOT NULL AND i.resolve_at <= $2 \
     ORDER BY i.resolve_at LIMIT $3"
);

/// Parameters: organization, cursor (time, id), state, rows.
pub(super) const INCOMING_RESULTS: &str = concat!(
    "SELECT ",
    incoming_columns!(),
    " FROM incoming_results i WHERE i.organization_id = $1 AND (i.received_at, i.id) < ($2, $3) \
     AND ($4 IS NULL OR i.state = $4) ORDER BY i.received_at DESC, i.id DESC LIMIT $5"
);

/// Parameters: organization, opportunity.
pub(super) const LINKED_TO: &str = concat!(
    "SELECT ",
    incoming_columns!(),
    " FROM incoming_results i WHERE i.organization_id = $1 AND i.opportunity = $2 AND i.opportunity IS NOT NULL"
);

/// Parameters: organization, person, id.
pub(super) const ALIKE: &str = concat!(
    "SELECT ",
    incoming_columns!(),
    " FROM incoming_results i WHERE i.organization_id = $1 AND i.state = 'review' AND i.person = $2 AND i.id <> $3 LIMIT 50"
);

/// Parameters: organization, vendor, its id.
pub(super) const BY_REFERENCE: &str = concat!(
    "SELECT ",
    order_columns!(),
    " FROM orders WHERE organization_id = $1 AND vendor = $2 AND vendor_ref IS NOT NULL AND vendor_ref = $3 \
     ORDER BY created_at DESC LIMIT 1"
);

/// Parameters: organization, by people, cursor (time, id), rows.
pub(super) const HISTORY: &str = concat!(
    "SELECT ",
    incoming_columns!(),
    ", d.id AS decision_id, d.act, d.who, d.by_person, d.decided_at, d.took_millis, d.agreed, d.reverted_at, \
     d.reverted_by, c.data AS contact_data FROM match_decisions d CROSS JOIN incoming_results i \
     LEFT JOIN contacts c ON c.organization_id = d.organization_id AND c.contact = d.contact \
     WHERE i.id = d.incoming_id AND d.organization_id = $1 AND d.by_person = $2 \
     AND (d.decided_at, d.id) < ($3, $4) ORDER BY d.decided_at DESC, d.id DESC LIMIT $5"
);

/// Parameters: organization, since.
pub(super) const FIGURES: &str = "SELECT count(*), count(CASE WHEN agreed THEN 1 END) FROM match_decisions \
    WHERE organization_id = $1 AND agreed IS NOT NULL AND decided_at >= $2";

/// Parameters: organization, opportunity, vendor.
pub(super) const WITHDRAWALS: &str = "SELECT order_id, report_token FROM withdrawals WHERE organization_id = $1 \
    AND opportunity = $2 AND vendor = $3 AND done_at IS NULL ORDER BY order_id";

/// About how many people there are: candidacies, found in their narrow index. Parameters: organization, cap.
pub(super) const CONTACT_COUNT: &str =
    "SELECT count(*) FROM (SELECT contact FROM candidacies WHERE organization_id = $1 AND contact > '' LIMIT $2) found";

#[derive(Serialize)]
struct ResultLine<'a> {
    id: Uuid,
    vendor: &'a str,
    reference: std::borrow::Cow<'a, str>,
    given: String,
    person: i64,
    standing: String,
}

#[derive(Serialize)]
struct ResultKey {
    key: i64,
    incoming: Uuid,
}

fn lines<'a>(results: &'a [NewIncoming]) -> Stored<Vec<ResultLine<'a>>> {
    let standing = json(&Standing::default())?;
    let line = |new: &'a NewIncoming| {
        Ok(ResultLine {
            id: new.id,
            vendor: &new.given.vendor,
            reference: clean(&new.given.reference),
            given: json(&new.given)?,
            person: new.given.person.fingerprint(),
            standing: standing.clone(),
        })
    };
    results.iter().map(line).collect()
}

fn start(after: Option<RowCursor>) -> (i64, Uuid) {
    after.map_or((i64::MIN, Uuid::nil()), |cursor| (cursor.at.as_micros(), cursor.id))
}

fn end(before: Option<RowCursor>) -> (i64, Uuid) {
    before.map_or((i64::MAX, Uuid::max()), |cursor| (cursor.at.as_micros(), cursor.id))
}

#[async_trait]
impl Matching for Engine {
    async fn news(&self, organization: Uuid, opportunities: &[Opportunity]) -> Stored<Vec<usize>> {
        contacts::news(self, organization, opportunities).await
    }

    async fn keep_people(&self, organization: Uuid, opportunities: &[Opportunity]) -> Stored<()> {
        if opportunities.is_empty() {
            return Ok(());
        }
        let readings = opportunities.iter().map(|o| ((organization, o.id.as_str()), o)).collect();
        let mut tx = self.begin().await?;
        contacts::keep(&mut tx, &readings).await?;
        tx.commit().await.map_err(store)
    }

    async fn mark(&self, organization: Uuid, name: &str) -> Stored<Option<Timestamp>> {
        let at: Option<i64> = sqlx::query_scalar("SELECT at FROM marks WHERE organization_id = $1 AND name = $2")
            .bind(organization)
            .bind(name)
            .fetch_optional(&mut *self.reader().await?)
            .await
            .map_err(store)?;
        Ok(at.map(time))
    }

    async fn lookup(&self, organization: Uuid, keys: &[Key], per_key: u32, most: usize) -> Stored<Found> {
        contacts::lookup(self, organization, keys, per_key, most).await
    }

    async fn contacts(&self, organization: Uuid, ids: &[String]) -> Stored<Vec<Contact>> {
        contacts::of_ids(self, organization, ids).await
    }

    async fn contact_count(&self, organization: Uuid, cap: u32) -> Stored<i64> {
        sqlx::query_scalar(CONTACT_COUNT)
            .bind(organization)
            .bind(i64::from(cap))
            .fetch_one(&mut *self.reader().await?)
            .await
            .map_err(store)
    }

    async fn candidacies(&self, organization: Uuid, of: &[String]) -> Stored<Vec<Opportunity>> {
        contacts::candidacies(self, organization, of).await
    }

    async fn receive_results(
        &self,
        organization: Uuid,
        results: &[NewIncoming],
        job: NewJob,
        by: &Author,
    ) -> Stored<usize> {
        let mut tx = self.begin().await?;
        let new: Vec<Uuid> = sqlx::query_scalar(dialect::RECEIVE_RESULTS)
            .bind(organization)
            .bind(list(&lines(results)?)?)
            .bind(by.at.as_micros())
            .fetch_all(&mut *tx)
            .await
            .map_err(store)?;
        if new.is_empty() {
            return Ok(0);
        }
        let is_new: std::collections::HashSet<&Uuid> = new.iter().collect();
        let keys: Vec<ResultKey> = results
            .iter()
            .filter(|result| is_new.contains(&result.id))
            .flat_map(|result| result.keys.iter().map(|key| ResultKey { key: key.hash, incoming: result.id }))
            .collect();
        sqlx::query(dialect::ADD_RESULT_KEYS)
            .bind(organization)
            .bind(list(&keys)?)
            .execute(&mut *tx)
            .await
            .map_err(store)?;
        let vendor = results.first().map_or("", |result| result.given.vendor.as_str());
        let after = format!("{} new", new.len());
        let entry = NewEntry {
            organization: Some(organization),
            by,
            act: Act::ResultsImported,
            target: vendor,
            before: None,
            after: Some(&after),
        };
        append(&mut tx, entry).await?;
        queue::enqueue(&mut tx, &[&job]).await?;
        tx.commit().await.map_err(store)?;
        Ok(new.len())
    }

    async fn due_results(&self, organization: Uuid, now: Timestamp, limit: u32) -> Stored<Vec<Incoming>> {
        let rows: Vec<IncomingRow> = sqlx::query_as(DUE_RESULTS)
            .bind(organization)
            .bind(now.as_micros())
            .bind(i64::from(limit))
            .fetch_all(&mut *self.reader().await?)
            .await
            .map_err(store)?;
        all(rows)
    }

    async fn same_as_before(&self, organization: Uuid, looked_at: &[&Incoming]) -> Stored<()> {
        if looked_at.is_empty() {
            return Ok(());
        }
        let lines: Vec<_> = looked_at.iter().map(|i| (i.id, i.version, i.due.map(Timestamp::as_micros))).collect();
        sqlx::query(dialect::SAME_RESULTS)
            .bind(organization)
            .bind(list(&lines)?)
            .execute(&mut *self.writer().await?)
            .await
            .map_err(store)?;
        Ok(())
    }

    async fn incoming(&self, organization: Uuid, id: Uuid) -> Stored<Incoming> {
        let row: Option<IncomingRow> = sqlx::query_as(concat!(
            "SELECT ",
            incoming_columns!(),
            " FROM incoming_results i WHERE i.id = $1 AND i.organization_id = $2"
        ))
        .bind(id)
        .bind(organization)
        .fetch_optional(&mut *self.reader().await?)
        .await
        .map_err(store)?;
        row.ok_or(StoreError::NotFound("result"))?.try_into()
    }

    async fn reviews(
        &self,
        organization: Uuid,
        which: Queued,
        now: Timestamp,
        after: Option<RowCursor>,
        limit: u32,
    ) -> Stored<Vec<Incoming>> {
        let (at, id) = start(after);
        let rows: Vec<IncomingRow> = sqlx::query_as(REVIEWS[usize::from(which == Queued::Snoozed)])
            .bind(organization)
            .bind(now.as_micros())
            .bind(at)
            .bind(id)
            .bind(i64::from(limit))
            .fetch_all(&mut *self.reader().await?)
            .await
            .map_err(store)?;
        all(rows)
    }

    async fn alike(&self, incoming: &Incoming) -> Stored<Vec<Incoming>> {
        let rows: Vec<IncomingRow> = sqlx::query_as(ALIKE)
            .bind(incoming.organization)
            .bind(incoming.given.person.fingerprint())
            .bind(incoming.id)
            .fetch_all(&mut *self.reader().await?)
            .await
            .map_err(store)?;
        all(rows)
    }

    async fn incoming_results(
        &self,
        organization: Uuid,
        state: Option<State>,
        before: Option<RowCursor>,
        limit: u32,
    ) -> Stored<Vec<Incoming>> {
        let (at, id) = end(before);
        let rows: Vec<IncomingRow> = sqlx::query_as(INCOMING_RESULTS)
            .bind(organization)
            .bind(at)
            .bind(id)
            .bind(state.map(State::as_str))
            .bind(i64::from(limit))
            .fetch_all(&mut *self.reader().await?)
            .await
            .map_err(store)?;
        all(rows)
    }

    async fn linked_to(&self, organization: Uuid, opportunity: &str) -> Stored<Vec<Incoming>> {
        let rows: Vec<IncomingRow> = sqlx::query_as(LINKED_TO)
            .bind(organization)
            .bind(opportunity)
            .fetch_all(&mut *self.reader().await?)
            .await
            .map_err(store)?;
        all(rows)
    }

    async fn order_by_reference(&self, organization: Uuid, vendor: &str, reference: &str) -> Stored<Option<Order>> {
        let row: Option<OrderRecord> = sqlx::query_as(BY_REFERENCE)
            .bind(organization)
            .bind(vendor)
            .bind(clean(reference))
            .fetch_optional(&mut *self.reader().await?)
            .await
            .map_err(store)?;
        row.map(Order::try_from).transpose()
    }

    async fn look(&self, incoming: Uuid, who: &str, now: Timestamp, until: Timestamp) -> Stored<Vec<String>> {
        let mut tx = self.begin().await?;
        sqlx::query("DELETE FROM incoming_looks WHERE incoming_id = $1 AND until <= $2")
            .bind(incoming)
            .bind(now.as_micros())
            .execute(&mut *tx)
            .await
            .map_err(store)?;
        let there: Vec<String> =
            sqlx::query_scalar("SELECT who FROM incoming_looks WHERE incoming_id = $1 ORDER BY who")
                .bind(incoming)
                .fetch_all(&mut *tx)
                .await
                .map_err(store)?;
        sqlx::query(
            "INSERT INTO incoming_looks (incoming_id, who, until) VALUES ($1, $2, $3) \
             ON CONFLICT (incoming_id, who) DO UPDATE SET until = excluded.until",
        )
        .bind(incoming)
        .bind(clean(who))
        .bind(until.as_micros())
        .execute(&mut *tx)
        .await
        .map_err(store)?;
        let (known, others): (Vec<String>, Vec<String>) = there.into_iter().partition(|name| name == who);
        // Whoever was there first hears that someone came.
        if known.is_empty() && !others.is_empty() {
            sqlx::query("UPDATE incoming_results SET changed_at = $2 WHERE id = $1 AND changed_at < $2")
                .bind(incoming)
                .bind(now.as_micros())
                .execute(&mut *tx)
                .await
                .map_err(store)?;
        }
        tx.commit().await.map_err(store)?;
        Ok(others)
    }

    async fn lookers(&self, incoming: &[Uuid], now: Timestamp) -> Stored<Vec<(Uuid, String)>> {
        sqlx::query_as(dialect::LOOKERS)
            .bind(list(incoming)?)
            .bind(now.as_micros())
            .fetch_all(&mut *self.reader().await?)
            .await
            .map_err(store)
    }

    async fn match_history(
        &self,
        organization: Uuid,
        by_people: bool,
        before: Option<RowCursor>,
        limit: u32,
    ) -> Stored<Vec<MatchLine>> {
        let (at, id) = end(before);
        let rows: Vec<MatchRow> = sqlx::query_as(HISTORY)
            .bind(organization)
            .bind(by_people)
            .bind(at)
            .bind(id)
            .bind(i64::from(limit))
            .fetch_all(&mut *self.reader().await?)
            .await
            .map_err(store)?;
        all(rows)
    }

    async fn match_figures(&self, organization: Uuid, since: Timestamp) -> Stored<MatchFigures> {
        let (second, agreed): (i64, i64) = sqlx::query_as(FIGURES)
            .bind(organization)
            .bind(since.as_micros())
            .fetch_one(&mut *self.reader().await?)
            .await
            .map_err(store)?;
        Ok(MatchFigures { second, agreed })
    }

    async fn standing_before(&self, organization: Uuid, decision: Uuid) -> Stored<Standing> {
        let before: Option<String> =
            sqlx::query_scalar("SELECT before FROM match_decisions WHERE id = $1 AND organization_id = $2")
                .bind(decision)
                .bind(organization)
                .fetch_optional(&mut *self.reader().await?)
                .await
                .map_err(store)?;
        rows::json("standing", &before.ok_or(StoreError::NotFound("decision"))?)
    }

    async fn withdrawals(&self, organization: Uuid, opportunity: &str, vendor: &str) -> Stored<Vec<Withdrawal>> {
        let rows: Vec<(Uuid, String)> = sqlx::query_as(WITHDRAWALS)
            .bind(organization)
            .bind(opportunity)
            .bind(vendor)
            .fetch_all(&mut *self.reader().await?)
            .await
            .map_err(store)?;
        Ok(rows.into_iter().map(|(order, report_token)| Withdrawal { order, report_token }).collect())
    }
}
