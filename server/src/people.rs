//! Bringing people in: links by which they set a password, and the mail that carries them.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use deunicode::deunicode;
use domain::audit::Author;
use domain::ports::desk::{Invited, Mailed, PeopleDesk, PeopleError};
use domain::ports::store::{Application, Link, LinkPurpose, Store, StoreError};
use domain::role::Role;
use domain::rules::{Rules, SAMPLE_SLUG};
use domain::{Clock, Personal, Timestamp};
use secrecy::{ExposeSecret as _, SecretString};
use uuid::Uuid;
use zeroize::Zeroizing;

use crate::handover::Token;
use crate::mail::Mailer;
use crate::organization::checks;
use crate::remote::{Call, Http, Limits, Method, Url};
use crate::secrets::Vault;
use crate::{ids, sample};

/// An invitation opens nothing after this.
const INVITE: Duration = Duration::from_hours(7 * 24);
/// A link for a new password.
const RESET: Duration = Duration::from_hours(24);
/// The link of the first owner.
const SET_UP: Duration = Duration::from_hours(24);
/// Bytes of the code in an address: nobody guesses 128 bits.
const CODE: usize = 16;
/// Longest name of an organization, in characters.
const LONGEST_NAME: usize = 100;
/// Where our own address is looked for.
pub const ECHO: &str = "/.well-known/assay";

/// Makes and reads links.
#[derive(Debug)]
pub struct Reception {
    store: Arc<dyn Store>,
    vault: Vault,
    clock: Arc<dyn Clock>,
    public_url: String,
    mailer: Option<Arc<Mailer>>,
    http: Http,
}

impl Reception {
    /// With these parts.
    pub fn new(
        store: Arc<dyn Store>,
        vault: Vault,
        clock: Arc<dyn Clock>,
        public_url: String,
        mailer: Option<Mailer>,
        http: Http,
    ) -> Self {
        Self { store, vault, clock, public_url, mailer: mailer.map(Arc::new), http }
    }

    /// The token of a one-time link that was asked for by a form: of the same form with the same secret the same one, and
    /// without the key of this instance nobody makes it.
    pub fn token_of_form(&self, organization: Uuid, by: &str, form: &str, secret: &SecretString) -> Token {
        let parts =
            [organization.as_bytes().as_slice(), by.as_bytes(), form.as_bytes(), secret.expose_secret().as_bytes()];
        let data = Zeroizing::new(parts.join(&0));
        Token::of(&ids::hex(&self.vault.code("hand over", &data)))
    }

    /// An address of its own for the first owner, where nobody owns this instance yet; the one before opens nothing any more.
    ///
    /// # Errors
    /// The database.
    pub async fn set_up(&self) -> Result<Option<String>, StoreError> {
        if self.store.has_owner().await? {
            return Ok(None);
        }
        let now = self.clock.now();
        let link = self.link(LinkPurpose::SetUp, "", Role::Owner, now, SET_UP);
        let address = self.address(&link);
        self.store.make_link(link, &Author::system("assay", now)).await?;
        Ok(Some(address))
    }

    fn link(&self, purpose: LinkPurpose, email: &str, role: Role, now: Timestamp, lasts: Duration) -> Link {
        Link {
            id: ids::unguessable(),
            purpose,
            email: Personal::new(email),
            role,
            organization: None,
            account: None,
            by: "assay".to_owned(),
            created_at: now,
            expires_at: now.plus(lasts),
        }
    }

    fn code(&self, id: Uuid) -> String {
        ids::hex(&self.vault.code("link", id.as_bytes())[..CODE])
    }

    /// While the secret key changes, addresses of before open too.
    fn is_code_of(&self, id: Uuid, code: &str) -> bool {
        self.vault.codes("link", id.as_bytes()).iter().any(|c| same(code.as_bytes(), ids::hex(&c[..CODE]).as_bytes()))
    }

