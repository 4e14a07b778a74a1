//! One file per page: what it loads, its view, and the server functions its forms send to.

pub mod audit;
pub mod candidate;
pub mod candidates;
pub mod connections;
pub mod fleet;
pub mod gallery;
pub mod health;
pub mod history;
pub mod home;
pub mod instance;
pub mod integrations;
pub mod people;
pub mod preferences;
pub mod results;
pub mod reviews;
pub mod traffic;
pub mod triggers;

pub(crate) mod on_server;
