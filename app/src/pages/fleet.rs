//! `/`: all organizations in short, for those who watch them. People of an organization are led to their own.

use leptos::prelude::*;
use leptos_router::components::{A, Redirect};
use serde::{Deserialize, Serialize};
use server_fn::codec::Json;

use crate::access::Viewer;
use crate::error::AppError;
use crate::page::{Sent, page_body};
use crate::ui::{EmptyState, PageHeader, Pill, Time, Tone};
use crate::when::When;
use crate::{address, icons::Icon, text};

/// One organization in the list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FleetRow {
    /// In addresses.
    pub slug: String,
    /// For people.
    pub name: String,
    /// Nothing is sent.
    pub paused: bool,
    /// Things that need someone.
    pub waiting: i64,
    /// Ordered over seven days.
    pub ordered: i64,
    /// Of these with a result.
    pub completed: i64,
    /// When the last delivery came.
    pub last_delivery: Option<When>,
}

/// All organizations, by slug.
#[server(prefix = "/app", endpoint = "fleet", input = Json)]
pub async fn load_fleet() -> Result<Sent<Vec<FleetRow>>, AppError> {
    use crate::access::{SEE_FLEET, clock, require_everywhere, store};
    require_everywhere(SEE_FLEET)?;
    let (store, now) = (store()?, clock()?.now());
    let mut rows = Vec::new();
    for organization in store.organizations().await? {
        let home = store.home(organization.id, now.minus(super::home::WINDOW)).await?;
        rows.push(FleetRow {
            waiting: super::home::waiting(&home),
            paused: organization.paused,
            ordered: home.ordered,
            completed: home.completed,
            last_delivery: home.last_delivery.map(|at| crate::when::when(at, &organization.rules.timezone)),
            slug: organization.rules.slug,
            name: organization.rules.name,
        });
    }
    Sent::of(&rows)
}

/// The page.
#[component]
pub fn FleetPage() -> impl IntoView {
    let own = use_context::<Option<Viewer>>().flatten().and_then(|v| v.organization);
    match own {
        Some(slug) => view! { <Redirect path=address::home(&slug)/> }.into_any(),
        None => page_body(|| LoadFleet {}, fleet),
    }
}

fn fleet(rows: Vec<FleetRow>) -> impl IntoView {
    if rows.is_empty() {
        return view! {
            <PageHeader title=text::ORGANIZATIONS/>
            <EmptyState title="No organization yet">
                "An organization is one Lever account with its vendors and rules. Create one on the server with "
                <code>"assay org apply FILE"</code>"."
            </EmptyState>
        }
        .into_any();
    }
    view! {
        <PageHeader title=text::ORGANIZATIONS/>
        <div class="table-frame">
            <table class="table">
                <caption class="visually-hidden">"Organizations with figures of the last seven days"</caption>
                <thead>
                    <tr>
                        <th scope="col">"Organization"</th>
                        <th scope="col">"Health"</th>
                        <th scope="col" class="number">"Ordered, 7 days"</th>
                        <th scope="col" class="number">"Completed"</th>
                        <th scope="col">"Last event from Lever"</th>
                    </tr>
                </thead>
                <tbody>{rows.into_iter().map(fleet_row).collect_view()}</tbody>
            </table>
        </div>
    }
    .into_any()
}

fn fleet_row(row: FleetRow) -> impl IntoView {
    let (tone, icon, word) = match (row.waiting, row.paused) {
        (0, false) => (Tone::Ok, Icon::Check, "Nothing waits".to_owned()),
        (0, true) => (Tone::Idle, Icon::Pause, "Paused".to_owned()),
        (n, false) => (Tone::Warn, Icon::Warning, text::count(n, "thing needs someone", "things need someone")),
        (n, true) => (Tone::Warn, Icon::Warning, format!("Paused, {n} waiting")),
    };
    view! {
        <tr>
            <th scope="row"><A href=address::home(&row.slug)>{row.name}</A></th>
            <td data-label="Health"><Pill tone icon word/></td>
            <td data-label="Ordered, 7 days" class="number">{row.ordered}</td>
            <td data-label="Completed" class="number">{row.completed}</td>
            <td data-label="Last event">
                {match row.last_delivery {
                    Some(at) => view! { <Time at/> }.into_any(),
                    None => view! { <span class="muted">"None yet"</span> }.into_any(),
                }}
            </td>
        </tr>
    }
}
