//! What narrows a list: a box to type in, chips that say what is set, more choices.

use leptos::prelude::*;

use super::icons::Icon;

/// One thing that is set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chip {
    /// `State`.
    pub label: String,
    /// `Expired`.
    pub value: String,
    /// The list without it.
    pub without: String,
}

/// Narrows a list by its address. The form is sent with GET, so it works without client code and can be shared.
#[component]
pub fn FilterBar(
    /// Address of the list.
    #[prop(into)]
    action: String,
    /// What the box asks for; without a box if empty.
    #[prop(into)]
    label: String,
    /// Name of the box in the address.
    #[prop(default = "q".to_owned(), into)]
    name: String,
    /// What the box holds.
    #[prop(optional, into)]
    query: String,
    /// In the empty box, such as `is:open customer:acme`.
    #[prop(optional, into)]
    example: String,
    /// What is set.
    #[prop(optional)]
    chips: Vec<Chip>,
    /// Address of the list without any filter; while something is set.
    #[prop(optional_no_strip, into)]
    clear: Option<String>,
    /// Further fields, such as [`super::Select`].
    #[prop(optional)]
    children: Option<Children>,
) -> AnyView {
    let filter_box = (!label.is_empty()).then(|| {
        view! {
            <label class="field filter-search">
                <span class="field-label">{label}</span>
                <span class="filter-box">
                    {Icon::Search.view()}
                    <input
                        type="search" name=name value=query placeholder=example
                        autocomplete="off" spellcheck="false" data-keys="/"
                    />
                    <kbd class="key" aria-hidden="true">"/"</kbd>
                </span>
            </label>
        }
    });
    view! {
        <form class="filter-bar" role="search" method="get" action=action>
            <div class="filter-row">
                {filter_box}
                {children.map(|children| children())}
                <button class="button">"Filter"</button>
            </div>
            {chips_view(chips, clear)}
        </form>
    }
    .into_any()
}

fn chips_view(chips: Vec<Chip>, clear: Option<String>) -> Option<AnyView> {
    if chips.is_empty() && clear.is_none() {
        return None;
    }
    let chips = chips.into_iter().map(|chip| {
        let label = format!("Remove the filter {}: {}", chip.label, chip.value);
        view! {
            <li class="chip">
                <span class="muted">{chip.label}</span>
                <span>{chip.value}</span>
                <a class="chip-remove" href=chip.without aria-label=label>{Icon::Close.view()}</a>
            </li>
        }
    });
    let chips = chips.collect_view();
    let clear = clear.map(|href| view! { <li><a class="chip-clear" href=href>"Clear all"</a></li> });
    Some(view! { <ul class="chips" aria-label="Filters that are set">{chips}{clear}</ul> }.into_any())
}
