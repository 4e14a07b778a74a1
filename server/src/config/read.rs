//! From variables to [`Config`].

use std::net::SocketAddr;
use std::path::Path;
use std::str::FromStr as _;
use std::time::Duration;

use domain::rules::{Rate, parse_duration};
use secrecy::SecretString;

use super::{Config, DatabaseUrl, Problem, SETTINGS, SecretKeys, ServeRole, parse_public_url};

/// Collects problems instead of stopping at the first.
struct Reader<'a> {
    variables: &'a dyn Fn(&str) -> Option<String>,
    problems: Vec<Problem>,
    warnings: Vec<Problem>,
}

pub(super) fn key_required() -> Problem {
    let what = "is required with PostgreSQL; make one with `head -c 32 /dev/urandom | base64` and keep it apart from the \
                database";
    Problem::new("ASSAY_SECRET_KEY", what)
}

pub(super) fn read(variables: &dyn Fn(&str) -> Option<String>) -> Result<Config, Vec<Problem>> {
    let mut reader = Reader { variables, problems: Vec::new(), warnings: Vec::new() };
    let config = reader.config();
    match config {
        Some(config) if reader.problems.is_empty() => Ok(config),
        _ => Err(reader.problems),
    }
}

impl Reader<'_> {
    /// Every value is read before the first missing one ends it, so that all problems are found.
    fn config(&mut self) -> Option<Config> {
        let listen = self.parsed("ASSAY_LISTEN", Some("127.0.0.1:3000"), address);
        let metrics_listen = self.parsed("ASSAY_METRICS_LISTEN", None, address);
        let given_url = self.parsed("ASSAY_PUBLIC_URL", None, parse_public_url);
        let database = self.parsed("ASSAY_DATABASE_URL", Some("sqlite://data/assay.db"), DatabaseUrl::parse);
        let secret_keys = self.parsed("ASSAY_SECRET_KEY", None, SecretKeys::parse);
        let allow_private_remotes = self.parsed("ASSAY_ALLOW_PRIVATE_REMOTES", Some("false"), boolean);
        let sync_every = self.parsed("ASSAY_SYNC_EVERY", Some("5m"), period);
        let result_poll_every = self.parsed("ASSAY_RESULT_POLL_EVERY", None, period);
        let lever_rate = self.parsed("ASSAY_LEVER_RATE", Some("8/s"), Rate::parse);
        let smtp_url = self.parsed("ASSAY_SMTP_URL", None, smtp);
        let mail_from = self.parsed("ASSAY_MAIL_FROM", None, sender);
        let log = self.parsed("ASSAY_LOG", Some("info"), filter);
        let role = self.parsed("ASSAY_ROLE", Some("all"), role);
        self.check_mail(smtp_url.is_some(), mail_from.is_some());
        if let Some(database) = &database {
            self.check_key(database, secret_keys.is_some());
            self.check_role(role.unwrap_or_default(), database);
        }
        let (database, listen, role) = (database?, listen?, role?);
        if given_url.is_none() && listen.ip().is_unspecified() {
            self.warn("ASSAY_PUBLIC_URL", format!("is not set and {listen} is no address to go to; set it"));
        }
        if allow_private_remotes == Some(true) {
            self.warn("ASSAY_ALLOW_PRIVATE_REMOTES", "is on: only for sandboxes and tests");
        }
        Some(Config {
            listen,
            metrics_listen,
            public_url_is_set: given_url.is_some(),
            public_url: given_url.unwrap_or_else(|| format!("http://{listen}")),
            database,
            secret_keys,
            allow_private_remotes: allow_private_remotes?,
            sync_every: sync_every?,
            result_poll_every,
            lever_rate: lever_rate?,
            smtp_url,
            mail_from,
            log: log?,
            role,
            warnings: std::mem::take(&mut self.warnings),
        })
    }

    fn check_key(&mut self, database: &DatabaseUrl, given: bool) {
        let refused = self.problems.iter().any(|p| p.variable.starts_with("ASSAY_SECRET_KEY"));
        if database.is_postgres() && !given && !refused {
            self.problems.push(key_required());
        }
    }

    fn check_mail(&mut self, url: bool, from: bool) {
        let refused = self.problems.iter().any(|p| p.variable.contains("SMTP") || p.variable.contains("MAIL"));
        match (url, from) {
            _ if refused => {}
            (true, false) => {
                self.refuse(
                    "ASSAY_MAIL_FROM",
                    "is required with ASSAY_SMTP_URL; write it as Assay <assay@example.com>",
                );
            }
            (false, true) => {
                self.refuse(
                    "ASSAY_SMTP_URL",
                    "is required with ASSAY_MAIL_FROM; write it as smtps://user:password@host",
                );
            }
            _ => {}
        }
    }

    fn check_role(&mut self, role: ServeRole, database: &DatabaseUrl) {
        if role != ServeRole::All && !database.is_postgres() {
            let what = format!(
                "{} needs PostgreSQL, because one process owns a SQLite file; write all, or set ASSAY_DATABASE_URL to \
                 postgres://…",
                role.as_str()
            );
            self.refuse("ASSAY_ROLE", what);
        }
    }

    fn refuse(&mut self, variable: &str, what: impl Into<String>) {
        self.problems.push(Problem::new(variable, what));
    }

    fn warn(&mut self, variable: &str, what: impl Into<String>) {
        self.warnings.push(Problem::new(variable, what));
    }

    fn parsed<T>(&mut self, name: &str, default: Option<&str>, parse: impl Fn(&str) -> Result<T, String>) -> Option<T> {
        let (variable, text) = self.text(name)?.or_else(|| Some((name.to_owned(), default?.to_owned())))?;
        parse(&text).map_err(|what| self.refuse(&variable, what)).ok()
    }

    /// The value and the variable it came from. Outer `None`: a problem was recorded.
    fn text(&mut self, name: &str) -> Option<Option<(String, String)>> {
        let read = |n: &str| (self.variables)(n).filter(|v| !v.trim().is_empty());
        let value = read(name);
        let is_secret = SETTINGS.iter().any(|s| s.name == name && s.secret);
        let file_variable = format!("{name}_FILE");
        let Some(file) = is_secret.then(|| read(&file_variable)).flatten() else {
            return Some(value.map(|v| (name.to_owned(), v)));
        };
        if value.is_some() {
            self.refuse(name, format!("is set, and so is {file_variable}; set one of them"));
            return None;
        }
        let path = Path::new(file.trim());
        match std::fs::read_to_string(path) {
            Ok(text) if text.trim().is_empty() => {
                self.refuse(&file_variable, format!("{} is empty; write the value into it", path.display()));
                None
            }
            Ok(text) => {
                if crate::private::is_open_to_others(path) {
                    let what = format!("{} can be read by other users; run chmod 600 on it", path.display());
                    self.warn(&file_variable, what);
                }
                Some(Some((file_variable, text.trim().to_owned())))
            }
            Err(e) => {
                self.refuse(&file_variable, format!("{} cannot be read ({e}); correct the path", path.display()));
                None
            }
        }
    }
}

