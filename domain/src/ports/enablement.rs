//! Steps on the way to an integration, and secrets handed over by a link. A part of [`super::store`].

use std::fmt::Debug;

use async_trait::async_trait;
use uuid::Uuid;

use super::store::Stored;
use crate::Timestamp;
use crate::audit::Author;
use crate::enablement::{Integration, Made, Step};

/// A secret in a link. What it holds opens with the address alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Drop {
    /// Hash of the address's last part.
    pub key: String,
    /// Whose.
    pub organization: Uuid,
    /// For which integration.
    pub integration: Integration,
    /// Nonce and ciphertext.
    pub sealed: Vec<u8>,
    /// Who made it.
    pub by: String,
    /// Opens nothing from then on.
    pub expires_at: Timestamp,
}

/// Enabling integrations.
#[async_trait]
pub trait Enablement: Send + Sync + Debug {
    /// The steps of an organization, oldest first.
    async fn steps(&self, organization: Uuid) -> Stored<Vec<Made>>;

    /// The steps of all organizations with their slugs, oldest first.
    async fn all_steps(&self) -> Stored<Vec<(String, Made)>>;

    /// Makes a step. `Conflict("enablement_step")` if it may not follow the last one.
    async fn make_step(&self, organization: Uuid, integration: Integration, step: Step, by: &Author) -> Stored<()>;

    /// Stores a secret in a link, which is the step [`Step::KeyHandedOver`]; conflicts as a step does.
    async fn make_drop(&self, drop: Drop, by: &Author) -> Stored<()>;

    /// A link that was neither opened nor has expired.
    async fn waiting_drop(&self, key: &str, now: Timestamp) -> Stored<Option<Drop>>;

    /// Opens it, once: what it held is gone from the store. `NotFound` for whoever comes second.
    async fn open_drop(&self, key: &str, by: &Author) -> Stored<Drop>;
}
