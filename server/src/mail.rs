//! E-mail: plain text, over SMTP.

use std::fmt;
use std::time::Duration;

use lettre::message::Mailbox;
use lettre::message::header::ContentType;
use lettre::{AsyncSmtpTransport, AsyncTransport as _, Message, Tokio1Executor};
use secrecy::{ExposeSecret as _, SecretString};

/// The mail server's time for one mail.
const PATIENCE: Duration = Duration::from_secs(10);

/// Sends mail as one sender.
pub struct Mailer {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
}

impl fmt::Debug for Mailer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Mailer").field("from", &self.from.to_string()).finish_non_exhaustive()
    }
}

impl Mailer {
    /// With `ASSAY_SMTP_URL` and `ASSAY_MAIL_FROM`. Nothing is connected yet.
    ///
    /// # Errors
    /// A sentence that never repeats the address, which may hold a password.
    pub fn new(url: &SecretString, from: &str) -> Result<Self, String> {
        // Errors of the address would repeat it.
        let transport = AsyncSmtpTransport::<Tokio1Executor>::from_url(url.expose_secret())
            .map_err(|_| "ASSAY_SMTP_URL: is not understood; write it as smtps://user:password@host".to_owned())?
            .timeout(Some(PATIENCE))
            .build();
        let from = from.parse().map_err(|_| "ASSAY_MAIL_FROM: write it as Assay <assay@example.com>".to_owned())?;
        Ok(Self { transport, from })
    }

    /// Sends one mail; returns when the server took it.
    ///
    /// # Errors
    /// What the server said, in words.
    pub async fn send(&self, to: &str, subject: &str, text: String) -> Result<(), String> {
        let to: Mailbox = to.parse().map_err(|_| "the address cannot be written to".to_owned())?;
        let message = Message::builder()
            .from(self.from.clone())
            .to(to)
            .subject(subject)
            .header(ContentType::TEXT_PLAIN)
            .body(text)
            .map_err(|e| e.to_string())?;
        let sent = tokio::time::timeout(PATIENCE * 2, self.transport.send(message)).await;
        match sent {
            Ok(Ok(_)) => Ok(()),
            Ok(Err(error)) => Err(said(&error)),
            Err(_) => Err("the mail server did not answer in time".to_owned()),
        }
    }
}

/// The error with its cause: lettre keeps the interesting part there.
fn said(error: &lettre::transport::smtp::Error) -> String {
    use std::error::Error as _;
    error.source().map_or_else(|| error.to_string(), |cause| format!("{error}: {cause}"))
}
