//! What the forms of trigger stages call. Each answers a form without client code by leading to the next page; what was typed
//! goes with it in the address, so that nothing is lost when it is refused.

use domain::triggers::Draft;
use leptos::prelude::*;

use crate::error::AppError;

/// Adds a row, or changes `row`. `version` is the one of the rules it was typed against.
#[server(prefix = "/app", endpoint = "trigger-save")]
pub async fn save_trigger(
    slug: String,
    version: i64,
    #[server(default)] row: String,
    draft: Draft,
) -> Result<(), AppError> {
    use super::on_server::{changed, key, refused};
    use crate::access::{CONFIGURE, Granted, desk, require};
    let Granted { viewer, organization } = require(CONFIGURE, &slug).await?;
    let place = if row.is_empty() { None } else { Some(key(&row)?) };
    let saved = desk()?.save_trigger(organization.id, version, place.as_ref(), &draft, viewer.email.reveal()).await;
    match saved {
        Ok(key) => {
            leptos_axum::redirect(&changed(&organization, version, place.is_none().then_some(&key)));
            Ok(())
        }
        Err(error) => {
            leptos_axum::redirect(&super::typed::address(&slug, &row, version, &draft));
            Err(refused(&organization, error))
        }
    }
}

/// Removes a row.
#[server(prefix = "/app", endpoint = "trigger-remove")]
pub async fn remove_trigger(slug: String, version: i64, row: String) -> Result<(), AppError> {
    use super::on_server::{changed, key, refused};
    use crate::access::{CONFIGURE, Granted, desk, require};
    let Granted { viewer, organization } = require(CONFIGURE, &slug).await?;
    let removed = desk()?.remove_trigger(organization.id, version, &key(&row)?, viewer.email.reveal()).await;
    removed.map_err(|error| refused(&organization, error))?;
    leptos_axum::redirect(&changed(&organization, version, None));
    Ok(())
}

/// Switches a row on (`to` is `on`) or off.
#[server(prefix = "/app", endpoint = "trigger-switch")]
pub async fn switch_trigger(slug: String, version: i64, row: String, to: String) -> Result<(), AppError> {
    use super::on_server::{changed, key, refused};
    use crate::access::{CONFIGURE, Granted, desk, require};
    let Granted { viewer, organization } = require(CONFIGURE, &slug).await?;
    let on = match to.as_str() {
        "on" => true,
        "off" => false,
        _ => return Err(AppError::Invalid { why: "A row is switched either on or off".to_owned() }.answered()),
    };
    let row = key(&row)?;
    let switched = desk()?.switch_trigger(organization.id, version, &row, on, viewer.email.reveal()).await;
    switched.map_err(|error| refused(&organization, error))?;
    // Who is there already is offered on the row's own page.
    leptos_axum::redirect(&changed(&organization, version, on.then_some(&row)));
    Ok(())
}

/// Puts the rows of version `to` in force again.
#[server(prefix = "/app", endpoint = "trigger-undo")]
pub async fn undo_triggers(slug: String, version: i64, to: i64) -> Result<(), AppError> {
    use super::on_server::refused;
    use crate::access::{CONFIGURE, Granted, desk, require};
    let Granted { viewer, organization } = require(CONFIGURE, &slug).await?;
    let restored = desk()?.restore_triggers(organization.id, version, to, viewer.email.reveal()).await;
    restored.map_err(|error| refused(&organization, error))?;
    leptos_axum::redirect(&format!("{}?undone=yes", crate::address::triggers(&slug)));
    Ok(())
}

/// Reads the tests of a vendor anew.
#[server(prefix = "/app", endpoint = "trigger-tests")]
pub async fn refresh_tests(slug: String, vendor: String) -> Result<(), AppError> {
    use super::on_server::refused;
    use crate::access::{CONFIGURE, Granted, desk, require};
    let Granted { organization, .. } = require(CONFIGURE, &slug).await?;
    let read = desk()?.refresh_tests(organization.id, &vendor).await;
    read.map_err(|error| refused(&organization, error))
}

/// Adds the tag that names a test where another one nearly did, and invites.
#[server(prefix = "/app", endpoint = "trigger-mend-tag")]
pub async fn mend_tag(slug: String, row: String, opportunity: String, test: String) -> Result<(), AppError> {
    use super::on_server::{key, refused};
    use crate::access::{CONFIGURE, Granted, desk, require};
    let Granted { viewer, organization } = require(CONFIGURE, &slug).await?;
    let by = viewer.email.reveal();
    let mended = desk()?.mend_tag(organization.id, &key(&row)?, &opportunity, &test, by).await;
    mended.map_err(|error| refused(&organization, error))?;
    leptos_axum::redirect(&format!("{}?invited=1", crate::address::trigger(&slug, &row)));
    Ok(())
}

/// Invites chosen people who were in the stage before the row was switched on.
#[server(prefix = "/app", endpoint = "trigger-invite-present")]
pub async fn invite_present(
    slug: String,
    row: String,
    #[server(default)] opportunities: Vec<String>,
) -> Result<(), AppError> {
    use super::on_server::{key, refused};
    use crate::access::{CONFIGURE, Granted, desk, require};
    let Granted { viewer, organization } = require(CONFIGURE, &slug).await?;
    let asked = desk()?.invite_present(organization.id, &key(&row)?, &opportunities, viewer.email.reveal()).await;
    let count = asked.map_err(|error| refused(&organization, error))?;
    leptos_axum::redirect(&format!("{}?invited={count}", crate::address::trigger(&slug, &row)));
    Ok(())
}
