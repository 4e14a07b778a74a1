//! What a test in the same process sees and does.

use std::time::Duration;

use domain::Timestamp;
use serde_json::Value;

use super::model::{Assessment, Call, Invitation, InvitationState, Mail, ResponseError, Test};
use super::{Callback, Faults, VendorSandbox, callbacks};

impl VendorSandbox {
    /// Addresses and credentials of both contracts, as `assay sandbox vendors` prints them.
    pub fn connection(&self) -> Value {
        self.shared.connection()
    }

    /// Scheme, host and port.
    pub fn origin(&self) -> &str {
        &self.shared.origin
    }

    /// What time it is here.
    pub fn now(&self) -> Timestamp {
        self.shared.now()
    }

    /// Moves the time forward and does what became due; how many invitations changed. Callbacks are queued.
    pub fn advance(&self, span: Duration) -> usize {
        self.shared.advance(span)
    }

    /// Every instance that was created, oldest first: two for the same candidate are a doubled invitation.
    pub fn invitations(&self) -> Vec<Invitation> {
        self.shared.lock().invitations.clone()
    }

    /// One instance.
    pub fn invitation(&self, interview: &str) -> Option<Invitation> {
        self.shared.lock().find(interview).cloned()
    }

    /// Every mail that the vendor sent, oldest first.
    pub fn inbox(&self) -> Vec<Mail> {
        self.shared.lock().mails.clone()
    }

    /// The catalogue of the Greenhouse contract.
    pub fn tests(&self) -> Vec<Test> {
        self.shared.lock().tests.clone()
    }

    /// The catalogue of Mercury.
    pub fn assessments(&self) -> Vec<Assessment> {
        self.shared.lock().assessments.clone()
    }

    /// Adds a Greenhouse test, or renames the one with that id.
    pub fn add_test(&self, id: &str, name: &str) {
        self.shared.lock().add_test(Test { id: id.into(), name: name.into() });
    }

    /// Takes a test or assessment out of its catalogue; sends of it are refused. False if it was not there.
    pub fn retire_test(&self, id: &str) -> bool {
        self.shared.lock().retire_test(id)
    }

    /// The candidate begins. False if the interview is unknown or over.
    pub fn start_test(&self, interview: &str) -> bool {
        let now = self.shared.now();
        self.shared.lock().start(interview, now)
    }

    /// The candidate finishes with exactly this result; the callback is queued. False if the interview is unknown or
    /// over.
    pub fn complete(&self, interview: &str, score: Option<f64>, band: Option<&str>) -> bool {
        let now = self.shared.now();
        self.shared.lock().finish(interview, score, band, now)
    }

    /// The next step that the plus tags of the address ask for. An address with `+late` has two: the callback, then the
    /// completion. False if there is none.
    pub fn complete_by_address(&self, interview: &str) -> bool {
        let now = self.shared.now();
        self.shared.lock().step(interview, now)
    }

    /// Every step that is due at `now`; how many invitations changed.
    pub fn run_due(&self, now: Timestamp) -> usize {
        self.shared.lock().run_due(now)
    }

    /// The candidate declines. False if the interview is unknown or over.
    pub fn decline(&self, interview: &str) -> bool {
        self.shared.lock().end(interview, InvitationState::Declined)
    }

    /// The invitation lapses. False if the interview is unknown or over.
    pub fn expire(&self, interview: &str) -> bool {
        self.shared.lock().end(interview, InvitationState::Expired)
    }

    /// Sends every queued callback now; failures wait again, four attempts in all. How many were answered with success.
    pub async fn deliver_callbacks(&self) -> usize {
        callbacks::deliver(&self.shared, None).await
    }

    /// Forgets the queued callbacks: an ATS that is never called. How many there were.
    pub fn drop_callbacks(&self) -> usize {
        std::mem::take(&mut self.shared.lock().queue).len()
    }

    /// The callbacks that wait to be sent.
    pub fn queued_callbacks(&self) -> Vec<Callback> {
        self.shared.lock().queue.clone()
    }

    /// The position of the fault switches.
    pub fn faults(&self) -> Faults {
        self.shared.lock().faults.clone()
    }

    /// Sets all fault switches.
    pub fn set_faults(&self, faults: Faults) {
        self.shared.lock().faults = faults;
    }

    /// Changes some fault switches.
    pub fn update_faults(&self, change: impl FnOnce(&mut Faults)) {
        change(&mut self.shared.lock().faults);
    }

    /// What the ATS reported as malformed.
    pub fn response_errors(&self) -> Vec<ResponseError> {
        self.shared.lock().errors.clone()
    }

    /// The calls of both contracts and the callbacks, oldest first.
    pub fn journal(&self) -> Vec<Call> {
        self.shared.lock().journal.iter().cloned().collect()
    }
}
