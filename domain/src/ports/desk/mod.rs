//! What people do from a page that is more than reading.

mod triggers;

use async_trait::async_trait;
use uuid::Uuid;

use super::store::StoreError;

pub use triggers::{AllPresent, Choices, DeskError, Present, TriggerDesk};

/// How a person settles a send whose outcome is unknown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Settlement {
    /// It arrived. With the vendor's id of the instance its status can be read; without, only the person knows.
    Arrived {
        /// As shown at the vendor.
        vendor_ref: Option<String>,
    },
    /// It did not: send it again.
    SendAgain,
}

/// Acts of people. The caller has checked the right.
#[async_trait]
pub trait Desk: TriggerDesk {
    /// Settles an unknown send of this organization. `Conflict` if it is settled already. `by` is shown on the timeline.
    async fn settle_send(
        &self,
        organization: Uuid,
        order: Uuid,
        settlement: Settlement,
        by: &str,
    ) -> Result<(), StoreError>;

    /// Processes a delivery of this organization again. `Conflict("deliveries_replay")` if there is nothing to process.
    async fn replay(&self, organization: Uuid, delivery: Uuid) -> Result<(), StoreError>;

    /// Tries a dead or cancelled job of this organization again. `Conflict` if it is neither any more, or another job took
    /// its place.
    async fn retry(&self, organization: Uuid, job: Uuid) -> Result<(), StoreError>;

    /// Tries the dead jobs of this organization again, or those of one kind; returns how many. Those whose place another job
    /// took stay dead.
    async fn retry_dead(&self, organization: Uuid, kind: Option<&str>) -> Result<u64, StoreError>;
}
