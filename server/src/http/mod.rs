//! Every route and what surrounds them.

pub mod assets;
pub mod pages;
pub mod security;
pub mod session;
pub mod sign_in;
