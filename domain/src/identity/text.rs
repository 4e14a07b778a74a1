//! Text made comparable: one alphabet, one case, no decoration; and distances between words.

use unicode_normalization::UnicodeNormalization as _;

/// Longer values are not names or addresses of people; they are treated as missing, so that nothing that was cut off can agree.
pub const LONGEST: usize = 256;

/// Compatibility forms composed (Unicode NFKC), lower case, Latin letters and digits; apostrophes are gone, everything else
/// that is no letter or digit is one space. Emoji, marks of direction and control characters say nothing about a person.
pub fn fold(raw: &str) -> String {
    if is_too_long(raw) {
        return String::new();
    }
    if raw.is_ascii() {
        return squeeze(&raw.to_ascii_lowercase());
    }
    let kept: String = raw.nfkc().filter(|c| is_kept(*c)).collect();
    squeeze(&deunicode::deunicode(&kept.to_lowercase()).to_ascii_lowercase())
}

/// More characters than a value of a person has.
pub fn is_too_long(raw: &str) -> bool {
    raw.len() > LONGEST && raw.chars().nth(LONGEST).is_some()
}

/// A transliteration would put emoji into English words.
fn is_kept(c: char) -> bool {
    c.is_alphanumeric() || c.is_ascii_graphic() || c.is_whitespace() || matches!(c, '’' | '‐'..='―' | '·' | '・' | '،')
}

fn squeeze(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_ascii_alphanumeric() {
            out.push(c);
        } else if !matches!(c, '\'' | '`') && !out.is_empty() && !out.ends_with(' ') {
            out.push(' ');
        }
    }
    out.truncate(out.trim_end().len());
    out
}

/// Letters of Chinese, Japanese and Korean as they were written. Several characters share one transliteration, so equal Latin
/// forms of different characters are no agreement.
pub fn ideographs(raw: &str) -> Option<Box<str>> {
    if raw.is_ascii() || is_too_long(raw) {
        return None;
    }
    let kept: String =
        raw.nfkc().filter(|c| matches!(c, '\u{3040}'..='\u{9fff}' | '\u{20000}'..='\u{323af}')).collect();
    (!kept.is_empty()).then(|| kept.into())
}

/// How a folded word sounds, roughly: spellings of one name that differ by language or habit fall together (Müller, Mueller;
/// Sergey, Sergei; Kristina, Christina; Philipp, Filip). Our own rules, coarser than Metaphone and not tied to English.
pub fn sound(word: &str) -> String {
    let b = word.as_bytes();
    let mut out = String::with_capacity(b.len());
    let mut i = 0;
    while i < b.len() {
        let next = b.get(i + 1).copied().unwrap_or(b' ');
        let (heard, read) = match (b[i], next) {
            (b'p', b'h') => ("f", 2),
            (b'a', b'e') => ("a", 2),
            (b'o', b'e') => ("o", 2),
            (b'u', b'e') => ("u", 2),
            (b's', b'c') if b.get(i + 2) == Some(&b'h') => ("s", 3),
            (b's', b'h') => ("s", 2),
            (b'c', b'e' | b'i' | b'y') => ("s", 1),
            (b'c' | b'k', b'h' | b'k') | (b'c' | b'q', _) => ("k", if matches!(next, b'h' | b'k') { 2 } else { 1 }),
            (b'd', b't') | (b't', b'h') => ("t", 2),
            (b't', b'z') => ("s", 2),
            (b'x', _) => ("ks", 1),
            (b'z', _) => ("s", 1),
            (b'w', _) => ("v", 1),
            (b'y' | b'j', _) => ("i", 1),
            (b'h', _) if i > 0 => ("", 1),
            _ => (&word[i..=i], 1),
        };
        if !heard.is_empty() && !out.ends_with(heard) {
            out.push_str(heard);
        }
        i += read;
    }
    out
}

