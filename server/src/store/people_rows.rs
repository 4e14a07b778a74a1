//! Rows of accounts, sessions and links, and how they become the domain's values.

use domain::Personal;
use domain::ports::store::{Account, Asker, Link, LinkPurpose, StoreError};
use domain::read::{PersonRow, SessionRow, UserRow};
use domain::role::Role;
use sqlx::FromRow;
use uuid::Uuid;

use super::errors::unreadable;
use super::rows::time;

fn role(name: &str) -> Result<Role, StoreError> {
    Role::parse(name).ok_or_else(|| unreadable("role", name))
}

#[derive(FromRow)]
pub(super) struct AccountRow {
    id: Uuid,
    email: String,
    role: String,
    organization_id: Option<Uuid>,
    password_hash: String,
    disabled: bool,
}

impl TryFrom<AccountRow> for Account {
    type Error = StoreError;

    fn try_from(row: AccountRow) -> Result<Self, StoreError> {
        Ok(Self {
            role: role(&row.role)?,
            id: row.id,
            email: Personal::new(row.email),
            organization: row.organization_id,
            password_hash: row.password_hash,
            disabled: row.disabled,
        })
    }
}

#[derive(FromRow)]
pub(super) struct UserRecord {
    id: Uuid,
    email: String,
    role: String,
    slug: Option<String>,
    disabled: bool,
    created_at: i64,
}

impl From<UserRecord> for UserRow {
    fn from(row: UserRecord) -> Self {
        Self {
            id: row.id,
            email: Personal::new(row.email),
            role: row.role,
            organization: row.slug,
            disabled: row.disabled,
            created_at: time(row.created_at),
        }
    }
}

#[derive(FromRow)]
pub(super) struct PersonRecord {
    id: Uuid,
    email: String,
    role: String,
    disabled: bool,
    created_at: i64,
    seen_at: Option<i64>,
}

impl TryFrom<PersonRecord> for PersonRow {
    type Error = StoreError;

    fn try_from(row: PersonRecord) -> Result<Self, StoreError> {
        Ok(Self {
            role: role(&row.role)?,
            id: row.id,
            email: Personal::new(row.email),
            disabled: row.disabled,
            created_at: time(row.created_at),
            seen_at: row.seen_at.map(time),
        })
    }
}

#[derive(FromRow)]
pub(super) struct SessionLine {
    key: String,
    started_at: i64,
    seen_at: i64,
    agent: String,
}

impl From<SessionLine> for SessionRow {
    fn from(row: SessionLine) -> Self {
        Self { key: row.key, started: time(row.started_at), seen: time(row.seen_at), agent: row.agent }
    }
}

#[derive(FromRow)]
pub(super) struct LinkRow {
    id: Uuid,
    purpose: String,
    email: String,
    role: String,
    organization_id: Option<Uuid>,
    user_id: Option<Uuid>,
    created_by: String,
    created_at: i64,
    expires_at: i64,
}

impl TryFrom<LinkRow> for Link {
    type Error = StoreError;

    fn try_from(row: LinkRow) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.id,
            purpose: LinkPurpose::parse(&row.purpose).ok_or_else(|| unreadable("purpose", &row.purpose))?,
            email: Personal::new(row.email),
            role: role(&row.role)?,
            organization: row.organization_id,
            account: row.user_id,
            by: row.created_by,
            created_at: time(row.created_at),
            expires_at: time(row.expires_at),
        })
    }
}

#[derive(FromRow)]
pub(super) struct AskerRow {
    data: String,
    #[sqlx(flatten)]
    account: AccountRow,
    preferences: Option<String>,
}

impl TryFrom<AskerRow> for Asker {
    type Error = StoreError;

    fn try_from(row: AskerRow) -> Result<Self, StoreError> {
        Ok(Self { session: row.data, account: row.account.try_into()?, preferences: row.preferences })
    }
}
