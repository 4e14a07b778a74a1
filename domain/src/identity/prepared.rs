//! A person made ready to be compared many times.

use super::address::{self, Street, Town};
use super::country;
use super::date::BirthDate;
use super::email::Email;
use super::names::Names;
use super::person::{Field, Level, Person};
use super::phone::Phone;
use super::text;
use crate::Personal;

/// More addresses or numbers of one person say nothing more.
const MOST_CONTACTS: usize = 16;

/// A person in comparable form. What could not be read is missing.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Prepared {
    pub(super) names: Names,
    pub(super) emails: Vec<Email>,
    pub(super) phones: Vec<Phone>,
    pub(super) birth_date: Option<BirthDate>,
    pub(super) street: Option<Street>,
    pub(super) city: Town,
    pub(super) postcode: Box<str>,
    pub(super) region: Box<str>,
    pub(super) country: Box<str>,
    pub(super) external_id: Box<str>,
}

impl std::fmt::Debug for Prepared {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("[personal]")
    }
}

/// Two people field by field: what can be said without knowing how frequent anything is.
#[derive(Clone, Copy, Debug)]
pub struct Agreement {
    /// How far each field agrees, by [`Field::index`].
    pub levels: [Level; Field::ALL.len()],
    /// The values that agree, as the hashes by which [`super::frequency::Frequencies`] counts them; zero where nothing is counted.
    pub values: [[u64; 2]; Field::ALL.len()],
    /// One system has the given name where the other has the surname.
    pub exchanged: bool,
}

impl Agreement {
    /// The level of a field.
    pub fn level(&self, field: Field) -> Level {
        self.levels[field.index()]
    }
}

impl Prepared {
    /// Normalizes everything that is known of a person.
    pub fn new(person: &Person) -> Self {
        let country = country::code(person.country.reveal());
        let dense = |p: &Personal| text::fold(p.reveal()).replace(' ', "").into_boxed_str();
        Self {
            names: Names::parse(person.given_name.reveal(), person.surname.reveal(), person.full_name.reveal()),
            emails: distinct(person.emails.iter().filter_map(|e| Email::parse(e.reveal()))),
            phones: distinct(person.phones.iter().filter_map(|p| Phone::parse(p.reveal(), &country))),
            birth_date: BirthDate::parse(person.date_of_birth.reveal()),
            street: Street::parse(person.street.reveal()),
            city: Town::parse(person.city.reveal()),
            postcode: address::postcode(person.postcode.reveal()).unwrap_or_default(),
            region: text::fold(person.region.reveal()).into(),
            country: country.into(),
            external_id: dense(&person.external_id),
        }
    }

    /// Compares two people.
    pub fn agree(&self, other: &Self) -> Agreement {
        let mut agreement = Agreement {
            levels: [Level::Missing; Field::ALL.len()],
            values: [[0; 2]; Field::ALL.len()],
            exchanged: false,
        };
        let mut set = |field: Field, level: Level, a: &str, b: &str| {
            agreement.levels[field.index()] = level;
            if level > Level::Different {
                let kind = kind(field);
                let one = text::hash(kind, a);
                agreement.values[field.index()] = [one, if a == b { one } else { text::hash(kind, b) }];
            }
        };
        let names = self.names.agree(&other.names);
        set(Field::GivenName, names.given, names.texts[0].0, names.texts[0].1);
        set(Field::Surname, names.surname, names.texts[1].0, names.texts[1].1);
        if let Some((level, a, b)) = best(&self.emails, &other.emails, Email::agree, Email::mailbox) {
            set(Field::Email, level, a.mailbox(), b.mailbox());
        }
        if let Some((level, a, b)) = best(&self.phones, &other.phones, Phone::agree, Phone::ending) {
            set(Field::Phone, level, a.ending(), b.ending());
        }
        if let (Some(a), Some(b)) = (&self.birth_date, &other.birth_date) {
            set(Field::BirthDate, a.agree(b), a.as_str(), b.as_str());
        }
        if let (Some(a), Some(b)) = (&self.street, &other.street) {
            set(Field::Street, a.agree(b), a.as_str(), b.as_str());
        }
        if !self.city.as_str().is_empty() && !other.city.as_str().is_empty() {
            set(Field::City, self.city.agree(&other.city), self.city.as_str(), other.city.as_str());
        }
        let texts: [(Field, &str, &str, Agree); 4] = [
            (Field::Postcode, &self.postcode, &other.postcode, address::postcodes),
            (Field::Region, &self.region, &other.region, address::regions),
            (Field::Country, &self.country, &other.country, countries),
            (Field::ExternalId, &self.external_id, &other.external_id, external_ids),
        ];
        for (field, a, b, agree) in texts {
            if !a.is_empty() && !b.is_empty() {
                set(field, agree(a, b), a, b);
            }
        }
        agreement.exchanged = names.exchanged;
        agreement
    }

