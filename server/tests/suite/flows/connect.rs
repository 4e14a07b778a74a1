//! From an empty database to a first result, on pages alone and without scripts.

use std::time::Duration;

use app::address::encode;
use axum::http::StatusCode;
use domain::ports::desk::SetupDesk as _;
use domain::role::Role;

use super::on_both_engines;
use super::story::{PASSED, Story};
use crate::engine::Engine;
use crate::pages::browser::{Browser, Page};

const CONNECTIONS: &str = "/o/acme/connections";
pub const PASSWORD: &str = "several words are easy";

pub fn form(pairs: &[(&str, &str)]) -> String {
    let all: Vec<String> = pairs.iter().map(|(name, value)| format!("{}={}", encode(name), encode(value))).collect();
    all.join("&")
}

/// Sends a form of a page and goes where it leads.
pub async fn send(browser: &mut Browser, from: &str, path: &str, pairs: &[(&str, &str)]) -> Page {
    let answer = browser.post(from, path, &form(pairs)).await;
    assert!(answer.status.is_redirection(), "{path}: {} {}", answer.status, answer.body);
    let at = answer.location();
    let place = at.find("/o/").map_or(at, |start| &at[start..]).split('#').next().unwrap_or_default().to_owned();
    browser.get(&place).await
}

/// Someone with an account, signed in.
pub async fn account(story: &Story, email: &str, role: Role, organization: Option<uuid::Uuid>) -> Browser {
    let passwords = server::password::Passwords::new(argon2::Params::new(8, 1, 1, None).unwrap()).unwrap();
    let account = domain::ports::store::Account {
        id: server::ids::row(),
        email: domain::Personal::new(email),
        role,
        organization,
        password_hash: passwords.hash(PASSWORD.to_owned().into()).await.unwrap(),
        disabled: false,
    };
    let by = domain::audit::Author::on_command_line(domain::Clock::now(&*story.clock));
    story.assay.cx.store.create_account(account, &by).await.unwrap();
    let mut browser = Browser::new(story.assay.router());
    let entered = browser.sign_in(email, PASSWORD, "/").await;
    assert_eq!(entered.status, StatusCode::SEE_OTHER, "{}", entered.body);
    browser
}

/// Someone who comes by a link of this page.
async fn come(story: &Story, page: &str) -> Browser {
    let start = format!("{}/join/", story.base);
    let at = page.find(&start).expect("the page has a link");
    let path = page[at + story.base.len()..].split('"').next().unwrap().to_owned();
    let mut browser = Browser::new(story.assay.router());
    let entered = browser.post(&path, &path, &form(&[("password", PASSWORD)])).await;
    assert_eq!(entered.status, StatusCode::SEE_OTHER, "{}", entered.body);
    browser
}

/// The owner sets the instance up, creates Acme and invites its super admin, who comes.
async fn super_admin(story: &Story) -> Browser {
    let printed = story.assay.reception.set_up().await.unwrap().expect("nobody owns it yet");
    let path = printed.trim_start_matches(&story.base).to_owned();
    let mut owner = Browser::new(story.assay.router());
    let entered = owner.post(&path, &path, &form(&[("email", "own@example.org"), ("password", PASSWORD)])).await;
    assert_eq!(entered.status, StatusCode::SEE_OTHER, "{}", entered.body);
    let acme = [("name", "Acme"), ("slug", ""), ("timezone", "Europe/Berlin")];
    send(&mut owner, "/instance", "/app/organization-create", &acme).await.shows("Invite the first person");
    let sue = [("slug", "acme"), ("email", "sue@example.org"), ("role", "super-admin")];
    let page = send(&mut owner, "/o/acme/people", "/app/person-invite", &sue).await;
    come(story, &page.body).await
}

async fn store_key(story: &Story, sue: &mut Browser) -> Page {
    let pasted = format!("  {}\r\n", story.lever.api_key());
    let key = [("slug", "acme"), ("place", "other"), ("other", &story.lever.base_url()), ("key", pasted.as_str())];
    send(sue, CONNECTIONS, "/app/lever-key", &key).await
}

