//! `/o/{slug}/deliveries`: the webhook deliveries of an organization, filtered by the address, fifty a page.

use domain::ports::store::DeliveryStatus;
use domain::words;
use leptos::prelude::*;

use super::{Mark, Who, pill, who};
use crate::error::AppError;
use crate::icons::Icon;
use crate::page::{page_body, path_param, query};
use crate::text;
use crate::ui::{
    Banner, ButtonLink, Cell, Chip, Choice, Column, DataTable, EmptyState, FilterBar, PageHeader, Pager, RowHead,
    Select, Tab, Tabs, TextInput, Time, Tone,
};
use crate::when::When;

/// The page as data.
#[derive(Clone, Debug, PartialEq)]
pub struct DeliveriesView {
    /// For people.
    pub organization: String,
    /// Names are masked.
    pub masked: bool,
    /// Address of the list.
    pub list: String,
    /// All of them, and those that need a look.
    pub tabs: Vec<Tab>,
    /// Only those that need a look.
    pub failed: bool,
    /// Name of the status that is filtered for; may be empty.
    pub status: String,
    /// The event that is filtered for; may be empty.
    pub event: String,
    /// The opportunity that is filtered for; may be empty.
    pub opportunity: String,
    /// What is set.
    pub chips: Vec<Chip>,
    /// The rows.
    pub rows: Vec<DeliveryLine>,
    /// Few or no rows, and there is more to look through.
    pub looked_through: bool,
    /// Address of the first page, while this is another.
    pub first: Option<String>,
    /// Address of the next page, while there may be more.
    pub next: Option<String>,
}

/// One row.
#[derive(Clone, Debug, PartialEq)]
pub struct DeliveryLine {
    /// Its page.
    pub href: String,
    /// Event name as sent.
    pub event: String,
    /// When it came first.
    pub at: When,
    /// Whom it is about.
    pub who: Option<Who>,
    /// What became of it.
    pub mark: Mark,
    /// It came again with other data.
    pub suspicious: bool,
    /// What came of it, or why it was refused.
    pub reason: String,
    /// How often it came again, in words.
    pub repeats: String,
}

/// A page of deliveries; `query` is that of the address.
pub async fn load_deliveries(slug: String, query: String) -> Result<DeliveriesView, AppError> {
    use crate::access::{SEE_TRAFFIC, require, store};
    let granted = require(SEE_TRAFFIC, &slug).await?;
    let filter = on_server::filter(&crate::query::Query::parse(&query));
    let page = store()?.delivery_page(granted.organization.id, &filter).await?;
    on_server::view(&granted, &filter, page).await
}

mod on_server {
    use domain::ports::store::DeliveryStatus;
    use domain::read::{DeliveryFilter, DeliveryPage, DeliveryRow, PAGE};
    use domain::words;

    use super::super::on_server::{People, cursor, cursor_text, event, mark};
    use super::{DeliveriesView, DeliveryLine};
    use crate::access::Granted;
    use crate::error::AppError;
    use crate::query::{self, Query};
    use crate::ui::{Chip, Tab};
    use crate::when::when;
    use crate::{address, text};

    pub fn filter(query: &Query) -> DeliveryFilter {
        DeliveryFilter {
            status: query.get("status").and_then(|s| DeliveryStatus::parse(&s)),
            failed: query.get("failed").is_some(),
            event: query.get("event"),
            opportunity: query.get("opportunity"),
            after: cursor(query),
        }
    }

    fn href(list: &str, filter: &DeliveryFilter) -> String {
        let pairs = [
            ("status", filter.status.map(|s| s.as_str().to_owned())),
            ("failed", filter.failed.then(|| "yes".to_owned())),
            ("event", filter.event.clone()),
            ("opportunity", filter.opportunity.clone()),
            ("after", filter.after.map(cursor_text)),
        ];
        query::address(list, &pairs)
    }

    pub async fn view(
        granted: &Granted,
        filter: &DeliveryFilter,
        page: DeliveryPage,
    ) -> Result<DeliveriesView, AppError> {
        let Granted { viewer, organization } = granted;
        let list = address::deliveries(&organization.rules.slug);
        let people = People::of(granted, page.rows.iter().filter_map(|row| row.opportunity.clone()).collect()).await?;
        let first = DeliveryFilter { after: None, ..filter.clone() };
        let full = u32::try_from(page.rows.len()).is_ok_and(|rows| rows >= PAGE);
        Ok(DeliveriesView {
            organization: organization.rules.name.clone(),
            masked: viewer.sees_masked(),
            tabs: tabs(&list, &first),
            failed: filter.failed,
            status: filter.status.map(|s| s.as_str().to_owned()).unwrap_or_default(),
            event: filter.event.clone().unwrap_or_default(),
            opportunity: filter.opportunity.clone().unwrap_or_default(),
            chips: chips(&list, &first),
            looked_through: page.next.is_some() && !full,
            first: filter.after.is_some().then(|| href(&list, &first)),
            next: page.next.map(|after| href(&list, &DeliveryFilter { after: Some(after), ..first.clone() })),
            rows: page.rows.into_iter().map(|row| line(granted, &people, row)).collect(),
            list,
        })
    }

    fn tabs(list: &str, first: &DeliveryFilter) -> Vec<Tab> {
        let tab = |word: &str, failed| Tab {
            href: href(list, &DeliveryFilter { failed, ..first.clone() }),
            word: word.to_owned(),
            count: None,
            current: first.failed == failed,
        };
        vec![tab("All", false), tab("Needs a look", true)]
    }

