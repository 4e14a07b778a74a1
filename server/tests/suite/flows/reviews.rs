//! Results that were not ordered: brought in, matched or decided by people, written to Lever, and taken out of it again.

use std::time::Duration;

use axum::http::StatusCode;
use domain::incoming::{Incoming, State, Why};
use domain::order::OrderState;
use domain::ports::store::Queued;
use domain::role::Role;
use domain::{Clock as _, words};
use server::sandbox::lever::NewPerson;

use super::connect::{account, form, send};
use super::on_both_engines;
use super::story::Story;
use crate::engine::Engine;
use crate::pages::browser::{Browser, Page};

const RESULTS: &str = "/o/acme/results";
const REVIEWS: &str = "/o/acme/reviews";
const HEADER: &str = "id,full_name,email,test,score,completed_at,report_url";

/// Someone in Lever.
fn lives(story: &Story, name: &str, email: &str) -> String {
    let person = NewPerson {
        name: name.into(),
        emails: vec![email.into()],
        stage: Some("Phone Screen".into()),
        ..NewPerson::default()
    };
    let id = story.lever.add_person(person);
    story.lever.drop_hooks();
    id
}

async fn someone(story: &Story, email: &str, role: Role) -> Browser {
    let acme = story.organization().await.id;
    account(story, email, role, Some(acme)).await
}

/// Brings lines in; everything that follows happens.
async fn import(story: &Story, browser: &mut Browser, lines: &[&str]) -> Page {
    let rows = format!("{HEADER}\n{}\n", lines.join("\n"));
    let page =
        send(browser, RESULTS, "/app/results-import", &[("slug", "acme"), ("vendor", "py"), ("rows", &rows)]).await;
    story.settle().await;
    page
}

async fn pause(story: &Story, paused: bool) {
    let (acme, by) = (story.organization().await.id, domain::audit::Author::on_page("sue", story.clock.now()));
    story.assay.cx.store.set_paused(acme, paused, &by).await.unwrap();
    story.assay.cx.directory.refresh().await.unwrap();
}

/// A result of 81.5, which passes.
fn line(id: &str, name: &str, email: &str) -> String {
    format!("{id},{name},{email},Backend screen,81.5,2026-11-20,https://py.example/reports/{id}")
}

async fn all(story: &Story) -> Vec<Incoming> {
    let acme = story.organization().await.id;
    let mut all = story.assay.cx.store.incoming_results(acme, None, None, 50).await.unwrap();
    all.sort_by(|a, b| a.given.reference.cmp(&b.given.reference));
    all
}

async fn only(story: &Story) -> Incoming {
    let mut all = all(story).await;
    assert_eq!(all.len(), 1);
    all.remove(0)
}

/// What the form of a review sends.
fn verdict(incoming: &Incoming, verdict: &str, more: &[(&str, &str)]) -> String {
    let mut pairs = vec![
        ("slug", "acme".to_owned()),
        ("review", incoming.id.to_string()),
        ("version", incoming.version.to_string()),
        ("verdict", verdict.to_owned()),
        ("opened", "1900000000000".to_owned()),
    ];
    pairs.extend(more.iter().map(|(name, value)| (*name, (*value).to_owned())));
    let pairs: Vec<(&str, &str)> = pairs.iter().map(|(name, value)| (*name, value.as_str())).collect();
    form(&pairs)
}

async fn decide(story: &Story, browser: &mut Browser, incoming: &Incoming, said: &str, more: &[(&str, &str)]) -> Page {
    let from = format!("{REVIEWS}/{}", incoming.id);
    let page = browser.submit("/app/review-decide", &verdict(incoming, said, more), &from).await;
    story.settle().await;
    page
}

async fn undo(story: &Story, browser: &mut Browser, incoming: &Incoming) -> Page {
    let from = format!("{REVIEWS}/{}", incoming.id);
    let pairs = [("slug", "acme"), ("review", &incoming.id.to_string()), ("version", &incoming.version.to_string())];
    let page = browser.submit("/app/review-undo", &form(&pairs), &from).await;
    story.settle().await;
    page
}

