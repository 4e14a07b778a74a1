//! The documented way: a request, an authorization, a key in a one-time link; and what may go wrong with links.

use axum::http::StatusCode;
use domain::role::Role;

use super::connect::{account, form, send};
use super::on_both_engines;
use super::story::Story;
use crate::engine::Engine;
use crate::pages::browser::{Browser, Page};

const INTEGRATIONS: &str = "/o/acme/integrations";

/// Acme as the owner creates it, with a super admin and an account manager who have signed in.
async fn people(story: &Story) -> (Browser, Browser) {
    let desk = &story.assay.reception;
    let made =
        domain::ports::desk::PeopleDesk::create_organization(&**desk, "Acme", "", "UTC", "own@example.org").await;
    assert_eq!(made.unwrap(), "acme");
    let acme = story.organization().await.id;
    let sue = account(story, "sue@example.org", Role::SuperAdmin, Some(acme)).await;
    let mona = account(story, "mona@example.org", Role::AccountManager, None).await;
    (sue, mona)
}

async fn step(browser: &mut Browser, step: &str) -> Page {
    let pairs = [("slug", "acme"), ("integration", "py"), ("step", step)];
    send(browser, INTEGRATIONS, "/app/enablement-step", &pairs).await
}

async fn ask(mona: &mut Browser) -> Page {
    send(mona, INTEGRATIONS, "/app/enablement-ask", &[("slug", "acme"), ("integration", "py")]).await
}

/// A link with this key, as a path.
async fn hand_over(story: &Story, mona: &mut Browser, key: &str) -> String {
    let given = form(&[("integration", "py"), ("key", key)]);
    let page = mona.post(INTEGRATIONS, "/o/acme/hand-over", &given).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.body);
    page.shows("It opens once").hides("<script");
    let start = format!("{}/drop/", story.base);
    let at = page.body.find(&start).expect("the page has the link");
    page.body[at + story.base.len()..].split('"').next().unwrap().to_owned()
}

async fn authorized(story: &Story) -> (Browser, Browser) {
    let (mut sue, mut mona) = people(story).await;
    step(&mut sue, "requested").await;
    ask(&mut mona).await;
    step(&mut sue, "granted").await;
    (sue, mona)
}

/// Another organization.
async fn elsewhere(story: &Story) -> uuid::Uuid {
    let acme = story.organization().await;
    let application = domain::ports::store::Application {
        id: server::ids::row(),
        hook: server::ids::token(),
        paused: true,
        expected_version: 0,
        rules: domain::rules::Rules::unconnected("other".into(), "Other".into(), "UTC".into()),
        secrets: vec![],
        tests: vec![],
        changes: vec![],
        author: domain::audit::Author::system("a test", acme.created_at),
    };
    story.assay.cx.store.apply(application).await.unwrap().id
}

