//! Postal addresses: street and house number, town, postcode, region.

use super::person::Level;
use super::text;

/// Words of streets by which one writes the other. Both sides fall together, so it need not be the only meaning.
const SHORT: &[(&str, &str)] = &[
    ("st", "street"),
    ("str", "strasse"),
    ("rd", "road"),
    ("ave", "avenue"),
    ("av", "avenue"),
    ("avda", "avenida"),
    ("blvd", "boulevard"),
    ("bd", "boulevard"),
    ("dr", "drive"),
    ("ln", "lane"),
    ("ct", "court"),
    ("cct", "circuit"),
    ("cr", "crescent"),
    ("cres", "crescent"),
    ("cl", "close"),
    ("pl", "place"),
    ("sq", "square"),
    ("ter", "terrace"),
    ("tce", "terrace"),
    ("pde", "parade"),
    ("hwy", "highway"),
    ("pkwy", "parkway"),
    ("gr", "grove"),
    ("gdns", "gardens"),
    ("mt", "mount"),
    ("pza", "piazza"),
    ("plz", "plaza"),
    ("ul", "ulica"),
    ("n", "north"),
    ("s", "south"),
    ("e", "east"),
    ("w", "west"),
];

/// Words that only introduce a number.
const INTRODUCING: [&str; 10] = ["apt", "apartment", "flat", "unit", "no", "nr", "number", "suite", "floor", "villa"];

/// A street with its numbers apart, since they are written before or after it.
#[derive(Clone, PartialEq, Eq)]
pub struct Street {
    /// Words and numbers: the same for all spellings.
    whole: Box<str>,
    /// Without spaces.
    name: Box<str>,
    numbers: Box<str>,
}

impl std::fmt::Debug for Street {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("[personal]")
    }
}

impl Street {
    /// Reads a street; nothing when no letter and no digit is left.
    pub fn parse(raw: &str) -> Option<Self> {
        let folded = text::fold(raw);
        let (mut name, mut numbers) = (String::new(), String::new());
        for word in folded.split(' ').filter(|w| !w.is_empty() && !INTRODUCING.contains(w)) {
            if word.starts_with(|c: char| c.is_ascii_digit()) {
                push_word(&mut numbers, word.trim_start_matches('0'));
                continue;
            }
            // Hauptstr. is Hauptstrasse.
            let long = match word.strip_suffix("str") {
                Some(stem) if !stem.is_empty() => format!("{stem}strasse"),
                _ => SHORT.iter().find(|(short, _)| *short == word).map_or(word, |(_, long)| *long).to_owned(),
            };
            push_word(&mut name, &long);
        }
        let whole = format!("{name} {numbers}").into();
        (!folded.is_empty()).then(|| Self { whole, name: name.replace(' ', "").into(), numbers: numbers.into() })
    }

    /// The whole as one text, the same for all its spellings.
    pub fn as_str(&self) -> &str {
        &self.whole
    }

    /// How far two streets agree.
    pub fn agree(&self, other: &Self) -> Level {
        if self.name.is_empty() != other.name.is_empty() {
            return if self.numbers == other.numbers { Level::Part } else { Level::Different };
        }
        let most = if self.name.len().min(other.name.len()) < 6 { 1 } else { 2 };
        let is_name = self.name == other.name;
        let is_near = is_name || text::slips(&self.name, &other.name, most).is_some();
        if !is_near {
            return Level::Different;
        }
        let (one, two) = (self.numbers.split(' ').next(), other.numbers.split(' ').next());
        match (is_name, self.numbers == other.numbers) {
            (true, true) if self.whole == other.whole => Level::Same,
            (_, true) => Level::Typo,
            (true, false) if one == two => Level::Typo,
            (true, false) if self.numbers.is_empty() || other.numbers.is_empty() => Level::Part,
            (_, false) => Level::Similar,
        }
    }
}

fn push_word(text: &mut String, word: &str) {
    if !text.is_empty() {
        text.push(' ');
    }
    text.push_str(word);
}

/// A postcode: letters and digits without spaces, nothing when empty.
pub fn postcode(raw: &str) -> Option<Box<str>> {
    let code = text::fold(raw).replace(' ', "");
    // What a spreadsheet made of 04103.
    let code = code.trim_start_matches('0');
    (!code.is_empty()).then(|| code.into())
}

