//! What surrounds every page: the skip link, the navigation, the palette, the keys, messages and the menu of the person.

use leptos::html::Main;
use leptos::prelude::*;
use leptos_router::hooks::use_location;
use serde::{Deserialize, Serialize};
use web_sys::FocusOptions;

use crate::access::{SEE_CONFIGURATION, SEE_FLEET, Viewer};
use crate::address::PREFERENCES;
use crate::components::{
    CommandPalette, KeyHint, Live, LiveState, NavEntry, NavGroup, NavGroups, PALETTE, PaletteEntry, SHORTCUTS,
    Shortcut, ShortcutHelp, ToastRegion, Toasts,
};
use crate::icons::Icon;
use crate::live::{Changes, NewerNote};
use crate::theme::{Density, Theme};
use crate::{address, text};

/// Where people of a demo play the other parts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sandboxes {
    /// The page of the sandbox Lever.
    pub lever: String,
    /// The page of the sandbox vendors.
    pub vendors: String,
}

/// Says that this is a demo, and where to play.
pub fn demo_bar(at: Sandboxes) -> AnyView {
    view! {
        <p class="demo-bar">
            "Demo: play "<a href=at.lever rel="external">"the recruiter in Lever"</a>" · "
            <a href=at.vendors rel="external">"the candidate at the vendor"</a>
        </p>
    }
    .into_any()
}

/// Id of the navigation, which the button of narrow screens opens.
const NAV: &str = "nav";

/// The groups of the navigation: those who watch organizations have theirs first, then comes one organization.
fn groups(fleet: bool, configuration: bool, slug: Option<&str>) -> Vec<NavGroup> {
    let watching = NavEntry::new("/", Icon::Building, text::ORGANIZATIONS, "g o").exactly();
    let first = fleet.then(|| NavGroup { word: String::new(), entries: vec![watching] });
    let own = slug.map(|slug| {
        let mut entries = vec![
            // An organization's home is the beginning of all its addresses.
            NavEntry::new(address::home(slug), Icon::Home, text::HOME, "g h").exactly(),
            NavEntry::new(address::candidates(slug), Icon::People, text::CANDIDATES, "g c"),
        ];
        if configuration {
            entries.push(NavEntry::new(address::triggers(slug), Icon::Play, text::TRIGGERS, "g t"));
        }
        entries.extend([
            NavEntry::new(address::deliveries(slug), Icon::Pulse, text::DELIVERIES, "g d"),
            NavEntry::new(address::jobs(slug), Icon::Repeat, text::JOBS, "g j"),
        ]);
        NavGroup { word: if fleet { slug.to_owned() } else { String::new() }, entries }
    });
    first.into_iter().chain(own).collect()
}

/// Navigation and the person's menu around a page. Provides [`Toasts`], and a `RwSignal<Option<Live>>` by which a page says
/// how it hears of changes.
#[component]
pub fn Frame(
    /// Who is signed in.
    viewer: Option<Viewer>,
    /// The palette in force.
    theme: Theme,
    /// The height of rows in force.
    #[prop(optional)]
    density: Density,
    /// Where to play, in a demo.
    #[prop(optional_no_strip)]
    sandboxes: Option<Sandboxes>,
    /// The page.
    children: Children,
) -> AnyView {
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
    let toasts = Toasts::default();
    provide_context(toasts);
    let live = RwSignal::new(None::<Live>);
    provide_context(live);
    let changes = Changes::new();
    provide_context(changes);
    let slug = Memo::new(move |_| own.clone().or_else(|| address::slug_of(&path.get()).map(str::to_owned)));
    #[cfg(feature = "hydrate")]
    crate::live::listen(slug, path, changes, live);
    let groups = move || groups(fleet, configuration, slug.get().as_deref());
    view! {
        // External to the router: it would scroll to the content and leave the focus where it is.
        <a class="skip" href="#content" rel="external">{text::SKIP}</a>
        <div class="frame">
            <header class="side">
                <a class="brand" href="/" rel="external">{Icon::Mark.view()}<span>{text::PRODUCT}</span></a>
                <Finder/>
                <nav class="nav" id=NAV popover="auto" aria-label="Main">{move || view! { <NavGroups groups=groups()/> }}</nav>
                <div class="side-foot">
                    {move || live.get().map(|live| view! { <LiveState live/> })}
                    <HelpButton/>
                </div>
                {viewer.map(|viewer| view! { <PersonMenu viewer theme density/> })}
            </header>
            <main id="content" class="content" tabindex="-1" node_ref=content>
                {sandboxes.map(demo_bar)}<NewerNote changes/>{children()}
            </main>
        </div>
        {move || view! { <CommandPalette entries=places(&groups())/><ShortcutHelp groups=keys(&groups())/> }}
        <ToastRegion toasts/>
    }
    .into_any()
}

