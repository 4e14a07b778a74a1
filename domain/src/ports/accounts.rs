//! People, the links by which they come, their sessions, and the record of changes. A part of [`super::store`].

use std::fmt::Debug;

use async_trait::async_trait;
use uuid::Uuid;

use super::store::Stored;
use crate::audit::{AuditFilter, Author, ChainState, Entry};
use crate::read::{PersonRow, SessionRow, UserRow};
use crate::role::Role;
use crate::{Personal, Timestamp};

/// A person who signs in.
#[derive(Clone, Debug, PartialEq)]
pub struct Account {
    /// Row id.
    pub id: Uuid,
    /// Lower case; unique.
    pub email: Personal,
    /// What they may do.
    pub role: Role,
    /// Their organization, for the roles of one.
    pub organization: Option<Uuid>,
    /// PHC string.
    pub password_hash: String,
    /// May not sign in any more.
    pub disabled: bool,
}

/// What a link is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LinkPurpose {
    /// The first owner of an empty instance.
    SetUp,
    /// A new account.
    Invite,
    /// A new password for an account.
    Reset,
}

impl LinkPurpose {
    /// All.
    pub const ALL: [Self; 3] = [Self::SetUp, Self::Invite, Self::Reset];

    /// The name in the database.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::SetUp => "set-up",
            Self::Invite => "invite",
            Self::Reset => "reset",
        }
    }

    /// The purpose of that name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|p| p.as_str() == name)
    }
}

/// A link by which someone sets a password, once.
#[derive(Clone, Debug, PartialEq)]
pub struct Link {
    /// Row id; the address is made of it and a code.
    pub id: Uuid,
    /// What it is for.
    pub purpose: LinkPurpose,
    /// Whose, in lower case; empty for setting up, where the owner says it.
    pub email: Personal,
    /// What they will be.
    pub role: Role,
    /// Where, for the roles of an organization.
    pub organization: Option<Uuid>,
    /// The account whose password is set anew.
    pub account: Option<Uuid>,
    /// Who made it.
    pub by: String,
    /// When.
    pub created_at: Timestamp,
    /// Opens nothing from then on.
    pub expires_at: Timestamp,
}

/// Who asks.
#[derive(Clone, Debug, PartialEq)]
pub struct Asker {
    /// What the session holds, as saved.
    pub session: String,
    /// Whose session it is.
    pub account: Account,
    /// What the person set for themselves: [`crate::preferences::Preferences`] as JSON.
    pub preferences: Option<String>,
}

/// A session to be stored.
#[derive(Clone, Copy, Debug)]
pub struct SessionRecord<'a> {
    /// The hash of the cookie's token.
    pub key: &'a str,
    /// What the session holds.
    pub data: &'a str,
    /// Whose, once someone has signed in.
    pub account: Option<Uuid>,
    /// When it began.
    pub started: Timestamp,
    /// The last request that was noted.
    pub seen: Timestamp,
    /// The browser in a few words; may be empty.
    pub agent: &'a str,
    /// It is over from then on.
    pub expires: Timestamp,
}

/// People and sessions. What changes an account is on record.
#[async_trait]
pub trait Accounts: Send + Sync + Debug {
    /// Creates an account. `Conflict("users_email")` if the address is taken.
    async fn create_account(&self, account: Account, by: &Author) -> Stored<()>;

    /// By address, in lower case.
    async fn account_by_email(&self, email: &str) -> Stored<Option<Account>>;

    /// By id.
    async fn account(&self, id: Uuid) -> Stored<Option<Account>>;

    /// All accounts with the slug of their organization.
    async fn accounts(&self) -> Stored<Vec<UserRow>>;

    /// The people of an organization, or with `None` those of the instance, by address.
    async fn people(&self, organization: Option<Uuid>) -> Stored<Vec<PersonRow>>;

    /// Whether someone owns this instance and may sign in.
    async fn has_owner(&self) -> Stored<bool>;

    /// Another role of the same kind. `Conflict("users_last")` for the last super admin of an organization and the last owner.
    async fn set_role(&self, id: Uuid, role: Role, by: &Author) -> Stored<()>;

    /// A new password; ends all sessions.
    async fn set_password(&self, id: Uuid, hash: String, by: &Author) -> Stored<()>;

    /// Replaces the hash by a stronger one of the same password.
    async fn rehash(&self, id: Uuid, hash: String) -> Stored<()>;

    /// Disables, ends all sessions and takes open links for a new password back; or enables again. `Conflict("users_last")` as with roles.
    async fn switch_account(&self, id: Uuid, disabled: bool, by: &Author) -> Stored<()>;

    /// Makes a link, in the place of an open one of the same purpose for the same address; returns whether there was one.
    async fn make_link(&self, link: Link, by: &Author) -> Stored<bool>;

    /// A link that was not used, expired or not.
    async fn link(&self, id: Uuid) -> Stored<Option<Link>>;

    /// Links of an organization, or of the instance, that wait to be used, those for new passwords and expired ones too; newest
    /// first.
    async fn invitations(&self, organization: Option<Uuid>) -> Stored<Vec<Link>>;

    /// Takes a link of this organization, or of the instance, back.
    async fn remove_invitation(&self, organization: Option<Uuid>, id: Uuid, by: &Author) -> Stored<()>;

    /// Uses a link, once: creates the account, or sets its password anew and ends its sessions. `account` says the id of a new
    /// account, the address and the hash; role and organization are the link's. `NotFound` if it was used, taken back or has
    /// expired, or the account is disabled; `Conflict("users_email")` if the address has an account.
    async fn use_link(&self, id: Uuid, account: Account, at: Timestamp) -> Stored<Account>;

    /// Creates a session; `Conflict` if the key is taken.
    async fn create_session(&self, session: SessionRecord<'_>) -> Stored<()>;

    /// Creates or replaces a session.
    async fn save_session(&self, session: SessionRecord<'_>) -> Stored<()>;

    /// A session that has not expired.
    async fn load_session(&self, key: &str, now: Timestamp) -> Stored<Option<String>>;

    /// Who asks: the account of a session that has not expired, with what both have saved, in one read, because every request
    /// begins with it.
    async fn asker(&self, key: &str, now: Timestamp) -> Stored<Option<Asker>>;

    /// Sessions of an account that have not expired, the last seen first.
    async fn sessions(&self, account: Uuid, now: Timestamp) -> Stored<Vec<SessionRow>>;

    /// Ends one session of an account, or all but one; returns how many ended.
    async fn end_sessions(&self, account: Uuid, which: Which<'_>, by: &Author) -> Stored<u64>;

    /// Ends a session.
    async fn delete_session(&self, key: &str) -> Stored<()>;

    /// Removes expired sessions.
    async fn prune_sessions(&self, now: Timestamp) -> Stored<u64>;
}

/// Which sessions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Which<'a> {
    /// The one with this key.
    One(&'a str),
    /// All but the one with this key.
    AllBut(&'a str),
}

/// The record of changes, a chain for each organization and one for the instance.
#[async_trait]
pub trait Audit: Send + Sync + Debug {
    /// Entries of a chain, newest first.
    async fn audit(&self, organization: Option<Uuid>, filter: &AuditFilter, limit: u32) -> Stored<Vec<Entry>>;

    /// Walks through all chains.
    async fn verify_audit(&self) -> Stored<Vec<ChainState>>;
}
