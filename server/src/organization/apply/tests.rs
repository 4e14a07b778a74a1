use std::sync::Mutex;

use async_trait::async_trait;
use domain::invitation::Test;
use domain::opportunity::{Opportunity, Posting};
use domain::ports::AssessmentClient;
use domain::ports::ats::Page;
use domain::ports::store::Stored;
use domain::ports::vendor::{Capabilities, Invitation, Status};
use domain::rules::LeverConnection;

use super::super::samples::FULL;
use domain::Timestamp;

use super::*;
use crate::config::SecretKey;
use crate::testing::TempFolder;

/// One organization in memory, with the rules of the port: versions count up, another version is a conflict.
#[derive(Debug, Default)]
struct Memory(Mutex<Option<(Organization, Vec<SealedSecret>)>>);

#[async_trait]
impl Setup for Memory {
    async fn apply(&self, new: Application) -> Stored<Organization> {
        let mut kept = self.0.lock().unwrap();
        let old = kept.as_ref().map(|(o, _)| o);
        let version = old.map_or(0, |o| o.version);
        if version != new.expected_version {
            return Err(StoreError::Conflict("version".into()));
        }
        let organization = Organization {
            id: old.map_or(new.id, |o| o.id),
            hook: old.map_or(new.hook, |o| o.hook.clone()),
            paused: false,
            version: version + 1,
            rules: new.rules,
            created_at: new.author.at,
        };
        *kept = Some((organization.clone(), new.secrets));
        Ok(organization)
    }

    async fn organizations(&self) -> Stored<Vec<Organization>> {
        Ok(self.0.lock().unwrap().iter().map(|(o, _)| o.clone()).collect())
    }

    async fn organization(&self, slug: &str) -> Stored<Organization> {
        let kept = self.0.lock().unwrap();
        let found = kept.as_ref().map(|(o, _)| o.clone()).filter(|o| o.rules.slug == slug);
        found.ok_or(StoreError::NotFound("organization"))
    }

    async fn organization_by_id(&self, _: Uuid) -> Stored<Organization> {
        unreachable!("a file names its organization by its slug")
    }

    async fn configuration(&self, _: Uuid, _: i64) -> Stored<domain::ports::store::Configuration> {
        Err(StoreError::NotFound("version of the rules"))
    }

    async fn configurations(&self, _: Uuid, _: i64, _: u32) -> Stored<Vec<domain::ports::store::Configuration>> {
        unreachable!("applying does not look at earlier versions")
    }

    async fn secrets(&self, organization: Uuid) -> Stored<Vec<SealedSecret>> {
        let kept = self.0.lock().unwrap();
        Ok(kept.as_ref().filter(|(o, _)| o.id == organization).map(|(_, s)| s.clone()).unwrap_or_default())
    }

    async fn reseal(&self, _: Uuid, _: Vec<domain::ports::store::Resealed>, _: &Author) -> Stored<u64> {
        unreachable!("applying keeps the key")
    }

    async fn versions(&self) -> Stored<Vec<(Uuid, i64, bool)>> {
        Ok(self.0.lock().unwrap().iter().map(|(o, _)| (o.id, o.version, o.paused)).collect())
    }

    async fn set_paused(&self, _: Uuid, _: bool, _: &Author) -> Stored<()> {
        Err(StoreError::NotFound("organization"))
    }

    async fn remove_organization(&self, _: Uuid, _: i64, _: &Author) -> Stored<()> {
        Err(StoreError::NotFound("organization"))
    }

    async fn ready(&self) -> Stored<()> {
        Ok(())
    }
}

/// Remotes that know the vocabulary of the sample, and can be out of reach.
#[derive(Clone, Debug, Default)]
struct Fake {
    lever: Option<RemoteError>,
    vendor: Option<RemoteError>,
}

fn named(id: &str, name: &str) -> Named {
    Named { id: id.to_owned(), name: name.to_owned() }
}

