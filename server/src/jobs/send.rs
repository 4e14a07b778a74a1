//! Ask the vendor to invite: the one step that cannot be taken back. `sending` is on disk before the first byte goes out; an
//! outcome that is not known is never repeated by itself, unless the vendor's contract makes the repeat harmless.

use std::time::Duration;

use domain::activity::Event;
use domain::job::{Claimed, Effect, JobOutcome, OrderChange, Work};
use domain::opportunity::Opportunity;
use domain::order::{Order, OrderState};
use domain::ports::AssessmentClient;
use domain::ports::store::{BeginSend, StoreError};
use domain::ports::vendor::Invitation;
use domain::{RemoteError, Timestamp, retry};
use uuid::Uuid;

use super::{Context, Ran, Remote, Unseen, activity, done, failed, new_job, poll};
use crate::connections::Connection;

/// What Lever said is believed for so long, and only by the first try.
const FRESH: Duration = Duration::from_secs(60);

/// A vendor whose client cannot be made, which the directory has reported, is looked at again after this time.
const NO_CLIENT_PAUSE: Duration = Duration::from_secs(60);

pub(super) async fn run(cx: &Context, connection: &Connection, job: &Claimed, id: Uuid) -> Result<Ran, StoreError> {
    let order = cx.store.order(id).await?;
    if !matches!(order.state, OrderState::Planned | OrderState::Sending) {
        return Ok(done(Vec::new()));
    }
    let now = cx.clock.now();
    let sent_before = order.state == OrderState::Sending;
    let Some((vendor, client)) = connection.vendor(&order.vendor) else {
        return Ok(without_client(connection, &order, now));
    };
    if sent_before && !client.capabilities().idempotent_send {
        // An earlier run ended between the durable `sending` and its own end.
        return Ok(unknown(&order, "Assay stopped while it was being sent", now));
    }
    let remote = Remote::vendor(connection, &vendor.id, &vendor.name);
    let mut send = Send { cx, job, order, remote, client: client.as_ref(), sent_before };
    let opportunity = match send.opportunity(connection).await? {
        Ok(Wanted::Yes(opportunity)) => *opportunity,
        Ok(Wanted::No(why)) => return Ok(cancel(&send.order, why, now)),
        Err(error) => return Ok(failed(job, &error, &Remote::lever(connection), now)),
    };
    if let Err(error) = send.client.take_turn().await {
        return Ok(send.not_sent(error));
    }
    if !sent_before {
        // Lever's present address, not the one of the day it was planned.
        send.order.email = opportunity.email().cloned().unwrap_or_default();
        let claim = (job.id, job.attempt);
        if cx.store.begin_send(send.order.id, &send.order.email, claim, now).await? == BeginSend::No {
            let reason = "another worker took this send over".to_owned();
            return Ok((JobOutcome::Discard { reason }, Vec::new()));
        }
        send.order.state = OrderState::Sending;
    }
    let answer = send.client.invite(&send.invitation(&opportunity)).await;
    Ok(send.answered(answer))
}

/// The vendor is gone from the rules, or its client cannot be made.
fn without_client(connection: &Connection, order: &Order, now: Timestamp) -> Ran {
    let configured = connection.organization.rules.vendor(&order.vendor).is_some();
    match order.state {
        OrderState::Sending => {
            unknown(order, "Assay stopped while it was being sent, and the vendor is gone since", now)
        }
        _ if configured => (JobOutcome::Snooze { until: now.plus(NO_CLIENT_PAUSE) }, Vec::new()),
        _ => cancel(order, "the vendor is no longer configured", now),
    }
}

enum Wanted {
    Yes(Box<Opportunity>),
    No(&'static str),
}

struct Send<'a> {
    cx: &'a Context,
    job: &'a Claimed,
    order: Order,
    remote: Remote<'a>,
    client: &'a dyn AssessmentClient,
    /// An earlier try may have arrived: it is repeated whatever Lever says now, so that its result is not lost.
    sent_before: bool,
}

