//! Follows links and forms without a load: asks for the page as the browser would, and puts it in place of the one at hand.
//!
//! There is one kind of page for all, the one that works without client code. What is not a page of ours, or comes from
//! another version of the server, is left to the browser.

use std::cell::{Cell, RefCell};

use leptos::prelude::{document, window};
use leptos::task::spawn_local;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    AbortController, Document, DomParser, Element, Event, FocusOptions, FormData, HtmlAnchorElement, HtmlButtonElement,
    HtmlDialogElement, HtmlElement, HtmlFormElement, MouseEvent, PopStateEvent, RequestInit, Response, SubmitEvent,
    SupportedType, Url, UrlSearchParams,
};

use super::morph::{Typed, morph};
use super::{each, islands, kept, listen, live, typed};
use crate::ui::Tone;

/// How a page that comes is put in place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    /// A link: it begins at its top.
    Link,
    /// A form: the page stays where it is, if it is the same.
    Form,
    /// Back or forward: as it was left.
    Return,
    /// The page at hand, asked again: nothing that is typed or unfolded changes.
    Again,
}

/// What is asked for.
#[derive(Clone)]
struct Visit {
    href: String,
    way: Way,
    /// The form it sends with POST.
    form: Option<HtmlFormElement>,
    fields: Option<String>,
}

/// What came.
struct Answer {
    href: String,
    is_page: bool,
    text: String,
}

thread_local! {
    /// The number of the latest visit: an older one that comes late is not shown.
    static LATEST: Cell<u32> = const { Cell::new(0) };
    /// The visits that are under way.
    static UNDER_WAY: Cell<u32> = const { Cell::new(0) };
    /// Takes the latest one back, as long as it changes nothing on the server.
    static ABORT: RefCell<Option<AbortController>> = const { RefCell::new(None) };
}

/// So long a page may take before it is said that it is on its way, in milliseconds.
const PATIENCE: i32 = 150;

/// Starts following.
pub fn start() {
    if let Ok(history) = window().history() {
        let _ = history.set_scroll_restoration(web_sys::ScrollRestoration::Manual);
        if let Ok(state) = history.state() {
            scroll_to(&state);
        }
    }
    listen("click", false, clicked);
    listen("submit", false, submitted);
    let returned = Closure::<dyn FnMut(PopStateEvent)>::new(|event: PopStateEvent| returned(&event));
    let _ = window().add_event_listener_with_callback("popstate", returned.as_ref().unchecked_ref());
    returned.forget();
    let left = Closure::<dyn FnMut(Event)>::new(|_| note_place());
    let _ = document().add_event_listener_with_callback("scrollend", left.as_ref().unchecked_ref());
    left.forget();
}

/// Asks again for the page at hand, unless another is on its way.
pub fn again() {
    if UNDER_WAY.get() == 0 {
        go(Visit { href: here(), way: Way::Again, form: None, fields: None });
    }
}

fn here() -> String {
    window().location().href().unwrap_or_default()
}

fn clicked(event: &Event, target: &Element) {
    let Some(mouse) = event.dyn_ref::<MouseEvent>() else { return };
    let held = mouse.ctrl_key() || mouse.meta_key() || mouse.shift_key() || mouse.alt_key();
    if held || mouse.button() != 0 || event.default_prevented() {
        return;
    }
    let link = target.closest("a[href]").ok().flatten().and_then(|l| l.dyn_into::<HtmlAnchorElement>().ok());
    let Some(link) = link.filter(is_followed) else { return };
    event.prevent_default();
    go(Visit { href: link.href(), way: Way::Link, form: None, fields: None });
}

/// Pages of ours, in this tab. A place on the page at hand is the browser's.
fn is_followed(link: &HtmlAnchorElement) -> bool {
    let is_ours = window().location().origin().is_ok_and(|origin| origin == link.origin());
    let is_external = link.rel().split_ascii_whitespace().any(|word| word == "external");
    let is_here = !link.hash().is_empty() && link.href().split('#').next() == here().split('#').next();
    is_ours && !is_external && !is_here && link.target().is_empty() && !link.has_attribute("download")
}

fn submitted(event: &Event, target: &Element) {
    let Some(form) = target.dyn_ref::<HtmlFormElement>() else { return };
    if event.default_prevented() || form.has_attribute("target") {
        return;
    }
    let by = event.dyn_ref::<SubmitEvent>().and_then(SubmitEvent::submitter);
    let by = by.and_then(|b| b.dyn_into::<HtmlButtonElement>().ok());
    let own = |name: &str| by.as_ref().and_then(|b| b.get_attribute(name));
    let method = own("formmethod").unwrap_or_else(|| form.method());
    let action = own("formaction").or_else(|| form.get_attribute("action")).unwrap_or_default();
    if method == "dialog" {
        return;
    }
    let Some(fields) = fields(form, by.as_ref()) else { return };
    event.prevent_default();
    if method != "post" {
        return go(Visit { href: with_query(&action, &fields), way: Way::Form, form: None, fields: None });
    }
    // A second press while the first is under way.
    if form.get_attribute("aria-busy").is_some() {
        return;
    }
    let _ = form.set_attribute("aria-busy", "true");
    go(Visit { href: action, way: Way::Form, form: Some(form.clone()), fields: Some(fields) });
}

