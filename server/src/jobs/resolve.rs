//! Find out whose results are that were not ordered: by the id of an order of ours, or by who has the same addresses, numbers
//! and names. One strong answer is linked, a person decides about the others, and nobody is looked for again when people in
//! Lever change.

use std::time::Duration;

use domain::Timestamp;
use domain::identity::{Decision, Prepared, indexed};
use domain::incoming::{Incoming, Link, Standing, State, Weighed, Why};
use domain::job::{Claimed, Effect, JobOutcome, MatchEntry, NewJob, Settling, Work};
use domain::opportunity::Opportunity;
use domain::order::Order;
use domain::ports::store::StoreError;
use domain::review::{self, Act, Answer, Linking, MOST_COMPARED, MOST_OF_A_KEY};
use uuid::Uuid;

use super::{Context, Ran, activity, contacts, done, new_job};
use crate::connections::Connection;
use crate::ids;

/// Results of one run.
const BATCH: u32 = 100;
/// The first sweep so long after a result came looks at it once more: where several connections write, somebody in Lever can change in the
/// instant in which it comes, and neither sees the other.
const SETTLED_BY: Duration = Duration::from_secs(60);
/// People are counted no further: more make no answer less probable that is one.
const MOST_PEOPLE: u32 = 100_000;

pub(super) async fn run(cx: &Context, connection: &Connection, job: &Claimed) -> Result<Ran, StoreError> {
    let due = cx.store.due_results(job.organization, cx.clock.now(), BATCH).await?;
    if due.is_empty() {
        return Ok(done(Vec::new()));
    }
    if connection.organization.paused {
        // What is found would be written to Lever. They stay due.
        return Ok((JobOutcome::Snooze { until: cx.clock.now().plus(cx.sync_every) }, Vec::new()));
    }
    let everybody = cx.store.mark(job.organization, contacts::MARK).await?.is_some();
    let people = cx.store.contact_count(job.organization, MOST_PEOPLE).await?;
    let people = usize::try_from(people).unwrap_or(usize::MAX);
    let mut same = Vec::new();
    for incoming in &due {
        let mut effects = match ours(cx, incoming).await? {
            Some(effects) => effects,
            // One of two with a name and a number would be the only one, and clear. It stays due until all are known.
            None if !everybody => continue,
            None => one(cx, connection, incoming, people).await?,
        };
        if effects.is_empty() {
            same.push(incoming);
            continue;
        }
        for effect in &mut effects {
            if let Effect::Settle(step) = effect {
                step.due = incoming.due;
            }
        }
        match cx.store.commit(effects).await {
            // A person decided it meanwhile, or another run did, or people changed: then it is due still.
            Ok(()) | Err(StoreError::Conflict(_)) => {}
            Err(error) => return Err(error),
        }
    }
    cx.store.same_as_before(job.organization, &same).await?;
    if due.len() < BATCH as usize || !everybody {
        return Ok(done(Vec::new()));
    }
    Ok((JobOutcome::Snooze { until: cx.clock.now() }, Vec::new()))
}

/// What follows for a result of an order of ours; `None` for others.
async fn ours(cx: &Context, incoming: &Incoming) -> Result<Option<Vec<Effect>>, StoreError> {
    let given = &incoming.given;
    if !given.has_vendor_id {
        return Ok(None);
    }
    let order = cx.store.order_by_reference(incoming.organization, &given.vendor, &given.reference).await?;
    Ok(order.filter(|order| order.invited_at.is_some()).map(|order| ordered(incoming, &order, cx.clock.now())))
}

/// What follows for one result; nothing where it stands as it stood.
async fn one(
    cx: &Context,
    connection: &Connection,
    incoming: &Incoming,
    people: usize,
) -> Result<Vec<Effect>, StoreError> {
    let (organization, given) = (incoming.organization, &incoming.given);
    let now = cx.clock.now();
    let keys = indexed(&Prepared::new(&given.person));
    let found = cx.store.lookup(organization, &keys, MOST_OF_A_KEY, MOST_COMPARED).await?;
    let mut weighed = review::weigh(&given.person, &found.contacts, people);
    let ids: Vec<String> = weighed.iter().map(|w| w.contact.clone()).collect();
    let candidacies = cx.store.candidacies(organization, &ids).await?;
    // Somebody without an opportunity cannot be written to.
    weighed.retain(|w| candidacies.iter().any(|o| o.contact == w.contact));
    let answer = review::answer(&weighed, found.crowd);
    if answer.decision == Decision::Match && !incoming.standing.held {
        let contact = &answer.candidates[0].contact;
        let of_contact: Vec<Opportunity> = candidacies.into_iter().filter(|o| o.contact == *contact).collect();
        if let Some(opportunity) = review::only_opportunity(&of_contact) {
            return linked(cx, connection, incoming, &answer, opportunity).await;
        }
        return Ok(waiting(incoming, Why::SeveralOpportunities, answer.candidates, now));
    }
    Ok(match answer.decision {
        Decision::Unknown if incoming.standing.held => waiting(incoming, Why::TakenBack, Vec::new(), now),
        Decision::Unknown => settled(incoming, State::Unknown, answer.why, Vec::new(), now),
        Decision::Match => waiting(incoming, Why::TakenBack, answer.candidates, now),
        Decision::Review => waiting(incoming, answer.why, answer.candidates, now),
    })
}

