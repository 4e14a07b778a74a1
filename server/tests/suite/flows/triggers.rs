//! A super admin sets trigger stages up from the page, without client code.

use app::address::encode;
use axum::http::StatusCode;
use domain::Personal;
use domain::order::OrderState;
use domain::ports::store::Account;
use domain::role::Role;
use secrecy::SecretString;

use super::on_both_engines;
use super::story::{ONSITE, PASSED, Story};
use crate::engine::Engine;
use crate::pages::browser::{Browser, Page};

const PASSWORD: &str = "correct horse battery";
const LIST: &str = "/o/acme/triggers";
const POSTING: &str = "Frontend Engineer";

/// A super admin of the story's organization, signed in.
async fn super_admin(story: &Story, email: &str) -> Browser {
    let passwords = server::password::Passwords::new(argon2::Params::new(8, 1, 1, None).unwrap()).unwrap();
    let account = Account {
        id: server::ids::row(),
        email: Personal::new(email),
        role: Role::SuperAdmin,
        organization: Some(story.organization().await.id),
        password_hash: passwords.hash(SecretString::from(PASSWORD)).await.unwrap(),
        disabled: false,
    };
    story
        .assay
        .cx
        .store
        .create_account(account, &domain::audit::Author::on_command_line(domain::Clock::now(&*story.clock)))
        .await
        .unwrap();
    let mut browser = Browser::new(story.assay.router());
    let answer = browser.sign_in(email, PASSWORD, "/").await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
    browser
}

/// The form's fields; `more` are further pairs.
fn fields(version: i64, row: &str, more: &[(&str, &str)]) -> String {
    let fixed = [("slug", "acme".to_owned()), ("version", version.to_string()), ("row", row.to_owned())];
    let mut pairs: Vec<String> = fixed.iter().map(|(name, value)| format!("{name}={}", encode(value))).collect();
    pairs.extend(more.iter().map(|(name, value)| format!("{}={}", encode(name), encode(value))));
    pairs.join("&")
}

const SCREEN: [(&str, &str); 5] = [
    ("draft[stage]", PASSED),
    ("draft[vendor]", "py"),
    ("draft[default_test]", "Backend screen"),
    ("draft[pass_at]", "80"),
    ("draft[fail_at]", "40"),
];

async fn post(browser: &mut Browser, from: &str, path: &str, form: &str) -> Page {
    let answer = browser.post(from, path, form).await;
    assert_eq!(answer.status, StatusCode::FOUND, "{}", answer.body);
    answer
}

/// The page a form led to.
async fn follow(browser: &mut Browser, answer: &Page) -> Page {
    let at = answer.location();
    let path = at.find("/o/").map_or(at, |start| &at[start..]).to_owned();
    let page = browser.get(&path).await;
    assert_eq!(page.status, StatusCode::OK, "{path}: {}", page.body);
    page
}

async fn row(story: &Story) -> String {
    format!("{}~py", story.lever.stage_id(PASSED).unwrap())
}

