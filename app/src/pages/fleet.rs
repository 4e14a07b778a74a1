//! `/`: every organization with its state and the cause in words, what needs attention first, for those who watch them. People
//! of an organization are led to their own. Nobody's name is on this page.

use leptos::prelude::*;
use leptos_router::components::Redirect;

use crate::access::Viewer;
use crate::error::AppError;
use crate::page::{page_body, query_param};
use crate::ui::{
    ButtonLink, Cell, Column, DataTable, EmptyState, FilterBar, HourStrip, PageHeader, Pager, Panel, Pill, RowHead,
    Tab, TableMessage, Tabs, Time, Tone,
};
use crate::when::When;
use crate::{address, icons::Icon, text};

/// The page as data.
#[derive(Clone, Debug, PartialEq)]
pub struct FleetView {
    /// All states and each of them.
    pub tabs: Vec<Tab>,
    /// The state that is asked for, as in the address; empty for all.
    pub state: String,
    /// What names are searched for.
    pub q: String,
    /// Address of the same list as a file.
    pub csv: String,
    /// `1 to 100 of 230`.
    pub note: String,
    /// Address of the page before.
    pub previous: Option<String>,
    /// Address of the page after.
    pub next: Option<String>,
    /// What waits for an account manager: address, organization, and what is next.
    pub requests: Vec<(String, String)>,
    /// There is no organization at all.
    pub none: bool,
    /// The viewer creates organizations.
    pub may_create: bool,
    /// Those that need attention first.
    pub rows: Vec<FleetLine>,
}

/// One organization, in finished words.
#[derive(Clone, Debug, PartialEq)]
pub struct FleetLine {
    /// Address of its home.
    pub href: String,
    /// For people.
    pub name: String,
    /// In addresses.
    pub slug: String,
    /// Colour of its state.
    pub tone: Tone,
    /// Its state.
    pub state: String,
    /// Why it is in it and what to do.
    pub cause: String,
    /// Deliveries of the last 24 hours, the present one last.
    pub hours: Vec<Tone>,
    /// The share of them that was not accepted.
    pub share: String,
    /// When the last event came from Lever.
    pub last_in: Option<When>,
    /// When a result was last written to Lever.
    pub last_out: Option<When>,
    /// Due work and how long it waits.
    pub backlog: String,
    /// Open issues.
    pub issues: i64,
    /// Results that need review, and the address of their list.
    pub reviews: (i64, String),
    /// Results whose person somebody has to find, and the address of their list.
    pub matches: (i64, String),
    /// Age of its oldest key.
    pub key: String,
}

/// Organizations, filtered: those that need attention first. `page` begins with 1.
pub async fn load_fleet(state: Option<String>, q: Option<String>, page: Option<u32>) -> Result<FleetView, AppError> {
    use domain::enablement::Integration;

    use crate::access::{RUN_INSTANCE, SEE_FLEET, clock, require_everywhere, store};
    use crate::pages::integrations::on_server::waiting;
    let viewer = require_everywhere(SEE_FLEET)?;
    let now = clock()?.now();
    let rows = store()?.fleet(now).await?;
    let wanted = on_server::Wanted::of(state.as_deref(), q.as_deref());
    let waiting = waiting(store()?.all_steps().await?);
    let names: std::collections::HashMap<&str, &str> =
        rows.iter().map(|r| (r.slug.as_str(), r.name.as_str())).collect();
    let request = |(slug, integration, next): (String, Integration, &str)| {
        let name = names.get(slug.as_str()).copied().unwrap_or(&slug);
        (address::integrations(&slug), format!("{name} ({}) {next}", integration.words()))
    };
    let requests = waiting.into_iter().map(request).collect();
    let may_create = viewer.may(RUN_INSTANCE);
    Ok(FleetView { requests, may_create, ..on_server::view(rows, &wanted, page.unwrap_or(1), now) })
}

/// What the server makes of the organizations.
pub mod on_server {
    use domain::health::{Health, OLD_KEY, State, by_need};
    use domain::read::FleetRow;
    use domain::{Timestamp, words};

