//! The row as it is typed, tried on the rules and on those who came lately.

use std::time::Duration;

use domain::invitation::Test;
use domain::ports::desk::Choices;
use domain::ports::store::Organization;
use domain::rules::{Rules, Trigger};
use domain::simulate::{Change, SPANS, Span, simulate};
use domain::triggers::{Draft, Fault, check, judged_by, put};
use domain::{Personal, words};

use super::on_server::vocabulary;
use super::simulation::{ChangeLine, SimulationView, SpanLine};
use crate::access::{clock, store};
use crate::error::AppError;
use crate::when::when;
use crate::{address, text};

/// At most so many entries are tried again: their readings are all looked at.
const MOST_PAST: u32 = 2_000;
/// At most so many of those for whom it would have been different are named.
const MOST_CHANGES: usize = 25;

/// The rules with the row as it is typed, switched on, and that row; or what is wrong with it. Without Lever's answer only its
/// thresholds can be judged.
#[expect(clippy::type_complexity, reason = "outside what cannot be known, inside what is wrong")]
pub fn tried(
    rules: &Rules,
    place: Option<usize>,
    draft: &Draft,
    choices: &Choices,
) -> Result<Result<Option<(Rules, Trigger)>, Vec<Fault>>, AppError> {
    let blind = choices.stages.is_empty() || (choices.postings.is_empty() && !draft.postings.is_empty());
    if blind && !choices.failures.is_empty() {
        return Ok(judged_by(draft, rules.vendor(&draft.vendor)).map(|_| None));
    }
    let now = clock()?.now();
    let put = |row: Trigger| {
        let mut next = put(rules, place, row, now)?;
        let at = place.unwrap_or(next.triggers.len() - 1);
        next.triggers[at].off = false;
        let row = next.triggers[at].clone();
        Ok(Some((next, row)))
    };
    Ok(check(draft, rules, vocabulary(choices), now).and_then(put))
}

/// What `row`, of the rules `next`, would have done to the last entries of its stage.
pub async fn simulation(
    organization: &Organization,
    next: &Rules,
    row: &Trigger,
    choices: &Choices,
) -> Result<SimulationView, AppError> {
    let now = clock()?.now();
    let longest = SPANS.into_iter().max().unwrap_or_default();
    let since = now.minus(Duration::from_secs(86_400) * longest);
    let past = store()?.past(organization.id, &row.stage.id, &row.vendor, since, MOST_PAST).await?;
    let tests: Vec<Test> = choices.tests.iter().filter(|(v, _)| *v == row.vendor).map(|(_, t)| t.clone()).collect();
    let vendor = next.vendor(&row.vendor).ok_or_else(|| AppError::NotFound.answered())?;
    let found = simulate(&past, next, vendor, &row.stage.id, &tests, now);
    let (slug, zone) = (&next.slug, &next.timezone);
    let line = |change: &Change| ChangeLine {
        href: address::candidate(slug, &change.opportunity),
        name: if change.name.is_blank() { Personal::new(text::NO_NAME) } else { change.name.clone() },
        at: when(change.at, zone),
        words: words::difference(&change.difference, &|at| when(at, zone).words),
    };
    let tests = found.spans.last().map(|span| &span.tests).into_iter().flatten();
    let tests = tests.filter(|(_, (was, would))| was != would);
    Ok(SimulationView {
        spans: found.spans.iter().map(span_line).collect(),
        tests: tests.map(|(name, (was, would))| format!("{name} {was} → {would}")).collect(),
        changes: found.changes.iter().take(MOST_CHANGES).map(line).collect(),
        changed: found.changes.len(),
        looked_at: past.len(),
        more: past.len() == MOST_PAST as usize,
    })
}

fn span_line(span: &Span) -> SpanLine {
    let (was, would) = (span.was, span.would);
    SpanLine {
        days: span.days,
        counts: [
            (was.invited, would.invited),
            (was.pass, would.pass),
            (was.review, would.review),
            (was.fail, would.fail),
        ],
    }
}
