//! Names that people write become ids of a remote.

use crate::invitation::Test;
use crate::near::nearest;
use crate::opportunity::Named;
use crate::rules::{Contract, Reference, Vendor};

/// The things of one kind that a remote has.
#[derive(Clone, Debug)]
pub struct Names<'a> {
    noun: &'static str,
    remote: &'a str,
    known: Vec<(&'a str, &'a str)>,
    by_id_only: bool,
}

impl<'a> Names<'a> {
    /// Stages or postings of Lever.
    pub fn of_lever(noun: &'static str, known: &'a [Named]) -> Self {
        let known = known.iter().map(|n| (n.id.as_str(), n.name.as_str())).collect();
        Self { noun, remote: "Lever", known, by_id_only: false }
    }

    /// The tests a vendor offers; retired ones are none. Pymetrics' names are not unique by contract, so its tests go by id.
    pub fn of_vendor(vendor: &'a Vendor, tests: impl IntoIterator<Item = &'a Test>) -> Self {
        let known = tests.into_iter().filter(|t| !t.retired).map(|t| (t.id.as_str(), t.name.as_str())).collect();
        let by_id_only = matches!(vendor.contract, Contract::Pymetrics { .. });
        Self { noun: "test", remote: &vendor.name, known, by_id_only }
    }

    /// What `written` stands for: an id goes before a name that looks like one.
    ///
    /// # Errors
    /// A sentence: there is none, or more than one.
    pub fn find(&self, written: &str) -> Result<Reference, String> {
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

    /// How to write the thing of that id: by its present name where that is enough.
    pub fn word(&self, id: &str) -> String {
        let name = self.known.iter().find(|(known, _)| *known == id).map(|(_, name)| *name);
        let plain = name.filter(|name| self.find(name).is_ok_and(|found| found.id == id));
        plain.unwrap_or(id).to_owned()
    }

    /// Everything there is: how to write it, and its name.
    pub fn all(&self) -> Vec<(String, String)> {
        self.known.iter().map(|(id, name)| (self.word(id), (*name).to_owned())).collect()
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
