//! Trigger stages as people write and change them: what is typed becomes a row or a sentence per field. The organization's
//! file and the page share these checks.

mod checks;
mod draft;
mod edit;
mod names;
mod nearly;
#[cfg(test)]
mod tests;

pub use checks::{overlaps, parse_cooldown, repeat, thresholds};
pub use draft::{Draft, Vocabulary, check, judged_by};
pub use edit::{active_since, put, put_back, remove, restore, switch};
pub use names::Names;
pub use nearly::{NearlyPosting, nearly_postings};

use serde::{Deserialize, Serialize};

use crate::rules::{Rules, Trigger};

/// A setting of a row; the name is that of the organization's file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Field {
    /// The stage.
    Stage,
    /// The vendor.
    Vendor,
    /// The default test.
    DefaultTest,
    /// The pass threshold.
    PassAt,
    /// The fail threshold.
    FailAt,
    /// Bands that pass.
    PassBands,
    /// Bands that fail.
    FailBands,
    /// The postings.
    Postings,
    /// The cooldown.
    Cooldown,
}

impl Field {
    /// The key in the organization's file and the name of the form's field.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Stage => "stage",
            Self::Vendor => "vendor",
            Self::DefaultTest => "default_test",
            Self::PassAt => "pass_at",
            Self::FailAt => "fail_at",
            Self::PassBands => "pass_bands",
            Self::FailBands => "fail_bands",
            Self::Postings => "postings",
            Self::Cooldown => "cooldown",
        }
    }
}

/// What is wrong with one setting, and what to do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fault {
    /// Which.
    pub field: Field,
    /// A sentence without the full stop; the next step is in it.
    pub sentence: String,
}

impl Fault {
    pub(super) fn new(field: Field, sentence: impl Into<String>) -> Self {
        Self { field, sentence: sentence.into() }
    }
}

/// Names one row of an organization across versions of the rules. Rows of one stage and vendor never share a posting, so any
/// posting of a row tells it from the others.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RowKey {
    /// Stage id.
    pub stage: String,
    /// Vendor id.
    pub vendor: String,
    /// One of the row's postings; `None`: the row for all postings.
    pub posting: Option<String>,
}

impl RowKey {
    /// The key of a row.
    pub fn of(row: &Trigger) -> Self {
        let posting = row.postings.first().map(|p| p.id.clone());
        Self { stage: row.stage.id.clone(), vendor: row.vendor.clone(), posting }
    }

    /// As one word of an address: `stage~vendor` or `stage~vendor~posting`.
    pub fn to_word(&self) -> String {
        let posting = self.posting.iter().map(|p| format!("~{p}"));
        format!("{}~{}{}", self.stage, self.vendor, posting.collect::<String>())
    }

    /// Reads [`RowKey::to_word`].
    pub fn parse(word: &str) -> Option<Self> {
        let mut parts = word.splitn(3, '~');
        let (stage, vendor) = (parts.next()?, parts.next()?);
        let posting = parts.next();
        if stage.is_empty() || vendor.is_empty() || posting == Some("") {
            return None;
        }
        Some(Self { stage: stage.into(), vendor: vendor.into(), posting: posting.map(str::to_owned) })
    }

    /// Where the row is in these rules.
    pub fn find(&self, rules: &Rules) -> Option<usize> {
        rules.triggers.iter().position(|t| {
            let same = t.stage.id == self.stage && t.vendor == self.vendor;
            same && match &self.posting {
                None => t.postings.is_empty(),
                Some(posting) => t.postings.iter().any(|p| p.id == *posting),
            }
        })
    }
}