impl Send<'_> {
    /// The person, and whether the invitation still makes sense.
    async fn opportunity(&self, connection: &Connection) -> Result<Result<Wanted, RemoteError>, StoreError> {
        if connection.organization.paused && !self.sent_before {
            return Ok(Ok(Wanted::No("the integration was paused before it was sent")));
        }
        let known = self.cx.store.opportunity(self.order.organization, &self.order.opportunity).await?;
        let now = self.cx.clock.now();
        let believed = |o: &Opportunity| self.sent_before || (self.job.attempt == 1 && now.since(o.read_at) < FRESH);
        let opportunity = match known.filter(believed) {
            Some(opportunity) => opportunity,
            None => match connection.ats.opportunity(&self.order.opportunity).await {
                Ok(opportunity) => opportunity,
                Err(error) => {
                    let unseen = Unseen::of(error, connection, &self.order.opportunity).await;
                    return Ok(unseen.map(|unseen| Wanted::No(unseen.why())));
                }
            },
        };
        let against = if self.sent_before { None } else { self.against(connection, &opportunity) };
        Ok(Ok(against.map_or_else(|| Wanted::Yes(Box::new(opportunity)), Wanted::No)))
    }

    /// What speaks against sending by now.
    fn against(&self, connection: &Connection, o: &Opportunity) -> Option<&'static str> {
        let row = connection.organization.rules.row(&self.order.stage, &self.order.vendor, o.posting.as_deref());
        let reasons = [
            (o.archived.is_some(), "archived in Lever before it was sent"),
            (o.stage != self.order.stage, "left the stage before it was sent"),
            (o.confidential, "became confidential in Lever before it was sent"),
            (o.anonymized || o.email().is_none(), "no address left in Lever before it was sent"),
            (row.is_none(), "the rule was removed before it was sent"),
            (row.is_some_and(|r| r.off), "the rule was switched off before it was sent"),
        ];
        reasons.into_iter().find(|(holds, _)| *holds).map(|(_, why)| why)
    }

    fn invitation(&self, opportunity: &Opportunity) -> Invitation {
        let order = &self.order;
        let in_lever = || format!("https://hire.lever.co/candidates/{}", order.opportunity);
        Invitation {
            test: order.test.clone(),
            opportunity: order.opportunity.clone(),
            contact: order.contact.clone(),
            name: opportunity.name.clone(),
            email: order.email.clone(),
            phone: opportunity.phones.first().cloned(),
            profile_url: opportunity.url.clone().unwrap_or_else(in_lever),
            callback_url: format!("{}/hooks/assessments/{}", self.cx.public_url, order.id),
        }
    }

    fn answered(&self, answer: Result<String, RemoteError>) -> Ran {
        let (order, now) = (&self.order, self.cx.clock.now());
        match answer {
            Ok(vendor_ref) => invited(self.cx, order, vendor_ref, now),
            Err(RemoteError::Rejected(why)) if !self.sent_before => refused(order, &why, now),
            Err(error @ (RemoteError::Unknown(_) | RemoteError::Unreadable(_))) => self.perhaps_sent(&error),
            Err(error) => self.not_sent(error),
        }
    }

    /// It may have arrived. Where the repeat is harmless the order stays `sending` and is repeated; otherwise a person decides.
    fn perhaps_sent(&self, error: &RemoteError) -> Ran {
        let now = self.cx.clock.now();
        let last = self.job.failures + 1 >= retry::ATTEMPTS;
        if last || !self.client.capabilities().idempotent_send {
            return unknown(&self.order, &error.to_string(), now);
        }
        failed(self.job, error, &self.remote, now)
    }

    /// This try provably did not go out: the order is planned again, and the job tries later. A wrong address is a matter of
    /// set-up, like a wrong key. When patience ends, the order is over.
    fn not_sent(&self, error: RemoteError) -> Ran {
        let now = self.cx.clock.now();
        let error = match error {
            RemoteError::NotFound(what) => {
                RemoteError::Unavailable(format!("the address to send to is not there ({what})"))
            }
            other => other,
        };
        let (outcome, mut effects) = failed(self.job, &error, &self.remote, now);
        let dead = matches!(outcome, JobOutcome::Dead { .. });
        match (self.sent_before, dead) {
            (true, true) => return unknown(&self.order, &error.to_string(), now),
            // An earlier try may have arrived: `sending` stays true.
            (true, false) => return (outcome, effects),
            (false, true) => {
                let (_, end) = refused(&self.order, &format!("not sent in three days of trying: {error}"), now);
                effects.extend(end);
            }
            (false, false) if self.order.state == OrderState::Sending => {
                let note = Some(format!("Not sent yet: {error}."));
                let planned = OrderChange { note, ..OrderChange::to(&self.order, OrderState::Planned, now) };
                effects.push(Effect::ChangeOrder(planned));
            }
            (false, false) => {}
        }
        (outcome, effects)
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
