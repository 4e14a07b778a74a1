//! The file of an organization: its form, and every reason to refuse it, each with its line.

use std::path::Path;
use std::time::Duration;

use domain::near::nearest;
use domain::outcome::Thresholds;
use domain::rules::{Contract, LeverConnection, Rate, SecretSource, Vendor};
use domain::triggers;
use toml::de::DeTable;

use super::checks;
use super::walk::{Lines, Refusal, Section, Walk};

/// What a file says; stages, tests and postings as they are written.
#[derive(Clone, Debug, PartialEq)]
pub struct OrganizationFile {
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
    /// Trigger stages in their order.
    pub triggers: Vec<Row>,
}

/// One `[[trigger_stage]]`.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// Name or id of a stage.
    pub stage: String,
    /// Vendor id.
    pub vendor: String,
    /// Name or id of a test.
    pub default_test: Option<String>,
    /// What a result is judged by.
    pub thresholds: Thresholds,
    /// Names or ids of postings.
    pub postings: Vec<String>,
    /// Time until the same test may be sent again.
    pub cooldown: Option<Duration>,
    /// Switched off.
    pub off: bool,
}

/// A file and where its settings are.
#[derive(Clone, Debug)]
pub struct Parsed {
    /// What it says.
    pub file: OrganizationFile,
    /// Where.
    pub lines: Lines,
}

/// Reads and checks a file.
///
/// # Errors
/// Everything that is wrong with it.
pub fn read(path: &Path, private: bool) -> Result<Parsed, Vec<Refusal>> {
    let name = path.display().to_string();
    match std::fs::read_to_string(path) {
        Ok(text) => parse(&name, &text, private),
        Err(e) => {
            let what = format!("cannot be read ({e}); correct the path");
            Err(vec![Refusal { file: name, line: 0, what }])
        }
    }
}

/// Checks the text of a file called `name`. `private`: addresses of remotes may be `http` or private.
///
/// # Errors
/// Everything that is wrong with it.
pub fn parse(name: &str, text: &str, private: bool) -> Result<Parsed, Vec<Refusal>> {
    let walk = Walk::new(name, text);
    let (document, errors) = DeTable::parse_recoverable(text);
    if !errors.is_empty() {
        for error in &errors {
            let line = error.span().map_or(0, |s| walk.line(&s));
            walk.refuse_at(line, format!("not TOML: {}", error.message()));
        }
        return walk.finish(None).map(|(file, lines)| Parsed { file, lines });
    }
    let file = organization(&Section::root(&walk, document.get_ref()), private);
    walk.finish(file).map(|(file, lines)| Parsed { file, lines })
}

/// No key of this section comes in a later version.
fn never(_: &str) -> Option<String> {
    None
}

/// Reads everything before it gives up, so that all refusals come together.
fn organization(root: &Section<'_>, private: bool) -> Option<OrganizationFile> {
    root.allow(&["organization", "lever", "vendor", "trigger_stage"], never);
    let head = root.section("organization").map(|section| {
        section.allow(&["slug", "name", "timezone"], never);
        section.require("slug", "\"acme\"");
        section.require("timezone", "\"Europe/Berlin\"");
        let slug = section.parsed("slug", checks::slug);
        let name = section.required("name", "\"Acme\"");
        (slug, name, section.parsed("timezone", checks::timezone))
    });
    let lever = root.section("lever").map(|section| lever(&section, private));
    let sections = root.sections("vendor");
    let vendors: Vec<Option<Vendor>> = sections.iter().map(|s| vendor(s, private)).collect();
    refuse_twins(&sections);
    let ids: Vec<String> = sections.iter().filter_map(|s| s.text("id")).collect();
    let scale = |id: &str| vendors.iter().flatten().find(|v| v.id == id).and_then(|v| v.score_scale);
    let sections = root.sections("trigger_stage");
    let rows: Vec<Option<Row>> = sections.iter().map(|s| row(s, &ids, &scale)).collect();
    for (section, row) in sections.iter().zip(&rows) {
        refuse_repeat(section, row.as_ref(), &vendors);
    }
    let (slug, name, timezone) = head?;
    Some(OrganizationFile {
        slug: slug?,
        name: name?,
        timezone: timezone?,
        lever: lever??,
        vendors: vendors.into_iter().collect::<Option<_>>()?,
        triggers: rows.into_iter().collect::<Option<_>>()?,
    })
}

