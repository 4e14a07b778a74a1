//! What linking a result to an opportunity makes: an order that is completed already, and what Lever will show of it.

use uuid::Uuid;

use crate::activity::Event;
use crate::incoming::{Given, Incoming};
use crate::opportunity::Opportunity;
use crate::order::{Order, OrderState};
use crate::outcome::{Ground, Outcome, Thresholds, judge};
use crate::rules::{Rules, Trigger};
use crate::tags::{self, Status};
use crate::{Personal, Timestamp, words};

/// Everything linking depends on.
#[derive(Clone, Copy, Debug)]
pub struct Linking<'a> {
    /// The result.
    pub incoming: &'a Incoming,
    /// Where it belongs, as last read.
    pub opportunity: &'a Opportunity,
    /// All orders of the opportunity.
    pub orders: &'a [Order],
    /// The rules in force.
    pub rules: &'a Rules,
    /// Their version.
    pub version: i64,
    /// Whether the vendor's report may be opened by whoever has its address.
    pub public_report: bool,
    /// Who links it; `None`: Assay itself.
    pub by: Option<&'a str>,
    /// Now.
    pub now: Timestamp,
}

/// What is committed together.
#[derive(Clone, Debug, PartialEq)]
pub struct Linked {
    /// Completed: it goes the way of any other result from here on.
    pub order: Order,
    /// For the timeline, in order.
    pub events: Vec<Event>,
}

/// What Lever will show, before it does.
#[derive(Clone, Debug, PartialEq)]
pub struct Preview {
    /// The judgement.
    pub outcome: Outcome,
    /// Its ground.
    pub ground: Ground,
    /// The tag that is added; `None`: it is there.
    pub add: Option<String>,
    /// Tags of ours that it takes the place of.
    pub remove: Vec<String>,
    /// Whether a link to the report is added.
    pub report: bool,
}

/// The row whose thresholds judge a result: the one that speaks for where the candidate stands; else the one that orders this
/// test; else the only one the vendor has. Several that do not agree say nothing.
pub fn judged_by<'a>(rules: &'a Rules, given: &Given, opportunity: &Opportunity) -> Option<&'a Trigger> {
    let posting = opportunity.posting.as_deref();
    if let Some(row) = rules.row(&opportunity.stage, &given.vendor, posting) {
        return Some(row);
    }
    let of_vendor = || rules.triggers.iter().filter(|t| t.vendor == given.vendor && t.covers(posting));
    let agreed = |rows: Vec<&'a Trigger>| {
        let first = rows.first().copied()?;
        rows.iter().all(|row| row.thresholds == first.thresholds).then_some(first)
    };
    let of_test = |t: &&Trigger| t.default_test.as_ref().is_some_and(|test| test.id == given.test.id);
    agreed(of_vendor().filter(of_test).collect()).or_else(|| agreed(of_vendor().collect()))
}

fn judgement(rules: &Rules, given: &Given, opportunity: &Opportunity) -> (Outcome, Ground) {
    let by = judged_by(rules, given, opportunity).map_or_else(Thresholds::default, |row| row.thresholds.clone());
    judge(&given.measured, rules.vendor(&given.vendor).and_then(|v| v.score_scale), &by)
}

/// What linking will write.
pub fn preview(rules: &Rules, given: &Given, opportunity: &Opportunity) -> Preview {
    let (outcome, ground) = judgement(rules, given, opportunity);
    let prefix = rules.vendor(&given.vendor).map_or("", |v| v.tag_prefix.as_str());
    let plan = tags::plan(&opportunity.tags, prefix, Some(Status::of_outcome(outcome)));
    Preview { outcome, ground, add: plan.add, remove: plan.remove, report: given.report_url.is_some() }
}

