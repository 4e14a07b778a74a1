//! Whether an entry into a trigger stage leads to an invitation, for which test, and why.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::Timestamp;
use crate::near::is_near;
use crate::opportunity::{Entry, Opportunity};
use crate::order::{Order, OrderState};
use crate::rules::Trigger;

/// A test of a vendor's catalogue.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Test {
    /// The vendor's id.
    pub id: String,
    /// The vendor's name for it; a candidate's tag that equals it picks it.
    pub name: String,
    /// No longer in the vendor's list.
    pub retired: bool,
}

/// Everything the decision depends on.
#[derive(Clone, Copy, Debug)]
pub struct Facts<'a> {
    /// As Lever says now.
    pub opportunity: &'a Opportunity,
    /// The visit that is decided about.
    pub entry: &'a Entry,
    /// The rows of this stage and vendor.
    pub rows: &'a [Trigger],
    /// The vendor's catalogue, retired tests included.
    pub tests: &'a [Test],
    /// Earlier orders of this opportunity with this vendor.
    pub orders: &'a [Order],
    /// Who asked to invite a candidate who was there before the row; that is no obstacle then.
    pub asked_by: Option<&'a str>,
    /// The organization is paused.
    pub paused: bool,
    /// Now.
    pub now: Timestamp,
}

/// The answer to "what happens with this candidate, and why".
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "decision", try_from = "stored::Fields")]
pub enum Decision {
    /// Send this test.
    Invite {
        /// The vendor's test id.
        test: String,
        /// Its name.
        name: String,
        /// What picked it.
        because: Choice,
        /// Tags that look like a test's name and are none.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        near: Vec<NearMiss>,
        /// Who asked for it, though the candidate was there before the row.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        asked_by: Option<String>,
    },
    /// Send nothing.
    Skip {
        /// Why.
        reason: Reason,
    },
}

impl Decision {
    /// Whether it invites: `invite` or `skip`.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Invite { .. } => "invite",
            Self::Skip { .. } => "skip",
        }
    }
}

/// Reading a decision in one pass: of a tagged enum serde first keeps all fields, to look for the tag, and a list reads fifty.
mod stored {
    use serde::Deserialize;

    use super::{Choice, Decision, NearMiss, Reason};

    #[derive(Deserialize)]
    #[serde(rename_all = "kebab-case")]
    enum Kind {
        Invite,
        Skip,
    }

    #[derive(Deserialize)]
    pub(super) struct Fields {
        decision: Kind,
        test: Option<String>,
        name: Option<String>,
        because: Option<Choice>,
        #[serde(default)]
        near: Vec<NearMiss>,
        asked_by: Option<String>,
        reason: Option<Reason>,
    }

    impl TryFrom<Fields> for Decision {
        type Error = &'static str;

        fn try_from(fields: Fields) -> Result<Self, Self::Error> {
            let Fields { decision, test, name, because, near, asked_by, reason } = fields;
            Ok(match decision {
                Kind::Invite => Self::Invite {
                    test: test.ok_or("a decision to invite without its test")?,
                    name: name.ok_or("a decision to invite without the test's name")?,
                    because: because.ok_or("a decision to invite without what picked the test")?,
                    near,
                    asked_by,
                },
                Kind::Skip => Self::Skip { reason: reason.ok_or("a decision to send nothing without its reason")? },
            })
        }
    }
}

/// What picked the test.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "by")]
pub enum Choice {
    /// A tag of the opportunity equals the test's name.
    Tag,
    /// The stage's default test.
    Default,
}

/// A tag that was probably meant as a test's name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NearMiss {
    /// The tag as it is.
    pub tag: String,
    /// The test it resembles.
    pub test: String,
}

/// Why nothing is sent.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "reason")]
pub enum Reason {
    /// Stood in the stage before the row was switched on.
    AlreadyThere { since: Timestamp },
    /// Lever says it stands elsewhere now.
    LeftStage { now_in: String },
    /// Archived in Lever.
    Archived,
    /// The person's data was removed.
    Anonymized,
    /// Confidential in Lever.
    Confidential,
    /// The organization is paused.
    Paused,
    /// No row covers the posting.
    PostingNotCovered { posting: Option<String> },
    /// Tags name more than one test.
    SeveralTests { tests: Vec<String> },
    /// Neither a tag nor a default names a test.
    NoTest { near: Vec<NearMiss> },
    /// The test is no longer in the vendor's list.
    TestRetired { test: String, by: Choice },
    /// The contact has no address.
    NoEmail,
    /// An order for the same test is open.
    Open { state: OrderState },
    /// The same test was done or ran out, and the cooldown is not over.
    Before { state: OrderState, at: Timestamp, again_after: Option<Timestamp> },
}

/// Decides one entry. Total: the same facts give the same answer.
pub fn decide(facts: Facts<'_>) -> Decision {
    match choose(facts) {
        Ok((test, because, near)) => Decision::Invite {
            test: test.id.clone(),
            name: test.name.clone(),
            because,
            near,
            asked_by: facts.asked_by.map(str::to_owned),
        },
        Err(reason) => Decision::Skip { reason },
    }
}

