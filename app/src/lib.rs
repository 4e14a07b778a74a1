//! Assay's pages, components and server functions.
//!
//! Compiled twice: with `ssr` into the server, with `hydrate` into the browser's wasm.

use leptos::prelude::*;

/// The root of the component tree.
#[component]
pub fn App() -> impl IntoView {
    view! { <main><h1>"Assay"</h1></main> }
}

/// The browser's entry: takes over the page that the server rendered.
#[cfg(feature = "hydrate")]
#[wasm_bindgen::prelude::wasm_bindgen]
pub fn hydrate() {
    console_error_panic_hook::set_once();
    leptos::mount::hydrate_body(App);
}
