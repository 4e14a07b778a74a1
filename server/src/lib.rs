//! Everything behind the binary `assay`: HTTP, store, remote clients, jobs, sandboxes and the command line.

pub mod assembly;
pub mod cli;
pub mod clock;
pub mod config;
pub mod connections;
pub mod demo;
pub mod desk;
pub mod failure;
pub mod handover;
pub mod hooks;
pub mod http;
pub mod ids;
pub mod jobs;
pub mod keys;
pub mod lever;
pub mod live;
pub mod mail;
pub mod organization;
pub mod password;
pub mod people;
mod private;
pub mod remote;
pub mod replay;
pub mod sample;
pub mod sandbox;
pub mod secrets;
pub mod serve;
mod signals;
pub mod store;
pub mod telemetry;
#[cfg(test)]
mod testing;
pub mod vendor;
