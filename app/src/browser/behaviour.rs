//! What client code adds to the components: one listener per kind of event on the document, which finds its places by their
//! roles and data attributes, so it works on whatever page is in place.
//!
//! - `data-copy`: the text goes into the clipboard.
//! - `data-keys`: pressing them presses the element, or puts the focus into a field. `mod` is Ctrl or Command.
//!   `data-shortcuts="off"` at the root of the document leaves only those with `mod`.
//! - `data-combobox`, `data-palette`: the list in it is searched.
//! - `data-narrows`: what is typed narrows the list with this id.
//! - `data-tags`: words are collected; the value is the name in the form.
//!
//! The root of the document gets `data-live`, by which the styles show what needs this code.

use std::cell::RefCell;

use leptos::prelude::document;
use wasm_bindgen::JsCast as _;
use wasm_bindgen::prelude::*;
use web_sys::{Element, Event, HtmlDialogElement, HtmlElement, HtmlInputElement, HtmlSelectElement, KeyboardEvent};

use super::{each, listen};
use crate::find::{self, Press};

thread_local! {
    /// Keys of a chord pressed so far, and when the last of them was, in milliseconds since the page began.
    static BEFORE: RefCell<(String, f64)> = const { RefCell::new((String::new(), 0.0)) };
}

/// So long a chord waits for its next key, in milliseconds.
const CHORD: f64 = 1_500.0;

/// Starts listening. Called once.
pub fn start() {
    if let Some(root) = document().document_element() {
        let _ = root.set_attribute("data-live", "");
    }
    listen("click", false, clicked);
    listen("input", false, typed);
    listen("keydown", false, pressed);
    listen("focusout", false, left);
    listen("close", true, closed);
}

fn closest(element: &Element, selector: &str) -> Option<Element> {
    element.closest(selector).ok().flatten()
}

fn within(element: &Element, selector: &str) -> Option<Element> {
    element.query_selector(selector).ok().flatten()
}

fn clicked(event: &Event, target: &Element) {
    if let Some(button) = closest(target, "[data-copy]") {
        copy(&button);
    }
    if let Some(option) = closest(target, "[data-combobox] [role=option]") {
        choose(&option);
    } else if let Some(input) = closest(target, "[data-combobox]").and_then(|b| within(&b, "[role=combobox]")) {
        open(&input, true);
    }
    if closest(target, "dialog a[href]").is_some() {
        close_dialog(target);
    }
    if closest(target, "[popover] a[href], [popover] button").is_some() {
        let popover = closest(target, "[popover]").and_then(|p| p.dyn_into::<HtmlElement>().ok());
        let _ = popover.map(|p| p.hide_popover());
    }
    invoke(event, target);
}

/// Browsers that do not know the attribute `command` yet.
fn invoke(event: &Event, target: &Element) {
    let Some(button) = closest(target, "button[commandfor]") else { return };
    if web_sys::js_sys::Reflect::has(&button, &"command".into()).unwrap_or(true) || event.default_prevented() {
        return;
    }
    let dialog = button.get_attribute("commandfor").and_then(|id| document().get_element_by_id(&id));
    let Some(dialog) = dialog.and_then(|d| d.dyn_into::<HtmlDialogElement>().ok()) else { return };
    match button.get_attribute("command").as_deref() {
        Some("show-modal") => {
            let _ = dialog.show_modal();
        }
        _ => dialog.close(),
    }
}

fn close_dialog(inside: &Element) {
    if let Some(dialog) = closest(inside, "dialog").and_then(|d| d.dyn_into::<HtmlDialogElement>().ok()) {
        dialog.close();
    }
}

