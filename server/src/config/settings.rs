//! The list of settings: for reading, for `assay config`, and for near misses.

use domain::near::nearest;

use super::Problem;

/// One setting.
#[derive(Clone, Copy, Debug)]
pub struct Setting {
    /// The variable.
    pub name: &'static str,
    /// What it is without being set, for people.
    pub default: &'static str,
    /// What it is for.
    pub meaning: &'static str,
    /// Never shown, and may be given as `…_FILE`.
    pub secret: bool,
}

const fn plain(name: &'static str, default: &'static str, meaning: &'static str) -> Setting {
    Setting { name, default, meaning, secret: false }
}

const fn secret(name: &'static str, default: &'static str, meaning: &'static str) -> Setting {
    Setting { name, default, meaning, secret: true }
}

/// All settings, in the order they are shown.
pub const SETTINGS: [Setting; 13] = [
    plain("ASSAY_LISTEN", "127.0.0.1:3000", "web address"),
    plain("ASSAY_METRICS_LISTEN", "off", "separate address for /metrics"),
    plain("ASSAY_PUBLIC_URL", "http://<listen>", "what people, Lever and vendors use to reach us"),
    secret("ASSAY_DATABASE_URL", "sqlite://data/assay.db", "sqlite://FILE or postgres://user:password@host/database"),
    secret(
        "ASSAY_SECRET_KEY",
        "made beside the SQLite file on first start",
        "32 bytes in base64: encrypts stored credentials; required with PostgreSQL; several while they change: the first encrypts",
    ),
    plain("ASSAY_ALLOW_PRIVATE_REMOTES", "false", "lets Lever and vendor addresses be http or private"),
    plain("ASSAY_SYNC_EVERY", "5m", "how often trigger stages are reconciled with Lever"),
    plain("ASSAY_RESULT_POLL_EVERY", "the vendor's own schedule", "how often open orders are asked for"),
    plain("ASSAY_LEVER_RATE", "8/s", "calls a second per Lever key, shared by all workers"),
    secret("ASSAY_SMTP_URL", "off", "where e-mail goes out: smtps://user:password@host"),
    plain("ASSAY_MAIL_FROM", "off", "sender of e-mail"),
    plain("ASSAY_LOG", "info", "log filter"),
    plain("ASSAY_ROLE", "all", "all, web or worker; web and worker need PostgreSQL"),
];

impl Setting {
    /// The flag of the same name: `ASSAY_PUBLIC_URL` is `--public-url`.
    pub fn flag(&self) -> String {
        format!("--{}", self.name.trim_start_matches("ASSAY_").to_lowercase().replace('_', "-"))
    }

    /// The variable that names a file instead, for secrets.
    pub fn file_variable(&self) -> Option<String> {
        self.secret.then(|| format!("{}_FILE", self.name))
    }
}

/// `ASSAY_` variables that mean nothing, each with what may have been meant.
pub fn unknown_variables(names: impl IntoIterator<Item = String>) -> Vec<Problem> {
    let known: Vec<String> =
        SETTINGS.iter().flat_map(|s| [Some(s.name.to_owned()), s.file_variable()]).flatten().collect();
    let mut unknown: Vec<String> =
        names.into_iter().filter(|n| n.starts_with("ASSAY_") && !known.contains(n)).collect();
    unknown.sort_unstable();
    let problem = |name: String| {
        // All names begin alike: only what follows tells them apart.
        let rest = |n: &str| n.trim_start_matches("ASSAY_").to_owned();
        let rests: Vec<String> = known.iter().map(|k| rest(k)).collect();
        let near = nearest(&rest(&name), rests.iter().map(String::as_str));
        let hint = match near.first() {
            Some(first) => format!("did you mean ASSAY_{first}?"),
            None => "`assay config template` lists all settings".to_owned(),
        };
        Problem::new(name, format!("is not a setting and is ignored; {hint}"))
    };
    unknown.into_iter().map(problem).collect()
}