/// The fields as in an address. None where the browser cannot say: then it sends the form itself.
fn fields(form: &HtmlFormElement, by: Option<&HtmlButtonElement>) -> Option<String> {
    let data = FormData::new_with_form(form).ok()?;
    if let Some(by) = by.filter(|b| !b.name().is_empty()) {
        data.append_with_str(&by.name(), &by.value()).ok()?;
    }
    let pairs = UrlSearchParams::new_with_str_sequence_sequence(data.unchecked_ref::<JsValue>()).ok()?;
    Some(String::from(pairs.to_string()))
}

/// An address with the fields of a form, without those that were left empty.
fn with_query(action: &str, fields: &str) -> String {
    let kept: Vec<&str> = fields.split('&').filter(|pair| !pair.is_empty() && !pair.ends_with('=')).collect();
    if kept.is_empty() { action.to_owned() } else { format!("{action}?{}", kept.join("&")) }
}

fn returned(_event: &PopStateEvent) {
    go(Visit { href: here(), way: Way::Return, form: None, fields: None });
}

fn go(visit: Visit) {
    let number = LATEST.get().wrapping_add(1);
    LATEST.set(number);
    if let Some(before) = ABORT.take() {
        before.abort();
    }
    UNDER_WAY.set(UNDER_WAY.get() + 1);
    let said = if visit.way == Way::Again { None } else { say_that_it_comes() };
    spawn_local(async move {
        let answer = ask(&visit).await;
        UNDER_WAY.set(UNDER_WAY.get() - 1);
        if let Some(said) = said {
            window().clear_timeout_with_handle(said);
        }
        if let Some(form) = &visit.form {
            let _ = form.remove_attribute("aria-busy");
        }
        if number != LATEST.get() {
            return;
        }
        mark("data-visiting", false);
        match answer {
            Ok(answer) => show(&visit, &answer),
            Err(_) if visit.way == Way::Again => {}
            Err(_) => say_that_nothing_came(visit),
        }
    });
}

fn mark(name: &str, is_on: bool) {
    let root = document().document_element();
    let _ = root.map(|root| root.toggle_attribute_with_force(name, is_on));
}

fn say_that_it_comes() -> Option<i32> {
    let say = Closure::once_into_js(|| mark("data-visiting", true));
    window().set_timeout_with_callback_and_timeout_and_arguments_0(say.unchecked_ref(), PATIENCE).ok()
}

fn say_that_nothing_came(visit: Visit) {
    if visit.form.is_some() {
        let words = "Assay did not answer, so it is not known whether this was done. What you typed is still here; load \
                     the page to see before you send it again.";
        return islands::say(Tone::Bad, words.to_owned(), None);
    }
    let words = "Assay cannot be reached. The page is as it was read last.".to_owned();
    islands::say(Tone::Bad, words, Some(("Try again", Box::new(move || go(visit.clone())))));
}

async fn ask(visit: &Visit) -> Result<Answer, JsValue> {
    let init = RequestInit::new();
    let headers = web_sys::Headers::new()?;
    headers.set("accept", "text/html")?;
    if let Some(fields) = &visit.fields {
        init.set_method("POST");
        headers.set("content-type", "application/x-www-form-urlencoded")?;
        init.set_body(&JsValue::from_str(fields));
    } else {
        let abort = AbortController::new()?;
        init.set_signal(Some(&abort.signal()));
        ABORT.set(Some(abort));
    }
    init.set_headers(&headers);
    let answer: Response = JsFuture::from(window().fetch_with_str_and_init(&visit.href, &init)).await?.unchecked_into();
    let kind = answer.headers().get("content-type")?.unwrap_or_default();
    let text = JsFuture::from(answer.text()?).await?.as_string().unwrap_or_default();
    let is_page = kind.starts_with("text/html") && (visit.form.is_none() || answer.redirected());
    Ok(Answer { href: answer.url(), is_page, text })
}

fn show(visit: &Visit, answer: &Answer) {
    let Ok(url) = Url::new(&answer.href) else { return };
    // Who signed out is there without having been on the way to a page.
    if visit.form.is_some() && url.pathname() == "/sign-in" && url.search_params().has("next") {
        return sign_in_first(visit);
    }
    let came = DomParser::new().and_then(|p| p.parse_from_string(&answer.text, SupportedType::TextHtml));
    match came {
        Ok(came) if answer.is_page && is_of_this_version(&came) => place(visit, &came, &url),
        // A form that was answered without a page; the answer says why in words.
        Ok(_) if visit.form.is_some() && !answer.is_page => {
            let words: String = answer.text.chars().take(200).collect();
            islands::say(Tone::Bad, format!("Nothing was changed: {words}"), None);
        }
        _ if visit.way == Way::Again => {}
        _ => leave(&answer.href),
    }
}

