//! `assay doctor`: what this machine needs, looked at without changing anything.

use std::path::{Path, PathBuf};

use clap::Args;
use domain::audit::ChainState;
use domain::ports::Store;
use serde::Serialize;
use sqlx::{Connection as _, Row as _};

use super::settings::Settings;
use super::{out, wire};
use crate::config::Config;
use crate::failure::{Exit, Failure};
use crate::private::is_open_to_others;
use crate::secrets::Vault;

/// Check that everything this machine needs is there.
#[derive(Debug, Args)]
pub(super) struct Doctor {
    /// One JSON object a line
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    settings: Settings,
}

/// How a check ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
enum Status {
    Ok,
    Warn,
    Fail,
}

#[derive(Debug, Serialize)]
struct Check {
    check: &'static str,
    status: Status,
    detail: String,
}

impl Check {
    fn new(check: &'static str, status: Status, detail: impl Into<String>) -> Self {
        Self { check, status, detail: detail.into() }
    }
}

impl Doctor {
    pub(super) async fn run(self) -> Result<(), Failure> {
        let config = super::configured(&self.settings)?;
        let checks = examine(&config).await;
        if self.json {
            out::json(&checks)?;
        } else {
            let word = |status| match status {
                Status::Ok => "ok",
                Status::Warn => "warning",
                Status::Fail => "FAILED",
            };
            let row = |c: &Check| vec![word(c.status).to_owned(), c.check.to_owned(), c.detail.clone()];
            out::table(&["", "check", "found"], &checks.iter().map(row).collect::<Vec<_>>())?;
        }
        let failed: Vec<&str> = checks.iter().filter(|c| c.status == Status::Fail).map(|c| c.check).collect();
        if failed.is_empty() {
            return Ok(());
        }
        Err(Failure::new(Exit::Failed, format!("failed: {}; the lines above say what to do", failed.join(", "))))
    }
}

async fn examine(config: &Config) -> Vec<Check> {
    let mut checks = vec![settings(config), public_url(config)];
    let (database, usable) = database(config).await;
    checks.extend(database);
    if usable {
        checks.push(schema(config).await);
    }
    let current = usable && checks.iter().all(|c| c.check != "schema" || c.status == Status::Ok);
    if current {
        checks.push(record(config).await);
    }
    checks.push(secrets(config, current).await);
    checks
}

fn settings(config: &Config) -> Check {
    let warnings: Vec<String> = config.warnings.iter().map(ToString::to_string).collect();
    if warnings.is_empty() {
        Check::new("settings", Status::Ok, "all are known and right")
    } else {
        Check::new("settings", Status::Warn, warnings.join("; "))
    }
}

/// Whether the record of changes is what was written.
async fn record(config: &Config) -> Check {
    let walked = match wire::store(config).await {
        Ok(store) => store.verify_audit().await.map_err(|e| e.to_string()),
        Err(failure) => Err(failure.to_string()),
    };
    match walked {
        Ok(chains) => judged(&chains),
        Err(why) => Check::new("audit", Status::Fail, format!("the record of changes cannot be read: {why}")),
    }
}

fn judged(chains: &[ChainState]) -> Check {
    let name = |c: &ChainState| c.organization.as_deref().unwrap_or("the instance").to_owned();
    let broken: Vec<String> =
        chains.iter().filter_map(|c| c.broken_at.map(|n| format!("{} from entry {n}", name(c)))).collect();
    let entries: i64 = chains.iter().map(|c| c.entries).sum();
    if broken.is_empty() {
        return Check::new("audit", Status::Ok, format!("{entries} entries in {} chains are as written", chains.len()));
    }
    let detail = format!(
        "the record of changes was edited outside of Assay: {}; compare it with a backup and find out who has access",
        broken.join(", ")
    );
    Check::new("audit", Status::Fail, detail)
}

/// Lever sends events only to addresses it can reach.
fn public_url(config: &Config) -> Check {
    let url = &config.public_url;
    let detail = if !config.public_url_is_set {
        format!("{url} follows from the listen address; set ASSAY_PUBLIC_URL so that Lever can reach it")
    } else if !url.starts_with("https://") {
        format!("{url} is not encrypted; use https:// outside of tests")
    } else {
        return Check::new("public url", Status::Ok, url);
    };
    Check::new("public url", Status::Warn, detail)
}

