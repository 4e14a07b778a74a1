//! Lists of reviews, and what follows a decision.

use std::collections::HashMap;
use std::time::Duration;

use domain::incoming::{Incoming, State};
use domain::ports::StoreError;
use domain::ports::desk::{ReviewError, Ruling, Said};
use domain::ports::store::Queued;
use domain::read::RowCursor;
use domain::rules::Rules;
use domain::{Personal, Timestamp, words};
use uuid::Uuid;

use super::calls::To;
use super::{Done, ReviewLine, ReviewsView};
use crate::access::{Granted, SETTLE, Viewer, clock, review_desk, reviews_waiting, store};
use crate::address;
use crate::error::AppError;
use crate::pages::on_server::{shown_name, vendor_name};
use crate::ui::Tab;
use crate::when::when;

/// Rows of a page.
const PAGE: u32 = 50;
/// Who looks longer than this without a sign is no longer there.
pub const LOOK: Duration = Duration::from_secs(120);
/// Nobody looks longer at one.
const LONGEST_LOOK: Duration = Duration::from_hours(1);

/// What a form says.
#[derive(Debug)]
pub struct Form {
    pub review: String,
    pub version: i64,
    pub verdict: String,
    pub to: To,
    pub alike: bool,
    /// When the page was made, in milliseconds.
    pub opened: i64,
}

/// The name of whom a result is of, masked for those who may not see it.
pub fn name(viewer: &Viewer, incoming: &Incoming) -> Personal {
    let name = incoming.given.name();
    if name.is_blank() && !viewer.sees_masked() {
        return incoming.given.email().cloned().unwrap_or_else(|| Personal::new("Without a name"));
    }
    shown_name(viewer, &name, &incoming.id.to_string())
}

/// `Py · Backend screen`.
pub fn test(rules: &Rules, incoming: &Incoming) -> String {
    format!("{} · {}", vendor_name(rules, &incoming.given.vendor), incoming.given.test.name)
}

pub fn id(text: &str) -> Result<Uuid, AppError> {
    Uuid::parse_str(text).map_err(|_| AppError::NotFound.answered())
}

pub fn cursor(text: &str) -> Option<RowCursor> {
    let (at, id) = text.split_once('.')?;
    Some(RowCursor { at: Timestamp::from_micros(at.parse().ok()?), id: Uuid::parse_str(id).ok()? })
}

pub fn cursor_text(at: Timestamp, id: Uuid) -> String {
    format!("{}.{id}", at.as_micros())
}

/// The result of the decision that was made just now, if it can still be taken back by this person.
pub async fn just_done(granted: &Granted, done: Option<&str>) -> Result<Option<Done>, AppError> {
    let Some(id) = done.and_then(|id| Uuid::parse_str(id).ok()).filter(|_| granted.viewer.may(SETTLE)) else {
        return Ok(None);
    };
    let incoming = match store()?.incoming(granted.organization.id, id).await {
        Err(StoreError::NotFound(_)) => return Ok(None),
        other => other?,
    };
    let standing = &incoming.standing;
    let is_theirs = standing.by.as_deref() == Some(granted.viewer.email.reveal()) && standing.decision.is_some();
    let who = name(&granted.viewer, &incoming);
    let what = match standing.state {
        State::Linked => "is linked; Lever is written to now",
        State::Left => "is nobody's of these",
        State::Review if standing.snoozed_until.is_some() => "is put aside for a day",
        State::Review if standing.first.is_some() => "waits for a second person",
        _ => return Ok(None),
    };
    let sentence = format!("The result of {} {what}.", who.reveal());
    Ok(is_theirs.then(|| Done { review: incoming.id.to_string(), version: incoming.version, sentence }))
}

pub async fn list(
    granted: &Granted,
    aside: bool,
    after: Option<&str>,
    done: Option<&str>,
) -> Result<ReviewsView, AppError> {
    let Granted { viewer, organization } = granted;
    let rules = &organization.rules;
    let mut view = ReviewsView {
        slug: rules.slug.clone(),
        organization: rules.name.clone(),
        limited: viewer.is_limited(),
        masked: viewer.sees_masked(),
        tabs: Vec::new(),
        is_aside: aside,
        rows: Vec::new(),
        next: None,
        done: None,
        may_decide: viewer.may(SETTLE),
    };
    if view.limited {
        return Ok(view);
    }
    let (store, now) = (store()?, clock()?.now());
    let which = if aside { Queued::Snoozed } else { Queued::Waiting };
    let mut found = store.reviews(organization.id, which, now, after.and_then(cursor), PAGE + 1).await?;
    let more = found.len() > PAGE as usize;
    found.truncate(PAGE as usize);
    let ids: Vec<Uuid> = found.iter().map(|i| i.id).collect();
    let lookers = store.lookers(&ids, now).await?;
    let list = address::reviews(&rules.slug);
    let show = if aside { "show=aside&" } else { "" };
    view.next = found
        .last()
        .filter(|_| more)
        .map(|last| format!("{list}?{show}after={}", cursor_text(last.received_at, last.id)));
    view.tabs = tabs(&rules.slug, if aside { 1 } else { 0 }, reviews_waiting());
    view.done = just_done(granted, done).await?;
    view.rows = found.iter().map(|incoming| line(viewer, rules, incoming, &lookers)).collect();
    Ok(view)
}

/// Waiting, put aside, decided.
pub fn tabs(slug: &str, current: usize, waiting: i64) -> Vec<Tab> {
    let list = address::reviews(slug);
    let places = [
        (list.clone(), "Waiting", Some(waiting)),
        (format!("{list}?show=aside"), "Put aside", None),
        (address::review_history(slug), "Decided", None),
    ];
    let tab = |(n, (href, word, count)): (usize, (String, &str, Option<i64>))| Tab {
        href,
        word: word.to_owned(),
        count,
        current: n == current,
    };
    places.into_iter().enumerate().map(tab).collect()
}

