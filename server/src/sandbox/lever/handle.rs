//! The account in a test's hands: play the recruiter, look, and steer what goes wrong.

use std::borrow::Borrow;

use serde_json::{Value, json};

use super::api::error::ApiError;
use super::hooks::HookState;
use super::model::{Model, Note};
use super::view::look;
use super::{Call, Faults, HookDelivery, LeverSandbox, NewPerson, OpportunityView};

/// A refused act is a mistake in the test.
#[track_caller]
fn done<T>(what: &str, outcome: Result<T, ApiError>) -> T {
    match outcome {
        Ok(value) => value,
        Err(error) => panic!("the sandbox Lever cannot {what}: {}", error.message),
    }
}

/// Who and where.
impl LeverSandbox {
    /// `http://127.0.0.1:port/v1`.
    pub fn base_url(&self) -> String {
        format!("http://{}/v1", self.inner.addr)
    }

    /// The address of its pages, without a path.
    pub fn page_url(&self) -> String {
        format!("http://{}", self.inner.addr)
    }

    /// The key, as the user name of Basic authentication.
    pub fn api_key(&self) -> &str {
        &self.inner.api_key
    }

    /// What webhooks made in the settings are signed with: 48 hexadecimal digits.
    pub fn webhook_token(&self) -> &str {
        &self.inner.webhook_token
    }

    /// An active user for writes.
    pub fn perform_as(&self) -> &str {
        &self.inner.perform_as
    }

    /// All four, as `assay sandbox lever` prints them.
    pub fn connection(&self) -> Value {
        json!({"base_url": self.base_url(), "api_key": self.api_key(), "webhook_token": self.webhook_token(),
            "perform_as": self.perform_as()})
    }
}

/// The recruiter. Everything here changes the account and queues webhooks as Lever does. All panic where what they name
/// does not exist.
impl LeverSandbox {
    pub(super) fn act<T>(&self, act: impl FnOnce(&mut Model, i64) -> T) -> T {
        let now = self.now();
        act(&mut self.model(), now)
    }

    /// Moves to a stage, by id or name.
    #[track_caller]
    pub fn move_stage(&self, opportunity: &str, stage: &str) {
        let user = Some(self.perform_as().to_owned());
        done("move", self.act(|m, now| m.move_stage(opportunity, stage, user, now)));
    }

    /// Adds tags.
    #[track_caller]
    pub fn add_tags(&self, opportunity: &str, tags: &[&str]) {
        let tags: Vec<String> = tags.iter().map(|t| (*t).to_owned()).collect();
        done("tag", self.act(|m, now| m.add_tags(opportunity, &tags, now)));
    }

    /// Removes tags.
    #[track_caller]
    pub fn remove_tags(&self, opportunity: &str, tags: &[&str]) {
        let tags: Vec<String> = tags.iter().map(|t| (*t).to_owned()).collect();
        done("untag", self.act(|m, now| m.remove_tags(opportunity, &tags, now)));
    }

    /// Adds links to the person.
    #[track_caller]
    pub fn add_links(&self, opportunity: &str, links: &[&str]) {
        let links: Vec<String> = links.iter().map(|t| (*t).to_owned()).collect();
        done("link", self.act(|m, now| m.change_links(opportunity, &links, true, now)));
    }

    /// Archives for a reason, by id or name. A reason of type hired hires.
    #[track_caller]
    pub fn archive(&self, opportunity: &str, reason: &str) {
        done("archive", self.act(|m, now| m.set_archived(opportunity, Some(reason), now)));
    }

    /// Brings back.
    #[track_caller]
    pub fn unarchive(&self, opportunity: &str) {
        done("unarchive", self.act(|m, now| m.set_archived(opportunity, None, now)));
    }

    /// Deletes; the API has no such call.
    #[track_caller]
    pub fn delete(&self, opportunity: &str) {
        done("delete", self.act(|m, now| m.delete(opportunity, now)));
    }

    /// A new candidacy, of a new person unless an e-mail is known. Its opportunity id.
    #[track_caller]
    pub fn add_person(&self, person: impl Borrow<NewPerson>) -> String {
        done("add a person", self.act(|m, now| m.create(person.borrow(), None, now))).0
    }

    /// A note typed by a recruiter: the API cannot change it.
    #[track_caller]
    pub fn add_note(&self, opportunity: &str, text: &str) {
        let outcome = self.act(|m, now| {
            let stage = m.opportunity(opportunity)?.stage.clone();
            let user = Some(m.perform_as.clone());
            let entry = json!({"createdAt": now, "score": null, "stage": stage, "text": "Comment", "type": "note",
                "user": user, "value": text});
            let note = Note {
                id: m.ids.fresh(),
                opportunity: opportunity.to_owned(),
                fields: vec![entry],
                user,
                secret: false,
                created_at: now,
                by_api: false,
            };
            m.notes.push(note);
            Ok(())
        });
        done("note", outcome);
    }

