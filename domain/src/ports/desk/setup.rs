//! Connecting an organization from a page: Lever's key, its webhook, and the vendors.

use std::fmt::Debug;

use async_trait::async_trait;
use secrecy::SecretString;
use uuid::Uuid;

use super::DeskError;
use crate::invitation::Decision;
use crate::opportunity::Named;
use crate::rules::Rules;
use crate::{Personal, Timestamp};

/// What trying a permission showed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Can {
    /// The key has it.
    Yes,
    /// The key lacks it.
    No,
    /// Nothing was learned.
    Unknown,
}

/// One permission of a Lever key, tried without changing anything in Lever.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Probe {
    /// In Lever's words.
    pub permission: &'static str,
    /// What Assay does with it.
    pub purpose: &'static str,
    /// What came of it.
    pub can: Can,
    /// What Lever answered, or why it was not tried.
    pub answer: String,
}

/// A vendor as typed. Secrets that were left empty stay as they are stored.
#[derive(Debug, Default)]
pub struct VendorDraft {
    /// Of the vendor that is changed; empty for a new one.
    pub id: String,
    /// `greenhouse-assessment` or `pymetrics`.
    pub kind: String,
    /// Shown to people.
    pub name: String,
    /// Tags become `<prefix> - Pass`.
    pub tag_prefix: String,
    /// Lowest score; empty where the vendor has no scale.
    pub lowest: String,
    /// Highest score.
    pub highest: String,
    /// Greenhouse's contract: GET, the tests.
    pub list_tests_url: String,
    /// POST: invite.
    pub send_test_url: String,
    /// GET: the status.
    pub test_status_url: String,
    /// POST: what was wrong with an answer.
    pub response_error_url: String,
    /// Pymetrics: host.
    pub base_url: String,
    /// Both.
    pub api_key: SecretString,
    /// Pymetrics.
    pub client_id: SecretString,
    /// Pymetrics.
    pub client_secret: SecretString,
}

/// A signature token of a webhook.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HookToken {
    /// Names it; says nothing about it.
    pub code: String,
    /// Its end; empty where that is most of it.
    pub last_four: String,
    /// When it was stored.
    pub stored_at: Timestamp,
    /// The event of the webhook that Assay made; `None`: someone typed it.
    pub event: Option<String>,
}

/// What is stored of Lever.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Held {
    /// When the key was last used, by any node, to a second or so. `None`: never, or there is none.
    pub key_used: Option<Timestamp>,
    /// The signature tokens that verify.
    pub tokens: Vec<HookToken>,
}

/// How making webhooks ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Remade {
    /// The new ones are made, and those of before are gone.
    All,
    /// The new ones are made; some of before are still in Lever. Their tokens are kept.
    OldStay,
}

/// What would become of one candidate, as if they entered the stage now.
#[derive(Clone, Debug, PartialEq)]
pub struct Rehearsal {
    /// Their name.
    pub name: Personal,
    /// Where the invitation would go.
    pub email: Option<Personal>,
    /// Name of the stage they stand in.
    pub stage: String,
    /// The vendor's name.
    pub vendor: String,
    /// What would be decided.
    pub decision: Decision,
    /// The tag that would be written when the vendor has taken it.
    pub sent: String,
    /// The tags that a result may bring.
    pub results: Vec<String>,
    /// The form of the link that would be added.
    pub report: String,
}

/// Connecting an organization. The caller has checked the right. What a remote does not accept is not stored.
#[async_trait]
pub trait SetupDesk: Send + Sync + Debug {
    /// Stores a key that Lever has just accepted, in the place of the one before. `base_url` ends in `/v1`.
    async fn store_lever_key(
        &self,
        organization: Uuid,
        base_url: &str,
        key: SecretString,
        by: &str,
    ) -> Result<(), DeskError>;

    /// Active users of the Lever account.
    async fn lever_users(&self, organization: Uuid) -> Result<Vec<Named>, DeskError>;

    /// Sets in whose name Assay writes in Lever.
    async fn choose_user(&self, organization: Uuid, user: &str, by: &str) -> Result<(), DeskError>;

    /// Tries each permission of the stored key without changing anything in Lever.
    async fn probe(&self, organization: Uuid) -> Result<Vec<Probe>, DeskError>;

    /// Takes a signature token of a webhook in Lever; the others stay, so that both verify during a rotation.
    async fn add_token(&self, organization: Uuid, token: SecretString, by: &str) -> Result<(), DeskError>;

    /// What is stored of Lever.
    async fn held(&self, organization: Uuid) -> Result<Held, DeskError>;

    /// Forgets a signature token, by its [`HookToken::code`]. `NotFound` if it is gone.
    async fn remove_token(&self, organization: Uuid, code: &str, by: &str) -> Result<(), DeskError>;

    /// Makes the webhooks in Lever by its API and keeps their tokens; those that Assay made before go afterwards. Their tokens stay
    /// until the next time, for what is on its way.
    async fn create_webhooks(&self, organization: Uuid, by: &str) -> Result<Remade, DeskError>;

    /// Takes the webhooks that Assay made away in Lever, with their tokens; returns how many went. Those made in Lever's own
    /// pages stay.
    async fn remove_webhooks(&self, organization: Uuid, by: &str) -> Result<usize, DeskError>;

    /// Pauses, and forgets the Lever key: nothing in Lever is read or written until another one is stored. The key itself is
    /// deleted in Lever.
    async fn remove_lever_key(&self, organization: Uuid, by: &str) -> Result<(), DeskError>;

    /// Adds a vendor or changes one, after it has told its tests; returns how many it has. [`DeskError::Stale`] if someone changed
    /// this vendor after `seen_version` of the rules.
    async fn save_vendor(
        &self,
        organization: Uuid,
        seen_version: i64,
        draft: VendorDraft,
        by: &str,
    ) -> Result<usize, DeskError>;

    /// Removes a vendor that no trigger stage names.
    async fn remove_vendor(&self, organization: Uuid, vendor: &str, by: &str) -> Result<(), DeskError>;

    /// What would be sent to the first candidates who stand in a trigger stage, and written. Changes nothing anywhere.
    async fn rehearse(&self, organization: Uuid) -> Result<Vec<Rehearsal>, DeskError>;

    /// What is different between two versions, line by line.
    fn difference(&self, before: Option<&Rules>, after: &Rules) -> Vec<String>;

    /// A version as the file that `org apply` reads.
    fn as_file(&self, rules: &Rules) -> String;

    /// Puts an earlier version in force as a new one. Credentials stay as they are now; refused where one is missing.
    async fn restore(&self, organization: Uuid, expected_version: i64, version: i64, by: &str)
    -> Result<(), DeskError>;

    /// Invites from now on. Refused while something is missing.
    async fn go_live(&self, organization: Uuid, by: &str) -> Result<(), DeskError>;

    /// Sends nothing until someone goes live again.
    async fn pause(&self, organization: Uuid, by: &str) -> Result<(), DeskError>;
}
