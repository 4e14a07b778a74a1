//! People come by links, and whoever manages them sees what happened.

use std::sync::Arc;

use axum::http::StatusCode;
use domain::role::Role;
use secrecy::SecretString;
use server::config::SecretKey;
use server::mail::Mailer;
use server::people::Reception;
use server::remote::Http;
use server::secrets::Vault;

use super::browser::Browser;
use super::world::{PASSWORD, World, email, world, world_with, world_without_people};
use crate::post::PostOffice;

const PEOPLE: &str = "/o/acme/people";
const LONG: &str = "several words are easy";

/// The first link on a page that is to be handed over, as a path of this server.
fn link(page: &str) -> String {
    let at = page.find("https://assay.example/join/").expect("the page has a link");
    page[at..].split('"').next().unwrap().trim_start_matches("https://assay.example").to_owned()
}

async fn id_of(world: &World, role: Role) -> uuid::Uuid {
    world.store.account_by_email(&email(role)).await.unwrap().unwrap().id
}

async fn choose(browser: &mut Browser, path: &str, password: &str) -> (StatusCode, String) {
    let answer =
        browser.post(path, path, &format!("email=ignored@example.org&password={}", password.replace(' ', "+"))).await;
    (answer.status, answer.body)
}

#[tokio::test]
async fn the_first_owner_comes_by_the_address_that_was_printed_once() {
    let world = world_without_people().await;
    let first = world.reception.set_up().await.unwrap().unwrap();
    let printed = world.reception.set_up().await.unwrap().unwrap();
    let path = |address: &str| address.trim_start_matches("https://assay.example").to_owned();
    let mut browser = world.browser();
    assert_eq!(browser.get(&path(&first)).await.status, StatusCode::GONE, "a later start makes a new one");
    let path = path(&printed);
    browser.get("/sign-in").await.shows("Nobody owns this instance yet").shows("where the server was started");
    browser.get(&path).await.shows("Set up Assay").shows("Nobody owns this instance yet").hides("<script");
    let both = browser.post(&path, &path, "email=me&password=short").await;
    both.shows("E-mail: write it as name@example.com").shows("12 to 128 characters; this one has 5");
    let refused = browser.post(&path, &path, "email=me&password=several+words+are+easy").await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    refused.shows("E-mail: write it as name@example.com").shows("value=\"me\"");
    let entered = browser.post(&path, &path, "email=Own%40Example.org&password=several+words+are+easy").await;
    assert_eq!((entered.status, entered.location()), (StatusCode::SEE_OTHER, "/instance"));
    browser.get("/instance").await.shows("own@example.org").shows("New organization");
    browser.get("/audit").await.shows("Set up this instance: own@example.org");
    assert_eq!(world.reception.set_up().await.unwrap(), None, "there is an owner now");
    world.browser().get("/sign-in").await.hides("Nobody owns this instance");
    assert_eq!(world.browser().get(&path).await.status, StatusCode::GONE);
}

/// A world whose mail goes to a post office.
async fn world_with_mail() -> (World, PostOffice) {
    let office = PostOffice::open().await;
    let url = SecretString::from(format!("smtp://{}", office.address));
    let world = world_with(|parts| {
        let mailer = Mailer::new(&url, "Assay <assay@example.com>").unwrap();
        let vault = Vault::new(SecretKey::from_bytes([7; 32]));
        let (store, clock) = (Arc::clone(&parts.store), Arc::clone(&parts.clock));
        let public_url = "https://assay.example".to_owned();
        let reception = Reception::new(store, vault, clock, public_url, Some(mailer), Http::new(true).unwrap());
        parts.reception = Arc::new(reception);
    });
    (world.await, office)
}

