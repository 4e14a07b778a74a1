//! What several pages say of a candidate.

use domain::activity::Event;
use domain::invitation::Decision;
use domain::outcome::{Measured, Outcome, Thresholds, judge};
use domain::rules::{Rules, Vendor};
use domain::{Personal, words};

use crate::access::Viewer;
use crate::ui::Score;
use crate::when::when;
use crate::{mask, text};

/// The name, masked for those who may not see it.
pub fn shown_name(viewer: &Viewer, name: &Personal, opportunity: &str) -> Personal {
    if viewer.sees_masked() {
        Personal::new(mask::mask(name.reveal(), opportunity))
    } else if name.is_blank() {
        Personal::new(text::NO_NAME)
    } else {
        name.clone()
    }
}

/// A decision in a sentence, with instants in the reader's zone, or in `zone`.
pub fn decision(decision: &Decision, zone: &str) -> String {
    words::decision_for(decision, &|at| when(at, zone).words)
}

/// An event in a sentence, as above.
pub fn event(event: &Event, zone: &str) -> String {
    words::event_for(event, &|at| when(at, zone).words)
}

/// A trigger stage's name when the rules were applied; none for other stages.
pub fn stage_name(rules: &Rules, id: &str) -> Option<String> {
    rules.triggers.iter().find(|t| t.stage.id == id).map(|t| t.stage.name.clone())
}

/// A vendor's name; its id when the rules no longer have it.
pub fn vendor_name(rules: &Rules, id: &str) -> String {
    rules.vendor(id).map_or_else(|| id.to_owned(), |v| v.name.clone())
}

/// A result with the rule it belongs to.
#[derive(Debug)]
pub struct Judged<'a> {
    /// Of the order.
    pub stage: &'a str,
    /// Of the order.
    pub vendor: &'a str,
    /// Of the order.
    pub posting: Option<&'a str>,
    /// The number.
    pub score: Option<f64>,
    /// The band.
    pub band: Option<&'a str>,
    /// The judgement that holds.
    pub outcome: Option<Outcome>,
}

/// A result against the thresholds in force for its stage; none without a number and a band.
pub fn score(rules: &Rules, of: &Judged<'_>) -> Option<Score> {
    let number = of.score.filter(|s| s.is_finite());
    let figure = number.map(text::score).or_else(|| of.band.map(str::to_owned))?;
    let row = rules.row(of.stage, of.vendor, of.posting);
    let by = row.map(|r| r.thresholds.clone()).unwrap_or_default();
    let scale = rules.vendor(of.vendor).and_then(|v: &Vendor| v.score_scale);
    let (low, high) = scale.unwrap_or((0.0, 100.0));
    let place = |value: f64| thousandths(value, low, high);
    let measured = Measured { score: number, band: of.band.map(str::to_owned) };
    let (now, _) = judge(&measured, scale, &by);
    let mut words = thresholds(&by, number.is_some());
    if number.is_some_and(|n| place(n).is_none()) && scale.is_some() {
        words = format!("outside the scale of {} to {}", text::score(low), text::score(high));
    }
    if of.outcome.is_some_and(|then| then != now) {
        words = format!("{words}; judged by earlier rules, {} by these", words::outcome(now));
    }
    let at = number.and_then(place);
    Some(Score { figure, at, fail: by.fail_at.and_then(place), pass: by.pass_at.and_then(place), words })
}

fn thresholds(by: &Thresholds, has_number: bool) -> String {
    match (by.pass_at, by.fail_at) {
        _ if !has_number => "a band, without a number".to_owned(),
        (Some(pass), Some(fail)) => format!("pass from {}, fail to {}", text::score(pass), text::score(fail)),
        (Some(pass), None) => format!("pass from {}", text::score(pass)),
        (None, Some(fail)) => format!("fail to {}", text::score(fail)),
        (None, None) => "no threshold is set".to_owned(),
    }
}

/// Where a value lies between two others; none outside.
fn thousandths(value: f64, low: f64, high: f64) -> Option<u16> {
    let share = (value - low) / (high - low);
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 0 and 1000")]
    (0.0..=1.0).contains(&share).then(|| (share * 1_000.0).round() as u16)
}

#[cfg(test)]
pub mod tests {
    use domain::Timestamp;
    use domain::rules::{Contract, LeverConnection, Reference, SecretSource, Trigger};

    use super::*;

    /// One trigger stage: pass from 80, fail to 40 on a scale to 100.
    pub fn rules() -> Rules {
        let key = || SecretSource::Env("KEY".into());
        let reference = |id: &str, name: &str| Reference { id: id.into(), written: name.into(), name: name.into() };
        let url = String::new;
        Rules {
            slug: "acme".into(),
            name: "Acme".into(),
            timezone: "UTC".into(),
            lever: LeverConnection {
                base_url: url(),
                api_key: key(),
                webhook_tokens: vec![],
                perform_as: String::new(),
                perform_as_name: String::new(),
            },
            vendors: vec![Vendor {
                id: "py".into(),
                name: "Py".into(),
                tag_prefix: "Py".into(),
                score_scale: Some((0.0, 100.0)),
                send_rate: None,
                contract: Contract::GreenhouseAssessment {
                    list_tests_url: url(),
                    send_test_url: url(),
                    test_status_url: url(),
                    response_error_url: url(),
                    api_key: key(),
                },
            }],
            triggers: vec![Trigger {
                off: false,
                stage: reference("stage-1", "Phone Screen Passed"),
                vendor: "py".into(),
                default_test: Some(reference("t-1", "Backend screen")),
                thresholds: Thresholds { pass_at: Some(80.0), fail_at: Some(40.0), ..Thresholds::default() },
                postings: vec![],
                cooldown: None,
                active_since: Timestamp::EPOCH,
            }],
        }
    }

    fn of(score: Option<f64>, band: Option<&str>, outcome: Outcome) -> Option<Score> {
        let judged = Judged { stage: "stage-1", vendor: "py", posting: None, score, band, outcome: Some(outcome) };
        super::score(&rules(), &judged)
    }

    #[test]
    fn a_number_is_placed_between_the_lines() {
        let shown = of(Some(82.5), None, Outcome::Pass).unwrap();
        assert_eq!((shown.at, shown.fail, shown.pass), (Some(825), Some(400), Some(800)));
        assert_eq!((shown.figure.as_str(), shown.words.as_str()), ("82.5", "pass from 80, fail to 40"));
    }

    #[test]
    fn a_judgement_of_earlier_rules_and_a_number_outside_the_scale_are_said() {
        let earlier = of(Some(82.0), None, Outcome::NeedsReview).unwrap();
        assert!(earlier.words.ends_with("judged by earlier rules, Pass by these"), "{}", earlier.words);
        let outside = of(Some(480.0), None, Outcome::NeedsReview).unwrap();
        assert_eq!((outside.at, outside.words.as_str()), (None, "outside the scale of 0 to 100"));
        assert_eq!(of(Some(f64::NAN), None, Outcome::NeedsReview), None);
        assert_eq!(of(None, Some("blue"), Outcome::NeedsReview).unwrap().figure, "blue");
    }
}
