//! Handing a secret over by a link that opens once: documents of their own without client code.

use leptos::prelude::*;

use crate::icons::Icon;
use crate::sign_in::document;
use crate::text;
use crate::theme::Theme;
use crate::ui::{Banner, Tone};

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
    },
    /// The secret, once.
    Opened {
        /// In full.
        secret: String,
        /// Why it was not stored.
        refused: Option<String>,
    },
}

/// A complete document.
pub fn handover_document(shows: Handover, theme: Theme, css: Option<String>) -> String {
    let title = match &shows {
        Handover::Made { .. } => "One-time link",
        Handover::Waiting { .. } => "A key for you",
        Handover::Opened { .. } => "The key",
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
        Handover::Waiting { organization, by, action, may_store, sign_in } => {
            let store = may_store.then(|| view! {
                <button class="button button-primary" name="act" value="store">{format!("Store it as the Lever key of {organization}")}</button>
            });
            let sign_in = sign_in.map(|href| view! {
                <p>"To store it with one press, "<a href=href>"sign in as a super admin"</a>" first; it waits."</p>
            });
            view! {
                <p>{format!("{by} made a Lever API key for {organization}. Whatever you press, the link opens nothing afterwards.")}</p>
                {sign_in}
                <form method="post" action=action class="stack">
                    {store}
                    <button class="button" name="act" value="show">"Show it, once"</button>
                </form>
            }
            .into_any()
        }
        Handover::Opened { secret, refused } => {
            let refused = refused.map(|why| view! { <div role="alert"><Banner tone=Tone::Bad sentence=why/></div> });
            view! {
                {refused}
                <p>"Copy it now: the link is used up, and Assay keeps no copy."</p>
                <label class="field"><span>"Lever API key"</span><input class="input-link" readonly=true value=secret/></label>
                <p><a class="button" href="/">"Go to the start page"</a></p>
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