    use super::{FleetLine, FleetView};
    use crate::address::{self, encode};
    use crate::filter::{self, LONGEST_SEARCH};
    use crate::pages::health::{backlog, hour, sentence, share, tone};
    use crate::ui::Tab;
    use crate::when::when;

    /// Rows of a page.
    pub const SIZE: usize = 100;

    /// An organization and its health.
    pub type Judged = (FleetRow, Health);

    /// The filter of the list as it stands in the address.
    #[derive(Clone, Debug, Default, PartialEq, Eq)]
    pub struct Wanted {
        /// Only those in this state.
        pub state: Option<State>,
        /// Only those whose name or slug holds this.
        pub text: String,
    }

    impl Wanted {
        /// Reads it. What is not understood is left out.
        pub fn of(state: Option<&str>, text: Option<&str>) -> Self {
            let text = text.unwrap_or_default().trim().chars().take(LONGEST_SEARCH).collect();
            Self { state: state.and_then(State::parse), text }
        }

        /// Whether this one is wanted.
        pub fn has(&self, (row, health): &Judged) -> bool {
            self.state.is_none_or(|state| state == health.state) && row.is_called(&self.text)
        }

        fn address(&self, list: &str, page: usize) -> String {
            let state = self.state.map(|state| format!("state={}", state.as_str()));
            let text = (!self.text.is_empty()).then(|| format!("q={}", encode(&self.text)));
            let page = (page > 1).then(|| format!("page={page}"));
            let pairs: Vec<String> = [state, text, page].into_iter().flatten().collect();
            if pairs.is_empty() { list.to_owned() } else { format!("{list}?{}", pairs.join("&")) }
        }
    }

    /// The page.
    pub fn view(rows: Vec<FleetRow>, wanted: &Wanted, page: u32, now: Timestamp) -> FleetView {
        let none = rows.is_empty();
        let called = by_need(rows, now).into_iter().filter(|(row, _)| row.is_called(&wanted.text));
        let called: Vec<Judged> = called.collect();
        let tabs = tabs(&called, wanted);
        let found: Vec<Judged> = called.into_iter().filter(|judged| wanted.has(judged)).collect();
        let (total, last) = (found.len(), found.len().div_ceil(SIZE).max(1));
        let page = usize::try_from(page).unwrap_or(1).clamp(1, last);
        let first = (page - 1) * SIZE;
        let rows: Vec<FleetLine> = found.into_iter().skip(first).take(SIZE).map(|judged| line(judged, now)).collect();
        FleetView {
            requests: Vec::new(),
            may_create: false,
            tabs,
            state: wanted.state.map(|state| state.as_str().to_owned()).unwrap_or_default(),
            q: wanted.text.clone(),
            csv: wanted.address("/fleet.csv", 1),
            note: if rows.is_empty() {
                String::new()
            } else {
                format!("{} to {} of {total}", first + 1, first + rows.len())
            },
            previous: (page > 1).then(|| wanted.address("/", page - 1)),
            next: (page < last).then(|| wanted.address("/", page + 1)),
            none,
            rows,
        }
    }

    /// How many of those that are called so are in each state.
    fn tabs(called: &[Judged], wanted: &Wanted) -> Vec<Tab> {
        let tab = |state: Option<State>| {
            let count = called.iter().filter(|(_, health)| state.is_none_or(|state| state == health.state)).count();
            Tab {
                href: Wanted { state, text: wanted.text.clone() }.address("/", 1),
                word: state.map_or("All", words::health_state).to_owned(),
                count: i64::try_from(count).ok(),
                current: state == wanted.state,
            }
        };
        std::iter::once(None).chain(State::ALL.map(Some)).map(tab).collect()
    }

