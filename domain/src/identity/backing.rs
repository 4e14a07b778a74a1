//! Whether what agrees belongs to the person alone. A score cannot tell: it knows how rare an agreement is among strangers, not
//! that a family, an agency or a namesake explains it. Without backing there is no automatic link.

use super::frequency::Frequencies;
use super::person::{Field, Level};
use super::prepared::Agreement;

/// An address with so many others behind it is nobody's own.
const MANY: u32 = 4;

/// Something agrees that neither namesakes nor a family nor colleagues share.
pub fn is_backed(agreement: &Agreement, frequencies: &Frequencies) -> bool {
    let facts = Facts { agreement, frequencies };
    if facts.is_relative() || facts.is_junior() || facts.is_colleague() {
        return false;
    }
    facts.has_own() || facts.lives_there() || facts.is_near() && !facts.is_contradicted()
}

/// Whether it may be somebody of the family or a namesake instead, even if everybody else is spoken for: where people are known
/// by addresses and numbers, one of these, the given name or the birthday contradicts.
pub fn may_be_another(agreement: &Agreement, frequencies: &Frequencies) -> bool {
    let facts = Facts { agreement, frequencies };
    let differs = |field| facts.differs(field, Level::Initial);
    facts.is_known() && [Field::GivenName, Field::BirthDate, Field::Email, Field::Phone].into_iter().any(differs)
}

struct Facts<'a> {
    agreement: &'a Agreement,
    frequencies: &'a Frequencies,
}

impl Facts<'_> {
    fn reaches(&self, field: Field, least: Level) -> bool {
        self.agreement.level(field) >= least
    }

    fn differs(&self, field: Field, below: Level) -> bool {
        self.reaches(field, Level::Different) && !self.reaches(field, below)
    }

    fn is_of_many(&self, field: Field) -> bool {
        self.frequencies.others(self.agreement.values[field.index()][0]) >= MANY
    }

    /// By an address or a number of theirs.
    fn is_known(&self) -> bool {
        self.reaches(Field::Email, Level::Different) || self.reaches(Field::Phone, Level::Different)
    }

    /// Where people are known by addresses and numbers, another given name beside the same surname is another member of the
    /// family, whatever they share.
    fn is_relative(&self) -> bool {
        self.is_known()
            && self.differs(Field::GivenName, Level::Initial)
            && self.reaches(Field::Surname, Level::Similar)
            && !self.reaches(Field::ExternalId, Level::Typo)
    }

    /// Where people are known by addresses and numbers, another birthday is father and son of one name, who share all the rest.
    fn is_junior(&self) -> bool {
        self.is_known()
            && self.differs(Field::BirthDate, Level::Similar)
            && !self.reaches(Field::ExternalId, Level::Typo)
    }

    /// The address of an agency, and another name: what else agrees may be the agency's too.
    fn is_colleague(&self) -> bool {
        let is_agency = self.reaches(Field::Email, Level::Rewritten) && self.is_of_many(Field::Email);
        let is_other_name = self.differs(Field::GivenName, Level::Initial) || self.differs(Field::Surname, Level::Part);
        is_agency && is_other_name && !self.reaches(Field::ExternalId, Level::Typo)
    }

    /// An address, a number or a birthday of one's own.
    fn has_own(&self) -> bool {
        let is_own = |field| self.reaches(field, Level::Typo) && !self.is_of_many(field);
        is_own(Field::Email)
            || is_own(Field::Phone)
            || self.reaches(Field::ExternalId, Level::Typo)
            || self.reaches(Field::BirthDate, Level::Rewritten) && !self.is_all_else_different()
    }

    /// Among many people two share a name and a birthday.
    fn is_all_else_different(&self) -> bool {
        self.is_reached_otherwise() && self.is_elsewhere()
    }

    /// By another address or number, and by none that both have.
    fn is_reached_otherwise(&self) -> bool {
        let contacts = [Field::Email, Field::Phone];
        contacts.iter().any(|f| self.differs(*f, Level::Typo))
            && !contacts.iter().any(|f| self.reaches(*f, Level::Typo))
    }

    fn is_elsewhere(&self) -> bool {
        self.differs(Field::Postcode, Level::Part) || self.differs(Field::City, Level::Part)
    }

    /// The same house. Every town has its High Street, and a father may live there with a son of his name: of somebody who is
    /// reached otherwise the birthday must be known as well.
    fn lives_there(&self) -> bool {
        let is_son = self.is_reached_otherwise() && !self.reaches(Field::BirthDate, Level::Part);
        self.reaches(Field::Street, Level::Typo) && !self.is_elsewhere() && !is_son
    }

    /// What is only near, or a place.
    fn is_near(&self) -> bool {
        self.reaches(Field::Postcode, Level::Typo) || self.reaches(Field::BirthDate, Level::Part)
    }

    fn is_contradicted(&self) -> bool {
        self.differs(Field::Email, Level::Typo)
            || self.differs(Field::Phone, Level::Typo)
            || self.differs(Field::ExternalId, Level::Typo)
            || self.differs(Field::Street, Level::Similar)
    }
}

#[cfg(test)]
mod tests {
    use crate::identity::tests::person;
    use crate::identity::{Context, Prepared, compare};

    fn is_backed(a: &[(&str, &str)], b: &[(&str, &str)]) -> bool {
        compare(&Prepared::new(&person(a)), &Prepared::new(&person(b)), &Context::default()).is_backed
    }

    #[test]
    fn namesakes_need_more_than_a_name_and_a_place() {
        let ann = &[
            ("given", "Ann"),
            ("surname", "Stone"),
            ("city", "Austin"),
            ("street", "64 Station Road"),
            ("email", "ann@a.example"),
            ("postcode", "78701"),
        ][..];
        for (b, backed) in [
            (&[("given", "Ann"), ("surname", "Stone"), ("city", "Austin")][..], false),
            (&[("given", "Ann"), ("surname", "Stone"), ("street", "64 Station Rd"), ("postcode", "78701")], true),
            (&[("given", "Ann"), ("surname", "Stone"), ("street", "64 Station Rd"), ("postcode", "10115")], false),
            (&[("given", "Ann"), ("surname", "Stone"), ("street", "64 Station Rd"), ("email", "x@b.example")], false),
            (&[("given", "Ann"), ("surname", "Stone"), ("postcode", "78701")], true),
            (&[("given", "Ann"), ("surname", "Stone"), ("postcode", "78701"), ("email", "x@b.example")], false),
            (&[("given", "Ann"), ("surname", "Stone"), ("email", "ann@a.example")], true),
            (&[("given", "Eve"), ("surname", "Stone"), ("email", "ann@a.example")], false),
        ] {
            assert_eq!(is_backed(ann, b), backed, "{b:?}");
        }
    }
}
