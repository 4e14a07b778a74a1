//! The files of `assay match evaluate`: read with the line of every error, written for spreadsheets and scripts.

use std::collections::{HashMap, HashSet};
use std::fs::File;
use std::io::{self, BufRead as _, BufReader, BufWriter, Read, Write as _};
use std::path::Path;

use csv::{ByteRecord, ReaderBuilder};
use domain::identity::{Decision, Person, Prepared, Settled};

use super::name;
use crate::failure::{Exit, Failure};

/// The people of one file, in its order.
#[derive(Debug)]
pub(super) struct List {
    /// Ready to be compared.
    pub(super) people: Vec<Prepared>,
    /// Their ids.
    pub(super) ids: Vec<Box<str>>,
}

/// A header or a line with more is no list of people.
const MOST_COLUMNS: usize = 10_000;
/// A longer line is a file of another kind, or a quote that is never closed.
const LONGEST_LINE: usize = 16 << 20;

fn failed(sentence: String) -> Failure {
    Failure::new(Exit::Failed, sentence)
}

/// Reads people.
///
/// # Errors
/// The file cannot be read, or a line is not a person: with the line and what to do.
pub(super) fn people(path: &Path) -> Result<List, Failure> {
    let mut table = Table::open(path)?;
    let columns = table.columns(&Person::COLUMNS);
    if columns[0].is_none() {
        return Err(table.header_lacks("id"));
    }
    let mut list = List { people: Vec::new(), ids: Vec::new() };
    let mut lines: HashMap<Box<str>, u64> = HashMap::new();
    while let Some((line, cells)) = table.next()? {
        let cell = |at: usize| cell_at(cells, columns[at]);
        let id = cell(0).trim();
        if id.is_empty() {
            return Err(failed(format!("{}: line {line} has no id; give every person one", name(path))));
        }
        if let Some(first) = lines.insert(id.into(), line) {
            let path = name(path);
            return Err(failed(format!("{path}: line {line} has the id {id:?} of line {first}; ids must be unique")));
        }
        list.people.push(Prepared::new(&Person::from_cells(cell)));
        list.ids.push(id.into());
    }
    Ok(list)
}

fn cell_at(cells: &[String], place: Option<usize>) -> &str {
    place.and_then(|place| cells.get(place)).map_or("", String::as_str)
}

/// Reads the true pairs as places in the two lists.
///
/// # Errors
/// The file cannot be read, or names somebody who is in neither list.
pub(super) fn truth(path: &Path, left: &List, right: &List) -> Result<HashSet<(u32, u32)>, Failure> {
    let places = |list: &List| -> HashMap<Box<str>, u32> { list.ids.iter().cloned().zip(0..).collect() };
    let (lefts, rights) = (places(left), places(right));
    let mut table = Table::open(path)?;
    let columns = table.columns(&["left_id", "right_id"]);
    for (column, known) in columns.iter().zip(["left_id", "right_id"]) {
        if column.is_none() {
            return Err(table.header_lacks(known));
        }
    }
    let mut pairs = HashSet::new();
    while let Some((line, cells)) = table.next()? {
        let id = |at: usize| cell_at(cells, columns[at]).trim();
        let place = |of: &HashMap<Box<str>, u32>, id: &str, side: &str| {
            let unknown = || failed(format!("{}: line {line} names {id:?}, who is not in the {side} file", name(path)));
            of.get(id).copied().ok_or_else(unknown)
        };
        pairs.insert((place(&lefts, id(0), "left")?, place(&rights, id(1), "right")?));
    }
    Ok(pairs)
}

/// Writes the pairs.
///
/// # Errors
/// The file cannot be written.
pub(super) fn write(path: &Path, settled: &[Settled], left: &[Box<str>], right: &[Box<str>]) -> Result<(), Failure> {
    let error = |e: &dyn std::fmt::Display| {
        failed(format!("{} could not be written: {e}; name another place with --out", name(path)))
    };
    let file = File::create(path).map_err(|e| error(&e))?;
    let mut out = csv::Writer::from_writer(BufWriter::new(file));
    out.write_record(["left_id", "right_id", "score", "decision"]).map_err(|e| error(&e))?;
    for answer in settled {
        let decision = if answer.decision == Decision::Match { "match" } else { "review" };
        let score = format!("{:.4}", answer.pair.score.bits);
        let ids = (&left[answer.pair.left as usize], &right[answer.pair.right as usize]);
        out.write_record([ids.0.as_ref(), ids.1.as_ref(), &score, decision]).map_err(|e| error(&e))?;
    }
    out.into_inner().map_err(|e| error(&e))?.flush().map_err(|e| error(&e))
}

/// A CSV file, line by line.
struct Table<'a> {
    path: &'a Path,
    reader: csv::Reader<Bounded<BufReader<File>>>,
    header: Vec<String>,
    /// Lines end in CR LF. The reader has then taken the CR of the line before, and counts the LF with the next.
    ends_in_crlf: bool,
    record: ByteRecord,
    cells: Vec<String>,
}

