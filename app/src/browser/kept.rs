//! Boxes that say how pages are shown stay as they were set, from page to page of a tab. `data-kept` is the name under which.

use leptos::prelude::document;
use wasm_bindgen::JsCast as _;
use web_sys::{Element, HtmlInputElement};

use super::{each, listen, memory};

/// Before the name, in the tab's own memory.
const KEPT: &str = "assay-shown-";

/// Starts to remember, and sets the boxes of the page at hand.
pub fn start() {
    listen("change", false, |_, target| remember(target));
    restore();
}

fn remember(target: &Element) {
    let (Some(name), Some(memory)) = (target.get_attribute("data-kept"), memory()) else { return };
    let key = format!("{KEPT}{name}");
    // Without memory they are as they were made on each page.
    let _ = if target.unchecked_ref::<HtmlInputElement>().checked() {
        memory.set_item(&key, "on")
    } else {
        memory.remove_item(&key)
    };
}

/// Sets the boxes of the page at hand as they were left.
pub fn restore() {
    for place in each(document().query_selector_all("input[data-kept]").ok()) {
        let name = place.get_attribute("data-kept").unwrap_or_default();
        let kept = memory().and_then(|memory| memory.get_item(&format!("{KEPT}{name}")).ok().flatten());
        place.unchecked_ref::<HtmlInputElement>().set_checked(kept.is_some());
    }
}
