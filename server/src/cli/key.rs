//! `assay key`: the key that encrypts stored credentials.

use std::path::Path;

use clap::{Args, Subcommand};
use domain::audit::Author;
use domain::ports::Store;

use super::settings::Settings;
use super::{out, wire};
use crate::config::{Config, Problem, SecretKey, SecretKeys, key};
use crate::failure::{Exit, Failure};
use crate::keys::{self, Anew};
use crate::secrets::Vault;

#[derive(Debug, Subcommand)]
pub(super) enum Key {
    /// Encrypt every stored credential under a new key, while serving
    Rotate(Rotate),
}

/// Encrypt every stored credential under a new key, while serving.
///
/// With SQLite and the key file beside it, a new key is made. Where ASSAY_SECRET_KEY is set, it must hold the new key and then
/// the old one, with a comma between them, in every process.
#[derive(Debug, Args)]
pub(super) struct Rotate {
    #[command(flatten)]
    settings: Settings,
}

impl Key {
    pub(super) async fn run(self) -> Result<(), Failure> {
        let Self::Rotate(command) = self;
        let config = super::configured(&command.settings)?;
        let Some(keys) = config.existing_keys().map_err(wrong)? else {
            let sentence = "there is no key yet: `assay serve` makes one at its first start";
            return Err(Failure::new(Exit::Configuration, sentence));
        };
        let store = wire::store(&config).await?;
        match config.key_file() {
            Some(file) => rotate_file(&*store, &file, keys).await,
            None => rotate_set(&*store, &config, &keys).await,
        }
    }
}

/// The file is ours: first it gets the new key before the old one, so that whatever runs can open both; once nothing is under
/// the old one any more it is taken out. Interrupted anywhere, the command goes on where it was.
async fn rotate_file(store: &dyn Store, file: &Path, keys: SecretKeys) -> Result<(), Failure> {
    let ring = if keys.all().len() > 1 { keys } else { keys.led_by(SecretKey::generate()) };
    key::replace(file, &ring).map_err(wrong)?;
    let vault = Vault::new(ring.clone());
    out::line("The new key is in the key file; running processes read it.")?;
    wait().await;
    let first = anew(store, &vault).await?;
    // What was stored under the old key by someone who read the file just before it changed.
    wait().await;
    let second = anew(store, &vault).await?;
    let old = ring.rest().expect("it was led by another key above");
    let kept = key::keep(file, &old, wire::now()).map_err(wrong)?;
    key::replace(file, &ring.first().clone().into()).map_err(wrong)?;
    out::lines([
        said(first.changed + second.changed),
        "Links to come in that were made before (invitations, new passwords) open no more: make them anew.".to_owned(),
        format!("Backups from before need the old key; it is in {}. Delete it when there are none.", kept.display()),
    ])
}

/// The operator's own key: what runs has both already.
async fn rotate_set(store: &dyn Store, config: &Config, keys: &SecretKeys) -> Result<(), Failure> {
    if keys.all().len() < 2 {
        let sentence = "ASSAY_SECRET_KEY: holds one key only. Make a new one with `head -c 32 /dev/urandom | base64`, start \
                        every process with OLD,NEW, then with NEW,OLD, and run this again with NEW,OLD";
        return Err(Failure::new(Exit::Configuration, sentence));
    }
    let anew = anew(store, &Vault::new(keys.clone())).await?;
    let next = if config.database.is_postgres() { "start every process with it alone" } else { "start with it alone" };
    out::lines([
        said(anew.changed),
        format!(
            "Everything is under the first key of ASSAY_SECRET_KEY: {next}. Keep the old one for backups from before."
        ),
    ])
}

async fn anew(store: &dyn Store, vault: &Vault) -> Result<Anew, Failure> {
    let by = Author::on_command_line(wire::now());
    let anew = keys::reseal(store, vault, &by).await;
    let anew = anew.map_err(|e| Failure::database("the stored credentials could not be encrypted anew", &e))?;
    if anew.closed.is_empty() {
        return Ok(anew);
    }
    let mut sentences = anew.closed;
    sentences.push("the old key stays in force beside the new one; mend the lines above and run this again".to_owned());
    Err(Failure { exit: Exit::Failed, sentences })
}

fn said(changed: u64) -> String {
    match changed {
        0 => "No credential had to be encrypted anew.".to_owned(),
        1 => "Encrypted one credential anew.".to_owned(),
        n => format!("Encrypted {n} credentials anew."),
    }
}

fn wrong(problem: Problem) -> Failure {
    Failure::all(Exit::Configuration, [problem])
}

#[expect(clippy::disallowed_methods, reason = "other processes look at the key file once a second, in real time")]
async fn wait() {
    tokio::time::sleep(keys::NOTICED_WITHIN).await;
}
