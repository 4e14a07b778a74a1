//! The list of candidates, its file, and the acts on the page of one.

use axum::http::StatusCode;
use domain::invitation::{Choice, Decision, Reason};
use domain::job::{DecisionRecord, Effect};
use domain::order::{Order, OrderState};
use domain::role::Role;
use domain::{Personal, Timestamp};

use super::world::{NAME, NAME_AS_HTML, NOON, OPPORTUNITY, World, email, order, world};

const LIST: &str = "/o/acme/candidates";
const CSV: &str = "/o/acme/candidates.csv";
const CANDIDATE: &str = "/o/acme/candidates/opp-1";

#[tokio::test]
async fn fields_that_were_left_empty_are_no_part_of_the_address() {
    let world = world().await;
    let mut browser = world.signed_in(Role::Recruiter).await;
    let answer = browser.get("/o/acme/candidates?search=&state=send-unknown&outcome=&stage=&waiting=").await;
    assert_eq!((answer.status, answer.location()), (StatusCode::SEE_OTHER, "/o/acme/candidates?state=send-unknown"));
    let answer = browser.get("/o/acme/candidates?search=&state=").await;
    assert_eq!(answer.location(), LIST);
    assert_eq!(browser.get("/o/acme/candidates?search=a+b").await.status, StatusCode::OK);
}

/// A candidate whose order ended so, before or after it was sent, decided so.
async fn ended(world: &World, opportunity: &str, state: OrderState, decision: Decision) {
    let organization = world.organization("acme").await;
    let record = DecisionRecord {
        organization,
        opportunity: opportunity.into(),
        stage: "stage-1".into(),
        entered_at: NOON,
        vendor: "py".into(),
        decision: decision.clone(),
        rules_version: 1,
        at: NOON,
    };
    let mut effects = vec![Effect::Decide(record)];
    if matches!(decision, Decision::Invite { .. }) {
        let note = Some("left the stage before it was sent".to_owned());
        effects.push(Effect::PlanOrder(Box::new(Order {
            opportunity: opportunity.into(),
            state,
            note,
            ..order(organization)
        })));
    }
    world.store.commit(effects).await.unwrap();
}

#[tokio::test]
async fn the_question_on_a_candidate_s_page_fits_its_answer() {
    let world = world().await;
    let invite = || Decision::Invite {
        test: "t-1".into(),
        name: "Backend screen".into(),
        because: Choice::Default,
        near: vec![],
        asked_by: None,
    };
    let there = Decision::Skip { reason: Reason::AlreadyThere { since: NOON } };
    ended(&world, "opp-30", OrderState::Cancelled, invite()).await;
    ended(&world, "opp-31", OrderState::Failed, invite()).await;
    ended(&world, "opp-32", OrderState::Planned, there).await;
    let mut browser = world.signed_in(Role::Recruiter).await;
    for (opportunity, said) in [("opp-30", "called off before anything was sent"), ("opp-31", "no invitation was sent")]
    {
        let page = browser.get(&format!("{LIST}/{opportunity}")).await;
        page.shows("What became of the invitation?").shows(said).hides("Why was nothing sent?");
    }
    let page = browser.get(&format!("{LIST}/opp-32")).await;
    page.shows("Why was nothing sent?").shows("switched on (21 Nov 2026, 13:00 CET).").hides("12:00 UTC");
    browser.get(LIST).await.shows("switched on (21 Nov 2026, 13:00 CET).");
}

#[tokio::test]
async fn what_is_set_is_shown_and_each_can_be_taken_away() {
    let world = world().await;
    let mut browser = world.signed_in(Role::Recruiter).await;
    let page = browser.get("/o/acme/candidates?state=send-unknown&stage=stage-1&waiting=1").await;
    page.shows("Filters that are set").shows("Remove the filter Stage: Phone Screen Passed").shows("1 of 1");
    page.shows("href=\"/o/acme/candidates?state=send-unknown&amp;stage=stage-1\"").shows("Clear all");
    page.shows("href=\"/o/acme/candidates.csv?state=send-unknown&amp;stage=stage-1&amp;waiting=1\"");
    browser.get(LIST).await.hides("Filters that are set").shows("1 of 1").shows("<option value=\"stage-1\"");
}

#[tokio::test]
async fn what_the_address_asks_for_in_vain_is_said() {
    let world = world().await;
    let mut browser = world.signed_in(Role::Recruiter).await;
    let page = browser.get("/o/acme/candidates?state=lost&stage=%3Cb%3E&foo=1").await;
    assert_eq!(page.status, StatusCode::OK);
    page.shows("'lost' is no state: shown without it.").shows("'&lt;b&gt;' is no trigger stage");
    page.shows("'foo' is no filter").shows(NAME_AS_HTML).hides("'<b>'");
}

