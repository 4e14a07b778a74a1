//! `assay orders list`.

use clap::{Args, Subcommand};
use domain::order::{Order, OrderState};
use serde::Serialize;

use super::settings::Settings;
use super::{out, wire};
use crate::failure::Failure;

#[derive(Debug, Subcommand)]
pub(super) enum Orders {
    /// One order a line, newest first
    List(List),
}

#[derive(Debug, Args)]
pub(super) struct List {
    /// The organization
    #[arg(long, value_name = "SLUG")]
    org: String,
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
#[derive(Debug, PartialEq, Serialize)]
struct Row {
    id: String,
    opportunity: String,
    contact: String,
    vendor: String,
    test: String,
    state: &'static str,
    outcome: Option<&'static str>,
    score: Option<f64>,
    reason: String,
}

const COLUMNS: [&str; 9] = ["id", "opportunity", "contact", "vendor", "test", "state", "outcome", "score", "reason"];

impl Row {
    fn new(order: Order) -> Self {
        Self {
            id: order.id.to_string(),
            vendor: order.vendor.clone(),
            test: order.test_name.clone(),
            state: if order.state == OrderState::SendUnknown { "needs-person" } else { order.state.as_str() },
            outcome: order.outcome.map(domain::outcome::Outcome::as_str),
            score: order.score.filter(|s| s.is_finite()),
            reason: order.note.unwrap_or_default(),
            opportunity: order.opportunity,
            contact: order.contact,
        }
    }

    fn cells(&self) -> Vec<String> {
        vec![
            self.id.clone(),
            self.opportunity.clone(),
            self.contact.clone(),
            self.vendor.clone(),
            self.test.clone(),
            self.state.to_owned(),
            self.outcome.unwrap_or_default().to_owned(),
            self.score.map_or_else(String::new, |s| s.to_string()),
            self.reason.clone(),
        ]
    }
}

impl Orders {
    pub(super) async fn run(self) -> Result<(), Failure> {
        let Self::List(command) = self;
        let store = wire::store(&super::configured(&command.settings)?).await?;
        let organization = super::organization(&*store, &command.org).await?.id;
        let failed = |e| Failure::database("the orders could not be read", &e);
        let orders = store.orders(organization, command.limit).await.map_err(failed)?;
        let rows: Vec<Row> = orders.into_iter().map(Row::new).collect();
        if command.json {
            return out::json(rows);
        }
        out::table(&COLUMNS, &rows.iter().map(Row::cells).collect::<Vec<_>>())
    }
}

#[cfg(test)]
mod tests {
    use domain::outcome::Outcome;
    use domain::{Personal, Timestamp};
    use uuid::Uuid;

    use super::*;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_millis(seconds * 1000)
    }

    fn order(state: OrderState) -> Order {
        Order {
            id: Uuid::from_u128(1),
            organization: Uuid::from_u128(2),
            opportunity: "opp".into(),
            contact: "contact".into(),
            vendor: "py".into(),
            test: "t1".into(),
            test_name: "Backend screen".into(),
            round: 1,
            stage: "stage".into(),
            posting: None,
            state,
            note: None,
            vendor_ref: None,
            vendor_status: None,
            score: Some(81.5),
            band: None,
            outcome: Some(Outcome::NeedsReview),
            judged_by: None,
            report_url: None,
            report_token: "r".into(),
            email: Personal::new("a@b.example"),
            created_at: at(10),
            invited_at: None,
            called_back_at: None,
            completed_at: None,
            written_at: None,
        }
    }

    #[test]
    fn a_row_has_exactly_the_documented_columns() {
        let row = serde_json::to_value(Row::new(order(OrderState::Completed))).unwrap();
        let mut keys: Vec<&str> = row.as_object().unwrap().keys().map(String::as_str).collect();
        let mut columns = COLUMNS;
        keys.sort_unstable();
        columns.sort_unstable();
        assert_eq!(keys, columns);
        assert_eq!(
            (&row["outcome"], &row["score"], &row["state"]),
            (&"needs-review".into(), &81.5.into(), &"completed".into())
        );
        assert_eq!(Row::new(order(OrderState::Planned)).cells().len(), COLUMNS.len());
    }

    #[test]
    fn an_unknown_send_needs_a_person() {
        assert_eq!(Row::new(order(OrderState::SendUnknown)).state, "needs-person");
    }

    #[test]
    fn the_reason_is_the_order_s_note() {
        let order = Order { note: Some("no answer".into()), ..order(OrderState::Invited) };
        assert_eq!(Row::new(order).reason, "no answer");
    }
}