    fn line((row, health): Judged, now: Timestamp) -> FleetLine {
        // Organizations are in many zones: without a choice of the reader's, all instants are in one.
        let at = |at| when(at, "UTC");
        let (failed, of) = row.day();
        let key = row.oldest_secret.map(|stored| now.since(stored));
        let old = if key.is_some_and(|age| age >= OLD_KEY) { ", replace it" } else { "" };
        FleetLine {
            href: address::home(&row.slug),
            tone: tone(health.state),
            state: words::health_state(health.state).to_owned(),
            cause: sentence(&health, "UTC"),
            hours: row.deliveries.iter().zip(&row.failed).map(|(of, failed)| hour(*failed, *of)).collect(),
            share: share(failed, of),
            last_in: row.last_delivery.map(at),
            last_out: row.last_written.map(at),
            backlog: backlog(row.backlog, row.oldest_due.map(|since| now.since(since))),
            issues: i64::try_from(row.issues.len()).unwrap_or(i64::MAX),
            reviews: (row.reviews, filter::reviews(&row.slug, now)),
            matches: (row.matches, address::reviews(&row.slug)),
            key: key.map_or_else(|| "no key".to_owned(), |age| format!("{}{old}", words::age(age))),
            name: row.name,
            slug: row.slug,
        }
    }

    #[cfg(test)]
    mod tests {
        use super::*;

        fn rows(count: usize) -> Vec<FleetRow> {
            let row = |n: usize| FleetRow {
                was_live: true,
                slug: format!("org-{n}"),
                name: format!("Org {n:03}"),
                paused: n.is_multiple_of(10),
                last_delivery: Some(Timestamp::EPOCH),
                ..FleetRow::default()
            };
            (0..count).map(row).collect()
        }

        fn shown(wanted: &Wanted, page: u32) -> FleetView {
            view(rows(230), wanted, page, Timestamp::EPOCH)
        }

        #[test]
        fn a_list_has_pages_and_each_leads_to_its_neighbours() {
            let first = shown(&Wanted::default(), 1);
            assert_eq!((first.rows.len(), first.note.as_str()), (100, "1 to 100 of 230"));
            assert_eq!((first.previous, first.next.as_deref()), (None, Some("/?page=2")));
            assert_eq!(first.rows[0].state, "Paused", "what needs attention is first");
            let last = shown(&Wanted::default(), 9);
            assert_eq!(
                (last.note.as_str(), last.previous.as_deref(), last.next),
                ("201 to 230 of 230", Some("/?page=2"), None)
            );
        }

        #[test]
        fn filters_count_in_tabs_files_and_pages() {
            let wanted = Wanted::of(Some("paused"), Some(" ORG 1 "));
            assert_eq!(wanted, Wanted { state: Some(State::Paused), text: "ORG 1".into() });
            let page = shown(&wanted, 1);
            assert_eq!(page.rows.len(), 10);
            assert_eq!(page.csv, "/fleet.csv?state=paused&q=ORG%201");
            let counts: Vec<_> = page.tabs.iter().map(|t| (t.word.as_str(), t.count, t.current)).collect();
            assert_eq!(counts[0], ("All", Some(100), false));
            assert!(
                counts.contains(&("Paused", Some(10), true)) && counts.contains(&("Healthy", Some(90), false)),
                "{counts:?}"
            );
            assert_eq!(page.tabs[0].href, "/?q=ORG%201");
            assert_eq!(Wanted::of(Some("lost"), None), Wanted::default());
        }
    }
}

/// The page.
#[component]
pub fn FleetPage() -> impl IntoView {
    let own = use_context::<Option<Viewer>>().flatten().and_then(|v| v.organization);
    match own {
        Some(slug) => view! { <Redirect path=address::home(&slug)/> }.into_any(),
        None => {
            let page = query_param("page").and_then(|page| page.parse().ok());
            page_body(load_fleet(query_param("state"), query_param("q"), page), fleet)
        }
    }
}

