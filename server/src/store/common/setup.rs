//! Organizations, their rules and secrets.

use async_trait::async_trait;
use domain::Timestamp;
use domain::audit::{Act, Author};
use domain::ports::store::{
    Application, Configuration, Organization, Resealed, SealedSecret, Setup, StoreError, Stored,
};
use uuid::Uuid;

use super::audit::{NewEntry, append};
use super::errors::{broken, store};
use super::migrations::{applied, newest};
use super::rows::{OrganizationRow, SecretRow, all};
use super::{Conn, Engine, effects, json, removal};

#[async_trait]
impl Setup for Engine {
    async fn apply(&self, application: Application) -> Stored<Organization> {
        let mut tx = self.begin().await?;
        let (id, version) = match application.expected_version {
            0 => (create(&mut tx, &application).await?, 1),
            _ => advance(&mut tx, &application).await?,
        };
        sqlx::query(
            "INSERT INTO configurations (organization_id, version, rules, author, created_at) \
             VALUES ($1, $2, $3, $4, $5)",
        )
        .bind(id)
        .bind(version)
        .bind(json(&application.rules)?)
        .bind(&application.author.who)
        .bind(application.author.at.as_micros())
        .execute(&mut *tx)
        .await
        .map_err(store)?;
        replace_secrets(&mut tx, id, &application.secrets).await?;
        for (vendor, tests) in &application.tests {
            effects::save_tests(&mut tx, id, vendor, tests, application.author.at).await?;
        }
        let act = if version == 1 { Act::OrganizationCreated } else { Act::ConfigurationChanged };
        let (target, changes) = (format!("version {version}"), application.changes.join("\n"));
        let (organization, by, after) = (Some(id), &application.author, Some(changes.as_str()));
        append(&mut tx, NewEntry { organization, by, act, target: &target, before: None, after }).await?;
        let row: OrganizationRow = sqlx::query_as(concat!(organization_select!(), "WHERE o.id = $1"))
            .bind(id)
            .fetch_one(&mut *tx)
            .await
            .map_err(store)?;
        tx.commit().await.map_err(store)?;
        row.try_into()
    }

    async fn organizations(&self) -> Stored<Vec<Organization>> {
        let rows: Vec<OrganizationRow> = sqlx::query_as(concat!(organization_select!(), "ORDER BY o.slug"))
            .fetch_all(&mut *self.reader().await?)
            .await
            .map_err(store)?;
        all(rows)
    }

    async fn organization(&self, slug: &str) -> Stored<Organization> {
        let row: Option<OrganizationRow> = sqlx::query_as(concat!(organization_select!(), "WHERE o.slug = $1"))
            .bind(slug)
            .fetch_optional(&mut *self.reader().await?)
            .await
            .map_err(store)?;
        row.ok_or(StoreError::NotFound("organization"))?.try_into()
    }

    async fn organization_by_id(&self, id: Uuid) -> Stored<Organization> {
        let row: Option<OrganizationRow> = sqlx::query_as(concat!(organization_select!(), "WHERE o.id = $1"))
            .bind(id)
            .fetch_optional(&mut *self.reader().await?)
            .await
            .map_err(store)?;
        row.ok_or(StoreError::NotFound("organization"))?.try_into()
    }

    async fn configuration(&self, organization: Uuid, version: i64) -> Stored<Configuration> {
        let row: Option<(String, String, i64)> = sqlx::query_as(
            "SELECT rules, author, created_at FROM configurations WHERE organization_id = $1 AND version = $2",
        )
        .bind(organization)
        .bind(version)
        .fetch_optional(&mut *self.reader().await?)
        .await
        .map_err(store)?;
        let (rules, author, at) = row.ok_or(StoreError::NotFound("version of the rules"))?;
        let rules = serde_json::from_str(&rules).map_err(broken)?;
        Ok(Configuration { version, rules, author, at: Timestamp::from_micros(at) })
    }

    async fn configurations(&self, organization: Uuid, before: i64, limit: u32) -> Stored<Vec<Configuration>> {
        let rows: Vec<(i64, String, String, i64)> = sqlx::query_as(
            "SELECT version, rules, author, created_at FROM configurations \
             WHERE organization_id = $1 AND version < $2 ORDER BY version DESC LIMIT $3",
        )
        .bind(organization)
        .bind(before)
        .bind(i64::from(limit))
        .fetch_all(&mut *self.reader().await?)
        .await
        .map_err(store)?;
        let read = |(version, rules, author, at): (i64, String, String, i64)| {
            let rules = serde_json::from_str(&rules).map_err(broken)?;
            Ok(Configuration { version, rules, author, at: Timestamp::from_micros(at) })
        };
        rows.into_iter().map(read).collect()
    }

    async fn secrets(&self, organization: Uuid) -> Stored<Vec<SealedSecret>> {
        let rows: Vec<SecretRow> = sqlx::query_as(
            "SELECT name, sealed, last_four, created_at FROM secrets WHERE organization_id = $1 ORDER BY name",
        )
        .bind(organization)
        .fetch_all(&mut *self.reader().await?)
        .await
        .map_err(store)?;
        Ok(rows.into_iter().map(SealedSecret::from).collect())
    }

