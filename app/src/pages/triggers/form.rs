//! `/o/{slug}/triggers/{row}`: one row, or `new`: its fields, what its thresholds make of past results, and who is there
//! already.

use domain::outcome::{Measured, Thresholds};
use domain::triggers::{Draft, Fault, Field};
use leptos::form::ActionForm;
use leptos::prelude::*;
use leptos_router::components::A;
use leptos_router::hooks::use_query_map;
use serde::{Deserialize, Serialize};
use server_fn::codec::Json;

use super::calls::{InvitePresent, RefreshTests, SaveTrigger};
use super::present::{self, PresentView};
use super::typed::{self, Typed};
use super::{Acts, Undo, chart, refusal, undo_of};
use crate::error::AppError;
use crate::ui::{Banner, PageHeader, Tone, page_body};
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
    pub vendors: Vec<Option_>,
    /// The vendor's scale.
    pub scale: Option<(f64, f64)>,
    /// Lever's stages.
    pub stages: Vec<Option_>,
    /// The vendors' tests.
    pub tests: Vec<TestChoice>,
    /// Lever's postings.
    pub postings: Vec<Option_>,
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
pub struct Option_ {
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
    let (slug, row) = (crate::pages::path_param("slug"), crate::pages::path_param("row"));
    let query = use_query_map();
    let typed = Memo::new(move |_| query.with(typed::from_query));
    let undo = Memo::new(move |_| undo_of(query.with(|q| q.get("undo"))));
    let invited = Memo::new(move |_| query.with(|q| q.get("invited")).and_then(|n| n.parse::<u32>().ok()));
    let (acts, save) = (Acts::new(), ServerAction::<SaveTrigger>::new());
    let (invite, tests) = (ServerAction::<InvitePresent>::new(), ServerAction::<RefreshTests>::new());
    let page = Resource::new(
        move || (slug.get(), row.get(), typed.get(), undo.get(), acts.version() + tests.version().get()),
        |(slug, row, typed, undo, _)| load_trigger(slug, row, typed, undo),
    );
    page_body(page, move |page| body(page, Calls { acts, save, invite, tests }, invited.get_untracked()))
}

#[derive(Clone, Copy)]
struct Calls {
    acts: Acts,
    save: ServerAction<SaveTrigger>,
    invite: ServerAction<InvitePresent>,
    tests: ServerAction<RefreshTests>,
}

