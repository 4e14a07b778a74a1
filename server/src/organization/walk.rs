//! Reading a TOML document by hand: every value keeps its line, and one wrong value does not hide the next.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fmt;
use std::ops::Range;

use domain::near::nearest;
use domain::rules::{MadeHook, SecretSource};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// What is wrong with an organization's file, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// The file.
    pub file: String,
    /// The line, from 1; 0 where the file as a whole is meant.
    pub line: usize,
    /// What is wrong and what to write.
    pub what: String,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            0 => write!(f, "{}: {}", self.file, self.what),
            line => write!(f, "{}:{line}: {} (line {line})", self.file, self.what),
        }
    }
}

/// Where the settings of a file are, by their path (`lever.api_key`, `trigger_stage.0.stage`).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lines {
    file: String,
    by_path: BTreeMap<String, usize>,
}

impl Lines {
    /// A refusal at the line of `path`, or of the section it is in.
    pub fn refuse(&self, path: &str, what: impl Into<String>) -> Refusal {
        let mut at = path;
        let line = loop {
            if let Some(line) = self.by_path.get(at) {
                break *line;
            }
            match at.rsplit_once('.') {
                Some((outer, _)) => at = outer,
                None => break 0,
            }
        };
        Refusal { file: self.file.clone(), line, what: what.into() }
    }
}

/// A document under way.
pub(super) struct Walk<'a> {
    text: &'a str,
    lines: RefCell<Lines>,
    refusals: RefCell<Vec<Refusal>>,
}

impl<'a> Walk<'a> {
    pub(super) fn new(file: &str, text: &'a str) -> Self {
        let lines = Lines { file: file.to_owned(), by_path: BTreeMap::new() };
        Self { text, lines: RefCell::new(lines), refusals: RefCell::new(Vec::new()) }
    }

    pub(super) fn line(&self, span: &Range<usize>) -> usize {
        let before = self.text.get(..span.start).unwrap_or(self.text);
        before.bytes().filter(|b| *b == b'\n').count() + 1
    }

    pub(super) fn refuse_at(&self, line: usize, what: impl Into<String>) {
        let file = self.lines.borrow().file.clone();
        self.refusals.borrow_mut().push(Refusal { file, line, what: what.into() });
    }

    /// Refuses the setting at `path`.
    pub(super) fn refuse(&self, path: &str, what: &str) {
        let refusal = self.lines.borrow().refuse(path, format!("{path}: {what}"));
        self.refusals.borrow_mut().push(refusal);
    }

    fn note(&self, path: &str, span: &Range<usize>) {
        self.lines.borrow_mut().by_path.insert(path.to_owned(), self.line(span));
    }

    /// The value, if nothing was refused; all refusals by line otherwise.
    pub(super) fn finish<T>(self, value: Option<T>) -> Result<(T, Lines), Vec<Refusal>> {
        let mut refusals = self.refusals.into_inner();
        match value {
            Some(value) if refusals.is_empty() => Ok((value, self.lines.into_inner())),
            _ => {
                refusals.sort_by(|a, b| (a.line, &a.what).cmp(&(b.line, &b.what)));
                refusals.dedup();
                Err(refusals)
            }
        }
    }
}

/// A table of the document. Its path is for people: `vendor.1` is the second `[[vendor]]`.
pub(super) struct Section<'a> {
    walk: &'a Walk<'a>,
    pub(super) path: String,
    table: &'a DeTable<'a>,
}

impl<'a> Section<'a> {
    pub(super) fn root(walk: &'a Walk<'a>, table: &'a DeTable<'a>) -> Self {
        Self { walk, path: String::new(), table }
    }

    pub(super) fn at(&self, key: &str) -> String {
        if self.path.is_empty() { key.to_owned() } else { format!("{}.{key}", self.path) }
    }

    pub(super) fn refuse(&self, key: &str, what: &str) {
        self.walk.refuse(&self.at(key), what);
    }

