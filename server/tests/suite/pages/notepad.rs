//! A desk that writes down what people do.

use std::sync::{Arc, Mutex, OnceLock};

use async_trait::async_trait;
use domain::ports::desk::{AllPresent, Choices, Desk, DeskError, Nearly, Refusal, Settlement, TriggerDesk};
use domain::ports::store::{Store, StoreError};
use domain::triggers::{Draft, RowKey};
use uuid::Uuid;

use super::world::NOON;

/// Writes down what people settle; what they try again goes into the store.
#[derive(Debug, Default)]
pub struct Notepad(pub Mutex<Vec<(Uuid, Settlement, String)>>, pub Mutex<Vec<String>>, pub OnceLock<Arc<dyn Store>>);

#[async_trait]
impl Desk for Notepad {
    async fn identify(&self, _: Uuid, order: Uuid, vendor_ref: &str, by: &str) -> Result<(), DeskError> {
        self.1.lock().unwrap().push(format!("{by} names {order} {vendor_ref}"));
        Ok(())
    }

    async fn settle_send(&self, _: Uuid, order: Uuid, settlement: Settlement, by: &str) -> Result<(), DeskError> {
        let mut notes = self.0.lock().unwrap();
        if notes.iter().any(|(settled, ..)| *settled == order) {
            return Err(StoreError::Conflict("order".into()).into());
        }
        notes.push((order, settlement, by.to_owned()));
        Ok(())
    }

    async fn replay(&self, organization: Uuid, delivery: Uuid) -> Result<(), StoreError> {
        let store = self.2.get().unwrap();
        let (row, _) = store.delivery_of(organization, delivery).await?;
        server::replay::queue(&**store, &row, NOON).await
    }

    async fn retry(&self, organization: Uuid, job: Uuid) -> Result<(), StoreError> {
        self.2.get().unwrap().revive_of(organization, job, NOON).await
    }

    async fn retry_dead(&self, organization: Uuid, kind: Option<&str>) -> Result<u64, StoreError> {
        self.2.get().unwrap().revive_all_dead(organization, kind, NOON).await
    }

    async fn send_anew(&self, _: Uuid, order: Uuid, by: &str) -> Result<(), StoreError> {
        let mut acts = self.1.lock().unwrap();
        let act = format!("{by} sends {order} anew");
        if acts.contains(&act) {
            return Err(StoreError::Conflict(Refusal::AnotherOpen.as_str().to_owned()));
        }
        acts.push(act);
        Ok(())
    }

    async fn apply_rules(&self, _: Uuid, opportunity: &str, by: &str) -> Result<(), StoreError> {
        self.1.lock().unwrap().push(format!("{by} applies the rules to {opportunity}"));
        Ok(())
    }
}

/// Offers nothing and does nothing: what is changed is told by stories over the real desk.
#[async_trait]
impl TriggerDesk for Notepad {
    async fn stage_choices(&self, _: Uuid) -> Result<Choices, DeskError> {
        Ok(Choices { failures: vec!["Lever could not be asked: it is not there".into()], ..Choices::default() })
    }

    async fn refresh_tests(&self, _: Uuid, _: &str) -> Result<(), DeskError> {
        Ok(())
    }

    async fn save_trigger(
        &self,
        _: Uuid,
        _: i64,
        _: Option<&RowKey>,
        draft: &Draft,
        _: &str,
    ) -> Result<RowKey, DeskError> {
        Ok(RowKey { stage: draft.stage.clone(), vendor: draft.vendor.clone(), posting: None })
    }

    async fn remove_trigger(&self, _: Uuid, _: i64, _: &RowKey, _: &str) -> Result<(), DeskError> {
        Ok(())
    }

    async fn switch_trigger(&self, _: Uuid, _: i64, _: &RowKey, _: bool, _: &str) -> Result<(), DeskError> {
        Ok(())
    }

    async fn restore_triggers(&self, _: Uuid, _: i64, _: i64, _: &str) -> Result<(), DeskError> {
        Ok(())
    }

    async fn present(&self, _: Uuid, _: &RowKey) -> Result<AllPresent, DeskError> {
        Err(DeskError::Remote { remote: "Lever".into(), said: "it is not there".into() })
    }

    async fn nearly(&self, _: Uuid, _: &RowKey) -> Result<Vec<Nearly>, DeskError> {
        Ok(Vec::new())
    }

    async fn mend_tag(&self, _: Uuid, _: &RowKey, opportunity: &str, test: &str, by: &str) -> Result<(), DeskError> {
        self.1.lock().unwrap().push(format!("{by} tags {opportunity} {test}"));
        Ok(())
    }

    async fn invite_present(&self, _: Uuid, _: &RowKey, people: &[String], _: &str) -> Result<usize, DeskError> {
        Ok(people.len())
    }
}
