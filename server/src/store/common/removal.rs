//! An organization goes, with everything of it but the record of changes.

use domain::audit::{Act, Author};
use domain::ports::store::{StoreError, Stored};
use uuid::Uuid;

use super::audit::{NewEntry, append};
use super::errors::store;
use super::{Conn, Engine};

/// What refers to others before them. Parameter: organization.
const EVERYTHING: [&str; 24] = [
    "DELETE FROM incoming_looks WHERE incoming_id IN (SELECT id FROM incoming_results WHERE organization_id = $1)",
    "DELETE FROM incoming_keys WHERE organization_id = $1",
    "DELETE FROM match_decisions WHERE organization_id = $1",
    "DELETE FROM incoming_results WHERE organization_id = $1",
    "DELETE FROM withdrawals WHERE organization_id = $1",
    "DELETE FROM candidacies WHERE organization_id = $1",
    "DELETE FROM contact_keys WHERE organization_id = $1",
    "DELETE FROM contacts WHERE organization_id = $1",
    "DELETE FROM marks WHERE organization_id = $1",
    "DELETE FROM drops WHERE organization_id = $1",
    "DELETE FROM enablement WHERE organization_id = $1",
    "DELETE FROM issues WHERE organization_id = $1",
    "DELETE FROM jobs WHERE organization_id = $1",
    "DELETE FROM deliveries WHERE organization_id = $1",
    "DELETE FROM activities WHERE organization_id = $1",
    "DELETE FROM orders WHERE organization_id = $1",
    "DELETE FROM decisions WHERE organization_id = $1",
    "DELETE FROM opportunities WHERE organization_id = $1",
    "DELETE FROM vendor_tests WHERE organization_id = $1",
    "DELETE FROM secrets WHERE organization_id = $1",
    "DELETE FROM links WHERE organization_id = $1",
    "DELETE FROM sessions WHERE user_id IN (SELECT id FROM users WHERE organization_id = $1)",
    "DELETE FROM users WHERE organization_id = $1",
    "DELETE FROM configurations WHERE organization_id = $1",
];

/// As `Setup::remove_organization`.
pub(super) async fn remove(engine: &Engine, organization: Uuid, version: i64, by: &Author) -> Stored<()> {
    let mut tx = engine.begin().await?;
    // Takes the row first, so that nobody changes it meanwhile.
    let slug: Option<String> =
        sqlx::query_scalar("UPDATE organizations SET paused = true WHERE id = $1 AND version = $2 RETURNING slug")
            .bind(organization)
            .bind(version)
            .fetch_optional(&mut *tx)
            .await
            .map_err(store)?;
    let slug = slug.ok_or_else(|| StoreError::Conflict("organizations_version".to_owned()))?;
    for statement in EVERYTHING {
        delete(&mut tx, statement, organization).await?;
    }
    if delete(&mut tx, "DELETE FROM organizations WHERE id = $1", organization).await? != 1 {
        return Err(StoreError::NotFound("organization"));
    }
    // In the chain of the instance: that of the organization has nobody left to read it.
    let entry =
        NewEntry { organization: None, by, act: Act::OrganizationRemoved, target: &slug, before: None, after: None };
    append(&mut tx, entry).await?;
    tx.commit().await.map_err(store)
}

async fn delete(conn: &mut Conn, statement: &'static str, organization: Uuid) -> Stored<u64> {
    let done = sqlx::query(statement).bind(organization).execute(conn).await.map_err(store)?;
    Ok(done.rows_affected())
}
