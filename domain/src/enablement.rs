//! How an organization comes to an integration: requested, authorized, given a key, configured, live. Each step with who made
//! it and when; where it stands follows from the steps and from what is there.

use serde::{Deserialize, Serialize};

use crate::Timestamp;
use crate::rules::{Contract, Rules};

/// What can be enabled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Integration {
    /// Py, or another vendor of the Greenhouse assessment contract.
    Py,
    /// Pymetrics.
    Pymetrics,
}

impl Integration {
    /// All.
    pub const ALL: [Self; 2] = [Self::Py, Self::Pymetrics];

    /// The name in the database and in forms.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Py => "py",
            Self::Pymetrics => "pymetrics",
        }
    }

    /// The integration of that name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|i| i.as_str() == name)
    }

    /// For people.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Py => "Py",
            Self::Pymetrics => "Pymetrics",
        }
    }

    /// Whether a vendor of the rules is of it, and whether one of its trigger stages is on.
    pub fn configured(self, rules: &Rules) -> (bool, bool) {
        let is_of = |contract: &Contract| match self {
            Self::Py => matches!(contract, Contract::GreenhouseAssessment { .. }),
            Self::Pymetrics => matches!(contract, Contract::Pymetrics { .. }),
        };
        let ids: Vec<&str> = rules.vendors.iter().filter(|v| is_of(&v.contract)).map(|v| v.id.as_str()).collect();
        (!ids.is_empty(), rules.triggers.iter().any(|t| !t.off && ids.contains(&t.vendor.as_str())))
    }
}

/// One step that someone made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Step {
    /// A super admin wants it.
    Requested,
    /// An account manager asks for the authorization to make a key.
    AuthorizationAsked,
    /// The super admin grants it.
    Granted,
    /// The super admin refuses it.
    Refused,
    /// An account manager put a key into a link.
    KeyHandedOver,
    /// The link was opened.
    KeyOpened,
}

impl Step {
    /// All.
    pub const ALL: [Self; 6] =
        [Self::Requested, Self::AuthorizationAsked, Self::Granted, Self::Refused, Self::KeyHandedOver, Self::KeyOpened];

    /// The name in the database.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Requested => "requested",
            Self::AuthorizationAsked => "authorization-asked",
            Self::Granted => "granted",
            Self::Refused => "refused",
            Self::KeyHandedOver => "key-handed-over",
            Self::KeyOpened => "key-opened",
        }
    }

    /// The step of that name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|s| s.as_str() == name)
    }

    /// For people; who made it follows.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Requested => "Requested",
            Self::AuthorizationAsked => "Asked for the authorization to make a key",
            Self::Granted => "Authorized",
            Self::Refused => "Refused",
            Self::KeyHandedOver => "Key put into a one-time link",
            Self::KeyOpened => "One-time link opened",
        }
    }

    /// Whether it may follow, the last step being `last`.
    pub const fn may_follow(self, last: Option<Self>) -> bool {
        match self {
            Self::Requested => matches!(last, None | Some(Self::Refused)),
            Self::AuthorizationAsked => matches!(last, Some(Self::Requested)),
            Self::Granted | Self::Refused => matches!(last, Some(Self::AuthorizationAsked)),
            Self::KeyHandedOver => matches!(last, Some(Self::Granted | Self::KeyHandedOver | Self::KeyOpened)),
            // Of several links each opening is on record.
            Self::KeyOpened => matches!(last, Some(Self::KeyHandedOver | Self::KeyOpened)),
        }
    }
}

/// A step with who made it and when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Made {
    /// For what.
    pub integration: Integration,
    /// What.
    pub step: Step,
    /// Who.
    pub who: String,
    /// When.
    pub at: Timestamp,
}

/// What a data API key of Lever's is to be allowed, in Lever's words.
pub const PERMISSIONS: [&str; 9] = [
    "Read stage",
    "Read candidate",
    "List stages",
    "List candidates",
    "Update candidate stage",
    "Remove candidate tag",
    "Create tag",
    "Create candidate",
    "Add candidate tags",
];

