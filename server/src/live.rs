//! What changed lately, for open pages: one look at the database a second for each organization that someone watches,
//! shared by all its pages. Looking instead of telling: it also sees what other nodes and commands changed.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use domain::ports::Store;
use domain::read::Stamp;
use tokio::sync::watch;
use uuid::Uuid;

/// How long a change may stay unseen.
pub const LOOK_EVERY: Duration = Duration::from_secs(1);

/// The organizations that are watched.
#[derive(Clone, Debug)]
pub struct Live {
    store: Arc<dyn Store>,
    watched: Arc<Mutex<HashMap<Uuid, watch::Sender<Stamp>>>>,
}

impl Live {
    /// Over this store.
    pub fn new(store: Arc<dyn Store>) -> Self {
        Self { store, watched: Arc::default() }
    }

    /// The stamp of an organization, now and whenever it changes, until the receiver is dropped.
    pub fn watch(&self, organization: Uuid) -> watch::Receiver<Stamp> {
        let mut watched = self.watched.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(sender) = watched.get(&organization) {
            return sender.subscribe();
        }
        let (sender, receiver) = watch::channel(Stamp::default());
        watched.insert(organization, sender);
        tokio::spawn(self.clone().look(organization));
        receiver
    }

    /// Looks until nobody watches any more.
    async fn look(self, organization: Uuid) {
        let mut tick = tokio::time::interval(LOOK_EVERY);
        tick.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            tick.tick().await;
            let found = self.store.stamp(organization).await;
            let mut watched = self.watched.lock().unwrap_or_else(PoisonError::into_inner);
            let Some(sender) = watched.get(&organization) else { return };
            if sender.receiver_count() == 0 {
                watched.remove(&organization);
                return;
            }
            match found {
                Ok(stamp) => {
                    sender.send_if_modified(|old| {
                        *old != stamp && {
                            *old = stamp;
                            true
                        }
                    });
                }
                Err(error) => {
                    tracing::warn!(error = &error as &dyn std::error::Error, "changes could not be looked for");
                }
            }
        }
    }
}
