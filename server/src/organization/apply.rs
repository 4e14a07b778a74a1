//! Applying a file: gather what the remotes say, resolve, commit whole. Anything wrong before the commit changes nothing.

use std::collections::BTreeMap;
use std::sync::Arc;

use domain::RemoteError;
use domain::audit::Author;
use domain::opportunity::Named;
use domain::ports::store::{Application, Organization, SealedSecret, Setup};
use domain::ports::{AtsClient, StoreError};
use domain::rules::{Contract, SecretSource, Vendor, secret};
use secrecy::{ExposeSecret as _, SecretString};
use serde::Serialize;
use uuid::Uuid;

use super::file::{self, OrganizationFile, Parsed};
use super::resolve::{Vocabulary, resolve};
use super::walk::Refusal;
use super::{Remotes, diff};
use crate::failure::{Exit, Failure};
use crate::secrets::Vault;

/// Greenhouse's assessment contract: the key is an HTTP Basic user name of at most 170 characters.
const LONGEST_GREENHOUSE_KEY: usize = 170;

/// What applying works with.
#[derive(Clone, Copy)]
pub struct Context<'a> {
    /// The database.
    pub store: &'a dyn Setup,
    /// Seals the secrets.
    pub vault: &'a Vault,
    /// Makes the clients.
    pub remotes: &'a dyn Remotes,
    /// Reads environment variables named by the file.
    pub variables: &'a dyn Fn(&str) -> Option<String>,
    /// Ours, without a slash at the end.
    pub public_url: &'a str,
    /// Who applies, where and when.
    pub author: &'a Author,
}

impl std::fmt::Debug for Context<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Context").field("author", &self.author).finish_non_exhaustive()
    }
}

/// What became of it; the line that scripts read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Report {
    /// The slug.
    pub organization: String,
    /// Where Lever sends its events. `null` for a dry run of an organization that does not exist yet.
    pub lever_webhook_url: Option<String>,
    /// Version of the rules in force; 0 before the first.
    pub version: i64,
    /// Whether something changed; in a dry run, whether it would.
    pub changed: bool,
}

/// A diff for people and the line for scripts.
#[derive(Clone, Debug)]
pub struct Applied {
    /// Empty if nothing changes.
    pub diff: Vec<String>,
    /// The last line.
    pub report: Report,
}

/// The address that Lever is given.
pub fn webhook_url(public_url: &str, hook: &str) -> String {
    format!("{public_url}/hooks/lever/{hook}")
}

/// Applies a file; with `dry_run` only says what would change.
///
/// # Errors
/// Configuration: the file, a secret or a name in it is wrong. Remote: one could not be asked. Database. Nothing was changed
/// then.
pub async fn apply(parsed: &Parsed, context: Context<'_>, dry_run: bool) -> Result<Applied, Failure> {
    let file = &parsed.file;
    let existing = existing(context.store, &file.slug).await?;
    let stored = |name: &str| {
        let (organization, secrets) = existing.as_ref()?;
        let secret = secrets.iter().find(|s| s.name == name)?;
        context.vault.open(organization.id, name, &secret.sealed).ok()
    };
    let values = read_secrets(parsed, context.variables, &stored).map_err(refused)?;
    let vocabulary = gather(file, &values, context.remotes).await?;
    let previous = existing.as_ref().map(|(o, _)| &o.rules);
    let rules = resolve(parsed, &vocabulary, previous, context.author.at).map_err(refused)?;

    let id = existing.as_ref().map_or_else(crate::ids::row, |(o, _)| o.id);
    let stored = existing.as_ref().map_or(&[][..], |(_, secrets)| secrets);
    let secrets = seal(context, id, stored, &values);
    let changed = previous != Some(&rules) || secrets.changed;
    let mut lines = diff::rules(previous, &rules);
    lines.extend(secrets.lines);
    if !changed {
        lines.clear();
    }

    let report = |organization: Option<&Organization>| Report {
        organization: file.slug.clone(),
        lever_webhook_url: organization.map(|o| webhook_url(context.public_url, &o.hook)),
        version: organization.map_or(0, |o| o.version),
        changed,
    };
    let before = existing.as_ref().map(|(o, _)| o);
    if dry_run || !changed {
        return Ok(Applied { diff: lines, report: report(before) });
    }
    let application = Application {
        id,
        hook: crate::ids::token(),
        paused: false,
        expected_version: before.map_or(0, |o| o.version),
        rules,
        secrets: secrets.sealed,
        tests: vocabulary.tests.into_iter().collect(),
        changes: lines.clone(),
        author: context.author.clone(),
    };
    let after = context.store.apply(application).await.map_err(|e| not_stored(&e))?;
    Ok(Applied { diff: lines, report: report(Some(&after)) })
}

