//! An organization of invented people inside a real instance, to look around in before anything is connected. It has no key, so
//! nothing leaves it, and it can be removed whole.

use domain::audit::Author;
use domain::invitation::Test;
use domain::outcome::Thresholds;
use domain::ports::Store;
use domain::ports::store::{Application, SAMPLE_HOOK, StoreError, Stored};
use domain::rules::{Contract, Reference, Rules, SAMPLE_SLUG, SecretSource, Trigger, Vendor};

use crate::ids;
use crate::sandbox::history::History;

const NAME: &str = "Sample (invented people)";
/// Enough for histograms and several pages of a list.
const CANDIDATES: usize = 400;
const VENDOR: &str = "py";
/// Id and name.
const TESTS: [(&str, &str); 3] =
    [("backend", "Backend screen"), ("data", "Data screen"), ("frontend", "Frontend screen")];

/// Creates it with six weeks of past, paused.
///
/// # Errors
/// `Conflict` if an organization of its short name is there.
pub async fn create(store: &dyn Store, author: Author) -> Stored<()> {
    let now = author.at;
    let tests = TESTS.map(|(id, name)| Test { id: id.to_owned(), name: name.to_owned(), retired: false });
    let application = Application {
        id: ids::row(),
        hook: format!("{SAMPLE_HOOK}{}", ids::token()),
        paused: true,
        expected_version: 0,
        rules: rules(),
        secrets: Vec::new(),
        tests: vec![(VENDOR.to_owned(), tests.to_vec())],
        changes: vec![format!("+ organization {SAMPLE_SLUG}, {NAME}")],
        author,
    };
    let made = store.apply(application).await?;
    let catalogue = store.catalogue(made.id).await?;
    History::of(&made, &catalogue, CANDIDATES, now).write(store).await
}

/// Removes it with everything in it.
///
/// # Errors
/// `NotFound` if it is not there; `Conflict` if it has secrets: then it was connected, and is no sample any more.
pub async fn remove(store: &dyn Store, author: &Author) -> Stored<()> {
    let organization = store.organization(SAMPLE_SLUG).await?;
    if !organization.is_sample() {
        return Err(StoreError::NotFound("sample"));
    }
    if !store.secrets(organization.id).await?.is_empty() {
        return Err(StoreError::Conflict("secrets".to_owned()));
    }
    store.remove_organization(organization.id, organization.version, author).await
}

fn rules() -> Rules {
    let stage = |id: &str, name: &str| Reference { id: id.to_owned(), written: name.to_owned(), name: name.to_owned() };
    let row = |stage, test: usize, pass_at, fail_at| Trigger {
        stage,
        vendor: VENDOR.to_owned(),
        default_test: Some(Reference {
            id: TESTS[test].0.to_owned(),
            written: TESTS[test].1.to_owned(),
            name: TESTS[test].1.to_owned(),
        }),
        thresholds: Thresholds { pass_at: Some(pass_at), fail_at: Some(fail_at), ..Thresholds::default() },
        postings: Vec::new(),
        cooldown: None,
        off: false,
        active_since: domain::Timestamp::EPOCH,
    };
    let triggers = vec![
        row(stage("phone-screen-passed", "Phone Screen Passed"), 0, 70.0, 45.0),
        row(stage("take-home", "Take-home"), 1, 65.0, 40.0),
    ];
    Rules {
        vendors: vec![vendor()],
        triggers,
        ..Rules::unconnected(SAMPLE_SLUG.to_owned(), NAME.to_owned(), "UTC".to_owned())
    }
}

/// Names that resolve nowhere (RFC 2606), should anybody ever connect it.
fn vendor() -> Vendor {
    let at = |path: &str| format!("https://vendor.invalid/{path}");
    Vendor {
        id: VENDOR.to_owned(),
        name: "Py".to_owned(),
        tag_prefix: "Py".to_owned(),
        score_scale: Some((0.0, 100.0)),
        send_rate: None,
        contract: Contract::GreenhouseAssessment {
            list_tests_url: at("list_tests"),
            send_test_url: at("send_test"),
            test_status_url: at("test_status"),
            response_error_url: at("response_error"),
            api_key: SecretSource::Stored,
        },
    }
}
