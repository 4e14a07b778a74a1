//! A person has an invitation sent once more that came to nothing, or has the rules applied again.

use std::time::Duration;

use domain::order::OrderState;
use domain::ports::Desk as _;
use domain::ports::desk::Refusal;
use domain::ports::store::StoreError;
use server::desk::Clerk;
use server::sandbox::vendors::SendFault;
use uuid::Uuid;

use super::on_both_engines;
use super::story::{ONSITE, Story};
use crate::engine::Engine;

const EMAIL: &str = "ada@example.com";
/// So long nobody waits for a result.
const GIVEN_UP: Duration = Duration::from_secs(57 * 86_400);

fn clerk(story: &Story) -> Clerk {
    Clerk { cx: story.assay.cx.clone(), wake: story.assay.wake.clone() }
}

/// Someone whose invitation has expired.
async fn expired(story: &Story) -> String {
    let person = story.person(EMAIL);
    story.pass(&person);
    story.settle().await;
    story.later(GIVEN_UP).await;
    assert_eq!(story.state(&person).await, OrderState::Expired);
    person
}

async fn refusal(story: &Story, order: Uuid) -> String {
    let organization = story.organization().await.id;
    match clerk(story).send_anew(organization, order, "Rita").await {
        Err(StoreError::Conflict(guard)) => guard,
        other => panic!("it was not refused: {other:?}"),
    }
}

