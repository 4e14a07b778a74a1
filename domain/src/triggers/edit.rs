//! Changes of an organization's rows, each from one version of the rules to the next.

use super::checks::overlaps;
use super::{Fault, RowKey};
use crate::Timestamp;
use crate::rules::{Rules, Trigger};

/// Since when a row of the next rules is active. Who was in the care of a row that was on goes on where that one was; for
/// everyone else, and after it was off, only who enters from `now` on is invited.
pub fn active_since(previous: Option<&Rules>, row: &Trigger, now: Timestamp) -> Timestamp {
    let rows = || previous.into_iter().flat_map(|p| &p.triggers).filter(|t| t.covered(row));
    // The row that names the posting spoke for it, on or off.
    let before = rows().find(|t| !t.postings.is_empty()).or_else(|| rows().next());
    before.filter(|t| !t.off || row.off).map_or(now, |t| t.active_since)
}

/// Adds a row, or puts it in the place of the one at `place`. Whether that one is off stays as it is.
///
/// # Errors
/// Another row speaks for the same posting.
pub fn put(rules: &Rules, place: Option<usize>, mut row: Trigger, now: Timestamp) -> Result<Rules, Vec<Fault>> {
    let mut next = rules.clone();
    row.off = place.is_some_and(|n| rules.triggers[n].off);
    row.active_since = active_since(Some(rules), &row, now);
    match place {
        Some(n) => next.triggers[n] = row,
        None => next.triggers.push(row),
    }
    let faults: Vec<Fault> = overlaps(&next.triggers).into_iter().map(|(_, fault)| fault).collect();
    if faults.is_empty() { Ok(next) } else { Err(faults) }
}

/// Takes a row away.
pub fn remove(rules: &Rules, key: &RowKey) -> Option<Rules> {
    let n = key.find(rules)?;
    let mut next = rules.clone();
    next.triggers.remove(n);
    Some(next)
}

/// Switches a row on, from `now`, or off. One that is so already stays as it is.
pub fn switch(rules: &Rules, key: &RowKey, on: bool, now: Timestamp) -> Option<Rules> {
    let n = key.find(rules)?;
    let mut next = rules.clone();
    let row = &mut next.triggers[n];
    if on && row.off {
        row.active_since = now;
    }
    row.off = !on;
    Some(next)
}

/// The rows as they were, as if the change had not been: who came meanwhile is invited then.
///
/// # Errors
/// Something else than rows differs, so that the old rows may not fit any more.
pub fn restore(rules: &Rules, before: &Rules) -> Result<Rules, String> {
    if before.vendors != rules.vendors || before.lever != rules.lever {
        return Err("more than the trigger stages was changed meanwhile; change the rows by hand".to_owned());
    }
    Ok(Rules { triggers: before.triggers.clone(), ..rules.clone() })
}

/// An earlier version put in force again. How Lever is reached stays as it is now, and who stood in a stage while its row was
/// not in force is not invited by that alone.
pub fn put_back(now_in_force: &Rules, earlier: Rules, now: Timestamp) -> Rules {
    let again = |row: Trigger| Trigger { active_since: active_since(Some(now_in_force), &row, now), ..row };
    Rules {
        slug: now_in_force.slug.clone(),
        lever: now_in_force.lever.clone(),
        triggers: earlier.triggers.into_iter().map(again).collect(),
        ..earlier
    }
}
