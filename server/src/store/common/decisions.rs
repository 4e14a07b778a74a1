//! Decisions: stored once for each entry, and the newest shown on the row of its opportunity.

use std::collections::BTreeMap;

use domain::job::DecisionRecord;
use domain::ports::store::{StoreError, Stored};
use uuid::Uuid;

use super::many::{Binding, Many};
use super::{Conn, json};

static DECIDE: Many = Many::new(concat!("INSERT INTO decisions (", decision_columns!(), ", kind)"), 9, "");

/// A decision that invited stays: its order is on the way.
static REDECIDE: Many = Many::new(
    concat!("INSERT INTO decisions (", decision_columns!(), ", kind)"),
    9,
    " ON CONFLICT (organization_id, opportunity, stage, entered_at, vendor) DO UPDATE \
     SET decision = excluded.decision, kind = excluded.kind, rules_version = excluded.rules_version, \
     decided_at = excluded.decided_at WHERE decisions.kind <> 'invite'",
);

/// Makes an empty row where a decision comes before any reading.
static SHOW: Many = Many::new(
    "INSERT INTO opportunities (organization_id, opportunity, name, stage, name_search, email_search, decision, \
     decided_at, changed_at)",
    9,
    " ON CONFLICT (organization_id, opportunity) DO UPDATE SET \
     changed_at = CASE WHEN excluded.changed_at > opportunities.changed_at THEN excluded.changed_at \
     ELSE opportunities.changed_at END, \
     decision = CASE WHEN opportunities.decided_at > excluded.decided_at THEN opportunities.decision \
     ELSE excluded.decision END, \
     decided_at = CASE WHEN opportunities.decided_at > excluded.decided_at THEN opportunities.decided_at \
     ELSE excluded.decided_at END",
);

/// A decision as its row.
struct Line<'a> {
    record: &'a DecisionRecord,
    decision: String,
}

impl<'a> Line<'a> {
    fn of(record: &'a DecisionRecord) -> Stored<Self> {
        Ok(Self { record, decision: json(&record.decision)? })
    }

    fn bind<'q>(query: Binding<'q>, line: &'q Line<'_>) -> Binding<'q> {
        let record = line.record;
        query
            .bind(record.organization)
            .bind(&record.opportunity)
            .bind(&record.stage)
            .bind(record.entered_at.as_micros())
            .bind(&record.vendor)
            .bind(&*line.decision)
            .bind(record.rules_version)
            .bind(record.at.as_micros())
            .bind(record.decision.kind())
    }

    /// As the row of its opportunity shows it.
    fn bind_shown<'q>(query: Binding<'q>, line: &'q Line<'_>) -> Binding<'q> {
        let (record, at) = (line.record, line.record.at.as_micros());
        query
            .bind(record.organization)
            .bind(&record.opportunity)
            .bind("")
            .bind(&record.stage)
            .bind("")
            .bind("")
            .bind(&*line.decision)
            .bind(at)
            .bind(at)
    }
}

/// Stores decisions about entries that have none yet.
pub(super) async fn decide(conn: &mut Conn, records: &[&DecisionRecord]) -> Stored<()> {
    let lines: Vec<Line<'_>> = records.iter().map(|record| Line::of(record)).collect::<Stored<_>>()?;
    DECIDE.execute(conn, &lines, Line::bind).await?;
    show(conn, &lines).await
}

/// Stores a decision in the place of an earlier one; `Conflict` if that one invited.
pub(super) async fn redecide(conn: &mut Conn, record: &DecisionRecord) -> Stored<()> {
    let line = [Line::of(record)?];
    if REDECIDE.execute(conn, &line, Line::bind).await? == 0 {
        return Err(StoreError::Conflict("decisions_entry".to_owned()));
    }
    show(conn, &line).await
}

/// Carries decisions over to the rows of their opportunities: of several about one the latest, and of those made at once the last,
/// in the order of the primary key, so that two nodes lock rows in the same order.
async fn show(conn: &mut Conn, lines: &[Line<'_>]) -> Stored<()> {
    let mut newest: BTreeMap<(Uuid, &str), &Line<'_>> = BTreeMap::new();
    for line in lines {
        let place = newest.entry((line.record.organization, line.record.opportunity.as_str())).or_insert(line);
        if line.record.at >= place.record.at {
            *place = line;
        }
    }
    let newest: Vec<&Line<'_>> = newest.into_values().collect();
    SHOW.execute(conn, &newest, |query, line| Line::bind_shown(query, line)).await?;
    Ok(())
}
