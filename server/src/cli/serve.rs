//! `assay serve` and `assay demo`.

use std::path::PathBuf;

use clap::Args;

use super::settings::Settings;
use crate::failure::Failure;

/// Web, webhooks, worker and scheduler in one process; `--role` runs one part.
#[derive(Debug, Args)]
pub(super) struct Serve {
    /// all, web or worker; web and worker need PostgreSQL [ASSAY_ROLE]
    #[arg(long, value_name = "PART")]
    role: Option<String>,
    #[command(flatten)]
    settings: Settings,
}

impl Serve {
    pub(super) async fn run(self) -> Result<(), Failure> {
        let mut settings = self.settings;
        settings.role = self.role;
        let config = super::configured(&settings)?;
        crate::serve::run(config).await
    }
}

/// The product with the sandbox Lever and sandbox vendors on loopback, seeded, with sign-in by role.
#[derive(Debug, Args)]
pub(super) struct Demo {
    /// Where the demo keeps its data; a new temporary folder by default
    #[arg(long, value_name = "FOLDER")]
    folder: Option<PathBuf>,
    #[command(flatten)]
    settings: Settings,
}

impl Demo {
    pub(super) async fn run(self) -> Result<(), Failure> {
        let config = super::configured(&self.settings)?;
        crate::demo::run(&config, self.folder).await
    }
}
