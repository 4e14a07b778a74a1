//! `assay user`: accounts of people.

use std::io::Read as _;

use clap::{Args, Subcommand};
use domain::Personal;
use domain::audit::Author;
use domain::ports::store::Account;
use domain::ports::{Store, StoreError};
use domain::role::Role;
use secrecy::SecretString;
use serde::Serialize;
use zeroize::Zeroizing;

use super::settings::Settings;
use super::{out, wire};
use crate::failure::{Exit, Failure};
use crate::people;

/// Shortest and longest password in characters, the same as on the sign-in pages. The upper bound keeps hashing cheap.
const SHORTEST: usize = 12;
const LONGEST: usize = 128;

#[derive(Debug, Subcommand)]
pub(super) enum User {
    /// Create an account
    Create(Create),
    /// One account a line
    List(List),
    /// Set a new password and end all sessions
    ResetPassword(ResetPassword),
    /// End all sessions and let the person sign in no more
    Disable(Disable),
}

#[derive(Debug, Args)]
pub(super) struct Create {
    /// Address to sign in with
    #[arg(long, value_parser = address)]
    email: String,
    /// What the person may do: owner, account-manager, super-admin, admin, recruiter or limited
    #[arg(long, value_parser = role)]
    role: Role,
    /// Organization, for super-admin, admin, recruiter and limited
    #[arg(long, value_name = "SLUG")]
    org: Option<String>,
    /// Read the password from the first line of standard input
    #[arg(long, required = true)]
    password_stdin: bool,
    #[command(flatten)]
    settings: Settings,
}

#[derive(Debug, Args)]
pub(super) struct List {
    /// One JSON object a line
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    settings: Settings,
}

#[derive(Debug, Args)]
pub(super) struct ResetPassword {
    /// Whose
    #[arg(long, value_parser = address)]
    email: String,
    /// Read the password from the first line of standard input
    #[arg(long, required = true)]
    password_stdin: bool,
    #[command(flatten)]
    settings: Settings,
}

#[derive(Debug, Args)]
pub(super) struct Disable {
    /// Whose
    #[arg(long, value_parser = address)]
    email: String,
    #[command(flatten)]
    settings: Settings,
}

fn role(text: &str) -> Result<Role, String> {
    Role::parse(text).ok_or_else(|| format!("write one of {}", Role::ALL.map(Role::as_str).join(", ")))
}

/// Addresses are kept in lower case. Only the form is checked: whether mail arrives is another question.
fn address(text: &str) -> Result<String, String> {
    people::email(text).map_err(|why| why.to_string())
}

impl User {
    pub(super) async fn run(self) -> Result<(), Failure> {
        match self {
            Self::Create(command) => create(command).await,
            Self::List(command) => list(&command.settings, command.json).await,
            Self::ResetPassword(command) => {
                let store = wire::store(&super::configured(&command.settings)?).await?;
                let account = account(&*store, &command.email).await?;
                let hash = wire::hash_password(password()?).await?;
                store
                    .set_password(account.id, hash, &Author::on_command_line(wire::now()))
                    .await
                    .map_err(|e| not_changed(&e))?;
                out::line(&format!("{} has a new password; all sessions have ended", command.email))
            }
            Self::Disable(command) => {
                let store = wire::store(&super::configured(&command.settings)?).await?;
                let account = account(&*store, &command.email).await?;
                let by = Author::on_command_line(wire::now());
                match store.switch_account(account.id, true, &by).await {
                    Err(StoreError::Conflict(_)) => {
                        let what =
                            "this is the last owner, or the last super admin of its organization; create another first";
                        return Err(Failure::new(Exit::Failed, what));
                    }
                    other => other.map_err(|e| not_changed(&e))?,
                }
                out::line(&format!("{} may not sign in any more; all sessions have ended", command.email))
            }
        }
    }
}

async fn create(command: Create) -> Result<(), Failure> {
    check_organization(command.role, command.org.as_deref())?;
    let store = wire::store(&super::configured(&command.settings)?).await?;
    let organization = match &command.org {
        Some(slug) => Some(super::organization(&*store, slug).await?.id),
        None => None,
    };
    let password_hash = wire::hash_password(password()?).await?;
    let email = Personal::new(command.email.clone());
    let id = crate::ids::row();
    let account = Account { id, email, role: command.role, organization, password_hash, disabled: false };
    match store.create_account(account, &Author::on_command_line(wire::now())).await {
        Ok(()) => out::line(&format!("created {} as {}", command.email, command.role.as_str())),
        Err(StoreError::Conflict(_)) => {
            let what =
                "there is an account with this --email already; `assay user reset-password` gives it a new password";
            Err(Failure::new(Exit::Failed, what))
        }
        Err(e) => Err(not_changed(&e)),
    }
}

