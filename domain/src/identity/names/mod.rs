//! Names of people: parts, particles, titles and order.

use super::nicknames;
use super::person::Level;
use super::text;

/// Words before or after a name that are no part of it.
const TITLES: [&str; 20] = [
    "mr",
    "mrs",
    "ms",
    "miss",
    "mx",
    "dr",
    "prof",
    "professor",
    "sir",
    "dame",
    "herr",
    "frau",
    "monsieur",
    "madame",
    "phd",
    "md",
    "mba",
    "msc",
    "esq",
    "ing",
];

/// Small words of surnames that are left out, joined or written apart.
const PARTICLES: [&str; 30] = [
    "de", "da", "del", "della", "di", "do", "dos", "das", "du", "des", "la", "le", "los", "las", "van", "von", "vom",
    "zu", "zur", "der", "den", "ten", "ter", "af", "av", "al", "el", "bin", "ibn", "bint",
];

/// Words that tell a father from his son.
const GENERATIONS: [(&str, u8); 8] =
    [("sr", 1), ("senior", 1), ("jr", 2), ("jnr", 2), ("junior", 2), ("ii", 2), ("iii", 3), ("iv", 4)];

/// One half of a name, folded.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Part {
    /// Words with one space between.
    words: Box<str>,
    /// Without spaces and particles.
    core: Box<str>,
    /// How the core sounds.
    sound: Box<str>,
    /// The names of which the first word is a form.
    forms: &'static [u16],
}

impl Part {
    fn new(words: &[&str]) -> Self {
        let core: String = words.iter().filter(|w| !PARTICLES.contains(w)).copied().collect();
        // Le, Van and Do are surnames too.
        let core = if core.is_empty() { words.concat() } else { core };
        let forms = words.first().map_or(&[][..], |first| nicknames::lines(first));
        Self { forms, sound: text::sound(&core).into(), core: core.into(), words: words.join(" ").into() }
    }

    /// Nothing is known.
    pub fn is_empty(&self) -> bool {
        self.words.is_empty()
    }

    /// The text whose frequency counts.
    pub fn core(&self) -> &str {
        &self.core
    }

    /// How it sounds.
    pub fn sound(&self) -> &str {
        &self.sound
    }

    /// The first word: the name somebody is called by.
    pub fn first(&self) -> &str {
        self.words.split(' ').next().unwrap_or_default()
    }

    /// Its words.
    pub fn words(&self) -> impl Iterator<Item = &str> {
        self.words.split(' ').filter(|w| !w.is_empty())
    }

    fn is_initials(&self) -> bool {
        !self.is_empty() && self.words().all(|w| w.len() == 1)
    }
}

/// One way to read a name.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Reading {
    /// Given names.
    pub given: Part,
    /// Family names.
    pub surname: Part,
}

/// A person's name: one reading where the parts are known, up to two where only the whole is.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Names {
    readings: Vec<Reading>,
    /// Which part is which was not said.
    is_whole: bool,
    generation: Option<u8>,
    ideographs: Option<Box<str>>,
}

impl std::fmt::Debug for Names {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("[personal]")
    }
}

/// How two names agree.
#[derive(Clone, Copy, Debug)]
pub struct NameAgreement<'a> {
    /// Given names.
    pub given: Level,
    /// Family names.
    pub surname: Level,
    /// One system has the given name where the other has the surname.
    pub exchanged: bool,
    /// The texts compared as given names, and as surnames.
    pub texts: [(&'a str, &'a str); 2],
}

impl<'a> NameAgreement<'a> {
    /// The same from both sides: by it one of several equally good readings is taken.
    fn key(&self) -> (Level, Level, [&'a str; 4]) {
        let [(a, b), (c, d)] = self.texts;
        (self.given, self.surname, [a.min(b), a.max(b), c.min(d), c.max(d)])
    }
}

impl Names {
    /// Reads a name from its parts, or from the whole where there are no parts.
    pub fn parse(given: &str, surname: &str, full: &str) -> Self {
        let mut generation = None;
        let (first, last) = (words(given, &mut generation), words(surname, &mut generation));
        if !first.is_empty() || !last.is_empty() {
            let ideographs = text::ideographs(&format!("{surname}{given}"));
            return Self {
                readings: vec![reading(&refs(&first), &refs(&last))],
                is_whole: false,
                generation,
                ideographs,
            };
        }
        let ideographs = text::ideographs(full);
        // Surname, Given. A comma before Jr. is none.
        if let Some((before, after)) = full.split_once([',', '،', '，']) {
            let (last, first) = (words(before, &mut generation), words(after, &mut generation));
            if !first.is_empty() && !last.is_empty() {
                return Self {
                    readings: vec![reading(&refs(&first), &refs(&last))],
                    is_whole: false,
                    generation,
                    ideographs,
                };
            }
        }
        let all = words(&parted(full), &mut generation);
        Self { readings: readings(&refs(&all)), is_whole: true, generation, ideographs }
    }