fn body(page: FormView, calls: Calls, invited: Option<u32>) -> AnyView {
    let list = address::triggers(&page.slug);
    let undo = page.undo.clone();
    let undo = undo.map(|undo| super::undo_form(page.slug.clone(), page.version, undo, calls.acts.undo));
    let said = invited.map(|n| {
        let people = text::count(i64::from(n), "candidate is", "candidates are");
        view! { <div role="status"><Banner tone=Tone::Ok sentence=format!("{people} being invited.")/></div> }
    });
    let failures = page.failures.iter().map(|f| view! { <Banner tone=Tone::Warn sentence=f.clone()/> }).collect_view();
    let notice = page.notice.clone();
    let notice = notice.map(|n| view! { <div role="alert"><Banner tone=Tone::Bad sentence=n/></div> });
    let there = page.present.clone().map(|p| present::section(&page.slug, &page.row, p, calls.invite));
    let manage = (!page.row.is_empty()).then(|| {
        let buttons = super::switch_and_remove(&page.slug, page.version, &page.row, page.off, calls.acts);
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
        {refusals(calls)}
        {fields(page.clone(), calls)}
        {refresh(&page, calls.tests)}
        {there}
    }
    .into_any()
}

/// What no next page says.
fn refusals(calls: Calls) -> AnyView {
    let said = move || {
        let all = [calls.save.value().get(), calls.invite.value().get(), calls.tests.value().get()];
        let error = all.into_iter().flatten().find_map(Result::err);
        // A refused save leads to the form, which says it.
        let led = |e: &AppError| matches!(e, AppError::Changed { .. }) || calls.save.value().get() == Some(Err(e.clone()));
        error.filter(|e| !led(e) || matches!(e, AppError::NotAllowed { .. } | AppError::NotSignedIn)).map(refusal)
    };
    view! { {said} }.into_any()
}

/// The tests come from the stored catalogue.
fn refresh(page: &FormView, action: ServerAction<RefreshTests>) -> AnyView {
    let forms = page.vendors.iter().map(|vendor| {
        view! {
            <ActionForm action>
                <input type="hidden" name="slug" value=page.slug.clone()/>
                <input type="hidden" name="vendor" value=vendor.value.clone()/>
                <button class="button button-small">{format!("Read the tests of {} again", vendor.words)}</button>
            </ActionForm>
        }
    });
    view! { <div class="trigger-acts">{forms.collect_view()}</div> }.into_any()
}

fn fields(page: FormView, calls: Calls) -> AnyView {
    let FormView { slug, row, version, draft, faults, .. } = page.clone();
    let here = address::trigger(&slug, if row.is_empty() { "new" } else { &row });
    let by = Judging::new(&draft);
    // With client code the counts follow the fields, so there is nothing to ask for.
    let ready = RwSignal::new(false);
    Effect::new(move |_| ready.set(true));
    let stages = page.stages.iter().map(|o| (o.value.clone(), o.words.clone())).collect();
    let tests = page.tests.iter().map(|t| (t.value.clone(), format!("{} · {}", t.vendor, t.words))).collect();
    view! {
        <ActionForm action=calls.save attr:class="trigger-form">
            <input type="hidden" name="slug" value=slug/>
            <input type="hidden" name="version" value=version.to_string()/>
            <input type="hidden" name="row" value=row/>
            {listed(Field::Stage, "Stage in Lever", draft.stage.clone(), stages, &faults)}
            {vendors(&page.vendors, &draft.vendor, &faults)}
            {listed(Field::DefaultTest, "Default test, where no tag names another", draft.default_test.clone(), tests, &faults)}
            <div class="trigger-pair">
                {number(Field::PassAt, "Pass at or above", by.pass_at, &faults)}
                {number(Field::FailAt, "Fail at or below", by.fail_at, &faults)}
            </div>
            {outlook(page.results, page.results_words, page.scale, by)}
            {bands(&draft, &faults)}
            {postings(page.postings, &draft.postings, &faults, ready)}
            {plain(Field::Cooldown, "The same test again after (30d; blank: never)", draft.cooldown.clone(), &faults)}
            <div class="trigger-acts">
                <button class="button button-primary" disabled=move || calls.save.pending().get()>"Save"</button>
                <button class="button" formmethod="get" formaction=here hidden=move || ready.get()>"Preview"</button>
            </div>
        </ActionForm>
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
        None => view! { <p role="status">"The fail threshold must be a number below the pass threshold."</p> }.into_any(),
    };
    view! { <figure><figcaption class="muted">{words}", judged by these thresholds:"</figcaption>{drawn}</figure> }.into_any()
}

fn fault(field: Field, faults: &[Fault]) -> AnyView {
    let said = faults.iter().filter(|f| f.field == field).map(|f| format!("{}. ", f.sentence)).collect::<String>();
    let id = format!("fault-{}", field.as_str());
    (!said.is_empty()).then(|| view! { <span class="fault" id=id>{said}</span> }).into_any()
}

fn described(field: Field, faults: &[Fault]) -> Option<String> {
    faults.iter().any(|f| f.field == field).then(|| format!("fault-{}", field.as_str()))
}

/// A field that offers what there is and searches in it while one types.
fn listed(
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

fn vendors(vendors: &[Option_], chosen: &str, faults: &[Fault]) -> AnyView {
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

fn number(field: Field, label: &'static str, value: RwSignal<String>, faults: &[Fault]) -> AnyView {
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

fn plain(field: Field, label: &'static str, value: String, faults: &[Fault]) -> AnyView {
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

fn bands(draft: &Draft, faults: &[Fault]) -> AnyView {
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

fn postings(all: Vec<Option_>, chosen: &[String], faults: &[Fault], ready: RwSignal<bool>) -> AnyView {
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
