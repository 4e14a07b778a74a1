//! Hears of changes: one connection a tab, which says that something changed; the page is then asked for again.
//!
//! Pages that are read (the first page, one candidate, all organizations) follow by themselves. Lists and forms stay as they
//! are, because rows must not move under a pointer and nothing typed may go: there a note says that there is something new.

use std::cell::RefCell;
use std::time::Duration;

use leptos::prelude::{document, set_interval, window};
use wasm_bindgen::prelude::*;
use web_sys::{Event, EventSource, MessageEvent};

use super::{islands, visit};
use crate::components::Live;
use crate::live::{follows, part};

/// All organizations have no connection of their own: their page asks again after this time.
const FLEET: Duration = Duration::from_secs(15);

struct Listening {
    slug: String,
    source: EventSource,
}

thread_local! {
    static OPEN: RefCell<Option<Listening>> = const { RefCell::new(None) };
    /// What was heard last.
    static LAST: RefCell<String> = const { RefCell::new(String::new()) };
}

/// Starts listening, while the tab is visible.
pub fn start() {
    connect();
    let visible = Closure::<dyn FnMut(Event)>::new(|_| {
        close();
        connect();
    });
    let _ = document().add_event_listener_with_callback("visibilitychange", visible.as_ref().unchecked_ref());
    visible.forget();
    set_interval(
        || {
            if slug().is_none() && follows(&path()) && !document().hidden() {
                visit::again();
            }
        },
        FLEET,
    );
}

/// Another page is in place: it was read just now, so what was heard before says nothing about it.
pub fn placed() {
    islands::newer(false);
    connect();
}

fn path() -> String {
    window().location().pathname().unwrap_or_default()
}

/// The organization whose pages are shown.
fn slug() -> Option<String> {
    document().document_element().and_then(|root| root.get_attribute("data-organization"))
}

fn close() {
    if let Some(open) = OPEN.take() {
        open.source.close();
    }
}

fn connect() {
    let slug = slug();
    if OPEN.with_borrow(|open| open.as_ref().map(|o| &o.slug) == slug.as_ref() && open.is_some()) {
        return;
    }
    close();
    let Some(slug) = slug else { return islands::live(None) };
    if document().hidden() {
        return islands::live(Some(Live::Paused));
    }
    let Ok(source) = EventSource::new(&format!("/live/{slug}")) else { return };
    let message = Closure::<dyn FnMut(MessageEvent)>::new(|event: MessageEvent| {
        islands::live(Some(Live::On(String::new())));
        if let Some(hint) = event.data().as_string() {
            hear(&hint);
        }
    });
    let lost = Closure::<dyn FnMut(Event)>::new(|_| islands::live(Some(Live::Reconnecting)));
    source.set_onmessage(Some(message.as_ref().unchecked_ref()));
    source.set_onerror(Some(lost.as_ref().unchecked_ref()));
    message.forget();
    lost.forget();
    if OPEN.with_borrow(|open| open.is_none()) {
        OPEN.set(Some(Listening { slug, source }));
    }
}

fn hear(hint: &str) {
    let path = path();
    let before = LAST.replace(hint.to_owned());
    // What the page was read after; a page of an organization says it.
    let known = document().document_element().and_then(|root| root.get_attribute("data-stamp")).unwrap_or(before);
    if known.is_empty() || part(&path, &known) == part(&path, hint) {
        return;
    }
    if follows(&path) && !is_typing() {
        visit::again();
    } else {
        islands::newer(true);
    }
}

/// Whether a field or a dialog of the page has the focus: asking again could take away what is asked.
fn is_typing() -> bool {
    let focused = document().active_element();
    focused.is_some_and(|e| e.matches("main input, main textarea, main select, main dialog *").unwrap_or(false))
}
