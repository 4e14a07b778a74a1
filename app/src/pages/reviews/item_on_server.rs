//! One review, made of what the store keeps.

use domain::contact::Contact;
use domain::identity::{Clue, Field, Level, Line, sentence};
use domain::incoming::{Incoming, State, Weighed};
use domain::opportunity::Opportunity;
use domain::ports::store::Queued;
use domain::review::{Piece, marks, only_opportunity, preview, settings};
use domain::rules::Rules;
use domain::{Personal, Timestamp, words};

use super::item::{CandidateTab, Chosen, Decided, ItemView, QueueEntry};
use super::on_server::{LOOK, contact_name, contact_names, id, just_done, name, next, test};
use super::verdict_form::VerdictForm;
use crate::access::{Granted, SETTLE, Viewer, clock, reviews_waiting, store};
use crate::error::AppError;
use crate::pages::on_server::stage_name;
use crate::ui::{Choice, CompareRow, Glyph, Tone, Value, Weight, value};
use crate::when::when;
use crate::{address, text};

/// Of the queue, so many are listed.
const LISTED: u32 = 20;
/// Opportunities that are offered.
const OFFERED: usize = 12;

pub async fn view(granted: &Granted, review: &str, place: usize, done: Option<&str>) -> Result<ItemView, AppError> {
    let Granted { viewer, organization } = granted;
    if viewer.is_limited() {
        return Err(AppError::NotFound.answered());
    }
    let (store, now, rules) = (store()?, clock()?.now(), &organization.rules);
    let incoming = store.incoming(organization.id, id(review)?).await?;
    let (may_decide, waits) = (viewer.may(SETTLE), incoming.standing.state == State::Review);
    let own = viewer.email.reveal();
    let others = if may_decide && waits {
        store.look(incoming.id, own, now, now.plus(LOOK)).await?
    } else {
        let there = store.lookers(&[incoming.id], now).await?;
        there.into_iter().map(|(_, who)| who).filter(|who| who != own).collect()
    };
    let queue = store.reviews(organization.id, Queued::Waiting, now, None, LISTED).await?;
    let chosen = people(granted, &incoming, place).await?;
    let alike = if waits { store.alike(&incoming).await?.len() } else { 0 };
    let next = if waits && may_decide { next(granted, &incoming).await? } else { None };
    let at = queue.iter().position(|i| i.id == incoming.id);
    let link = |i: &Incoming| address::review(&rules.slug, &i.id.to_string());
    Ok(ItemView {
        slug: rules.slug.clone(),
        organization: rules.name.clone(),
        id: incoming.id.to_string(),
        version: incoming.version,
        name: name(viewer, &incoming),
        masked: viewer.sees_masked(),
        facts: facts(rules, &incoming),
        why: words::match_why(incoming.standing.why),
        notes: notes(viewer, &incoming, &others),
        decided: decided(granted, &incoming).await?,
        position: at.map_or_else(String::new, |at| format!("{} of {}", at + 1, reviews_waiting())),
        previous: at.and_then(|at| at.checked_sub(1)).map(|at| link(&queue[at])),
        next: next.map(|id| address::review(&rules.slug, &id.to_string())),
        candidates: tabs(granted, &incoming, place).await?,
        form: (may_decide && waits).then(|| form(granted, &incoming, chosen.as_ref(), alike, now)),
        chosen: chosen.map(|chosen| chosen_view(viewer, &incoming, chosen)),
        queue: queue
            .iter()
            .map(|i| QueueEntry {
                href: link(i),
                name: name(viewer, i),
                test: test(rules, i),
                current: i.id == incoming.id,
            })
            .collect(),
        done: just_done(granted, done).await?,
    })
}

/// Somebody it may be, with what is known of them.
struct Person {
    weighed: Weighed,
    contact: Contact,
    opportunities: Vec<Opportunity>,
}

async fn people(granted: &Granted, incoming: &Incoming, place: usize) -> Result<Option<Person>, AppError> {
    let candidates = &incoming.standing.candidates;
    let Some(weighed) = candidates.get(place.saturating_sub(1)).or_else(|| candidates.first()) else {
        return Ok(None);
    };
    let (store, ids) = (store()?, [weighed.contact.clone()]);
    let Some(contact) = store.contacts(granted.organization.id, &ids).await?.pop() else { return Ok(None) };
    let opportunities = store.candidacies(granted.organization.id, &ids).await?;
    Ok(Some(Person { weighed: weighed.clone(), contact, opportunities }))
}

