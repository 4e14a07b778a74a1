//! `/o/{slug}/history`: every version of the configuration, with who made it, what is different, and the way back.

use leptos::prelude::*;
use server_fn::ServerFn as _;

use crate::error::AppError;
use crate::page::{page_body, path_param, query_param, refusal};
use crate::ui::{
    Banner, Cell, Column, ConfirmDialog, DataTable, DialogButton, PageHeader, Pager, Pill, RowHead, Time, Tone,
};
use crate::when::When;
use crate::{address, text};

/// Versions on a page.
const PAGE: u32 = 20;

/// The page as data.
#[derive(Clone, Debug, PartialEq)]
pub struct HistoryView {
    /// In addresses.
    pub slug: String,
    /// For people.
    pub organization: String,
    /// The version in force.
    pub version: i64,
    /// The viewer may put an earlier one in force.
    pub may_configure: bool,
    /// Someone just did.
    pub restored: bool,
    /// Newest first.
    pub versions: Vec<VersionLine>,
    /// Address of the first page, on another one.
    pub first: Option<String>,
    /// Address of the older ones.
    pub next: Option<String>,
}

/// One version.
#[derive(Clone, Debug, PartialEq)]
pub struct VersionLine {
    /// Its number.
    pub version: i64,
    /// Who made it.
    pub by: String,
    /// When.
    pub at: When,
    /// What is different from the one before, line by line.
    pub changes: Vec<String>,
    /// As a file.
    pub file: String,
}

/// Versions of the configuration before one.
pub async fn load_history(slug: String, before: Option<i64>, restored: bool) -> Result<HistoryView, AppError> {
    use crate::access::{Granted, SEE_CONFIGURATION, require};
    let Granted { viewer, organization } = require(SEE_CONFIGURATION, &slug).await?;
    on_server::view(&viewer, organization, before, restored).await
}

/// Puts an earlier version in force, as a new one. `version` is the one that was seen in force.
#[server(prefix = "/app", endpoint = "history-restore")]
pub async fn restore_version(slug: String, version: i64, to: i64) -> Result<(), AppError> {
    use crate::access::{CONFIGURE, Granted, require};
    use crate::pages::connections::on_server::{refused, setup};
    let Granted { viewer, organization } = require(CONFIGURE, &slug).await?;
    let restored = setup()?.restore(organization.id, version, to, viewer.email.reveal()).await;
    restored.map_err(|e| refused(&organization, e))?;
    leptos_axum::redirect(&format!("{}?told=restored", address::history(&slug, None)));
    Ok(())
}

mod on_server {
    use domain::ports::store::Organization;

    use super::{HistoryView, PAGE, VersionLine};
    use crate::access::{CONFIGURE, Viewer, store};
    use crate::address;
    use crate::error::AppError;
    use crate::pages::connections::on_server::setup;
    use crate::when::when;

    pub async fn view(
        viewer: &Viewer,
        organization: Organization,
        before: Option<i64>,
        restored: bool,
    ) -> Result<HistoryView, AppError> {
        let (rules, desk) = (&organization.rules, setup()?);
        // One more than is shown: the last one is compared with it.
        let found = store()?.configurations(organization.id, before.unwrap_or(i64::MAX), PAGE + 1).await?;
        let shown = &found[..found.len().min(PAGE as usize)];
        let line = |(n, c): (usize, &domain::ports::store::Configuration)| VersionLine {
            version: c.version,
            by: c.author.clone(),
            at: when(c.at, &rules.timezone),
            changes: desk.difference(found.get(n + 1).map(|earlier| &earlier.rules), &c.rules),
            file: desk.as_file(&c.rules),
        };
        let more = found.len() > shown.len();
        let next = shown.last().filter(|_| more).map(|last| address::history(&rules.slug, Some(last.version)));
        Ok(HistoryView {
            slug: rules.slug.clone(),
            organization: rules.name.clone(),
            version: organization.version,
            may_configure: viewer.may(CONFIGURE),
            restored,
            versions: shown.iter().enumerate().map(line).collect(),
            first: before.map(|_| address::history(&rules.slug, None)),
            next,
        })
    }
}

/// The page.
#[component]
pub fn HistoryPage() -> impl IntoView {
    let before = query_param("before").and_then(|n| n.parse().ok());
    let restored = query_param("told").is_some_and(|told| told == "restored");
    page_body(load_history(path_param("slug"), before, restored), history)
}

/// Heads of the columns.
const HEADS: [&str; 4] = ["Version", "What is different", "Who", "When"];

fn history(page: HistoryView) -> AnyView {
    let said = page.restored.then(|| {
        let sentence = format!("In force again, as version {}.", page.version);
        view! { <div role="status"><Banner tone=Tone::Ok sentence/></div> }
    });
    let pager = (page.next.is_some() || page.first.is_some())
        .then(|| view! { <Pager first=page.first next=page.next note="Newest first"/> });
    let (slug, version, may) = (page.slug, page.version, page.may_configure);
    let rows = page.versions.into_iter().map(|line| row(&slug, version, may, line)).collect_view();
    view! {
        <PageHeader
            title=text::HISTORY organization=page.organization
            note="Every version of the configuration. Results remember the version that judged them, so none is ever deleted."
        />
        {said}
        {refusal(&[RestoreVersion::PATH])}
        <DataTable caption="Versions, newest first" columns=HEADS.map(Column::new).into()>{rows}</DataTable>
        {pager}
    }
    .into_any()
}

fn row(slug: &str, in_force: i64, may: bool, line: VersionLine) -> AnyView {
    let is_in_force = line.version == in_force;
    let pill = is_in_force.then(|| view! { <Pill tone=Tone::Ok icon=Tone::Ok.icon() word="In force"/> });
    let back = (may && !is_in_force).then(|| {
        let dialog = format!("restore-{}", line.version);
        let fields = [("slug", slug.to_owned()), ("version", in_force.to_string()), ("to", line.version.to_string())];
        let fields = fields.map(|(name, value)| (name.to_owned(), value)).into();
        view! {
            <DialogButton dialog=dialog.clone() word="Put in force again" small=true/>
            <ConfirmDialog
                id=dialog title=format!("Put version {} in force again?", line.version) action=RestoreVersion::PATH verb="Put in force" fields
                sentence="It becomes a new version, and can be taken back the same way. Keys, tokens and how Lever is reached stay as they are now. Who stood in a trigger stage meanwhile is not invited by it."
            />
        }
    });
    let count = text::count(i64::try_from(line.changes.len()).unwrap_or(i64::MAX), "line", "lines");
    let changes = if line.changes.is_empty() {
        view! { <span class="muted">"Keys or tokens only: see Audit"</span> }.into_any()
    } else {
        view! { <details class="changes" open=line.changes.len() < 6><summary>{count}</summary><pre>{line.changes.join("\n")}</pre></details> }.into_any()
    };
    view! {
        <tr>
            <RowHead><span>{line.version}</span>" "{pill}</RowHead>
            <Cell label=HEADS[1]>
                {changes}
                <details class="changes"><summary>"As a file"</summary><pre>{line.file}</pre></details>
                <div class="row-actions">{back}</div>
            </Cell>
            <Cell label=HEADS[2]><bdi>{line.by}</bdi></Cell>
            <Cell label=HEADS[3]><Time at=line.at/></Cell>
        </tr>
    }
    .into_any()
}