fn elsewhere<T>() -> Result<T, RemoteError> {
    Err(RemoteError::Rejected("applying does not call this".into()))
}

#[async_trait]
impl AtsClient for Fake {
    async fn opportunity(&self, _: &str) -> Result<Opportunity, RemoteError> {
        elsewhere()
    }
    async fn opportunities_in(&self, _: &[String], _: Option<&str>) -> Result<Page<Opportunity>, RemoteError> {
        elsewhere()
    }
    async fn add_tags(&self, _: &str, _: &[String]) -> Result<Vec<String>, RemoteError> {
        elsewhere()
    }
    async fn remove_tags(&self, _: &str, _: &[String]) -> Result<Vec<String>, RemoteError> {
        elsewhere()
    }
    async fn add_link(&self, _: &str, _: &str) -> Result<(), RemoteError> {
        elsewhere()
    }
    async fn remove_link(&self, _: &str, _: &str) -> Result<(), RemoteError> {
        elsewhere()
    }
    async fn opportunities_since(
        &self,
        _: Option<domain::Timestamp>,
        _: Option<&str>,
    ) -> Result<Page<Opportunity>, RemoteError> {
        elsewhere()
    }
    async fn stages(&self) -> Result<Vec<Named>, RemoteError> {
        self.lever
            .clone()
            .map_or_else(|| Ok(vec![named("stage-1", "Phone Screen Passed"), named("stage-2", "On-site")]), Err)
    }
    async fn postings(&self) -> Result<Vec<Posting>, RemoteError> {
        let posting = |Named { id, name }| Posting { id, name, tags: Vec::new(), closed: false };
        Ok([named("posting-1", "Engineer"), named("posting-2", "Designer")].map(posting).into())
    }
    async fn user(&self, id: &str) -> Result<Option<Named>, RemoteError> {
        Ok((id == "user-1").then(|| named(id, "Ada")))
    }
}

#[async_trait]
impl AssessmentClient for Fake {
    fn capabilities(&self) -> Capabilities {
        Capabilities { idempotent_send: false, calls_back: true, public_report: true }
    }
    async fn tests(&self) -> Result<Vec<Test>, RemoteError> {
        let test = |id: &str, name: &str| Test { id: id.to_owned(), name: name.to_owned(), retired: false };
        self.vendor.clone().map_or_else(|| Ok(vec![test("t1", "Backend screen"), test("game-1", "Games")]), Err)
    }
    async fn take_turn(&self) -> Result<(), RemoteError> {
        elsewhere()
    }
    async fn invite(&self, _: &Invitation) -> Result<String, RemoteError> {
        elsewhere()
    }
    async fn status(&self, _: &str) -> Result<Status, RemoteError> {
        elsewhere()
    }
}

impl Remotes for Fake {
    fn ats(&self, _: &LeverConnection, _: SecretString) -> Result<Arc<dyn AtsClient>, RemoteError> {
        Ok(Arc::new(self.clone()))
    }
    fn vendor(
        &self,
        vendor: &Vendor,
        secrets: Vec<(&'static str, SecretString)>,
    ) -> Result<Arc<dyn AssessmentClient>, RemoteError> {
        assert_eq!(secrets.len(), vendor.contract.secrets().len());
        Ok(Arc::new(self.clone()))
    }
}

/// A machine on which files are applied.
struct Desk {
    folder: TempFolder,
    store: Memory,
    remotes: Fake,
    variables: BTreeMap<String, String>,
    now: i64,
}

impl Desk {
    fn new() -> Self {
        let names = ["ACME_LEVER_KEY", "T1", "ACME_PY_KEY", "PM_ID", "PM_KEY"];
        let folder = TempFolder::new();
        folder.file("pm", "client-secret\n");
        folder.file("t2", "second-token\n");
        let variables = names.map(|n| (n.to_owned(), format!("value-of-{n}"))).into();
        Self { folder, store: Memory::default(), remotes: Fake::default(), variables, now: 1_000 }
    }

