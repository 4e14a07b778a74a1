//! What the page of a candidate says, made of what the store keeps.

use domain::activity::{Activity, Event};
use domain::incoming::{Incoming, State};
use domain::invitation::Decision;
use domain::opportunity::Opportunity;
use domain::order::{Order, OrderState, UNKNOWN_TO_VENDOR};
use domain::outcome::Outcome;
use domain::ports::desk::{Refusal, Settlement, may_send_anew};
use domain::ports::store::{Organization, StoreError};
use domain::read::CandidateRow;
use domain::rules::Rules;
use domain::words;
use uuid::Uuid;

use super::{CandidateView, OrderLine, OutsideResult};
use crate::access::{SETTLE, Viewer};
use crate::error::AppError;
use crate::pages::on_server::{Judged, decision, event, score, shown_name, stage_name, vendor_name};
use crate::pages::reviews::on_server::test;
use crate::ui::{Moment, Tone};
use crate::when::when;
use crate::{address, text};

/// Tags that are shown; an opportunity may carry thousands.
const TAGS: usize = 30;

/// Longest id of an instance that is taken over from a person, in characters.
const LONGEST_REF: usize = 200;

/// An order and the vendor's id of it, as typed.
pub fn identified(order: &str, vendor_ref: &str) -> Result<(Uuid, String), AppError> {
    match settlement(order, "arrived", vendor_ref)? {
        (order, Settlement::Arrived { vendor_ref: Some(vendor_ref) }) => Ok((order, vendor_ref)),
        _ => Err(AppError::Invalid { why: "The vendor's id: nothing was typed".to_owned() }),
    }
}

pub fn settlement(order: &str, answer: &str, vendor_ref: &str) -> Result<(Uuid, Settlement), AppError> {
    let order = Uuid::parse_str(order).map_err(|_| AppError::NotFound)?;
    let vendor_ref = vendor_ref.trim();
    if vendor_ref.chars().count() > LONGEST_REF {
        return Err(AppError::Invalid { why: format!("The vendor's id is longer than {LONGEST_REF} characters") });
    }
    let settlement = match answer {
        "arrived" => Settlement::Arrived { vendor_ref: Some(vendor_ref).filter(|r| !r.is_empty()).map(str::to_owned) },
        "send-again" => Settlement::SendAgain,
        _ => return Err(AppError::Invalid { why: "The answer is either arrived or send-again".to_owned() }),
    };
    Ok((order, settlement))
}

/// Back to the candidate's page, with a word for what happened.
pub fn lead_back(
    slug: &str,
    opportunity: &str,
    done: Result<(), StoreError>,
    word: &'static str,
) -> Result<(), AppError> {
    let word = match &done {
        Ok(()) => word,
        Err(StoreError::Conflict(guard)) => {
            Refusal::ALL.into_iter().find(|r| r.as_str() == guard).map_or("someone-first", Refusal::as_str)
        }
        Err(_) => return Ok(done?),
    };
    leptos_axum::redirect(&format!("{}?said={word}", address::candidate(slug, opportunity)));
    Ok(())
}

/// What the word in the address says; nothing for words that are none of ours.
fn said(word: &str) -> Option<(Tone, String)> {
    let refused = |refusal| match refusal {
        Refusal::NotOver => "Not sent again: this order has not ended, or it has a result.",
        Refusal::AnotherOpen => "Not sent again: another order of the same test is open.",
        Refusal::NotTheLast => "Not sent again: a later order of the same test is there.",
        Refusal::Paused => "Not sent again: the integration is paused, and nobody is invited.",
    };
    let (tone, sentence) = match word {
        "sent-anew" => (Tone::Ok, "Ordered once more: the vendor is asked to invite now."),
        "rules-applied" => (
            Tone::Ok,
            "The candidate is read in Lever again now. Every entry without a decision gets one; a decision that was made \
             and a result that was judged stay as they are.",
        ),
        "someone-first" => (Tone::Warn, "Someone was first: nothing was changed by you."),
        word => (Tone::Warn, Refusal::ALL.into_iter().find(|r| r.as_str() == word).map(refused)?),
    };
    Some((tone, sentence.to_owned()))
}

pub type Found = (CandidateRow, Vec<Order>, Vec<Activity>);

/// What the store knows for the page.
pub struct Known {
    pub found: Found,
    pub read: Option<Opportunity>,
    pub results: Vec<Incoming>,
}