fn copy(button: &Element) {
    let Some(text) = button.get_attribute("data-copy") else { return };
    let Some(window) = web_sys::window() else { return };
    // Only there where the page came safely.
    let clipboard = window.navigator().clipboard();
    if clipboard.is_undefined() {
        return;
    }
    let _ = clipboard.write_text(&text);
    for other in each(document().query_selector_all("[data-copy].copied").ok()) {
        let _ = other.class_list().remove_1("copied");
        if let Some(said) = within(&other, "[data-copied]") {
            said.set_text_content(None);
        }
    }
    let _ = button.class_list().add_1("copied");
    if let Some(said) = within(button, "[data-copied]") {
        said.set_text_content(said.get_attribute("data-copied").as_deref());
    }
}

/// The searched list of an input: its options that are shown.
fn options(root: &Element) -> Vec<Element> {
    each(root.query_selector_all("[role=option]:not([hidden])").ok()).collect()
}

fn root_of(input: &Element) -> Option<Element> {
    closest(input, "[data-combobox], [data-palette]")
}

fn open(input: &Element, is_open: bool) {
    let Some(root) = root_of(input).filter(|r| r.has_attribute("data-combobox")) else { return };
    let Some(pop) = within(&root, ".combobox-pop") else { return };
    if is_open == (input.get_attribute("aria-expanded").as_deref() == Some("true")) {
        return;
    }
    let _ = pop.toggle_attribute_with_force("hidden", !is_open);
    let _ = input.set_attribute("aria-expanded", if is_open { "true" } else { "false" });
    filter(&root, "");
    let chosen = within(&root, "[role=option][aria-selected=true]").filter(|_| is_open);
    activate(&root, input, chosen.as_ref());
    if is_open {
        input.unchecked_ref::<HtmlInputElement>().select();
    }
}

fn filter(root: &Element, typed: &str) {
    for option in each(root.query_selector_all("[role=option]").ok()) {
        let text = option.text_content().unwrap_or_default();
        let _ = option.toggle_attribute_with_force("hidden", !find::matches(&text, typed));
    }
    for group in each(root.query_selector_all("[role=group]").ok()) {
        let is_empty = within(&group, "[role=option]:not([hidden])").is_none();
        let _ = group.toggle_attribute_with_force("hidden", is_empty);
    }
    if let Some(none) = within(root, "[role=status]") {
        none.set_text_content(options(root).is_empty().then_some("Nothing matches."));
    }
}

fn activate(root: &Element, input: &Element, option: Option<&Element>) {
    for other in each(root.query_selector_all("[data-active]").ok()) {
        let _ = other.remove_attribute("data-active");
    }
    match option {
        Some(option) => {
            let _ = option.set_attribute("data-active", "");
            let _ = input.set_attribute("aria-activedescendant", &option.id());
            let nearest = web_sys::ScrollIntoViewOptions::new();
            nearest.set_block(web_sys::ScrollLogicalPosition::Nearest);
            option.scroll_into_view_with_scroll_into_view_options(&nearest);
        }
        None => {
            let _ = input.remove_attribute("aria-activedescendant");
        }
    }
}

fn choose(option: &Element) {
    let Some(root) = closest(option, "[data-combobox]") else { return };
    let (Some(input), Some(native)) = (within(&root, "[role=combobox]"), within(&root, "select")) else { return };
    for other in each(root.query_selector_all("[role=option]").ok()) {
        let _ = other.set_attribute("aria-selected", if other == *option { "true" } else { "false" });
    }
    let word = option.first_element_child().and_then(|w| w.text_content()).unwrap_or_default();
    input.unchecked_ref::<HtmlInputElement>().set_value(&word);
    set(&native, &option.get_attribute("data-value").unwrap_or_default());
    open(&input, false);
}

/// Sets the native list, and tells those who listen to it.
fn set(native: &Element, value: &str) {
    let native = native.unchecked_ref::<HtmlSelectElement>();
    if native.value() == value {
        return;
    }
    native.set_value(value);
    let init = web_sys::EventInit::new();
    init.set_bubbles(true);
    if let Ok(event) = Event::new_with_event_init_dict("change", &init) {
        let _ = native.dispatch_event(&event);
    }
}

