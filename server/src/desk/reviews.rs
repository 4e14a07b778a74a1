//! Results that were not ordered: brought in as files, and decided by people.

use async_trait::async_trait;
use domain::activity::{Activity, Event};
use domain::audit::Author;
use domain::contact::{Alias, Contact};
use domain::identity::{Prepared, indexed};
use domain::incoming::{Incoming, Link, State};
use domain::job::{Effect, MatchEntry, NewJob, Settling, Work};
use domain::opportunity::Opportunity;
use domain::ports::desk::{Imported, ReviewDesk, ReviewError, Ruling, Said};
use domain::ports::store::{NewIncoming, StoreError};
use domain::review::{self, Act, Verdict};
use domain::{Timestamp, words};
use uuid::Uuid;

use super::{Clerk, results_file};
use crate::ids;
use crate::jobs::resolve;

/// What is linked: the opportunity, its person, and the order that will carry the result.
struct Chosen {
    opportunity: Opportunity,
    contact: Contact,
    order: Uuid,
}

fn impossible<T>(why: &str) -> Result<T, ReviewError> {
    Err(ReviewError::Impossible(why.to_owned()))
}

/// Who was first, and what they did.
fn decided(incoming: &Incoming) -> ReviewError {
    let standing = &incoming.standing;
    let who = standing.by.as_deref().unwrap_or("Assay");
    let what = match standing.state {
        State::Linked | State::Ordered => format!("{who} linked it meanwhile"),
        State::Left => format!("{who} found meanwhile that it is none of these"),
        State::Review if standing.snoozed_until.is_some() => format!("{who} put it aside meanwhile"),
        State::Review if standing.first.is_some() => format!("{who} asked for a second person meanwhile"),
        State::New | State::Review | State::Unknown => {
            "What is known of it has changed since you opened it; look at it again".to_owned()
        }
    };
    ReviewError::Decided(what)
}

impl Clerk {
    fn wakes_resolve(&self, organization: Uuid, now: Timestamp) -> NewJob {
        NewJob { id: ids::row(), organization, work: Work::Resolve, run_at: now }
    }

    /// The contact with the opportunity, from those that the result may be of.
    async fn chosen(
        &self,
        incoming: &Incoming,
        contact: &str,
        opportunity: Option<&str>,
    ) -> Result<Chosen, ReviewError> {
        if !incoming.standing.candidates.iter().any(|w| w.contact == contact) {
            return impossible("choose one of the people beside the result");
        }
        let (store, ids) = (&self.cx.store, [contact.to_owned()]);
        let mut contacts = store.contacts(incoming.organization, &ids).await?;
        let of_contact = store.candidacies(incoming.organization, &ids).await?;
        let found = match opportunity {
            Some(id) => of_contact.iter().find(|o| o.id == id),
            None => review::only_opportunity(&of_contact),
        };
        match (found, contacts.pop()) {
            (Some(found), Some(contact)) => {
                Ok(Chosen { opportunity: found.clone(), contact, order: ids::unguessable() })
            }
            _ => impossible("this person has several opportunities; choose the one the result belongs to"),
        }
    }

    async fn verdict(&self, incoming: &Incoming, said: &Said) -> Result<(Verdict, Option<Chosen>), ReviewError> {
        Ok(match said {
            Said::Link { contact, opportunity } => {
                let chosen = self.chosen(incoming, contact, opportunity.as_deref()).await?;
                let link = Link {
                    contact: chosen.contact.id.clone(),
                    opportunity: chosen.opportunity.id.clone(),
                    order: chosen.order,
                };
                (Verdict::Link(link), Some(chosen))
            }
            Said::Left => (Verdict::Left, None),
            Said::Snooze => (Verdict::Snooze, None),
            Said::Unsure { contact } => (Verdict::Unsure(contact.clone()), None),
        })
    }

    /// Decides about one result.
    async fn close(&self, incoming: &Incoming, ruling: &Ruling, by: &str) -> Result<(), ReviewError> {
        if incoming.standing.state != State::Review {
            return Err(decided(incoming));
        }
        let (verdict, chosen) = self.verdict(incoming, &ruling.said).await?;
        let (decision, now) = (ids::row(), self.cx.clock.now());
        let (to, agreed) =
            review::close(&incoming.standing, &verdict, by, decision, now).map_err(ReviewError::Impossible)?;
        let contact = match &verdict {
            Verdict::Link(link) => Some(link.contact.clone()),
            Verdict::Unsure(contact) => contact.clone(),
            Verdict::Left | Verdict::Snooze => None,
        };
        let entry = MatchEntry {
            id: decision,
            act: verdict.act(),
            who: Some(by.to_owned()),
            took: ruling.took,
            contact,
            before: incoming.standing.clone(),
            agreed,
        };
        let teaches = chosen.as_ref().and_then(|chosen| lesson(incoming, &chosen.contact, decision));
        let step = Settling {
            entry: Some(entry),
            teaches,
            author: Some(Author::on_page(by, now)),
            ..Settling::of(incoming, to, now)
        };
        let mut effects = vec![Effect::Settle(Box::new(step))];
        if let Some(chosen) = chosen {
            let connection =
                self.connection(incoming.organization).map_err(|error| ReviewError::Impossible(error.to_string()))?;
            let orders = self.cx.store.opportunity_facts(incoming.organization, &chosen.opportunity.id).await?.orders;
            let (opportunity, order) = (&chosen.opportunity, chosen.order);
            effects.extend(resolve::link(&connection, incoming, opportunity, &orders, order, Some(by), now));
        }
        self.settle(incoming, effects).await
    }

