//! `/o/{slug}/audit` and `/audit`: who changed what, from where, before and after. Only added to.

use domain::audit::Act;
use leptos::prelude::*;

use crate::address;
use crate::error::AppError;
use crate::icons::Icon;
use crate::page::{page_body, path_param, query_param};
use crate::text;
use crate::ui::{
    Cell, Choice, Column, DataTable, EmptyState, FilterBar, PageHeader, Pager, RowHead, Select, TableMessage, Time,
};
use crate::when::When;

/// Entries on a page.
const PAGE: u32 = 50;

/// The page as data.
#[derive(Clone, Debug, PartialEq)]
pub struct AuditView {
    /// In addresses; empty for the instance.
    pub slug: String,
    /// For people.
    pub organization: Option<String>,
    /// The act that is asked for; may be empty.
    pub act: String,
    /// The person who is asked for; may be empty.
    pub who: String,
    /// Newest first.
    pub entries: Vec<EntryLine>,
    /// Address of the older ones, while there are some.
    pub next: Option<String>,
    /// This is not the first page.
    pub first: Option<String>,
    /// Address of all as a file.
    pub csv: String,
}

/// One entry.
#[derive(Clone, Debug, PartialEq)]
pub struct EntryLine {
    /// Its place in the chain.
    pub number: i64,
    /// When.
    pub at: When,
    /// Who.
    pub who: String,
    /// Where.
    pub source: &'static str,
    /// What, with its target.
    pub words: String,
    /// What is different, line by line.
    pub changes: Vec<String>,
}

/// Entries of an organization, or with an empty slug of the instance.
pub async fn load_audit(slug: String, act: String, who: String, before: Option<i64>) -> Result<AuditView, AppError> {
    let organization = on_server::allowed(&slug).await?;
    on_server::view(organization, &on_server::Asked { act, who, before }).await
}

pub mod on_server {
    use domain::audit::{Act, AuditFilter, Entry};
    use domain::ports::store::Organization;

    use super::{AuditView, EntryLine, PAGE};
    use crate::access::{Granted, RUN_INSTANCE, SEE_CONFIGURATION, require, require_everywhere, store};
    use crate::address;
    use crate::error::AppError;
    use crate::when::when;

    /// What is asked for in the address.
    #[derive(Debug)]
    pub struct Asked {
        /// Name of an act.
        pub act: String,
        /// A person's address.
        pub who: String,
        /// Only before this number.
        pub before: Option<i64>,
    }

    impl Asked {
        /// What the store is asked.
        pub fn filter(&self) -> AuditFilter {
            let who = Some(self.who.trim().to_lowercase()).filter(|who| !who.is_empty());
            AuditFilter { act: Act::parse(&self.act), who, before: self.before }
        }
    }

    /// Whose record the viewer may read.
    pub async fn allowed(slug: &str) -> Result<Option<Organization>, AppError> {
        if slug.is_empty() {
            require_everywhere(RUN_INSTANCE)?;
            return Ok(None);
        }
        let Granted { organization, .. } = require(SEE_CONFIGURATION, slug).await?;
        Ok(Some(organization))
    }

    /// What is different: both sides of a word, or the lines of a change.
    fn changes(entry: &Entry) -> Vec<String> {
        match (&entry.before, &entry.after) {
            (Some(before), Some(after)) => vec![format!("- {before}"), format!("+ {after}")],
            (Some(before), None) => vec![format!("- {before}")],
            (None, Some(after)) => after.lines().map(str::to_owned).collect(),
            (None, None) => Vec::new(),
        }
    }

    pub async fn view(organization: Option<Organization>, asked: &Asked) -> Result<AuditView, AppError> {
        let filter = asked.filter();
        let mut found = store()?.audit(organization.as_ref().map(|o| o.id), &filter, PAGE + 1).await?;
        let more = found.len() > PAGE as usize;
        found.truncate(PAGE as usize);
        let zone = organization.as_ref().map_or_else(|| "UTC".to_owned(), |o| o.rules.timezone.clone());
        let slug = organization.as_ref().map(|o| o.rules.slug.clone()).unwrap_or_default();
        let (act, who) = (filter.act.map(Act::as_str).unwrap_or_default(), filter.who.unwrap_or_default());
        let list = |before| address::audit(&slug, act, &who, before);
        let next = found.last().filter(|_| more).map(|last| list(Some(last.number)));
        let line = |entry: Entry| EntryLine {
            number: entry.number,
            at: when(entry.at, &zone),
            source: entry.source.words(),
            words: format!("{}: {}", entry.act.words(), entry.target),
            changes: changes(&entry),
            who: entry.who,
        };
        Ok(AuditView {
            next,
            first: asked.before.map(|_| list(None)),
            csv: address::audit_csv(&slug),
            organization: organization.map(|o| o.rules.name),
            entries: found.into_iter().map(line).collect(),
            act: act.to_owned(),
            who,
            slug,
        })
    }
}