fn typed(_event: &Event, target: &Element) {
    if let Some(list) = target.get_attribute("data-narrows").and_then(|id| document().get_element_by_id(&id)) {
        let wanted = target.unchecked_ref::<HtmlInputElement>().value();
        for place in each(list.query_selector_all(":scope > *").ok()) {
            let is_other = !find::matches(&place.text_content().unwrap_or_default(), &wanted);
            let _ = place.toggle_attribute_with_force("hidden", is_other);
        }
    }
    if !target.matches("[role=combobox]").unwrap_or(false) {
        return;
    }
    let Some(root) = root_of(target) else { return };
    let value = target.unchecked_ref::<HtmlInputElement>().value();
    open(target, true);
    filter(&root, &value);
    activate(&root, target, options(&root).first().filter(|_| !value.is_empty()));
}

/// The palette begins anew each time.
fn closed(_event: &Event, target: &Element) {
    let Some(input) = within(target, "[role=combobox]").filter(|_| target.has_attribute("data-palette")) else {
        return;
    };
    input.unchecked_ref::<HtmlInputElement>().set_value("");
    filter(target, "");
    activate(target, &input, None);
}

/// Who leaves a combobox leaves it with what was chosen; an emptied one has nothing chosen.
fn left(_event: &Event, target: &Element) {
    if let (true, Some(root)) = (target.matches("[data-combobox] [role=combobox]").unwrap_or(false), root_of(target)) {
        settle(&root, target);
    }
}

fn settle(root: &Element, input: &Element) {
    let field = input.unchecked_ref::<HtmlInputElement>();
    let Some(native) = within(root, "select") else { return };
    open(input, false);
    if field.value().is_empty() {
        set(&native, "");
    }
    let value = native.unchecked_ref::<HtmlSelectElement>().value();
    let mut word = String::new();
    for option in each(root.query_selector_all("[role=option]").ok()) {
        let is_chosen = option.get_attribute("data-value").as_deref() == Some(&value);
        let _ = option.set_attribute("aria-selected", if is_chosen { "true" } else { "false" });
        if is_chosen {
            word = option.first_element_child().and_then(|w| w.text_content()).unwrap_or_default();
        }
    }
    field.set_value(&word);
}

fn pressed(event: &Event, target: &Element) {
    let Some(event) = event.dyn_ref::<KeyboardEvent>() else { return };
    if event.is_composing() || event.default_prevented() {
        return;
    }
    let of_list = target.matches("[role=combobox]").unwrap_or(false) && list_key(event, target);
    if of_list || (target.matches("[data-tags] input[type=text]").unwrap_or(false) && tag_key(event, target)) {
        event.prevent_default();
    } else {
        shortcut(event, target);
    }
}

/// Arrows, Enter and Escape in the input of a searched list. True where the key was used up.
fn list_key(event: &KeyboardEvent, input: &Element) -> bool {
    let Some(root) = root_of(input) else { return false };
    let is_open = input.get_attribute("aria-expanded").as_deref() == Some("true");
    let shown = options(&root);
    let now = shown.iter().position(|o| o.has_attribute("data-active"));
    let go = |to: Option<usize>| activate(&root, input, to.and_then(|n| shown.get(n)));
    match event.key().as_str() {
        "ArrowDown" | "ArrowUp" if !is_open => open(input, true),
        "ArrowDown" => go(find::next(shown.len(), now, 1)),
        "ArrowUp" => go(find::next(shown.len(), now, -1)),
        "Enter" if is_open => match now.and_then(|n| shown.get(n)) {
            Some(option) => option.unchecked_ref::<HtmlElement>().click(),
            None => return root.has_attribute("data-palette"),
        },
        "Escape" if is_open && root.has_attribute("data-combobox") => {
            // Back to what was chosen; a dialog around it stays open.
            let native = within(&root, "select").map(|n| n.unchecked_into::<HtmlSelectElement>().value());
            input.unchecked_ref::<HtmlInputElement>().set_value(native.as_deref().unwrap_or_default());
            settle(&root, input);
        }
        _ => return false,
    }
    true
}

