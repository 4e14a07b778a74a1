//! What setting up asks of a Lever account: its users, what a key may do, and webhooks.

use domain::RemoteError;
use domain::opportunity::Named;
use domain::ports::desk::{Can, Probe};
use secrecy::SecretString;
use serde::Deserialize;
use serde_json::json;

use super::client::LeverClient;
use super::wire::{List, One, Text, User};
use crate::remote::Method;

/// The events that are worth a webhook (Lever's documentation, "Webhooks").
pub const EVENTS: [&str; 4] =
    ["candidateStageChange", "applicationCreated", "candidateArchiveChange", "candidateDeleted"];

/// An id that nothing in Lever has: what may be done to it is answered, and nothing is done.
const NOBODY: &str = "00000000-0000-4000-8000-000000000000";

#[derive(Deserialize)]
struct Webhook {
    id: String,
    #[serde(default)]
    url: String,
    #[serde(default)]
    configuration: Configuration,
}

#[derive(Default, Deserialize)]
struct Configuration {
    #[serde(default, rename = "signatureToken")]
    token: Option<String>,
}

#[derive(Deserialize)]
struct Anything {}

impl LeverClient {
    /// Active users, by name.
    ///
    /// # Errors
    /// As every call.
    pub async fn users(&self) -> Result<Vec<Named>, RemoteError> {
        let users: Vec<User> = self.list(&["users"], |user: &User| &user.id).await?;
        let active = users.into_iter().filter(|u| u.deactivated_at.as_ref().is_none_or(serde_json::Value::is_null));
        let mut named: Vec<Named> = active.map(|u| Named { id: u.id, name: u.name }).collect();
        named.sort_by_key(|u| u.name.to_lowercase());
        Ok(named)
    }

    /// Ids of webhooks that lead to this address.
    ///
    /// # Errors
    /// As every call.
    pub async fn webhooks_to(&self, url: &str) -> Result<Vec<String>, RemoteError> {
        let all: List<Webhook> = self.read_at(&["webhooks"]).await?;
        Ok(all.data.into_iter().filter(|hook| hook.url == url).map(|hook| hook.id).collect())
    }

    /// Takes a webhook away; whether it went. One made in Lever's own pages cannot be changed by a key, and stays.
    ///
    /// # Errors
    /// As every call.
    pub async fn remove_webhook(&self, id: &str) -> Result<bool, RemoteError> {
        match self.change(Method::DELETE, &["webhooks", id], None).await {
            Ok(()) => Ok(true),
            Err(RemoteError::Forbidden(_) | RemoteError::NotFound(_)) => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// Makes a webhook; returns its id and its signature token, which Lever tells only now.
    ///
    /// # Errors
    /// As every call that has an effect.
    pub async fn create_webhook(&self, event: &str, url: &str) -> Result<(String, SecretString), RemoteError> {
        let made: One<Webhook> = self.make(&["webhooks"], json!({ "url": url, "event": event })).await?;
        let token = made.data.configuration.token.map(SecretString::from);
        let token = token.ok_or_else(|| RemoteError::Unreadable("the webhook came without a token".to_owned()))?;
        Ok((made.data.id, token))
    }

    /// Tries what a key may do. Reading is done; changing is tried on an id that nobody has, which Lever refuses after it has
    /// looked at the permission. What can only be tried by doing it is not tried.
    pub async fn probe(&self) -> Vec<Probe> {
        let stages: Result<List<Text>, _> = self.first(&["stages"]).await;
        let stage = stages.as_ref().ok().and_then(|s| s.data.first()).map(|s| s.id.clone());
        let people: Result<List<Id>, _> = self.first(&["opportunities"]).await;
        let person = people.as_ref().ok().and_then(|p| p.data.first()).map(|p| p.id.clone());
        let mut found = vec![
            reading("List stages", "to offer them as trigger stages", &stages),
            self.one("Read stage", "to notice that a stage was renamed or deleted", "stages", stage.clone()).await,
            reading("List candidates", "to find those whose webhook never came", &people),
            self.one("Read candidate", "to decide who is invited", "opportunities", person).await,
        ];
        for (verb, field, permission, purpose) in [
            ("addTags", "tags", "Add candidate tags", "to show the status"),
            ("removeTags", "tags", "Remove candidate tag", "to replace the status by the result"),
            ("addLinks", "links", "Add candidate links", "to add the report"),
        ] {
            let tried = self.change(Method::POST, &["opportunities", NOBODY, verb], Some(json!({ field: [] }))).await;
            found.push(writing(permission, purpose, tried));
        }
        let stage = json!({ "stage": stage.unwrap_or_default() });
        let moved = self.change(Method::PUT, &["opportunities", NOBODY, "stage"], Some(stage)).await;
        found.push(writing("Update candidate stage", "to advance, once a rule says so", moved));
        found.push(untried(
            "Create tag",
            "to use a tag for the first time",
            "Lever has no call for it: the first tag shows it",
        ));
        found.push(untried("Create candidate", "nothing in Assay does it", "trying it would create a candidate"));
        let users: Result<List<Id>, _> = self.first(&["users"]).await;
        found.push(reading("List users", "to write in the name of one", &users));
        let postings: Result<List<Id>, _> = self.first(&["postings"]).await;
        found.push(reading("List postings", "to limit a trigger stage to some", &postings));
        let hooks: Result<List<Id>, _> = self.read_at(&["webhooks"]).await;
        found.push(reading("Webhooks", "to make them without Lever's settings page", &hooks));
        found
    }

    async fn one(&self, permission: &'static str, purpose: &'static str, kind: &str, id: Option<String>) -> Probe {
        let Some(id) = id else { return untried(permission, purpose, "there is none to read") };
        let read: Result<One<Anything>, _> = self.read_at(&[kind, &id]).await;
        reading(permission, purpose, &read)
    }
}

#[derive(Deserialize)]
struct Id {
    id: String,
}

fn reading<T>(permission: &'static str, purpose: &'static str, done: &Result<T, RemoteError>) -> Probe {
    let (can, answer) = match done {
        Ok(_) => (Can::Yes, "Lever answered".to_owned()),
        Err(error) => refusal(error),
    };
    Probe { permission, purpose, can, answer }
}

fn writing(permission: &'static str, purpose: &'static str, done: Result<(), RemoteError>) -> Probe {
    let (can, answer) = match done {
        Ok(()) => (Can::Yes, "Lever answered".to_owned()),
        Err(RemoteError::NotFound(_)) => (Can::Yes, "Lever looked for a candidate that does not exist".to_owned()),
        Err(error) => refusal(&error),
    };
    Probe { permission, purpose, can, answer }
}

fn refusal(error: &RemoteError) -> (Can, String) {
    let can = if error.is_credential() { Can::No } else { Can::Unknown };
    (can, error.to_string())
}

fn untried(permission: &'static str, purpose: &'static str, why: &str) -> Probe {
    Probe { permission, purpose, can: Can::Unknown, answer: why.to_owned() }
}
