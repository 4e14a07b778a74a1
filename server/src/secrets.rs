//! Credentials at rest: sealed under a key that is not in the database.

use std::fmt;
use std::sync::{Arc, RwLock};

use chacha20poly1305::aead::{Aead as _, KeyInit as _, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use domain::Timestamp;
use domain::ports::store::SealedSecret;
use hmac::{Hmac, Mac as _};
use secrecy::{ExposeSecret as _, SecretString};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;
use zeroize::Zeroizing;

use crate::config::{SecretKey, SecretKeys};

/// Bytes before the ciphertext: key id, nonce.
const NONCE: std::ops::Range<usize> = 1..25;
/// Shorter secrets show none of their characters.
const SHORTEST_SHOWN: usize = 12;

/// Seals and opens secrets. A sealed secret is a byte that tells keys apart, the nonce (24 random bytes) and the ciphertext with
/// its tag (XChaCha20-Poly1305). Organization and name are authenticated with it, so that a ciphertext copied to another row
/// does not open. Clones share their keys: [`Vault::turn`] gives all of them others.
#[derive(Clone)]
pub struct Vault {
    ring: Arc<RwLock<Arc<Vec<Key>>>>,
}

/// One key with what is derived from it.
struct Key {
    cipher: XChaCha20Poly1305,
    codes: [u8; 32],
    id: u8,
}

impl fmt::Debug for Vault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Vault").field("keys", &self.ring().iter().map(|k| k.id).collect::<Vec<_>>()).finish()
    }
}

/// Why a stored secret does not open.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OpenError {
    /// The first byte names another key.
    #[error("it was encrypted with another key; start with the ASSAY_SECRET_KEY it was stored under, or apply it anew")]
    OtherKey,
    /// Changed, cut, moved from another row, or (one time in 256) of another key.
    #[error("it is damaged, was moved from another row or was encrypted with another key; apply it anew")]
    Damaged,
}

impl Key {
    fn new(key: &SecretKey) -> Self {
        let cipher = XChaCha20Poly1305::new(key.expose().into());
        let codes = Sha256::new().chain_update(b"assay codes").chain_update(key.expose()).finalize().into();
        Self { cipher, codes, id: key_id(key) }
    }

    fn code(&self, purpose: &str, data: &[u8]) -> [u8; 32] {
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.codes).expect("HMAC takes keys of any length");
        mac.update(purpose.as_bytes());
        mac.update(&[0]);
        mac.update(data);
        mac.finalize().into_bytes().into()
    }

    fn seal(&self, organization: Uuid, name: &str, secret: &SecretString) -> Vec<u8> {
        let nonce: [u8; 24] = crate::ids::random();
        let payload = Payload { msg: secret.expose_secret().as_bytes(), aad: &self.associated(organization, name) };
        let ciphertext = self
            .cipher
            .encrypt(&XNonce::from(nonce), payload)
            .expect("a secret is far below the cipher's limit of 256 GiB");
        [&[self.id], nonce.as_slice(), &ciphertext].concat()
    }

    fn open(&self, organization: Uuid, name: &str, sealed: &[u8]) -> Result<SecretString, OpenError> {
        let (Some(nonce), Some(ciphertext)) = (sealed.get(NONCE), sealed.get(NONCE.end..)) else {
            return Err(OpenError::Damaged);
        };
        if sealed[0] != self.id {
            return Err(OpenError::OtherKey);
        }
        let nonce = <[u8; 24]>::try_from(nonce).expect("the range is 24 bytes long");
        let payload = Payload { msg: ciphertext, aad: &self.associated(organization, name) };
        let plain = self.cipher.decrypt(&XNonce::from(nonce), payload).map_err(|_| OpenError::Damaged)?;
        let plain = Zeroizing::new(plain);
        std::str::from_utf8(&plain).map(SecretString::from).map_err(|_| OpenError::Damaged)
    }

    /// The id has a fixed length, so that no two pairs of organization and name look alike.
    fn associated(&self, organization: Uuid, name: &str) -> Vec<u8> {
        [&[self.id], organization.as_bytes().as_slice(), name.as_bytes()].concat()
    }
}

