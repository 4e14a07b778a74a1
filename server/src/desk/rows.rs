//! Trigger stages: one version of the rules becomes the next.

use std::sync::Arc;

use async_trait::async_trait;
use domain::RemoteError;
use domain::audit::Author;
use domain::job::Effect;
use domain::opportunity::Named;
use domain::ports::desk::{AllPresent, Choices, DeskError, Nearly, TriggerDesk};
use domain::ports::store::{Application, Organization, StoreError};
use domain::rules::Rules;
use domain::triggers::{self, Draft, RowKey, Vocabulary};
use uuid::Uuid;

use super::draft::asked;
use super::{Clerk, nearly, present};
use crate::connections::Connection;
use crate::organization::diff;

#[async_trait]
impl TriggerDesk for Clerk {
    async fn stage_choices(&self, organization: Uuid) -> Result<Choices, DeskError> {
        let tests = self.cx.store.catalogue(organization).await?;
        let connection = match self.connection(organization) {
            Ok(connection) => connection,
            Err(error) => return Ok(Choices { tests, failures: vec![error.to_string()], ..Choices::default() }),
        };
        let mut failures = Vec::new();
        let stages = asked("list stages", connection.ats.stages()).await;
        let postings = asked("list postings", connection.ats.postings()).await;
        let stages = stages.unwrap_or_else(|error| none("The stages", &error, &mut failures));
        let postings = postings.unwrap_or_else(|error| none("The postings", &error, &mut failures));
        let nearly = triggers::nearly_postings(&postings, &tests);
        Ok(Choices { stages, postings: postings.into_iter().map(Named::from).collect(), nearly, tests, failures })
    }

    async fn refresh_tests(&self, organization: Uuid, vendor: &str) -> Result<(), DeskError> {
        let connection = self.connection(organization)?;
        let Some((rules, client)) = connection.vendor(vendor) else {
            return Err(DeskError::Impossible(
                "there is no such vendor that can be asked; choose another one".to_owned(),
            ));
        };
        let tests = client.tests().await.map_err(|e| failed(&rules.name, &e))?;
        let (vendor, at) = (vendor.to_owned(), self.cx.clock.now());
        self.cx.store.commit(vec![Effect::SaveTests { organization, vendor, tests, at }]).await?;
        Ok(())
    }

    async fn save_trigger(
        &self,
        organization: Uuid,
        expected_version: i64,
        row: Option<&RowKey>,
        draft: &Draft,
        by: &str,
    ) -> Result<RowKey, DeskError> {
        let connection = self.connection(organization)?;
        let before = self.unchanged(&connection, expected_version).await?;
        let place = match row {
            Some(key) => Some(key.find(&before.rules).ok_or_else(gone)?),
            None => None,
        };
        let (stages, postings) = of_lever(&connection, draft).await?;
        let tests = self.cx.store.catalogue(organization).await?;
        let vocabulary = Vocabulary { stages: &stages, postings: &postings, tests: &tests };
        let now = self.cx.clock.now();
        let row = triggers::check(draft, &before.rules, vocabulary, now).map_err(DeskError::Refused)?;
        let key = RowKey::of(&row);
        let rules = triggers::put(&before.rules, place, row, now).map_err(DeskError::Refused)?;
        self.put_in_force(&before, rules, by).await?;
        Ok(key)
    }

    async fn remove_trigger(
        &self,
        organization: Uuid,
        expected_version: i64,
        row: &RowKey,
        by: &str,
    ) -> Result<(), DeskError> {
        let before = self.unchanged(&*self.connection(organization)?, expected_version).await?;
        let rules = triggers::remove(&before.rules, row).ok_or_else(gone)?;
        self.put_in_force(&before, rules, by).await
    }

    async fn switch_trigger(
        &self,
        organization: Uuid,
        expected_version: i64,
        row: &RowKey,
        on: bool,
        by: &str,
    ) -> Result<(), DeskError> {
        let before = self.unchanged(&*self.connection(organization)?, expected_version).await?;
        let rules = triggers::switch(&before.rules, row, on, self.cx.clock.now()).ok_or_else(gone)?;
        self.put_in_force(&before, rules, by).await
    }

    async fn restore_triggers(
        &self,
        organization: Uuid,
        expected_version: i64,
        version: i64,
        by: &str,
    ) -> Result<(), DeskError> {
        let before = self.unchanged(&*self.connection(organization)?, expected_version).await?;
        let earlier = self.cx.store.configuration(organization, version).await?;
        let rules = triggers::restore(&before.rules, &earlier.rules).map_err(DeskError::Impossible)?;
        self.put_in_force(&before, rules, by).await
    }

    async fn present(&self, organization: Uuid, row: &RowKey) -> Result<AllPresent, DeskError> {
        present::all(&self.cx, &*self.connection(organization)?, row).await
    }

    async fn nearly(&self, organization: Uuid, row: &RowKey) -> Result<Vec<Nearly>, DeskError> {
        nearly::all(self, organization, row).await
    }

