//! The web application's routes: pages and server functions of the crate `app`, signing in, and the layers around them.

use std::cell::RefCell;
use std::sync::Arc;

use app::access::Viewer;
use app::error::on_server::RequestId;
use app::frame::Sandboxes;
use app::live::Stamped;
use app::pages::gallery::gallery;
use app::sign_in::DemoSignIn;
use app::theme::{Cookies, Density, Theme, density_from_cookies};
use app::when::{Times, Zones};
use app::{App, Bundle, shell};
use axum::Router;
use axum::extract::{Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderValue, Method, header};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::{IntoResponse as _, Redirect, Response};
use axum::routing::get;
use domain::ports::desk::{PeopleDesk, ReviewDesk, SetupDesk};
use domain::ports::{Desk, Store};
use domain::preferences::Preferences;
use domain::read::Shown;
use domain::{Clock, Timestamp};
use jiff::tz::TimeZone;
use leptos::config::LeptosOptions;
use leptos::nonce::use_nonce;
use leptos::prelude::{provide_context, use_context};
use leptos_axum::{LeptosRoutes as _, ResponseOptions, generate_route_list, render_app_async_with_context};
use tower::ServiceBuilder;

use super::fleet;
use super::live::{self, LiveParts};
use super::security::{self, Site};
use super::session::{Sessions, identify};
use super::{audit, export, handover, results, sign_in, welcome};
use crate::password::Passwords;
use crate::people::Reception;

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
    /// Connects organizations.
    pub setup: Arc<dyn SetupDesk>,
    /// Takes results in, and decides whose they are.
    pub reviews: Arc<dyn ReviewDesk>,
    /// Brings people in.
    pub reception: Arc<Reception>,
    /// What changed lately.
    pub live: LiveParts,
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
        .layer(
            ServiceBuilder::new()
                .layer(from_fn(lead_to_sign_in))
                .layer(from_fn(clean_address))
                .layer(from_fn_with_state((Arc::clone(&parts.store), Arc::clone(&parts.clock)), shown)),
        );
    let files = fleet::router(parts.clone()).layer(from_fn(lead_to_sign_in));
    let around = ServiceBuilder::new()
        .layer(from_fn_with_state(site.clone(), security::headers))
        .layer(from_fn_with_state(site, security::same_origin))
        .layer(sessions.clone().layer(secure))
        .layer(from_fn_with_state(sessions, identify));
    let live = live::router(parts.live.clone());
    export::router(parts.clone())
        .merge(handover::router(parts.clone()))
        .merge(audit::router(parts.clone()))
        .merge(results::router(parts.clone()))
        .merge(welcome::router(parts.clone()))
        .merge(sign_in::router(parts))
        .merge(reports)
        .merge(live)
        .merge(files)
        .merge(gallery.unwrap_or_default())
        .merge(pages)
        .layer(around)
}