impl<'a> Table<'a> {
    fn open(path: &'a Path) -> Result<Self, Failure> {
        let unreadable = |e: io::Error| failed(format!("{} could not be read: {e}; check the path", name(path)));
        let mut file = BufReader::new(File::open(path).map_err(unreadable)?);
        // A directory opens and does not read.
        let start = file.fill_buf().map_err(unreadable)?;
        if start.starts_with(&[0xff, 0xfe]) || start.starts_with(&[0xfe, 0xff]) {
            return Err(failed(format!("{}: line 1 is UTF-16; save the file as UTF-8", name(path))));
        }
        let first_end = start.iter().position(|byte| *byte == b'\n');
        let ends_in_crlf = first_end.is_some_and(|at| start[..at].ends_with(b"\r"));
        if start.starts_with(b"\xef\xbb\xbf") {
            file.consume(3);
        }
        let mut reader = ReaderBuilder::new().has_headers(false).flexible(true).from_reader(Bounded::new(file));
        let mut record = ByteRecord::new();
        let is_header = reader.read_byte_record(&mut record).map_err(|e| broken(path, 1, &e))?;
        if !is_header {
            return Err(failed(format!("{} is empty; its first line must name the columns", name(path))));
        }
        if record.len() > MOST_COLUMNS {
            let columns = record.len();
            return Err(failed(format!(
                "{}: line 1 has {columns} columns; at most {MOST_COLUMNS} are read",
                name(path)
            )));
        }
        let header = record.iter().map(|cell| String::from_utf8_lossy(cell).trim().to_lowercase()).collect();
        let table = Self { path, reader, header, ends_in_crlf, record, cells: Vec::new() };
        match table
            .header
            .iter()
            .find(|h| Person::COLUMNS.contains(&h.as_str()) && table.header.iter().filter(|o| o == h).count() > 1)
        {
            Some(twice) => Err(failed(format!("{}: line 1 names the column {twice} twice; remove one", name(path)))),
            None => Ok(table),
        }
    }

    fn columns<const N: usize>(&self, known: &[&str; N]) -> [Option<usize>; N] {
        known.map(|name| self.header.iter().position(|h| h == name))
    }

    fn header_lacks(&self, column: &str) -> Failure {
        let hint = domain::near::nearest(column, self.header.iter().map(String::as_str));
        let hint = hint.first().map_or_else(String::new, |near| format!(" (is it {near:?}?)"));
        failed(format!("{}: line 1 names no column {column}{hint}; add it to the header", name(self.path)))
    }

    /// The next line that is not empty, with its number.
    fn next(&mut self) -> Result<Option<(u64, &[String])>, Failure> {
        let path = self.path;
        self.reader.get_mut().allow();
        let late = u64::from(self.ends_in_crlf);
        let start = self.reader.position().line() + late;
        if !self.reader.read_byte_record(&mut self.record).map_err(|e| broken(path, start, &e))? {
            return Ok(None);
        }
        let line = self.record.position().map_or(0, csv::Position::line) + late;
        let (found, wanted) = (self.record.len(), self.header.len());
        if found != wanted {
            let sentence = "check its quotes and commas";
            return Err(failed(format!(
                "{}: line {line} has {found} cells instead of {wanted}; {sentence}",
                name(path)
            )));
        }
        self.cells.clear();
        for cell in &self.record {
            let text = std::str::from_utf8(cell)
                .map_err(|_| failed(format!("{}: line {line} is not UTF-8; save the file as UTF-8", name(path))))?;
            if is_swallowed(text, wanted) {
                let sentence = "opens a quote that is not closed there";
                return Err(failed(format!("{}: line {line} {sentence}; close it or double it", name(path))));
            }
            self.cells.push(text.to_owned());
        }
        Ok(Some((line, &self.cells)))
    }
}

/// Whether a cell holds whole lines of the table: then a quote before it was never closed.
fn is_swallowed(cell: &str, columns: usize) -> bool {
    columns > 1 && cell.contains('\n') && cell.lines().skip(1).any(|line| line.matches(',').count() + 1 >= columns)
}

fn broken(path: &Path, start: u64, error: &csv::Error) -> Failure {
    let line = error.position().map_or(start, csv::Position::line);
    failed(format!("{}: line {line} cannot be read: {error}; check its quotes and its length", name(path)))
}

/// Stops a line that never ends before it fills the memory.
#[derive(Debug)]
struct Bounded<R> {
    inner: R,
    left: usize,
}

impl<R> Bounded<R> {
    fn new(inner: R) -> Self {
        Self { inner, left: LONGEST_LINE }
    }

    /// A new line may begin.
    fn allow(&mut self) {
        self.left = LONGEST_LINE;
    }
}

impl<R: Read> Read for Bounded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.left == 0 {
            return Err(io::Error::other("the line is longer than 16 MiB"));
        }
        let most = buffer.len().min(self.left);
        let read = self.inner.read(&mut buffer[..most])?;
        self.left -= read;
        Ok(read)
    }
}