fn lever(section: &Section<'_>, private: bool) -> Option<LeverConnection> {
    section.allow(&["base_url", "api_key", "webhook_token", "perform_as"], never);
    section.require("base_url", "\"https://api.lever.co/v1\"");
    let base_url = section.parsed("base_url", |t| checks::lever_url(t, private));
    let api_key = section.secret("api_key");
    let webhook_tokens = section.secrets("webhook_token");
    let perform_as = section.required("perform_as", "\"a Lever user id\"");
    Some(LeverConnection {
        base_url: base_url?,
        api_key: api_key?,
        webhook_tokens: webhook_tokens?,
        perform_as: perform_as?,
        perform_as_name: String::new(),
    })
}

const KINDS: [&str; 2] = ["greenhouse-assessment", "pymetrics"];
const OF_EVERY_VENDOR: [&str; 6] = ["id", "kind", "name", "tag_prefix", "score_scale", "send_rate"];
const OF_GREENHOUSE: [&str; 5] =
    ["api_key", "list_tests_url", "send_test_url", "test_status_url", "response_error_url"];
const OF_PYMETRICS: [&str; 5] = ["base_url", "client_id", "client_secret", "api_key", "send_email"];

fn vendor(section: &Section<'_>, private: bool) -> Option<Vendor> {
    for (key, example) in [("id", "\"py\""), ("kind", "\"greenhouse-assessment\"")] {
        section.require(key, example);
    }
    let id = section.parsed("id", checks::vendor_id);
    let kind = section.parsed("kind", known_kind);
    let name = section.required("name", "\"Py\"");
    let tag_prefix = section.required("tag_prefix", "\"Py\"");
    let score_scale = section.pair("score_scale");
    if score_scale.is_some_and(|(low, high)| low >= high) {
        section.refuse("score_scale", "the lowest score must be below the highest; write it as [0, 100]");
    }
    let send_rate = section.parsed("send_rate", Rate::parse);
    let contract = match kind? {
        "pymetrics" => pymetrics(section, private),
        _ => greenhouse(section, private),
    };
    Some(Vendor { id: id?, name: name?, tag_prefix: tag_prefix?, score_scale, send_rate, contract: contract? })
}

fn known_kind(text: &str) -> Result<&'static str, String> {
    KINDS.into_iter().find(|k| *k == text).ok_or_else(|| {
        let near = nearest(text, KINDS);
        let hint =
            near.first().map_or_else(|| format!("write {}", KINDS.join(" or ")), |n| format!("did you mean {n}?"));
        format!("unknown kind {text:?}, {hint}")
    })
}

fn greenhouse(section: &Section<'_>, private: bool) -> Option<Contract> {
    section.allow(&[OF_EVERY_VENDOR.as_slice(), &OF_GREENHOUSE].concat(), never);
    let api_key = section.secret("api_key");
    let url = |key: &str| {
        section.require(key, "\"https://…\"");
        section.parsed(key, |t| checks::remote_url(t, private))
    };
    let [list, send, status, error] =
        ["list_tests_url", "send_test_url", "test_status_url", "response_error_url"].map(url);
    Some(Contract::GreenhouseAssessment {
        list_tests_url: list?,
        send_test_url: send?,
        test_status_url: status?,
        response_error_url: error?,
        api_key: api_key?,
    })
}

fn pymetrics(section: &Section<'_>, private: bool) -> Option<Contract> {
    section.allow(&[OF_EVERY_VENDOR.as_slice(), &OF_PYMETRICS].concat(), never);
    section.require("base_url", "\"https://…\"");
    let base_url = section.parsed("base_url", |t| checks::base_url(t, private));
    let [client_id, client_secret, api_key] = ["client_id", "client_secret", "api_key"].map(|key| section.secret(key));
    let send_email = if section.has("send_email") { section.boolean("send_email") } else { Some(true) };
    if send_email == Some(false) {
        section.refuse("send_email", "mailing the invitation ourselves is not available yet; write true");
    }
    Some(Contract::Pymetrics {
        base_url: base_url?,
        client_id: client_id?,
        client_secret: client_secret?,
        api_key: api_key?,
        send_email: send_email?,
    })
}

