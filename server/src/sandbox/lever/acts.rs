//! What changes the account, whoever asks: the API, a recruiter in a test, the sandbox's own pages.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::api::error::ApiError;
use super::model::{Application, Archived, Contact, Model, Opportunity, Phone, StageChange};
use super::view;

/// A person to be put into the account. Empty fields are Lever's defaults.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub struct NewPerson {
    /// Full name; may stay empty.
    pub name: String,
    /// The line under the name.
    pub headline: String,
    /// Where the person lives.
    pub location: String,
    /// A known address attaches the opportunity to the person already there.
    pub emails: Vec<String>,
    /// Telephone numbers.
    pub phones: Vec<Phone>,
    /// Links of the person.
    pub links: Vec<String>,
    /// Stage id or name; New Lead if absent.
    pub stage: Option<String>,
    /// Tags before those the posting adds.
    pub tags: Vec<String>,
    /// Where the candidacy came from, in words.
    pub sources: Vec<String>,
    /// Id of the posting applied to.
    pub posting: Option<String>,
    /// applied, sourced, referred, university, internal or agency; by default applied with a posting, else sourced.
    pub origin: Option<String>,
    /// User id.
    pub owner: Option<String>,
    /// User ids.
    pub followers: Vec<String>,
    /// Attach to this contact id.
    pub contact: Option<String>,
    /// Hidden from keys without access to confidential records.
    pub confidential: bool,
    /// In the past, milliseconds since the epoch; now if absent.
    pub created_at: Option<i64>,
}

/// E-mail addresses compare without regard to case and surrounding blanks.
pub(super) fn same_email(a: &str, b: &str) -> bool {
    a.trim().eq_ignore_ascii_case(b.trim())
}

fn append_new(list: &mut Vec<String>, more: &[String]) -> bool {
    let before = list.len();
    for text in more {
        if !list.contains(text) {
            list.push(text.clone());
        }
    }
    list.len() > before
}

impl Model {
    /// Moves to a stage (id or name). The same stage again changes nothing.
    pub fn move_stage(&mut self, id: &str, stage: &str, user: Option<String>, now: i64) -> Result<(), ApiError> {
        let to = self.find_stage(stage)?;
        let index = self.stage_index(&to).expect("found just above");
        let o = self.opportunity_mut(id)?;
        if o.stage == to {
            return Ok(());
        }
        let from = std::mem::replace(&mut o.stage, to.clone());
        o.stage_changes.push(StageChange {
            to_stage_id: to.clone(),
            to_stage_index: index,
            updated_at: now,
            user_id: user,
        });
        o.last_advanced_at = Some(now);
        o.last_interaction_at = Some(now);
        o.updated_at = Some(now + 1);
        let mut data = self.event_ids(id);
        data["fromStageId"] = json!(from);
        data["toStageId"] = json!(to);
        self.emit_for("candidateStageChange", id, &data, now);
        Ok(())
    }

    /// Archives for a reason (id or name), or with `None` brings back.
    pub fn set_archived(&mut self, id: &str, reason: Option<&str>, now: i64) -> Result<(), ApiError> {
        let to = match reason {
            Some(reason) => Some(Archived { reason: self.find_reason(reason)?, archived_at: now }),
            None => None,
        };
        let o = self.opportunity_mut(id)?;
        if o.archived.is_none() && to.is_none() {
            return Ok(());
        }
        let from = std::mem::replace(&mut o.archived, to.clone());
        if from.is_none() {
            o.last_advanced_at = Some(now);
        }
        o.updated_at = Some(now + 1);
        let applications = o.applications.clone();
        if from.is_none() || to.is_none() {
            for a in applications {
                if let Some(a) = self.applications.get_mut(&a) {
                    a.archived.clone_from(&to);
                }
            }
        }
        let mut data = self.event_ids(id);
        data["fromArchived"] = json!(from);
        data["toArchived"] = json!(to);
        self.emit_for("candidateArchiveChange", id, &data, now);
        let hired = to.is_some_and(|to| self.reasons.iter().any(|r| r.hired && r.id == to.reason));
        if hired {
            let data = self.event_ids(id);
            self.emit_for("candidateHired", id, &data, now);
        }
        Ok(())
    }