fn fleet(page: FleetView) -> AnyView {
    if page.none {
        return nothing(page.may_create);
    }
    let clear = (!page.q.is_empty() || !page.state.is_empty()).then(|| "/".to_owned());
    let hidden = (!page.state.is_empty()).then(|| view! { <input type="hidden" name="state" value=page.state/> });
    let pager = (page.previous.is_some() || page.next.is_some())
        .then(|| view! { <Pager previous=page.previous next=page.next note=page.note.clone()/> });
    view! {
        <PageHeader title=text::ORGANIZATIONS note=page.note>
            <a class="button" href=page.csv rel="external" download="">{Icon::Download.view()}<span>"Download CSV"</span></a>
        </PageHeader>
        {requests(page.requests)}
        <Tabs label="States" tabs=page.tabs/>
        <FilterBar action="/" label="Name or address of an organization" query=page.q example="for example acme" clear=clear>
            {hidden}
        </FilterBar>
        {table(page.rows)}
        {pager}
    }
    .into_any()
}

fn requests(all: Vec<(String, String)>) -> Option<AnyView> {
    let line = |(href, words): (String, String)| view! { <li><a href=href>{words}</a></li> };
    (!all.is_empty()).then(|| {
        view! {
            <Panel id="requests" title="Waiting for an account manager"><ul class="rights">{all.into_iter().map(line).collect_view()}</ul></Panel>
        }
        .into_any()
    })
}

fn nothing(may_create: bool) -> AnyView {
    let action = match may_create {
        true => view! { <ButtonLink href="/instance#organizations" word="Create an organization"/> }.into_any(),
        false => ().into_any(),
    };
    view! {
        <PageHeader title=text::ORGANIZATIONS/>
        <EmptyState title="No organization yet" action>
            "An organization is one Lever account with its vendors and rules. The owner creates one at Instance, or on the \
             server with "<code>"assay org apply FILE"</code>"."
        </EmptyState>
    }
    .into_any()
}

/// Heads of the columns.
const HEADS: [&str; 7] =
    ["Organization", "State", "Last 24 hours", "Last event and write", "Waiting jobs", "To see to", "Oldest key"];

fn table(rows: Vec<FleetLine>) -> AnyView {
    let body = if rows.is_empty() {
        view! {
            <TableMessage columns=HEADS.len() title="No organization matches these filters">
                <a href="/">"Show all organizations"</a>
            </TableMessage>
        }
        .into_any()
    } else {
        rows.into_iter().map(row).collect_view().into_any()
    };
    view! {
        <DataTable caption="Organizations, those that need attention first" columns=HEADS.map(Column::new).into()>
            {body}
        </DataTable>
    }
    .into_any()
}

fn row(row: FleetLine) -> AnyView {
    let ((reviews, list), (matches, waiting)) = (row.reviews, row.matches);
    let issues = text::count(row.issues, "open issue", "open issues");
    let reviews = format!("{} to review", text::thousands(reviews));
    let matches = (matches > 0).then(|| {
        let words = format!("{} to match", text::thousands(matches));
        view! { <span class="cell-line"><a href=waiting>{words}</a></span> }
    });
    view! {
        <tr>
            <RowHead><a href=row.href>{row.name}</a><span class="cell-note">{row.slug}</span></RowHead>
            <Cell label=HEADS[1]>
                <Pill tone=row.tone icon=row.tone.icon() word=row.state/>
                <span class="cell-note why">{row.cause}</span>
            </Cell>
            <Cell label=HEADS[2]>
                <HourStrip hours=row.hours/><span class="cell-note">{format!("Not accepted: {}", row.share)}</span>
            </Cell>
            <td data-label=HEADS[3] class="instants">{instant("In: ", row.last_in)}{instant("Out: ", row.last_out)}</td>
            <Cell label=HEADS[4]><span>{row.backlog}</span></Cell>
            <Cell label=HEADS[5]>
                <span class="cell-line">{issues}</span><span class="cell-line"><a href=list>{reviews}</a></span>
                {matches}
            </Cell>
            <Cell label=HEADS[6]><span>{row.key}</span></Cell>
        </tr>
    }
    .into_any()
}

fn instant(word: &'static str, at: Option<When>) -> AnyView {
    let at = match at {
        Some(at) => view! { <Time at/> }.into_any(),
        None => "none yet".into_any(),
    };
    view! { <span class="cell-line"><span class="muted">{word}</span>{at}</span> }.into_any()
}