on_both_engines! {
    async fn a_row_is_added_switched_off_and_undone_from_the_page(engine: Engine) {
        let story = Story::with(engine, "").await;
        let mut browser = super_admin(&story, "sue@example.org").await;
        browser.get(LIST).await.shows("No trigger stages yet");
        browser.get("/o/acme/triggers/new").await.shows(PASSED).shows("Backend screen").shows("name=\"draft[stage]\"");

        let answer = post(&mut browser, LIST, "/app/trigger-save", &fields(1, "", &SCREEN)).await;
        follow(&mut browser, &answer).await.shows("was added").shows("Undo").shows("Already in the stage");
        story.clock.advance(std::time::Duration::from_secs(1));
        let ada = story.person("ada@example.com");
        story.pass(&ada);
        story.settle().await;
        assert_eq!(story.invitation("ada@example.com").test_name, "Backend screen");
        assert_eq!(story.organization().await.version, 2);
        let stored = story.assay.cx.store.configuration(story.organization().await.id, 2).await.unwrap();
        assert_eq!(stored.author, "sue@example.org");
        browser.get(LIST).await.shows("1 ordered").shows("pass at 80 or above; fail at 40 or below");

        let off = fields(2, &row(&story).await, &[("to", "off")]);
        let answer = post(&mut browser, LIST, "/app/trigger-switch", &off).await;
        follow(&mut browser, &answer).await.shows("was switched off").shows("Undo").shows("Switch on");
        let bea = story.person("bea@example.com");
        story.pass(&bea);
        story.settle().await;
        story.sweep().await;
        assert!(story.orders(&bea).await.is_empty() && story.decisions(&bea).await.is_empty());
        assert!(!story.file_again().await.contains("enabled = true") && story.file_again().await.contains("enabled = false"));

        let undo = fields(3, "", &[("to", "2")]);
        let answer = post(&mut browser, LIST, "/app/trigger-undo", &undo).await;
        follow(&mut browser, &answer).await.shows("Switch off");
        story.sweep().await;
        assert_eq!(story.state(&bea).await, OrderState::Invited, "as if it had never been off");
        story.end().await;
    }

    async fn who_is_there_already_is_invited_on_request_only(engine: Engine) {
        let story = Story::with(engine, "").await;
        let (ada, bea) = (story.person("ada@example.com"), story.person("bea@example.com"));
        for person in [&ada, &bea] {
            story.pass(person);
        }
        story.settle().await;
        let mut browser = super_admin(&story, "sue@example.org").await;
        let answer = post(&mut browser, LIST, "/app/trigger-save", &fields(1, "", &SCREEN)).await;
        let page = follow(&mut browser, &answer).await;
        page.shows("already there").shows("Gets Backend screen").shows(&format!("value=\"{ada}\""));
        story.sweep().await;
        assert!(story.decisions(&ada).await[0].contains("already in this stage"));

        let row = row(&story).await;
        let form = format!("slug=acme&row={}&opportunities%5B%5D={ada}", encode(&row));
        let from = format!("{LIST}/{row}");
        let answer = post(&mut browser, &from, "/app/trigger-invite-present", &form).await;
        let page = follow(&mut browser, &answer).await;
        page.shows("1 candidate is being invited");
        post(&mut browser, &from, "/app/trigger-invite-present", &form).await;
        story.settle().await;
        assert_eq!(story.state(&ada).await, OrderState::Invited);
        assert_eq!(story.invitations("ada@example.com").len(), 1, "asked twice, invited once");
        let said = story.decisions(&ada).await;
        assert!(said.len() == 1 && said[0].contains("sue@example.org asked for it"), "{said:?}");
        let told = story.timeline(&ada).await.join("\n");
        assert!(told.contains("Not invited: already") && told.contains("sue@example.org asked to invite"), "{told}");
        assert!(story.orders(&bea).await.is_empty(), "nobody asked for her");
        let page = browser.get(&from).await;
        page.hides(&format!("value=\"{ada}\"")).shows(&format!("value=\"{bea}\""));
        story.lever.move_stage(&bea, ONSITE);
        story.lever.drop_hooks();
        let form = form.replace(&ada, &bea);
        post(&mut browser, &from, "/app/trigger-invite-present", &form).await;
        story.settle().await;
        assert!(story.orders(&bea).await.is_empty(), "she had left meanwhile");
        story.end().await;
    }

    async fn who_comes_second_is_told_and_keeps_what_was_typed(engine: Engine) {
        let story = Story::begin(engine).await;
        let (mut sue, mut tom) =
            (super_admin(&story, "sue@example.org").await, super_admin(&story, "tom@example.org").await);
        let row = row(&story).await;
        let form = format!("{LIST}/{row}");
        let mut typed = SCREEN;
        typed[3].1 = "85.5";
        post(&mut tom, &form, "/app/trigger-save", &fields(1, &row, &typed)).await;
        typed[3].1 = "77.25";
        let answer = post(&mut sue, &form, "/app/trigger-save", &fields(1, &row, &typed)).await;
        let page = follow(&mut sue, &answer).await;
        page.shows("tom@example.org changed the rules").shows("Nothing was saved").shows("pass at 85.5 or above");
        page.shows("value=\"77.25\"").shows("name=\"version\" value=\"2\"");
        assert_eq!(story.organization().await.rules.triggers[0].thresholds.pass_at, Some(85.5));
        let json = sue.call("/app/trigger-save", "application/x-www-form-urlencoded", &fields(1, &row, &typed)).await;
        assert_eq!(json.status, StatusCode::CONFLICT);

        let answer = post(&mut sue, &form, "/app/trigger-save", &fields(2, &row, &typed)).await;
        follow(&mut sue, &answer).await.shows("was changed").shows("pass at 77.25 or above");
        typed[4].1 = "77.25";
        let answer = post(&mut sue, &form, "/app/trigger-save", &fields(3, &row, &typed)).await;
        follow(&mut sue, &answer).await.shows("Not saved").shows("77.25 must be below the pass threshold");
        assert_eq!(story.organization().await.version, 3);
        story.end().await;
    }

    async fn a_remote_that_does_not_answer_is_named_and_nothing_changes(engine: Engine) {
        let story = Story::begin(engine).await;
        let mut browser = super_admin(&story, "sue@example.org").await;
        let row = row(&story).await;
        let form = format!("{LIST}/{row}");
        let mut typed = SCREEN;
        typed[3].1 = "90";
        story.lever.update_faults(|f| f.error_next = 20);
        let answer = post(&mut browser, &form, "/app/trigger-save", &fields(1, &row, &typed)).await;
        let page = follow(&mut browser, &answer).await;
        page.shows("Lever could not be asked").shows("Not saved").shows("value=\"90\"");
        story.lever.update_faults(|f| f.error_next = 0);
        assert_eq!(story.organization().await.version, 1);
        assert_eq!(story.organization().await.rules.triggers[0].thresholds.pass_at, Some(80.0));
        story.end().await;
    }

    async fn an_order_that_was_not_sent_stops_with_its_row(engine: Engine) {
        let story = Story::begin(engine).await;
        let mut browser = super_admin(&story, "sue@example.org").await;
        story.vendors.update_faults(|f| f.send = server::sandbox::vendors::SendFault::Refuse503);
        let ada = story.person("ada@example.com");
        story.pass(&ada);
        story.settle().await;
        assert_eq!(story.state(&ada).await, OrderState::Planned);
        let off = fields(1, &row(&story).await, &[("to", "off")]);
        post(&mut browser, LIST, "/app/trigger-switch", &off).await;
        story.vendors.update_faults(|f| f.send = server::sandbox::vendors::SendFault::None);
        story.later(std::time::Duration::from_secs(3_600)).await;
        assert_eq!(story.state(&ada).await, OrderState::Cancelled);
        assert!(story.invitations("ada@example.com").is_empty());
        story.end().await;
    }

    async fn postings_whose_tag_nearly_names_a_test_are_listed_for_the_rows_that_cover_them(engine: Engine) {
        let story = Story::with(engine, &format!("[[trigger_stage]]\nstage = {PASSED:?}\nvendor = \"py\"\n")).await;
        let mut sue = super_admin(&story, "sue@example.org").await;
        let page = format!("{LIST}/{}~py", story.lever.stage_id(PASSED).unwrap());
        let lists = || story.lever.journal().iter().filter(|call| call.path.ends_with("/postings")).count();
        let before = lists();
        sue.get(&page).await.hides("Tags that nearly name a test");
        story.lever.tag_posting(POSTING, "backend Screen");
        sue.get(&page).await.shows("is a posting with the tag “backend Screen”, which is not “Backend screen”");
        assert_eq!(lists() - before, 2, "the list of postings is read once for each page");
        // With the right tag beside it nobody is missed.
        story.lever.tag_posting(POSTING, "Backend screen");
        sue.get(&page).await.hides("Tags that nearly name a test");
        story.end().await;
    }

    async fn a_tag_that_nearly_names_a_test_is_mended_with_one_press(engine: Engine) {
        let story = Story::with(engine, &format!("[[trigger_stage]]\nstage = {PASSED:?}\nvendor = \"py\"\n")).await;
        let ada = story.tagged("ada+pass@example.com", &["backend screen"]);
        let bea = story.tagged("bea@example.com", &["something else"]);
        for person in [&ada, &bea] {
            story.pass(person);
        }
        story.settle().await;
        assert!(story.invitations("ada+pass@example.com").is_empty(), "a near miss is named, never obeyed");
        let mut sue = super_admin(&story, "sue@example.org").await;
        let row = format!("{}~py", story.lever.stage_id(PASSED).unwrap());
        let page = format!("{LIST}/{row}");
        sue.get(&page).await.shows("Tags that nearly name a test").shows("which is not “Backend screen”").hides("something else");
        let form = |test: &str| format!("slug=acme&row={row}&opportunity={ada}&test={}", encode(test));
        post(&mut sue, &page, "/app/trigger-mend-tag", &form("No such test")).await.shows("no test");
        // Twice is once.
        for _ in 0..2 {
            post(&mut sue, &page, "/app/trigger-mend-tag", &form("Backend screen")).await;
        }
        story.settle().await;
        story.invitation("ada+pass@example.com");
        assert_eq!(story.tags(&ada), ["backend screen", "Backend screen", "Py - Sent"], "the other tag stays");
        sue.get(&page).await.hides("Tags that nearly name a test");
        story.end().await;
    }
}
