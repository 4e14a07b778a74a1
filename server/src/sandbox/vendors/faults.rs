//! Switches that make every answer go wrong, whoever the candidate is.

use serde::{Deserialize, Serialize};

/// What happens to a send.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SendFault {
    /// Nothing goes wrong.
    #[default]
    None,
    /// The invitation goes out, then the connection breaks without an answer.
    DropConnection,
    /// The invitation goes out, the answer is 500.
    #[serde(rename = "answer-500")]
    Answer500,
    /// The invitation goes out, the answer is 200 after `late_ms`.
    AnswerLate,
    /// 503 with `Retry-After`; nothing goes out.
    #[serde(rename = "refuse-503")]
    Refuse503,
    /// 429 with `Retry-After`; nothing goes out.
    #[serde(rename = "refuse-429")]
    Refuse429,
    /// 200 with an id of `null`; nothing goes out.
    NullId,
    /// The invitation goes out; a Greenhouse id is a JSON number.
    NumericId,
}

impl SendFault {
    /// All of them, with the word that the control API and the page use.
    pub const ALL: [(Self, &str); 8] = [
        (Self::None, "none"),
        (Self::DropConnection, "drop-connection"),
        (Self::Answer500, "answer-500"),
        (Self::AnswerLate, "answer-late"),
        (Self::Refuse503, "refuse-503"),
        (Self::Refuse429, "refuse-429"),
        (Self::NullId, "null-id"),
        (Self::NumericId, "numeric-id"),
    ];
}

/// The position of every switch. The default is a vendor that keeps to its contract.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[expect(clippy::struct_excessive_bools, reason = "independent switches")]
pub struct Faults {
    /// What happens to a send (Greenhouse) and an order (Mercury).
    pub send: SendFault,
    /// How many sends `send` still hits; `None` is all of them.
    pub send_times: Option<u32>,
    /// Milliseconds before the answer of [`SendFault::AnswerLate`].
    pub late_ms: u64,
    /// Seconds in `Retry-After` of the refusals.
    pub retry_after: u64,
    /// The list of tests has other keys than documented: `id` and `name`.
    pub list_malformed: bool,
    /// A send is refused with 400 unless the host of `url` is `app.greenhouse.io`, as a vendor's own guard against
    /// forged requests does.
    pub strict_host: bool,
    /// A test that is not complete shows `in_progress` with a score of 75 and a result address.
    pub early_score: bool,
    /// The word for a test that is not complete; empty for the usual ones.
    pub pending_word: String,
    /// The word for a complete test; empty for `complete`.
    pub complete_word: String,
    /// Every call is answered 200 with a page of HTML, as a gateway does; nothing is applied.
    pub html_answers: bool,
    /// Milliseconds by which every answer is slower; what was asked for is applied at once.
    pub slow_ms: u64,
    /// No more than 20 sends in any minute; 429 with `Retry-After` beyond.
    pub limit_sends: bool,
}

impl Default for Faults {
    fn default() -> Self {
        Self {
            send: SendFault::None,
            send_times: None,
            late_ms: 15_000,
            retry_after: 2,
            list_malformed: false,
            strict_host: false,
            early_score: false,
            pending_word: String::new(),
            complete_word: String::new(),
            html_answers: false,
            slow_ms: 0,
            limit_sends: false,
        }
    }
}

impl Faults {
    /// The fault of the send at hand; one of `send_times` is used up.
    pub(super) fn take_send(&mut self) -> SendFault {
        match &mut self.send_times {
            None => self.send,
            Some(0) => SendFault::None,
            Some(left) => {
                *left -= 1;
                self.send
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_counted_fault_wears_off() {
        let mut faults = Faults { send: SendFault::Refuse503, send_times: Some(2), ..Faults::default() };
        let seen = [faults.take_send(), faults.take_send(), faults.take_send()];
        assert_eq!(seen, [SendFault::Refuse503, SendFault::Refuse503, SendFault::None]);
    }

    #[test]
    fn every_word_is_the_one_that_is_read() {
        for (fault, word) in SendFault::ALL {
            assert_eq!(serde_json::from_value::<SendFault>(word.into()).unwrap(), fault);
        }
    }
}
