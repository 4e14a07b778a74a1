//! Ask the vendor to invite: the one step that cannot be taken back. `sending` is on disk before the first byte goes out; an
//! outcome that is not known is never repeated by itself (unless the vendor's contract makes the repeat harmless).

use std::time::Duration;

use domain::activity::Event;
use domain::job::{Claimed, Effect, JobOutcome, OrderChange, Work};
use domain::opportunity::Opportunity;
use domain::order::{Order, OrderState};
use domain::ports::store::{BeginSend, StoreError};
use domain::ports::vendor::Invitation;
use domain::{RemoteError, Timestamp};
use uuid::Uuid;

use super::{Context, Ran, Remote, activity, done, failed, new_job, poll};
use crate::connections::Connection;

/// A plan older than this is checked against Lever again before it is carried out.
const STALE_AFTER: Duration = Duration::from_secs(600);

pub(super) async fn run(cx: &Context, connection: &Connection, job: &Claimed, id: Uuid) -> Result<Ran, StoreError> {
    let order = cx.store.order(id).await?;
    let now = cx.clock.now();
    let Some((vendor, client)) = connection.vendor(&order.vendor) else {
        return Ok(cancel(&order, "the vendor is no longer configured", now));
    };
    let idempotent = client.capabilities().idempotent_send;
    match order.state {
        OrderState::Planned => {}
        // An earlier run ended between the durable `sending` and its own end.
        OrderState::Sending if idempotent => {
            let planned = OrderChange::to(&order, OrderState::Planned, now);
            return Ok((JobOutcome::Snooze { until: now }, vec![Effect::ChangeOrder(planned)]));
        }
        OrderState::Sending => return Ok(unknown(&order, "Assay stopped while it was being sent", now)),
        _ => return Ok(done(Vec::new())),
    }
    let opportunity = match still_wanted(cx, connection, &order, now).await? {
        Ok(Wanted::Yes(opportunity)) => opportunity,
        Ok(Wanted::No(why)) => return Ok(cancel(&order, why, now)),
        Err(error) => return Ok(failed(job, &error, &Remote::lever(connection), now)),
    };

    let invitation = invitation(cx, &order, &opportunity);
    if cx.store.begin_send(order.id, job.id, job.attempt, now).await? == BeginSend::No {
        return Ok((JobOutcome::Discard { reason: "another worker took this send over".into() }, Vec::new()));
    }
    let answer = client.invite(&invitation).await;

    let order = Order { state: OrderState::Sending, ..order };
    let now = cx.clock.now();
    let remote = Remote::vendor(connection, &vendor.id, &vendor.name);
    Ok(match answer {
        Ok(vendor_ref) => invited(cx, &order, vendor_ref, now),
        Err(RemoteError::Rejected(why)) => refused(&order, &why, now),
        Err(RemoteError::Unknown(why) | RemoteError::Unreadable(why)) if !idempotent => unknown(&order, &why, now),
        Err(error) => not_sent(job, &order, error, &remote, now),
    })
}