#[tokio::test]
async fn links_are_mailed_and_lead_in() {
    let (world, office) = world_with_mail().await;
    let mut admin = world.signed_in(Role::SuperAdmin).await;
    let invite = "slug=acme&email=zo%C3%AB.o%27neil%40example.org&role=recruiter";
    let page = admin.submit("/app/person-invite", invite, PEOPLE).await;
    assert_eq!(office.taken().len(), 0, "an address with a letter that mail does not carry: {}", page.status);
    let page = admin.submit("/app/person-invite", "slug=acme&email=zoe%40example.org&role=recruiter", PEOPLE).await;
    page.shows("The link is mailed, and stands below");
    let mail = office.taken().pop().unwrap();
    assert_eq!((mail.from.as_str(), mail.to.as_slice()), ("assay@example.com", &["zoe@example.org".to_owned()][..]));
    assert!(mail.data.contains("Subject: You are invited to Assay at Acme"), "{}", mail.data);
    let text = mail.text();
    let path = text.lines().find_map(|l| l.trim().strip_prefix("https://assay.example")).expect("a link").to_owned();
    let (status, _) = choose(&mut world.browser(), &path, LONG).await;
    assert_eq!(status, StatusCode::SEE_OTHER, "the link of the mail opens");

    let zoe = world.store.account_by_email("zoe@example.org").await.unwrap().unwrap().id;
    admin
        .submit("/app/person-reset", &format!("slug=acme&account={zoe}"), PEOPLE)
        .await
        .shows("is mailed, and stands beside");
    assert!(office.taken().pop().unwrap().data.contains("Subject: A new password for Assay"));
    let refused = "slug=acme&email=refused%40example.org&role=recruiter";
    let page = admin.submit("/app/person-invite", refused, PEOPLE).await;
    page.shows("no such mailbox").shows("refused@example.org");
    link(&page.body);
}

#[tokio::test]
async fn a_test_mail_says_whether_mail_arrives() {
    let (world, office) = world_with_mail().await;
    let mut owner = world.signed_in(Role::Owner).await;
    owner.submit("/app/instance-mail", "to=me%40example.org", "/instance").await.shows("The mail server took the mail");
    let mail = office.taken().pop().unwrap();
    assert!(mail.text().contains("This is a test from Assay at https://assay.example. Mail arrives."), "{mail:?}");
    owner.submit("/app/instance-mail", "to=refused%40example.org", "/instance").await.shows("no such mailbox");
    assert_eq!(office.taken().len(), 1);
}

#[tokio::test]
async fn who_is_invited_chooses_a_password_and_is_in_with_the_role_of_the_link() {
    let world = world().await;
    let mut admin = world.signed_in(Role::SuperAdmin).await;
    let page = admin.submit("/app/person-invite", "slug=acme&email=Zoe%40Example.org&role=recruiter", PEOPLE).await;
    page.shows("Invited. The link stands below").shows("zoe@example.org").shows("Recruiter, invited by");
    let path = link(&page.body);
    let mut zoe = world.browser();
    zoe.get(&path)
        .await
        .shows("invites you to Acme. Your role: recruiter.")
        .shows("zoe@example.org")
        .shows("recruiter")
        .hides("<script");
    let (status, body) = choose(&mut zoe, &path, "short").await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(body.contains("12 to 128 characters; this one has 5"), "{body}");
    assert_eq!(choose(&mut zoe, &path, LONG).await.0, StatusCode::SEE_OTHER);
    zoe.get("/o/acme").await.shows("zoe@example.org");
    assert_eq!(zoe.get(PEOPLE).await.status, StatusCode::FORBIDDEN);
    let again = world.browser().get(&path).await;
    assert_eq!(again.status, StatusCode::GONE);
    again.shows("This link opens nothing");
    assert_eq!(choose(&mut world.browser(), &path, LONG).await.0, StatusCode::GONE);
    let audit = admin.get("/o/acme/audit").await;
    audit.shows("Accepted the invitation: zoe@example.org").shows("Invited a person: zoe@example.org");
}

