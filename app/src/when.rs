//! Instants for people: finished on the server, in the organization's time zone, so that both sides render the same.

use serde::{Deserialize, Serialize};

/// An instant, ready to be shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct When {
    /// RFC 3339 in UTC.
    pub iso: String,
    /// For people, with the zone's abbreviation.
    pub words: String,
}

#[cfg(feature = "ssr")]
pub use on_server::{Format, Times, when};

#[cfg(feature = "ssr")]
mod on_server {
    use std::fmt;
    use std::sync::Arc;

    use domain::Timestamp;
    use leptos::prelude::use_context;

    use super::When;

    /// Instant and IANA time zone to words.
    pub type Format = dyn Fn(Timestamp, &str) -> String + Send + Sync;

    /// Formats an instant in an IANA time zone. Provided by the server, which has the zones.
    #[derive(Clone)]
    pub struct Times(pub Arc<Format>);

    impl fmt::Debug for Times {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("Times")
        }
    }

    /// The instant in that zone; in UTC where no formatter was provided.
    pub fn when(at: Timestamp, zone: &str) -> When {
        let iso = at.to_string();
        let words = use_context::<Times>().map_or_else(|| iso.clone(), |times| (times.0)(at, zone));
        When { iso, words }
    }
}