/// Whether it opens and can be written; and whether there is one to look at.
async fn database(config: &Config) -> (Vec<Check>, bool) {
    let checked = match config.database.sqlite_file() {
        Some(file) => sqlite(file).await,
        None => postgres(config).await,
    };
    match checked {
        Ok((checks, usable)) => (checks, usable),
        Err(e) => {
            let detail = format!("{}: {e}; check ASSAY_DATABASE_URL and its permissions", config.database);
            (vec![Check::new("database", Status::Fail, detail)], false)
        }
    }
}

async fn sqlite(file: &Path) -> Result<(Vec<Check>, bool), sqlx::Error> {
    let options = || sqlx::sqlite::SqliteConnectOptions::new().create_if_missing(false);
    let mut memory = sqlx::SqliteConnection::connect_with(&options().in_memory(true)).await?;
    let version: String = sqlx::query("select sqlite_version()").fetch_one(&mut memory).await?.try_get(0)?;
    let version = Check::new("sqlite", Status::Ok, format!("version {version}, built in"));
    if !file.exists() {
        let detail = format!("{} does not exist yet; `assay serve` makes it", file.display());
        return Ok((vec![version, Check::new("database", Status::Warn, detail)], false));
    }
    let mut connection = sqlx::SqliteConnection::connect_with(&options().filename(file)).await?;
    // Takes the lock of a writer and gives it back: nothing is written.
    sqlx::query("begin immediate").execute(&mut connection).await?;
    sqlx::query("rollback").execute(&mut connection).await?;
    connection.close().await?;
    Ok((vec![version, privacy(file)], true))
}

/// A database that opens; other users of the machine are not to read it.
fn privacy(file: &Path) -> Check {
    let beside = ["-wal", "-shm"].map(|end| PathBuf::from(format!("{}{end}", file.display())));
    let all = std::iter::once(file.to_owned()).chain(beside);
    let open: Vec<String> = all.filter(|f| is_open_to_others(f)).map(|f| f.display().to_string()).collect();
    if open.is_empty() {
        return Check::new("database", Status::Ok, format!("{} opens and can be written", file.display()));
    }
    let files = open.join(" ");
    let detail =
        format!("it opens, and other users of this machine may read its personal data; run: chmod 600 {files}");
    Check::new("database", Status::Warn, detail)
}

async fn postgres(config: &Config) -> Result<(Vec<Check>, bool), sqlx::Error> {
    let mut connection = sqlx::PgConnection::connect(config.database.reveal()).await?;
    let version: String = sqlx::query("show server_version").fetch_one(&mut connection).await?.try_get(0)?;
    let read_only: String = sqlx::query("show transaction_read_only").fetch_one(&mut connection).await?.try_get(0)?;
    connection.close().await?;
    let version = Check::new("postgresql", Status::Ok, format!("version {version}"));
    let database = if read_only == "off" {
        Check::new("database", Status::Ok, format!("{} opens and can be written", config.database))
    } else {
        let detail = format!("{} is read-only; name the primary in ASSAY_DATABASE_URL", config.database);
        Check::new("database", Status::Fail, detail)
    };
    let usable = database.status == Status::Ok;
    Ok((vec![version, database], usable))
}

async fn schema(config: &Config) -> Check {
    match wire::migrations(config).await {
        Ok(all) => {
            let missing: Vec<&str> = all.iter().filter(|m| !m.applied).map(|m| m.name.as_str()).collect();
            if missing.is_empty() {
                Check::new("schema", Status::Ok, format!("current, {} migrations", all.len()))
            } else {
                Check::new("schema", Status::Fail, format!("missing {}; run `assay migrate`", missing.join(", ")))
            }
        }
        Err(failure) => Check::new("schema", Status::Fail, failure.to_string()),
    }
}

