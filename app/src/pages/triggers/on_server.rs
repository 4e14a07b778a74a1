//! What the pages of trigger stages show, made of rules, figures and what the remotes have.

use std::time::Duration;

use domain::opportunity::Named;
use domain::outcome::{Measured, Thresholds};
use domain::ports::desk::{Choices, DeskError, Nearly, Present};
use domain::ports::store::{Organization, StoreError};
use domain::read::{OpenIssue, ResultsOf, SKIPPED_CAP, TriggerFigures};
use domain::rules::{Reference, Rules, Trigger};
use domain::triggers::{Draft, Names, NearlyPosting, RowKey, Vocabulary};
use domain::{Personal, Timestamp};

use super::form::FormView;
use super::nearly::{NearlyLine, NearlyPostingLine};
use super::present::{PresentLine, PresentView};
use super::tried::{simulation, tried};
use super::typed::Typed;
use super::{TriggerLine, TriggersView, Undo};
use crate::access::{CONFIGURE, Granted, clock, desk, store};
use crate::error::AppError;
use crate::pages::on_server::{decision, vendor_name};
use crate::ui::Choice;
use crate::when::when;
use crate::{address, text};

/// Postings with a tag that nearly names a test, as many as are listed.
const MOST_NEARLY: usize = 50;
/// The figures' span.
const FIGURES: Duration = Duration::from_secs(30 * 86_400);
/// The span of past results under the thresholds.
const RESULTS: Duration = Duration::from_secs(365 * 86_400);
/// At most so many results are drawn.
const MOST_RESULTS: u32 = 500;

/// The key in an address or a form.
pub fn key(word: &str) -> Result<RowKey, AppError> {
    RowKey::parse(word).ok_or_else(|| AppError::NotFound.answered())
}

/// What the desk refused.
pub fn refused(organization: &Organization, error: DeskError) -> AppError {
    let error = match error {
        DeskError::Store(error) => return error.into(),
        DeskError::Stale { by, at } => AppError::Changed { why: stale(organization, &by, at) },
        DeskError::Refused(faults) => {
            let sentences = faults.iter().map(|f| format!("{}: {}", f.field.as_str(), f.sentence));
            AppError::Invalid { why: sentences.collect::<Vec<_>>().join("; ") }
        }
        DeskError::Impossible(why) => AppError::Invalid { why },
        DeskError::Remote { .. } => AppError::Remote { why: error.to_string() },
    };
    error.answered()
}

fn stale(organization: &Organization, by: &str, at: Timestamp) -> String {
    let at = when(at, &organization.rules.timezone).words;
    format!("{by} changed the rules of this organization ({at})")
}

/// Where a change leads: to the row, whose page offers who is there already, or to the list; both offer to undo it.
pub fn changed(organization: &Organization, version: i64, row: Option<&RowKey>) -> String {
    let slug = &organization.rules.slug;
    let page = row.map_or_else(|| address::triggers(slug), |row| address::trigger(slug, &row.to_word()));
    format!("{page}?undo={version}")
}

/// The list.
pub async fn list(granted: Granted, undo: Option<i64>) -> Result<TriggersView, AppError> {
    let Granted { viewer, organization } = granted;
    let (store, now) = (store()?, clock()?.now());
    let pairs: Vec<(&str, &str)> =
        organization.rules.triggers.iter().map(|t| (t.stage.id.as_str(), t.vendor.as_str())).collect();
    let figures = store.trigger_figures(organization.id, &pairs, now.minus(FIGURES)).await?;
    let issues = store.open_issues(organization.id).await?;
    let tests = store.catalogue(organization.id).await?;
    let retired = |vendor: &str, test: &Reference| {
        let found = tests.iter().find(|(v, t)| v == vendor && t.id == test.id);
        found.is_none_or(|(_, t)| t.retired)
    };
    let rules = &organization.rules;
    let line = |row: &Trigger| TriggerLine {
        row: RowKey::of(row).to_word(),
        stage: row.stage.name.clone(),
        vendor: vendor_name(rules, &row.vendor),
        test: row.default_test.as_ref().map(|t| t.name.clone()),
        thresholds: thresholds(&row.thresholds),
        postings: postings(row),
        off: row.off,
        figures: figures_of(row, &figures),
        warnings: warnings(row, &issues, row.default_test.as_ref().is_some_and(|t| retired(&row.vendor, t))),
    };
    Ok(TriggersView {
        slug: rules.slug.clone(),
        organization: rules.name.clone(),
        version: organization.version,
        may_configure: viewer.may(CONFIGURE),
        rows: rules.triggers.iter().map(line).collect(),
        undo: undoable(&organization, undo).await?,
    })
}

