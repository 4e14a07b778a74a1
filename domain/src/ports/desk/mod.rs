//! What people do from a page that is more than reading.

mod people;
mod reviews;
mod setup;
mod triggers;

use async_trait::async_trait;
use uuid::Uuid;

use super::store::StoreError;
use crate::order::Order;

pub use people::{Invited, Mailed, PeopleDesk, PeopleError};
pub use reviews::{Imported, ReviewDesk, ReviewError, Ruling, Said};
pub use setup::{Can, Held, HookToken, Probe, Rehearsal, Remade, SetupDesk, VendorDraft};
pub use triggers::{AllPresent, Choices, DeskError, Nearly, Present, TriggerDesk};

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

/// Why an order is not sent anew.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// It has not ended, or it has a result.
    NotOver,
    /// Another order of the same test is open.
    AnotherOpen,
    /// A later order of the same test is there.
    NotTheLast,
    /// The organization is paused: nobody is invited.
    Paused,
}

impl Refusal {
    /// Every reason.
    pub const ALL: [Self; 4] = [Self::NotOver, Self::AnotherOpen, Self::NotTheLast, Self::Paused];

    /// The name of the conflict.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::NotOver => "orders_not_over",
            Self::AnotherOpen => "orders_another_open",
            Self::NotTheLast => "orders_not_the_last",
            Self::Paused => "organizations_paused",
        }
    }
}

/// Whether an order may be sent anew, by all `orders` of its opportunity.
///
/// # Errors
/// Why not.
pub fn may_send_anew(order: &Order, orders: &[Order], paused: bool) -> Result<(), Refusal> {
    let others = || orders.iter().filter(|o| o.id != order.id && o.vendor == order.vendor && o.test == order.test);
    let refusals = [
        (!order.state.may_be_sent_anew(), Refusal::NotOver),
        (others().any(|o| o.state.is_open()), Refusal::AnotherOpen),
        (others().any(|o| o.round > order.round), Refusal::NotTheLast),
        (paused, Refusal::Paused),
    ];
    refusals.into_iter().find(|(refused, _)| *refused).map_or(Ok(()), |(_, why)| Err(why))
}

/// Acts of people. The caller has checked the right.
#[async_trait]
pub trait Desk: TriggerDesk {
    /// Settles an unknown send of this organization. `Conflict` if it is settled already. `by` is shown on the timeline. An id
    /// that the vendor does not know, or that is another order's, is [`DeskError::Impossible`].
    async fn settle_send(
        &self,
        organization: Uuid,
        order: Uuid,
        settlement: Settlement,
        by: &str,
    ) -> Result<(), DeskError>;

    /// Says, or says anew, under which id the vendor has the test of an order that is with it. Refused as in
    /// [`Desk::settle_send`].
    async fn identify(&self, organization: Uuid, order: Uuid, vendor_ref: &str, by: &str) -> Result<(), DeskError>;

    /// Processes a delivery of this organization again. `Conflict("deliveries_replay")` if there is nothing to process.
    async fn replay(&self, organization: Uuid, delivery: Uuid) -> Result<(), StoreError>;

    /// Tries a dead or cancelled job of this organization again. `Conflict` if it is neither any more, or another job took
    /// its place.
    async fn retry(&self, organization: Uuid, job: Uuid) -> Result<(), StoreError>;

    /// Tries the dead jobs of this organization again, or those of one kind; returns how many. Those whose place another job
    /// took stay dead.
    async fn retry_dead(&self, organization: Uuid, kind: Option<&str>) -> Result<u64, StoreError>;

    /// Orders the test of an ended order of this organization once more, as a new round. `by` is shown on the timeline.
    ///
    /// Never doubles an invitation: `Conflict`, named by [`Refusal::as_str`], unless the order is the last one of its test and
    /// came to nothing; of two who ask at once, one gets the conflict of the round. What Lever says by then is looked at before
    /// anything is sent, as with every order.
    async fn send_anew(&self, organization: Uuid, order: Uuid, by: &str) -> Result<(), StoreError>;

    /// Has a candidate of this organization read in Lever again, at once, and every entry decided that has no decision yet.
    async fn apply_rules(&self, organization: Uuid, opportunity: &str, by: &str) -> Result<(), StoreError>;
}
