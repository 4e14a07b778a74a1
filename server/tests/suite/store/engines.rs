//! Databases for cases, and what concerns the engines themselves.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::PathBuf;
use std::sync::{Arc, Once};

use domain::job::Effect;
use domain::ports::Store;
use server::{ids, store};
use sqlx::{Connection as _, Executor as _, Row as _};

use super::samples::{at, decision, follow, organization};

/// A fresh, migrated database.
pub enum Database {
    Sqlite { folder: PathBuf },
    Postgres { server: String, schema: String },
}

impl Database {
    pub async fn sqlite() -> Self {
        let database = Self::Sqlite { folder: std::env::temp_dir().join(format!("assay-test-{}", ids::token())) };
        store::migrate(&database.url()).await.expect("migrates");
        database
    }

    /// `None`, said loudly, where there is no server to test with.
    pub async fn postgres() -> Option<Self> {
        static SAID: Once = Once::new();
        let Ok(server) = std::env::var("ASSAY_TEST_POSTGRES_URL") else {
            // Past the capture of the test harness: a skipped engine is everybody's business.
            SAID.call_once(|| {
                let line = b"SKIPPED: PostgreSQL, because ASSAY_TEST_POSTGRES_URL is not set\n";
                std::io::stderr().write_all(line).expect("stderr");
            });
            return None;
        };
        let schema = format!("assay_{}", ids::token());
        let database = Self::Postgres { server, schema };
        database.admin("CREATE SCHEMA").await;
        store::migrate(&database.url()).await.expect("migrates");
        Some(database)
    }

    pub fn url(&self) -> String {
        match self {
            Self::Sqlite { folder } => format!("sqlite://{}/assay.db", folder.display()),
            Self::Postgres { server, schema } => {
                let joint = if server.contains('?') { '&' } else { '?' };
                format!("{server}{joint}options=-csearch_path%3D{schema}")
            }
        }
    }

    pub async fn store(&self) -> Arc<dyn Store> {
        store::connect(&self.url()).await.expect("opens")
    }

    async fn admin(&self, verb: &str) {
        if let Self::Postgres { server, schema } = self {
            let mut connection = sqlx::PgConnection::connect(server).await.expect("connects");
            let end = if verb.starts_with("DROP") { " CASCADE" } else { "" };
            let statement = sqlx::AssertSqlSafe(format!("{verb} {schema}{end}"));
            connection.execute(statement).await.expect("a schema of its own");
        }
    }

    pub async fn remove(&self) {
        match self {
            Self::Sqlite { folder } => std::fs::remove_dir_all(folder).expect("removes its folder"),
            Self::Postgres { .. } => self.admin("DROP SCHEMA").await,
        }
    }

    /// Runs a statement past the store.
    pub async fn execute(&self, statement: &'static str) {
        self.try_execute(statement).await.expect("executes");
    }

    /// As above; the database may refuse.
    async fn try_execute(&self, statement: &'static str) -> sqlx::Result<()> {
        match self {
            Self::Sqlite { .. } => {
                let mut connection = sqlx::SqliteConnection::connect(&self.url()).await?;
                connection.execute(statement).await.map(drop)
            }
            Self::Postgres { .. } => {
                let mut connection = sqlx::PgConnection::connect(&self.url()).await?;
                connection.execute(statement).await.map(drop)
            }
        }
    }

    /// Tables with their columns and whether they may be null, and indexes, by name.
    async fn listing(&self) -> (BTreeMap<String, bool>, Vec<String>) {
        let (columns, indexes) = match self {
            Self::Sqlite { .. } => (SQLITE_COLUMNS, SQLITE_INDEXES),
            Self::Postgres { .. } => (POSTGRES_COLUMNS, POSTGRES_INDEXES),
        };
        match self {
            Self::Sqlite { .. } => {
                let mut c = sqlx::SqliteConnection::connect(&self.url()).await.expect("connects");
                let rows = sqlx::query(columns).fetch_all(&mut c).await.expect("lists");
                let names = sqlx::query_scalar(indexes).fetch_all(&mut c).await.expect("lists");
                (rows.iter().map(|r| (r.get(0), r.get(1))).collect(), names)
            }
            Self::Postgres { .. } => {
                let mut c = sqlx::PgConnection::connect(&self.url()).await.expect("connects");
                let rows = sqlx::query(columns).fetch_all(&mut c).await.expect("lists");
                let names = sqlx::query_scalar(indexes).fetch_all(&mut c).await.expect("lists");
                (rows.iter().map(|r| (r.get(0), r.get(1))).collect(), names)
            }
        }
    }
}

