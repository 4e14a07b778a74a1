//! Deliveries and jobs: what came in, and what is to be done.
//!
//! The pages hand their address's query to the server as it is, and get finished words and addresses back: the browser needs
//! no filter, no clock and no reader of errors for them.

pub mod deliveries;
pub mod delivery;
pub mod jobs;
mod on_server;
mod payload;

use domain::Personal;
use leptos::prelude::*;

use crate::text;
use crate::ui::{Banner, Pill, ToastNote, Tone};

/// Whom a delivery or job is about.
#[derive(Clone, Debug, PartialEq)]
pub struct Who {
    /// The name, possibly masked; Lever's opportunity where no name is known.
    pub name: Personal,
    /// The candidate's page, where there is one.
    pub href: Option<String>,
}

/// How something stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mark {
    /// Colour and shape.
    pub tone: Tone,
    /// Word.
    pub word: String,
}

/// What came of a form that was sent from this page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    /// It changed nothing.
    pub refused: bool,
    /// What happened, or why nothing did.
    pub sentence: String,
}

fn who(who: Option<Who>) -> AnyView {
    let Some(Who { name, href }) = who else {
        return view! { <span class="muted">{text::NOTHING}</span> }.into_any();
    };
    let name = name.reveal().to_owned();
    match href {
        Some(href) => view! { <a href=href>{name}</a> }.into_any(),
        None => view! { <code>{name}</code> }.into_any(),
    }
}

fn pill(Mark { tone, word }: Mark) -> AnyView {
    view! { <Pill tone icon=tone.icon() word/> }.into_any()
}

fn said(said: Option<Said>) -> Option<AnyView> {
    said.map(|Said { refused, sentence }| {
        if refused {
            view! { <div role="alert"><Banner tone=Tone::Bad sentence/></div> }.into_any()
        } else {
            view! { <div role="status"><ToastNote tone=Tone::Ok sentence/></div> }.into_any()
        }
    })
}
