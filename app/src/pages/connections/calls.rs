//! What the forms of connections call. What a remote does not accept is not stored.

use leptos::prelude::*;

use crate::error::AppError;

/// Tries and stores a Lever key. `place` is an address of Lever's, or `other` for the one in `other`.
#[server(prefix = "/app", endpoint = "lever-key")]
pub async fn store_lever_key(
    slug: String,
    #[server(default)] place: String,
    #[server(default)] other: String,
    #[server(default)] key: String,
) -> Result<(), AppError> {
    use super::on_server::{back, refused, setup};
    use crate::access::{CONFIGURE, Granted, require};
    let Granted { viewer, organization } = require(CONFIGURE, &slug).await?;
    let base_url = if place == "other" { other } else { place };
    let stored = setup()?.store_lever_key(organization.id, &base_url, key.into(), viewer.email.reveal()).await;
    stored.map_err(|e| refused(&organization, e))?;
    back(&slug, "key", "users");
    Ok(())
}

/// Sets in whose name Assay writes.
#[server(prefix = "/app", endpoint = "lever-user")]
pub async fn choose_user(slug: String, #[server(default)] user: String) -> Result<(), AppError> {
    use super::on_server::{back, refused, setup};
    use crate::access::{CONFIGURE, Granted, require};
    let Granted { viewer, organization } = require(CONFIGURE, &slug).await?;
    let chosen = setup()?.choose_user(organization.id, &user, viewer.email.reveal()).await;
    chosen.map_err(|e| refused(&organization, e))?;
    back(&slug, "user", "");
    Ok(())
}

/// Takes a signature token.
#[server(prefix = "/app", endpoint = "hook-token")]
pub async fn add_token(slug: String, #[server(default)] token: String) -> Result<(), AppError> {
    use super::on_server::{back, refused, setup};
    use crate::access::{CONFIGURE, Granted, require};
    let Granted { viewer, organization } = require(CONFIGURE, &slug).await?;
    let added = setup()?.add_token(organization.id, token.into(), viewer.email.reveal()).await;
    added.map_err(|e| refused(&organization, e))?;
    back(&slug, "token", "");
    Ok(())
}

/// Forgets a signature token.
#[server(prefix = "/app", endpoint = "hook-token-remove")]
pub async fn remove_token(slug: String, place: usize) -> Result<(), AppError> {
    use super::on_server::{back, refused, setup};
    use crate::access::{CONFIGURE, Granted, require};
    let Granted { viewer, organization } = require(CONFIGURE, &slug).await?;
    let removed = setup()?.remove_token(organization.id, place, viewer.email.reveal()).await;
    removed.map_err(|e| refused(&organization, e))?;
    back(&slug, "token-removed", "");
    Ok(())
}

/// Makes the webhooks in Lever.
#[server(prefix = "/app", endpoint = "hooks-create")]
pub async fn create_webhooks(slug: String) -> Result<(), AppError> {
    use super::on_server::{back, refused, setup};
    use crate::access::{CONFIGURE, Granted, require};
    let Granted { viewer, organization } = require(CONFIGURE, &slug).await?;
    let made = setup()?.create_webhooks(organization.id, viewer.email.reveal()).await;
    made.map_err(|e| refused(&organization, e))?;
    back(&slug, "hooks", "");
    Ok(())
}

/// Adds a vendor, or changes the one of `id`.
#[server(prefix = "/app", endpoint = "vendor-save")]
#[expect(clippy::too_many_arguments, reason = "the fields of a form")]
pub async fn save_vendor(
    slug: String,
    #[server(default)] id: String,
    #[server(default)] kind: String,
    #[server(default)] name: String,
    #[server(default)] tag_prefix: String,
    #[server(default)] lowest: String,
    #[server(default)] highest: String,
    #[server(default)] list_tests_url: String,
    #[server(default)] send_test_url: String,
    #[server(default)] test_status_url: String,
    #[server(default)] response_error_url: String,
    #[server(default)] base_url: String,
    #[server(default)] client_id: String,
    #[server(default)] client_secret: String,
    #[server(default)] api_key: String,
) -> Result<(), AppError> {
    use domain::ports::desk::VendorDraft;

    use super::on_server::{back, refused, setup};
    use crate::access::{CONFIGURE, Granted, require};
    let Granted { viewer, organization } = require(CONFIGURE, &slug).await?;
    let draft = VendorDraft {
        id,
        kind,
        name,
        tag_prefix,
        lowest,
        highest,
        list_tests_url,
        send_test_url,
        test_status_url,
        response_error_url,
        base_url,
        api_key: api_key.into(),
        client_id: client_id.into(),
        client_secret: client_secret.into(),
    };
    let saved = setup()?.save_vendor(organization.id, draft, viewer.email.reveal()).await;
    saved.map_err(|e| refused(&organization, e))?;
    back(&slug, "vendor", "");
    Ok(())
}

/// Removes a vendor.
#[server(prefix = "/app", endpoint = "vendor-remove")]
pub async fn remove_vendor(slug: String, vendor: String) -> Result<(), AppError> {
    use super::on_server::{back, refused, setup};
    use crate::access::{CONFIGURE, Granted, require};
    let Granted { viewer, organization } = require(CONFIGURE, &slug).await?;
    let removed = setup()?.remove_vendor(organization.id, &vendor, viewer.email.reveal()).await;
    removed.map_err(|e| refused(&organization, e))?;
    back(&slug, "vendor-removed", "");
    Ok(())
}

/// Invites from now on.
#[server(prefix = "/app", endpoint = "go-live")]
pub async fn go_live(slug: String) -> Result<(), AppError> {
    use super::on_server::{back, refused, setup};
    use crate::access::{CONFIGURE, Granted, require};
    let Granted { viewer, organization } = require(CONFIGURE, &slug).await?;
    setup()?.go_live(organization.id, viewer.email.reveal()).await.map_err(|e| refused(&organization, e))?;
    back(&slug, "live", "");
    Ok(())
}

/// Sends nothing until someone goes live again.
#[server(prefix = "/app", endpoint = "pause")]
pub async fn pause_organization(slug: String) -> Result<(), AppError> {
    use super::on_server::{back, refused, setup};
    use crate::access::{CONFIGURE, Granted, require};
    let Granted { viewer, organization } = require(CONFIGURE, &slug).await?;
    setup()?.pause(organization.id, viewer.email.reveal()).await.map_err(|e| refused(&organization, e))?;
    back(&slug, "paused", "");
    Ok(())
}