async fn connect_py(story: &Story, sue: &mut Browser) -> Page {
    let py = story.vendors.connection();
    let at = |field: &str| py["greenhouse"][field].as_str().unwrap_or_default().to_owned();
    let fields = ["api_key", "list_tests_url", "send_test_url", "test_status_url", "response_error_url"];
    let values = fields.map(at);
    let mut pairs = vec![
        ("slug", "acme"),
        ("vendor[kind]", "greenhouse-assessment"),
        ("vendor[name]", "Py"),
        ("vendor[tag_prefix]", "Py"),
        ("vendor[lowest]", "0"),
        ("vendor[highest]", "100"),
    ];
    let names = fields.map(|field| format!("vendor[{field}]"));
    pairs.extend(names.iter().map(String::as_str).zip(values.iter().map(String::as_str)));
    send(sue, CONNECTIONS, "/app/vendor-save", &pairs).await
}

async fn add_row(story: &Story, sue: &mut Browser) {
    let version = story.organization().await.version.to_string();
    let row = [
        ("slug", "acme"),
        ("version", version.as_str()),
        ("row", ""),
        ("draft[stage]", PASSED),
        ("draft[vendor]", "py"),
        ("draft[default_test]", "Backend screen"),
        ("draft[pass_at]", "80"),
        ("draft[fail_at]", "40"),
    ];
    send(sue, "/o/acme/triggers/new", "/app/trigger-save", &row).await.shows("was added");
}

/// The names of the signature tokens.
pub async fn codes(story: &Story) -> Vec<String> {
    let clerk = server::desk::Clerk { cx: story.assay.cx.clone(), wake: story.assay.wake.clone() };
    let tokens = clerk.held(story.organization().await.id).await.unwrap().tokens;
    tokens.into_iter().map(|token| token.code).collect()
}