impl Vault {
    /// With these keys: the first seals, each opens.
    pub fn new(keys: impl Into<SecretKeys>) -> Self {
        Self { ring: Arc::new(RwLock::new(Arc::new(keys_of(&keys.into())))) }
    }

    /// Other keys from now on, also for its clones.
    pub fn turn(&self, keys: &SecretKeys) {
        *self.ring.write().expect("no thread panics while it holds this lock") = Arc::new(keys_of(keys));
    }

    fn ring(&self) -> Arc<Vec<Key>> {
        Arc::clone(&self.ring.read().expect("no thread panics while it holds this lock"))
    }

    /// A code that only the key that seals gives: for addresses that are nowhere stored. `purpose` keeps uses apart.
    pub fn code(&self, purpose: &str, data: &[u8]) -> [u8; 32] {
        self.ring()[0].code(purpose, data)
    }

    /// The codes that hold: those of every key.
    pub fn codes(&self, purpose: &str, data: &[u8]) -> Vec<[u8; 32]> {
        self.ring().iter().map(|key| key.code(purpose, data)).collect()
    }

    /// Encrypts with a fresh nonce.
    pub fn seal(&self, organization: Uuid, name: &str, secret: &SecretString) -> Vec<u8> {
        self.ring()[0].seal(organization, name, secret)
    }

    /// Encrypts and adds what lists show of it.
    pub fn seal_named(&self, organization: Uuid, name: &str, secret: &SecretString, at: Timestamp) -> SealedSecret {
        SealedSecret {
            name: name.to_owned(),
            sealed: self.seal(organization, name, secret),
            last_four: last_four(secret.expose_secret()),
            created_at: at,
        }
    }

    /// Decrypts what was sealed for this organization under this name.
    ///
    /// # Errors
    /// [`OpenError`]; nothing of the plaintext is released then.
    pub fn open(&self, organization: Uuid, name: &str, sealed: &[u8]) -> Result<SecretString, OpenError> {
        let mut why = OpenError::OtherKey;
        for key in self.ring().iter() {
            match key.open(organization, name, sealed) {
                // Two keys may have the same id, so that another one may still open it.
                Err(OpenError::Damaged) => why = OpenError::Damaged,
                Err(OpenError::OtherKey) => {}
                Ok(secret) => return Ok(secret),
            }
        }
        Err(why)
    }

    /// The same secret under the key that seals; `None` if it is already.
    ///
    /// # Errors
    /// As [`Vault::open`].
    pub fn reseal(&self, organization: Uuid, name: &str, sealed: &[u8]) -> Result<Option<Vec<u8>>, OpenError> {
        let ring = self.ring();
        if ring[0].open(organization, name, sealed).is_ok() {
            return Ok(None);
        }
        let secret = self.open(organization, name, sealed)?;
        Ok(Some(ring[0].seal(organization, name, &secret)))
    }
}

/// There is at least one.
fn keys_of(keys: &SecretKeys) -> Vec<Key> {
    keys.all().iter().map(Key::new).collect()
}

/// Derived from the key, so that it needs no bookkeeping; says nothing useful about it.
fn key_id(key: &SecretKey) -> u8 {
    let digest = Sha256::new().chain_update(b"assay secret key id").chain_update(key.expose()).finalize();
    digest[0]
}

