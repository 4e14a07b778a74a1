//! Everything behind the binary `assay`: HTTP, store, remote clients, jobs, sandboxes and the command line.

pub mod cli;
pub mod clock;
pub mod config;
pub mod failure;
pub mod ids;
pub mod organization;
pub mod sandbox;
pub mod secrets;
pub mod serve;
pub mod telemetry;
#[cfg(test)]
pub mod testing;
