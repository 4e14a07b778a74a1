//! What follows from reading an opportunity: one decision for every entry into a trigger stage that has none yet.

use std::collections::BTreeSet;

use crate::Timestamp;
use crate::invitation::{self, Decision, Facts, Test};
use crate::opportunity::{Entry, Opportunity};
use crate::order::Order;
use crate::rules::{Rules, Trigger};

/// Everything that is known when an opportunity was read.
#[derive(Clone, Copy, Debug)]
pub struct Known<'a> {
    /// As Lever says now.
    pub opportunity: &'a Opportunity,
    /// The rules in force.
    pub rules: &'a Rules,
    /// Catalogues by vendor id.
    pub tests: &'a [(String, Test)],
    /// All orders of the opportunity.
    pub orders: &'a [Order],
    /// Entries that are decided: stage, entered at, vendor.
    pub decided: &'a BTreeSet<(String, Timestamp, String)>,
    /// The organization is paused.
    pub paused: bool,
    /// Now.
    pub now: Timestamp,
}

/// A decision to be recorded.
#[derive(Clone, Debug, PartialEq)]
pub struct Decided {
    /// The visit.
    pub entry: Entry,
    /// Vendor id.
    pub vendor: String,
    /// The decision.
    pub decision: Decision,
}

/// Decides every undecided entry, the earliest first, so that what is said last is about the last one; where several rows are
/// about an entry, in the order of the rules. At most one invitation per vendor can come of it, because only the visit that
/// still lasts may invite.
pub fn decide(known: Known<'_>) -> Vec<Decided> {
    let mut lanes: Vec<(&str, &str)> = Vec::new();
    for t in &known.rules.triggers {
        if !lanes.contains(&(t.stage.id.as_str(), t.vendor.as_str())) {
            lanes.push((&t.stage.id, &t.vendor));
        }
    }
    let mut all: Vec<Decided> =
        lanes.into_iter().flat_map(|(stage, vendor)| decide_lane(known, stage, vendor)).collect();
    all.sort_by_key(|decided| decided.entry.at);
    all
}

/// Decides the visit that lasts though it was decided before, because `by` asked to invite who was there before the row.
/// `None`: it does not stand in the stage, or the row is gone or off.
pub fn decide_asked(known: Known<'_>, stage: &str, vendor: &str, by: &str) -> Option<Decided> {
    let entry = known.opportunity.entries(stage).into_iter().find(|entry| !entry.left)?;
    let lane = Lane::of(known, stage, vendor)?;
    Some(lane.decide(known, entry, Some(by)))
}

/// What the decisions of one stage and vendor depend on.
struct Lane {
    vendor: String,
    rows: Vec<Trigger>,
    tests: Vec<Test>,
    orders: Vec<Order>,
}

impl Lane {
    /// `None` where nobody is to be invited: no row, or the one that speaks for the posting is off. Nothing is decided then,
    /// so that a decision says what was weighed and not what was switched off.
    fn of(known: Known<'_>, stage: &str, vendor: &str) -> Option<Self> {
        let row = known.rules.row(stage, vendor, known.opportunity.posting.as_deref());
        if row.is_some_and(|row| row.off) {
            return None;
        }
        let rows = known.rules.triggers.iter().filter(|t| t.stage.id == stage && t.vendor == vendor && !t.off);
        let rows: Vec<Trigger> = rows.cloned().collect();
        (!rows.is_empty()).then(|| Self {
            vendor: vendor.to_owned(),
            rows,
            tests: known.tests.iter().filter(|(v, _)| v == vendor).map(|(_, t)| t.clone()).collect(),
            orders: known.orders.iter().filter(|o| o.vendor == vendor).cloned().collect(),
        })
    }

    fn decide(&self, known: Known<'_>, entry: Entry, asked_by: Option<&str>) -> Decided {
        let facts = Facts {
            opportunity: known.opportunity,
            entry: &entry,
            rows: &self.rows,
            tests: &self.tests,
            orders: &self.orders,
            asked_by,
            paused: known.paused,
            now: known.now,
        };
        Decided { decision: invitation::decide(facts), vendor: self.vendor.clone(), entry }
    }
}

fn decide_lane(known: Known<'_>, stage: &str, vendor: &str) -> Vec<Decided> {
    let Some(lane) = Lane::of(known, stage, vendor) else { return Vec::new() };
    let since = lane.rows.iter().map(|r| r.active_since).min().unwrap_or_default();
    let undecided = known.opportunity.entries(stage).into_iter().filter(|entry| {
        // Visits that were over before the row existed are history, not silence.
        (!entry.left || entry.at > since) && !known.decided.contains(&(stage.to_owned(), entry.at, vendor.to_owned()))
    });
    undecided.map(|entry| lane.decide(known, entry, None)).collect()
}
