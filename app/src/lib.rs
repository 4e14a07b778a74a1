//! Assay's pages, components and server functions, compiled into the server (`ssr`) and into the browser's wasm (`hydrate`).

pub mod access;
pub mod address;
#[cfg(not(feature = "ssr"))]
mod call;
pub mod error;
pub mod filter;
pub mod form;
pub mod frame;
pub mod icons;
pub mod mask;
mod packed;
pub mod page;
pub mod pages;
mod shell;
#[cfg(feature = "ssr")]
pub mod sign_in;
#[cfg(test)]
mod styles_tests;
pub mod text;
pub mod theme;
pub mod ui;
pub mod when;

pub use shell::{App, Bundle, shell};

/// The browser's entry: takes over the page the server rendered.
#[cfg(feature = "hydrate")]
#[wasm_bindgen::prelude::wasm_bindgen]
pub fn hydrate() {
    console_error_panic_hook::set_once();
    leptos::mount::hydrate_body(App);
}
