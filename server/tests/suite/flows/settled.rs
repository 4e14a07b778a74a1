//! What only people can find out, and what Lever does not show.

use std::time::Duration;

use domain::Clock as _;
use domain::job::{Effect, OrderChange};
use domain::ports::Desk as _;
use domain::ports::desk::{DeskError, Settlement};
use domain::ports::store::StoreError;
use domain::role::Role;
use server::sandbox::lever::NewPerson;
use server::sandbox::vendors::SendFault;

use super::connect::{account, send};
use super::faults::{clerk, send_with};
use super::on_both_engines;
use super::story::Story;
use crate::engine::Engine;

on_both_engines! {
    async fn an_id_that_was_not_known_or_is_wrong_is_said_later(engine: Engine) {
        let story = Story::begin(engine).await;
        let ada = send_with(&story, "ada+pass@example.com", SendFault::DropConnection).await;
        let bo = story.person("bo@example.com");
        story.pass(&bo);
        story.settle().await;
        let order = story.order(&ada).await;
        let nothing = Settlement::Arrived { vendor_ref: None };
        clerk(&story).settle_send(order.organization, order.id, nothing, "Rita").await.unwrap();
        story.settle().await;
        let says = async |vendor_ref: String| clerk(&story).identify(order.organization, order.id, &vendor_ref, "Rita").await;
        let other = says(story.invitation("bo@example.com").partner_interview_id).await.unwrap_err();
        assert!(other.to_string().contains("that of another test"), "{other}");
        let right = story.invitation("ada+pass@example.com").partner_interview_id;
        says(right).await.unwrap();
        story.settle().await;
        story.take_test("ada+pass@example.com").await;
        assert_eq!(story.status_tags(&ada), ["Py - Pass"]);
        let done = clerk(&story).identify(order.organization, order.id, "x", "Rita").await.unwrap_err();
        assert!(matches!(done, DeskError::Store(StoreError::Conflict(_))), "{done:?}");
        story.end().await;
    }

    async fn a_test_that_the_vendor_does_not_know_any_more_is_told_with_its_candidate(engine: Engine) {
        let story = Story::begin(engine).await;
        let ada = story.person("ada+pass@example.com");
        story.pass(&ada);
        story.settle().await;
        let order = story.order(&ada).await;
        let right = order.vendor_ref.clone().unwrap();
        // Someone typed it in an older version, which did not ask the vendor.
        let wrong = OrderChange { vendor_ref: Some("typo".into()), ..OrderChange::to(&order, order.state, story.clock.now()) };
        story.assay.cx.store.commit(vec![Effect::ChangeOrder(wrong)]).await.unwrap();
        story.later(Duration::from_secs(3_700)).await;
        let issues = story.assay.cx.store.open_issues(order.organization).await.unwrap();
        assert!(issues.iter().any(|i| i.cause == format!("vendor.py.status.{ada}")), "{issues:?}");
        let mut sue = account(&story, "sue@example.org", Role::SuperAdmin, Some(order.organization)).await;
        sue.get("/o/acme").await.shows("The candidate").shows(&format!("/o/acme/candidates/{ada}"));
        let page = format!("/o/acme/candidates/{ada}");
        sue.get(&page).await.shows("Ask the vendor and save");
        let form = |vendor_ref: &str| [("slug", "acme".to_owned()), ("order", order.id.to_string()), ("vendor_ref", vendor_ref.to_owned())];
        let mut give = async |vendor_ref: &str| {
            let fields = form(vendor_ref);
            let fields: Vec<_> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
            send(&mut sue, &page, "/app/identify-order", &fields).await
        };
        give("typo2").await.shows("knows no test with this id");
        give(&right).await;
        sue.get(&page).await.shows("found the vendor's id of the test").hides("Ask the vendor and save");
        story.settle().await;
        assert!(story.assay.cx.store.open_issues(order.organization).await.unwrap().is_empty());
        story.take_test("ada+pass@example.com").await;
        assert_eq!(story.status_tags(&ada), ["Py - Pass"]);
        story.end().await;
    }

    async fn who_is_confidential_is_left_alone_and_the_delivery_says_why(engine: Engine) {
        let story = Story::begin(engine).await;
        let hidden = NewPerson { name: "Cy".into(), emails: vec!["cy@example.com".into()], confidential: true, ..NewPerson::default() };
        let hidden = story.lever.add_person(hidden);
        story.pass(&hidden);
        story.settle().await;
        let acme = story.organization().await.id;
        let deliveries = story.assay.cx.store.deliveries(acme, false, 50).await.unwrap();
        let about: Vec<_> = deliveries.iter().filter(|d| d.opportunity.as_ref() == Some(&hidden)).collect();
        assert!(about.iter().all(|d| d.status == "done"), "{about:?}");
        assert!(about[0].reason.as_ref().unwrap().contains("it is confidential in Lever"), "{about:?}");
        assert!(story.invitations("cy@example.com").is_empty());
        assert!(story.assay.cx.store.open_issues(acme).await.unwrap().is_empty(), "the key is as good as before");
        story.end().await;
    }
}