    /// Changes the person behind an opportunity: name and e-mails, each if given.
    #[track_caller]
    pub fn change_person(&self, opportunity: &str, name: Option<&str>, emails: Option<&[&str]>) {
        let outcome = self.act(|m, now| {
            let contact = m.opportunity(opportunity)?.contact.clone();
            let c = m.contacts.get_mut(&contact).expect("an opportunity's contact exists as long as it does");
            if let Some(name) = name {
                name.clone_into(&mut c.name);
            }
            if let Some(emails) = emails {
                c.emails = emails.iter().map(|e| (*e).to_owned()).collect();
            }
            m.contact_changed(&contact, now);
            Ok(())
        });
        done("change a person", outcome);
    }

    /// Merges the person of one opportunity into that of another: the first one's contact id is gone.
    #[track_caller]
    pub fn merge_people(&self, from: &str, into: &str) {
        let outcome = self.act(|m, now| {
            let (gone, kept) = (m.opportunity(from)?.contact.clone(), m.opportunity(into)?.contact.clone());
            for o in m.opportunities.values_mut().filter(|o| o.contact == gone) {
                o.contact.clone_from(&kept);
            }
            if let Some(old) = m.contacts.remove(&gone).filter(|_| gone != kept)
                && let Some(c) = m.contacts.get_mut(&kept)
            {
                c.emails.extend(old.emails);
                c.links.extend(old.links);
            }
            m.contact_changed(&kept, now);
            Ok(())
        });
        done("merge", outcome);
    }
}

/// Looking.
impl LeverSandbox {
    /// One candidacy with its person; confidential ones too.
    pub fn opportunity(&self, id: &str) -> Option<OpportunityView> {
        look(&self.model(), id)
    }

    /// Every candidacy, in the order of their ids.
    pub fn opportunities(&self) -> Vec<OpportunityView> {
        let model = self.model();
        model.opportunities.keys().filter_map(|id| look(&model, id)).collect()
    }

    /// The ids of all webhooks.
    pub fn webhooks(&self) -> Vec<String> {
        self.model().webhooks.iter().map(|hook| hook.id.clone()).collect()
    }

    /// The id of a stage by its name.
    pub fn stage_id(&self, name: &str) -> Option<String> {
        self.model().stages.iter().find(|s| s.text == name).map(|s| s.id.clone())
    }

    /// The id of an archive reason by its name.
    pub fn reason_id(&self, name: &str) -> Option<String> {
        self.model().reasons.iter().find(|r| r.text == name).map(|r| r.id.clone())
    }

    /// The id of a posting by its title.
    pub fn posting_id(&self, title: &str) -> Option<String> {
        self.model().postings.iter().find(|p| p.text == title).map(|p| p.id.clone())
    }

    /// Puts a tag on a posting, for those who apply from now on.
    pub fn tag_posting(&self, title: &str, tag: &str) {
        if let Some(posting) = self.model().postings.iter_mut().find(|p| p.text == title) {
            posting.tags.push(tag.to_owned());
        }
    }

    /// Every call answered, oldest first.
    pub fn journal(&self) -> Vec<Call> {
        self.model().journal.clone()
    }

    /// Forgets the calls so far.
    pub fn clear_journal(&self) {
        self.model().journal.clear();
    }
}

/// Webhooks and faults.
impl LeverSandbox {
    /// Sets the address as the settings do: every event, signed with the account's token. Empty: none. Panics on an
    /// address that is neither https nor on this machine.
    #[track_caller]
    pub fn set_hook(&self, url: &str) {
        done("set the webhook", self.act(|m, now| m.set_ui_hook(url, now)));
    }

    /// What waits.
    pub fn queued_hooks(&self) -> Vec<HookDelivery> {
        self.model().queue.clone()
    }

    /// What was delivered, given up or lost.
    pub fn finished_hooks(&self) -> Vec<HookDelivery> {
        self.model().sent.clone()
    }

    /// Loses what waits; how much.
    pub fn drop_hooks(&self) -> usize {
        let mut model = self.model();
        let lost: Vec<_> = model.queue.drain(..).map(|d| HookDelivery { state: HookState::Lost, ..d }).collect();
        let count = lost.len();
        model.sent.extend(lost);
        count
    }

    /// Turns the order of what waits around.
    pub fn reverse_hooks(&self) {
        self.model().queue.reverse();
    }

    /// Doubles everything that waits.
    pub fn duplicate_hooks(&self) {
        let mut model = self.model();
        model.queue = model.queue.iter().flat_map(|d| [d.clone(), d.clone()]).collect();
    }

    /// The switches as they stand.
    pub fn faults(&self) -> Faults {
        self.model().faults.clone()
    }

    /// Sets all switches.
    pub fn set_faults(&self, faults: Faults) {
        self.model().faults = faults;
    }

    /// Changes some switches.
    pub fn update_faults(&self, change: impl FnOnce(&mut Faults)) {
        change(&mut self.model().faults);
    }
}
