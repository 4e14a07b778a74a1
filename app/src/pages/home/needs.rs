//! What needs someone, the most urgent first.

use domain::enablement::{Integration, Made, for_super_admins};
use domain::health::{Cause, Health};
use domain::order::OrderState;
use domain::outcome::Outcome;
use domain::read::{CandidateFilter, CandidateRow, FLEET_CAP, FleetRow, OpenIssue, reviews_since};
use domain::rules::Rules;
use domain::{Personal, Timestamp, words};

use super::Need;
use crate::access::{CONFIGURE, SEE_CONFIGURATION, Viewer};
use crate::pages::on_server::{shown_name, vendor_name};
use crate::ui::Tone;
use crate::when::when;
use crate::{address, filter, text};

/// What is known of the organization.
pub struct Known<'a> {
    pub viewer: &'a Viewer,
    pub rules: &'a Rules,
    pub row: &'a FleetRow,
    pub health: &'a Health,
    /// Steps on the way to its integrations; asked for only where the viewer answers them.
    pub steps: &'a [Made],
    /// Sends that only a person can settle; the first of them.
    pub sends: Vec<CandidateRow>,
    /// Results of which a person has to say whose they are.
    pub matches: i64,
    pub now: Timestamp,
}

pub fn needs(known: Known<'_>) -> Vec<Need> {
    let Known { viewer, rules, row, health, steps, sends, matches, now } = known;
    let unlisted = row.unknown_sends - i64::try_from(sends.len()).unwrap_or(i64::MAX);
    let asked = for_super_admins(steps).into_iter().filter(|_| viewer.may(CONFIGURE));
    let asked = asked.map(|integration| authorization(rules, integration));
    let sends = sends.into_iter().map(|send| unknown_send(viewer, rules, send));
    let failing = health.causes.iter().filter_map(|cause| failing(viewer, rules, cause));
    let issues = row.issues.iter().map(|i| issue(viewer, rules, i));
    let more = more_sends(rules, unlisted).into_iter();
    asked
        .chain(sends)
        .chain(more)
        .chain(failing)
        .chain(issues)
        .chain(dead(rules, row))
        .chain(whose(rules, matches))
        .chain(reviews(rules, row, now))
        .collect()
}

fn need(tone: Tone, word: &str, link: (String, String), sentence: &str) -> Need {
    Need {
        tone,
        word: word.to_owned(),
        link: Some((link.0, Personal::new(link.1))),
        sentence: sentence.to_owned(),
        ..Need::default()
    }
}

/// As many as there are, or that there are more than are counted.
fn counted(count: i64, one: &str, many: &str) -> String {
    match count {
        n if n >= FLEET_CAP => format!("{} or more {many}", text::thousands(n)),
        n => text::count(n, one, many),
    }
}

fn authorization(rules: &Rules, integration: Integration) -> Need {
    let link = (address::integrations(&rules.slug), format!("Lever key for {}", integration.words()));
    need(Tone::Warn, "Authorization asked", link, ": an account manager asks to make it. Grant or refuse.")
}

fn more_sends(rules: &Rules, unlisted: i64) -> Option<Need> {
    let state = OrderState::SendUnknown;
    let list = filter::address(
        &address::candidates(&rules.slug),
        &CandidateFilter { state: Some(state), ..CandidateFilter::default() },
    );
    let link = (list, counted(unlisted, "more invitation", "more invitations"));
    (unlisted > 0).then(|| need(Tone::Warn, words::state(state), link, ": did they arrive?"))
}

