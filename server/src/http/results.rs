//! Files of results, as browsers send them. What is pasted goes to a server function; a file travels in parts.

use app::access::{IMPORT, Viewer};
use app::address;
use app::pages::results::on_server::{refused_file, told};
use axum::extract::multipart::Multipart;
use axum::extract::{DefaultBodyLimit, Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Redirect, Response};
use axum::routing::post;
use axum::{Extension, Router};
use domain::ports::desk::ReviewError;
use domain::ports::store::StoreError;

use super::pages::PageParts;
use super::sign_in::{failed, message};

/// Five thousand results have less.
const LARGEST: usize = 4 << 20;

/// `/o/{slug}/results/file`. Expects `Option<Viewer>` as an extension.
pub fn router(parts: PageParts) -> Router {
    Router::new().route("/o/{slug}/results/file", post(take)).layer(DefaultBodyLimit::max(LARGEST)).with_state(parts)
}

async fn take(
    State(parts): State<PageParts>,
    Extension(viewer): Extension<Option<Viewer>>,
    Path(slug): Path<String>,
    headers: HeaderMap,
    form: Multipart,
) -> Response {
    let Some(viewer) = viewer else {
        return Redirect::to(&address::sign_in(&address::results(&slug))).into_response();
    };
    if !viewer.may(IMPORT) {
        return message(StatusCode::FORBIDDEN, "Not allowed", "This needs an admin or a super admin.", &headers);
    }
    let is_theirs = viewer.organization.as_deref() == Some(slug.as_str());
    let found =
        if is_theirs { parts.store.organization(&slug).await } else { Err(StoreError::NotFound("organization")) };
    let organization = match found {
        Ok(organization) => organization,
        Err(StoreError::NotFound(_)) => {
            return message(StatusCode::NOT_FOUND, "Not found", "There is no such organization.", &headers);
        }
        Err(error) => return failed(&error, &headers),
    };
    let Some((vendor, file)) = fields(form).await else {
        let why = "The file could not be read, or has more than 4 MiB. Cut it in parts, or paste its lines.";
        return message(StatusCode::UNPROCESSABLE_ENTITY, "Nothing was taken", why, &headers);
    };
    match parts.reviews.import(organization.id, &vendor, &file, viewer.email.reveal()).await {
        Ok(done) => Redirect::to(&told(&slug, done)).into_response(),
        Err(ReviewError::Store(error)) => failed(&error, &headers),
        Err(refused) => Redirect::to(&refused_file(&slug, refused)).into_response(),
    }
}

/// The vendor and the file.
async fn fields(mut form: Multipart) -> Option<(String, Vec<u8>)> {
    let (mut vendor, mut file) = (String::new(), Vec::new());
    while let Some(field) = form.next_field().await.ok()? {
        match field.name() {
            Some("vendor") => vendor = field.text().await.ok()?,
            Some("file") => file = field.bytes().await.ok()?.to_vec(),
            _ => {}
        }
    }
    Some((vendor, file))
}
