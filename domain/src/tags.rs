//! The one status tag per vendor that an opportunity carries in Lever.

use serde::{Deserialize, Serialize};

use crate::order::{Order, OrderState};
use crate::outcome::Outcome;

/// What the status tag says after the prefix.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Status {
    /// The invitation went out.
    Sent,
    /// The candidate began.
    Started,
    /// Result: pass.
    Pass,
    /// Result: fail.
    Fail,
    /// Result: a person looks at it.
    NeedsReview,
    /// The vendor's time is over.
    Expired,
    /// The candidate declined.
    Declined,
}

impl Status {
    const ALL: [Self; 7] =
        [Self::Sent, Self::Started, Self::Pass, Self::Fail, Self::NeedsReview, Self::Expired, Self::Declined];

    const fn word(self) -> &'static str {
        match self {
            Self::Sent => "Sent",
            Self::Started => "Started",
            Self::Pass => "Pass",
            Self::Fail => "Fail",
            Self::NeedsReview => "Needs Review",
            Self::Expired => "Expired",
            Self::Declined => "Declined",
        }
    }

    /// The tag, for example `Py - Needs Review` (Lever's help centre).
    pub fn tag(self, prefix: &str) -> String {
        format!("{prefix} - {}", self.word())
    }

    /// What a judgement says.
    pub const fn of_outcome(outcome: Outcome) -> Self {
        match outcome {
            Outcome::Pass => Self::Pass,
            Outcome::Fail => Self::Fail,
            Outcome::NeedsReview => Self::NeedsReview,
        }
    }

    /// What an order says about itself; nothing before the vendor confirmed it.
    pub fn of(order: &Order) -> Option<Self> {
        match order.state {
            OrderState::Planned | OrderState::Sending | OrderState::SendUnknown => None,
            OrderState::Cancelled | OrderState::Failed => None,
            OrderState::Invited => Some(Self::Sent),
            OrderState::Started | OrderState::Submitted => Some(Self::Started),
            OrderState::Expired => Some(Self::Expired),
            OrderState::Declined => Some(Self::Declined),
            OrderState::Completed => Some(Self::of_outcome(order.outcome.unwrap_or(Outcome::NeedsReview))),
        }
    }

    /// What an opportunity's orders with one vendor say together: the newest that says anything.
    pub fn newest(orders: &[Order]) -> Option<Self> {
        let speaking = orders.iter().filter_map(|o| Some((o.created_at, o.id, Self::of(o)?)));
        speaking.max_by_key(|(at, id, _)| (*at, *id)).map(|(_, _, status)| status)
    }
}

/// The difference between the tags that are there and the one that should be.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TagPlan {
    /// To add: one or none.
    pub add: Option<String>,
    /// To remove: other status tags of the same prefix.
    pub remove: Vec<String>,
}

impl TagPlan {
    /// Nothing to do.
    pub fn is_empty(&self) -> bool {
        self.add.is_none() && self.remove.is_empty()
    }
}

/// Plans the difference. Only tags that are exactly a status tag of this prefix are ever removed: everything else is other
/// people's. `wanted: None` leaves everything as it is.
pub fn plan(current: &[String], prefix: &str, wanted: Option<Status>) -> TagPlan {
    let Some(wanted) = wanted.map(|w| w.tag(prefix)) else { return TagPlan::default() };
    let ours: Vec<String> = Status::ALL.iter().map(|s| s.tag(prefix)).collect();
    let mut remove: Vec<String> = current.iter().filter(|tag| ours.contains(tag) && **tag != wanted).cloned().collect();
    remove.sort_unstable();
    remove.dedup();
    TagPlan { add: (!current.contains(&wanted)).then_some(wanted), remove }
}

/// The status tags of this prefix that are there: to be removed where no order says anything any more.
pub fn ours(current: &[String], prefix: &str) -> Vec<String> {
    let all = Status::ALL.map(|status| status.tag(prefix));
    current.iter().filter(|tag| all.contains(tag)).cloned().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn tags(list: &[&str]) -> Vec<String> {
        list.iter().map(|t| (*t).to_owned()).collect()
    }

    #[test]
    fn the_result_tag_takes_the_place_of_the_status_tag() {
        let plan = plan(&tags(&["Referral", "Py - Sent"]), "Py", Some(Status::Pass));
        assert_eq!(plan, TagPlan { add: Some("Py - Pass".into()), remove: tags(&["Py - Sent"]) });
    }

    #[test]
    fn tags_of_other_people_and_other_vendors_stay() {
        let foreign = tags(&["Py", "Py - Passed", "py - sent", "Pymetrics - Sent", "Py - Sent ", "Backend screen"]);
        assert_eq!(plan(&foreign, "Py", Some(Status::Sent)).remove, Vec::<String>::new());
    }

    #[test]
    fn only_our_own_tags_are_taken_back() {
        let current = tags(&["Py", "Py - Pass", "py - pass", "Pymetrics - Pass", "Py - Passed"]);
        assert_eq!(ours(&current, "Py"), tags(&["Py - Pass"]));
    }

    #[test]
    fn nothing_said_changes_nothing() {
        assert!(plan(&tags(&["Py - Sent"]), "Py", None).is_empty());
    }

    proptest! {
        #[test]
        fn planning_twice_is_empty(current in proptest::collection::vec("(Py - (Sent|Pass|Fail|Started)|[a-z]{0,4})", 0..8), which in 0usize..7) {
            let wanted = Some(Status::ALL[which]);
            let first = plan(&current, "Py", wanted);
            let mut after: Vec<String> = current.iter().filter(|t| !first.remove.contains(t)).cloned().collect();
            after.extend(first.add);
            prop_assert!(plan(&after, "Py", wanted).is_empty());
            prop_assert_eq!(after.iter().filter(|t| Status::ALL.iter().any(|s| s.tag("Py") == **t)).collect::<std::collections::BTreeSet<_>>().len(), 1);
            prop_assert!(current.iter().filter(|t| !t.starts_with("Py - ")).all(|t| after.contains(t)));
        }
    }
}
