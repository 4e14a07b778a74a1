//! Data on its way from the server to the page: Postcard in Base64, behind the version.
//!
//! Postcard writes fields in their order and without names, so its readers are a fraction of those of JSON, and the browser
//! loads one for each type. What it cannot read: `untagged` and internally tagged enums, `flatten`, and fields that are skipped.

use std::fmt;
use std::marker::PhantomData;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

#[cfg(feature = "ssr")]
use crate::error::AppError;

/// Without names, data of another version could be read as something else: a page from before an update must not.
const VERSION: &str = concat!(env!("CARGO_PKG_VERSION"), ":");

/// Data as text.
#[cfg(feature = "ssr")]
pub(crate) fn pack(data: &impl Serialize) -> Result<String, postcard::Error> {
    Ok(VERSION.to_owned() + &STANDARD_NO_PAD.encode(postcard::to_allocvec(data)?))
}

/// Data from its text; none if another version wrote it.
pub(crate) fn unpack<T: DeserializeOwned>(text: &str) -> Option<T> {
    postcard::from_bytes(&bytes(text)?).ok()
}

fn bytes(text: &str) -> Option<Vec<u8>> {
    STANDARD_NO_PAD.decode(text.strip_prefix(VERSION)?).ok()
}

/// The data of a page as it travels: a `T`, not read yet.
pub struct Sent<T> {
    text: String,
    of: PhantomData<fn() -> T>,
}

#[cfg(feature = "ssr")]
impl<T> Sent<T> {
    /// The text.
    pub(crate) fn into_text(self) -> String {
        self.text
    }
}

#[cfg(feature = "ssr")]
impl<T: Serialize> Sent<T> {
    /// The data, written down.
    ///
    /// # Errors
    /// `Unavailable`, for data that has a type Postcard cannot write, like a sequence of unknown length.
    pub fn of(data: &T) -> Result<Self, AppError> {
        pack(data).map(|text| Self { text, of: PhantomData }).map_err(|error| {
            tracing::error!(error = &error as &dyn std::error::Error, "the data of a page cannot be written down");
            AppError::Unavailable { request: None }.answered()
        })
    }
}

impl<T: DeserializeOwned> Sent<T> {
    /// The data from its text; none if another version wrote it.
    pub(crate) fn read(text: &str) -> Option<T> {
        unpack(text)
    }
}

impl<T> fmt::Debug for Sent<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // What is inside may be about people.
        write!(f, "Sent({} bytes)", self.text.len())
    }
}

impl<T> Serialize for Sent<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.text.serialize(serializer)
    }
}

impl<'de, T> Deserialize<'de> for Sent<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Self { text: String::deserialize(deserializer)?, of: PhantomData })
    }
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;

    #[test]
    fn data_reads_back_and_does_not_show_in_debug_output() {
        let data = (Some("Ada".to_owned()), -7_i64, vec![true, false]);
        let sent = Sent::of(&data).unwrap();
        assert_eq!(format!("{sent:?}"), format!("Sent({} bytes)", sent.text.len()));
        assert_eq!(serde_json::to_string(&sent).unwrap(), format!("\"{}\"", sent.text));
        let text = sent.into_text();
        assert_eq!(Sent::read(&text), Some(data));
    }

    #[test]
    fn data_of_another_version_is_not_read() {
        let text = pack(&"Ada").unwrap();
        assert_eq!(unpack::<String>(&text).as_deref(), Some("Ada"));
        assert_eq!(unpack::<String>(&text.replacen(VERSION, "0.0.0-other:", 1)), None);
        assert_eq!(unpack::<String>("<html>"), None);
    }
}