fn refused(refusals: Vec<Refusal>) -> Failure {
    Failure::all(Exit::Configuration, refusals)
}

fn not_stored(error: &StoreError) -> Failure {
    match error {
        StoreError::Conflict(_) => Failure::new(
            Exit::Failed,
            "the organization was changed by someone else meanwhile; look at it and apply again",
        ),
        other => Failure::database("the organization was not changed", other),
    }
}

async fn existing(store: &dyn Setup, slug: &str) -> Result<Option<(Organization, Vec<SealedSecret>)>, Failure> {
    let failed = |e: &StoreError| Failure::database("the organization could not be read", e);
    match store.organization(slug).await {
        Ok(organization) => {
            let secrets = store.secrets(organization.id).await.map_err(|e| failed(&e))?;
            Ok(Some((organization, secrets)))
        }
        Err(StoreError::NotFound(_)) => Ok(None),
        Err(e) => Err(failed(&e)),
    }
}

/// Values by stored name.
type Values = BTreeMap<String, SecretString>;

fn read_secrets(
    parsed: &Parsed,
    variables: &dyn Fn(&str) -> Option<String>,
    stored: &dyn Fn(&str) -> Option<SecretString>,
) -> Result<Values, Vec<Refusal>> {
    let mut values = Values::new();
    let mut refusals = Vec::new();
    let short: Vec<String> = greenhouse_keys(&parsed.file);
    for (name, path, source) in file::secrets(&parsed.file) {
        let value = read_secret(source, variables, &|| stored(&name)).and_then(|value| {
            let length = value.expose_secret().chars().count();
            if short.contains(&name) && length > LONGEST_GREENHOUSE_KEY {
                return Err(format!(
                    "the key is {length} characters long; at most {LONGEST_GREENHOUSE_KEY} are allowed"
                ));
            }
            Ok(value)
        });
        match value {
            Ok(value) => {
                values.insert(name, value);
            }
            Err(what) => refusals.push(parsed.lines.refuse(&path, format!("{path}: {what}"))),
        }
    }
    if refusals.is_empty() { Ok(values) } else { Err(refusals) }
}

fn greenhouse_keys(file: &OrganizationFile) -> Vec<String> {
    let greenhouse = file.vendors.iter().filter(|v| matches!(v.contract, Contract::GreenhouseAssessment { .. }));
    greenhouse.map(|v| secret::vendor(&v.id, "api_key")).collect()
}

fn read_secret(
    source: &SecretSource,
    variables: &dyn Fn(&str) -> Option<String>,
    stored: &dyn Fn() -> Option<SecretString>,
) -> Result<SecretString, String> {
    let (value, origin, next) = match source {
        SecretSource::Env(name) => {
            let value = variables(name).ok_or_else(|| {
                format!(
                    "the environment variable {name} is not set; set it for this command, it is read while applying"
                )
            })?;
            (value, format!("the environment variable {name}"), "set it")
        }
        SecretSource::File(path) => {
            let value = std::fs::read_to_string(path)
                .map_err(|e| format!("the file {path} cannot be read ({e}); correct the path or its permissions"))?;
            (value, format!("the file {path}"), "write the secret into it")
        }
        SecretSource::Stored | SecretSource::Hook(_) => {
            return stored().ok_or_else(|| {
                "nothing is stored that opens; type it on the page, or write { env = \"VARIABLE\" }".to_owned()
            });
        }
    };
    let value = SecretString::from(value);
    let trimmed = value.expose_secret().trim();
    if trimmed.is_empty() {
        return Err(format!("{origin} is empty; {next}"));
    }
    if trimmed.chars().any(char::is_control) {
        return Err(format!("{origin} has a line break or control character inside; it must be one line"));
    }
    Ok(SecretString::from(trimmed))
}

