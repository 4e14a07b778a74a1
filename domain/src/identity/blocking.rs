//! Blocking keys: two people who may be one share at least one of them, so that nobody has to be compared with everybody.

use std::fmt::Write as _;

use super::nicknames;
use super::prepared::Prepared;
use super::text;

/// The keys of a person, strongest first, to be indexed by a store. They hold parts of names and addresses.
pub fn keys(person: &Prepared) -> Vec<String> {
    let mut all = Vec::new();
    each_key(person, |key| all.push(key.to_owned()));
    all
}

/// A key as an index of a store keeps it: a number that says nothing about the person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key {
    /// The same on every machine and in every version.
    pub hash: i64,
    /// Of an address or a number: where too many have it, nobody of them is found by it, and it is nobody's own.
    pub is_address: bool,
}

/// The keys of a person for an index, each once, those of addresses and numbers first.
pub fn indexed(person: &Prepared) -> Vec<Key> {
    let mut all = Vec::new();
    each_key(person, |key| {
        let is_address = key.starts_with("e:") || key.starts_with("p:") || key.starts_with("x:");
        all.push(Key { hash: text::hash('k', key).cast_signed(), is_address });
    });
    all.sort_unstable_by_key(|key| (!key.is_address, key.hash));
    all.dedup();
    all
}

/// First letters of the names in alphabetical order: what a block that is too large is intersected with.
pub fn initials(person: &Prepared) -> [u8; 2] {
    let letter = |sound: &str| sound.bytes().next().unwrap_or(b' ');
    let reading = person.names.readings().first();
    let (a, b) = reading.map_or((b' ', b' '), |r| (letter(r.given.sound()), letter(r.surname.sound())));
    [a.min(b), a.max(b)]
}

/// Calls `emit` with every key. One buffer serves for all of them: a million people have twenty million keys.
pub fn each_key(person: &Prepared, mut emit: impl FnMut(&str)) {
    let mut buffer = String::with_capacity(64);
    let mut key = |parts: std::fmt::Arguments<'_>| {
        buffer.clear();
        if buffer.write_fmt(parts).is_ok() {
            emit(&buffer);
        }
    };
    if !person.external_id.is_empty() {
        key(format_args!("x:{}", person.external_id));
    }
    for email in &person.emails {
        key(format_args!("e:{}", email.mailbox()));
        if email.local().len() >= 6 {
            key(format_args!("l:{}", email.local()));
        }
    }
    for phone in &person.phones {
        key(format_args!("p:{}", phone.ending()));
    }
    by_birth_and_place(person, &mut key);
    for reading in person.names.readings() {
        let (given, surname) = (text::bones(reading.given.sound()), text::bones(reading.surname.sound()));
        by_names(person, [&given, &surname], &mut key);
        for bones in [&given, &surname].into_iter().filter(|bones| !bones.is_empty()) {
            by_half_of_name(person, bones, &mut key);
        }
        for line in nicknames::lines(reading.given.first()).iter().filter(|_| !surname.is_empty()) {
            key(format_args!("f:{line}|{surname}"));
        }
        for core in [reading.given.core(), reading.surname.core()].into_iter().filter(|core| core.len() > 2) {
            key(format_args!("{WEAK}n:{core}"));
        }
    }
    if !person.postcode.is_empty() {
        key(format_args!("{WEAK}z:{}", person.postcode));
    }
}

/// Begins keys that help only where few people have them: their large blocks are skipped.
const WEAK: char = '~';

/// Whether a block of this key is not worth intersecting.
pub fn is_weak(key: &str) -> bool {
    key.starts_with(WEAK)
}

type Emit<'a> = dyn FnMut(std::fmt::Arguments<'_>) + 'a;

/// A date with day and month in order of size: exchanged ones meet.
fn by_birth_and_place(person: &Prepared, key: &mut Emit<'_>) {
    let birth = person.birth_date.as_ref().map(super::date::BirthDate::as_str);
    if let Some(date) = birth {
        let (year, month, day) = (&date[..4], &date[4..6], &date[6..]);
        key(format_args!("d:{year}{}{}", month.min(day), month.max(day)));
        if !person.postcode.is_empty() {
            key(format_args!("y:{year}|{}", person.postcode));
            key(format_args!("m:{month}{day}|{}", person.postcode));
        }
    }
    if let Some(street) = &person.street {
        key(format_args!("s:{}", street.as_str()));
    }
}

fn by_names(person: &Prepared, [given, surname]: [&str; 2], key: &mut Emit<'_>) {
    if given.is_empty() || surname.is_empty() {
        return;
    }
    let (first, last) = (given.min(surname), given.max(surname));
    key(format_args!("n:{first}|{last}"));
    if let Some(date) = &person.birth_date {
        // Two letters of each name survive most slips.
        let start = |bones: &str| bones.bytes().take(1).map(char::from).collect::<String>();
        let date = date.as_str();
        key(format_args!("a:{}{}|{}", start(first), start(last), &date[..6]));
        key(format_args!("b:{}{}|{}", start(first), start(last), &date[4..]));
        key(format_args!("c:{}{}|{}{}", start(first), start(last), &date[..4], &date[6..]));
    }
}

fn by_half_of_name(person: &Prepared, bones: &str, key: &mut Emit<'_>) {
    if !person.postcode.is_empty() {
        key(format_args!("z:{bones}|{}", person.postcode));
    }
    if !person.city.as_str().is_empty() {
        key(format_args!("t:{bones}|{}", person.city.as_str()));
    }
    if let Some(date) = &person.birth_date {
        let date = date.as_str();
        key(format_args!("h:{bones}|{}", &date[..4]));
        key(format_args!("g:{bones}|{}", &date[4..]));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Personal;
    use crate::identity::Person;

    fn person(given: &str, surname: &str, email: &str, birth: &str) -> Prepared {
        Prepared::new(&Person {
            given_name: Personal::new(given),
            surname: Personal::new(surname),
            emails: vec![Personal::new(email)],
            date_of_birth: Personal::new(birth),
            ..Person::default()
        })
    }

    fn meet(a: &Prepared, b: &Prepared) -> bool {
        let of_b = keys(b);
        keys(a).iter().any(|key| of_b.contains(key))
    }

    #[test]
    fn people_who_may_be_one_meet() {
        let ada = person("Ada", "Lovelace", "ada.lovelace@gmail.com", "1985-03-07");
        for other in [
            person("", "", "adalovelace@googlemail.com", ""),
            person("Lovelace", "Ada", "", ""),
            person("Adda", "Lovelase", "", ""),
            person("", "", "", "1985-07-03"),
            person("Augusta", "Lovelace", "", "1985-12-31"),
        ] {
            assert!(meet(&ada, &other) && meet(&other, &ada));
        }
        assert!(meet(&person("Bob", "Smith", "", ""), &person("Robert", "Smith", "", "")));
    }

    #[test]
    fn nothing_known_means_no_keys() {
        assert_eq!(keys(&person("", "", "", "")), Vec::<String>::new());
        assert!(keys(&person("x", "", "", "")).is_empty(), "one letter");
    }
}