    fn chips(list: &str, first: &DeliveryFilter) -> Vec<Chip> {
        let chip = |label: &str, value: Option<String>, without: DeliveryFilter| {
            value.map(|value| Chip { label: label.to_owned(), value, without: href(list, &without) })
        };
        let status = first.status.map(|s| words::delivery_status(s).to_owned());
        let all = [
            chip("Status", status, DeliveryFilter { status: None, ..first.clone() }),
            chip("Event", first.event.clone(), DeliveryFilter { event: None, ..first.clone() }),
            chip("Opportunity", first.opportunity.clone(), DeliveryFilter { opportunity: None, ..first.clone() }),
        ];
        all.into_iter().flatten().collect()
    }

    fn line(granted: &Granted, people: &People, row: DeliveryRow) -> DeliveryLine {
        let rules = &granted.organization.rules;
        DeliveryLine {
            href: address::delivery(&rules.slug, &row.id.to_string()),
            event: event(&row),
            at: when(row.received, &rules.timezone),
            who: row.opportunity.as_deref().map(|opportunity| people.who(opportunity)),
            mark: mark(&row),
            suspicious: row.suspicious,
            repeats: if row.repeats == 0 { String::new() } else { text::count(row.repeats, "repeat", "repeats") },
            reason: row.reason.unwrap_or_default(),
        }
    }
}

/// The page.
#[component]
pub fn DeliveriesPage() -> impl IntoView {
    page_body(load_deliveries(path_param("slug"), query()), deliveries)
}

fn deliveries(page: DeliveriesView) -> AnyView {
    let header = view! {
        <PageHeader
            title=text::DELIVERIES organization=page.organization.clone()
            note="Every webhook that came from Lever, and what came of it."
        />
    };
    view! {
        {header}
        {page.masked.then(|| view! { <p class="muted note">{text::MASKED}</p> })}
        <Tabs label="Which deliveries" tabs=page.tabs.clone()/>
        {filters(&page)}
        {body(page)}
    }
    .into_any()
}

fn filters(page: &DeliveriesView) -> AnyView {
    let statuses = DeliveryStatus::ALL.map(|s| Choice::new(s.as_str(), words::delivery_status(s)));
    // Without its filters the list keeps its tab.
    let all = if page.failed { format!("{}?failed=yes", page.list) } else { page.list.clone() };
    let clear = (!page.chips.is_empty()).then_some(all);
    let failed = page.failed.then(|| view! { <input type="hidden" name="failed" value="yes"/> });
    let (status, opportunity) = (page.status.clone(), page.opportunity.clone());
    view! {
        <FilterBar
            action=page.list.clone() label="Event" name="event" query=page.event.clone()
            example="candidateStageChange" chips=page.chips.clone() clear
        >
            {failed}
            <TextInput id="opportunity" name="opportunity" label="Opportunity" value=opportunity/>
            <Select id="status" name="status" label="Status" options=statuses.into() value=status none="Any".to_owned()/>
        </FilterBar>
    }
    .into_any()
}

fn body(page: DeliveriesView) -> AnyView {
    if page.rows.is_empty() {
        return nothing(page);
    }
    let columns = ["Event", "Received", "Candidate", "Status", "What came of it"].map(Column::new);
    let looked = page.looked_through.then(|| {
        view! {
            <Banner
                tone=Tone::Info
                sentence="These are all that match among ten thousand deliveries. The next page looks through older ones."
            />
        }
    });
    view! {
        <DataTable caption="Deliveries, the newest first" columns=columns.into()>
            {page.rows.into_iter().map(line).collect_view()}
        </DataTable>
        {looked}
        <Pager first=page.first next=page.next/>
    }
    .into_any()
}

fn nothing(page: DeliveriesView) -> AnyView {
    if let Some(next) = page.next {
        let action = view! { <ButtonLink href=next word="Look through older ones"/> }.into_any();
        return view! {
            <EmptyState title="None of these ten thousand deliveries matches" icon=Icon::Search action>
                "A page looks through ten thousand deliveries at most."
            </EmptyState>
        }
        .into_any();
    }
    if page.failed && page.chips.is_empty() {
        return view! {
            <EmptyState title="No delivery needs a look" icon=Icon::Check>
                "Nothing was refused, not understood or suspicious."
            </EmptyState>
        }
        .into_any();
    }
    if page.chips.is_empty() && page.first.is_none() {
        return view! {
            <EmptyState title="No deliveries yet" icon=Icon::Pulse>
                "Lever has sent nothing to this organization's address. Set the webhook up in Lever and press its "
                "\u{201c}Verify Connection\u{201d}: that arrives here first."
            </EmptyState>
        }
        .into_any();
    }
    let action = view! { <ButtonLink href=page.list word="Show all deliveries"/> }.into_any();
    view! {
        <EmptyState title="No delivery matches these filters" icon=Icon::Search action>
            "Events and opportunities must be given in full."
        </EmptyState>
    }
    .into_any()
}

fn line(row: DeliveryLine) -> AnyView {
    let suspicious = row.suspicious.then(|| pill(Mark { tone: Tone::Warn, word: "Suspicious".to_owned() }));
    let note = (!row.repeats.is_empty()).then(|| view! { <span class="cell-note">{row.repeats}</span> });
    view! {
        <tr>
            <RowHead><a href=row.href>{row.event}</a></RowHead>
            <Cell label="Received"><Time at=row.at/>{note}</Cell>
            <Cell label="Candidate">{who(row.who)}</Cell>
            <Cell label="Status">{pill(row.mark)}{suspicious}</Cell>
            <td data-label="What came of it" class="why">{row.reason}</td>
        </tr>
    }
    .into_any()
}
