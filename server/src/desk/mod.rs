//! What people do from a page that is more than reading.

mod draft;
mod hooks;
mod nearly;
mod present;
mod rehearsal;
mod results_file;
mod reviews;
mod rows;
mod settle;
mod setup;
mod vendor_draft;

use async_trait::async_trait;
use domain::activity::{Activity, Event};
use domain::job::{Effect, NewJob, Work};
use domain::order::{Order, OrderState};
use domain::ports::Desk;
use domain::ports::desk::{DeskError, Settlement, may_send_anew};
use domain::ports::store::StoreError;
use domain::{Timestamp, words};
use uuid::Uuid;

pub use self::draft::pasted;
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
    ) -> Result<(), DeskError> {
        settle::unknown(self, organization, order, settlement, by).await
    }

    async fn identify(&self, organization: Uuid, order: Uuid, vendor_ref: &str, by: &str) -> Result<(), DeskError> {
        settle::identify(self, organization, order, vendor_ref, by).await
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

    async fn send_anew(&self, organization: Uuid, order: Uuid, by: &str) -> Result<(), StoreError> {
        let order = self.cx.store.order(order).await?;
        if order.organization != organization {
            return Err(StoreError::NotFound("order"));
        }
        let paused = self.cx.directory.by_id(organization).is_some_and(|c| c.organization.paused);
        let facts = self.cx.store.opportunity_facts(organization, &order.opportunity).await?;
        may_send_anew(&order, &facts.orders, paused).map_err(|why| StoreError::Conflict(why.as_str().to_owned()))?;
        self.cx.store.commit(anew(&order, by, self.cx.clock.now())).await?;
        self.wake.now();
        Ok(())
    }

    async fn apply_rules(&self, organization: Uuid, opportunity: &str, by: &str) -> Result<(), StoreError> {
        // An unknown one is refused before anything is queued about it.
        let (row, _, _) = self.cx.store.candidate(organization, opportunity).await?;
        let now = self.cx.clock.now();
        let line = Activity {
            id: ids::row(),
            organization,
            opportunity: row.opportunity.clone(),
            order: None,
            at: now,
            event: Event::SaidApplyRules { by: by.to_owned() },
        };
        let work = Work::Follow { opportunity: row.opportunity };
        let follow = NewJob { id: ids::row(), organization, work, run_at: now };
        self.cx.store.commit(vec![Effect::Record(line), Effect::Enqueue(follow)]).await?;
        self.wake.now();
        Ok(())
    }
}

/// The next round of an order. That it is exactly the next one is what keeps two who ask at once, and a decision made at the
/// same moment, from inviting twice: rounds are unique.
fn anew(ended: &Order, by: &str, now: Timestamp) -> Vec<Effect> {
    let event = Event::SaidSendAnew { by: by.to_owned(), test: ended.test_name.clone(), was: ended.state };
    let order = Order {
        id: ids::unguessable(),
        round: ended.round + 1,
        state: OrderState::Planned,
        note: Some(words::event(&event)),
        vendor_ref: None,
        vendor_status: None,
        score: None,
        band: None,
        outcome: None,
        judged_by: None,
        report_url: None,
        report_token: ids::token(),
        created_at: now,
        invited_at: None,
        completed_at: None,
        called_back_at: None,
        written_at: None,
        ..ended.clone()
    };
    let work = Work::Send { order: order.id };
    let line = Activity {
        id: ids::row(),
        organization: order.organization,
        opportunity: order.opportunity.clone(),
        order: Some(order.id),
        at: now,
        event,
    };
    let send = NewJob { id: ids::row(), organization: order.organization, work, run_at: now };
    vec![Effect::PlanOrder(Box::new(order)), Effect::Enqueue(send), Effect::Record(line)]
}
