//! Every decision and event in a sentence. The one place where reasons become words, for pages, the command line and agents.

mod matching;
mod traffic;

use std::time::Duration;

pub use self::matching::{act as match_act, incoming, why as match_why};
pub use self::traffic::{delivery_status, job_state, no_replay, span, work};
use crate::Timestamp;
use crate::activity::Event;
use crate::health::{Cause, Health, State};
use crate::invitation::{Choice, Decision, NearMiss, Reason};
use crate::order::OrderState;
use crate::outcome::{Ground, Outcome};
use crate::read::FLEET_CAP;
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
    match decision {
        Decision::Invite { name, because, near, asked_by, .. } => {
            let why = match because {
                Choice::Tag => "a tag equals its name",
                Choice::Default => "it is the default of this stage",
            };
            let asked = asked_by.as_ref().map_or_else(String::new, |by| {
                format!(" {by} asked for it: the candidate was in this stage before the rule was switched on.")
            });
            format!("Invited to {name}: {why}.{asked}{}", near_misses(near))
        }
        Decision::Skip { reason } => skip(reason),
    }
}

/// What another row would have done with an entry, in a few words.
pub fn difference(difference: &Difference) -> String {
    match difference {
        Difference::Invited(test) => format!("Would have been invited to {test}"),
        Difference::NotInvited(reason) => {
            let why = skip(reason);
            let why = why.strip_prefix("Not invited: ").unwrap_or(&why);
            format!("Would not have been invited: {}", why.trim_end_matches('.'))
        }
        Difference::OtherTest { was, would } => format!("Test: {was} → {would}"),
        Difference::OtherOutcome { was, would } => format!("Outcome: {} → {}", outcome(*was), outcome(*would)),
    }
}

fn skip(reason: &Reason) -> String {
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
        Reason::Paused => "Not invited: the integration is paused.".to_owned(),
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
    match event {
        Event::Decided { stage, decision: d, vendor, .. } => format!("Entered {stage} ({vendor}). {}", decision(d)),
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

/// The health of an organization in one or two words.
pub const fn health_state(state: State) -> &'static str {
    match state {
        State::Healthy => "Healthy",
        State::SettingUp => "Being set up",
        State::Paused => "Paused",
        State::Degraded => "Degraded",
        State::Failing => "Failing",
    }
}

/// The health of an organization in a sentence or two: the most urgent cause, and how many more there are.
pub fn health(health: &Health) -> String {
    health_for(health, &moment)
}

/// As [`health`], for a reader: `moment` says instants in their zone.
pub fn health_for(health: &Health, moment: &dyn Fn(Timestamp) -> String) -> String {
    let Some(first) = health.causes.first() else { return "Everything works.".to_owned() };
    match health.causes.len() - 1 {
        0 => cause_for(first, moment),
        more => format!("{} And {more} more.", cause_for(first, moment)),
    }
}

/// What is wrong and what to do about it.
pub fn cause(cause: &Cause) -> String {
    cause_for(cause, &moment)
}

/// As [`cause`], for a reader: `moment` says instants in their zone.
pub fn cause_for(cause: &Cause, moment: &dyn Fn(Timestamp) -> String) -> String {
    match cause {
        Cause::Credential { connection, since } => format!(
            "{} refuses the key since {}. Store a working key; waiting work goes on by itself then.",
            remote(connection),
            moment(*since)
        ),
        Cause::Unavailable { connection, since } => format!(
            "{} does not answer as it should since {}. It is tried again by itself; ask them if it lasts.",
            remote(connection),
            moment(*since)
        ),
        Cause::Issue { detail, .. } => detail.clone(),
        Cause::Stalled { waiting, since } | Cause::Late { waiting, since } => format!(
            "{} since {}. Check that a worker runs and what holds it up.",
            counted(*waiting, "job waits", "jobs wait"),
            moment(*since)
        ),
        Cause::DeliveriesFail { failed, of } => format!(
            "{failed} of {of} deliveries of the last day were not accepted. Compare the signature token with Lever's."
        ),
        Cause::SomeDeliveriesFail { failed, of } => {
            format!("{failed} of {of} deliveries of the last day were not accepted. Look at their reasons.")
        }
        Cause::UnknownSends { count } => format!(
            "{} with an unknown end. Look at the vendor, then say whether the invitation arrived.",
            counted(*count, "send", "sends")
        ),
        Cause::DeadJobs { count } => {
            format!("{} for good. Read why, then run it again.", counted(*count, "job failed", "jobs failed"))
        }
        Cause::Silent { since } => {
            format!("Nothing has come from Lever since {}. Check the webhooks in Lever.", moment(*since))
        }
        Cause::Reviews { count } => {
            format!("{} review. Decide about the candidates.", counted(*count, "result needs", "results need"))
        }
        Cause::Paused => "Paused: nobody is invited. Resume it when it may go on.".to_owned(),
        Cause::NothingYet { since } => format!(
            "Nothing has come from Lever since it was set up ({}). Enter the webhook address in Lever and verify it.",
            moment(*since)
        ),
        Cause::OldKey { since } => {
            format!("The oldest key was stored a year ago or more ({}). Make a new one and store it.", moment(*since))
        }
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

/// A connection as people know it.
fn remote(connection: &str) -> &str {
    match connection.strip_prefix("vendor.") {
        Some(vendor) => vendor,
        None if connection == "lever" => "Lever",
        None => connection,
    }
}

/// A number that may be cut at the cap of the fleet.
fn counted(count: i64, one: &str, many: &str) -> String {
    match count {
        1 => format!("1 {one}"),
        n if n >= FLEET_CAP => {
            let (noun, rest) = many.split_once(' ').unwrap_or((many, ""));
            format!("{n} {noun} or more {rest}").trim_end().to_owned()
        }
        n => format!("{n} {many}"),
    }
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
    fn health_is_said_in_the_reader_s_words_for_instants() {
        let since = Timestamp::from_millis(1_795_297_592_051);
        let causes = vec![Cause::Silent { since }, Cause::Paused];
        let health = Health { state: State::Degraded, causes, attention: 1 };
        let said = health_for(&health, &|_| "just now".to_owned());
        assert_eq!(said, "Nothing has come from Lever since just now. Check the webhooks in Lever. And 1 more.");
        assert!(super::health(&health).contains("since 2026-11-21 21:46 UTC."));
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