    /// The link of the last part of an address, if it is one of ours, was not used and has not expired.
    ///
    /// # Errors
    /// The database.
    pub async fn read(&self, token: &str) -> Result<Option<Link>, StoreError> {
        let Some((id, code)) = token.split_at_checked(32) else { return Ok(None) };
        let Ok(id) = Uuid::try_parse(id) else { return Ok(None) };
        if !self.is_code_of(id, code) {
            return Ok(None);
        }
        let now = self.clock.now();
        Ok(self.store.link(id).await?.filter(|link| link.expires_at > now))
    }

    /// The answer that only an instance with our key gives.
    pub fn echo(&self, question: &str) -> String {
        ids::hex(&self.vault.code("echo", question.as_bytes())[..CODE])
    }

    async fn mail(&self, link: &Link, organization: Option<&str>) -> Mailed {
        let Some(mailer) = &self.mailer else { return Mailed::Off };
        let (subject, text) = letter(link, organization, &self.address(link));
        match mailer.send(link.email.reveal(), &subject, text).await {
            Ok(()) => Mailed::Sent,
            Err(why) => Mailed::Failed(why),
        }
    }

    /// The name of an organization.
    ///
    /// # Errors
    /// The database.
    pub async fn name(&self, organization: Option<Uuid>) -> Result<Option<String>, StoreError> {
        let Some(id) = organization else { return Ok(None) };
        Ok(Some(self.store.organization_by_id(id).await?.rules.name))
    }
}

/// Compares without saying by its time how much is the same.
fn same(a: &[u8], b: &[u8]) -> bool {
    a.len() == b.len() && a.iter().zip(b).fold(0, |differs, (a, b)| differs | (a ^ b)) == 0
}

fn letter(link: &Link, organization: Option<&str>, address: &str) -> (String, String) {
    let place = organization.map_or_else(|| "Assay".to_owned(), |name| format!("Assay at {name}"));
    let until = link.expires_at;
    match link.purpose {
        LinkPurpose::Reset => (
            "A new password for Assay".to_owned(),
            format!(
                "Choose a new password for {place}:\n\n{address}\n\nThe link works once, until {until}. {} asked for it. \
                 If you did not expect it, leave it: your password stays as it is.\n",
                link.by
            ),
        ),
        LinkPurpose::Invite | LinkPurpose::SetUp => (
            format!("You are invited to {place}"),
            format!(
                "{} invites you to {place}. Choose a password here:\n\n{address}\n\nThe link works once, until {until}.\n",
                link.by
            ),
        ),
    }
}

/// A name in the letters of addresses: as many whole words as fit, or as much as fits of a single one.
fn made_of(name: &str) -> String {
    let plain = deunicode(name).to_lowercase().replace(|c: char| !c.is_ascii_alphanumeric(), "-");
    let words = plain.split('-').filter(|word| !word.is_empty());
    let mut slug = String::new();
    for word in words {
        if slug.is_empty() {
            slug.extend(word.chars().take(checks::LONGEST_SLUG));
        } else if slug.len() + 1 + word.len() > checks::LONGEST_SLUG {
            break;
        } else {
            slug = format!("{slug}-{word}");
        }
    }
    slug
}

/// A slug as typed; one made of the name where nothing was typed.
fn slug_of(typed: &str, name: &str) -> Result<String, PeopleError> {
    let typed = typed.trim();
    let slug = if typed.is_empty() { made_of(name) } else { typed.to_owned() };
    if slug.is_empty() {
        let why = "Short name: none can be made of this name; write one, such as acme";
        return Err(PeopleError::Refused(why.to_owned()));
    }
    checks::slug(&slug).map_err(|why| PeopleError::Refused(format!("Short name: {why}")))
}

/// An address in lower case, if it has the form of one.
///
/// # Errors
/// How to write it.
pub fn email(typed: &str) -> Result<String, PeopleError> {
    let typed = typed.trim().to_lowercase();
    let parsed: Result<lettre::Address, _> = typed.parse();
    match parsed {
        Ok(_) => Ok(typed),
        Err(_) => Err(PeopleError::Refused("E-mail: write it as name@example.com".to_owned())),
    }
}

