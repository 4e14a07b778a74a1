//! Whose a result is, in words.

use crate::activity::Event;
use crate::incoming::{State, Why};
use crate::review::Act;

/// Where a result stands.
pub const fn incoming(state: State) -> &'static str {
    match state {
        State::New => "Being looked at",
        State::Review => "Waits for a person",
        State::Unknown => "Nobody found yet",
        State::Linked => "Linked",
        State::Ordered => "Of an order",
        State::Left => "Nobody's",
    }
}

/// Why it stands there, as a sentence.
pub const fn why(why: Why) -> &'static str {
    match why {
        Why::Waits => "It was not looked at yet.",
        Why::Clear => "One strong answer.",
        Why::Tie => "Several are nearly equally good; a tie is never a match.",
        Why::NotTheirOwn => "What agrees is also what namesakes or members of one family share.",
        Why::Middling => "Not enough agrees to be sure.",
        Why::Claimed => "Somebody else is as good a match for the same profile.",
        Why::Nobody => "Nobody in Lever is near enough. It is looked at again when people in Lever change.",
        Why::Crowded => "So many people in Lever have what agrees that not all of them were compared.",
        Why::SeveralOpportunities => "The person is clear, but has several opportunities: one has to be chosen.",
        Why::TakenBack => "A person took the link back, so it is not made by itself again.",
        Why::OurOrder => "It has the id of an order of ours, so nothing was guessed.",
        Why::ByPerson => "A person decided.",
    }
}

/// What was decided, after the name of who did.
pub const fn act(act: Act) -> &'static str {
    match act {
        Act::Linked => "linked it",
        Act::Left => "found none of them",
        Act::Snoozed => "put it aside",
        Act::Unsure => "asked for a second person",
        Act::TakenBack => "took the decision back",
    }
}

pub(super) fn event(event: &Event) -> String {
    match event {
        Event::ResultLinked { by: Some(by), test, .. } => {
            format!("{by} found that a result of {test} from outside is this candidate's.")
        }
        Event::ResultLinked { by: None, test, .. } => {
            format!("A result of {test} from outside is this candidate's: one strong answer.")
        }
        Event::ResultUnlinked { by, test } => format!("{by} found that the result of {test} is not this candidate's."),
        Event::TakenBack { removed, link } => {
            let tags = (!removed.is_empty()).then(|| format!("tag {}", removed.join(", ")));
            let link = link.then(|| "the report link".to_owned());
            let what: Vec<String> = tags.into_iter().chain(link).collect();
            if what.is_empty() {
                "Nothing of it was left in Lever.".to_owned()
            } else {
                format!("Taken out of Lever again: {}.", what.join(" and "))
            }
        }
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn every_state_reason_and_act_has_words_of_its_own() {
        let states: HashSet<&str> = State::ALL.iter().map(|s| incoming(*s)).collect();
        let reasons: HashSet<&str> = Why::ALL.iter().map(|w| why(*w)).collect();
        let acts: HashSet<&str> = Act::ALL.iter().map(|a| act(*a)).collect();
        assert_eq!((states.len(), reasons.len(), acts.len()), (State::ALL.len(), Why::ALL.len(), Act::ALL.len()));
        assert!(reasons.iter().all(|sentence| sentence.ends_with('.')));
    }

    #[test]
    fn what_was_taken_back_is_said() {
        let said = event(&Event::TakenBack { removed: vec!["Py - Pass".into()], link: true });
        assert_eq!(said, "Taken out of Lever again: tag Py - Pass and the report link.");
    }
}