fn line(viewer: &Viewer, rules: &Rules, incoming: &Incoming, lookers: &[(Uuid, String)]) -> ReviewLine {
    let own = viewer.email.reveal();
    let looks = lookers.iter().find(|(id, who)| *id == incoming.id && who != own);
    let first = incoming.standing.first.as_ref();
    let note = match (looks, first) {
        (Some((_, who)), _) => format!("{who} is looking at it"),
        (None, Some(first)) if first.who == own => "You asked for a second person".to_owned(),
        (None, Some(first)) => format!("{} asks for a second person", first.who),
        (None, None) => String::new(),
    };
    ReviewLine {
        id: incoming.id.to_string(),
        name: name(viewer, incoming),
        test: test(rules, incoming),
        why: words::match_why(incoming.standing.why),
        candidates: incoming.standing.candidates.len(),
        since: when(incoming.received_at, &rules.timezone),
        note,
    }
}

/// Why nothing was changed, as a form is told.
pub fn refused(error: ReviewError) -> AppError {
    let answer = match error {
        ReviewError::Store(error) => return error.into(),
        ReviewError::Decided(why) => AppError::Changed { why },
        ReviewError::Impossible(why) => AppError::Invalid { why: first_upper(&why) },
        ReviewError::BadRows(rows) => {
            let more = rows.len().saturating_sub(SHOWN);
            let lines: Vec<String> =
                rows.iter().take(SHOWN).map(|row| format!("line {}: {}", row.line, row.reason)).collect();
            let more = if more > 0 { format!("; and {more} more") } else { String::new() };
            AppError::Invalid { why: first_upper(&format!("{}{more}", lines.join("; "))) }
        }
    };
    answer.answered()
}

/// Bad lines that are told at once.
const SHOWN: usize = 12;

fn first_upper(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

fn said(form: &Form) -> Result<Said, AppError> {
    let chosen = |text: &str| Some(text.trim().to_owned()).filter(|t| !t.is_empty());
    Ok(match form.verdict.as_str() {
        "link" => Said::Link {
            contact: chosen(&form.to.contact)
                .ok_or_else(|| AppError::Invalid { why: "Choose whose the result is".to_owned() }.answered())?,
            opportunity: chosen(&form.to.opportunity),
        },
        "left" => Said::Left,
        "snooze" => Said::Snooze,
        "unsure" => Said::Unsure { contact: chosen(&form.to.contact) },
        _ => return Err(AppError::Invalid { why: "There is no such decision".to_owned() }.answered()),
    })
}

/// Decides, and leads to the next one that waits.
pub async fn decide(granted: &Granted, form: Form) -> Result<(), AppError> {
    let Granted { viewer, organization } = granted;
    let (incoming, now) = (id(&form.review)?, clock()?.now());
    let took = (form.opened > 0).then(|| now.since(Timestamp::from_millis(form.opened)).min(LONGEST_LOOK));
    let ruling = Ruling { incoming, version: form.version, said: said(&form)?, and_alike: form.alike, took };
    let before = store()?.incoming(organization.id, incoming).await?;
    review_desk()?.rule(organization.id, ruling, viewer.email.reveal()).await.map_err(refused)?;
    let next = next(granted, &before).await?;
    let slug = &organization.rules.slug;
    let place = next.map_or_else(|| address::reviews(slug), |next| address::review(slug, &next.to_string()));
    leptos_axum::redirect(&format!("{place}?done={incoming}"));
    Ok(())
}

/// The next one that this person may decide: after the one at hand, or from the beginning.
pub async fn next(granted: &Granted, at_hand: &Incoming) -> Result<Option<Uuid>, AppError> {
    let here = RowCursor { at: at_hand.received_at, id: at_hand.id };
    for after in [Some(here), None] {
        let found = store()?.reviews(granted.organization.id, Queued::Waiting, clock()?.now(), after, PAGE).await?;
        let own = granted.viewer.email.reveal();
        let may = |i: &&Incoming| i.id != at_hand.id && i.standing.first.as_ref().is_none_or(|first| first.who != own);
        if let Some(next) = found.iter().find(may) {
            return Ok(Some(next.id));
        }
    }
    Ok(None)
}

/// Takes a decision back.
pub async fn undo(granted: &Granted, review: &str, version: i64, back: &str) -> Result<(), AppError> {
    let Granted { viewer, organization } = granted;
    let incoming = id(review)?;
    review_desk()?.take_back(organization.id, incoming, version, viewer.email.reveal()).await.map_err(refused)?;
    let slug = &organization.rules.slug;
    let own = format!("/o/{}/", address::encode(slug));
    let place = match address::local(back) {
        back if back.starts_with(&own) => back.to_owned(),
        _ => address::review(slug, review),
    };
    leptos_axum::redirect(&place);
    Ok(())
}

/// Names of contacts by their ids, masked for those who may not see them.
pub async fn contact_names(granted: &Granted, ids: &[String]) -> Result<HashMap<String, Personal>, AppError> {
    let contacts = store()?.contacts(granted.organization.id, ids).await?;
    let named = |c: domain::contact::Contact| (c.id.clone(), contact_name(&granted.viewer, &c));
    Ok(contacts.into_iter().map(named).collect())
}

/// The name of someone in Lever, as the viewer may see it.
pub fn contact_name(viewer: &Viewer, contact: &domain::contact::Contact) -> Personal {
    shown_name(viewer, &contact.name, &contact.id)
}
