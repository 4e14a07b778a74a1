use std::collections::HashSet;

use super::{person, settle};
use crate::Personal;
use crate::identity::invented::{Invented, invent};
use crate::identity::{Decision, Person, Reason, Settled};

/// Known by name, birthday and place alone, as a register knows people.
fn register(people: usize) -> Vec<Person> {
    let strip = |person: Person| Person { emails: Vec::new(), phones: Vec::new(), ..person };
    invent(people, 21).right.into_iter().map(strip).collect()
}

/// Married, a wrong birthday: the house is all that is left.
fn changed() -> [Person; 2] {
    let home =
        [("given", "April"), ("street", "123 Slessor Crescent"), ("city", "Wisemans Ferry"), ("postcode", "2517")];
    [("Harrington", "1911-11-01", "8853061"), ("Herbert", "1942-10-30", "2349971")]
        .map(|(surname, born, id)| person(&[&home[..], &[("surname", surname), ("born", born), ("id", id)]].concat()))
}

/// What is said of the changed one, beside others of whom so many of a thousand are missing on the other side.
fn answer(missing: usize) -> Option<(Decision, Reason)> {
    let [before, after] = changed();
    let (mut left, mut right) = (register(1_000), register(1_000));
    left.truncate(left.len() - missing);
    right.drain(..missing);
    left.push(before);
    right.push(after);
    let place = left.len() - 1;
    let settled = settle(&left, &right);
    settled.iter().find(|s| s.pair.left as usize == place).map(|s| (s.decision, s.reason))
}

#[test]
fn who_is_left_is_who_is_left() {
    assert_eq!(answer(0), Some((Decision::Match, Reason::Clear)));
    assert_eq!(answer(3), Some((Decision::Match, Reason::Clear)), "three strangers are left as well");
}

#[test]
fn where_many_are_missing_nobody_is_left_over() {
    assert!(answer(60).is_none_or(|(decision, _)| decision != Decision::Match));
}

/// Nearly everybody of the left list is there, and a few are not, of whom a relative or a namesake is there.
fn with_few_hard(people: usize, seed: u64, hard: usize) -> Invented {
    let mut all = invent(people, seed);
    let there: HashSet<String> = all.truth.iter().map(|(left, _)| left.clone()).collect();
    let mut room = hard;
    all.left.retain(|p| {
        let is_hard = all.hard.contains(&p.id) && room > 0;
        room -= usize::from(is_hard);
        is_hard || there.contains(&p.id)
    });
    all
}

fn wrong<'a>(all: &'a Invented, settled: &'a [Settled]) -> impl Iterator<Item = (&'a str, &'a str)> {
    let ids = |s: &Settled| (all.left[s.pair.left as usize].id.as_str(), all.right[s.pair.right as usize].id.as_str());
    let links = settled.iter().filter(|s| s.decision == Decision::Match).map(ids);
    links.filter(|(left, right)| !all.truth.contains(&((*left).to_owned(), (*right).to_owned())))
}

/// The lists look complete, so little evidence is asked for: a father must not become his son by that.
#[test]
fn relatives_are_not_linked_because_nobody_else_is_left() {
    for (seed, hard) in [(2, 4), (7, 8), (11, 12)] {
        let all = with_few_hard(1_500, seed, hard);
        let settled = settle(&all.left, &all.right);
        assert_eq!(wrong(&all, &settled).collect::<Vec<_>>(), [], "seed {seed}");
        assert!(settled.iter().filter(|s| s.decision == Decision::Match).count() * 100 >= all.truth.len() * 97);
    }
}

#[test]
fn two_who_are_left_for_one_are_nobody_s_match() {
    let [before, after] = changed();
    let mut twin = before.clone();
    twin.surname = Personal::new("Hamilton");
    twin.date_of_birth = Personal::new("1933-05-17");
    let (mut left, mut right) = (register(1_000), register(1_000));
    left.extend([before, twin]);
    right.push(after);
    let settled = settle(&left, &right);
    let of_home = settled.iter().filter(|s| s.pair.right as usize == right.len() - 1);
    assert!(of_home.clone().all(|s| s.decision != Decision::Match), "{:?}", of_home.collect::<Vec<_>>());
}
