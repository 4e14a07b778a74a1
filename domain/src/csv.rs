//! Tables as files for spreadsheets: comma-separated values (RFC 4180) in UTF-8.

/// At the beginning of a file: by it spreadsheets read it as UTF-8.
pub const BYTE_ORDER_MARK: char = '\u{feff}';

/// One line.
pub fn line<'a>(out: &mut String, cells: impl IntoIterator<Item = &'a str>) {
    for (n, cell) in cells.into_iter().enumerate() {
        if n > 0 {
            out.push(',');
        }
        push(out, cell);
    }
    out.push_str("\r\n");
}

/// A cell in quotes where it needs them. An apostrophe before what a spreadsheet would take for a formula (OWASP, "CSV
/// Injection"): names and tags come from people outside. A plain number stays one.
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
        let mut out = String::new();
        line(&mut out, ["one", "two, three"]);
        line(&mut out, ["plain", "say \"x\"", "=1+1", "@a", "-5", "-x,y", "+4917", "", "\tx", "two\nlines"]);
        let expected =
            "one,\"two, three\"\r\nplain,\"say \"\"x\"\"\",'=1+1,'@a,-5,\"'-x,y\",+4917,,'\tx,\"two\nlines\"\r\n";
        assert_eq!(out, expected);
    }
}
