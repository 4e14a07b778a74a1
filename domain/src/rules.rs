//! What a super admin sets for one organization: the connection, the vendors and the trigger stages. One value, kept in
//! versions; names are resolved to ids before it is stored.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::Timestamp;
use crate::outcome::Thresholds;

/// The rules of one organization at one version.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Rules {
    /// Never changes; `[a-z0-9-]`.
    pub slug: String,
    /// Shown to people.
    pub name: String,
    /// IANA name.
    pub timezone: String,
    /// The Lever account.
    pub lever: LeverConnection,
    /// Vendors, ids unique.
    pub vendors: Vec<Vendor>,
    /// Trigger stages in the order they were written.
    pub triggers: Vec<Trigger>,
}

/// How the Lever account is reached.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LeverConnection {
    /// Ends in `/v1`.
    pub base_url: String,
    /// Where the key was read from; the value is stored encrypted as [`secret::LEVER_KEY`].
    pub api_key: SecretSource,
    /// Where the signature tokens were read from; the values are stored as [`secret::lever_token`].
    pub webhook_tokens: Vec<SecretSource>,
    /// Lever user in whose name we write; empty until someone has chosen one.
    pub perform_as: String,
    /// That user's name when it was chosen; empty where it was not read.
    #[serde(default)]
    pub perform_as_name: String,
}

impl LeverConnection {
    /// Lever's production address (Lever's documentation, "Environments").
    pub const PRODUCTION: &str = "https://api.lever.co/v1";
    /// Lever's sandbox, for accounts that have one (there).
    pub const SANDBOX: &str = "https://api.sandbox.lever.co/v1";
}

/// Where a secret was read from when the rules were applied. Kept for export; never the value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SecretSource {
    /// An environment variable.
    Env(String),
    /// A file.
    File(String),
    /// A page, on which someone typed it: the value that is stored is the only one.
    Stored,
    /// Lever, which told it when Assay made a webhook there: stored as well.
    Hook(MadeHook),
}

/// A webhook that Assay made in Lever.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MadeHook {
    /// Lever's id of it.
    pub id: String,
    /// The event it tells.
    pub event: String,
}

/// The short name of the organization of invented people.
pub const SAMPLE_SLUG: &str = "sample";

/// Names under which an organization's secrets are stored.
pub mod secret {
    /// The Lever API key.
    pub const LEVER_KEY: &str = "lever.api_key";

    /// The n-th webhook signature token.
    pub fn lever_token(n: usize) -> String {
        format!("lever.webhook_token.{n}")
    }

    /// A vendor's credential, for example `api_key`.
    pub fn vendor(vendor: &str, field: &str) -> String {
        format!("vendor.{vendor}.{field}")
    }
}

/// One assessment vendor of an organization.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Vendor {
    /// Unique in the organization.
    pub id: String,
    /// Shown to people.
    pub name: String,
    /// Tags become `<prefix> - Pass`.
    pub tag_prefix: String,
    /// Lowest and highest score.
    pub score_scale: Option<(f64, f64)>,
    /// Invitations a second; the vendor's Retry-After always wins.
    pub send_rate: Option<Rate>,
    /// How it is spoken to.
    pub contract: Contract,
}

/// The contracts Assay speaks.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "kind")]
pub enum Contract {
    /// Greenhouse's assessment partner API, the vendor being the server. Py is a preset of it.
    GreenhouseAssessment {
        /// GET: the tests.
        list_tests_url: String,
        /// POST: invite.
        send_test_url: String,
        /// GET with `partner_interview_id`.
        test_status_url: String,
        /// POST: what was wrong with an answer.
        response_error_url: String,
        /// HTTP Basic user name, at most 170 characters.
        api_key: SecretSource,
    },
    /// Pymetrics' "Mercury" API v2.
    Pymetrics {
        /// Host, without the path.
        base_url: String,
        /// OAuth client.
        client_id: SecretSource,
        /// OAuth secret.
        client_secret: SecretSource,
        /// `X-Api-Key`.
        api_key: SecretSource,
        /// The vendor mails the invitation.
        send_email: bool,
    },
}

impl Contract {
    /// The word in the organization's file.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::GreenhouseAssessment { .. } => "greenhouse-assessment",
            Self::Pymetrics { .. } => "pymetrics",
        }
    }

    /// Its credentials: field and source.
    pub fn secrets(&self) -> Vec<(&'static str, &SecretSource)> {
        match self {
            Self::GreenhouseAssessment { api_key, .. } => vec![("api_key", api_key)],
            Self::Pymetrics { client_id, client_secret, api_key, .. } => {
                vec![("client_id", client_id), ("client_secret", client_secret), ("api_key", api_key)]
            }
        }
    }
}

/// One row: who comes into this stage gets this vendor's test.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Trigger {
    /// The stage by id.
    pub stage: Reference,
    /// Vendor id.
    pub vendor: String,
    /// The test where no tag names another.
    pub default_test: Option<Reference>,
    /// What a result is judged by.
    pub thresholds: Thresholds,
    /// Postings covered; empty means all.
    pub postings: Vec<Reference>,
    /// After a completed order, how long the same test is not sent again; `None`: never again.
    pub cooldown: Option<Duration>,
    /// Switched off: nobody is invited through it. Its postings stay its own, and its results are judged by it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub off: bool,
    /// Only who enters after this instant is invited.
    pub active_since: Timestamp,
}

impl Trigger {
    /// Whether it covers an application to `posting`.
    pub fn covers(&self, posting: Option<&str>) -> bool {
        self.postings.is_empty() || posting.is_some_and(|p| self.postings.iter().any(|r| r.id == p))
    }

