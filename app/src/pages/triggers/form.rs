//! `/o/{slug}/triggers/{row}`: one row, or `new`: its fields, what its thresholds make of past results, and who is there
//! already.

use domain::outcome::Measured;
use domain::triggers::{Draft, Fault, Field};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use server_fn::ServerFn;

use super::calls::{InvitePresent, MendTag, RefreshTests, SaveTrigger};
use super::nearly::{self, NearlyLine, NearlyPostingLine};
use super::present::{self, PresentView};
use super::simulation::{self, SimulationView};
use super::typed::{self, Typed};
use super::{Undo, refused, version_to_undo};
use crate::error::AppError;
use crate::island::{THRESHOLDS, island_of};
use crate::page::{page_body, path_param, query_param, refusal};
use crate::ui::{
    Banner, Button, ButtonKind, CheckboxGroup, Choice, Combobox, Crumb, Disclosure, OfThresholds, PageHeader, Select,
    TextArea, TextInput, Thresholds, Tone,
};
use crate::{address, text};

/// The page as data.
#[derive(Clone, Debug, PartialEq)]
pub struct FormView {
    /// In addresses.
    pub slug: String,
    /// For people.
    pub organization: String,
    /// The row's key as one word; empty for a new one.
    pub row: String,
    /// Name of the stage.
    pub title: String,
    /// Switched off.
    pub off: bool,
    /// Version of the rules; what is saved is saved against it.
    pub version: i64,
    /// The fields.
    pub draft: Draft,
    /// What is wrong with them.
    pub faults: Vec<Fault>,
    /// Why what was typed is not in force.
    pub notice: Option<String>,
    /// Who could not be asked.
    pub failures: Vec<String>,
    /// The organization's vendors.
    pub vendors: Vec<Choice>,
    /// The vendor's scale.
    pub scale: Option<(f64, f64)>,
    /// Lever's stages.
    pub stages: Vec<Choice>,
    /// The vendors' tests.
    pub tests: Vec<Choice>,
    /// Lever's postings.
    pub postings: Vec<Choice>,
    /// Past results.
    pub results: Vec<Measured>,
    /// Which results they are.
    pub results_words: String,
    /// Who has a tag that nearly names a test.
    pub nearly: Vec<NearlyLine>,
    /// Which postings have.
    pub nearly_postings: Vec<NearlyPostingLine>,
    /// What the row as it is typed would have done; `None` where nobody asked.
    pub simulation: Option<SimulationView>,
    /// Who was there before; `None` where the row is new or off.
    pub present: Option<PresentView>,
    /// The last change, while it can be undone.
    pub undo: Option<Undo>,
}

/// The form of a row; of a new one where `row` is `new`.
pub async fn load_trigger(
    slug: String,
    row: String,
    typed: Option<Typed>,
    undo: Option<i64>,
) -> Result<FormView, AppError> {
    use super::on_server::{form, key};
    use crate::access::{CONFIGURE, Granted, require};
    let Granted { organization, .. } = require(CONFIGURE, &slug).await?;
    let row = if row == "new" { None } else { Some(key(&row)?) };
    form(&organization, row, typed, undo).await
}

/// The page.
#[component]
pub fn TriggerPage() -> impl IntoView {
    let typed = use_query_map().with_untracked(typed::from_query);
    let load = load_trigger(path_param("slug"), path_param("row"), typed, version_to_undo());
    page_body(load, body)
}

fn body(page: FormView) -> AnyView {
    let crumbs = vec![Crumb::new(text::TRIGGERS, address::triggers(&page.slug))];
    let undo = page.undo.clone();
    let undo = undo.map(|undo| super::undo_form(page.slug.clone(), page.version, undo));
    let invited = query_param("invited").and_then(|n| n.parse::<u32>().ok()).map(|n| {
        let people = text::count(i64::from(n), "candidate is", "candidates are");
        view! { <div role="status"><Banner tone=Tone::Ok sentence=format!("{people} being invited.")/></div> }
    });
    let failures = page.failures.iter().map(|f| view! { <Banner tone=Tone::Warn sentence=f.clone()/> }).collect_view();
    let notice = page.notice.clone();
    let notice = notice.map(|n| view! { <div role="alert"><Banner tone=Tone::Bad sentence=n/></div> });
    let there = page.present.clone().map(|p| present::section(&page.slug, &page.row, p));
    let nearly = nearly::section(&page.slug, &page.row, page.nearly_postings.clone(), page.nearly.clone());
    let simulation = page.simulation.clone().map(simulation::section);
    let manage = (!page.row.is_empty()).then(|| {
        let buttons = super::switch_and_remove(&page.slug, page.version, &page.row, page.off);
        view! { {super::on_pill(page.off)}{buttons} }
    });
    let refresh = refresh(&page);
    view! {
        <PageHeader title=page.title.clone() organization=page.organization.clone() crumbs>{manage}</PageHeader>
        {undo}
        {invited}
        {notice}
        {failures}
        {refused()}
        // A refused save leads to the form with what was typed, which says it as well.
        {refusal(&[SaveTrigger::PATH, InvitePresent::PATH, MendTag::PATH, RefreshTests::PATH])}
        {form(page)}
        {simulation}
        {refresh}
        {nearly}
        {there}
    }
    .into_any()
}

