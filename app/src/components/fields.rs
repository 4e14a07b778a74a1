//! Fields of forms. Each has a label, a hint and an error of its own, tied to it for those who listen.

use leptos::prelude::*;

use super::icons::Icon;

/// One of several to choose from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Choice {
    /// Sent with the form.
    pub value: String,
    /// Shown.
    pub word: String,
    /// Beside or below the word; may be empty.
    pub note: String,
}

impl Choice {
    /// Without a note.
    pub fn new(value: impl Into<String>, word: impl Into<String>) -> Self {
        Self { value: value.into(), word: word.into(), note: String::new() }
    }

    /// With a note.
    #[must_use]
    pub fn noted(self, note: impl Into<String>) -> Self {
        Self { note: note.into(), ..self }
    }
}

/// The ids that describe a control, for `aria-describedby`.
pub fn described_by(id: &str, hint: &str, error: Option<&str>) -> Option<String> {
    match (hint.is_empty(), error) {
        (true, None) => None,
        (false, None) => Some(format!("{id}-hint")),
        (true, Some(_)) => Some(format!("{id}-error")),
        (false, Some(_)) => Some(format!("{id}-error {id}-hint")),
    }
}

/// A label above a control, a hint and an error below it. The control has the id `id`, and `aria-describedby` from
/// [`described_by`].
#[component]
pub fn Field(
    /// Of the control.
    #[prop(into)]
    id: String,
    /// What is asked.
    #[prop(into)]
    label: String,
    /// How to answer; may be empty.
    #[prop(optional, into)]
    hint: String,
    /// What is wrong and how to mend it.
    #[prop(optional_no_strip, into)]
    error: Option<String>,
    /// The control.
    children: Children,
) -> AnyView {
    view! {
        <div class="field">
            <label class="field-label" for=id.clone() id=format!("{id}-label")>{label}</label>
            {children()}
            {notes(&id, hint, error)}
        </div>
    }
    .into_any()
}

/// The error and the hint below a control.
pub(super) fn notes(id: &str, hint: String, error: Option<String>) -> AnyView {
    let error = error.map(|error| {
        view! { <p class="field-error" id=format!("{id}-error")>{Icon::Cross.view()}<span>{error}</span></p> }
    });
    let hint = (!hint.is_empty()).then(|| view! { <p class="field-hint" id=format!("{id}-hint")>{hint}</p> });
    view! { {error}{hint} }.into_any()
}

/// One line of text. `kind` is the input's type: `text`, `email`, `url`, `search`, `password`, `date`.
#[component]
pub fn TextInput(
    /// Of the control.
    #[prop(into)]
    id: String,
    /// In the form.
    #[prop(into)]
    name: String,
    /// What is asked.
    #[prop(into)]
    label: String,
    /// As it stands.
    #[prop(optional, into)]
    value: String,
    /// How to answer.
    #[prop(optional, into)]
    hint: String,
    /// What is wrong.
    #[prop(optional_no_strip, into)]
    error: Option<String>,
    /// Type of the input.
    #[prop(default = "text")]
    kind: &'static str,
    /// Must be answered.
    #[prop(optional)]
    required: bool,
    /// What browsers and password managers fill in.
    #[prop(default = "off")]
    autocomplete: &'static str,
    /// A number that is not to be lost while it is not one yet: phones show their keys for numbers.
    #[prop(optional)]
    numeric: bool,
) -> AnyView {
    let (described, bad) = (described_by(&id, &hint, error.as_deref()), error.is_some());
    view! {
        <Field id=id.clone() label hint error>
            <input
                class="input" id=id type=kind name=name value=value required=required
                autocomplete=autocomplete aria-describedby=described aria-invalid=bad.then_some("true")
                inputmode=numeric.then_some("decimal")
            />
        </Field>
    }
    .into_any()
}

/// Several lines of text.
#[component]
pub fn TextArea(
    /// Of the control.
    #[prop(into)]
    id: String,
    /// In the form.
    #[prop(into)]
    name: String,
    /// What is asked.
    #[prop(into)]
    label: String,
    /// As it stands.
    #[prop(optional, into)]
    value: String,
    /// How to answer.
    #[prop(optional, into)]
    hint: String,
    /// What is wrong.
    #[prop(optional_no_strip, into)]
    error: Option<String>,
    /// Lines shown.
    #[prop(default = 4)]
    rows: u32,
) -> AnyView {
    let (described, bad) = (described_by(&id, &hint, error.as_deref()), error.is_some());
    view! {
        <Field id=id.clone() label hint error>
            <textarea
                class="input input-lines" id=id name=name rows=rows
                aria-describedby=described aria-invalid=bad.then_some("true")
            >{value}</textarea>
        </Field>
    }
    .into_any()
}

/// A number, with its unit.
#[component]
pub fn NumberInput(
    /// Of the control.
    #[prop(into)]
    id: String,
    /// In the form.
    #[prop(into)]
    name: String,
    /// What is asked.
    #[prop(into)]
    label: String,
    /// As it stands.
    #[prop(optional, into)]
    value: String,
    /// Least.
    #[prop(optional_no_strip, into)]
    min: Option<String>,
    /// Most.
    #[prop(optional_no_strip, into)]
    max: Option<String>,
    /// Distance of two values; `any` for all.
    #[prop(default = "1")]
    step: &'static str,
    /// Behind the number; may be empty.
    #[prop(optional, into)]
    unit: String,
    /// How to answer.
    #[prop(optional, into)]
    hint: String,
    /// What is wrong.
    #[prop(optional_no_strip, into)]
    error: Option<String>,
) -> AnyView {
    let (described, bad) = (described_by(&id, &hint, error.as_deref()), error.is_some());
    let unit = (!unit.is_empty()).then(|| view! { <span class="input-unit" aria-hidden="true">{unit.clone()}</span> });
    view! {
        <Field id=id.clone() label hint error>
            <span class="input-row">
                <input
                    class="input input-number" id=id type="number" inputmode="decimal" name=name value=value
                    min=min max=max step=step aria-describedby=described
                    aria-invalid=bad.then_some("true")
                />
                {unit}
            </span>
        </Field>
    }
    .into_any()
}

/// A secret: written, never read back.
#[component]
pub fn SecretInput(
    /// Of the control.
    #[prop(into)]
    id: String,
    /// In the form.
    #[prop(into)]
    name: String,
    /// What is asked.
    #[prop(into)]
    label: String,
    /// What is known of the one that is set, such as `ends in 4f2a, set 12 Nov 2026`; none while there is none.
    #[prop(optional_no_strip, into)]
    held: Option<String>,
    /// How to answer.
    #[prop(optional, into)]
    hint: String,
    /// What is wrong.
    #[prop(optional_no_strip, into)]
    error: Option<String>,
) -> AnyView {
    let hint = match held {
        Some(held) => format!("Set: {held}. Leave it empty to keep it. {hint}").trim_end().to_owned(),
        None => hint,
    };
    view! { <TextInput id name label hint error kind="password" autocomplete="new-password"/> }.into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_control_is_described_by_what_is_there() {
        assert_eq!(described_by("a", "", None), None);
        assert_eq!(described_by("a", "h", None).as_deref(), Some("a-hint"));
        assert_eq!(described_by("a", "h", Some("e")).as_deref(), Some("a-error a-hint"));
    }
}
