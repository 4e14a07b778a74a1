//! The state of the sandbox: one table of invitations behind both contracts.

use std::collections::{HashMap, HashSet, VecDeque};
use std::time::Duration;

use domain::Timestamp;
use serde::{Serialize, Serializer};
use serde_json::Value;

use super::behaviour::Behaviour;
use super::callbacks::Callback;
use super::faults::Faults;

/// An invitation lapses when nobody finished the test for so long: the eight weeks after which an ATS of the Greenhouse
/// contract stops asking.
pub const LIFETIME: Duration = Duration::from_secs(8 * 7 * 24 * 3600);

const JOURNAL_LENGTH: usize = 2_000;

/// Which contract created an invitation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Contract {
    /// The Greenhouse assessment contract.
    Greenhouse,
    /// Pymetrics' Mercury API, version 2.
    Mercury,
}

/// How far the candidate is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum InvitationState {
    /// Created, not begun.
    Invited,
    /// Begun.
    Started,
    /// Finished; there is a result.
    Complete,
    /// The candidate declined.
    Declined,
    /// The invitation lapsed.
    Expired,
}

impl InvitationState {
    /// Whether the test can still be begun or finished.
    pub fn is_open(self) -> bool {
        matches!(self, Self::Invited | Self::Started)
    }
}

/// What only a Mercury order has.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Order {
    /// The caller's application; part of the order's identity.
    pub application_id: Option<String>,
    /// `candidate.external_id`.
    pub external_id: Option<String>,
    /// Echoed.
    pub requisition_id: Option<String>,
    /// Echoed.
    pub requisition_title: Option<String>,
    /// Echoed.
    pub metadata: Option<Value>,
    /// Where the candidate lands afterwards.
    pub redirect_url: Option<String>,
    /// Whether the completed order has been read: `Completed` became `Fulfilled`.
    pub fulfilled: bool,
    /// Whether the reports were asked for.
    pub report: bool,
}

/// One instance of a test for one candidate. Every effective send makes one.
#[derive(Clone, Debug, Serialize)]
pub struct Invitation {
    /// The vendor's id of the instance: `partner_interview_id`, or the id of the Mercury order.
    pub partner_interview_id: String,
    /// How it was created.
    pub contract: Contract,
    /// `partner_test_id` or `assessment_id`.
    pub test_id: String,
    /// The name of the test at that time.
    pub test_name: String,
    /// The candidate's address.
    pub email: String,
    /// The candidate's given name.
    pub first_name: String,
    /// The candidate's family name.
    pub last_name: String,
    /// Where the callback goes; Mercury has none.
    pub callback_url: Option<String>,
    /// `greenhouse_profile_url`: the candidate in the ATS.
    pub ats_profile_url: Option<String>,
    /// `sent_by`.
    pub sent_by: Option<String>,
    /// How far the candidate is.
    pub state: InvitationState,
    /// When it was created.
    #[serde(serialize_with = "rfc3339")]
    pub created_at: Timestamp,
    /// When the vendor wrote to the candidate, if it did.
    #[serde(serialize_with = "rfc3339_opt")]
    pub mailed_at: Option<Timestamp>,
    /// When the test was begun.
    #[serde(serialize_with = "rfc3339_opt")]
    pub started_at: Option<Timestamp>,
    /// When the test was finished.
    #[serde(serialize_with = "rfc3339_opt")]
    pub completed_at: Option<Timestamp>,
    /// When the invitation does its next step by itself; `None` waits for a person.
    #[serde(serialize_with = "rfc3339_opt")]
    pub due_at: Option<Timestamp>,
    /// The score, of 100.
    pub score: Option<f64>,
    /// The band.
    pub band: Option<String>,
    /// What the address asked for.
    pub behaviour: Behaviour,
    /// What only Mercury has.
    pub order: Option<Order>,
}

/// A mail that the vendor sent.
#[derive(Clone, Debug, Serialize)]
pub struct Mail {
    /// When.
    #[serde(serialize_with = "rfc3339")]
    pub at: Timestamp,
    /// The address.
    pub to: String,
    /// The subject.
    pub subject: String,
    /// The text.
    pub body: String,
    /// Where the candidate takes the test.
    pub link: String,
    /// The instance it invites to.
    pub partner_interview_id: String,
}

