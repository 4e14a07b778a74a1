//! The pages over the real store, as HTML without client code.

#![expect(clippy::unwrap_used, reason = "a step that fails is a failed test")]

mod access;
mod browser;
mod candidates;
mod forms;
mod world;
