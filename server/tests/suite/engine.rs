//! A fresh database on either engine, for one test.

use std::path::PathBuf;
use std::sync::Arc;

use domain::ports::Store;
use sqlx::{AssertSqlSafe, Connection as _, Executor as _, PgConnection};

/// Set by `cargo xtask test`, which starts a throw-away PostgreSQL.
const POSTGRES: &str = "ASSAY_TEST_POSTGRES_URL";

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    Sqlite,
    Postgres,
}

impl Engine {
    /// Whether it can be tested here; says loudly if not.
    #[expect(clippy::print_stderr, reason = "a skipped test is said aloud")]
    pub fn is_there(self, test: &str) -> bool {
        let there = self == Self::Sqlite || std::env::var(POSTGRES).is_ok();
        if !there {
            eprintln!("SKIPPED: {test} on PostgreSQL: {POSTGRES} is not set; `cargo xtask test` sets it");
        }
        there
    }
}

/// A database of its own for one test.
#[derive(Clone, Debug)]
pub struct Database {
    url: String,
    file: Option<PathBuf>,
    name: Option<String>,
}

impl Database {
    pub async fn create(engine: Engine) -> Self {
        let name = format!("assay_{}", server::ids::token());
        match engine {
            Engine::Sqlite => {
                let folder = std::env::temp_dir().join(&name);
                std::fs::create_dir_all(&folder).unwrap();
                let url = format!("sqlite://{}", folder.join("assay.db").display());
                Self { url, file: Some(folder), name: None }
            }
            Engine::Postgres => {
                let server = std::env::var(POSTGRES).unwrap();
                let mut connection = PgConnection::connect(&server).await.unwrap();
                connection.execute(AssertSqlSafe(format!("CREATE DATABASE {name}"))).await.unwrap();
                let (base, _) = server.rsplit_once('/').unwrap();
                Self { url: format!("{base}/{name}"), file: None, name: Some(name) }
            }
        }
    }

    pub fn url(&self) -> &str {
        &self.url
    }

    /// Opens it, migrated.
    pub async fn open(&self) -> Arc<dyn Store> {
        server::store::migrate(&self.url).await.unwrap();
        server::store::connect(&self.url).await.unwrap()
    }

    pub async fn remove(self) {
        if let Some(folder) = self.file {
            let _ = std::fs::remove_dir_all(folder);
        }
        if let Some(name) = self.name {
            let server = std::env::var(POSTGRES).unwrap();
            let mut connection = PgConnection::connect(&server).await.unwrap();
            connection.execute(AssertSqlSafe(format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"))).await.unwrap();
        }
    }
}
