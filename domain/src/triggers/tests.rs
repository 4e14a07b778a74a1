use super::*;
use crate::Timestamp;
use crate::invitation::Test;
use crate::opportunity::Named;
use crate::rules::Rules;
use crate::samples::{at, reference, row, rules};

fn named(pairs: &[(&str, &str)]) -> Vec<Named> {
    pairs.iter().map(|(id, name)| Named { id: (*id).into(), name: (*name).into() }).collect()
}

fn tests() -> Vec<(String, Test)> {
    let test = |id: &str, name: &str, retired| ("py".to_owned(), Test { id: id.into(), name: name.into(), retired });
    vec![test("t1", "Backend screen", false), test("t2", "Old screen", true)]
}

fn checked(draft: &Draft, rules: &Rules) -> Result<crate::rules::Trigger, Vec<Fault>> {
    let stages = named(&[("s1", "Phone"), ("s2", "On-site"), ("s3", "On-site")]);
    let postings = named(&[("p1", "Engineer"), ("p2", "Designer")]);
    let tests = tests();
    check(draft, rules, Vocabulary { stages: &stages, postings: &postings, tests: &tests }, at(500))
}

fn good() -> Draft {
    Draft {
        stage: " Phone ".into(),
        vendor: "py".into(),
        default_test: "Backend screen".into(),
        pass_at: "80".into(),
        fail_at: "40.5".into(),
        pass_bands: "high\n high \n\nmiddle".into(),
        postings: vec!["p2".into(), "Engineer".into(), "p1".into()],
        cooldown: "180d".into(),
        ..Draft::default()
    }
}

fn scaled() -> Rules {
    let mut rules = rules(vec![]);
    for vendor in &mut rules.vendors {
        vendor.score_scale = Some((0.0, 100.0));
    }
    rules
}

#[test]
fn a_good_draft_becomes_a_row_written_by_names() {
    let found = checked(&good(), &scaled()).unwrap();
    assert_eq!((found.stage.id.as_str(), found.stage.written.as_str()), ("s1", "Phone"));
    assert_eq!(found.default_test.unwrap().id, "t1");
    assert_eq!((found.thresholds.pass_at, found.thresholds.fail_at), (Some(80.0), Some(40.5)));
    assert_eq!(found.thresholds.pass_bands, ["high", "middle"]);
    let postings: Vec<_> = found.postings.iter().map(|p| (p.id.as_str(), p.written.as_str())).collect();
    assert_eq!(postings, [("p2", "Designer"), ("p1", "Engineer")], "each once");
    assert!(found.active_since == at(500) && !found.off);
}

type Change = fn(&mut Draft);

#[test]
fn every_wrong_field_is_named_with_the_next_step() {
    let cases: [(Field, &str, Change); 14] = [
        (Field::Stage, "name a stage", |d| d.stage.clear()),
        (Field::Stage, "did you mean \"Phone\"", |d| d.stage = "Phone ne".into()),
        (Field::Stage, "use the id: s2, s3", |d| d.stage = "On-site".into()),
        (Field::Vendor, "choose a vendor", |d| d.vendor = "nobody".into()),
        (Field::DefaultTest, "has no test \"Old screen\"", |d| d.default_test = "Old screen".into()),
        (Field::PassAt, "is not a number", |d| d.pass_at = "80,5".into()),
        (Field::PassAt, "is not a number", |d| d.pass_at = "NaN".into()),
        (Field::PassAt, "scale of 0 to 100", |d| d.pass_at = "100.5".into()),
        (Field::FailAt, "scale of 0 to 100", |d| d.fail_at = "-1".into()),
        (Field::FailAt, "must be below the pass threshold, which is 80", |d| d.fail_at = "80".into()),
        (Field::FailBands, "leave it in one", |d| d.fail_bands = "high".into()),
        (Field::Postings, "did you mean \"Engineer\"", |d| d.postings = vec!["Enginer".into()]),
        (Field::Cooldown, "is not a duration", |d| d.cooldown = "soon".into()),
        (Field::Cooldown, "no cooldown", |d| d.cooldown = "0d".into()),
    ];
    for (field, expected, change) in cases {
        let mut draft = good();
        change(&mut draft);
        let faults = checked(&draft, &scaled()).unwrap_err();
        assert!(faults.iter().any(|f| f.field == field && f.sentence.contains(expected)), "{expected}: {faults:?}");
    }
    let nothing = checked(&Draft { stage: "x".into(), pass_at: "x".into(), ..Draft::default() }, &scaled());
    assert!(nothing.unwrap_err().len() >= 3, "all faults come together");
}

