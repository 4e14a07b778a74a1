//! Dates of birth. Impossible ones are kept as they are: a slip of the keys makes them, and they still resemble the true one.

use super::person::Level;
use super::text;

/// A date of birth as digits, whether or not the calendar has such a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct BirthDate {
    /// `YYYYMMDD`.
    digits: [u8; 8],
}

/// Days that stand for "unknown" in many systems.
const PLACEHOLDERS: [&str; 6] = ["00000000", "00010101", "11111111", "19000101", "99991231", "99999999"];

/// Years between a parent and a child, at least.
const GENERATION: u16 = 15;

impl BirthDate {
    /// Reads `YYYY-MM-DD`, `YYYYMMDD`, and `DD.MM.YYYY` or `MM/DD/YYYY` in either order (an exchanged day and month is found
    /// when comparing). Nothing for anything else and for placeholders.
    pub fn parse(raw: &str) -> Option<Self> {
        if text::is_too_long(raw) {
            return None;
        }
        let folded = text::fold(raw.split('T').next().unwrap_or(raw));
        let groups: Vec<&str> = folded.split(' ').collect();
        let joined = match groups[..] {
            [all] if all.len() == 8 => all.to_owned(),
            [year, month, day] if year.len() == 4 => format!("{year}{month:0>2}{day:0>2}"),
            [day, month, year] if year.len() == 4 => {
                // Above twelve it can only be the day.
                let (day, month) = if is_day(month) && !is_day(day) { (month, day) } else { (day, month) };
                format!("{year}{month:0>2}{day:0>2}")
            }
            _ => return None,
        };
        let digits: [u8; 8] = joined.as_bytes().try_into().ok()?;
        let is_known = digits.iter().all(u8::is_ascii_digit) && !PLACEHOLDERS.contains(&joined.as_str());
        is_known.then_some(Self { digits })
    }

    /// The digits as text, `YYYYMMDD`.
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.digits).unwrap_or_default()
    }

    fn year(&self) -> u16 {
        self.as_str()[..4].parse().unwrap_or_default()
    }

    fn parts(&self) -> (&[u8], &[u8], &[u8]) {
        (&self.digits[..4], &self.digits[4..6], &self.digits[6..])
    }

    /// How far two dates agree.
    pub fn agree(&self, other: &Self) -> Level {
        if self == other {
            return Level::Same;
        }
        let ((y, m, d), (oy, om, od)) = (self.parts(), other.parts());
        if y == oy && m == od && d == om {
            return Level::Rewritten;
        }
        let is_other_generation = self.year().abs_diff(other.year()) >= GENERATION;
        // Another generation is more often a parent and a child than two slips.
        let is_birthday_of_child = is_other_generation && m == om && d == od;
        match text::slips(self.as_str(), other.as_str(), 2) {
            Some(1) if !is_birthday_of_child => Level::Typo,
            Some(1) => Level::Different,
            _ if y == oy && (m == om || d == od) => Level::Part,
            _ if is_other_generation => Level::Different,
            Some(_) => Level::Similar,
            None if m == om && d == od => Level::Similar,
            None => Level::Different,
        }
    }
}

fn is_day(digits: &str) -> bool {
    digits.parse::<u8>().is_ok_and(|n| n > 12)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date(raw: &str) -> BirthDate {
        BirthDate::parse(raw).unwrap()
    }

    #[test]
    fn dates_are_read_in_their_usual_forms() {
        for raw in ["1985-03-27", "19850327", "27.03.1985", "3/27/1985", "27/3/1985", "1985-03-27T00:00:00Z"] {
            assert_eq!(date(raw).as_str(), "19850327", "{raw}");
        }
        assert_eq!(date("1985-13-41").as_str(), "19851341", "impossible, and kept");
        for raw in ["", "1900-01-01", "00000000", "soon", "1985", "85-1-1", "👶", "1985-03-27-01"] {
            assert_eq!(BirthDate::parse(raw), None, "{raw:?}");
        }
    }

    #[test]
    fn dates_agree_by_level() {
        for (a, b, level) in [
            ("1985-03-27", "1985-03-27", Level::Same),
            ("1985-03-07", "1985-07-03", Level::Rewritten),
            ("1985-03-27", "1985-03-26", Level::Typo),
            ("1985-03-27", "1958-03-27", Level::Different),
            ("1985-03-27", "1986-03-27", Level::Typo),
            ("1985-03-27", "1985-03-11", Level::Part),
            ("1985-03-27", "1984-04-27", Level::Similar),
            ("1985-03-27", "1974-03-27", Level::Similar),
            ("1985-03-27", "2013-03-27", Level::Different),
            ("1985-03-27", "1961-11-02", Level::Different),
        ] {
            assert_eq!(date(a).agree(&date(b)), level, "{a} {b}");
            assert_eq!(date(b).agree(&date(a)), level, "{b} {a}");
        }
    }
}
