//! One candidate's past: entry, decision, order, result, and the lines of the timeline.

use std::time::Duration;

use domain::activity::{Activity, Event};
use domain::invitation::{Choice, Decision, NearMiss, Reason, Test};
use domain::job::{DecisionRecord, Effect};
use domain::opportunity::{Opportunity, StageChange};
use domain::order::{Order, OrderState};
use domain::outcome::{Ground, Measured, Outcome, judge};
use domain::ports::store::{DeliveryStatus, NewDelivery};
use domain::rules::{Trigger, Vendor};
use domain::{Personal, Timestamp};
use uuid::Uuid;

use super::History;
use super::calendar::{minutes_after, moment};
use super::dice::Dice;
use super::people;

/// From an entry to its decision; an order is made at the same instant.
const DECIDED: Duration = Duration::from_secs(3);

/// A candidate in the making.
pub(super) struct Candidate<'a> {
    history: &'a History<'a>,
    trigger: &'a Trigger,
    vendor: &'a Vendor,
    dice: Dice,
    opportunity: Opportunity,
    entered: Timestamp,
    effects: Vec<Effect>,
}

impl<'a> Candidate<'a> {
    /// `None` if the rules have no trigger stage with a known vendor.
    pub(super) fn new(history: &'a History<'a>, number: usize) -> Option<Self> {
        let mut dice = Dice::new(history.seed ^ (number as u64).wrapping_mul(0xD6E8_FEB8_6659_FD93));
        let triggers: Vec<&Trigger> = history.rules.triggers.iter().collect();
        let trigger = if triggers.is_empty() { return None } else { dice.pick(&triggers) };
        let vendor = history.rules.vendor(&trigger.vendor)?;
        let entered = moment(&mut dice, history.now, history.days);
        let opportunity = person(&mut dice, trigger, entered, number);
        Some(Self { history, trigger, vendor, dice, opportunity, entered, effects: Vec::new() })
    }

    /// All that happened, and the delivery that began it.
    pub(super) fn live(mut self) -> (Vec<Effect>, Vec<NewDelivery>) {
        let deliveries = self.deliveries();
        for visit in 0..self.history.earlier_visits {
            let back = Duration::from_secs(3_600 * (u64::from(visit) + 1));
            self.decide(
                self.entered.minus(back),
                Decision::Skip { reason: Reason::AlreadyThere { since: self.entered } },
            );
        }
        let at = self.entered.plus(DECIDED);
        match self.test().filter(|_| self.dice.per_mille(840)) {
            Some(test) => self.invite(&test, at),
            None => self.skip(),
        }
        let saved = Effect::SaveOpportunity(Box::new(self.opportunity));
        (std::iter::once(saved).chain(self.effects).collect(), deliveries)
    }

    fn deliveries(&mut self) -> Vec<NewDelivery> {
        let at = self.entered.plus(Duration::from_millis(200 + self.dice.below(600)));
        let body = format!(
            r#"{{"event":"candidateStageChange","data":{{"opportunityId":"{}","toStageId":"{}"}}}}"#,
            self.opportunity.id, self.trigger.stage.id
        );
        let done = |dice: &mut Dice| NewDelivery {
            id: dice.row(at.as_millis()),
            organization: self.history.organization,
            token: Some(dice.token()),
            event: "candidateStageChange".to_owned(),
            opportunity: Some(self.opportunity.id.clone()),
            body: body.clone(),
            status: DeliveryStatus::Done,
            reason: Some("Read again and decided.".to_owned()),
            at,
            job: None,
        };
        let mut all = vec![done(&mut self.dice)];
        let failed = match self.dice.below(1_000) {
            0..12 => Some((DeliveryStatus::Refused, "The signature is wrong.", None)),
            12..18 => Some((DeliveryStatus::NotUnderstood, "The kind is unknown.", Some(()))),
            _ => None,
        };
        if let Some((status, reason, signed)) = failed.filter(|_| !self.history.smooth) {
            let token = signed.map(|()| self.dice.token());
            let first = done(&mut self.dice);
            all.push(NewDelivery { token, status, reason: Some(reason.to_owned()), ..first });
        }
        all
    }

    /// The default test, or one of the catalogue.
    fn test(&mut self) -> Option<Test> {
        let of_vendor: Vec<&Test> =
            self.history.tests.iter().filter(|(v, _)| *v == self.vendor.id).map(|(_, t)| t).collect();
        let tagged = self.dice.per_mille(250);
        match &self.trigger.default_test {
            Some(default) if !tagged || of_vendor.is_empty() => {
                Some(Test { id: default.id.clone(), name: default.name.clone(), retired: false })
            }
            _ if of_vendor.is_empty() => None,
            _ => Some(self.dice.pick(&of_vendor).clone()),
        }
    }

