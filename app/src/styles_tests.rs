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

fn used() -> BTreeSet<String> {
    let mut classes = BTreeSet::new();
    for (_, text) in files(&root().join("app/src"), ".rs") {
        for list in quoted(&text, "class=\"").chain(quoted(&text, "=> \"pill ")).chain(quoted(&text, "=> \"banner ")) {
            classes.extend(list.split_whitespace().map(str::to_owned));
        }
    }
    classes.extend(["pill", "banner"].map(str::to_owned));
    classes
}

fn sheets() -> Vec<(String, String)> {
    let without_comments = |text: String| {
        let pieces = text.split("/*").enumerate();
        pieces.map(|(i, p)| if i == 0 { p } else { p.split_once("*/").unwrap().1 }).collect::<String>()
    };
    files(&root().join("style"), ".css").into_iter().map(|(name, text)| (name, without_comments(text))).collect()
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
