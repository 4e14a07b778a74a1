//! Properties and whole lists.

mod leftover;
mod lists;
mod properties;

use super::{Context, Lists, Person, Prepared, Settings, Settled};
use crate::Personal;

/// A person from `field=value` words, as a test reads best.
pub fn person(facts: &[(&str, &str)]) -> Person {
    let mut person = Person::default();
    for (field, value) in facts {
        let value = Personal::new(*value);
        match *field {
            "given" => person.given_name = value,
            "surname" => person.surname = value,
            "name" => person.full_name = value,
            "email" => person.emails.push(value),
            "phone" => person.phones.push(value),
            "born" => person.date_of_birth = value,
            "street" => person.street = value,
            "city" => person.city = value,
            "postcode" => person.postcode = value,
            "country" => person.country = value,
            "id" => person.external_id = value,
            other => panic!("no field {other}"),
        }
    }
    person
}

/// Two of them, compared among ten thousand.
pub fn bits(a: &[(&str, &str)], b: &[(&str, &str)]) -> f64 {
    let (a, b) = (Prepared::new(&person(a)), Prepared::new(&person(b)));
    super::compare(&a, &b, &Context::default()).bits
}

/// The answers for two lists.
pub fn settle(left: &[Person], right: &[Person]) -> Vec<Settled> {
    settle_with(left, right, Settings::default())
}

/// The same with other settings.
pub fn settle_with(left: &[Person], right: &[Person], settings: Settings) -> Vec<Settled> {
    let prepare = |people: &[Person]| people.iter().map(Prepared::new).collect();
    let mut lists = Lists::new(prepare(left), prepare(right), settings);
    let compared = (0..lists.len()).flat_map(|place| lists.compare(place)).collect();
    lists.settle(compared)
}
