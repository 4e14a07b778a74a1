//! The page for signing in: a document of its own without client code.

use leptos::prelude::*;

use crate::frame::{Sandboxes, demo_bar};
use crate::icons::Icon;
use crate::shell::STYLES;
use crate::text;
use crate::theme::Theme;
use crate::ui::{Banner, Tone};

/// One account that the demo offers by a button.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DemoSignIn {
    /// What the button says.
    pub label: String,
    /// The account's address.
    pub email: String,
}

/// What the page shows.
#[derive(Clone, Debug, Default)]
pub struct SignInPage {
    /// The address typed before.
    pub email: String,
    /// Why it did not work.
    pub refused: Option<String>,
    /// Where to go afterwards; checked by the caller.
    pub next: String,
    /// Nobody owns this instance yet, so nobody can sign in.
    pub unowned: bool,
    /// Accounts of the demo.
    pub demo: Vec<DemoSignIn>,
    /// Where people of the demo play.
    pub sandboxes: Option<Sandboxes>,
    /// The palette.
    pub theme: Theme,
    /// Address of the styles, if a bundle says so.
    pub css: Option<String>,
}

/// The page as a complete document.
pub fn sign_in_document(page: SignInPage) -> String {
    Owner::new().with(|| {
        let (theme, css) = (page.theme, page.css.clone());
        document(text::SIGN_IN, theme, css, sign_in(page).into_any()).to_html()
    })
}

/// One sentence as a complete document: for answers that come before there is an application.
pub fn message_document(title: &str, sentence: &str, theme: Theme, css: Option<String>) -> String {
    let body = view! {
        <p class="brand">{Icon::Mark.view()}<span>{text::PRODUCT}</span></p>
        <h1>{title.to_owned()}</h1>
        <p>{sentence.to_owned()}</p>
        <p><a class="button" href="/">"Go to the start page"</a></p>
    };
    Owner::new().with(|| document(title, theme, css, body.into_any()).to_html())
}

pub(crate) fn document(title: &str, theme: Theme, css: Option<String>, body: AnyView) -> impl IntoView + use<> {
    view! {
        <!DOCTYPE html>
        <html lang="en" data-theme=theme.as_str()>
            <head>
                <meta charset="utf-8"/>
                <meta name="viewport" content="width=device-width, initial-scale=1"/>
                <meta name="color-scheme" content="light dark"/>
                <link rel="icon" href="/favicon.svg" type="image/svg+xml"/>
                <link rel="stylesheet" href=css.unwrap_or_else(|| STYLES.to_owned())/>
                // As it is: between tags of a title the marks of Leptos would be part of it.
                <title inner_html=text::escape(&text::title(title, None))></title>
            </head>
            <body>
                <main class="sign-in">{body}</main>
            </body>
        </html>
    }
}

/// For whoever comes first. The address itself is a secret, and stays where it was printed.
const UNOWNED: &str = "Nobody owns this instance yet, so nobody can sign in. Its owner comes in by the set-up address that \
                       was printed where the server was started.";

fn sign_in(page: SignInPage) -> impl IntoView {
    let SignInPage { email, refused, next, unowned, demo, sandboxes, .. } = page;
    let unowned = unowned.then(|| view! { <Banner tone=Tone::Info sentence=UNOWNED/> });
    let demo = (!demo.is_empty()).then(|| view! { <Demo demo next=next.clone() sandboxes/> });
    let refused = refused.map(|why| {
        view! { <div role="alert"><Banner tone=Tone::Bad sentence=why/></div> }
    });
    view! {
        <p class="brand">{Icon::Mark.view()}<span>{text::PRODUCT}</span></p>
        <h1>{text::SIGN_IN}</h1>
        {unowned}
        {refused}
        <form method="post" action="/sign-in" class="stack">
            <input type="hidden" name="next" value=next/>
            <label class="field">
                <span>"E-mail"</span>
                <input type="email" name="email" value=email autocomplete="username" required=true/>
            </label>
            <label class="field">
                <span>"Password"</span>
                <input type="password" name="password" autocomplete="current-password" required=true/>
            </label>
            <button class="button button-primary">{text::SIGN_IN}</button>
        </form>
        {demo}
    }
}

#[component]
fn Demo(demo: Vec<DemoSignIn>, next: String, sandboxes: Option<Sandboxes>) -> impl IntoView {
    let buttons = demo.into_iter().map(|account| {
        view! { <button class="button" name="email" value=account.email>{account.label}</button> }
    });
    view! {
        <section class="demo" aria-labelledby="demo">
            <h2 id="demo">"Or look around in a role"</h2>
            <p class="muted">"This is a demonstration: nothing here is real, and no mail is sent."</p>
            <form method="post" action="/demo/sign-in" class="demo-roles">
                <input type="hidden" name="next" value=next/>
                {buttons.collect_view()}
            </form>
            {sandboxes.map(demo_bar)}
        </section>
    }
}