    async fn mend_tag(
        &self,
        organization: Uuid,
        row: &RowKey,
        opportunity: &str,
        test: &str,
        by: &str,
    ) -> Result<(), DeskError> {
        nearly::mend(self, organization, row, opportunity, test, by).await
    }

    async fn invite_present(
        &self,
        organization: Uuid,
        row: &RowKey,
        opportunities: &[String],
        by: &str,
    ) -> Result<usize, DeskError> {
        let connection = self.connection(organization)?;
        let jobs = present::jobs(&connection, row, opportunities, by, self.cx.clock.now())?;
        let count = jobs.len();
        self.cx.store.enqueue(jobs).await?;
        self.wake.now();
        Ok(count)
    }
}

impl Clerk {
    pub(super) fn connection(&self, organization: Uuid) -> Result<Arc<Connection>, DeskError> {
        self.cx.directory.by_id(organization).ok_or_else(|| {
            let what =
                "the stored credentials of this organization do not open, so nobody can be asked; store them again";
            DeskError::Impossible(what.to_owned())
        })
    }

    /// The organization as it is stored now, if the version is the one that was read.
    async fn unchanged(&self, connection: &Connection, expected_version: i64) -> Result<Organization, DeskError> {
        let organization = self.cx.store.organization(&connection.organization.rules.slug).await?;
        if organization.version == expected_version {
            return Ok(organization);
        }
        Err(self.stale(organization.id, organization.version).await)
    }

    pub(super) async fn stale(&self, organization: Uuid, version: i64) -> DeskError {
        match self.cx.store.configuration(organization, version).await {
            Ok(there) => DeskError::Stale { by: there.author, at: there.at },
            Err(error) => error.into(),
        }
    }

    /// Stores the rules as the next version, works by them at once, and closes what was only wrong with the rows before.
    async fn put_in_force(&self, before: &Organization, rules: Rules, by: &str) -> Result<(), DeskError> {
        if rules == before.rules {
            return Ok(());
        }
        let at = self.cx.clock.now();
        let settled = settled(before, &rules, at);
        let changes = diff::rules(Some(&before.rules), &rules);
        let application = Application {
            id: before.id,
            hook: before.hook.clone(),
            paused: false,
            expected_version: before.version,
            rules,
            // They are part of a version. Had they changed since, the version would have, too.
            secrets: self.cx.store.secrets(before.id).await?,
            tests: Vec::new(),
            changes,
            author: Author::on_page(by, at),
        };
        match self.cx.store.apply(application).await {
            Ok(_) => {}
            Err(StoreError::Conflict(_)) => {
                let now = self.cx.store.organization(&before.rules.slug).await?;
                return Err(self.stale(before.id, now.version).await);
            }
            Err(error) => return Err(error.into()),
        }
        if !settled.is_empty() {
            self.cx.store.commit(settled).await?;
        }
        self.refreshed().await;
        Ok(())
    }

    /// Works by what was just stored. Were this to fail, it would be found within a second.
    pub(super) async fn refreshed(&self) {
        if let Err(error) = self.cx.directory.refresh().await {
            tracing::warn!(%error, "the new rules could not be read at once");
        }
        self.wake.now();
    }
}

pub(super) fn gone() -> DeskError {
    DeskError::Impossible("this row is gone; look at the list of trigger stages".to_owned())
}

fn failed(remote: &str, error: &RemoteError) -> DeskError {
    DeskError::Remote { remote: remote.to_owned(), said: error.to_string() }
}

/// Nothing of what was asked for, and why.
fn none<T>(what: &str, error: &DeskError, failures: &mut Vec<String>) -> Vec<T> {
    failures.push(format!("{what}: {error}"));
    Vec::new()
}

/// Postings are asked for only where the row names some: a key may lack that permission.
async fn of_lever(connection: &Connection, draft: &Draft) -> Result<(Vec<Named>, Vec<Named>), DeskError> {
    let stages = asked("list stages", connection.ats.stages()).await?;
    let none = draft.postings.iter().all(|posting| posting.trim().is_empty());
    let postings = if none { Vec::new() } else { asked("list postings", connection.ats.postings()).await? };
    Ok((stages, postings.into_iter().map(Named::from).collect()))
}

/// Issues about stages and tests that no row that is on names any more.
fn settled(before: &Organization, after: &Rules, at: domain::Timestamp) -> Vec<Effect> {
    let causes = |rules: &Rules| -> Vec<String> {
        let rows = rules.triggers.iter().filter(|t| !t.off);
        let causes = rows.flat_map(|t| {
            let test = t.default_test.as_ref().map(|d| format!("vendor.{}.test.{}", t.vendor, d.id));
            [Some(format!("lever.stage.{}", t.stage.id)), test]
        });
        causes.flatten().collect()
    };
    let still = causes(after);
    let over = causes(&before.rules).into_iter().filter(|cause| !still.contains(cause));
    over.map(|cause| Effect::CloseIssue { organization: before.id, cause, at }).collect()
}
