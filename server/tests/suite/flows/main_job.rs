//! From a stage change to a tag, a link and a reason.

use std::time::Duration;

use domain::order::OrderState;
use domain::outcome::Outcome;

use super::on_both_engines;
use super::story::{ONSITE, PASSED, ROW, Story};
use crate::engine::Engine;

on_both_engines! {
    async fn a_pass_is_tagged_linked_and_explained(engine: Engine) {
        let story = Story::begin(engine).await;
        let ada = story.person("ada+pass@example.com");
        story.pass(&ada);
        story.settle().await;
        assert_eq!(story.invitation("ada+pass@example.com").test_name, "Backend screen");
        assert_eq!(story.status_tags(&ada), ["Py - Sent"]);
        assert!(story.links(&ada).is_empty(), "no link before there is a result");

        story.take_test("ada+pass@example.com").await;
        let order = story.order(&ada).await;
        assert_eq!((order.state, order.outcome, order.score), (OrderState::Completed, Some(Outcome::Pass), Some(92.0)));
        assert_eq!(order.judged_by, Some(1));
        assert_eq!(story.status_tags(&ada), ["Py - Pass"]);
        assert_eq!(story.links(&ada), [format!("{}/reports/{}", story.base, order.report_token)]);
        assert_eq!(story.decisions(&ada).await, ["Invited to Backend screen: it is the default of this stage."]);
        let told = story.timeline(&ada).await.join("\n");
        assert!(told.contains("92 is at or above the pass threshold of 80"), "{told}");
        story.end().await;
    }

    async fn between_the_thresholds_and_below_them(engine: Engine) {
        let story = Story::begin(engine).await;
        let cases = [("bo+review@example.com", "Py - Needs Review"), ("cy+fail@example.com", "Py - Fail"), ("di+noscore@example.com", "Py - Needs Review")];
        for (email, tag) in cases {
            let person = story.person(email);
            story.pass(&person);
            story.settle().await;
            story.take_test(email).await;
            assert_eq!(story.status_tags(&person), [tag], "{email}");
        }
        story.end().await;
    }

    async fn a_tag_picks_the_test(engine: Engine) {
        let story = Story::begin(engine).await;
        let tagged = story.tagged("eve@example.com", &["Data screen"]);
        let near = story.tagged("flo@example.com", &["data screen"]);
        let two = story.tagged("gus@example.com", &["Data screen", "SQL basics"]);
        for person in [&tagged, &near, &two] {
            story.pass(person);
        }
        story.settle().await;
        assert_eq!(story.invitation("eve@example.com").test_name, "Data screen");
        assert_eq!(story.invitation("flo@example.com").test_name, "Backend screen");
        assert!(story.decisions(&near).await[0].contains("The tag \"data screen\" is not the test \"Data screen\""));
        assert!(story.invitations("gus@example.com").is_empty());
        assert!(story.decisions(&two).await[0].contains("several tests tagged (Data screen, SQL basics)"));
        story.end().await;
    }

    async fn without_a_test_nothing_is_sent_and_the_reason_is_there(engine: Engine) {
        let story = Story::with(engine, "[[trigger_stage]]\nstage = \"Phone Screen Passed\"\nvendor = \"py\"\n").await;
        let plain = story.person("ada@example.com");
        let near = story.tagged("bo@example.com", &["Backend scren"]);
        story.pass(&plain);
        story.pass(&near);
        story.settle().await;
        assert!(story.vendors.invitations().is_empty());
        assert!(story.decisions(&plain).await[0].contains("no test configured"));
        assert!(story.decisions(&near).await[0].contains("\"Backend scren\" is not the test \"Backend screen\""));
        story.end().await;
    }

    async fn other_people_s_tags_and_links_stay(engine: Engine) {
        let story = Story::begin(engine).await;
        let ada = story.tagged("ada+pass@example.com", &["Referral", "Py", "py - sent"]);
        story.lever.add_links(&ada, &["https://example.org/portfolio"]);
        story.lever.drop_hooks();
        story.pass(&ada);
        story.settle().await;
        story.take_test("ada+pass@example.com").await;
        for tag in ["Referral", "Py", "py - sent", "Py - Pass"] {
            assert!(story.tags(&ada).iter().any(|t| t == tag), "{tag}");
        }
        assert_eq!(story.links(&ada)[0], "https://example.org/portfolio");
        story.end().await;
    }

    async fn a_candidate_costs_lever_six_calls(engine: Engine) {
        let story = Story::begin(engine).await;
        let ada = story.person("ada+pass@example.com");
        story.lever.clear_journal();
        story.pass(&ada);
        story.settle().await;
        story.take_test("ada+pass@example.com").await;
        let calls = story.calls();
        assert!(calls.len() <= 6, "{} calls: {calls:#?}", calls.len());
        story.end().await;
    }

    async fn duplicated_and_reordered_webhooks_change_nothing(engine: Engine) {
        let story = Story::begin(engine).await;
        let ada = story.person("ada+pass+dup@example.com");
        story.pass(&ada);
        story.lever.duplicate_hooks();
        story.lever.reverse_hooks();
        story.settle().await;
        story.take_test("ada+pass+dup@example.com").await;
        story.invitation("ada+pass+dup@example.com");
        assert_eq!(story.links(&ada).len(), 1);
        assert_eq!(story.status_tags(&ada), ["Py - Pass"]);
        let organization = story.organization().await.id;
        let deliveries = story.assay.cx.store.deliveries(organization, false, 50).await.unwrap();
        assert!(deliveries.iter().any(|d| d.repeats > 0 && !d.suspicious), "{deliveries:?}");
        story.end().await;
    }

    async fn a_lost_webhook_is_found_by_the_sweep(engine: Engine) {
        let story = Story::begin(engine).await;
        let ada = story.person("ada+pass@example.com");
        story.pass(&ada);
        assert!(story.lever.drop_hooks() > 0);
        story.settle().await;
        assert!(story.vendors.invitations().is_empty());
        story.sweep().await;
        story.invitation("ada+pass@example.com");
        story.sweep().await;
        story.invitation("ada+pass@example.com");
        story.end().await;
    }

    async fn a_webhook_that_falls_silent_is_told_until_it_speaks_again(engine: Engine) {
        let story = Story::begin(engine).await;
        let acme = story.organization().await.id;
        let silent = async || {
            let open = story.assay.cx.store.open_issues(acme).await.unwrap();
            open.into_iter().find(|issue| issue.cause == "lever.hook").map(|issue| issue.detail)
        };
        let people = ["ada@example.com", "bea@example.com", "cy@example.com", "di@example.com"].map(|e| story.person(e));
        story.pass(&people[0]);
        story.settle().await;
        story.later(Duration::from_mins(10)).await;
        story.sweep().await;
        assert_eq!(silent().await, None);
        for person in &people[1..3] {
            story.pass(person);
        }
        assert!(story.lever.drop_hooks() > 0);
        story.later(Duration::from_mins(4)).await;
        story.sweep().await;
        assert_eq!(story.status_tags(&people[1]), ["Py - Sent"], "found by looking");
        let detail = silent().await.expect("it is told");
        assert!(detail.contains("moved 2 candidates"), "{detail}");
        story.sweep().await;
        assert!(silent().await.is_some(), "nothing was heard since");
        story.later(Duration::from_mins(1)).await;
        story.pass(&people[3]);
        story.settle().await;
        story.sweep().await;
        assert_eq!(silent().await, None);
        story.end().await;
    }

    async fn a_lost_callback_is_found_by_asking(engine: Engine) {
        let story = Story::begin(engine).await;
        let ada = story.person("ada+pass@example.com");
        story.pass(&ada);
        story.settle().await;
        let invitation = story.invitation("ada+pass@example.com");
        story.vendors.complete_by_address(&invitation.partner_interview_id);
        assert!(story.vendors.drop_callbacks() > 0);
        story.settle().await;
        assert_eq!(story.status_tags(&ada), ["Py - Sent"]);
        story.later(Duration::from_secs(3_700)).await;
        assert_eq!(story.status_tags(&ada), ["Py - Pass"]);
        story.end().await;
    }

    async fn a_result_that_lags_behind_its_callback_is_found_soon(engine: Engine) {
        let story = Story::begin(engine).await;
        let ada = story.person("ada+pass+late@example.com");
        story.pass(&ada);
        story.settle().await;
        let id = story.invitation("ada+pass+late@example.com").partner_interview_id;
        story.vendors.complete_by_address(&id);
        story.settle().await;
        assert_ne!(story.state(&ada).await, OrderState::Completed);
        story.vendors.complete_by_address(&id);
        story.later(Duration::from_secs(6)).await;
        assert_eq!(story.status_tags(&ada), ["Py - Pass"]);
        story.end().await;
    }

    async fn the_start_of_a_test_shows(engine: Engine) {
        let story = Story::begin(engine).await;
        let ada = story.person("ada@example.com");
        story.pass(&ada);
        story.settle().await;
        story.vendors.start_test(&story.invitation("ada@example.com").partner_interview_id);
        story.later(Duration::from_secs(3_700)).await;
        assert_eq!(story.status_tags(&ada), ["Py - Started"]);
        story.end().await;
    }

    async fn after_eight_weeks_an_order_expires_and_a_late_result_still_counts(engine: Engine) {
        let story = Story::begin(engine).await;
        let ada = story.person("ada@example.com");
        story.pass(&ada);
        story.settle().await;
        let id = story.invitation("ada@example.com").partner_interview_id;
        story.later(Duration::from_secs(57 * 86_400)).await;
        assert_eq!(story.status_tags(&ada), ["Py - Expired"]);
        if story.vendors.complete(&id, Some(85.0), None) {
            story.settle().await;
            assert_eq!(story.status_tags(&ada), ["Py - Pass"]);
        }
        story.end().await;
    }

    async fn the_same_stage_again_sends_nothing_again(engine: Engine) {
        let story = Story::begin(engine).await;
        let ada = story.person("ada+pass@example.com");
        story.pass(&ada);
        story.settle().await;
        story.lever.move_stage(&ada, ONSITE);
        story.settle().await;
        story.pass(&ada);
        story.settle().await;
        assert!(story.decisions(&ada).await[1].contains("an order for this test is open"));
        story.take_test("ada+pass@example.com").await;
        story.lever.move_stage(&ada, ONSITE);
        story.pass(&ada);
        story.settle().await;
        story.invitation("ada+pass@example.com");
        assert!(story.decisions(&ada).await[2].contains("was sent before"));
        story.end().await;
    }

    async fn after_the_cooldown_the_same_stage_sends_again(engine: Engine) {
        let story = Story::with(engine, &format!("{ROW}cooldown = \"30d\"\n")).await;
        let ada = story.person("ada+pass@example.com");
        story.pass(&ada);
        story.settle().await;
        story.take_test("ada+pass@example.com").await;
        story.lever.move_stage(&ada, ONSITE);
        story.later(Duration::from_secs(31 * 86_400)).await;
        story.pass(&ada);
        story.settle().await;
        assert_eq!(story.invitations("ada+pass@example.com").len(), 2);
        assert_eq!(story.status_tags(&ada), ["Py - Sent"], "the tag shows the newest");
        story.end().await;
    }

    async fn who_left_before_the_event_was_handled_is_not_invited(engine: Engine) {
        let story = Story::begin(engine).await;
        let ada = story.person("ada@example.com");
        story.pass(&ada);
        story.clock.advance(Duration::from_millis(10));
        story.lever.move_stage(&ada, ONSITE);
        story.settle().await;
        assert!(story.vendors.invitations().is_empty());
        assert!(story.decisions(&ada).await[0].contains("had left the stage"));
        story.end().await;
    }

    async fn who_came_back_before_the_event_was_handled_is_invited_and_the_list_says_so(engine: Engine) {
        // The row of the other stage stands last.
        let other = format!("{ROW}\n[[trigger_stage]]\nstage = \"{ONSITE}\"\nvendor = \"py\"\n");
        let story = Story::with(engine, &other).await;
        let ada = story.person("ada@example.com");
        story.pass(&ada);
        story.clock.advance(Duration::from_millis(10));
        story.lever.move_stage(&ada, ONSITE);
        story.pass(&ada);
        story.settle().await;
        assert_eq!(story.invitations("ada@example.com").len(), 1);
        let organization = story.organization().await.id;
        let (row, ..) = story.assay.cx.store.candidate(organization, &ada).await.unwrap();
        assert_eq!(row.decision.map(|decision| decision.kind()), Some("invite"));
        story.end().await;
    }

    async fn who_was_there_before_the_row_is_not_invited(engine: Engine) {
        let story = Story::with(engine, "").await;
        let ada = story.person("ada@example.com");
        story.pass(&ada);
        story.settle().await;
        story.clock.advance(Duration::from_secs(60));
        story.apply(ROW).await;
        story.clock.advance(Duration::from_secs(60));
        story.sweep().await;
        assert!(story.vendors.invitations().is_empty());
        assert!(story.decisions(&ada).await[0].contains("already in this stage when the rule was switched on"));
        story.end().await;
    }

    async fn changed_thresholds_judge_the_next_result_and_are_remembered(engine: Engine) {
        let story = Story::begin(engine).await;
        let ada = story.person("ada+review@example.com");
        story.pass(&ada);
        story.settle().await;
        story.apply(&ROW.replace("pass_at = 80", "pass_at = 60")).await;
        story.take_test("ada+review@example.com").await;
        let order = story.order(&ada).await;
        assert_eq!((order.outcome, order.judged_by), (Some(Outcome::Pass), Some(2)), "60 at a threshold of 60");
        story.end().await;
    }

    async fn twenty_candidates_at_once_get_one_invitation_each(engine: Engine) {
        let story = Story::begin(engine).await;
        let people: Vec<(String, String)> = (0..20)
            .map(|n| {
                let email = format!("p{n}+{}@example.com", ["pass", "review", "fail"][n % 3]);
                (story.person(&email), email)
            })
            .collect();
        for (person, _) in &people {
            story.pass(person);
        }
        story.settle().await;
        for (person, email) in &people {
            story.take_test(email).await;
            assert_eq!(story.status_tags(person).len(), 1);
            assert_eq!(story.links(person).len(), 1);
        }
        assert_eq!(story.vendors.invitations().len(), 20);
        let stage = story.lever.stage_id(PASSED).unwrap();
        assert!(people.iter().all(|(p, _)| story.lever.opportunity(p).unwrap().stage == stage), "nobody is moved");
        story.end().await;
    }
}
