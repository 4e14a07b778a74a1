//! A past for an organization: candidates of the last weeks with their decisions, orders, results, timelines and deliveries,
//! written through the store's own methods. For the demo, benchmarks and tests. The same seed gives the same past.

mod calendar;
mod candidate;
mod dice;
mod people;
#[cfg(test)]
mod tests;

use domain::Timestamp;
use domain::invitation::Test;
use domain::job::Effect;
use domain::ports::Store;
use domain::ports::store::{DirectClaim, NewDelivery, Organization, Stored};
use domain::rules::Rules;
use uuid::Uuid;

use self::candidate::Candidate;

/// Candidates in one transaction.
const TOGETHER: usize = 500;

/// What past to make.
#[derive(Clone, Copy, Debug)]
pub struct History<'a> {
    /// Whose.
    pub organization: Uuid,
    /// Its rules: trigger stages, vendors and thresholds are taken from them.
    pub rules: &'a Rules,
    /// Their version.
    pub version: i64,
    /// Catalogues by vendor id; may be empty where trigger stages have default tests.
    pub tests: &'a [(String, Test)],
    /// How many candidates.
    pub candidates: usize,
    /// Further decisions of each about earlier visits: for benchmarks.
    pub earlier_visits: u32,
    /// How many days it goes back.
    pub days: u64,
    /// Where it ends.
    pub now: Timestamp,
    /// Nothing is left for a person: no unclear send, no result without a number, no refused delivery.
    pub smooth: bool,
    /// The same seed gives the same past.
    pub seed: u64,
}

impl<'a> History<'a> {
    /// Six weeks of an organization.
    pub fn of(organization: &'a Organization, tests: &'a [(String, Test)], candidates: usize, now: Timestamp) -> Self {
        Self {
            organization: organization.id,
            rules: &organization.rules,
            version: organization.version,
            tests,
            candidates,
            earlier_visits: 0,
            days: 42,
            now,
            smooth: false,
            seed: organization.id.as_u64_pair().1,
        }
    }

    /// Writes it. Orders that are still open belong to no job: no vendor is asked about them.
    ///
    /// # Errors
    /// As the store; what was written before stays. `Conflict` if the same past is there already.
    pub async fn write(&self, store: &dyn Store) -> Stored<()> {
        let mut first = 0;
        while first < self.candidates {
            let last = self.candidates.min(first + TOGETHER);
            let (effects, deliveries) = self.portion(first..last);
            if effects.is_empty() {
                return Ok(());
            }
            store.commit(effects).await?;
            store.receive(&deliveries, DirectClaim::NONE).await?;
            first = last;
        }
        Ok(())
    }

    fn portion(&self, numbers: std::ops::Range<usize>) -> (Vec<Effect>, Vec<NewDelivery>) {
        let (mut effects, mut deliveries) = (Vec::new(), Vec::new());
        for candidate in numbers.filter_map(|number| Candidate::new(self, number)) {
            let (happened, came) = candidate.live();
            effects.extend(happened);
            deliveries.extend(came);
        }
        (effects, deliveries)
    }
}