/// The last change, if `to` is the version before it and only rows were changed.
async fn undoable(organization: &Organization, to: Option<i64>) -> Result<Option<Undo>, AppError> {
    let Some(to) = to.filter(|to| *to >= 1 && to.checked_add(1) == Some(organization.version)) else { return Ok(None) };
    let before = match store()?.configuration(organization.id, to).await {
        Ok(before) => before.rules,
        Err(StoreError::NotFound(_)) => return Ok(None),
        Err(error) => return Err(error.into()),
    };
    let sentence = change(&before, &organization.rules);
    Ok(sentence.map(|sentence| Undo { sentence, to, paused: organization.paused }))
}

/// What one version changed about the rows of the one before.
fn change(before: &Rules, after: &Rules) -> Option<String> {
    let name = |row: &Trigger| format!("{} ({})", row.stage.name, vendor_name(after, &row.vendor));
    let there = |row: &Trigger, rules: &Rules| RowKey::of(row).find(rules);
    if let Some(row) = before.triggers.iter().find(|row| there(row, after).is_none()) {
        let removed = after.triggers.len() < before.triggers.len();
        return Some(format!("{} was {}.", name(row), if removed { "removed" } else { "changed" }));
    }
    after.triggers.iter().find_map(|row| {
        let Some(n) = there(row, before) else { return Some(format!("{} was added.", name(row))) };
        let old = &before.triggers[n];
        let what = match (old.off, row.off) {
            (true, false) => "switched on",
            (false, true) => "switched off",
            _ if old != row => "changed",
            _ => return None,
        };
        Some(format!("{} was {what}.", name(row)))
    })
}

fn thresholds(by: &Thresholds) -> String {
    let parts = [
        by.pass_at.map(|at| format!("pass at {} or above", text::score(at))),
        by.fail_at.map(|at| format!("fail at {} or below", text::score(at))),
        (!by.pass_bands.is_empty()).then(|| format!("pass: {}", by.pass_bands.join(", "))),
        (!by.fail_bands.is_empty()).then(|| format!("fail: {}", by.fail_bands.join(", "))),
    ];
    let said: Vec<String> = parts.into_iter().flatten().collect();
    if said.is_empty() { "None: every result needs a review".to_owned() } else { said.join("; ") }
}

fn postings(row: &Trigger) -> String {
    let names: Vec<&str> = row.postings.iter().map(|p| p.name.as_str()).collect();
    match names.as_slice() {
        [] => "All".to_owned(),
        [a, b, c, rest @ ..] if !rest.is_empty() => format!("{a}, {b}, {c} and {} more", rest.len()),
        some => some.join(", "),
    }
}

fn figures_of(row: &Trigger, figures: &[TriggerFigures]) -> String {
    let found = figures.iter().find(|f| f.stage == row.stage.id && f.vendor == row.vendor);
    let Some(f) = found.filter(|f| f.ordered + f.skipped > 0) else { return "Nobody entered".to_owned() };
    let more = if f.skipped == SKIPPED_CAP { " or more" } else { "" };
    format!(
        "{} ordered · {} completed: {} pass, {} review, {} fail · {}{more} not invited",
        f.ordered,
        f.pass + f.review + f.fail,
        f.pass,
        f.review,
        f.fail,
        f.skipped
    )
}

fn warnings(row: &Trigger, issues: &[OpenIssue], retired: bool) -> Vec<String> {
    let cause = format!("lever.stage.{}", row.stage.id);
    let deleted = issues.iter().any(|i| i.cause == cause);
    let said = [
        deleted.then_some("This stage was deleted in Lever: nobody is invited. Name another stage."),
        retired.then_some("The vendor no longer has the default test: nobody is invited to it. Choose another one."),
        row.default_test.is_none().then_some("No default test: only candidates with a test's tag are invited."),
    ];
    said.into_iter().flatten().map(str::to_owned).collect()
}

