//! What applying a file changes, for people.

use std::collections::BTreeMap;

use domain::rules::Rules;

use super::export::{from_rules, sections};

/// The difference, a line each: `+` added, `-` removed, `~` changed sections, and below them the settings.
pub fn rules(before: Option<&Rules>, after: &Rules) -> Vec<String> {
    let old = before.map(named_sections).unwrap_or_default();
    let new = named_sections(after);
    let mut out = Vec::new();
    for (name, lines) in &new {
        match old.iter().find(|(n, _)| n == name) {
            None => {
                out.push(format!("+ {name}"));
                out.extend(lines.iter().map(|(key, value)| format!("    {key} = {value}")));
            }
            Some((_, earlier)) => {
                let changes = settings(earlier, lines);
                if !changes.is_empty() {
                    out.push(format!("~ {name}"));
                    out.extend(changes);
                }
            }
        }
    }
    let gone = old.iter().filter(|(name, _)| !new.iter().any(|(n, _)| n == name));
    out.extend(gone.map(|(name, _)| format!("- {name}")));
    if out.is_empty() && before.is_some_and(|b| b != after) {
        out.push("~ names in Lever or at a vendor, or the order of the rows".to_owned());
    }
    out
}

fn settings(before: &[(&'static str, String)], after: &[(&'static str, String)]) -> Vec<String> {
    let (old, new): (BTreeMap<_, _>, BTreeMap<_, _>) =
        (before.iter().cloned().collect(), after.iter().cloned().collect());
    let mut out: Vec<String> = Vec::new();
    for (key, value) in after {
        match old.get(key) {
            None => out.push(format!("  + {key} = {value}")),
            Some(earlier) if earlier != value => out.push(format!("  ~ {key} = {earlier} -> {value}")),
            Some(_) => {}
        }
    }
    out.extend(before.iter().filter(|(key, _)| !new.contains_key(key)).map(|(key, v)| format!("  - {key} = {v}")));
    out
}

type Named = Vec<(String, Vec<(&'static str, String)>)>;

/// Sections under names that stay when a setting changes: vendors by id, trigger stages by stage, vendor and postings.
fn named_sections(rules: &Rules) -> Named {
    let mut vendors = rules.vendors.iter();
    let mut triggers = rules.triggers.iter();
    let name = |heading: String| match heading.as_str() {
        "[[vendor]]" => vendors.next().map_or(heading, |v| format!("vendor {}", v.id)),
        "[[trigger_stage]]" => triggers.next().map_or(heading, |t| {
            let mut postings: Vec<&str> = t.postings.iter().map(|p| p.name.as_str()).collect();
            postings.sort_unstable();
            let only = if postings.is_empty() { String::new() } else { format!(", only {}", postings.join(", ")) };
            format!("trigger stage {:?}, vendor {}{only}", t.stage.name, t.vendor)
        }),
        other => other.trim_matches(['[', ']']).to_owned(),
    };
    let mut name = name;
    sections(&from_rules(rules)).into_iter().map(|(heading, lines)| (name(heading), lines)).collect()
}
