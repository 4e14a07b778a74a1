//! One-time links: made by account managers, opened once by whoever has the address. Looking at one opens nothing: preview
//! bots look at every link.

use app::access::{CONFIGURE, SEE_FLEET, Viewer};
use app::address;
use app::handover::{Handover, handover_document};
use app::pages::connections::placed;
use axum::extract::{DefaultBodyLimit, Path, State};
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::{Html, IntoResponse as _, Redirect, Response};
use axum::routing::{get, post};
use axum::{Extension, Form, Router};
use domain::audit::Author;
use domain::enablement::{Integration, Step};
use domain::ports::store::{Drop, Organization, StoreError};
use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserialize;
use uuid::Uuid;

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
    /// Which showing of the form.
    #[serde(default)]
    form: String,
}

#[derive(Deserialize)]
struct Pressed {
    #[serde(default)]
    act: String,
    #[serde(default)]
    place: String,
    #[serde(default)]
    other: String,
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
    let refused = |status, why: &str| {
        let shows = Handover::Refused { why: why.to_owned(), back: back.clone() };
        (status, shown(shows, &headers)).into_response()
    };
    let Some(integration) = Integration::parse(&given.integration) else {
        return refused(StatusCode::UNPROCESSABLE_ENTITY, "Integration: there is no such integration.");
    };
    let key = match pasted("Lever API key", &SecretString::from(given.key)) {
        Ok(key) => key,
        Err(why) => return refused(StatusCode::UNPROCESSABLE_ENTITY, &format!("{why}.")),
    };
    let organization = match parts.store.organization(&slug).await {
        Ok(organization) => organization,
        Err(StoreError::NotFound(_)) => return refused(StatusCode::NOT_FOUND, "There is no such organization."),
        Err(error) => return failed(&error, &headers),
    };
    let by = Author::on_page(viewer.email.reveal(), parts.clock.now());
    let token = match given.form.as_str() {
        "" => Token::new(),
        form => parts.reception.token_of_form(organization.id, &by.who, form, &key),
    };
    let link = format!("{}/drop/{}", parts.public_url, token.reveal());
    let made = |link: String| shown(Handover::Made { link, back: back.clone() }, &headers).into_response();
    let drop = Drop {
        key: token.key(),
        organization: organization.id,
        integration,
        sealed: token.seal(organization.id, &key),
        by: by.who.clone(),
        expires_at: by.at.plus(LASTS),
    };
    match parts.store.make_drop(drop, &by).await {
        Ok(()) => made(link),
        // The same form again, by a reload or a second press: the link is there.
        Err(_) if waiting(&parts, &token).await.is_ok_and(|found| found.is_some()) => made(link),
        Err(StoreError::Conflict(_)) => {
            refused(StatusCode::CONFLICT, why_not(&parts, organization.id, integration).await)
        }
        Err(error) => failed(&error, &headers),
    }
}

/// Why no key can be handed over as things stand.
async fn why_not(parts: &PageParts, organization: Uuid, integration: Integration) -> &'static str {
    let steps = parts.store.steps(organization).await.unwrap_or_default();
    let last = steps.iter().rev().find(|made| made.integration == integration).map(|made| made.step);
    if last == Some(Step::KeyOpened) {
        return "The link was opened already: the key has reached its super admin, and nothing was handed over again. For \
                another key ask for the authorization anew.";
    }
    "The super admin has not authorized a key, or not any more. Load the page of integrations again."
}

/// What waits at an address, with its organization.
async fn waiting(parts: &PageParts, token: &Token) -> Result<Option<(Drop, Organization)>, StoreError> {
    let Some(drop) = parts.store.waiting_drop(&token.key(), parts.clock.now()).await? else { return Ok(None) };
    let organization = parts.store.organization_by_id(drop.organization).await?;
    Ok(Some((drop, organization)))
}

/// The viewer, if they may store the key of this organization.
fn storing<'a>(viewer: Option<&'a Viewer>, organization: &Organization) -> Option<&'a Viewer> {
    viewer.filter(|v| v.may(CONFIGURE) && is_of(v, organization))
}

fn is_of(viewer: &Viewer, organization: &Organization) -> bool {
    viewer.organization.as_deref() == Some(organization.rules.slug.as_str())
}

