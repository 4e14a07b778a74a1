//! Two thresholds and what they make of past results. An island: with client code the counts follow the fields.

use domain::histogram::histogram;
use domain::outcome::{Measured, Thresholds as By};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use super::fields::TextInput;
use super::histogram::Histogram;

/// Bars over the scale.
const BINS: usize = 20;

/// What stands in the fields, and what is judged.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct OfThresholds {
    /// Names of the two fields in the form: pass and fail.
    pub names: [String; 2],
    /// As typed.
    pub pass_at: String,
    /// As typed.
    pub fail_at: String,
    /// What is wrong with them.
    pub faults: [Option<String>; 2],
    /// Bands that pass and bands that fail.
    pub bands: [Vec<String>; 2],
    /// Past results.
    pub results: Vec<Measured>,
    /// Which results they are.
    pub words: String,
    /// The vendor's scale.
    pub scale: Option<(f64, f64)>,
}

impl OfThresholds {
    /// `None` while a field holds no number or fail is not below pass.
    fn read(&self, pass_at: &str, fail_at: &str) -> Option<By> {
        let number = |text: &str| match text.trim() {
            "" => Some(None),
            text => text.parse::<f64>().ok().filter(|n| n.is_finite()).map(Some),
        };
        let (pass_at, fail_at) = (number(pass_at)?, number(fail_at)?);
        let crossed = matches!((pass_at, fail_at), (Some(pass), Some(fail)) if fail >= pass);
        let [pass_bands, fail_bands] = self.bands.clone();
        (!crossed).then_some(By { pass_at, fail_at, pass_bands, fail_bands })
    }
}

/// The two fields, and below them what they make of past results.
#[component]
pub fn Thresholds(
    /// What stands in the fields, and what is judged.
    of: OfThresholds,
) -> AnyView {
    let (pass_at, fail_at) = (RwSignal::new(of.pass_at.clone()), RwSignal::new(of.fail_at.clone()));
    let [pass_name, fail_name] = of.names.clone();
    let is_pass = pass_name.clone();
    let typed = move |event: leptos::ev::Event| {
        let field = event_target::<web_sys::HtmlInputElement>(&event);
        if field.name() == is_pass { pass_at } else { fail_at }.set(field.value());
    };
    let [pass_fault, fail_fault] = of.faults.clone();
    let outlook = move || outlook(&of, &pass_at.get(), &fail_at.get());
    view! {
        <div class="field-pair" on:input=typed>
            <TextInput
                id="pass-at" name=pass_name label="Pass at or above" value=pass_at.get_untracked() numeric=true
                hint="Inclusive. Blank: nobody passes by score." error=pass_fault
            />
            <TextInput
                id="fail-at" name=fail_name label="Fail at or below" value=fail_at.get_untracked() numeric=true
                hint="Inclusive. Blank: nobody fails by score." error=fail_fault
            />
        </div>
        <div aria-live="polite">{outlook}</div>
    }
    .into_any()
}

fn outlook(of: &OfThresholds, pass_at: &str, fail_at: &str) -> AnyView {
    if of.results.is_empty() {
        return view! { <p class="muted">{of.words.clone()}"."</p> }.into_any();
    }
    match of.read(pass_at, fail_at) {
        Some(by) => {
            let found = histogram(&of.results, of.scale, BINS, &by);
            view! { <Histogram id="outlook" title=of.words.clone() found by/> }.into_any()
        }
        None => view! { <p class="field-error">"The fail threshold must be a number below the pass threshold."</p> }
            .into_any(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_read_as_they_are_typed() {
        let of = OfThresholds { bands: [vec!["high".into()], vec![]], ..OfThresholds::default() };
        let read = |pass, fail| of.read(pass, fail).map(|by| (by.pass_at, by.fail_at));
        assert_eq!(read(" 80 ", "40.5"), Some((Some(80.0), Some(40.5))));
        assert_eq!(read("", "40"), Some((None, Some(40.0))));
        for (pass, fail) in [("80", "80"), ("8O", "40"), ("80", "NaN"), ("inf", "")] {
            assert_eq!(read(pass, fail), None, "{pass} {fail}");
        }
        assert_eq!(of.read("", "").unwrap().pass_bands, ["high"]);
    }
}