enum Wanted {
    Yes(Opportunity),
    No(&'static str),
}

/// Whether the invitation still makes sense. What Lever said when it was decided counts for ten minutes.
async fn still_wanted(
    cx: &Context,
    connection: &Connection,
    order: &Order,
    now: Timestamp,
) -> Result<Result<Wanted, RemoteError>, StoreError> {
    if connection.organization.paused {
        return Ok(Ok(Wanted::No("the integration was paused before it was sent")));
    }
    let known = cx.store.opportunity(order.organization, &order.opportunity).await?;
    let fresh = known.filter(|o| now.since(o.read_at) < STALE_AFTER);
    let opportunity = match fresh {
        Some(opportunity) => opportunity,
        None => match connection.ats.opportunity(&order.opportunity).await {
            Ok(opportunity) => opportunity,
            Err(RemoteError::NotFound(_)) => return Ok(Ok(Wanted::No("Lever has no such opportunity any more"))),
            Err(error) => return Ok(Err(error)),
        },
    };
    Ok(Ok(if opportunity.archived.is_some() {
        Wanted::No("archived in Lever before it was sent")
    } else if opportunity.stage != order.stage {
        Wanted::No("left the stage before it was sent")
    } else if opportunity.anonymized || opportunity.email().is_none() {
        Wanted::No("no address left in Lever before it was sent")
    } else {
        Wanted::Yes(opportunity)
    }))
}

fn invitation(cx: &Context, order: &Order, opportunity: &Opportunity) -> Invitation {
    Invitation {
        test: order.test.clone(),
        opportunity: order.opportunity.clone(),
        contact: order.contact.clone(),
        name: opportunity.name.clone(),
        email: order.email.clone(),
        phone: opportunity.phones.first().cloned(),
        profile_url: opportunity
            .url
            .clone()
            .unwrap_or_else(|| format!("https://hire.lever.co/candidates/{}", order.opportunity)),
        callback_url: format!("{}/hooks/assessments/{}", cx.public_url, order.id),
    }
}

fn invited(cx: &Context, order: &Order, vendor_ref: String, now: Timestamp) -> Ran {
    let change =
        OrderChange { vendor_ref: Some(vendor_ref.clone()), ..OrderChange::to(order, OrderState::Invited, now) };
    let event = Event::Invited { test: order.test_name.clone(), vendor_ref };
    let after = Order { state: OrderState::Invited, invited_at: Some(now), ..order.clone() };
    let next = now.plus(poll::interval(cx.poll_every, &after, now));
    let write = Work::WriteBack { opportunity: order.opportunity.clone(), vendor: order.vendor.clone() };
    done(vec![
        Effect::ChangeOrder(change),
        activity(order, now, event),
        Effect::Enqueue(new_job(order.organization, write, now)),
        Effect::Enqueue(new_job(order.organization, Work::Poll { order: order.id }, next)),
    ])
}

fn unknown(order: &Order, why: &str, now: Timestamp) -> Ran {
    let note = format!("It is not known whether it arrived: {why}.");
    let change = OrderChange { note: Some(note), ..OrderChange::to(order, OrderState::SendUnknown, now) };
    let event = Event::SendUnknown { test: order.test_name.clone(), why: why.to_owned() };
    done(vec![Effect::ChangeOrder(change), activity(order, now, event)])
}

fn refused(order: &Order, why: &str, now: Timestamp) -> Ran {
    let change = OrderChange { note: Some(why.to_owned()), ..OrderChange::to(order, OrderState::Failed, now) };
    let event = Event::SendRefused { test: order.test_name.clone(), why: why.to_owned() };
    done(vec![Effect::ChangeOrder(change), activity(order, now, event)])
}

fn cancel(order: &Order, why: &str, now: Timestamp) -> Ran {
    let change = OrderChange { note: Some(why.to_owned()), ..OrderChange::to(order, OrderState::Cancelled, now) };
    let event = Event::Status { from: order.state, to: OrderState::Cancelled, word: why.to_owned() };
    done(vec![Effect::ChangeOrder(change), activity(order, now, event)])
}

/// Provably nothing went out: planned again, and the job tries later. A wrong address is a matter of set-up, like a wrong key.
fn not_sent(job: &Claimed, order: &Order, error: RemoteError, remote: &Remote<'_>, now: Timestamp) -> Ran {
    let error = match error {
        RemoteError::NotFound(what) => {
            RemoteError::Unavailable(format!("the address to send to is not there ({what})"))
        }
        other => other,
    };
    let (outcome, mut effects) = failed(job, &error, remote, now);
    let note = format!("Not sent yet: {error}.");
    effects.insert(
        0,
        Effect::ChangeOrder(OrderChange { note: Some(note), ..OrderChange::to(order, OrderState::Planned, now) }),
    );
    (outcome, effects)
}
