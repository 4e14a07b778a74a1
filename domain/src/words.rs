//! Every decision and event in a sentence. The one place where reasons become words, for pages, the command line and agents.

mod health;
mod matching;
mod traffic;

use std::time::Duration;

pub use self::health::{cause, cause_for, health, health_for, health_state};
pub use self::matching::{act as match_act, incoming, why as match_why};
pub use self::traffic::{delivery_status, job_state, no_replay, span, work};
use crate::Timestamp;
use crate::activity::{Event, NO_RESULT};
use crate::invitation::{Choice, Decision, NearMiss, Reason};
use crate::order::OrderState;
use crate::outcome::{Ground, Outcome};
use crate::simulate::Difference;

/// A state for people.
pub const fn state(state: OrderState) -> &'static str {
    match state {
        OrderState::Planned => "Waiting to be sent",
        OrderState::Sending => "Being sent",
        OrderState::SendUnknown => "Unclear whether it arrived",
        OrderState::Invited => "Invited",
        OrderState::Started => "Started",
        OrderState::Submitted => "Submitted, result not final",
        OrderState::Completed => "Completed",
        OrderState::Expired => "Expired",
        OrderState::Declined => "Declined",
        OrderState::Cancelled => "Cancelled",
        OrderState::Failed => "Refused by the vendor",
    }
}

/// An outcome for people.
pub const fn outcome(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Pass => "Pass",
        Outcome::NeedsReview => "Needs review",
        Outcome::Fail => "Fail",
    }
}

/// Why the outcome is what it is.
pub fn ground(ground: &Ground) -> String {
    match ground {
        Ground::AtOrAbove { score, at } => format!("{score} is at or above the pass threshold of {at}"),
        Ground::AtOrBelow { score, at } => format!("{score} is at or below the fail threshold of {at}"),
        Ground::Between { score } => format!("{score} is on neither side of a threshold"),
        Ground::NoThreshold { score } => format!("{score}, and no threshold is set"),
        Ground::Band { band } => format!("the band {band:?} is mapped"),
        Ground::UnmappedBand { band } => format!("the band {band:?} is not mapped to an outcome"),
        Ground::OutsideScale { score, low, high } => {
            format!("{score} is outside the vendor's scale of {low} to {high}: check the scale")
        }
        Ground::NothingToJudge => "the result has neither a score nor a band".to_owned(),
    }
}

/// A decision in one sentence: the answer to "why was nothing sent?" and to "why this test?".
pub fn decision(decision: &Decision) -> String {
    decision_for(decision, &moment)
}

/// Says an instant, in the zone of whoever reads it.
pub type Say<'a> = &'a dyn Fn(Timestamp) -> String;

/// As [`decision`], for a reader: `moment` says instants in their zone.
pub fn decision_for(decision: &Decision, moment: Say<'_>) -> String {
    match decision {
        Decision::Invite { name, because, near, asked_by, .. } => {
            let why = match because {
                Choice::Tag => "a tag equals its name",
                Choice::Default => "it is the default of this stage",
            };
            // A dry run asks for nobody.
            let asked = asked_by.as_ref().filter(|by| !by.is_empty()).map_or_else(String::new, |by| {
                format!(" {by} asked for it: the candidate was in this stage before the rule was switched on.")
            });
            format!("Invited to {name}: {why}.{asked}{}", near_misses(near))
        }
        Decision::Skip { reason } => skip(reason, moment),
    }
}

/// What another row would have done with an entry, in a few words.
pub fn difference(difference: &Difference, moment: Say<'_>) -> String {
    match difference {
        Difference::Invited(test) => format!("Would have been invited to {test}"),
        Difference::NotInvited(reason) => {
            let why = skip(reason, moment);
            let why = why.strip_prefix("Not invited: ").unwrap_or(&why);
            format!("Would not have been invited: {}", why.trim_end_matches('.'))
        }
        Difference::OtherTest { was, would } => format!("Test: {was} → {would}"),
        Difference::OtherOutcome { was, would } => format!("Outcome: {} → {}", outcome(*was), outcome(*would)),
    }
}

