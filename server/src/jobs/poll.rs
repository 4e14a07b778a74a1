//! Ask the vendor how an order stands. A callback only brings this forward: its content is never trusted.

use std::time::Duration;

use domain::activity::{Event, NO_RESULT};
use domain::job::{Claimed, Effect, JobOutcome, OrderChange, OrderResult, Work};
use domain::order::{Order, OrderState, UNKNOWN_TO_VENDOR};
use domain::outcome::{self, Thresholds};
use domain::ports::AssessmentClient;
use domain::ports::store::StoreError;
use domain::ports::vendor::Status;
use domain::rules::Vendor;
use domain::{RemoteError, Timestamp};
use uuid::Uuid;

use super::{Context, Ran, Remote, activity, done, failed, new_job, unknown_to_vendor};
use crate::connections::Connection;

/// Greenhouse's assessment documentation: a test that is not complete after eight weeks is no longer asked for.
const GIVE_UP_AFTER: Duration = Duration::from_secs(8 * 7 * 86_400);
/// The same documentation: hourly.
const HOURLY: Duration = Duration::from_secs(3_600);
/// Once the candidate is at it, or the vendor has called back.
const SOON: Duration = Duration::from_secs(300);
/// The first look after a callback that came before its result.
const AT_ONCE: Duration = Duration::from_secs(5);

/// The schedule of an order about which nothing is known but that it is open.
pub(super) fn usual(every: Option<Duration>) -> Duration {
    every.unwrap_or(HOURLY)
}

/// How long to wait before asking again. `every` overrides the schedule, except that a callback is always followed closely:
/// as long again as it is old, so that a result which lags behind its callback is found soon.
pub(super) fn interval(every: Option<Duration>, order: &Order, now: Timestamp) -> Duration {
    let usual = every.unwrap_or(if order.state == OrderState::Invited { HOURLY } else { SOON });
    match order.called_back_at {
        Some(at) if now.since(at) < HOURLY => usual.min(now.since(at).clamp(AT_ONCE, SOON)),
        _ => usual,
    }
}

pub(super) async fn run(cx: &Context, connection: &Connection, job: &Claimed, id: Uuid) -> Result<Ran, StoreError> {
    let order = cx.store.order(id).await?;
    if !may_be_asked(&order) {
        return Ok(done(Vec::new()));
    }
    let Some(vendor_ref) = order.vendor_ref.clone() else { return Ok(without_id(&order, cx.clock.now())) };
    let Some((vendor, client)) = connection.vendor(&order.vendor) else {
        return Ok((JobOutcome::Discard { reason: "the vendor is no longer configured".into() }, Vec::new()));
    };
    let remote = Remote::vendor(connection, &vendor.id, &vendor.name);
    let answer = client.status(&vendor_ref).await;
    let now = cx.clock.now();
    let status = match answer {
        Ok(status) => status,
        Err(_) if given_up(&order, now) => return Ok(expire(&order, now)),
        Err(error @ (RemoteError::NotFound(_) | RemoteError::Rejected(_))) => {
            let detail = format!(
                "{} does not know the test that a candidate was invited to: {error}. Look at the vendor, and correct its id on \
                 the candidate's page.",
                vendor.name
            );
            let until = now.plus(interval(cx.poll_every, &order, now).max(SOON));
            return Ok((JobOutcome::Snooze { until }, vec![not_known(&order, now), issue(&order, detail, now)]));
        }
        Err(error) => return Ok(failed(job, &error, &remote, now)),
    };

    let (outcome, mut effects) = answered(cx, connection, vendor, client.as_ref(), &order, &status, now);
    if order.vendor_status.as_deref() == Some(UNKNOWN_TO_VENDOR) {
        let cause = unknown_to_vendor(&order);
        effects.push(Effect::CloseIssue { organization: order.organization, cause, at: now });
    }
    Ok((outcome, effects))
}

fn issue(order: &Order, detail: String, at: Timestamp) -> Effect {
    Effect::RaiseIssue { organization: order.organization, cause: unknown_to_vendor(order), detail, at }
}

/// Shows on the candidate's page, where the id can be corrected.
fn not_known(order: &Order, now: Timestamp) -> Effect {
    let change =
        OrderChange { vendor_status: Some(UNKNOWN_TO_VENDOR.to_owned()), ..OrderChange::to(order, order.state, now) };
    Effect::ChangeOrder(change)
}