fn address(text: &str) -> Result<SocketAddr, String> {
    let text = text.trim();
    text.parse().map_err(|_| format!("{text:?} is not an address with a port; write it as 127.0.0.1:3000"))
}

fn boolean(text: &str) -> Result<bool, String> {
    match text.trim() {
        "true" | "1" => Ok(true),
        "false" | "0" => Ok(false),
        other => Err(format!("{other:?} is neither true nor false; write one of them")),
    }
}

/// A period of nothing would keep a worker busy without end.
fn period(text: &str) -> Result<Duration, String> {
    let span = parse_duration(text)?;
    if span.is_zero() { Err(format!("{text:?} is no period; write at least 1s")) } else { Ok(span) }
}

fn role(text: &str) -> Result<ServeRole, String> {
    ServeRole::parse(text.trim()).ok_or_else(|| format!("{text:?} is no role; write all, web or worker"))
}

fn filter(text: &str) -> Result<String, String> {
    match tracing_subscriber::EnvFilter::from_str(text.trim()) {
        Ok(_) => Ok(text.trim().to_owned()),
        Err(e) => Err(format!("{text:?} is not a log filter ({e}); write it as info or server=debug,info")),
    }
}

/// Never repeats the value: it may hold a password.
fn smtp(text: &str) -> Result<SecretString, String> {
    let form = "write it as smtps://user:password@host or smtp://host:25";
    let url = reqwest::Url::parse(text.trim()).map_err(|e| format!("is not an address ({e}); {form}"))?;
    if matches!(url.scheme(), "smtp" | "smtps") && url.has_host() {
        Ok(SecretString::from(text.trim()))
    } else {
        Err(format!("is neither smtp:// nor smtps:// with a host; {form}"))
    }
}

fn sender(text: &str) -> Result<String, String> {
    let parsed: Result<lettre::message::Mailbox, _> = text.trim().parse();
    parsed
        .map(|_| text.trim().to_owned())
        .map_err(|_| format!("{text:?} is not a sender; write it as Assay <assay@example.com>"))
}
