//! Instants for people: finished on the server, in the reader's time zone, so that both sides render the same.

/// An instant, ready to be shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct When {
    /// RFC 3339 in UTC.
    pub iso: String,
    /// For people, with the zone's abbreviation.
    pub words: String,
}

#[cfg(feature = "ssr")]
pub use on_server::{Format, Times, Zones, when};

#[cfg(feature = "ssr")]
mod on_server {
    use std::fmt;
    use std::sync::Arc;

    use domain::Timestamp;
    use leptos::prelude::with_context;

    use super::When;

    /// Instant and IANA time zone to words.
    pub type Format = dyn Fn(Timestamp, &str) -> String + Send + Sync;

    /// Formats instants in IANA time zones. Provided by the server, which has the zones.
    #[derive(Clone)]
    pub struct Times {
        format: Arc<Format>,
        zone: Option<String>,
    }

    impl Times {
        /// With this formatter, for a reader who has not said in which zone they read.
        pub fn new(format: Arc<Format>) -> Self {
            Self { format, zone: None }
        }

        /// For a reader who reads in this zone, if they have said so.
        #[must_use]
        pub fn read_in(self, zone: Option<String>) -> Self {
            Self { zone, ..self }
        }
    }

    impl fmt::Debug for Times {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.debug_struct("Times").field("zone", &self.zone).finish_non_exhaustive()
        }
    }

    /// The IANA time zones that people can choose from, by name. Provided by the server.
    #[derive(Clone, Debug)]
    pub struct Zones(pub Arc<[String]>);

    /// The instant in the reader's zone; in the given one where they have not set any; in UTC where no formatter was
    /// provided.
    pub fn when(at: Timestamp, zone: &str) -> When {
        let iso = at.to_string();
        let words = with_context::<Times, _>(|times| (times.format)(at, times.zone.as_deref().unwrap_or(zone)));
        let words = words.unwrap_or_else(|| iso.clone());
        When { iso, words }
    }
}
