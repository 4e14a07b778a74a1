//! People and sessions.

use async_trait::async_trait;
use domain::Timestamp;
use domain::audit::{Act, Author};
use domain::ports::store::{Account, Accounts, Asker, Link, SessionRecord, StoreError, Stored, Which};
use domain::read::{PersonRow, SessionRow, UserRow};
use domain::role::Role;
use uuid::Uuid;

use super::audit::{NewEntry, append};
use super::errors::store;
use super::people_rows::{AccountRow, AskerRow, PersonRecord, SessionLine, UserRecord};
use super::rows::all;
use super::{Conn, Engine, dialect, links};

/// Parameters: the session's key, now.
pub(super) const ASKER: &str = "SELECT s.data, u.id, u.email, u.role, u.organization_id, u.password_hash, u.disabled, \
    u.preferences FROM sessions s JOIN users u ON u.id = s.user_id WHERE s.key = $1 AND s.expires_at > $2";

pub(super) async fn insert(conn: &mut Conn, account: &Account, at: Timestamp) -> Stored<()> {
    sqlx::query(
        "INSERT INTO users (id, email, role, organization_id, password_hash, disabled, created_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(account.id)
    .bind(account.email.reveal().to_lowercase())
    .bind(account.role.as_str())
    .bind(account.organization)
    .bind(&account.password_hash)
    .bind(account.disabled)
    .bind(at.as_micros())
    .execute(conn)
    .await
    .map_err(store)?;
    Ok(())
}

async fn end_all(conn: &mut Conn, account: Uuid) -> Stored<()> {
    sqlx::query("DELETE FROM sessions WHERE user_id = $1").bind(account).execute(conn).await.map_err(store)?;
    Ok(())
}

/// Sets a password and ends all sessions.
pub(super) async fn put_password(conn: &mut Conn, id: Uuid, hash: &str, by: &Author) -> Stored<()> {
    let found: Option<(String, Option<Uuid>)> =
        sqlx::query_as("UPDATE users SET password_hash = $2 WHERE id = $1 RETURNING email, organization_id")
            .bind(id)
            .bind(hash)
            .fetch_optional(&mut *conn)
            .await
            .map_err(store)?;
    let (email, organization) = found.ok_or(StoreError::NotFound("account"))?;
    end_all(conn, id).await?;
    let act = Act::PasswordSet;
    append(conn, NewEntry { organization, by, act, target: &email, before: None, after: None }).await
}

/// The account, while nobody else changes those of its role: that the last one stays is decided on what is so at the end.
async fn locked(conn: &mut Conn, id: Uuid) -> Stored<Account> {
    let row: Option<AccountRow> =
        sqlx::query_as("SELECT id, email, role, organization_id, password_hash, disabled FROM users WHERE id = $1")
            .bind(id)
            .fetch_optional(&mut *conn)
            .await
            .map_err(store)?;
    let account: Account = row.ok_or(StoreError::NotFound("account"))?.try_into()?;
    let _: Vec<Uuid> = sqlx::query_scalar(dialect::LOCK_PEOPLE)
        .bind(account.role.as_str())
        .bind(account.organization)
        .fetch_all(conn)
        .await
        .map_err(store)?;
    Ok(account)
}

/// Without an owner nobody runs the instance, and without a super admin nobody sets the organization up.
async fn keep_one(conn: &mut Conn, account: &Account) -> Stored<()> {
    if account.disabled || !matches!(account.role, Role::Owner | Role::SuperAdmin) {
        return Ok(());
    }
    let others: i64 = sqlx::query_scalar(
        "SELECT count(*) FROM users WHERE role = $1 AND NOT disabled AND id <> $3 \
         AND (organization_id = $2 OR ($2 IS NULL AND organization_id IS NULL))",
    )
    .bind(account.role.as_str())
    .bind(account.organization)
    .bind(account.id)
    .fetch_one(conn)
    .await
    .map_err(store)?;
    if others == 0 { Err(StoreError::Conflict("users_last".to_owned())) } else { Ok(()) }
}

impl Engine {
    async fn put_session(&self, statement: &'static str, session: SessionRecord<'_>) -> Stored<()> {
        let mut tx = self.begin().await?;
        sqlx::query(statement)
            .bind(session.key)
            .bind(session.data)
            .bind(session.account)
            .bind(session.expires.as_micros())
            .bind(session.started.as_micros())
            .bind(session.seen.as_micros())
            .bind(session.agent)
            .execute(&mut *tx)
            .await
            .map_err(store)?;
        if let Some(account) = session.account {
            let seen = sqlx::query("UPDATE users SET seen_at = $2 WHERE id = $1").bind(account);
            seen.bind(session.seen.as_micros()).execute(&mut *tx).await.map_err(store)?;
        }
        tx.commit().await.map_err(store)
    }
}

#[async_trait]
impl Accounts for Engine {
    async fn create_account(&self, account: Account, by: &Author) -> Stored<()> {
        let mut tx = self.begin().await?;
        insert(&mut tx, &account, by.at).await?;
        let entry = NewEntry {
            organization: account.organization,
            by,
            act: Act::AccountCreated,
            target: &account.email.reveal().to_lowercase(),
            before: None,
            after: Some(account.role.as_str()),
        };
        append(&mut tx, entry).await?;
        tx.commit().await.map_err(store)
    }

    async fn account_by_email(&self, email: &str) -> Stored<Option<Account>> {
        let row: Option<AccountRow> = sqlx::query_as(
            "SELECT id, email, role, organization_id, password_hash, disabled FROM users WHERE email = $1",
        )
        .bind(email)
        .fetch_optional(&mut *self.reader().await?)
        .await
        .map_err(store)?;
        row.map(Account::try_from).transpose()
    }

    async fn account(&self, id: Uuid) -> Stored<Option<Account>> {
        let row: Option<AccountRow> =
            sqlx::query_as("SELECT id, email, role, organization_id, password_hash, disabled FROM users WHERE id = $1")
                .bind(id)
                .fetch_optional(&mut *self.reader().await?)
                .await
                .map_err(store)?;
        row.map(Account::try_from).transpose()
    }

    async fn accounts(&self) -> Stored<Vec<UserRow>> {
        let rows: Vec<UserRecord> = sqlx::query_as(
            "SELECT u.id, u.email, u.role, o.slug, u.disabled, u.created_at FROM users u \
             LEFT JOIN organizations o ON o.id = u.organization_id ORDER BY u.email",
        )
        .fetch_all(&mut *self.reader().await?)
        .await
        .map_err(store)?;
        Ok(rows.into_iter().map(UserRow::from).collect())
    }

    async fn people(&self, organization: Option<Uuid>) -> Stored<Vec<PersonRow>> {
        let rows: Vec<PersonRecord> = sqlx::query_as(
            "SELECT id, email, role, disabled, created_at, seen_at FROM users \
             WHERE organization_id = $1 OR ($1 IS NULL AND organization_id IS NULL) ORDER BY email",
        )
        .bind(organization)
        .fetch_all(&mut *self.reader().await?)
        .await
        .map_err(store)?;
        all(rows)
    }

    async fn has_owner(&self) -> Stored<bool> {
        let owners: i64 = sqlx::query_scalar("SELECT count(*) FROM users WHERE role = 'owner' AND NOT disabled")
            .fetch_one(&mut *self.reader().await?)
            .await
            .map_err(store)?;
        Ok(owners > 0)
    }

    async fn set_role(&self, id: Uuid, role: Role, by: &Author) -> Stored<()> {
        let mut tx = self.begin().await?;
        let account = locked(&mut tx, id).await?;
        if account.role == role {
            return Ok(());
        }
        keep_one(&mut tx, &account).await?;
        let changed = sqlx::query("UPDATE users SET role = $2 WHERE id = $1").bind(id).bind(role.as_str());
        if changed.execute(&mut *tx).await.map_err(store)?.rows_affected() == 0 {
            return Err(StoreError::NotFound("account"));
        }
        let entry = NewEntry {
            organization: account.organization,
            by,
            act: Act::RoleChanged,
            target: account.email.reveal(),
            before: Some(account.role.as_str()),
            after: Some(role.as_str()),
        };
        append(&mut tx, entry).await?;
        tx.commit().await.map_err(store)
    }

    async fn set_password(&self, id: Uuid, hash: String, by: &Author) -> Stored<()> {
        let mut tx = self.begin().await?;
        put_password(&mut tx, id, &hash, by).await?;
        tx.commit().await.map_err(store)
    }

    async fn rehash(&self, id: Uuid, hash: String) -> Stored<()> {
        let done = sqlx::query("UPDATE users SET password_hash = $2 WHERE id = $1")
            .bind(id)
            .bind(hash)
            .execute(&mut *self.writer().await?)
            .await
            .map_err(store)?;
        if done.rows_affected() == 0 { Err(StoreError::NotFound("account")) } else { Ok(()) }
    }

    async fn switch_account(&self, id: Uuid, disabled: bool, by: &Author) -> Stored<()> {
        let mut tx = self.begin().await?;
        let account = locked(&mut tx, id).await?;
        if account.disabled == disabled {
            return Ok(());
        }
        keep_one(&mut tx, &account).await?;
        let changed = sqlx::query("UPDATE users SET disabled = $2 WHERE id = $1").bind(id).bind(disabled);
        if changed.execute(&mut *tx).await.map_err(store)?.rows_affected() == 0 {
            return Err(StoreError::NotFound("account"));
        }
        end_all(&mut tx, id).await?;
        if disabled {
            links::take_all_back(&mut tx, id).await?;
        }
        let act = if disabled { Act::AccountDisabled } else { Act::AccountEnabled };
        let (organization, target) = (account.organization, account.email.reveal());
        append(&mut tx, NewEntry { organization, by, act, target, before: None, after: None }).await?;
        tx.commit().await.map_err(store)
    }

    async fn make_link(&self, link: Link, by: &Author) -> Stored<bool> {
        self.put_link(link, by).await
    }

    async fn link(&self, id: Uuid) -> Stored<Option<Link>> {
        self.open_link(id).await
    }

    async fn invitations(&self, organization: Option<Uuid>) -> Stored<Vec<Link>> {
        self.open_invitations(organization).await
    }

    async fn remove_invitation(&self, organization: Option<Uuid>, id: Uuid, by: &Author) -> Stored<()> {
        self.take_invitation_back(organization, id, by).await
    }

    async fn use_link(&self, id: Uuid, account: Account, at: Timestamp) -> Stored<Account> {
        self.spend_link(id, account, at).await
    }

    async fn create_session(&self, session: SessionRecord<'_>) -> Stored<()> {
        let insert = "INSERT INTO sessions (key, data, user_id, expires_at, started_at, seen_at, agent) \
                      VALUES ($1, $2, $3, $4, $5, $6, $7)";
        self.put_session(insert, session).await
    }

    async fn save_session(&self, session: SessionRecord<'_>) -> Stored<()> {
        let upsert = "INSERT INTO sessions (key, data, user_id, expires_at, started_at, seen_at, agent) \
                      VALUES ($1, $2, $3, $4, $5, $6, $7) \
                      ON CONFLICT (key) DO UPDATE SET data = excluded.data, user_id = excluded.user_id, \
                      expires_at = excluded.expires_at, seen_at = excluded.seen_at";
        self.put_session(upsert, session).await
    }

    async fn load_session(&self, key: &str, now: Timestamp) -> Stored<Option<String>> {
        sqlx::query_scalar("SELECT data FROM sessions WHERE key = $1 AND expires_at > $2")
            .bind(key)
            .bind(now.as_micros())
            .fetch_optional(&mut *self.reader().await?)
            .await
            .map_err(store)
    }

    async fn asker(&self, key: &str, now: Timestamp) -> Stored<Option<Asker>> {
        let row: Option<AskerRow> = sqlx::query_as(ASKER)
            .bind(key)
            .bind(now.as_micros())
            .fetch_optional(&mut *self.reader().await?)
            .await
            .map_err(store)?;
        row.map(Asker::try_from).transpose()
    }

    async fn sessions(&self, account: Uuid, now: Timestamp) -> Stored<Vec<SessionRow>> {
        let rows: Vec<SessionLine> = sqlx::query_as(
            "SELECT key, started_at, seen_at, agent FROM sessions WHERE user_id = $1 AND expires_at > $2 \
             ORDER BY seen_at DESC, key",
        )
        .bind(account)
        .bind(now.as_micros())
        .fetch_all(&mut *self.reader().await?)
        .await
        .map_err(store)?;
        Ok(rows.into_iter().map(SessionRow::from).collect())
    }

    async fn end_sessions(&self, account: Uuid, which: Which<'_>, by: &Author) -> Stored<u64> {
        let (statement, key) = match which {
            Which::One(key) => ("DELETE FROM sessions WHERE user_id = $1 AND key = $2", key),
            Which::AllBut(key) => ("DELETE FROM sessions WHERE user_id = $1 AND key <> $2", key),
        };
        let mut tx = self.begin().await?;
        let ended = sqlx::query(statement).bind(account).bind(key).execute(&mut *tx).await.map_err(store)?;
        let ended = ended.rows_affected();
        if ended > 0 {
            let person = locked(&mut tx, account).await?;
            let entry = NewEntry {
                organization: person.organization,
                by,
                act: Act::SessionsEnded,
                target: person.email.reveal(),
                before: None,
                after: Some(&ended.to_string()),
            };
            append(&mut tx, entry).await?;
        }
        tx.commit().await.map_err(store)?;
        Ok(ended)
    }

    async fn delete_session(&self, key: &str) -> Stored<()> {
        sqlx::query("DELETE FROM sessions WHERE key = $1")
            .bind(key)
            .execute(&mut *self.writer().await?)
            .await
            .map_err(store)?;
        Ok(())
    }

    async fn prune_sessions(&self, now: Timestamp) -> Stored<u64> {
        let done = sqlx::query("DELETE FROM sessions WHERE expires_at <= $1")
            .bind(now.as_micros())
            .execute(&mut *self.writer().await?)
            .await
            .map_err(store)?;
        Ok(done.rows_affected())
    }
}
