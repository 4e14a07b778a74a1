//! What a send can meet, whichever contract it came by: limits, refusals, and effects without an answer.

use std::time::Duration;

use axum::http::StatusCode;
use domain::Timestamp;

use super::behaviour::Behaviour;
use super::faults::SendFault;
use super::model::Model;

const SENDS_A_MINUTE: usize = 20;
const MINUTE: Duration = Duration::from_secs(60);

/// Why a send was refused; nothing was applied.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Refusal {
    /// A status, the reason, and after how many seconds to come again.
    Status(StatusCode, &'static str, Option<u64>),
    /// 200 with an id of `null`.
    NullId,
}

/// What follows after a send was applied.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum After {
    /// The answer.
    Answer,
    /// The answer, late.
    Delay(Duration),
    /// An answer of 500.
    Fail,
    /// No answer: the connection breaks.
    Drop,
}

impl Model {
    /// Whether a well-formed send is refused.
    pub fn refusal(&mut self, email: &str, fault: SendFault, now: Timestamp) -> Option<Refusal> {
        let retry_after = Some(self.faults.retry_after);
        match fault {
            SendFault::Refuse503 => {
                return Some(Refusal::Status(StatusCode::SERVICE_UNAVAILABLE, "not available now", retry_after));
            }
            SendFault::Refuse429 => {
                return Some(Refusal::Status(StatusCode::TOO_MANY_REQUESTS, "too many requests", retry_after));
            }
            SendFault::NullId => return Some(Refusal::NullId),
            _ => {}
        }
        let behaviour = Behaviour::of(email);
        if behaviour.unauthorized {
            return Some(Refusal::Status(StatusCode::UNAUTHORIZED, "the key is not valid", None));
        }
        if behaviour.limited && !self.limited.remove(email) {
            self.limited.insert(email.to_owned());
            return Some(Refusal::Status(StatusCode::TOO_MANY_REQUESTS, "too many requests", Some(2)));
        }
        if behaviour.broken {
            return Some(Refusal::Status(StatusCode::INTERNAL_SERVER_ERROR, "something went wrong", None));
        }
        if behaviour.null_id {
            return Some(Refusal::NullId);
        }
        self.over_limit(now)
    }

    fn over_limit(&mut self, now: Timestamp) -> Option<Refusal> {
        while self.recent_sends.front().is_some_and(|at| at.plus(MINUTE) <= now) {
            self.recent_sends.pop_front();
        }
        if self.faults.limit_sends && self.recent_sends.len() >= SENDS_A_MINUTE {
            let oldest = self.recent_sends.front()?;
            let wait = oldest.plus(MINUTE).since(now).as_secs() + 1;
            return Some(Refusal::Status(StatusCode::TOO_MANY_REQUESTS, "20 sends a minute", Some(wait)));
        }
        self.recent_sends.push_back(now);
        None
    }

    /// What follows after the send to `email` was applied. A repeated order (`fresh` is false) is answered at once even
    /// to a `+timeout` address: repeating is how a client of that contract learns the id.
    pub fn after(&self, email: &str, fault: SendFault, fresh: bool) -> After {
        match fault {
            SendFault::DropConnection => After::Drop,
            SendFault::Answer500 => After::Fail,
            SendFault::AnswerLate => After::Delay(Duration::from_millis(self.faults.late_ms)),
            _ if fresh && Behaviour::of(email).timeout => After::Delay(self.timing.timeout_after),
            _ => After::Answer,
        }
    }
}