/// The tests come from the stored catalogue.
fn refresh(page: &FormView) -> AnyView {
    let forms = page.vendors.iter().map(|vendor| {
        let (slug, id) = (page.slug.clone(), vendor.value.clone());
        let word = format!("Read the tests of {} again", vendor.word);
        view! {
            <form method="post" action=RefreshTests::PATH>
                <input type="hidden" name="slug" value=slug/>
                <input type="hidden" name="vendor" value=id/>
                <button class="button button-small">{word}</button>
            </form>
        }
    });
    view! { <div class="trigger-acts">{forms.collect_view()}</div> }.into_any()
}

/// What is wrong with a field.
fn fault(field: Field, faults: &[Fault]) -> Option<String> {
    let of_field = faults.iter().filter(|f| f.field == field).map(|f| format!("{}.", f.sentence));
    of_field.reduce(|all, one| format!("{all} {one}"))
}

fn name(field: Field) -> String {
    format!("draft[{}]", field.as_str())
}

/// What is offered, and what the field holds although it is not: a stage that was deleted, a Lever that did not answer.
fn with_held(mut offered: Vec<Choice>, held: &str) -> Vec<Choice> {
    if !held.is_empty() && !offered.iter().any(|choice| choice.value == held) {
        offered.push(Choice::new(held, held).noted("not offered now"));
    }
    offered
}

fn form(page: FormView) -> AnyView {
    let here = address::trigger(&page.slug, if page.row.is_empty() { "new" } else { &page.row });
    let (draft, faults) = (page.draft.clone(), page.faults.clone());
    let fault = move |field| fault(field, &faults);
    let thresholds = thresholds(&page, &fault);
    let stages = with_held(page.stages, &draft.stage);
    let tests = with_held(page.tests, &draft.default_test);
    let postings: Vec<Choice> = draft.postings.iter().fold(page.postings, |all, held| {
        let is_known = all.iter().any(|choice| choice.word == *held);
        if is_known { all } else { with_held(all, held) }
    });
    let chosen = postings.iter().filter(|p| draft.postings.contains(&p.value) || draft.postings.contains(&p.word));
    let chosen = chosen.map(|p| p.value.clone()).collect();
    view! {
        <form method="post" action=SaveTrigger::PATH class="trigger-form">
            <input type="hidden" name="slug" value=page.slug/>
            <input type="hidden" name="version" value=page.version.to_string()/>
            <input type="hidden" name="row" value=page.row/>
            <Combobox
                id="stage" name=name(Field::Stage) label="Stage in Lever" options=stages value=draft.stage.clone()
                none="Choose a stage" error=fault(Field::Stage)
            />
            <Select
                id="vendor" name=name(Field::Vendor) label="Vendor" options=page.vendors value=draft.vendor.clone()
                error=fault(Field::Vendor)
            />
            <Combobox
                id="default-test" name=name(Field::DefaultTest) label="Default test" options=tests
                value=draft.default_test.clone() none="None" hint="For whom no tag names another." error=fault(Field::DefaultTest)
            />
            {thresholds}
            {bands(&draft, &fault)}
            <CheckboxGroup
                id="postings" name=format!("{}[]", name(Field::Postings)) legend="Postings" options=postings chosen
                hint="None chosen: candidates of all postings." error=fault(Field::Postings) search=true
            />
            <TextInput
                id="cooldown" name=name(Field::Cooldown) label="The same test again after" value=draft.cooldown.clone()
                hint="Such as 180d. Blank: never." error=fault(Field::Cooldown)
            />
            <div class="trigger-acts">
                <Button word="Save" kind=ButtonKind::Primary/>
                <button class="button" formmethod="get" formaction=here>"Try on the last 90 days"</button>
            </div>
        </form>
    }
    .into_any()
}

fn thresholds(page: &FormView, fault: &impl Fn(Field) -> Option<String>) -> AnyView {
    let lines = |text: &str| text.lines().map(str::trim).filter(|l| !l.is_empty()).map(str::to_owned).collect();
    let draft = &page.draft;
    let of = OfThresholds {
        names: [name(Field::PassAt), name(Field::FailAt)],
        pass_at: draft.pass_at.clone(),
        fail_at: draft.fail_at.clone(),
        faults: [fault(Field::PassAt), fault(Field::FailAt)],
        bands: [lines(&draft.pass_bands), lines(&draft.fail_bands)],
        results: page.results.clone(),
        words: page.results_words.clone(),
        scale: page.scale,
    };
    island_of(THRESHOLDS, &of, view! { <Thresholds of=of.clone()/> }.into_any())
}

/// The two lists of bands, folded where there are none.
fn bands(draft: &Draft, fault: &impl Fn(Field) -> Option<String>) -> AnyView {
    let [passes, fails] = [fault(Field::PassBands), fault(Field::FailBands)];
    let (pass, fail) = (draft.pass_bands.clone(), draft.fail_bands.clone());
    let open = !draft.pass_bands.is_empty() || !draft.fail_bands.is_empty();
    view! {
        <Disclosure summary="Bands, for vendors that answer with a word" open>
            <div class="field-pair">
                <TextArea
                    id="pass-bands" name=name(Field::PassBands) label="Bands that pass" value=pass
                    hint="One a line." error=passes rows=3
                />
                <TextArea
                    id="fail-bands" name=name(Field::FailBands) label="Bands that fail" value=fail
                    hint="One a line." error=fails rows=3
                />
            </div>
        </Disclosure>
    }
    .into_any()
}
