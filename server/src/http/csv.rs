//! Tables as files for spreadsheets: RFC 4180, with a byte order mark, without cells that a spreadsheet would compute.

use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse as _, Response};

/// By it spreadsheets read the file as UTF-8.
const BYTE_ORDER_MARK: char = '\u{feff}';

/// The table as a file to keep. `name` is made of letters, digits, dots and dashes.
pub fn file(name: &str, heads: &[&str], rows: impl Iterator<Item = Vec<String>>) -> Response {
    let named = HeaderValue::from_str(&format!("attachment; filename=\"{name}\"")).expect("a name of plain characters");
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("text/csv; charset=utf-8; header=present")),
        (header::CONTENT_DISPOSITION, named),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
    ];
    (headers, text(heads, rows)).into_response()
}

fn text(heads: &[&str], rows: impl Iterator<Item = Vec<String>>) -> String {
    let mut out = String::from(BYTE_ORDER_MARK);
    line(&mut out, heads.iter().copied());
    for row in rows {
        line(&mut out, row.iter().map(String::as_str));
    }
    out
}

fn line<'a>(out: &mut String, cells: impl Iterator<Item = &'a str>) {
    for (n, cell) in cells.enumerate() {
        if n > 0 {
            out.push(',');
        }
        push(out, cell);
    }
    out.push_str("\r\n");
}

/// A cell in quotes where it needs them. An apostrophe before what a spreadsheet would take for a formula (OWASP, "CSV
/// Injection"); a plain number stays one.
fn push(out: &mut String, cell: &str) {
    let is_formula = cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']) && cell.parse::<f64>().is_err();
    let guard = if is_formula { "'" } else { "" };
    if cell.contains(['"', ',', '\n', '\r']) {
        out.push('"');
        out.push_str(guard);
        out.push_str(&cell.replace('"', "\"\""));
        out.push('"');
    } else {
        out.push_str(guard);
        out.push_str(cell);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_quoted_and_never_formulas() {
        let cells = ["plain", "a,b", "say \"x\"", "=1+1", "@a", "-5", "-x,y", "+4917", "", "\tx", "two\nlines"];
        let row: Vec<String> = cells.map(str::to_owned).into();
        let text = text(&["one", "two, three"], std::iter::once(row));
        let expected = "\u{feff}one,\"two, three\"\r\nplain,\"a,b\",\"say \"\"x\"\"\",'=1+1,'@a,-5,\"'-x,y\",+4917,,\
                        '\tx,\"two\nlines\"\r\n";
        assert_eq!(text, expected);
    }
}
