//! What surrounds every page: the skip link, the navigation and the menu of the person.

use leptos::html::Main;
use leptos::prelude::*;
use leptos_router::components::A;
use leptos_router::hooks::use_location;
use web_sys::FocusOptions;

use crate::access::{SEE_CONFIGURATION, SEE_FLEET, Viewer};
use crate::icons::Icon;
use crate::theme::Theme;
use crate::{address, text};

/// Navigation and the person's menu around a page.
#[component]
pub fn Frame(
    /// Who is signed in.
    viewer: Option<Viewer>,
    /// The palette in force.
    theme: Theme,
    /// The page.
    children: Children,
) -> impl IntoView {
    let fleet = viewer.as_ref().is_some_and(|v| v.may(SEE_FLEET));
    let configuration = viewer.as_ref().is_some_and(|v| v.may(SEE_CONFIGURATION));
    let own = viewer.as_ref().and_then(|v| v.organization.clone());
    let path = use_location().pathname;
    let content = NodeRef::new();
    Effect::new(move |before: Option<String>| {
        let now = path.get();
        if before.is_some_and(|before| before != now) {
            focus(content);
        }
        now
    });
    let slug = Memo::new(move |_| own.clone().or_else(|| address::slug_of(&path.get()).map(str::to_owned)));
    view! {
        // External to the router: it would scroll to the content and leave the focus where it is.
        <a class="skip" href="#content" rel="external">{text::SKIP}</a>
        <div class="frame">
            <header class="side">
                <a class="brand" href="/" rel="external">{Icon::Mark.view()}<span>{text::PRODUCT}</span></a>
                <nav class="nav" aria-label="Main">
                    {fleet.then(|| view! { <NavLink href="/".to_owned() icon=Icon::Building word=text::ORGANIZATIONS/> })}
                    {move || slug.get().map(|slug| view! {
                        {fleet.then(|| view! { <p class="nav-group">{slug.clone()}</p> })}
                        <NavLink href=address::home(&slug) icon=Icon::Home word=text::HOME/>
                        <NavLink href=address::candidates(&slug) icon=Icon::People word=text::CANDIDATES/>
                        {configuration.then(|| view! {
                            <NavLink href=address::triggers(&slug) icon=Icon::Play word=text::TRIGGERS/>
                        })}
                    })}
                </nav>
                {viewer.map(|viewer| view! { <PersonMenu viewer theme/> })}
            </header>
            <main id="content" class="content" tabindex="-1" node_ref=content>{children()}</main>
        </div>
    }
}

/// A page that came without a load begins where a loaded one does, for the keyboard and for those who listen.
fn focus(content: NodeRef<Main>) {
    let Some(main) = content.get_untracked() else { return };
    let options = FocusOptions::new();
    options.set_prevent_scroll(true);
    // Without the focus the page is as usable as before.
    let _ = main.focus_with_options(&options);
}

#[component]
fn NavLink(href: String, icon: Icon, word: &'static str) -> impl IntoView {
    // An organization's home is the beginning of all its addresses.
    let exact = ![text::CANDIDATES, text::TRIGGERS].contains(&word);
    view! { <A href exact=exact>{icon.view()}<span>{word}</span></A> }
}

#[component]
fn PersonMenu(viewer: Viewer, theme: Theme) -> impl IntoView {
    view! {
        <details class="person">
            <summary>
                <span class="person-name">
                    <span class="person-email">{viewer.email.reveal().to_owned()}</span>
                    <span class="muted">{role_words(&viewer)}</span>
                </span>
                {Icon::Chevron.view()}
            </summary>
            <form method="post" action="/theme" class="person-theme">
                <fieldset>
                    <legend>"Theme"</legend>
                    {Theme::ALL
                        .into_iter()
                        .map(|t| view! {
                            <button
                                class="button button-small"
                                name="theme"
                                value=t.as_str()
                                aria-pressed=if t == theme { "true" } else { "false" }
                            >
                                {t.words()}
                            </button>
                        })
                        .collect_view()}
                </fieldset>
            </form>
            <form method="post" action="/sign-out">
                <button class="button">{text::SIGN_OUT}</button>
            </form>
        </details>
    }
}

fn role_words(viewer: &Viewer) -> String {
    let role = viewer.role.as_str().replace('-', " ");
    match &viewer.organization {
        Some(slug) => format!("{role} · {slug}"),
        None => role,
    }
}
