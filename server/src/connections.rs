//! The organizations in force: their rules with ready-made clients, refreshed when another process or person changes them.

use std::collections::HashMap;
use std::sync::{Arc, RwLock};
use std::time::Duration;

use domain::ports::store::{Organization, Store, StoreError};
use domain::ports::{AssessmentClient, AtsClient};
use domain::rules::{LeverConnection, Rate, Vendor, secret};
use domain::{Clock, RemoteError};
use secrecy::SecretString;
use uuid::Uuid;

use crate::config::SecretKeys;
use crate::lever::{self, LeverClient};
use crate::organization::Remotes;
use crate::remote::{Budget, Http};
use crate::secrets::Vault;
use crate::vendor;

/// How often changes made elsewhere are looked for: rules are in force within two seconds.
pub const REFRESH_EVERY: Duration = Duration::from_secs(1);

/// One organization with everything that is needed to work for it.
#[derive(Debug)]
pub struct Connection {
    /// Rules, version, pause.
    pub organization: Organization,
    /// Lever, for work that someone waits for.
    pub ats: Arc<dyn AtsClient>,
    /// Lever, for sweeps: gives way to the other.
    pub ats_bulk: Arc<dyn AtsClient>,
    /// Tokens that sign deliveries; several during a rotation.
    pub webhook_tokens: Vec<SecretString>,
    vendors: HashMap<String, Arc<dyn AssessmentClient>>,
}

impl Connection {
    /// The client and the rules of a vendor.
    pub fn vendor(&self, id: &str) -> Option<(&Vendor, &Arc<dyn AssessmentClient>)> {
        Some((self.organization.rules.vendor(id)?, self.vendors.get(id)?))
    }

    /// The stage's name when the rules were applied; its id if it is not one of them.
    pub fn stage_name<'a>(&'a self, id: &'a str) -> &'a str {
        self.organization.rules.triggers.iter().find(|t| t.stage.id == id).map_or(id, |t| t.stage.name.as_str())
    }
}

/// What clients are made with.
#[derive(Debug)]
pub struct ClientFactory {
    /// The one HTTP client.
    pub http: Http,
    /// Opens stored credentials.
    pub vault: Vault,
    /// Calls a second per Lever key; `None`: no limit, for benchmarks.
    pub lever_rate: Option<Rate>,
    /// Rate budgets are kept in the store, shared by all nodes.
    pub store: Arc<dyn Store>,
    /// Time.
    pub clock: Arc<dyn Clock>,
}

impl ClientFactory {
    fn queue(&self) -> Arc<dyn domain::ports::store::Queue> {
        Arc::clone(&self.store) as Arc<dyn domain::ports::store::Queue>
    }

    /// A client of a Lever account. The budget is named by the key: one budget however many organizations use it.
    ///
    /// # Errors
    /// The address is none that may be called.
    pub fn lever(&self, lever: &LeverConnection, key: SecretString) -> Result<LeverClient, String> {
        let budget = self.lever_rate.map_or_else(Budget::unlimited, |rate| {
            let name = lever::budget_name(&lever.base_url, &key);
            Budget::new(self.queue(), name, rate.interval(), LeverClient::BURST, Arc::clone(&self.clock))
        });
        let clock = Arc::clone(&self.clock);
        LeverClient::new(self.http.clone(), &lever.base_url, key, lever.perform_as.clone(), budget, clock)
    }

    /// A client of a vendor of an organization.
    ///
    /// # Errors
    /// A credential is missing or unusable, or an address is none that may be called.
    pub fn vendor(
        &self,
        organization: Uuid,
        vendor: &Vendor,
        secret: impl Fn(&str) -> Option<SecretString>,
    ) -> Result<Arc<dyn AssessmentClient>, String> {
        let sends = vendor.send_rate.map_or_else(Budget::unlimited, |rate| {
            let name = vendor::send_budget_name(organization, &vendor.id);
            Budget::new(self.queue(), name, rate.interval(), vendor::SEND_BURST, Arc::clone(&self.clock))
        });
        vendor::client(vendor, secret, &self.http, sends, Arc::clone(&self.clock))
    }
}

/// For applying an organization's file. What is asked then counts against the same budgets.
impl Remotes for ClientFactory {
    fn ats(&self, lever: &LeverConnection, api_key: SecretString) -> Result<Arc<dyn AtsClient>, RemoteError> {
        let client = self.lever(lever, api_key).map_err(RemoteError::Rejected)?;
        Ok(Arc::new(client))
    }

    fn vendor(
        &self,
        vendor: &Vendor,
        secrets: Vec<(&'static str, SecretString)>,
    ) -> Result<Arc<dyn AssessmentClient>, RemoteError> {
        let secret = |field: &str| secrets.iter().find(|(name, _)| *name == field).map(|(_, value)| value.clone());
        // Nothing is sent while applying, so the organization's own budget of sends is not touched.
        self.vendor(Uuid::nil(), vendor, secret).map_err(RemoteError::Rejected)
    }
}

#[derive(Debug, Default)]
struct Cache {
    /// Organizations that could not be connected, at this version: looked at again when they change.
    broken: HashMap<Uuid, (i64, bool)>,
    by_id: HashMap<Uuid, Arc<Connection>>,
    by_hook: HashMap<String, Uuid>,
}

/// All organizations of this instance.
#[derive(Debug)]
pub struct Directory {
    clients: ClientFactory,
    cache: RwLock<Cache>,
}

impl Directory {
    /// Empty until the first [`Directory::refresh`].
    pub fn new(clients: ClientFactory) -> Self {
        Self { clients, cache: RwLock::default() }
    }