/// How far two postcodes agree.
pub fn postcodes(a: &str, b: &str) -> Level {
    if a == b {
        return Level::Same;
    }
    let (short, long) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    // ZIP and ZIP+4; the outward part of a British postcode.
    if short.len() >= 3 && short.len() + 2 < long.len() && long.starts_with(short) {
        return Level::Part;
    }
    if short.len() >= 4 && text::slips(a, b, 1).is_some() {
        return Level::Typo;
    }
    Level::Different
}

/// A town.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Town {
    /// Without spaces.
    name: Box<str>,
    sound: Box<str>,
}

impl Town {
    /// Reads a town; an empty one says nothing.
    pub fn parse(raw: &str) -> Self {
        let name = text::fold(raw).replace(' ', "");
        Self { sound: text::sound(&name).into(), name: name.into() }
    }

    /// Folded, without spaces.
    pub fn as_str(&self) -> &str {
        &self.name
    }

    /// How far two towns agree.
    pub fn agree(&self, other: &Self) -> Level {
        let (a, b) = (&*self.name, &*other.name);
        if a == b {
            return Level::Same;
        }
        if self.sound == other.sound {
            return Level::Rewritten;
        }
        let shortest = a.len().min(b.len());
        if shortest >= 4 && text::slips(a, b, if shortest >= 8 { 2 } else { 1 }).is_some() {
            return Level::Typo;
        }
        // Frankfurt and Frankfurt am Main.
        if shortest >= 4 && (a.starts_with(b) || b.starts_with(a)) {
            return Level::Part;
        }
        Level::Different
    }
}

/// How far two regions agree: short ones are codes, where one letter makes another region.
pub fn regions(a: &str, b: &str) -> Level {
    if a == b {
        Level::Same
    } else if a.len() >= 5 && b.len() >= 5 && text::slips(a, b, 1).is_some() {
        Level::Typo
    } else {
        let initials = |s: &str| s.split(' ').filter_map(|w| w.chars().next()).collect::<String>();
        let is_short = |short: &str, long: &str| short.len() >= 2 && long.contains(' ') && initials(long) == short;
        if is_short(a, b) || is_short(b, a) { Level::Short } else { Level::Different }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn streets_agree_by_level() {
        for (a, b, level) in [
            ("12 Main St.", "Main Street 12", Level::Same),
            ("Hauptstraße 5", "Hauptstr. 5", Level::Same),
            ("Apt 4, 12 Main Street", "4/12 Main St", Level::Same),
            ("8 stanley street", "8 stanleys treet", Level::Typo),
            ("8 stanley street", "8 stanlei street", Level::Typo),
            ("12 Main Street Apt 4", "12 Main Street", Level::Typo),
            ("12 Main Street", "Main Street", Level::Part),
            ("12 Main Street", "12", Level::Part),
            ("12 Main Street", "14 Main Street", Level::Similar),
            ("12 Main Street", "12 Oak Road", Level::Different),
        ] {
            let (a, b) = (Street::parse(a).unwrap(), Street::parse(b).unwrap());
            assert_eq!(a.agree(&b), level, "{} {}", a.as_str(), b.as_str());
            assert_eq!(b.agree(&a), level);
        }
        assert!(Street::parse(" – ").is_none());
    }

    #[test]
    fn postcodes_towns_and_regions_agree_by_level() {
        assert_eq!(postcode("sw1a 1aa").as_deref(), Some("sw1a1aa"));
        assert_eq!(postcode("04103"), postcode("4103"));
        assert_eq!(postcodes("2135", "2153"), Level::Typo);
        assert_eq!(postcodes("94107", "941071234"), Level::Part);
        assert_eq!(postcodes("2135", "9000"), Level::Different);
        assert_eq!(Town::parse("muenchen").agree(&Town::parse("munchen")), Level::Rewritten);
        assert_eq!(Town::parse("frankfurt").agree(&Town::parse("frankfurt am main")), Level::Part);
        assert_eq!(Town::parse("winston hills").agree(&Town::parse("winston hlils")), Level::Typo);
        assert_eq!(Town::parse("ulm").agree(&Town::parse("uim")), Level::Different);
        assert_eq!(regions("nsw", "new south wales"), Level::Short);
        assert_eq!(regions("nsw", "nsa"), Level::Different);
    }
}
