//! The account: people, pipeline, postings, webhooks. Times are milliseconds since the epoch, as in Lever's API.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use super::api::error::ApiError;
use super::faults::Faults;
use super::hooks::{HookDelivery, Webhook};
use crate::ids;

/// A telephone number; `type` may be missing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Phone {
    /// mobile, home, work, skype or other.
    #[serde(rename = "type", skip_serializing_if = "Option::is_none", default)]
    pub kind: Option<String>,
    /// The number as typed.
    pub value: String,
}

/// Why and when an opportunity was archived.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Archived {
    /// Id of the archive reason.
    pub reason: String,
    /// Milliseconds since the epoch.
    pub archived_at: i64,
}

/// One entry of an opportunity's way through the pipeline.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct StageChange {
    /// The stage entered.
    pub to_stage_id: String,
    /// Its position in the list of stages.
    pub to_stage_index: usize,
    /// Milliseconds since the epoch.
    pub updated_at: i64,
    /// Who moved it, if known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user_id: Option<String>,
}

/// A person; shared by all of that person's opportunities.
#[derive(Clone, Debug, Default)]
pub(super) struct Contact {
    pub id: String,
    pub name: String,
    pub headline: String,
    pub location: String,
    pub emails: Vec<String>,
    pub phones: Vec<Phone>,
    pub links: Vec<String>,
    pub anonymized: bool,
}

/// One candidacy of a person.
#[derive(Clone, Debug, Default)]
pub(super) struct Opportunity {
    pub id: String,
    pub contact: String,
    pub stage: String,
    pub confidential: bool,
    pub archived: Option<Archived>,
    pub tags: Vec<String>,
    pub sources: Vec<String>,
    pub stage_changes: Vec<StageChange>,
    pub origin: String,
    pub sourced_by: Option<String>,
    pub owner: Option<String>,
    pub followers: Vec<String>,
    pub applications: Vec<String>,
    pub created_at: i64,
    /// Null on rows untouched since Lever introduced the field.
    pub updated_at: Option<i64>,
    pub last_interaction_at: Option<i64>,
    pub last_advanced_at: Option<i64>,
    pub snoozed_until: Option<i64>,
    pub location: Option<String>,
}

/// A candidacy's tie to a posting.
#[derive(Clone, Debug)]
pub(super) struct Application {
    pub id: String,
    pub kind: &'static str,
    pub opportunity: String,
    pub posting: String,
    pub name: Option<String>,
    pub email: Option<String>,
    pub user: Option<String>,
    pub created_at: i64,
    pub archived: Option<Archived>,
}

/// A step of the pipeline. Ranks order the list of opportunities and may be fractional.
#[derive(Clone, Debug)]
pub(super) struct Stage {
    pub id: String,
    pub text: String,
    pub rank: f64,
    pub pipeline: &'static str,
}

#[derive(Clone, Debug)]
pub(super) struct Reason {
    pub id: String,
    pub text: String,
    pub active: bool,
    pub hired: bool,
}

#[derive(Clone, Debug)]
pub(super) struct Posting {
    pub id: String,
    pub text: String,
    pub state: String,
    pub team: String,
    pub department: String,
    pub location: String,
    pub commitment: String,
    pub tags: Vec<String>,
    pub owner: String,
    pub hiring_manager: Option<String>,
    pub followers: Vec<String>,
    pub confidential: bool,
    pub created_at: i64,
    pub updated_at: i64,
}

#[derive(Clone, Debug)]
pub(super) struct User {
    pub id: String,
    pub name: String,
    pub username: String,
    pub email: String,
    pub role: &'static str,
    pub created_at: i64,
    pub deactivated_at: Option<i64>,
}

#[derive(Clone, Debug)]
pub(super) struct Note {
    pub id: String,
    pub opportunity: String,
    /// The thread: `{createdAt, score, stage, text, type, user, value}` each.
    pub fields: Vec<Value>,
    pub user: Option<String>,
    pub secret: bool,
    pub created_at: i64,
    pub by_api: bool,
}

/// One answered call, for tests and the page of calls.
#[derive(Clone, Debug, Serialize)]
pub struct Call {
    /// Milliseconds since the epoch.
    pub at: i64,
    /// GET, POST, PUT or DELETE.
    pub method: String,
    /// With `/v1`.
    pub path: String,
    /// As sent, still encoded.
    pub query: String,
    /// The JSON sent, or null.
    pub body: Value,
    /// The status answered; 0 where the connection was cut.
    pub status: u16,
}

/// Ids that look like version 4 UUIDs and follow from the seed alone.
#[derive(Clone, Debug)]
pub(super) struct IdSource {
    seed: String,
    next: u64,
}

impl IdSource {
    pub fn new(seed: &str) -> Self {
        Self { seed: seed.to_owned(), next: 0 }
    }

    fn digest(&self, label: &str) -> [u8; 32] {
        Sha256::digest(format!("{}/{label}", self.seed)).into()
    }

