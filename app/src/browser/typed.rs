//! What was typed into a form survives a session that ended meanwhile: it waits in the tab until the page is there again.

use leptos::prelude::{document, window};
use wasm_bindgen::JsCast as _;
use web_sys::{Element, HtmlInputElement, HtmlSelectElement, HtmlTextAreaElement, UrlSearchParams};

use super::{each, islands, memory};
use crate::ui::Tone;

/// Its name in the tab's own memory.
const KEPT: &str = "assay-typed";

/// Keeps the fields that people see, but no secret.
pub fn keep(form: &Element, path: &str) {
    let Ok(kept) = UrlSearchParams::new() else { return };
    for field in each(form.query_selector_all("input, textarea, select").ok()) {
        let is_hidden = field.matches("[type=hidden], [type=password], [type=file], :not([name])").unwrap_or(true);
        let is_off = field.matches("[type=checkbox]:not(:checked), [type=radio]:not(:checked)").unwrap_or(true);
        if !is_hidden && !is_off {
            kept.append(&field.get_attribute("name").unwrap_or_default(), &value(&field));
        }
    }
    let action = form.get_attribute("action").unwrap_or_default();
    if let Some(memory) = memory() {
        let _ = memory.set_item(KEPT, &format!("{path}\n{action}\n{}", String::from(kept.to_string())));
    }
}

/// Puts back what was kept, if this is its page.
pub fn give_back() {
    let Some(kept) = memory().and_then(|m| m.get_item(KEPT).ok().flatten()) else { return };
    let mut parts = kept.splitn(3, '\n');
    let (Some(path), Some(action), Some(fields)) = (parts.next(), parts.next(), parts.next()) else { return };
    if window().location().pathname().ok().as_deref() != Some(path) {
        return;
    }
    let Ok(kept) = UrlSearchParams::new_with_str(fields) else { return };
    let forms = each(document().query_selector_all("main form[action]").ok());
    let Some(form) = forms.into_iter().find(|f| f.get_attribute("action").as_deref() == Some(action)) else { return };
    for field in each(form.query_selector_all("input[name], textarea[name], select[name]").ok()) {
        if !field.matches("[type=hidden], [type=password], [type=file]").unwrap_or(true) {
            put(&field, &kept);
        }
    }
    if let Some(memory) = memory() {
        let _ = memory.remove_item(KEPT);
    }
    islands::say(Tone::Warn, "What you had typed is back in the form. It has not been sent.".to_owned(), None);
}

fn value(field: &Element) -> String {
    match (field.dyn_ref::<HtmlSelectElement>(), field.dyn_ref::<HtmlTextAreaElement>()) {
        (Some(select), _) => select.value(),
        (_, Some(area)) => area.value(),
        _ => field.unchecked_ref::<HtmlInputElement>().value(),
    }
}

fn put(field: &Element, kept: &UrlSearchParams) {
    let name = field.get_attribute("name").unwrap_or_default();
    let value = kept.get(&name);
    if field.matches("[type=checkbox], [type=radio]").unwrap_or(false) {
        let input = field.unchecked_ref::<HtmlInputElement>();
        let own = input.value();
        input.set_checked(kept.get_all(&name).iter().any(|v| v.as_string().as_deref() == Some(&own)));
        return;
    }
    let Some(value) = value else { return };
    match (field.dyn_ref::<HtmlSelectElement>(), field.dyn_ref::<HtmlTextAreaElement>()) {
        (Some(select), _) => select.set_value(&value),
        (_, Some(area)) => area.set_value(&value),
        _ => field.unchecked_ref::<HtmlInputElement>().set_value(&value),
    }
    // Who reckons with it, like the outlook of thresholds, hears of it.
    if let Ok(event) = web_sys::Event::new("input") {
        let _ = field.dispatch_event(&event);
    }
}
