//! The server's tests in one binary: linking is what costs.

mod engine;
mod flows;
mod killed;