/// What every page and server function finds in its context.
fn context(parts: &PageParts) -> impl Fn() + Clone + Send + Sync + 'static + use<> {
    let (store, desk, clock) = (Arc::clone(&parts.store), Arc::clone(&parts.desk), Arc::clone(&parts.clock));
    let (times, zones) = (Times::new(Arc::new(in_words)), Zones(zones()));
    let cookies = Cookies { secure: parts.secure_cookies };
    let sandboxes = parts.sandboxes.clone();
    let setup = Arc::clone(&parts.setup);
    let reviews = Arc::clone(&parts.reviews);
    let people = Arc::clone(&parts.reception) as Arc<dyn PeopleDesk>;
    move || {
        provide_context(Arc::clone(&people));
        provide_context(Arc::clone(&setup));
        provide_context(Arc::clone(&reviews));
        provide_context(sandboxes.clone());
        provide_context(Arc::clone(&store));
        provide_context(Arc::clone(&desk));
        provide_context(Arc::clone(&clock));
        provide_context(zones.clone());
        provide_context(cookies);
        let Some(request) = use_context::<Parts>() else { return };
        provide_context(request.extensions.get::<Stamped>().cloned());
        provide_context(request.extensions.get::<Option<Viewer>>().cloned().flatten());
        provide_context(request.extensions.get::<Arc<Shown>>().cloned());
        let saved = request.extensions.get::<Option<Preferences>>().cloned().flatten();
        let (theme, density) = looks(&request, saved.as_ref());
        provide_context(theme);
        provide_context(density);
        let saved = saved.unwrap_or_default();
        // A zone that this server no longer knows is as good as none.
        provide_context(times.clone().read_in(saved.timezone.clone().filter(|zone| TimeZone::get(zone).is_ok())));
        provide_context(saved);
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

/// What a page looks like. What an account has saved counts in all its browsers; the cookie speaks for those who have not.
fn looks(request: &Parts, saved: Option<&Preferences>) -> (Theme, Density) {
    let cookies = request.headers.get(header::COOKIE).and_then(|c| c.to_str().ok()).unwrap_or_default();
    let density = saved.map(|s| s.density).or_else(|| density_from_cookies(cookies));
    (Theme::from_cookies(cookies), density.unwrap_or_default())
}

/// The zones of the database that is compiled in: those of places, and UTC.
fn zones() -> Arc<[String]> {
    let places = jiff::tz::db().available().map(|name| name.as_str().to_owned());
    let places = places.filter(|name| name.contains('/') && !name.starts_with("Etc/") && !name.starts_with("SystemV/"));
    let mut zones: Vec<String> = places.filter(|name| TimeZone::get(name).is_ok()).collect();
    zones.push("UTC".to_owned());
    zones.sort_unstable();
    zones.dedup();
    zones.into()
}

const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// `21 Nov 2026, 14:03 CET`; in UTC where the zone is not known. Written by hand: a list has a hundred of them, and a pattern that
/// is read anew for each is a fortieth of its page.
fn in_words(at: Timestamp, zone: &str) -> String {
    thread_local! {
        /// The zone that was asked for last: mostly all times of a page are in one.
        static LAST: RefCell<(String, TimeZone)> = const { RefCell::new((String::new(), TimeZone::UTC)) };
    }
    LAST.with_borrow_mut(|(name, found)| {
        if name != zone {
            (*name, *found) = (zone.to_owned(), TimeZone::get(zone).unwrap_or(TimeZone::UTC));
        }
        let info = found.to_offset_info(at.to_jiff());
        let there = info.offset().to_datetime(at.to_jiff());
        let month = MONTHS[usize::from(there.month().unsigned_abs()) - 1];
        let (day, year, zone) = (there.day(), there.year(), info.abbreviation());
        format!("{day} {month} {year}, {:02}:{:02} {zone}", there.hour(), there.minute())
    })
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

/// Waiting reviews are counted no further.
const MOST_REVIEWS: u32 = 1_000;

/// The organization of a page with what surrounds it, read once. Without it a page is only less exact, or reads its organization
/// itself and says what is wrong.
async fn shown(
    State((store, clock)): State<(Arc<dyn Store>, Arc<dyn Clock>)>,
    mut request: Request,
    next: Next,
) -> Response {
    let viewer = request.extensions().get::<Option<Viewer>>().cloned().flatten();
    let own = viewer.and_then(|viewer| viewer.organization);
    let slug = own.or_else(|| app::address::slug_of(request.uri().path()).map(str::to_owned));
    if let Some(slug) = slug.filter(|_| request.method() == Method::GET)
        && let Ok(shown) = store.shown(&slug, clock.now(), MOST_REVIEWS).await
    {
        request.extensions_mut().insert(Stamped(live::hint(shown.stamp)));
        request.extensions_mut().insert(Arc::new(shown));
    }
    next.run(request).await
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

    #[test]
    fn zones_are_those_of_places() {
        let zones = zones();
        for zone in ["Europe/Berlin", "Asia/Kolkata", "America/Argentina/Ushuaia", "UTC"] {
            assert_eq!(zones.iter().filter(|z| *z == zone).count(), 1, "{zone}");
        }
        assert!(zones.is_sorted() && zones.len() > 300, "{}", zones.len());
        assert!(zones.iter().all(|z| TimeZone::get(z).is_ok()));
        assert!(!zones.iter().any(|z| z.starts_with("Etc/") || z.starts_with("posix")), "{zones:?}");
    }
}
