//! Assay's pages, components and server functions, compiled into the server (`ssr`) and into the browser's wasm (`hydrate`).

pub mod access;
pub mod address;
#[cfg(not(feature = "ssr"))]
mod call;
pub mod components;
pub mod error;
#[cfg(feature = "ssr")]
pub mod export;
#[cfg(feature = "ssr")]
pub mod filter;
pub mod form;
pub mod frame;
pub mod live;
pub mod mask;
mod packed;
pub mod page;
pub mod pages;
#[cfg(feature = "ssr")]
pub mod query;
mod shell;
#[cfg(feature = "ssr")]
pub mod sign_in;
#[cfg(test)]
mod styles_tests;
pub mod text;
pub mod theme;
pub mod when;

pub use components as ui;
pub use components::icons;
pub use shell::{App, Bundle, shell};

/// The browser's entry: takes over the page the server rendered.
#[cfg(feature = "hydrate")]
#[wasm_bindgen::prelude::wasm_bindgen]
pub fn hydrate() {
    console_error_panic_hook::set_once();
    leptos::mount::hydrate_body(App);
    components::behaviour::start();
}

/// The browser's entry on documents that are complete as they are: adds only what the components cannot do alone.
#[cfg(feature = "hydrate")]
#[wasm_bindgen::prelude::wasm_bindgen]
pub fn enhance() {
    components::behaviour::start();
}