/// The order and the lines of the timeline. Its ids are made by the caller; `order` is in addresses, so nobody may guess it.
pub fn link(linking: Linking<'_>, order: Uuid, report_token: String) -> Linked {
    let Linking { incoming, opportunity, rules, .. } = linking;
    let given = &incoming.given;
    let (outcome, ground) = judgement(rules, given, opportunity);
    let same = |o: &&Order| o.vendor == given.vendor && o.test == given.test.id;
    let round = linking.orders.iter().filter(same).map(|o| o.round).max().unwrap_or(0) + 1;
    let stage = judged_by(rules, given, opportunity).map_or(&opportunity.stage, |row| &row.stage.id);
    let linked =
        Event::ResultLinked { by: linking.by.map(str::to_owned), test: given.test.name.clone(), incoming: incoming.id };
    let event = Event::Result {
        test: given.test.name.clone(),
        outcome,
        ground: ground.clone(),
        rules_version: linking.version,
    };
    let order = Order {
        id: order,
        organization: incoming.organization,
        opportunity: opportunity.id.clone(),
        contact: opportunity.contact.clone(),
        vendor: given.vendor.clone(),
        test: given.test.id.clone(),
        test_name: given.test.name.clone(),
        round,
        stage: stage.clone(),
        posting: opportunity.posting.clone(),
        state: OrderState::Completed,
        note: Some(format!("{} {}", words::event(&linked), words::ground(&ground))),
        vendor_ref: given.has_vendor_id.then(|| given.reference.clone()),
        vendor_status: None,
        score: given.measured.score,
        band: given.measured.band.clone(),
        outcome: Some(outcome),
        judged_by: Some(linking.version),
        // As with results that were asked for: an address that expires or shows personal data is not kept.
        report_url: given.report_url.clone().map(|url| if linking.public_report { url } else { String::new() }),
        report_token,
        email: given.email().cloned().unwrap_or_else(|| Personal::new("")),
        created_at: linking.now,
        // We invited nobody.
        invited_at: None,
        completed_at: Some(given.completed_at),
        written_at: None,
        called_back_at: None,
    };
    Linked { order, events: vec![linked, event] }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identity::Person;
    use crate::incoming::Standing;
    use crate::invitation::Test;
    use crate::outcome::Measured;
    use crate::samples::{at, opportunity, row, rules};

    fn incoming(score: f64) -> Incoming {
        let given = Given {
            vendor: "py".into(),
            reference: "r1".into(),
            has_vendor_id: true,
            test: Test { id: "t1".into(), name: "Backend".into(), retired: false },
            person: Person { emails: vec![Personal::new("ada@example.com")], ..Person::default() },
            measured: Measured { score: Some(score), band: None },
            completed_at: at(200),
            report_url: Some("https://py.example/r".into()),
            by: "sue".into(),
        };
        Incoming {
            id: Uuid::nil(),
            organization: Uuid::nil(),
            given,
            received_at: at(250),
            version: 1,
            standing: Standing::default(),
            due: None,
        }
    }

    fn thresholds(pass_at: f64) -> Thresholds {
        Thresholds { pass_at: Some(pass_at), fail_at: Some(40.0), ..Thresholds::default() }
    }

    #[test]
    fn the_row_of_the_stage_judges_before_the_one_of_the_test() {
        let stands = opportunity().stage;
        let here = Trigger { thresholds: thresholds(90.0), ..row(&stands, None) };
        let of_test = Trigger { thresholds: thresholds(70.0), ..row("elsewhere", Some("t1")) };
        let other = Trigger { thresholds: thresholds(60.0), ..row("third", Some("t2")) };
        let by = |rows: Vec<Trigger>| {
            let judged = judged_by(&rules(rows), &incoming(80.0).given, &opportunity()).cloned();
            judged.and_then(|row| row.thresholds.pass_at)
        };
        assert_eq!(by(vec![of_test.clone(), here]), Some(90.0));
        assert_eq!(by(vec![of_test, other.clone()]), Some(70.0));
        assert_eq!(by(vec![other.clone()]), Some(60.0));
        assert_eq!(by(vec![other, Trigger { thresholds: thresholds(50.0), ..row("fourth", Some("t3")) }]), None);
        assert_eq!(by(vec![]), None);
    }

    #[test]
    fn what_is_shown_before_is_what_is_made() {
        let rules = rules(vec![Trigger { thresholds: thresholds(70.0), ..row("elsewhere", Some("t1")) }]);
        let tags = vec!["py - Sent".to_owned(), "Referral".to_owned()];
        let (incoming, opportunity) = (incoming(80.0), Opportunity { tags, ..opportunity() });
        let shown = preview(&rules, &incoming.given, &opportunity);
        assert_eq!((shown.outcome, shown.add.as_deref()), (Outcome::Pass, Some("py - Pass")));
        assert_eq!((shown.remove, shown.report), (vec!["py - Sent".to_owned()], true));
        let linking = Linking {
            incoming: &incoming,
            opportunity: &opportunity,
            orders: &[],
            rules: &rules,
            version: 3,
            public_report: true,
            by: Some("rita"),
            now: at(300),
        };
        let made = link(linking, Uuid::from_u128(9), "token".into());
        assert_eq!(Status::of(&made.order).map(|s| s.tag("py")), shown.add);
        assert_eq!((made.order.round, made.order.judged_by, made.order.invited_at), (1, Some(3), None));
        let earlier = [made.order];
        let again =
            link(Linking { orders: &earlier, public_report: false, ..linking }, Uuid::from_u128(10), "t2".into());
        assert_eq!((again.order.round, again.order.report_url.as_deref()), (2, Some("")));
    }
}
