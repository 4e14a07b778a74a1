//! Which migrations the database has, and applying those it lacks.

use super::errors::OpenError;
use super::{Conn, MIGRATOR, dialect};
use crate::store::MigrationState;

/// Applies what is missing.
pub(in super::super) async fn migrate(conn: &mut Conn) -> Result<Vec<String>, OpenError> {
    refuse_newer(&mut *conn).await?;
    let missing =
        status(&mut *conn).await?.into_iter().filter(|m| !m.applied).map(|m| format!("{:04}_{}", m.version, m.name));
    MIGRATOR.run(&mut *conn).await?;
    Ok(missing.collect())
}

/// An older program would write rows a newer one has other rules for.
pub(in super::super) async fn refuse_newer(conn: &mut Conn) -> Result<(), OpenError> {
    let found = applied(&mut *conn).await.map_err(OpenError::Connect)?.into_iter().max().unwrap_or(0);
    let known = newest();
    if found > known { Err(OpenError::Newer { found, known }) } else { Ok(()) }
}

/// Every migration of this program.
pub(in super::super) async fn status(conn: &mut Conn) -> Result<Vec<MigrationState>, OpenError> {
    let applied = applied(&mut *conn).await.map_err(OpenError::Connect)?;
    let state = |m: &sqlx::migrate::Migration| MigrationState {
        version: m.version,
        name: m.description.to_string(),
        applied: applied.contains(&m.version),
    };
    Ok(MIGRATOR.iter().map(state).collect())
}

/// The newest one of this program.
pub(super) fn newest() -> i64 {
    MIGRATOR.iter().map(|m| m.version).max().unwrap_or(0)
}

/// Numbers of those the database has; none in an empty database.
pub(super) async fn applied(conn: &mut Conn) -> Result<Vec<i64>, sqlx::Error> {
    let tables: i64 = sqlx::query_scalar(dialect::MIGRATION_TABLES).fetch_one(&mut *conn).await?;
    if tables == 0 {
        return Ok(Vec::new());
    }
    sqlx::query_scalar("SELECT version FROM _sqlx_migrations WHERE success").fetch_all(&mut *conn).await
}
