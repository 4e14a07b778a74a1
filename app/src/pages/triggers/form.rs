//! `/o/{slug}/triggers/{row}`: one row, or `new`: its fields, what its thresholds make of past results, and who is there
//! already.

use domain::outcome::{Measured, Thresholds};
use domain::triggers::{Draft, Fault, Field};
use leptos::prelude::*;
use leptos_router::components::A;
use leptos_router::hooks::use_query_map;
use serde::{Deserialize, Serialize};
use server_fn::ServerFn;
use server_fn::codec::Json;

use super::calls::{InvitePresent, RefreshTests, SaveTrigger};
use super::present::{self, PresentView};
use super::typed::{self, Typed};
use super::{Acts, Undo, chart, fields, undo_of};
use crate::error::AppError;
use crate::form::Write;
use crate::page::{Sent, page_body};
use crate::ui::{Banner, PageHeader, Tone};
use crate::{address, text};

/// The page as data.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
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
    pub tests: Vec<TestChoice>,
    /// Lever's postings.
    pub postings: Vec<Choice>,
    /// Past results.
    pub results: Vec<Measured>,
    /// Which results they are.
    pub results_words: String,
    /// Who was there before; `None` where the row is new or off.
    pub present: Option<PresentView>,
    /// The last change, while it can be undone.
    pub undo: Option<Undo>,
}

/// Something that can be chosen.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Choice {
    /// What is written into the field.
    pub value: String,
    /// For people.
    pub words: String,
}

/// A test that can be chosen.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TestChoice {
    /// Name of the vendor.
    pub vendor: String,
    /// What is written into the field.
    pub value: String,
    /// Its name.
    pub words: String,
}

/// The form of a row; of a new one where `row` is `new`.
#[server(prefix = "/app", endpoint = "trigger", input = Json)]
pub async fn load_trigger(
    slug: String,
    row: String,
    typed: Option<Typed>,
    undo: Option<i64>,
) -> Result<Sent<FormView>, AppError> {
    use super::on_server::{form, key};
    use crate::access::{CONFIGURE, Granted, require};
    let Granted { organization, .. } = require(CONFIGURE, &slug).await?;
    let row = if row == "new" { None } else { Some(key(&row)?) };
    Sent::of(&form(&organization, row, typed, undo).await?)
}

/// The page.
#[component]
pub fn TriggerPage() -> impl IntoView {
    let (slug, row) = (crate::pages::path_param("slug"), crate::pages::path_param("row"));
    let query = use_query_map();
    let typed = Memo::new(move |_| query.with(typed::from_query));
    let undo = Memo::new(move |_| undo_of(query.with(|q| q.get("undo"))));
    let invited = Memo::new(move |_| query.with(|q| q.get("invited")).and_then(|n| n.parse::<u32>().ok()));
    let calls = Calls::new();
    page_body(
        move || LoadTrigger { slug: slug.get(), row: row.get(), typed: typed.get(), undo: undo.get() },
        move |page| body(&page, calls, invited.get_untracked()),
    )
}

#[derive(Clone, Copy)]
struct Calls {
    acts: Acts,
    /// Why nothing was saved, invited or read. A refused save leads to the form with what was typed, which says it as well.
    others: [Write; 3],
}

impl Calls {
    fn new() -> Self {
        let others = [SaveTrigger::PATH, InvitePresent::PATH, RefreshTests::PATH].map(Write::to);
        Self { acts: Acts::new(), others }
    }
}

fn body(page: &FormView, calls: Calls, invited: Option<u32>) -> AnyView {
    let list = address::triggers(&page.slug);
    let undo = page.undo.clone();
    let undo = undo.map(|undo| super::undo_form(page.slug.clone(), page.version, undo));
    let said = invited.map(|n| {
        let people = text::count(i64::from(n), "candidate is", "candidates are");
        view! { <div role="status"><Banner tone=Tone::Ok sentence=format!("{people} being invited.")/></div> }
    });
    let failures = page.failures.iter().map(|f| view! { <Banner tone=Tone::Warn sentence=f.clone()/> }).collect_view();
    let notice = page.notice.clone();
    let notice = notice.map(|n| view! { <div role="alert"><Banner tone=Tone::Bad sentence=n/></div> });
    let there = page.present.clone().map(|p| present::section(&page.slug, &page.row, p));
    let manage = (!page.row.is_empty()).then(|| {
        let buttons = super::switch_and_remove(&page.slug, page.version, &page.row, page.off);
        view! { {super::on_pill(page.off)}{buttons} }
    });
    view! {
        <p class="crumbs"><A href=list>{text::TRIGGERS}</A></p>
        <PageHeader title=page.title.clone() organization=page.organization.clone()>{manage}</PageHeader>
        {undo}
        {said}
        {notice}
        {failures}
        {calls.acts.refused()}
        {calls.others.map(|write| write.refusal().into_any()).into_iter().collect_view()}
        {form(page.clone())}
        {refresh(page)}
        {there}
    }
    .into_any()
}

