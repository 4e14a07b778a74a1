//! The figures that matter, each beside its peer or limit. `cargo xtask bench` builds and starts it.
#![expect(clippy::print_stdout, reason = "printing is what it is for")]
#![expect(clippy::cast_precision_loss, clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "figures")]
#![expect(clippy::disallowed_methods, reason = "it waits for real time to pass")]

mod bare;
mod contacts;
mod figures;
mod load;
mod matching;
mod pages;
mod process;
mod product;

use std::path::PathBuf;

use sqlx::{AssertSqlSafe, Connection as _, Executor as _, PgConnection};

type Failed = Box<dyn std::error::Error>;

/// The product's allocator.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// A folder that goes with the run.
#[derive(Debug)]
pub struct Folder(PathBuf);

impl Folder {
    fn create() -> std::io::Result<Self> {
        let path = std::env::temp_dir().join(format!("assay-bench-{}", server::ids::token()));
        std::fs::create_dir_all(&path)?;
        Ok(Self(path))
    }

    fn sqlite(&self, name: &str) -> String {
        format!("sqlite://{}", self.0.join(name).display())
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

#[tokio::main]
async fn main() -> Result<(), Failed> {
    // What goes wrong under load is said; it is what the figures would hide.
    tracing_subscriber::fmt().with_max_level(tracing::Level::WARN).with_writer(std::io::stderr).init();
    let folder = Folder::create()?;
    let postgres = std::env::var("ASSAY_TEST_POSTGRES_URL").ok();
    let only: Vec<String> = std::env::args().skip(1).collect();
    let wanted = |name: &str| only.is_empty() || only.iter().any(|o| o == name);
    println!("two cores, server and load on the same machine; each figure beside its peer or limit");
    let postgres = postgres.as_deref();
    if wanted("acks") {
        figures::acks(&folder).await?;
        on_postgres(postgres, figures::acks_on_postgres).await?;
    }
    if wanted("end-to-end") {
        figures::end_to_end(&folder).await?;
    }
    if wanted("claims") {
        figures::claims(&folder).await?;
    }
    if wanted("pages") {
        pages::peer().await?;
        pages::pages("SQLite", &folder.sqlite("pages.db")).await?;
    }
    if wanted("pages") || wanted("pages-on-postgres") {
        on_postgres(postgres, async |url| pages::pages("PostgreSQL", url).await).await?;
    }
    if wanted("matching") {
        matching::matching(&folder)?;
    }
    if wanted("contacts") {
        contacts::contacts("SQLite", &folder.sqlite("contacts.db")).await?;
        on_postgres(postgres, async |url| contacts::contacts("PostgreSQL", url).await).await?;
    }
    if wanted("process") {
        process::real(&folder).await?;
    }
    if postgres.is_none() {
        println!("SKIPPED: figures on PostgreSQL: ASSAY_TEST_POSTGRES_URL is not set; `cargo xtask bench` sets it");
    }
    Ok(())
}

/// A part on PostgreSQL, in a database of its own that goes with it; nothing without a server.
async fn on_postgres(server: Option<&str>, part: impl AsyncFnOnce(&str) -> Result<(), Failed>) -> Result<(), Failed> {
    let Some(server) = server else { return Ok(()) };
    let name = format!("assay_bench_{}", server::ids::token());
    let (base, _) = server.rsplit_once('/').ok_or("ASSAY_TEST_POSTGRES_URL names no database")?;
    let mut connection = PgConnection::connect(server).await?;
    connection.execute(AssertSqlSafe(format!("CREATE DATABASE {name}"))).await?;
    let done = part(&format!("{base}/{name}")).await;
    connection.execute(AssertSqlSafe(format!("DROP DATABASE {name} WITH (FORCE)"))).await?;
    done
}

/// One line: what, the figure, the limit, and whether it holds.
pub fn figure(what: &str, value: impl std::fmt::Display, limit: &str, holds: bool) {
    println!("{what:<58} {value:>24}   {limit:<34} {}", if holds { "ok" } else { "MISSED" });
}
