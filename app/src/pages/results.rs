//! `/o/{slug}/results`: results that Assay did not order. Admins bring them in as a file; everyone who works with candidates sees
//! what became of each.

use domain::Personal;
use leptos::prelude::*;
use server_fn::ServerFn as _;

use crate::error::AppError;
use crate::icons::Icon;
use crate::page::{page_body, path_param, query_param, refusal};
use crate::ui::{
    Button, ButtonKind, Cell, Choice, Column, DataTable, Disclosure, EmptyState, PageHeader, Pager, Panel, Pill,
    RowHead, Select, Tab, Tabs, TextArea, Time, ToastNote, Tone,
};
use crate::when::When;
use crate::{address, text};

/// The page as data.
#[derive(Clone, Debug, PartialEq)]
pub struct ResultsView {
    /// In addresses.
    pub slug: String,
    /// For people.
    pub organization: String,
    /// Nothing but this: the person sees their own postings only.
    pub limited: bool,
    /// Names are masked.
    pub masked: bool,
    /// The vendors, for those who may bring results in.
    pub vendors: Option<Vec<Choice>>,
    /// What was just done.
    pub said: Option<String>,
    /// By state.
    pub tabs: Vec<Tab>,
    /// Newest first.
    pub rows: Vec<ResultLine>,
    /// Address of the next page.
    pub next: Option<String>,
}

/// One result.
#[derive(Clone, Debug, PartialEq)]
pub struct ResultLine {
    /// Its page.
    pub href: String,
    /// Possibly masked.
    pub name: Personal,
    /// The vendor's name and the test's.
    pub test: String,
    /// Colour.
    pub tone: Tone,
    /// Where it stands.
    pub state: &'static str,
    /// Why.
    pub why: &'static str,
    /// The page of the candidate it was linked to.
    pub candidate: Option<String>,
    /// When it came.
    pub at: When,
}

/// Results of a state, or all. `before` is where a later page begins, `told` what an import came to.
pub async fn load_results(
    slug: String,
    state: Option<String>,
    before: Option<String>,
    told: Option<String>,
) -> Result<ResultsView, AppError> {
    use crate::access::{SEE_ORGANIZATION, require};
    let granted = require(SEE_ORGANIZATION, &slug).await?;
    on_server::view(&granted, state.as_deref(), before.as_deref(), told.as_deref()).await
}

/// Takes results that were pasted, whole or not at all.
#[server(prefix = "/app", endpoint = "results-import")]
pub async fn import_results(slug: String, vendor: String, #[server(default)] rows: String) -> Result<(), AppError> {
    use crate::access::{IMPORT, require, review_desk};
    use crate::pages::reviews::on_server::refused;
    let granted = require(IMPORT, &slug).await?;
    let by = granted.viewer.email.reveal();
    let done = review_desk()?.import(granted.organization.id, &vendor, rows.as_bytes(), by).await;
    let done = done.map_err(refused)?;
    leptos_axum::redirect(&on_server::told(&slug, done));
    Ok(())
}

pub mod on_server {
    use domain::incoming::{Incoming, State};
    use domain::ports::desk::{Imported, ReviewError};
    use domain::rules::Rules;
    use domain::words;
    use server_fn::ServerFn as _;
    use server_fn::error::ServerFnUrlError;

    use super::{ImportResults, ResultLine, ResultsView};
    use crate::access::{Granted, IMPORT, Viewer, store};
    use crate::address;
    use crate::error::AppError;
    use crate::pages::reviews::on_server::{cursor, cursor_text, name, refused, test};
    use crate::ui::{Choice, Tab, Tone};
    use crate::when::when;

    const PAGE: u32 = 50;

    /// Where an import leads.
    pub fn told(slug: &str, done: Imported) -> String {
        format!("{}?told={}-{}", address::results(slug), done.new, done.there)
    }

    /// Where a file that was refused leads: to the page, with the reason as a refused form has it.
    pub fn refused_file(slug: &str, error: ReviewError) -> String {
        let page = address::results(slug);
        let error = ServerFnUrlError::new(ImportResults::PATH, refused(error));
        error.to_url(&format!("http://assay{page}")).map_or(page, |url| {
            url.query().map_or_else(|| address::results(slug), |query| format!("{}?{query}", address::results(slug)))
        })
    }

