//! Whose is a result that we did not order? What can be said without a person, what a person may decide, and what follows.

mod linking;
mod marks;
mod verdict;

pub use self::linking::{Linked, Linking, Preview, judged_by, link, preview};
pub use self::marks::{Piece, marks};
pub use self::verdict::{Act, SNOOZE, Verdict, close, taken_back};
use crate::contact::Contact;
use crate::identity::{Clue, Context, Decision, Field, Level, Person, Prepared, Score, Settings, compare, resolve};
use crate::incoming::{Weighed, Why};
use crate::opportunity::Opportunity;

/// Contacts found by one key; of a key that more have, none is looked at.
pub const MOST_OF_A_KEY: u32 = 50;
/// So many of those who were found are compared, those found by an address first.
pub const MOST_COMPARED: usize = 400;
/// So many of those who are near enough are looked at more closely.
pub const MOST_WEIGHED: usize = 20;

/// Where the lines are drawn for one result. A person also looks at less probable ones: whoever sends a result to nobody does not see
/// it again, and results from outside are few.
pub fn settings() -> Settings {
    let of_lists = Settings::default();
    Settings { review_from: of_lists.review_at_least_from, ..of_lists }
}

/// What was not looked at, because too many have it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Crowd {
    /// An address or a number of the person.
    pub address: bool,
    /// A name or a place.
    pub name: bool,
}

/// What can be said without a person.
#[derive(Clone, Debug, PartialEq)]
pub struct Answer {
    /// Match, review or unknown.
    pub decision: Decision,
    /// Why.
    pub why: Why,
    /// The match alone, or who is to be looked at, best first.
    pub candidates: Vec<Weighed>,
}

/// Weighs everybody who was found, among so many contacts; those who are near enough, best first.
pub fn weigh(person: &Person, contacts: &[Contact], people: usize) -> Vec<Weighed> {
    let wanted = Prepared::new(person);
    let prepared: Vec<Prepared> = contacts.iter().map(|c| Prepared::new(&c.person())).collect();
    let mut context = Context { people, ..Context::default() };
    // Who else has an address tells whether it is anybody's own.
    std::iter::once(&wanted).chain(&prepared).for_each(|one| context.frequencies.count(one));
    let mut weighed: Vec<Weighed> = contacts
        .iter()
        .zip(&prepared)
        .map(|(contact, other)| {
            let found = compare(&wanted, other, &context);
            Weighed { contact: contact.id.clone(), bits: found.bits, is_backed: found.is_backed, lines: found.lines }
        })
        .filter(|w| w.bits >= settings().review_from)
        .collect();
    weighed.sort_by(|a, b| b.bits.total_cmp(&a.bits).then_with(|| a.contact.cmp(&b.contact)));
    weighed.truncate(MOST_WEIGHED);
    weighed
}

/// Decides. What was not looked at may hold somebody who is as good: then it is never a match, unless what agrees is an address
/// or a number of which all holders were looked at.
pub fn answer(weighed: &[Weighed], crowd: Crowd) -> Answer {
    let scores: Vec<Score> = weighed.iter().map(|w| Score { bits: w.bits, is_backed: w.is_backed }).collect();
    let found = resolve(&scores, &settings());
    let candidates: Vec<Weighed> = found.candidates.iter().map(|at| weighed[*at].clone()).collect();
    let hidden = crowd.address || crowd.name && !candidates.first().is_some_and(has_address);
    let (decision, why) = match found.decision {
        Decision::Match if hidden => (Decision::Review, Why::Crowded),
        decision => (decision, found.reason.into()),
    };
    Answer { decision, why, candidates }
}

/// An address or a number of theirs agrees.
fn has_address(weighed: &Weighed) -> bool {
    weighed.lines.iter().any(|line| {
        matches!(line.clue, Clue::Field { field: Field::Email | Field::Phone | Field::ExternalId, level, .. } if level >= Level::Rewritten)
    })
}

