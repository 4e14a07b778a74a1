//! Connecting an organization: what a remote accepts becomes the next version of the rules, with its secrets.

use std::sync::Arc;

use async_trait::async_trait;
use domain::audit::Author;
use domain::enablement::missing;
use domain::opportunity::Named;
use domain::ports::AssessmentClient;
use domain::ports::desk::{DeskError, Probe, Rehearsal, SetupDesk, VendorDraft};
use domain::ports::store::{Application, Organization, SealedSecret, StoreError};
use domain::rules::{LeverConnection, Rules, SecretSource, Vendor, secret};
use domain::{RemoteError, Timestamp, triggers};
use secrecy::{ExposeSecret as _, SecretString};
use uuid::Uuid;

use super::{Clerk, rehearsal, vendor_draft};
use crate::lever::{self, LeverClient};
use crate::organization::apply::webhook_url;
use crate::organization::{checks, diff, export};
use crate::secrets::Vault;

/// Longest secret that is taken, in characters.
const LONGEST_SECRET: usize = 1_000;
/// Tokens of webhooks that verify at the same time.
const MOST_TOKENS: usize = 20;

/// An organization with its secrets, while it is changed.
struct Draft {
    before: Organization,
    rules: Rules,
    secrets: Vec<SealedSecret>,
    /// What happened to secrets, for the record.
    said: Vec<String>,
}

impl Draft {
    fn opened(&self, vault: &Vault, name: &str) -> Option<SecretString> {
        let sealed = self.secrets.iter().find(|s| s.name == name)?;
        vault.open(self.before.id, name, &sealed.sealed).ok()
    }

    fn put(&mut self, vault: &Vault, name: &str, value: &SecretString, now: Timestamp) {
        let word = if self.secrets.iter().any(|s| s.name == name) { "replaced" } else { "stored" };
        self.said.push(format!("~ {name}: secret {word}"));
        self.secrets.retain(|s| s.name != name);
        self.secrets.push(vault.seal_named(self.before.id, name, value, now));
    }

    fn forget(&mut self, name: &str) {
        let count = self.secrets.len();
        self.secrets.retain(|s| s.name != name);
        if self.secrets.len() < count {
            self.said.push(format!("- {name}: secret removed"));
        }
    }

    /// The tokens of webhooks are stored by their place: all are sealed anew.
    fn set_tokens(&mut self, vault: &Vault, tokens: &[SecretString], now: Timestamp) {
        for n in 0..self.rules.lever.webhook_tokens.len() {
            self.forget(&secret::lever_token(n));
        }
        self.said.retain(|line| !line.contains("webhook_token"));
        self.said.push(format!("~ lever.webhook_token: {} stored", tokens.len()));
        self.rules.lever.webhook_tokens = tokens.iter().map(|_| SecretSource::Stored).collect();
        for (n, token) in tokens.iter().enumerate() {
            self.secrets.push(vault.seal_named(self.before.id, &secret::lever_token(n), token, now));
        }
    }

    fn tokens(&self, vault: &Vault) -> Vec<SecretString> {
        (0..self.rules.lever.webhook_tokens.len()).filter_map(|n| self.opened(vault, &secret::lever_token(n))).collect()
    }
}

/// What was typed or pasted, without the spaces and line ends around it.
///
/// # Errors
/// A sentence that begins with `what`.
pub fn pasted(what: &str, typed: &SecretString) -> Result<SecretString, DeskError> {
    let text = typed.expose_secret().trim();
    let wrong = |why: &str| Err(DeskError::Impossible(format!("{what}: {why}")));
    if text.is_empty() {
        return wrong("nothing was typed; paste it here");
    }
    if text.chars().any(|c| c.is_control() || c.is_whitespace()) {
        return wrong("it has a space or a line end inside; copy it again, alone");
    }
    if text.chars().count() > LONGEST_SECRET {
        return wrong("it is longer than any such secret; copy it again, alone");
    }
    Ok(SecretString::from(text))
}

fn lever_said(error: &RemoteError) -> DeskError {
    let said = match error {
        RemoteError::Unauthorized(_) => {
            "it does not know this key; copy it again, and choose the environment it is of".to_owned()
        }
        RemoteError::Forbidden(_) => {
            format!("{error}; give the key the permission in Lever (a new key, if it is not there to be ticked)")
        }
        error => error.to_string(),
    };
    DeskError::Remote { remote: "Lever".to_owned(), said }
}

