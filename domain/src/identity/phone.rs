//! Telephone numbers as E.164, as far as the digits tell.
//!
//! A crate with every numbering plan of the world weighs more than the client bundle may; what matching needs is less: the same
//! subscriber written with and without country code, trunk zero and decoration. So the digits are read by rule, and a number
//! whose country is not known agrees by its last digits.

use super::country;
use super::person::Level;
use super::text;

/// Fewer digits are an extension or a slip, no subscriber (E.164 has at most fifteen).
const FEWEST: usize = 7;
const MOST: usize = 15;
/// National numbers of different countries rarely share so many last digits.
const TELLING: usize = 9;

/// One telephone number.
#[derive(Clone, PartialEq, Eq)]
pub struct Phone {
    /// International digits without `+`, or national ones.
    digits: Box<str>,
    is_international: bool,
}

impl std::fmt::Debug for Phone {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("[personal]")
    }
}

impl Phone {
    /// Reads a number; `country` is the ISO code of the person's country, or empty. Nothing for what has too few or too many
    /// digits, or is one digit repeated.
    pub fn parse(raw: &str, country: &str) -> Option<Self> {
        if text::is_too_long(raw) {
            return None;
        }
        // Full-width and Arabic digits are digits too.
        let latin = if raw.is_ascii() { raw.to_lowercase() } else { deunicode::deunicode(raw).to_lowercase() };
        let main = latin.split(['x', 'e', ';', '#']).next().unwrap_or_default();
        let is_plus = main.trim_start_matches(|c: char| !c.is_ascii_digit() && c != '+').starts_with('+');
        // +44 (0)20: the zero in brackets is for callers inside the country.
        let main = if is_plus { main.replace("(0)", "") } else { main.to_owned() };
        let digits: String = main.chars().filter(char::is_ascii_digit).collect();
        let (digits, is_international) = international(&digits, is_plus, country);
        let is_number =
            (FEWEST..=MOST).contains(&digits.len()) && digits.bytes().any(|b| Some(&b) != digits.as_bytes().first());
        is_number.then(|| Self { digits: digits.into(), is_international })
    }

    /// As E.164, or the national digits where the country is not known.
    #[cfg(test)]
    fn to_text(&self) -> String {
        if self.is_international { format!("+{}", self.digits) } else { self.digits.to_string() }
    }

    /// The last digits: equal for one subscriber, however the beginning is written.
    pub fn ending(&self) -> &str {
        &self.digits[self.digits.len().saturating_sub(TELLING)..]
    }

    /// How far two numbers agree.
    pub fn agree(&self, other: &Self) -> Level {
        if self == other {
            return Level::Same;
        }
        let (short, long) = if self.digits.len() <= other.digits.len() { (self, other) } else { (other, self) };
        let is_tail = short.digits.len() >= FEWEST && long.digits.ends_with(&*short.digits);
        if is_tail && !(self.is_international && other.is_international) {
            return Level::Rewritten;
        }
        if short.digits.len() > TELLING && text::slips(&self.digits, &other.digits, 1).is_some() {
            return Level::Typo;
        }
        Level::Different
    }
}

fn international(digits: &str, is_plus: bool, country: &str) -> (String, bool) {
    if is_plus {
        return (without_trunk(digits), true);
    }
    if let Some(rest) = digits.strip_prefix("00") {
        return (without_trunk(rest), true);
    }
    let Some((code, trunk)) = country::dialling(country) else {
        // A trunk zero is no part of the number.
        return (digits.strip_prefix('0').unwrap_or(digits).to_owned(), false);
    };
    let is_with_code = digits.starts_with(code) && digits.len() >= code.len() + 9 && trunk != code;
    if is_with_code {
        return (without_trunk(digits), true);
    }
    let national = digits.strip_prefix(trunk).unwrap_or(digits);
    (format!("{code}{national}"), true)
}

/// +49 0171 is written by people who forget that the zero goes.
fn without_trunk(digits: &str) -> String {
    match country::of_digits(digits) {
        Some((code, "0")) if digits[code.len()..].starts_with('0') => format!("{code}{}", &digits[code.len() + 1..]),
        _ => digits.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_become_e164() {
        for (raw, country, text) in [
            ("+49 171 1234567", "", "+491711234567"),
            ("0049 (0)171/123-45-67", "", "+491711234567"),
            ("0171 1234567", "de", "+491711234567"),
            ("+44 (0)20 7946 0018", "", "+442079460018"),
            ("+49 0171 1234567", "", "+491711234567"),
            ("(415) 555-0132 x 12", "us", "+14155550132"),
            ("1-415-555-0132", "us", "+14155550132"),
            ("491711234567", "de", "+491711234567"),
            ("06 1234 5678", "it", "+390612345678"),
            ("8 912 345 67 89", "ru", "+79123456789"),
            ("0171 1234567", "", "1711234567"),
            ("＋４９１７１１２３４５６７", "", "+491711234567"),
        ] {
            assert_eq!(Phone::parse(raw, country).map(|p| p.to_text()).as_deref(), Some(text), "{raw}");
        }
        for raw in ["", "12345", "0000000000", "+1 2 3", "call me", "1234567890123456", "📞"] {
            assert_eq!(Phone::parse(raw, ""), None, "{raw:?}");
        }
    }

    #[test]
    fn numbers_agree_by_level() {
        for (a, b, level) in [
            ("+49 171 1234567", "0049171 1234567", Level::Same),
            ("+49 171 1234567", "0171 1234567", Level::Rewritten),
            ("+49 171 1234567", "+49 171 1234576", Level::Typo),
            ("+49 171 1234567", "+49 30 7654321", Level::Different),
            ("+1 415 555 0132", "+44 415 555 0132", Level::Different),
        ] {
            let (a, b) = (Phone::parse(a, "").unwrap(), Phone::parse(b, "").unwrap());
            assert_eq!(a.agree(&b), level, "{} {}", a.to_text(), b.to_text());
            assert_eq!(b.agree(&a), level);
        }
    }
}