fn skip(reason: &Reason, moment: Say<'_>) -> String {
    match reason {
        Reason::AlreadyThere { since } => {
            format!("Not invited: already in this stage when the rule was switched on ({}).", moment(*since))
        }
        Reason::LeftStage { .. } => {
            "Not invited: had left the stage before the move was handled; Lever's present stage counts.".to_owned()
        }
        Reason::Archived => "Not invited: archived in Lever.".to_owned(),
        Reason::Anonymized => "Not invited: the person's data was removed in Lever.".to_owned(),
        Reason::Confidential => "Not invited: the opportunity is confidential.".to_owned(),
        Reason::Paused => "Not invited: the integration is not live.".to_owned(),
        Reason::PostingNotCovered { posting: Some(_) } => {
            "Not invited: no rule of this stage covers the posting.".to_owned()
        }
        Reason::PostingNotCovered { posting: None } => {
            "Not invited: the rules of this stage name postings, and there is no application to one.".to_owned()
        }
        Reason::SeveralTests { tests } => {
            format!("Not invited: several tests tagged ({}). Leave one of these tags.", tests.join(", "))
        }
        Reason::NoTest { near } => {
            format!(
                "Not invited: no test configured; no tag names one and the stage has no default.{}",
                near_misses(near)
            )
        }
        Reason::TestRetired { test, .. } => {
            format!("Not invited: the vendor no longer has the test {test}. Choose another one for this stage.")
        }
        Reason::NoEmail => "Not invited: the contact has no e-mail address.".to_owned(),
        Reason::Open { state: at } => {
            format!("Not invited again: an order for this test is open ({}).", lower(state(*at)))
        }
        Reason::Before { state: was, at, again_after } => {
            let again = again_after.map_or_else(String::new, |t| format!(" It may be sent again after {}.", moment(t)));
            format!("Not invited again: this test was sent before ({}, {}).{again}", lower(state(*was)), moment(*at))
        }
    }
}

/// To the minute. Sentences are stored and read in many zones, so they say which one they mean.
fn moment(at: Timestamp) -> String {
    at.to_jiff().strftime("%Y-%m-%d %H:%M UTC").to_string()
}

fn near_misses(near: &[NearMiss]) -> String {
    let sentences = near.iter().map(|n| {
        format!(
            " The tag {:?} is not the test {:?}: tags must match exactly, so correct the tag if it was meant.",
            n.tag, n.test
        )
    });
    sentences.collect()
}

fn lower(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |c| c.to_lowercase().chain(chars).collect())
}

/// An event of the timeline in one sentence.
pub fn event(event: &Event) -> String {
    event_for(event, &moment)
}

/// As [`event`], for a reader: `moment` says instants in their zone.
pub fn event_for(event: &Event, moment: Say<'_>) -> String {
    match event {
        Event::Decided { stage, decision, vendor, .. } => {
            format!("Entered {stage} ({vendor}). {}", decision_for(decision, moment))
        }
        Event::AskedToInvite { stage, by } => {
            format!("{by} asked to invite in {stage}, which the rules alone had not done.")
        }
        Event::Invited { test, .. } => format!("The vendor confirmed the invitation to {test}."),
        Event::SendUnknown { test, why } => format!(
            "It is not known whether the invitation to {test} arrived ({why}). It is not repeated by itself: look at the \
             vendor, then say which."
        ),
        Event::SendRefused { test, why } => format!("The vendor refused the invitation to {test}: {why}."),
        Event::SaidArrived { by } => format!("{by} found that the invitation had arrived."),
        Event::SaidId { by, vendor_ref } => format!("{by} found the vendor's id of the test: {vendor_ref}."),
        Event::SaidSendAgain { by } => format!("{by} found that the invitation had not arrived and had it sent again."),
        Event::SaidSendAnew { by, test, was } => sent_anew(by, test, *was),
        Event::SaidApplyRules { by } => format!("{by} had the candidate read in Lever again and the rules applied."),
        Event::CalledBack => "The vendor called back: the status is read again.".to_owned(),
        // Before it was sent no vendor knew of it: the word is our reason.
        Event::Status { from: OrderState::Planned | OrderState::Sending, to, word } => {
            format!("{} before it was sent: {}.", state(*to), word.trim_end_matches(" before it was sent"))
        }
        Event::Status { to, word, .. } if word == NO_RESULT => format!("{}: no result after eight weeks.", state(*to)),
        Event::Status { to, word, .. } => format!("{} (the vendor says {word:?}).", state(*to)),
        Event::Result { test, outcome: o, ground: g, .. } => {
            format!("Result of {test}: {}; {}.", outcome(*o), ground(g))
        }
        Event::Tagged { added, removed } => tagged(added, removed),
        Event::Linked { .. } => "The report link was added in Lever.".to_owned(),
        Event::ReportViewed => "The report was opened.".to_owned(),
        Event::ResultLinked { .. } | Event::ResultUnlinked { .. } | Event::TakenBack { .. } => matching::event(event),
    }
}

