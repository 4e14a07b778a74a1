//! The health of organizations in the words, colours and shapes of pages.

use std::time::Duration;

use domain::health::{Health, State};
use domain::words;

use crate::ui::{StripCell, Tone};
use crate::when::when;

/// The colour of a state.
pub const fn tone(state: State) -> Tone {
    match state {
        State::Healthy => Tone::Ok,
        State::SettingUp => Tone::Info,
        State::Paused => Tone::Idle,
        State::Degraded => Tone::Warn,
        State::Failing => Tone::Bad,
    }
}

/// How things stand, with instants in the reader's zone, or in `zone`.
pub fn sentence(health: &Health, zone: &str) -> String {
    words::health_for(health, &|at| when(at, zone).words)
}

/// The colour of an hour in which `of` deliveries came and `failed` of them were not accepted.
pub const fn hour(failed: i64, of: i64) -> Tone {
    match (failed, of) {
        (_, 0) => Tone::Idle,
        (0, _) => Tone::Ok,
        (failed, of) if failed * 2 >= of => Tone::Bad,
        _ => Tone::Warn,
    }
}

/// The last 24 hours as a strip, the present hour last.
pub fn day(deliveries: &[i64; 24], failed: &[i64; 24]) -> Vec<StripCell> {
    let cell = |(n, (of, failed)): (usize, (&i64, &i64))| {
        let ago = match 23 - n {
            0 => "last hour".to_owned(),
            hours => format!("{hours} to {} h ago", hours + 1),
        };
        let what = match (*failed, *of) {
            (_, 0) => "nothing came".to_owned(),
            (0, 1) => "1 delivery".to_owned(),
            (0, of) => format!("{of} deliveries"),
            (failed, of) => format!("{failed} of {of} deliveries not accepted"),
        };
        StripCell { tone: hour(*failed, *of), words: format!("{ago}: {what}") }
    };
    deliveries.iter().zip(failed).enumerate().map(cell).collect()
}

/// The failed share of a day's deliveries: `2 % of 150`.
pub fn share(failed: i64, of: i64) -> String {
    match (failed, of) {
        (_, 0) => "none came".to_owned(),
        (0, of) => format!("0 of {of}"),
        // A few of many are more than none.
        (failed, of) if failed * 100 < of => format!("under 1 % of {of}"),
        // Most are fewer than all.
        (failed, of) => format!("{} % of {of}", percent(failed, of).clamp(1, if failed < of { 99 } else { 100 })),
    }
}

/// A share in whole percent, rounded.
pub fn percent(part: i64, of: i64) -> i64 {
    (part * 200 + of) / (of * 2)
}

/// How much waits, and for how long already.
pub fn backlog(waiting: i64, oldest: Option<Duration>) -> String {
    match oldest.filter(|_| waiting > 0) {
        Some(age) => format!("{waiting}, oldest {}", words::age(age)),
        None => waiting.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_hour_is_as_bad_as_its_share_of_failures() {
        for (failed, of, expected) in
            [(0, 0, Tone::Idle), (0, 4, Tone::Ok), (1, 4, Tone::Warn), (2, 4, Tone::Bad), (4, 4, Tone::Bad)]
        {
            assert_eq!(hour(failed, of), expected, "{failed} of {of}");
        }
    }

    #[test]
    fn a_day_ends_with_the_present_hour() {
        let (mut deliveries, mut failed) = ([0; 24], [0; 24]);
        (deliveries[23], deliveries[22], failed[22], deliveries[0]) = (1, 9, 2, 3);
        let cells = day(&deliveries, &failed);
        assert_eq!((cells.len(), cells[23].words.as_str()), (24, "last hour: 1 delivery"));
        assert_eq!(
            (cells[22].tone, cells[22].words.as_str()),
            (Tone::Warn, "1 to 2 h ago: 2 of 9 deliveries not accepted")
        );
        assert_eq!(cells[0].words, "23 to 24 h ago: 3 deliveries");
        assert_eq!(cells[1].words, "22 to 23 h ago: nothing came");
    }

    #[test]
    fn shares_and_backlogs_say_how_much() {
        assert_eq!([share(0, 0), share(0, 7), share(1, 200)], ["none came", "0 of 7", "under 1 % of 200"]);
        assert_eq!(share(3, 150), "2 % of 150");
        assert_eq!([share(2, 3), share(1, 3), share(999, 1_000)], ["67 % of 3", "33 % of 3", "99 % of 1000"]);
        assert_eq!(backlog(0, Some(Duration::from_mins(3))), "0");
        assert_eq!(backlog(4, Some(Duration::from_mins(3))), "4, oldest 3 min");
    }
}
