use super::super::samples::{FULL, SMALL};
use super::*;

fn refusals(text: &str) -> Vec<String> {
    parse("acme.toml", text, false).expect_err("it must be refused").iter().map(ToString::to_string).collect()
}

/// Replaces one line of the full sample, by its beginning, and returns the text with the line's number.
fn with(beginning: &str, replacement: &str) -> (String, usize) {
    let at = FULL.lines().position(|l| l.starts_with(beginning)).unwrap_or_else(|| panic!("no line {beginning:?}"));
    let lines: Vec<&str> = FULL.lines().enumerate().map(|(n, l)| if n == at { replacement } else { l }).collect();
    (lines.join("\n"), at + 1)
}

#[test]
fn a_complete_file_is_read() {
    let parsed = parse("acme.toml", FULL, false).unwrap();
    assert_eq!(parsed.file.lever.base_url, "https://api.lever.co/v1", "the slash at the end is gone");
    assert_eq!(
        parsed.file.lever.webhook_tokens,
        [SecretSource::Env("T1".into()), SecretSource::File("/run/t2".into())]
    );
    assert_eq!(parsed.file.vendors[0].score_scale, Some((0.0, 100.0)));
    assert_eq!(parsed.file.vendors[1].contract.kind(), "pymetrics");
    let row = &parsed.file.triggers[0];
    assert_eq!((row.thresholds.pass_at, row.thresholds.fail_at), (Some(80.0), Some(40.5)));
    assert_eq!(row.cooldown, Some(Duration::from_secs(180 * 86_400)));
    assert!(parse("small.toml", SMALL, false).unwrap().file.vendors.is_empty());
}

#[test]
fn the_line_of_a_setting_is_remembered() {
    let lines = parse("acme.toml", FULL, false).unwrap().lines;
    let at = |path: &str| lines.refuse(path, "x").line;
    let line = |beginning: &str| FULL.lines().position(|l| l.starts_with(beginning)).unwrap() + 1;
    assert_eq!(at("lever.api_key"), line("api_key"));
    assert_eq!(at("vendor.0.api_key"), line("api_key = { env = \"ACME_PY_KEY\""));
    assert_eq!(at("trigger_stage.1.stage"), line("stage = \"stage-2\""));
    assert_eq!(at("trigger_stage.0.postings.1"), line("postings"));
    assert_eq!(at("vendor.1"), line("id = \"games\"") - 1, "the heading");
    assert_eq!(at("vendor.1.nothing"), at("vendor.1"), "the section of what is not there");
}

#[test]
fn every_wrong_line_is_refused_with_its_number() {
    let cases = [
        ("slug", "slug = \"Acme Inc\"", "a-z, 0-9 and -"),
        ("name = \"Acme\"", "name = \" \"", "must not be blank"),
        ("name = \"Acme\"", "name = 7", "must be a text"),
        ("timezone", "timezone = \"Europe/Berln\"", "did you mean Europe/Berlin?"),
        ("base_url = \"https://api.lever", "base_url = \"http://api.lever.co/v1\"", "is not encrypted"),
        ("base_url = \"https://api.lever", "base_url = \"https://10.0.0.1/v1\"", "is a private address"),
        ("base_url = \"https://api.lever", "base_url = \"https://localhost/v1\"", "is a private address"),
        ("base_url = \"https://api.lever", "base_url = \"https://api.lever.co\"", "must end in /v1"),
        ("api_key", "api_kee = { env = \"A\" }", "lever.api_kee: unknown key, did you mean api_key?"),
        ("api_key", "api_key = { enf = \"A\" }", "write { env = \"VARIABLE\" }"),
        ("api_key", "api_key = { env = \"A\", file = \"B\" }", "write { env = \"VARIABLE\" }"),
        ("webhook_token", "webhook_token = []", "name at least one"),
        ("webhook_token", "webhook_token = [{ env = \"A\" }, \"B\"]", "never written into the file"),
        ("id = \"py\"", "id = \"p y\"", "letters, digits"),
        ("id = \"games\"", "id = \"py\"", "earlier vendor"),
        ("kind = \"pym", "kind = \"pymetric\"", "did you mean pymetrics?"),
        ("kind = \"pym", "kind = \"\"", "must not be blank"),
        ("tag_prefix = \"Pymetrics\"", "tag_prefix = \"py\"", "earlier vendor"),
        ("tag_prefix = \"Py\"", "tag_prefix = \"\"", "must not be blank"),
        ("tag_prefix = \"Py\"", "tag_prefix = \"Py \"", "white space"),
        ("score_scale", "score_scale = [100, 0]", "must be below the highest"),
        ("score_scale", "score_scale = [0]", "list of two finite numbers"),
        ("score_scale", "score_scale = [0, inf]", "list of two finite numbers"),
        ("send_rate", "send_rate = \"5\"", "is not a rate"),
        ("list_tests_url", "list_tests_url = \"vendor.example\"", "is not an address"),
        ("list_tests_url", "list_tests_url = \"ftp://vendor.example\"", "not an address of the web"),
        ("list_tests_url", "list_tests_url = \"https://u:hunter2@vendor.example\"", "must not contain a user"),
        ("send_email", "send_email = false", "not available yet"),
        ("send_email", "send_email = \"yes\"", "true or false"),
        ("send_email", "list_tests_url = \"https://vendor.example\"", "unknown key"),
        ("vendor = \"games\"", "vendor = \"gamse\"", "did you mean games?"),
        ("enabled = ", "enabled = \"no\"", "true or false"),
        ("pass_at", "pass_at = nan", "finite number"),
        ("pass_at", "pass_at = \"80\"", "finite number"),
        ("pass_at", "pass_at = 101", "outside the vendor's scale"),
        ("fail_at", "fail_at = -1", "outside the vendor's scale"),
        ("fail_at", "fail_at = 80", "must be below the pass threshold"),
        ("fail_bands", "fail_bands = [\"Recommended\"]", "is among the bands that pass, too"),
        ("fail_bands", "fail_bands = \"low\"", "list of texts"),
        ("postings", "postings = [\"a\", \"a\"]", "is there twice"),
        ("cooldown", "cooldown = \"half a year\"", "is not a duration"),
        ("cooldown", "cooldown = \"0d\"", "is no cooldown"),
        ("cooldown", "on_pass = { advance_to = \"On-site\" }", "not available yet"),
        ("cooldown", "[trigger_stage.on_fail]", "not available yet"),
        ("cooldown", "[trigger_stage.on_review]", "not available yet"),
        ("cooldown", "[notify]", "unknown key"),
        ("cooldown", "cooldown = ", "not TOML"),
        ("cooldown", "stage = \"twice\"", "not TOML"),
    ];
    for (beginning, replacement, expected) in cases {
        let (text, line) = with(beginning, replacement);
        let found = refusals(&text);
        let start = format!("acme.toml:{line}: ");
        assert!(
            found
                .iter()
                .any(|r| r.starts_with(&start) && r.contains(expected) && r.ends_with(&format!("(line {line})"))),
            "{replacement:?} in line {line}: {found:#?}"
        );
        assert!(!found.iter().any(|r| r.contains("hunter2")), "{found:#?}");
    }
}