/// An order of ours is matched by its id and never guessed. What the vendor says of it is read, as after a callback.
fn ordered(incoming: &Incoming, order: &Order, now: Timestamp) -> Vec<Effect> {
    let link = Link { contact: order.contact.clone(), opportunity: order.opportunity.clone(), order: order.id };
    let to = Standing {
        state: State::Ordered,
        why: Why::OurOrder,
        candidates: Vec::new(),
        link: Some(link),
        at: Some(now),
        ..incoming.standing.clone()
    };
    let poll = new_job(incoming.organization, Work::Poll { order: order.id }, now);
    vec![Effect::Settle(Box::new(Settling::of(incoming, to, now))), Effect::Enqueue(poll)]
}

async fn linked(
    cx: &Context,
    connection: &Connection,
    incoming: &Incoming,
    answer: &Answer,
    opportunity: &Opportunity,
) -> Result<Vec<Effect>, StoreError> {
    let orders = cx.store.opportunity_facts(incoming.organization, &opportunity.id).await?.orders;
    let now = cx.clock.now();
    let (order, decision) = (ids::unguessable(), ids::row());
    let to = Standing {
        state: State::Linked,
        why: answer.why,
        candidates: answer.candidates.clone(),
        link: Some(Link { contact: opportunity.contact.clone(), opportunity: opportunity.id.clone(), order }),
        decision: Some(decision),
        by: None,
        at: Some(now),
        ..incoming.standing.clone()
    };
    let entry = MatchEntry {
        id: decision,
        act: Act::Linked,
        who: None,
        took: None,
        contact: Some(opportunity.contact.clone()),
        before: incoming.standing.clone(),
        agreed: None,
    };
    let step = Settling { entry: Some(entry), ..Settling::of(incoming, to, now) };
    let mut effects = vec![Effect::Settle(Box::new(step))];
    effects.extend(link(connection, incoming, opportunity, &orders, order, None, now));
    Ok(effects)
}

/// The order of a link with all that follows from it; the way to Lever is that of any other result.
pub(crate) fn link(
    connection: &Connection,
    incoming: &Incoming,
    opportunity: &Opportunity,
    orders: &[Order],
    order: Uuid,
    by: Option<&str>,
    now: Timestamp,
) -> Vec<Effect> {
    let organization = &connection.organization;
    let public_report =
        connection.vendor(&incoming.given.vendor).is_some_and(|(_, client)| client.capabilities().public_report);
    let linking = Linking {
        incoming,
        opportunity,
        orders,
        rules: &organization.rules,
        version: organization.version,
        public_report,
        by,
        now,
    };
    let made = review::link(linking, order, ids::token());
    let lines: Vec<Effect> = made.events.into_iter().map(|event| activity(&made.order, now, event)).collect();
    let work = Work::WriteBack { opportunity: opportunity.id.clone(), vendor: incoming.given.vendor.clone() };
    let write = NewJob { id: ids::row(), organization: organization.id, work, run_at: now };
    let mut effects = vec![
        Effect::SaveOpportunity(Box::new(opportunity.clone())),
        Effect::PlanOrder(Box::new(made.order)),
        Effect::Enqueue(write),
    ];
    effects.extend(lines);
    effects
}

fn waiting(incoming: &Incoming, why: Why, candidates: Vec<Weighed>, now: Timestamp) -> Vec<Effect> {
    settled(incoming, State::Review, why, candidates, now)
}

fn settled(incoming: &Incoming, state: State, why: Why, candidates: Vec<Weighed>, now: Timestamp) -> Vec<Effect> {
    let before = &incoming.standing;
    if before.state == state && before.why == why && looks_alike(&before.candidates, &candidates) {
        return Vec::new();
    }
    let to = Standing { state, why, candidates, at: Some(now), ..before.clone() };
    let first = before.state == State::New;
    let look_again = first.then(|| incoming.received_at.plus(SETTLED_BY)).filter(|at| *at > now);
    vec![Effect::Settle(Box::new(Settling { look_again, ..Settling::of(incoming, to, now) }))]
}

/// The same people for the same reasons: how many others there are in Lever moves every number a little.
fn looks_alike(before: &[Weighed], now: &[Weighed]) -> bool {
    let clues = |w: &Weighed| w.lines.iter().map(|line| line.clue).collect::<Vec<_>>();
    before.len() == now.len()
        && before
            .iter()
            .zip(now)
            .all(|(a, b)| a.contact == b.contact && (a.bits - b.bits).abs() < 1.0 && clues(a) == clues(b))
}
