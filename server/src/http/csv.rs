//! Tables as files to keep.

use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse as _, Response};
use domain::csv;

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
    let mut out = String::from(csv::BYTE_ORDER_MARK);
    csv::line(&mut out, heads.iter().copied());
    for row in rows {
        csv::line(&mut out, row.iter().map(String::as_str));
    }
    out
}
