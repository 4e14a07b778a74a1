//! Icons: our own outlines on a 16 by 16 grid. Always beside a word, so hidden from screen readers.

use leptos::prelude::*;
use leptos::tachys::html::InertElement;

/// The element around a path.
macro_rules! svg {
    ($path:literal) => {
        concat!(
            r#"<svg class="icon" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true" focusable="false"><path d=""#,
            $path,
            r#""></path></svg>"#
        )
    };
}

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
    /// Adds.
    Plus,
    /// Closes or takes away.
    Close,
    /// Opens the navigation.
    Menu,
    /// More actions.
    Dots,
    /// Puts into the clipboard.
    Copy,
    /// Keys.
    Keyboard,
    /// Settings, rules.
    Sliders,
    /// Connections.
    Plug,
    /// Events, as they come.
    Pulse,
    /// Reports, figures.
    Chart,
    /// Agents.
    Robot,
    /// Access, audit.
    Shield,
    /// Secrets.
    Key,
    /// Issues.
    Flag,
    /// Notifications.
    Bell,
    /// Two that may be one.
    Merge,
    /// Once more.
    Repeat,
    /// Takes back.
    Undo,
    /// Removes for good.
    Trash,
    /// As a file.
    Download,
    /// The one before.
    Left,
    /// The next one.
    Right,
    /// Ascending.
    Up,
    /// Descending.
    Down,
    /// How-tos.
    Book,
}

impl Icon {
    /// All of them, for the gallery.
    #[cfg(feature = "ssr")]
    pub(crate) const ALL: [Self; 44] = [
        Self::Mark,
        Self::Home,
        Self::People,
        Self::Building,
        Self::Check,
        Self::Cross,
        Self::Warning,
        Self::Question,
        Self::Clock,
        Self::Envelope,
        Self::Play,
        Self::Half,
        Self::Dash,
        Self::Eye,
        Self::Outward,
        Self::Search,
        Self::Report,
        Self::Chevron,
        Self::Pause,
        Self::Plus,
        Self::Close,
        Self::Menu,
        Self::Dots,
        Self::Copy,
        Self::Keyboard,
        Self::Sliders,
        Self::Plug,
        Self::Pulse,
        Self::Chart,
        Self::Robot,
        Self::Shield,
        Self::Key,
        Self::Flag,
        Self::Bell,
        Self::Merge,
        Self::Repeat,
        Self::Undo,
        Self::Trash,
        Self::Download,
        Self::Left,
        Self::Right,
        Self::Up,
        Self::Down,
        Self::Book,
    ];