/// The opportunity a result of this person belongs to, where that is clear: the only one, or the only one that is not archived.
pub fn only_opportunity(of_contact: &[Opportunity]) -> Option<&Opportunity> {
    let mut open = of_contact.iter().filter(|o| o.archived.is_none());
    match (open.next(), open.next(), of_contact) {
        (Some(one), None, _) | (None, None, [one]) => Some(one),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Personal;
    use crate::opportunity::Archived;
    use crate::samples::{at, opportunity};

    fn contact(id: &str, name: &str, email: &str) -> Contact {
        Contact { id: id.into(), name: Personal::new(name), emails: vec![Personal::new(email)], ..Contact::default() }
    }

    fn person(name: &str, email: &str) -> Person {
        Person { full_name: Personal::new(name), emails: vec![Personal::new(email)], ..Person::default() }
    }

    fn said(person: &Person, contacts: &[Contact], crowd: Crowd) -> (Decision, Why, Vec<String>) {
        let answer = answer(&weigh(person, contacts, 10_000), crowd);
        (answer.decision, answer.why, answer.candidates.into_iter().map(|c| c.contact).collect())
    }

    #[test]
    fn an_address_of_one_person_is_a_match_and_of_two_a_tie() {
        let ada = person("Ada Lovelace", "ada@example.com");
        let one = [contact("c1", "Ada Lovelace", "ada@example.com"), contact("c2", "Bob Stone", "bob@example.com")];
        assert_eq!(said(&ada, &one, Crowd::default()), (Decision::Match, Why::Clear, vec!["c1".into()]));
        let two = [contact("c1", "Ada Lovelace", "ada@example.com"), contact("c2", "Ada Lovelace", "ada@example.com")];
        assert_eq!(said(&ada, &two, Crowd::default()), (Decision::Review, Why::Tie, vec!["c1".into(), "c2".into()]));
    }

    #[test]
    fn a_name_alone_is_for_a_person_and_nobody_is_unknown() {
        let ada = person("Ada Lovelace", "ada@example.com");
        let namesake = [contact("c1", "Ada Lovelace", "countess@example.org")];
        assert_eq!(said(&ada, &namesake, Crowd::default()).0, Decision::Review);
        assert_eq!(said(&ada, &[], Crowd::default()), (Decision::Unknown, Why::Nobody, vec![]));
        let other = [contact("c1", "Bob Stone", "bob@example.com")];
        assert_eq!(said(&ada, &other, Crowd::default()).0, Decision::Unknown);
    }

    #[test]
    fn where_not_all_were_looked_at_there_is_no_match() {
        let ada = person("Ada Lovelace", "ada@example.com");
        let one = [contact("c1", "Ada Lovelace", "ada@example.com")];
        let crowded = |address, name| said(&ada, &one, Crowd { address, name });
        assert_eq!(crowded(true, false), (Decision::Review, Why::Crowded, vec!["c1".into()]));
        assert_eq!(crowded(false, true).0, Decision::Match, "all who have the address were looked at");
    }

    #[test]
    fn an_address_that_many_share_is_nobody_s_own() {
        let contacts: Vec<Contact> =
            (0..9).map(|n| contact(&format!("c{n}"), &format!("Person {n}"), "agency@example.com")).collect();
        let (decision, ..) = said(&person("Person 3", "agency@example.com"), &contacts, Crowd::default());
        assert_ne!(decision, Decision::Match);
    }

    #[test]
    fn one_open_opportunity_is_clear_and_several_are_not() {
        let open = opportunity;
        let archived = || Opportunity { archived: Some(Archived { reason: "r".into(), at: at(9) }), ..opportunity() };
        assert!(only_opportunity(&[open()]).is_some() && only_opportunity(&[archived()]).is_some());
        assert!(only_opportunity(&[archived(), open(), archived()]).is_some_and(|o| o.archived.is_none()));
        assert!(only_opportunity(&[]).is_none() && only_opportunity(&[open(), open()]).is_none());
        assert!(only_opportunity(&[archived(), archived()]).is_none());
    }
}
