//! The few parts of a page that are alive in the browser: where they stand, and the data they begin with.
//!
//! The data is Postcard in Base64: its reader in the browser is a fraction of one for JSON. What it cannot read: `untagged`
//! and internally tagged enums, `flatten`, and fields that are skipped. A page of another version of the server is never
//! put in place by the client code of this one, so the data is always understood.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;

/// How the page hears of changes.
pub const LIVE: &str = "live";
/// Whether there is something newer.
pub const NEWER: &str = "newer";
/// Messages.
pub const TOASTS: &str = "toasts";
/// Two thresholds and what they make of past results.
pub const THRESHOLDS: &str = "thresholds";

/// Data as text.
#[cfg(feature = "ssr")]
fn pack(data: &impl serde::Serialize) -> Result<String, postcard::Error> {
    Ok(STANDARD_NO_PAD.encode(postcard::to_allocvec(data)?))
}

/// Data from its text.
#[cfg(any(all(test, feature = "ssr"), feature = "hydrate"))]
pub fn props<T: serde::de::DeserializeOwned>(text: &str) -> Option<T> {
    postcard::from_bytes(&STANDARD_NO_PAD.decode(text).ok()?).ok()
}

#[cfg(feature = "ssr")]
pub(crate) use on_server::{island, island_of};

#[cfg(feature = "ssr")]
mod on_server {
    use leptos::prelude::*;
    use serde::Serialize;

    /// A view that is alive in the browser.
    pub(crate) fn island(name: &'static str, view: AnyView) -> AnyView {
        view! { <div class="island" data-island=name>{view}</div> }.into_any()
    }

    /// A view that is alive in the browser and begins with data.
    pub(crate) fn island_of(name: &'static str, data: &impl Serialize, view: AnyView) -> AnyView {
        let props = super::pack(data).expect("the data of an island has no sequence of unknown length");
        view! { <div class="island" data-island=name data-props=props>{view}</div> }.into_any()
    }
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;

    #[test]
    fn data_reads_back_and_other_text_is_not_read() {
        let data = (Some("Ada".to_owned()), -7_i64, vec![Some(1.5_f64), None]);
        assert_eq!(props(&pack(&data).unwrap()), Some(data));
        assert_eq!(props::<String>("<html>"), None);
    }
}
