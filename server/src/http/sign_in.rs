//! Signing in and out, the demo's role buttons, the theme: plain forms, no client code.

use app::address;
use app::sign_in::{DemoSignIn, SignInPage, message_document, sign_in_document};
use app::theme::{self, Cookies, Density, Theme};
use axum::extract::{DefaultBodyLimit, Query, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri, header};
use axum::response::{Html, IntoResponse as _, Redirect, Response};
use axum::routing::{get, post};
use axum::{Extension, Form, Router};
use domain::ports::store::Account;
use domain::preferences::Preferences;
use secrecy::SecretString;
use serde::Deserialize;
use tower_sessions::Session;

use app::access::Viewer;

use super::pages::PageParts;
use super::{assets, session};
use crate::password::Verdict;

/// Bytes of a form; the longest honest one has a few hundred.
pub(super) const LONGEST_FORM: usize = 16 * 1024;
/// Says neither which was wrong nor whether there is such an account.
const REFUSED: &str = "The e-mail address or the password is not right.";

/// The routes.
pub fn router(parts: PageParts) -> Router {
    let mut router = Router::new()
        .route("/sign-in", get(page).post(submit))
        .route("/sign-out", post(sign_out))
        .route("/theme", post(choose_theme))
        .route("/density", post(choose_density));
    if !parts.demo.is_empty() {
        router = router.route("/demo/sign-in", post(demo));
    }
    router.layer(DefaultBodyLimit::max(LONGEST_FORM)).with_state(parts)
}

#[derive(Debug, Default, Deserialize)]
struct Asked {
    #[serde(default)]
    next: String,
}

#[derive(Deserialize)]
struct Credentials {
    #[serde(default)]
    email: String,
    #[serde(default)]
    password: String,
    #[serde(default)]
    next: String,
}

#[derive(Debug, Deserialize)]
struct DemoChoice {
    email: String,
    #[serde(default)]
    next: String,
}

#[derive(Debug, Deserialize)]
struct ThemeChoice {
    theme: String,
}

#[derive(Debug, Deserialize)]
struct DensityChoice {
    density: String,
}

pub(super) fn css() -> Option<String> {
    assets::bundle().map(|b| b.css.clone())
}

pub(super) fn theme_of(headers: &HeaderMap) -> Theme {
    let cookies = headers.get(header::COOKIE).and_then(|c| c.to_str().ok()).unwrap_or_default();
    Theme::from_cookies(cookies)
}

/// One sentence as a page.
pub fn message(status: StatusCode, title: &str, sentence: &str, headers: &HeaderMap) -> Response {
    (status, Html(message_document(title, sentence, theme_of(headers), css()))).into_response()
}

