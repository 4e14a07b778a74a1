//! `/dev/gallery`: every component in every state, for those who work on Assay and for its tests. It is there in
//! debug builds and in the demo.

mod data;
mod forms;
mod more;

use leptos::prelude::*;
use leptos_meta::provide_meta_context;
use leptos_router::components::Router;

use crate::Bundle;
use crate::components::*;
use crate::frame::Frame;
use crate::icons::Icon;
use crate::markup::finished;
use crate::when::When;

/// The whole document.
pub fn gallery(bundle: Option<Bundle>) -> impl IntoView {
    provide_meta_context();
    let body = view! {
        <Router>
            <Frame>{sections()}</Frame>
        </Router>
    };
    crate::shell::document(bundle, body.into_any())
}

fn sections() -> AnyView {
    view! {
        <PageHeader
            title="Gallery" note="Every component in every state." crumbs=vec![Crumb::new("Assay", "/"), Crumb::new("For developers", "/dev/gallery")]
        >
            <ButtonLink href="#fields" word="To the fields" kind=ButtonKind::Quiet/>
            <Button word="One primary per page" kind=ButtonKind::Primary icon=Icon::Plus attr:r#type="button"/>
        </PageHeader>
        {section("tones", "Tones, pills, banners", tones())}
        {section("buttons", "Buttons and keys", buttons())}
        {section("navigation", "Navigation", navigation())}
        {section("fields", "Fields", forms::fields())}
        {section("choices", "Choices", forms::choices())}
        {section("lists", "Filters and tables", data::lists())}
        {section("overlays", "Dialogs, menus, messages", more::overlays())}
        {section("states", "Empty, loading, failed", more::states())}
        {section("texts", "Ids, code, JSON, differences", more::texts())}
        {section("time", "Timeline, steps, progress", data::time())}
        {section("charts", "Charts", data::charts())}
        {section("icons", "Icons", icons())}
    }
    .into_any()
}

fn section(id: &'static str, title: &'static str, content: AnyView) -> AnyView {
    view! { <section class="section" aria-labelledby=id><h2 id=id>{title}</h2>{content}</section> }.into_any()
}

fn row(content: impl IntoView + 'static) -> AnyView {
    view! { <div class="gallery-row">{content.into_any()}</div> }.into_any()
}

fn when(words: &str) -> When {
    When { iso: "2026-11-21T13:03:22Z".to_owned(), words: words.to_owned() }
}

const TONES: [Tone; 5] = [Tone::Ok, Tone::Info, Tone::Warn, Tone::Bad, Tone::Idle];

fn tones() -> AnyView {
    let words = ["Healthy", "Waiting", "Degraded", "Failing", "Paused"];
    let icons = [Icon::Check, Icon::Clock, Icon::Warning, Icon::Cross, Icon::Pause];
    let pills = TONES.into_iter().zip(words).zip(icons).map(|((tone, word), icon)| view! { <Pill tone icon word/> });
    let sentences = [
        "All good. 214 results were written today; the slowest took 41 seconds.",
        "Waiting for the first event from Lever.",
        "Two things need someone; everything else works.",
        "Lever refuses the key since 14:03. Nothing is lost; results are written when it works again.",
        "Paused: nothing is sent until it is resumed.",
    ];
    let banners = TONES.into_iter().zip(sentences).map(|(tone, sentence)| view! { <Banner tone sentence/> });
    let states = domain::order::OrderState::ALL.into_iter().map(|state| view! { <StatePill state/> });
    let badges = ["Sandbox", "recruiter", "19"].map(|word| view! { <Badge word/> });
    view! {
        {row(pills.collect_view())}
        {row(states.collect_view())}
        {row(badges.collect_view())}
        <div class="stack">{banners.collect_view()}</div>
    }
    .into_any()
}

fn buttons() -> AnyView {
    let kinds = [
        (ButtonKind::Plain, "Verify now"),
        (ButtonKind::Primary, "Link to this profile"),
        (ButtonKind::Quiet, "Skip"),
        (ButtonKind::Danger, "Delete the key"),
    ];
    let sized = |small: bool| {
        kinds.map(|(kind, word)| view! { <Button word kind small attr:r#type="button"/> }.into_any()).collect_view()
    };
    let disabled =
        kinds.map(|(kind, word)| view! { <Button word kind disabled=true attr:r#type="button"/> }.into_any());
    view! {
        {row(sized(false))}
        {row(sized(true))}
        {row(disabled.collect_view())}
        {row(view! {
            <Button word="Saving" busy=true attr:r#type="button"/>
            <Button word="Retry" icon=Icon::Repeat attr:r#type="button"/>
            <ButtonLink href="/dev/gallery" word="Open in Lever" outward=true/>
            <ButtonLink href="/dev/gallery" word="Export" icon=Icon::Download small=true/>
            <IconButton icon=Icon::Dots label="More" attr:r#type="button"/>
            <IconButton icon=Icon::Trash label="Remove" kind=ButtonKind::Plain small=true attr:r#type="button"/>
            <CopyButton text="f3a9" what="the id"/>
        })}
        {row(["mod+k", "?", "g h", "Escape", "Enter"].map(|keys| view! { <KeyHint keys/> }).collect_view())}
    }
    .into_any()
}

fn navigation() -> AnyView {
    let tab =
        |word: &str, count, current| Tab { href: "#navigation".to_owned(), word: word.to_owned(), count, current };
    let tabs = vec![tab("Open", Some(3), true), tab("Acknowledged", Some(1), false), tab("Resolved", None, false)];
    let mut waiting = NavEntry::new("/dev/gallery", Icon::Merge, "Reviews", "g r");
    waiting.waiting = Some(19);
    let groups = vec![
        NavGroup {
            word: String::new(),
            entries: vec![
                NavEntry::new("/x/home", Icon::Home, "Home", ""),
                waiting,
                NavEntry::new("/x/e", Icon::Pulse, "Events", "g e"),
            ],
        },
        NavGroup {
            word: "Setup".to_owned(),
            entries: vec![
                NavEntry::new("/x/connections", Icon::Plug, "Connections", ""),
                NavEntry::new("/x/rules", Icon::Sliders, "Rules", ""),
                NavEntry::new("/x/agents", Icon::Robot, "Agents", ""),
            ],
        },
    ];
    view! {
        <Tabs label="Issues" tabs/>
        <nav class="nav gallery-nav" aria-label="Example of a navigation">{finished(nav_groups(&groups, "/x/home"))}</nav>
        {row(view! {
            <LiveState live=Live::On("2 s ago".to_owned())/>
            <LiveState live=Live::Paused/>
            <LiveState live=Live::Reconnecting/>
        })}
    }
    .into_any()
}

fn icons() -> AnyView {
    let icons = Icon::ALL.map(|icon| view! { <li>{icon.view()}<span>{format!("{icon:?}")}</span></li> }.into_any());
    view! { <ul class="gallery-icons">{icons.collect_view()}</ul> }.into_any()
}
