//! What happens to an invitation after it went out: begun, finished, declined, lapsed.

use domain::Timestamp;

use super::behaviour::Ending;
use super::callbacks::Callback;
use super::model::{Contract, InvitationState, LIFETIME, Model};

/// The callback of a `+late` invitation comes this long before its status is complete.
pub(super) const LATE_BY: std::time::Duration = std::time::Duration::from_secs(3);

impl Model {
    /// The candidate begins. False if there is nothing to begin.
    pub fn start(&mut self, id: &str, now: Timestamp) -> bool {
        let Some(invitation) = self.find_mut(id) else { return false };
        if !invitation.state.is_open() {
            return false;
        }
        invitation.state = InvitationState::Started;
        invitation.started_at.get_or_insert(now);
        true
    }

    /// The candidate finishes: the result is there and the callback is queued. False if there is nothing to finish.
    pub fn finish(&mut self, id: &str, score: Option<f64>, band: Option<&str>, now: Timestamp) -> bool {
        if !self.settle(id, score, band, now) {
            return false;
        }
        self.call_back(id, now);
        true
    }

    /// The candidate declines or lets the invitation lapse. False if it is over already.
    pub fn end(&mut self, id: &str, state: InvitationState) -> bool {
        let Some(invitation) = self.find_mut(id) else { return false };
        if !invitation.state.is_open() {
            return false;
        }
        invitation.state = state;
        invitation.due_at = None;
        true
    }

    /// The next step that the address of the candidate asks for. False if it asks for none.
    pub fn step(&mut self, id: &str, now: Timestamp) -> bool {
        let Some(invitation) = self.find_mut(id) else { return false };
        if !invitation.state.is_open() {
            return false;
        }
        let behaviour = invitation.behaviour;
        let (score, band) = match behaviour.ending {
            None => return false,
            Some(Ending::Expire) => {
                invitation.due_at = None;
                // The Greenhouse contract knows no end but completion; a Mercury order has a status for it.
                return invitation.contract == Contract::Mercury && self.end(id, InvitationState::Expired);
            }
            Some(Ending::Score(score)) => (Some(score), None),
            Some(Ending::NoScore) => (None, None),
            Some(Ending::BandHigh) => (None, Some("High")),
        };
        if !behaviour.late {
            return self.finish(id, score, band, now);
        }
        if invitation.state == InvitationState::Started {
            return self.settle(id, score, band, now);
        }
        invitation.due_at = Some(now.plus(LATE_BY));
        self.start(id, now);
        self.call_back(id, now);
        true
    }

    /// Every step that is due, and the end of what nobody finished for [`LIFETIME`]. How many invitations changed.
    pub fn run_due(&mut self, now: Timestamp) -> usize {
        let due: Vec<String> = (self.invitations.iter())
            .filter(|i| i.due_at.is_some_and(|at| at <= now))
            .map(|i| i.partner_interview_id.clone())
            .collect();
        let mut changed = due.iter().filter(|id| self.step(id, now)).count();
        let lapsed = (self.invitations.iter_mut())
            .filter(|i| i.state.is_open() && i.due_at.is_none() && i.created_at.plus(LIFETIME) <= now);
        for invitation in lapsed {
            invitation.state = InvitationState::Expired;
            changed += 1;
        }
        changed
    }

    fn settle(&mut self, id: &str, score: Option<f64>, band: Option<&str>, now: Timestamp) -> bool {
        if !self.start(id, now) {
            return false;
        }
        let Some(invitation) = self.find_mut(id) else { return false };
        invitation.state = InvitationState::Complete;
        invitation.completed_at = Some(now);
        invitation.due_at = None;
        invitation.score = score;
        invitation.band = band.map(str::to_owned);
        true
    }

    fn call_back(&mut self, id: &str, now: Timestamp) {
        let Some(invitation) = self.find(id) else { return };
        let Some(url) = invitation.callback_url.clone() else { return };
        let copies = if invitation.behaviour.duplicate { 2 } else { 1 };
        for _ in 0..copies {
            self.queue.push(Callback::new(id, &url, now));
        }
    }
}
