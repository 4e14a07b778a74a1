//! One file per page: its server function, its component and the component's pieces.

pub mod candidate;
pub mod candidates;
pub mod fleet;
pub mod gallery;
pub mod health;
pub mod home;
pub mod preferences;
pub mod traffic;
pub mod triggers;

pub(crate) mod on_server;