/// Ids are keys, and two vendors with one prefix would take each other's tags away.
fn refuse_twins(vendors: &[Section<'_>]) {
    for key in ["id", "tag_prefix"] {
        let mut seen: Vec<String> = Vec::new();
        for section in vendors {
            let Some(value) = section.text(key) else { continue };
            let folded = if key == "id" { value.clone() } else { value.to_lowercase() };
            if seen.contains(&folded) {
                section.refuse(key, &format!("{value:?} is that of an earlier vendor; every vendor needs its own"));
            }
            seen.push(folded);
        }
    }
}

const OF_ROW: [&str; 10] = [
    "stage",
    "vendor",
    "enabled",
    "default_test",
    "pass_at",
    "fail_at",
    "pass_bands",
    "fail_bands",
    "postings",
    "cooldown",
];

/// What follows an outcome comes later; a row that asks for it must not look as if it worked.
fn follow_up(key: &str) -> Option<String> {
    let what = "what follows an outcome is not available yet; remove this section";
    key.starts_with("on_").then(|| what.to_owned())
}

fn row(section: &Section<'_>, ids: &[String], scale: &impl Fn(&str) -> Option<(f64, f64)>) -> Option<Row> {
    section.allow(&OF_ROW, follow_up);
    let stage = section.required("stage", "\"Phone Screen Passed\"");
    let vendor = section.required("vendor", "\"py\"");
    if let Some(vendor) = vendor.as_ref().filter(|v| !ids.contains(v)) {
        let near = nearest(vendor, ids.iter().map(String::as_str));
        let hint = near
            .first()
            .map_or_else(|| format!("add a [[vendor]] with id = {vendor:?}"), |n| format!("did you mean {n}?"));
        section.refuse("vendor", &format!("there is no vendor {vendor:?}, {hint}"));
    }
    let thresholds = thresholds(section, vendor.as_deref().and_then(scale));
    let default_test = section.text("default_test");
    let postings = section.texts("postings");
    let cooldown = section.parsed("cooldown", triggers::parse_cooldown);
    let enabled = if section.has("enabled") { section.boolean("enabled") } else { Some(true) };
    Some(Row { stage: stage?, vendor: vendor?, default_test, thresholds, postings, cooldown, off: !enabled? })
}

/// What the vendor cannot do again.
fn refuse_repeat(section: &Section<'_>, row: Option<&Row>, vendors: &[Option<Vendor>]) {
    let Some(row) = row else { return };
    let vendor = vendors.iter().flatten().find(|v| v.id == row.vendor);
    if let Some(fault) = vendor.and_then(|v| triggers::repeat(v, row.cooldown)) {
        section.refuse(fault.field.as_str(), &fault.sentence);
    }
}

fn thresholds(section: &Section<'_>, scale: Option<(f64, f64)>) -> Thresholds {
    let found = Thresholds {
        pass_at: section.number("pass_at"),
        fail_at: section.number("fail_at"),
        pass_bands: section.texts("pass_bands"),
        fail_bands: section.texts("fail_bands"),
    };
    for fault in triggers::thresholds(&found, scale) {
        section.refuse(fault.field.as_str(), &fault.sentence);
    }
    found
}

/// The secrets of a file: stored name, path in the file, source.
pub fn secrets(file: &OrganizationFile) -> Vec<(String, String, &SecretSource)> {
    use domain::rules::secret;
    let mut all = vec![(secret::LEVER_KEY.to_owned(), "lever.api_key".to_owned(), &file.lever.api_key)];
    for (n, source) in file.lever.webhook_tokens.iter().enumerate() {
        all.push((secret::lever_token(n), format!("lever.webhook_token.{n}"), source));
    }
    for (n, vendor) in file.vendors.iter().enumerate() {
        for (field, source) in vendor.contract.secrets() {
            all.push((secret::vendor(&vendor.id, field), format!("vendor.{n}.{field}"), source));
        }
    }
    all
}

#[cfg(test)]
mod tests;
