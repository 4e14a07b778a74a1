//! Assay's vocabulary, rules and ports.
//!
//! Nothing here performs input or output, reads the clock or draws random numbers: facts come in as arguments,
//! decisions go out as values that carry their reason. The crate compiles for the server and for the browser.

pub mod activity;
pub mod audit;
pub mod contact;
pub mod csv;
pub mod enablement;
pub mod follow;
pub mod health;
pub mod histogram;
pub mod identity;
pub mod incoming;
pub mod invitation;
pub mod job;
pub mod near;
pub mod opportunity;
pub mod order;
pub mod outcome;
pub mod personal;
pub mod ports;
pub mod preferences;
pub mod read;
pub mod remote;
pub mod retry;
pub mod review;
pub mod role;
pub mod rules;
#[cfg(test)]
mod samples;
pub mod silence;
pub mod simulate;
pub mod tags;
pub mod time;
pub mod triggers;
pub mod words;

pub use personal::Personal;
pub use remote::RemoteError;
pub use time::{Clock, Timestamp};
