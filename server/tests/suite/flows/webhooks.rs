//! Webhooks that Assay makes, and people who change connections at the same time.

use domain::role::Role;
use server::sandbox::lever::Faults;

use super::connect::{account, codes, send};
use super::on_both_engines;
use super::story::Story;
use crate::engine::Engine;
use crate::pages::browser::{Browser, Page};

const CONNECTIONS: &str = "/o/acme/connections";

async fn sue(story: &Story) -> Browser {
    let acme = story.organization().await.id;
    account(story, "sue@example.org", Role::SuperAdmin, Some(acme)).await
}

async fn make(sue: &mut Browser) -> Page {
    send(sue, CONNECTIONS, "/app/hooks-create", &[("slug", "acme")]).await
}

/// Someone is moved, and the webhook tells it.
async fn is_told(story: &Story, email: &str) {
    let person = story.person(email);
    story.pass(&person);
    story.settle().await;
    assert_eq!(story.status_tags(&person), ["Py - Sent"], "{email}");
}

on_both_engines! {
    async fn webhooks_that_cannot_be_made_anew_leave_those_of_before(engine: Engine) {
        let story = Story::begin(engine).await;
        let mut sue = sue(&story).await;
        make(&mut sue).await.shows("The webhooks are made");
        let before = (story.lever.webhooks(), codes(&story).await);
        for nth in 1..=4 {
            story.lever.set_faults(Faults { refuse_webhook: Some(nth), ..Faults::default() });
            let page = make(&mut sue).await;
            page.shows("Lever could not be asked").hides("The webhooks are made");
            story.lever.set_faults(Faults::default());
            assert_eq!((story.lever.webhooks(), codes(&story).await), before, "the {nth}th was refused");
        }
        is_told(&story, "ada@example.com").await;
        story.end().await;
    }

    async fn a_token_that_someone_stored_is_never_dropped_for_those_of_assay(engine: Engine) {
        let story = Story::begin(engine).await;
        let mut sue = sue(&story).await;
        let (typed, by_hand) = (codes(&story).await.remove(0), story.lever.webhooks().len());
        for _ in 0..8 {
            make(&mut sue).await.shows("The webhooks are made");
            assert_eq!(story.lever.webhooks().len(), by_hand + 4, "those of before are gone, those made by hand stay");
            let held = codes(&story).await;
            assert!(held.contains(&typed) && held.len() <= 1 + 2 * 4, "{held:?}");
        }
        is_told(&story, "ada@example.com").await;
        let gone = send(&mut sue, CONNECTIONS, "/app/hooks-remove", &[("slug", "acme")]).await;
        gone.shows("are gone in Lever").hides("made by Assay");
        assert!(codes(&story).await.contains(&typed));
        story.end().await;
    }

    async fn a_vendor_that_someone_changed_meanwhile_is_not_changed_back(engine: Engine) {
        let story = Story::begin(engine).await;
        let mut sue = sue(&story).await;
        let seen = story.organization().await;
        let py = seen.rules.vendor("py").unwrap().clone();
        let domain::rules::Contract::GreenhouseAssessment { list_tests_url, send_test_url, test_status_url, response_error_url, .. } = &py.contract else { panic!("Py") };
        let version = seen.version.to_string();
        let form = |name: &str, prefix: &str, version: &str| {
            [("slug", "acme"), ("version", version), ("vendor[id]", "py"), ("vendor[kind]", "greenhouse-assessment"), ("vendor[name]", name),
             ("vendor[tag_prefix]", prefix), ("vendor[lowest]", "0"), ("vendor[highest]", "100"), ("vendor[list_tests_url]", list_tests_url),
             ("vendor[send_test_url]", send_test_url), ("vendor[test_status_url]", test_status_url), ("vendor[response_error_url]", response_error_url)]
                .map(|(name, value)| (name.to_owned(), value.to_owned()))
        };
        let mut save = async |fields: [(String, String); 12]| {
            let fields: Vec<_> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
            send(&mut sue, CONNECTIONS, "/app/vendor-save", &fields).await
        };
        save(form("Py", "PyA", &version)).await.shows("is connected");
        let refused = save(form("Py tests", "Py", &version)).await;
        refused.shows("changed the rules of this organization").shows("value=\"Py tests\"");
        let now = story.organization().await;
        assert_eq!(now.rules.vendor("py").unwrap().tag_prefix, "PyA", "nobody's change is lost");
        save(form("Py tests", "PyA", &now.version.to_string())).await.shows("is connected");
        story.end().await;
    }

    async fn a_key_without_a_permission_says_which_and_hinders_nothing_else(engine: Engine) {
        let story = Story::begin(engine).await;
        let mut sue = sue(&story).await;
        let missing = ["users:read", "postings:read"].map(str::to_owned).to_vec();
        story.lever.set_faults(Faults { missing_permissions: missing, ..Faults::default() });
        sue.get("/o/acme/connections?show=users").await.shows("Lever does not let this key list users");
        let page = sue.get("/o/acme/triggers/new").await;
        page.shows("does not let this key list postings").shows("On-site").hides("does not let this key list stages");
        let version = story.organization().await.version.to_string();
        let row = [("slug", "acme"), ("version", version.as_str()), ("row", ""), ("draft[stage]", "On-site"), ("draft[vendor]", "py"), ("draft[default_test]", "Backend screen")];
        send(&mut sue, "/o/acme/triggers/new", "/app/trigger-save", &row).await.shows("was added");
        story.end().await;
    }
}
