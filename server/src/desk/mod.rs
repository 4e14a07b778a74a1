//! What people do from a page that is more than reading.

mod present;
mod rows;

use async_trait::async_trait;
use domain::activity::{Activity, Event};
use domain::job::{Effect, NewJob, OrderChange, Work};
use domain::order::{Order, OrderState};
use domain::ports::Desk;
use domain::ports::desk::Settlement;
use domain::ports::store::StoreError;
use domain::{Timestamp, words};
use uuid::Uuid;

use crate::jobs::{Context, Wake};
use crate::{ids, replay};

/// The desk over the store and the queue.
#[derive(Clone, Debug)]
pub struct Clerk {
    /// Store and clock.
    pub cx: Context,
    /// Says that there is work.
    pub wake: Wake,
}

#[async_trait]
impl Desk for Clerk {
    async fn settle_send(
        &self,
        organization: Uuid,
        order: Uuid,
        settlement: Settlement,
        by: &str,
    ) -> Result<(), StoreError> {
        let order = self.cx.store.order(order).await?;
        if order.organization != organization {
            return Err(StoreError::NotFound("order"));
        }
        if order.state != OrderState::SendUnknown {
            return Err(StoreError::Conflict("orders_settled_already".to_owned()));
        }
        if settlement == Settlement::SendAgain && order.called_back_at.is_some() {
            // Nobody but the receiver of the invitation's request knows the address that was called.
            return Err(StoreError::Conflict("orders_called_back".to_owned()));
        }
        let effects = settle(&order, settlement, by, self.cx.clock.now());
        self.cx.store.commit(effects).await?;
        self.wake.now();
        Ok(())
    }

    async fn replay(&self, organization: Uuid, delivery: Uuid) -> Result<(), StoreError> {
        let (row, _) = self.cx.store.delivery_of(organization, delivery).await?;
        replay::queue(&*self.cx.store, &row, self.cx.clock.now()).await?;
        self.wake.now();
        Ok(())
    }

    async fn retry(&self, organization: Uuid, job: Uuid) -> Result<(), StoreError> {
        self.cx.store.revive_of(organization, job, self.cx.clock.now()).await?;
        self.wake.now();
        Ok(())
    }

    async fn retry_dead(&self, organization: Uuid, kind: Option<&str>) -> Result<u64, StoreError> {
        let revived = self.cx.store.revive_all_dead(organization, kind, self.cx.clock.now()).await?;
        self.wake.now();
        Ok(revived)
    }
}

fn settle(order: &Order, settlement: Settlement, by: &str, now: Timestamp) -> Vec<Effect> {
    let job = |work| Effect::Enqueue(NewJob { id: ids::row(), organization: order.organization, work, run_at: now });
    let (change, event, follow_ups) = match settlement {
        Settlement::Arrived { vendor_ref } => {
            let note = vendor_ref.is_none().then(|| {
                "It arrived, but the vendor's id of it is not known: its result must be looked up at the vendor."
                    .to_owned()
            });
            let change = OrderChange {
                note: Some(note.unwrap_or_else(|| words::event(&Event::SaidArrived { by: by.to_owned() }))),
                vendor_ref,
                ..OrderChange::to(order, OrderState::Invited, now)
            };
            let write = Work::WriteBack { opportunity: order.opportunity.clone(), vendor: order.vendor.clone() };
            let jobs = vec![job(write), job(Work::Poll { order: order.id })];
            (change, Event::SaidArrived { by: by.to_owned() }, jobs)
        }
        Settlement::SendAgain => {
            let change = OrderChange::to(order, OrderState::Planned, now);
            (change, Event::SaidSendAgain { by: by.to_owned() }, vec![job(Work::Send { order: order.id })])
        }
    };
    let line = Activity {
        id: ids::row(),
        organization: order.organization,
        opportunity: order.opportunity.clone(),
        order: Some(order.id),
        at: now,
        event,
    };
    let mut effects = vec![Effect::ChangeOrder(change), Effect::Record(line)];
    effects.extend(follow_ups);
    effects
}