/// Asks every remote, and names all that cannot be asked.
async fn gather(file: &OrganizationFile, values: &Values, remotes: &dyn Remotes) -> Result<Vocabulary, Failure> {
    let value = |name: &str| values.get(name).cloned().expect("every secret of the file was read");
    let mut sentences = Vec::new();
    let asked = match remotes.ats(&file.lever, value(secret::LEVER_KEY)) {
        Ok(ats) => lever(&ats, &file.lever.perform_as).await,
        Err(error) => Err(("call", error)),
    };
    let mut vocabulary = match asked {
        Ok(vocabulary) => vocabulary,
        Err((what, error)) => {
            sentences.push(unasked(&format!("Lever ({})", file.lever.base_url), what, &error, "lever.api_key"));
            Vocabulary::default()
        }
    };
    for vendor in &file.vendors {
        let fields = vendor.contract.secrets().into_iter();
        let secrets = fields.map(|(field, _)| (field, value(&secret::vendor(&vendor.id, field)))).collect();
        let tests = match remotes.vendor(vendor, secrets) {
            Ok(client) => client.tests().await,
            Err(error) => Err(error),
        };
        match tests {
            Ok(tests) => {
                vocabulary.tests.insert(vendor.id.clone(), tests);
            }
            Err(error) => {
                let remote = format!("{} (vendor {:?}, {})", vendor.name, vendor.id, address(vendor));
                sentences.push(unasked(&remote, "its tests", &error, &secret::vendor(&vendor.id, "api_key")));
            }
        }
    }
    if sentences.is_empty() { Ok(vocabulary) } else { Err(Failure { exit: Exit::Remote, sentences }) }
}

async fn lever(ats: &Arc<dyn AtsClient>, user: &str) -> Result<Vocabulary, (&'static str, RemoteError)> {
    Ok(Vocabulary {
        stages: ats.stages().await.map_err(|e| ("its stages", e))?,
        postings: ats.postings().await.map_err(|e| ("its postings", e))?.into_iter().map(Named::from).collect(),
        user: ats.user(user).await.map_err(|e| ("the user of perform_as", e))?,
        tests: BTreeMap::new(),
    })
}

fn address(vendor: &Vendor) -> &str {
    match &vendor.contract {
        Contract::GreenhouseAssessment { list_tests_url, .. } => list_tests_url,
        Contract::Pymetrics { base_url, .. } => base_url,
    }
}

fn unasked(remote: &str, what: &str, error: &RemoteError, credential: &str) -> String {
    let next = if error.is_credential() {
        format!("check {credential}")
    } else if error.is_passing() {
        "check the address and try again".to_owned()
    } else {
        "check the address".to_owned()
    };
    format!("{remote} could not be asked for {what}: {error}; nothing was changed, {next}")
}

/// The secrets to be stored.
struct Sealed {
    sealed: Vec<SealedSecret>,
    /// One line per secret: what happens to it.
    lines: Vec<String>,
    changed: bool,
}

/// Seals what is new; keeps what is unchanged as it is, with its age.
fn seal(context: Context<'_>, id: Uuid, stored: &[SealedSecret], values: &Values) -> Sealed {
    let mut out = Sealed { sealed: Vec::new(), lines: Vec::new(), changed: false };
    for (name, value) in values {
        let old = stored.iter().find(|s| s.name == *name);
        let word = match old.map(|o| (o, context.vault.open(id, name, &o.sealed))) {
            Some((old, Ok(opened))) if opened.expose_secret() == value.expose_secret() => {
                out.sealed.push(old.clone());
                out.lines.push(format!("  {name}: secret unchanged"));
                continue;
            }
            Some((_, Ok(_))) => "changed",
            Some((_, Err(_))) => "changed; the stored one could not be opened with this key",
            None => "added",
        };
        out.changed = true;
        out.lines.push(format!("~ {name}: secret {word}"));
        out.sealed.push(context.vault.seal_named(id, name, value, context.author.at));
    }
    for gone in stored.iter().filter(|s| !values.contains_key(&s.name)) {
        out.changed = true;
        out.lines.push(format!("- {}: secret removed", gone.name));
    }
    out
}

#[cfg(test)]
mod tests;
