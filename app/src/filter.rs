//! The filter of the candidates' list as it stands in the address. Read and written on the server; pages get finished
//! addresses.

use domain::Timestamp;
use domain::order::OrderState;
use domain::outcome::Outcome;
use domain::read::{CandidateFilter, Cursor, reviews_since};
use domain::rules::Rules;

use crate::address::{candidates, encode, pairs};

/// Longest search that is looked for, in characters.
pub const LONGEST_SEARCH: usize = 200;
/// Longest value that is repeated when it is not understood, in characters.
const LONGEST_SAID: usize = 40;
/// Most sentences about what is not understood.
const MOST_SAID: usize = 5;

/// What an address asks for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Asked {
    /// The filter.
    pub filter: CandidateFilter,
    /// What was not understood and is not applied, in sentences.
    pub not_understood: Vec<String>,
}

/// Reads the filter from the query of an address. A parameter without a value is none; of several of a name the last counts.
/// `masked`: the viewer sees no names, and would find them by searching, so a search is not applied.
pub fn read(query: &str, rules: &Rules, masked: bool) -> Asked {
    let mut asked = Asked::default();
    for (name, value) in pairs(query) {
        let value = value.trim();
        // The router's own names begin with two underscores.
        if value.is_empty() || name.starts_with("__") {
            continue;
        }
        if let Err(sentence) = apply(&mut asked.filter, &name, value, rules, masked) {
            asked.not_understood.push(sentence);
        }
    }
    asked.not_understood.truncate(MOST_SAID);
    asked
}

fn apply(filter: &mut CandidateFilter, name: &str, value: &str, rules: &Rules, masked: bool) -> Result<(), String> {
    let no = |what: &str| format!("'{}' is no {what}: shown without it.", short(value));
    match name {
        "search" if masked => return Err("Names are masked for your role and cannot be searched for.".to_owned()),
        "search" => {
            filter.search = Some(value.chars().take(LONGEST_SEARCH).collect());
            if value.chars().count() > LONGEST_SEARCH {
                return Err(format!("Only the first {LONGEST_SEARCH} characters are searched for."));
            }
        }
        "state" => filter.state = Some(OrderState::parse(value).ok_or_else(|| no("state"))?),
        "outcome" => filter.outcome = Some(Outcome::parse(value).ok_or_else(|| no("outcome"))?),
        "stage" => filter.stage = Some(stage(rules, value).ok_or_else(|| no("trigger stage"))?),
        "waiting" if value == "1" => filter.waiting = true,
        "waiting" => return Err("'waiting' is 1 or left out: shown without it.".to_owned()),
        "since" => filter.since = Some(Timestamp::of_day(value).ok_or_else(|| no("day such as 2026-11-21"))?),
        "after" => {
            let nowhere = || "The address names no place in this list: shown from its beginning.".to_owned();
            filter.after = Some(cursor(value).ok_or_else(nowhere)?);
        }
        other => return Err(format!("'{}' is no filter: shown without it.", short(other))),
    }
    Ok(())
}

fn short(text: &str) -> String {
    let mut chars = text.chars();
    let start: String = chars.by_ref().take(LONGEST_SAID).collect();
    if chars.next().is_some() { format!("{start}…") } else { start }
}

/// A trigger stage by id, or by name as someone would type it.
fn stage(rules: &Rules, value: &str) -> Option<String> {
    let stages = || rules.triggers.iter().map(|t| &t.stage);
    let named = || stages().find(|s| s.name.eq_ignore_ascii_case(value));
    stages().find(|s| s.id == value).or_else(named).map(|s| s.id.clone())
}

/// The filter as query parameters; only those that are set.
pub fn to_query(filter: &CandidateFilter) -> Vec<(&'static str, String)> {
    let after = filter.after.as_ref().map(|c| format!("{}.{}", c.at.as_micros(), c.opportunity));
    let pairs = [
        ("search", filter.search.clone()),
        ("state", filter.state.map(|s| s.as_str().to_owned())),
        ("outcome", filter.outcome.map(|o| o.as_str().to_owned())),
        ("stage", filter.stage.clone()),
        ("waiting", filter.waiting.then(|| "1".to_owned())),
        ("since", filter.since.map(day)),
        ("after", after),
    ];
    pairs.into_iter().filter_map(|(name, value)| Some((name, value?))).collect()
}

