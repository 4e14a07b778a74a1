//! The styles and the components speak of the same classes, and colours are named in one sheet.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn files(folder: &Path, ending: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        if path.is_dir() {
            found.extend(files(&path, ending));
        } else if name.ends_with(ending) && name != "main.css" && name != "styles_tests.rs" {
            found.push((name, fs::read_to_string(&path).unwrap()));
        }
    }
    found
}

/// What stands between `start` and the next quotation mark, at each place.
fn quoted<'a>(text: &'a str, start: &'a str) -> impl Iterator<Item = &'a str> {
    text.split(start).skip(1).map(|rest| rest.split('"').next().unwrap())
}

/// First words of the lists of classes that are chosen by code.
const FAMILIES: [&str; 20] = [
    "banner",
    "bin",
    "button",
    "choice",
    "choices-cards",
    "choices-list",
    "compare-agrees",
    "count",
    "diff-line",
    "icon-button",
    "ink",
    "live",
    "menu-entry",
    "message-title",
    "number",
    "pill",
    "step",
    "way",
    "weight",
    "copied",
];

/// The literals of a line that are lists of classes of a family.
fn chosen(line: &str) -> impl Iterator<Item = &str> {
    let literals = line.split('"').skip(1).step_by(2);
    let is_list = |text: &str| text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || "- ".contains(c));
    literals.filter(move |text| is_list(text) && text.split(' ').next().is_some_and(|first| FAMILIES.contains(&first)))
}

fn used() -> BTreeSet<String> {
    let mut classes = BTreeSet::new();
    for (_, text) in files(&root().join("app/src"), ".rs") {
        for list in quoted(&text, "class=\"").chain(text.lines().flat_map(chosen)) {
            classes.extend(list.split_whitespace().map(str::to_owned));
        }
    }
    classes
}

fn sheets() -> Vec<(String, String)> {
    let without_comments = |text: String| {
        let pieces = text.split("/*").enumerate();
        pieces.map(|(i, p)| if i == 0 { p } else { p.split_once("*/").unwrap().1 }).collect::<String>()
    };
    // Names of files and the like are no classes.
    let without_strings = |text: String| text.split('"').step_by(2).collect::<String>();
    let sheet = |(name, text)| (name, without_strings(without_comments(text)));
    files(&root().join("style"), ".css").into_iter().map(sheet).collect()
}

fn styled() -> BTreeSet<String> {
    let is_name = |c: char| c.is_ascii_alphanumeric() || c == '-';
    let mut classes = BTreeSet::new();
    for (_, text) in sheets() {
        for rest in text.split('.').skip(1).filter(|r| r.starts_with(|c: char| c.is_ascii_alphabetic())) {
            classes.insert(rest.chars().take_while(|c| is_name(*c)).collect());
        }
    }
    classes
}

#[test]
fn every_class_is_styled_and_every_style_is_used() {
    let (used, styled) = (used(), styled());
    assert!(used.len() > 30, "the search for classes found only {}", used.len());
    assert_eq!(used.difference(&styled).collect::<Vec<_>>(), Vec::<&String>::new(), "used and not styled");
    assert_eq!(styled.difference(&used).collect::<Vec<_>>(), Vec::<&String>::new(), "styled and not used");
}

#[test]
fn colours_are_named_in_the_tokens_only() {
    for (name, text) in sheets().into_iter().filter(|(name, _)| name != "10-tokens.css") {
        for literal in ["#", "rgb(", "hsl(", "oklch(", "light-dark("] {
            assert!(!text.contains(literal), "{name} has a colour of its own ({literal})");
        }
    }
}