async fn tabs(granted: &Granted, incoming: &Incoming, place: usize) -> Result<Vec<CandidateTab>, AppError> {
    let candidates = &incoming.standing.candidates;
    let ids: Vec<String> = candidates.iter().map(|w| w.contact.clone()).collect();
    let contacts = store()?.contacts(granted.organization.id, &ids).await?;
    let of = |id: &str| contacts.iter().find(|contact| contact.id == id);
    let page = address::review(&granted.organization.rules.slug, &incoming.id.to_string());
    let current = if place == 0 || place > candidates.len() { 1 } else { place };
    let tab = |(n, w): (usize, &Weighed)| CandidateTab {
        href: format!("{page}?candidate={}", n + 1),
        key: (n + 1).to_string(),
        name: of(&w.contact).map_or_else(|| Personal::new("No longer in Lever"), |c| contact_name(&granted.viewer, c)),
        note: of(&w.contact).map(|c| apart(&granted.viewer, c, &contacts)).unwrap_or_default(),
        figure: figure(w.bits),
        current: n + 1 == current,
    };
    Ok(candidates.iter().enumerate().map(tab).collect())
}

/// What tells someone from others of the same name: an address, or where they live. For those who may see it.
fn apart(viewer: &Viewer, contact: &Contact, all: &[Contact]) -> Personal {
    let same = all.iter().filter(|c| c.name.reveal().to_lowercase() == contact.name.reveal().to_lowercase()).count();
    let known = contact.emails.iter().chain([&contact.location]).find(|value| !value.is_blank());
    known.filter(|_| same > 1 && !viewer.sees_masked()).cloned().unwrap_or_default()
}

fn facts(rules: &Rules, incoming: &Incoming) -> Vec<(&'static str, String)> {
    let given = &incoming.given;
    let score = given.measured.score.map(text::score);
    let result = score.or_else(|| given.measured.band.clone()).unwrap_or_default();
    vec![
        ("Test", test(rules, incoming)),
        ("Result", result),
        ("Completed", when(given.completed_at, &rules.timezone).words),
        ("Brought in by", format!("{}, {}", given.by, when(incoming.received_at, &rules.timezone).words)),
    ]
}

fn notes(viewer: &Viewer, incoming: &Incoming, others: &[String]) -> Vec<String> {
    let mut notes: Vec<String> = others.iter().map(|who| format!("{who} is looking at this too.")).collect();
    if let Some(first) = &incoming.standing.first {
        notes.push(if first.who == viewer.email.reveal() {
            "You asked for a second person: another one decides.".to_owned()
        } else {
            format!("{} was unsure and asks for a second person.", first.who)
        });
    }
    notes
}

/// What became of it, where it waits no longer.
async fn decided(granted: &Granted, incoming: &Incoming) -> Result<Option<Decided>, AppError> {
    let (standing, rules) = (&incoming.standing, &granted.organization.rules);
    let who = standing.by.as_deref().unwrap_or("Assay");
    let link = standing.link.as_ref().filter(|_| matches!(standing.state, State::Linked | State::Ordered));
    let sentence = match (standing.state, link) {
        (State::Review, _) => return Ok(None),
        (State::Linked, Some(link)) => {
            let names = contact_names(granted, std::slice::from_ref(&link.contact)).await?;
            let name = names.get(&link.contact).map_or("somebody", |name| name.reveal()).to_owned();
            format!("{who} linked it to {name}. {}", words::match_why(standing.why))
        }
        (State::Left, _) => format!("{who} found that it is none of these."),
        (state, _) => format!("{}. {}", words::incoming(state), words::match_why(standing.why)),
    };
    Ok(Some(Decided {
        tone: if link.is_some() { Tone::Ok } else { Tone::Idle },
        sentence,
        at: standing.at.map(|at| when(at, &rules.timezone)),
        candidate: link.map(|link| address::candidate(&rules.slug, &link.opportunity)),
        may_take_back: granted.viewer.may(SETTLE)
            && standing.decision.is_some()
            && matches!(standing.state, State::Linked | State::Left),
    }))
}

