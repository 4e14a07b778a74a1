use super::*;

fn full(name: &str) -> Names {
    Names::parse("", "", name)
}

fn levels(a: &Names, b: &Names) -> (Level, Level, bool) {
    let (one, two) = (a.agree(b), b.agree(a));
    assert_eq!((one.given, one.surname, one.exchanged), (two.given, two.surname, two.exchanged), "symmetric");
    (one.given, one.surname, one.exchanged)
}

#[test]
fn parts_of_names_agree_by_level() {
    use Level::{Different, Initial, Missing, Part, Rewritten, Same, Short, Similar, Typo};
    for (a, b, given, surname) in [
        (("Ada", "Lovelace"), ("ADA", "lovelace"), Same, Same),
        (("José", "García"), ("Jose", "Garcia"), Same, Same),
        (("Anne-Marie", "Muller"), ("Annemarie", "Mueller"), Rewritten, Rewritten),
        (("Ludwig", "van Beethoven"), ("Ludwig", "Beethoven"), Same, Rewritten),
        (("Bob", "O'Neil"), ("Robert", "O Neil"), Short, Same),
        (("Alex", "Mc Donald"), ("Alexandrina", "McDonald"), Short, Same),
        (("J.", "Smith"), ("John", "Smyth"), Initial, Rewritten),
        (("Maria Luisa", "Garcia"), ("Maria", "Garcia Marquez"), Part, Part),
        (("Brodie", "Coulson"), ("Brodir", "Coulgson"), Typo, Typo),
        (("Michael", "Ng"), ("Mxchaol", "Ngo"), Similar, Different),
        (("Dr. Ada", "Lovelace PhD"), ("Ada", "Lovelace"), Same, Same),
        (("Robert", "Smith Jr."), ("Robert", "Smith Sr."), Different, Same),
        (("", "Smith"), ("Robert", "Smith"), Missing, Same),
        (("Ann", "Le"), ("Ann", "Van"), Same, Different),
        (("小明", "王"), ("晓明", "王"), Similar, Similar),
    ] {
        let (a, b) = (Names::parse(a.0, a.1, ""), Names::parse(b.0, b.1, ""));
        assert_eq!(
            levels(&a, &b),
            (given, surname, false),
            "{:?} {:?}",
            a.readings[0].given.words,
            b.readings[0].given.words
        );
    }
}

#[test]
fn exchanged_names_are_recognized() {
    let (a, b) = (Names::parse("Charles", "Trevorrow", ""), Names::parse("Trevorrow", "Charles", ""));
    assert_eq!(levels(&a, &b), (Level::Same, Level::Same, true));
    let half = Names::parse("Trevorrow", "", "");
    assert_eq!(levels(&a, &half), (Level::Same, Level::Missing, true));
}

#[test]
fn whole_names_are_read_the_way_they_agree() {
    for (a, b) in [
        ("Ada Lovelace", "Lovelace, Ada"),
        ("Lovelace Ada", "Ada Lovelace"),
        ("Gabriel García Márquez", "García Márquez, Gabriel"),
        ("Ludwig van Beethoven", "van Beethoven, Ludwig"),
        ("王小明", "Xiao Ming Wang"),
    ] {
        let (given, surname, exchanged) = levels(&full(a), &full(b));
        assert!(given >= Level::Part && surname >= Level::Part && !exchanged, "{a} / {b}: {given:?} {surname:?}");
    }
    assert_eq!(full("John Smith, Jr.").generation, Some(2));
}

#[test]
fn strange_names_neither_panic_nor_agree() {
    let huge = "x".repeat(100_000);
    let strange = ["", " ", "A", "👩\u{200d}💻", "\u{202e}", ",", "-", "de la", "Dr.", &huge, "\0"];
    for a in strange {
        for b in strange {
            let (given, surname, _) = levels(&full(a), &full(b));
            let is_name = |s: &str| !full(s).readings.is_empty();
            assert!(is_name(a) && is_name(b) || given == Level::Missing && surname == Level::Missing, "{a:.9} {b:.9}");
        }
    }
}
