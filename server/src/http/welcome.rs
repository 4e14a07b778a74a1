//! Where people come in by a link: the first owner, those who are invited, and those who need a new password. Documents
//! without client code. The code in the address is the right.

use app::welcome::{WelcomePage, welcome_document};
use axum::extract::{DefaultBodyLimit, Path, State};
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::{Html, IntoResponse as _, Redirect, Response};
use axum::routing::get;
use axum::{Form, Router};
use domain::Personal;
use domain::ports::store::{Account, Link, LinkPurpose, StoreError};
use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserialize;
use tower_sessions::Session;

use super::pages::PageParts;
use super::session;
use super::sign_in::{LONGEST_FORM, css, failed, message, theme_of};
use crate::ids;
use crate::password::Passwords;
use crate::people::ECHO;

/// Says neither whether there was one.
const GONE: &str = "This link opens nothing: it was used, has expired or was taken back. Ask for a new one; if you set a \
                    password with it, sign in.";

/// `/setup/{token}`, `/join/{token}`, and our own echo.
pub fn router(parts: PageParts) -> Router {
    Router::new()
        .route("/setup/{token}", get(page).post(submit))
        .route("/join/{token}", get(page).post(submit))
        .route(&format!("{ECHO}/{{question}}"), get(echo))
        .layer(DefaultBodyLimit::max(LONGEST_FORM))
        .with_state(parts)
}

#[derive(Deserialize)]
struct Typed {
    #[serde(default)]
    email: String,
    #[serde(default)]
    password: String,
}

async fn echo(State(parts): State<PageParts>, Path(question): Path<String>) -> String {
    parts.reception.echo(&question)
}

fn form(asked: &Asked, typed: &str, refused: Option<String>, headers: &HeaderMap) -> Html<String> {
    let Asked { link, organization, at } = asked;
    Html(welcome_document(WelcomePage {
        organization: organization.clone(),
        purpose: link.purpose,
        email: if link.purpose == LinkPurpose::SetUp { typed.to_owned() } else { link.email.reveal().to_owned() },
        role: link.role,
        by: link.by.clone(),
        action: at.path().to_owned(),
        refused,
        theme: theme_of(headers),
        css: css(),
    }))
}

fn gone(headers: &HeaderMap) -> Response {
    message(StatusCode::GONE, "This link is over", GONE, headers)
}

/// A link that was followed, and where it leads into.
struct Asked {
    link: Link,
    organization: Option<String>,
    at: Uri,
}

/// The link, if the address is one of its purpose.
async fn link(parts: &PageParts, token: &str, at: Uri) -> Result<Option<Asked>, StoreError> {
    let is_set_up = at.path().starts_with("/setup/");
    let found = parts.reception.read(token).await?;
    let Some(link) = found.filter(|link| (link.purpose == LinkPurpose::SetUp) == is_set_up) else { return Ok(None) };
    let organization = parts.reception.name(link.organization).await?;
    Ok(Some(Asked { link, organization, at }))
}

async fn page(State(parts): State<PageParts>, Path(token): Path<String>, at: Uri, headers: HeaderMap) -> Response {
    match link(&parts, &token, at).await {
        Ok(Some(asked)) => form(&asked, "", None, &headers).into_response(),
        Ok(None) => gone(&headers),
        Err(error) => failed(&error, &headers),
    }
}

async fn submit(
    State(parts): State<PageParts>,
    Path(token): Path<String>,
    session: Session,
    at: Uri,
    headers: HeaderMap,
    Form(typed): Form<Typed>,
) -> Response {
    let asked = match link(&parts, &token, at).await {
        Ok(Some(asked)) => asked,
        Ok(None) => return gone(&headers),
        Err(error) => return failed(&error, &headers),
    };
    let again = |status, why: String| (status, form(&asked, typed.email.trim(), Some(why), &headers)).into_response();
    let link = &asked.link;
    let account = match account(&parts, link, &typed).await {
        Ok(account) => account,
        Err(Refused::Typed(why)) => return again(StatusCode::UNPROCESSABLE_ENTITY, why),
        Err(Refused::Failed(error)) => return failed(error.as_ref(), &headers),
    };
    match parts.store.use_link(link.id, account, parts.clock.now()).await {
        Ok(account) => enter(&parts, &session, link, &account, &headers).await,
        Err(StoreError::NotFound(_)) => gone(&headers),
        Err(StoreError::Conflict(_)) => {
            let why = "E-mail: there is an account with this address already. Sign in, or write another address.";
            again(StatusCode::CONFLICT, why.to_owned())
        }
        Err(error) => failed(&error, &headers),
    }
}

enum Refused {
    Typed(String),
    Failed(Box<dyn std::error::Error + Send + Sync>),
}

/// The account as it will be; the link says its role and organization.
async fn account(parts: &PageParts, link: &Link, typed: &Typed) -> Result<Account, Refused> {
    let email = if link.purpose == LinkPurpose::SetUp {
        crate::people::email(&typed.email).map_err(|e| format!("{e}."))
    } else {
        Ok(link.email.reveal().to_owned())
    };
    let password = SecretString::from(typed.password.clone());
    let length = Passwords::check_length(password.expose_secret());
    // Both are said at once.
    let email = match (email, length) {
        (Ok(email), Ok(_)) => email,
        (Err(why), Ok(_)) | (Ok(_), Err(why)) => return Err(Refused::Typed(why)),
        (Err(email), Err(length)) => return Err(Refused::Typed(format!("{email} {length}"))),
    };
    let password_hash = parts.passwords.hash(password).await.map_err(|e| Refused::Failed(Box::new(e)))?;
    Ok(Account {
        id: ids::row(),
        email: Personal::new(email),
        role: link.role,
        organization: link.organization,
        password_hash,
        disabled: false,
    })
}

async fn enter(parts: &PageParts, session: &Session, link: &Link, account: &Account, headers: &HeaderMap) -> Response {
    let next = if link.purpose == LinkPurpose::SetUp { "/instance" } else { "/" };
    match session::start(session, account, parts.clock.now(), headers).await {
        Ok(()) => Redirect::to(next).into_response(),
        Err(error) => failed(&error, headers),
    }
}
