//! What narrows a list: a box to type in, chips that say what is set, more choices.

use leptos::prelude::*;

use super::icons::Icon;
use crate::markup::{Markup, finished, html, slot};

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
    finished(html! {
        form class="filter-bar" role="search" method="get" action=(action) {
            div class="filter-row" {
                @if !label.is_empty() { (filter_box(&label, &name, &query, &example)) }
                @if let Some(children) = children { (slot(children())) }
                button class="button" { "Filter" }
            }
            @if !chips.is_empty() || clear.is_some() { (chips_list(&chips, clear.as_deref())) }
        }
    })
}

fn filter_box(label: &str, name: &str, query: &str, example: &str) -> Markup {
    html! {
        label class="field filter-search" {
            span class="field-label" { (label) }
            span class="filter-box" {
                (Icon::Search)
                input type="search" name=(name) value=(query) placeholder=(example) autocomplete="off" spellcheck="false"
                    data-keys="/";
                kbd class="key" aria-hidden="true" { "/" }
            }
        }
    }
}

fn chips_list(chips: &[Chip], clear: Option<&str>) -> Markup {
    html! {
        ul class="chips" aria-label="Filters that are set" {
            @for Chip { label, value, without } in chips {
                li class="chip" {
                    span class="muted" { (label) }
                    span { (value) }
                    a class="chip-remove" href=(without) aria-label={ "Remove the filter " (label) ": " (value) } {
                        (Icon::Close)
                    }
                }
            }
            @if let Some(href) = clear { li { a class="chip-clear" href=(href) { "Clear all" } } }
        }
    }
}