/// Enter and the comma collect a word, Backspace in the empty field takes back the last. True where the key was used up.
fn tag_key(event: &KeyboardEvent, input: &Element) -> bool {
    let field = input.unchecked_ref::<HtmlInputElement>();
    let Some(root) = closest(input, "[data-tags]") else { return false };
    let (Some(name), Some(list)) = (root.get_attribute("data-tags"), within(&root, "ul")) else { return false };
    let word = field.value().trim().to_owned();
    match event.key().as_str() {
        "Enter" | "," if !word.is_empty() => {
            let added = tag(&name, &word).and_then(|tag| list.append_child(&tag));
            if added.is_ok() {
                field.set_value("");
            }
            added.is_ok()
        }
        "Backspace" if field.value().is_empty() => {
            let last = each(list.query_selector_all("input:checked").ok()).last();
            let taken = last.map(|l| l.unchecked_into::<HtmlInputElement>().set_checked(false));
            taken.is_some()
        }
        _ => false,
    }
}

fn tag(name: &str, word: &str) -> Result<Element, JsValue> {
    let make = |kind: &str| document().create_element(kind);
    let (item, label, tick, text) = (make("li")?, make("label")?, make("input")?, make("span")?);
    label.set_class_name("tag");
    for (key, value) in [("type", "checkbox"), ("name", name), ("value", word)] {
        tick.set_attribute(key, value)?;
    }
    tick.unchecked_ref::<HtmlInputElement>().set_checked(true);
    text.set_text_content(Some(word));
    label.append_child(&tick)?;
    label.append_child(&text)?;
    item.append_child(&label)?;
    Ok(item)
}

fn shortcut(event: &KeyboardEvent, target: &Element) {
    let is_mod = event.ctrl_key() || event.meta_key();
    let is_field = target.matches("input, textarea, select, [contenteditable]").unwrap_or(false);
    let is_off =
        document().document_element().and_then(|r| r.get_attribute("data-shortcuts")).as_deref() == Some("off");
    let key = event.key();
    // What has the focus is pressed by Enter itself.
    let is_pressed = key == "Enter" && target.matches("a, button, summary, [role=option]").unwrap_or(false);
    // A key with `mod` works in fields too. An open menu has Escape for itself.
    let is_taken = key == "Escape" && document().query_selector(":popover-open").ok().flatten().is_some();
    if event.alt_key() || is_taken || is_pressed || (!is_mod && (is_off || is_field)) {
        return;
    }
    // What lies over the page has its own keys.
    let modal = document().query_selector("dialog:modal").ok().flatten();
    let scope = |selector: &str| match &modal {
        Some(modal) => modal.query_selector_all(selector),
        None => document().query_selector_all(selector),
    };
    let places: Vec<Element> = each(scope("[data-keys]").ok()).collect();
    let known: Vec<String> = places.iter().filter_map(|p| p.get_attribute("data-keys")).collect();
    let key = if is_mod { format!("mod+{}", key.to_lowercase()) } else { key };
    let now = event.time_stamp();
    let (before, at) = BEFORE.take();
    let before = if now - at < CHORD { before.as_str() } else { "" };
    match find::press(before, &key, &known) {
        Press::Begun(keys) => {
            BEFORE.replace((keys, now));
        }
        Press::Done(keys) => {
            let place = places.iter().find(|p| p.get_attribute("data-keys").as_deref() == Some(&keys));
            if let Some(place) = place {
                event.prevent_default();
                use_place(place);
            }
        }
        Press::Nothing => {}
    }
}

fn use_place(place: &Element) {
    let element = place.unchecked_ref::<HtmlElement>();
    if place.matches("input:not([type=checkbox]), textarea, select").unwrap_or(false) {
        let _ = element.focus();
    } else {
        element.click();
    }
}