const SQLITE_COLUMNS: &str = "SELECT t.name || '.' || c.name, c.\"notnull\" = 0 FROM sqlite_schema t, \
    pragma_table_xinfo(t.name) c WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite_%' AND t.name NOT LIKE '_sqlx%'";
const POSTGRES_COLUMNS: &str = "SELECT (table_name || '.' || column_name)::text, is_nullable = 'YES' \
    FROM information_schema.columns WHERE table_schema = current_schema() AND table_name NOT LIKE '\\_sqlx%'";
const SQLITE_INDEXES: &str = "SELECT name FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL ORDER BY name";
const POSTGRES_INDEXES: &str = "SELECT i.relname::text FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid \
    JOIN pg_namespace n ON n.oid = i.relnamespace WHERE n.nspname = current_schema() AND NOT x.indisprimary \
    ORDER BY i.relname COLLATE \"C\"";

async fn both() -> Vec<Database> {
    let mut databases = vec![Database::sqlite().await];
    databases.extend(Database::postgres().await);
    databases
}

#[tokio::test]
async fn both_engines_have_the_same_tables_columns_and_indexes() {
    let Some(postgres) = Database::postgres().await else { return };
    let sqlite = Database::sqlite().await;
    assert_eq!(sqlite.listing().await, postgres.listing().await);
    sqlite.remove().await;
    postgres.remove().await;
}

#[test]
fn both_engines_have_the_same_migrations() {
    let names = |engine: &str| {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../migrations").join(engine);
        let mut names: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        names.sort();
        names
    };
    assert_eq!(names("sqlite"), names("postgres"));
}

#[tokio::test]
async fn migrating_twice_changes_nothing_and_status_says_so() {
    for database in both().await {
        assert_eq!(store::migrate(&database.url()).await.unwrap(), Vec::<String>::new());
        let states = store::migration_status(&database.url()).await.unwrap();
        assert!(!states.is_empty() && states.iter().all(|state| state.applied), "{states:?}");
        database.remove().await;
    }
}

#[tokio::test]
async fn an_empty_database_is_not_ready_until_it_is_migrated() {
    let folder = std::env::temp_dir().join(format!("assay-test-{}", ids::token()));
    let database = Database::Sqlite { folder };
    assert!(store::migration_status(&database.url()).await.unwrap().iter().all(|state| !state.applied));
    assert!(database.store().await.ready().await.is_err());
    assert_eq!(
        store::migrate(&database.url()).await.unwrap(),
        [
            "0001_start",
            "0002_figures",
            "0003_people",
            "0004_enablement",
            "0005_matching",
            "0006_reached",
            "0007_newest"
        ]
    );
    database.store().await.ready().await.unwrap();
    database.remove().await;
}

#[tokio::test]
async fn what_lists_show_of_a_decision_is_taken_over_from_the_version_before() {
    for database in both().await {
        let store = database.store().await;
        let acme = organization(&*store, 1).await;
        store.commit(vec![Effect::Decide(decision(acme, "a", 5))]).await.unwrap();
        database
            .execute(match database {
                Database::Sqlite { .. } => {
                    "UPDATE opportunities SET decision = json_object('stage', 'screen', 'decision', json(decision))"
                }
                Database::Postgres { .. } => {
                    "UPDATE opportunities SET decision = json_build_object('stage', 'screen', 'decision', decision::json)::text"
                }
            })
            .await;
        database.execute("DELETE FROM _sqlx_migrations WHERE version = 7").await;
        assert_eq!(store::migrate(&database.url()).await.unwrap(), ["0007_newest"]);
        let (row, ..) = store.candidate(acme, "a").await.unwrap();
        assert_eq!(row.decision, Some(decision(acme, "a", 5).decision));
        database.remove().await;
    }
}

#[tokio::test]
async fn a_database_of_a_newer_version_is_refused_with_a_sentence() {
    for database in both().await {
        database
            .execute(
                "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) \
                 VALUES (9999, 'later', true, '', 0)",
            )
            .await;
        for error in [
            store::connect(&database.url()).await.expect_err("refused"),
            store::migrate(&database.url()).await.expect_err("refused"),
        ] {
            assert!(error.to_string().contains("newer version of assay"), "{error}");
        }
        database.remove().await;
    }
}

