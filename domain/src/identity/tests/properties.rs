use proptest::prelude::*;
use proptest::sample::select;

use super::settle;
use crate::Personal;
use crate::identity::{
    Clue, Context, Decision, Field, Frequencies, Level, Person, Prepared, Score, Settings, compare, keys, resolve,
    sentence,
};

fn given() -> impl Strategy<Value = String> {
    let known = select(vec![
        "",
        "Anna",
        "Anne-Marie",
        "Bob",
        "Robert",
        "J.",
        "李小龍",
        "Сергей",
        "محمد",
        "👩‍💻",
        "Дмитрий",
        "Ann",
    ]);
    prop_oneof![4 => known.prop_map(str::to_owned), 1 => "\\PC{0,12}"]
}

fn surname() -> impl Strategy<Value = String> {
    let known = select(vec![
        "",
        "Smith",
        "Smyth",
        "van der Berg",
        "Berg",
        "García Márquez",
        "Garcia",
        "Müller",
        "Mueller",
        "O'Neil",
    ]);
    prop_oneof![4 => known.prop_map(str::to_owned), 1 => "\\PC{0,12}"]
}

fn email() -> impl Strategy<Value = String> {
    let known = select(vec![
        "",
        "anna.smith@gmail.com",
        "annasmith+x@googlemail.com",
        "\"anna\"@x.example",
        "a(b)@c.example",
        "anna@acme.example",
        "ana@acme.example",
        "x@y",
        "@",
        "anna.smith@outlook.com",
    ]);
    prop_oneof![4 => known.prop_map(str::to_owned), 1 => "\\PC{0,20}"]
}

fn birth() -> impl Strategy<Value = String> {
    let known = select(vec!["", "1985-03-07", "1985-07-03", "1985-03-17", "1985-13-41", "2012-03-07", "1900-01-01"]);
    prop_oneof![4 => known.prop_map(str::to_owned), 1 => "[0-9./-]{0,10}"]
}

fn place() -> impl Strategy<Value = (String, String, String)> {
    let street = select(vec!["", "12 High St", "High Street 12", "14 High Street", "Hauptstr. 5", "5"]);
    let city = select(vec!["", "Frankfurt", "Frankfurt am Main", "München", "Munchen"]);
    let postcode = select(vec!["", "04103", "4103", "4130", "94107-1234", "94107"]);
    (street, city, postcode).prop_map(|(s, c, p)| (s.to_owned(), c.to_owned(), p.to_owned()))
}

fn person() -> impl Strategy<Value = Person> {
    let phone = select(vec!["", "+49 171 1234567", "0171 1234567", "+49 171 1234576", "call me"]);
    let id = select(vec!["", "A-1234567", "a1234567", "a1234568"]);
    (given(), surname(), prop::collection::vec(email(), 0..3), phone, birth(), place(), id).prop_map(
        |(given, surname, emails, phone, birth, (street, city, postcode), id)| Person {
            given_name: Personal::new(given),
            surname: Personal::new(surname),
            emails: emails.into_iter().map(Personal::new).collect(),
            phones: vec![Personal::new(phone)],
            date_of_birth: Personal::new(birth),
            street: Personal::new(street),
            city: Personal::new(city),
            postcode: Personal::new(postcode),
            external_id: Personal::new(id),
            ..Person::default()
        },
    )
}

fn context(people: &[Prepared]) -> Context {
    let mut frequencies = Frequencies::default();
    people.iter().for_each(|p| frequencies.count(p));
    Context { frequencies, people: people.len(), ..Context::default() }
}