#[test]
fn a_secret_written_out_is_refused_and_not_repeated() {
    let (text, line) = with("api_key", "api_key = \"s3cr3t-value\"");
    let found = refusals(&text);
    assert_eq!(found.len(), 1, "{found:#?}");
    assert!(found[0].starts_with(&format!("acme.toml:{line}: lever.api_key: a secret is never written")), "{found:?}");
    assert!(!found[0].contains("s3cr3t"));
}

#[test]
fn what_is_missing_is_named_at_its_section() {
    let cases = [
        ("slug", "organization.slug"),
        ("timezone", "organization.timezone"),
        ("api_key", "lever.api_key"),
        ("webhook_token", "lever.webhook_token"),
        ("perform_as", "lever.perform_as"),
        ("id = \"py\"", "vendor.0.id"),
        ("kind = \"pym", "vendor.1.kind"),
        ("send_test_url", "vendor.0.send_test_url"),
        ("client_secret", "vendor.1.client_secret"),
        ("stage = \"stage-2\"", "trigger_stage.1.stage"),
        ("vendor = \"games\"", "trigger_stage.1.vendor"),
    ];
    for (beginning, path) in cases {
        let (text, line) = with(beginning, "");
        let found = refusals(&text);
        let refusal = found.iter().find(|r| r.contains(&format!("{path}: is missing; write"))).expect(beginning);
        let heading = text.lines().take(line).enumerate().filter(|(_, l)| l.starts_with('[')).last().unwrap().0 + 1;
        assert!(refusal.starts_with(&format!("acme.toml:{heading}: ")), "{refusal}");
    }
    assert!(refusals("")[0].contains("the section is missing"));
}

#[test]
fn all_refusals_come_together_in_the_order_of_lines() {
    let text = FULL
        .replace("Europe/Berlin", "Mars/Olympus")
        .replace("send_rate = \"5/s\"", "send_rate = \"fast\"")
        .replace("fail_at = 40.5", "fail_at = 90");
    let found = parse("acme.toml", &text, false).unwrap_err();
    let lines: Vec<usize> = found.iter().map(|r| r.line).collect();
    assert_eq!(lines.len(), 3, "{found:#?}");
    assert!(lines.is_sorted());
}

#[test]
fn plain_and_private_addresses_are_for_sandboxes() {
    let text = FULL.replace("https://vendor.example", "http://127.0.0.1:9000");
    assert_eq!(parse("acme.toml", &text, false).unwrap_err().len(), 4);
    assert!(parse("acme.toml", &text, true).is_ok());
}

#[test]
fn a_slash_at_the_end_of_a_vendor_s_address_is_the_vendor_s() {
    let text = FULL
        .replace("vendor.example/send_test", "vendor.example/send_test/")
        .replace("pymetrics.example", "pymetrics.example/");
    let vendors = parse("acme.toml", &text, false).unwrap().file.vendors;
    let Contract::GreenhouseAssessment { send_test_url, .. } = &vendors[0].contract else { panic!("{vendors:?}") };
    assert_eq!(send_test_url, "https://vendor.example/send_test/");
    let Contract::Pymetrics { base_url, .. } = &vendors[1].contract else { panic!("{vendors:?}") };
    assert_eq!(base_url, "https://api.pymetrics.example");
}

#[test]
fn a_file_that_is_not_there_is_named() {
    let refusal = read(Path::new("/nowhere/acme.toml"), false).unwrap_err()[0].to_string();
    assert!(refusal.starts_with("/nowhere/acme.toml: cannot be read"), "{refusal}");
}