/// Where an integration stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum State {
    /// Nobody asked for it.
    NotRequested,
    /// An account manager is next.
    Requested,
    /// The super admin is next.
    AuthorizationAsked,
    /// The account manager is next: a key.
    Authorized,
    /// The super admin is next: the vendor and the trigger stages.
    KeyStored,
    /// The super admin is next: the webhook.
    Configured,
    /// The super admin is next: going live.
    WebhookVerified,
    /// Candidates are invited.
    Live,
    /// It was live, or could be, and nothing is sent.
    Paused,
    /// The super admin said no.
    Refused,
}

/// What is missing before anyone can be invited: the next step, in words. Nothing where all is there; the webhook is not needed,
/// because trigger stages are looked at every few minutes without it.
pub fn missing(rules: &Rules, has_key: bool) -> Option<&'static str> {
    let steps = [
        (!has_key, "store a Lever key first"),
        (rules.lever.perform_as.is_empty(), "choose in whose name Assay writes in Lever first"),
        (rules.vendors.is_empty(), "connect a vendor first"),
        (rules.triggers.iter().all(|t| t.off), "add a trigger stage first"),
    ];
    steps.into_iter().find_map(|(is_missing, next)| is_missing.then_some(next))
}

/// Steps that wait for an account manager, of all organizations by slug: the last one of each integration, where that is theirs
/// to answer.
pub fn for_account_managers(steps: Vec<(String, Made)>) -> Vec<(String, Made)> {
    let mut last: Vec<(String, Made)> = Vec::new();
    for (slug, made) in steps {
        last.retain(|(s, m)| *s != slug || m.integration != made.integration);
        last.push((slug, made));
    }
    last.retain(|(_, made)| matches!(made.step, Step::Requested | Step::Granted));
    last
}

/// Of the steps of one organization: the integrations whose authorization its super admins have to grant or refuse.
pub fn for_super_admins(steps: &[Made]) -> Vec<Integration> {
    let last = |of: Integration| steps.iter().rev().find(|made| made.integration == of).map(|made| made.step);
    Integration::ALL.into_iter().filter(|of| last(*of) == Some(Step::AuthorizationAsked)).collect()
}

/// What is there.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Facts {
    /// A Lever key is stored.
    pub has_key: bool,
    /// A vendor of it is connected.
    pub has_vendor: bool,
    /// One of its trigger stages is on.
    pub has_stage: bool,
    /// Lever's deliveries are accepted.
    pub verified: bool,
    /// Nothing is sent.
    pub paused: bool,
    /// It was live before.
    pub was_live: bool,
}