fn leave(href: &str) {
    let _ = window().location().set_href(href);
}

/// The session has ended: what was typed waits until someone has signed in.
fn sign_in_first(visit: &Visit) {
    let location = window().location();
    let path = location.pathname().unwrap_or_default();
    if let Some(form) = &visit.form {
        typed::keep(form, &path);
    }
    leave(&crate::address::sign_in(&(path + &location.search().unwrap_or_default())));
}

/// Pages of another version may need other client code and styles.
fn is_of_this_version(came: &Document) -> bool {
    let bundle = |of: &Document| of.document_element().and_then(|root| root.get_attribute("data-bundle"));
    bundle(came).is_some() && bundle(came) == bundle(&document())
}

fn place(visit: &Visit, came: &Document, url: &Url) {
    let was = window().location();
    let (path, search) = (was.pathname().unwrap_or_default(), was.search().unwrap_or_default());
    let query = url.search_params();
    let is_refused = query.has("__err");
    query.delete("__err");
    query.delete("__path");
    let is_other = url.pathname() != path && visit.way != Way::Return;
    let is_moved = is_other || url.search() != search;
    if let (true, Ok(history)) = (is_moved && matches!(visit.way, Way::Link | Way::Form), window().history()) {
        note_place();
        let _ = history.push_state_with_url(&JsValue::NULL, "", Some(&url.href()));
    }
    let typed = if is_refused || visit.way == Way::Again { Typed::Kept } else { Typed::Replaced };
    put(came, typed);
    if visit.way == Way::Again {
        return live::placed();
    }
    let is_new = is_other || visit.way == Way::Return;
    settle(visit.way, is_new, url);
    live::placed();
}

/// The document becomes the one that came.
fn put(came: &Document, typed: Typed) {
    let here = document();
    here.set_title(&came.title());
    if let (Some(old), Some(new)) = (here.document_element(), came.document_element()) {
        for name in ["data-theme", "data-density", "data-shortcuts", "data-organization", "data-stamp"] {
            let _ = match new.get_attribute(name) {
                Some(value) => old.set_attribute(name, &value),
                None => old.remove_attribute(name),
            };
        }
    }
    if let (Some(old), Some(new)) = (here.body(), came.body()) {
        morph(&old, &new, typed);
    }
    islands::wake();
    kept::restore();
}

/// Where the eye and the keyboard go on.
fn settle(way: Way, is_new: bool, url: &Url) {
    let here = document();
    if is_new {
        for open in each(here.query_selector_all("header details[open]").ok()) {
            let _ = open.remove_attribute("open");
        }
    }
    // What a dialog asked is answered.
    for dialog in each(here.query_selector_all("main dialog[open]").ok()).filter(|_| way == Way::Form) {
        dialog.unchecked_ref::<HtmlDialogElement>().close();
    }
    // Why a form was refused comes first.
    let alert = here.query_selector("main .page [role=alert]").ok().flatten().filter(|_| way == Way::Form);
    if let Some(alert) = alert {
        let _ = alert.set_attribute("tabindex", "-1");
        alert.scroll_into_view();
        return focus(&alert);
    }
    let is_lost = here.active_element().is_none_or(|e| e.tag_name() == "BODY");
    if let Some(main) = here.get_element_by_id("content").filter(|_| is_new || is_lost) {
        focus(&main);
    }
    let place = url.hash();
    if let Some(place) = place.strip_prefix('#').filter(|p| !p.is_empty()).and_then(|p| here.get_element_by_id(p)) {
        place.scroll_into_view();
    } else if way == Way::Return {
        scroll_to(&window().history().and_then(|h| h.state()).unwrap_or(JsValue::NULL));
    } else if is_new || way == Way::Link {
        window().scroll_to_with_x_and_y(0.0, 0.0);
    }
}

fn focus(element: &Element) {
    let options = FocusOptions::new();
    options.set_prevent_scroll(true);
    // Without the focus the page is as usable as before.
    let _ = element.unchecked_ref::<HtmlElement>().focus_with_options(&options);
}

/// The place on the page is kept with its entry of the history.
fn note_place() {
    if let (Ok(history), Ok(y)) = (window().history(), window().scroll_y()) {
        let _ = history.replace_state_with_url(&JsValue::from_f64(y), "", None);
    }
}

fn scroll_to(state: &JsValue) {
    if let Some(y) = state.as_f64() {
        window().scroll_to_with_x_and_y(0.0, y);
    }
}
