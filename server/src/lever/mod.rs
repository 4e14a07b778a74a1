//! Lever: the client of its Data API v1, and its webhook deliveries. Lever's JSON never leaves this folder.

mod account;
mod client;
mod delivery;
mod signature;
mod wire;

pub use account::EVENTS;
pub use client::{LeverClient, budget_name};
pub use delivery::{Data, Delivery, Kind, ParseError};
pub use signature::verify;
