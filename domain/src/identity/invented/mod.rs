//! Invented people in two systems, with the truth: for tests, benchmarks and the demo.
//!
//! The right list is who an applicant tracking system knows, the left one who a vendor knows. Most of the left are on the right,
//! changed as people change: other spellings, other addresses, maiden names. The rest are hard: fathers and sons, twins, couples
//! with one e-mail, colleagues behind one agency, namesakes.

mod chance;
mod pools;
mod relatives;
mod variants;

use std::collections::HashSet;

pub use self::chance::Chance;
use self::pools::{ORIGINS, Origin, PROVIDERS, STREETS, TOWNS};
use super::Person;
use super::text;
use crate::Personal;

/// Two lists and what is true of them.
#[derive(Clone, Debug, Default)]
pub struct Invented {
    /// Who the vendor knows.
    pub left: Vec<Person>,
    /// Who the applicant tracking system knows.
    pub right: Vec<Person>,
    /// Ids of the left and the right list that are one person.
    pub truth: HashSet<(String, String)>,
    /// For each of the left list, what is special about them.
    pub kinds: Vec<&'static str>,
    /// Ids of people of the left list who resemble somebody of the right one and are not on it.
    pub hard: HashSet<String>,
}

/// A person as they are, before any system writes them down.
#[derive(Clone, Debug)]
struct Being {
    origin: usize,
    given: (String, String),
    surname: (String, String),
    born: (usize, usize, usize),
    email: String,
    phone: String,
    town: usize,
    postcode: String,
    street: usize,
    house: usize,
}

/// People of one agency share its address.
const AGENCY: usize = 40;

/// Invents `people` for the right list, and a left list somewhat longer: about three quarters are on the right, a sixth are hard
/// negatives, the rest are strangers.
pub fn invent(people: usize, seed: u64) -> Invented {
    let mut chance = Chance::new(seed);
    let mut all = Invented::default();
    let mut agency = 0;
    for number in 0..people {
        let mut being = being(&mut chance);
        // One in forty applies through an agency.
        let is_agency = chance.percent(2);
        if is_agency {
            being.email = format!("team@agency{}.example", agency / AGENCY);
            agency += 1;
        }
        let mut contact = right(&being, number, &mut chance);
        if chance.percent(78) {
            variants::apply(&being, &contact, is_agency, &mut chance, &mut all);
        } else if chance.percent(85) {
            relatives::apply(&being, &mut contact, is_agency, &mut chance, &mut all);
        }
        all.right.push(contact);
        if chance.percent(12) {
            let stranger = self::being(&mut chance);
            push(&mut all, written(&stranger, &mut chance), "stranger");
        }
    }
    all
}

/// Adds somebody to the left list and returns their id.
fn push(all: &mut Invented, mut person: Person, kind: &'static str) -> String {
    person.id = format!("v{}", all.left.len());
    let id = person.id.clone();
    all.left.push(person);
    all.kinds.push(kind);
    id
}

fn being(chance: &mut Chance) -> Being {
    let origin_place = chance.below(ORIGINS.len()).min(chance.below(ORIGINS.len()));
    let origin = &ORIGINS[origin_place];
    let given = chance.pick_early(origin.given);
    let surname = surname(origin, chance);
    let given = (given.0.to_owned(), given.1.to_owned());
    let town = chance.below(TOWNS.len()).min(chance.below(TOWNS.len()));
    let (_, postcode, _, _, calling) = TOWNS[town];
    let mut being = Being {
        origin: origin_place,
        given,
        surname,
        born: (1955 + chance.below(50), 1 + chance.below(12), 1 + chance.below(28)),
        email: String::new(),
        phone: format!("+{calling}{}{:07}", 150 + chance.below(60), chance.below(10_000_000)),
        town,
        postcode: format!("{postcode}{:02}", chance.below(100)),
        street: chance.below(STREETS.len()),
        house: 1 + chance.below(120),
    };
    being.email = email(&being, chance);
    being
}

/// A frequent surname, or one put together.
fn surname(origin: &Origin, chance: &mut Chance) -> (String, String) {
    if chance.percent(35) {
        let (written, other) = chance.pick_early(origin.surnames);
        return ((*written).to_owned(), (*other).to_owned());
    }
    let name = format!("{}{}", chance.pick(origin.stems.0), chance.pick(origin.stems.1));
    (name.clone(), name)
}

/// An address as people choose it: their name, and numbers, since it is taken. Nobody gets that of somebody else by chance.
fn email(being: &Being, chance: &mut Chance) -> String {
    let (given, surname) = (latin(&being.given.1), latin(&being.surname.1));
    let number = chance.below(100_000_000);
    let local = match chance.below(4) {
        0 => format!("{given}.{surname}.{number}"),
        1 => format!("{given}{surname}{number}"),
        2 => format!("{}{surname}{}.{number}", &given[..1], being.born.0),
        _ => format!("{given}_{number}"),
    };
    format!("{local}@{}", chance.pick_early(PROVIDERS))
}

fn latin(text: &str) -> String {
    text::fold(text).replace(' ', "")
}

fn date(born: (usize, usize, usize)) -> Personal {
    Personal::new(format!("{:04}-{:02}-{:02}", born.0, born.1, born.2))
}

/// As the applicant tracking system has them.
fn right(being: &Being, number: usize, chance: &mut Chance) -> Person {
    Person { id: format!("c{number}"), ..written(being, chance) }
}

/// With the gaps every system has: one in twelve gives no telephone, one in three no date of birth, one in three no address.
fn written(being: &Being, chance: &mut Chance) -> Person {
    let (town, _, region, country, _) = TOWNS[being.town];
    let mut person = Person {
        given_name: Personal::new(&being.given.0),
        surname: Personal::new(&being.surname.0),
        emails: vec![Personal::new(&being.email)],
        city: Personal::new(town),
        country: Personal::new(country),
        ..Person::default()
    };
    if chance.percent(92) {
        person.phones = vec![Personal::new(&being.phone)];
    }
    if chance.percent(66) {
        person.date_of_birth = date(being.born);
    }
    if chance.percent(66) {
        let street = STREETS[being.street].0;
        person.street = Personal::new(format!("{} {street}", being.house));
        person.postcode = Personal::new(&being.postcode);
        person.region = Personal::new(region);
    }
    person
}
