//! The one home of randomness in ids: everything else takes an id as an argument.

use rand::Rng as _;
use uuid::Uuid;

/// A new row id: version 7, so that neighbours in time are neighbours in an index.
#[expect(clippy::disallowed_methods, reason = "the one home of ids")]
pub fn row() -> Uuid {
    Uuid::now_v7()
}

/// 32 unguessable hexadecimal digits (128 bits): addresses of hooks, callbacks and reports.
pub fn token() -> String {
    hex(&random::<16>())
}

/// 64 unguessable hexadecimal digits (256 bits): sessions.
pub fn long_token() -> String {
    hex(&random::<32>())
}

/// Bytes from the thread's cryptographic generator.
pub fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    rand::rng().fill_bytes(&mut bytes);
    bytes
}

/// Lower-case hexadecimal.
pub fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut out, b| {
        let _ = write!(out, "{b:02x}");
        out
    })
}

/// A new id that also serves as an address nobody can guess (122 random bits): orders.
#[expect(clippy::disallowed_methods, reason = "the one home of ids")]
pub fn unguessable() -> Uuid {
    Uuid::new_v4()
}
