//! Names of a file become ids of the remotes. Nothing is asked here: the vocabularies come in as values.

use std::collections::BTreeMap;

use domain::Timestamp;
use domain::invitation::Test;
use domain::near::nearest;
use domain::opportunity::Named;
use domain::rules::{Contract, Reference, Rules, Trigger};

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
        let before = previous.and_then(|p| p.triggers.iter().find(|t| t.covered(trigger)));
        trigger.active_since = before.map_or(now, |t| t.active_since);
    }
    let file = parsed.file.clone();
    Ok(Rules {
        slug: file.slug,
        name: file.name,
        timezone: file.timezone,
        lever: file.lever,
        vendors: file.vendors,
        triggers,
    })
}

struct Resolver<'a> {
    parsed: &'a Parsed,
    vocabulary: &'a Vocabulary,
    refusals: Vec<Refusal>,
}

/// One kind of thing that can be named.
struct Kind<'a> {
    noun: &'static str,
    remote: &'a str,
    known: Vec<(&'a str, &'a str)>,
    by_id_only: bool,
}

impl<'a> Kind<'a> {
    fn lever(noun: &'static str, known: &'a [Named]) -> Self {
        let known = known.iter().map(|n| (n.id.as_str(), n.name.as_str())).collect();
        Self { noun, remote: "Lever", known, by_id_only: false }
    }

    /// An id goes before a name that looks like one.
    fn find(&self, written: &str) -> Result<Reference, String> {
        let reference = |(id, name): &(&str, &str)| Reference {
            id: (*id).to_owned(),
            written: written.to_owned(),
            name: (*name).to_owned(),
        };
        if let Some(found) = self.known.iter().find(|(id, _)| *id == written) {
            return Ok(reference(found));
        }
        let named: Vec<_> = self.known.iter().filter(|(_, name)| *name == written).collect();
        let ids = || named.iter().map(|(id, _)| *id).collect::<Vec<_>>().join(", ");
        match named.as_slice() {
            [] => Err(self.unknown(written)),
            _ if self.by_id_only => Err(format!("a {} of {} is named by its id: {}", self.noun, self.remote, ids())),
            [one] => Ok(reference(one)),
            _ => Err(format!(
                "{} has {} {}s called {written:?}; use the id: {}",
                self.remote,
                named.len(),
                self.noun,
                ids()
            )),
        }
    }

    fn unknown(&self, written: &str) -> String {
        let words: Vec<&str> =
            self.known.iter().flat_map(|(id, name)| if self.by_id_only { [*id, *id] } else { [*name, *id] }).collect();
        let near = nearest(written, words);
        let hint = if !near.is_empty() {
            let quoted: Vec<String> = near.iter().map(|n| format!("{n:?}")).collect();
            format!("did you mean {}?", quoted.join(" or "))
        } else if self.known.is_empty() {
            "it has none".to_owned()
        } else {
            let all = self.known.iter().take(10).map(|(id, name)| format!("{name:?} ({id})"));
            format!("it has {}", all.collect::<Vec<_>>().join(", "))
        };
        format!("{} has no {} {written:?}; {hint}", self.remote, self.noun)
    }
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

    fn find(&mut self, path: &str, kind: &Kind<'_>, written: &str) -> Option<Reference> {
        kind.find(written).map_err(|what| self.refuse(path, &what)).ok()
    }

    /// Looks every name of the row up before it gives up.
    fn row(&mut self, n: usize, row: &Row, now: Timestamp) -> Option<Trigger> {
        let vocabulary = self.vocabulary;
        let path = format!("trigger_stage.{n}");
        let stage = self.find(&format!("{path}.stage"), &Kind::lever("stage", &vocabulary.stages), &row.stage);
        let test = row.default_test.as_ref().map(|t| self.test(&format!("{path}.default_test"), &row.vendor, t));
        let kind = Kind::lever("posting", &vocabulary.postings);
        let written = row.postings.iter().enumerate();
        let postings: Vec<Option<Reference>> =
            written.map(|(p, posting)| self.find(&format!("{path}.postings.{p}"), &kind, posting)).collect();
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
            active_since: now,
        })
    }

    fn test(&mut self, path: &str, vendor: &str, written: &str) -> Option<Reference> {
        let vocabulary = self.vocabulary;
        let vendor = self.parsed.file.vendors.iter().find(|v| v.id == vendor)?;
        let tests = vocabulary.tests.get(&vendor.id).map_or(&[][..], Vec::as_slice);
        let known = tests.iter().filter(|t| !t.retired).map(|t| (t.id.as_str(), t.name.as_str())).collect();
        let by_id_only = matches!(vendor.contract, Contract::Pymetrics { .. });
        self.find(path, &Kind { noun: "test", remote: &vendor.name, known, by_id_only }, written)
    }

    /// Two rows of one stage and vendor must not both speak for the same posting.
    fn overlaps(&mut self, triggers: &[Trigger]) {
        if !self.refusals.is_empty() {
            return;
        }
        for (n, row) in triggers.iter().enumerate() {
            let same = |t: &&Trigger| t.stage.id == row.stage.id && t.vendor == row.vendor;
            let earlier = triggers[..n].iter().filter(same);
            let clash = earlier.into_iter().find_map(|t| match (t.postings.is_empty(), row.postings.is_empty()) {
                (true, true) => Some("all postings".to_owned()),
                _ => row.postings.iter().find(|p| t.postings.iter().any(|q| q.id == p.id)).map(|p| p.name.clone()),
            });
            if let Some(posting) = clash {
                let what = format!(
                    "an earlier row has the same stage and vendor for {posting}; leave one, or name different postings"
                );
                self.refuse(&format!("trigger_stage.{n}"), &what);
            }
        }
    }
}

#[cfg(test)]
mod tests;
