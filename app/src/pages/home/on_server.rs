//! The first page of an organization, made of what the store keeps.

use domain::enablement::Made;
use domain::health::{Cause, Health, assess};
use domain::job::DecisionRecord;
use domain::ports::store::{Organization, Store};
use domain::read::{Day, FleetRow, HomePage, day_of};
use domain::rules::{Rules, secret};
use domain::{Personal, Timestamp, words};

use super::first::{First, before_hearing, before_live};
use super::needs::{Known, needs};
use super::{DAYS, DecisionLine, HomeView, WINDOW};
use crate::access::{CONFIGURE, Viewer, reviews_waiting};
use crate::error::AppError;
use crate::pages::health::{day, sentence, share, tone};
use crate::pages::on_server::{self, shown_name, stage_name, vendor_name};
use crate::text;
use crate::when::when;

/// What the store knows for the page.
pub struct Found {
    pub figures: HomePage,
    pub row: FleetRow,
    pub days: Vec<Day>,
    /// Results of which a person has to say whose they are, at most a thousand.
    pub matches: i64,
    /// Steps on the way to its integrations; only for those who answer them.
    pub steps: Vec<Made>,
    /// What to do first, if it is not on its way yet.
    pub first: Option<First>,
}

impl Found {
    /// Asks for it.
    pub async fn of(
        store: &dyn Store,
        viewer: &Viewer,
        organization: &Organization,
        now: Timestamp,
    ) -> Result<Self, AppError> {
        let id = organization.id;
        let steps = async { if viewer.may(CONFIGURE) { store.steps(id).await } else { Ok(Vec::new()) } };
        // Beside each other: some of them count.
        let (row, figures, days, steps) = futures::try_join!(
            store.fleet_row(id, now),
            store.home(id, now.minus(WINDOW)),
            store.days(id, days(now)),
            steps
        )?;
        let first = match start(&assess(&row, now)) {
            Some(Start::Live) => {
                let has_key = store.secrets(id).await?.iter().any(|s| s.name == secret::LEVER_KEY);
                Some(before_live(viewer, &organization.rules, has_key, row.last_delivery.is_some()))
            }
            Some(Start::Hear) => Some(before_hearing(viewer, &organization.rules)),
            None => None,
        };
        Ok(Self { figures, days, matches: reviews_waiting(), steps, row, first })
    }
}

/// What is still ahead of an organization.
enum Start {
    Live,
    Hear,
}

fn start(health: &Health) -> Option<Start> {
    health.causes.iter().find_map(|cause| match cause {
        Cause::NotLive => Some(Start::Live),
        Cause::NothingYet { .. } => Some(Start::Hear),
        _ => None,
    })
}

/// The days with a bar, the last being today in UTC.
fn days(now: Timestamp) -> std::ops::RangeInclusive<i64> {
    let today = day_of(now);
    today - DAYS + 1..=today
}

/// Its names alone: all that there is for those who see nothing here.
pub fn limited(organization: &Organization) -> HomeView {
    let rules = &organization.rules;
    HomeView { slug: rules.slug.clone(), name: rules.name.clone(), limited: true, ..HomeView::default() }
}

pub fn view(viewer: &Viewer, organization: &Organization, found: Found, now: Timestamp) -> HomeView {
    let rules = &organization.rules;
    let Found { figures, row, days, matches, steps, first } = found;
    let health = assess(&row, now);
    let (results, days) = results(&days);
    let (failed, of) = row.day();
    let sends = figures.unknown_sends;
    let known = Known { viewer, rules, row: &row, health: &health, steps: &steps, sends, matches, now };
    HomeView {
        masked: viewer.sees_masked(),
        first,
        tone: tone(health.state),
        health: sentence(&health, &rules.timezone),
        last_delivery: row.last_delivery.map(|at| when(at, &rules.timezone)),
        funnel: [figures.invited, figures.started, figures.completed, figures.written].map(natural),
        results,
        days,
        deliveries: format!("{}; not accepted: {}.", text::count(of, "delivery", "deliveries"), share(failed, of)),
        hours: day(&row.deliveries, &row.failed),
        needs: needs(known),
        decisions: figures.decisions.into_iter().map(|(name, d)| decision(viewer, rules, &name, d)).collect(),
        limited: false,
        ..limited(organization)
    }
}

fn natural(n: i64) -> u64 {
    u64::try_from(n).unwrap_or(0)
}

/// A sentence on all days, and the days; nothing where no result came.
fn results(days: &[Day]) -> (String, Vec<(String, [u64; 3])>) {
    let sum = |of: fn(&Day) -> i64| days.iter().map(of).sum::<i64>();
    let (pass, review, fail) = (sum(|d| d.pass), sum(|d| d.review), sum(|d| d.fail));
    if pass + review + fail == 0 {
        return (String::new(), vec![]);
    }
    let said = format!(
        "{} in {DAYS} days: {pass} passed, {review} to be reviewed, {fail} failed. Days are those of UTC.",
        text::count(pass + review + fail, "result", "results")
    );
    let bar = |d: &Day| (words::day(d.day), [d.pass, d.review, d.fail].map(natural));
    (said, days.iter().map(bar).collect())
}

fn decision(viewer: &Viewer, rules: &Rules, name: &Personal, record: DecisionRecord) -> DecisionLine {
    DecisionLine {
        name: shown_name(viewer, name, &record.opportunity),
        stage: stage_name(rules, &record.stage).unwrap_or_else(|| "a former trigger stage".to_owned()),
        vendor: vendor_name(rules, &record.vendor),
        sentence: on_server::decision(&record.decision, &rules.timezone),
        at: when(record.at, &rules.timezone),
        opportunity: record.opportunity,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars_are_of_six_weeks_and_end_today() {
        let now = Timestamp::from_millis(1_795_262_400_000);
        let mut found: Vec<Day> = days(now).map(|day| Day { day, ..Day::default() }).collect();
        let none = results(&found);
        found[0] = Day { pass: 2, fail: 1, ..found[0] };
        let (said, days) = results(&found);
        assert!(said.starts_with("3 results in 42 days: 2 passed, 0 to be reviewed, 1 failed."), "{said}");
        assert_eq!((days.len(), &days[0], days[41].0.as_str()), (42, &("11 Oct".to_owned(), [2, 0, 1]), "21 Nov"));
        assert_eq!(none, (String::new(), vec![]));
    }
}