fn check_organization(role: Role, organization: Option<&str>) -> Result<(), Failure> {
    let sentence = match (role.is_of_organization(), organization) {
        (true, None) => format!("--org is missing: a {} belongs to an organization; add --org SLUG", role.as_str()),
        (false, Some(_)) => format!("--org does not go with --role {}: remove --org", role.as_str()),
        _ => return Ok(()),
    };
    Err(Failure::new(Exit::Usage, sentence))
}

fn not_changed(error: &StoreError) -> Failure {
    Failure::database("the account was not changed", error)
}

async fn account(store: &dyn Store, email: &str) -> Result<Account, Failure> {
    let found = store.account_by_email(email).await.map_err(|e| not_changed(&e))?;
    found.ok_or_else(|| {
        Failure::new(Exit::Usage, format!("there is no account with --email {email}; `assay user list` shows all"))
    })
}

/// The first line of standard input.
fn password() -> Result<SecretString, Failure> {
    let mut input = Zeroizing::new(Vec::new());
    // A character has at most four bytes; room for the end of the line.
    let mut limited = std::io::stdin().lock().take(LONGEST as u64 * 4 + 3);
    limited
        .read_to_end(&mut input)
        .map_err(|e| Failure::new(Exit::Usage, format!("--password-stdin: standard input cannot be read: {e}")))?;
    first_line(&input).map_err(|what| Failure::new(Exit::Usage, format!("--password-stdin: {what}")))
}

fn first_line(input: &[u8]) -> Result<SecretString, String> {
    let text = std::str::from_utf8(input).map_err(|_| "the password is not UTF-8; write it in UTF-8")?;
    let line = text.split('\n').next().unwrap_or_default();
    let line = line.strip_suffix('\r').unwrap_or(line);
    if line.chars().count() < SHORTEST {
        return Err(format!(
            "the first line of standard input is the password and needs at least {SHORTEST} characters"
        ));
    }
    if line.chars().count() > LONGEST {
        return Err(format!("the password is longer than {LONGEST} characters; choose a shorter one"));
    }
    Ok(SecretString::from(line))
}

#[derive(Serialize)]
struct Row {
    email: String,
    role: String,
    organization: Option<String>,
    disabled: bool,
    created: String,
}

async fn list(settings: &Settings, json: bool) -> Result<(), Failure> {
    let store = wire::store(&super::configured(settings)?).await?;
    let all = store.accounts().await.map_err(|e| Failure::database("the accounts could not be read", &e))?;
    let rows = all.into_iter().map(|u| Row {
        // Whoever runs this command owns the database.
        email: u.email.reveal().to_owned(),
        role: u.role,
        organization: u.organization,
        disabled: u.disabled,
        created: u.created_at.to_string(),
    });
    if json {
        return out::json(rows);
    }
    let word = |disabled: bool| if disabled { "disabled" } else { "active" }.to_owned();
    let cells: Vec<Vec<String>> =
        rows.map(|r| vec![r.email, r.role, r.organization.unwrap_or_default(), word(r.disabled), r.created]).collect();
    out::table(&["email", "role", "organization", "state", "created"], &cells)
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret as _;

    use super::*;

    #[test]
    fn the_password_is_the_first_line() {
        for input in ["correct horse", "correct horse\n", "correct horse\r\nmore"] {
            assert_eq!(first_line(input.as_bytes()).unwrap().expose_secret(), "correct horse", "{input:?}");
        }
        assert_eq!(first_line(b" spaces count \n").unwrap().expose_secret(), " spaces count ");
        for wrong in [
            &b""[..],
            b"\n",
            b"short\nlong enough by far",
            b"\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff",
            &[b'a'; 129],
        ] {
            assert!(first_line(wrong).is_err());
        }
    }

    #[test]
    fn roles_of_an_organization_need_one_and_others_refuse_it() {
        for role in Role::ALL {
            assert_eq!(check_organization(role, Some("acme")).is_ok(), role.is_of_organization());
            assert_eq!(check_organization(role, None).is_ok(), !role.is_of_organization());
        }
        assert_eq!(check_organization(Role::Admin, None).unwrap_err().exit, Exit::Usage);
    }

    #[test]
    fn addresses_are_lower_case() {
        assert_eq!(address(" Ada@Example.COM ").unwrap(), "ada@example.com");
        for wrong in ["", "ada", "@b", "a b@c.example"] {
            assert!(address(wrong).is_err(), "{wrong:?}");
        }
    }
}