    /// Refuses what is not in `known`; `later` may say that a key is not available yet.
    pub(super) fn allow(&self, known: &[&str], later: impl Fn(&str) -> Option<String>) {
        for (key, _) in self.table {
            let name = key.get_ref().as_ref();
            if known.contains(&name) {
                continue;
            }
            let what = later(name).unwrap_or_else(|| {
                let near = nearest(name, known.iter().copied());
                match near.first() {
                    Some(first) => format!("unknown key, did you mean {first}?"),
                    None => format!("unknown key; here may be {}", known.join(", ")),
                }
            });
            self.walk.refuse_at(self.walk.line(&key.span()), format!("{}: {what}", self.at(name)));
        }
    }

    fn get(&self, key: &str) -> Option<&'a Spanned<DeValue<'a>>> {
        let (name, value) = self.table.get_key_value(key)?;
        self.walk.note(&self.at(key), &name.span());
        Some(value)
    }

    fn wanted<T>(&self, key: &str, what: &str, read: impl Fn(&'a DeValue<'a>) -> Option<T>) -> Option<T> {
        let value = self.get(key)?.get_ref();
        let read = read(value);
        if read.is_none() {
            self.refuse(key, what);
        }
        read
    }

    /// Whether the key is there, right or wrong.
    pub(super) fn has(&self, key: &str) -> bool {
        self.table.contains_key(key)
    }

    /// Refuses a key that is missing.
    pub(super) fn require(&self, key: &str, example: &str) {
        if !self.has(key) {
            let what = format!("is missing; write {key} = {example}");
            if self.path.is_empty() {
                self.walk.refuse_at(0, format!("{key}: {what}"));
            } else {
                self.refuse(key, &what);
            }
        }
    }

    /// A text; surrounding white space is refused, because names are compared exactly.
    pub(super) fn text(&self, key: &str) -> Option<String> {
        let text = self.wanted(key, "must be a text in quotes", DeValue::as_str)?;
        if text.trim().is_empty() {
            self.refuse(key, "must not be blank; write a value or leave the line out");
            return None;
        }
        if text.trim() != text {
            self.refuse(key, "has white space at an end; remove it");
            return None;
        }
        Some(text.to_owned())
    }

    /// A text that must be there.
    pub(super) fn required(&self, key: &str, example: &str) -> Option<String> {
        self.require(key, example);
        self.text(key)
    }

    /// A text that `parse` understands.
    pub(super) fn parsed<T>(&self, key: &str, parse: impl Fn(&str) -> Result<T, String>) -> Option<T> {
        let text = self.text(key)?;
        parse(&text).map_err(|what| self.refuse(key, &what)).ok()
    }

    pub(super) fn boolean(&self, key: &str) -> Option<bool> {
        self.wanted(key, "must be true or false", DeValue::as_bool)
    }

    pub(super) fn number(&self, key: &str) -> Option<f64> {
        self.wanted(key, "must be a finite number, for example 80", number)
    }

    /// A list of two numbers.
    pub(super) fn pair(&self, key: &str) -> Option<(f64, f64)> {
        self.wanted(key, "must be a list of two finite numbers, for example [0, 100]", |value| {
            let list: Vec<f64> = value.as_array()?.iter().map(|v| number(v.get_ref())).collect::<Option<_>>()?;
            <[f64; 2]>::try_from(list).ok().map(|[low, high]| (low, high))
        })
    }

    /// A list of texts, each once; empty if it is not there.
    pub(super) fn texts(&self, key: &str) -> Vec<String> {
        let list = self.wanted(key, "must be a list of texts, for example [\"a\", \"b\"]", |value| {
            value.as_array()?.iter().map(|v| Some((v.get_ref().as_str()?.to_owned(), v.span()))).collect::<Option<_>>()
        });
        let list: Vec<(String, Range<usize>)> = list.unwrap_or_default();
        for (n, (text, span)) in list.iter().enumerate() {
            self.walk.note(&format!("{}.{n}", self.at(key)), span);
            if text.trim().is_empty() {
                self.walk.refuse_at(self.walk.line(span), format!("{}: has a blank entry; remove it", self.at(key)));
            }
            if list[..n].iter().any(|(earlier, _)| earlier == text) {
                let what = format!("{}: {text:?} is there twice; remove one", self.at(key));
                self.walk.refuse_at(self.walk.line(span), what);
            }
        }
        list.into_iter().map(|(text, _)| text).collect()
    }

