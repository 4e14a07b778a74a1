//! The parts that are alive in the browser. The server renders them like everything else; here they are hydrated where they
//! stand, after every page that comes.

use std::any::Any;
use std::cell::RefCell;

use leptos::mount::hydrate_from;
use leptos::prelude::*;
use wasm_bindgen::JsCast as _;
use web_sys::{Element, HtmlElement};

use super::{each, visit};
use crate::components::{Live, LiveState, Newer, Thresholds, ToastRegion, Toasts, Tone};
use crate::island::{LIVE, NEWER, THRESHOLDS, TOASTS, props};

/// What the islands of a tab share. It lives as long as the tab.
#[derive(Clone, Copy)]
struct Shared {
    live: RwSignal<Option<Live>>,
    newer: RwSignal<bool>,
    toasts: Toasts,
}

thread_local! {
    static SHARED: (Owner, Shared) = {
        let owner = Owner::new();
        let shared =
            owner.with(|| Shared { live: RwSignal::new(None), newer: RwSignal::new(false), toasts: Toasts::default() });
        (owner, shared)
    };
    /// Elements with what keeps them alive.
    static ALIVE: RefCell<Vec<(Element, Box<dyn Any>)>> = const { RefCell::new(Vec::new()) };
}

/// Hydrates the islands that are not alive yet, and lets go of those whose page is gone.
pub fn wake() {
    ALIVE.with_borrow_mut(|alive| alive.retain(|(element, _)| element.is_connected()));
    for element in each(document().query_selector_all("[data-island]:not([data-awake])").ok()) {
        let handle = hydrate(&element, SHARED.with(|(_, shared)| *shared));
        let _ = element.set_attribute("data-awake", "");
        ALIVE.with_borrow_mut(|alive| alive.extend(handle.map(|handle| (element, handle))));
    }
}

fn hydrate(element: &Element, shared: Shared) -> Option<Box<dyn Any>> {
    let at = element.clone().unchecked_into::<HtmlElement>();
    let view: Box<dyn FnOnce() -> AnyView> = match element.get_attribute("data-island")?.as_str() {
        LIVE => Box::new(move || view! { <LiveState live=shared.live/> }.into_any()),
        NEWER => Box::new(move || {
            let show = Callback::new(|()| visit::again());
            view! { <Newer newer=shared.newer show/> }.into_any()
        }),
        TOASTS => Box::new(move || view! { <ToastRegion toasts=shared.toasts/> }.into_any()),
        THRESHOLDS => {
            let of = props(&element.get_attribute("data-props")?)?;
            Box::new(move || view! { <Thresholds of/> }.into_any())
        }
        _ => return None,
    };
    Some(Box::new(hydrate_from(at, view)))
}

/// Says how the page hears of changes.
pub fn live(live: Option<Live>) {
    SHARED.with(|(_, shared)| {
        if shared.live.with_untracked(|before| *before != live) {
            shared.live.set(live);
        }
    });
}

/// Says whether there is something newer than what the page shows.
pub fn newer(is_newer: bool) {
    SHARED.with(|(_, shared)| {
        if shared.newer.get_untracked() != is_newer {
            shared.newer.set(is_newer);
        }
    });
}

/// What can be done about a message: the button's word and its act.
type Act = (&'static str, Box<dyn Fn()>);

/// Says something, with a button that does something about it.
pub fn say(tone: Tone, sentence: String, act: Option<Act>) {
    SHARED.with(|(_, shared)| match act {
        Some((word, act)) => {
            let act = send_wrapper::SendWrapper::new(act);
            shared.toasts.offer(tone, sentence, word, Callback::new(move |()| act()));
        }
        None => shared.toasts.say(tone, sentence),
    });
}