/// The form of a row, or of a new one.
pub async fn form(
    organization: &Organization,
    row: Option<RowKey>,
    typed: Option<Typed>,
    undo: Option<i64>,
) -> Result<FormView, AppError> {
    let rules = &organization.rules;
    let place = match &row {
        Some(key) => Some(key.find(rules).ok_or_else(|| AppError::NotFound.answered())?),
        None => None,
    };
    let present_row = place.map(|n| &rules.triggers[n]);
    let choices = desk()?.stage_choices(organization.id).await.map_err(|e| refused(organization, e))?;
    let vocabulary = vocabulary(&choices);
    let draft = draft(rules, present_row, typed.as_ref(), vocabulary);
    let tried = typed.as_ref().map(|_| tried(rules, place, &draft, &choices)).transpose()?;
    let (faults, simulation) = match (tried, &typed) {
        (Some(Err(faults)), _) => (faults, None),
        (Some(Ok(Some((next, row)))), Some(typed)) if !typed.refused => {
            (Vec::new(), Some(simulation(organization, &next, &row, &choices).await?))
        }
        _ => (Vec::new(), None),
    };
    let vendor = rules.vendor(&draft.vendor);
    let (results, results_words) = results(organization, &draft.vendor, present_row).await?;
    let nearly = match &row {
        Some(key) if present_row.is_some_and(|r| !r.off) => nearly(organization, key).await?,
        _ => Vec::new(),
    };
    let nearly_postings = nearly_postings(&choices, &draft.vendor, present_row);
    let present = match &row {
        Some(key) if present_row.is_some_and(|r| !r.off) => Some(present(organization, key).await?),
        _ => None,
    };
    Ok(FormView {
        slug: rules.slug.clone(),
        organization: rules.name.clone(),
        title: present_row.map_or_else(|| "New trigger stage".to_owned(), |r| r.stage.name.clone()),
        off: present_row.is_some_and(|r| r.off),
        row: row.map(|key| key.to_word()).unwrap_or_default(),
        version: organization.version,
        notice: notice(organization, present_row, typed.as_ref(), !faults.is_empty()).await?,
        scale: vendor.and_then(|v| v.score_scale),
        vendors: rules.vendors.iter().map(|v| Choice::new(v.id.clone(), v.name.clone())).collect(),
        stages: options(Names::of_lever("stage", &choices.stages).all()),
        tests: tests(rules, vocabulary),
        postings: posting_options(&choices, present_row),
        failures: choices
            .failures
            .iter()
            .map(|f| format!("{f}. What it has is not offered here; try again."))
            .collect(),
        undo: undoable(organization, undo).await?,
        draft,
        faults,
        results,
        results_words,
        simulation,
        nearly,
        nearly_postings,
        present,
    })
}

/// What was typed; otherwise the row as it is; otherwise an empty row of the first vendor.
fn draft(rules: &Rules, row: Option<&Trigger>, typed: Option<&Typed>, vocabulary: Vocabulary<'_>) -> Draft {
    match (typed, row) {
        (Some(typed), _) => typed.draft.clone(),
        (None, Some(row)) => Draft::of(row, rules, vocabulary),
        (None, None) => {
            Draft { vendor: rules.vendors.first().map(|v| v.id.clone()).unwrap_or_default(), ..Draft::default() }
        }
    }
}

pub(super) fn vocabulary(choices: &Choices) -> Vocabulary<'_> {
    Vocabulary { stages: &choices.stages, postings: &choices.postings, tests: &choices.tests }
}

/// Why what was typed is not in force, and what is.
async fn notice(
    organization: &Organization,
    row: Option<&Trigger>,
    typed: Option<&Typed>,
    faulty: bool,
) -> Result<Option<String>, AppError> {
    let Some(typed) = typed else { return Ok(None) };
    if typed.version != organization.version {
        let there = store()?.configuration(organization.id, organization.version).await?;
        let now = row.map_or_else(String::new, |row| {
            let test = row.default_test.as_ref().map_or("none", |t| t.name.as_str());
            format!(" In force now: default test {test}; {}; postings: {}.", thresholds(&row.thresholds), postings(row))
        });
        return Ok(Some(format!(
            "{}. Nothing was saved; what you typed is kept below. Saving it now puts it in the place of that change.{now}",
            stale(organization, &there.author, there.at)
        )));
    }
    let said = match (typed.refused, faulty) {
        (true, true) => "Not saved: correct the fields that say what is wrong.",
        (true, false) => "Not saved. Nothing was changed; try again.",
        (false, _) => return Ok(None),
    };
    Ok(Some(said.to_owned()))
}

fn options(all: Vec<(String, String)>) -> Vec<Choice> {
    all.into_iter().map(|(value, words)| Choice::new(value, words)).collect()
}