proptest! {
    #[test]
    fn the_order_of_two_people_makes_no_difference(people in prop::collection::vec(person(), 2..8)) {
        let people: Vec<Prepared> = people.iter().map(Prepared::new).collect();
        let context = context(&people);
        let (one, two) = (compare(&people[0], &people[1], &context), compare(&people[1], &people[0], &context));
        prop_assert!((one.bits - two.bits).abs() < 1e-9, "{} {}", one.bits, two.bits);
        prop_assert_eq!(one.is_backed, two.is_backed);
    }

    #[test]
    fn the_lines_add_up_to_the_score(a in person(), b in person()) {
        let (a, b) = (Prepared::new(&a), Prepared::new(&b));
        let found = compare(&a, &b, &Context::default());
        let sum: f64 = found.lines.iter().map(|line| line.bits).sum();
        prop_assert!((sum - found.bits).abs() < 1e-9);
        prop_assert_eq!(found.lines[0].clue, Clue::Prior);
        prop_assert!(found.lines.iter().all(|line| line.bits.is_finite() && !sentence(line.clue).is_empty()));
    }

    #[test]
    fn more_evidence_never_lowers_a_score(a in person(), b in person(), field in select(Field::ALL.to_vec())) {
        let (a, b) = (Prepared::new(&a), Prepared::new(&b));
        let mut agreement = a.agree(&b);
        // Levels that strengthen one field while all others stay.
        let mut before = f64::NEG_INFINITY;
        for level in Level::ALL.into_iter().skip(1) {
            agreement.levels[field.index()] = level;
            let bits = crate::identity::score(&agreement, &Context::default()).bits;
            prop_assert!(bits >= before - 0.01, "{} {:?}: {} after {}", field, level, bits, before);
            before = bits;
        }
    }

    #[test]
    fn the_same_facts_are_never_evidence_against(a in person()) {
        let a = Prepared::new(&a);
        let found = a.agree(&a);
        prop_assert!(found.levels.iter().all(|level| matches!(level, Level::Missing | Level::Same | Level::Initial)), "{:?}", found.levels);
    }

    #[test]
    fn there_is_no_match_on_a_tie(bits in prop::collection::vec(-20.0..60.0_f64, 1..6), at in 0usize..6) {
        let mut scores: Vec<Score> = bits.iter().map(|bits| Score { bits: *bits, is_backed: true }).collect();
        let best = scores.iter().map(|s| s.bits).fold(f64::NEG_INFINITY, f64::max);
        scores.insert(at.min(scores.len()), Score { bits: best, is_backed: true });
        prop_assert_ne!(resolve(&scores, &Settings::default()).decision, Decision::Match);
    }

    #[test]
    fn the_order_of_candidates_makes_no_difference(bits in prop::collection::vec(-20.0..60.0_f64, 0..6)) {
        let scores: Vec<Score> = bits.iter().map(|bits| Score { bits: *bits, is_backed: true }).collect();
        let reversed: Vec<Score> = scores.iter().rev().copied().collect();
        let (one, two) = (resolve(&scores, &Settings::default()), resolve(&reversed, &Settings::default()));
        let of = |answer: &crate::identity::Resolution, scores: &[Score]| -> Vec<f64> { answer.candidates.iter().map(|i| scores[*i].bits).collect() };
        prop_assert_eq!((one.decision, one.reason), (two.decision, two.reason));
        prop_assert_eq!(of(&one, &scores), of(&two, &reversed));
    }

    #[test]
    fn keys_say_nothing_of_what_is_not_known(a in person()) {
        for key in keys(&Prepared::new(&a)) {
            let value = key.split(':').nth(1).unwrap();
            prop_assert!(!value.is_empty() && !value.starts_with('|') && !value.ends_with('|'), "{}", key);
        }
    }

    #[test]
    fn two_profiles_of_one_person_are_a_tie(a in person(), b in person()) {
        let settled = settle(std::slice::from_ref(&a), &[b.clone(), b]);
        prop_assert!(settled.iter().all(|s| s.decision != Decision::Match));
    }

    #[test]
    fn the_order_of_lists_makes_no_difference(left in prop::collection::vec(person(), 0..6), right in prop::collection::vec(person(), 0..6)) {
        let back = |people: &[Person]| -> Vec<Person> { people.iter().rev().cloned().collect() };
        let of = |turned: bool| {
            let settled = if turned { settle(&back(&left), &back(&right)) } else { settle(&left, &right) };
            let place = |at: u32, of: usize| if turned { of - 1 - at as usize } else { at as usize };
            let mut pairs: Vec<(usize, usize, Decision)> =
                settled.iter().map(|s| (place(s.pair.left, left.len()), place(s.pair.right, right.len()), s.decision)).collect();
            pairs.sort_unstable();
            pairs
        };
        prop_assert_eq!(of(false), of(true));
    }
}