#[tokio::test]
async fn a_restart_keeps_everything() {
    for database in both().await {
        let first = database.store().await;
        let acme = organization(&*first, 1).await;
        first.enqueue(vec![follow(acme, 1, at(1))]).await.unwrap();
        let claimed = first.claim(1, at(1), at(60), None).await.unwrap();
        drop(first);
        let second = database.store().await;
        assert_eq!(second.organizations().await.unwrap().len(), 1);
        assert_eq!(second.job_counts().await.unwrap().running, 1);
        let held = [(claimed[0].id, claimed[0].attempt)];
        assert_eq!(second.renew(&held, at(120)).await.unwrap(), [claimed[0].id]);
        drop(second);
        database.remove().await;
    }
}

#[tokio::test]
async fn an_address_of_another_kind_is_refused_and_creates_nothing() {
    let folder = std::env::temp_dir().join(format!("assay-test-{}", ids::token()));
    let path = folder.display().to_string();
    for url in [format!("sqlit://{path}/a.db"), format!("{path}/a.db"), "mysql://u@h/d".to_owned(), String::new()] {
        let error = store::connect(&url).await.expect_err("refused").to_string();
        assert!(error.contains("ASSAY_DATABASE_URL"), "{error}");
    }
    for url in ["sqlite::memory:", "sqlite://:memory:", "sqlite://a?mode=memory"] {
        assert!(store::connect(url).await.is_err(), "{url}");
    }
    assert!(!folder.exists());
}

#[tokio::test]
async fn neither_debug_output_nor_an_error_shows_the_password() {
    let sqlite = Database::sqlite().await;
    assert_eq!(format!("{:?}", sqlite.store().await), "SQLite");
    sqlite.remove().await;
    let error = store::connect("postgres://assay:hunter2@127.0.0.1:1/assay").await.expect_err("nobody listens");
    assert!(!format!("{error} {error:?}").contains("hunter2"));
}

#[tokio::test]
async fn an_unknown_kind_stays_ready_and_wakes_nobody() {
    for database in both().await {
        let store = database.store().await;
        let acme = organization(&*store, 1).await;
        store.enqueue(vec![follow(acme, 1, at(1)), follow(acme, 2, at(5))]).await.unwrap();
        database.execute("UPDATE jobs SET kind = 'later' WHERE unique_key = 'follow:o1'").await;
        assert_eq!(store.next_due().await.unwrap(), Some(at(5)));
        assert_eq!(store.claim(9, at(99), at(200), None).await.unwrap().len(), 1);
        assert_eq!(store.job_counts().await.unwrap().ready, 1);
        database.remove().await;
    }
}

#[tokio::test]
async fn a_job_that_cannot_be_read_is_dead_and_holds_nobody_up() {
    for database in both().await {
        let store = database.store().await;
        let acme = organization(&*store, 1).await;
        store.enqueue(vec![follow(acme, 1, at(1)), follow(acme, 2, at(5))]).await.unwrap();
        database.execute("UPDATE jobs SET payload = '{}' WHERE unique_key = 'follow:o1'").await;
        let claimed = store.claim(9, at(99), at(200), None).await.unwrap();
        assert_eq!(claimed.iter().map(|c| c.id).collect::<Vec<_>>(), [super::samples::id(2)]);
        assert_eq!(store.job_counts().await.unwrap().dead, 1);
        database.remove().await;
    }
}

#[tokio::test]
async fn an_edited_a_missing_and_a_cut_off_entry_of_the_record_show() {
    let edits = [
        ("UPDATE audit SET who = 'someone else' WHERE number = 2", 2),
        ("DELETE FROM audit WHERE number = 2", 2),
        ("DELETE FROM audit WHERE number = 3", 3),
    ];
    for (edit, expected) in edits {
        for database in both().await {
            let store = database.store().await;
            super::samples::organization(&*store, 1).await;
            for version in 1..3 {
                store.apply(super::samples::application(1, version)).await.unwrap();
            }
            assert_eq!(store.verify_audit().await.unwrap()[0].broken_at, None);
            assert!(database.try_execute(edit).await.is_err(), "the database itself refuses: {edit}");
            let off = match &database {
                Database::Sqlite { .. } => "DROP TRIGGER audit_kept; DROP TRIGGER audit_kept_whole",
                Database::Postgres { .. } => "DROP TRIGGER audit_kept ON audit",
            };
            database.execute(off).await;
            database.execute(edit).await;
            assert_eq!(store.verify_audit().await.unwrap()[0].broken_at, Some(expected), "{edit}");
            drop(store);
            database.remove().await;
        }
    }
}
