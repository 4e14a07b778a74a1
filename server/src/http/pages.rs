//! The web application's routes: pages and server functions of the crate `app`, signing in, and the layers around them.

use std::sync::Arc;

use app::access::Viewer;
use app::error::on_server::RequestId;
use app::frame::Sandboxes;
use app::pages::gallery::gallery;
use app::sign_in::DemoSignIn;
use app::theme::{Density, Theme};
use app::when::Times;
use app::{App, Bundle, shell};
use axum::Router;
use axum::extract::Request;
use axum::http::request::Parts;
use axum::http::{HeaderValue, Method, header};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::{IntoResponse as _, Redirect, Response};
use axum::routing::get;
use domain::ports::{Desk, Store};
use domain::{Clock, Timestamp};
use jiff::tz::TimeZone;
use leptos::config::LeptosOptions;
use leptos::nonce::use_nonce;
use leptos::prelude::{provide_context, use_context};
use leptos_axum::{LeptosRoutes as _, ResponseOptions, generate_route_list, render_app_async_with_context};

use super::security::{self, Site};
use super::session::{Sessions, identify};
use super::{export, sign_in};
use crate::password::Passwords;

/// Paths of server functions; they answer signed-out people themselves.
const SERVER_FUNCTIONS: &str = "/app/";

/// What the pages need.
#[derive(Clone, Debug)]
pub struct PageParts {
    /// What is shown.
    pub store: Arc<dyn Store>,
    /// What people do.
    pub desk: Arc<dyn Desk>,
    /// Now.
    pub clock: Arc<dyn Clock>,
    /// The client code; without it the pages are plain HTML.
    pub bundle: Option<Bundle>,
    /// What people use to reach us.
    pub public_url: String,
    /// Accounts offered by a button; empty except in the demo.
    pub demo: Vec<DemoSignIn>,
    /// Where people play; only in the demo.
    pub sandboxes: Option<Sandboxes>,
    /// The session's cookie only travels over TLS.
    pub secure_cookies: bool,
    /// Hashes and compares.
    pub passwords: Arc<Passwords>,
}

/// The routes of people. Has a fallback of its own (the page "Not found"), so merge it into a router without one; its layers
/// touch no route but its own.
pub fn router(parts: PageParts, reports: Router) -> Router {
    let (site, secure) = (Site::of(&parts.public_url), parts.secure_cookies);
    let sessions = Sessions::new(Arc::clone(&parts.store), Arc::clone(&parts.clock));
    let options = LeptosOptions::builder().output_name("assay").site_pkg_dir("pkg").build();
    let context = context(&parts);
    let document = {
        let (options, bundle) = (options.clone(), parts.bundle.clone());
        move || shell(options.clone(), bundle.clone())
    };
    // Every component in every state, for those who work on Assay and for the demo's tests; never in the client bundle.
    let has_gallery = cfg!(debug_assertions) || !parts.demo.is_empty();
    let gallery = has_gallery.then(|| {
        let bundle = parts.bundle.clone();
        let show = render_app_async_with_context(context.clone(), move || gallery(bundle.clone()));
        Router::new().route("/dev/gallery", get(show))
    });
    let pages = Router::new()
        .leptos_routes_with_context(&options, generate_route_list(App), context.clone(), document.clone())
        .fallback(render_app_async_with_context(context, document))
        .with_state(options)
        .layer(from_fn(clean_address))
        .layer(from_fn(lead_to_sign_in));
    // The last layer is the first to see a request.
    export::router(parts.clone())
        .merge(sign_in::router(parts))
        .merge(reports)
        .merge(gallery.unwrap_or_default())
        .merge(pages)
        .layer(from_fn_with_state(sessions.clone(), identify))
        .layer(sessions.layer(secure))
        .layer(from_fn_with_state(site.clone(), security::same_origin))
        .layer(from_fn_with_state(site, security::headers))
}

/// What every page and server function finds in its context.
fn context(parts: &PageParts) -> impl Fn() + Clone + Send + Sync + 'static + use<> {
    let (store, desk, clock) = (Arc::clone(&parts.store), Arc::clone(&parts.desk), Arc::clone(&parts.clock));
    let times = Times(Arc::new(in_words));
    let sandboxes = parts.sandboxes.clone();
    move || {
        provide_context(sandboxes.clone());
        provide_context(Arc::clone(&store));
        provide_context(Arc::clone(&desk));
        provide_context(Arc::clone(&clock));
        provide_context(times.clone());
        let Some(request) = use_context::<Parts>() else { return };
        provide_context(request.extensions.get::<Option<Viewer>>().cloned().flatten());
        let (theme, density) = looks(&request);
        provide_context(theme);
        provide_context(density);
        if let Some(id) = request.extensions.get::<RequestId>() {
            provide_context(id.clone());
        }
        if let (Some(nonce), Some(answer)) = (use_nonce(), use_context::<ResponseOptions>()) {
            let policy = security::content_security_policy(&nonce);
            let policy = HeaderValue::from_str(&policy).expect("a nonce is base64");
            answer.insert_header(header::CONTENT_SECURITY_POLICY, policy);
        }
    }
}

fn looks(request: &Parts) -> (Theme, Density) {
    let cookies = request.headers.get(header::COOKIE).and_then(|c| c.to_str().ok()).unwrap_or_default();
    (Theme::from_cookies(cookies), Density::from_cookies(cookies))
}

/// `21 Nov 2026, 14:03 CET`; in UTC where the zone is not known.
fn in_words(at: Timestamp, zone: &str) -> String {
    let zone = TimeZone::get(zone).unwrap_or(TimeZone::UTC);
    at.to_jiff().to_zoned(zone).strftime("%-d %b %Y, %H:%M %Z").to_string()
}

/// Someone who is not signed in and asks for a page is asked to sign in first, whether or not the page exists.
async fn lead_to_sign_in(request: Request, next: Next) -> Response {
    let signed_in = request.extensions().get::<Option<Viewer>>().is_some_and(Option::is_some);
    let asks_page = [Method::GET, Method::HEAD].contains(request.method());
    if signed_in || !asks_page || request.uri().path().starts_with(SERVER_FUNCTIONS) {
        return next.run(request).await;
    }
    let wanted = request.uri().path_and_query().map_or("/", |p| p.as_str());
    Redirect::to(&app::address::sign_in(wanted)).into_response()
}

/// Forms send the fields that were left empty too: they are no part of an address that people keep and share.
async fn clean_address(request: Request, next: Next) -> Response {
    let uri = request.uri();
    let asks_page = [Method::GET, Method::HEAD].contains(request.method()) && !uri.path().starts_with(SERVER_FUNCTIONS);
    match uri.query().filter(|_| asks_page).and_then(|query| app::address::without_blanks(uri.path(), query)) {
        Some(clean) => Redirect::to(&clean).into_response(),
        None => next.run(request).await,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_in_the_organization_s_zone() {
        let at = Timestamp::from_millis(1_795_266_183_000);
        assert_eq!(in_words(at, "Europe/Berlin"), "21 Nov 2026, 14:03 CET");
        assert_eq!(in_words(at, "Nowhere/Land"), "21 Nov 2026, 13:03 UTC");
    }
}