pub(super) fn failed(error: &(dyn std::error::Error + 'static), headers: &HeaderMap) -> Response {
    tracing::error!(error, "a form of a person failed");
    let sentence = "The server could not do this now. Nothing was changed; try again.";
    message(StatusCode::SERVICE_UNAVAILABLE, "Something failed", sentence, headers)
}

fn form(parts: &PageParts, headers: &HeaderMap, email: &str, next: &str, refused: Option<String>) -> Html<String> {
    let page = SignInPage { email: email.to_owned(), refused, ..SignInPage::default() };
    shown(parts, headers, next, page)
}

fn shown(parts: &PageParts, headers: &HeaderMap, next: &str, page: SignInPage) -> Html<String> {
    Html(sign_in_document(SignInPage {
        next: address::local(next).to_owned(),
        demo: parts.demo.clone(),
        sandboxes: parts.sandboxes.clone(),
        theme: theme_of(headers),
        css: css(),
        ..page
    }))
}

async fn page(
    State(parts): State<PageParts>,
    Extension(viewer): Extension<Option<Viewer>>,
    Query(asked): Query<Asked>,
    headers: HeaderMap,
) -> Response {
    if viewer.is_some() {
        return Redirect::to(address::local(&asked.next)).into_response();
    }
    match parts.store.has_owner().await {
        Ok(owned) => {
            let page = SignInPage { unowned: !owned, ..SignInPage::default() };
            shown(&parts, &headers, &asked.next, page).into_response()
        }
        Err(error) => failed(&error, &headers),
    }
}

async fn submit(
    State(parts): State<PageParts>,
    session: Session,
    headers: HeaderMap,
    Form(given): Form<Credentials>,
) -> Response {
    let email = given.email.trim().to_lowercase();
    let again = |why: String| form(&parts, &headers, given.email.trim(), &given.next, Some(why));
    if let Err(wait) = parts.passwords.admit(&email, parts.clock.now()) {
        let seconds = wait.as_secs() + u64::from(wait.subsec_nanos() > 0);
        let why = format!("Too many tries for this address. Try again in {seconds} s.");
        let headers = [(header::RETRY_AFTER, HeaderValue::from(seconds))];
        return (StatusCode::TOO_MANY_REQUESTS, headers, again(why)).into_response();
    }
    match check(&parts, &email, SecretString::from(given.password)).await {
        Err(error) => failed(error.as_ref(), &headers),
        Ok(None) => (StatusCode::UNAUTHORIZED, again(REFUSED.to_owned())).into_response(),
        Ok(Some(account)) => {
            parts.passwords.succeeded(&email);
            enter(&parts, &session, &account, &given.next, &headers).await
        }
    }
}

type Failure = Box<dyn std::error::Error + Send + Sync>;

/// The account, if there is one in force and this is its password.
async fn check(parts: &PageParts, email: &str, password: SecretString) -> Result<Option<Account>, Failure> {
    let account = parts.store.account_by_email(email).await?;
    let stored = account.as_ref().map(|a| a.password_hash.clone());
    let verdict = parts.passwords.verify(password, stored).await?;
    let Some(mut account) = account.filter(|a| !a.disabled) else { return Ok(None) };
    match verdict {
        Verdict::Wrong => return Ok(None),
        Verdict::Right => {}
        Verdict::RightButOld(hash) => {
            parts.store.rehash(account.id, hash.clone()).await?;
            account.password_hash = hash;
        }
    }
    Ok(Some(account))
}

async fn enter(parts: &PageParts, session: &Session, account: &Account, next: &str, headers: &HeaderMap) -> Response {
    match session::start(session, account, parts.clock.now(), headers).await {
        Ok(()) => Redirect::to(address::local(next)).into_response(),
        Err(error) => failed(&error, headers),
    }
}

/// Signs in as one of the demo's accounts. Only routed where the server was started as a demo.
async fn demo(
    State(parts): State<PageParts>,
    session: Session,
    headers: HeaderMap,
    Form(choice): Form<DemoChoice>,
) -> Response {
    let offered = parts.demo.iter().any(|DemoSignIn { email, .. }| *email == choice.email);
    if !offered {
        return message(StatusCode::NOT_FOUND, "Not found", "The demo does not offer this account.", &headers);
    }
    match parts.store.account_by_email(&choice.email).await {
        Ok(Some(account)) if !account.disabled => enter(&parts, &session, &account, &choice.next, &headers).await,
        Ok(_) => message(StatusCode::NOT_FOUND, "Not found", "The demo's account is not there any more.", &headers),
        Err(error) => failed(&error, &headers),
    }
}

async fn sign_out(session: Session, headers: HeaderMap) -> Response {
    match session.flush().await {
        Ok(()) => ([("clear-site-data", "\"cache\"")], Redirect::to("/sign-in")).into_response(),
        Err(error) => failed(&error, &headers),
    }
}

async fn choose_theme(State(parts): State<PageParts>, headers: HeaderMap, Form(choice): Form<ThemeChoice>) -> Response {
    keep(&parts, &headers, theme::COOKIE, Theme::parse(&choice.theme).as_str())
}

/// The height of rows: for the account of who is signed in, and for this browser.
async fn choose_density(
    State(parts): State<PageParts>,
    Extension(viewer): Extension<Option<Viewer>>,
    Extension(saved): Extension<Option<Preferences>>,
    headers: HeaderMap,
    Form(choice): Form<DensityChoice>,
) -> Response {
    let density = Density::parse(&choice.density);
    if let Some(viewer) = viewer {
        let preferences = Preferences { density, ..saved.unwrap_or_default() };
        let json = serde_json::to_string(&preferences).expect("preferences are words and switches");
        if let Err(error) = parts.store.save_preferences(viewer.account, &json).await {
            return failed(&error, &headers);
        }
    }
    keep(&parts, &headers, theme::DENSITY_COOKIE, density.as_str())
}

/// Keeps a preference in the browser, and leads back to where it was chosen.
fn keep(parts: &PageParts, headers: &HeaderMap, name: &str, value: &str) -> Response {
    let cookie = Cookies { secure: parts.secure_cookies }.keep(name, value);
    let came_from = headers.get(header::REFERER).and_then(|r| r.to_str().ok()).and_then(|r| r.parse::<Uri>().ok());
    let back = came_from.as_ref().and_then(Uri::path_and_query).map_or("/", |p| address::local(p.as_str()));
    ([(header::SET_COOKIE, cookie)], Redirect::to(back)).into_response()
}
