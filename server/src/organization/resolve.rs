//! Names of a file become ids of the remotes. Nothing is asked here: the vocabularies come in as values.

use std::collections::BTreeMap;

use domain::Timestamp;
use domain::invitation::Test;
use domain::opportunity::Named;
use domain::rules::{LeverConnection, Reference, Rules, Trigger};
use domain::triggers::{self, Names};

use super::file::{Parsed, Row};
use super::walk::{Lines, Refusal};

/// What the remotes have, as read while applying.
#[derive(Clone, Debug, Default)]
pub struct Vocabulary {
    /// Lever's stages.
    pub stages: Vec<Named>,
    /// Lever's postings.
    pub postings: Vec<Named>,
    /// The user of `perform_as`, if there is an active one.
    pub user: Option<Named>,
    /// Tests by vendor id.
    pub tests: BTreeMap<String, Vec<Test>>,
}

/// Turns a file into rules. A row that was there before keeps the instant it became active; a new one begins `now`.
///
/// # Errors
/// Every name the remotes do not have, or have more than once.
pub fn resolve(
    parsed: &Parsed,
    vocabulary: &Vocabulary,
    previous: Option<&Rules>,
    now: Timestamp,
) -> Result<Rules, Vec<Refusal>> {
    let mut resolver = Resolver { parsed, vocabulary, refusals: Vec::new() };
    resolver.user();
    let rows = parsed.file.triggers.iter().enumerate();
    let mut triggers: Vec<Trigger> = rows.filter_map(|(n, row)| resolver.row(n, row, now)).collect();
    resolver.overlaps(&triggers);
    if !resolver.refusals.is_empty() {
        resolver.refusals.sort_by_key(|r| r.line);
        return Err(resolver.refusals);
    }
    for trigger in &mut triggers {
        trigger.active_since = triggers::active_since(previous, trigger, now);
    }
    let file = parsed.file.clone();
    Ok(Rules {
        slug: file.slug,
        name: file.name,
        timezone: file.timezone,
        lever: LeverConnection {
            perform_as_name: vocabulary.user.as_ref().map(|u| u.name.clone()).unwrap_or_default(),
            ..file.lever
        },
        vendors: file.vendors,
        triggers,
    })
}

struct Resolver<'a> {
    parsed: &'a Parsed,
    vocabulary: &'a Vocabulary,
    refusals: Vec<Refusal>,
}

impl Resolver<'_> {
    fn lines(&self) -> &Lines {
        &self.parsed.lines
    }

    fn refuse(&mut self, path: &str, what: &str) {
        self.refusals.push(self.lines().refuse(path, format!("{path}: {what}")));
    }

    fn user(&mut self) {
        if self.vocabulary.user.is_none() {
            let id = &self.parsed.file.lever.perform_as;
            let what = format!("Lever has no active user with the id {id:?}; copy the id of an active user");
            self.refuse("lever.perform_as", &what);
        }
    }

    fn find(&mut self, path: &str, names: &Names<'_>, written: &str) -> Option<Reference> {
        names.find(written).map_err(|what| self.refuse(path, &what)).ok()
    }

    /// Looks every name of the row up before it gives up.
    fn row(&mut self, n: usize, row: &Row, now: Timestamp) -> Option<Trigger> {
        let vocabulary = self.vocabulary;
        let path = format!("trigger_stage.{n}");
        let stage = self.find(&format!("{path}.stage"), &Names::of_lever("stage", &vocabulary.stages), &row.stage);
        let test = row.default_test.as_ref().map(|t| self.test(&format!("{path}.default_test"), &row.vendor, t));
        let names = Names::of_lever("posting", &vocabulary.postings);
        let written = row.postings.iter().enumerate();
        let postings: Vec<Option<Reference>> =
            written.map(|(p, posting)| self.find(&format!("{path}.postings.{p}"), &names, posting)).collect();
        Some(Trigger {
            stage: stage?,
            vendor: row.vendor.clone(),
            default_test: match test {
                Some(found) => Some(found?),
                None => None,
            },
            thresholds: row.thresholds.clone(),
            postings: postings.into_iter().collect::<Option<_>>()?,
            cooldown: row.cooldown,
            off: row.off,
            active_since: now,
        })
    }

    fn test(&mut self, path: &str, vendor: &str, written: &str) -> Option<Reference> {
        let vocabulary = self.vocabulary;
        let vendor = self.parsed.file.vendors.iter().find(|v| v.id == vendor)?;
        let tests = vocabulary.tests.get(&vendor.id).map_or(&[][..], Vec::as_slice);
        self.find(path, &Names::of_vendor(vendor, tests), written)
    }

    /// Two rows of one stage and vendor must not both speak for the same posting.
    fn overlaps(&mut self, rows: &[Trigger]) {
        if !self.refusals.is_empty() {
            return;
        }
        for (n, fault) in triggers::overlaps(rows) {
            self.refuse(&format!("trigger_stage.{n}"), &fault.sentence);
        }
    }
}

#[cfg(test)]
mod tests;
