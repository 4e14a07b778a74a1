//! Choices: switches, boxes, cards, and the browser's own list.

use leptos::prelude::*;

use super::fields::{Choice, Field, described_by, notes};
use crate::markup::{Markup, finished, html};

/// On or off. A checkbox: what is off is not sent.
#[component]
pub fn Switch(
    /// Of the control.
    #[prop(into)]
    id: String,
    /// In the form; sent with the value `on`.
    #[prop(into)]
    name: String,
    /// What is on or off.
    #[prop(into)]
    label: String,
    /// As it stands.
    #[prop(optional)]
    on: bool,
    /// What it means.
    #[prop(optional, into)]
    hint: String,
    /// Cannot be changed.
    #[prop(optional)]
    disabled: bool,
) -> AnyView {
    let described = described_by(&id, &hint, None);
    view! {
        <div class="switch-field">
            <label class="switch">
                <input
                    type="checkbox" role="switch" id=id.clone() name=name checked=on disabled=disabled
                    aria-describedby=described
                />
                <span class="switch-track"></span>
                <span>{label}</span>
            </label>
            {notes(&id, hint, None)}
        </div>
    }
    .into_any()
}

/// Any of a few.
#[component]
pub fn CheckboxGroup(
    /// Of the group; its boxes have it with a number.
    #[prop(into)]
    id: String,
    /// In the form; sent once for each.
    #[prop(into)]
    name: String,
    /// What is asked.
    #[prop(into)]
    legend: String,
    /// What there is.
    options: Vec<Choice>,
    /// Values of the chosen ones.
    #[prop(optional)]
    chosen: Vec<String>,
    /// How to answer.
    #[prop(optional, into)]
    hint: String,
    /// What is wrong.
    #[prop(optional_no_strip, into)]
    error: Option<String>,
    /// There may be so many that they are to be searched.
    #[prop(optional)]
    search: bool,
) -> AnyView {
    let find = search.then(|| {
        let list = format!("{id}-list");
        view! {
            <label class="choices-find needs-client">
                <span class="visually-hidden">{format!("Search: {legend}")}</span>
                <input type="search" class="input" placeholder="Search" autocomplete="off" data-narrows=list/>
            </label>
        }
        .into_any()
    });
    choices("checkbox", [&id, &name], legend, options, &chosen, find, (hint, error))
}

/// One of a few, each with an explanation.
#[component]
pub fn RadioCards(
    /// Of the group; its buttons have it with a number.
    #[prop(into)]
    id: String,
    /// In the form.
    #[prop(into)]
    name: String,
    /// What is asked.
    #[prop(into)]
    legend: String,
    /// What there is.
    options: Vec<Choice>,
    /// The chosen one; empty for none.
    #[prop(optional, into)]
    value: String,
    /// How to answer.
    #[prop(optional, into)]
    hint: String,
    /// What is wrong.
    #[prop(optional_no_strip, into)]
    error: Option<String>,
) -> AnyView {
    choices("radio", [&id, &name], legend, options, &[value], None, (hint, error))
}

fn choices(
    kind: &'static str,
    [id, name]: [&str; 2],
    legend: String,
    options: Vec<Choice>,
    chosen: &[String],
    find: Option<AnyView>,
    (hint, error): (String, Option<String>),
) -> AnyView {
    let described = described_by(id, &hint, error.as_deref());
    let bad = error.is_some();
    let boxes = options.into_iter().enumerate().map(|(n, option)| {
        let on = chosen.contains(&option.value);
        let note = (!option.note.is_empty()).then(|| view! { <span class="choice-note">{option.note.clone()}</span> });
        view! {
            <label class=if kind == "radio" { "choice choice-card" } else { "choice" }>
                <input
                    type=kind id=format!("{id}-{n}") name=name.to_owned() value=option.value checked=on
                    aria-invalid=(bad && kind == "checkbox").then_some("true")
                />
                <span class="choice-word">{option.word}{note}</span>
            </label>
        }
    });
    view! {
        <fieldset class="choices" id=id.to_owned() aria-describedby=described>
            <legend class="field-label">{legend}</legend>
            {find}
            <div class=if kind == "radio" { "choices-cards" } else { "choices-list" } id=format!("{id}-list")>
                {boxes.collect_view()}
            </div>
            {notes(id, hint, error)}
        </fieldset>
    }
    .into_any()
}

/// One of a few, with the browser's own list. Many: [`super::Combobox`].
#[component]
pub fn Select(
    /// Of the control.
    #[prop(into)]
    id: String,
    /// In the form.
    #[prop(into)]
    name: String,
    /// What is asked.
    #[prop(into)]
    label: String,
    /// What there is.
    options: Vec<Choice>,
    /// The chosen one; empty for none.
    #[prop(optional, into)]
    value: String,
    /// Word of the empty choice, such as `Any`; without it there is none.
    #[prop(optional_no_strip, into)]
    none: Option<String>,
    /// How to answer.
    #[prop(optional, into)]
    hint: String,
    /// What is wrong.
    #[prop(optional_no_strip, into)]
    error: Option<String>,
) -> AnyView {
    let described = described_by(&id, &hint, error.as_deref());
    let invalid = error.is_some().then_some("true");
    let select = finished(html! {
        select class="input" id=(id) name=(name) aria-describedby=[described] aria-invalid=[invalid] {
            (options_list(&options, &value, none.as_deref()))
        }
    });
    view! { <Field id label hint error>{select}</Field> }.into_any()
}

/// The options of a native list.
pub(super) fn options_list(options: &[Choice], value: &str, none: Option<&str>) -> Markup {
    html! {
        @if let Some(word) = none { option value="" selected[value.is_empty()] { (word) } }
        @for option in options {
            option value=(option.value) selected[option.value == value] {
                (option.word)
                @if !option.note.is_empty() { " (" (option.note) ")" }
            }
        }
    }
}
