//! How the engines find what lists and figures show: by an index, however large the tables are.

use sqlx::{AssertSqlSafe, Connection as _, Executor as _, PgConnection, SqliteConnection};

use super::{migrate, postgres, sqlite};
use crate::ids;

/// Tables that grow.
const LARGE: [&str; 13] = [
    "opportunities",
    "orders",
    "decisions",
    "deliveries",
    "jobs",
    "activities",
    "contacts",
    "contact_keys",
    "candidacies",
    "incoming_results",
    "incoming_keys",
    "match_decisions",
    "withdrawals",
];

/// Whether a statement calls what one of its parts found by this name.
fn is_part(name: &str, statement: &str) -> bool {
    // Parts before the statement have their name before them.
    let before = ["WITH ", ", "].iter().any(|start| statement.contains(&format!("{start}{name} AS (SELECT")));
    let end = |rest: &str| !rest.starts_with(|c: char| c.is_alphanumeric() || c == '_' || c == '.');
    before || statement.split(&format!(") {name}")).skip(1).any(end)
}

/// The steps of a plan that read a table as a whole. SQLite names tables by their alias in the statement. What it may scan are
/// the organizations themselves (`o`), a list that came as a parameter (`k`), and what a part of the statement found.
fn scans(steps: &[String], statement: &str) -> Vec<String> {
    let whole = |step: &&String| {
        let Some(scanned) = step.strip_prefix("SCAN ") else { return false };
        let name = scanned.split(' ').next().unwrap_or_default();
        let organization = name == "o" && statement.contains("FROM organizations o");
        !(organization || matches!(name, "k" | "CONSTANT") || name.starts_with('(') || is_part(name, statement))
    };
    steps.iter().filter(whole).cloned().collect()
}

#[tokio::test]
async fn sqlite_scans_no_large_table_for_a_list_or_a_figure() {
    let folder = std::env::temp_dir().join(format!("assay-test-{}", ids::token()));
    let url = format!("sqlite://{}/assay.db", folder.display());
    migrate(&url).await.unwrap();
    let mut connection = SqliteConnection::connect(&url).await.unwrap();
    let statements = sqlite::read_statements();
    assert!(statements.len() > 30);
    for (_, statement) in statements {
        let explain = AssertSqlSafe(format!("EXPLAIN QUERY PLAN {statement}"));
        let steps: Vec<(i64, i64, i64, String)> = sqlx::query_as(explain).fetch_all(&mut connection).await.unwrap();
        let steps: Vec<String> = steps.into_iter().map(|(_, _, _, step)| step).collect();
        assert_eq!(scans(&steps, statement), Vec::<String>::new(), "{statement}: {steps:#?}");
        if statement.contains("opportunity = $2") {
            assert!(steps.iter().any(|s| s.contains("AND opportunity=?")), "all of an organization: {steps:#?}");
        }
    }
    connection.close().await.unwrap();
    std::fs::remove_dir_all(folder).unwrap();
}

#[tokio::test]
async fn an_unindexed_statement_would_be_noticed() {
    let folder = std::env::temp_dir().join(format!("assay-test-{}", ids::token()));
    let url = format!("sqlite://{}/assay.db", folder.display());
    migrate(&url).await.unwrap();
    let mut connection = SqliteConnection::connect(&url).await.unwrap();
    for statement in ["SELECT body FROM deliveries d WHERE event = 'x'", "SELECT 1 FROM jobs WHERE last_error = 'x'"] {
        let explain = AssertSqlSafe(format!("EXPLAIN QUERY PLAN {statement}"));
        let steps: Vec<(i64, i64, i64, String)> = sqlx::query_as(explain).fetch_all(&mut connection).await.unwrap();
        let steps: Vec<String> = steps.into_iter().map(|(_, _, _, step)| step).collect();
        assert_eq!(scans(&steps, statement).len(), 1, "{steps:?}");
    }
    connection.close().await.unwrap();
    std::fs::remove_dir_all(folder).unwrap();
}

#[tokio::test]
async fn postgresql_needs_no_sequential_scan_for_a_list_or_a_figure() {
    let Ok(server) = std::env::var("ASSAY_TEST_POSTGRES_URL") else { return };
    let schema = format!("assay_{}", ids::token());
    let mut connection = PgConnection::connect(&server).await.unwrap();
    connection.execute(AssertSqlSafe(format!("CREATE SCHEMA {schema}"))).await.unwrap();
    let joint = if server.contains('?') { '&' } else { '?' };
    migrate(&format!("{server}{joint}options=-csearch_path%3D{schema}")).await.unwrap();
    for setting in [&format!("search_path = {schema}"), "enable_seqscan = off", "plan_cache_mode = force_generic_plan"]
    {
        connection.execute(AssertSqlSafe(format!("SET {setting}"))).await.unwrap();
    }
    for (types, statement) in postgres::read_statements() {
        let prepared = connection.execute(AssertSqlSafe(format!("PREPARE asked ({types}) AS {statement}"))).await;
        assert!(prepared.is_ok(), "{statement}: {prepared:?}");
        let nulls = vec!["NULL"; types.split(',').count()].join(", ");
        let explain = AssertSqlSafe(format!("EXPLAIN (COSTS OFF) EXECUTE asked({nulls})"));
        let plan: Vec<String> = sqlx::query_scalar(explain).fetch_all(&mut connection).await.unwrap();
        for table in LARGE {
            let whole = format!("Seq Scan on {table}");
            assert!(!plan.iter().any(|line| line.contains(&whole)), "{statement}: {plan:#?}");
        }
        connection.execute("DEALLOCATE asked").await.unwrap();
    }
    connection.execute(AssertSqlSafe(format!("DROP SCHEMA {schema} CASCADE"))).await.unwrap();
}