pub fn view(viewer: &Viewer, organization: &Organization, known: Known, word: &str) -> CandidateView {
    let Known { found: (row, mut orders, timeline), read, results } = known;
    let rules = &organization.rules;
    orders.sort_by_key(|o| std::cmp::Reverse((o.created_at, o.id)));
    let unmasked = !viewer.sees_masked();
    let tags = read.map(|o| tags_now(o, &timeline)).unwrap_or_default();
    let (question, answer) = answer(&row, &orders, &rules.timezone);
    CandidateView {
        slug: rules.slug.clone(),
        organization: rules.name.clone(),
        name: shown_name(viewer, &row.name, &row.opportunity),
        email: row.email.clone().filter(|_| unmasked),
        stage: stage_name(rules, &row.stage),
        more_tags: i64::try_from(tags.len().saturating_sub(TAGS)).unwrap_or(i64::MAX),
        tags: tags.into_iter().take(TAGS).collect(),
        lever: row.url.clone().filter(|url| unmasked && url.starts_with("https://")),
        said: said(word),
        question,
        answer,
        orders: orders.iter().map(|o| order(unmasked, organization, &row, o, &orders)).collect(),
        results: results.iter().map(|result| outside(viewer, rules, result)).collect(),
        timeline: timeline.iter().map(|a| moment(a, &rules.timezone)).collect(),
        may_settle: viewer.may(SETTLE),
        opportunity: row.opportunity,
    }
}

/// The tags that were read last, with what was written since.
fn tags_now(read: Opportunity, timeline: &[Activity]) -> Vec<String> {
    let mut tags = read.tags;
    let mut since: Vec<&Activity> = timeline.iter().filter(|line| line.at > read.read_at).collect();
    since.sort_by_key(|line| line.at);
    for line in since {
        if let Event::Tagged { added, removed } = &line.event {
            tags.retain(|tag| !removed.contains(tag) && !added.contains(tag));
            tags.extend(added.iter().cloned());
        }
    }
    tags
}

/// What people ask about this candidate, and the answer: why something or nothing was sent, and what became of it.
fn answer(row: &CandidateRow, orders: &[Order], zone: &str) -> (String, String) {
    let newest = orders.first();
    let asked_anew = newest.filter(|o| o.round > 1).and_then(|o| o.note.clone());
    let decided = || row.decision.as_ref().map_or_else(|| text::NO_DECISION.to_owned(), |d| decision(d, zone));
    let sent = newest.is_some_and(|o| o.invited_at.is_some());
    let reviewed = newest.is_some_and(|o| o.outcome == Some(Outcome::NeedsReview));
    let now = match newest.map(|o| o.state) {
        _ if reviewed => " The result is neither a pass nor a fail: read the report, then decide in Lever.",
        Some(OrderState::SendUnknown) => " It is not known whether the invitation arrived; answer below.",
        Some(OrderState::Failed) => {
            " The vendor refused the order, so no invitation was sent; the order below says why."
        }
        Some(OrderState::Cancelled) if !sent => {
            " It was called off before anything was sent; the order below says why."
        }
        Some(OrderState::Cancelled) => " It was taken back; the order below says why.",
        Some(OrderState::Planned | OrderState::Sending) => " The invitation is on its way to the vendor.",
        _ => "",
    };
    // Whoever was to be invited is not asked why nobody wanted to.
    let question = match newest.map(|o| o.state) {
        None => "Why was nothing sent?",
        Some(OrderState::Failed | OrderState::Cancelled) => "What became of the invitation?",
        Some(_) => "Why?",
    };
    let decided = asked_anew.filter(|_| newest.is_some_and(|o| o.state.is_open())).unwrap_or_else(decided);
    (question.to_owned(), format!("{decided}{now}"))
}

/// How a result that was not ordered came to be this candidate's.
fn outside(viewer: &Viewer, rules: &Rules, incoming: &Incoming) -> OutsideResult {
    let standing = &incoming.standing;
    let who = standing.by.as_deref().unwrap_or("Assay");
    let at = standing.at.map_or_else(String::new, |at| format!(", {}", when(at, &rules.timezone).words));
    let sentence = match standing.state {
        State::Ordered => format!("has the id of an order of ours{at}."),
        _ => format!("linked by {who}{at}. {}", words::match_why(standing.why)),
    };
    OutsideResult {
        id: incoming.id.to_string(),
        version: incoming.version,
        test: test(rules, incoming),
        sentence,
        may_unlink: viewer.may(SETTLE) && standing.state == State::Linked && standing.decision.is_some(),
    }
}

