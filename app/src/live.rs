//! Hearing of changes: one connection a tab, which says that something changed; the page then asks again for what it shows.
//!
//! Pages that are read (the first page, one candidate, all organizations) follow by themselves. Lists and forms stay as they
//! are, because rows must not move under a pointer and nothing typed may go: there the frame says that there is something new.

use leptos::prelude::*;

/// What a tab knows of changes. Provided by the frame.
#[derive(Clone, Copy, Debug)]
pub struct Changes {
    /// How many were heard of.
    pub heard: RwSignal<u32>,
    /// How many of these the page shows: page bodies ask again when it grows.
    pub shown: RwSignal<u32>,
}

impl Changes {
    /// None yet.
    pub fn new() -> Self {
        Self { heard: RwSignal::new(0), shown: RwSignal::new(0) }
    }

    /// Lets the page ask again.
    pub fn show(self) {
        self.shown.set(self.heard.get_untracked());
    }
}

impl Default for Changes {
    fn default() -> Self {
        Self::new()
    }
}

/// Whether the page at this address follows changes by itself.
pub fn follows(path: &str) -> bool {
    let mut parts = path.trim_matches('/').split('/');
    matches!(
        [parts.next(), parts.next(), parts.next(), parts.next(), parts.next()],
        [Some(""), None, ..] | [Some("o"), Some(_), None, ..] | [Some("o"), Some(_), Some("candidates"), Some(_), None]
    )
}

/// Which of the two numbers of a hint the page at this address depends on.
pub fn of_traffic(path: &str) -> bool {
    path.ends_with("/deliveries") || path.ends_with("/jobs")
}

/// Says that there is something new, where the page does not follow by itself.
#[component]
pub fn NewerNote(
    /// What is known.
    changes: Changes,
) -> AnyView {
    let is_newer = move || changes.heard.get() != changes.shown.get();
    let note = move || {
        is_newer().then(|| {
            view! {
                <p class="newer">
                    "Something changed since this was loaded."
                    <button type="button" class="button button-small" on:click=move |_| changes.show()>"Show it"</button>
                </p>
            }
        })
    };
    view! { <div role="status">{note}</div> }.into_any()
}

#[cfg(feature = "hydrate")]
pub use in_browser::listen;

#[cfg(feature = "hydrate")]
mod in_browser {
    use std::cell::RefCell;
    use std::time::Duration;

    use leptos::prelude::*;
    use wasm_bindgen::JsCast as _;
    use wasm_bindgen::prelude::*;
    use web_sys::{Event, EventSource, MessageEvent};

    use super::{Changes, follows, of_traffic};
    use crate::components::Live;

    /// All organizations have no connection of their own: their page asks again after this time.
    const FLEET: Duration = Duration::from_secs(15);

    thread_local! {
        static OPEN: RefCell<Option<EventSource>> = const { RefCell::new(None) };
        static LAST: RefCell<String> = const { RefCell::new(String::new()) };
    }

    /// Listens for changes of the organization whose pages are shown, while the tab is visible.
    pub fn listen(slug: Memo<Option<String>>, path: Memo<String>, changes: Changes, state: RwSignal<Option<Live>>) {
        let connect = move || {
            close();
            let Some(slug) = slug.get_untracked() else {
                state.set(None);
                return;
            };
            if document().hidden() {
                state.set(Some(Live::Paused));
                return;
            }
            open(&slug, path, changes, state);
        };
        Effect::new(move |_| {
            slug.track();
            LAST.with_borrow_mut(String::clear);
            connect();
        });
        // What was heard on another page says nothing about this one, which was read just now.
        Effect::new(move |_| {
            path.track();
            changes.show();
        });
        let visible = Closure::<dyn FnMut(Event)>::new(move |_| connect());
        let _ = document().add_event_listener_with_callback("visibilitychange", visible.as_ref().unchecked_ref());
        visible.forget();
        set_interval(
            move || {
                if slug.get_untracked().is_none() && !document().hidden() {
                    hear(&path.get_untracked(), changes);
                }
            },
            FLEET,
        );
    }

    fn close() {
        if let Some(source) = OPEN.take() {
            source.close();
        }
    }

    fn open(slug: &str, path: Memo<String>, changes: Changes, state: RwSignal<Option<Live>>) {
        let Ok(source) = EventSource::new(&format!("/live/{slug}")) else { return };
        let message = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
            state.set(Some(Live::On(String::new())));
            let Some(hint) = event.data().as_string() else { return };
            let path = path.get_untracked();
            let before = LAST.replace(hint.clone());
            if !before.is_empty() && of(&path, &before) != of(&path, &hint) {
                hear(&path, changes);
            }
        });
        let lost = Closure::<dyn FnMut(Event)>::new(move |_| state.set(Some(Live::Reconnecting)));
        source.set_onmessage(Some(message.as_ref().unchecked_ref()));
        source.set_onerror(Some(lost.as_ref().unchecked_ref()));
        message.forget();
        lost.forget();
        OPEN.set(Some(source));
    }

    /// The part of a hint that matters to the page; the rest of the line, where it has no second part.
    fn of<'a>(path: &str, hint: &'a str) -> &'a str {
        let (people, traffic) = hint.split_once(',').unwrap_or((hint, hint));
        if of_traffic(path) { traffic } else { people }
    }

    fn hear(path: &str, changes: Changes) {
        changes.heard.update(|n| *n = n.wrapping_add(1));
        if follows(path) && !is_typing() {
            changes.show();
        }
    }

    /// Whether a field or a dialog of the page has the focus: asking again would take away what was typed or is asked.
    fn is_typing() -> bool {
        let focused = document().active_element();
        focused.is_some_and(|e| e.matches("main input, main textarea, main select, main dialog *").unwrap_or(false))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_that_are_read_follow_and_lists_and_forms_stay() {
        for path in ["/", "/o/acme", "/o/acme/", "/o/acme/candidates/123"] {
            assert!(follows(path), "{path}");
        }
        for path in ["/o/acme/candidates", "/o/acme/jobs", "/o/acme/triggers/new", "/preferences", "/o"] {
            assert!(!follows(path), "{path}");
        }
    }
}
