//! The fields of a row, each with what is wrong with it.

use domain::triggers::{Draft, Fault, Field};
use leptos::prelude::*;

use super::form::Choice;

fn fault(field: Field, faults: &[Fault]) -> AnyView {
    let said = faults.iter().filter(|f| f.field == field).map(|f| format!("{}. ", f.sentence)).collect::<String>();
    let id = format!("fault-{}", field.as_str());
    (!said.is_empty()).then(|| view! { <span class="fault" id=id>{said}</span> }).into_any()
}

fn described(field: Field, faults: &[Fault]) -> Option<String> {
    faults.iter().any(|f| f.field == field).then(|| format!("fault-{}", field.as_str()))
}

/// A field that offers what there is and searches in it while one types.
pub fn listed(
    field: Field,
    label: &'static str,
    value: String,
    options: Vec<(String, String)>,
    faults: &[Fault],
) -> AnyView {
    let (list, by) = (format!("list-{}", field.as_str()), described(field, faults));
    let options = options.into_iter().map(|(value, words)| view! { <option value=value>{words}</option> });
    view! {
        <label class="field">
            <span>{label}</span>
            <input
                name=format!("draft[{}]", field.as_str())
                value=value
                list=list.clone()
                autocomplete="off"
                aria-invalid=by.is_some().then_some("true")
                aria-describedby=by
            />
            {fault(field, faults)}
        </label>
        <datalist id=list>{options.collect_view()}</datalist>
    }
    .into_any()
}

/// The organization's vendors.
pub fn vendors(vendors: &[Choice], chosen: &str, faults: &[Fault]) -> AnyView {
    let options = vendors.iter().map(|v| {
        let selected = v.value == chosen;
        view! { <option value=v.value.clone() selected=selected>{v.words.clone()}</option> }
    });
    view! {
        <label class="field">
            <span>"Vendor"</span>
            <select name="draft[vendor]">{options.collect_view()}</select>
            {fault(Field::Vendor, faults)}
        </label>
    }
    .into_any()
}

/// A field that judges while one types.
pub fn number(field: Field, label: &'static str, value: RwSignal<String>, faults: &[Fault]) -> AnyView {
    let by = described(field, faults);
    view! {
        <label class="field">
            <span>{label}</span>
            <input
                name=format!("draft[{}]", field.as_str())
                value=value.get_untracked()
                inputmode="decimal"
                autocomplete="off"
                aria-invalid=by.is_some().then_some("true")
                aria-describedby=by
                on:input=move |event| value.set(event_target_value(&event))
            />
            {fault(field, faults)}
        </label>
    }
    .into_any()
}

/// A field.
pub fn plain(field: Field, label: &'static str, value: String, faults: &[Fault]) -> AnyView {
    let by = described(field, faults);
    view! {
        <label class="field">
            <span>{label}</span>
            <input name=format!("draft[{}]", field.as_str()) value=value autocomplete="off" aria-describedby=by/>
            {fault(field, faults)}
        </label>
    }
    .into_any()
}

/// The two lists of bands, folded where there are none.
pub fn bands(draft: &Draft, faults: &[Fault]) -> AnyView {
    let area = |field: Field, label: &'static str, value: String| {
        view! {
            <label class="field">
                <span>{label}</span>
                <textarea name=format!("draft[{}]", field.as_str()) rows="2">{value}</textarea>
                {fault(field, faults)}
            </label>
        }
        .into_any()
    };
    let open = !draft.pass_bands.is_empty() || !draft.fail_bands.is_empty();
    view! {
        <details open=open>
            <summary>"Bands, for vendors that answer with a word"</summary>
            <div class="trigger-pair">
                {area(Field::PassBands, "Bands that pass, one a line", draft.pass_bands.clone())}
                {area(Field::FailBands, "Bands that fail, one a line", draft.fail_bands.clone())}
            </div>
        </details>
    }
    .into_any()
}

/// A box for each posting; with client code they can be searched.
pub fn postings(all: Vec<Choice>, chosen: &[String], faults: &[Fault], ready: RwSignal<bool>) -> AnyView {
    let wanted = RwSignal::new(String::new());
    let boxes = all.into_iter().map(|posting| {
        let name = posting.words.to_lowercase();
        let other = move || !name.contains(&wanted.get().to_lowercase());
        let checked = chosen.iter().any(|c| *c == posting.value || *c == posting.words);
        view! {
            <label class="choice" hidden=other>
                <input type="checkbox" name="draft[postings][]" value=posting.value checked=checked/>
                <span>{posting.words}</span>
            </label>
        }
        .into_any()
    });
    let boxes = boxes.collect_view();
    view! {
        <fieldset>
            <legend>"Postings; none chosen: all"</legend>
            <label class="field" hidden=move || !ready.get()>
                <span>"Search"</span>
                <input type="search" autocomplete="off" on:input=move |event| wanted.set(event_target_value(&event))/>
            </label>
            <div class="choices">{boxes}</div>
            {fault(Field::Postings, faults)}
        </fieldset>
    }
    .into_any()
}