    /// Other keys are in force; what did not open with those of before is tried anew at the next [`Directory::refresh`].
    pub fn turn(&self, keys: &SecretKeys) {
        self.clients.vault.turn(keys);
        self.cache.write().expect("no thread panics while it holds this lock").broken.clear();
    }

    /// Makes clients for organizations that are not stored yet.
    pub fn clients(&self) -> &ClientFactory {
        &self.clients
    }

    /// By id.
    pub fn by_id(&self, id: Uuid) -> Option<Arc<Connection>> {
        self.read(|cache| cache.by_id.get(&id).cloned())
    }

    /// By the last part of its webhook address.
    pub fn by_hook(&self, hook: &str) -> Option<Arc<Connection>> {
        self.read(|cache| cache.by_hook.get(hook).and_then(|id| cache.by_id.get(id)).cloned())
    }

    /// All.
    pub fn all(&self) -> Vec<Arc<Connection>> {
        self.read(|cache| cache.by_id.values().cloned().collect())
    }

    fn read<T>(&self, look: impl FnOnce(&Cache) -> T) -> T {
        look(&self.cache.read().expect("no thread panics while it holds this lock"))
    }

    /// Looks for organizations that changed and makes their clients anew. An organization whose credentials do not open is
    /// reported and left out: it must not stop the others.
    ///
    /// # Errors
    /// If the database cannot be asked.
    pub async fn refresh(&self) -> Result<(), StoreError> {
        let versions = self.clients.store.versions().await?;
        let known = self.read(|cache| {
            let at = |id: &Uuid| match cache.by_id.get(id) {
                Some(c) => Some((c.organization.version, c.organization.paused)),
                None => cache.broken.get(id).copied(),
            };
            versions.len() == cache.by_id.len() + cache.broken.len()
                && versions.iter().all(|(id, version, paused)| at(id) == Some((*version, *paused)))
        });
        if known {
            return Ok(());
        }
        let mut fresh = Cache::default();
        for organization in self.clients.store.organizations().await? {
            let same = self.by_id(organization.id).filter(|c| c.organization == organization);
            let connection = match same {
                Some(connection) => connection,
                None => {
                    let state = (organization.id, (organization.version, organization.paused));
                    match self.connect(organization).await? {
                        Some(connection) => Arc::new(connection),
                        None => {
                            fresh.broken.insert(state.0, state.1);
                            continue;
                        }
                    }
                }
            };
            fresh.by_hook.insert(connection.organization.hook.clone(), connection.organization.id);
            fresh.by_id.insert(connection.organization.id, connection);
        }
        *self.cache.write().expect("no thread panics while it holds this lock") = fresh;
        Ok(())
    }

    async fn connect(&self, organization: Organization) -> Result<Option<Connection>, StoreError> {
        let sealed = self.clients.store.secrets(organization.id).await?;
        let mut opened = HashMap::new();
        for secret in sealed {
            match self.clients.vault.open(organization.id, &secret.name, &secret.sealed) {
                Ok(value) => drop(opened.insert(secret.name, value)),
                Err(error) => {
                    tracing::error!(organization.slug = organization.rules.slug, secret.name, %error,
                        "a stored credential does not open; check ASSAY_SECRET_KEY");
                    return Ok(None);
                }
            }
        }
        Ok(self.connection(organization, &opened))
    }

    fn connection(&self, organization: Organization, secrets: &HashMap<String, SecretString>) -> Option<Connection> {
        let lever = &organization.rules.lever;
        let Some(key) = secrets.get(secret::LEVER_KEY) else {
            // Someone is on the way to it, on a page.
            tracing::info!(organization.slug = organization.rules.slug, "no Lever key is stored yet");
            return None;
        };
        let client = match self.clients.lever(lever, key.clone()) {
            Ok(client) => client,
            Err(error) => {
                tracing::error!(organization.slug = organization.rules.slug, error, "Lever cannot be called");
                return None;
            }
        };
        let webhook_tokens =
            (0..lever.webhook_tokens.len()).filter_map(|n| secrets.get(&secret::lever_token(n)).cloned()).collect();
        let mut vendors = HashMap::new();
        for vendor in &organization.rules.vendors {
            let field = |name: &str| secrets.get(&secret::vendor(&vendor.id, name)).cloned();
            match self.clients.vendor(organization.id, vendor, field) {
                Ok(client) => drop(vendors.insert(vendor.id.clone(), client)),
                Err(error) => tracing::error!(
                    organization.slug = organization.rules.slug,
                    vendor.id,
                    error,
                    "a vendor's client could not be made; apply the organization again"
                ),
            }
        }
        Some(Connection {
            ats_bulk: Arc::new(client.for_bulk()),
            ats: Arc::new(client),
            webhook_tokens,
            vendors,
            organization,
        })
    }
}