    /// Every value whose frequency counts, with its hash.
    pub(super) fn each_value(&self, mut count: impl FnMut(u64)) {
        if let Some(reading) = self.names.readings().first() {
            for part in [&reading.given, &reading.surname] {
                if !part.is_empty() {
                    count(text::hash(kind(Field::Surname), part.core()));
                }
            }
        }
        self.emails.iter().for_each(|e| count(text::hash(kind(Field::Email), e.mailbox())));
        self.phones.iter().for_each(|p| count(text::hash(kind(Field::Phone), p.ending())));
        if let Some(date) = &self.birth_date {
            count(text::hash(kind(Field::BirthDate), date.as_str()));
        }
        if let Some(street) = &self.street {
            count(text::hash(kind(Field::Street), street.as_str()));
        }
        let texts = [
            (Field::City, self.city.as_str()),
            (Field::Postcode, &self.postcode),
            (Field::Region, &self.region),
            (Field::Country, &self.country),
            (Field::ExternalId, &self.external_id),
        ];
        for (field, text) in texts.into_iter().filter(|(_, text)| !text.is_empty()) {
            count(text::hash(kind(field), text));
        }
    }
}

type Agree = fn(&str, &str) -> Level;

/// Given names and surnames are counted together: some are both, and some are exchanged.
fn kind(field: Field) -> char {
    match field {
        Field::GivenName | Field::Surname => 'n',
        Field::Email => 'e',
        Field::Phone => 'p',
        Field::BirthDate => 'b',
        Field::Street => 's',
        Field::City => 'c',
        Field::Postcode => 'z',
        Field::Region => 'r',
        Field::Country => 'l',
        Field::ExternalId => 'x',
    }
}

fn countries(a: &str, b: &str) -> Level {
    if a == b { Level::Same } else { Level::Different }
}

fn external_ids(a: &str, b: &str) -> Level {
    if a == b {
        Level::Same
    } else if a.len().min(b.len()) >= 6 && text::slips(a, b, 1).is_some() {
        Level::Typo
    } else {
        Level::Different
    }
}

fn distinct<T: PartialEq>(values: impl Iterator<Item = T>) -> Vec<T> {
    let mut kept = Vec::new();
    for value in values.take(MOST_CONTACTS) {
        if !kept.contains(&value) {
            kept.push(value);
        }
    }
    kept
}

/// The pair that agrees most; of several, the one whose texts come last, whichever side is asked first. Nothing when one side
/// has none.
fn best<'a, T>(
    a: &'a [T],
    b: &'a [T],
    agree: impl Fn(&T, &T) -> Level,
    text: impl Fn(&T) -> &str,
) -> Option<(Level, &'a T, &'a T)> {
    let pairs = a.iter().flat_map(|one| b.iter().map(move |two| (one, two)));
    let pairs = pairs.map(|(one, two)| (agree(one, two), one, two));
    pairs.max_by(|(level, a, b), (other, c, d)| {
        let texts = |one, two| (text(one).min(text(two)), text(one).max(text(two)));
        level.cmp(other).then_with(|| texts(a, b).cmp(&texts(c, d)))
    })
}
