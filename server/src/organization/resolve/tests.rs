use super::super::file;
use super::super::samples::FULL;
use super::*;

fn named(pairs: &[(&str, &str)]) -> Vec<Named> {
    pairs.iter().map(|(id, name)| Named { id: (*id).to_owned(), name: (*name).to_owned() }).collect()
}

fn tests(pairs: &[(&str, &str)]) -> Vec<Test> {
    let test = |(id, name): &(&str, &str)| Test { id: (*id).to_owned(), name: (*name).to_owned(), retired: false };
    pairs.iter().map(test).collect()
}

fn vocabulary() -> Vocabulary {
    Vocabulary {
        stages: named(&[("stage-1", "Phone Screen Passed"), ("stage-2", "On-site")]),
        postings: named(&[("posting-1", "Engineer"), ("posting-2", "Designer")]),
        user: named(&[("user-1", "Ada")]).pop(),
        tests: BTreeMap::from([
            ("py".to_owned(), tests(&[("t1", "Backend screen"), ("t2", "Frontend screen")])),
            ("games".to_owned(), tests(&[("game-1", "Core games")])),
        ]),
    }
}

fn parsed(text: &str) -> Parsed {
    file::parse("acme.toml", text, false).unwrap()
}

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_millis(seconds * 1000)
}

#[test]
fn names_and_ids_become_references() {
    let rules = resolve(&parsed(FULL), &vocabulary(), None, at(5)).unwrap();
    let first = &rules.triggers[0];
    assert_eq!((first.stage.id.as_str(), first.stage.written.as_str()), ("stage-1", "Phone Screen Passed"));
    assert_eq!(first.default_test.as_ref().unwrap().id, "t1");
    let postings: Vec<_> = first.postings.iter().map(|p| (p.id.as_str(), p.name.as_str())).collect();
    assert_eq!(postings, [("posting-1", "Engineer"), ("posting-2", "Designer")]);
    assert_eq!((rules.triggers[1].stage.name.as_str(), rules.triggers[1].active_since), ("On-site", at(5)));
}

#[test]
fn unknown_and_ambiguous_names_are_refused_with_line_and_hint() {
    let cases = [
        ("stage = \"Phone Screen Passed\"", "stage = \"Phone Screen Pased\"", "did you mean \"Phone Screen Passed\""),
        ("stage = \"Phone Screen Passed\"", "stage = \"phone screen passed\"", "did you mean \"Phone Screen Passed\""),
        ("stage = \"stage-2\"", "stage = \"xxxx\"", "it has \"Phone Screen Passed\" (stage-1), \"On-site\" (stage-2)"),
        ("default_test = \"Backend screen\"", "default_test = \"Backend scren\"", "did you mean \"Backend screen\""),
        ("default_test = \"Backend screen\"", "default_test = \"Core games\"", "Py has no test"),
        ("default_test = \"game-1\"", "default_test = \"Core games\"", "is named by its id: game-1"),
        ("default_test = \"game-1\"", "default_test = \"game-2\"", "did you mean \"game-1\""),
        ("postings", "postings = [\"Enginer\"]", "did you mean \"Engineer\""),
    ];
    for (beginning, replacement, expected) in cases {
        let line = FULL.lines().position(|l| l.starts_with(beginning)).unwrap();
        let text: Vec<&str> = FULL.lines().enumerate().map(|(n, l)| if n == line { replacement } else { l }).collect();
        let refused = resolve(&parsed(&text.join("\n")), &vocabulary(), None, at(1)).unwrap_err();
        assert_eq!((refused.len(), refused[0].line), (1, line + 1), "{replacement}: {refused:?}");
        assert!(refused[0].what.contains(expected), "{replacement}: {}", refused[0]);
    }
    let mut twice = vocabulary();
    twice.stages.push(named(&[("stage-9", "Phone Screen Passed")]).remove(0));
    let refused = resolve(&parsed(FULL), &twice, None, at(1)).unwrap_err();
    assert!(refused[0].what.contains("use the id: stage-1, stage-9"), "{}", refused[0]);
    let by_id = FULL.replace("\"Phone Screen Passed\"", "\"stage-9\"");
    assert_eq!(resolve(&parsed(&by_id), &twice, None, at(1)).unwrap().triggers[0].stage.id, "stage-9");
}

#[test]
fn all_unknown_names_come_together() {
    let refused = resolve(&parsed(FULL), &Vocabulary::default(), None, at(1)).unwrap_err();
    assert_eq!(refused.len(), 7, "user, two stages, two tests, two postings: {refused:#?}");
    assert!(refused.is_sorted_by_key(|r| r.line));
    assert!(refused[0].what.contains("lever.perform_as"), "{}", refused[0]);
}

#[test]
fn a_retired_test_is_not_a_default() {
    let mut vocabulary = vocabulary();
    vocabulary.tests.get_mut("py").unwrap()[0].retired = true;
    assert!(resolve(&parsed(FULL), &vocabulary, None, at(1)).unwrap_err()[0].what.contains("default_test"));
}

#[test]
fn a_row_keeps_the_instant_it_became_active() {
    let first = resolve(&parsed(FULL), &vocabulary(), None, at(1)).unwrap();
    let changed = FULL.replace("pass_at = 80", "pass_at = 90").replace("\"Phone Screen Passed\"", "\"stage-1\"");
    let second = resolve(&parsed(&changed), &vocabulary(), Some(&first), at(9)).unwrap();
    assert_eq!(second.triggers[0].active_since, at(1), "other threshold, other word for the stage: the same row");
    let moved = FULL.replace("stage = \"Phone Screen Passed\"", "stage = \"On-site\"");
    let third = resolve(&parsed(&moved), &vocabulary(), Some(&first), at(9)).unwrap();
    assert_eq!((third.triggers[0].active_since, third.triggers[1].active_since), (at(9), at(1)));
}

#[test]
fn two_rows_for_the_same_candidates_are_refused() {
    let row = |postings: &str| format!("\n[[trigger_stage]]\nstage = \"stage-1\"\nvendor = \"py\"\n{postings}");
    let head = FULL.split("[[trigger_stage]]").next().unwrap();
    let cases = [
        ("", "", true),
        ("", "postings = [\"posting-1\"]", false),
        ("postings = [\"posting-1\"]", "postings = [\"Engineer\", \"Designer\"]", true),
        ("postings = [\"posting-1\"]", "postings = [\"posting-2\"]", false),
    ];
    for (one, two, refused) in cases {
        let text = format!("{head}{}{}", row(one), row(two));
        let result = resolve(&parsed(&text), &vocabulary(), None, at(1));
        assert_eq!(result.is_err(), refused, "{one:?} {two:?}: {result:?}");
        if let Err(refusals) = result {
            let heading = text.lines().enumerate().filter(|(_, l)| *l == "[[trigger_stage]]").last().unwrap().0 + 1;
            assert_eq!(refusals[0].line, heading);
        }
    }
}