/// The address of a list with this filter.
pub fn address(list: &str, filter: &CandidateFilter) -> String {
    let pairs: Vec<String> = to_query(filter).iter().map(|(n, v)| format!("{n}={}", encode(v))).collect();
    if pairs.is_empty() { list.to_owned() } else { format!("{list}?{}", pairs.join("&")) }
}

/// The day of an instant in UTC: `2026-11-21`.
pub fn day(at: Timestamp) -> String {
    at.to_string().chars().take("2026-11-21".len()).collect()
}

/// The address of the results that need review, exactly those that are counted.
pub fn reviews(slug: &str, now: Timestamp) -> String {
    let (outcome, since) = (Some(Outcome::NeedsReview), Some(reviews_since(now)));
    address(&candidates(slug), &CandidateFilter { outcome, since, ..CandidateFilter::default() })
}

fn cursor(text: &str) -> Option<Cursor> {
    let (at, opportunity) = text.split_once('.')?;
    let at = Timestamp::from_micros(at.parse().ok()?);
    Some(Cursor { at, opportunity: opportunity.to_owned() }).filter(|c| !c.opportunity.is_empty())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::pages::on_server::tests::rules;

    fn asked(query: &str) -> Asked {
        read(query, &rules(), false)
    }

    proptest! {
        #[test]
        fn a_filter_reads_back_from_its_address(
            search in proptest::option::of("[^\\s\\p{Cc}]([^\\p{Cc}]{0,20}[^\\s\\p{Cc}])?"),
            state in proptest::option::of(proptest::sample::select(OrderState::ALL.to_vec())),
            outcome in proptest::option::of(proptest::sample::select(
                vec![Outcome::Pass, Outcome::NeedsReview, Outcome::Fail])),
            stage in proptest::option::of(Just("stage-1".to_owned())),
            waiting: bool,
            day in proptest::option::of(0_i64..40_000),
            after in proptest::option::of((any::<i64>(), "[a-zA-Z0-9._-]{1,40}")),
        ) {
            let after = after.map(|(at, opportunity)| Cursor { at: Timestamp::from_micros(at), opportunity });
            let since = day.map(|day| Timestamp::from_micros(day * 86_400_000_000));
            let filter = CandidateFilter { search, state, outcome, stage, waiting, since, after };
            let query = address("", &filter);
            prop_assert_eq!(asked(&query), Asked { filter, not_understood: vec![] });
        }
    }

    #[test]
    fn what_is_not_understood_is_said() {
        let Asked { filter, not_understood } = asked("search=++&state=lost&waiting=no&after=x.y&stage=offer&color=red");
        assert_eq!(filter, CandidateFilter::default());
        assert_eq!(not_understood.len(), 5);
        assert_eq!(not_understood[0], "'lost' is no state: shown without it.");
        assert_eq!(not_understood[4], "'color' is no filter: shown without it.");
        let long = asked(&format!("state={}", "x".repeat(5_000)));
        assert!(long.not_understood[0].chars().count() < 90);
    }

    #[test]
    fn a_stage_may_be_typed_by_its_name() {
        assert_eq!(asked("stage=phone+screen%20passed").filter.stage.as_deref(), Some("stage-1"));
    }

    #[test]
    fn a_masked_name_cannot_be_searched_for() {
        let Asked { filter, not_understood } = read("search=Lovelace", &rules(), true);
        assert_eq!((filter.search, not_understood.len()), (None, 1));
        assert!(!not_understood[0].contains("Lovelace"));
    }

    #[test]
    fn an_address_is_encoded() {
        let filter = CandidateFilter { search: Some("a&b=ü".into()), ..CandidateFilter::default() };
        assert_eq!(address("/o/acme/candidates", &filter), "/o/acme/candidates?search=a%26b%3D%C3%BC");
        assert_eq!(address("/x", &CandidateFilter::default()), "/x");
    }
}
