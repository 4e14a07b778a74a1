//! What the forms of connections call. What a remote does not accept is not stored.

use domain::ports::desk::VendorDraft;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

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
    use super::typed;
    use crate::access::{CONFIGURE, Granted, require};
    use crate::page::refuse_at;
    use server_fn::ServerFn as _;
    let Granted { viewer, organization } = require(CONFIGURE, &slug).await?;
    let base_url = if place == "other" { &other } else { &place };
    let stored = setup()?.store_lever_key(organization.id, base_url, key.into(), viewer.email.reveal()).await;
    stored.map_err(|e| {
        let typed = typed::address(&slug, "lever", "lever", &[("place", &place), ("other", &other)]);
        refuse_at(&typed, StoreLeverKey::PATH, refused(&organization, e))
    })?;
    back(&slug, "key", "lever");
    Ok(())
}

/// Sets in whose name Assay writes.
#[server(prefix = "/app", endpoint = "lever-user")]
pub async fn choose_user(slug: String, #[server(default)] user: String) -> Result<(), AppError> {
    use super::on_server::{back, refused, setup};
    use super::typed;
    use crate::access::{CONFIGURE, Granted, require};
    use crate::page::refuse_at;
    use server_fn::ServerFn as _;
    let Granted { viewer, organization } = require(CONFIGURE, &slug).await?;
    let chosen = setup()?.choose_user(organization.id, &user, viewer.email.reveal()).await;
    chosen.map_err(|e| {
        let typed = typed::address(&slug, "user", "users", &[("user", &user)]);
        refuse_at(&typed, ChooseUser::PATH, refused(&organization, e))
    })?;
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
pub async fn remove_token(slug: String, code: String) -> Result<(), AppError> {
    use super::on_server::{back, refused, setup};
    use crate::access::{CONFIGURE, Granted, require};
    let Granted { viewer, organization } = require(CONFIGURE, &slug).await?;
    let removed = setup()?.remove_token(organization.id, &code, viewer.email.reveal()).await;
    removed.map_err(|e| refused(&organization, e))?;
    back(&slug, "token-removed", "");
    Ok(())
}

/// Makes the webhooks in Lever.
#[server(prefix = "/app", endpoint = "hooks-create")]
pub async fn create_webhooks(slug: String) -> Result<(), AppError> {
    use super::on_server::{back, refused, setup};
    use crate::access::{CONFIGURE, Granted, require};
    use domain::ports::desk::Remade;
    let Granted { viewer, organization } = require(CONFIGURE, &slug).await?;
    let made = setup()?.create_webhooks(organization.id, viewer.email.reveal()).await;
    let made = made.map_err(|e| refused(&organization, e))?;
    back(&slug, if made == Remade::All { "hooks" } else { "hooks-old" }, "");
    Ok(())
}

/// Takes the webhooks that Assay made away in Lever.
#[server(prefix = "/app", endpoint = "hooks-remove")]
pub async fn remove_webhooks(slug: String) -> Result<(), AppError> {
    use super::on_server::{back, refused, setup};
    use crate::access::{CONFIGURE, Granted, require};
    let Granted { viewer, organization } = require(CONFIGURE, &slug).await?;
    let removed = setup()?.remove_webhooks(organization.id, viewer.email.reveal()).await;
    let removed = removed.map_err(|e| refused(&organization, e))?;
    back(&slug, if removed == 0 { "hooks-none" } else { "hooks-removed" }, "");
    Ok(())
}

/// Pauses, and forgets the Lever key.
#[server(prefix = "/app", endpoint = "lever-key-remove")]
pub async fn remove_lever_key(slug: String) -> Result<(), AppError> {
    use super::on_server::{back, refused, setup};
    use crate::access::{CONFIGURE, Granted, require};
    let Granted { viewer, organization } = require(CONFIGURE, &slug).await?;
    let removed = setup()?.remove_lever_key(organization.id, viewer.email.reveal()).await;
    removed.map_err(|e| refused(&organization, e))?;
    back(&slug, "key-removed", "");
    Ok(())
}

/// The fields of the form of a vendor. Some are secrets: `Debug` shows none.
#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct VendorForm {
    id: String,
    kind: String,
    name: String,
    tag_prefix: String,
    lowest: String,
    highest: String,
    list_tests_url: String,
    send_test_url: String,
    test_status_url: String,
    response_error_url: String,
    base_url: String,
    client_id: String,
    client_secret: String,
    api_key: String,
}

impl std::fmt::Debug for VendorForm {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("VendorForm(…)")
    }
}

#[cfg(feature = "ssr")]
impl VendorForm {
    /// What is no secret.
    fn typed(&self) -> Vec<(&'static str, &str)> {
        let values = [
            &self.id,
            &self.kind,
            &self.name,
            &self.tag_prefix,
            &self.lowest,
            &self.highest,
            &self.list_tests_url,
            &self.send_test_url,
            &self.test_status_url,
            &self.response_error_url,
            &self.base_url,
        ];
        super::typed::VENDOR.into_iter().zip(values.map(String::as_str)).collect()
    }
}

impl From<VendorForm> for VendorDraft {
    fn from(typed: VendorForm) -> Self {
        Self {
            id: typed.id,
            kind: typed.kind,
            name: typed.name,
            tag_prefix: typed.tag_prefix,
            lowest: typed.lowest,
            highest: typed.highest,
            list_tests_url: typed.list_tests_url,
            send_test_url: typed.send_test_url,
            test_status_url: typed.test_status_url,
            response_error_url: typed.response_error_url,
            base_url: typed.base_url,
            api_key: typed.api_key.into(),
            client_id: typed.client_id.into(),
            client_secret: typed.client_secret.into(),
        }
    }
}

/// Adds a vendor, or changes the one with its `id`.
#[server(prefix = "/app", endpoint = "vendor-save")]
pub async fn save_vendor(slug: String, #[server(default)] version: i64, vendor: VendorForm) -> Result<(), AppError> {
    use super::on_server::{back, refused, setup};
    use super::typed;
    use crate::access::{CONFIGURE, Granted, require};
    use crate::page::refuse_at;
    use server_fn::ServerFn as _;
    let Granted { viewer, organization } = require(CONFIGURE, &slug).await?;
    let part = if vendor.id.is_empty() { format!("new-{}", vendor.kind) } else { vendor.id.clone() };
    let typed = typed::address(&slug, "vendor", &part, &vendor.typed());
    let saved = setup()?.save_vendor(organization.id, version, vendor.into(), viewer.email.reveal()).await;
    saved.map_err(|e| refuse_at(&typed, SaveVendor::PATH, refused(&organization, e)))?;
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
