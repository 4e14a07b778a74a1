//! Links by which people come, and what they make of them.

use domain::Timestamp;
use domain::audit::{Act, Author};
use domain::ports::store::{Account, Link, LinkPurpose, StoreError, Stored};
use uuid::Uuid;

use super::audit::{NewEntry, append};
use super::errors::store;
use super::people_rows::LinkRow;
use super::rows::all;
use super::{Conn, Engine, accounts};

const COLUMNS: &str =
    "SELECT id, purpose, email, role, organization_id, user_id, created_by, created_at, expires_at FROM links";

impl Engine {
    pub(super) async fn put_link(&self, link: Link, by: &Author) -> Stored<bool> {
        let mut tx = self.begin().await?;
        let email = link.email.reveal().to_lowercase();
        let before = sqlx::query("DELETE FROM links WHERE email = $1 AND purpose = $2 AND used_at IS NULL")
            .bind(&email)
            .bind(link.purpose.as_str())
            .execute(&mut *tx)
            .await
            .map_err(store)?;
        sqlx::query(
            "INSERT INTO links (id, purpose, email, role, organization_id, user_id, created_by, created_at, expires_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        )
        .bind(link.id)
        .bind(link.purpose.as_str())
        .bind(&email)
        .bind(link.role.as_str())
        .bind(link.organization)
        .bind(link.account)
        .bind(&link.by)
        .bind(link.created_at.as_micros())
        .bind(link.expires_at.as_micros())
        .execute(&mut *tx)
        .await
        .map_err(store)?;
        let act = match link.purpose {
            LinkPurpose::SetUp => None,
            LinkPurpose::Invite => Some(Act::PersonInvited),
            LinkPurpose::Reset => Some(Act::ResetAsked),
        };
        if let Some(act) = act {
            let role = (link.purpose == LinkPurpose::Invite).then(|| link.role.as_str());
            let entry =
                NewEntry { organization: link.organization, by, act, target: &email, before: None, after: role };
            append(&mut tx, entry).await?;
        }
        tx.commit().await.map_err(store)?;
        Ok(before.rows_affected() > 0)
    }

    pub(super) async fn open_link(&self, id: Uuid) -> Stored<Option<Link>> {
        let statement = sqlx::AssertSqlSafe(format!("{COLUMNS} WHERE id = $1 AND used_at IS NULL"));
        let row: Option<LinkRow> =
            sqlx::query_as(statement).bind(id).fetch_optional(&mut *self.reader().await?).await.map_err(store)?;
        row.map(Link::try_from).transpose()
    }

    pub(super) async fn open_invitations(&self, organization: Option<Uuid>) -> Stored<Vec<Link>> {
        let statement = sqlx::AssertSqlSafe(format!(
            "{COLUMNS} WHERE used_at IS NULL AND purpose <> 'set-up' \
             AND (organization_id = $1 OR ($1 IS NULL AND organization_id IS NULL)) ORDER BY created_at DESC, id"
        ));
        let rows: Vec<LinkRow> =
            sqlx::query_as(statement).bind(organization).fetch_all(&mut *self.reader().await?).await.map_err(store)?;
        all(rows)
    }

    pub(super) async fn take_invitation_back(&self, organization: Option<Uuid>, id: Uuid, by: &Author) -> Stored<()> {
        let mut tx = self.begin().await?;
        let email: Option<String> = sqlx::query_scalar(
            "DELETE FROM links WHERE id = $2 AND used_at IS NULL AND purpose <> 'set-up' \
             AND (organization_id = $1 OR ($1 IS NULL AND organization_id IS NULL)) RETURNING email",
        )
        .bind(organization)
        .bind(id)
        .fetch_optional(&mut *tx)
        .await
        .map_err(store)?;
        let target = &email.ok_or(StoreError::NotFound("invitation"))?;
        let act = Act::InvitationRemoved;
        append(&mut tx, NewEntry { organization, by, act, target, before: None, after: None }).await?;
        tx.commit().await.map_err(store)
    }

    pub(super) async fn spend_link(&self, id: Uuid, account: Account, at: Timestamp) -> Stored<Account> {
        let mut tx = self.begin().await?;
        let link = spend(&mut tx, id, at).await?;
        let email = match link.purpose {
            LinkPurpose::SetUp => account.email.clone(),
            LinkPurpose::Invite | LinkPurpose::Reset => link.email.clone(),
        };
        let by = Author::on_page(email.reveal(), at);
        let account = match link.account {
            Some(id) => {
                refuse_disabled(&mut tx, id).await?;
                accounts::put_password(&mut tx, id, &account.password_hash, &by).await?;
                Account { id, email, role: link.role, organization: link.organization, ..account }
            }
            None => {
                let account = Account { email, role: link.role, organization: link.organization, ..account };
                accounts::insert(&mut tx, &account, at).await?;
                record(&mut tx, &link, &account, &by).await?;
                account
            }
        };
        tx.commit().await.map_err(store)?;
        Ok(account)
    }
}

/// Takes the open links of an account back: it was disabled.
pub(super) async fn take_all_back(conn: &mut Conn, account: Uuid) -> Stored<()> {
    let taken = sqlx::query("DELETE FROM links WHERE user_id = $1 AND used_at IS NULL").bind(account);
    taken.execute(conn).await.map_err(store)?;
    Ok(())
}

/// A link that was made while its account was being disabled opens nothing either.
async fn refuse_disabled(conn: &mut Conn, account: Uuid) -> Stored<()> {
    let disabled: Option<bool> = sqlx::query_scalar("SELECT disabled FROM users WHERE id = $1")
        .bind(account)
        .fetch_optional(conn)
        .await
        .map_err(store)?;
    if disabled == Some(false) { Ok(()) } else { Err(StoreError::NotFound("link")) }
}

/// Marks a link as used; the row count says who was first.
async fn spend(conn: &mut Conn, id: Uuid, at: Timestamp) -> Stored<Link> {
    let row: Option<LinkRow> = sqlx::query_as(
        "UPDATE links SET used_at = $2 WHERE id = $1 AND used_at IS NULL AND expires_at > $2 \
         RETURNING id, purpose, email, role, organization_id, user_id, created_by, created_at, expires_at",
    )
    .bind(id)
    .bind(at.as_micros())
    .fetch_optional(conn)
    .await
    .map_err(store)?;
    row.ok_or(StoreError::NotFound("link"))?.try_into()
}

async fn record(conn: &mut Conn, link: &Link, account: &Account, by: &Author) -> Stored<()> {
    let act = if link.purpose == LinkPurpose::SetUp { Act::InstanceSetUp } else { Act::InvitationAccepted };
    let entry = NewEntry {
        organization: link.organization,
        by,
        act,
        target: account.email.reveal(),
        before: None,
        after: Some(link.role.as_str()),
    };
    append(conn, entry).await
}