    /// Commits; if somebody was first, it is said who and what.
    async fn settle(&self, incoming: &Incoming, effects: Vec<Effect>) -> Result<(), ReviewError> {
        match self.cx.store.commit(effects).await {
            Ok(()) => {
                self.wake.now();
                Ok(())
            }
            Err(StoreError::Conflict(_)) => {
                Err(decided(&self.cx.store.incoming(incoming.organization, incoming.id).await?))
            }
            Err(error) => Err(error.into()),
        }
    }
}

/// The address that the vendor knows and Lever does not.
fn lesson(incoming: &Incoming, contact: &Contact, decision: Uuid) -> Option<(String, Alias)> {
    let unknown = incoming.given.person.emails.iter().find(|email| !email.is_blank() && !contact.has(email))?;
    Some((contact.id.clone(), Alias { email: unknown.clone(), decision }))
}

#[async_trait]
impl ReviewDesk for Clerk {
    async fn import(&self, organization: Uuid, vendor: &str, file: &[u8], by: &str) -> Result<Imported, ReviewError> {
        let rules = self.cx.store.organization_by_id(organization).await?.rules;
        if rules.vendor(vendor).is_none() {
            return impossible("choose the vendor the results come from");
        }
        let catalogue = self.cx.store.catalogue(organization).await?;
        let tests: Vec<_> = catalogue.into_iter().filter(|(v, _)| v == vendor).map(|(_, test)| test).collect();
        let now = self.cx.clock.now();
        let given = results_file::read(file, vendor, &tests, by, now)?;
        let results: Vec<NewIncoming> = given
            .into_iter()
            .map(|given| NewIncoming { id: ids::row(), keys: indexed(&Prepared::new(&given.person)), given })
            .collect();
        let author = Author::on_page(by, now);
        let new = self
            .cx
            .store
            .receive_results(organization, &results, self.wakes_resolve(organization, now), &author)
            .await?;
        self.wake.now();
        Ok(Imported { new, there: results.len() - new })
    }

    async fn rule(&self, organization: Uuid, ruling: Ruling, by: &str) -> Result<usize, ReviewError> {
        let incoming = self.cx.store.incoming(organization, ruling.incoming).await?;
        if incoming.version != ruling.version {
            return Err(decided(&incoming));
        }
        let is_answer = matches!(ruling.said, Said::Link { .. } | Said::Left);
        // Looked for before: afterwards this one waits no longer, and would not be like them.
        let alike = if ruling.and_alike && is_answer { self.cx.store.alike(&incoming).await? } else { Vec::new() };
        self.close(&incoming, &ruling, by).await?;
        let mut count = 1;
        for other in alike {
            match self.close(&other, &Ruling { took: None, ..ruling.clone() }, by).await {
                Ok(()) => count += 1,
                // Somebody decided it, or it has to be decided by itself: it stays as it is.
                Err(ReviewError::Decided(_) | ReviewError::Impossible(_)) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(count)
    }

    async fn take_back(&self, organization: Uuid, id: Uuid, version: i64, by: &str) -> Result<(), ReviewError> {
        let incoming = self.cx.store.incoming(organization, id).await?;
        if incoming.version != version {
            return Err(decided(&incoming));
        }
        let Some(decision) = incoming.standing.decision else {
            return impossible("there is no decision about it that could be taken back");
        };
        let before = self.cx.store.standing_before(organization, decision).await?;
        let to = review::taken_back(&incoming.standing, &before).map_err(ReviewError::Impossible)?;
        let now = self.cx.clock.now();
        let link = incoming.standing.link.clone().filter(|_| incoming.standing.state == State::Linked);
        let entry = MatchEntry {
            id: ids::row(),
            act: Act::TakenBack,
            who: Some(by.to_owned()),
            took: None,
            contact: link.as_ref().map(|link| link.contact.clone()),
            before: incoming.standing.clone(),
            agreed: None,
        };
        let step = Settling {
            entry: Some(entry),
            reverts: Some(decision),
            forgets: link.as_ref().map(|link| (link.contact.clone(), decision)),
            look_again: Some(now),
            author: Some(Author::on_page(by, now)),
            ..Settling::of(&incoming, to, now)
        };
        let mut effects = vec![Effect::Settle(Box::new(step)), Effect::Enqueue(self.wakes_resolve(organization, now))];
        if let Some(link) = link {
            effects.extend(unlinked(&incoming, &link, by, now));
        }
        self.settle(&incoming, effects).await
    }
}

/// What was written for it is taken out of Lever by the job that wrote it.
fn unlinked(incoming: &Incoming, link: &Link, by: &str, now: Timestamp) -> Vec<Effect> {
    let organization = incoming.organization;
    let event = Event::ResultUnlinked { by: by.to_owned(), test: incoming.given.test.name.clone() };
    let note = words::event(&event);
    let line = Activity {
        id: ids::row(),
        organization,
        opportunity: link.opportunity.clone(),
        order: Some(link.order),
        at: now,
        event,
    };
    let work = Work::WriteBack { opportunity: link.opportunity.clone(), vendor: incoming.given.vendor.clone() };
    vec![
        Effect::Withdraw { order: link.order, note, at: now },
        Effect::Record(line),
        Effect::Enqueue(NewJob { id: ids::row(), organization, work, run_at: now }),
    ]
}