    fn text(&self) -> String {
        FULL.replace("/run/", &format!("{}/", self.folder.path().display()))
    }

    async fn apply(&mut self, text: &str, dry_run: bool) -> Result<Applied, Failure> {
        self.now += 1_000;
        let parsed = file::parse("acme.toml", text, false).unwrap();
        let vault = Vault::new(SecretKey::from_bytes([3; 32]));
        let variables = |name: &str| self.variables.get(name).cloned();
        let context = Context {
            store: &self.store,
            vault: &vault,
            remotes: &self.remotes,
            variables: &variables,
            public_url: "https://assay.example",
            author: &Author::system("test", Timestamp::from_millis(self.now)),
        };
        apply(&parsed, context, dry_run).await
    }

    fn stored(&self) -> Option<(Organization, Vec<SealedSecret>)> {
        self.store.0.lock().unwrap().clone()
    }
}

#[tokio::test]
async fn the_first_time_creates_and_the_second_changes_nothing() {
    let mut desk = Desk::new();
    let text = desk.text();
    let first = desk.apply(&text, false).await.unwrap();
    let (organization, secrets) = desk.stored().unwrap();
    assert_eq!((first.report.version, first.report.changed), (1, true));
    let url = format!("https://assay.example/hooks/lever/{}", organization.hook);
    assert_eq!(first.report.lever_webhook_url.as_ref(), Some(&url));
    assert_eq!(secrets.len(), 7);
    assert!(first.diff.contains(&"+ vendor py".to_owned()), "{:#?}", first.diff);
    let printed = format!("{first:?}{}", serde_json::to_string(&first.report).unwrap());
    assert!(!printed.contains("value-of-") && !printed.contains("client-secret"), "{printed}");

    let second = desk.apply(&text, false).await.unwrap();
    assert_eq!((second.report.version, second.report.changed, second.report.lever_webhook_url), (1, false, Some(url)));
    assert!(second.diff.is_empty(), "{:?}", second.diff);
    assert_eq!(desk.stored().unwrap(), (organization, secrets));
}

#[tokio::test]
async fn a_dry_run_says_the_same_and_changes_nothing() {
    let mut desk = Desk::new();
    let text = desk.text();
    let dry = desk.apply(&text, true).await.unwrap();
    assert!(desk.stored().is_none());
    assert_eq!((dry.report.version, dry.report.changed, dry.report.lever_webhook_url), (0, true, None));
    assert_eq!(desk.apply(&text, false).await.unwrap().diff, dry.diff);
}

#[tokio::test]
async fn changes_are_shown_by_row_and_setting() {
    let mut desk = Desk::new();
    let text = desk.text();
    desk.apply(&text, false).await.unwrap();
    let changed = text
        .replace("pass_at = 80", "pass_at = 85")
        .replace("cooldown = \"180d\"\n", "")
        .replace("send_rate = \"5/s\"", "send_rate = \"6/s\"");
    desk.variables.insert("ACME_PY_KEY".to_owned(), "another-key".to_owned());
    let applied = desk.apply(&changed, false).await.unwrap();
    let expected = [
        "~ vendor py",
        "  ~ send_rate = \"5/s\" -> \"6/s\"",
        "~ trigger stage \"Phone Screen Passed\", vendor py, only Designer, Engineer",
        "  ~ pass_at = 80 -> 85",
        "  - cooldown = \"180d\"",
        "  lever.api_key: secret unchanged",
        "  lever.webhook_token.0: secret unchanged",
        "  lever.webhook_token.1: secret unchanged",
        "  vendor.games.api_key: secret unchanged",
        "  vendor.games.client_id: secret unchanged",
        "  vendor.games.client_secret: secret unchanged",
        "~ vendor.py.api_key: secret changed",
    ];
    assert_eq!(applied.diff, expected);
    assert_eq!(applied.report.version, 2);
    let (organization, secrets) = desk.stored().unwrap();
    assert_eq!(organization.rules.triggers[0].active_since, Timestamp::from_millis(2_000), "the row stayed the same");
    let age = |name: &str| secrets.iter().find(|s| s.name == name).unwrap().created_at;
    assert!(age("vendor.py.api_key") > age("lever.api_key"), "an unchanged secret keeps its age");
}

#[tokio::test]
async fn secrets_that_cannot_be_read_are_named_with_their_lines() {
    let mut desk = Desk::new();
    let text = desk.text();
    desk.variables.remove("ACME_LEVER_KEY");
    desk.variables.insert("PM_ID".to_owned(), "two\nlines".to_owned());
    desk.variables.insert("PM_KEY".to_owned(), " ".to_owned());
    desk.variables.insert("ACME_PY_KEY".to_owned(), "k".repeat(171));
    desk.folder.file("pm", "");
    std::fs::remove_file(desk.folder.path().join("t2")).unwrap();
    let failure = desk.apply(&text, false).await.unwrap_err();
    assert_eq!(failure.exit, Exit::Configuration);
    let expected = [
        ("ACME_LEVER_KEY", "ACME_LEVER_KEY is not set"),
        ("T1", "cannot be read"),
        ("ACME_PY_KEY", "171 characters long; at most 170"),
        ("PM_ID", "must be one line"),
        ("/pm", "is empty"),
        ("PM_KEY", "is empty"),
    ];
    assert_eq!(failure.sentences.len(), expected.len(), "{failure}");
    for (on_line, what) in expected {
        let line = text.lines().position(|l| l.contains(on_line)).unwrap() + 1;
        let start = format!("acme.toml:{line}: ");
        assert!(failure.sentences.iter().any(|s| s.starts_with(&start) && s.contains(what)), "{what}: {failure}");
    }
    assert!(desk.stored().is_none());
}

#[tokio::test]
async fn every_remote_that_cannot_be_asked_is_named_and_nothing_changes() {
    let mut desk = Desk::new();
    let text = desk.text();
    desk.remotes.lever = Some(RemoteError::Unauthorized("401".into()));
    desk.remotes.vendor = Some(RemoteError::Unavailable("connection refused".into()));
    let failure = desk.apply(&text, false).await.unwrap_err();
    assert_eq!((failure.exit, failure.sentences.len()), (Exit::Remote, 3), "{failure}");
    assert!(failure.sentences[0].starts_with("Lever (https://api.lever.co/v1)"), "{failure}");
    assert!(failure.sentences[0].ends_with("check lever.api_key"), "{failure}");
    assert!(failure.sentences[1].contains("vendor \"py\"") && failure.sentences[1].contains("try again"), "{failure}");
    assert!(desk.stored().is_none());
}

#[tokio::test]
async fn a_name_the_remotes_do_not_have_is_a_wrong_file() {
    let mut desk = Desk::new();
    let text = desk.text().replace("perform_as = \"user-1\"", "perform_as = \"user-2\"");
    let failure = desk.apply(&text, false).await.unwrap_err();
    assert_eq!(failure.exit, Exit::Configuration);
    assert!(failure.to_string().contains("lever.perform_as: Lever has no active user"), "{failure}");
    assert!(desk.stored().is_none());
}

#[tokio::test]
async fn a_secret_of_another_key_is_replaced() {
    let mut desk = Desk::new();
    let text = desk.text();
    desk.apply(&text, false).await.unwrap();
    let other = Vault::new(SecretKey::from_bytes([9; 32]));
    {
        let mut kept = desk.store.0.lock().unwrap();
        let (organization, secrets) = kept.as_mut().unwrap();
        secrets[0].sealed = other.seal(organization.id, &secrets[0].name, &SecretString::from("old"));
    }
    let applied = desk.apply(&text, false).await.unwrap();
    assert!(applied.diff.iter().any(|l| l.contains("could not be opened with this key")), "{:?}", applied.diff);
    assert!(!desk.apply(&text, false).await.unwrap().report.changed);
}
