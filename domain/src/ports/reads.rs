//! The database, as pages read it: lists, figures and what people set for themselves. A part of [`super::store`].

use std::fmt::Debug;
use std::ops::RangeInclusive;

use async_trait::async_trait;
use uuid::Uuid;

use super::store::Stored;
use crate::activity::Activity;
use crate::order::Order;
use crate::read::{
    CandidateFilter, CandidatePage, CandidateRow, Day, DeliveryFilter, DeliveryPage, DeliveryRow, EventCount, FleetRow,
    HomePage, JobFilter, JobPage, OpenIssue, QueueFigures, ResultPoint, ResultsOf, Shown, Stamp, TriggerFigures,
};
use crate::simulate::Past;
use crate::{Personal, Timestamp};

/// What pages show.
#[async_trait]
pub trait Pages: Send + Sync + Debug {
    /// Figures, recent decisions and open issues of one organization.
    async fn home(&self, organization: Uuid, since: Timestamp) -> Stored<HomePage>;

    /// An organization by its slug with what surrounds its pages, in one read. Waiting reviews are counted no further than `cap`.
    async fn shown(&self, slug: &str, now: Timestamp, cap: u32) -> Stored<Shown>;

    /// Another one as soon as something changed. Cheap: it is asked for every second while someone watches.
    async fn stamp(&self, organization: Uuid) -> Stored<Stamp>;

    /// Candidates, newest first, filtered, `size` a page: at least one, at most a thousand.
    async fn candidates(&self, organization: Uuid, filter: &CandidateFilter, size: u32) -> Stored<CandidatePage>;

    /// How many candidates pass the filter, wherever the page is; counted no further than `cap`.
    async fn candidate_count(&self, organization: Uuid, filter: &CandidateFilter, cap: u32) -> Stored<i64>;

    /// One candidate's row, orders and timeline (newest first), as data.
    async fn candidate(
        &self,
        organization: Uuid,
        opportunity: &str,
    ) -> Stored<(CandidateRow, Vec<Order>, Vec<Activity>)>;

    /// Issues that are open.
    async fn open_issues(&self, organization: Uuid) -> Stored<Vec<OpenIssue>>;
}

/// Results and the figures made of them.
#[async_trait]
pub trait Results: Send + Sync + Debug {
    /// Judged results since an instant, newest first, at most `limit`.
    async fn results(
        &self,
        organization: Uuid,
        of: &ResultsOf,
        since: Timestamp,
        limit: u32,
    ) -> Stored<Vec<ResultPoint>>;

    /// Those who entered a stage and were decided for a vendor since an instant, newest first, at most `limit`.
    async fn past(
        &self,
        organization: Uuid,
        stage: &str,
        vendor: &str,
        since: Timestamp,
        limit: u32,
    ) -> Stored<Vec<Past>>;

    /// For each of these pairs of stage and vendor, in their order: what became of those who entered since an instant.
    async fn trigger_figures(
        &self,
        organization: Uuid,
        of: &[(&str, &str)],
        since: Timestamp,
    ) -> Stored<Vec<TriggerFigures>>;

    /// Results of each day of a range, in days since 1970-01-01 in UTC; none is missing.
    async fn days(&self, organization: Uuid, days: RangeInclusive<i64>) -> Stored<Vec<Day>>;
}

/// Deliveries and jobs of one organization. An id of another organization is "no such row".
#[async_trait]
pub trait Traffic: Send + Sync + Debug {
    /// Deliveries, newest first, filtered, [`crate::read::PAGE`] a page.
    async fn delivery_page(&self, organization: Uuid, filter: &DeliveryFilter) -> Stored<DeliveryPage>;

    /// What came lately, by kind of event: the last [`crate::read::EVENTS_LOOK`] deliveries, the most frequent kind first.
    async fn events(&self, organization: Uuid) -> Stored<Vec<EventCount>>;

    /// One delivery of this organization with its body.
    async fn delivery_of(&self, organization: Uuid, id: Uuid) -> Stored<(DeliveryRow, String)>;

    /// The names of candidates of this organization, by Lever's opportunity; those that were never read are left out.
    async fn names(&self, organization: Uuid, opportunities: &[String]) -> Stored<Vec<(String, Personal)>>;

    /// Whom orders of this organization are for: Lever's opportunity by order.
    async fn ordered_for(&self, organization: Uuid, orders: &[Uuid]) -> Stored<Vec<(Uuid, String)>>;

    /// Jobs of one state, filtered, [`crate::read::PAGE`] a page.
    async fn job_page(&self, organization: Uuid, filter: &JobFilter) -> Stored<JobPage>;

    /// Jobs by state and kind, each counted no further than `cap`, and since when the first due one waits.
    async fn queue_figures(&self, organization: Uuid, now: Timestamp, cap: u32) -> Stored<QueueFigures>;

    /// Makes a dead or cancelled job of this organization ready again. `Conflict("jobs_key")` if another took its place.
    async fn revive_of(&self, organization: Uuid, job: Uuid, now: Timestamp) -> Stored<()>;

    /// Makes the dead jobs of an organization, or those of one kind, ready again, but for those whose place another job took;
    /// returns how many.
    async fn revive_all_dead(&self, organization: Uuid, kind: Option<&str>, now: Timestamp) -> Stored<u64>;
}

/// The health of organizations.
#[async_trait]
pub trait Fleet: Send + Sync + Debug {
    /// One row for each organization, by slug.
    async fn fleet(&self, now: Timestamp) -> Stored<Vec<FleetRow>>;

    /// The row of one organization.
    async fn fleet_row(&self, organization: Uuid, now: Timestamp) -> Stored<FleetRow>;
}

/// What people set for themselves.
#[async_trait]
pub trait Preferences: Send + Sync + Debug {
    /// Saves them: [`crate::preferences::Preferences`] as JSON.
    async fn save_preferences(&self, account: Uuid, json: &str) -> Stored<()>;
}