/// What the ATS reported to `response_error`.
#[derive(Clone, Debug, Serialize)]
pub struct ResponseError {
    /// When.
    #[serde(serialize_with = "rfc3339")]
    pub at: Timestamp,
    /// `api_call`.
    pub api_call: String,
    /// `errors`.
    pub errors: Vec<String>,
    /// The whole body.
    pub body: Value,
}

/// One call of one of the contracts, or one callback.
#[derive(Clone, Debug, Serialize)]
pub struct Call {
    /// Counts up from 1.
    pub number: u64,
    /// When it arrived.
    #[serde(serialize_with = "rfc3339")]
    pub at: Timestamp,
    /// `in` for the contracts' calls, `out` for callbacks.
    pub direction: &'static str,
    /// The method.
    pub method: String,
    /// Path and query, or the whole address of a callback.
    pub path: String,
    /// The body that was sent, without credentials.
    pub body: String,
    /// The answer: a status, `dropped`, or why a callback failed. Empty until there is one.
    pub answer: String,
}

/// A test or assessment that can be ordered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Test {
    /// `partner_test_id`.
    pub id: String,
    /// `partner_test_name`.
    pub name: String,
}

/// A Mercury assessment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Assessment {
    /// The id.
    pub id: String,
    /// `games`, `video_interview` or `nlr`.
    #[serde(rename = "type")]
    pub kind: &'static str,
    /// For people.
    pub description: String,
}

/// What a send asks for.
#[derive(Debug)]
pub(super) struct Draft {
    pub id: String,
    pub contract: Contract,
    pub test: Test,
    pub email: String,
    pub first_name: String,
    pub last_name: String,
    pub callback_url: Option<String>,
    pub ats_profile_url: Option<String>,
    pub sent_by: Option<String>,
    pub mail: bool,
    pub order: Option<Order>,
}

/// When things happen by themselves.
#[derive(Clone, Copy, Debug)]
pub(super) struct Timing {
    pub auto_after: Duration,
    pub slow_after: Duration,
    pub timeout_after: Duration,
}

/// Everything the sandbox remembers.
#[derive(Debug)]
pub(super) struct Model {
    pub seed: String,
    pub origin: String,
    pub timing: Timing,
    pub tests: Vec<Test>,
    pub assessments: Vec<Assessment>,
    pub invitations: Vec<Invitation>,
    pub mails: Vec<Mail>,
    pub errors: Vec<ResponseError>,
    pub journal: VecDeque<Call>,
    pub faults: Faults,
    pub queue: Vec<Callback>,
    /// Bearer tokens and the instants they end.
    pub tokens: HashMap<String, Timestamp>,
    /// Sends of the last minute.
    pub recent_sends: VecDeque<Timestamp>,
    /// `+429` addresses whose first attempt was refused.
    pub limited: HashSet<String>,
    serial: u64,
    calls: u64,
}