fn sent_anew(by: &str, test: &str, was: OrderState) -> String {
    let ended = match was {
        OrderState::Failed => "the vendor had refused it",
        OrderState::Expired => "it had expired",
        OrderState::Declined => "it had been declined",
        OrderState::Cancelled => "it had been taken back",
        // No other one is sent anew; a line of a later version is still a line.
        _ => "it had ended",
    };
    format!("{by} had the invitation to {test} sent again after {ended}.")
}

fn tagged(added: &[String], removed: &[String]) -> String {
    match (added.is_empty(), removed.is_empty()) {
        (false, false) => format!("Tag {} took the place of {} in Lever.", added.join(", "), removed.join(", ")),
        (false, true) => format!("Tag {} added in Lever.", added.join(", ")),
        (true, _) => format!("Tag {} removed in Lever.", removed.join(", ")),
    }
}

/// A day in UTC, counted from 1970-01-01, without its year: `21 Nov`.
pub fn day(day: i64) -> String {
    let midnight = Timestamp::from_micros(day.saturating_mul(86_400_000_000));
    midnight.to_jiff().strftime("%-d %b").to_string()
}

/// A length of time in its largest whole unit: `under a minute`, `12 min`, `3 h`, `5 days`.
pub fn age(length: Duration) -> String {
    if length.as_secs() < 60 { "under a minute".to_owned() } else { span(length) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_said_to_the_minute_and_with_its_zone() {
        let since = Timestamp::from_millis(1_795_297_592_051);
        let said = decision(&Decision::Skip { reason: Reason::AlreadyThere { since } });
        assert!(said.ends_with("switched on (2026-11-21 21:46 UTC)."), "{said}");
    }

    #[test]
    fn a_decision_and_an_event_are_said_in_the_reader_s_words_for_instants() {
        let decision = Decision::Skip { reason: Reason::AlreadyThere { since: Timestamp::EPOCH } };
        assert!(decision_for(&decision, &|_| "just now".to_owned()).ends_with("switched on (just now)."));
        let event =
            Event::Decided { stage: "Screen".into(), entered_at: Timestamp::EPOCH, vendor: "Py".into(), decision };
        let said = event_for(&event, &|_| "just now".to_owned());
        assert!(said.starts_with("Entered Screen (Py). ") && said.ends_with("(just now)."), "{said}");
    }

    #[test]
    fn a_dry_run_names_nobody_who_asked() {
        let invite = |asked_by: &str| Decision::Invite {
            test: "t".into(),
            name: "Backend screen".into(),
            because: Choice::Default,
            near: vec![],
            asked_by: Some(asked_by.to_owned()),
        };
        assert_eq!(decision(&invite("")), "Invited to Backend screen: it is the default of this stage.");
        assert!(decision(&invite("sue")).contains(" sue asked for it: "));
    }

    #[test]
    fn what_ended_before_it_was_sent_is_not_in_the_vendor_s_mouth() {
        let status = |from, to, word: &str| event(&Event::Status { from, to, word: word.to_owned() });
        for (word, said) in [
            ("Lever has no such opportunity any more", "Lever has no such opportunity any more"),
            ("left the stage before it was sent", "left the stage"),
        ] {
            let expected = format!("Cancelled before it was sent: {said}.");
            assert_eq!(status(OrderState::Planned, OrderState::Cancelled, word), expected);
        }
        let given_up = status(OrderState::Started, OrderState::Expired, NO_RESULT);
        assert_eq!(given_up, "Expired: no result after eight weeks.");
        let vendor = status(OrderState::Invited, OrderState::Started, "in_progress");
        assert_eq!(vendor, "Started (the vendor says \"in_progress\").");
    }

    #[test]
    fn days_and_ages_are_short() {
        assert_eq!((day(0), day(20_778)), ("1 Jan".to_owned(), "21 Nov".to_owned()));
        let ages = [
            (59, "under a minute"),
            (60, "1 min"),
            (3_599, "59 min"),
            (3_600, "1 h"),
            (86_399, "23 h"),
            (86_400, "1 day"),
            (172_800, "2 days"),
        ];
        for (seconds, words) in ages {
            assert_eq!(age(Duration::from_secs(seconds)), words);
        }
    }

    #[test]
    fn the_reason_says_what_to_do_about_it() {
        let near = vec![NearMiss { tag: "data screen".into(), test: "Data screen".into() }];
        let said = decision(&Decision::Skip { reason: Reason::NoTest { near } });
        assert!(said.contains("\"data screen\"") && said.contains("correct the tag"), "{said}");
    }
}
