//! The list of candidates as a file for spreadsheets: comma-separated values (RFC 4180) in UTF-8 with a byte-order mark, by
//! which Excel knows the encoding. Times are ISO 8601 in UTC.

use domain::order::OrderState;
use domain::outcome::Outcome;
use domain::read::CandidateRow;
use domain::rules::Rules;
use domain::words;

use crate::access::Viewer;
use crate::address;
use crate::pages::on_server::{shown_name, stage_name, vendor_name};
use crate::text;

/// The byte-order mark and the names of the columns.
pub const HEAD: &str = "\u{feff}opportunity,name,email,stage,state,vendor,test,score,pass_from,fail_to,outcome,report,\
                        reason,changed_at_utc\r\n";

/// One line for each row, in the order of [`HEAD`]. Who sees masked names gets them masked, without addresses and reports.
/// `public_url` has no slash at its end.
pub fn lines(viewer: &Viewer, rules: &Rules, public_url: &str, rows: &[CandidateRow]) -> String {
    let mut out = String::with_capacity(rows.len() * 200);
    for row in rows {
        let fields = fields(viewer, rules, public_url, row);
        out.push_str(&fields.join(","));
        out.push_str("\r\n");
    }
    out
}

fn fields(viewer: &Viewer, rules: &Rules, public_url: &str, row: &CandidateRow) -> [String; 14] {
    let masked = viewer.sees_masked();
    let order = row.order.as_ref();
    let by = order.and_then(|o| rules.row(&o.stage, &o.vendor, o.posting.as_deref())).map(|r| &r.thresholds);
    let email = row.email.as_ref().filter(|_| !masked).map(|e| e.reveal().to_owned());
    let report = order.and_then(|o| o.report_token.as_deref()).filter(|_| !masked);
    let reason = row.decision.as_ref().map_or_else(|| text::NO_DECISION.to_owned(), |d| words::decision(&d.decision));
    // A number of ours is not text someone wrote: it stays a number.
    let number = |n: Option<f64>| n.filter(|n| n.is_finite()).map(text::score).unwrap_or_default();
    let score = match order.map(|o| (o.score, &o.band)) {
        Some((None, Some(band))) => field(band),
        Some((score, _)) => number(score),
        None => String::new(),
    };
    [
        field(&row.opportunity),
        field(shown_name(viewer, &row.name, &row.opportunity).reveal()),
        field(&email.unwrap_or_default()),
        field(&stage_name(rules, &row.stage).unwrap_or_default()),
        field(order.map_or("", |o| OrderState::as_str(o.state))),
        field(&order.map(|o| vendor_name(rules, &o.vendor)).unwrap_or_default()),
        field(order.map_or("", |o| o.test_name.as_str())),
        score,
        number(by.and_then(|b| b.pass_at)),
        number(by.and_then(|b| b.fail_at)),
        field(order.and_then(|o| o.outcome).map_or("", Outcome::as_str)),
        field(&report.map(|token| format!("{public_url}{}", address::report(token))).unwrap_or_default()),
        field(&reason),
        field(&row.changed_at.to_string()),
    ]
}

/// One field. What a spreadsheet would take for a formula gets an apostrophe before it (OWASP, "CSV Injection"): names and
/// tags come from people outside.
fn field(text: &str) -> String {
    let is_formula = text.starts_with(['=', '+', '-', '@', '\t', '\r']);
    let guard = if is_formula { "'" } else { "" };
    if text.contains(['"', ',', '\n', '\r', '\'']) || is_formula {
        format!("\"{guard}{}\"", text.replace('"', "\"\""))
    } else {
        text.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use domain::role::Role;
    use domain::{Personal, Timestamp};
    use uuid::Uuid;

    use super::*;
    use crate::pages::on_server::tests::rules;

    fn viewer(role: Role) -> Viewer {
        Viewer { account: Uuid::nil(), email: Personal::default(), role, organization: None }
    }

    fn row(name: &str) -> CandidateRow {
        CandidateRow {
            opportunity: "opp-1".into(),
            name: Personal::new(name),
            email: Some(Personal::new("ada@example.com")),
            stage: "stage-1".into(),
            url: None,
            changed_at: Timestamp::EPOCH,
            order: None,
            decision: None,
        }
    }

    #[test]
    fn what_looks_like_a_formula_is_text() {
        for (given, written) in [
            ("=1+1", "\"'=1+1\""),
            ("+49 30", "\"'+49 30\""),
            ("-x", "\"'-x\""),
            ("@cmd", "\"'@cmd\""),
            ("\t=1", "\"'\t=1\""),
            ("\r=1", "\"'\r=1\""),
            ("a \"b\", c", "\"a \"\"b\"\", c\""),
            ("two\nlines", "\"two\nlines\""),
            ("plain", "plain"),
        ] {
            assert_eq!(field(given), written);
        }
    }

    #[test]
    fn a_line_has_the_columns_of_the_head_and_time_in_utc() {
        let line = lines(&viewer(Role::Recruiter), &rules(), "https://assay.example", &[row("Ada")]);
        assert!(line.starts_with("opp-1,Ada,ada@example.com,Phone Screen Passed,"), "{line}");
        assert!(line.ends_with(",1970-01-01T00:00:00Z\r\n"), "{line}");
        assert!(HEAD.starts_with('\u{feff}'));
        assert_eq!(fields(&viewer(Role::Recruiter), &rules(), "", &row("Ada")).len(), HEAD.split(',').count());
    }

    #[test]
    fn a_masked_file_holds_no_name_and_no_address() {
        let line = lines(&viewer(Role::AccountManager), &rules(), "https://assay.example", &[row("Ada Lovelace")]);
        assert!(!line.contains("Lovelace") && !line.contains("ada@") && line.contains("A. L. · "), "{line}");
    }
}