    fn decide(&mut self, entered_at: Timestamp, decision: Decision) {
        self.effects.push(Effect::Decide(DecisionRecord {
            organization: self.history.organization,
            opportunity: self.opportunity.id.clone(),
            stage: self.trigger.stage.id.clone(),
            entered_at,
            vendor: self.vendor.id.clone(),
            decision: decision.clone(),
            rules_version: self.history.version,
            at: entered_at.plus(DECIDED),
        }));
        if entered_at == self.entered {
            let stage = self.trigger.stage.name.clone();
            let vendor = self.vendor.name.clone();
            let event = Event::Decided { stage, entered_at, vendor, decision };
            self.line(None, entered_at.plus(DECIDED), event);
        }
    }

    fn line(&mut self, order: Option<Uuid>, at: Timestamp, event: Event) {
        let at = at.min(self.history.now);
        self.opportunity.read_at = self.opportunity.read_at.max(at);
        self.effects.push(Effect::Record(Activity {
            id: self.dice.row(at.as_millis()),
            organization: self.history.organization,
            opportunity: self.opportunity.id.clone(),
            order,
            at,
            event,
        }));
    }

    fn skip(&mut self) {
        let near = NearMiss { tag: "backend screen".to_owned(), test: "Backend screen".to_owned() };
        let has_default = self.trigger.default_test.is_some();
        let reason = match self.dice.below(10) {
            // Where a stage has a default test, nobody lacks one.
            0..4 if has_default => Reason::NoEmail,
            0..3 => Reason::NoTest { near: Vec::new() },
            3 => Reason::NoTest { near: vec![near] },
            4 | 5 => Reason::NoEmail,
            6 => Reason::Archived,
            7 => Reason::Confidential,
            _ => Reason::LeftStage { now_in: "offer".to_owned() },
        };
        match &reason {
            Reason::NoTest { near } => self.opportunity.tags.extend(near.iter().map(|n| n.tag.clone())),
            Reason::NoEmail => self.opportunity.emails.clear(),
            Reason::LeftStage { now_in } => self.opportunity.stage.clone_from(now_in),
            _ => {}
        }
        self.decide(self.entered, Decision::Skip { reason });
    }

    fn invite(&mut self, test: &Test, at: Timestamp) {
        let is_default = self.trigger.default_test.as_ref().is_some_and(|d| d.id == test.id);
        let because = if self.dice.per_mille(250) || !is_default { Choice::Tag } else { Choice::Default };
        if because == Choice::Tag {
            self.opportunity.tags.push(test.name.clone());
        }
        let (name, near) = (test.name.clone(), Vec::new());
        let decision = Decision::Invite { asked_by: None, test: test.id.clone(), name, because, near };
        self.decide(self.entered, decision);
        let mut order = self.order(test, at);
        let sent = at.plus(Duration::from_millis(900 + self.dice.below(9_000)));
        match self.dice.below(1_000) {
            0..6 if !self.history.smooth => self.unknown(&mut order, test, sent),
            6..16 => self.refused(&mut order, test, sent),
            _ => self.with_vendor(&mut order, test, sent),
        }
        self.effects.push(Effect::PlanOrder(Box::new(order)));
    }

    fn order(&mut self, test: &Test, at: Timestamp) -> Order {
        Order {
            id: self.dice.row(at.as_millis()),
            organization: self.history.organization,
            opportunity: self.opportunity.id.clone(),
            contact: self.opportunity.contact.clone(),
            vendor: self.vendor.id.clone(),
            test: test.id.clone(),
            test_name: test.name.clone(),
            round: 1,
            stage: self.trigger.stage.id.clone(),
            posting: self.opportunity.posting.clone(),
            state: OrderState::Planned,
            note: None,
            // None also where the vendor has it: it is history, and nobody asks a vendor about it.
            vendor_ref: None,
            vendor_status: None,
            score: None,
            band: None,
            outcome: None,
            judged_by: None,
            report_url: None,
            report_token: self.dice.token(),
            email: self.opportunity.email().cloned().unwrap_or_else(|| Personal::new("")),
            created_at: at,
            invited_at: None,
            completed_at: None,
            written_at: None,
            called_back_at: None,
        }
    }

    fn unknown(&mut self, order: &mut Order, test: &Test, at: Timestamp) {
        order.state = OrderState::SendUnknown;
        let why = "the connection broke while the answer was awaited".to_owned();
        self.line(Some(order.id), at, Event::SendUnknown { test: test.name.clone(), why });
    }

    fn refused(&mut self, order: &mut Order, test: &Test, at: Timestamp) {
        order.state = OrderState::Failed;
        let why = "the address cannot be written to".to_owned();
        order.note = Some(why.clone());
        self.line(Some(order.id), at, Event::SendRefused { test: test.name.clone(), why });
    }

