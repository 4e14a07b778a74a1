//! Credentials and ids that follow from the seed, so that a restarted sandbox knows its clients.

use sha2::{Digest as _, Sha256};

use crate::ids;

/// The credentials of one sandbox.
#[derive(Clone)]
pub(super) struct Keys {
    pub greenhouse: String,
    pub client_id: String,
    pub client_secret: String,
    pub pymetrics: String,
}

impl Keys {
    pub fn of(seed: &str) -> Self {
        Self {
            greenhouse: digest(seed, "greenhouse api key"),
            client_id: uuid(seed, "pymetrics client id"),
            client_secret: digest(seed, "pymetrics client secret"),
            pymetrics: digest(seed, "pymetrics api key"),
        }
    }
}

impl std::fmt::Debug for Keys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Keys")
    }
}

/// 40 hexadecimal digits that follow from `seed` and `what`.
pub(super) fn digest(seed: &str, what: &str) -> String {
    ids::hex(&hash(seed, what)[..20])
}

/// A UUID that follows from `seed` and `what`.
pub(super) fn uuid(seed: &str, what: &str) -> String {
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&hash(seed, what)[..16]);
    uuid::Builder::from_random_bytes(bytes).into_uuid().to_string()
}

fn hash(seed: &str, what: &str) -> [u8; 32] {
    Sha256::digest(format!("{seed}\n{what}")).into()
}