impl Clerk {
    fn vault(&self) -> &Vault {
        &self.cx.directory.clients().vault
    }

    async fn draft(&self, organization: Uuid) -> Result<Draft, DeskError> {
        let before = self.cx.store.organization_by_id(organization).await?;
        let secrets = self.cx.store.secrets(organization).await?;
        Ok(Draft { rules: before.rules.clone(), before, secrets, said: Vec::new() })
    }

    /// A client of the Lever account with the stored key.
    fn lever(&self, draft: &Draft) -> Result<LeverClient, DeskError> {
        let key = draft
            .opened(self.vault(), secret::LEVER_KEY)
            .ok_or_else(|| DeskError::Impossible("no Lever key is stored that opens; store one first".to_owned()))?;
        self.cx.directory.clients().lever(&draft.rules.lever, key).map_err(DeskError::Impossible)
    }

    /// Stores it as the next version, and works by it at once.
    async fn store(
        &self,
        draft: Draft,
        tests: Vec<(String, Vec<domain::invitation::Test>)>,
        by: &str,
    ) -> Result<(), DeskError> {
        let Draft { before, rules, secrets, said } = draft;
        if rules == before.rules && said.is_empty() {
            return Ok(());
        }
        let mut changes = diff::rules(Some(&before.rules), &rules);
        changes.extend(said);
        let application = Application {
            id: before.id,
            hook: before.hook.clone(),
            paused: before.paused,
            expected_version: before.version,
            rules,
            secrets,
            tests,
            changes,
            author: Author::on_page(by, self.cx.clock.now()),
        };
        match self.cx.store.apply(application).await {
            Ok(_) => {}
            Err(StoreError::Conflict(_)) => {
                let now = self.cx.store.organization(&before.rules.slug).await?;
                return Err(self.stale(before.id, now.version).await);
            }
            Err(error) => return Err(error.into()),
        }
        self.refreshed().await;
        Ok(())
    }

    async fn switch(&self, organization: Uuid, paused: bool, by: &str) -> Result<(), DeskError> {
        self.cx.store.set_paused(organization, paused, &Author::on_page(by, self.cx.clock.now())).await?;
        self.refreshed().await;
        Ok(())
    }

    /// The vendor's client, with what was typed and what is stored.
    fn vendor_client(&self, draft: &Draft, vendor: &Vendor) -> Result<Arc<dyn AssessmentClient>, DeskError> {
        let secret = |field: &str| draft.opened(self.vault(), &secret::vendor(&vendor.id, field));
        self.cx.directory.clients().vendor(Uuid::nil(), vendor, secret).map_err(DeskError::Impossible)
    }
}

/// A credential that the rules need and nobody has stored.
fn lacking(draft: &Draft) -> Option<String> {
    let of = |v: &Vendor| {
        v.contract.secrets().into_iter().map(|(field, _)| secret::vendor(&v.id, field)).collect::<Vec<_>>()
    };
    let needed = draft.rules.vendors.iter().flat_map(of);
    needed.into_iter().find(|name| !draft.secrets.iter().any(|s| s.name == *name))
}

#[async_trait]
impl SetupDesk for Clerk {
    async fn store_lever_key(
        &self,
        organization: Uuid,
        base_url: &str,
        key: SecretString,
        by: &str,
    ) -> Result<(), DeskError> {
        let key = pasted("API key", &key)?;
        let clients = self.cx.directory.clients();
        let base_url = checks::lever_url(base_url.trim(), clients.http.allows_private())
            .map_err(|why| DeskError::Impossible(format!("Address: {why}")))?;
        let mut draft = self.draft(organization).await?;
        let lever = LeverConnection { base_url, ..draft.rules.lever.clone() };
        // The new one is proven before the old one goes.
        let client = clients.lever(&lever, key.clone()).map_err(DeskError::Impossible)?;
        domain::ports::AtsClient::stages(&client).await.map_err(|e| lever_said(&e))?;
        draft.rules.lever = LeverConnection { api_key: SecretSource::Stored, ..lever };
        draft.put(self.vault(), secret::LEVER_KEY, &key, self.cx.clock.now());
        self.store(draft, Vec::new(), by).await
    }