    fn with_vendor(&mut self, order: &mut Order, test: &Test, at: Timestamp) {
        (order.state, order.invited_at) = (OrderState::Invited, Some(at));
        let vendor_ref = format!("past-{}", order.id.simple());
        self.line(Some(order.id), at, Event::Invited { test: test.name.clone(), vendor_ref });
        self.tagged(order.id, at, "Sent", None);
        let started = minutes_after(&mut self.dice, at, 20, 4 * 24 * 60);
        let until = at.plus(Duration::from_hours(10 * 24));
        if self.dice.per_mille(150) {
            if until < self.history.now {
                order.state = OrderState::Expired;
                self.status(order, until, OrderState::Invited, OrderState::Expired, "expired");
            }
            return;
        }
        if started >= self.history.now {
            return;
        }
        order.state = OrderState::Started;
        self.status(order, started, OrderState::Invited, OrderState::Started, "in_progress");
        let ended = minutes_after(&mut self.dice, started, 25, 150);
        if ended < self.history.now && self.dice.per_mille(950) {
            self.result(order, test, ended);
        }
    }

    fn status(&mut self, order: &mut Order, at: Timestamp, from: OrderState, to: OrderState, word: &str) {
        order.vendor_status = Some(word.to_owned());
        self.line(Some(order.id), at, Event::Status { from, to, word: word.to_owned() });
    }

    fn result(&mut self, order: &mut Order, test: &Test, at: Timestamp) {
        let measured = self.measured();
        let (outcome, ground) = judge(&measured, self.vendor.score_scale, &self.trigger.thresholds);
        order.state = OrderState::Completed;
        (order.score, order.band) = (measured.score, measured.band);
        (order.outcome, order.judged_by) = (Some(outcome), Some(self.history.version));
        (order.completed_at, order.vendor_status) = (Some(at), Some("completed".to_owned()));
        let written = at.plus(Duration::from_secs(2 + self.dice.below(30)));
        order.written_at = Some(written.min(self.history.now));
        self.judged(order.id, test, at, outcome, ground);
        self.tagged(order.id, written, word(outcome), Some("Sent"));
        if outcome == Outcome::Pass && self.dice.per_mille(700) {
            "onsite".clone_into(&mut self.opportunity.stage);
        }
    }

    fn judged(&mut self, order: Uuid, test: &Test, at: Timestamp, outcome: Outcome, ground: Ground) {
        let rules_version = self.history.version;
        self.line(Some(order), at, Event::Result { test: test.name.clone(), outcome, ground, rules_version });
    }

    /// A heap around two thirds of the scale: the mean of three throws. A few results have no number.
    fn measured(&mut self) -> Measured {
        if self.dice.per_mille(8) && !self.history.smooth {
            return Measured::default();
        }
        let (low, high) = self.vendor.score_scale.unwrap_or((0.0, 100.0));
        let throws = [25, 15, 30].map(|low| low + self.dice.below(101 - low / 2));
        let sum = throws.into_iter().map(|t| t.min(100)).sum::<u64>();
        let share = f64::from(u32::try_from(sum).unwrap_or(150)) / 300.0;
        Measured { score: Some((low + (high - low) * share).round()), band: None }
    }

    fn tagged(&mut self, order: Uuid, at: Timestamp, word: &str, instead_of: Option<&str>) {
        let tag = |word: &str| format!("{} - {word}", self.vendor.tag_prefix);
        let (added, removed) = (tag(word), instead_of.map(tag));
        self.opportunity.tags.retain(|t| Some(t) != removed.as_ref());
        self.opportunity.tags.push(added.clone());
        let event = Event::Tagged { added: vec![added], removed: removed.into_iter().collect() };
        self.line(Some(order), at.plus(Duration::from_secs(1)), event);
    }
}

const fn word(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Pass => "Pass",
        Outcome::NeedsReview => "Needs Review",
        Outcome::Fail => "Fail",
    }
}

fn person(dice: &mut Dice, trigger: &Trigger, entered: Timestamp, number: usize) -> Opportunity {
    let id = dice.row(entered.as_millis()).to_string();
    Opportunity {
        contact: dice.row(entered.as_millis()).to_string(),
        name: Personal::new(people::name(dice)),
        emails: vec![Personal::new(format!("candidate.{number}@people.example"))],
        phones: Vec::new(),
        location: Personal::default(),
        stage: trigger.stage.id.clone(),
        stage_changes: vec![StageChange { to: trigger.stage.id.clone(), at: entered }],
        archived: None,
        tags: Vec::new(),
        links: Vec::new(),
        posting: trigger.postings.first().map(|p| p.id.clone()),
        confidential: false,
        anonymized: false,
        created_at: entered.minus(Duration::from_hours(24 * (1 + dice.below(20)))),
        url: Some(format!("https://hire.lever.example/candidates/{id}")),
        read_at: entered,
        id,
    }
}
