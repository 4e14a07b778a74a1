//! The database: contacts of Lever, results that were not ordered, and what was decided about them. A part of [`super::store`].

use std::fmt::Debug;

use async_trait::async_trait;
use uuid::Uuid;

use super::store::Stored;
use crate::Timestamp;
use crate::audit::Author;
use crate::contact::Contact;
use crate::identity::Key;
use crate::incoming::{Given, Incoming, State};
use crate::job::NewJob;
use crate::opportunity::Opportunity;
use crate::order::Order;
use crate::read::{MatchFigures, MatchLine, RowCursor};
use crate::review::Crowd;

/// A result to be stored.
#[derive(Clone, Debug)]
pub struct NewIncoming {
    /// Row id.
    pub id: Uuid,
    /// As it came.
    pub given: Given,
    /// What it is found by when a contact changes.
    pub keys: Vec<Key>,
}

/// Who was found by keys.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Found {
    /// Each once; those found by an address or a number first.
    pub contacts: Vec<Contact>,
    /// Which keys have so many holders that nobody was read by them.
    pub crowd: Crowd,
}

/// Which results wait for a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Queued {
    /// Now.
    Waiting,
    /// Later.
    Snoozed,
}

/// A result that is to be taken out of Lever again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Withdrawal {
    /// Its order.
    pub order: Uuid,
    /// Last part of our address of the report.
    pub report_token: String,
}

/// Matching people. An id of another organization is "no such row".
#[async_trait]
pub trait Matching: Send + Sync + Debug {
    /// Those of a list that say something new about their person or their candidacy, by their places.
    async fn news(&self, organization: Uuid, opportunities: &[Opportunity]) -> Stored<Vec<usize>>;

    /// Keeps what these say of people and candidacies, without putting them into the lists of candidates.
    async fn keep_people(&self, organization: Uuid, opportunities: &[Opportunity]) -> Stored<()>;

    /// How far something was read.
    async fn mark(&self, organization: Uuid, name: &str) -> Stored<Option<Timestamp>>;

    /// Who has any of these keys. A key with more than `per_key` holders finds nobody; at most `most` are read.
    async fn lookup(&self, organization: Uuid, keys: &[Key], per_key: u32, most: usize) -> Stored<Found>;

    /// These contacts; those that are not there are left out.
    async fn contacts(&self, organization: Uuid, ids: &[String]) -> Stored<Vec<Contact>>;

    /// How many contacts there are, counted no further than `cap`.
    async fn contact_count(&self, organization: Uuid, cap: u32) -> Stored<i64>;

    /// The opportunities of these contacts, as last read, newest first.
    async fn candidacies(&self, organization: Uuid, contacts: &[String]) -> Stored<Vec<Opportunity>>;

    /// Stores results with the job that looks whose they are; those whose reference is there already are left as they are.
    /// Returns how many were new.
    async fn receive_results(
        &self,
        organization: Uuid,
        results: &[NewIncoming],
        job: NewJob,
        by: &Author,
    ) -> Stored<usize>;

    /// Results whose owner is to be looked for now, the longest waiting first.
    async fn due_results(&self, organization: Uuid, now: Timestamp, limit: u32) -> Stored<Vec<Incoming>>;

    /// These were looked at again, and nothing is different. A result that changed meanwhile, or whose people did, is left as it is.
    async fn same_as_before(&self, organization: Uuid, looked_at: &[&Incoming]) -> Stored<()>;

    /// One result.
    async fn incoming(&self, organization: Uuid, id: Uuid) -> Stored<Incoming>;

    /// Results that wait for a person, the longest waiting first, after one, at most `limit`.
    async fn reviews(
        &self,
        organization: Uuid,
        which: Queued,
        now: Timestamp,
        after: Option<RowCursor>,
        limit: u32,
    ) -> Stored<Vec<Incoming>>;

    /// Other waiting results of exactly the same person.
    async fn alike(&self, incoming: &Incoming) -> Stored<Vec<Incoming>>;

    /// The latest results, newest first, before one, of a state if one is named, at most `limit`.
    async fn incoming_results(
        &self,
        organization: Uuid,
        state: Option<State>,
        before: Option<RowCursor>,
        limit: u32,
    ) -> Stored<Vec<Incoming>>;

    /// Results that are linked to an opportunity.
    async fn linked_to(&self, organization: Uuid, opportunity: &str) -> Stored<Vec<Incoming>>;

    /// The newest order with this id at the vendor.
    async fn order_by_reference(&self, organization: Uuid, vendor: &str, reference: &str) -> Stored<Option<Order>>;

    /// Notes that someone looks at a result until an instant; returns who else does.
    async fn look(&self, incoming: Uuid, who: &str, now: Timestamp, until: Timestamp) -> Stored<Vec<String>>;

    /// Who looks at these results.
    async fn lookers(&self, incoming: &[Uuid], now: Timestamp) -> Stored<Vec<(Uuid, String)>>;

    /// Decisions about results, newest first, before one, at most `limit`: people's, or those of Assay itself.
    async fn match_history(
        &self,
        organization: Uuid,
        by_people: bool,
        before: Option<RowCursor>,
        limit: u32,
    ) -> Stored<Vec<MatchLine>>;

    /// Second opinions since an instant.
    async fn match_figures(&self, organization: Uuid, since: Timestamp) -> Stored<MatchFigures>;

    /// The standing before a decision.
    async fn standing_before(&self, organization: Uuid, decision: Uuid) -> Stored<crate::incoming::Standing>;

    /// Results that are to be taken out of Lever again.
    async fn withdrawals(&self, organization: Uuid, opportunity: &str, vendor: &str) -> Stored<Vec<Withdrawal>>;
}