on_both_engines! {
    async fn the_account_manager_hands_the_key_over_and_the_super_admin_stores_it_with_one_press(engine: Engine) {
        let story = Story::empty(engine).await;
        let (mut sue, mut mona) = people(&story).await;
        sue.get(INTEGRATIONS).await.shows("Not requested").shows("Send request to enable");
        step(&mut sue, "requested").await.shows("The request is sent").shows("Requested by sue@example.org");
        mona.get("/").await.shows("Waiting for an account manager").shows("asks to be enabled");
        ask(&mut mona).await.shows("Authorization asked");
        let page = sue.get(INTEGRATIONS).await;
        for permission in domain::enablement::PERMISSIONS {
            page.shows(permission);
        }
        step(&mut sue, "granted").await.shows("Authorized, and on record");
        mona.get("/").await.shows("authorized a key: hand it over");
        let path = hand_over(&story, &mut mona, &format!(" {}\n", story.lever.api_key())).await;
        mona.get(INTEGRATIONS).await.shows("Key put into a one-time link by mona@example.org").hides(&path);

        let mut bot = Browser::new(story.assay.router());
        for _ in 0..3 {
            bot.get(&path).await.shows("A key for you").hides(story.lever.api_key());
        }
        bot.get(&path).await.hides("Store it as").shows("sign in as a super admin");
        let door = sue.get(&path).await;
        door.shows("Store it as the Lever key of Acme").hides(story.lever.api_key());
        let place = form(&[("act", "store"), ("place", "other"), ("other", &story.lever.base_url())]);
        let stored = sue.post(&path, &path, &place).await;
        assert_eq!(stored.status, StatusCode::SEE_OTHER, "{}", stored.body);
        sue.get("/o/acme/connections?told=key").await.shows("Key stored").shows("Lever accepted the key");
        assert_eq!(sue.get(&path).await.status, StatusCode::GONE);
        sue.get(INTEGRATIONS).await.shows("Key stored").shows("One-time link opened by sue@example.org");
        let audit = sue.get("/o/acme/audit").await;
        audit.shows("Moved the enablement of: py").hides(story.lever.api_key()).hides(&path);
        story.end().await;
    }

    async fn the_form_of_a_link_that_was_opened_says_so_when_it_is_sent_again(engine: Engine) {
        let story = Story::empty(engine).await;
        let (mut sue, mut mona) = authorized(&story).await;
        let given = form(&[("integration", "py"), ("key", "one"), ("form", "f1")]);
        let [first, second] =
            [mona.post(INTEGRATIONS, "/o/acme/hand-over", &given).await, mona.post(INTEGRATIONS, "/o/acme/hand-over", &given).await];
        let start = format!("{}/drop/", story.base);
        let path = |page: &Page| page.body[page.body.find(&start).unwrap() + story.base.len()..].split('"').next().unwrap().to_owned();
        assert_eq!(path(&first), path(&second), "the same form has the same link");
        sue.post(&path(&first), &path(&first), &form(&[("act", "show")])).await.shows("one");
        let again = mona.post(INTEGRATIONS, "/o/acme/hand-over", &given).await;
        assert_eq!(again.status, StatusCode::CONFLICT);
        again.shows("The link was opened already").hides("has not authorized");
        story.end().await;
    }

    async fn each_opening_of_several_links_is_on_record(engine: Engine) {
        let story = Story::empty(engine).await;
        let (mut sue, mut mona) = authorized(&story).await;
        let links = [hand_over(&story, &mut mona, "one").await, hand_over(&story, &mut mona, "two").await];
        for path in &links {
            sue.post(path, path, "act=show").await.shows("the link is used up");
        }
        let acme = story.organization().await.id;
        let steps = story.assay.cx.store.steps(acme).await.unwrap();
        let opened = steps.iter().filter(|made| made.step == domain::enablement::Step::KeyOpened).count();
        assert_eq!(opened, 2);
        story.end().await;
    }

    async fn of_two_who_press_at_the_same_moment_one_sees_the_key(engine: Engine) {
        let story = Story::empty(engine).await;
        let (_, mut mona) = authorized(&story).await;
        let path = hand_over(&story, &mut mona, "the-key").await;
        let mut browsers: Vec<Browser> = (0..8).map(|_| Browser::new(story.assay.router())).collect();
        let pressed = browsers.iter_mut().map(|browser| browser.post(&path, &path, "act=show"));
        let pages = futures::future::join_all(pressed).await;
        let seen = pages.iter().filter(|page| page.body.contains("the-key")).count();
        let late = pages.iter().filter(|page| page.status == StatusCode::GONE).count();
        assert_eq!((seen, late), (1, 7));
        story.end().await;
    }

    async fn a_key_that_lever_does_not_take_is_not_lost_and_an_expired_link_opens_nothing(engine: Engine) {
        let story = Story::empty(engine).await;
        let (mut sue, mut mona) = authorized(&story).await;
        let path = hand_over(&story, &mut mona, "mistyped-key").await;
        let place = form(&[("act", "store"), ("place", "other"), ("other", &story.lever.base_url())]);
        let refused = sue.post(&path, &path, &place).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        refused.shows("Not stored: Lever does not know this key").hides("mistyped-key").shows(&story.lever.base_url());
        let unreachable = form(&[("act", "store"), ("place", "other"), ("other", "http://127.0.0.1:9/v1")]);
        sue.post(&path, &path, &unreachable).await.shows("could not be asked").shows("as good as before").hides("mistyped-key");
        assert_eq!(sue.get(&path).await.status, StatusCode::OK, "whoever made it may still look what it was");
        let mut stranger = account(&story, "sam@example.org", Role::SuperAdmin, Some(elsewhere(&story).await)).await;
        assert_eq!(stranger.get(&path).await.status, StatusCode::FORBIDDEN);
        assert_eq!(stranger.post(&path, &path, "act=show").await.status, StatusCode::FORBIDDEN);
        sue.post(&path, &path, "act=show").await.shows("mistyped-key").shows("Store it at Connections");
        assert_eq!(sue.get(&path).await.status, StatusCode::GONE);
        let second = hand_over(&story, &mut mona, "another").await;
        story.clock.advance(std::time::Duration::from_secs(3 * 86_400));
        assert_eq!(Browser::new(story.assay.router()).get(&second).await.status, StatusCode::GONE);
        assert_eq!(Browser::new(story.assay.router()).post(&second, &second, "act=show").await.status, StatusCode::GONE);
        for wrong in ["/drop/x", "/drop/0000"] {
            assert_eq!(Browser::new(story.assay.router()).get(wrong).await.status, StatusCode::GONE);
        }
        story.end().await;
    }

    async fn the_same_form_again_is_the_same_link(engine: Engine) {
        let story = Story::empty(engine).await;
        let (mut sue, mut mona) = authorized(&story).await;
        let page = mona.get(INTEGRATIONS).await;
        let shown = page.body.split("name=\"form\" value=\"").nth(1).and_then(|rest| rest.split('"').next());
        let given = form(&[("integration", "py"), ("key", "the-key"), ("form", shown.expect("the form has a name"))]);
        let first = mona.post(INTEGRATIONS, "/o/acme/hand-over", &given).await;
        let again = mona.post(INTEGRATIONS, "/o/acme/hand-over", &given).await;
        assert_eq!((first.status, again.status), (StatusCode::OK, StatusCode::OK), "{}", again.body);
        let link = |page: &Page| page.body.split("/drop/").nth(1).and_then(|rest| rest.split('"').next()).map(str::to_owned);
        assert_eq!(link(&first), link(&again));
        // Someone went back and typed another key: its link is another one, and opens that key.
        let other = given.replace("the-key", "better-key");
        let other = mona.post(INTEGRATIONS, "/o/acme/hand-over", &other).await;
        assert!(link(&other).is_some() && link(&first) != link(&other), "{}", other.body);
        let path = format!("/drop/{}", link(&first).expect("a link"));
        sue.post(&path, &path, "act=show").await.shows("the-key");
        // Once it was opened, the form opens nothing new either.
        let late = mona.post(INTEGRATIONS, "/o/acme/hand-over", &given).await;
        assert_eq!(late.status, StatusCode::CONFLICT, "{}", late.body);
        story.end().await;
    }

    async fn each_step_is_made_by_whom_it_belongs_to_and_in_its_turn(engine: Engine) {
        let story = Story::empty(engine).await;
        let (mut sue, mut mona) = people(&story).await;
        let early = mona.post(INTEGRATIONS, "/o/acme/hand-over", &form(&[("integration", "py"), ("key", "k")])).await;
        assert_eq!(early.status, StatusCode::CONFLICT);
        early.shows("has not authorized a key").shows("Back to the integrations");
        step(&mut sue, "granted").await.shows("Someone was first");
        step(&mut sue, "requested").await;
        step(&mut sue, "requested").await.shows("Someone was first");
        let page = step(&mut mona, "granted").await;
        assert!(page.body.contains("Not allowed"), "{}", page.body);
        ask(&mut mona).await;
        step(&mut sue, "refused").await.shows("Refused, and on record").shows("Send request to enable");
        step(&mut sue, "authorization-asked").await.shows("There is no such step");
        let by_sue = sue.post(INTEGRATIONS, "/o/acme/hand-over", &form(&[("integration", "py"), ("key", "k")])).await;
        assert_eq!(by_sue.status, StatusCode::FORBIDDEN);
        let mut nobody = Browser::new(story.assay.router());
        let led = nobody.post(INTEGRATIONS, "/o/acme/hand-over", "integration=py&key=k").await;
        assert_eq!(led.status, StatusCode::SEE_OTHER);
        story.end().await;
    }
}