/// The consonants of a sound and its first letter: what is left of a name across alphabets that write no vowels.
pub fn bones(sound: &str) -> String {
    let mut out = String::with_capacity(sound.len());
    for (i, c) in sound.char_indices() {
        if (i == 0 || !matches!(c, 'a' | 'e' | 'i' | 'o' | 'u')) && !out.ends_with(c) {
            out.push(c);
        }
    }
    out
}

/// A number for a text, the same on every machine and in every version (FNV-1a, 64 bits): indexes and counts are kept by it.
pub fn hash(kind: char, text: &str) -> u64 {
    let mut hash = 0xcbf2_9ce4_8422_2325_u64 ^ u64::from(kind);
    for byte in text.bytes() {
        hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    }
    // Bits of FNV mix upwards only; tables look at the lower ones.
    hash ^ (hash >> 32)
}

/// Slips of the keys between two folded texts: letters left out, added, changed, or two neighbours exchanged (optimal string
/// alignment); nothing when there are more than `most`. Most pairs are refused by counting letters.
pub fn slips(a: &str, b: &str, most: usize) -> Option<usize> {
    if a == b {
        return Some(0);
    }
    if a.len().abs_diff(b.len()) > most {
        return None;
    }
    let mut letters = [0_i16; 64];
    for byte in a.bytes() {
        letters[usize::from(byte & 63)] += 1;
    }
    for byte in b.bytes() {
        letters[usize::from(byte & 63)] -= 1;
    }
    let apart: i16 = letters.iter().map(|n| n.abs()).sum();
    // A changed letter shows twice, a missing one once.
    if usize::from(apart.unsigned_abs()) > 2 * most {
        return None;
    }
    let distance = strsim::osa_distance(a, b);
    (distance <= most).then_some(distance)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_of_any_script_becomes_latin_words() {
        for (raw, folded) in [
            ("  José  GARCÍA ", "jose garcia"),
            ("Ｆｕｌｌ ｗｉｄｔｈ", "full width"),
            ("ﬁne", "fine"),
            ("O’Neil", "oneil"),
            ("Anne-Marie", "anne marie"),
            ("Straße", "strasse"),
            ("Łukasz Żółć", "lukasz zolc"),
            ("Сергей", "sergei"),
            ("Γιώργος", "giorgos"),
            ("王小明", "wang xiao ming"),
            ("김민수", "gimminsu"),
            ("\u{202e}Ada\u{202c} 👩\u{200d}💻", "ada"),
            ("👍", ""),
            ("e\u{301}", "e"),
            ("", ""),
        ] {
            assert_eq!(fold(raw), folded, "{raw:?}");
        }
        assert!(!fold("محمد").is_empty() && !fold("משה").is_empty());
        assert_eq!(fold(&"x".repeat(LONGEST + 1)), "", "what is too long is missing");
    }

    #[test]
    fn spellings_of_one_name_sound_the_same() {
        for (a, b) in [
            ("mueller", "muller"),
            ("sergey", "sergei"),
            ("christina", "kristina"),
            ("philipp", "filip"),
            ("schmidt", "schmit"),
            ("yuliya", "iuliia"),
            ("thomas", "tomas"),
        ] {
            assert_eq!(sound(a), sound(b), "{a} {b}");
        }
        assert_ne!(sound("maria"), sound("mario"));
        assert_eq!(bones(&sound("mohammed")), bones(&sound("muhamad")));
    }

    #[test]
    fn slips_are_counted_up_to_a_limit() {
        assert_eq!(slips("coleman", "colemna", 1), Some(1));
        assert_eq!(slips("reid", "raid", 1), Some(1));
        assert_eq!(slips("abc", "abc", 0), Some(0));
        assert_eq!(slips("painter", "plumber", 2), None);
        assert_eq!(slips("", "abc", 2), None);
    }

    #[test]
    fn ideographs_are_kept_apart_from_their_sound() {
        assert_eq!(ideographs("王 Wang").as_deref(), Some("王"));
        assert_eq!(ideographs("José"), None);
    }
}