    /// The id that belongs to a label, however often it is asked for.
    pub fn named(&self, label: &str) -> String {
        let mut bytes = [0; 16];
        bytes.copy_from_slice(&self.digest(label)[..16]);
        uuid::Builder::from_random_bytes(bytes).into_uuid().to_string()
    }

    /// 48 hexadecimal digits that belong to a label.
    pub fn secret(&self, label: &str) -> String {
        ids::hex(&self.digest(label)[..24])
    }

    pub fn fresh(&mut self) -> String {
        self.next += 1;
        self.named(&format!("#{}", self.next))
    }

    pub fn fresh_secret(&mut self) -> String {
        self.next += 1;
        self.secret(&format!("#{}", self.next))
    }
}

/// Everything the sandbox knows.
#[derive(Debug)]
pub(super) struct Model {
    pub ids: IdSource,
    pub api_key: String,
    pub webhook_token: String,
    pub perform_as: String,
    pub contacts: BTreeMap<String, Contact>,
    pub opportunities: BTreeMap<String, Opportunity>,
    pub applications: BTreeMap<String, Application>,
    pub stages: Vec<Stage>,
    pub reasons: Vec<Reason>,
    pub postings: Vec<Posting>,
    pub users: Vec<User>,
    pub notes: Vec<Note>,
    /// `(deletedAt, the object as it was)`.
    pub deleted: Vec<(i64, Value)>,
    pub webhooks: Vec<Webhook>,
    pub queue: Vec<HookDelivery>,
    pub sent: Vec<HookDelivery>,
    pub faults: Faults,
    pub journal: Vec<Call>,
    /// `(tokens left, filled up to when)` of the rate budget.
    pub bucket: Option<(f64, i64)>,
}

impl Model {
    pub fn empty(seed: &str) -> Self {
        let ids = IdSource::new(seed);
        Self {
            api_key: ids.secret("api key"),
            webhook_token: ids.secret("webhook token"),
            perform_as: ids.named("user 0"),
            ids,
            contacts: BTreeMap::new(),
            opportunities: BTreeMap::new(),
            applications: BTreeMap::new(),
            stages: Vec::new(),
            reasons: Vec::new(),
            postings: Vec::new(),
            users: Vec::new(),
            notes: Vec::new(),
            deleted: Vec::new(),
            webhooks: Vec::new(),
            queue: Vec::new(),
            sent: Vec::new(),
            faults: Faults::default(),
            journal: Vec::new(),
            bucket: None,
        }
    }

    pub fn stage_index(&self, id: &str) -> Option<usize> {
        self.stages.iter().position(|s| s.id == id)
    }

    /// A stage by id or by name.
    pub fn find_stage(&self, id_or_name: &str) -> Result<String, ApiError> {
        let found = self.stages.iter().find(|s| s.id == id_or_name || s.text == id_or_name);
        found.map(|s| s.id.clone()).ok_or_else(|| ApiError::bad(format!("stage {id_or_name} does not exist")))
    }

    /// An archive reason by id or by name.
    pub fn find_reason(&self, id_or_name: &str) -> Result<String, ApiError> {
        let found = self.reasons.iter().find(|r| r.id == id_or_name || r.text == id_or_name);
        found.map(|r| r.id.clone()).ok_or_else(|| ApiError::bad(format!("archive reason {id_or_name} does not exist")))
    }

    pub fn posting(&self, id: &str) -> Option<&Posting> {
        self.postings.iter().find(|p| p.id == id)
    }

    pub fn opportunity(&self, id: &str) -> Result<&Opportunity, ApiError> {
        self.opportunities.get(id).ok_or_else(|| ApiError::missing("opportunities", id))
    }

    pub fn opportunity_mut(&mut self, id: &str) -> Result<&mut Opportunity, ApiError> {
        self.opportunities.get_mut(id).ok_or_else(|| ApiError::missing("opportunities", id))
    }

    /// The person of an opportunity.
    pub fn contact_of(&self, opportunity: &Opportunity) -> &Contact {
        self.contacts.get(&opportunity.contact).expect("an opportunity's contact exists as long as it does")
    }

    pub fn touch_contact(&mut self, contact: &str, now: i64) {
        for o in self.opportunities.values_mut().filter(|o| o.contact == contact) {
            o.updated_at = Some(now);
        }
    }

    /// Texts in use with the number of opportunities that carry each; differently cased ones are separate.
    pub fn counted(&self, of: impl Fn(&Opportunity) -> &[String]) -> BTreeMap<String, usize> {
        let mut counts = BTreeMap::new();
        for text in self.opportunities.values().flat_map(of) {
            *counts.entry(text.clone()).or_insert(0) += 1;
        }
        counts
    }

    /// The ids every opportunity event carries.
    pub fn event_ids(&self, opportunity: &str) -> Value {
        let contact = self.opportunities.get(opportunity).map(|o| o.contact.clone());
        json!({"opportunityId": opportunity, "candidateId": opportunity, "contactId": contact})
    }
}
