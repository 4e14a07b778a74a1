use std::collections::HashMap;
use std::time::Duration;

use super::*;
use crate::testing::TempFolder;

fn config(variables: &[(&str, &str)]) -> Result<Config, Vec<Problem>> {
    let variables: HashMap<String, String> =
        variables.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect();
    Config::from_vars(|name| variables.get(name).cloned())
}

const KEY: &str = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

#[test]
fn nothing_set_gives_the_documented_defaults() {
    let config = config(&[("ASSAY_LISTEN", " ")]).unwrap();
    assert_eq!(config.listen.to_string(), "127.0.0.1:3000");
    assert_eq!(config.public_url, "http://127.0.0.1:3000");
    assert!(!config.public_url_is_set);
    assert_eq!(config.database.to_string(), "sqlite://data/assay.db");
    assert_eq!(config.sync_every, Duration::from_secs(300));
    assert_eq!(config.result_poll_every, None);
    assert!((config.lever_rate.per_second() - 8.0).abs() < f64::EPSILON);
    assert_eq!((config.log.as_str(), config.role), ("info", ServeRole::All));
    assert!(!config.allow_private_remotes && config.warnings.is_empty());
}

#[test]
fn every_problem_is_reported_by_name_at_once() {
    let problems = config(&[
        ("ASSAY_LISTEN", "3000"),
        ("ASSAY_METRICS_LISTEN", "nowhere"),
        ("ASSAY_PUBLIC_URL", "assay.example.com"),
        ("ASSAY_DATABASE_URL", "mysql://root:hunter2@db"),
        ("ASSAY_SECRET_KEY", "c2hvcnQ="),
        ("ASSAY_ALLOW_PRIVATE_REMOTES", "maybe"),
        ("ASSAY_SYNC_EVERY", "0s"),
        ("ASSAY_RESULT_POLL_EVERY", "often"),
        ("ASSAY_LEVER_RATE", "8"),
        ("ASSAY_SMTP_URL", "http://u:hunter2@mail"),
        ("ASSAY_MAIL_FROM", "nobody"),
        ("ASSAY_LOG", "server=loud"),
        ("ASSAY_ROLE", "boss"),
    ])
    .unwrap_err();
    let named: Vec<_> = problems.iter().map(|p| p.variable.as_str()).collect();
    assert_eq!(named, SETTINGS.map(|s| s.name));
    assert!(problems.iter().all(|p| p.what.contains("write") || p.what.contains("make one")), "{problems:#?}");
    assert!(!problems.iter().any(|p| p.to_string().contains("hunter2")), "{problems:#?}");
}

#[test]
fn settings_that_need_each_other() {
    let named = |variables: &[(&str, &str)]| config(variables).unwrap_err()[0].variable.clone();
    assert_eq!(named(&[("ASSAY_DATABASE_URL", "postgres://a@b/c")]), "ASSAY_SECRET_KEY");
    assert_eq!(named(&[("ASSAY_ROLE", "worker")]), "ASSAY_ROLE");
    assert_eq!(named(&[("ASSAY_SMTP_URL", "smtp://mail")]), "ASSAY_MAIL_FROM");
    assert_eq!(named(&[("ASSAY_MAIL_FROM", "a@b.example")]), "ASSAY_SMTP_URL");
    let far_apart = config(&[("ASSAY_LISTEN", "x"), ("ASSAY_ROLE", "worker"), ("ASSAY_MAIL_FROM", "a@b.example")]);
    assert_eq!(far_apart.unwrap_err().len(), 3, "a wrong value does not hide a missing one");
    let postgres =
        config(&[("ASSAY_DATABASE_URL", "postgres://a@b/c"), ("ASSAY_SECRET_KEY", KEY), ("ASSAY_ROLE", "web")])
            .unwrap();
    assert_eq!(postgres.role, ServeRole::Web);
    assert_eq!(postgres.open_keys().unwrap().first().expose()[31], 31);
}

#[test]
fn a_secret_comes_from_a_file_or_a_variable_and_never_from_both() {
    let folder = TempFolder::new();
    let file = folder.file("key", &format!("{KEY}\n"));
    let path = file.to_str().unwrap();
    let read = config(&[("ASSAY_SECRET_KEY_FILE", path)]).unwrap();
    assert_eq!(read.secret_keys.unwrap().first().expose()[1], 1);
    assert_eq!(read.warnings[0].variable, "ASSAY_SECRET_KEY_FILE", "others can read it");

    let both = config(&[("ASSAY_SECRET_KEY_FILE", path), ("ASSAY_SECRET_KEY", KEY)]).unwrap_err();
    assert!(both[0].what.contains("set one of them"), "{both:?}");
    let missing = config(&[("ASSAY_DATABASE_URL_FILE", "/nowhere/url")]).unwrap_err();
    assert_eq!(missing[0].variable, "ASSAY_DATABASE_URL_FILE");
    // Only secrets have a file.
    assert_eq!(config(&[("ASSAY_LISTEN_FILE", path)]).unwrap().listen.port(), 3000);
}

#[test]
fn unknown_variables_are_named_with_the_probable_one() {
    let names = ["ASSAY_LISTN", "ASSAY_DATABASE_URL_FILE", "ASSAY_XYZZY", "HOME", "ASSAY_LISTEN"];
    let unknown = unknown_variables(names.map(str::to_owned));
    assert_eq!(unknown.len(), 2);
    assert!(unknown[0].what.contains("ASSAY_LISTEN?"), "{}", unknown[0]);
    assert_eq!(unknown[1].variable, "ASSAY_XYZZY");
}
