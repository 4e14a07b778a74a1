//! A long list that is searched (ARIA 1.2 combobox), and words that are collected.

use leptos::prelude::*;

use super::choices::options_list;
use super::fields::{Choice, Field, described_by};
use super::icons::Icon;
use crate::markup::finished;

/// One of many. Without client code it is the browser's own list, which stays in the form behind the searched one: it has
/// the value, and it tells `change`, so handlers are set with `on:change` as on a `select`.
#[component]
pub fn Combobox(
    /// Of the control.
    #[prop(into)]
    id: String,
    /// In the form.
    #[prop(into)]
    name: String,
    /// What is asked.
    #[prop(into)]
    label: String,
    /// What there is. Words are searched, notes too.
    options: Vec<Choice>,
    /// The chosen one; empty for none.
    #[prop(optional, into)]
    value: String,
    /// In the empty field, and the empty choice of the browser's own list.
    #[prop(default = "None".to_owned(), into)]
    none: String,
    /// How to answer.
    #[prop(optional, into)]
    hint: String,
    /// What is wrong.
    #[prop(optional_no_strip, into)]
    error: Option<String>,
) -> AnyView {
    let (described, bad) = (described_by(&id, &hint, error.as_deref()), error.is_some());
    let shown = options.iter().find(|o| o.value == value).map(|o| o.word.clone()).unwrap_or_default();
    let list = format!("{id}-list");
    let rows = option_rows(&id, &options, &value);
    let native = finished(options_list(&options, &value, Some(&none)));
    let invalid = bad.then_some("true");
    view! {
        <Field id=id.clone() label=label.clone() hint error>
            <div class="combobox" data-combobox="">
                <select
                    class="input combobox-native" name=name aria-label=label.clone() aria-describedby=described.clone()
                    aria-invalid=invalid
                >
                    {native}
                </select>
                <input
                    class="input combobox-input" id=id.clone() type="text" role="combobox" aria-expanded="false"
                    aria-controls=list.clone() aria-autocomplete="list" autocomplete="off" spellcheck="false"
                    placeholder=none value=shown aria-describedby=described aria-invalid=invalid
                />
                {Icon::Chevron.view()}
                <div class="combobox-pop" hidden=true>
                    <ul class="combobox-list" role="listbox" id=list aria-label=label>{rows}</ul>
                    <p class="combobox-none" role="status"></p>
                </div>
            </div>
        </Field>
    }
    .into_any()
}

fn option_rows(id: &str, options: &[Choice], value: &str) -> AnyView {
    let row = |(n, option): (usize, &Choice)| {
        let note = option.note.clone();
        let note = (!note.is_empty()).then(|| view! { <span class="option-note">{note}</span> });
        let chosen = if option.value == value { "true" } else { "false" };
        view! {
            <li class="option" role="option" id=format!("{id}-{n}") data-value=option.value.clone() aria-selected=chosen>
                <span>{option.word.clone()}</span>{note}
            </li>
        }
    };
    options.iter().enumerate().map(row).collect_view().into_any()
}

/// Words that are collected, such as tags. Sent once for each, and once more for what is typed and not yet collected, which
/// may hold several with commas between them: read all values of `name`, split each at commas, leave out the empty ones.
#[component]
pub fn TagInput(
    /// Of the control.
    #[prop(into)]
    id: String,
    /// In the form.
    #[prop(into)]
    name: String,
    /// What is asked.
    #[prop(into)]
    label: String,
    /// Collected so far. Unticked ones are not sent.
    #[prop(optional)]
    tags: Vec<String>,
    /// How to answer.
    #[prop(optional, into)]
    hint: String,
    /// What is wrong.
    #[prop(optional_no_strip, into)]
    error: Option<String>,
) -> AnyView {
    let (described, bad) = (described_by(&id, &hint, error.as_deref()), error.is_some());
    let root = name.clone();
    let tags = tags.into_iter().map(|tag| {
        view! {
            <li>
                <label class="tag">
                    <input type="checkbox" name=name.clone() value=tag.clone() checked=true/>
                    <span>{tag}</span>
                </label>
            </li>
        }
    });
    let tags = tags.collect_view();
    view! {
        <Field id=id.clone() label=label.clone() hint error>
            <div class="tags" data-tags=root>
                <ul class="tags-list" aria-label=label>{tags}</ul>
                <input
                    class="tags-input" id=id type="text" name=name autocomplete="off" placeholder="Add…"
                    aria-describedby=described aria-invalid=bad.then_some("true")
                />
            </div>
        </Field>
    }
    .into_any()
}
