//! What the page of people says, and what its forms have in common.

use std::sync::Arc;

use domain::audit::Author;
use domain::ports::StoreError;
use domain::ports::desk::{Mailed, PeopleDesk, PeopleError};
use domain::ports::store::{Link, LinkPurpose, Organization};
use domain::read::PersonRow;
use domain::role::Role;
use leptos::prelude::use_context;
use uuid::Uuid;

use super::{LinkLine, PeopleView, PersonLine};
use crate::access::{Granted, MANAGE_PEOPLE, RUN_INSTANCE, Viewer, clock, require, require_everywhere, store};
use crate::error::AppError;
use crate::ui::Choice;
use crate::when::when;
use crate::{address, text};

/// Whose people the viewer may manage.
pub async fn allowed(slug: &str) -> Result<(Viewer, Option<Organization>), AppError> {
    if slug.is_empty() {
        return Ok((require_everywhere(RUN_INSTANCE)?, None));
    }
    let Granted { viewer, organization } = require(MANAGE_PEOPLE, slug).await?;
    Ok((viewer, Some(organization)))
}

/// Where links are made.
pub fn people() -> Result<Arc<dyn PeopleDesk>, AppError> {
    use_context::<Arc<dyn PeopleDesk>>().ok_or_else(|| AppError::Unavailable { request: None }.answered())
}

/// The viewer, now.
pub fn author(viewer: &Viewer) -> Result<Author, AppError> {
    Ok(Author::on_page(viewer.email.reveal(), clock()?.now()))
}

fn roles(of_organization: bool) -> impl Iterator<Item = Role> {
    Role::ALL.into_iter().filter(move |role| role.is_of_organization() == of_organization)
}

/// The role of that name, if it is one of the place.
pub fn role_of(of_organization: bool, name: &str) -> Result<Role, AppError> {
    roles(of_organization)
        .find(|role| role.as_str() == name)
        .ok_or_else(|| AppError::Invalid { why: "Role: choose one of the list".to_owned() }.answered())
}

/// An account of this place other than the viewer's own: nobody locks themselves out.
pub async fn of_scope(viewer: &Viewer, organization: Option<&Organization>, account: &str) -> Result<Uuid, AppError> {
    let id = Uuid::parse_str(account).map_err(|_| AppError::NotFound.answered())?;
    let found = store()?.account(id).await?.filter(|a| a.organization == organization.map(|o| o.id));
    let account = found.ok_or_else(|| AppError::NotFound.answered())?;
    if account.id == viewer.account {
        let why = "This is your own account: someone else changes it".to_owned();
        return Err(AppError::Invalid { why }.answered());
    }
    Ok(account.id)
}

/// What the store did, with its own guard in words.
pub fn changed(done: Result<(), StoreError>) -> Result<(), AppError> {
    match done {
        Err(StoreError::Conflict(guard)) if guard == "users_last" => {
            let why = "Somebody has to be left: this is the last active account of its role. Give the role to someone else \
                       first";
            Err(AppError::Invalid { why: why.to_owned() }.answered())
        }
        other => Ok(other?),
    }
}

/// Why nobody was invited.
pub fn refused(error: PeopleError) -> AppError {
    match error {
        PeopleError::Store(error) => error.into(),
        PeopleError::Refused(why) => AppError::Invalid { why }.answered(),
    }
}

/// The link is made; whether it was mailed. That it could not be is said like a refusal, though the link is there.
pub fn mailed(mailed: Mailed) -> Result<bool, AppError> {
    match mailed {
        Mailed::Off => Ok(false),
        Mailed::Sent => Ok(true),
        Mailed::Failed(why) => {
            let why = format!("The link is made and stands below, but it could not be mailed: {why}");
            Err(AppError::Partly { why }.answered())
        }
    }
}

/// Back to the page, with a word for what happened.
pub fn back(slug: &str, told: &str) {
    leptos_axum::redirect(&format!("{}?told={told}", address::people(slug)));
}

fn said(told: &str) -> Option<String> {
    let sentence = match told {
        "invited" => "Invited. The link stands below; it works once.",
        "invited-mailed" => "Invited. The link is mailed, and stands below; it works once.",
        "invited-again" => {
            "Invited again: the new link stands below, and the one before for the same address opens nothing any more."
        }
        "invited-again-mailed" => {
            "Invited again: the new link is mailed, and the one before for the same address opens nothing any more."
        }
        "role" => "The role is changed, from the next page on.",
        "disabled" => {
            "Disabled: all sessions have ended, and a link for a new password that was open opens nothing any more."
        }
        "enabled" => "Enabled: the person signs in with the password they had.",
        "reset-mailed" => {
            "The link for a new password is mailed, and stands beside the person; it works once, for a day."
        }
        "reset" => "The link for a new password stands beside the person; it works once, for a day.",
        "removed" => "Taken back: the link opens nothing any more.",
        _ => return None,
    };
    Some(sentence.to_owned())
}

/// The role that is chosen beforehand: an organization needs a super admin first, and has many recruiters afterwards. Never
/// more than most need.
fn usual_role(of_organization: bool, nobody_yet: bool) -> Role {
    match (of_organization, nobody_yet) {
        (true, true) => Role::SuperAdmin,
        (true, false) => Role::Recruiter,
        (false, _) => Role::AccountManager,
    }
}

/// The page.
pub async fn view(viewer: Viewer, organization: Option<Organization>, told: &str) -> Result<PeopleView, AppError> {
    let (store, desk, now) = (store()?, people()?, clock()?.now());
    let id = organization.as_ref().map(|o| o.id);
    let zone = organization.as_ref().map_or_else(|| "UTC".to_owned(), |o| o.rules.timezone.clone());
    let line = |link: &Link| LinkLine {
        id: link.id.to_string(),
        email: link.email.clone(),
        role: text::role(link.role).to_owned(),
        by: link.by.clone(),
        expires: when(link.expires_at, &zone),
        expired: link.expires_at <= now,
        address: desk.address(link),
    };
    let links = store.invitations(id).await?;
    let reset = |account: Uuid| links.iter().find(|l| l.account == Some(account)).map(&line);
    let person = |row: PersonRow| PersonLine {
        id: row.id.to_string(),
        role: row.role.as_str().to_owned(),
        role_words: text::role(row.role).to_owned(),
        disabled: row.disabled,
        is_you: row.id == viewer.account,
        seen: row.seen_at.map(|at| when(at, &zone)),
        reset: reset(row.id),
        email: row.email,
    };
    let people: Vec<PersonLine> = store.people(id).await?.into_iter().map(person).collect();
    let nobody_yet = people.is_empty() && links.is_empty();
    Ok(PeopleView {
        people,
        usual_role: usual_role(organization.is_some(), nobody_yet).as_str().to_owned(),
        invitations: links.iter().filter(|l| l.purpose == LinkPurpose::Invite).map(&line).collect(),
        roles: roles(organization.is_some()).map(|r| Choice::new(r.as_str(), text::role(r))).collect(),
        has_mail: desk.has_mail(),
        said: said(told),
        slug: organization.as_ref().map(|o| o.rules.slug.clone()).unwrap_or_default(),
        organization: organization.map(|o| o.rules.name),
    })
}