/// Opens the palette, and on narrow screens the navigation.
#[component]
fn Finder() -> AnyView {
    view! {
        <button
            type="button" class="finder" command="show-modal" commandfor=PALETTE data-keys="mod+k"
            aria-keyshortcuts="Control+K Meta+K"
        >
            {Icon::Search.view()}<span class="finder-word">"Go to…"</span><KeyHint keys="mod+k"/>
        </button>
        <button type="button" class="button button-quiet icon-button nav-opener" popovertarget=NAV aria-label="Navigation">
            {Icon::Menu.view()}
        </button>
    }
    .into_any()
}

#[component]
fn HelpButton() -> AnyView {
    view! {
        <button
            type="button" class="button button-quiet button-small help" command="show-modal" commandfor=SHORTCUTS
            data-keys="?" aria-keyshortcuts="?"
        >
            {Icon::Keyboard.view()}<span class="help-word">"Keys"</span><KeyHint keys="?"/>
        </button>
    }
    .into_any()
}

/// The navigation as entries of the palette.
fn places(groups: &[NavGroup]) -> Vec<PaletteEntry> {
    let place = |group: &NavGroup, entry: &NavEntry| PaletteEntry {
        group: if group.word.is_empty() { "Pages".to_owned() } else { group.word.clone() },
        word: entry.word.to_owned(),
        note: String::new(),
        icon: entry.icon,
        href: entry.href.clone(),
        keys: entry.keys.to_owned(),
    };
    let pages = groups.iter().flat_map(|group| group.entries.iter().map(move |entry| place(group, entry)));
    let own = PaletteEntry {
        group: "You".to_owned(),
        word: text::PREFERENCES.to_owned(),
        note: String::new(),
        icon: Icon::Sliders,
        href: PREFERENCES.to_owned(),
        keys: String::new(),
    };
    pages.chain([own]).collect()
}

/// The keys of the navigation and of all pages.
fn keys(groups: &[NavGroup]) -> Vec<(String, Vec<Shortcut>)> {
    let going = groups.iter().flat_map(|g| &g.entries).filter(|e| !e.keys.is_empty());
    let going = going.map(|e| Shortcut::new(e.keys, e.word)).collect();
    let everywhere = [
        ("mod+k", "Go to a page"),
        ("?", "Show the keys"),
        ("/", "Search the list"),
        ("[", "Previous page of the list"),
        ("]", "Next page of the list"),
        ("Escape", "Close what is open"),
    ];
    let everywhere = everywhere.map(|(keys, words)| Shortcut::new(keys, words)).into();
    vec![("Go to".to_owned(), going), ("Everywhere".to_owned(), everywhere)]
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
fn PersonMenu(viewer: Viewer, theme: Theme, density: Density) -> AnyView {
    let themes = Theme::ALL.map(|t| (t.as_str(), t.words(), t == theme));
    let densities = Density::ALL.map(|d| (d.as_str(), d.words(), d == density));
    view! {
        <details class="person">
            <summary>
                <span class="person-mark" aria-hidden="true">{initial(&viewer)}</span>
                <span class="person-name">
                    <span class="person-email">{viewer.email.reveal().to_owned()}</span>
                    <span class="muted">{role_words(&viewer)}</span>
                </span>
                {Icon::Chevron.view()}
            </summary>
            {preference("/theme", "Theme", "theme", themes.into())}
            {preference("/density", "Rows", "density", densities.into())}
            // A load of its own, after which the menu is closed.
            <a class="button" href=PREFERENCES rel="external">{text::PREFERENCES}</a>
            <form method="post" action="/sign-out">
                <button class="button">{text::SIGN_OUT}</button>
            </form>
        </details>
    }
    .into_any()
}

fn initial(viewer: &Viewer) -> String {
    viewer.email.reveal().chars().take(1).flat_map(char::to_uppercase).collect()
}

/// One of a few, chosen by sending a form.
fn preference(
    action: &'static str,
    legend: &'static str,
    name: &'static str,
    choices: Vec<(&'static str, &'static str, bool)>,
) -> AnyView {
    let choices = choices.into_iter().map(|(value, words, chosen)| {
        let pressed = if chosen { "true" } else { "false" };
        view! { <button class="button button-small" name=name value=value aria-pressed=pressed>{words}</button> }
    });
    view! {
        <form method="post" action=action class="person-theme">
            <fieldset><legend>{legend}</legend>{choices.collect_view()}</fieldset>
        </form>
    }
    .into_any()
}

fn role_words(viewer: &Viewer) -> String {
    let role = viewer.role.as_str().replace('-', " ");
    match &viewer.organization {
        Some(slug) => format!("{role} · {slug}"),
        None => role,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_keys_of_the_navigation_are_the_same() {
        let all = groups(true, true, Some("acme"));
        let mut keys: Vec<&str> = all.iter().flat_map(|g| &g.entries).map(|e| e.keys).collect();
        let count = keys.len();
        keys.sort_unstable();
        keys.dedup();
        assert_eq!((keys.len(), count), (6, 6));
    }
}
