//! The filter of the candidates' list as it stands in the address.

use domain::Timestamp;
use domain::order::OrderState;
use domain::outcome::Outcome;
use domain::read::{CandidateFilter, Cursor};

use crate::address::encode;

/// Longest search that is looked for, in characters.
pub const LONGEST_SEARCH: usize = 200;

/// Reads the filter from query parameters. What is not understood is left out.
pub fn from_query(get: impl Fn(&str) -> Option<String>) -> CandidateFilter {
    let word = |name: &str| get(name).map(|v| v.trim().to_owned()).filter(|v| !v.is_empty());
    CandidateFilter {
        search: word("search").map(|s| s.chars().take(LONGEST_SEARCH).collect()),
        state: word("state").and_then(|s| OrderState::parse(&s)),
        outcome: word("outcome").and_then(|o| Outcome::parse(&o)),
        stage: word("stage"),
        waiting: word("waiting").is_some(),
        after: word("after").and_then(|a| cursor(&a)),
    }
}

/// The filter as query parameters; only those that are set.
pub fn to_query(filter: &CandidateFilter) -> Vec<(&'static str, String)> {
    let after = filter.after.as_ref().map(|c| format!("{}.{}", c.at.as_micros(), c.opportunity));
    let pairs = [
        ("search", filter.search.clone()),
        ("state", filter.state.map(|s| s.as_str().to_owned())),
        ("outcome", filter.outcome.map(|o| o.as_str().to_owned())),
        ("stage", filter.stage.clone()),
        ("waiting", filter.waiting.then(|| "yes".to_owned())),
        ("after", after),
    ];
    pairs.into_iter().filter_map(|(name, value)| Some((name, value?))).collect()
}

/// The address of a list with this filter.
pub fn address(list: &str, filter: &CandidateFilter) -> String {
    let pairs: Vec<String> = to_query(filter).iter().map(|(n, v)| format!("{n}={}", encode(v))).collect();
    if pairs.is_empty() { list.to_owned() } else { format!("{list}?{}", pairs.join("&")) }
}

/// Whether anything is filtered out.
pub const fn is_narrowed(filter: &CandidateFilter) -> bool {
    filter.search.is_some()
        || filter.state.is_some()
        || filter.outcome.is_some()
        || filter.stage.is_some()
        || filter.waiting
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

    fn read(pairs: &[(&'static str, String)]) -> CandidateFilter {
        from_query(|name| pairs.iter().find(|(n, _)| *n == name).map(|(_, v)| v.clone()))
    }

    proptest! {
        #[test]
        fn a_filter_reads_back_from_its_address(
            search in proptest::option::of("[^\\s\\p{Cc}]([^\\p{Cc}]{0,20}[^\\s\\p{Cc}])?"),
            state in proptest::option::of(proptest::sample::select(OrderState::ALL.to_vec())),
            outcome in proptest::option::of(proptest::sample::select(
                vec![Outcome::Pass, Outcome::NeedsReview, Outcome::Fail])),
            stage in proptest::option::of("[a-z0-9-]{1,20}"),
            waiting: bool,
            after in proptest::option::of((any::<i64>(), "[a-zA-Z0-9._-]{1,40}")),
        ) {
            let after = after.map(|(at, opportunity)| Cursor { at: Timestamp::from_micros(at), opportunity });
            let filter = CandidateFilter { search, state, outcome, stage, waiting, after };
            prop_assert_eq!(read(&to_query(&filter)), filter);
        }
    }

    #[test]
    fn what_is_not_understood_is_left_out() {
        let pairs = [("search", "  ".to_owned()), ("state", "lost".to_owned()), ("after", "x.y".to_owned())];
        assert_eq!(read(&pairs), CandidateFilter::default());
    }

    #[test]
    fn an_address_is_encoded() {
        let filter = CandidateFilter { search: Some("a&b=ü".into()), ..CandidateFilter::default() };
        assert_eq!(address("/o/acme/candidates", &filter), "/o/acme/candidates?search=a%26b%3D%C3%BC");
        assert_eq!(address("/x", &CandidateFilter::default()), "/x");
    }
}
