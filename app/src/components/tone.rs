//! How things stand: colours, banners.

use leptos::prelude::*;

use super::icons::Icon;

/// How something stands; a colour, never alone.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tone {
    /// As it should be.
    Ok,
    /// Under way.
    Info,
    /// Someone should look.
    Warn,
    /// Wrong.
    Bad,
    /// Nothing happens.
    #[default]
    Idle,
}

impl Tone {
    #[cfg(feature = "ssr")]
    pub(super) const fn pill(self) -> &'static str {
        match self {
            Self::Ok => "pill pill-ok",
            Self::Info => "pill pill-info",
            Self::Warn => "pill pill-warn",
            Self::Bad => "pill pill-bad",
            Self::Idle => "pill pill-idle",
        }
    }

    const fn banner(self) -> &'static str {
        match self {
            Self::Ok => "banner banner-ok",
            Self::Info => "banner banner-info",
            Self::Warn => "banner banner-warn",
            Self::Bad => "banner banner-bad",
            Self::Idle => "banner banner-idle",
        }
    }

    /// Class of a shape in its colour.
    pub(super) const fn ink(self) -> &'static str {
        match self {
            Self::Ok => "ink ink-ok",
            Self::Info => "ink ink-info",
            Self::Warn => "ink ink-warn",
            Self::Bad => "ink ink-bad",
            Self::Idle => "ink ink-idle",
        }
    }

    /// In a word.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Ok => "fine",
            Self::Info => "under way",
            Self::Warn => "needs a look",
            Self::Bad => "failing",
            Self::Idle => "nothing",
        }
    }

    /// Its shape.
    pub const fn icon(self) -> Icon {
        match self {
            Self::Ok => Icon::Check,
            Self::Info => Icon::Clock,
            Self::Warn => Icon::Warning,
            Self::Bad => Icon::Cross,
            Self::Idle => Icon::Pause,
        }
    }
}

/// One sentence across the page.
#[component]
pub fn Banner(
    /// Colour and shape.
    tone: Tone,
    /// The sentence.
    #[prop(into)]
    sentence: String,
) -> impl IntoView {
    view! { <p class=tone.banner()>{tone.icon().view()}<span>{sentence}</span></p> }
}

/// A quiet word without a state: a tag, a role, an environment. A number too.
#[component]
pub fn Badge(
    /// Word or number.
    #[prop(into)]
    word: String,
) -> AnyView {
    view! { <span class="badge">{word}</span> }.into_any()
}