on_both_engines! {
    async fn an_expired_invitation_is_sent_once_more_as_a_new_round(engine: Engine) {
        let story = Story::begin(engine).await;
        let person = expired(&story).await;
        let first = story.order(&person).await;
        clerk(&story).send_anew(first.organization, first.id, "Rita").await.unwrap();
        story.settle().await;
        let orders = story.orders(&person).await;
        let rounds: Vec<_> = orders.iter().map(|o| (o.round, o.state)).collect();
        assert_eq!(rounds, [(1, OrderState::Expired), (2, OrderState::Invited)]);
        assert_ne!(orders[0].report_token, orders[1].report_token);
        assert_eq!(story.invitations(EMAIL).len(), 2);
        assert_eq!(story.status_tags(&person), ["Py - Sent"]);
        let told = story.timeline(&person).await.join("\n");
        assert!(told.contains("Rita had the invitation to Backend screen sent again after it had expired."), "{told}");
        story.end().await;
    }

    async fn nobody_is_invited_twice_however_often_someone_asks(engine: Engine) {
        let story = Story::begin(engine).await;
        let person = expired(&story).await;
        let first = story.order(&person).await;
        let (one, two) = (clerk(&story), clerk(&story));
        let (a, b) = tokio::join!(
            one.send_anew(first.organization, first.id, "Rita"),
            two.send_anew(first.organization, first.id, "Adam"),
        );
        assert!(a.is_ok() != b.is_ok(), "one of two who ask at once: {a:?} {b:?}");
        assert_eq!(refusal(&story, first.id).await, Refusal::AnotherOpen.as_str());
        story.settle().await;
        assert_eq!(refusal(&story, first.id).await, Refusal::AnotherOpen.as_str());
        assert_eq!(story.invitations(EMAIL).len(), 2);
        // The second round ends too: only the last one can be sent again.
        story.later(GIVEN_UP).await;
        assert_eq!(refusal(&story, first.id).await, Refusal::NotTheLast.as_str());
        let told = story.timeline(&person).await;
        assert_eq!(told.iter().filter(|line| line.contains("sent again")).count(), 1);
        story.end().await;
    }

    async fn what_is_open_or_has_a_result_is_not_sent_again(engine: Engine) {
        let story = Story::begin(engine).await;
        let person = story.person("ada+pass@example.com");
        story.pass(&person);
        story.settle().await;
        let order = story.order(&person).await;
        assert_eq!(refusal(&story, order.id).await, Refusal::NotOver.as_str());
        story.take_test("ada+pass@example.com").await;
        assert_eq!(story.state(&person).await, OrderState::Completed);
        assert_eq!(refusal(&story, order.id).await, Refusal::NotOver.as_str());
        story.end().await;
    }

    async fn what_lever_says_by_then_counts(engine: Engine) {
        let story = Story::begin(engine).await;
        let person = expired(&story).await;
        let first = story.order(&person).await;
        story.lever.move_stage(&person, ONSITE);
        story.lever.drop_hooks();
        clerk(&story).send_anew(first.organization, first.id, "Rita").await.unwrap();
        story.settle().await;
        let orders = story.orders(&person).await;
        assert_eq!(orders[1].state, OrderState::Cancelled);
        assert_eq!(orders[1].note.as_deref(), Some("left the stage before it was sent"));
        assert_eq!(story.invitations(EMAIL).len(), 1);
        story.end().await;
    }

    async fn nobody_sends_for_another_organization_or_while_paused(engine: Engine) {
        let story = Story::begin(engine).await;
        let person = expired(&story).await;
        let first = story.order(&person).await;
        let elsewhere = clerk(&story).send_anew(Uuid::from_u128(7), first.id, "Eve").await;
        assert!(matches!(elsewhere, Err(StoreError::NotFound(_))), "{elsewhere:?}");
        let unknown = clerk(&story).apply_rules(first.organization, "not-there", "Eve").await;
        assert!(matches!(unknown, Err(StoreError::NotFound(_))), "{unknown:?}");
        story.assay.cx.store.set_paused(first.organization, true, &domain::audit::Author::on_page("sue", first.created_at)).await.unwrap();
        story.assay.cx.directory.refresh().await.unwrap();
        assert_eq!(refusal(&story, first.id).await, Refusal::Paused.as_str());
        assert_eq!(story.orders(&person).await.len(), 1);
        story.end().await;
    }

    async fn applying_the_rules_reads_lever_and_decides_what_nobody_told(engine: Engine) {
        let story = Story::begin(engine).await;
        let person = story.person(EMAIL);
        let organization = story.organization().await.id;
        // The webhook is lost.
        story.pass(&person);
        story.lever.drop_hooks();
        story.sweep().await;
        let decided = story.decisions(&person).await;
        assert_eq!(decided.len(), 1, "{decided:?}");
        clerk(&story).apply_rules(organization, &person, "Rita").await.unwrap();
        story.settle().await;
        assert_eq!(story.decisions(&person).await, decided, "what is decided stays decided");
        // Out and in again, and nobody told: the rules are applied to the new entry, and the order that is open counts.
        story.lever.move_stage(&person, ONSITE);
        story.pass(&person);
        story.lever.drop_hooks();
        clerk(&story).apply_rules(organization, &person, "Rita").await.unwrap();
        story.settle().await;
        let decided = story.decisions(&person).await;
        assert!(decided.len() == 2 && decided[1].contains("an order for this test is open"), "{decided:?}");
        story.invitation(EMAIL);
        let told = story.timeline(&person).await.join("\n");
        assert!(told.contains("Rita had the candidate read in Lever again and the rules applied."), "{told}");
        story.end().await;
    }

    async fn a_refused_invitation_is_sent_again_when_the_vendor_takes_it(engine: Engine) {
        let story = Story::begin(engine).await;
        story.vendors.update_faults(|f| {
            f.send = SendFault::NullId;
            f.send_times = Some(1);
        });
        let person = story.person(EMAIL);
        story.pass(&person);
        story.settle().await;
        let first = story.order(&person).await;
        assert_eq!(first.state, OrderState::Failed);
        clerk(&story).send_anew(first.organization, first.id, "Rita").await.unwrap();
        story.settle().await;
        let orders = story.orders(&person).await;
        let second = orders.iter().find(|o| o.round == 2).unwrap();
        assert_eq!(second.state, OrderState::Invited);
        story.invitation(EMAIL);
        story.end().await;
    }
}
