//! Everything behind the binary `assay`: HTTP, store, remote clients, jobs, sandboxes and the command line.

pub mod clock;
pub mod ids;
pub mod lever;
pub mod remote;
pub mod sandbox;
pub mod vendor;
