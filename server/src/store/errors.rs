//! What can go wrong, in the words of the port and of the operator.

use domain::ports::StoreError;
use sqlx::error::{DatabaseError, ErrorKind};
use sqlx::migrate::MigrateError;

/// Why a database cannot be opened or migrated: one sentence that names the setting and the next step, never the URL,
/// which may hold a password.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// Neither SQLite nor PostgreSQL.
    #[error("ASSAY_DATABASE_URL must begin with sqlite:// or postgres://, for example sqlite://data/assay.db")]
    Scheme,
    /// The rest of the URL cannot be read.
    #[error("ASSAY_DATABASE_URL cannot be read: {0}")]
    Url(String),
    /// A database in memory is lost at the first restart, and every connection would have its own.
    #[error("ASSAY_DATABASE_URL names a database in memory; name a file, for example sqlite://data/assay.db")]
    InMemory,
    /// The folder of the database file cannot be made.
    #[error("the folder {folder} of ASSAY_DATABASE_URL cannot be made: {source}; create it or name another one")]
    Folder {
        /// The folder.
        folder: String,
        /// Why.
        source: std::io::Error,
    },
    /// No connection.
    #[error("the database of ASSAY_DATABASE_URL cannot be opened: {0}; check that it runs and that it may be used")]
    Connect(#[source] sqlx::Error),
    /// The engine has a known fault or lacks what is needed.
    #[error("{engine} {found} is too old: at least {needed} is needed")]
    TooOld {
        /// SQLite or PostgreSQL.
        engine: &'static str,
        /// The version there.
        found: String,
        /// The oldest version that will do.
        needed: &'static str,
    },
    /// Made by a later version of this program.
    #[error(
        "the database was changed by a newer version of assay (migration {found}; this one knows {known}): start that \
         version, or restore a backup made before it"
    )]
    Newer {
        /// Latest migration in the database.
        found: i64,
        /// Latest migration of this program.
        known: i64,
    },
    /// A released migration has another text than the one that was applied.
    #[error("migration {0} differs from the one this database was made with: use the program it was made with")]
    Altered(i64),
    /// A migration failed.
    #[error("the database could not be migrated: {0}; nothing of that migration was kept")]
    Migration(#[source] MigrateError),
}

impl From<MigrateError> for OpenError {
    fn from(error: MigrateError) -> Self {
        match error {
            MigrateError::VersionMismatch(version) => Self::Altered(version),
            other => Self::Migration(other),
        }
    }
}

/// Maps an error of either engine.
pub(super) fn store(error: sqlx::Error) -> StoreError {
    if let sqlx::Error::Database(inner) = &error {
        if let ErrorKind::UniqueViolation | ErrorKind::CheckViolation = inner.kind() {
            return StoreError::Conflict(constraint(inner.as_ref()));
        }
        if let ErrorKind::ForeignKeyViolation = inner.kind() {
            return StoreError::Conflict("foreign_key".to_owned());
        }
    }
    broken(error)
}

/// An answer or a failure that nobody can do anything about here.
pub(super) fn broken(error: impl std::error::Error + Send + Sync + 'static) -> StoreError {
    StoreError::Broken(error.to_string(), Some(Box::new(error)))
}

/// A stored value that this version cannot read.
pub(super) fn unreadable(what: &str, value: &str) -> StoreError {
    StoreError::Broken(format!("unreadable {what}: {value:?}"), None)
}

/// Unique indexes by the columns SQLite names in its message; PostgreSQL names the index itself.
const UNIQUE: [(&str, &str); 19] = [
    ("activities.id", "activities_id"),
    ("configurations.organization_id, configurations.version", "configurations_version"),
    (
        "decisions.organization_id, decisions.opportunity, decisions.stage, decisions.entered_at, decisions.vendor",
        "decisions_entry",
    ),
    ("deliveries.id", "deliveries_id"),
    ("deliveries.organization_id, deliveries.token", "deliveries_token"),
    ("issues.organization_id, issues.cause", "issues_open"),
    ("jobs.id", "jobs_id"),
    ("jobs.organization_id, jobs.unique_key", "jobs_key"),
    ("orders.id", "orders_id"),
    ("orders.organization_id, orders.opportunity, orders.vendor, orders.test, orders.round", "orders_round"),
    ("orders.report_token", "orders_report_token"),
    ("links.email, links.purpose", "links_open"),
    ("links.id", "links_id"),
    ("organizations.hook", "organizations_hook"),
    ("organizations.id", "organizations_id"),
    ("organizations.slug", "organizations_slug"),
    ("sessions.key", "sessions_key"),
    ("users.email", "users_email"),
    ("users.id", "users_id"),
];

fn constraint(error: &dyn DatabaseError) -> String {
    if let Some(name) = error.constraint() {
        return name.to_owned();
    }
    let text = error.message().split_once("constraint failed: ").map_or(error.message(), |(_, rest)| rest);
    UNIQUE.iter().find(|(columns, _)| *columns == text).map_or(text, |(_, name)| name).to_owned()
}
