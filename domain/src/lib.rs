//! Assay's vocabulary, rules and ports.
//!
//! Nothing here performs input or output, reads the clock or draws random numbers: facts come in as arguments,
//! decisions go out as values that carry their reason. The crate compiles for the server and for the browser.

pub mod time;

pub use time::{Clock, Timestamp};
