//! What a person says about a result, and what becomes of it.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::Timestamp;
use crate::incoming::{FirstOpinion, Link, Standing, State, Why};

/// So long a result is put aside.
pub const SNOOZE: Duration = Duration::from_hours(24);

/// What was done about a result.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Act {
    /// It is somebody's.
    Linked,
    /// It is none of theirs.
    Left,
    /// Later.
    Snoozed,
    /// Another person decides.
    Unsure,
    /// A decision was taken back.
    TakenBack,
}

impl Act {
    /// All.
    pub const ALL: [Self; 5] = [Self::Linked, Self::Left, Self::Snoozed, Self::Unsure, Self::TakenBack];

    /// The name in the database.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Linked => "linked",
            Self::Left => "left",
            Self::Snoozed => "snoozed",
            Self::Unsure => "unsure",
            Self::TakenBack => "taken-back",
        }
    }

    /// The act of that name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|act| act.as_str() == name)
    }
}

/// What a person says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It is this one's.
    Link(Link),
    /// It is none of theirs.
    Left,
    /// Later.
    Snooze,
    /// Another person decides; whom they lean to.
    Unsure(Option<String>),
}

impl Verdict {
    /// What is done by it.
    pub const fn act(&self) -> Act {
        match self {
            Self::Link(_) => Act::Linked,
            Self::Left => Act::Left,
            Self::Snooze => Act::Snoozed,
            Self::Unsure(_) => Act::Unsure,
        }
    }

    fn contact(&self) -> Option<&str> {
        match self {
            Self::Link(link) => Some(&link.contact),
            Self::Unsure(contact) => contact.as_deref(),
            Self::Left | Self::Snooze => None,
        }
    }
}

/// The standing after a verdict, and of a second opinion whether it is the first one.
///
/// # Errors
/// A sentence without its full stop, why this person cannot say so.
pub fn close(
    before: &Standing,
    verdict: &Verdict,
    by: &str,
    decision: Uuid,
    now: Timestamp,
) -> Result<(Standing, Option<bool>), String> {
    if before.state != State::Review {
        return Err("it does not wait for a decision any more".to_owned());
    }
    if before.first.as_ref().is_some_and(|first| first.who == by) && verdict.act() != Act::Snoozed {
        return Err("you asked for a second person, so another one decides; take that back in the history to decide \
                    yourself"
            .to_owned());
    }
    let mut after = Standing {
        decision: Some(decision),
        by: Some(by.to_owned()),
        at: Some(now),
        snoozed_until: None,
        ..before.clone()
    };
    let agreed = before.first.as_ref().map(|first| first.contact.as_deref() == verdict.contact());
    match verdict {
        Verdict::Link(link) => {
            (after.state, after.why, after.link) = (State::Linked, Why::ByPerson, Some(link.clone()));
        }
        Verdict::Left => (after.state, after.why) = (State::Left, Why::ByPerson),
        Verdict::Snooze => after.snoozed_until = Some(now.plus(SNOOZE)),
        Verdict::Unsure(_) if before.first.is_some() => {
            return Err("a second person is unsure too; put it aside, or decide".to_owned());
        }
        Verdict::Unsure(contact) => {
            after.first = Some(FirstOpinion { who: by.to_owned(), contact: contact.clone() });
        }
    }
    let is_opinion = matches!(verdict, Verdict::Link(_) | Verdict::Left);
    Ok((after, agreed.filter(|_| is_opinion)))
}

/// The standing after a decision was taken back: as before it, and for a person to decide, whatever Assay thought.
///
/// # Errors
/// A sentence without its full stop, why it cannot be taken back.
pub fn taken_back(standing: &Standing, before: &Standing) -> Result<Standing, String> {
    let was_made = standing.decision.is_some() && matches!(standing.state, State::Linked | State::Left | State::Review);
    if !was_made {
        return Err("there is no decision about it that could be taken back".to_owned());
    }
    Ok(Standing {
        state: State::Review,
        why: if before.state == State::Review { before.why } else { Why::TakenBack },
        candidates: if before.candidates.is_empty() { standing.candidates.clone() } else { before.candidates.clone() },
        link: None,
        held: before.held || standing.link.is_some(),
        ..before.clone()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const RITA: &str = "rita@example.org";
    const SUE: &str = "sue@example.org";

    fn now() -> Timestamp {
        Timestamp::from_millis(1_000)
    }

    fn waiting() -> Standing {
        Standing { state: State::Review, why: Why::Tie, ..Standing::default() }
    }

    fn link(contact: &str) -> Verdict {
        Verdict::Link(Link { contact: contact.into(), opportunity: "o1".into(), order: Uuid::nil() })
    }

    fn said(before: &Standing, verdict: &Verdict, by: &str) -> Result<(Standing, Option<bool>), String> {
        close(before, verdict, by, Uuid::from_u128(1), now())
    }

    #[test]
    fn a_decision_is_made_once() {
        let (linked, agreed) = said(&waiting(), &link("c1"), RITA).unwrap();
        assert_eq!((linked.state, linked.by.as_deref(), agreed), (State::Linked, Some(RITA), None));
        for verdict in [link("c2"), Verdict::Left, Verdict::Snooze, Verdict::Unsure(None)] {
            assert!(said(&linked, &verdict, SUE).is_err(), "{verdict:?}");
        }
    }

    #[test]
    fn whoever_is_unsure_leaves_it_to_another_person() {
        let (unsure, _) = said(&waiting(), &Verdict::Unsure(Some("c1".into())), RITA).unwrap();
        assert_eq!(unsure.state, State::Review);
        assert!(said(&unsure, &link("c1"), RITA).unwrap_err().contains("another one decides"));
        assert_eq!(said(&unsure, &link("c1"), SUE).unwrap().1, Some(true));
        assert_eq!(said(&unsure, &link("c2"), SUE).unwrap().1, Some(false));
        assert_eq!(said(&unsure, &Verdict::Left, SUE).unwrap().1, Some(false));
        assert_eq!(said(&unsure, &Verdict::Snooze, SUE).unwrap().1, None, "later is no opinion");
        assert!(said(&unsure, &Verdict::Unsure(None), SUE).is_err());
    }

    #[test]
    fn what_was_put_aside_comes_back_and_may_be_decided_before() {
        let (aside, _) = said(&waiting(), &Verdict::Snooze, RITA).unwrap();
        assert_eq!(aside.snoozed_until, Some(now().plus(SNOOZE)));
        assert_eq!(said(&aside, &Verdict::Left, RITA).unwrap().0.snoozed_until, None);
    }

    #[test]
    fn a_link_that_was_taken_back_is_never_made_by_itself_again() {
        let auto = Standing {
            state: State::Linked,
            why: Why::Clear,
            link: Some(Link { contact: "c1".into(), opportunity: "o1".into(), order: Uuid::nil() }),
            decision: Some(Uuid::from_u128(1)),
            ..Standing::default()
        };
        let back = taken_back(&auto, &Standing::default()).unwrap();
        assert_eq!((back.state, back.why, back.held, back.link), (State::Review, Why::TakenBack, true, None));
        let (left, _) = said(&waiting(), &Verdict::Left, RITA).unwrap();
        let back = taken_back(&left, &waiting()).unwrap();
        assert_eq!((back.state, back.why, back.held), (State::Review, Why::Tie, false));
        assert_eq!(back, waiting(), "as if nothing had been said");
        assert!(taken_back(&waiting(), &waiting()).is_err(), "nothing was decided");
    }
}
