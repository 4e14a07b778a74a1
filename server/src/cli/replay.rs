//! `assay replay`.

use clap::Args;
use uuid::Uuid;

use super::settings::Settings;
use super::{out, wire};
use crate::failure::Failure;

/// Process a stored delivery again.
#[derive(Debug, Args)]
pub(super) struct Replay {
    /// Its id, from `assay deliveries list`
    delivery: Uuid,
    /// Only say what would be decided now
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    settings: Settings,
}

impl Replay {
    pub(super) async fn run(self) -> Result<(), Failure> {
        let config = super::configured(&self.settings)?;
        let store = wire::store(&config).await?;
        let clients = wire::remotes(&config, &store)?;
        out::line(&crate::replay::replay(store, &clients, self.delivery, self.dry_run).await?)
    }
}
