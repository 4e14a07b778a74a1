//! A file of results: read whole, or refused with every line that cannot be taken.

use csv::{ByteRecord, ReaderBuilder};
use domain::Timestamp;
use domain::incoming::{BadRow, Given, Header, MOST_ROWS, row};
use domain::invitation::Test;
use domain::ports::desk::ReviewError;
use sha2::{Digest as _, Sha256};

use crate::ids;

/// So many bad lines are told; mending them shows the others.
const MOST_TOLD: usize = 50;

/// Reads all lines.
///
/// # Errors
/// Those that cannot be taken; nothing of the file is.
pub(super) fn read(
    file: &[u8],
    vendor: &str,
    tests: &[Test],
    by: &str,
    now: Timestamp,
) -> Result<Vec<Given>, ReviewError> {
    let bad = |line: u64, reason: &str| ReviewError::BadRows(vec![BadRow { line, reason: reason.to_owned() }]);
    if file.starts_with(&[0xff, 0xfe]) || file.starts_with(&[0xfe, 0xff]) {
        return Err(bad(1, "the file is UTF-16; save it as UTF-8"));
    }
    let file = file.strip_prefix(b"\xef\xbb\xbf").unwrap_or(file);
    let mut reader = ReaderBuilder::new().has_headers(false).flexible(true).from_reader(file);
    let mut record = ByteRecord::new();
    let mut header: Option<(Header, usize)> = None;
    let (mut results, mut refused) = (Vec::new(), Vec::new());
    let mut lines = Lines { file, counted: 0, line: 1 };
    loop {
        let start = reader.position().byte();
        match reader.read_byte_record(&mut record) {
            Ok(true) => {}
            Ok(false) => break,
            Err(_) => return Err(bad(lines.at(start), "it cannot be read; check its quotes")),
        }
        let line = lines.at(start);
        let cells = record.iter().map(|cell| std::str::from_utf8(cell).map(str::to_owned));
        let Ok(cells) = cells.collect::<Result<Vec<String>, _>>() else {
            return Err(bad(line, "it is not UTF-8; save the file as UTF-8"));
        };
        let Some((header, width)) = &header else {
            header = Some((Header::read(&cells).map_err(|why| bad(line, &why))?, cells.len()));
            continue;
        };
        let taken = if cells.len() == *width {
            row(header, &cells, vendor, tests, by, now)
        } else {
            Err(format!("it has {} cells instead of {width}; check its quotes and commas", cells.len()))
        };
        match taken {
            Ok(given) => results.push(referenced(given)),
            Err(reason) => refused.push(BadRow { line, reason }),
        }
        if results.len() > MOST_ROWS {
            return Err(bad(line, &format!("there are more than {MOST_ROWS} results; cut the file in parts")));
        }
    }
    if header.is_none() {
        return Err(bad(1, "it is empty; the first line must name the columns"));
    }
    if !refused.is_empty() {
        refused.truncate(MOST_TOLD);
        return Err(ReviewError::BadRows(refused));
    }
    if results.is_empty() {
        return Err(bad(2, "there is no result below the names of the columns"));
    }
    Ok(results)
}

/// Counts lines as people do. The reader's own count is one behind where lines end as on Windows.
struct Lines<'a> {
    file: &'a [u8],
    counted: usize,
    line: u64,
}

impl Lines<'_> {
    /// The line of the first cell from a place on; places only go forwards.
    fn at(&mut self, place: u64) -> u64 {
        let place = usize::try_from(place).unwrap_or(usize::MAX).min(self.file.len());
        let ends = self.file[place..].iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
        let to = place + ends;
        let passed = self.file[self.counted.min(to)..to].iter().filter(|byte| **byte == b'\n').count();
        self.counted = self.counted.max(to);
        self.line += passed as u64;
        self.line
    }
}

/// A line without the vendor's id is known by all that it says: the same line twice is one result.
fn referenced(given: Given) -> Given {
    if given.has_vendor_id {
        return given;
    }
    let mut hasher = Sha256::new();
    let mut part = |text: &str| {
        hasher.update((text.len() as u64).to_be_bytes());
        hasher.update(text);
    };
    part(&given.test.id);
    part(&given.person.fingerprint().to_string());
    part(&given.measured.score.map_or_else(String::new, |score| score.to_string()));
    part(given.measured.band.as_deref().unwrap_or_default());
    part(&given.completed_at.to_string());
    part(given.report_url.as_deref().unwrap_or_default());
    let reference = format!("row-{}", ids::hex(&hasher.finalize()[..16]));
    Given { reference, ..given }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::from_millis(1_795_262_400_000);

    fn of(text: &[u8]) -> Result<Vec<Given>, ReviewError> {
        let tests = [Test { id: "t1".into(), name: "Backend screen".into(), retired: false }];
        read(text, "py", &tests, "sue@example.org", NOW)
    }

    fn refused(text: &[u8]) -> Vec<(u64, String)> {
        match of(text) {
            Err(ReviewError::BadRows(rows)) => rows.into_iter().map(|row| (row.line, row.reason)).collect(),
            other => panic!("{other:?} was not refused"),
        }
    }

    #[test]
    fn every_line_that_cannot_be_taken_is_told_and_nothing_is_taken() {
        let text = b"\xef\xbb\xbfemail,test,score,completed_at\r\n\
            ada@example.com,t1,80,2026-11-20\r\n\
            ,t1,80,2026-11-20\r\n\
            \"bob@example.com\",t9,80,2026-11-20\r\n\
            eve@example.com,t1,80\r\n";
        let told = refused(text);
        assert_eq!(told.iter().map(|(line, _)| *line).collect::<Vec<_>>(), [3, 4, 5]);
        assert!(
            told[0].1.contains("nobody is named") && told[1].1.contains("no test") && told[2].1.contains("3 cells")
        );
    }

    #[test]
    fn a_file_that_is_none_is_refused_with_what_to_do() {
        for (text, said) in [
            (&b""[..], "is empty"),
            (b"\xff\xfee\0", "UTF-16"),
            (b"email,test,score,completed_at\n", "no result below"),
            (b"email,test,score,completed_at\n\xe9,t1,1,2026-11-20\n", "not UTF-8"),
            (b"email,test,score\n", "no column completed_at"),
        ] {
            assert!(refused(text)[0].1.contains(said), "{said}: {:?}", refused(text));
        }
    }

    #[test]
    fn a_line_without_the_vendor_s_id_is_known_by_what_it_says() {
        let line = |id: &str, score: &str| {
            let text = format!("id,email,test,score,completed_at\n{id},ada@example.com,t1,{score},2026-11-20\n");
            of(text.as_bytes()).unwrap().remove(0).reference
        };
        assert_eq!(line("", "80"), line("", "80.0"));
        assert_ne!(line("", "80"), line("", "81"));
        assert_eq!(line("r-1", "80"), "r-1");
        assert_eq!(line("", "80").len(), 36);
    }
}
