//! Everything behind the binary `assay`: HTTP, store, remote clients, jobs, sandboxes and the command line.

pub mod clock;
pub mod http;
pub mod ids;
pub mod password;
pub mod sandbox;
pub mod store;
