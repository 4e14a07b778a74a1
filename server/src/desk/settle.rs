//! What people find out about invitations at the vendor.

use domain::activity::{Activity, Event};
use domain::job::{Effect, NewJob, OrderChange, Work};
use domain::order::{Order, OrderState};
use domain::ports::desk::{DeskError, Settlement};
use domain::ports::store::StoreError;
use domain::{RemoteError, Timestamp, words};
use uuid::Uuid;

use super::Clerk;
use crate::ids;
use crate::jobs::unknown_to_vendor;

async fn order_of(clerk: &Clerk, organization: Uuid, order: Uuid) -> Result<Order, StoreError> {
    let order = clerk.cx.store.order(order).await?;
    if order.organization == organization { Ok(order) } else { Err(StoreError::NotFound("order")) }
}

/// A send whose outcome is unknown: it arrived, or it is sent again.
pub(super) async fn unknown(
    clerk: &Clerk,
    organization: Uuid,
    order: Uuid,
    settlement: Settlement,
    by: &str,
) -> Result<(), DeskError> {
    let order = order_of(clerk, organization, order).await?;
    if order.state != OrderState::SendUnknown {
        return Err(StoreError::Conflict("orders_settled_already".to_owned()).into());
    }
    if settlement == Settlement::SendAgain && order.called_back_at.is_some() {
        // Nobody but the receiver of the invitation's request knows the address that was called.
        return Err(StoreError::Conflict("orders_called_back".to_owned()).into());
    }
    if let Settlement::Arrived { vendor_ref: Some(vendor_ref) } = &settlement {
        known(clerk, &order, vendor_ref).await?;
    }
    clerk.cx.store.commit(effects(&order, settlement, by, clerk.cx.clock.now())).await?;
    clerk.wake.now();
    Ok(())
}

/// The vendor's id of an order that is with it, said for the first time or anew.
pub(super) async fn identify(
    clerk: &Clerk,
    organization: Uuid,
    order: Uuid,
    vendor_ref: &str,
    by: &str,
) -> Result<(), DeskError> {
    let order = order_of(clerk, organization, order).await?;
    if !order.state.is_with_vendor() {
        return Err(StoreError::Conflict("orders_state".to_owned()).into());
    }
    known(clerk, &order, vendor_ref).await?;
    let now = clerk.cx.clock.now();
    let event = Event::SaidId { by: by.to_owned(), vendor_ref: vendor_ref.to_owned() };
    let change = OrderChange {
        note: Some(words::event(&event)),
        vendor_ref: Some(vendor_ref.to_owned()),
        vendor_status: Some(String::new()),
        ..OrderChange::to(&order, order.state, now)
    };
    let poll = Work::Poll { order: order.id };
    let poll = NewJob { id: ids::row(), organization, work: poll, run_at: now };
    let cause = unknown_to_vendor(&order);
    let effects = vec![
        Effect::ChangeOrder(change),
        line(&order, event, now),
        Effect::Enqueue(poll),
        Effect::CloseIssue { organization, cause, at: now },
    ];
    clerk.cx.store.commit(effects).await?;
    clerk.wake.now();
    Ok(())
}

/// The vendor knows a test under this id, and it is no other candidate's: a wrong id would bring someone else's result.
async fn known(clerk: &Clerk, order: &Order, vendor_ref: &str) -> Result<(), DeskError> {
    let connection = clerk.connection(order.organization)?;
    let Some((vendor, client)) = connection.vendor(&order.vendor) else {
        return Err(DeskError::Impossible("the vendor is no longer connected".to_owned()));
    };
    let other = clerk.cx.store.order_by_reference(order.organization, &order.vendor, vendor_ref).await?;
    if other.is_some_and(|other| other.id != order.id) {
        let why = format!("the id is that of another test at {}; copy the one of this candidate", vendor.name);
        return Err(DeskError::Impossible(why));
    }
    match client.status(vendor_ref).await {
        Ok(_) => Ok(()),
        Err(RemoteError::NotFound(_) | RemoteError::Rejected(_)) => {
            let why =
                format!("{} knows no test with this id; copy it again from the vendor's page of the test", vendor.name);
            Err(DeskError::Impossible(why))
        }
        Err(error) => Err(DeskError::Remote { remote: vendor.name.clone(), said: error.to_string() }),
    }
}

fn line(order: &Order, event: Event, at: Timestamp) -> Effect {
    Effect::Record(Activity {
        id: ids::row(),
        organization: order.organization,
        opportunity: order.opportunity.clone(),
        order: Some(order.id),
        at,
        event,
    })
}

fn effects(order: &Order, settlement: Settlement, by: &str, now: Timestamp) -> Vec<Effect> {
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
    let mut effects = vec![Effect::ChangeOrder(change), line(order, event, now)];
    effects.extend(follow_ups);
    effects
}