/// The tests come from the stored catalogue.
fn refresh(page: &FormView) -> AnyView {
    let forms = page.vendors.iter().map(|vendor| {
        let (slug, id) = (page.slug.clone(), vendor.value.clone());
        let word = format!("Read the tests of {} again", vendor.words);
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

fn form(page: FormView) -> AnyView {
    let FormView { slug, row, version, draft, faults, .. } = page.clone();
    let here = address::trigger(&slug, if row.is_empty() { "new" } else { &row });
    let by = Judging::new(&draft);
    // With client code the counts follow the fields, so there is nothing to ask for.
    let ready = RwSignal::new(false);
    Effect::new(move |_| ready.set(true));
    let stages = page.stages.iter().map(|o| (o.value.clone(), o.words.clone())).collect();
    let tests = page.tests.iter().map(|t| (t.value.clone(), format!("{} · {}", t.vendor, t.words))).collect();
    view! {
        <form method="post" action=SaveTrigger::PATH class="trigger-form">
            <input type="hidden" name="slug" value=slug/>
            <input type="hidden" name="version" value=version.to_string()/>
            <input type="hidden" name="row" value=row/>
            {fields::listed(Field::Stage, "Stage in Lever", draft.stage.clone(), stages, &faults)}
            {fields::vendors(&page.vendors, &draft.vendor, &faults)}
            {fields::listed(Field::DefaultTest, "Default test, where no tag names another", draft.default_test.clone(), tests, &faults)}
            <div class="trigger-pair">
                {fields::number(Field::PassAt, "Pass at or above", by.pass_at, &faults)}
                {fields::number(Field::FailAt, "Fail at or below", by.fail_at, &faults)}
            </div>
            {outlook(page.results, page.results_words, page.scale, by)}
            {fields::bands(&draft, &faults)}
            {fields::postings(page.postings, &draft.postings, &faults, ready)}
            {fields::plain(Field::Cooldown, "The same test again after (30d; blank: never)", draft.cooldown, &faults)}
            <div class="trigger-acts">
                <button class="button button-primary">"Save"</button>
                <button class="button" formmethod="get" formaction=here hidden=move || ready.get()>"Preview"</button>
            </div>
        </form>
    }
    .into_any()
}

/// What stands in the fields that judge.
#[derive(Clone, Copy)]
struct Judging {
    pass_at: RwSignal<String>,
    fail_at: RwSignal<String>,
    bands: StoredValue<(Vec<String>, Vec<String>)>,
}

impl Judging {
    fn new(draft: &Draft) -> Self {
        let lines = |text: &str| text.lines().map(str::trim).filter(|l| !l.is_empty()).map(str::to_owned).collect();
        Self {
            pass_at: RwSignal::new(draft.pass_at.clone()),
            fail_at: RwSignal::new(draft.fail_at.clone()),
            bands: StoredValue::new((lines(&draft.pass_bands), lines(&draft.fail_bands))),
        }
    }

    /// `None` while a field holds no number or fail is not below pass.
    fn read(self) -> Option<Thresholds> {
        let number = |text: String| match text.trim() {
            "" => Some(None),
            text => text.parse::<f64>().ok().filter(|n| n.is_finite()).map(Some),
        };
        let (pass_at, fail_at) = (number(self.pass_at.get())?, number(self.fail_at.get())?);
        let (pass_bands, fail_bands) = self.bands.get_value();
        let crossed = matches!((pass_at, fail_at), (Some(pass), Some(fail)) if fail >= pass);
        (!crossed).then_some(Thresholds { pass_at, fail_at, pass_bands, fail_bands })
    }
}

/// What the thresholds in the fields would make of past results.
fn outlook(results: Vec<Measured>, words: String, scale: Option<(f64, f64)>, by: Judging) -> AnyView {
    if results.is_empty() {
        return view! { <p class="muted">{words}"."</p> }.into_any();
    }
    let drawn = move || match by.read() {
        Some(by) => {
            let found = chart::judged(&results, scale, &by);
            let counts = chart::counts(found.split);
            view! { {chart::picture(&found, &by)}<p role="status"><strong>{counts}</strong></p> }.into_any()
        }
        None => {
            view! { <p role="status">"The fail threshold must be a number below the pass threshold."</p> }.into_any()
        }
    };
    view! { <figure><figcaption class="muted">{words}", judged by these thresholds:"</figcaption>{drawn}</figure> }
        .into_any()
}
