//! What a changed row would have done to those who entered its stage lately.
//!
//! What does not depend on the row (archived, paused, no address, invited before) stays as it was. What it depends on, tags and
//! posting, is taken as it was read last.

use std::collections::BTreeMap;

use crate::invitation::{Decision, Picked, Reason, Test, pick};
use crate::opportunity::Opportunity;
use crate::outcome::{Measured, Outcome, judge};
use crate::rules::{Rules, Vendor};
use crate::{Personal, Timestamp};

/// The spans that are told of, in days.
pub const SPANS: [u32; 3] = [30, 60, 90];
/// One entry of the past.
#[derive(Clone, Debug, PartialEq)]
pub struct Past {
    /// As it was read last.
    pub opportunity: Opportunity,
    /// When it was decided.
    pub decided_at: Timestamp,
    /// What was decided.
    pub decision: Decision,
    /// The result of its order, where there is one.
    pub result: Option<(Measured, Outcome)>,
}

/// What would be different for one entry.
#[derive(Clone, Debug, PartialEq)]
pub enum Difference {
    /// Was not invited and would have been, to this test.
    Invited(String),
    /// Was invited and would not have been.
    NotInvited(Reason),
    /// Another test.
    OtherTest {
        /// The one that was sent.
        was: String,
        /// The one that would have been.
        would: String,
    },
    /// Another outcome of the same result.
    OtherOutcome {
        /// As it was judged.
        was: Outcome,
        /// As it would have been.
        would: Outcome,
    },
}

/// One entry that would have gone differently.
#[derive(Clone, Debug, PartialEq)]
pub struct Change {
    /// Lever's opportunity.
    pub opportunity: String,
    /// Full name.
    pub name: Personal,
    /// When it was decided.
    pub at: Timestamp,
    /// How.
    pub difference: Difference,
}

/// How many there were, and how many there would have been.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Invited.
    pub invited: u32,
    /// Results that pass.
    pub pass: u32,
    /// Results to be reviewed.
    pub review: u32,
    /// Results that fail.
    pub fail: u32,
}

/// One span.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Span {
    /// How many days before now.
    pub days: u32,
    /// Entries.
    pub entered: u32,
    /// As it was.
    pub was: Counts,
    /// As it would have been.
    pub would: Counts,
    /// Invitations by test, as they were and would have been, by name.
    pub tests: BTreeMap<String, (u32, u32)>,
}

/// The answer.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Simulated {
    /// One for each of [`SPANS`].
    pub spans: Vec<Span>,
    /// Everyone for whom it would have been different, in the order of the past.
    pub changes: Vec<Change>,
}

impl Counts {
    fn count(&mut self, outcome: Option<Outcome>) {
        self.invited += 1;
        match outcome {
            Some(Outcome::Pass) => self.pass += 1,
            Some(Outcome::NeedsReview) => self.review += 1,
            Some(Outcome::Fail) => self.fail += 1,
            None => {}
        }
    }
}

/// What `rules` would have done, for one stage and vendor.
pub fn simulate(
    past: &[Past],
    rules: &Rules,
    vendor: &Vendor,
    stage: &str,
    tests: &[Test],
    now: Timestamp,
) -> Simulated {
    let day = std::time::Duration::from_secs(86_400);
    let mut spans: Vec<Span> = SPANS.iter().map(|&days| Span { days, ..Span::default() }).collect();
    let mut changes = Vec::new();
    for entry in past {
        let (was, would) = (before(entry), after(entry, rules, vendor, stage, tests));
        for span in spans.iter_mut().filter(|s| entry.decided_at >= now.minus(day * s.days)) {
            span.entered += 1;
            if let Ok((test, outcome)) = &was {
                span.was.count(*outcome);
                span.tests.entry(test.clone()).or_default().0 += 1;
            }
            if let Ok((test, outcome)) = &would {
                span.would.count(*outcome);
                span.tests.entry(test.clone()).or_default().1 += 1;
            }
        }
        changes.extend(difference(was, would).map(|difference| Change {
            opportunity: entry.opportunity.id.clone(),
            name: entry.opportunity.name.clone(),
            at: entry.decided_at,
            difference,
        }));
    }
    Simulated { spans, changes }
}

/// The test and the outcome of its result, or why nothing was sent.
type Went = Result<(String, Option<Outcome>), Reason>;

fn before(entry: &Past) -> Went {
    match &entry.decision {
        Decision::Invite { name, .. } => Ok((name.clone(), entry.result.as_ref().map(|(_, outcome)| *outcome))),
        Decision::Skip { reason } => Err(reason.clone()),
    }
}

/// Whether another row could have led to something else.
const fn depends_on_the_row(decision: &Decision) -> bool {
    match decision {
        Decision::Invite { .. } => true,
        Decision::Skip { reason } => matches!(
            reason,
            Reason::PostingNotCovered { .. }
                | Reason::SeveralTests { .. }
                | Reason::NoTest { .. }
                | Reason::TestRetired { .. }
        ),
    }
}

fn after(entry: &Past, rules: &Rules, vendor: &Vendor, stage: &str, tests: &[Test]) -> Went {
    if !depends_on_the_row(&entry.decision) {
        return before(entry);
    }
    let o = &entry.opportunity;
    let row = rules.row(stage, &vendor.id, o.posting.as_deref()).filter(|row| !row.off);
    let row = row.ok_or_else(|| Reason::PostingNotCovered { posting: o.posting.clone() })?;
    let Picked { test, .. } = pick(&o.tags, tests, row)?;
    let same = matches!(&entry.decision, Decision::Invite { test: was, .. } if *was == test.id);
    // Of another test nobody knows the result.
    let result = entry.result.as_ref().filter(|_| same);
    Ok((test.name.clone(), result.map(|(measured, _)| judge(measured, vendor.score_scale, &row.thresholds).0)))
}

