//! The rules behind searched lists and keys, apart from the browser so that they can be tested.

/// Whether a text has every word that was typed, in any order and case.
pub fn matches(text: &str, typed: &str) -> bool {
    let text = text.to_lowercase();
    typed.split_whitespace().all(|word| text.contains(&word.to_lowercase()))
}

/// The next of `count` places, from `now` in steps of `by`; around the ends. None while there are no places.
pub fn next(count: usize, now: Option<usize>, by: isize) -> Option<usize> {
    let now = match (now, by < 0) {
        (Some(now), _) => now.checked_add_signed(by).filter(|n| *n < count),
        (None, _) => None,
    };
    let wrapped = if by < 0 { count.checked_sub(1) } else { (count > 0).then_some(0) };
    now.or(wrapped)
}

/// What a pressed key means to the chords of a page.
#[derive(Debug, PartialEq, Eq)]
pub enum Press {
    /// It completes these keys.
    Done(String),
    /// More keys may follow.
    Begun(String),
    /// Nothing.
    Nothing,
}

/// Reads a key after those that were pressed before. `known` are all keys of the page, such as `g h` and `?`.
pub fn press(before: &str, key: &str, known: &[String]) -> Press {
    let long = format!("{before} {key}");
    for keys in [long.trim_start(), key] {
        if known.iter().any(|k| k == keys) {
            return Press::Done(keys.to_owned());
        }
        if known.iter().any(|k| k.strip_prefix(keys).is_some_and(|rest| rest.starts_with(' '))) {
            return Press::Begun(keys.to_owned());
        }
    }
    Press::Nothing
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_is_searched_by_words() {
        assert!(matches("Backend Engineer (Berlin)", "ber ENG"));
        assert!(matches("anything", "  "));
        assert!(!matches("Backend Engineer", "back office"));
    }

    #[test]
    fn places_go_around() {
        assert_eq!(next(3, None, 1), Some(0));
        assert_eq!(next(3, None, -1), Some(2));
        assert_eq!(next(3, Some(2), 1), Some(0));
        assert_eq!(next(3, Some(0), -1), Some(2));
        assert_eq!(next(0, None, 1), None);
    }

    #[test]
    fn chords_are_read_key_by_key() {
        let known: Vec<String> = ["g h", "g c", "?", "h"].map(str::to_owned).into();
        assert_eq!(press("", "g", &known), Press::Begun("g".into()));
        assert_eq!(press("g", "h", &known), Press::Done("g h".into()));
        assert_eq!(press("", "h", &known), Press::Done("h".into()));
        assert_eq!(press("g", "?", &known), Press::Done("?".into()));
        assert_eq!(press("g", "g", &known), Press::Begun("g".into()));
        assert_eq!(press("g", "x", &known), Press::Nothing);
    }
}