    fn said(told: &str) -> Option<String> {
        let (new, there) = told.split_once('-')?;
        let (new, there): (i64, i64) = (new.parse().ok()?, there.parse().ok()?);
        let new = match new {
            0 => "Nothing is new".to_owned(),
            1 => "1 result is taken".to_owned(),
            n => format!("{n} results are taken"),
        };
        let there = match there {
            0 => String::new(),
            1 => "; 1 was there already and stays as it was".to_owned(),
            n => format!("; {n} were there already and stay as they were"),
        };
        Some(format!("{new}{there}. Whose they are is being found out."))
    }

    pub async fn view(
        granted: &Granted,
        state: Option<&str>,
        before: Option<&str>,
        told: Option<&str>,
    ) -> Result<ResultsView, AppError> {
        let Granted { viewer, organization } = granted;
        let rules = &organization.rules;
        let state = state.and_then(State::parse);
        let vendors = rules.vendors.iter().map(|v| Choice::new(&v.id, &v.name)).collect();
        let mut view = ResultsView {
            slug: rules.slug.clone(),
            organization: rules.name.clone(),
            limited: viewer.is_limited(),
            masked: viewer.sees_masked(),
            vendors: viewer.may(IMPORT).then_some(vendors),
            said: told.and_then(said),
            tabs: tabs(&rules.slug, state),
            rows: Vec::new(),
            next: None,
        };
        if view.limited {
            return Ok(view);
        }
        let before = before.and_then(cursor);
        let mut found = store()?.incoming_results(organization.id, state, before, PAGE + 1).await?;
        let more = found.len() > PAGE as usize;
        found.truncate(PAGE as usize);
        let of_state = state.map_or_else(String::new, |state| format!("state={}&", state.as_str()));
        view.next = found.last().filter(|_| more).map(|last| {
            let cursor = cursor_text(last.received_at, last.id);
            format!("{}?{of_state}before={cursor}", address::results(&rules.slug))
        });
        view.rows = found.iter().map(|incoming| line(viewer, rules, incoming)).collect();
        Ok(view)
    }

    fn tabs(slug: &str, current: Option<State>) -> Vec<Tab> {
        let page = address::results(slug);
        let all = Tab { href: page.clone(), word: "All".to_owned(), count: None, current: current.is_none() };
        let of = |state: State| Tab {
            href: format!("{page}?state={}", state.as_str()),
            word: words::incoming(state).to_owned(),
            count: None,
            current: current == Some(state),
        };
        let shown = [State::Review, State::Unknown, State::Linked, State::Ordered, State::Left];
        std::iter::once(all).chain(shown.map(of)).collect()
    }

    fn line(viewer: &Viewer, rules: &Rules, incoming: &Incoming) -> ResultLine {
        let standing = &incoming.standing;
        let link = standing.link.as_ref().filter(|_| matches!(standing.state, State::Linked | State::Ordered));
        ResultLine {
            href: address::review(&rules.slug, &incoming.id.to_string()),
            name: name(viewer, incoming),
            test: test(rules, incoming),
            tone: match standing.state {
                State::New => Tone::Info,
                State::Review => Tone::Warn,
                State::Unknown | State::Left => Tone::Idle,
                State::Linked | State::Ordered => Tone::Ok,
            },
            state: words::incoming(standing.state),
            why: words::match_why(standing.why),
            candidate: link.map(|link| address::candidate(&rules.slug, &link.opportunity)),
            at: when(incoming.received_at, &rules.timezone),
        }
    }

    #[cfg(test)]
    mod tests {
        use domain::incoming::BadRow;

        use super::*;

        #[test]
        fn an_import_is_said_in_numbers() {
            assert_eq!(said("1-0").unwrap(), "1 result is taken. Whose they are is being found out.");
            assert!(said("0-3").unwrap().starts_with("Nothing is new; 3 were there already"));
            assert_eq!(said("x"), None);
        }

        #[test]
        fn a_file_that_was_refused_leads_to_the_page_with_the_reason() {
            let rows = vec![BadRow { line: 3, reason: "no test is named".into() }];
            let place = refused_file("acme", ReviewError::BadRows(rows));
            assert!(place.starts_with("/o/acme/results?") && place.contains("__err="), "{place}");
        }
    }
}

/// The page.
#[component]
pub fn ResultsPage() -> impl IntoView {
    let load = load_results(path_param("slug"), query_param("state"), query_param("before"), query_param("told"));
    page_body(load, results)
}

/// Heads of the columns.
const HEADS: [&str; 4] = ["Result of", "Where it stands", "Why", "Came"];