impl Model {
    pub fn new(seed: &str, origin: &str, timing: Timing) -> Self {
        let test = |id: &str, name: &str| Test { id: id.into(), name: name.into() };
        let assessment = |kind: &'static str, text: &str| Assessment {
            id: super::keys::uuid(seed, kind),
            kind,
            description: text.into(),
        };
        Self {
            seed: seed.into(),
            origin: origin.into(),
            timing,
            tests: vec![
                test("t-101", "Backend screen"),
                test("t-102", "Data screen"),
                test("t-103", "Frontend screen"),
                test("t-104", "SQL basics"),
                test("t-105", "Systems design"),
            ],
            assessments: vec![
                assessment("games", "Core games"),
                assessment("video_interview", "Recorded interview"),
                assessment("nlr", "Numerical and logical reasoning"),
            ],
            invitations: Vec::new(),
            mails: Vec::new(),
            errors: Vec::new(),
            journal: VecDeque::new(),
            faults: Faults::default(),
            queue: Vec::new(),
            tokens: HashMap::new(),
            recent_sends: VecDeque::new(),
            limited: HashSet::new(),
            serial: 0,
            calls: 0,
        }
    }

    /// Counts up; the source of ids.
    pub fn next(&mut self) -> u64 {
        self.serial += 1;
        self.serial
    }

    /// Adds a Greenhouse test, or renames the one with that id.
    pub fn add_test(&mut self, test: Test) {
        match self.tests.iter_mut().find(|t| t.id == test.id) {
            Some(known) => known.name = test.name,
            None => self.tests.push(test),
        }
    }

    /// Takes a test or assessment out of the catalogue. False if it was not in it.
    pub fn retire_test(&mut self, id: &str) -> bool {
        let before = self.tests.len() + self.assessments.len();
        self.tests.retain(|t| t.id != id);
        self.assessments.retain(|a| a.id != id);
        self.tests.len() + self.assessments.len() < before
    }

    pub fn find(&self, id: &str) -> Option<&Invitation> {
        self.invitations.iter().find(|i| i.partner_interview_id == id)
    }

    pub fn find_mut(&mut self, id: &str) -> Option<&mut Invitation> {
        self.invitations.iter_mut().find(|i| i.partner_interview_id == id)
    }

    /// Applies a send: a new instance, and the mail.
    pub fn create(&mut self, draft: Draft, now: Timestamp) -> Invitation {
        let behaviour = Behaviour::of(&draft.email);
        let wait = if behaviour.slow { self.timing.slow_after } else { self.timing.auto_after };
        let invitation = Invitation {
            partner_interview_id: draft.id,
            contract: draft.contract,
            test_id: draft.test.id,
            test_name: draft.test.name,
            email: draft.email,
            first_name: draft.first_name,
            last_name: draft.last_name,
            callback_url: draft.callback_url,
            ats_profile_url: draft.ats_profile_url,
            sent_by: draft.sent_by,
            state: InvitationState::Invited,
            created_at: now,
            mailed_at: draft.mail.then_some(now),
            started_at: None,
            completed_at: None,
            due_at: behaviour.ending.map(|_| now.plus(wait)),
            score: None,
            band: None,
            behaviour,
            order: draft.order,
        };
        if draft.mail {
            let mail = self.mail(&invitation, now);
            self.mails.push(mail);
        }
        self.invitations.push(invitation.clone());
        invitation
    }

    fn mail(&self, to: &Invitation, at: Timestamp) -> Mail {
        let link = self.test_link(&to.partner_interview_id);
        Mail {
            at,
            to: to.email.clone(),
            subject: format!("Your invitation: {}", to.test_name),
            body: format!("Hello {},\n\nplease take the test \"{}\": {link}\n", to.first_name, to.test_name),
            link,
            partner_interview_id: to.partner_interview_id.clone(),
        }
    }

    /// Where the candidate takes the test.
    pub fn test_link(&self, id: &str) -> String {
        format!("{}/tests/{id}", self.origin)
    }

    /// Where anybody sees the result.
    pub fn result_link(&self, id: &str) -> String {
        format!("{}/results/{id}", self.origin)
    }

    /// Notes a call; the number is for [`Model::answered`].
    pub fn called(&mut self, at: Timestamp, direction: &'static str, method: &str, path: &str, body: String) -> u64 {
        self.calls += 1;
        if self.journal.len() == JOURNAL_LENGTH {
            self.journal.pop_front();
        }
        let call = Call {
            number: self.calls,
            at,
            direction,
            method: method.into(),
            path: path.into(),
            body,
            answer: String::new(),
        };
        self.journal.push_back(call);
        self.calls
    }

    /// Notes the answer to a call.
    pub fn answered(&mut self, number: u64, answer: String) {
        if let Some(call) = self.journal.iter_mut().rev().find(|c| c.number == number) {
            call.answer = answer;
        }
    }
}

fn rfc3339<S: Serializer>(at: &Timestamp, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(at)
}

#[expect(clippy::ref_option, reason = "the signature that serde asks for")]
fn rfc3339_opt<S: Serializer>(at: &Option<Timestamp>, serializer: S) -> Result<S::Ok, S::Error> {
    match at {
        Some(at) => serializer.collect_str(at),
        None => serializer.serialize_none(),
    }
}