#[test]
fn both_ends_of_the_scale_are_allowed_and_a_draft_of_a_row_gives_the_row_back() {
    let rules = scaled();
    let found = checked(&Draft { pass_at: "100".into(), fail_at: "0".into(), ..good() }, &rules).unwrap();
    let stages = named(&[("s1", "Phone, renamed")]);
    let (postings, tests) = (named(&[("p1", "Engineer"), ("p2", "Designer")]), tests());
    let vocabulary = Vocabulary { stages: &stages, postings: &postings, tests: &tests };
    let draft = Draft::of(&found, &rules, vocabulary);
    assert_eq!(draft.stage, "Phone, renamed", "shown by its present name");
    let again = check(&draft, &rules, vocabulary, at(500)).unwrap();
    assert_eq!((again.stage.id, again.thresholds, again.cooldown), (found.stage.id, found.thresholds, found.cooldown));
    let none = Vocabulary { stages: &[], postings: &[], tests: &[] };
    assert_eq!(Draft::of(&row("s1", None), &rules, none).stage, "s1", "what Lever does not have keeps its words");
}

fn only(posting: &str) -> crate::rules::Trigger {
    crate::rules::Trigger { postings: vec![reference(posting)], ..row("s1", None) }
}

#[test]
fn a_key_finds_its_row_and_no_other() {
    let rules = rules(vec![row("s1", None), only("p1"), row("s2", None)]);
    for (n, row) in rules.triggers.iter().enumerate() {
        let key = RowKey::of(row);
        assert_eq!((key.find(&rules), RowKey::parse(&key.to_word())), (Some(n), Some(key)));
    }
    for word in ["", "s1", "~py", "s1~", "s1~py~"] {
        assert_eq!(RowKey::parse(word), None, "{word:?}");
    }
    assert_eq!(RowKey::parse("s9~py").unwrap().find(&rules), None);
}

#[test]
fn two_rows_for_the_same_posting_are_refused() {
    let rules = rules(vec![row("s1", None), only("p1")]);
    assert!(put(&rules, None, only("p2"), at(500)).is_ok());
    for clash in [row("s1", None), only("p1")] {
        let faults = put(&rules, None, clash, at(500)).unwrap_err();
        assert!(faults[0].sentence.contains("leave one"), "{faults:?}");
    }
    assert!(put(&rules, Some(1), only("p1"), at(500)).is_ok(), "a row does not clash with itself");
}

fn since(rules: &Rules, n: usize) -> Timestamp {
    rules.triggers[n].active_since
}

#[test]
fn a_row_is_active_since_it_first_spoke_for_its_people_or_was_switched_on() {
    let rules = rules(vec![row("s1", None)]);
    let edited = put(&rules, Some(0), row("s1", Some("t1")), at(500)).unwrap();
    assert_eq!(since(&edited, 0), at(100), "an edit goes on where the row was");
    let narrowed = put(&rules, Some(0), only("p1"), at(500)).unwrap();
    assert_eq!(since(&narrowed, 0), at(100));
    let widened = put(&narrowed, Some(0), row("s1", None), at(600)).unwrap();
    assert_eq!(since(&widened, 0), at(600), "the others were in nobody's care");

    let key = RowKey::of(&rules.triggers[0]);
    let off = switch(&rules, &key, false, at(500)).unwrap();
    assert!(off.triggers[0].off && since(&off, 0) == at(100));
    assert_eq!(off.trigger_stages(), Vec::<String>::new());
    let edited = put(&off, Some(0), row("s1", Some("t1")), at(550)).unwrap();
    assert!(edited.triggers[0].off, "an edit does not switch on");
    let on = switch(&edited, &key, true, at(600)).unwrap();
    assert_eq!(since(&on, 0), at(600));
    assert_eq!(since(&switch(&on, &key, true, at(700)).unwrap(), 0), at(600), "it was on already");
    assert_eq!(active_since(Some(&off), &row("s1", None), at(600)), at(600), "the file switches on alike");
}

#[test]
fn undoing_restores_the_rows_only_while_they_fit() {
    let before = rules(vec![row("s1", None)]);
    let after = remove(&before, &RowKey::of(&before.triggers[0])).unwrap();
    assert!(after.triggers.is_empty());
    assert_eq!(restore(&after, &before).unwrap(), before);
    let mut other = after;
    other.vendors.clear();
    assert!(restore(&other, &before).unwrap_err().contains("by hand"));
}