fn results(page: ResultsView) -> AnyView {
    let organization = page.organization.clone();
    if page.limited {
        return view! {
            <PageHeader title=text::RESULTS organization/>
            <EmptyState title="No results for you">{text::LIMITED}</EmptyState>
        }
        .into_any();
    }
    let said = page.said.clone().map(|sentence| {
        view! { <div role="status"><ToastNote tone=Tone::Ok sentence/></div> }
    });
    view! {
        <PageHeader
            title=text::RESULTS organization
            note="Results that Assay did not order: tests sent by hand, results found at the vendor. One strong answer is linked; a person decides about the others."
        />
        {said}
        {refusal(&[ImportResults::PATH])}
        {page.masked.then(|| view! { <p class="muted note">{text::MASKED}</p> })}
        {page.vendors.clone().map(|vendors| import(&page.slug, vendors))}
        <Tabs label="Results by state" tabs=page.tabs.clone()/>
        {body(page)}
    }
    .into_any()
}

const EXAMPLE: &str = "id,full_name,email,test,score,completed_at,report_url";

fn import(slug: &str, vendors: Vec<Choice>) -> AnyView {
    if vendors.is_empty() {
        return view! { <p class="muted note">"Connect a vendor first; then its results can be brought in here."</p> }
            .into_any();
    }
    let value = vendors.first().map(|v| v.value.clone()).unwrap_or_default();
    let (slug, file) = (slug.to_owned(), address::results_file(slug));
    let (of_file, pasted) = (vendors.clone(), vendors);
    view! {
        <Panel
            id="import" title="Bring results in"
            note="A table with a line of names first, as CSV. The same result twice is taken once; a line that cannot be taken stops the whole table, and every such line is told."
        >
            <div class="import-ways">
                // A file travels in parts, which the browser itself sends.
                <form method="post" action=file enctype="multipart/form-data" target="_self" class="stack">
                    <Select id="file-vendor" name="vendor" label="Vendor" options=of_file value=value.clone()/>
                    <div class="field">
                        <label class="field-label" for="file">"File"</label>
                        <input class="input" id="file" type="file" name="file" accept=".csv,text/csv" required=true/>
                    </div>
                    <div><Button word="Take the file" kind=ButtonKind::Primary icon=Icon::Download/></div>
                </form>
                <form method="post" action=ImportResults::PATH class="stack">
                    <input type="hidden" name="slug" value=slug/>
                    <Select id="vendor" name="vendor" label="Vendor" options=pasted value=value/>
                    <TextArea id="rows" name="rows" label="Or paste the lines" rows=5 hint=format!("For example {EXAMPLE}")/>
                    <div><Button word="Take the lines"/></div>
                </form>
            </div>
            <Disclosure summary="The columns">
                <p>
                    <code>"test"</code>" and "<code>"completed_at"</code>" are needed, a "<code>"score"</code>" or a "<code>"band"</code>
                    ", and something of the person: "<code>"email"</code>", "<code>"phone"</code>", "<code>"full_name"</code>" or "
                    <code>"given_name"</code>" and "<code>"surname"</code>", "<code>"external_id"</code>", "<code>"date_of_birth"</code>
                    ", "<code>"street"</code>", "<code>"city"</code>", "<code>"postcode"</code>", "<code>"region"</code>", "
                    <code>"country"</code>". Several addresses of one person stand in one cell with a semicolon between. "
                    <code>"id"</code>" is the vendor's id of the result, "<code>"report_url"</code>" its report. Other columns are ignored."
                </p>
            </Disclosure>
        </Panel>
    }
    .into_any()
}

fn body(page: ResultsView) -> AnyView {
    if page.rows.is_empty() {
        return view! {
            <EmptyState title="No results here" icon=Icon::Report>"Results that are brought in are listed with what became of them."</EmptyState>
        }
        .into_any();
    }
    let rows = page.rows.into_iter().map(|row| {
        let candidate = row.candidate.map(|href| view! { " "<a href=href>"To the candidate"</a> });
        view! {
            <tr>
                <RowHead><a href=row.href><bdi>{row.name.reveal().to_owned()}</bdi></a><span class="cell-note">{row.test}</span></RowHead>
                <Cell label=HEADS[1]><Pill tone=row.tone icon=row.tone.icon() word=row.state/></Cell>
                <Cell label=HEADS[2]>{row.why}{candidate}</Cell>
                <Cell label=HEADS[3]><Time at=row.at/></Cell>
            </tr>
        }
    });
    let rows = rows.collect_view();
    view! {
        <DataTable caption="Results, newest first" columns=HEADS.map(Column::new).into()>{rows}</DataTable>
        {page.next.map(|next| view! { <Pager next=next note="Newest first"/> })}
    }
    .into_any()
}