fn choose(facts: Facts<'_>) -> Result<(&Test, Choice, Vec<NearMiss>), Reason> {
    let row = standing(facts)?;
    let Picked { test, because, near } = pick(&facts.opportunity.tags, facts.tests, row)?;
    if facts.opportunity.email().is_none() {
        return Err(Reason::NoEmail);
    }
    invited_before(facts, test, row.cooldown)?;
    Ok((test, because, near))
}

/// The row that applies, if the opportunity may be invited at all.
fn standing<'a>(facts: Facts<'a>) -> Result<&'a Trigger, Reason> {
    let o = facts.opportunity;
    let covering = || facts.rows.iter().filter(|r| r.covers(o.posting.as_deref()));
    let row = covering().find(|r| !r.postings.is_empty()).or_else(|| covering().next());
    if let Some(row) = row.filter(|r| facts.asked_by.is_none() && facts.entry.at <= r.active_since) {
        return Err(Reason::AlreadyThere { since: row.active_since });
    }
    if facts.entry.left {
        return Err(Reason::LeftStage { now_in: o.stage.clone() });
    }
    let refusals = [
        (o.archived.is_some(), Reason::Archived),
        (o.anonymized, Reason::Anonymized),
        (o.confidential, Reason::Confidential),
        (facts.paused, Reason::Paused),
    ];
    if let Some((_, reason)) = refusals.into_iter().find(|(refused, _)| *refused) {
        return Err(reason);
    }
    row.ok_or_else(|| Reason::PostingNotCovered { posting: o.posting.clone() })
}

/// A test of the vendor's list, and what picked it.
#[derive(Clone, Debug, PartialEq)]
pub struct Picked<'a> {
    /// The test.
    pub test: &'a Test,
    /// What picked it.
    pub because: Choice,
    /// Tags that look like a test's name and are none.
    pub near: Vec<NearMiss>,
}

/// Exact tags first, then the default; a tag that only resembles a test is named, never obeyed.
///
/// # Errors
/// Why no test is sent.
pub fn pick<'a>(tags: &[String], tests: &'a [Test], row: &Trigger) -> Result<Picked<'a>, Reason> {
    let picked = choose_test(tags, tests, row)?;
    if picked.test.retired {
        return Err(Reason::TestRetired { test: picked.test.name.clone(), by: picked.because });
    }
    Ok(picked)
}

fn choose_test<'a>(tags: &[String], tests: &'a [Test], row: &Trigger) -> Result<Picked<'a>, Reason> {
    let tagged: BTreeMap<&str, &Test> =
        tests.iter().filter(|t| tags.contains(&t.name)).map(|t| (t.id.as_str(), t)).collect();
    // A retired test's name may live on as the name of its successor.
    let current: Vec<&Test> = tagged.values().copied().filter(|t| !t.retired).collect();
    let tagged = if current.is_empty() { tagged.into_values().collect() } else { current };
    let near = near_misses(tags, tests);
    match tagged.as_slice() {
        [test] => Ok(Picked { test, because: Choice::Tag, near }),
        [] => match &row.default_test {
            None => Err(Reason::NoTest { near }),
            Some(default) => match tests.iter().find(|t| t.id == default.id) {
                Some(test) => Ok(Picked { test, because: Choice::Default, near }),
                None => Err(Reason::TestRetired { test: default.name.clone(), by: Choice::Default }),
            },
        },
        several => Err(Reason::SeveralTests { tests: several.iter().map(|t| t.name.clone()).collect() }),
    }
}

/// Tags that differ from the name of a test by case, spaces or one or two letters, for a hint: the first five.
pub fn near_misses(tags: &[String], tests: &[Test]) -> Vec<NearMiss> {
    let live = || tests.iter().filter(|t| !t.retired);
    let pairs = tags.iter().filter(|tag| !live().any(|t| t.name == **tag)).filter_map(|tag| {
        let test = live().find(|t| is_near(tag, &t.name))?;
        Some(NearMiss { tag: tag.clone(), test: test.name.clone() })
    });
    // Enough to act on; an opportunity may carry thousands of tags.
    pairs.take(5).collect()
}

fn invited_before(facts: Facts<'_>, test: &Test, cooldown: Option<Duration>) -> Result<(), Reason> {
    let same = || facts.orders.iter().filter(|o| o.test == test.id);
    if let Some(open) = same().find(|o| o.state.is_open()) {
        return Err(Reason::Open { state: open.state });
    }
    // Refused and cancelled orders never reached the candidate; everything else did.
    let reached = |o: &&Order| !matches!(o.state, OrderState::Failed | OrderState::Cancelled);
    let last = same().filter(reached).max_by_key(|o| (o.created_at, o.id));
    let Some(last) = last else { return Ok(()) };
    let at = last.completed_at.or(last.invited_at).unwrap_or(last.created_at);
    let again_after = cooldown.map(|c| at.plus(c));
    if again_after.is_some_and(|t| facts.now >= t) {
        return Ok(());
    }
    Err(Reason::Before { state: last.state, at, again_after })
}

#[cfg(test)]
mod tests;
