//! The pages over the real store, as HTML without client code.

#![expect(clippy::unwrap_used, reason = "a step that fails is a failed test")]

mod access;
pub mod browser;
mod candidates;
mod fleet;
mod forms;
mod home;
mod notepad;
mod people;
mod preferences;
mod reviews;
mod traffic;
mod trigger_stages;
mod world;