    /// Appends tags that are not there yet.
    pub fn add_tags(&mut self, id: &str, tags: &[String], now: i64) -> Result<(), ApiError> {
        let o = self.opportunity_mut(id)?;
        if append_new(&mut o.tags, tags) {
            o.updated_at = Some(now);
        }
        Ok(())
    }

    /// Takes tags away; absent ones are no error.
    pub fn remove_tags(&mut self, id: &str, tags: &[String], now: i64) -> Result<(), ApiError> {
        let o = self.opportunity_mut(id)?;
        let before = o.tags.len();
        o.tags.retain(|t| !tags.contains(t));
        if o.tags.len() < before {
            o.updated_at = Some(now);
        }
        Ok(())
    }

    /// Adds or removes sources.
    pub fn change_sources(&mut self, id: &str, sources: &[String], add: bool, now: i64) -> Result<(), ApiError> {
        let o = self.opportunity_mut(id)?;
        let before = o.sources.len();
        if add {
            append_new(&mut o.sources, sources);
        } else {
            o.sources.retain(|s| !sources.contains(s));
        }
        if o.sources.len() != before {
            o.updated_at = Some(now);
        }
        Ok(())
    }

    /// Adds or removes links of the person: all of that person's opportunities show them.
    pub fn change_links(&mut self, id: &str, links: &[String], add: bool, now: i64) -> Result<(), ApiError> {
        let contact = self.opportunity(id)?.contact.clone();
        let Some(c) = self.contacts.get_mut(&contact) else { return Ok(()) };
        let before = c.links.len();
        if add {
            append_new(&mut c.links, links);
        } else {
            c.links.retain(|l| !links.contains(l));
        }
        if c.links.len() != before {
            self.contact_changed(&contact, now);
        }
        Ok(())
    }

    /// A changed contact shows on all its opportunities.
    pub fn contact_changed(&mut self, contact: &str, now: i64) {
        self.touch_contact(contact, now);
        self.emit("contactUpdated", None, &json!({"contactId": contact}), now);
    }

    /// Deletes as the user interface does; the API has no such call.
    pub fn delete(&mut self, id: &str, now: i64) -> Result<(), ApiError> {
        let mut gone = view::opportunity(self, self.opportunity(id)?, view::Shape::Read);
        gone["deletedAt"] = json!(now);
        gone["deletedBy"] = json!(self.perform_as);
        let (data, origin) = (self.event_ids(id), self.opportunity(id)?.origin.clone());
        self.opportunities.remove(id);
        self.applications.retain(|_, a| a.opportunity != id);
        self.notes.retain(|n| n.opportunity != id);
        self.deleted.push((now, gone));
        self.emit("candidateDeleted", Some(&origin), &data, now);
        Ok(())
    }

    fn existing_contact(&self, person: &NewPerson) -> Result<Option<String>, ApiError> {
        if let Some(id) = &person.contact {
            let contact = self.contacts.get(id).ok_or_else(|| ApiError::bad(format!("contact {id} does not exist")))?;
            if contact.anonymized {
                return Err(ApiError::bad("An anonymized contact takes no new opportunities"));
            }
            return Ok(Some(id.clone()));
        }
        let wanted = |e: &String| person.emails.iter().any(|w| same_email(e, w));
        let known = |c: &&Contact| !c.anonymized && c.emails.iter().any(wanted);
        Ok(self.contacts.values().find(known).map(|c| c.id.clone()))
    }

