//! Connecting an organization: what a remote accepts becomes the next version of the rules, with its secrets.

use async_trait::async_trait;
use domain::enablement::missing;
use domain::opportunity::Named;
use domain::ports::desk::{DeskError, Held, Probe, Rehearsal, Remade, SetupDesk, VendorDraft};
use domain::ports::store::StoreError;
use domain::rules::{LeverConnection, Rules, SecretSource, secret};
use domain::triggers;
use secrecy::{ExposeSecret as _, SecretString};
use uuid::Uuid;

use super::draft::{Draft, asked, lacking, pasted};
use super::{Clerk, hooks, rehearsal, vendor_draft};
use crate::lever;
use crate::organization::{checks, diff, export};

impl Clerk {
    /// A vendor that someone changed after it was seen is not changed back unseen.
    async fn unchanged_vendor(&self, draft: &Draft, seen_version: i64, vendor: &str) -> Result<(), DeskError> {
        if vendor.is_empty() || seen_version == draft.before.version {
            return Ok(());
        }
        let seen = self.cx.store.configuration(draft.before.id, seen_version).await?.rules;
        if seen.vendor(vendor) == draft.before.rules.vendor(vendor) {
            return Ok(());
        }
        Err(self.stale(draft.before.id, draft.before.version).await)
    }
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
        asked("list stages", domain::ports::AtsClient::stages(&client)).await?;
        draft.rules.lever = LeverConnection { api_key: SecretSource::Stored, ..lever };
        draft.put(self.vault(), secret::LEVER_KEY, &key, self.cx.clock.now());
        self.store(draft, Vec::new(), by).await
    }

    async fn lever_users(&self, organization: Uuid) -> Result<Vec<Named>, DeskError> {
        let draft = self.draft(organization).await?;
        asked("list users", self.lever(&draft)?.users()).await
    }

    async fn choose_user(&self, organization: Uuid, user: &str, by: &str) -> Result<(), DeskError> {
        let mut draft = self.draft(organization).await?;
        let found = asked("list users", domain::ports::AtsClient::user(&self.lever(&draft)?, user.trim())).await?;
        let user = found.ok_or_else(|| {
            DeskError::Impossible("User: Lever has no such active user; choose one of the list".to_owned())
        })?;
        draft.rules.lever.perform_as = user.id;
        draft.rules.lever.perform_as_name = user.name;
        self.store(draft, Vec::new(), by).await
    }

    async fn probe(&self, organization: Uuid) -> Result<Vec<Probe>, DeskError> {
        let draft = self.draft(organization).await?;
        let client = self.lever(&draft)?;
        asked("be tried", async { Ok(client.probe().await) }).await
    }

    async fn held(&self, organization: Uuid) -> Result<Held, DeskError> {
        let draft = self.draft(organization).await?;
        let key = draft.opened(self.vault(), secret::LEVER_KEY);
        let key_used = match key.map(|key| lever::budget_name(&draft.rules.lever.base_url, &key)) {
            Some(budget) => self.cx.store.budget_used(&budget).await?,
            None => None,
        };
        Ok(Held { key_used, tokens: hooks::tokens(self, &draft) })
    }

    async fn add_token(&self, organization: Uuid, token: SecretString, by: &str) -> Result<(), DeskError> {
        hooks::add_token(self, organization, &token, by).await
    }

    async fn remove_token(&self, organization: Uuid, code: &str, by: &str) -> Result<(), DeskError> {
        hooks::remove_token(self, organization, code, by).await
    }

    async fn create_webhooks(&self, organization: Uuid, by: &str) -> Result<Remade, DeskError> {
        hooks::make(self, organization, by).await
    }

    async fn remove_webhooks(&self, organization: Uuid, by: &str) -> Result<usize, DeskError> {
        hooks::take_away(self, organization, by).await
    }

    async fn remove_lever_key(&self, organization: Uuid, by: &str) -> Result<(), DeskError> {
        let mut draft = self.draft(organization).await?;
        draft.forget(secret::LEVER_KEY);
        if draft.said.is_empty() {
            return Err(DeskError::Impossible("no Lever key is stored".to_owned()));
        }
        draft.pauses = true;
        self.store(draft, Vec::new(), by).await
    }

    async fn save_vendor(
        &self,
        organization: Uuid,
        seen_version: i64,
        typed: VendorDraft,
        by: &str,
    ) -> Result<usize, DeskError> {
        let allows_private = self.cx.directory.clients().http.allows_private();
        let mut draft = self.draft(organization).await?;
        self.unchanged_vendor(&draft, seen_version, &typed.id).await?;
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