/// The key is right when it opens every secret there is.
async fn secrets(config: &Config, database: bool) -> Check {
    let check = |status, detail: String| Check::new("secret key", status, detail);
    let keys = match config.existing_keys() {
        Ok(Some(keys)) => keys,
        Ok(None) => {
            let file = config.database.sqlite_file().map(crate::config::key::path_for).unwrap_or_default();
            return match stored(config, database).await {
                Ok(0) => check(Status::Warn, format!("{} does not exist yet; `assay serve` makes it", file.display())),
                Ok(count) => {
                    let missing = format!("{} is missing, and {count} secrets need it; bring it back", file.display());
                    check(Status::Fail, missing)
                }
                Err(detail) => check(Status::Fail, detail),
            };
        }
        Err(problem) => return check(Status::Fail, problem.to_string()),
    };
    if !database {
        return check(Status::Warn, "is there; without a current database it cannot be tried".to_owned());
    }
    let opened = match wire::store(config).await {
        Ok(store) => open_all(&*store, &Vault::new(keys)).await,
        Err(failure) => Err(failure.to_string()),
    };
    opened.map_or_else(
        |detail| check(Status::Fail, detail),
        |(count, old)| match old {
            0 => check(Status::Ok, format!("opens all {count} stored secrets")),
            old => check(
                Status::Warn,
                format!("opens all {count} stored secrets, {old} of them with an old key: run `assay key rotate`"),
            ),
        },
    )
}

/// How many secrets there are.
async fn stored(config: &Config, database: bool) -> Result<usize, String> {
    if !database {
        return Ok(0);
    }
    let store = wire::store(config).await.map_err(|failure| failure.to_string())?;
    let mut count = 0;
    for organization in store.organizations().await.map_err(|e| e.to_string())? {
        count += store.secrets(organization.id).await.map_err(|e| e.to_string())?.len();
    }
    Ok(count)
}

/// How many secrets there are, and how many of them are under an old key.
async fn open_all(store: &dyn Store, vault: &Vault) -> Result<(usize, usize), String> {
    let (mut count, mut old) = (0, 0);
    let mut closed = Vec::new();
    for organization in store.organizations().await.map_err(|e| e.to_string())? {
        for secret in store.secrets(organization.id).await.map_err(|e| e.to_string())? {
            count += 1;
            match vault.reseal(organization.id, &secret.name, &secret.sealed) {
                Ok(anew) => old += usize::from(anew.is_some()),
                Err(e) => closed.push(format!("{} of {}: {e}", secret.name, organization.rules.slug)),
            }
        }
    }
    if closed.is_empty() { Ok((count, old)) } else { Err(closed.join("; ")) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::TempFolder;

    fn config(url: &str) -> Config {
        Config::from_vars(|name| (name == "ASSAY_DATABASE_URL").then(|| url.to_owned())).unwrap()
    }

    fn status(checks: &[Check], name: &str) -> Status {
        checks.iter().find(|c| c.check == name).unwrap_or_else(|| panic!("no check {name}: {checks:?}")).status
    }

    #[tokio::test]
    async fn a_machine_before_its_first_start_is_no_failure_and_stays_as_it_is() {
        let folder = TempFolder::new();
        let checks = examine(&config(&format!("sqlite://{}/assay.db", folder.path().display()))).await;
        assert!(checks.iter().all(|c| c.status != Status::Fail), "{checks:?}");
        assert_eq!(status(&checks, "sqlite"), Status::Ok);
        assert_eq!((status(&checks, "database"), status(&checks, "public url")), (Status::Warn, Status::Warn));
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
    }

    #[tokio::test]
    async fn a_database_that_others_may_read_is_warned_about() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = TempFolder::new();
        let file = folder.path().join("assay.db");
        let config = config(&format!("sqlite://{}", file.display()));
        crate::store::migrate(config.database.reveal()).await.unwrap();
        assert_eq!(status(&database(&config).await.0, "database"), Status::Ok, "as it is made");
        std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o644)).unwrap();
        let checks = database(&config).await.0;
        assert_eq!(status(&checks, "database"), Status::Warn);
        assert!(checks.iter().any(|c| c.detail.contains("chmod 600")), "{checks:?}");
    }

    #[tokio::test]
    async fn a_file_that_is_no_database_fails() {
        let folder = TempFolder::new();
        let file = folder.file("assay.db", &"not a database ".repeat(100));
        let (checks, usable) = database(&config(&format!("sqlite://{}", file.display()))).await;
        assert!(!usable);
        assert_eq!(status(&checks, "database"), Status::Fail);
    }
}
