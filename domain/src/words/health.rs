//! How organizations are doing, in words.

use super::{Say, moment};
use crate::health::{Cause, Health, State};
use crate::read::FLEET_CAP;

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
pub fn health_for(health: &Health, moment: Say<'_>) -> String {
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
pub fn cause_for(cause: &Cause, moment: Say<'_>) -> String {
    match cause {
        Cause::Credential { connection, since } => format!(
            "{} refuses the key since {}. Store a working key; waiting work goes on by itself then.",
            remote(connection),
            moment(*since)
        ),
        Cause::Unavailable { connection, since } => format!(
            "{} does not answer as it should since {}. It is tried again by itself; if it lasts, ask its support.",
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
            "{failed} of {of} deliveries of the last day were not accepted, and none of their kind was since. Compare the \
             signature token at Connections with Lever's."
        ),
        Cause::SomeDeliveriesFail { failed, of } => {
            format!(
                "{failed} of {of} deliveries of the last day were not accepted, and none of their kind was since. Look at \
                 their reasons at Deliveries."
            )
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
            format!("{} review. Decide about the candidates in Lever.", counted(*count, "result needs", "results need"))
        }
        Cause::Paused => "Paused: nobody is invited. Resume it at Connections when it may go on.".to_owned(),
        Cause::NotLive => {
            "Not live yet: nobody is invited. A super admin goes on with the steps at Connections.".to_owned()
        }
        Cause::NothingYet { since } => format!(
            "Nothing has come from Lever since it was set up ({}). Enter the webhook address in Lever and verify it.",
            moment(*since)
        ),
        Cause::OldKey { since } => {
            format!("The oldest key was stored a year ago or more ({}). Make a new one and store it.", moment(*since))
        }
    }
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
    use crate::Timestamp;

    #[test]
    fn health_is_said_in_the_reader_s_words_for_instants() {
        let since = Timestamp::from_millis(1_795_297_592_051);
        let causes = vec![Cause::Silent { since }, Cause::Paused];
        let judged = Health { state: State::Degraded, causes, attention: 1 };
        let said = health_for(&judged, &|_| "just now".to_owned());
        assert_eq!(said, "Nothing has come from Lever since just now. Check the webhooks in Lever. And 1 more.");
        assert!(health(&judged).contains("since 2026-11-21 21:46 UTC."));
    }
}
