//! Ask the vendor how an order stands. A callback only brings this forward: its content is never trusted.

use std::time::Duration;

use domain::Timestamp;
use domain::activity::Event;
use domain::job::{Claimed, Effect, JobOutcome, OrderChange, OrderResult, Work};
use domain::order::{Order, OrderState};
use domain::outcome::{self, Thresholds};
use domain::ports::store::StoreError;
use domain::ports::vendor::Status;
use domain::rules::Vendor;
use uuid::Uuid;

use super::{Context, Ran, Remote, activity, done, failed, new_job};
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
    let Some(vendor_ref) = order.vendor_ref.clone().filter(|_| may_be_asked(&order)) else {
        return Ok(done(Vec::new()));
    };
    let Some((vendor, client)) = connection.vendor(&order.vendor) else {
        return Ok((JobOutcome::Discard { reason: "the vendor is no longer configured".into() }, Vec::new()));
    };
    let remote = Remote::vendor(connection, &vendor.id, &vendor.name);
    let answer = client.status(&vendor_ref).await;
    let now = cx.clock.now();
    let status = match answer {
        Ok(status) => status,
        Err(error) => return Ok(failed(job, &error, &remote, now)),
    };

    if status.state == OrderState::Completed && order.state.may_become(OrderState::Completed) {
        return Ok(completed(connection, vendor, &order, &status, now));
    }
    let given_up = now.since(order.invited_at.unwrap_or(order.created_at)) >= GIVE_UP_AFTER;
    let moved = if given_up && order.state.is_with_vendor() {
        Some((OrderState::Expired, Some("No result after eight weeks.".to_owned())))
    } else if order.state.may_become(status.state) && !matches!(status.state, OrderState::Completed) {
        Some((status.state, None))
    } else {
        None
    };
    Ok(still_open(cx, &order, &status, moved, now))
}

/// A result that comes after an expiry is still a result, if someone tells us to look.
fn may_be_asked(order: &Order) -> bool {
    order.state.is_with_vendor()
        || matches!(order.state, OrderState::Expired | OrderState::Declined | OrderState::Cancelled)
}

fn completed(connection: &Connection, vendor: &Vendor, order: &Order, status: &Status, now: Timestamp) -> Ran {
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
        report_url: status.report_url.clone(),
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

fn still_open(
    cx: &Context,
    order: &Order,
    status: &Status,
    moved: Option<(OrderState, Option<String>)>,
    now: Timestamp,
) -> Ran {
    let mut effects = Vec::new();
    let mut after = order.clone();
    if let Some((to, note)) = moved {
        let word = note.clone().unwrap_or_else(|| status.word.clone());
        let change = OrderChange { note, vendor_status: Some(status.word.clone()), ..OrderChange::to(order, to, now) };
        effects.push(Effect::ChangeOrder(change));
        effects.push(activity(order, now, Event::Status { from: order.state, to, word }));
        effects.push(write_back(order, now));
        after.state = to;
    } else if order.vendor_status.as_deref() != Some(status.word.as_str()) {
        let change =
            OrderChange { vendor_status: Some(status.word.clone()), ..OrderChange::to(order, order.state, now) };
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