    fn attach(&mut self, person: &NewPerson, now: i64) -> Result<(String, bool), ApiError> {
        let Some(id) = self.existing_contact(person)? else {
            let contact = Contact {
                id: self.ids.fresh(),
                name: person.name.clone(),
                headline: person.headline.clone(),
                location: person.location.clone(),
                emails: person.emails.clone(),
                phones: person.phones.clone(),
                links: person.links.clone(),
                anonymized: false,
            };
            let id = contact.id.clone();
            self.contacts.insert(id.clone(), contact);
            self.emit("contactCreated", None, &json!({"contactId": id}), now);
            return Ok((id, false));
        };
        // The stored name, headline and location win; lists grow.
        let c = self.contacts.get_mut(&id).expect("found just above");
        let fresh: Vec<String> =
            person.emails.iter().filter(|e| !c.emails.iter().any(|k| same_email(k, e))).cloned().collect();
        c.emails.extend(fresh);
        append_new(&mut c.links, &person.links);
        for phone in &person.phones {
            if !c.phones.iter().any(|p| p.value == phone.value) {
                c.phones.push(phone.clone());
            }
        }
        Ok((id, true))
    }

    /// Makes an opportunity, and a contact unless the e-mail is known. Returns its id and whether the contact was there.
    ///
    /// # Errors
    /// An unknown stage, posting or contact.
    pub fn create(&mut self, person: &NewPerson, by: Option<&str>, now: i64) -> Result<(String, bool), ApiError> {
        let stage = match &person.stage {
            Some(stage) => self.find_stage(stage)?,
            None => "lead-new".to_owned(),
        };
        let posting = match &person.posting {
            Some(id) => {
                Some(self.posting(id).cloned().ok_or_else(|| ApiError::bad(format!("posting {id} does not exist")))?)
            }
            None => None,
        };
        let (contact, deduped) = self.attach(person, now)?;
        let default_origin = if posting.is_some() && by.is_none() { "applied" } else { "sourced" };
        let origin = person.origin.clone().unwrap_or_else(|| default_origin.to_owned());
        let at = person.created_at.unwrap_or(now);
        let index = self.stage_index(&stage).unwrap_or_default();
        let mut o = Opportunity {
            id: self.ids.fresh(),
            contact,
            stage: stage.clone(),
            confidential: person.confidential,
            sources: person.sources.clone(),
            sourced_by: by.filter(|_| origin == "sourced").map(str::to_owned),
            origin,
            owner: person.owner.clone().or_else(|| by.map(str::to_owned)),
            followers: person.followers.clone(),
            created_at: at,
            updated_at: Some(at),
            last_interaction_at: Some(at),
            last_advanced_at: Some(at),
            ..Opportunity::default()
        };
        let user_id = by.map(str::to_owned);
        o.stage_changes.push(StageChange { to_stage_id: stage, to_stage_index: index, updated_at: at, user_id });
        append_new(&mut o.tags, &person.tags);
        let id = o.id.clone();
        let application = posting.map(|p| {
            append_new(&mut o.tags, &[p.text, p.department, p.team, p.location.clone(), p.commitment]);
            append_new(&mut o.followers, &p.followers);
            o.location = Some(p.location);
            self.new_application(&mut o, p.id, person, by, at)
        });
        self.opportunities.insert(id.clone(), o);
        if let Some(application) = application {
            let mut data = self.event_ids(&id);
            data["applicationId"] = Value::String(application);
            self.emit_for("applicationCreated", &id, &data, now);
        }
        Ok((id, deduped))
    }

    fn new_application(
        &mut self,
        o: &mut Opportunity,
        posting: String,
        person: &NewPerson,
        by: Option<&str>,
        at: i64,
    ) -> String {
        let id = self.ids.fresh();
        let own = by.is_none();
        let application = Application {
            id: id.clone(),
            // One made through the API is a user's and names nobody.
            kind: if own { "posting" } else { "user" },
            opportunity: o.id.clone(),
            posting,
            name: own.then(|| person.name.clone()),
            email: person.emails.first().filter(|_| own).cloned(),
            user: by.map(str::to_owned),
            created_at: at,
            archived: None,
        };
        self.applications.insert(id.clone(), application);
        o.applications.push(id.clone());
        id
    }
}