fn form(granted: &Granted, incoming: &Incoming, chosen: Option<&Person>, alike: usize, now: Timestamp) -> VerdictForm {
    let rules = &granted.organization.rules;
    let opportunities = chosen.map_or(&[][..], |chosen| &chosen.opportunities);
    let clear = only_opportunity(opportunities).or_else(|| opportunities.iter().find(|o| o.archived.is_none()));
    let clear = clear.or_else(|| opportunities.first());
    let own = granted.viewer.email.reveal();
    VerdictForm {
        slug: rules.slug.clone(),
        review: incoming.id.to_string(),
        version: incoming.version,
        contact: chosen.map(|c| c.contact.id.clone()).unwrap_or_default(),
        name: chosen.map_or_else(Personal::default, |c| contact_name(&granted.viewer, &c.contact)),
        opportunity: clear.map(|o| o.id.clone()).unwrap_or_default(),
        opportunities: opportunities.iter().take(OFFERED).map(|o| offered(rules, incoming, o)).collect(),
        alike: i64::try_from(alike).unwrap_or(i64::MAX),
        opened: now.as_millis(),
        only_aside: incoming.standing.first.as_ref().is_some_and(|first| first.who == own),
    }
}

/// An opportunity in words, and what linking writes to it.
fn offered(rules: &Rules, incoming: &Incoming, opportunity: &Opportunity) -> Choice {
    let ours = |tag: &&String| !rules.vendors.iter().any(|v| tag.starts_with(&format!("{} - ", v.tag_prefix)));
    let about: Vec<&str> = opportunity.tags.iter().filter(ours).take(2).map(String::as_str).collect();
    let about = if about.is_empty() { "Opportunity".to_owned() } else { about.join(", ") };
    let stage = stage_name(rules, &opportunity.stage).map_or_else(String::new, |stage| format!(" · {stage}"));
    let archived = if opportunity.archived.is_some() { " · archived" } else { "" };
    let since = when(opportunity.created_at, &rules.timezone).words;
    Choice::new(&opportunity.id, format!("{about}{stage}{archived} · since {since}")).noted(writes(
        rules,
        incoming,
        opportunity,
    ))
}

fn writes(rules: &Rules, incoming: &Incoming, opportunity: &Opportunity) -> String {
    let preview = preview(rules, &incoming.given, opportunity);
    let instead = match preview.remove.as_slice() {
        [] => String::new(),
        tags => format!(" in the place of {}", tags.join(", ")),
    };
    let tag = match preview.add {
        Some(tag) => format!("the tag {tag}{instead}"),
        None => "no tag, because it is there".to_owned(),
    };
    let link = if preview.report { " and a link to the report" } else { "" };
    format!("{tag}{link}; {}.", words::ground(&preview.ground))
}

fn chosen_view(viewer: &Viewer, incoming: &Incoming, person: Person) -> Chosen {
    let Person { weighed, contact, opportunities } = person;
    let unmasked = !viewer.sees_masked();
    let lever = opportunities.iter().find_map(|o| o.url.clone());
    let (steps, lines) = evidence(&weighed);
    Chosen {
        name: contact_name(viewer, &contact),
        lever: lever.filter(|url| unmasked && url.starts_with("https://")),
        rows: rows(incoming, &contact, &weighed.lines, unmasked),
        steps,
        lines,
        sum: odds(weighed.bits),
    }
}

/// `+9.6`.
fn figure(bits: f64) -> String {
    format!("{bits:+.1}").replace('-', "−")
}

/// The sum in words.
fn odds(bits: f64) -> String {
    let of = |power: f64| match power.exp2() {
        n if n >= 1e6 => "more than a million".to_owned(),
        #[expect(clippy::cast_possible_truncation, reason = "below a million")]
        n => text::thousands(n.round() as i64),
    };
    match bits {
        b if b.abs() < 0.5 => "As probable as not that they are one person.".to_owned(),
        b if b > 0.0 => format!("About {} to 1 that they are one person.", of(b)),
        b => format!("About {} to 1 that they are two people.", of(-b)),
    }
}