    async fn lever_users(&self, organization: Uuid) -> Result<Vec<Named>, DeskError> {
        let draft = self.draft(organization).await?;
        self.lever(&draft)?.users().await.map_err(|e| lever_said(&e))
    }

    async fn choose_user(&self, organization: Uuid, user: &str, by: &str) -> Result<(), DeskError> {
        let mut draft = self.draft(organization).await?;
        let found =
            domain::ports::AtsClient::user(&self.lever(&draft)?, user.trim()).await.map_err(|e| lever_said(&e))?;
        let user = found.ok_or_else(|| {
            DeskError::Impossible("User: Lever has no such active user; choose one of the list".to_owned())
        })?;
        draft.rules.lever.perform_as = user.id;
        draft.rules.lever.perform_as_name = user.name;
        self.store(draft, Vec::new(), by).await
    }

    async fn probe(&self, organization: Uuid) -> Result<Vec<Probe>, DeskError> {
        let draft = self.draft(organization).await?;
        Ok(self.lever(&draft)?.probe().await)
    }

    async fn add_token(&self, organization: Uuid, token: SecretString, by: &str) -> Result<(), DeskError> {
        let token = pasted("Signature token", &token)?;
        let mut draft = self.draft(organization).await?;
        let mut tokens = draft.tokens(self.vault());
        if tokens.iter().any(|known| known.expose_secret() == token.expose_secret()) {
            return Err(DeskError::Impossible("Signature token: this one is stored already".to_owned()));
        }
        if tokens.len() == MOST_TOKENS {
            return Err(DeskError::Impossible(format!(
                "{MOST_TOKENS} tokens are stored; remove one that is no longer used"
            )));
        }
        tokens.push(token);
        draft.set_tokens(self.vault(), &tokens, self.cx.clock.now());
        self.store(draft, Vec::new(), by).await
    }

    async fn remove_token(&self, organization: Uuid, place: usize, by: &str) -> Result<(), DeskError> {
        let mut draft = self.draft(organization).await?;
        let mut tokens = draft.tokens(self.vault());
        if place >= tokens.len() {
            return Err(StoreError::NotFound("token").into());
        }
        tokens.remove(place);
        draft.set_tokens(self.vault(), &tokens, self.cx.clock.now());
        self.store(draft, Vec::new(), by).await
    }

    async fn create_webhooks(&self, organization: Uuid, by: &str) -> Result<usize, DeskError> {
        let mut draft = self.draft(organization).await?;
        let client = self.lever(&draft)?;
        let url = webhook_url(&self.cx.public_url, &draft.before.hook);
        client.remove_webhooks(&url).await.map_err(|e| lever_said(&e))?;
        let mut made = Vec::with_capacity(lever::EVENTS.len());
        for event in lever::EVENTS {
            match client.create_webhook(event, &url).await {
                Ok(token) => made.push(token),
                Err(error) => {
                    // Half of them would look as if all were there.
                    let _ = client.remove_webhooks(&url).await;
                    return Err(lever_said(&error));
                }
            }
        }
        let count = made.len();
        let mut tokens = draft.tokens(self.vault());
        tokens.extend(made);
        let excess = tokens.len().saturating_sub(MOST_TOKENS);
        draft.set_tokens(self.vault(), &tokens[excess..], self.cx.clock.now());
        self.store(draft, Vec::new(), by).await?;
        Ok(count)
    }

    async fn remove_webhooks(&self, organization: Uuid) -> Result<usize, DeskError> {
        let draft = self.draft(organization).await?;
        let url = webhook_url(&self.cx.public_url, &draft.before.hook);
        self.lever(&draft)?.remove_webhooks(&url).await.map_err(|e| lever_said(&e))
    }

    async fn remove_lever_key(&self, organization: Uuid, by: &str) -> Result<(), DeskError> {
        let mut draft = self.draft(organization).await?;
        draft.forget(secret::LEVER_KEY);
        if draft.said.is_empty() {
            return Err(DeskError::Impossible("no Lever key is stored".to_owned()));
        }
        if !draft.before.paused {
            self.cx.store.set_paused(organization, true, &Author::on_page(by, self.cx.clock.now())).await?;
        }
        self.store(draft, Vec::new(), by).await
    }

