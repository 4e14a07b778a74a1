//! An organization while it is connected: its next version, with what remotes say to it.

use std::sync::Arc;
use std::time::Duration;

use domain::audit::Author;
use domain::ports::AssessmentClient;
use domain::ports::desk::DeskError;
use domain::ports::store::{Application, Organization, SealedSecret, StoreError};
use domain::rules::{MadeHook, Rules, SecretSource, Vendor, secret};
use domain::{RemoteError, Timestamp};
use secrecy::{ExposeSecret as _, SecretString};
use uuid::Uuid;

use super::Clerk;
use crate::ids;
use crate::lever::LeverClient;
use crate::organization::diff;
use crate::secrets::Vault;

/// Longest secret that is taken, in characters.
const LONGEST_SECRET: usize = 1_000;
/// How long someone waits for Lever; a page waits no longer.
const PATIENCE: Duration = Duration::from_secs(20);

/// An organization with its secrets, while it is changed.
pub(super) struct Draft {
    pub(super) before: Organization,
    pub(super) rules: Rules,
    pub(super) secrets: Vec<SealedSecret>,
    /// What happened to secrets, for the record.
    pub(super) said: Vec<String>,
    /// It is paused with this.
    pub(super) pauses: bool,
}

impl Draft {
    pub(super) fn opened(&self, vault: &Vault, name: &str) -> Option<SecretString> {
        let sealed = self.secrets.iter().find(|s| s.name == name)?;
        vault.open(self.before.id, name, &sealed.sealed).ok()
    }

    pub(super) fn put(&mut self, vault: &Vault, name: &str, value: &SecretString, now: Timestamp) {
        let word = if self.secrets.iter().any(|s| s.name == name) { "replaced" } else { "stored" };
        self.said.push(format!("~ {name}: secret {word}"));
        self.secrets.retain(|s| s.name != name);
        self.secrets.push(vault.seal_named(self.before.id, name, value, now));
    }

    pub(super) fn forget(&mut self, name: &str) {
        let count = self.secrets.len();
        self.secrets.retain(|s| s.name != name);
        if self.secrets.len() < count {
            self.said.push(format!("- {name}: secret removed"));
        }
    }

    /// The tokens of webhooks, each with where it came from and when.
    pub(super) fn tokens(&self, vault: &Vault) -> Vec<HeldToken> {
        let sources = self.rules.lever.webhook_tokens.iter().enumerate();
        let held = |(n, source): (usize, &SecretSource)| {
            let name = secret::lever_token(n);
            let sealed = self.secrets.iter().find(|s| s.name == name)?;
            let value = vault.open(self.before.id, &name, &sealed.sealed).ok()?;
            Some(HeldToken { source: source.clone(), value, at: sealed.created_at })
        };
        sources.filter_map(held).collect()
    }

    /// They are stored by their place: all are sealed anew.
    pub(super) fn set_tokens(&mut self, vault: &Vault, tokens: &[HeldToken]) {
        for n in 0..self.rules.lever.webhook_tokens.len() {
            self.forget(&secret::lever_token(n));
        }
        self.said.retain(|line| !line.contains("webhook_token"));
        self.said.push(format!("~ lever.webhook_token: {} stored", tokens.len()));
        self.rules.lever.webhook_tokens = tokens.iter().map(|token| token.source.clone()).collect();
        for (n, token) in tokens.iter().enumerate() {
            self.secrets.push(vault.seal_named(self.before.id, &secret::lever_token(n), &token.value, token.at));
        }
    }
}

/// A signature token.
pub(super) struct HeldToken {
    pub(super) source: SecretSource,
    pub(super) value: SecretString,
    pub(super) at: Timestamp,
}

impl HeldToken {
    /// Names it on a page; says nothing about it.
    pub(super) fn code(&self, vault: &Vault) -> String {
        ids::hex(&vault.code("hook token", self.value.expose_secret().as_bytes())[..8])
    }

