//! When things happen: on working days and in working hours, mostly.

use std::time::Duration;

use domain::Timestamp;

use super::dice::Dice;

const MINUTE: u64 = 60;
const DAY: u64 = 86_400;

/// An instant in the `days` before `now`: five weekends' worth of quiet in every seven, and the middle of the day the busiest.
pub(super) fn moment(dice: &mut Dice, now: Timestamp, days: u64) -> Timestamp {
    let span = days.max(1) * DAY;
    loop {
        let at = now.minus(Duration::from_secs(1 + dice.below(span - 1)));
        let sides = if is_weekend(at) { 80 } else { 1_000 } * busy(at) / 1_000;
        if dice.per_mille(sides) {
            return at.plus(Duration::from_millis(dice.below(1_000)));
        }
    }
}

/// 1970-01-01 was a Thursday.
fn is_weekend(at: Timestamp) -> bool {
    matches!(domain::read::day_of(at).rem_euclid(7), 2 | 3)
}

/// Out of a thousand, by the hour in UTC.
fn busy(at: Timestamp) -> u64 {
    let hour = at.as_millis().div_euclid(3_600_000).rem_euclid(24);
    match hour {
        9..=16 => 1_000,
        7 | 8 | 17 | 18 => 600,
        6 | 19..=21 => 200,
        _ => 40,
    }
}

/// Some minutes after an instant.
pub(super) fn minutes_after(dice: &mut Dice, at: Timestamp, from: u64, to: u64) -> Timestamp {
    let seconds = from * MINUTE + dice.below((to - from) * MINUTE);
    at.plus(Duration::from_secs(seconds))
}
