//! What the forms of people call. An empty slug means the instance.

use leptos::prelude::*;

use crate::error::AppError;

/// Makes a link for a new person, and mails it where mail is set up.
#[server(prefix = "/app", endpoint = "person-invite")]
pub async fn invite_person(
    #[server(default)] slug: String,
    #[server(default)] email: String,
    #[server(default)] role: String,
) -> Result<(), AppError> {
    use super::on_server::{allowed, back, mailed, people, refused, role_of};
    let (viewer, organization) = allowed(&slug).await?;
    let role = role_of(organization.is_some(), &role)?;
    let id = organization.as_ref().map(|o| o.id);
    let made = people()?.invite(id, &email, role, viewer.email.reveal()).await.map_err(refused)?;
    let told = match (made.replaced, mailed(made.mailed)?) {
        (false, false) => "invited",
        (false, true) => "invited-mailed",
        (true, false) => "invited-again",
        (true, true) => "invited-again-mailed",
    };
    back(&slug, told);
    Ok(())
}

/// Gives another role.
#[server(prefix = "/app", endpoint = "person-role")]
pub async fn set_role(#[server(default)] slug: String, account: String, role: String) -> Result<(), AppError> {
    use super::on_server::{allowed, author, back, changed, of_scope, role_of};
    use crate::access::store;
    let (viewer, organization) = allowed(&slug).await?;
    let role = role_of(organization.is_some(), &role)?;
    let account = of_scope(&viewer, organization.as_ref(), &account).await?;
    changed(store()?.set_role(account, role, &author(&viewer)?).await)?;
    back(&slug, "role");
    Ok(())
}

/// Disables an account (`to` is `off`) or enables it (`on`).
#[server(prefix = "/app", endpoint = "person-switch")]
pub async fn switch_person(#[server(default)] slug: String, account: String, to: String) -> Result<(), AppError> {
    use super::on_server::{allowed, author, back, changed, of_scope};
    use crate::access::store;
    let (viewer, organization) = allowed(&slug).await?;
    let disabled = match to.as_str() {
        "on" => false,
        "off" => true,
        _ => return Err(AppError::Invalid { why: "An account is switched either on or off".to_owned() }.answered()),
    };
    let account = of_scope(&viewer, organization.as_ref(), &account).await?;
    changed(store()?.switch_account(account, disabled, &author(&viewer)?).await)?;
    back(&slug, if disabled { "disabled" } else { "enabled" });
    Ok(())
}

/// Makes a link by which someone sets a new password.
#[server(prefix = "/app", endpoint = "person-reset")]
pub async fn reset_person(#[server(default)] slug: String, account: String) -> Result<(), AppError> {
    use super::on_server::{allowed, back, mailed, of_scope, people, refused};
    let (viewer, organization) = allowed(&slug).await?;
    let account = of_scope(&viewer, organization.as_ref(), &account).await?;
    let id = organization.as_ref().map(|o| o.id);
    let made = people()?.reset(id, account, viewer.email.reveal()).await.map_err(refused)?;
    back(&slug, if mailed(made)? { "reset-mailed" } else { "reset" });
    Ok(())
}

/// Takes a link back: it opens nothing any more.
#[server(prefix = "/app", endpoint = "link-remove")]
pub async fn remove_link(#[server(default)] slug: String, link: String) -> Result<(), AppError> {
    use super::on_server::{allowed, author, back};
    use crate::access::store;
    let (viewer, organization) = allowed(&slug).await?;
    let link = uuid::Uuid::parse_str(&link).map_err(|_| AppError::NotFound.answered())?;
    store()?.remove_invitation(organization.as_ref().map(|o| o.id), link, &author(&viewer)?).await?;
    back(&slug, "removed");
    Ok(())
}