    const fn drawing(self) -> &'static str {
        match self {
            Self::Mark => svg!("M2.5 13 8 2.5 13.5 13M5 9.5h6"),
            Self::Home => svg!("M2.5 7.5 8 3l5.5 4.5M4 6.5v6.5h8V6.5"),
            Self::People => svg!(
                "M6 7.5a2.2 2.2 0 1 0 0-4.4 2.2 2.2 0 0 0 0 4.4ZM2 13c0-2.2 1.8-3.6 4-3.6s4 1.4 4 3.6M10.5 3.4a2.1 2.1 0 0 1 0 3.9M11.8 9.7c1.4.5 2.2 1.7 2.2 3.3"
            ),
            Self::Building => svg!("M3.5 13.5V3h6v10.5M9.5 6.5h3v7M2 13.5h12M5.5 5.5h2M5.5 8h2M5.5 10.5h2"),
            Self::Check => svg!("M2.5 8a5.5 5.5 0 1 0 11 0 5.5 5.5 0 0 0-11 0ZM5.5 8.2l1.8 1.8 3.3-3.8"),
            Self::Cross => svg!("M2.5 8a5.5 5.5 0 1 0 11 0 5.5 5.5 0 0 0-11 0ZM6 6l4 4M10 6l-4 4"),
            Self::Warning => svg!("M8 2.5 14 13H2L8 2.5ZM8 6.5v3M8 11.2v.1"),
            Self::Question => svg!("M8 2 14 8 8 14 2 8 8 2ZM8 5.5v3M8 10.7v.1"),
            Self::Clock => svg!("M2.5 8a5.5 5.5 0 1 0 11 0 5.5 5.5 0 0 0-11 0ZM8 5v3.2l2 1.3"),
            Self::Envelope => svg!("M2 4h12v8.5H2V4ZM2.3 4.5 8 8.7l5.7-4.2"),
            Self::Play => svg!("M2.5 8a5.5 5.5 0 1 0 11 0 5.5 5.5 0 0 0-11 0ZM6.7 5.7v4.6L10.3 8 6.7 5.7Z"),
            Self::Half => svg!("M2.5 8a5.5 5.5 0 1 0 11 0 5.5 5.5 0 0 0-11 0ZM8 2.5v11M8 5h3.5M8 8h5M8 11h3.5"),
            Self::Dash => svg!("M2.5 8a5.5 5.5 0 1 0 11 0 5.5 5.5 0 0 0-11 0ZM5.5 8h5"),
            Self::Eye => svg!(
                "M1.5 8S4 3.8 8 3.8 14.5 8 14.5 8 12 12.2 8 12.2 1.5 8 1.5 8ZM8 9.9a1.9 1.9 0 1 0 0-3.8 1.9 1.9 0 0 0 0 3.8Z"
            ),
            Self::Outward => svg!("M6.5 3.5h-3v9h9v-3M9.5 3h3.5v3.5M12.7 3.3 7.5 8.5"),
            Self::Search => svg!("M7 11.5a4.5 4.5 0 1 0 0-9 4.5 4.5 0 0 0 0 9ZM10.3 10.3 13.5 13.5"),
            Self::Report => svg!("M4 2h5.5L12.5 5v9H4V2ZM9 2v3.5h3.5M6 8.5h4.5M6 11h4.5"),
            Self::Chevron => svg!("M4.5 6.5 8 10l3.5-3.5"),
            Self::Pause => svg!("M2.5 8a5.5 5.5 0 1 0 11 0 5.5 5.5 0 0 0-11 0ZM6.5 6v4M9.5 6v4"),
            Self::Plus => svg!("M8 3.5v9M3.5 8h9"),
            Self::Close => svg!("M4.5 4.5l7 7M11.5 4.5l-7 7"),
            Self::Menu => svg!("M2.5 4.5h11M2.5 8h11M2.5 11.5h11"),
            Self::Dots => svg!(
                "M3 8a.5.5 0 1 0 1 0 .5.5 0 0 0-1 0ZM7.5 8a.5.5 0 1 0 1 0 .5.5 0 0 0-1 0ZM12 8a.5.5 0 1 0 1 0 .5.5 0 0 0-1 0Z"
            ),
            Self::Copy => svg!("M6 5.5h7v8H6v-8ZM10 5.5v-3H3v8h3"),
            Self::Keyboard => svg!("M1.5 4.5h13v7.5h-13V4.5ZM4.5 7h.1M7 7h.1M9.5 7h.1M12 7h.1M5.5 9.5h5"),
            Self::Sliders => svg!(
                "M2.5 5h6M12 5h1.5M2.5 11H4M7.5 11h6M10.2 6.6a1.6 1.6 0 1 0 0-3.2 1.6 1.6 0 0 0 0 3.2ZM5.8 12.6a1.6 1.6 0 1 0 0-3.2 1.6 1.6 0 0 0 0 3.2Z"
            ),
            Self::Plug => svg!("M5.5 2v3M10.5 2v3M3.5 5h9v2.5a4.5 4.5 0 0 1-9 0V5ZM8 12v2.5"),
            Self::Pulse => svg!("M1.5 8.5H4.5l2-5 3 9 2-4h3"),
            Self::Chart => svg!("M2.5 13.5h11M4.5 11V8M8 11V4M11.5 11V6.5"),
            Self::Robot => svg!("M3.5 6h9v7h-9V6ZM8 6V3M8 3h.1M6.2 9.2v.6M9.8 9.2v.6M1.5 8.5v2M14.5 8.5v2"),
            Self::Shield => svg!("M8 2 13 4v4c0 3-2 5-5 6-3-1-5-3-5-6V4l5-2ZM5.8 8l1.6 1.6 2.8-3.2"),
            Self::Key => svg!("M5 13a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5ZM6.8 8.7 13 2.5M10.5 5l2 2"),
            Self::Flag => svg!("M4 14V2.5M4 3h8l-1.8 2.7L12 8.5H4"),
            Self::Bell => svg!("M4 11.5V7.2a4 4 0 0 1 8 0v4.3M2.5 11.5h11M6.8 13.8h2.4"),
            Self::Merge => svg!("M3 3c0 4 5 3 5 7v3.5M13 3c0 4-5 3-5 7M5.8 11.3 8 13.5l2.2-2.2"),
            Self::Repeat => svg!("M13 8a5 5 0 1 1-1.5-3.6M13 2.5v2.7h-2.7"),
            Self::Undo => svg!("M5.5 3 2.5 6l3 3M2.5 6H9a4 4 0 0 1 0 8H6"),
            Self::Trash => svg!("M2.5 4.5h11M6 4.5v-2h4v2M4 4.5l.6 9h6.8l.6-9M6.6 7v4M9.4 7v4"),
            Self::Download => svg!("M8 2.5v7M5 7l3 3 3-3M2.5 13.5h11"),
            Self::Left => svg!("M9.5 4 5.5 8l4 4"),
            Self::Right => svg!("M6.5 4l4 4-4 4"),
            Self::Up => svg!("M8 13V3.5M4.5 6.5 8 3l3.5 3.5"),
            Self::Down => svg!("M8 3v9.5M4.5 9.5 8 13l3.5-3.5"),
            Self::Book => {
                svg!("M8 4C6.5 3 4.5 2.8 2.5 3v9.5c2-.2 4 0 5.5 1 1.5-1 3.5-1.2 5.5-1V3c-2-.2-4 0-5.5 1ZM8 4v9.5")
            }
        }
    }

    /// The drawing in a view. Written as it is: a page has a hundred, and nothing in them ever changes.
    pub fn view(self) -> AnyView {
        InertElement::new(self.drawing()).into_any()
    }
}

#[cfg(feature = "ssr")]
impl crate::markup::Render for Icon {
    fn render_to(&self, page: &mut String) {
        page.push_str(self.drawing());
    }
}