/// What lists show of a secret: its end, unless that is most of it.
pub fn last_four(secret: &str) -> String {
    let count = secret.chars().count();
    if count < SHORTEST_SHOWN { String::new() } else { secret.chars().skip(count - 4).collect() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn vault(byte: u8) -> Vault {
        Vault::new(SecretKey::from_bytes([byte; 32]))
    }

    fn organization() -> Uuid {
        Uuid::from_u128(7)
    }

    #[test]
    fn what_was_sealed_opens_and_two_seals_differ() {
        let secret = SecretString::from("lever-key-ä");
        let (a, b) = (
            vault(1).seal(organization(), "lever.api_key", &secret),
            vault(1).seal(organization(), "lever.api_key", &secret),
        );
        assert_ne!(a, b);
        let opened = vault(1).open(organization(), "lever.api_key", &a).unwrap();
        assert_eq!(opened.expose_secret(), "lever-key-ä");
        assert!(!a.windows(9).any(|w| w == b"lever-key"));
    }

    #[test]
    fn a_changed_byte_anywhere_does_not_open() {
        let sealed = vault(1).seal(organization(), "n", &SecretString::from("value"));
        for at in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[at] ^= 1;
            let expected = if at == 0 { OpenError::OtherKey } else { OpenError::Damaged };
            assert_eq!(vault(1).open(organization(), "n", &changed).unwrap_err(), expected, "byte {at}");
        }
        for length in 0..sealed.len() {
            assert!(vault(1).open(organization(), "n", &sealed[..length]).is_err(), "cut to {length}");
        }
    }

    #[test]
    fn a_ciphertext_in_another_row_does_not_open() {
        let sealed = vault(1).seal(organization(), "lever.api_key", &SecretString::from("value"));
        assert_eq!(
            vault(1).open(organization(), "vendor.py.api_key", &sealed).unwrap_err(),
            OpenError::Damaged,
            "other name"
        );
        assert_eq!(
            vault(1).open(Uuid::from_u128(8), "lever.api_key", &sealed).unwrap_err(),
            OpenError::Damaged,
            "other organization"
        );
    }

    #[test]
    fn another_key_is_named_as_the_cause() {
        let sealed = vault(1).seal(organization(), "n", &SecretString::from("value"));
        let error = vault(2).open(organization(), "n", &sealed).unwrap_err();
        assert_eq!(error, OpenError::OtherKey);
        assert!(error.to_string().contains("ASSAY_SECRET_KEY"));
    }

    #[test]
    fn the_first_key_seals_each_opens_and_clones_turn_with_it() {
        let (old, new) = (SecretKey::from_bytes([1; 32]), SecretKey::from_bytes([2; 32]));
        let sealed = vault(1).seal(organization(), "n", &SecretString::from("value"));
        let running = vault(1);
        let clone = running.clone();
        running.turn(&SecretKeys::from(old).led_by(new));
        assert_eq!(clone.open(organization(), "n", &sealed).unwrap().expose_secret(), "value");
        let anew = clone.reseal(organization(), "n", &sealed).unwrap().expect("it is under the old key");
        assert_eq!(vault(2).open(organization(), "n", &anew).unwrap().expose_secret(), "value");
        assert_eq!(clone.reseal(organization(), "n", &anew).unwrap(), None, "a second time changes nothing");
        assert_eq!(vault(1).open(organization(), "n", &anew).unwrap_err(), OpenError::OtherKey);
        assert!(clone.codes("link", b"a").contains(&vault(1).code("link", b"a")), "links of before still open");
        assert_eq!(clone.code("link", b"a"), vault(2).code("link", b"a"));
        assert_eq!(vault(3).reseal(organization(), "n", &sealed).unwrap_err(), OpenError::OtherKey);
    }

    #[test]
    fn codes_differ_by_key_purpose_and_data() {
        let codes = [
            vault(1).code("link", b"a"),
            vault(2).code("link", b"a"),
            vault(1).code("echo", b"a"),
            vault(1).code("link", b"b"),
            vault(1).code("lin", b"ka"),
        ];
        let different: std::collections::BTreeSet<_> = codes.iter().collect();
        assert_eq!(different.len(), codes.len());
        assert_eq!(codes[0], vault(1).code("link", b"a"));
    }

    #[test]
    fn a_short_secret_shows_nothing() {
        assert_eq!(last_four("abcdefghijkl"), "ijkl");
        assert_eq!(last_four("abcdefghijk"), "");
    }
}
