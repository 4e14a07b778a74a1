//! A row as it is typed into a form.

use serde::{Deserialize, Serialize};

use super::checks::{parse_cooldown, repeat, thresholds};
use super::names::Names;
use super::{Fault, Field};
use crate::Timestamp;
use crate::invitation::Test;
use crate::opportunity::Named;
use crate::outcome::Thresholds;
use crate::rules::{Reference, Rules, Trigger, Vendor, format_duration};

/// What stands in the fields, right or wrong.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Draft {
    /// Name or id of a stage.
    pub stage: String,
    /// Vendor id.
    pub vendor: String,
    /// Name or id of a test; blank: none.
    pub default_test: String,
    /// A number; blank: none.
    pub pass_at: String,
    /// A number; blank: none.
    pub fail_at: String,
    /// Bands that pass, one a line.
    pub pass_bands: String,
    /// Bands that fail, one a line.
    pub fail_bands: String,
    /// Names or ids of postings; none: all.
    pub postings: Vec<String>,
    /// A duration; blank: never again.
    pub cooldown: String,
}

/// What the remotes have.
#[derive(Clone, Copy, Debug)]
pub struct Vocabulary<'a> {
    /// Lever's stages.
    pub stages: &'a [Named],
    /// Lever's postings.
    pub postings: &'a [Named],
    /// The vendors' tests by vendor id, retired ones included.
    pub tests: &'a [(String, Test)],
}

impl<'a> Vocabulary<'a> {
    /// The tests of one vendor.
    pub fn of(&self, vendor: &'a Vendor) -> Names<'a> {
        Names::of_vendor(vendor, self.tests.iter().filter(|(id, _)| *id == vendor.id).map(|(_, test)| test))
    }
}

impl Draft {
    /// The draft that leaves a row as it is, in the words the remotes use now.
    pub fn of(row: &Trigger, rules: &Rules, vocabulary: Vocabulary<'_>) -> Self {
        let number = |at: Option<f64>| at.map_or_else(String::new, |at| at.to_string());
        let test = row.default_test.as_ref().map(|test| match rules.vendor(&row.vendor) {
            Some(vendor) => known(&vocabulary.of(vendor), test),
            None => test.written.clone(),
        });
        Self {
            stage: known(&Names::of_lever("stage", vocabulary.stages), &row.stage),
            vendor: row.vendor.clone(),
            default_test: test.unwrap_or_default(),
            pass_at: number(row.thresholds.pass_at),
            fail_at: number(row.thresholds.fail_at),
            pass_bands: row.thresholds.pass_bands.join("\n"),
            fail_bands: row.thresholds.fail_bands.join("\n"),
            postings: row.postings.iter().map(|p| p.id.clone()).collect(),
            cooldown: row.cooldown.map(format_duration).unwrap_or_default(),
        }
    }
}

/// The word of a thing; the name it had, where the remote does not have it any more or was not asked.
fn known(names: &Names<'_>, reference: &Reference) -> String {
    let word = names.word(&reference.id);
    if names.find(&word).is_ok() { word } else { reference.written.clone() }
}

/// Reads the thresholds of a draft.
///
/// # Errors
/// What is wrong with them.
pub fn judged_by(draft: &Draft, vendor: Option<&Vendor>) -> Result<Thresholds, Vec<Fault>> {
    let mut faults = Vec::new();
    let mut number = |field, text: &str| {
        number(text).map_err(|sentence| faults.push(Fault::new(field, sentence))).unwrap_or_default()
    };
    let by = Thresholds {
        pass_at: number(Field::PassAt, &draft.pass_at),
        fail_at: number(Field::FailAt, &draft.fail_at),
        pass_bands: lines(&draft.pass_bands),
        fail_bands: lines(&draft.fail_bands),
    };
    faults.extend(thresholds(&by, vendor.and_then(|v| v.score_scale)));
    if faults.is_empty() { Ok(by) } else { Err(faults) }
}

fn number(text: &str) -> Result<Option<f64>, String> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    match text.parse::<f64>() {
        Ok(number) if number.is_finite() => Ok(Some(number)),
        _ => Err(format!("{text:?} is not a number; write it as 80 or 79.5, or leave the field blank")),
    }
}

fn lines(text: &str) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for line in text.lines().map(str::trim).filter(|l| !l.is_empty()) {
        if !lines.iter().any(|l| l == line) {
            lines.push(line.to_owned());
        }
    }
    lines
}

/// Turns a draft into a row that is on since `now`.
///
/// # Errors
/// Everything that is wrong with it, by field.
pub fn check(draft: &Draft, rules: &Rules, vocabulary: Vocabulary<'_>, now: Timestamp) -> Result<Trigger, Vec<Fault>> {
    let mut faults = Vec::new();
    let stages = Names::of_lever("stage", vocabulary.stages);
    let stage = one(Field::Stage, "name a stage of Lever", &stages, &draft.stage, &mut faults);
    let vendor = rules.vendor(draft.vendor.trim());
    if vendor.is_none() {
        faults.push(Fault::new(Field::Vendor, "choose a vendor of this organization"));
    }
    let test = draft.default_test.trim();
    let default_test = vendor
        .filter(|_| !test.is_empty())
        .and_then(|vendor| one(Field::DefaultTest, "", &vocabulary.of(vendor), test, &mut faults));
    let thresholds = judged_by(draft, vendor).map_err(|wrong| faults.extend(wrong)).unwrap_or_default();
    let names = Names::of_lever("posting", vocabulary.postings);
    let mut postings: Vec<Reference> = Vec::new();
    for written in draft.postings.iter().filter(|p| !p.trim().is_empty()) {
        let found = one(Field::Postings, "", &names, written, &mut faults);
        postings.extend(found.filter(|f| !postings.iter().any(|p| p.id == f.id)));
    }
    let cooldown = match draft.cooldown.trim() {
        "" => None,
        text => parse_cooldown(text).map_err(|s| faults.push(Fault::new(Field::Cooldown, s))).ok(),
    };
    faults.extend(vendor.and_then(|v| repeat(v, cooldown)));
    match (stage, vendor) {
        (Some(stage), Some(vendor)) if faults.is_empty() => Ok(Trigger {
            stage,
            vendor: vendor.id.clone(),
            default_test,
            thresholds,
            postings,
            cooldown,
            off: false,
            active_since: now,
        }),
        _ => Err(faults),
    }
}

/// What `written` names, written the way the organization's file would.
fn one(field: Field, blank: &str, names: &Names<'_>, written: &str, faults: &mut Vec<Fault>) -> Option<Reference> {
    let written = written.trim();
    if written.is_empty() {
        faults.push(Fault::new(field, blank));
        return None;
    }
    match names.find(written) {
        Ok(found) => Some(Reference { written: names.word(&found.id), ..found }),
        Err(sentence) => {
            faults.push(Fault::new(field, sentence));
            None
        }
    }
}
