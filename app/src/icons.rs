//! Icons: our own outlines on a 16 by 16 grid. Always beside a word, so hidden from screen readers.

use leptos::prelude::*;

/// What an icon shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Icon {
    /// The product's mark.
    Mark,
    /// Home.
    Home,
    /// Candidates.
    People,
    /// Organizations.
    Building,
    /// Done.
    Check,
    /// Went wrong.
    Cross,
    /// Someone must look.
    Warning,
    /// Not known.
    Question,
    /// Waits.
    Clock,
    /// On its way.
    Envelope,
    /// Under way.
    Play,
    /// Partly there.
    Half,
    /// Nothing follows.
    Dash,
    /// To be looked at.
    Eye,
    /// Leads out of Assay.
    Outward,
    /// Looking for something.
    Search,
    /// A document.
    Report,
    /// Opens below.
    Chevron,
    /// Stands still.
    Pause,
}

impl Icon {
    const fn path(self) -> &'static str {
        match self {
            Self::Mark => "M2.5 13 8 2.5 13.5 13M5 9.5h6",
            Self::Home => "M2.5 7.5 8 3l5.5 4.5M4 6.5v6.5h8V6.5",
            Self::People => {
                "M6 7.5a2.2 2.2 0 1 0 0-4.4 2.2 2.2 0 0 0 0 4.4ZM2 13c0-2.2 1.8-3.6 4-3.6s4 1.4 4 3.6M10.5 3.4a2.1 2.1 0 0 1 0 3.9M11.8 9.7c1.4.5 2.2 1.7 2.2 3.3"
            }
            Self::Building => "M3.5 13.5V3h6v10.5M9.5 6.5h3v7M2 13.5h12M5.5 5.5h2M5.5 8h2M5.5 10.5h2",
            Self::Check => "M2.5 8a5.5 5.5 0 1 0 11 0 5.5 5.5 0 0 0-11 0ZM5.5 8.2l1.8 1.8 3.3-3.8",
            Self::Cross => "M2.5 8a5.5 5.5 0 1 0 11 0 5.5 5.5 0 0 0-11 0ZM6 6l4 4M10 6l-4 4",
            Self::Warning => "M8 2.5 14 13H2L8 2.5ZM8 6.5v3M8 11.2v.1",
            Self::Question => "M8 2 14 8 8 14 2 8 8 2ZM8 5.5v3M8 10.7v.1",
            Self::Clock => "M2.5 8a5.5 5.5 0 1 0 11 0 5.5 5.5 0 0 0-11 0ZM8 5v3.2l2 1.3",
            Self::Envelope => "M2 4h12v8.5H2V4ZM2.3 4.5 8 8.7l5.7-4.2",
            Self::Play => "M2.5 8a5.5 5.5 0 1 0 11 0 5.5 5.5 0 0 0-11 0ZM6.7 5.7v4.6L10.3 8 6.7 5.7Z",
            Self::Half => "M2.5 8a5.5 5.5 0 1 0 11 0 5.5 5.5 0 0 0-11 0ZM8 2.5v11M8 5h3.5M8 8h5M8 11h3.5",
            Self::Dash => "M2.5 8a5.5 5.5 0 1 0 11 0 5.5 5.5 0 0 0-11 0ZM5.5 8h5",
            Self::Eye => {
                "M1.5 8S4 3.8 8 3.8 14.5 8 14.5 8 12 12.2 8 12.2 1.5 8 1.5 8ZM8 9.9a1.9 1.9 0 1 0 0-3.8 1.9 1.9 0 0 0 0 3.8Z"
            }
            Self::Outward => "M6.5 3.5h-3v9h9v-3M9.5 3h3.5v3.5M12.7 3.3 7.5 8.5",
            Self::Search => "M7 11.5a4.5 4.5 0 1 0 0-9 4.5 4.5 0 0 0 0 9ZM10.3 10.3 13.5 13.5",
            Self::Report => "M4 2h5.5L12.5 5v9H4V2ZM9 2v3.5h3.5M6 8.5h4.5M6 11h4.5",
            Self::Chevron => "M4.5 6.5 8 10l3.5-3.5",
            Self::Pause => "M2.5 8a5.5 5.5 0 1 0 11 0 5.5 5.5 0 0 0-11 0ZM6.5 6v4M9.5 6v4",
        }
    }

    /// The drawing.
    pub fn view(self) -> impl IntoView {
        view! {
            <svg class="icon" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true" focusable="false">
                <path d=self.path()></path>
            </svg>
        }
    }
}
