//! `assay migrate`.

use clap::Args;

use super::settings::Settings;
use super::{out, wire};
use crate::failure::Failure;

/// Bring the database's schema up to date; `assay serve` does it by itself.
#[derive(Debug, Args)]
pub(super) struct Migrate {
    /// Only show which migrations the database has
    #[arg(long)]
    status: bool,
    #[command(flatten)]
    settings: Settings,
}

impl Migrate {
    pub(super) async fn run(self) -> Result<(), Failure> {
        let config = super::configured(&self.settings)?;
        if self.status {
            let word = |applied| if applied { "applied" } else { "missing" }.to_owned();
            let known = wire::migrations(&config).await?.into_iter();
            return out::table(
                &["migration", "state"],
                &known.map(|m| vec![m.name, word(m.applied)]).collect::<Vec<_>>(),
            );
        }
        let applied = wire::migrate(&config).await?;
        if applied.is_empty() {
            return out::line("the schema is up to date");
        }
        out::lines(applied.iter().map(|name| format!("applied {name}")))
    }
}