    /// A secret by reference. The value of a secret written out is not repeated.
    pub(super) fn secret(&self, key: &str) -> Option<SecretSource> {
        self.require(key, "{ env = \"VARIABLE\" }");
        let value = self.get(key)?;
        let source = source(value.get_ref());
        if source.is_none() {
            self.refuse(key, SECRET_FORM);
        }
        source
    }

    /// One secret or a list of them.
    pub(super) fn secrets(&self, key: &str) -> Option<Vec<SecretSource>> {
        let Some(list) = self.table.get(key).and_then(|v| v.get_ref().as_array()) else {
            return self.secret(key).map(|one| vec![one]);
        };
        self.get(key);
        if list.is_empty() {
            self.refuse(key, "is empty; name at least one token");
        }
        let read = list.iter().enumerate().map(|(n, value)| {
            self.walk.note(&format!("{}.{n}", self.at(key)), &value.span());
            let source = source(value.get_ref());
            if source.is_none() {
                self.walk.refuse_at(self.walk.line(&value.span()), format!("{}: {SECRET_FORM}", self.at(key)));
            }
            source
        });
        read.collect::<Vec<_>>().into_iter().collect()
    }

    /// The table of that name.
    pub(super) fn section(&self, key: &str) -> Option<Section<'a>> {
        if !self.has(key) {
            self.walk.refuse_at(0, format!("{key}: the section is missing; write [{key}]"));
        }
        let table = self.wanted(key, &format!("must be a section; write [{key}]"), DeValue::as_table)?;
        Some(Section { walk: self.walk, path: self.at(key), table })
    }

    /// The tables of that name.
    pub(super) fn sections(&self, key: &str) -> Vec<Section<'a>> {
        let what = format!("must be sections; write [[{key}]]");
        let list = self.wanted(key, &what, DeValue::as_array);
        let section = |(n, value): (usize, &'a Spanned<DeValue<'a>>)| {
            let path = format!("{}.{n}", self.at(key));
            self.walk.note(&path, &value.span());
            let table = value.get_ref().as_table();
            if table.is_none() {
                self.walk.refuse(&path, &what);
            }
            Some(Section { walk: self.walk, path, table: table? })
        };
        list.into_iter().flat_map(|list| list.iter()).enumerate().filter_map(section).collect()
    }
}

const SECRET_FORM: &str = "a secret is never written into the file; write { env = \"VARIABLE\" }, { file = \"/path\" }, or { stored = true } for one \
     that was typed on a page";

fn source(value: &DeValue<'_>) -> Option<SecretSource> {
    let table = value.as_table()?;
    let text = |key: &str| table.iter().find(|(k, _)| k.get_ref() == key).and_then(|(_, v)| v.get_ref().as_str());
    let stored = table.iter().any(|(k, v)| k.get_ref() == "stored" && v.get_ref().as_bool() == Some(true));
    if let (true, 3, Some(event), Some(id)) = (stored, table.len(), text("event"), text("webhook")) {
        return Some(SecretSource::Hook(MadeHook { id: id.to_owned(), event: event.to_owned() }));
    }
    let (key, value) = table.iter().next().filter(|_| table.len() == 1)?;
    if stored {
        return Some(SecretSource::Stored);
    }
    let name = value.get_ref().as_str().filter(|n| !n.trim().is_empty())?.to_owned();
    match key.get_ref().as_ref() {
        "env" => Some(SecretSource::Env(name)),
        "file" => Some(SecretSource::File(name)),
        _ => None,
    }
}

fn number(value: &DeValue<'_>) -> Option<f64> {
    let text = match value {
        DeValue::Integer(n) if n.radix() == 10 => n.as_str(),
        DeValue::Float(n) => n.as_str(),
        _ => return None,
    };
    text.parse::<f64>().ok().filter(|n| n.is_finite())
}