fn tests(rules: &Rules, vocabulary: Vocabulary<'_>) -> Vec<Choice> {
    let of = |v| {
        let all = vocabulary.of(v).all().into_iter();
        all.map(|(value, words)| Choice::new(value, words).noted(v.name.clone())).collect::<Vec<_>>()
    };
    rules.vendors.iter().flat_map(of).collect()
}

/// Lever's postings, and those of the row that Lever did not name.
fn posting_options(choices: &Choices, row: Option<&Trigger>) -> Vec<Choice> {
    let of_row = row.into_iter().flat_map(|r| &r.postings).map(|p| Named { id: p.id.clone(), name: p.name.clone() });
    let missing = of_row.filter(|p| !choices.postings.iter().any(|known| known.id == p.id));
    let all = choices.postings.iter().cloned().chain(missing);
    all.map(|p| Choice::new(p.id, p.name)).collect()
}

/// Past results: of the row's stage, or of the vendor where the stage has none.
async fn results(
    organization: &Organization,
    vendor: &str,
    row: Option<&Trigger>,
) -> Result<(Vec<Measured>, String), AppError> {
    let (store, since) = (store()?, clock()?.now().minus(RESULTS));
    let name = vendor_name(&organization.rules, vendor);
    let stage = row.filter(|r| r.vendor == vendor).map(|r| &r.stage);
    for stage in [stage, None] {
        let of = ResultsOf { vendor: vendor.to_owned(), test: None, stage: stage.map(|s| s.id.clone()) };
        let points = store.results(organization.id, &of, since, MOST_RESULTS).await?;
        if points.is_empty() {
            continue;
        }
        let count = text::count(i64::try_from(points.len()).unwrap_or(i64::MAX), "result", "results");
        let place = stage.map_or_else(|| "in all stages".to_owned(), |s| format!("in {}", s.name));
        let said = format!("The last {count} of {name} {place}, of at most a year");
        return Ok((points.into_iter().map(|p| Measured { score: p.score, band: p.band }).collect(), said));
    }
    Ok((Vec::new(), format!("{name} has no results of the last year yet")))
}

/// Postings of the row whose tags nearly name a test of its vendor.
fn nearly_postings(choices: &Choices, vendor: &str, row: Option<&Trigger>) -> Vec<NearlyPostingLine> {
    let covered = |id: &str| row.is_none_or(|r| r.postings.is_empty() || r.postings.iter().any(|p| p.id == id));
    let found = choices.nearly.iter().filter(|n| n.vendor == vendor && covered(&n.posting.id));
    let line = |n: &NearlyPosting| NearlyPostingLine {
        name: n.posting.name.clone(),
        tag: n.near.tag.clone(),
        test: n.near.test.clone(),
    };
    found.take(MOST_NEARLY).map(line).collect()
}

/// Where the organization cannot be reached the page says so already.
async fn nearly(organization: &Organization, row: &RowKey) -> Result<Vec<NearlyLine>, AppError> {
    let found = match desk()?.nearly(organization.id, row).await {
        Ok(found) => found,
        Err(DeskError::Store(error)) => return Err(error.into()),
        Err(_) => Vec::new(),
    };
    let line = |person: Nearly| NearlyLine {
        href: address::candidate(&organization.rules.slug, &person.opportunity),
        name: if person.name.is_blank() { Personal::new(text::NO_NAME) } else { person.name },
        opportunity: person.opportunity,
        tag: person.tag,
        test: person.test,
        sent: person.sent,
    };
    Ok(found.into_iter().map(line).collect())
}

async fn present(organization: &Organization, row: &RowKey) -> Result<PresentView, AppError> {
    let found = match desk()?.present(organization.id, row).await {
        Ok(found) => found,
        Err(DeskError::Store(error)) => return Err(error.into()),
        Err(error) => return Ok(PresentView { failure: Some(format!("{error}.")), ..PresentView::default() }),
    };
    let line = |person: Present| {
        let name = if person.name.is_blank() { text::NO_NAME.to_owned() } else { person.name.reveal().to_owned() };
        let (invitable, answer) = match &person.decision {
            domain::invitation::Decision::Invite { name, .. } => (true, format!("Gets {name}")),
            skip @ domain::invitation::Decision::Skip { .. } => (false, decision(skip, &organization.rules.timezone)),
        };
        PresentLine {
            opportunity: person.opportunity,
            name: Personal::new(name),
            since: when(person.entered_at, &organization.rules.timezone),
            answer,
            invitable,
        }
    };
    Ok(PresentView { people: found.people.into_iter().map(line).collect(), more: found.more, failure: None })
}
