//! Tests of the server against its real parts: databases, sandboxes, the whole application. One binary: linking is what
//! costs.
#![expect(clippy::unwrap_used, reason = "a helper that fails is a failed test")]

mod engine;
mod flows;
mod matching;
mod pages;
mod post;
mod process;
mod store;
