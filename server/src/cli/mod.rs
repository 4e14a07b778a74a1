//! The command line.
#![expect(rustdoc::broken_intra_doc_links, reason = "comments are the help of the commands: brackets hold variables")]

mod config;
mod deliveries;
mod doctor;
mod key;
mod matching;
mod migrate;
mod orders;
mod org;
pub mod out;
mod replay;
mod sandbox;
mod serve;
mod settings;
mod user;
pub mod wire;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use self::settings::Settings;
use crate::config::Config;
use crate::failure::{Exit, Failure};
use crate::telemetry;

/// Connects the Lever applicant tracking system with assessment vendors.
#[derive(Debug, Parser)]
#[command(name = "assay", version, arg_required_else_help = true)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Web, webhooks, worker and scheduler
    Serve(serve::Serve),
    /// The product with a sandbox Lever and sandbox vendors, to look at
    Demo(serve::Demo),
    /// Only the fake remotes
    #[command(subcommand)]
    Sandbox(sandbox::Sandbox),
    /// Organizations as files
    #[command(subcommand)]
    Org(org::Org),
    /// Accounts of people
    #[command(subcommand)]
    User(user::User),
    /// Orders of tests
    #[command(subcommand)]
    Orders(orders::Orders),
    /// Webhook deliveries
    #[command(subcommand)]
    Deliveries(deliveries::Deliveries),
    /// Process a stored delivery again
    Replay(replay::Replay),
    /// Who is who in two lists
    #[command(subcommand)]
    Match(matching::Match),
    /// Bring the database's schema up to date
    Migrate(migrate::Migrate),
    /// Look at the settings
    #[command(subcommand)]
    Config(config::ConfigCommand),
    /// The key that encrypts stored credentials
    #[command(subcommand)]
    Key(key::Key),
    /// Check that everything this machine needs is there
    Doctor(doctor::Doctor),
}

/// Runs the command line of this process.
pub fn main() -> ExitCode {
    let cli = Cli::parse();
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(e) => return report(&Failure::new(Exit::Failed, format!("the runtime could not be started: {e}"))),
    };
    match runtime.block_on(run(cli.command)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => report(&failure),
    }
}

fn report(failure: &Failure) -> ExitCode {
    out::errors(&failure.sentences);
    failure.code()
}

async fn run(command: Command) -> Result<(), Failure> {
    // The remote clients are built without a provider of their own. An error means that there is one already.
    let _ = rustls::crypto::ring::default_provider().install_default();
    match command {
        Command::Serve(command) => command.run().await,
        Command::Demo(command) => command.run().await,
        Command::Sandbox(command) => command.run().await,
        Command::Org(command) => command.run().await,
        Command::User(command) => command.run().await,
        Command::Orders(command) => command.run().await,
        Command::Deliveries(command) => command.run().await,
        Command::Replay(command) => command.run().await,
        Command::Match(command) => command.run(),
        Command::Migrate(command) => command.run().await,
        Command::Config(command) => command.run(),
        Command::Key(command) => command.run().await,
        Command::Doctor(command) => command.run().await,
    }
}

/// Reads the settings and starts logging: the first step of every command that needs them.
fn configured(settings: &Settings) -> Result<Config, Failure> {
    let config = settings.config()?;
    telemetry::start(&config);
    Ok(config)
}

/// The organization of that slug; where there is none, the near ones are named.
async fn organization(
    store: &dyn domain::ports::Store,
    slug: &str,
) -> Result<domain::ports::store::Organization, Failure> {
    let failed = |e: &domain::ports::StoreError| Failure::database("the organizations could not be read", e);
    match store.organization(slug).await {
        Err(domain::ports::StoreError::NotFound(_)) => {
            let all = store.organizations().await.map_err(|e| failed(&e))?;
            let near = domain::near::nearest(slug, all.iter().map(|o| o.rules.slug.as_str()));
            let hint = match near.first() {
                Some(near) => format!("did you mean {near}?"),
                None => "`assay org list` shows all".to_owned(),
            };
            Err(Failure::new(Exit::Usage, format!("there is no organization {slug:?}; {hint}")))
        }
        other => other.map_err(|e| failed(&e)),
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn the_documented_commands_parse() {
        let lines = [
            "serve --role worker --listen 127.0.0.1:1",
            "demo",
            "sandbox lever --listen 127.0.0.1:9001 --seed small",
            "sandbox vendors --listen 127.0.0.1:9002",
            "org apply acme.toml --dry-run",
            "org export acme",
            "org list --json",
            "user create --email a@b.example --role super-admin --org acme --password-stdin",
            "user list --json",
            "user reset-password --email a@b.example --password-stdin",
            "user disable --email a@b.example",
            "orders list --org acme --json",
            "deliveries list --org acme --failed --json",
            "replay 01890000-0000-7000-8000-000000000000 --dry-run",
            "match evaluate --left a.csv --right b.csv --truth t.csv --out p.csv",
            "migrate --status",
            "config check",
            "config print --json",
            "config template",
            "doctor --json --database-url sqlite://x.db",
        ];
        for line in lines {
            let arguments = std::iter::once("assay").chain(line.split(' '));
            assert!(Cli::try_parse_from(arguments).is_ok(), "{line}");
        }
    }

    #[test]
    fn what_is_not_there_yet_is_not_offered_and_a_wrong_line_is_usage() {
        for line in ["backup --to x", "restore x", "match evaluate", "user create --email a@b.example --role owner"] {
            let arguments = std::iter::once("assay").chain(line.split(' '));
            assert_eq!(Cli::try_parse_from(arguments).unwrap_err().exit_code(), Exit::Usage as i32, "{line}");
        }
    }
}