    async fn key_used(&self, organization: Uuid) -> Result<Option<Timestamp>, DeskError> {
        let draft = self.draft(organization).await?;
        let Some(key) = draft.opened(self.vault(), secret::LEVER_KEY) else { return Ok(None) };
        let name = lever::budget_name(&draft.rules.lever.base_url, &key);
        Ok(self.cx.store.budget_used(&name).await?)
    }

    async fn save_vendor(&self, organization: Uuid, typed: VendorDraft, by: &str) -> Result<usize, DeskError> {
        let allows_private = self.cx.directory.clients().http.allows_private();
        let mut draft = self.draft(organization).await?;
        let vendor = vendor_draft::check(&typed, &draft.rules, allows_private).map_err(DeskError::Impossible)?;
        for (field, value) in vendor_draft::secrets(&typed) {
            let name = secret::vendor(&vendor.id, field);
            if value.expose_secret().trim().is_empty() {
                if draft.opened(self.vault(), &name).is_none() {
                    let what = vendor_draft::words(field);
                    return Err(DeskError::Impossible(format!("{what}: nothing was typed; paste it here")));
                }
                continue;
            }
            let value = pasted(vendor_draft::words(field), value)?;
            draft.put(self.vault(), &name, &value, self.cx.clock.now());
        }
        let tests = self.vendor_client(&draft, &vendor)?.tests().await;
        let tests = tests.map_err(|e| DeskError::Remote { remote: vendor.name.clone(), said: e.to_string() })?;
        let (count, id) = (tests.len(), vendor.id.clone());
        match draft.rules.vendors.iter_mut().find(|v| v.id == id) {
            Some(place) => *place = vendor,
            None => draft.rules.vendors.push(vendor),
        }
        self.store(draft, vec![(id, tests)], by).await?;
        Ok(count)
    }

    async fn remove_vendor(&self, organization: Uuid, vendor: &str, by: &str) -> Result<(), DeskError> {
        let mut draft = self.draft(organization).await?;
        let Some(at) = draft.rules.vendors.iter().position(|v| v.id == vendor) else {
            return Err(StoreError::NotFound("vendor").into());
        };
        let used = draft.rules.triggers.iter().filter(|t| t.vendor == vendor).count();
        if used > 0 {
            let why = format!("{used} trigger stages send its tests; remove them first");
            return Err(DeskError::Impossible(why));
        }
        let gone = draft.rules.vendors.remove(at);
        for (field, _) in gone.contract.secrets() {
            draft.forget(&secret::vendor(vendor, field));
        }
        self.store(draft, Vec::new(), by).await
    }

    async fn rehearse(&self, organization: Uuid) -> Result<Vec<Rehearsal>, DeskError> {
        rehearsal::all(&self.cx, &*self.connection(organization)?).await
    }

    fn difference(&self, before: Option<&Rules>, after: &Rules) -> Vec<String> {
        diff::rules(before, after)
    }

    fn as_file(&self, rules: &Rules) -> String {
        export::to_toml(&export::from_rules(rules))
    }

    async fn restore(
        &self,
        organization: Uuid,
        expected_version: i64,
        version: i64,
        by: &str,
    ) -> Result<(), DeskError> {
        let mut draft = self.draft(organization).await?;
        if draft.before.version != expected_version {
            return Err(self.stale(organization, draft.before.version).await);
        }
        let earlier = self.cx.store.configuration(organization, version).await?.rules;
        draft.rules = triggers::put_back(&draft.before.rules, earlier, self.cx.clock.now());
        if let Some(name) = lacking(&draft) {
            let why = format!(
                "version {version} needs the credential {name}, which is not stored any more; connect it first"
            );
            return Err(DeskError::Impossible(why));
        }
        self.store(draft, Vec::new(), by).await
    }

    async fn go_live(&self, organization: Uuid, by: &str) -> Result<(), DeskError> {
        let draft = self.draft(organization).await?;
        let has_key = draft.secrets.iter().any(|s| s.name == secret::LEVER_KEY);
        if let Some(what) = missing(&draft.rules, has_key) {
            return Err(DeskError::Impossible(what.to_owned()));
        }
        self.switch(organization, false, by).await
    }

    async fn pause(&self, organization: Uuid, by: &str) -> Result<(), DeskError> {
        self.switch(organization, true, by).await
    }
}
