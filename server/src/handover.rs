//! A secret handed over by a link that opens once. The link's last part is the key it is encrypted with; the store has a hash
//! of it and the ciphertext, and with both of them nobody opens anything.

use std::fmt;

use chacha20poly1305::aead::{Aead as _, KeyInit as _, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use secrecy::{ExposeSecret as _, SecretString};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;
use zeroize::Zeroizing;

use crate::ids;

/// Bytes of the nonce before the ciphertext.
const NONCE: usize = 24;

/// The last part of an address: 256 unguessable bits.
pub struct Token(String);

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(…)")
    }
}

impl Token {
    /// A new one.
    pub fn new() -> Self {
        Self(ids::long_token())
    }

    /// Of an address.
    pub fn of(text: &str) -> Self {
        Self(text.to_owned())
    }

    /// For the address.
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// Under which it is stored.
    pub fn key(&self) -> String {
        ids::hex(&self.digest(b"assay drop"))
    }

    fn digest(&self, purpose: &[u8]) -> [u8; 32] {
        Sha256::new().chain_update(purpose).chain_update([0]).chain_update(&self.0).finalize().into()
    }

    fn cipher(&self) -> XChaCha20Poly1305 {
        XChaCha20Poly1305::new(&self.digest(b"assay drop secret").into())
    }

    /// Encrypts for an organization.
    ///
    /// # Panics
    /// Never: a secret is far below the cipher's limit.
    pub fn seal(&self, organization: Uuid, secret: &SecretString) -> Vec<u8> {
        let nonce: [u8; NONCE] = ids::random();
        let payload = Payload { msg: secret.expose_secret().as_bytes(), aad: organization.as_bytes() };
        let sealed = self.cipher().encrypt(&XNonce::from(nonce), payload);
        [nonce.as_slice(), &sealed.expect("a secret is far below the cipher's limit of 256 GiB")].concat()
    }

    /// Decrypts; `None` if it was changed or is of another link.
    pub fn open(&self, organization: Uuid, sealed: &[u8]) -> Option<SecretString> {
        let (nonce, ciphertext) = sealed.split_at_checked(NONCE)?;
        let nonce = <[u8; NONCE]>::try_from(nonce).ok()?;
        let payload = Payload { msg: ciphertext, aad: organization.as_bytes() };
        let plain = Zeroizing::new(self.cipher().decrypt(&XNonce::from(nonce), payload).ok()?);
        std::str::from_utf8(&plain).ok().map(SecretString::from)
    }
}

impl Default for Token {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_address_opens_it() {
        let (token, other) = (Token::new(), Token::new());
        let of = Uuid::from_u128(7);
        let sealed = token.seal(of, &SecretString::from("lever-key"));
        assert_eq!(token.open(of, &sealed).unwrap().expose_secret(), "lever-key");
        assert!(other.open(of, &sealed).is_none() && token.open(Uuid::from_u128(8), &sealed).is_none());
        assert!(Token::of(&token.key()).open(of, &sealed).is_none(), "what the store has does not open it");
        let mut changed = sealed.clone();
        changed[30] ^= 1;
        assert!(token.open(of, &changed).is_none() && token.open(of, &sealed[..10]).is_none());
        assert!(!format!("{token:?}").contains(token.reveal()));
    }
}