#[async_trait]
impl PeopleDesk for Reception {
    async fn invite(
        &self,
        organization: Option<Uuid>,
        typed: &str,
        role: Role,
        by: &str,
    ) -> Result<Invited, PeopleError> {
        let email = email(typed)?;
        if role.is_of_organization() != organization.is_some() {
            return Err(PeopleError::Refused("Role: choose one of the list".to_owned()));
        }
        if self.store.account_by_email(&email).await?.is_some() {
            return Err(PeopleError::Refused("E-mail: there is an account with this address already".to_owned()));
        }
        let now = self.clock.now();
        let link =
            Link { organization, by: by.to_owned(), ..self.link(LinkPurpose::Invite, &email, role, now, INVITE) };
        let replaced = self.store.make_link(link.clone(), &Author::on_page(by, now)).await?;
        let mailed = self.mail(&link, self.name(organization).await?.as_deref()).await;
        Ok(Invited { mailed, replaced })
    }

    async fn create_organization(
        &self,
        name: &str,
        slug: &str,
        timezone: &str,
        by: &str,
    ) -> Result<String, PeopleError> {
        let name = name.trim();
        if name.is_empty() || name.chars().count() > LONGEST_NAME {
            return Err(PeopleError::Refused(format!("Name: write 1 to {LONGEST_NAME} characters")));
        }
        let slug = slug_of(slug, name)?;
        let author = Author::on_page(by, self.clock.now());
        let application = Application {
            id: ids::row(),
            hook: ids::token(),
            paused: true,
            expected_version: 0,
            rules: Rules::unconnected(slug.clone(), name.to_owned(), timezone.to_owned()),
            secrets: Vec::new(),
            tests: Vec::new(),
            changes: vec![format!("+ organization {slug}, {name}, {timezone}")],
            author,
        };
        match self.store.apply(application).await {
            Ok(_) => Ok(slug),
            Err(StoreError::Conflict(_)) => Err(PeopleError::Refused(format!(
                "Short name: there is an organization {slug} already; choose another one"
            ))),
            Err(error) => Err(error.into()),
        }
    }

    async fn add_sample(&self, by: &str) -> Result<(), PeopleError> {
        match sample::create(&*self.store, Author::on_page(by, self.clock.now())).await {
            Err(StoreError::Conflict(_)) => {
                let why =
                    format!("There is an organization with the short name {SAMPLE_SLUG} already: look at it first");
                Err(PeopleError::Refused(why))
            }
            other => Ok(other?),
        }
    }

    async fn remove_sample(&self, by: &str) -> Result<(), PeopleError> {
        match sample::remove(&*self.store, &Author::on_page(by, self.clock.now())).await {
            Err(StoreError::Conflict(_)) => Err(PeopleError::Refused(format!(
                "The organization {SAMPLE_SLUG} was connected or changed meanwhile: it is not only a sample any more, and stays"
            ))),
            Err(StoreError::NotFound(_)) => Err(PeopleError::Refused("The sample is not there any more".to_owned())),
            other => Ok(other?),
        }
    }

    async fn reset(&self, organization: Option<Uuid>, account: Uuid, by: &str) -> Result<Mailed, PeopleError> {
        let found = self.store.account(account).await?.filter(|a| a.organization == organization);
        let account = found.ok_or(StoreError::NotFound("account"))?;
        if account.disabled {
            return Err(PeopleError::Refused("The account is disabled: enable it first".to_owned()));
        }
        let now = self.clock.now();
        let link = Link {
            organization,
            account: Some(account.id),
            by: by.to_owned(),
            ..self.link(LinkPurpose::Reset, account.email.reveal(), account.role, now, RESET)
        };
        self.store.make_link(link.clone(), &Author::on_page(by, now)).await?;
        Ok(self.mail(&link, self.name(organization).await?.as_deref()).await)
    }

