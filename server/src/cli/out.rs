//! Everything a command prints. A reader that went away (`assay orders list | head`) is no failure.

use std::io::{self, IsTerminal as _, Write as _};

use serde::Serialize;

use crate::failure::{Exit, Failure};

/// One line on standard output.
///
/// # Errors
/// It could not be written, other than because nobody reads it any more.
pub fn line(text: &str) -> Result<(), Failure> {
    lines([text])
}

/// Lines on standard output.
///
/// # Errors
/// As [`line`].
pub fn lines<T: AsRef<str>>(texts: impl IntoIterator<Item = T>) -> Result<(), Failure> {
    let mut out = io::BufWriter::new(io::stdout().lock());
    let write = || {
        for text in texts {
            out.write_all(text.as_ref().as_bytes())?;
            out.write_all(b"\n")?;
        }
        out.flush()
    };
    match write() {
        Err(e) if e.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        written => written.map_err(|e| Failure::new(Exit::Failed, format!("the output could not be written: {e}"))),
    }
}

/// One JSON object a line.
///
/// # Errors
/// As [`line`].
pub fn json<T: Serialize>(rows: impl IntoIterator<Item = T>) -> Result<(), Failure> {
    let text = |row| serde_json::to_string(&row).expect("a row has text keys and finite numbers");
    lines(rows.into_iter().map(text))
}

/// Sentences on standard error, each with the program's name.
pub fn errors<T: AsRef<str>>(sentences: impl IntoIterator<Item = T>) {
    let mut err = io::stderr().lock();
    for sentence in sentences {
        // Nothing is left to tell it to.
        let _ = writeln!(err, "assay: {}", sentence.as_ref());
    }
}

/// A table: aligned with a heading on a terminal; otherwise one row a line without heading, tabs between, for `cut` and `awk`.
///
/// # Errors
/// As [`line`].
pub fn table(heading: &[&str], rows: &[Vec<String>]) -> Result<(), Failure> {
    if io::stdout().is_terminal() { lines(aligned(heading, rows)) } else { lines(tabbed(rows)) }
}

fn tabbed(rows: &[Vec<String>]) -> Vec<String> {
    rows.iter().map(|row| row.iter().map(|cell| one_line(cell)).collect::<Vec<_>>().join("\t")).collect()
}

fn aligned(heading: &[&str], rows: &[Vec<String>]) -> Vec<String> {
    let heading: Vec<String> = heading.iter().map(|h| (*h).to_owned()).collect();
    let all: Vec<Vec<String>> =
        std::iter::once(&heading).chain(rows).map(|row| row.iter().map(|cell| one_line(cell)).collect()).collect();
    let width = |column: usize| all.iter().filter_map(|r| r.get(column)).map(|c| c.chars().count()).max().unwrap_or(0);
    let widths: Vec<usize> = (0..heading.len()).map(width).collect();
    let line = |row: &Vec<String>| {
        let cells = row.iter().zip(&widths).map(|(cell, width)| format!("{cell:width$}"));
        cells.collect::<Vec<_>>().join("  ").trim_end().to_owned()
    };
    all.iter().map(line).collect()
}

/// A remote's text must not add lines or columns, nor steer a terminal.
fn one_line(cell: &str) -> String {
    cell.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_line_up_and_no_cell_breaks_its_row() {
        let rows = [vec!["1".to_owned(), "ä\tb\u{1b}[31m".to_owned()], vec!["22".to_owned(), String::new()]];
        assert_eq!(aligned(&["id", "name"], &rows), ["id  name", "1   ä b [31m", "22"]);
        assert_eq!(tabbed(&rows), ["1\tä b [31m", "22\t"]);
    }
}
