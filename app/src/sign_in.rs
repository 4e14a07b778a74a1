//! The page for signing in: a document of its own without client code.

use leptos::prelude::*;

use crate::icons::Icon;
use crate::shell::STYLES;
use crate::text;
use crate::theme::Theme;

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
    /// Accounts of the demo.
    pub demo: Vec<DemoSignIn>,
    /// The palette.
    pub theme: Theme,
    /// Address of the styles, if a bundle says so.
    pub css: Option<String>,
}

/// The page as a complete document.
pub fn sign_in_document(page: SignInPage) -> String {
    Owner::new().with(|| document(page).to_html())
}

fn document(page: SignInPage) -> impl IntoView {
    let SignInPage { email, refused, next, demo, theme, css } = page;
    let css = css.unwrap_or_else(|| STYLES.to_owned());
    let demo = (!demo.is_empty()).then(|| view! { <Demo demo next=next.clone()/> });
    view! {
        <!DOCTYPE html>
        <html lang="en" data-theme=theme.as_str()>
            <head>
                <meta charset="utf-8"/>
                <meta name="viewport" content="width=device-width, initial-scale=1"/>
                <meta name="color-scheme" content="light dark"/>
                <link rel="icon" href="/favicon.svg" type="image/svg+xml"/>
                <link rel="stylesheet" href=css/>
                <title>{text::title(text::SIGN_IN, None)}</title>
            </head>
            <body>
                <main class="sign-in">
                    <p class="brand">{Icon::Mark.view()}<span>{text::PRODUCT}</span></p>
                    <h1>{text::SIGN_IN}</h1>
                    {refused.map(|why| view! { <p class="banner banner-bad" role="alert">{Icon::Cross.view()}<span>{why}</span></p> })}
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
                </main>
            </body>
        </html>
    }
}

#[component]
fn Demo(demo: Vec<DemoSignIn>, next: String) -> impl IntoView {
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
        </section>
    }
}
