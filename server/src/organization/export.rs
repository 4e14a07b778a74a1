//! An organization back as a file: stable, secrets as references.

use std::fmt::Write as _;

use domain::rules::{Contract, Rules, SecretSource, Vendor, format_duration};

use super::file::{OrganizationFile, Row};

/// What the file of these rules says: names as they were written.
pub fn from_rules(rules: &Rules) -> OrganizationFile {
    let row = |t: &domain::rules::Trigger| Row {
        stage: t.stage.written.clone(),
        vendor: t.vendor.clone(),
        default_test: t.default_test.as_ref().map(|d| d.written.clone()),
        thresholds: t.thresholds.clone(),
        postings: t.postings.iter().map(|p| p.written.clone()).collect(),
        cooldown: t.cooldown,
        off: t.off,
    };
    OrganizationFile {
        slug: rules.slug.clone(),
        name: rules.name.clone(),
        timezone: rules.timezone.clone(),
        lever: rules.lever.clone(),
        vendors: rules.vendors.clone(),
        triggers: rules.triggers.iter().map(row).collect(),
    }
}

/// The sections of a file: heading, and its lines as key and TOML value.
pub type Sections = Vec<(String, Vec<(&'static str, String)>)>;

/// The text of the file.
pub fn to_toml(file: &OrganizationFile) -> String {
    let mut out = String::new();
    for (n, (heading, lines)) in sections(file).into_iter().enumerate() {
        let gap = if n == 0 { "" } else { "\n" };
        let _ = writeln!(out, "{gap}{heading}");
        for (key, value) in lines {
            let _ = writeln!(out, "{key} = {value}");
        }
    }
    out
}

/// The file in parts, in the order it is written.
pub fn sections(file: &OrganizationFile) -> Sections {
    let head = vec![("slug", quoted(&file.slug)), ("name", quoted(&file.name)), ("timezone", quoted(&file.timezone))];
    let tokens: Vec<String> = file.lever.webhook_tokens.iter().map(reference).collect();
    let lever = vec![
        ("base_url", quoted(&file.lever.base_url)),
        ("api_key", reference(&file.lever.api_key)),
        ("webhook_token", if tokens.len() == 1 { tokens[0].clone() } else { format!("[{}]", tokens.join(", ")) }),
        ("perform_as", quoted(&file.lever.perform_as)),
    ];
    let mut all: Sections = vec![("[organization]".to_owned(), head), ("[lever]".to_owned(), lever)];
    all.extend(file.vendors.iter().map(|v| ("[[vendor]]".to_owned(), vendor(v))));
    all.extend(file.triggers.iter().map(|t| ("[[trigger_stage]]".to_owned(), row(t))));
    all
}

fn vendor(vendor: &Vendor) -> Vec<(&'static str, String)> {
    let mut lines = vec![
        ("id", quoted(&vendor.id)),
        ("kind", quoted(vendor.contract.kind())),
        ("name", quoted(&vendor.name)),
        ("tag_prefix", quoted(&vendor.tag_prefix)),
    ];
    lines.extend(vendor.score_scale.map(|(low, high)| ("score_scale", format!("[{low}, {high}]"))));
    lines.extend(vendor.send_rate.map(|rate| ("send_rate", quoted(&String::from(rate)))));
    match &vendor.contract {
        Contract::GreenhouseAssessment {
            list_tests_url,
            send_test_url,
            test_status_url,
            response_error_url,
            api_key,
        } => lines.extend([
            ("api_key", reference(api_key)),
            ("list_tests_url", quoted(list_tests_url)),
            ("send_test_url", quoted(send_test_url)),
            ("test_status_url", quoted(test_status_url)),
            ("response_error_url", quoted(response_error_url)),
        ]),
        Contract::Pymetrics { base_url, client_id, client_secret, api_key, send_email } => lines.extend([
            ("base_url", quoted(base_url)),
            ("client_id", reference(client_id)),
            ("client_secret", reference(client_secret)),
            ("api_key", reference(api_key)),
            ("send_email", send_email.to_string()),
        ]),
    }
    lines
}

fn row(row: &Row) -> Vec<(&'static str, String)> {
    let mut lines = vec![("stage", quoted(&row.stage)), ("vendor", quoted(&row.vendor))];
    // What is usual is not written.
    lines.extend(row.off.then(|| ("enabled", "false".to_owned())));
    lines.extend(row.default_test.as_ref().map(|t| ("default_test", quoted(t))));
    lines.extend(row.thresholds.pass_at.map(|at| ("pass_at", at.to_string())));
    lines.extend(row.thresholds.fail_at.map(|at| ("fail_at", at.to_string())));
    let lists = [
        ("pass_bands", &row.thresholds.pass_bands),
        ("fail_bands", &row.thresholds.fail_bands),
        ("postings", &row.postings),
    ];
    for (key, list) in lists.into_iter().filter(|(_, list)| !list.is_empty()) {
        let quoted: Vec<String> = list.iter().map(|t| quoted(t)).collect();
        lines.push((key, format!("[{}]", quoted.join(", "))));
    }
    lines.extend(row.cooldown.map(|span| ("cooldown", quoted(&format_duration(span)))));
    lines
}

fn reference(source: &SecretSource) -> String {
    match source {
        SecretSource::Env(name) => format!("{{ env = {} }}", quoted(name)),
        SecretSource::File(path) => format!("{{ file = {} }}", quoted(path)),
        SecretSource::Stored => "{ stored = true }".to_owned(),
        SecretSource::Hook(hook) => {
            format!("{{ stored = true, event = {}, webhook = {} }}", quoted(&hook.event), quoted(&hook.id))
        }
    }
}

/// A TOML basic string. Written here, because a library may change its choice of quotes and the file would change with it.
fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            c if c.is_control() => {
                let _ = write!(out, "\\u{:04X}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

#[cfg(test)]
mod tests {
    use super::super::{file, samples};
    use super::*;

    #[test]
    fn an_exported_file_reads_back_as_the_same() {
        for (name, text) in samples::ALL {
            let first = file::parse(name, text, true).unwrap().file;
            let exported = to_toml(&first);
            let second =
                file::parse(name, &exported, true).unwrap_or_else(|e| panic!("{name}: {e:#?}\n{exported}")).file;
            assert_eq!(second, first, "{name}");
            assert_eq!(to_toml(&second), exported, "{name}");
        }
    }

    #[test]
    fn every_character_of_a_name_survives() {
        let mut file = file::parse("a", samples::SMALL, true).unwrap().file;
        for name in
            ["quote \" back \\ slash", "tab\tnew\nline", "bell \u{7} delete \u{7f} next \u{85} line", "ümlaut 🦀 '''"]
        {
            file.name = name.to_owned();
            assert_eq!(file::parse("a", &to_toml(&file), true).unwrap().file, file, "{name:?}");
        }
    }

    #[test]
    fn an_export_shows_references_only() {
        let file = file::parse("a", samples::FULL, true).unwrap().file;
        let text = to_toml(&file);
        assert!(text.contains("api_key = { env = \"ACME_LEVER_KEY\" }"), "{text}");
        assert!(text.contains("webhook_token = [{ env = \"T1\" }, { file = \"/run/t2\" }]"), "{text}");
    }
}
