//! `assay deliveries list`.

use clap::{Args, Subcommand};
use domain::read::DeliveryRow;
use serde::Serialize;

use super::settings::Settings;
use super::{out, wire};
use crate::failure::Failure;

#[derive(Debug, Subcommand)]
pub(super) enum Deliveries {
    /// One delivery a line, newest first
    List(List),
}

#[derive(Debug, Args)]
pub(super) struct List {
    /// The organization
    #[arg(long, value_name = "SLUG")]
    org: String,
    /// Only what was refused, not understood or suspicious
    #[arg(long)]
    failed: bool,
    /// One JSON object a line
    #[arg(long)]
    json: bool,
    /// At most this many
    #[arg(long, value_name = "N", default_value_t = 10_000)]
    limit: u32,
    #[command(flatten)]
    settings: Settings,
}

/// The columns are a contract.
#[derive(Debug, Serialize)]
struct Row {
    id: String,
    received: String,
    event: String,
    opportunity: Option<String>,
    status: String,
    reason: Option<String>,
}

impl Row {
    fn new(row: DeliveryRow) -> Self {
        let suspicious = row.suspicious.then(|| "suspicious: the same token came again with other data".to_owned());
        let reason: Vec<String> = [row.reason, suspicious].into_iter().flatten().collect();
        Self {
            id: row.id.to_string(),
            received: row.received.to_string(),
            event: row.event,
            opportunity: row.opportunity,
            status: row.status,
            reason: (!reason.is_empty()).then(|| reason.join("; ")),
        }
    }

    fn cells(self) -> Vec<String> {
        let text = Option::unwrap_or_default;
        vec![self.id, self.received, self.event, text(self.opportunity), self.status, text(self.reason)]
    }
}

impl Deliveries {
    pub(super) async fn run(self) -> Result<(), Failure> {
        let Self::List(command) = self;
        let store = wire::store(&super::configured(&command.settings)?).await?;
        let organization = super::organization(&*store, &command.org).await?.id;
        let found = store.deliveries(organization, command.failed, command.limit).await;
        let found = found.map_err(|e| Failure::database("the deliveries could not be read", &e))?;
        let rows = found.into_iter().map(Row::new);
        if command.json {
            return out::json(rows);
        }
        let cells: Vec<_> = rows.map(Row::cells).collect();
        out::table(&["id", "received", "event", "opportunity", "status", "reason"], &cells)
    }
}

#[cfg(test)]
mod tests {
    use domain::Timestamp;
    use uuid::Uuid;

    use super::*;

    #[test]
    fn a_suspicious_delivery_says_so() {
        let row = DeliveryRow {
            id: Uuid::from_u128(1),
            organization: Uuid::from_u128(2),
            received: Timestamp::from_millis(1_700_000_000_000),
            event: "candidateStageChange".into(),
            opportunity: None,
            status: "done".into(),
            reason: Some("followed".into()),
            repeats: 1,
            suspicious: true,
        };
        let row = Row::new(row);
        assert_eq!(row.received, "2023-11-14T22:13:20Z");
        assert_eq!(row.reason.unwrap(), "followed; suspicious: the same token came again with other data");
    }
}
