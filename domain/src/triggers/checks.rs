//! What must hold for a row wherever it was written.

use std::time::Duration;

use super::{Fault, Field};
use crate::outcome::Thresholds;
use crate::rules::{Contract, Trigger, Vendor, parse_duration};

/// What is wrong with thresholds on a vendor's scale. `fail < pass` is enforced on entry, because both ends are inclusive
/// and a score must not be both.
pub fn thresholds(by: &Thresholds, scale: Option<(f64, f64)>) -> Vec<Fault> {
    let mut faults = Vec::new();
    if let (Some(pass), Some(fail)) = (by.pass_at, by.fail_at)
        && fail >= pass
    {
        let sentence = format!("{fail} must be below the pass threshold, which is {pass}; lower it or raise that one");
        faults.push(Fault::new(Field::FailAt, sentence));
    }
    for (field, at) in [(Field::PassAt, by.pass_at), (Field::FailAt, by.fail_at)] {
        if let (Some(at), Some((low, high))) = (at, scale)
            && !(low..=high).contains(&at)
        {
            let sentence = format!("{at} is outside the vendor's scale of {low} to {high}; choose a number in it");
            faults.push(Fault::new(field, sentence));
        }
    }
    for band in by.fail_bands.iter().filter(|b| by.pass_bands.contains(b)) {
        let sentence = format!("{band:?} is among the bands that pass, too; leave it in one of them");
        faults.push(Fault::new(Field::FailBands, sentence));
    }
    faults
}

/// Parses the time after which the same test may be sent again.
///
/// # Errors
/// A sentence that says what to write.
pub fn parse_cooldown(text: &str) -> Result<Duration, String> {
    let span = parse_duration(text)?;
    if span.is_zero() { Err("no time at all is no cooldown; write it as 180d".to_owned()) } else { Ok(span) }
}

/// Whether the vendor can send the same test again. Pymetrics knows an order by person, test and application: a second one is
/// the first, with its old result.
pub fn repeat(vendor: &Vendor, cooldown: Option<Duration>) -> Option<Fault> {
    let refused = cooldown.is_some() && matches!(vendor.contract, Contract::Pymetrics { .. });
    refused.then(|| {
        Fault::new(Field::Cooldown, "sending the same test again is not available yet with pymetrics; remove it")
    })
}

/// Rows of which an earlier one has the same stage and vendor and speaks for the same posting: where they are and why.
pub fn overlaps(rows: &[Trigger]) -> Vec<(usize, Fault)> {
    let clash = |n: usize, row: &Trigger| {
        let same = |t: &&Trigger| t.stage.id == row.stage.id && t.vendor == row.vendor;
        rows[..n].iter().filter(same).find_map(|t| match (t.postings.is_empty(), row.postings.is_empty()) {
            (true, true) => Some("all postings".to_owned()),
            _ => row.postings.iter().find(|p| t.postings.iter().any(|q| q.id == p.id)).map(|p| p.name.clone()),
        })
    };
    let found = rows.iter().enumerate().filter_map(|(n, row)| Some((n, clash(n, row)?)));
    let fault = |posting: String| {
        let sentence = format!(
            "an earlier row has the same stage and vendor for {posting}; leave one, or name different postings"
        );
        Fault::new(Field::Postings, sentence)
    };
    found.map(|(n, posting)| (n, fault(posting))).collect()
}
