//! Where someone who comes by a link chooses a password: a document of its own without client code.

use domain::ports::store::LinkPurpose;
use domain::role::Role;
use leptos::prelude::*;

use crate::icons::Icon;
use crate::sign_in::document;
use crate::text;
use crate::theme::Theme;
use crate::ui::{Banner, Tone};

/// What the page shows.
#[derive(Clone, Debug)]
pub struct WelcomePage {
    /// What the link is for.
    pub purpose: LinkPurpose,
    /// The person's address; of the first owner, what was typed before.
    pub email: String,
    /// What they are or will be.
    pub role: Role,
    /// Who made the link.
    pub by: String,
    /// Name of the organization; none for the instance.
    pub organization: Option<String>,
    /// Where the form goes.
    pub action: String,
    /// Why it did not work.
    pub refused: Option<String>,
    /// The palette.
    pub theme: Theme,
    /// Address of the styles, if a bundle says so.
    pub css: Option<String>,
}

const fn title(purpose: LinkPurpose) -> &'static str {
    match purpose {
        LinkPurpose::SetUp => "Set up Assay",
        LinkPurpose::Invite => "Welcome to Assay",
        LinkPurpose::Reset => "Choose a new password",
    }
}

fn lead(page: &WelcomePage) -> String {
    let role = text::role(page.role);
    match page.purpose {
        LinkPurpose::SetUp => {
            "Nobody owns this instance yet. You become its owner: you create organizations and bring in \
                               their first super admins."
                .to_owned()
        }
        LinkPurpose::Invite => {
            let place = page.organization.as_ref().map_or_else(String::new, |name| format!(" to {name}"));
            let role = role.to_lowercase();
            format!("{} invites you{place}. Your role: {role}. Choose a password to go on.", page.by)
        }
        LinkPurpose::Reset => {
            let place = page.organization.as_ref().map_or_else(String::new, |name| format!("For Assay at {name}. "));
            format!("{place}All your sessions end when you set it.")
        }
    }
}

/// The page as a complete document.
pub fn welcome_document(page: WelcomePage) -> String {
    Owner::new().with(|| {
        let (theme, css, title) = (page.theme, page.css.clone(), title(page.purpose));
        document(title, theme, css, welcome(page).into_any()).to_html()
    })
}

fn welcome(page: WelcomePage) -> impl IntoView {
    let lead = lead(&page);
    let asks = page.purpose == LinkPurpose::SetUp;
    let verb = if page.purpose == LinkPurpose::Reset { "Set the password" } else { "Go on" };
    let refused = page.refused.map(|why| view! { <div role="alert"><Banner tone=Tone::Bad sentence=why/></div> });
    view! {
        <p class="brand">{Icon::Mark.view()}<span>{text::PRODUCT}</span></p>
        <h1>{title(page.purpose)}</h1>
        <p>{lead}</p>
        {refused}
        <form method="post" action=page.action class="stack">
            <label class="field">
                <span>"E-mail"</span>
                <input
                    type="email" name="email" value=page.email autocomplete="username" required=true readonly=!asks
                />
            </label>
            <label class="field">
                <span>"Password"</span>
                <input
                    type="password" name="password" autocomplete="new-password" required=true minlength="12" maxlength="128"
                    aria-describedby="password-hint"
                />
                <span class="field-hint" id="password-hint">"12 to 128 characters. Several words are easy to keep."</span>
            </label>
            <button class="button button-primary">{verb}</button>
        </form>
    }
}
