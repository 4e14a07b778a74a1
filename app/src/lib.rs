//! Assay's pages, components and server functions, compiled into the server (`ssr`); and the client code, compiled into the
//! browser's wasm (`hydrate`).

#[cfg(feature = "ssr")]
pub mod access;
pub mod address;
#[cfg(feature = "hydrate")]
mod browser;
pub mod components;
#[cfg(feature = "ssr")]
pub mod error;
#[cfg(feature = "ssr")]
pub mod export;
#[cfg(feature = "ssr")]
pub mod filter;
#[cfg(any(test, feature = "hydrate"))]
mod find;
#[cfg(feature = "ssr")]
pub mod frame;
#[cfg(feature = "ssr")]
pub mod handover;
#[cfg(any(feature = "hydrate", feature = "ssr"))]
mod island;
pub mod live;
#[cfg(feature = "ssr")]
mod markup;
#[cfg(feature = "ssr")]
pub mod mask;
#[cfg(feature = "ssr")]
mod page;
#[cfg(feature = "ssr")]
pub mod pages;
#[cfg(feature = "ssr")]
pub mod query;
#[cfg(feature = "ssr")]
mod shell;
#[cfg(feature = "ssr")]
pub mod sign_in;
#[cfg(test)]
mod styles_tests;
pub mod text;
#[cfg(feature = "ssr")]
pub mod theme;
#[cfg(feature = "ssr")]
pub mod welcome;
#[cfg(feature = "ssr")]
pub mod when;

pub use components as ui;
pub use components::icons;
#[cfg(feature = "ssr")]
pub use shell::{App, Bundle, shell};
