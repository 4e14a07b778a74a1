//! People of Lever, as far as they are needed to find out whose a result is.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::Personal;
use crate::identity::{Key, Person, Prepared, indexed};
use crate::opportunity::Opportunity;

/// A person in Lever: one contact, whatever the number of opportunities.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contact {
    /// Lever's id of the contact.
    pub id: String,
    /// Full name; may be blank.
    pub name: Personal,
    /// All addresses.
    pub emails: Vec<Personal>,
    /// All numbers, as typed.
    pub phones: Vec<Personal>,
    /// Where they live, as typed.
    pub location: Personal,
    /// Addresses that Lever does not have and a decision taught.
    #[serde(skip)]
    pub aliases: Vec<Alias>,
}

/// An address by which a vendor knows a contact.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Alias {
    /// The address.
    pub email: Personal,
    /// The decision that taught it; it is forgotten when that is taken back.
    pub decision: Uuid,
}

/// More aliases of one contact teach nothing.
pub const MOST_ALIASES: usize = 16;

impl Contact {
    /// The person of an opportunity.
    pub fn of(opportunity: &Opportunity) -> Self {
        Self {
            id: opportunity.contact.clone(),
            name: opportunity.name.clone(),
            emails: opportunity.emails.clone(),
            phones: opportunity.phones.clone(),
            location: opportunity.location.clone(),
            aliases: Vec::new(),
        }
    }

    /// To be compared with others.
    pub fn person(&self) -> Person {
        let town = self.location.reveal().split(',').next().unwrap_or_default().trim();
        Person {
            id: self.id.clone(),
            full_name: self.name.clone(),
            emails: self.emails.iter().chain(self.aliases.iter().map(|a| &a.email)).cloned().collect(),
            phones: self.phones.clone(),
            city: Personal::new(town),
            ..Person::default()
        }
    }

    /// What an index finds them by.
    pub fn keys(&self) -> Vec<Key> {
        indexed(&Prepared::new(&self.person()))
    }

    /// Whether it is one of their addresses already, aliases included.
    pub fn has(&self, email: &Personal) -> bool {
        let same = |known: &Personal| known.reveal().trim().eq_ignore_ascii_case(email.reveal().trim());
        self.emails.iter().any(same) || self.aliases.iter().any(|alias| same(&alias.email))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ada() -> Contact {
        Contact {
            id: "c1".into(),
            name: Personal::new("Ada Lovelace"),
            emails: vec![Personal::new("ada@example.com")],
            location: Personal::new("London, United Kingdom"),
            ..Contact::default()
        }
    }

    #[test]
    fn an_alias_is_found_like_an_address() {
        let mut contact = ada();
        let before = contact.keys();
        contact.aliases.push(Alias { email: Personal::new("countess@example.org"), decision: Uuid::nil() });
        assert!(contact.has(&Personal::new(" Countess@Example.org ")));
        assert!(contact.keys().len() > before.len() && before.iter().all(|key| contact.keys().contains(key)));
    }

    #[test]
    fn the_town_is_what_stands_before_the_comma() {
        assert_eq!(ada().person().city.reveal(), "London");
    }
}