fn reports(story: &Story, person: &str) -> usize {
    story.links(person).iter().filter(|link| link.contains("/reports/")).count()
}

on_both_engines! {
    async fn a_result_that_is_nobodys_is_looked_at_once_more_after_a_minute(engine: Engine) {
        let story = Story::begin(engine).await;
        story.sweep().await;
        let mut ada = someone(&story, "ada@example.org", Role::Admin).await;
        import(&story, &mut ada, &[&line("t-1", "Nobody Here", "nobody@example.com")]).await;
        let first = only(&story).await;
        assert_eq!(first.standing.state, State::Unknown);
        assert_eq!(first.due, Some(first.received_at.plus(Duration::from_secs(60))), "an import and a change may miss each other");
        story.later(Duration::from_secs(600)).await;
        story.sweep().await;
        assert_eq!((only(&story).await.due, only(&story).await.version), (None, first.version), "once, and nothing changed");
        story.end().await;
    }

    async fn nobody_is_linked_before_everybody_in_lever_is_known(engine: Engine) {
        let story = Story::begin(engine).await;
        // One of the two is known by the webhook, before all are read.
        let first = lives(&story, "Ana Silva", "ana@example.com");
        let other = lives(&story, "Ana Silva", "ana.silva@example.org");
        story.pass(&first);
        story.settle().await;
        let mut adam = someone(&story, "adam@example.org", Role::Admin).await;
        import(&story, &mut adam, &[&line("r-1", "Ana Silva", "ana@example.com")]).await.shows("1 result is taken.");
        let waits = only(&story).await;
        assert_eq!(waits.standing.state, State::New, "known is only {first}, not {other}");
        assert!(waits.due.is_some() && story.orders(&first).await.iter().all(|o| o.invited_at.is_some()));
        adam.get(RESULTS).await.shows("Being looked at");
        story.later(Duration::from_secs(600)).await;
        assert_eq!(only(&story).await.standing.state, State::New, "however long it takes");
        story.sweep().await;
        assert_eq!(only(&story).await.standing.state, State::Linked, "by the address, which only one of them has");
        assert_eq!(reports(&story, &first), 1);
        story.end().await;
    }

    async fn a_clear_result_is_linked_and_written_to_lever_like_any_other(engine: Engine) {
        let story = Story::begin(engine).await;
        let ada = lives(&story, "Ada Lovelace", "ada@example.com");
        let bob = lives(&story, "Bob Stone", "bob@example.com");
        story.lever.add_tags(&bob, &["Referral"]);
        story.sweep().await;
        let mut adam = someone(&story, "adam@example.org", Role::Admin).await;
        let ada_line = line("r-1", "Ada Lovelace", "ADA@Example.com");
        import(&story, &mut adam, &[&ada_line]).await.shows("1 result is taken.");
        let linked = only(&story).await;
        assert_eq!((linked.standing.state, linked.standing.why), (State::Linked, Why::Clear));
        assert_eq!(story.status_tags(&ada), ["Py - Pass"], "by the thresholds of the row that orders this test");
        assert_eq!(reports(&story, &ada), 1);
        let order = story.order(&ada).await;
        assert_eq!((order.state, order.score, order.invited_at), (OrderState::Completed, Some(81.5), None));
        assert!(order.written_at.is_some());
        assert_eq!(story.tags(&bob), ["Referral"], "nobody else is touched");
        let told = story.timeline(&ada).await.join("\n");
        assert!(told.contains("from outside is this candidate's: one strong answer"), "{told}");

        import(&story, &mut adam, &[&ada_line]).await.shows("Nothing is new; 1 was there already");
        assert_eq!(story.orders(&ada).await.len(), 1, "the same result twice is one");
        adam.get(&format!("/o/acme/candidates/{ada}")).await.shows("Results from outside").shows("linked by Assay").shows("Unlink");
        adam.get("/o/acme/reviews/history?by=assay").await.shows("Assay linked it").shows("Ada Lovelace").shows("Take back");
        adam.get("/o/acme/audit").await.shows("Imported results of: py");
        let report = story.links(&ada).into_iter().find(|l| l.contains("/reports/")).unwrap();
        let opened = Browser::new(story.assay.router()).get(report.trim_start_matches(&story.base)).await;
        assert_eq!(opened.location(), "https://py.example/reports/r-1");
        story.end().await;
    }

    async fn while_an_organization_is_paused_nobody_is_looked_for(engine: Engine) {
        let story = Story::begin(engine).await;
        let ada = lives(&story, "Ada Lovelace", "ada@example.com");
        story.sweep().await;
        let mut adam = someone(&story, "adam@example.org", Role::Admin).await;
        pause(&story, true).await;
        import(&story, &mut adam, &[&line("r-1", "Ada Lovelace", "ada@example.com")]).await.shows("1 result is taken.");
        assert_eq!(only(&story).await.standing.state, State::New);
        assert!(story.status_tags(&ada).is_empty());
        pause(&story, false).await;
        story.later(story.assay.cx.sync_every).await;
        assert_eq!(only(&story).await.standing.state, State::Linked);
        assert_eq!(story.status_tags(&ada), ["Py - Pass"]);
        story.end().await;
    }

    async fn a_bad_line_stops_the_whole_table_and_every_one_is_told(engine: Engine) {
        let story = Story::begin(engine).await;
        lives(&story, "Ada Lovelace", "ada@example.com");
        story.sweep().await;
        let mut adam = someone(&story, "adam@example.org", Role::Admin).await;
        let good = line("r-1", "Ada Lovelace", "ada@example.com");
        let page = import(&story, &mut adam, &[&good, "r-2,Bob,bob@example.com,Backend scren,80,2026-11-20,", "r-3,,,t-101,80,2026-11-20,"]).await;
        page.shows("Line 3: the vendor has no test").shows("did you mean").shows("line 4: nobody is named").shows("Nothing was changed");
        assert!(all(&story).await.is_empty(), "nothing by half");
        let wrong = [("slug", "acme"), ("vendor", "none"), ("rows", "x")];
        send(&mut adam, RESULTS, "/app/results-import", &wrong).await.shows("Choose the vendor");
        story.end().await;
    }

    async fn a_person_links_and_takes_it_back_and_lever_shows_both(engine: Engine) {
        let story = Story::begin(engine).await;
        let ada = lives(&story, "Ada Lovelace", "ada@example.com");
        story.sweep().await;
        let mut adam = someone(&story, "adam@example.org", Role::Admin).await;
        import(&story, &mut adam, &[&line("r-1", "Ada Lovelace", "countess@example.org")]).await;
        let waiting = only(&story).await;
        assert_eq!((waiting.standing.state, waiting.standing.why), (State::Review, Why::Middling));
        assert!(story.status_tags(&ada).is_empty(), "a name alone links nobody");

        let mut rita = someone(&story, "rita@example.org", Role::Recruiter).await;
        rita.get("/o/acme").await.shows("1 result from outside").shows("whose are they?");
        rita.get(REVIEWS).await.shows("Ada Lovelace").shows("Not enough agrees to be sure.").shows("Start with the first").shows(" waiting</span>");
        let page = rita.get(&format!("{REVIEWS}/{}", waiting.id)).await;
        page.shows("Link to Ada Lovelace").shows("the tag Py - Pass and a link to the report; 81.5 is at or above the pass threshold of 80.");
        page.shows("data-keys=\"Enter\"").shows("data-keys=\"n\"").shows("data-keys=\"s\"").shows("data-keys=\"u\"").shows("≠").shows("1 of 1");
        let contact = waiting.standing.candidates[0].contact.clone();
        let page = decide(&story, &mut rita, &waiting, "link", &[("to[contact]", &contact)]).await;
        page.shows("The result of Ada Lovelace is linked").shows("Undo").shows("Nothing waits for a decision");
        assert_eq!(story.status_tags(&ada), ["Py - Pass"]);
        assert_eq!(reports(&story, &ada), 1);
        let linked = only(&story).await;
        assert_eq!(linked.standing.by.as_deref(), Some("rita@example.org"));
        rita.get("/o/acme/reviews/history").await.shows("rita@example.org linked it").shows("took ").shows("Ada Lovelace");

        undo(&story, &mut rita, &linked).await.shows("Link to Ada Lovelace");
        assert_eq!(story.tags(&ada), Vec::<String>::new(), "the tag is out of Lever again");
        assert_eq!(reports(&story, &ada), 0, "and so is the link");
        assert_eq!(story.order(&ada).await.state, OrderState::Cancelled);
        let told = story.timeline(&ada).await.join("\n");
        assert!(told.contains("Taken out of Lever again: tag Py - Pass and the report link."), "{told}");
        rita.get("/o/acme/reviews/history").await.shows("taken back by rita@example.org").shows("took the decision back");
        let back = only(&story).await;
        assert_eq!((back.standing.state, back.standing.held), (State::Review, true));
        story.clock.advance(Duration::from_secs(1));
        decide(&story, &mut rita, &back, "link", &[("to[contact]", &contact)]).await;
        assert_eq!(story.status_tags(&ada), ["Py - Pass"], "and once more");
        let orders = story.orders(&ada).await;
        assert_eq!(orders.iter().map(|o| (o.round, o.state)).collect::<Vec<_>>(), [(1, OrderState::Cancelled), (2, OrderState::Completed)]);
        let mut sue = someone(&story, "sue@example.org", Role::SuperAdmin).await;
        sue.get("/o/acme/audit").await.shows("Decided whose is the result").shows("Took back the decision");
        assert!(story.assay.cx.store.verify_audit().await.unwrap().iter().all(|c| c.broken_at.is_none()));
        story.end().await;
    }

    async fn what_an_order_of_ours_says_stands_again_after_an_unlink(engine: Engine) {
        let story = Story::begin(engine).await;
        let ada = story.person("ada@example.com");
        story.pass(&ada);
        story.settle().await;
        story.sweep().await;
        assert_eq!(story.status_tags(&ada), ["Py - Sent"]);
        story.clock.advance(Duration::from_secs(60));
        let mut adam = someone(&story, "adam@example.org", Role::Admin).await;
        let other = "r-1,Ada Test,ada@example.com,Data screen,12,2026-11-20,";
        import(&story, &mut adam, &[other]).await;
        assert_eq!(story.status_tags(&ada), ["Py - Fail"], "the newest says");
        undo(&story, &mut adam, &only(&story).await).await;
        assert_eq!(story.status_tags(&ada), ["Py - Sent"], "exactly one status tag, that of the order");
        story.sweep().await;
        assert_eq!(only(&story).await.standing.state, State::Review, "it is never linked by itself again");
        story.end().await;
    }

    async fn of_two_people_the_second_is_told_what_the_first_decided(engine: Engine) {
        let story = Story::begin(engine).await;
        let ada = lives(&story, "Ada Lovelace", "ada@example.com");
        story.sweep().await;
        let mut adam = someone(&story, "adam@example.org", Role::Admin).await;
        import(&story, &mut adam, &[&line("r-1", "Ada Lovelace", "countess@example.org")]).await;
        let waiting = only(&story).await;
        let at = format!("{REVIEWS}/{}", waiting.id);
        let (mut rita, mut tom) = (
            someone(&story, "rita@example.org", Role::Recruiter).await,
            someone(&story, "tom@example.org", Role::Recruiter).await,
        );
        rita.get(&at).await.hides("is looking at this");
        tom.get(&at).await.shows("rita@example.org is looking at this too.");
        rita.get(&at).await.shows("tom@example.org is looking at this too.");
        rita.get(REVIEWS).await.shows("tom@example.org is looking at it");
        let contact = waiting.standing.candidates[0].contact.clone();
        decide(&story, &mut rita, &waiting, "left", &[]).await.shows("is nobody's of these");
        let page = decide(&story, &mut tom, &waiting, "link", &[("to[contact]", &contact)]).await;
        page.shows("rita@example.org found meanwhile that it is none of these").shows("Nothing was changed").shows("Take the decision back");
        assert!(story.status_tags(&ada).is_empty());
        let lines = story.assay.cx.store.match_history(story.organization().await.id, true, None, 10).await.unwrap();
        assert_eq!(lines.len(), 1);
        story.end().await;
    }

    async fn a_decision_teaches_the_address_and_its_end_unteaches_it(engine: Engine) {
        let story = Story::begin(engine).await;
        let ada = lives(&story, "Ada Lovelace", "ada@example.com");
        story.sweep().await;
        let mut adam = someone(&story, "adam@example.org", Role::Admin).await;
        import(&story, &mut adam, &[&line("r-1", "Ada Lovelace", "countess@example.org")]).await;
        let first = only(&story).await;
        let contact = first.standing.candidates[0].contact.clone();
        decide(&story, &mut adam, &first, "link", &[("to[contact]", &contact)]).await;
        import(&story, &mut adam, &["r-2,A. Lovelace,countess@example.org,Data screen,90,2026-11-21,"]).await;
        let second = all(&story).await.remove(1);
        assert_eq!((second.standing.state, second.standing.by.as_deref()), (State::Linked, None), "by the address that was taught");
        story.sweep().await;
        assert_eq!(story.orders(&ada).await.len(), 2);
        let first = all(&story).await.remove(0);
        undo(&story, &mut adam, &first).await;
        import(&story, &mut adam, &["r-3,A. Lovelace,countess@example.org,SQL basics,90,2026-11-21,"]).await;
        let third = all(&story).await.remove(2);
        assert_eq!(third.standing.state, State::Review, "what was taught is forgotten");
        story.end().await;
    }

    async fn an_unknown_result_is_linked_when_the_contact_gets_the_address_in_lever(engine: Engine) {
        let story = Story::begin(engine).await;
        let bob = lives(&story, "Robert Stone", "bob@example.com");
        story.sweep().await;
        let mut adam = someone(&story, "adam@example.org", Role::Admin).await;
        import(&story, &mut adam, &[&line("r-1", "Bob Stone", "stone.private@example.org"), &line("r-2", "Zoe Quill", "zoe@example.org")]).await;
        let both = all(&story).await;
        assert_eq!((both[0].standing.state, both[1].standing.state), (State::Review, State::Unknown));
        let zoe = lives(&story, "Zoe Quill", "other@example.org");
        story.clock.advance(Duration::from_secs(600));
        story.lever.clear_journal();
        story.lever.change_person(&zoe, None, Some(&["zoe@example.org"]));
        story.lever.change_person(&bob, None, Some(&["bob@example.com", "stone.private@example.org"]));
        story.lever.drop_hooks();
        story.later(Duration::from_secs(300)).await;
        let both = all(&story).await;
        assert_eq!((both[0].standing.state, both[1].standing.state), (State::Linked, State::Linked));
        assert_eq!((story.status_tags(&bob), story.status_tags(&zoe)), (vec!["Py - Pass".to_owned()], vec!["Py - Pass".to_owned()]));
        let lists = story.calls().into_iter().filter(|call| call == "GET /v1/opportunities").count();
        assert!(lists <= 4, "no call for each contact: {:?}", story.calls());
        story.end().await;
    }

    async fn an_order_of_ours_is_known_by_its_id_and_never_guessed(engine: Engine) {
        let story = Story::begin(engine).await;
        let ada = story.person("ada+pass@example.com");
        story.pass(&ada);
        story.settle().await;
        story.sweep().await;
        let reference = story.order(&ada).await.vendor_ref.unwrap();
        let eve = lives(&story, "Eve Stone", "eve@example.com");
        story.later(Duration::from_secs(300)).await;
        let mut adam = someone(&story, "adam@example.org", Role::Admin).await;
        import(&story, &mut adam, &[&line(&reference, "Eve Stone", "eve@example.com")]).await;
        let known = only(&story).await;
        assert_eq!((known.standing.state, known.standing.link.unwrap().opportunity), (State::Ordered, ada.clone()));
        assert!(story.orders(&eve).await.is_empty());
        assert_eq!(story.state(&ada).await, OrderState::Invited, "the vendor says itself how it stands");
        story.take_test("ada+pass@example.com").await;
        assert_eq!(story.status_tags(&ada), ["Py - Pass"]);
        adam.get(&format!("{REVIEWS}/{}", known.id)).await.shows("It has the id of an order of ours").hides("Take the decision back");
        story.end().await;
    }

    async fn of_several_opportunities_a_person_chooses_one(engine: Engine) {
        let story = Story::begin(engine).await;
        let first = lives(&story, "Ada Lovelace", "ada@example.com");
        story.clock.advance(Duration::from_secs(1));
        let second = lives(&story, "Ada Lovelace", "ada@example.com");
        assert_eq!(story.lever.opportunity(&first).unwrap().contact, story.lever.opportunity(&second).unwrap().contact);
        story.sweep().await;
        let mut adam = someone(&story, "adam@example.org", Role::Admin).await;
        import(&story, &mut adam, &[&line("r-1", "Ada Lovelace", "ada@example.com")]).await;
        let waiting = only(&story).await;
        assert_eq!(waiting.standing.why, Why::SeveralOpportunities);
        let at = format!("{REVIEWS}/{}", waiting.id);
        adam.get(&at).await.shows("to which opportunity?").shows(&first).shows(&second);
        let contact = waiting.standing.candidates[0].contact.clone();
        decide(&story, &mut adam, &waiting, "link", &[("to[contact]", &contact)]).await.shows("choose the one the result belongs to");
        decide(&story, &mut adam, &waiting, "link", &[("to[contact]", &contact), ("to[opportunity]", "another")]).await.shows("choose the one");
        decide(&story, &mut adam, &waiting, "link", &[("to[contact]", "somebody"), ("to[opportunity]", &first)]).await.shows("one of the people beside");
        decide(&story, &mut adam, &waiting, "link", &[("to[contact]", &contact), ("to[opportunity]", &first)]).await;
        assert_eq!(story.status_tags(&first), ["Py - Pass"]);
        assert!(story.status_tags(&second).is_empty());
        story.end().await;
    }

    async fn who_is_unsure_asks_a_second_person_and_what_is_put_aside_comes_back(engine: Engine) {
        let story = Story::begin(engine).await;
        lives(&story, "Ada Lovelace", "ada@example.com");
        lives(&story, "Bea Stone", "bea@example.com");
        story.sweep().await;
        let mut rita = someone(&story, "rita@example.org", Role::Recruiter).await;
        let mut adam = someone(&story, "adam@example.org", Role::Admin).await;
        import(&story, &mut adam, &[&line("r-1", "Ada Lovelace", "countess@example.org"), &line("r-2", "Bea Stone", "stone@example.org")]).await;
        let both = all(&story).await;
        let contact = both[0].standing.candidates[0].contact.clone();
        let page = decide(&story, &mut rita, &both[0], "unsure", &[("to[contact]", &contact)]).await;
        page.shows("waits for a second person").shows("Bea Stone");
        let asked = all(&story).await.remove(0);
        decide(&story, &mut rita, &asked, "left", &[]).await.shows("another one decides");
        adam.get(&format!("{REVIEWS}/{}", asked.id)).await.shows("rita@example.org was unsure and asks for a second person.");
        decide(&story, &mut adam, &asked, "link", &[("to[contact]", &contact)]).await;
        adam.get("/o/acme/reviews/history").await.shows("1 of 1 agreed with the first").shows("agrees with the first opinion");

        decide(&story, &mut rita, &both[1], "snooze", &[]).await.shows("is put aside for a day").shows("Nothing waits for a decision");
        rita.get("/o/acme/reviews?show=aside").await.shows("Bea Stone");
        let acme = story.organization().await.id;
        let now = |hours: u64| story.clock.now().plus(Duration::from_secs(hours * 3_600));
        let waiting = |at| story.assay.cx.store.reviews(acme, Queued::Waiting, at, None, 10);
        assert_eq!(waiting(now(23)).await.unwrap().len(), 0);
        assert_eq!(waiting(now(25)).await.unwrap().len(), 1);
        story.end().await;
    }

    async fn results_of_exactly_the_same_person_are_decided_together(engine: Engine) {
        let story = Story::begin(engine).await;
        let ada = lives(&story, "Ada Lovelace", "ada@example.com");
        story.sweep().await;
        let mut adam = someone(&story, "adam@example.org", Role::Admin).await;
        let other = "r-2,Ada Lovelace,countess@example.org,Data screen,30,2026-11-20,";
        let namesake = "r-3,Ada Lovelace,another@example.org,SQL basics,30,2026-11-20,";
        import(&story, &mut adam, &[&line("r-1", "Ada Lovelace", "countess@example.org"), other, namesake]).await;
        let three = all(&story).await;
        assert!(three.iter().all(|i| i.standing.state == State::Review));
        let at = format!("{REVIEWS}/{}", three[0].id);
        adam.get(&at).await.shows("the other waiting result of exactly this person");
        let contact = three[0].standing.candidates[0].contact.clone();
        decide(&story, &mut adam, &three[0], "link", &[("to[contact]", &contact), ("alike", "yes")]).await;
        let states: Vec<State> = all(&story).await.iter().map(|i| i.standing.state).collect();
        assert_eq!(states, [State::Linked, State::Linked, State::Review], "another address is another question");
        assert_eq!(story.orders(&ada).await.len(), 2);
        assert_eq!(story.status_tags(&ada).len(), 1, "one status tag");
        story.end().await;
    }

    async fn a_family_a_namesake_and_a_crowd_are_never_linked_by_themselves(engine: Engine) {
        let story = Story::begin(engine).await;
        for (name, email) in [("Carla Weiss", "weiss@example.com"), ("Jonas Keller", "jonas.one@example.com"), ("Jonas Keller", "jonas.two@example.com")] {
            lives(&story, name, email);
        }
        story.sweep().await;
        let mut adam = someone(&story, "adam@example.org", Role::Admin).await;
        import(&story, &mut adam, &[&line("r-1", "Peter Weiss", "weiss@example.com"), &line("r-2", "Jonas Keller", "keller@example.org")]).await;
        let both = all(&story).await;
        assert!(both.iter().all(|i| i.standing.state == State::Review), "{:?}", both.iter().map(|i| i.standing.why).collect::<Vec<_>>());
        assert_eq!(both[1].standing.candidates.len(), 2);
        let page = adam.get(&format!("{REVIEWS}/{}?candidate=2", both[1].id)).await;
        assert_eq!(page.status, StatusCode::OK);
        page.shows("aria-current=\"true\"").shows("data-keys=\"2\"").shows(words::match_why(both[1].standing.why));
        story.end().await;
    }

    async fn while_lever_does_not_answer_it_is_taken_out_later_and_a_restart_forgets_nothing(engine: Engine) {
        let mut story = Story::begin(engine).await;
        let ada = lives(&story, "Ada Lovelace", "ada@example.com");
        story.sweep().await;
        let mut adam = someone(&story, "adam@example.org", Role::Admin).await;
        import(&story, &mut adam, &[&line("r-1", "Ada Lovelace", "ada@example.com")]).await;
        assert_eq!((story.status_tags(&ada).len(), reports(&story, &ada)), (1, 1));
        // The link is removed, and its answer is lost; then nothing is answered at all.
        story.lever.update_faults(|f| f.drop_after_next = 30);
        undo(&story, &mut adam, &only(&story).await).await;
        story.restart().await;
        story.lever.update_faults(|f| f.drop_after_next = 0);
        story.later(Duration::from_secs(3_700)).await;
        story.sweep().await;
        story.later(Duration::from_secs(3_700)).await;
        assert_eq!((story.status_tags(&ada).len(), reports(&story, &ada)), (0, 0));
        let acme = story.organization().await.id;
        assert!(story.assay.cx.store.withdrawals(acme, &ada, "py").await.unwrap().is_empty());
        story.end().await;
    }
}