#[tokio::test]
async fn a_second_invitation_says_that_it_replaces_the_first() {
    let world = world().await;
    let mut admin = world.signed_in(Role::SuperAdmin).await;
    let form = "slug=acme&email=zoe%40example.org&role=recruiter";
    let first = link(&admin.submit("/app/person-invite", form, PEOPLE).await.body);
    let page = admin.submit("/app/person-invite", form, PEOPLE).await;
    page.shows("Invited again").shows("the one before for the same address opens nothing any more");
    let second = link(&page.body);
    assert_eq!(world.browser().get(&first).await.status, StatusCode::GONE);
    assert_eq!(world.browser().get(&second).await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_disabled_person_sets_no_new_password() {
    let world = world().await;
    let mut admin = world.signed_in(Role::SuperAdmin).await;
    let account = id_of(&world, Role::Recruiter).await;
    let form = format!("slug=acme&account={account}");
    let path = link(&admin.submit("/app/person-reset", &form, PEOPLE).await.body);
    let page = admin.submit("/app/person-switch", &format!("{form}&to=off"), PEOPLE).await;
    page.shows("a link for a new password that was open opens nothing any more").hides("/join/");
    assert_eq!(choose(&mut world.browser(), &path, LONG).await.0, StatusCode::GONE);
    let page = admin.submit("/app/person-switch", &format!("{form}&to=on"), PEOPLE).await;
    page.shows("Enabled").hides("/join/");
    assert_eq!(world.browser().get(&path).await.status, StatusCode::GONE, "enabling brings it not back");
}

#[tokio::test]
async fn a_guessed_and_a_cut_address_open_nothing() {
    let world = world().await;
    let mut admin = world.signed_in(Role::SuperAdmin).await;
    let page = admin.submit("/app/person-invite", "slug=acme&email=zoe%40example.org&role=admin", PEOPLE).await;
    let path = link(&page.body);
    let last = if path.ends_with('0') { "1" } else { "0" };
    let guessed = format!("{}{last}", &path[..path.len() - 1]);
    let setup = path.replace("/join/", "/setup/");
    for wrong in [guessed.as_str(), &path[..path.len() - 1], "/join/x", "/join/", &setup] {
        let answer = world.browser().get(wrong).await;
        assert!([StatusCode::GONE, StatusCode::SEE_OTHER].contains(&answer.status), "{wrong}: {}", answer.status);
        answer.hides("zoe@example.org");
    }
}

#[tokio::test]
async fn an_expired_link_says_so_to_both_sides() {
    let world = world().await;
    let mut admin = world.signed_in(Role::SuperAdmin).await;
    let page = admin.submit("/app/person-invite", "slug=acme&email=zoe%40example.org&role=admin", PEOPLE).await;
    let path = link(&page.body);
    world.clock.advance(std::time::Duration::from_secs(7 * 86_400));
    assert_eq!(world.browser().get(&path).await.status, StatusCode::GONE);
    let mut admin = world.signed_in(Role::SuperAdmin).await;
    admin.get(PEOPLE).await.shows("is over; make a new one").hides("/join/");
}

#[tokio::test]
async fn a_forgotten_password_is_set_by_a_link() {
    let world = world().await;
    let mut admin = world.signed_in(Role::SuperAdmin).await;
    let mut recruiter = world.signed_in(Role::Recruiter).await;
    let account = id_of(&world, Role::Recruiter).await;
    let page = admin.submit("/app/person-reset", &format!("slug=acme&account={account}"), PEOPLE).await;
    page.shows("The link for a new password stands beside the person");
    let path = link(&page.body);
    assert_eq!(choose(&mut world.browser(), &path, LONG).await.0, StatusCode::SEE_OTHER);
    assert_eq!(recruiter.get("/o/acme").await.status, StatusCode::SEE_OTHER, "the old session has ended");
    let mut again = world.browser();
    assert_eq!(again.sign_in(&email(Role::Recruiter), PASSWORD, "/").await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(again.sign_in(&email(Role::Recruiter), LONG, "/").await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn roles_change_at_once_and_nobody_locks_themselves_out() {
    let world = world().await;
    let mut admin = world.signed_in(Role::SuperAdmin).await;
    let mut recruiter = world.signed_in(Role::Recruiter).await;
    assert_eq!(recruiter.get("/o/acme/triggers").await.status, StatusCode::FORBIDDEN);
    let account = id_of(&world, Role::Recruiter).await;
    admin
        .submit("/app/person-role", &format!("slug=acme&account={account}&role=admin"), PEOPLE)
        .await
        .shows("The role is changed");
    assert_eq!(recruiter.get("/o/acme/triggers").await.status, StatusCode::OK);
    let own = id_of(&world, Role::SuperAdmin).await;
    let page = admin.submit("/app/person-role", &format!("slug=acme&account={own}&role=admin"), PEOPLE).await;
    page.shows("This is your own account");
    let mut owner = world.signed_in(Role::Owner).await;
    let page = owner.submit("/app/person-switch", &format!("slug=acme&account={own}&to=off"), PEOPLE).await;
    page.shows("Somebody has to be left");
    let page = admin.submit("/app/person-role", &format!("slug=acme&account={account}&role=owner"), PEOPLE).await;
    page.shows("Role: choose one of the list");
}

#[tokio::test]
async fn what_is_wrong_with_an_invitation_is_said() {
    let world = world().await;
    let mut admin = world.signed_in(Role::SuperAdmin).await;
    for (email, said) in
        [("nobody", "write it as name@example.com"), ("admin@example.org", "there is an account with this address")]
    {
        let form = format!("slug=acme&email={}&role=admin", email.replace('@', "%40"));
        admin.submit("/app/person-invite", &form, PEOPLE).await.shows(said).hides("/join/");
    }
}

#[tokio::test]
async fn sessions_are_listed_and_ended_elsewhere() {
    let world = world().await;
    let (mut here, mut there) = (world.signed_in(Role::Admin).await, world.signed_in(Role::Admin).await);
    here.get("/preferences").await.shows("Where you are signed in").shows("This one").shows("Sign out everywhere else");
    here.submit("/app/sessions-end", "session=", "/preferences")
        .await
        .shows("those browsers are signed out")
        .hides("everywhere else");
    assert_eq!(there.get("/o/acme").await.status, StatusCode::SEE_OTHER);
    assert_eq!(here.get("/o/acme").await.status, StatusCode::OK);
}

#[tokio::test]
async fn the_owner_creates_an_organization_and_invites_its_first_super_admin() {
    let world = world().await;
    let mut owner = world.signed_in(Role::Owner).await;
    owner
        .get("/instance")
        .await
        .shows("Public address")
        .shows("https://assay.example")
        .shows("Assay works without mail");
    let form = "name=B%C3%A4cker+%26+S%C3%B6hne&slug=&timezone=Europe/Berlin";
    let page = owner.submit("/app/organization-create", form, "/instance").await;
    page.shows("Nobody signs in here yet").shows("Invite the first person");
    let made = world.store.organization("backer-sohne").await.unwrap();
    assert!(made.paused, "nothing is sent before someone says so");
    owner.get("/o/backer-sohne/people").await.shows("value=\"super-admin\" selected");
    let first = "slug=backer-sohne&email=zoe%40example.org&role=super-admin";
    let page = owner.submit("/app/person-invite", first, "/o/backer-sohne/people").await;
    page.shows("Nobody has signed in yet").hides("Nobody signs in here yet").shows("value=\"recruiter\" selected");
    for (form, said) in [
        ("name=X&slug=backer-sohne&timezone=UTC", "there is an organization backer-sohne already"),
        ("name=X&slug=Not+Good&timezone=UTC", "Short name:"),
        ("name=&slug=x&timezone=UTC", "Name: write 1 to 100 characters"),
        ("name=X&slug=x&timezone=Nowhere", "Time zone: choose one of the list"),
        ("name=%21%3F&slug=&timezone=UTC", "none can be made of this name"),
    ] {
        owner.submit("/app/organization-create", form, "/instance").await.shows(said);
    }
}

#[tokio::test]
async fn the_owner_looks_around_among_invented_people_and_removes_them() {
    let world = world().await;
    let mut owner = world.signed_in(Role::Owner).await;
    owner.get("/instance").await.shows("Look around first").hides("Remove the sample");
    owner.submit("/app/sample-add", "", "/instance").await.shows("Sample (invented people)").shows("Needs someone");
    owner.get("/o/sample/candidates").await.shows("Backend screen");
    owner.submit("/app/sample-add", "", "/instance").await.shows("the short name sample already");
    owner.submit("/app/person-invite", "slug=sample&email=zoe%40example.org&role=recruiter", "/o/sample/people").await;
    owner.submit("/app/sample-remove", "", "/instance").await.shows("The sample is removed").hides("Remove the sample");
    owner.submit("/app/sample-remove", "", "/instance").await.shows("The sample is not there any more");
    assert_eq!(owner.get("/o/sample/candidates").await.status, StatusCode::NOT_FOUND);
    owner.get("/audit").await.shows("Removed the organization");
    owner.submit("/app/sample-add", "", "/instance").await.shows("Sample (invented people)");
    owner.get("/o/acme").await.shows("Acme");
}

#[tokio::test]
async fn the_record_is_a_file_too_for_those_who_may_read_it() {
    let world = world().await;
    let mut admin = world.signed_in(Role::Admin).await;
    let file = admin.get("/o/acme/audit.csv").await;
    assert_eq!(file.status, StatusCode::OK);
    assert!(file.body.contains("organization-created") && file.body.contains("account-created"), "{}", file.body);
    admin
        .get("/o/acme/audit?act=account-created&who=nobody%40example.org")
        .await
        .shows("No entry matches these filters");
    for (role, path, status) in [
        (Role::Recruiter, "/o/acme/audit.csv", StatusCode::FORBIDDEN),
        (Role::Admin, "/o/other/audit.csv", StatusCode::NOT_FOUND),
        (Role::Admin, "/audit.csv", StatusCode::FORBIDDEN),
        (Role::Owner, "/audit.csv", StatusCode::OK),
    ] {
        assert_eq!(world.signed_in(role).await.get(path).await.status, status, "{role:?} {path}");
    }
    assert_eq!(world.browser().get("/audit.csv").await.status, StatusCode::SEE_OTHER);
}