    /// Whether everyone `later` is for was in the care of this row already: the same stage and vendor, and no posting that
    /// this one did not cover. Then `later` goes on where this one was.
    pub fn covered(&self, later: &Self) -> bool {
        let all = self.postings.is_empty();
        let some = !later.postings.is_empty() && later.postings.iter().all(|p| self.covers(Some(&p.id)));
        self.stage.id == later.stage.id && self.vendor == later.vendor && (all || some)
    }
}

/// Something of a remote named by a rule: the id it stands for and the words it was written in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reference {
    /// The remote's id.
    pub id: String,
    /// As written in the file: the id or the exact name.
    pub written: String,
    /// The remote's name when it was resolved.
    pub name: String,
}

/// Calls a second.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Rate(f64);

impl Rate {
    /// Parses `8/s` or `0.5/s`.
    ///
    /// # Errors
    /// A sentence that says what a rate looks like.
    pub fn parse(text: &str) -> Result<Self, String> {
        let per_second = text.trim().strip_suffix("/s").and_then(|n| n.trim().parse::<f64>().ok());
        match per_second {
            Some(n) if n.is_finite() && n > 0.0 && n <= 1_000.0 => Ok(Self(n)),
            _ => Err(format!("{text:?} is not a rate; write it as 8/s, above 0 and at most 1000")),
        }
    }

    /// The time between two calls.
    pub fn interval(self) -> Duration {
        Duration::from_secs_f64(1.0 / self.0)
    }

    /// Calls a second.
    pub const fn per_second(self) -> f64 {
        self.0
    }
}

impl TryFrom<String> for Rate {
    type Error = String;
    fn try_from(text: String) -> Result<Self, String> {
        Self::parse(&text)
    }
}

impl From<Rate> for String {
    fn from(rate: Rate) -> Self {
        format!("{}/s", rate.0)
    }
}

/// Parses `30s`, `10m`, `24h`, `180d`.
///
/// # Errors
/// A sentence that says what a duration looks like.
pub fn parse_duration(text: &str) -> Result<Duration, String> {
    let wrong = || format!("{text:?} is not a duration; write it as 30s, 10m, 24h or 180d");
    let text_ = text.trim();
    let at = text_.find(|c: char| !c.is_ascii_digit()).ok_or_else(wrong)?;
    let (number, unit) = text_.split_at(at);
    let seconds = match unit {
        "s" => 1,
        "m" => 60,
        "h" => 3_600,
        "d" => 86_400,
        _ => return Err(wrong()),
    };
    let number: u64 = number.parse().map_err(|_| wrong())?;
    number.checked_mul(seconds).filter(|s| *s <= 100 * 365 * 86_400).map(Duration::from_secs).ok_or_else(wrong)
}

/// Writes a duration the way [`parse_duration`] reads it, in the largest unit that fits.
pub fn format_duration(span: Duration) -> String {
    let seconds = span.as_secs();
    let units = [(86_400, "d"), (3_600, "h"), (60, "m")];
    let unit = units.into_iter().find(|(size, _)| seconds > 0 && seconds.is_multiple_of(*size));
    unit.map_or_else(|| format!("{seconds}s"), |(size, name)| format!("{}{name}", seconds / size))
}

impl Rules {
    /// An organization that is connected to nothing yet.
    pub fn unconnected(slug: String, name: String, timezone: String) -> Self {
        let lever = LeverConnection {
            base_url: LeverConnection::PRODUCTION.to_owned(),
            api_key: SecretSource::Stored,
            webhook_tokens: Vec::new(),
            perform_as: String::new(),
            perform_as_name: String::new(),
        };
        Self { slug, name, timezone, lever, vendors: Vec::new(), triggers: Vec::new() }
    }

    /// The vendor of that id.
    pub fn vendor(&self, id: &str) -> Option<&Vendor> {
        self.vendors.iter().find(|v| v.id == id)
    }

    /// Ids of the trigger stages that are on, each once.
    pub fn trigger_stages(&self) -> Vec<String> {
        let mut ids: Vec<String> = self.triggers.iter().filter(|t| !t.off).map(|t| t.stage.id.clone()).collect();
        ids.sort_unstable();
        ids.dedup();
        ids
    }

    /// The row that speaks for an application to `posting` in `stage`, on or off: one that names the posting before one for
    /// all.
    pub fn row(&self, stage: &str, vendor: &str, posting: Option<&str>) -> Option<&Trigger> {
        let rows = || self.triggers.iter().filter(|t| t.stage.id == stage && t.vendor == vendor && t.covers(posting));
        rows().find(|t| !t.postings.is_empty()).or_else(|| rows().next())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_and_rates_read_back() {
        for text in ["0s", "30s", "10m", "24h", "36h", "180d"] {
            let span = parse_duration(text).unwrap();
            assert_eq!(parse_duration(&format_duration(span)).unwrap(), span, "{text}");
        }
        assert_eq!(format_duration(parse_duration("24h").unwrap()), "1d");
        for wrong in ["", "10", "m", "1w", "-1s", "1.5h", "99999999999999999999s"] {
            assert!(parse_duration(wrong).is_err(), "{wrong:?}");
        }
        assert_eq!(Rate::parse("8/s").unwrap().interval(), Duration::from_millis(125));
        for wrong in ["8", "0/s", "-1/s", "NaN/s", "inf/s", "/s"] {
            assert!(Rate::parse(wrong).is_err(), "{wrong:?}");
        }
    }
}
