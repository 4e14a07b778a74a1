//! Near misses: names that were probably meant.

use std::collections::HashSet;

/// How two different names resemble each other, for a hint to a person; never used to act.
pub fn is_near(a: &str, b: &str) -> bool {
    if a == b {
        return false;
    }
    let (a, b) = (folded(a), folded(b));
    if a == b {
        return true;
    }
    let (short, long) = minmax(a.chars().count(), b.chars().count());
    // Two letters in a word of five would make "Java" near "Rust".
    let allowed = if short < 4 {
        0
    } else if short < 6 {
        1
    } else {
        2
    };
    long - short <= allowed && strsim::osa_distance(&a, &b) <= allowed
}

/// Up to three of `known` that `wanted` may have meant, best first: for "unknown stage; did you mean …?".
pub fn nearest<'a>(wanted: &str, known: impl IntoIterator<Item = &'a str>) -> Vec<String> {
    let folded_wanted = folded(wanted);
    let mut seen = HashSet::new();
    let mut scored: Vec<(f64, &str)> = known
        .into_iter()
        .filter(|k| seen.insert(*k))
        .map(|k| (strsim::jaro_winkler(&folded_wanted, &folded(k)), k))
        .filter(|(score, _)| *score >= 0.75)
        .collect();
    scored.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(b.1)));
    scored.into_iter().take(3).map(|(_, k)| k.to_owned()).collect()
}

fn folded(name: &str) -> String {
    name.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

fn minmax(a: usize, b: usize) -> (usize, usize) {
    if a <= b { (a, b) } else { (b, a) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_spaces_and_one_or_two_letters_are_near() {
        for near in ["backend screen", "Backend  screen ", "Backend scren", "Bakend screeen"] {
            assert!(is_near(near, "Backend screen"), "{near:?}");
        }
        for far in ["Backend screen", "Frontend screen", "Data screen", "Screen", ""] {
            assert!(!is_near(far, "Backend screen"), "{far:?}");
        }
        assert!(!is_near("SQL", "SQS"), "too short to tell");
    }

    #[test]
    fn the_nearest_comes_first() {
        let stages = ["Phone Screen", "Phone Screen Passed", "On-site"];
        assert_eq!(nearest("Phone Screen Pased", stages)[0], "Phone Screen Passed");
        assert!(nearest("zzz", stages).is_empty());
    }
}