/// Deliveries that are not accepted, while none of their kind was since.
fn failing(viewer: &Viewer, rules: &Rules, cause: &Cause) -> Option<Need> {
    let (tone, failed, next) = match cause {
        Cause::DeliveriesFail { failed, .. } => (
            Tone::Bad,
            *failed,
            " not accepted, and none of their kind since. Compare the signature token with Lever's",
        ),
        Cause::SomeDeliveriesFail { failed, .. } => {
            (Tone::Warn, *failed, " not accepted, and none of their kind since. Their reasons say what to do")
        }
        _ => return None,
    };
    let link = (format!("{}?failed=yes", address::deliveries(&rules.slug)), counted(failed, "delivery", "deliveries"));
    let mut need = need(tone, "Not accepted", link, next);
    match viewer.may(SEE_CONFIGURATION) {
        true => {
            need.sentence.push_str(" at ");
            need.place = Some((format!("{}#webhook", address::connections(&rules.slug)), text::CONNECTIONS.to_owned()));
        }
        false => need.sentence.push('.'),
    }
    Some(need)
}

fn dead(rules: &Rules, row: &FleetRow) -> Option<Need> {
    let link = (address::dead_jobs(&rules.slug), counted(row.dead_jobs, "job failed", "jobs failed"));
    (row.dead_jobs > 0).then(|| need(Tone::Bad, "Failed", link, " for good. Read why, then run it again."))
}

fn whose(rules: &Rules, matches: i64) -> Option<Need> {
    let link = (address::reviews(&rules.slug), counted(matches, "result from outside", "results from outside"));
    (matches > 0).then(|| need(Tone::Warn, "Whose is it?", link, ": whose are they? Only a person can say."))
}

/// The link leads to exactly those that are counted.
fn reviews(rules: &Rules, row: &FleetRow, now: Timestamp) -> Option<Need> {
    let link = (filter::reviews(&rules.slug, now), counted(row.reviews, "result needs review", "results need review"));
    let since = words::day(domain::read::day_of(reviews_since(now)));
    let word = words::outcome(Outcome::NeedsReview);
    let sentence = format!(" (changed since {since}). Read the report, then decide about the candidate in Lever.");
    (row.reviews > 0).then(|| need(Tone::Warn, word, link, &sentence))
}

fn unknown_send(viewer: &Viewer, rules: &Rules, row: CandidateRow) -> Need {
    let name = shown_name(viewer, &row.name, &row.opportunity);
    // Listed because of its order; a row without one still deserves its line.
    let (test, vendor) = row.order.map_or_else(
        || ("a test".to_owned(), "a vendor".to_owned()),
        |order| (order.test_name, vendor_name(rules, &order.vendor)),
    );
    Need {
        tone: Tone::Warn,
        word: words::state(OrderState::SendUnknown).to_owned(),
        link: Some((address::candidate(&rules.slug, &row.opportunity), name)),
        sentence: format!(": did the invitation to {test} ({vendor}) arrive?"),
        ..Need::default()
    }
}

/// Where an issue is mended, for those who may go there.
fn mending(viewer: &Viewer, slug: &str, cause: &str) -> Option<(String, &'static str)> {
    if let Some((_, opportunity)) = cause.split_once(".status.") {
        return Some((address::candidate(slug, opportunity), "The candidate"));
    }
    if !viewer.may(SEE_CONFIGURATION) {
        return None;
    }
    if cause.contains(".stage.") || cause.contains(".test.") {
        return Some((address::triggers(slug), text::TRIGGERS));
    }
    let of_connection = [".credential", ".hook"].iter().any(|end| cause.ends_with(end));
    of_connection.then(|| (address::connections(slug), text::CONNECTIONS))
}

fn issue(viewer: &Viewer, rules: &Rules, issue: &OpenIssue) -> Need {
    let link = mending(viewer, &rules.slug, &issue.cause);
    let colon = if link.is_some() { ": " } else { "" };
    Need {
        tone: Tone::Bad,
        word: "Issue".to_owned(),
        link: link.map(|(href, word)| (href, Personal::new(word))),
        sentence: format!("{colon}{}", issue.detail),
        since: Some(when(issue.opened_at, &rules.timezone)),
        note: format!(", {}", text::count(issue.count, "time", "times")),
        ..Need::default()
    }
}