    async fn tell(&self, organization: Option<Uuid>, subject: &str, path: &str) {
        let Some(mailer) = self.mailer.clone() else { return };
        let people = match self.store.people(organization).await {
            Ok(people) => people,
            Err(error) => return tracing::warn!(%error, "nobody could be told by mail"),
        };
        let role = if organization.is_some() { Role::SuperAdmin } else { Role::AccountManager };
        let to: Vec<Personal> = people.into_iter().filter(|p| p.role == role && !p.disabled).map(|p| p.email).collect();
        let (subject, text) = (subject.to_owned(), format!("{subject}:\n\n{}{path}\n", self.public_url));
        tokio::spawn(async move {
            for email in to {
                if let Err(error) = mailer.send(email.reveal(), &subject, text.clone()).await {
                    tracing::warn!(error, "a notice could not be mailed");
                }
            }
        });
    }

    fn address(&self, link: &Link) -> String {
        let place = if link.purpose == LinkPurpose::SetUp { "setup" } else { "join" };
        format!("{}/{place}/{}{}", self.public_url, link.id.simple(), self.code(link.id))
    }

    fn public_url(&self) -> &str {
        &self.public_url
    }

    fn has_mail(&self) -> bool {
        self.mailer.is_some()
    }

    async fn check_address(&self) -> Result<(), String> {
        let question = ids::token();
        let url = format!("{}{ECHO}/{question}", self.public_url);
        let url = Url::parse(&url).map_err(|e| format!("{url} is not an address: {e}"))?;
        let answer =
            self.http.send(Call::new(Method::GET, url, Limits::VENDOR)).await.map_err(|f| f.of_read().to_string())?;
        if answer.status == 200 && answer.body == self.echo(&question).as_bytes() {
            return Ok(());
        }
        Err(format!("something else answers there, with status {}", answer.status))
    }

    async fn test_mail(&self, to: &str) -> Result<(), String> {
        let to = email(to).map_err(|e| e.to_string())?;
        let Some(mailer) = &self.mailer else {
            return Err("mail is not set up: start with ASSAY_SMTP_URL and ASSAY_MAIL_FROM".to_owned());
        };
        let text = format!("This is a test from Assay at {}. Mail arrives.\n", self.public_url);
        mailer.send(&to, "A test from Assay", text).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_name_who_asks_and_carry_the_link() {
        let link = Link {
            id: Uuid::from_u128(1),
            purpose: LinkPurpose::Invite,
            email: Personal::new("a@b.example"),
            role: Role::Admin,
            organization: None,
            account: None,
            by: "sue@acme.example".into(),
            created_at: Timestamp::EPOCH,
            expires_at: Timestamp::EPOCH,
        };
        let (subject, text) = letter(&link, Some("Acme"), "https://x.example/join/1");
        assert_eq!(subject, "You are invited to Assay at Acme");
        assert!(text.contains("sue@acme.example") && text.contains("https://x.example/join/1"), "{text}");
    }

    #[test]
    fn a_short_name_is_made_of_any_name() {
        let made = |name: &str| slug_of("", name).map_err(|e| e.to_string());
        assert_eq!(made("Bäcker & Söhne").unwrap(), "backer-sohne");
        assert_eq!(made("Łódź Straße 9").unwrap(), "lodz-strasse-9");
        let long = "Vereinigte Oberbayerische Versicherungsgesellschaft für Landwirtschaft und Gartenbau";
        let slug = made(long).unwrap();
        assert_eq!(slug, "vereinigte-oberbayerische-versicherungsgesellschaft-fur");
        assert_eq!(made(&"x".repeat(90)).unwrap(), "x".repeat(63));
        assert!(made("!?").unwrap_err().contains("none can be made of this name"));
    }

    #[test]
    fn codes_are_compared_whole() {
        assert!(same(b"ab", b"ab"));
        assert!(!same(b"ab", b"aB") && !same(b"ab", b"abc") && !same(b"", b"a"));
    }

    #[test]
    fn addresses_are_checked_and_kept_in_lower_case() {
        assert_eq!(email(" Ada@Example.com\r\n").unwrap(), "ada@example.com");
        for wrong in ["", "ada", "a b@c.example", "@x"] {
            assert!(email(wrong).unwrap_err().to_string().starts_with("E-mail: "), "{wrong}");
        }
    }
}