/// Who is signed in elsewhere is not whom the link is for.
fn stranger(viewer: Option<&Viewer>, organization: &Organization, headers: &HeaderMap) -> Option<Response> {
    viewer.filter(|v| v.organization.is_some() && !is_of(v, organization)).map(|_| {
        let why = "This link is for another organization than yours. It opens as before for whom it was made.";
        message(StatusCode::FORBIDDEN, "Not for you", why, headers)
    })
}

struct Door<'a> {
    drop: &'a Drop,
    organization: &'a Organization,
    viewer: Option<&'a Viewer>,
    at: &'a Uri,
}

impl Door<'_> {
    fn shows(&self, place: (String, String), refused: Option<String>) -> Handover {
        Handover::Waiting {
            organization: self.organization.rules.name.clone(),
            by: self.drop.by.clone(),
            action: self.at.path().to_owned(),
            may_store: storing(self.viewer, self.organization).is_some(),
            sign_in: self.viewer.is_none().then(|| address::sign_in(self.at.path())),
            place,
            refused,
        }
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
            if let Some(refused) = stranger(viewer.as_ref(), &organization, &headers) {
                return refused;
            }
            let place = placed(&organization.rules.lever.base_url);
            let door = Door { drop: &drop, organization: &organization, viewer: viewer.as_ref(), at: &at };
            shown(door.shows(place, None), &headers).into_response()
        }
        Ok(None) => gone(&headers),
        Err(error) => failed(&error, &headers),
    }
}

async fn open(
    State(parts): State<PageParts>,
    Extension(viewer): Extension<Option<Viewer>>,
    Path(token): Path<String>,
    at: Uri,
    headers: HeaderMap,
    Form(pressed): Form<Pressed>,
) -> Response {
    let token = Token::of(&token);
    let (drop, organization) = match waiting(&parts, &token).await {
        Ok(Some(found)) => found,
        Ok(None) => return gone(&headers),
        Err(error) => return failed(&error, &headers),
    };
    if let Some(refused) = stranger(viewer.as_ref(), &organization, &headers) {
        return refused;
    }
    let Some(secret) = token.open(organization.id, &drop.sealed) else { return gone(&headers) };
    let door = Door { drop: &drop, organization: &organization, viewer: viewer.as_ref(), at: &at };
    match (pressed.act.as_str(), storing(viewer.as_ref(), &organization)) {
        ("store", Some(viewer)) => store(&parts, &door, viewer, secret, pressed, &headers).await,
        ("store", None) => {
            let why = "This needs a super admin of the organization.";
            message(StatusCode::FORBIDDEN, "Not allowed", why, &headers)
        }
        _ => show(&parts, &door, &secret, &headers).await,
    }
}

/// Of all who press at the same moment one sees it.
async fn show(parts: &PageParts, door: &Door<'_>, secret: &SecretString, headers: &HeaderMap) -> Response {
    let who = door.viewer.map_or("someone with the link", |v| v.email.reveal());
    match parts.store.open_drop(&door.drop.key, &Author::on_page(who, parts.clock.now())).await {
        Ok(_) => {}
        Err(StoreError::NotFound(_)) => return gone(headers),
        Err(error) => return failed(&error, headers),
    }
    let connections =
        storing(door.viewer, door.organization).map(|_| address::connections(&door.organization.rules.slug));
    shown(Handover::Opened { secret: secret.expose_secret().to_owned(), connections }, headers).into_response()
}

/// Lever is asked first: while it does not take the key, the link stays as it is, and nobody has seen the key.
async fn store(
    parts: &PageParts,
    door: &Door<'_>,
    viewer: &Viewer,
    secret: SecretString,
    pressed: Pressed,
    headers: &HeaderMap,
) -> Response {
    let base_url = if pressed.place == "other" { &pressed.other } else { &pressed.place };
    let by = viewer.email.reveal();
    if let Err(why) = parts.setup.store_lever_key(door.organization.id, base_url, secret, by).await {
        let why = format!("Not stored: {why}. The link is as good as before.");
        let shows = door.shows((pressed.place, pressed.other), Some(why));
        return (StatusCode::UNPROCESSABLE_ENTITY, shown(shows, headers)).into_response();
    }
    // Someone may have opened it at the same moment: then they have seen the key that is stored.
    match parts.store.open_drop(&door.drop.key, &Author::on_page(by, parts.clock.now())).await {
        Ok(_) | Err(StoreError::NotFound(_)) => {
            let page = address::connections(&door.organization.rules.slug);
            Redirect::to(&format!("{page}?told=key&show=lever#lever")).into_response()
        }
        Err(error) => failed(&error, headers),
    }
}
