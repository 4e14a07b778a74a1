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
}