/// The record of an organization.
#[component]
pub fn AuditPage() -> impl IntoView {
    shown(path_param("slug"))
}

/// The record of the instance.
#[component]
pub fn InstanceAuditPage() -> impl IntoView {
    shown(String::new())
}

fn shown(slug: String) -> AnyView {
    let (act, who) = (query_param("act").unwrap_or_default(), query_param("who").unwrap_or_default());
    let before = query_param("before").and_then(|n| n.parse().ok());
    page_body(load_audit(slug, act, who, before), audit)
}

/// Heads of the columns.
const HEADS: [&str; 5] = ["What", "Changes", "Who", "When", "Number"];

fn audit(page: AuditView) -> AnyView {
    let is_filtered = !page.act.is_empty() || !page.who.is_empty();
    let path = address::audit(&page.slug, "", "", None);
    let clear = is_filtered.then(|| path.clone());
    let acts: Vec<Choice> = Act::ALL.iter().map(|act| Choice::new(act.as_str(), act.words())).collect();
    let body = if page.entries.is_empty() && !is_filtered {
        view! {
            <EmptyState title="Nothing was changed yet">"Every change of the configuration and of people is written down here, with who made it."</EmptyState>
        }
        .into_any()
    } else {
        table(page.entries, path.clone())
    };
    let pager = (page.next.is_some() || page.first.is_some())
        .then(|| view! { <Pager first=page.first next=page.next note="Newest first"/> });
    let title = if page.organization.is_some() { text::AUDIT } else { text::INSTANCE_AUDIT };
    view! {
        <PageHeader
            title=title organization=page.organization
            note="Who changed what. Entries are only added; each is bound to the one before, so that an edit shows."
        >
            <a class="button" href=page.csv rel="external" download="">{Icon::Download.view()}<span>"Download CSV"</span></a>
        </PageHeader>
        <FilterBar action=path name="who" label="Address of a person" query=page.who example="sue@acme.example" clear=clear>
            <Select id="act" name="act" label="What" options=acts value=page.act none="Anything".to_owned()/>
        </FilterBar>
        {body}
        {pager}
    }
    .into_any()
}

fn table(entries: Vec<EntryLine>, all: String) -> AnyView {
    let rows = if entries.is_empty() {
        view! {
            <TableMessage columns=HEADS.len() title="No entry matches these filters">
                <a href=all>"Show all entries"</a>
            </TableMessage>
        }
        .into_any()
    } else {
        entries.into_iter().map(row).collect_view().into_any()
    };
    view! { <DataTable caption="Changes, newest first" columns=HEADS.map(Column::new).into()>{rows}</DataTable> }
        .into_any()
}

fn row(entry: EntryLine) -> AnyView {
    let short = entry.changes.len() == 1;
    let said = short.then(|| view! { <span class="cell-note">{entry.changes[0].clone()}</span> });
    let changes = (entry.changes.len() > 1).then(|| {
        let words = text::count(i64::try_from(entry.changes.len()).unwrap_or(i64::MAX), "line", "lines");
        view! {
            <details class="changes">
                <summary>{words}</summary>
                <pre>{entry.changes.join("\n")}</pre>
            </details>
        }
    });
    view! {
        <tr>
            <RowHead><bdi>{entry.words}</bdi></RowHead>
            <Cell label=HEADS[1]>{said}{changes}</Cell>
            <Cell label=HEADS[2]><bdi>{entry.who}</bdi><span class="cell-note">{entry.source}</span></Cell>
            <Cell label=HEADS[3]><Time at=entry.at/></Cell>
            <Cell label=HEADS[4]><span>{entry.number}</span></Cell>
        </tr>
    }
    .into_any()
}