#[tokio::test]
async fn the_file_holds_what_the_filter_lets_through() {
    let world = world().await;
    let mut browser = world.signed_in(Role::Recruiter).await;
    let file = browser.get(CSV).await;
    assert_eq!(file.status, StatusCode::OK);
    assert_eq!(file.header("content-type"), "text/csv; charset=utf-8");
    assert!(file.header("content-disposition").contains("candidates-acme.csv"));
    assert!(file.body.starts_with("\u{feff}opportunity,name,email,"), "{}", file.body);
    assert_eq!(file.body.lines().count(), 2);
    file.shows(NAME).shows("ada@example.com").shows(",send-unknown,Py,Backend screen,").shows("2026-11-21T12:00:00Z");
    let none = browser.get("/o/acme/candidates.csv?state=completed").await;
    assert_eq!(none.body.lines().count(), 1);
}

#[tokio::test]
async fn the_file_is_for_those_who_see_the_page_and_masked_where_that_is() {
    let world = world().await;
    for role in [Role::Owner, Role::AccountManager] {
        let file = world.signed_in(role).await.get("/o/acme/candidates.csv?search=nobody").await;
        assert_eq!(file.body.lines().count(), 2, "a search by name does not tell names");
        file.shows("A. L. · ").hides("Lovelace").hides("ada@example.com");
    }
    let limited = world.signed_in(Role::Limited).await.get(CSV).await;
    assert_eq!(limited.body.lines().count(), 1);
    let neighbour = world.signed_in(Role::Recruiter).await.get("/o/other/candidates.csv").await;
    assert_eq!(neighbour.status, StatusCode::NOT_FOUND);
    neighbour.hides("Other Company");
    let signed_out = world.browser().get(CSV).await;
    assert_eq!(signed_out.location(), "/sign-in?next=%2Fo%2Facme%2Fcandidates");
}

#[tokio::test]
async fn an_act_leads_back_to_the_page_and_is_said_there() {
    let world = world().await;
    let mut browser = world.signed_in(Role::Recruiter).await;
    let rita = email(Role::Recruiter);
    let form = "slug=acme&opportunity=opp-1";
    let answer = browser.post(CANDIDATE, "/app/apply-rules", form).await;
    assert_eq!(answer.location(), "/o/acme/candidates/opp-1?said=rules-applied");
    browser.get(answer.location()).await.shows("The candidate is read in Lever again now");
    let form = format!("{form}&order={}", world.order);
    let answer = browser.post(CANDIDATE, "/app/send-anew", &form).await;
    assert_eq!(answer.location(), "/o/acme/candidates/opp-1?said=sent-anew");
    let answer = browser.post(CANDIDATE, "/app/send-anew", &form).await;
    assert_eq!(answer.location(), "/o/acme/candidates/opp-1?said=orders_another_open");
    browser.get(answer.location()).await.shows("Not sent again: another order of the same test is open.");
    let acts = [format!("{rita} applies the rules to opp-1"), format!("{rita} sends {} anew", world.order)];
    assert_eq!(*world.desk.1.lock().unwrap(), acts);
    browser.get("/o/acme/candidates/opp-1?said=%3Cb%3Ehello").await.hides("hello");
}

#[tokio::test]
async fn acts_are_offered_to_those_who_may() {
    let world = world().await;
    world.signed_in(Role::Recruiter).await.get(CANDIDATE).await.shows("Apply rules again");
    world.signed_in(Role::AccountManager).await.get(CANDIDATE).await.hides("Apply rules again");
}

#[tokio::test]
async fn ten_thousand_tags_full_of_markup_are_text_and_few() {
    let world = world().await;
    let acme = world.store.organization("acme").await.unwrap().id;
    let mut known = world.store.opportunity(acme, OPPORTUNITY).await.unwrap().unwrap();
    known.tags = (0..10_000).map(|n| format!("<i>tag {n}</i>")).collect();
    known.name = Personal::new("\u{202e}נור <script>");
    known.read_at = known.read_at.plus(std::time::Duration::from_secs(1));
    let close = Effect::CloseDeliveries {
        organization: acme,
        opportunity: OPPORTUNITY.into(),
        until: Timestamp::EPOCH,
        reason: String::new(),
    };
    world.store.commit(vec![close, Effect::SaveOpportunity(Box::new(known))]).await.unwrap();
    let page = world.signed_in(Role::Recruiter).await.get(CANDIDATE).await;
    assert_eq!(page.status, StatusCode::OK);
    page.shows("&lt;i&gt;tag 29&lt;/i&gt;").shows("and 9970 more").hides("tag 30&lt;").hides("<i>tag");
    page.shows("<h1><bdi>\u{202e}נור &lt;script&gt;</bdi></h1>").hides("<script>");
    assert!(page.body.len() < 40_000, "{} bytes", page.body.len());
}