fn answered(
    cx: &Context,
    connection: &Connection,
    vendor: &Vendor,
    client: &dyn AssessmentClient,
    order: &Order,
    status: &Status,
    now: Timestamp,
) -> Ran {
    if status.state == OrderState::Completed && order.state.may_become(OrderState::Completed) {
        let public = client.capabilities().public_report;
        return completed(connection, vendor, order, status, public, now);
    }
    if given_up(order, now) {
        return expire(order, now);
    }
    let forward = order.state.may_become(status.state) && status.state != OrderState::Completed;
    still_open(cx, order, status, forward, now)
}

fn given_up(order: &Order, now: Timestamp) -> bool {
    order.state.is_with_vendor() && now >= gives_up_at(order)
}

fn gives_up_at(order: &Order) -> Timestamp {
    order.invited_at.unwrap_or(order.created_at).plus(GIVE_UP_AFTER)
}

fn expire(order: &Order, now: Timestamp) -> Ran {
    let note = NO_RESULT.to_owned();
    let event = Event::Status { from: order.state, to: OrderState::Expired, word: note.clone() };
    let change = OrderChange { note: Some(note), ..OrderChange::to(order, OrderState::Expired, now) };
    done(vec![Effect::ChangeOrder(change), activity(order, now, event), write_back(order, now)])
}

/// A person said that it arrived and could not say under which id: nothing can be asked, and it ends like the others.
fn without_id(order: &Order, now: Timestamp) -> Ran {
    if given_up(order, now) {
        return expire(order, now);
    }
    match order.state.is_with_vendor() {
        true => (JobOutcome::Snooze { until: gives_up_at(order) }, Vec::new()),
        false => done(Vec::new()),
    }
}

/// A result that comes after an expiry is still a result, if someone tells us to look.
fn may_be_asked(order: &Order) -> bool {
    order.state.is_with_vendor()
        || matches!(order.state, OrderState::Expired | OrderState::Declined | OrderState::Cancelled)
}

fn completed(
    connection: &Connection,
    vendor: &Vendor,
    order: &Order,
    status: &Status,
    public_report: bool,
    now: Timestamp,
) -> Ran {
    let rules = &connection.organization.rules;
    let row = rules.row(&order.stage, &order.vendor, order.posting.as_deref());
    let by = row.map_or_else(Thresholds::default, |r| r.thresholds.clone());
    let measured = status.result.clone().unwrap_or_default();
    let (outcome, ground) = outcome::judge(&measured, vendor.score_scale, &by);
    let result = OrderResult {
        score: measured.score,
        band: measured.band,
        outcome,
        judged_by: connection.organization.version,
        // An address that expires, or that shows personal data to anyone who has it, is not kept.
        report_url: status.report_url.as_ref().map(|url| if public_report { url.clone() } else { String::new() }),
    };
    let note = match (status.complaints.first(), row) {
        (Some(complaint), _) => Some(complaint.clone()),
        (None, None) => Some("The rule that ordered it is gone, so there is no threshold to judge by.".to_owned()),
        (None, Some(_)) => Some(domain::words::ground(&ground)),
    };
    let change = OrderChange {
        note,
        vendor_status: Some(status.word.clone()),
        result: Some(result),
        ..OrderChange::to(order, OrderState::Completed, now)
    };
    let event = Event::Result {
        test: order.test_name.clone(),
        outcome,
        ground,
        rules_version: connection.organization.version,
    };
    done(vec![Effect::ChangeOrder(change), activity(order, now, event), write_back(order, now)])
}

fn still_open(cx: &Context, order: &Order, status: &Status, forward: bool, now: Timestamp) -> Ran {
    let mut after = order.clone();
    let mut effects = Vec::new();
    if forward {
        after.state = status.state;
        let event = Event::Status { from: order.state, to: status.state, word: status.word.clone() };
        effects.push(activity(order, now, event));
        effects.push(write_back(order, now));
    }
    if forward || order.vendor_status.as_deref() != Some(status.word.as_str()) {
        let word = Some(status.word.clone());
        let change = OrderChange { vendor_status: word, ..OrderChange::to(order, after.state, now) };
        effects.push(Effect::ChangeOrder(change));
    }
    if after.state.is_with_vendor() {
        (JobOutcome::Snooze { until: now.plus(interval(cx.poll_every, &after, now)) }, effects)
    } else {
        done(effects)
    }
}

fn write_back(order: &Order, now: Timestamp) -> Effect {
    let work = Work::WriteBack { opportunity: order.opportunity.clone(), vendor: order.vendor.clone() };
    Effect::Enqueue(new_job(order.organization, work, now))
}
