//! Effects that nearly every run has, gathered so that one statement does them for all runs of a transaction.

use std::borrow::Cow;

use domain::activity::Activity;
use domain::job::{DecisionRecord, Effect, NewJob};
use domain::opportunity::Opportunity;
use domain::ports::store::{StoreError, Stored};
use serde::Serialize;
use uuid::Uuid;

use super::contacts::{self, Readings};
use super::errors::store;
use super::many::{Binding, Many};
use super::{Conn, clean, dialect, json, list};

/// What was gathered.
#[derive(Default)]
pub(super) struct Together<'a> {
    /// In the order of the primary key, so that two nodes lock rows in the same order; of two readings the later.
    readings: Readings<'a>,
    /// To be stored.
    pub(super) decisions: Vec<&'a DecisionRecord>,
    activities: Vec<Happened<'a>>,
    closings: Vec<Closing<'a>>,
    /// To be queued.
    pub(super) jobs: Vec<&'a NewJob>,
}

static SAVE_OPPORTUNITIES: Many = Many::new(
    "INSERT INTO opportunities (organization_id, opportunity, name, email, stage, url, data, read_at, name_search, \
     email_search, changed_at)",
    11,
    read_again!(),
);

/// A reading of an opportunity as its row.
struct Reading<'a> {
    organization: Uuid,
    opportunity: &'a str,
    email: Option<Cow<'a, str>>,
    stage: Cow<'a, str>,
    url: Option<Cow<'a, str>>,
    data: String,
    read_at: i64,
    name_search: String,
    email_search: String,
    name: Cow<'a, str>,
}

impl<'a> Reading<'a> {
    fn of(organization: Uuid, opportunity: &'a Opportunity) -> Stored<Self> {
        let name = clean(opportunity.name.reveal());
        // Addresses between line ends: a whole one is found by searching for it with both.
        let addresses = opportunity.emails.iter().filter(|e| !e.is_blank());
        let addresses = addresses.map(|e| format!("\n{}\n", clean(e.reveal().trim()).to_lowercase()));
        Ok(Self {
            organization,
            opportunity: &opportunity.id,
            email: opportunity.email().map(|e| clean(e.reveal())),
            stage: clean(&opportunity.stage),
            url: opportunity.url.as_deref().map(clean),
            data: json(opportunity)?,
            read_at: opportunity.read_at.as_micros(),
            name_search: name.to_lowercase(),
            email_search: addresses.collect(),
            name,
        })
    }

    fn bind<'q>(query: Binding<'q>, reading: &'q Reading<'_>) -> Binding<'q> {
        query
            .bind(reading.organization)
            .bind(reading.opportunity)
            .bind(&*reading.name)
            .bind(reading.email.as_deref())
            .bind(&*reading.stage)
            .bind(reading.url.as_deref())
            .bind(&*reading.data)
            .bind(reading.read_at)
            .bind(&*reading.name_search)
            .bind(&*reading.email_search)
            .bind(reading.read_at)
    }
}

static RECORD: Many =
    Many::new("INSERT INTO activities (id, organization_id, opportunity, order_id, happened_at, event)", 6, "");

/// An activity as its row.
struct Happened<'a> {
    activity: &'a Activity,
    event: String,
}

impl Happened<'_> {
    fn bind<'q>(query: Binding<'q>, happened: &'q Happened<'_>) -> Binding<'q> {
        let activity = happened.activity;
        query
            .bind(activity.id)
            .bind(activity.organization)
            .bind(&activity.opportunity)
            .bind(activity.order)
            .bind(activity.at.as_micros())
            .bind(&*happened.event)
    }
}

/// Deliveries to be closed, inside the JSON parameter of the update.
#[derive(Serialize)]
struct Closing<'a> {
    organization: Uuid,
    opportunity: &'a str,
    until: i64,
    reason: Cow<'a, str>,
}

impl<'a> Together<'a> {
    /// Takes what is done together out of the effects of a run.
    pub(super) fn gather(&mut self, organization: Option<Uuid>, effects: &'a [Effect]) -> Stored<()> {
        for effect in effects {
            match effect {
                Effect::SaveOpportunity(opportunity) => {
                    let missing = || StoreError::Broken("an opportunity without its organization".to_owned(), None);
                    let key = (organization.ok_or_else(missing)?, opportunity.id.as_str());
                    let latest = self.readings.entry(key).or_insert(opportunity);
                    if opportunity.read_at >= latest.read_at {
                        *latest = opportunity;
                    }
                }
                Effect::CloseDeliveries { organization, opportunity, until, reason } => self.closings.push(Closing {
                    organization: *organization,
                    opportunity,
                    until: until.as_micros(),
                    reason: clean(reason),
                }),
                Effect::Decide(record) => self.decisions.push(record),
                Effect::Record(activity) => {
                    self.activities.push(Happened { activity, event: json(&activity.event)? });
                }
                Effect::Enqueue(job) => self.jobs.push(job),
                _ => {}
            }
        }
        Ok(())
    }

    /// Saves what was read, where nothing newer is there, and what it says of people.
    pub(super) async fn readings(&self, conn: &mut Conn) -> Stored<()> {
        if self.readings.is_empty() {
            return Ok(());
        }
        let lines: Stored<Vec<Reading<'_>>> =
            self.readings.iter().map(|((organization, _), o)| Reading::of(*organization, o)).collect();
        SAVE_OPPORTUNITIES.execute(conn, &lines?, Reading::bind).await?;
        contacts::keep(conn, &self.readings).await
    }

    /// Stores what happened.
    pub(super) async fn record(&self, conn: &mut Conn) -> Stored<()> {
        RECORD.execute(conn, &self.activities, Happened::bind).await?;
        Ok(())
    }

    /// Closes the deliveries that came before their opportunity was read.
    pub(super) async fn close_deliveries(&self, conn: &mut Conn) -> Stored<()> {
        if self.closings.is_empty() {
            return Ok(());
        }
        sqlx::query(dialect::CLOSE_DELIVERIES).bind(list(&self.closings)?).execute(conn).await.map_err(store)?;
        Ok(())
    }
}
