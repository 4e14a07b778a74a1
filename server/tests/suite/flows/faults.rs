//! What goes wrong: at the vendor, in Lever, on the way, in this process.

use std::time::Duration;

use domain::order::OrderState;
use domain::outcome::Outcome;
use domain::ports::Desk as _;
use domain::ports::desk::Settlement;
use domain::ports::store::BeginSend;
use domain::{Clock as _, Timestamp};
use server::desk::Clerk;
use server::sandbox::vendors::SendFault;

use super::on_both_engines;
use super::story::{ONSITE, ROW, Story};
use crate::engine::Engine;

pub async fn send_with(story: &Story, email: &str, fault: SendFault) -> String {
    story.vendors.update_faults(|f| {
        f.send = fault;
        f.send_times = Some(1);
        f.late_ms = 0;
    });
    let person = story.person(email);
    story.pass(&person);
    story.settle().await;
    person
}

pub fn clerk(story: &Story) -> Clerk {
    Clerk { cx: story.assay.cx.clone(), wake: story.assay.wake.clone() }
}

on_both_engines! {
    async fn an_answer_that_is_lost_is_never_repeated_by_itself(engine: Engine) {
        let story = Story::begin(engine).await;
        for (n, fault) in [SendFault::DropConnection, SendFault::Answer500].into_iter().enumerate() {
            let email = format!("lost{n}@example.com");
            let person = send_with(&story, &email, fault).await;
            assert_eq!(story.state(&person).await, OrderState::SendUnknown, "{fault:?}");
            for _ in 0..5 {
                story.later(Duration::from_secs(86_400)).await;
                story.sweep().await;
            }
            story.invitation(&email);
            assert!(story.status_tags(&person).is_empty(), "nothing is claimed in Lever");
            assert!(story.timeline(&person).await.join(" ").contains("not known whether the invitation"));
        }
        story.end().await;
    }

    async fn a_person_settles_an_unknown_send(engine: Engine) {
        let story = Story::begin(engine).await;
        let ada = send_with(&story, "ada+pass@example.com", SendFault::DropConnection).await;
        let order = story.order(&ada).await;
        let vendor_ref = story.invitation("ada+pass@example.com").partner_interview_id;
        let arrived = Settlement::Arrived { vendor_ref: Some(vendor_ref) };
        let nonsense = Settlement::Arrived { vendor_ref: Some("nonsense".into()) };
        let refused = clerk(&story).settle_send(order.organization, order.id, nonsense, "Rita").await.unwrap_err();
        assert!(refused.to_string().contains("knows no test with this id"), "{refused}");
        assert_eq!(story.state(&ada).await, OrderState::SendUnknown, "nothing was changed");
        clerk(&story).settle_send(order.organization, order.id, arrived.clone(), "Rita").await.unwrap();
        clerk(&story).settle_send(order.organization, order.id, arrived, "Rita").await.unwrap_err();
        story.settle().await;
        assert_eq!(story.status_tags(&ada), ["Py - Sent"]);
        story.take_test("ada+pass@example.com").await;
        assert_eq!(story.status_tags(&ada), ["Py - Pass"]);

        let bo = send_with(&story, "bo@example.com", SendFault::Answer500).await;
        let order = story.order(&bo).await;
        clerk(&story).settle_send(order.organization, order.id, Settlement::SendAgain, "Rita").await.unwrap();
        story.settle().await;
        assert_eq!(story.state(&bo).await, OrderState::Invited);
        assert_eq!(story.invitations("bo@example.com").len(), 2, "the person asked for it");
        assert!(story.timeline(&bo).await.join(" ").contains("Rita found that the invitation had not arrived"));
        story.end().await;
    }

    async fn what_provably_did_not_go_out_is_tried_again(engine: Engine) {
        let story = Story::begin(engine).await;
        for (n, fault) in [SendFault::Refuse429, SendFault::Refuse503].into_iter().enumerate() {
            let email = format!("later{n}@example.com");
            let person = send_with(&story, &email, fault).await;
            assert_eq!(story.state(&person).await, OrderState::Planned, "{fault:?}");
            assert!(story.invitations(&email).is_empty());
            story.later(Duration::from_secs(600)).await;
            story.invitation(&email);
            assert_eq!(story.status_tags(&person), ["Py - Sent"]);
        }
        story.end().await;
    }

    async fn an_empty_id_is_a_refusal(engine: Engine) {
        let story = Story::begin(engine).await;
        let ada = story.person("ada+null@example.com");
        story.pass(&ada);
        story.settle().await;
        assert_eq!(story.state(&ada).await, OrderState::Failed);
        assert!(!story.vendors.response_errors().is_empty(), "the vendor is told what was wrong");
        assert!(story.status_tags(&ada).is_empty());
        story.end().await;
    }

    async fn a_number_as_id_is_as_good_as_a_word(engine: Engine) {
        let story = Story::begin(engine).await;
        let ada = story.person("ada+num+pass@example.com");
        story.pass(&ada);
        story.settle().await;
        story.take_test("ada+num+pass@example.com").await;
        assert_eq!(story.status_tags(&ada), ["Py - Pass"]);
        story.end().await;
    }

    async fn a_score_before_the_end_is_not_a_result(engine: Engine) {
        let story = Story::begin(engine).await;
        story.vendors.update_faults(|f| f.early_score = true);
        let ada = story.person("ada@example.com");
        story.pass(&ada);
        story.settle().await;
        story.vendors.start_test(&story.invitation("ada@example.com").partner_interview_id);
        story.later(Duration::from_secs(3_700)).await;
        let order = story.order(&ada).await;
        assert_eq!((order.outcome, order.score), (None, None));
        story.end().await;
    }

    async fn a_result_without_report_is_kept_and_the_vendor_told(engine: Engine) {
        let story = Story::begin(engine).await;
        let ada = story.person("ada+malformed@example.com");
        story.pass(&ada);
        story.settle().await;
        story.take_test("ada+malformed@example.com").await;
        assert_eq!(story.order(&ada).await.outcome, Some(Outcome::Pass));
        assert!(story.links(&ada).is_empty());
        assert!(!story.vendors.response_errors().is_empty());
        story.end().await;
    }

    async fn a_wrong_vendor_key_waits_for_a_person_and_spends_no_attempt(engine: Engine) {
        let story = Story::begin(engine).await;
        let ada = story.person("ada+401@example.com");
        story.pass(&ada);
        story.settle().await;
        for _ in 0..20 {
            story.later(Duration::from_secs(400)).await;
        }
        assert_eq!(story.state(&ada).await, OrderState::Planned);
        let organization = story.organization().await.id;
        let issues = story.assay.cx.store.open_issues(organization).await.unwrap();
        assert!(issues.iter().any(|i| i.cause == "vendor.py.credential"), "{issues:?}");
        story.end().await;
    }

    async fn a_busy_lever_only_delays(engine: Engine) {
        let story = Story::begin(engine).await;
        let ada = story.person("ada+pass@example.com");
        story.lever.update_faults(|f| f.limit_next = 4);
        story.pass(&ada);
        story.settle().await;
        for _ in 0..6 {
            story.later(Duration::from_secs(120)).await;
        }
        story.take_test("ada+pass@example.com").await;
        for _ in 0..3 {
            story.later(Duration::from_secs(120)).await;
        }
        story.invitation("ada+pass@example.com");
        assert_eq!(story.status_tags(&ada), ["Py - Pass"]);
        story.end().await;
    }

    async fn a_write_to_lever_that_breaks_after_it_was_applied_is_not_doubled(engine: Engine) {
        let story = Story::begin(engine).await;
        let ada = story.person("ada+pass@example.com");
        story.pass(&ada);
        story.settle().await;
        story.lever.update_faults(|f| f.drop_after_next = 3);
        story.take_test("ada+pass@example.com").await;
        for _ in 0..8 {
            story.later(Duration::from_secs(3_600)).await;
        }
        assert_eq!(story.status_tags(&ada), ["Py - Pass"]);
        assert_eq!(story.links(&ada).len(), 1);
        story.end().await;
    }

    async fn an_answer_that_is_no_json_is_tried_again(engine: Engine) {
        let story = Story::begin(engine).await;
        story.lever.update_faults(|f| f.html_next = 3);
        let ada = story.person("ada+pass@example.com");
        story.pass(&ada);
        story.settle().await;
        for _ in 0..3 {
            story.later(Duration::from_secs(200)).await;
        }
        story.invitation("ada+pass@example.com");
        story.end().await;
    }

    async fn a_process_that_dies_while_sending_leaves_it_to_a_person(engine: Engine) {
        let mut story = Story::begin(engine).await;
        let ada = story.person("ada@example.com");
        story.pass(&ada);
        story.lever.deliver_hooks().await;
        // The first job decides; the second is claimed and dies after `sending` was written.
        let store = story.assay.cx.store.clone();
        let now = story.clock.now();
        let lease = now.plus(Duration::from_secs(60));
        let runner = story.assay.runner();
        runner.step().await.unwrap();
        let claimed = store.claim(1, now, lease, None).await.unwrap().remove(0);
        let order = story.order(&ada).await;
        assert_eq!(store.begin_send(order.id, &order.email, (claimed.id, claimed.attempt), now).await.unwrap(), BeginSend::Go);
        story.restart().await;
        story.settle().await;
        assert_eq!(story.state(&ada).await, OrderState::Sending, "the lease still holds");
        story.later(Duration::from_secs(61)).await;
        assert_eq!(story.state(&ada).await, OrderState::SendUnknown);
        assert!(story.vendors.invitations().is_empty(), "nothing is sent on a guess");
        story.end().await;
    }

    async fn an_old_plan_is_checked_before_it_is_carried_out(engine: Engine) {
        let story = Story::begin(engine).await;
        let ada = send_with(&story, "ada@example.com", SendFault::Refuse503).await;
        story.lever.archive(&ada, "Underqualified");
        story.lever.drop_hooks();
        story.later(Duration::from_secs(3_600)).await;
        assert_eq!(story.state(&ada).await, OrderState::Cancelled);
        assert!(story.vendors.invitations().is_empty());
        story.end().await;
    }

    async fn who_is_archived_while_the_send_waits_is_not_invited(engine: Engine) {
        let story = Story::begin(engine).await;
        let ada = send_with(&story, "ada@example.com", SendFault::Refuse429).await;
        assert_eq!(story.state(&ada).await, OrderState::Planned);
        story.lever.archive(&ada, "Underqualified");
        story.later(Duration::from_secs(30)).await;
        assert_eq!(story.state(&ada).await, OrderState::Cancelled);
        assert!(story.vendors.invitations().is_empty());
        // Nothing reached the candidate: a second entry is a new chance.
        story.lever.unarchive(&ada);
        story.lever.move_stage(&ada, ONSITE);
        story.pass(&ada);
        story.settle().await;
        story.invitation("ada@example.com");
        story.end().await;
    }

    async fn a_corrected_address_is_the_one_that_is_written_to(engine: Engine) {
        let story = Story::begin(engine).await;
        let ada = send_with(&story, "adda@example.com", SendFault::Refuse429).await;
        story.lever.change_person(&ada, None, Some(&["ada@example.com"]));
        story.later(Duration::from_secs(30)).await;
        assert!(story.invitations("adda@example.com").is_empty());
        story.invitation("ada@example.com");
        assert_eq!(story.order(&ada).await.email.reveal(), "ada@example.com");
        story.end().await;
    }

    async fn a_callback_proves_that_an_unknown_send_arrived(engine: Engine) {
        let story = Story::begin(engine).await;
        let ada = send_with(&story, "ada+pass@example.com", SendFault::DropConnection).await;
        story.vendors.complete_by_address(&story.invitation("ada+pass@example.com").partner_interview_id);
        story.settle().await;
        let order = story.order(&ada).await;
        assert!(order.called_back_at.is_some());
        clerk(&story).settle_send(order.organization, order.id, Settlement::SendAgain, "Rita").await.unwrap_err();
        story.invitation("ada+pass@example.com");
        story.end().await;
    }

    async fn a_send_that_never_gets_through_ends_and_leaves_the_way_open(engine: Engine) {
        let mut story = Story::begin(engine).await;
        story.allow_dead_jobs();
        story.vendors.update_faults(|f| {
            f.send = SendFault::Refuse503;
            f.retry_after = 0;
            f.send_times = None;
        });
        story.apply(&ROW.replace("default_test", "cooldown = \"1d\"\ndefault_test")).await;
        let ada = story.person("ada@example.com");
        story.pass(&ada);
        story.settle().await;
        for _ in 0..30 {
            story.later(Duration::from_secs(2 * 86_400)).await;
        }
        assert!(story.vendors.invitations().is_empty());
        assert!(matches!(story.state(&ada).await, OrderState::Failed | OrderState::Planned), "never stuck in between");
        story.vendors.update_faults(|f| f.send = SendFault::None);
        story.lever.move_stage(&ada, ONSITE);
        story.pass(&ada);
        story.later(Duration::from_secs(2 * 86_400)).await;
        story.invitation("ada@example.com");
        story.end().await;
    }

    async fn a_result_that_lever_refuses_for_days_is_written_in_the_end(engine: Engine) {
        let mut story = Story::begin(engine).await;
        story.allow_dead_jobs();
        let ada = story.person("ada+pass@example.com");
        story.pass(&ada);
        story.settle().await;
        story.lever.update_faults(|f| {
            f.error_next = 1_000;
            f.error_status = 400;
        });
        story.take_test("ada+pass@example.com").await;
        story.later(Duration::from_secs(86_400)).await;
        assert_eq!(story.status_tags(&ada), ["Py - Sent"]);
        story.lever.update_faults(|f| f.error_next = 0);
        story.sweep().await;
        for _ in 0..3 {
            story.later(Duration::from_secs(3_700)).await;
        }
        assert_eq!(story.status_tags(&ada), ["Py - Pass"]);
        assert_eq!(story.links(&ada).len(), 1);
        story.end().await;
    }

    async fn a_deleted_candidate_ends_quietly(engine: Engine) {
        let story = Story::begin(engine).await;
        let ada = story.person("ada@example.com");
        story.pass(&ada);
        story.lever.delete(&ada);
        story.settle().await;
        assert!(story.vendors.invitations().is_empty());
        assert!(story.clock.now() > Timestamp::EPOCH);
        story.end().await;
    }
}
