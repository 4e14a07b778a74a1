//! The client code. Pages come from the server complete and work without it; it makes them quicker and keeps them current.
//!
//! - [`visit`]: links and forms are followed without a load; [`morph`] makes the page at hand into the one that came.
//! - [`behaviour`]: what keys, searched lists and the clipboard do.
//! - [`islands`]: the few parts that are alive in the browser: Leptos components, hydrated where they stand.
//! - [`live`]: hears of changes.
//! - [`kept`]: how pages are shown stays as it was set.
//! - [`typed`]: keeps what was typed when a session ends meanwhile.

mod behaviour;
mod islands;
mod kept;
mod live;
mod morph;
mod typed;
mod visit;

use wasm_bindgen::prelude::*;
use web_sys::{Element, Event, NodeList, Storage};

/// The browser's entry: takes over the page the server rendered.
#[wasm_bindgen]
pub fn begin() {
    console_error_panic_hook::set_once();
    islands::wake();
    behaviour::start();
    kept::start();
    visit::start();
    live::start();
    typed::give_back();
}

/// Listens on the document for as long as it lives, on the way up, or on the way down for events that do not bubble.
/// Without a listener the page is as usable as before.
fn listen(kind: &str, is_capture: bool, handler: fn(&Event, &Element)) {
    let closure = Closure::<dyn FnMut(Event)>::new(move |event: Event| {
        if let Some(target) = event.target().and_then(|t| t.dyn_into::<Element>().ok()) {
            handler(&event, &target);
        }
    });
    let handler = closure.as_ref().unchecked_ref();
    let _ = leptos::prelude::document().add_event_listener_with_callback_and_bool(kind, handler, is_capture);
    closure.forget();
}

/// The tab's own memory.
fn memory() -> Option<Storage> {
    leptos::prelude::window().session_storage().ok().flatten()
}

/// The elements of a list.
fn each(list: Option<NodeList>) -> impl Iterator<Item = Element> {
    let list = list.into_iter().flat_map(|l| (0..l.length()).filter_map(move |n| l.item(n)));
    list.filter_map(|node| node.dyn_into::<Element>().ok())
}