/// The steps from before looking to the sum, in thousandths of the picture, with the two lines.
fn evidence(weighed: &Weighed) -> (Vec<Weight>, [u16; 2]) {
    let settings = settings();
    let mut ends = vec![0.0_f64];
    for line in &weighed.lines {
        ends.push(ends.last().copied().unwrap_or_default() + line.bits);
    }
    let marks = [settings.review_from, settings.match_from, weighed.bits];
    let all = || ends.iter().chain(&marks).copied();
    let (low, high) = (all().fold(f64::MAX, f64::min) - 1.0, all().fold(f64::MIN, f64::max) + 1.0);
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 0 and 1000")]
    let at = |bits: f64| ((bits - low) / (high - low) * 1_000.0).clamp(0.0, 1_000.0) as u16;
    let mut steps: Vec<Weight> = weighed
        .lines
        .iter()
        .zip(ends.windows(2))
        .filter(|(line, _)| line.clue != Clue::Household || line.bits.abs() >= 0.05)
        .map(|(line, ends)| Weight {
            words: upper(&sentence(line.clue)),
            figure: figure(line.bits),
            from: at(ends[0]),
            to: at(ends[1]),
            is_for: line.bits >= 0.0,
            is_sum: false,
        })
        .collect();
    steps.push(Weight {
        words: "Together".to_owned(),
        figure: figure(weighed.bits),
        from: at(0.0),
        to: at(weighed.bits),
        is_for: weighed.bits >= 0.0,
        is_sum: true,
    });
    (steps, [at(settings.review_from), at(settings.match_from)])
}

