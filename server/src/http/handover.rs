//! One-time links: made by account managers, opened once by whoever has the address. Looking at one opens nothing: preview
//! bots look at every link.

use app::access::{CONFIGURE, SEE_FLEET, Viewer};
use app::address;
use app::handover::{Handover, handover_document};
use axum::extract::{DefaultBodyLimit, Path, State};
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::{Html, IntoResponse as _, Redirect, Response};
use axum::routing::{get, post};
use axum::{Extension, Form, Router};
use domain::audit::Author;
use domain::enablement::Integration;
use domain::ports::store::{Drop, Organization, StoreError};
use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserialize;

use super::pages::PageParts;
use super::sign_in::{LONGEST_FORM, css, failed, message, theme_of};
use crate::desk::pasted;
use crate::handover::Token;

/// A link opens nothing after this.
const LASTS: std::time::Duration = std::time::Duration::from_hours(3 * 24);
/// Says neither whether there was one.
const GONE: &str = "This link opens nothing: it was opened before, or has expired. If it was not you who opened it, tell the \
                    account manager at once: the key has to be replaced in Lever.";

/// `/o/{slug}/hand-over` and `/drop/{token}`. Expects `Option<Viewer>` as an extension.
pub fn router(parts: PageParts) -> Router {
    Router::new()
        .route("/o/{slug}/hand-over", post(hand_over))
        .route("/drop/{token}", get(look).post(open))
        .layer(DefaultBodyLimit::max(LONGEST_FORM))
        .with_state(parts)
}

#[derive(Deserialize)]
struct Given {
    #[serde(default)]
    integration: String,
    #[serde(default)]
    key: String,
}

#[derive(Deserialize)]
struct Pressed {
    #[serde(default)]
    act: String,
}

fn shown(shows: Handover, headers: &HeaderMap) -> Html<String> {
    Html(handover_document(shows, theme_of(headers), css()))
}

fn gone(headers: &HeaderMap) -> Response {
    message(StatusCode::GONE, "This link is over", GONE, headers)
}

async fn hand_over(
    State(parts): State<PageParts>,
    Extension(viewer): Extension<Option<Viewer>>,
    Path(slug): Path<String>,
    headers: HeaderMap,
    Form(given): Form<Given>,
) -> Response {
    let back = address::integrations(&slug);
    let Some(viewer) = viewer else { return Redirect::to(&address::sign_in(&back)).into_response() };
    if !viewer.may(SEE_FLEET) {
        return message(StatusCode::FORBIDDEN, "Not allowed", "This needs an account manager or the owner.", &headers);
    }
    let refused = |status, why: &str| message(status, "No link was made", why, &headers);
    let Some(integration) = Integration::parse(&given.integration) else {
        return refused(StatusCode::UNPROCESSABLE_ENTITY, "Integration: there is no such integration.");
    };
    let key = match pasted("Lever API key", &SecretString::from(given.key)) {
        Ok(key) => key,
        Err(why) => return refused(StatusCode::UNPROCESSABLE_ENTITY, &format!("{why}. Go back and paste it again.")),
    };
    let organization = match parts.store.organization(&slug).await {
        Ok(organization) => organization,
        Err(StoreError::NotFound(_)) => return refused(StatusCode::NOT_FOUND, "There is no such organization."),
        Err(error) => return failed(&error, &headers),
    };
    let (token, by) = (Token::new(), Author::on_page(viewer.email.reveal(), parts.clock.now()));
    let drop = Drop {
        key: token.key(),
        organization: organization.id,
        integration,
        sealed: token.seal(organization.id, &key),
        by: by.who.clone(),
        expires_at: by.at.plus(LASTS),
    };
    match parts.store.make_drop(drop, &by).await {
        Ok(()) => {
            let link = format!("{}/drop/{}", parts.public_url, token.reveal());
            shown(Handover::Made { link, back }, &headers).into_response()
        }
        Err(StoreError::Conflict(_)) => {
            let why = "The super admin has not authorized a key, or not any more. Load the page of integrations again.";
            refused(StatusCode::CONFLICT, why)
        }
        Err(error) => failed(&error, &headers),
    }
}

