//! What surrounds every page: the skip link, the navigation, the palette, the keys, messages and the menu of the person.

use domain::read::Shown;
use domain::role::Right;
use http::request::Parts;
use leptos::prelude::*;
use leptos_router::hooks::use_location;

use crate::access::{
    MANAGE_PEOPLE, RUN_INSTANCE, SEE_CONFIGURATION, SEE_FLEET, SEE_ORGANIZATION, SEE_TRAFFIC, Viewer, asked,
};
use crate::address::PREFERENCES;
use crate::components::{
    CommandPalette, LiveState, NavEntry, NavGroup, Newer, PALETTE, PaletteEntry, SHORTCUTS, Shortcut, ShortcutHelp,
    ToastRegion, Toasts, key_hint, nav_groups,
};
use crate::icons::Icon;
use crate::island::{LIVE, NEWER, TOASTS, island};
use crate::markup::{Markup, finished, html};
use crate::theme::{Density, Theme};
use crate::{address, text};

/// Where people of a demo play the other parts.
#[derive(Clone, Debug, PartialEq, Eq)]
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
/// `called` is the organization's name, for those who watch many.
fn groups(may: impl Fn(&[Right]) -> bool, slug: Option<&str>, called: Option<String>) -> Vec<NavGroup> {
    let fleet = may(SEE_FLEET);
    let mut watching = vec![NavEntry::new("/", Icon::Building, text::ORGANIZATIONS, "g o").exactly()];
    if may(RUN_INSTANCE) {
        watching.extend([
            NavEntry::new("/instance", Icon::Sliders, text::INSTANCE, "g i"),
            NavEntry::new("/people", Icon::People, text::INSTANCE_PEOPLE, ""),
            NavEntry::new("/audit", Icon::Shield, text::INSTANCE_AUDIT, ""),
        ]);
    }
    let first = fleet.then(|| NavGroup { word: String::new(), entries: watching });
    let own = slug.map(|slug| {
        let mut entries = vec![
            // An organization's home is the beginning of all its addresses.
            NavEntry::new(address::home(slug), Icon::Home, text::HOME, "g h").exactly(),
            NavEntry::new(address::candidates(slug), Icon::People, text::CANDIDATES, "g c"),
        ];
        if may(SEE_TRAFFIC) {
            entries.push(NavEntry::new(address::reviews(slug), Icon::Eye, text::REVIEWS, "g r"));
            entries.push(NavEntry::new(address::results(slug), Icon::Report, text::RESULTS, "g m"));
        }
        if may(SEE_CONFIGURATION) {
            entries.push(NavEntry::new(address::triggers(slug), Icon::Play, text::TRIGGERS, "g t"));
            entries.push(NavEntry::new(address::integrations(slug), Icon::Merge, text::INTEGRATIONS, "g e"));
            entries.push(NavEntry::new(address::connections(slug), Icon::Plug, text::CONNECTIONS, "g n"));
        }
        if may(SEE_TRAFFIC) {
            entries.push(NavEntry::new(address::deliveries(slug), Icon::Pulse, text::DELIVERIES, "g d"));
            entries.push(NavEntry::new(address::jobs(slug), Icon::Repeat, text::JOBS, "g j"));
        }
        if may(MANAGE_PEOPLE) {
            entries.push(NavEntry::new(address::people(slug), Icon::Key, text::PEOPLE, "g p"));
        }
        if may(SEE_CONFIGURATION) {
            entries.push(NavEntry::new(address::history(slug, None), Icon::Clock, text::HISTORY, "g v"));
            entries.push(NavEntry::new(address::audit(slug, "", "", None), Icon::Shield, text::AUDIT, "g a"));
        }
        let word = if fleet { called.unwrap_or_else(|| slug.to_owned()) } else { String::new() };
        NavGroup { word, entries }
    });
    first.into_iter().chain(own).collect()
}

/// With how many things wait for someone who may decide about them.
fn counted(mut groups: Vec<NavGroup>, asked: Option<&Shown>) -> Vec<NavGroup> {
    let viewer = use_context::<Option<Viewer>>().flatten();
    let Some(asked) = asked.filter(|_| viewer.is_some_and(|v| v.may(SEE_ORGANIZATION) && !v.is_limited())) else {
        return groups;
    };
    let reviews = address::reviews(&asked.organization.rules.slug);
    for entry in groups.iter_mut().flat_map(|group| &mut group.entries).filter(|entry| entry.href == reviews) {
        entry.waiting = Some(asked.reviews_waiting);
    }
    groups
}

/// The organization whose pages are shown: a person's own; for those who watch organizations, the one in the address.
pub(crate) fn shown_organization() -> Option<String> {
    let own = use_context::<Option<Viewer>>().flatten().and_then(|viewer| viewer.organization);
    own.or_else(|| use_context::<Parts>().and_then(|asked| address::slug_of(asked.uri.path()).map(str::to_owned)))
}

