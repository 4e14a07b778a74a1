//! A form that narrows a list, sent by client code: what was left empty is no part of the address, and the page changes
//! without a load. Without client code the browser sends the form, and the server leads to the same address.

use leptos::prelude::document;
use wasm_bindgen::JsCast as _;
use web_sys::{Element, Event, HtmlElement, HtmlInputElement, HtmlSelectElement};

use super::behaviour::each;
use crate::address::encode;

/// Goes to the address of the form, if it is one that narrows a list.
pub fn submitted(event: &Event, form: &Element) {
    if !form.matches("form.filter-bar").unwrap_or(false) || event.default_prevented() {
        return;
    }
    let pairs: Vec<String> = each(form.query_selector_all("input[name], select[name]").ok())
        .filter_map(|field| {
            let value = value(&field).trim().to_owned();
            (!value.is_empty())
                .then(|| format!("{}={}", field.get_attribute("name").unwrap_or_default(), encode(&value)))
        })
        .collect();
    let list = form.get_attribute("action").unwrap_or_default();
    let href = if pairs.is_empty() { list } else { format!("{list}?{}", pairs.join("&")) };
    // A link is what the router follows.
    let Ok(link) = document().create_element("a") else { return };
    let is_there = link.set_attribute("href", &href).is_ok() && form.append_child(&link).is_ok();
    if is_there {
        event.prevent_default();
        link.unchecked_ref::<HtmlElement>().click();
        link.remove();
    }
}

fn value(field: &Element) -> String {
    match field.dyn_ref::<HtmlSelectElement>() {
        Some(select) => select.value(),
        None => field.unchecked_ref::<HtmlInputElement>().value(),
    }
}
