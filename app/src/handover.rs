//! Handing a secret over by a link that opens once: documents of their own without client code.

use leptos::prelude::*;

use crate::icons::Icon;
use crate::pages::connections::PLACES;
use crate::sign_in::document;
use crate::text;
use crate::theme::Theme;
use crate::ui::{Banner, Choice, RadioCards, TextInput, Tone};

/// What a document shows.
#[derive(Clone, Debug)]
pub enum Handover {
    /// To whoever made the link.
    Made {
        /// The link, shown only now.
        link: String,
        /// Back to the integrations.
        back: String,
    },
    /// To whoever opens the address, before anything is opened.
    Waiting {
        /// Of which organization.
        organization: String,
        /// Who made it.
        by: String,
        /// Where the form goes.
        action: String,
        /// The viewer may store it at once.
        may_store: bool,
        /// Where to sign in to store it, for who is not signed in.
        sign_in: Option<String>,
        /// The environment of Lever that is proposed, and one that was typed.
        place: (String, String),
        /// Why it was not stored just now; the link is as good as before.
        refused: Option<String>,
    },
    /// To whoever could not make one.
    Refused {
        /// Why, and what to do.
        why: String,
        /// Back to the integrations.
        back: String,
    },
    /// The secret, once.
    Opened {
        /// In full.
        secret: String,
        /// Where it is stored.
        connections: Option<String>,
    },
}

/// In which Lever the key is: it is tried there before it is stored.
fn places((place, other): (String, String)) -> AnyView {
    let options = PLACES.map(|(url, word, note)| Choice::new(url, word).noted(note)).into();
    view! {
        <RadioCards id="lever-place" name="place" legend="Environment of the key" options value=place/>
        <TextInput
            id="lever-other" name="other" label="Address, for another one" kind="url" value=other
            hint="Ends in /v1. Left empty for Lever's own environments."
        />
    }
    .into_any()
}

/// A complete document.
pub fn handover_document(shows: Handover, theme: Theme, css: Option<String>) -> String {
    let title = match &shows {
        Handover::Made { .. } => "One-time link",
        Handover::Waiting { .. } => "A key for you",
        Handover::Opened { .. } => "The key",
        Handover::Refused { .. } => "No link was made",
    };
    Owner::new().with(|| document(title, theme, css, body(title, shows)).to_html())
}

fn body(title: &'static str, shows: Handover) -> AnyView {
    let content = match shows {
        Handover::Made { link, back } => view! {
            <p>"Send this link to the super admin where only they can read it: whoever opens it has the key. It opens once, within three days, and is shown only now: nobody can look it up later."</p>
            <label class="field"><span>"Link"</span><input class="input-link" readonly=true value=link/></label>
            <p><a class="button" href=back>"Back to the integrations"</a></p>
        }
        .into_any(),
        Handover::Refused { why, back } => view! {
            <div role="alert"><Banner tone=Tone::Bad sentence=why/></div>
            <p><a class="button" href=back>"Back to the integrations"</a></p>
        }
        .into_any(),
        Handover::Waiting { organization, by, action, may_store, sign_in, place, refused } => {
            let refused = refused.map(|why| view! { <div role="alert"><Banner tone=Tone::Bad sentence=why/></div> });
            let store = may_store.then(|| view! {
                {places(place)}
                <button class="button button-primary" name="act" value="store">{format!("Store it as the Lever key of {organization}")}</button>
            });
            let sign_in = sign_in.map(|href| view! {
                <p>"To store it with one press, "<a href=href>"sign in as a super admin"</a>" first; it waits."</p>
            });
            view! {
                {refused}
                <p>{format!("{by} made a Lever API key for {organization}. Once it is stored or shown, the link opens nothing any more.")}</p>
                {sign_in}
                <form method="post" action=action class="stack">
                    {store}
                    <button class="button" name="act" value="show">"Show it, once"</button>
                </form>
            }
            .into_any()
        }
        Handover::Opened { secret, connections } => {
            let next = match connections {
                Some(href) => view! { <a class="button button-primary" href=href>"Store it at Connections"</a> },
                None => view! { <a class="button button-primary" href="/">"Go to the start page"</a> },
            };
            view! {
                <p>"Copy it now: the link is used up, and Assay keeps no copy."</p>
                <label class="field"><span>"Lever API key"</span><input class="input-link" readonly=true value=secret/></label>
                <p>{next}</p>
            }
            .into_any()
        }
    };
    view! {
        <p class="brand">{Icon::Mark.view()}<span>{text::PRODUCT}</span></p>
        <h1>{title}</h1>
        {content}
    }
    .into_any()
}
