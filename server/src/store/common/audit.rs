//! The record of changes: appended in the transaction of the change, each entry bound to the one before by its hash.

use async_trait::async_trait;
use domain::audit::{Act, AuditFilter, Author, ChainState, Entry, Source};
use domain::ports::store::{Audit, Stored};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use super::errors::{store, unreadable};
use super::rows::time;
use super::{Conn, Engine, clean};

/// Entries read at a time while walking through a chain.
const STEP: i64 = 1_000;
/// Longest text of an entry, in characters: what was changed is kept whole elsewhere.
const LONGEST: usize = 8_000;

/// What is added to a chain.
pub(super) struct NewEntry<'a> {
    pub organization: Option<Uuid>,
    pub by: &'a Author,
    pub act: Act,
    pub target: &'a str,
    pub before: Option<&'a str>,
    pub after: Option<&'a str>,
}

#[derive(sqlx::FromRow)]
struct Row {
    number: i64,
    at: i64,
    who: String,
    source: String,
    act: String,
    target: String,
    before: Option<String>,
    after: Option<String>,
    hash: Vec<u8>,
}

/// The parts of an entry in a fixed order, each with its length before it, so that no two entries look alike.
fn hash(before: &[u8], chain: Uuid, row: &Row) -> Vec<u8> {
    let mut hasher = Sha256::new();
    let mut part = |bytes: &[u8]| {
        hasher.update((bytes.len() as u64).to_be_bytes());
        hasher.update(bytes);
    };
    part(before);
    part(chain.as_bytes());
    part(&row.number.to_be_bytes());
    part(&row.at.to_be_bytes());
    for text in [&row.who, &row.source, &row.act, &row.target] {
        part(text.as_bytes());
    }
    for text in [&row.before, &row.after] {
        part(&[u8::from(text.is_some())]);
        part(text.as_deref().unwrap_or_default().as_bytes());
    }
    hasher.finalize().to_vec()
}

fn text(text: &str) -> String {
    clean(text).chars().take(LONGEST).collect()
}

/// Adds an entry. The head is written first: on PostgreSQL that makes others wait for this chain.
pub(super) async fn append(conn: &mut Conn, entry: NewEntry<'_>) -> Stored<()> {
    let chain = entry.organization.unwrap_or_default();
    let (number, before): (i64, Vec<u8>) = sqlx::query_as(
        "INSERT INTO audit_heads (chain, number, hash) VALUES ($1, 1, $2) \
         ON CONFLICT (chain) DO UPDATE SET number = audit_heads.number + 1 RETURNING number, hash",
    )
    .bind(chain)
    .bind(Vec::<u8>::new())
    .fetch_one(&mut *conn)
    .await
    .map_err(store)?;
    let mut row = Row {
        number,
        at: entry.by.at.as_micros(),
        who: text(&entry.by.who),
        source: entry.by.source.as_str().to_owned(),
        act: entry.act.as_str().to_owned(),
        target: text(entry.target),
        before: entry.before.map(text),
        after: entry.after.map(text),
        hash: Vec::new(),
    };
    row.hash = hash(&before, chain, &row);
    sqlx::query(
        "INSERT INTO audit (chain, number, at, who, source, act, target, before, after, hash) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
    )
    .bind(chain)
    .bind(row.number)
    .bind(row.at)
    .bind(row.who)
    .bind(row.source)
    .bind(row.act)
    .bind(row.target)
    .bind(row.before)
    .bind(row.after)
    .bind(&row.hash[..])
    .execute(&mut *conn)
    .await
    .map_err(store)?;
    let head = sqlx::query("UPDATE audit_heads SET hash = $2 WHERE chain = $1").bind(chain).bind(row.hash);
    head.execute(conn).await.map_err(store)?;
    Ok(())
}

fn entry(row: Row) -> Stored<Entry> {
    Ok(Entry {
        number: row.number,
        at: time(row.at),
        source: Source::parse(&row.source).ok_or_else(|| unreadable("source of a change", &row.source))?,
        act: Act::parse(&row.act).ok_or_else(|| unreadable("kind of change", &row.act))?,
        who: row.who,
        target: row.target,
        before: row.before,
        after: row.after,
    })
}

/// Each filter has an index of its own.
pub(super) const AUDIT: [&str; 4] = [
    concat!(audit_entries!(), " ORDER BY number DESC LIMIT $5"),
    concat!(audit_entries!(), " AND act = $3 ORDER BY number DESC LIMIT $5"),
    concat!(audit_entries!(), " AND who = $4 ORDER BY number DESC LIMIT $5"),
    concat!(audit_entries!(), " AND act = $3 AND who = $4 ORDER BY number DESC LIMIT $5"),
];

#[async_trait]
impl Audit for Engine {
    async fn audit(&self, organization: Option<Uuid>, filter: &AuditFilter, limit: u32) -> Stored<Vec<Entry>> {
        let which = usize::from(filter.act.is_some()) + 2 * usize::from(filter.who.is_some());
        let rows: Vec<Row> = sqlx::query_as(AUDIT[which])
            .bind(organization.unwrap_or_default())
            .bind(filter.before.unwrap_or(i64::MAX))
            .bind(filter.act.map(Act::as_str))
            .bind(filter.who.as_deref().map(clean))
            .bind(i64::from(limit))
            .fetch_all(&mut *self.reader().await?)
            .await
            .map_err(store)?;
        rows.into_iter().map(entry).collect()
    }

    async fn verify_audit(&self) -> Stored<Vec<ChainState>> {
        let heads: Vec<(Uuid, i64, Vec<u8>, Option<String>)> = sqlx::query_as(
            "SELECT h.chain, h.number, h.hash, o.slug FROM audit_heads h LEFT JOIN organizations o ON o.id = h.chain \
             ORDER BY o.slug",
        )
        .fetch_all(&mut *self.reader().await?)
        .await
        .map_err(store)?;
        let mut states = Vec::with_capacity(heads.len());
        for (chain, number, hash, organization) in heads {
            let (entries, broken_at) = self.walk(chain, number, &hash).await?;
            let organization =
                organization.or_else(|| (!chain.is_nil()).then(|| format!("the removed organization {chain}")));
            states.push(ChainState { organization, entries, broken_at });
        }
        Ok(states)
    }
}

impl Engine {
    /// How many entries a chain has, and the first that is not what was written.
    async fn walk(&self, chain: Uuid, last: i64, head: &[u8]) -> Stored<(i64, Option<i64>)> {
        let (mut number, mut before, mut broken) = (0, Vec::new(), None);
        loop {
            let rows: Vec<Row> = sqlx::query_as(
                "SELECT number, at, who, source, act, target, before, after, hash FROM audit \
                 WHERE chain = $1 AND number > $2 ORDER BY number LIMIT $3",
            )
            .bind(chain)
            .bind(number)
            .bind(STEP)
            .fetch_all(&mut *self.reader().await?)
            .await
            .map_err(store)?;
            if rows.is_empty() {
                break;
            }
            for row in rows {
                let is_right = row.number == number + 1 && row.hash == hash(&before, chain, &row);
                broken = broken.or((!is_right).then_some(number + 1));
                number = row.number;
                before = row.hash;
            }
        }
        let ends_well = number == last && before == head;
        Ok((number, broken.or((!ends_well).then_some(number + 1))))
    }
}
