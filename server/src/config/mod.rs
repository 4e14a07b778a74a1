//! What the operator sets: read once, all problems together, each by name.

pub mod key;
mod read;
pub mod settings;
mod values;

use std::fmt;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use domain::rules::Rate;
use secrecy::SecretString;

pub use self::settings::{SETTINGS, Setting, unknown_variables};
pub use self::values::{DatabaseUrl, SecretKey, SecretKeys, ServeRole, parse_public_url};

/// One setting that is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The variable.
    pub variable: String,
    /// What is wrong and what to write.
    pub what: String,
}

impl Problem {
    /// About this variable.
    pub fn new(variable: impl Into<String>, what: impl Into<String>) -> Self {
        Self { variable: variable.into(), what: what.into() }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.variable, self.what)
    }
}

/// Every setting.
#[derive(Clone, Debug)]
pub struct Config {
    /// Web address.
    pub listen: SocketAddr,
    /// Address of `/metrics`, if it has one.
    pub metrics_listen: Option<SocketAddr>,
    /// What people, Lever and vendors use to reach us; no slash at the end.
    pub public_url: String,
    /// Whether it was set, or follows from `listen`.
    pub public_url_is_set: bool,
    /// The database.
    pub database: DatabaseUrl,
    /// The keys, where they were set; see [`Config::open_keys`].
    pub secret_keys: Option<SecretKeys>,
    /// Lever and vendors may be `http` or private.
    pub allow_private_remotes: bool,
    /// How often trigger stages are reconciled with Lever.
    pub sync_every: Duration,
    /// How often open orders are asked for; `None`: the vendor's own schedule.
    pub result_poll_every: Option<Duration>,
    /// Calls a second per Lever key.
    pub lever_rate: Rate,
    /// Where e-mail goes out; with a password.
    pub smtp_url: Option<SecretString>,
    /// Sender of e-mail; there exactly when `smtp_url` is.
    pub mail_from: Option<String>,
    /// Log filter.
    pub log: String,
    /// Which part of the product this process is.
    pub role: ServeRole,
    /// Not wrong, and worth a look; for the log.
    pub warnings: Vec<Problem>,
}

impl Config {
    /// Reads all settings from `variables`, the files their `…_FILE` variables name included. A blank value counts as not
    /// set.
    ///
    /// # Errors
    /// Every problem there is.
    pub fn from_vars(variables: impl Fn(&str) -> Option<String>) -> Result<Self, Vec<Problem>> {
        read::read(&variables)
    }

    /// The keys: those that were set; otherwise, with SQLite, those of the file beside the database, which is made now if there
    /// is none.
    ///
    /// # Errors
    /// The key file is wrong or cannot be made.
    pub fn open_keys(&self) -> Result<SecretKeys, Problem> {
        match (&self.secret_keys, self.key_file()) {
            (Some(keys), _) => Ok(keys.clone()),
            (None, Some(file)) => key::read_or_make(&file),
            (None, None) => Err(read::key_required()),
        }
    }

    /// As [`Config::open_keys`], and makes nothing: `None` where there is no key yet.
    ///
    /// # Errors
    /// The key file is wrong.
    pub fn existing_keys(&self) -> Result<Option<SecretKeys>, Problem> {
        match (&self.secret_keys, self.key_file()) {
            (Some(keys), _) => Ok(Some(keys.clone())),
            (None, Some(file)) => key::read(&file),
            (None, None) => Err(read::key_required()),
        }
    }

    /// The file that Assay made for its keys and may write; `None` where they are set, or with PostgreSQL.
    pub fn key_file(&self) -> Option<PathBuf> {
        if self.secret_keys.is_some() { None } else { self.database.sqlite_file().map(key::path_for) }
    }
}

#[cfg(test)]
mod tests;
