//! `assay org`: organizations as files.

use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use domain::audit::Author;
use serde::Serialize;

use super::settings::Settings;
use super::{out, wire};
use crate::failure::{Exit, Failure};
use crate::organization::apply::{self, Context, webhook_url};
use crate::organization::{export, file};

#[derive(Debug, Subcommand)]
pub(super) enum Org {
    /// Create or change one organization from a file
    Apply(Apply),
    /// Write an organization as a file, secrets as references
    Export(Export),
    /// One organization a line
    List(List),
}

#[derive(Debug, Args)]
pub(super) struct Apply {
    /// The file
    file: PathBuf,
    /// Only say what would change
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    settings: Settings,
}

#[derive(Debug, Args)]
pub(super) struct Export {
    /// The organization
    slug: String,
    #[command(flatten)]
    settings: Settings,
}

#[derive(Debug, Args)]
pub(super) struct List {
    /// One JSON object a line
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    settings: Settings,
}

impl Org {
    pub(super) async fn run(self) -> Result<(), Failure> {
        match self {
            Self::Apply(command) => apply(&command.settings, &command.file, command.dry_run).await,
            Self::Export(command) => {
                let store = wire::store(&super::configured(&command.settings)?).await?;
                let organization = super::organization(&*store, &command.slug).await?;
                out::line(export::to_toml(&export::from_rules(&organization.rules)).trim_end())
            }
            Self::List(command) => list(&command.settings, command.json).await,
        }
    }
}

async fn apply(settings: &Settings, path: &Path, dry_run: bool) -> Result<(), Failure> {
    let config = super::configured(settings)?;
    let parsed =
        file::read(path, config.allow_private_remotes).map_err(|all| Failure::all(Exit::Configuration, all))?;
    let store = wire::store(&config).await?;
    let remotes = wire::remotes(&config, &store)?;
    let context = Context {
        store: &*store,
        vault: &remotes.vault,
        remotes: &remotes,
        variables: &|name| std::env::var(name).ok(),
        public_url: &config.public_url,
        author: &Author::on_command_line(wire::now()),
    };
    let applied = apply::apply(&parsed, context, dry_run).await?;
    if applied.diff.is_empty() {
        out::line("nothing changes")?;
    }
    out::lines(&applied.diff)?;
    if dry_run {
        out::line("dry run: nothing was changed")?;
    }
    out::json([applied.report])
}

#[derive(Serialize)]
struct Row {
    organization: String,
    name: String,
    version: i64,
    paused: bool,
    lever_webhook_url: String,
}

async fn list(settings: &Settings, json: bool) -> Result<(), Failure> {
    let config = super::configured(settings)?;
    let store = wire::store(&config).await?;
    let all = store.organizations().await.map_err(|e| Failure::database("the organizations could not be read", &e))?;
    let rows = all.into_iter().map(|o| Row {
        lever_webhook_url: webhook_url(&config.public_url, &o.hook),
        organization: o.rules.slug,
        name: o.rules.name,
        version: o.version,
        paused: o.paused,
    });
    if json {
        return out::json(rows);
    }
    let word = |paused: bool| if paused { "paused" } else { "running" }.to_owned();
    let cells: Vec<Vec<String>> = rows
        .map(|r| vec![r.organization, r.name, r.version.to_string(), word(r.paused), r.lever_webhook_url])
        .collect();
    out::table(&["organization", "name", "version", "state", "lever_webhook_url"], &cells)
}