    /// The webhook of Assay's that signs with it.
    pub(super) fn hook(&self) -> Option<&MadeHook> {
        match &self.source {
            SecretSource::Hook(hook) => Some(hook),
            _ => None,
        }
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

/// What Lever said to `what`, such as "list users".
pub(super) fn lever_said(what: &str, error: &RemoteError) -> DeskError {
    match error {
        RemoteError::Unauthorized(_) => DeskError::Impossible(
            "Lever does not know this key: copy it again, and choose the environment it is of".to_owned(),
        ),
        RemoteError::Forbidden(_) => DeskError::Impossible(format!(
            "Lever does not let this key {what}: tick that permission of the key in Lever (Settings, Integrations, API \
             credentials), or make a new key with it and replace this one"
        )),
        error => DeskError::Remote { remote: "Lever".to_owned(), said: error.to_string() },
    }
}

/// Asks Lever while someone waits.
pub(super) async fn asked<T>(what: &str, call: impl Future<Output = Result<T, RemoteError>>) -> Result<T, DeskError> {
    match tokio::time::timeout(PATIENCE, call).await {
        Ok(answer) => answer.map_err(|error| lever_said(what, &error)),
        Err(_) => {
            let said = format!("it did not answer within {} seconds", PATIENCE.as_secs());
            Err(DeskError::Remote { remote: "Lever".to_owned(), said })
        }
    }
}

impl Clerk {
    pub(super) fn vault(&self) -> &Vault {
        &self.cx.directory.clients().vault
    }

    pub(super) async fn draft(&self, organization: Uuid) -> Result<Draft, DeskError> {
        let before = self.cx.store.organization_by_id(organization).await?;
        let secrets = self.cx.store.secrets(organization).await?;
        Ok(Draft { rules: before.rules.clone(), before, secrets, said: Vec::new(), pauses: false })
    }

    /// A client of the Lever account with the stored key.
    pub(super) fn lever(&self, draft: &Draft) -> Result<LeverClient, DeskError> {
        let key = draft
            .opened(self.vault(), secret::LEVER_KEY)
            .ok_or_else(|| DeskError::Impossible("no Lever key is stored that opens; store one first".to_owned()))?;
        self.cx.directory.clients().lever(&draft.rules.lever, key).map_err(DeskError::Impossible)
    }

    /// Stores it as the next version, and works by it at once.
    pub(super) async fn store(
        &self,
        draft: Draft,
        tests: Vec<(String, Vec<domain::invitation::Test>)>,
        by: &str,
    ) -> Result<(), DeskError> {
        let Draft { before, rules, secrets, said, pauses } = draft;
        if rules == before.rules && said.is_empty() {
            return Ok(());
        }
        let mut changes = diff::rules(Some(&before.rules), &rules);
        changes.extend(said);
        let application = Application {
            id: before.id,
            hook: before.hook.clone(),
            paused: pauses,
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

    pub(super) async fn switch(&self, organization: Uuid, paused: bool, by: &str) -> Result<(), DeskError> {
        self.cx.store.set_paused(organization, paused, &Author::on_page(by, self.cx.clock.now())).await?;
        self.refreshed().await;
        Ok(())
    }

    /// The vendor's client, with what was typed and what is stored.
    pub(super) fn vendor_client(&self, draft: &Draft, vendor: &Vendor) -> Result<Arc<dyn AssessmentClient>, DeskError> {
        let secret = |field: &str| draft.opened(self.vault(), &secret::vendor(&vendor.id, field));
        self.cx.directory.clients().vendor(Uuid::nil(), vendor, secret).map_err(DeskError::Impossible)
    }
}

/// A credential that the rules need and nobody has stored.
pub(super) fn lacking(draft: &Draft) -> Option<String> {
    let of = |v: &Vendor| {
        v.contract.secrets().into_iter().map(|(field, _)| secret::vendor(&v.id, field)).collect::<Vec<_>>()
    };
    let needed = draft.rules.vendors.iter().flat_map(of);
    needed.into_iter().find(|name| !draft.secrets.iter().any(|s| s.name == *name))
}
