//! Tests of the server against its real parts: databases, sandboxes, the whole application. One binary: linking is what
//! costs.

mod engine;
mod flows;
mod killed;
mod pages;
mod store;
