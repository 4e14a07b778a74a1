//! The list of candidates as a file for spreadsheets. Times are ISO 8601 in UTC.

use domain::csv;
use domain::order::OrderState;
use domain::outcome::Outcome;
use domain::read::CandidateRow;
use domain::rules::Rules;
use domain::words;

use crate::access::Viewer;
use crate::address;
use crate::pages::on_server::{shown_name, stage_name, vendor_name};
use crate::text;

/// The names of the columns.
const COLUMNS: [&str; 14] = [
    "opportunity",
    "name",
    "email",
    "stage",
    "state",
    "vendor",
    "test",
    "score",
    "pass_from",
    "fail_to",
    "outcome",
    "report",
    "reason",
    "changed_at_utc",
];

/// The beginning of the file.
pub fn head() -> String {
    let mut out = String::from(csv::BYTE_ORDER_MARK);
    csv::line(&mut out, COLUMNS);
    out
}

/// One line for each row, in the order of [`head`]. Who sees masked names gets them masked, without addresses and reports.
/// `public_url` has no slash at its end.
pub fn lines(viewer: &Viewer, rules: &Rules, public_url: &str, rows: &[CandidateRow]) -> String {
    let mut out = String::with_capacity(rows.len() * 200);
    for row in rows {
        csv::line(&mut out, fields(viewer, rules, public_url, row).iter().map(String::as_str));
    }
    out
}

fn fields(viewer: &Viewer, rules: &Rules, public_url: &str, row: &CandidateRow) -> [String; 14] {
    let masked = viewer.sees_masked();
    let order = row.order.as_ref();
    let by = order.and_then(|o| rules.row(&o.stage, &o.vendor, o.posting.as_deref())).map(|r| &r.thresholds);
    let email = row.email.as_ref().filter(|_| !masked).map(|e| e.reveal().to_owned());
    let report = order.and_then(|o| o.report_token.as_deref()).filter(|_| !masked);
    let reason = row.decision.as_ref().map_or_else(|| text::NO_DECISION.to_owned(), words::decision);
    let number = |n: Option<f64>| n.filter(|n| n.is_finite()).map(text::score).unwrap_or_default();
    let score = match order.map(|o| (o.score, &o.band)) {
        Some((None, Some(band))) => band.clone(),
        Some((score, _)) => number(score),
        None => String::new(),
    };
    [
        row.opportunity.clone(),
        shown_name(viewer, &row.name, &row.opportunity).reveal().to_owned(),
        email.unwrap_or_default(),
        stage_name(rules, &row.stage).unwrap_or_default(),
        order.map_or("", |o| OrderState::as_str(o.state)).to_owned(),
        order.map(|o| vendor_name(rules, &o.vendor)).unwrap_or_default(),
        order.map(|o| o.test_name.clone()).unwrap_or_default(),
        score,
        number(by.and_then(|b| b.pass_at)),
        number(by.and_then(|b| b.fail_at)),
        order.and_then(|o| o.outcome).map_or("", Outcome::as_str).to_owned(),
        report.map(|token| format!("{public_url}{}", address::report(token))).unwrap_or_default(),
        reason,
        row.changed_at.to_string(),
    ]
}

#[cfg(test)]
mod tests {
    use domain::role::Role;
    use domain::{Personal, Timestamp};
    use uuid::Uuid;

    use super::*;
    use crate::pages::on_server::tests::rules;

    fn viewer(role: Role) -> Viewer {
        Viewer { account: Uuid::nil(), email: Personal::default(), role, organization: None, session: String::new() }
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
    fn a_line_has_the_columns_of_the_head_and_time_in_utc() {
        let line = lines(&viewer(Role::Recruiter), &rules(), "https://assay.example", &[row("Ada")]);
        assert!(line.starts_with("opp-1,Ada,ada@example.com,Phone Screen Passed,"), "{line}");
        assert!(line.ends_with(",1970-01-01T00:00:00Z\r\n"), "{line}");
        assert!(head().starts_with("\u{feff}opportunity,name,") && head().ends_with("changed_at_utc\r\n"));
    }

    #[test]
    fn a_masked_file_holds_no_name_and_no_address() {
        let line = lines(&viewer(Role::AccountManager), &rules(), "https://assay.example", &[row("Ada Lovelace")]);
        assert!(!line.contains("Lovelace") && !line.contains("ada@") && line.contains("A. L. · "), "{line}");
    }
}