/// What waits at an address, with its organization.
async fn waiting(parts: &PageParts, token: &Token) -> Result<Option<(Drop, Organization)>, StoreError> {
    let Some(drop) = parts.store.waiting_drop(&token.key(), parts.clock.now()).await? else { return Ok(None) };
    let organization = parts.store.organization_by_id(drop.organization).await?;
    Ok(Some((drop, organization)))
}

/// The viewer, if they may store the key of this organization.
fn storing<'a>(viewer: Option<&'a Viewer>, organization: &Organization) -> Option<&'a Viewer> {
    viewer.filter(|v| v.may(CONFIGURE) && v.organization.as_deref() == Some(organization.rules.slug.as_str()))
}

fn door(drop: &Drop, organization: &Organization, viewer: Option<&Viewer>, at: &Uri) -> Handover {
    Handover::Waiting {
        organization: organization.rules.name.clone(),
        by: drop.by.clone(),
        action: at.path().to_owned(),
        may_store: storing(viewer, organization).is_some(),
        sign_in: viewer.is_none().then(|| address::sign_in(at.path())),
    }
}

async fn look(
    State(parts): State<PageParts>,
    Extension(viewer): Extension<Option<Viewer>>,
    Path(token): Path<String>,
    at: Uri,
    headers: HeaderMap,
) -> Response {
    match waiting(&parts, &Token::of(&token)).await {
        Ok(Some((drop, organization))) => {
            shown(door(&drop, &organization, viewer.as_ref(), &at), &headers).into_response()
        }
        Ok(None) => gone(&headers),
        Err(error) => failed(&error, &headers),
    }
}

async fn open(
    State(parts): State<PageParts>,
    Extension(viewer): Extension<Option<Viewer>>,
    Path(token): Path<String>,
    headers: HeaderMap,
    Form(pressed): Form<Pressed>,
) -> Response {
    let token = Token::of(&token);
    let (drop, organization) = match waiting(&parts, &token).await {
        Ok(Some(found)) => found,
        Ok(None) => return gone(&headers),
        Err(error) => return failed(&error, &headers),
    };
    let Some(secret) = token.open(organization.id, &drop.sealed) else { return gone(&headers) };
    let who = viewer.as_ref().map_or("someone with the link", |v| v.email.reveal());
    let by = Author::on_page(who, parts.clock.now());
    let storing = storing(viewer.as_ref(), &organization).filter(|_| pressed.act == "store");
    if pressed.act == "store" && storing.is_none() {
        return message(
            StatusCode::FORBIDDEN,
            "Not allowed",
            "This needs a super admin of the organization.",
            &headers,
        );
    }
    // Whatever was pressed, one person opens it.
    match parts.store.open_drop(&drop.key, &by).await {
        Ok(_) => {}
        Err(StoreError::NotFound(_)) => return gone(&headers),
        Err(error) => return failed(&error, &headers),
    }
    let plain = secret.expose_secret().to_owned();
    let Some(viewer) = storing else {
        return shown(Handover::Opened { secret: plain, refused: None }, &headers).into_response();
    };
    let base_url = organization.rules.lever.base_url.clone();
    match parts.setup.store_lever_key(organization.id, &base_url, secret, viewer.email.reveal()).await {
        Ok(()) => {
            let path = format!("{}?told=key&show=users", address::connections(&organization.rules.slug));
            Redirect::to(&path).into_response()
        }
        // A key that Lever does not take now must not be lost with its link.
        Err(why) => {
            let refused = Some(format!("Not stored: {why}. Here it is, to be stored at Connections."));
            shown(Handover::Opened { secret: plain, refused }, &headers).into_response()
        }
    }
}
