//! One line of a file of results: what it says, or why it cannot be taken.

use super::Given;
use crate::identity::{Person, Prepared, indexed};
use crate::invitation::Test;
use crate::outcome::Measured;
use crate::{Timestamp, near};

/// The columns that are read; others are ignored. Those of people are those of `assay match evaluate`.
pub const COLUMNS: [&str; 18] = {
    let mut all =
        ["", "", "", "", "", "", "", "", "", "", "", "", "", "test", "score", "band", "completed_at", "report_url"];
    let mut n = 0;
    while n < Person::COLUMNS.len() {
        all[n] = Person::COLUMNS[n];
        n += 1;
    }
    all
};

/// Rows of one file.
pub const MOST_ROWS: usize = 5_000;
/// Longest cell, in characters.
const LONGEST: usize = 1_000;

/// Where the columns stand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Header([Option<usize>; COLUMNS.len()]);

impl Header {
    /// Reads the first line.
    ///
    /// # Errors
    /// A sentence without its full stop: what is missing or stands there twice.
    pub fn read(cells: &[String]) -> Result<Self, String> {
        let names: Vec<String> = cells.iter().map(|cell| cell.trim().to_lowercase()).collect();
        let mut places = [None; COLUMNS.len()];
        for (place, column) in places.iter_mut().zip(COLUMNS) {
            let mut found = names.iter().enumerate().filter(|(_, name)| *name == column).map(|(at, _)| at);
            *place = found.next();
            if found.next().is_some() {
                return Err(format!("the column {column} stands there twice; remove one"));
            }
        }
        let header = Self(places);
        for column in ["test", "completed_at"] {
            if header.place(column).is_none() {
                let near = near::nearest(column, names.iter().map(String::as_str));
                let hint = near.first().map_or_else(String::new, |near| format!(" (is it {near:?}?)"));
                return Err(format!("there is no column {column}{hint}; the first line must name the columns"));
            }
        }
        for (any, what) in [
            (&["email", "phone", "full_name", "surname", "external_id"][..], "a person"),
            (&["score", "band"], "a result"),
        ] {
            if any.iter().all(|column| header.place(column).is_none()) {
                return Err(format!("no column tells of {what}: one of {} is needed", any.join(", ")));
            }
        }
        Ok(header)
    }

    fn place(&self, column: &str) -> Option<usize> {
        COLUMNS.iter().position(|known| *known == column).and_then(|at| self.0[at])
    }

    fn cell<'a>(&self, cells: &'a [String], column: &str) -> &'a str {
        self.place(column).and_then(|at| cells.get(at)).map_or("", |cell| cell.trim())
    }
}

/// A line that cannot be taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BadRow {
    /// Its number in the file; the first line is 1.
    pub line: u64,
    /// What is wrong and how to mend it, without the full stop. It repeats no value of a person.
    pub reason: String,
}

/// What a line says. Its reference is the vendor's id, or empty: the caller makes one of all there is.
///
/// # Errors
/// Why it cannot be taken.
pub fn row(
    header: &Header,
    cells: &[String],
    vendor: &str,
    tests: &[Test],
    by: &str,
    now: Timestamp,
) -> Result<Given, String> {
    if cells.iter().any(|cell| cell.chars().count() > LONGEST) {
        return Err(format!("a cell has more than {LONGEST} characters; it is no value of a person or a result"));
    }
    let cell = |column: &str| header.cell(cells, column);
    let person = Person::from_cells(|at| cell(Person::COLUMNS[at]));
    if indexed(&Prepared::new(&person)).is_empty() {
        return Err("nobody is named: an address, a number, a name or an external id is needed".to_owned());
    }
    let measured = measured(cell("score"), cell("band"))?;
    let completed_at = instant(cell("completed_at"))
        .ok_or_else(|| "completed_at is no date; write it as 2026-11-21 or 2026-11-21T14:03:00Z".to_owned())?;
    if completed_at > now {
        return Err("completed_at lies in the future".to_owned());
    }
    let id = cell("id");
    Ok(Given {
        vendor: vendor.to_owned(),
        reference: id.to_owned(),
        has_vendor_id: !id.is_empty(),
        test: test(cell("test"), tests)?,
        person,
        measured,
        completed_at,
        report_url: report(cell("report_url"))?,
        by: by.to_owned(),
    })
}

fn measured(score: &str, band: &str) -> Result<Measured, String> {
    let number = match score {
        "" => None,
        text => Some(
            text.parse::<f64>()
                .ok()
                .filter(|n| n.is_finite())
                .ok_or_else(|| format!("score {text:?} is no number; write it with a point, as 82.5"))?,
        ),
    };
    let band = Some(band).filter(|b| !b.is_empty()).map(str::to_owned);
    if number.is_none() && band.is_none() {
        return Err("there is neither a score nor a band".to_owned());
    }
    Ok(Measured { score: number, band })
}

