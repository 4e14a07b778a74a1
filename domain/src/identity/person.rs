//! What is known of a person, as it was found.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::text;
use crate::Personal;

/// One person of one system, as written there. Everything but the id may be missing: an empty value says nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Person {
    /// The id in the system the person comes from.
    pub id: String,
    /// Given names.
    pub given_name: Personal,
    /// Family names.
    pub surname: Personal,
    /// The whole name where the parts are not known.
    pub full_name: Personal,
    /// All e-mail addresses.
    pub emails: Vec<Personal>,
    /// All telephone numbers.
    pub phones: Vec<Personal>,
    /// `YYYY-MM-DD`; other forms and impossible dates are accepted.
    pub date_of_birth: Personal,
    /// Street and house number.
    pub street: Personal,
    /// Town.
    pub city: Personal,
    /// Postal code.
    pub postcode: Personal,
    /// State, county, canton.
    pub region: Personal,
    /// Country, as a name or an ISO 3166 code.
    pub country: Personal,
    /// A number both systems know the person by.
    pub external_id: Personal,
}

impl Person {
    /// The columns of a person in a file.
    pub const COLUMNS: [&str; 13] = [
        "id",
        "given_name",
        "surname",
        "full_name",
        "email",
        "phone",
        "date_of_birth",
        "street",
        "city",
        "postcode",
        "region",
        "country",
        "external_id",
    ];

    /// From a line of a file: `cell` gives what stands in each of [`Person::COLUMNS`], by its place. A cell may hold more than one
    /// address or number, with `;`, `|` or a line end between them. The id is left to the caller.
    pub fn from_cells<'a>(cell: impl Fn(usize) -> &'a str) -> Self {
        let personal = |at: usize| Personal::new(cell(at));
        let several = |at: usize| {
            let parts = cell(at).split([';', '|', '\n']).map(str::trim).filter(|part| !part.is_empty());
            parts.map(Personal::new).collect()
        };
        Self {
            id: String::new(),
            given_name: personal(1),
            surname: personal(2),
            full_name: personal(3),
            emails: several(4),
            phones: several(5),
            date_of_birth: personal(6),
            street: personal(7),
            city: personal(8),
            postcode: personal(9),
            region: personal(10),
            country: personal(11),
            external_id: personal(12),
        }
    }

    /// A number that two people have in common whose facts are the same but for case and the spaces around them. Two facts in
    /// other words are another person.
    pub fn fingerprint(&self) -> i64 {
        let mut all = String::new();
        let texts = [
            &self.given_name,
            &self.surname,
            &self.full_name,
            &self.date_of_birth,
            &self.street,
            &self.city,
            &self.postcode,
            &self.region,
            &self.country,
            &self.external_id,
        ];
        for (part, value) in texts.into_iter().enumerate() {
            push(&mut all, part, value);
        }
        for (part, list) in [(10, &self.emails), (11, &self.phones)] {
            let mut list: Vec<&Personal> = list.iter().collect();
            list.sort_unstable();
            list.into_iter().for_each(|value| push(&mut all, part, value));
        }
        text::hash('!', &all).cast_signed()
    }
}

fn push(all: &mut String, part: usize, value: &Personal) {
    let value = value.reveal().trim().to_lowercase();
    if !value.is_empty() {
        all.extend([part.to_string().as_str(), "\u{0}", &value, "\u{0}"]);
    }
}

/// What two people are compared by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Field {
    /// Given names.
    GivenName,
    /// Family names.
    Surname,
    /// E-mail addresses.
    Email,
    /// Telephone numbers.
    Phone,
    /// Date of birth.
    BirthDate,
    /// Street and house number.
    Street,
    /// Town.
    City,
    /// Postal code.
    Postcode,
    /// State or county.
    Region,
    /// Country.
    Country,
    /// A number both systems use.
    ExternalId,
}

impl Field {
    /// Every field, in the order in which evidence is shown.
    pub const ALL: [Self; 11] = [
        Self::GivenName,
        Self::Surname,
        Self::Email,
        Self::Phone,
        Self::BirthDate,
        Self::ExternalId,
        Self::Street,
        Self::Postcode,
        Self::City,
        Self::Region,
        Self::Country,
    ];

    /// The field's place in tables.
    pub const fn index(self) -> usize {
        self as usize
    }

    /// A part of the postal address. They are known together and change together.
    pub const fn is_address(self) -> bool {
        matches!(self, Self::Street | Self::City | Self::Postcode | Self::Region | Self::Country)
    }
}

impl fmt::Display for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::GivenName => "given name",
            Self::Surname => "surname",
            Self::Email => "e-mail",
            Self::Phone => "phone",
            Self::BirthDate => "date of birth",
            Self::Street => "street",
            Self::City => "city",
            Self::Postcode => "postcode",
            Self::Region => "region",
            Self::Country => "country",
            Self::ExternalId => "external id",
        })
    }
}

/// How far two values of one field agree. Which of them a field has is in `model.rs`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Level {
    /// One side does not say: no evidence.
    Missing,
    /// They contradict each other.
    Different,
    /// They resemble each other.
    Similar,
    /// An initial stands for the name.
    Initial,
    /// One is a part of the other.
    Part,
    /// One or two slips of the keys apart.
    Typo,
    /// A short form, a nickname, the same name of another language.
    Short,
    /// The same once a rule has been applied: dots, spelling, day and month, country code.
    Rewritten,
    /// The same.
    Same,
}

impl Level {
    /// How many levels there are.
    pub const COUNT: usize = 9;

    /// Every level, weakest first.
    pub const ALL: [Self; Self::COUNT] = [
        Self::Missing,
        Self::Different,
        Self::Similar,
        Self::Initial,
        Self::Part,
        Self::Typo,
        Self::Short,
        Self::Rewritten,
        Self::Same,
    ];

    /// The level's place in tables.
    pub const fn index(self) -> usize {
        self as usize
    }
}