fn moment(activity: &Activity, zone: &str) -> Moment {
    let note = match &activity.event {
        Event::Result { rules_version, .. } => format!("By version {rules_version} of the rules."),
        _ => String::new(),
    };
    Moment { at: when(activity.at, zone), tone: tone(&activity.event), sentence: event(&activity.event, zone), note }
}

const fn tone(event: &Event) -> Tone {
    match event {
        Event::Decided { decision: Decision::Skip { .. }, .. }
        | Event::CalledBack
        | Event::ReportViewed
        | Event::Status { to: OrderState::Expired | OrderState::Declined | OrderState::Cancelled, .. } => Tone::Idle,
        Event::SendUnknown { .. } | Event::Result { outcome: Outcome::NeedsReview, .. } => Tone::Warn,
        Event::SendRefused { .. } | Event::Result { outcome: Outcome::Fail, .. } => Tone::Bad,
        Event::Result { outcome: Outcome::Pass, .. } | Event::Tagged { .. } | Event::Linked { .. } => Tone::Ok,
        Event::ResultUnlinked { .. } => Tone::Warn,
        _ => Tone::Info,
    }
}

fn order(unmasked: bool, organization: &Organization, row: &CandidateRow, order: &Order, all: &[Order]) -> OrderLine {
    let rules = &organization.rules;
    let has_report = order.report_url.is_some() && unmasked;
    let judged = Judged {
        stage: &order.stage,
        vendor: &order.vendor,
        posting: order.posting.as_deref(),
        score: order.score,
        band: order.band.as_deref(),
        outcome: order.outcome,
    };
    // Nobody was invited to it: it came from outside.
    let is_outside = order.invited_at.is_none() && order.completed_at.is_some();
    let times = [
        (if is_outside { "Linked" } else { "Ordered" }, Some(order.created_at)),
        ("Invited", order.invited_at),
        ("Completed", order.completed_at),
        ("Written to Lever", order.written_at),
    ];
    let (anew, not_anew) = anew(organization, row, order, all);
    OrderLine {
        id: order.id.to_string(),
        vendor: vendor_name(rules, &order.vendor),
        test: order.test_name.clone(),
        state: order.state,
        note: order.note.clone(),
        score: score(rules, &judged),
        outcome: order.outcome,
        report: has_report.then(|| address::report(&order.report_token)),
        called_back: order.called_back_at.is_some(),
        without_id: order.state.is_with_vendor()
            && (order.vendor_ref.is_none() || order.vendor_status.as_deref() == Some(UNKNOWN_TO_VENDOR)),
        times: times.into_iter().filter_map(|(word, at)| Some((word.to_owned(), when(at?, &rules.timezone)))).collect(),
        anew,
        not_anew,
    }
}

/// Whether the order may be sent again, or why not where someone might expect it. Whoever stands elsewhere by our last
/// reading would be taken back before the vendor is asked.
fn anew(organization: &Organization, row: &CandidateRow, order: &Order, all: &[Order]) -> (bool, Option<String>) {
    let no = |why: String| (false, Some(why));
    match may_send_anew(order, all, organization.paused) {
        Err(Refusal::Paused) => no("It can be sent again once the integration is no longer paused.".to_owned()),
        Err(_) => (false, None),
        Ok(()) if row.stage != order.stage => {
            let stage = stage_name(&organization.rules, &order.stage).unwrap_or_else(|| "its trigger stage".to_owned());
            no(format!("It can be sent again while the candidate stands in {stage} in Lever."))
        }
        Ok(()) => (true, None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_one_of_two() {
        let id = Uuid::from_u128(7);
        let read = |answer, vendor_ref| settlement(&id.to_string(), answer, vendor_ref);
        assert_eq!(read("arrived", " pi-9 "), Ok((id, Settlement::Arrived { vendor_ref: Some("pi-9".into()) })));
        assert_eq!(read("arrived", "  "), Ok((id, Settlement::Arrived { vendor_ref: None })));
        assert_eq!(read("send-again", ""), Ok((id, Settlement::SendAgain)));
        assert!(matches!(read("both", ""), Err(AppError::Invalid { .. })));
        assert!(matches!(read("arrived", &"x".repeat(201)), Err(AppError::Invalid { .. })));
        assert_eq!(settlement("1 or 1=1", "arrived", ""), Err(AppError::NotFound));
    }
}
