//! Bring tag and link of an opportunity in Lever up to date with its orders.
//!
//! The job converges: every write in it is harmless when repeated (tags are a set; the link is looked for first), so a crash
//! between two of them costs a repeat and never a second effect. That is why it may make more than one write: a job for each
//! would need a reading for each, and Lever's calls are the scarcest thing there is.

use domain::activity::{Activity, Event};
use domain::job::{Claimed, Effect, JobOutcome};
use domain::order::{Order, OrderState};
use domain::ports::store::{StoreError, Withdrawal};
use domain::tags::{self, Status};
use domain::{RemoteError, Timestamp};

use super::{Context, Ran, Remote, Unseen, done, failed};
use crate::connections::Connection;
use crate::ids;

pub(super) async fn run(
    cx: &Context,
    connection: &Connection,
    job: &Claimed,
    opportunity: &str,
    vendor: &str,
) -> Result<Ran, StoreError> {
    let orders = cx.store.opportunity_facts(job.organization, opportunity).await?.orders;
    let orders: Vec<Order> = orders.into_iter().filter(|o| o.vendor == vendor).collect();
    let Some(prefix) = connection.organization.rules.vendor(vendor).map(|v| v.tag_prefix.clone()) else {
        return Ok((JobOutcome::Discard { reason: "the vendor is no longer configured".into() }, Vec::new()));
    };
    let withdrawn = cx.store.withdrawals(job.organization, opportunity, vendor).await?;
    let mut writer = Writer { cx, connection, opportunity, job, effects: Vec::new() };
    let done_with = match writer.take_back(&prefix, &orders, &withdrawn).await {
        Ok(()) => writer.converge(&prefix, &orders).await,
        Err(error) => Err(error),
    };
    match done_with {
        Ok(()) => Ok(done(writer.effects)),
        Err(error) => {
            Ok(not_written(cx, connection, job, opportunity, (&orders, &withdrawn), error, writer.effects).await)
        }
    }
}

async fn not_written(
    cx: &Context,
    connection: &Connection,
    job: &Claimed,
    opportunity: &str,
    (orders, withdrawn): (&[Order], &[Withdrawal]),
    error: RemoteError,
    mut effects: Vec<Effect>,
) -> Ran {
    let unseen = Unseen::of(error, connection, opportunity).await;
    let now = cx.clock.now();
    match unseen {
        Ok(unseen) => {
            // There is nothing to write to, and never will be: without this mark the sweep would try again for ever. What is
            // only hidden may be seen again, so the sweep tries it.
            if matches!(unseen, Unseen::Gone) {
                let orders = unwritten(orders).map(|o| o.id).collect();
                effects.push(Effect::MarkWritten { orders, at: now });
                effects.push(Effect::MarkWithdrawn { orders: withdrawn.iter().map(|w| w.order).collect(), at: now });
            }
            (JobOutcome::Discard { reason: unseen.why().to_owned() }, effects)
        }
        Err(error) => {
            let (outcome, failure) = failed(job, &error, &Remote::lever(connection), now);
            effects.extend(failure);
            (outcome, effects)
        }
    }
}

fn unwritten(orders: &[Order]) -> impl Iterator<Item = &Order> {
    orders.iter().filter(|o| o.state == OrderState::Completed && o.written_at.is_none())
}

struct Writer<'a> {
    cx: &'a Context,
    connection: &'a Connection,
    opportunity: &'a str,
    job: &'a Claimed,
    /// What was done so far is recorded even if a later step fails.
    effects: Vec<Effect>,
}

impl Writer<'_> {
    /// What was written for results that are not this candidate's goes again: their links, and the status tag where no other
    /// order says anything. Both are looked for first, so a second run finds nothing to do.
    async fn take_back(&mut self, prefix: &str, orders: &[Order], withdrawn: &[Withdrawal]) -> Result<(), RemoteError> {
        if withdrawn.is_empty() {
            return Ok(());
        }
        let ats = &self.connection.ats;
        let read = ats.opportunity(self.opportunity).await?;
        let links = withdrawn.iter().map(|w| self.address(&w.report_token));
        let links: Vec<String> = links.filter(|link| read.links.contains(link)).collect();
        for link in &links {
            ats.remove_link(self.opportunity, link).await?;
        }
        let removed = if Status::newest(orders).is_none() { tags::ours(&read.tags, prefix) } else { Vec::new() };
        if !removed.is_empty() {
            ats.remove_tags(self.opportunity, &removed).await?;
        }
        self.record(Event::TakenBack { removed, link: !links.is_empty() });
        let orders = withdrawn.iter().map(|w| w.order).collect();
        self.effects.push(Effect::MarkWithdrawn { orders, at: self.now() });
        Ok(())
    }

    fn address(&self, report_token: &str) -> String {
        format!("{}/reports/{report_token}", self.cx.public_url)
    }

    async fn converge(&mut self, prefix: &str, orders: &[Order]) -> Result<(), RemoteError> {
        let Some(wanted) = Status::newest(orders) else { return Ok(()) };
        let unwritten: Vec<&Order> = unwritten(orders).collect();
        let ats = &self.connection.ats;
        // The answer to an added tag names all tags, so without a link to look for there is nothing to read first.
        let (tags, links) = if unwritten.is_empty() && self.job.failures == 0 {
            let tag = [wanted.tag(prefix)];
            let tags = ats.add_tags(self.opportunity, &tag).await?;
            self.record(Event::Tagged { added: tag.to_vec(), removed: Vec::new() });
            (tags, Vec::new())
        } else {
            let read = ats.opportunity(self.opportunity).await?;
            (read.tags, read.links)
        };
        self.tag(&tags, prefix, wanted).await?;
        self.link(&unwritten, &links).await?;
        if !unwritten.is_empty() {
            let orders = unwritten.iter().map(|o| o.id).collect();
            self.effects.push(Effect::MarkWritten { orders, at: self.now() });
        }
        Ok(())
    }

    async fn tag(&mut self, current: &[String], prefix: &str, wanted: Status) -> Result<(), RemoteError> {
        let plan = tags::plan(current, prefix, Some(wanted));
        if plan.is_empty() {
            return Ok(());
        }
        // First add, then remove: at no moment does the opportunity carry no status.
        if let Some(tag) = &plan.add {
            self.connection.ats.add_tags(self.opportunity, std::slice::from_ref(tag)).await?;
        }
        if !plan.remove.is_empty() {
            self.connection.ats.remove_tags(self.opportunity, &plan.remove).await?;
        }
        self.record(Event::Tagged { added: plan.add.into_iter().collect(), removed: plan.remove });
        Ok(())
    }

    async fn link(&mut self, orders: &[&Order], there: &[String]) -> Result<(), RemoteError> {
        for order in orders.iter().filter(|o| o.report_url.is_some()) {
            let link = self.address(&order.report_token);
            if !there.contains(&link) {
                self.connection.ats.add_link(self.opportunity, &link).await?;
                self.record(Event::Linked { link });
            }
        }
        Ok(())
    }

    fn now(&self) -> Timestamp {
        self.cx.clock.now()
    }

    fn record(&mut self, event: Event) {
        let line = Activity {
            id: ids::row(),
            organization: self.connection.organization.id,
            opportunity: self.opportunity.to_owned(),
            order: None,
            at: self.now(),
            event,
        };
        self.effects.push(Effect::Record(line));
    }
}