/// By id, or by the exact name if one test alone has it.
fn test(wanted: &str, tests: &[Test]) -> Result<Test, String> {
    if wanted.is_empty() {
        return Err("no test is named".to_owned());
    }
    let named: Vec<&Test> = tests.iter().filter(|t| t.name == wanted).collect();
    let found = tests.iter().find(|t| t.id == wanted).or_else(|| named.first().copied().filter(|_| named.len() == 1));
    if let Some(found) = found {
        return Ok(found.clone());
    }
    if named.len() > 1 {
        return Err(format!("several tests are called {wanted:?}; write the id of one"));
    }
    let near = near::nearest(wanted, tests.iter().map(|t| t.name.as_str()));
    let hint = near.first().map_or_else(String::new, |near| format!("; did you mean {near:?}?"));
    Err(format!("the vendor has no test {wanted:?}{hint}"))
}

fn report(url: &str) -> Result<Option<String>, String> {
    if url.is_empty() {
        return Ok(None);
    }
    let is_plain = url.chars().all(|c| c.is_ascii_graphic());
    let is_web = ["https://", "http://"].iter().any(|scheme| url.len() > scheme.len() && url.starts_with(scheme));
    if is_plain && is_web { Ok(Some(url.to_owned())) } else { Err("report_url is no web address".to_owned()) }
}

/// A day begins at midnight in UTC.
fn instant(text: &str) -> Option<Timestamp> {
    let at = text.parse::<jiff::Timestamp>().ok().or_else(|| {
        let day = text.parse::<jiff::civil::Date>().ok()?;
        Some(day.to_zoned(jiff::tz::TimeZone::UTC).ok()?.timestamp())
    })?;
    Some(Timestamp::from_micros(at.as_microsecond()))
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    pub fn given(person: Person) -> Given {
        Given {
            vendor: "py".into(),
            reference: "r1".into(),
            has_vendor_id: true,
            test: known("t1", "Backend screen"),
            person,
            measured: Measured { score: Some(81.0), band: None },
            completed_at: Timestamp::from_millis(1_795_000_000_000),
            report_url: None,
            by: "sue@example.org".into(),
        }
    }

    fn known(id: &str, name: &str) -> Test {
        Test { id: id.into(), name: name.into(), retired: false }
    }

    const NOW: Timestamp = Timestamp::from_millis(1_795_262_400_000);

    fn read(pairs: &[(&str, &str)]) -> Result<Given, String> {
        let header = Header::read(&pairs.iter().map(|(name, _)| (*name).to_owned()).collect::<Vec<_>>())?;
        let cells: Vec<String> = pairs.iter().map(|(_, cell)| (*cell).to_owned()).collect();
        let tests = [known("t1", "Backend screen"), known("t2", "Twin"), known("t3", "Twin")];
        row(&header, &cells, "py", &tests, "sue@example.org", NOW)
    }

    fn with(column: &'static str, cell: &'static str) -> Result<Given, String> {
        let mut pairs = vec![
            ("full_name", "Ada Lovelace"),
            ("email", "ada@example.com; ada@example.org"),
            ("test", "Backend screen"),
            ("score", "81.5"),
            ("completed_at", "2026-11-20"),
        ];
        pairs.retain(|(name, _)| *name != column);
        pairs.push((column, cell));
        read(&pairs)
    }

    #[test]
    fn a_line_becomes_a_result() {
        let row = with("id", "r-9").unwrap();
        assert_eq!((row.reference.as_str(), row.has_vendor_id, row.test.id.as_str()), ("r-9", true, "t1"));
        assert_eq!((row.measured.score, row.person.emails.len()), (Some(81.5), 2));
        assert_eq!(row.completed_at.to_string(), "2026-11-20T00:00:00Z");
        assert_eq!(with("test", "t3").unwrap().test.name, "Twin");
        assert_eq!(with("band", "high").unwrap().measured.band.as_deref(), Some("high"));
        assert_eq!(with("report_url", "https://py.example/r").unwrap().report_url.unwrap(), "https://py.example/r");
    }

    #[test]
    fn what_is_wrong_with_a_line_is_said() {
        for (column, cell, said) in [
            ("score", "8O", "score \"8O\" is no number"),
            ("score", "inf", "is no number"),
            ("score", "", "neither a score nor a band"),
            ("test", "backend screen", "did you mean \"Backend screen\"?"),
            ("test", "Twin", "several tests are called"),
            ("test", "", "no test is named"),
            ("completed_at", "20.11.2026", "completed_at is no date"),
            ("completed_at", "2027-11-20", "lies in the future"),
            ("report_url", "javascript:alert(1)", "no web address"),
        ] {
            let why = with(column, cell).unwrap_err();
            assert!(why.contains(said), "{column} {cell}: {why}");
        }
        let nobody = read(&[("email", ""), ("test", "t1"), ("score", "1"), ("completed_at", "2026-11-20")]);
        assert!(nobody.unwrap_err().contains("nobody is named"));
    }

    #[test]
    fn a_header_must_name_what_is_needed() {
        let said =
            |names: &[&str]| Header::read(&names.iter().map(|n| (*n).to_owned()).collect::<Vec<_>>()).unwrap_err();
        assert!(said(&["email", "score", "completed"]).contains("no column test"));
        assert!(said(&["email", "score", "test", "completedat"]).contains("is it \"completedat\"?"));
        assert!(said(&["score", "test", "completed_at"]).contains("tells of a person"));
        assert!(said(&["email", "test", "completed_at"]).contains("tells of a result"));
        assert!(said(&["Email", "email ", "test", "completed_at", "score"]).contains("stands there twice"));
    }
}