/// Where an integration stands. What is there counts more than the steps: a key of one's own needs nobody's authorization.
pub fn state(steps: &[Made], facts: Facts) -> State {
    if facts.has_vendor && facts.has_stage && facts.has_key {
        return match (facts.paused, facts.was_live, facts.verified) {
            (false, ..) => State::Live,
            (true, true, _) => State::Paused,
            (true, false, true) => State::WebhookVerified,
            (true, false, false) => State::Configured,
        };
    }
    let last = steps.last().map(|made| made.step);
    match last {
        Some(Step::Refused) => State::Refused,
        _ if facts.has_key && facts.has_vendor => State::KeyStored,
        Some(Step::Granted | Step::KeyHandedOver | Step::KeyOpened) if facts.has_key => State::KeyStored,
        Some(Step::Granted | Step::KeyHandedOver | Step::KeyOpened) => State::Authorized,
        Some(Step::AuthorizationAsked) => State::AuthorizationAsked,
        Some(Step::Requested) => State::Requested,
        None => State::NotRequested,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn made(steps: &[Step]) -> Vec<Made> {
        let one =
            |step: &Step| Made { integration: Integration::Py, step: *step, who: "x".into(), at: Timestamp::EPOCH };
        steps.iter().map(one).collect()
    }

    #[test]
    fn names_read_back() {
        assert!(Integration::ALL.iter().all(|i| Integration::parse(i.as_str()) == Some(*i)));
        assert!(Step::ALL.iter().all(|s| Step::parse(s.as_str()) == Some(*s)));
    }

    #[test]
    fn each_step_has_its_place() {
        let order = [Step::Requested, Step::AuthorizationAsked, Step::Granted, Step::KeyHandedOver, Step::KeyOpened];
        for (n, step) in order.into_iter().enumerate() {
            let before = n.checked_sub(1).map(|n| order[n]);
            assert!(step.may_follow(before), "{step:?} after {before:?}");
            let skipped = n.checked_sub(2).map(|n| order[n]);
            assert!(
                n < 2 || step == Step::KeyHandedOver && skipped == Some(Step::Granted) || !step.may_follow(skipped)
            );
        }
        assert!(Step::Requested.may_follow(Some(Step::Refused)) && !Step::Requested.may_follow(Some(Step::Requested)));
        assert!(!Step::Granted.may_follow(None) && !Step::Granted.may_follow(Some(Step::Granted)));
    }

    #[test]
    fn what_is_missing_is_named_in_the_order_of_need() {
        let mut rules = crate::samples::rules(vec![crate::samples::row("screen", None)]);
        rules.lever.perform_as = "user".into();
        assert_eq!(missing(&rules, false), Some("store a Lever key first"));
        assert_eq!(missing(&rules, true), None);
        rules.triggers.clear();
        assert_eq!(missing(&rules, true), Some("add a trigger stage first"));
        rules.vendors.clear();
        assert_eq!(missing(&rules, true), Some("connect a vendor first"));
        let new = Rules::unconnected("a".into(), "A".into(), "UTC".into());
        assert_eq!(missing(&new, true), Some("choose in whose name Assay writes in Lever first"));
    }

    #[test]
    fn what_waits_for_an_account_manager_is_the_last_step_of_each() {
        let made = |slug: &str, integration, step| {
            (slug.to_owned(), Made { integration, step, who: "x".into(), at: Timestamp::EPOCH })
        };
        let steps = vec![
            made("a", Integration::Py, Step::Requested),
            made("a", Integration::Py, Step::AuthorizationAsked),
            made("a", Integration::Pymetrics, Step::Requested),
            made("b", Integration::Py, Step::Granted),
        ];
        let found = for_account_managers(steps);
        let names: Vec<_> = found.iter().map(|(slug, made)| (slug.as_str(), made.integration)).collect();
        assert_eq!(names, [("a", Integration::Pymetrics), ("b", Integration::Py)]);
    }

    #[test]
    fn an_authorization_waits_for_a_super_admin_until_it_is_answered() {
        let mut steps = made(&[Step::Requested, Step::AuthorizationAsked]);
        steps.push(Made { integration: Integration::Pymetrics, ..made(&[Step::Requested]).remove(0) });
        assert_eq!(for_super_admins(&steps), [Integration::Py]);
        steps.extend(made(&[Step::Granted]));
        assert_eq!(for_super_admins(&steps), []);
    }

    #[test]
    fn the_way_from_nothing_to_live() {
        let all =
            Facts { has_key: true, has_vendor: true, has_stage: true, verified: true, paused: true, was_live: false };
        let granted = made(&[Step::Requested, Step::AuthorizationAsked, Step::Granted]);
        let cases = [
            (made(&[]), Facts::default(), State::NotRequested),
            (made(&[Step::Requested]), Facts::default(), State::Requested),
            (made(&[Step::Requested, Step::AuthorizationAsked]), Facts::default(), State::AuthorizationAsked),
            (made(&[Step::AuthorizationAsked, Step::Refused]), Facts::default(), State::Refused),
            (granted.clone(), Facts::default(), State::Authorized),
            (granted.clone(), Facts { has_key: true, ..Facts::default() }, State::KeyStored),
            (granted.clone(), Facts { verified: false, ..all }, State::Configured),
            (granted.clone(), all, State::WebhookVerified),
            (granted.clone(), Facts { paused: false, ..all }, State::Live),
            (granted, Facts { was_live: true, ..all }, State::Paused),
            (made(&[]), Facts { paused: false, ..all }, State::Live),
        ];
        for (steps, facts, expected) in cases {
            assert_eq!(state(&steps, facts), expected, "{steps:?} {facts:?}");
        }
    }
}
