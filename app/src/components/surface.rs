//! Where things lie: panels, the drawer beside a list, tabs, what unfolds.

use leptos::prelude::*;

use super::icons::Icon;

/// A framed part of a page with its title.
#[component]
pub fn Panel(
    /// Of the title; unique on the page.
    #[prop(into)]
    id: String,
    /// What it is about.
    #[prop(into)]
    title: String,
    /// Below the title; may be empty.
    #[prop(optional, into)]
    note: String,
    /// At the end of the title's line: buttons, a pill.
    #[prop(optional)]
    aside: Option<AnyView>,
    /// What is in it.
    children: Children,
) -> AnyView {
    let note = (!note.is_empty()).then(|| view! { <p class="panel-note muted">{note}</p> });
    let label = id.clone();
    view! {
        <section class="panel" aria-labelledby=label>
            <header class="panel-header">
                <div class="panel-title"><h2 id=id>{title}</h2>{note}</div>
                {aside.map(|aside| view! { <div class="panel-aside">{aside}</div> })}
            </header>
            <div class="panel-body">{children()}</div>
        </section>
    }
    .into_any()
}

/// One thing of a list, beside it; below 64 rem over it. It has an address of its own, and so has its absence. Put it and
/// the list into an element of class `with-details`.
#[component]
pub fn DetailsPanel(
    /// Of the title; unique on the page.
    #[prop(into)]
    id: String,
    /// What it is about.
    #[prop(into)]
    title: String,
    /// Address of the list alone.
    #[prop(into)]
    close: String,
    /// What is known.
    children: Children,
) -> AnyView {
    let label = id.clone();
    view! {
        <aside class="details-panel" aria-labelledby=label>
            <header class="panel-header">
                <div class="panel-title"><h2 id=id>{title}</h2></div>
                <a
                    class="button button-quiet icon-button" href=close data-keys="Escape" title="Close"
                    aria-label="Close the details"
                >
                    {Icon::Close.view()}
                </a>
            </header>
            <div class="panel-body">{children()}</div>
        </aside>
    }
    .into_any()
}

/// One of several views of the same thing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tab {
    /// Its address.
    pub href: String,
    /// What it shows.
    pub word: String,
    /// How many are in it.
    pub count: Option<i64>,
    /// It is the one that is shown.
    pub current: bool,
}

/// Links to the views of one thing.
#[component]
pub fn Tabs(
    /// What they are views of.
    #[prop(into)]
    label: String,
    /// In their order.
    tabs: Vec<Tab>,
) -> AnyView {
    let tabs = tabs.into_iter().map(|tab| {
        view! {
            <a class="tab" href=tab.href aria-current=tab.current.then_some("page")>
                {tab.word}
                {tab.count.map(|n| view! { " "<span class="badge">{n}</span> })}
            </a>
        }
    });
    view! { <nav class="tabs" aria-label=label>{tabs.collect_view()}</nav> }.into_any()
}

/// What not everyone needs to see at once.
#[component]
pub fn Disclosure(
    /// What is inside.
    #[prop(into)]
    summary: String,
    /// Unfolded from the beginning.
    #[prop(optional)]
    open: bool,
    /// Inside.
    children: Children,
) -> AnyView {
    view! {
        <details class="disclosure" open=open>
            <summary>{Icon::Right.view()}<span>{summary}</span></summary>
            <div class="disclosure-body">{children()}</div>
        </details>
    }
    .into_any()
}

/// The shape of a text that is on its way: lines of the height they will have.
#[component]
pub fn Skeleton(
    /// How many.
    #[prop(default = 3)]
    lines: usize,
) -> AnyView {
    let lines = (0..lines).map(|_| view! { <span class="skeleton-line" aria-hidden="true"></span> });
    view! {
        <div class="skeleton">
            <span class="visually-hidden" role="status">"Loading"</span>
            {lines.collect_view()}
        </div>
    }
    .into_any()
}
