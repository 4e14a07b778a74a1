//! Somebody else who looks like the person.

use super::chance::Chance;
use super::pools::PROVIDERS;
use super::{Being, Invented, being, email, push, written};
use crate::Personal;
use crate::identity::names::Names;
use crate::identity::{Level, Person};

/// Writes somebody down who is like a person of the right list and is not on it.
pub(super) fn apply(like: &Being, contact: &mut Person, is_agency: bool, chance: &mut Chance, all: &mut Invented) {
    let (kind, person) = match chance.below(7) {
        _ if is_agency => ("agency colleague", colleague(like, chance)),
        0 => {
            // Without it nobody could tell them apart.
            contact.date_of_birth = super::date(like.born);
            ("father and son of one name", son(like, true, chance))
        }
        1 => ("father and son", son(like, false, chance)),
        2 => ("twin", sibling(like, true, chance)),
        3 => ("couple with one e-mail", spouse(like, &contact.id, chance, all)),
        4 => ("sibling", sibling(like, false, chance)),
        5 => ("namesake", namesake(like, chance)),
        _ => ("next free address", next_address(like, chance)),
    };
    let id = push(all, person, kind);
    all.hard.insert(id);
}

/// Another given name of the same origin, not a form of the first: parents do not call two children Anna and Anne.
fn given(of: &Being, chance: &mut Chance) -> (String, String) {
    loop {
        let (one, other) = chance.pick(super::ORIGINS[of.origin].given);
        let names = |given: &str| Names::parse(given, "", "");
        if names(one).agree(&names(&of.given.0)).given <= Level::Similar {
            return ((*one).to_owned(), (*other).to_owned());
        }
    }
}

/// A member of the household: address always, telephone and e-mail often the same.
fn household(of: &Being, chance: &mut Chance) -> Being {
    let mut member = of.clone();
    if chance.percent(50) {
        member.phone = being(chance).phone;
    }
    if chance.percent(60) {
        member.email = email(&member, chance);
    }
    member
}

fn son(of: &Being, is_one_name: bool, chance: &mut Chance) -> Person {
    let mut son = household(of, chance);
    son.born = (of.born.0 + 22 + chance.below(15), 1 + chance.below(12), 1 + chance.below(28));
    if !is_one_name {
        son.given = given(of, chance);
    }
    let mut person = written(&son, chance);
    if is_one_name {
        person.date_of_birth = super::date(son.born);
    }
    person
}

fn sibling(of: &Being, is_twin: bool, chance: &mut Chance) -> Person {
    let mut other = of.clone();
    other.given = given(of, chance);
    other = household(&other, chance);
    if !is_twin {
        other.born = (of.born.0 + 1 + chance.below(6), 1 + chance.below(12), 1 + chance.below(28));
    }
    written(&other, chance)
}

/// Two with one address. In half of the cases both are known on the right, so that the address belongs to two profiles.
fn spouse(of: &Being, contact: &str, chance: &mut Chance, all: &mut Invented) -> Person {
    let mut other = of.clone();
    other.given = given(of, chance);
    other.born = being(chance).born;
    if chance.percent(50) {
        let mut child = of.clone();
        child.given = given(&other, chance);
        child.born = (of.born.0 + 25, 1 + chance.below(12), 1 + chance.below(28));
        if child.given.0 != other.given.0 {
            let id = format!("{contact}b");
            all.right.push(Person { id, ..written(&child, chance) });
        }
    }
    written(&other, chance)
}

fn namesake(of: &Being, chance: &mut Chance) -> Person {
    let mut other = being(chance);
    (other.origin, other.given, other.surname) = (of.origin, of.given.clone(), of.surname.clone());
    if chance.percent(40) {
        (other.town, other.postcode) =
            (of.town, format!("{}{:02}", &of.postcode[..of.postcode.len() - 2], chance.below(100)));
    }
    other.email = email(&other, chance);
    written(&other, chance)
}

/// jane.doe is taken, so it is jane.doe2.
fn next_address(of: &Being, chance: &mut Chance) -> Person {
    let mut other = being(chance);
    (other.origin, other.given, other.surname) = (of.origin, of.given.clone(), of.surname.clone());
    let (local, domain) = of.email.split_once('@').unwrap_or((&of.email, "gmail.com"));
    other.email = if chance.percent(70) {
        format!("{local}{}@{domain}", 1 + chance.below(9))
    } else {
        format!("{local}@{}", chance.pick(PROVIDERS).replace(domain, "mail.example"))
    };
    written(&other, chance)
}

fn colleague(of: &Being, chance: &mut Chance) -> Person {
    let mut other = being(chance);
    other.email.clone_from(&of.email);
    let mut person = written(&other, chance);
    if chance.percent(20) {
        person.phones = vec![Personal::new(&of.phone)];
    }
    person
}