/// Navigation and the person's menu around a page.
#[component]
pub fn Frame(
    /// The page.
    children: Children,
) -> AnyView {
    let viewer = use_context::<Option<Viewer>>().flatten();
    let sandboxes = use_context::<Option<Sandboxes>>().flatten();
    let may = |rights: &[Right]| viewer.as_ref().is_some_and(|v: &Viewer| v.may(rights));
    let slug = shown_organization();
    let asked = asked();
    let called = asked.as_ref().map(|asked| asked.organization.rules.name.clone());
    let groups = groups(may, slug.as_deref(), called);
    let (places, keys) = (places(&groups), keys(&groups));
    let live = view! { <LiveState live=None/> }.into_any();
    let newer = view! { <Newer newer=false show=Callback::new(|()| ())/> }.into_any();
    let toasts = view! { <ToastRegion toasts=Toasts::default()/> }.into_any();
    let path = use_location().pathname.get_untracked();
    let above = html! {
        a class="brand" href="/" { (Icon::Mark) span { (text::PRODUCT) } }
        (finder())
        nav class="nav" id=(NAV) popover="auto" aria-label="Main" {
            (nav_groups(&counted(groups, asked.as_deref()), &path))
        }
    };
    view! {
        <a class="skip" href="#content">{text::SKIP}</a>
        <div class="frame">
            <header class="side">
                {finished(above)}
                <div class="side-foot">{island(LIVE, live)}{finished(help_button())}</div>
                {viewer.as_ref().map(|viewer| finished(person_menu(viewer)))}
            </header>
            <main id="content" class="content" tabindex="-1">
                {sandboxes.map(demo_bar)}
                {island(NEWER, newer)}
                // What belongs to another address is another page, and begins anew.
                <div class="page" data-page=path>{children()}</div>
            </main>
        </div>
        <CommandPalette entries=places/>
        <ShortcutHelp groups=keys/>
        {island(TOASTS, toasts)}
    }
    .into_any()
}

/// Opens the palette, and on narrow screens the navigation.
fn finder() -> Markup {
    html! {
        button type="button" class="finder" command="show-modal" commandfor=(PALETTE) data-keys="mod+k"
            aria-keyshortcuts="Control+K Meta+K" {
            (Icon::Search) span class="finder-word" { "Go to…" } (key_hint("mod+k"))
        }
        button type="button" class="button button-quiet icon-button nav-opener" popovertarget=(NAV) aria-label="Navigation" {
            (Icon::Menu)
        }
    }
}

fn help_button() -> Markup {
    html! {
        button type="button" class="button button-quiet button-small help" command="show-modal" commandfor=(SHORTCUTS)
            data-keys="?" aria-keyshortcuts="?" {
            (Icon::Keyboard) span class="help-word" { "Keys" } (key_hint("?"))
        }
    }
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

fn person_menu(viewer: &Viewer) -> Markup {
    let theme = use_context::<Theme>().unwrap_or_default();
    let density = use_context::<Density>().unwrap_or_default();
    let themes = Theme::ALL.map(|t| (t.as_str(), t.words(), t == theme));
    let densities = Density::ALL.map(|d| (d.as_str(), d.words(), d == density));
    html! {
        details class="person" {
            summary {
                span class="person-mark" aria-hidden="true" { (initial(viewer)) }
                span class="person-name" {
                    span class="person-email" { (viewer.email.reveal()) }
                    span class="muted" { (role_words(viewer)) }
                }
                (Icon::Chevron)
            }
            (preference("/theme", "Theme", "theme", &themes))
            (preference("/density", "Rows", "density", &densities))
            a class="button" href=(PREFERENCES) { (text::PREFERENCES) }
            form method="post" action="/sign-out" { button class="button" { (text::SIGN_OUT) } }
        }
    }
}

fn initial(viewer: &Viewer) -> String {
    viewer.email.reveal().chars().take(1).flat_map(char::to_uppercase).collect()
}

/// One of a few, chosen by sending a form.
fn preference(action: &str, legend: &str, name: &str, choices: &[(&str, &str, bool)]) -> Markup {
    html! {
        form method="post" action=(action) class="person-theme" {
            fieldset {
                legend { (legend) }
                @for (value, words, chosen) in choices {
                    button class="button button-small" name=(name) value=(value) aria-pressed=(chosen) { (words) }
                }
            }
        }
    }
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
    fn an_organization_is_called_by_its_name_and_no_two_places_by_the_same() {
        let all = groups(|_| true, Some("acme"), Some("Acme & Sons".to_owned()));
        assert_eq!(all[1].word, "Acme & Sons");
        let mut words: Vec<&str> = all.iter().flat_map(|g| &g.entries).map(|e| e.word).collect();
        let count = words.len();
        words.sort_unstable();
        words.dedup();
        assert_eq!(words.len(), count);
    }

    #[test]
    fn who_reads_own_postings_only_is_not_led_to_what_is_about_everyone() {
        let may = |rights: &[Right]| rights.iter().any(|r| domain::role::Role::Limited.may(*r));
        let all = groups(may, Some("acme"), None);
        let words: Vec<&str> = all.iter().flat_map(|g| &g.entries).map(|e| e.word).collect();
        assert_eq!(words, [text::HOME, text::CANDIDATES]);
    }

    #[test]
    fn no_two_keys_of_the_navigation_are_the_same() {
        let all = groups(|_| true, Some("acme"), None);
        let mut keys: Vec<&str> = all.iter().flat_map(|g| &g.entries).map(|e| e.keys).collect();
        keys.retain(|keys| !keys.is_empty());
        let count = keys.len();
        keys.sort_unstable();
        keys.dedup();
        assert_eq!((keys.len(), count), (14, 14));
    }
}