    /// The ways to read it; none when there is no name.
    pub fn readings(&self) -> &[Reading] {
        &self.readings
    }

    /// How far two names agree, read the way in which they agree best.
    pub fn agree<'a>(&'a self, other: &'a Self) -> NameAgreement<'a> {
        let mut best = NameAgreement {
            given: Level::Missing,
            surname: Level::Missing,
            exchanged: false,
            texts: [("", ""), ("", "")],
        };
        let mut most = None;
        let is_whole = self.is_whole || other.is_whole;
        for (a, b) in self.readings.iter().flat_map(|a| other.readings.iter().map(move |b| (a, b))) {
            let straight = pair(a, b);
            let is_doubtful = straight.given.min(straight.surname) <= Level::Similar;
            let handicap = if is_whole { 1 } else { 4 };
            let other_order = is_doubtful.then(|| (crossed(a, b), handicap));
            for (agreement, handicap) in std::iter::once((straight, 0)).chain(other_order) {
                let rank = Some((strength(agreement.given) + strength(agreement.surname) - handicap, agreement.key()));
                if rank > most {
                    most = rank;
                    best = NameAgreement { exchanged: agreement.exchanged && !is_whole, ..agreement };
                }
            }
        }
        self.contradict(other, &mut best);
        best
    }

    /// What stands beside the words: a generation, and the characters behind a transliteration.
    fn contradict(&self, other: &Self, best: &mut NameAgreement<'_>) {
        if let (Some(a), Some(b)) = (self.generation, other.generation)
            && a != b
        {
            best.given = best.given.min(Level::Different);
        }
        if let (Some(a), Some(b)) = (&self.ideographs, &other.ideographs)
            && a != b
        {
            best.given = best.given.min(Level::Similar);
            best.surname = best.surname.min(Level::Similar);
        }
    }
}

/// For choosing between readings. A part that is missing is better than one that contradicts.
fn strength(level: Level) -> i32 {
    match level {
        Level::Different => 0,
        Level::Missing => 1,
        Level::Similar => 2,
        Level::Initial => 4,
        Level::Part => 5,
        Level::Typo => 6,
        Level::Short => 7,
        Level::Rewritten => 8,
        Level::Same => 9,
    }
}

fn pair<'a>(a: &'a Reading, b: &'a Reading) -> NameAgreement<'a> {
    NameAgreement {
        given: parts(&a.given, &b.given, true),
        surname: parts(&a.surname, &b.surname, false),
        exchanged: false,
        texts: [(a.given.core(), b.given.core()), (a.surname.core(), b.surname.core())],
    }
}

fn crossed<'a>(a: &'a Reading, b: &'a Reading) -> NameAgreement<'a> {
    let one = (parts(&a.given, &b.surname, false), (a.given.core(), b.surname.core()));
    let two = (parts(&a.surname, &b.given, false), (a.surname.core(), b.given.core()));
    // The better pair stands for the given name, whichever side is asked first.
    let key = |pair: &(Level, (&'a str, &'a str))| (pair.0, pair.1.0.min(pair.1.1), pair.1.0.max(pair.1.1));
    let (given, surname) = if key(&one) >= key(&two) { (one, two) } else { (two, one) };
    NameAgreement { given: given.0, surname: surname.0, exchanged: true, texts: [given.1, surname.1] }
}

/// How far two halves of names agree.
fn parts(a: &Part, b: &Part, is_given: bool) -> Level {
    if a.is_empty() || b.is_empty() {
        return Level::Missing;
    }
    if a.core == b.core {
        return if a.words == b.words { Level::Same } else { Level::Rewritten };
    }
    if a.is_initials() || b.is_initials() {
        let is_one = a.first().as_bytes().first() == b.first().as_bytes().first();
        return if is_one { Level::Initial } else { Level::Different };
    }
    if a.sound == b.sound && a.sound.len() >= 3 {
        return Level::Rewritten;
    }
    let is_some_longer = a.words.contains(' ') || b.words.contains(' ');
    if is_some_longer && is_subset(a, b) {
        return Level::Part;
    }
    let shortest = a.core.len().min(b.core.len());
    let is_prefix = shortest >= 3 && (a.core.starts_with(&*b.core) || b.core.starts_with(&*a.core));
    if is_given
        && (a.forms.iter().any(|name| b.forms.contains(name)) || is_prefix && a.core.len().abs_diff(b.core.len()) > 1)
    {
        return Level::Short;
    }
    let (typo, similar) = match shortest {
        0..=2 => (0, 0),
        3 => (0, 1),
        4..=5 => (1, 2),
        6..=7 => (1, 3),
        _ => (2, 4),
    };
    match text::slips(&a.core, &b.core, similar) {
        Some(n) if n <= typo => Level::Typo,
        Some(_) => Level::Similar,
        None if is_some_longer && shares_word(a, b) => Level::Similar,
        None if is_prefix || has_same_bones(a, b) => Level::Similar,

        None => Level::Different,
    }
}

/// Only vowels differ.
fn has_same_bones(a: &Part, b: &Part) -> bool {
    let is_long = a.sound.len().min(b.sound.len()) >= 4;
    is_long && a.sound.as_bytes()[0] == b.sound.as_bytes()[0] && text::bones(&a.sound) == text::bones(&b.sound)
}

/// Every word of the shorter one is in the longer one.
fn is_subset(a: &Part, b: &Part) -> bool {
    let (short, long) = if a.words.len() <= b.words.len() { (a, b) } else { (b, a) };
    short.words().filter(|w| !PARTICLES.contains(w)).all(|w| long.words().any(|l| l == w))
}

fn shares_word(a: &Part, b: &Part) -> bool {
    a.words().any(|w| w.len() > 2 && !PARTICLES.contains(&w) && b.words().any(|l| l == w))
}

fn refs(words: &[String]) -> Vec<&str> {
    words.iter().map(String::as_str).collect()
}

fn reading(given: &[&str], surname: &[&str]) -> Reading {
    Reading { given: Part::new(given), surname: Part::new(surname) }
}

/// The whole name with its last word as surname (and the particles before it), and with everything but the first word.
fn readings(all: &[&str]) -> Vec<Reading> {
    match all.len() {
        0 => Vec::new(),
        1 => vec![reading(all, &[])],
        n => {
            let mut cut = n - 1;
            while cut > 1 && PARTICLES.contains(&all[cut - 1]) {
                cut -= 1;
            }
            let last = reading(&all[..cut], &all[cut..]);
            if cut == 1 { vec![last] } else { vec![last, reading(&all[..1], &all[1..])] }
        }
    }
}

/// Korean names are written without a space; nearly all surnames are one syllable.
fn parted(full: &str) -> String {
    let is_hangul = |c: char| matches!(c, '\u{ac00}'..='\u{d7a3}');
    let mut letters = full.trim().chars();
    match letters.next() {
        Some(first) if full.trim().chars().all(is_hangul) => format!("{first} {}", letters.as_str()),
        _ => full.to_owned(),
    }
}

/// The folded words of a name without titles; a generation is taken out of them.
fn words(raw: &str, generation: &mut Option<u8>) -> Vec<String> {
    let folded = text::fold(raw);
    let mut kept: Vec<String> = Vec::new();
    let count = folded.split(' ').count();
    for (n, word) in folded.split(' ').filter(|w| !w.is_empty()).enumerate() {
        if count > 1 && TITLES.contains(&word) {
            continue;
        }
        let found = GENERATIONS.iter().find(|(name, _)| *name == word);
        if let Some((_, number)) = found
            && (n > 0 || count == 1 && word.len() == 2)
        {
            *generation = Some(*number);
            continue;
        }
        // Mc Donald, O Neil.
        match kept.last_mut() {
            Some(last) if matches!(last.as_str(), "mc" | "mac" | "o") => last.push_str(word),
            _ => kept.push(word.to_owned()),
        }
    }
    kept
}

#[cfg(test)]
mod tests;
