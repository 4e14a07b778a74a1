//! Every route and what surrounds them.

pub mod assets;