on_both_engines! {
    async fn from_an_empty_database_to_a_first_pass_on_pages_alone(engine: Engine) {
        let story = Story::empty(engine).await;
        let mut sue = super_admin(&story).await;
        sue.get(CONNECTIONS).await.shows("Not live: nothing is sent").shows("none stored").hides("Go live</");

        let page = store_key(&story, &mut sue).await;
        page.shows("Lever accepted the key").shows("Key stored").shows("Choose a user").hides(story.lever.api_key());
        let user = [("slug", "acme"), ("user", story.lever.perform_as())];
        send(&mut sue, CONNECTIONS, "/app/lever-user", &user).await.shows("in the name of this user");
        send(&mut sue, CONNECTIONS, "/app/hooks-create", &[("slug", "acme")]).await
            .shows("The webhooks are made").shows("Waiting for the first event").shows("candidateDeleted, made by Assay");
        connect_py(&story, &mut sue).await.shows("The vendor told its tests").shows("Connected, ");
        add_row(&story, &mut sue).await;
        sue.get(CONNECTIONS).await.shows("All is there; 1 trigger stage is on").shows("Go live");

        let ada = story.person("ada+pass@example.com");
        story.pass(&ada);
        story.settle().await;
        assert!(story.invitations("ada+pass@example.com").is_empty(), "nothing is sent before someone goes live");
        assert!(story.decisions(&ada).await[0].contains("not live"), "and the candidate's page says why");

        let calls = story.lever.journal().iter().filter(|c| c.method != "GET").count();
        let page = sue.get("/o/acme/connections?show=dry-run").await;
        page.shows("Ada Test").shows("Would be invited").shows("Py would mail the invitation to ada+pass@example.com.");
        page.shows("the tag Py - Sent, and with the result one of Py - Pass, Py - Needs Review, Py - Fail");
        assert_eq!(story.lever.journal().iter().filter(|c| c.method != "GET").count(), calls, "a dry run writes nothing");
        assert!(story.invitations("ada+pass@example.com").is_empty(), "and sends nothing");
        send(&mut sue, CONNECTIONS, "/app/go-live", &[("slug", "acme")]).await.shows("Live: candidates who enter");
        let bea = story.person("bea+pass@example.com");
        story.pass(&bea);
        story.settle().await;
        assert_eq!(story.status_tags(&bea), ["Py - Sent"]);
        story.take_test("bea+pass@example.com").await;
        assert_eq!(story.status_tags(&bea), ["Py - Pass"]);
        sue.get(CONNECTIONS).await.shows("Verified").shows("Last event from Lever");
        sue.get(&format!("/o/acme/candidates/{bea}")).await.shows("Pass");

        let audit = sue.get("/o/acme/audit").await;
        audit.shows("lever.api_key: secret stored").shows("Resumed the organization").shows("sue@example.org");
        audit.hides(story.lever.api_key()).hides(story.lever.webhook_token());
        assert!(story.assay.cx.store.verify_audit().await.unwrap().iter().all(|c| c.broken_at.is_none()));
        send(&mut sue, CONNECTIONS, "/app/pause", &[("slug", "acme")]).await.shows("Paused: nobody is invited");
        story.end().await;
    }

    async fn what_a_remote_does_not_accept_is_not_stored(engine: Engine) {
        let story = Story::empty(engine).await;
        let mut sue = super_admin(&story).await;
        let lever = story.lever.base_url().to_owned();
        let with = |key: &'static str, other: &'static str| vec![("slug", "acme"), ("place", "other"), ("other", other), ("key", key)];
        let wrong = [("slug", "acme"), ("place", "other"), ("other", lever.as_str()), ("key", "wrong")];
        send(&mut sue, CONNECTIONS, "/app/lever-key", &wrong).await.shows("Lever does not know this key").shows(&format!("value=\"{lever}\""));
        for (key, other, said) in [
            ("", "http://127.0.0.1:9/v1", "API key: nothing was typed"),
            ("two words", "http://127.0.0.1:9/v1", "a space or a line end inside"),
            ("k", "http://127.0.0.1:9/v1", "Lever could not be asked"),
            ("k", "lever", "Address: "),
        ] {
            send(&mut sue, CONNECTIONS, "/app/lever-key", &with(key, other)).await.shows(said).shows("Nothing was changed");
        }
        assert_eq!(story.organization().await.version, 1, "nothing of it was kept");
        send(&mut sue, CONNECTIONS, "/app/go-live", &[("slug", "acme")]).await.shows("store a Lever key first");

        store_key(&story, &mut sue).await;
        story.lever.set_faults(server::sandbox::lever::Faults { html_next: 9, ..Default::default() });
        sue.get("/o/acme/connections?show=users").await.shows("could not be asked");
        story.lever.set_faults(server::sandbox::lever::Faults::default());
        let nobody = [("slug", "acme"), ("user", "nobody")];
        send(&mut sue, CONNECTIONS, "/app/lever-user", &nobody).await.shows("no such active user");
        let py = [("slug", "acme"), ("vendor[kind]", "greenhouse-assessment"), ("vendor[name]", "Py"), ("vendor[tag_prefix]", "Py"), ("vendor[api_key]", "k"),
            ("vendor[list_tests_url]", lever.as_str()), ("vendor[send_test_url]", lever.as_str()), ("vendor[test_status_url]", lever.as_str()), ("vendor[response_error_url]", lever.as_str())];
        send(&mut sue, CONNECTIONS, "/app/vendor-save", &py).await.shows("Py could not be asked");
        assert_eq!(story.organization().await.rules.vendors, []);
        story.end().await;
    }

    async fn a_permission_that_is_missing_shows_and_nothing_changes_in_lever(engine: Engine) {
        let story = Story::empty(engine).await;
        let mut sue = super_admin(&story).await;
        story.person("ada@example.com");
        store_key(&story, &mut sue).await;
        let before = story.lever.opportunities().len();
        let missing = vec!["opportunities:write".to_owned(), "webhooks:read".to_owned()];
        story.lever.set_faults(server::sandbox::lever::Faults { missing_permissions: missing, ..Default::default() });
        let page = sue.get("/o/acme/connections?show=permissions").await;
        page.shows("Add candidate tags").shows("may not do this").shows("Could not tell").shows("Lever answered");
        assert_eq!(story.lever.opportunities().len(), before);
        let changed = story.lever.journal().iter().filter(|c| c.method != "GET" && c.status < 300).count();
        assert_eq!(changed, 0, "no call that changes something was accepted");
        send(&mut sue, CONNECTIONS, "/app/hooks-create", &[("slug", "acme")]).await
            .shows("Lever does not let this key make and remove webhooks");
        story.lever.set_faults(server::sandbox::lever::Faults::default());
        sue.get("/o/acme/connections?show=permissions").await.hides("may not do this").shows("a candidate that does not exist");
        let client = story.assay.cx.directory.by_id(story.organization().await.id).unwrap().ats.stages().await;
        assert!(client.is_ok());
        story.end().await;
    }

    async fn both_tokens_verify_during_a_rotation_and_a_replaced_key_is_used_at_once(engine: Engine) {
        let story = Story::begin(engine).await;
        let acme = story.organization().await.id;
        let mut sue = account(&story, "sue@example.org", Role::SuperAdmin, Some(acme)).await;
        let token = [("slug", "acme"), ("token", " another-token\n")];
        send(&mut sue, CONNECTIONS, "/app/hook-token", &token).await.shows("It ends in oken");
        send(&mut sue, CONNECTIONS, "/app/hook-token", &token).await.shows("this one is stored already");
        let ada = story.person("ada@example.com");
        story.pass(&ada);
        story.settle().await;
        assert_eq!(story.status_tags(&ada), ["Py - Sent"], "the old token still verifies");
        let first = [("slug", "acme".to_owned()), ("code", codes(&story).await.remove(0))];
        let first = first.each_ref().map(|(name, value)| (*name, value.as_str()));
        send(&mut sue, CONNECTIONS, "/app/hook-token-remove", &first).await.shows("Removed");
        // A second tab still shows it: what stands in its place now is not removed instead.
        send(&mut sue, CONNECTIONS, "/app/hook-token-remove", &first).await.hides("Removed");
        assert_eq!(codes(&story).await.len(), 1);
        let bea = story.person("bea@example.com");
        story.pass(&bea);
        story.settle().await;
        assert!(story.status_tags(&bea).is_empty(), "what it signs is refused now");
        sue.get(CONNECTIONS).await.shows("Not accepted at").shows("fits none of the stored tokens");
        // What was typed on a page can still be exported and applied.
        let file = story.file_again().await;
        assert!(file.contains("{ stored = true }"), "{file}");
        story.assay.apply(&file, "again.toml", "a test").await.unwrap();
        story.sweep().await;
        assert_eq!(story.status_tags(&bea), ["Py - Sent"], "the sweep finds who was missed");
        let remove = [("slug", "acme"), ("vendor", "py")];
        send(&mut sue, CONNECTIONS, "/app/vendor-remove", &remove).await.shows("1 trigger stages send its tests");
        story.end().await;
    }

    async fn webhooks_and_the_key_are_taken_away_and_what_came_meanwhile_is_not_lost(engine: Engine) {
        let story = Story::begin(engine).await;
        let acme = story.organization().await.id;
        let mut sue = account(&story, "sue@example.org", Role::SuperAdmin, Some(acme)).await;
        let only_acme = [("slug", "acme")];
        let remove = async |sue: &mut Browser| send(sue, CONNECTIONS, "/app/hooks-remove", &only_acme).await;
        remove(&mut sue).await.shows("Lever has no webhook that Assay made");
        send(&mut sue, CONNECTIONS, "/app/hooks-create", &only_acme).await.shows("The webhooks are made");
        let ada = story.person("ada+pass@example.com");
        story.pass(&ada);
        story.settle().await;
        assert_eq!(story.status_tags(&ada), ["Py - Sent"]);
        sue.get(CONNECTIONS).await.shows("Which events come").shows("candidateStageChange").shows("last used");
        remove(&mut sue).await.shows("are gone in Lever");

        send(&mut sue, CONNECTIONS, "/app/lever-key-remove", &only_acme).await
            .shows("The key is removed and nothing is sent any more").shows("none stored").shows("Not live");
        send(&mut sue, CONNECTIONS, "/app/lever-key-remove", &only_acme).await.shows("no Lever key is stored");
        send(&mut sue, CONNECTIONS, "/app/go-live", &only_acme).await.shows("store a Lever key first");
        sue.get("/o/acme/audit").await.shows("lever.api_key: secret removed").shows("Paused the organization");
        let calls = story.calls().len();
        story.take_test("ada+pass@example.com").await;
        story.later(Duration::from_mins(10)).await;
        assert_eq!(story.calls().len(), calls, "nothing in Lever is read or written");
        assert_eq!(story.status_tags(&ada), ["Py - Sent"]);

        store_key(&story, &mut sue).await.shows("Lever accepted the key");
        story.later(Duration::from_hours(2)).await;
        story.sweep().await;
        assert_eq!(story.status_tags(&ada), ["Py - Pass"], "the result that came meanwhile is written");
        story.end().await;
    }

    async fn an_earlier_version_is_put_in_force_again_and_nobody_is_invited_by_that(engine: Engine) {
        let story = Story::empty(engine).await;
        let mut sue = super_admin(&story).await;
        store_key(&story, &mut sue).await;
        let user = [("slug", "acme"), ("user", story.lever.perform_as())];
        send(&mut sue, CONNECTIONS, "/app/lever-user", &user).await;
        connect_py(&story, &mut sue).await;
        add_row(&story, &mut sue).await;
        let with_row = story.organization().await.version;
        let stage = format!("{}~py", story.lever.stage_id(PASSED).unwrap());
        let remove = [("slug", "acme"), ("version", &with_row.to_string()), ("row", &stage)];
        send(&mut sue, "/o/acme/triggers", "/app/trigger-remove", &remove).await.shows("was removed");
        send(&mut sue, CONNECTIONS, "/app/go-live", &[("slug", "acme")]).await.shows("add a trigger stage first");
        let ada = story.person("ada@example.com");
        story.pass(&ada);
        story.settle().await;

        let page = sue.get("/o/acme/history").await;
        page.shows("In force").shows("- trigger stage").shows("+ vendor py").shows("sue@example.org").shows("own@example.org");
        page.hides(story.lever.api_key());
        let in_force = story.organization().await.version.to_string();
        let stale = [("slug", "acme"), ("version", "1"), ("to", &with_row.to_string())];
        send(&mut sue, "/o/acme/history", "/app/history-restore", &stale).await.shows("changed the rules of this organization");
        let back = [("slug", "acme"), ("version", in_force.as_str()), ("to", &with_row.to_string())];
        send(&mut sue, "/o/acme/history", "/app/history-restore", &back).await.shows("In force again, as version");
        assert_eq!(story.organization().await.rules.triggers.len(), 1);
        send(&mut sue, CONNECTIONS, "/app/go-live", &[("slug", "acme")]).await.shows("Live:");
        story.sweep().await;
        assert!(story.invitations("ada@example.com").is_empty(), "who stood there meanwhile is not invited");
        let in_force = story.organization().await.version.to_string();
        let first = [("slug", "acme"), ("version", in_force.as_str()), ("to", "1")];
        send(&mut sue, "/o/acme/history", "/app/history-restore", &first).await.shows("In force again");
        let rules = story.organization().await.rules;
        assert!(rules.vendors.is_empty() && rules.lever.perform_as == story.lever.perform_as());
        story.end().await;
    }
}
