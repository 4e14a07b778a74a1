//! Makes one element into another, changing no more than differs: the focus, what is typed, unfolded or selected, and the place
//! in the page stay where the element stays.

use wasm_bindgen::JsCast as _;
use web_sys::{Element, HtmlInputElement, HtmlSelectElement, HtmlTextAreaElement, Node};

/// What happens to fields that people have changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Typed {
    /// They show what the server says.
    Replaced,
    /// They stay as they are: the page was only asked again, or what was sent is to be corrected.
    Kept,
}

/// Makes `old` like `new`. Both are of one kind.
pub fn morph(old: &Element, new: &Element, typed: Typed) {
    attributes(old, new);
    if !is_island(old) {
        children(old, new, typed);
    }
    field(old, typed);
}

/// Whether `old` can become `new`: islands live on only with the same data, and the content of another page is another content.
fn is_same(old: &Node, new: &Node) -> bool {
    if old.node_type() != new.node_type() || old.node_name() != new.node_name() {
        return false;
    }
    let (Some(old), Some(new)) = (old.dyn_ref::<Element>(), new.dyn_ref::<Element>()) else { return true };
    let same = |name: &str| old.get_attribute(name) == new.get_attribute(name);
    old.id() == new.id() && same("data-page") && same("data-island") && same("data-props") && same("action")
}

fn is_island(element: &Element) -> bool {
    element.has_attribute("data-island")
}

fn children(old: &Element, new: &Element, typed: Typed) {
    let mut place = old.first_child();
    let mut next = new.first_child();
    while let Some(wanted) = next {
        next = wanted.next_sibling();
        let found = place.as_ref().and_then(|from| find(from, &wanted));
        if let Some(found) = found {
            // What stands before it has no twin: another page's rows, a note that was closed.
            while let Some(gone) = place.take_if(|p| *p != found) {
                place = gone.next_sibling();
                let _ = old.remove_child(&gone);
            }
            place = found.next_sibling();
            match (found.dyn_ref::<Element>(), wanted.dyn_ref::<Element>()) {
                (Some(found), Some(wanted)) => morph(found, wanted, typed),
                _ if found.node_value() != wanted.node_value() => found.set_node_value(wanted.node_value().as_deref()),
                _ => {}
            }
        } else {
            let _ = old.insert_before(&wanted, place.as_ref());
        }
    }
    while let Some(gone) = place {
        place = gone.next_sibling();
        let _ = old.remove_child(&gone);
    }
}

/// The twin of `wanted`: the node at this place, or one with its id further on.
fn find(from: &Node, wanted: &Node) -> Option<Node> {
    if is_same(from, wanted) {
        return Some(from.clone());
    }
    let has_id = wanted.dyn_ref::<Element>().is_some_and(|e| !e.id().is_empty());
    let mut later = from.next_sibling().filter(|_| has_id);
    while let Some(node) = later {
        if is_same(&node, wanted) {
            return Some(node);
        }
        later = node.next_sibling();
    }
    None
}

/// What people have opened stays open; what client code has marked stays marked.
const OURS: [&str; 5] = ["open", "data-live", "data-awake", "data-visiting", "aria-busy"];

fn attributes(old: &Element, new: &Element) {
    for name in names(old) {
        if !new.has_attribute(&name) && !OURS.contains(&name.as_str()) {
            let _ = old.remove_attribute(&name);
        }
    }
    for name in names(new) {
        let value = new.get_attribute(&name);
        if old.get_attribute(&name) != value && !OURS.contains(&name.as_str()) {
            let _ = old.set_attribute(&name, value.as_deref().unwrap_or_default());
        }
    }
}

fn names(element: &Element) -> Vec<String> {
    element.get_attribute_names().iter().filter_map(|name| name.as_string()).collect()
}

/// The state of a field is apart from its attributes as soon as someone has touched it.
fn field(element: &Element, typed: Typed) {
    if typed == Typed::Kept {
        return;
    }
    if let Some(input) = element.dyn_ref::<HtmlInputElement>() {
        match input.type_().as_str() {
            "checkbox" | "radio" => input.set_checked(input.default_checked()),
            "file" => {}
            _ => input.set_value(&input.default_value()),
        }
    } else if let Some(area) = element.dyn_ref::<HtmlTextAreaElement>() {
        area.set_value(&area.default_value().unwrap_or_default());
    } else if let Some(select) = element.dyn_ref::<HtmlSelectElement>() {
        let chosen = select.query_selector("option[selected]").ok().flatten();
        select.set_value(&chosen.and_then(|o| o.get_attribute("value")).unwrap_or_default());
    }
}
