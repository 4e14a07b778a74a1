//! Lever and the assessment vendors as small stateful models that speak their documented HTTP contracts, with their
//! quirks, limits and errors. One model each for tests, browser tests, the demo and screenshots.

pub mod history;
pub mod lever;
pub mod organization;
pub mod page;
pub mod vendors;
