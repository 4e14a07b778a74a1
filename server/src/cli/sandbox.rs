//! `assay sandbox`: only the fake remotes.

use std::net::SocketAddr;

use clap::{Args, Subcommand};

use crate::failure::{Exit, Failure};

/// Which remote.
#[derive(Debug, Subcommand)]
pub(super) enum Sandbox {
    /// A Lever account
    Lever(Listen),
    /// Assessment vendors
    Vendors(Listen),
}

#[derive(Debug, Args)]
pub(super) struct Listen {
    /// Address to listen on; port 0 takes any free one
    #[arg(long, value_name = "ADDR")]
    listen: SocketAddr,
    /// Which people, postings and tests there are
    #[arg(long, value_name = "NAME")]
    seed: Option<String>,
}

impl Sandbox {
    pub(super) async fn run(self) -> Result<(), Failure> {
        let (listen, ended) = match self {
            Self::Lever(Listen { listen, seed }) => {
                (listen, crate::sandbox::lever::run_command(listen, seed.as_deref()).await)
            }
            Self::Vendors(Listen { listen, seed }) => {
                (listen, crate::sandbox::vendors::run_command(listen, seed.as_deref()).await)
            }
        };
        let failed =
            |e| Failure::new(Exit::Failed, format!("the sandbox on {listen} failed: {e}; try another --listen"));
        ended.map_err(failed)
    }
}