fn upper(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// The level of a field and its sentence.
fn level(lines: &[Line], wanted: Field) -> Option<(Level, String)> {
    lines.iter().find_map(|line| match line.clue {
        Clue::Field { field, level, .. } if field == wanted => Some((level, sentence(line.clue))),
        _ => None,
    })
}

const fn glyph(level: Level) -> Glyph {
    match level {
        Level::Missing => Glyph::Silent,
        Level::Different => Glyph::Other,
        Level::Same => Glyph::Same,
        _ => Glyph::Alike,
    }
}

fn rows(incoming: &Incoming, contact: &Contact, lines: &[Line], unmasked: bool) -> Vec<CompareRow> {
    let (given, theirs) = (&incoming.given.person, contact.person());
    let name = [incoming.given.name()];
    let mut rows = vec![name_row(&name, std::slice::from_ref(&contact.name), lines, unmasked)];
    let town = std::slice::from_ref;
    let fields: [(&'static str, Field, &[Personal], &[Personal]); 9] = [
        ("E-mail", Field::Email, &given.emails, &theirs.emails),
        ("Phone", Field::Phone, &given.phones, &theirs.phones),
        ("Town", Field::City, town(&given.city), town(&contact.location)),
        ("Date of birth", Field::BirthDate, town(&given.date_of_birth), &[]),
        ("External id", Field::ExternalId, town(&given.external_id), &[]),
        ("Street", Field::Street, town(&given.street), &[]),
        ("Postcode", Field::Postcode, town(&given.postcode), &[]),
        ("Region", Field::Region, town(&given.region), &[]),
        ("Country", Field::Country, town(&given.country), &[]),
    ];
    for (word, field, left, right) in fields {
        if left.iter().chain(right).all(Personal::is_blank) {
            continue;
        }
        let (level, why) = level(lines, field).unwrap_or((Level::Missing, String::new()));
        let (left, right) = pieces(left, right, unmasked);
        rows.push(CompareRow { word, left, right, glyph: glyph(level), why: upper(&why) });
    }
    rows
}

/// Given name and surname are one field for people, and two for the evidence.
fn name_row(ours: &[Personal], theirs: &[Personal], lines: &[Line], unmasked: bool) -> CompareRow {
    let parts = [level(lines, Field::GivenName), level(lines, Field::Surname)];
    let known: Vec<&(Level, String)> = parts.iter().flatten().filter(|(level, _)| *level != Level::Missing).collect();
    let exchanged = lines.iter().any(|line| line.clue == Clue::Exchanged);
    let worst = known.iter().map(|(level, _)| *level).min();
    let best = known.iter().map(|(level, _)| *level).max();
    let glyph = match (worst, best) {
        (None, _) => Glyph::Silent,
        (Some(Level::Different), Some(Level::Different)) => Glyph::Other,
        (Some(Level::Same), _) if !exchanged => Glyph::Same,
        _ => Glyph::Alike,
    };
    let mut why: Vec<String> =
        known.iter().filter(|(level, _)| *level != Level::Same).map(|(_, sentence)| sentence.clone()).collect();
    if exchanged {
        why.push(sentence(Clue::Exchanged));
    }
    let (left, right) = pieces(ours, theirs, unmasked);
    CompareRow { word: "Name", left, right, glyph, why: upper(&why.join("; ")) }
}

/// Both sides with what differs marked, each value beside the one it is most like.
fn pieces(left: &[Personal], right: &[Personal], unmasked: bool) -> (Vec<Value>, Vec<Value>) {
    let texts = |side: &[Personal]| -> Vec<String> {
        side.iter().filter(|p| !p.is_blank()).map(|p| p.reveal().trim().to_owned()).collect()
    };
    let (left, right) = (texts(left), texts(right));
    if !unmasked {
        let hidden = |side: &[String]| side.iter().map(|_| vec![(Personal::new("hidden"), false)]).collect();
        return (hidden(&left), hidden(&right));
    }
    let side = |own: &[String], other: &[String]| own.iter().map(|text| value(marked(text, other))).collect();
    (side(&left, &right), side(&right, &left))
}

fn marked(text: &str, others: &[String]) -> Vec<Piece> {
    let agree = |pieces: &[Piece]| pieces.iter().filter(|p| !p.differs).map(|p| p.text.chars().count()).sum::<usize>();
    let all = others.iter().map(|other| marks(text, other).0);
    let whole = || vec![Piece { text: text.to_owned(), differs: false }];
    // What shares hardly a letter with anything is another value, and no slip: marking it all says nothing.
    let best = all.max_by_key(|pieces| agree(pieces));
    best.filter(|pieces| agree(pieces) * 2 >= text.chars().count()).unwrap_or_else(whole)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sum_is_said_as_odds() {
        for (bits, said) in [
            (7.0, "About 128 to 1 that they are one person."),
            (0.2, "As probable as not that they are one person."),
            (-3.0, "About 8 to 1 that they are two people."),
            (40.0, "About more than a million to 1 that they are one person."),
        ] {
            assert_eq!(odds(bits), said);
        }
        assert_eq!((figure(-13.3), figure(9.61)), ("−13.3".to_owned(), "+9.6".to_owned()));
    }

    #[test]
    fn steps_begin_where_the_one_before_ended_and_lie_within_the_picture() {
        let line = |field, level, bits| Line { clue: Clue::Field { field, level, is_shared: false }, bits };
        let lines = vec![
            Line { clue: Clue::Prior, bits: -13.3 },
            line(Field::Email, Level::Same, 20.0),
            line(Field::Surname, Level::Different, -4.0),
            Line { clue: Clue::Household, bits: 0.0 },
        ];
        let (steps, lines) = evidence(&Weighed { contact: "c".into(), bits: 2.7, is_backed: true, lines });
        assert_eq!(steps.len(), 4, "what weighs nothing is left out");
        assert!(steps.windows(2).take(2).all(|pair| pair[0].to == pair[1].from));
        assert!(steps.iter().all(|s| s.from <= 1_000 && s.to <= 1_000) && lines[0] < lines[1]);
        assert_eq!(steps[1].words, "Same e-mail address");
    }

    #[test]
    fn each_value_is_marked_beside_the_one_it_is_most_like() {
        let texts = |texts: &[&str]| texts.iter().map(|t| Personal::new(*t)).collect::<Vec<_>>();
        let (left, right) =
            pieces(&texts(&["jon.smith@a.example"]), &texts(&["x@b.example", "john.smith@a.example"]), true);
        assert_eq!(left, [vec![(Personal::new("jon.smith@a.example"), false)]]);
        assert!(right[1].iter().any(|(text, differs)| *differs && text.reveal() == "h"));
        let (left, _) = pieces(&texts(&["a@b.example"]), &texts(&["c@d.example"]), false);
        assert_eq!(left[0][0].0.reveal(), "hidden");
    }
}
