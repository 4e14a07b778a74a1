//! The signature of a webhook delivery (Lever's documentation, Webhooks, "Securing webhooks").

use hmac::{Hmac, KeyInit as _, Mac as _};
use secrecy::{ExposeSecret as _, SecretString};
use sha2::Sha256;

/// Whether `signature` is the hexadecimal HMAC-SHA256 of `token` followed by `triggeredAt` under one of `tokens`. Lever gives
/// every webhook its own token, so an organization may have several. `triggered_at_raw` is the number as received.
///
/// The signature covers neither the event nor its data: a right one proves that Lever called, not what it said.
pub fn verify(tokens: &[SecretString], token: &str, triggered_at_raw: &str, signature: &str) -> bool {
    let Some(signature) = unhex(signature) else { return false };
    let matches = |secret: &SecretString| {
        let key = secret.expose_secret().as_bytes();
        let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes keys of any length");
        mac.update(token.as_bytes());
        mac.update(triggered_at_raw.as_bytes());
        // Anybody can sign with an empty key.
        mac.verify_slice(&signature).is_ok() && !key.is_empty()
    };
    // All of them, so that the time does not tell which one matched.
    tokens.iter().fold(false, |found, secret| matches(secret) | found)
}

fn unhex(text: &str) -> Option<[u8; 32]> {
    let digits = text.as_bytes();
    if digits.len() != 64 {
        return None;
    }
    let mut bytes = [0; 32];
    for (byte, pair) in bytes.iter_mut().zip(digits.chunks_exact(2)) {
        let digit = |b: u8| char::from(b).to_digit(16).and_then(|d| u8::try_from(d).ok());
        *byte = digit(pair[0])? << 4 | digit(pair[1])?;
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: &str = "0123456789abcdef0123456789abcdef0123456789abcdef";
    const TOKEN: &str = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
    const AT: &str = "1700000000000";
    const SIGNATURE: &str = "e124bd8e882fa5af01bfaeebaaf018c28ca5c66b5ae1ed4b68a9612ac935512a";

    fn keys(keys: &[&str]) -> Vec<SecretString> {
        keys.iter().map(|k| SecretString::from(*k)).collect()
    }

    #[test]
    fn the_known_vector_passes_under_any_of_the_tokens() {
        assert!(verify(&keys(&[KEY]), TOKEN, AT, SIGNATURE));
        assert!(verify(&keys(&["other", KEY]), TOKEN, AT, SIGNATURE));
        assert!(verify(&keys(&[KEY, "other"]), TOKEN, AT, SIGNATURE));
    }

    #[test]
    fn everything_else_fails() {
        let one_off = format!("f{}", &SIGNATURE[1..]);
        assert!(!verify(&[], TOKEN, AT, SIGNATURE));
        assert!(!verify(&keys(&["other"]), TOKEN, AT, SIGNATURE));
        assert!(!verify(&keys(&[KEY]), TOKEN, "1700000000001", SIGNATURE));
        assert!(!verify(&keys(&[KEY]), &TOKEN[1..], AT, SIGNATURE));
        for signature in ["", "zz", &one_off, &SIGNATURE[..62], &"g".repeat(64), &"é".repeat(32)] {
            assert!(!verify(&keys(&[KEY]), TOKEN, AT, signature), "{signature}");
        }
    }

    #[test]
    fn an_empty_secret_signs_nothing() {
        let mut mac = Hmac::<Sha256>::new_from_slice(b"").unwrap();
        mac.update(format!("{TOKEN}{AT}").as_bytes());
        let forged = crate::ids::hex(&mac.finalize().into_bytes());
        assert!(!verify(&keys(&[""]), TOKEN, AT, &forged));
    }
}