fn difference(was: Went, would: Went) -> Option<Difference> {
    match (was, would) {
        (Err(_), Ok((test, _))) => Some(Difference::Invited(test)),
        (Ok(_), Err(reason)) => Some(Difference::NotInvited(reason)),
        (Ok((was, _)), Ok((would, _))) if was != would => Some(Difference::OtherTest { was, would }),
        (Ok((_, Some(was))), Ok((_, Some(would)))) if was != would => Some(Difference::OtherOutcome { was, would }),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::outcome::Thresholds;
    use crate::rules::Trigger;
    use crate::samples::{at, opportunity, reference, row, rules, test};

    const DAY: i64 = 86_400;
    const NOW: i64 = 100 * DAY;

    fn tests() -> Vec<Test> {
        vec![test("t1", "Backend screen"), test("t2", "Data screen")]
    }

    fn invited(days_ago: i64, tags: &[&str], score: Option<(f64, Outcome)>) -> Past {
        let tags = tags.iter().map(|t| (*t).to_owned()).collect();
        Past {
            opportunity: Opportunity { tags, posting: Some("p1".into()), ..opportunity() },
            decided_at: at(NOW - days_ago * DAY),
            decision: Decision::Invite {
                test: "t1".into(),
                name: "Backend screen".into(),
                because: crate::invitation::Choice::Default,
                near: Vec::new(),
                asked_by: None,
            },
            result: score.map(|(score, outcome)| (Measured { score: Some(score), band: None }, outcome)),
        }
    }

    fn with(past: &[Past], row: Trigger) -> Simulated {
        let rules = rules(vec![row]);
        simulate(past, &rules, &rules.vendors[0], "screen", &tests(), at(NOW))
    }

    fn differences(simulated: &Simulated) -> Vec<&Difference> {
        simulated.changes.iter().map(|c| &c.difference).collect()
    }

    #[test]
    fn the_row_as_it_was_changes_nothing() {
        let past = [invited(1, &[], Some((85.0, Outcome::Pass))), invited(45, &[], None)];
        let thresholds = Thresholds { pass_at: Some(80.0), ..Thresholds::default() };
        let same = with(&past, Trigger { thresholds, ..row("screen", Some("t1")) });
        assert_eq!(same.changes, []);
        let counted: Vec<_> = same.spans.iter().map(|s| (s.days, s.entered, s.was == s.would)).collect();
        assert_eq!(counted, [(30, 1, true), (60, 2, true), (90, 2, true)]);
        assert_eq!(same.spans[0].was, Counts { invited: 1, pass: 1, review: 0, fail: 0 });
    }

    #[test]
    fn thresholds_judge_past_results_anew() {
        let past = [invited(1, &[], Some((75.0, Outcome::NeedsReview))), invited(2, &[], None)];
        let thresholds = Thresholds { pass_at: Some(70.0), ..Thresholds::default() };
        let lower = with(&past, Trigger { thresholds, ..row("screen", Some("t1")) });
        let other = Difference::OtherOutcome { was: Outcome::NeedsReview, would: Outcome::Pass };
        assert_eq!(differences(&lower), [&other]);
        assert_eq!((lower.spans[0].was.review, lower.spans[0].would.review, lower.spans[0].would.pass), (1, 0, 1));
    }

    #[test]
    fn another_default_is_another_test_whose_result_nobody_knows() {
        let other = with(&[invited(1, &[], Some((75.0, Outcome::Pass)))], row("screen", Some("t2")));
        let change = Difference::OtherTest { was: "Backend screen".into(), would: "Data screen".into() };
        assert_eq!(differences(&other), [&change]);
        assert_eq!(other.spans[0].would, Counts { invited: 1, ..Counts::default() });
        let tests: Vec<_> = other.spans[0].tests.iter().map(|(name, counts)| (name.as_str(), *counts)).collect();
        assert_eq!(tests, [("Backend screen", (1, 0)), ("Data screen", (0, 1))]);
    }

    #[test]
    fn postings_and_tags_decide_who_is_invited() {
        let narrow =
            with(&[invited(1, &[], None)], Trigger { postings: vec![reference("p9")], ..row("screen", Some("t1")) });
        let gone = Difference::NotInvited(Reason::PostingNotCovered { posting: Some("p1".into()) });
        assert_eq!(differences(&narrow), [&gone]);
        let skipped =
            Past { decision: Decision::Skip { reason: Reason::NoTest { near: Vec::new() } }, ..invited(1, &[], None) };
        let wide = with(std::slice::from_ref(&skipped), row("screen", Some("t2")));
        assert_eq!(differences(&wide), [&Difference::Invited("Data screen".into())]);
        let archived = Past { decision: Decision::Skip { reason: Reason::Archived }, ..skipped.clone() };
        assert_eq!(with(&[archived], row("screen", Some("t2"))).changes, [], "no row invites who is archived");
        let tagged = Past { opportunity: invited(1, &["Data screen"], None).opportunity, ..skipped };
        assert_eq!(differences(&with(&[tagged], row("screen", None))), [&Difference::Invited("Data screen".into())]);
    }
}
