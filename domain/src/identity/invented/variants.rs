//! The same person in the other system.

use super::chance::Chance;
use super::pools::{PROVIDERS, STREETS};
use super::{Being, Invented, date, email, latin, push, written};
use crate::Personal;
use crate::identity::Person;

type Change = fn(&Being, &mut Person, &mut Chance);

/// What is changed, with a weight. Every other field stays as the person gave it, with the gaps of [`written`].
const CHANGES: &[(&str, usize, Change)] = &[
    ("as it was", 20, |_, _, _| {}),
    ("dots and labels", 10, dotted),
    ("changed e-mail", 14, changed_email),
    ("nickname", 10, other_given),
    ("another spelling", 8, other_spelling),
    ("exchanged names", 4, exchanged),
    ("slip of the keys", 8, slip),
    ("maiden name", 5, maiden_name),
    ("day and month", 4, day_and_month),
    ("moved", 6, moved),
    ("whole name", 6, whole_name),
    ("national telephone number", 5, national),
];

/// Writes the person down for the left list; one in twenty-five applied twice.
pub(super) fn apply(being: &Being, contact: &Person, is_agency: bool, chance: &mut Chance, all: &mut Invented) {
    let times = if chance.percent(4) { 2 } else { 1 };
    for _ in 0..times {
        let mut person = written(being, chance);
        let (kind, change) = pick(chance);
        change(being, &mut person, chance);
        let kind = match (is_agency, times) {
            (true, _) => "agency",
            (_, 2) => "applied twice",
            _ => kind,
        };
        let id = push(all, person, kind);
        all.truth.insert((id, contact.id.clone()));
    }
}

fn pick(chance: &mut Chance) -> (&'static str, Change) {
    let all: usize = CHANGES.iter().map(|c| c.1).sum();
    let mut place = chance.below(all);
    for (kind, weight, change) in CHANGES {
        if place < *weight {
            return (kind, *change);
        }
        place -= weight;
    }
    (CHANGES[0].0, CHANGES[0].2)
}

fn dotted(_: &Being, person: &mut Person, chance: &mut Chance) {
    let Some((local, domain)) = person.emails.first().and_then(|e| e.reveal().split_once('@')) else { return };
    let written = match domain {
        "gmail.com" if chance.percent(50) => format!("{}@googlemail.com", local.replace('.', "")),
        "gmail.com" => format!("{}.{}+jobs@gmail.com", &local[..1], local[1..].replace('.', "")),
        "icloud.com" => format!("{local}@me.com"),
        "outlook.com" | "hotmail.com" | "proton.me" => format!("{}+work@{domain}", local.to_uppercase()),
        _ => format!(" {}@{}", local.to_uppercase(), domain.to_uppercase()),
    };
    person.emails = vec![Personal::new(written)];
}

fn changed_email(being: &Being, person: &mut Person, chance: &mut Chance) {
    person.emails = vec![Personal::new(match chance.below(3) {
        0 => email(being, chance),
        1 => format!("{}@{}", being.email.split('@').next().unwrap_or_default(), chance.pick(PROVIDERS)),
        _ => format!("{}.{}@employer{}.example", latin(&being.given.1), latin(&being.surname.1), chance.below(500)),
    })];
    // Who changes everything at once cannot be found by anybody.
    person.phones = vec![Personal::new(&being.phone)];
    if chance.percent(80) {
        person.date_of_birth = date(being.born);
    }
}

fn other_given(being: &Being, person: &mut Person, chance: &mut Chance) {
    person.given_name = Personal::new(&being.given.1);
    if chance.percent(30) {
        changed_email(being, person, chance);
    }
}

fn other_spelling(being: &Being, person: &mut Person, chance: &mut Chance) {
    person.surname = Personal::new(&being.surname.1);
    person.given_name = Personal::new(super::text::fold(&being.given.0));
    person.street = Personal::new(format!("{} {}", STREETS[being.street].1, being.house));
    if chance.percent(30) {
        changed_email(being, person, chance);
    }
}

fn exchanged(_: &Being, person: &mut Person, _: &mut Chance) {
    std::mem::swap(&mut person.given_name, &mut person.surname);
}

/// Two neighbours exchanged, or a letter left out, in one of four fields.
fn slip(_: &Being, person: &mut Person, chance: &mut Chance) {
    let field = match chance.below(4) {
        0 => &mut person.given_name,
        1 => &mut person.surname,
        2 => &mut person.date_of_birth,
        _ => &mut person.city,
    };
    let mut letters: Vec<char> = field.reveal().chars().collect();
    if letters.len() < 4 {
        return;
    }
    let place = 1 + chance.below(letters.len() - 2);
    if letters[place].is_ascii_digit() {
        letters[place] = char::from(b'0' + u8::try_from(chance.below(10)).unwrap_or(0));
    } else if chance.percent(50) {
        letters.swap(place, place + 1);
    } else if letters[place] != '-' {
        letters.remove(place);
    }
    *field = Personal::new(letters.into_iter().collect::<String>());
}

fn maiden_name(being: &Being, person: &mut Person, chance: &mut Chance) {
    person.surname = Personal::new(super::being(chance).surname.0);
    person.date_of_birth = date(being.born);
    person.phones = vec![Personal::new(&being.phone)];
    if chance.percent(40) {
        person.emails =
            vec![Personal::new(format!("{}{}@{}", latin(&being.given.1), chance.below(9999), chance.pick(PROVIDERS)))];
    }
}

fn day_and_month(being: &Being, person: &mut Person, _: &mut Chance) {
    person.date_of_birth = date((being.born.0, being.born.2, being.born.1));
}

fn moved(_: &Being, person: &mut Person, chance: &mut Chance) {
    let elsewhere = written(&super::being(chance), chance);
    (person.street, person.postcode, person.city) = (elsewhere.street, elsewhere.postcode, elsewhere.city);
    (person.region, person.country) = (elsewhere.region, elsewhere.country);
}

fn whole_name(being: &Being, person: &mut Person, chance: &mut Chance) {
    let (given, surname) = (&being.given.0, &being.surname.0);
    person.full_name =
        Personal::new(if chance.percent(50) { format!("{given} {surname}") } else { format!("{surname}, {given}") });
    (person.given_name, person.surname) = (Personal::default(), Personal::default());
}

fn national(being: &Being, person: &mut Person, _: &mut Chance) {
    let digits = being.phone.trim_start_matches('+');
    let national = ["44", "49", "34", "1"].iter().find_map(|code| digits.strip_prefix(code)).unwrap_or(digits);
    person.phones = vec![Personal::new(format!("0{}/{}", &national[..3], &national[3..]))];
}