    async fn reseal(&self, organization: Uuid, secrets: Vec<Resealed>, by: &Author) -> Stored<u64> {
        let mut tx = self.begin().await?;
        let mut changed = 0;
        for secret in &secrets {
            let done =
                sqlx::query("UPDATE secrets SET sealed = $4 WHERE organization_id = $1 AND name = $2 AND sealed = $3")
                    .bind(organization)
                    .bind(&secret.name)
                    .bind(secret.before.as_slice())
                    .bind(secret.after.as_slice())
                    .execute(&mut *tx)
                    .await
                    .map_err(store)?;
            changed += done.rows_affected();
        }
        if changed > 0 {
            let target = &format!("{changed} secrets");
            let organization = Some(organization);
            let entry = NewEntry { organization, by, act: Act::KeyRotated, target, before: None, after: None };
            append(&mut tx, entry).await?;
        }
        tx.commit().await.map_err(store)?;
        Ok(changed)
    }

    async fn versions(&self) -> Stored<Vec<(Uuid, i64, bool)>> {
        sqlx::query_as("SELECT id, version, paused FROM organizations ORDER BY id")
            .fetch_all(&mut *self.reader().await?)
            .await
            .map_err(store)
    }

    async fn set_paused(&self, organization: Uuid, paused: bool, by: &Author) -> Stored<()> {
        let mut tx = self.begin().await?;
        set_paused(&mut tx, organization, paused, by).await?;
        tx.commit().await.map_err(store)
    }

    async fn remove_organization(&self, organization: Uuid, version: i64, by: &Author) -> Stored<()> {
        removal::remove(self, organization, version, by).await
    }

    async fn ready(&self) -> Stored<()> {
        let found = applied(&mut *self.reader().await?).await.map_err(store)?.into_iter().max().unwrap_or(0);
        let needed = newest();
        if found == needed {
            return Ok(());
        }
        let sentence = format!("the schema is at migration {found} and this version needs {needed}: run assay migrate");
        Err(StoreError::Broken(sentence, None))
    }
}

async fn set_paused(conn: &mut Conn, organization: Uuid, paused: bool, by: &Author) -> Stored<()> {
    let slug: Option<String> = sqlx::query_scalar("UPDATE organizations SET paused = $2 WHERE id = $1 RETURNING slug")
        .bind(organization)
        .bind(paused)
        .fetch_optional(&mut *conn)
        .await
        .map_err(store)?;
    let target = &slug.ok_or(StoreError::NotFound("organization"))?;
    let act = if paused { Act::Paused } else { Act::Resumed };
    let organization = Some(organization);
    append(conn, NewEntry { organization, by, act, target, before: None, after: None }).await
}

async fn create(conn: &mut Conn, application: &Application) -> Stored<Uuid> {
    sqlx::query(
        "INSERT INTO organizations (id, slug, hook, paused, version, created_at) VALUES ($1, $2, $3, $4, 1, $5)",
    )
    .bind(application.id)
    .bind(&application.rules.slug)
    .bind(&application.hook)
    .bind(application.paused)
    .bind(application.author.at.as_micros())
    .execute(conn)
    .await
    .map_err(store)?;
    Ok(application.id)
}

/// Takes the next version, if the one that was read is still the present one.
async fn advance(conn: &mut Conn, application: &Application) -> Stored<(Uuid, i64)> {
    let moved: Option<(Uuid, i64, bool)> = sqlx::query_as(
        "UPDATE organizations SET version = version + 1 WHERE slug = $1 AND version = $2 RETURNING id, version, paused",
    )
    .bind(&application.rules.slug)
    .bind(application.expected_version)
    .fetch_optional(&mut *conn)
    .await
    .map_err(store)?;
    if let Some((id, version, is_paused)) = moved {
        if application.paused && !is_paused {
            set_paused(conn, id, true, &application.author).await?;
        }
        return Ok((id, version));
    }
    let there: Option<i64> = sqlx::query_scalar("SELECT version FROM organizations WHERE slug = $1")
        .bind(&application.rules.slug)
        .fetch_optional(conn)
        .await
        .map_err(store)?;
    Err(there
        .map_or(StoreError::NotFound("organization"), |_| StoreError::Conflict("organizations_version".to_owned())))
}

async fn replace_secrets(conn: &mut Conn, organization: Uuid, secrets: &[SealedSecret]) -> Stored<()> {
    sqlx::query("DELETE FROM secrets WHERE organization_id = $1")
        .bind(organization)
        .execute(&mut *conn)
        .await
        .map_err(store)?;
    for secret in secrets {
        sqlx::query(
            "INSERT INTO secrets (organization_id, name, sealed, last_four, created_at) VALUES ($1, $2, $3, $4, $5)",
        )
        .bind(organization)
        .bind(&secret.name)
        .bind(secret.sealed.as_slice())
        .bind(&secret.last_four)
        .bind(secret.created_at.as_micros())
        .execute(&mut *conn)
        .await
        .map_err(store)?;
    }
    Ok(())
}
