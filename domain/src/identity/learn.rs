//! Weights learned from the lists themselves, without anybody saying who is who.

use super::model::Model;
use super::person::{Field, Level};
use super::prepared::Agreement;
use super::score::{Context, Sums};

/// Levels of one pair that was compared.
pub type Pattern = [Level; Field::ALL.len()];

impl From<&Agreement> for Pattern {
    fn from(agreement: &Agreement) -> Self {
        agreement.levels
    }
}

/// How many pairs of the shipped weights are mixed in: a few pairs do not overthrow them.
const IMAGINED: f64 = 200.0;
/// Far beyond what it takes to settle.
const ROUNDS: usize = 50;

/// Learns how often each level occurs for one person (m) by expectation maximization (Dempster, Laird and Rubin, 1977; for
/// record linkage Winkler, 1988): every pair is believed to be one person as far as the present weights say, the levels are
/// counted with that belief, and so again until nothing changes. `pairs` are those that share a blocking key, out of `possible`
/// ones: all others are taken to be strangers. What strangers show is kept as it is: it is known better from counting than from
/// pairs that were chosen for their likeness.
pub fn learn(pairs: &[Pattern], possible: f64, start: &Model) -> Model {
    let mut model = start.clone();
    let possible = possible.max(2.0);
    let mut sum = possible.sqrt() / 2.0;
    for _ in 0..ROUNDS {
        let share = (sum / possible).clamp(1e-15, 0.5);
        let beliefs: Vec<f64> = pairs.iter().map(|pattern| belief(pattern, &model, share)).collect();
        model = maximized(pairs, &beliefs, start, model);
        let next = beliefs.iter().sum::<f64>() + 1.0;
        if (next - sum).abs() < 0.01 {
            break;
        }
        sum = next;
    }
    model
}

/// How many people of the shipped expectations are mixed in.
const IMAGINED_PEOPLE: f64 = 10.0;
/// How many people without a counterpart are mixed in, for how many of them have a relative there.
const IMAGINED_ALONE: f64 = 50.0;
/// Nobody is ever certain to be there.
const MOST_PRESENT: f64 = 0.9995;

/// Learns how many of the people who are looked for are there, and how many of the others have a relative there, from the
/// evidence of the pairs that share a blocking key, one group for each person: expectation maximization again. A person is one
/// of their candidates or none; where nearly everybody is somebody, less evidence is enough, and lists without families do not
/// pay for the caution that families need. Returns `present` and `relatives` of [`Model`].
pub fn learn_shares<'a, G>(groups: impl Fn() -> G, looked_for: usize, context: &Context) -> (f64, f64)
where
    G: Iterator<Item = &'a [Sums]>,
{
    let start = &context.model;
    let (mut present, mut relatives) = (start.present, start.relatives);
    #[expect(clippy::cast_precision_loss, reason = "people fit")]
    let people = looked_for as f64;
    for _ in 0..ROUNDS {
        let (mut there, mut family) = (0.0, 0.0);
        for group in groups() {
            let same: f64 = group.iter().map(|s| s.stranger.exp2()).sum::<f64>() * present / context.population();
            let related: f64 =
                group.iter().map(|s| (s.stranger - s.relative).exp2()).sum::<f64>() * relatives / context.population();
            let none = (1.0 - present) * (1.0 + related);
            there += same / (same + none);
            family += none / (same + none) * related / (1.0 + related);
        }
        present = ((there + IMAGINED_PEOPLE * start.present) / (people + IMAGINED_PEOPLE)).min(MOST_PRESENT);
        relatives = (family + IMAGINED_ALONE * start.relatives) / (people - there + IMAGINED_ALONE);
    }
    (present, relatives)
}

/// The probability that a pair is one person.
fn belief(pattern: &Pattern, model: &Model, share: f64) -> f64 {
    let mut odds = (share / (1.0 - share)).log2();
    for field in Field::ALL {
        let level = pattern[field.index()];
        if level > Level::Missing {
            let rate = model.rate(field, level);
            odds += (rate.same / rate.stranger).log2();
        }
    }
    1.0 / (1.0 + (-odds).exp2())
}

fn maximized(pairs: &[Pattern], beliefs: &[f64], start: &Model, mut model: Model) -> Model {
    for field in Field::ALL {
        let mut counts = [0.0; Level::COUNT];
        for (pattern, belief) in pairs.iter().zip(beliefs) {
            counts[pattern[field.index()].index()] += belief;
        }
        let known: f64 = counts[1..].iter().sum();
        for level in Model::levels(field) {
            let before = start.rate(field, level).same;
            model = model.with_same(field, level, (counts[level.index()] + IMAGINED * before) / (known + IMAGINED));
        }
    }
    model
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Of 1,000 pairs that are one person, 300 have another postcode; of 4,000 that are not, nearly all have.
    fn pairs() -> Vec<Pattern> {
        let pattern = |name, birth, postcode| {
            let mut pattern = [Level::Missing; Field::ALL.len()];
            pattern[Field::Surname.index()] = name;
            pattern[Field::GivenName.index()] = name;
            pattern[Field::BirthDate.index()] = birth;
            pattern[Field::Postcode.index()] = postcode;
            pattern
        };
        let mut pairs = vec![pattern(Level::Same, Level::Same, Level::Same); 700];
        pairs.extend(vec![pattern(Level::Same, Level::Same, Level::Different); 300]);
        pairs.extend(vec![pattern(Level::Different, Level::Same, Level::Different); 2000]);
        pairs.extend(vec![pattern(Level::Different, Level::Different, Level::Same); 2000]);
        pairs
    }

    #[test]
    fn what_a_person_keeps_is_learned_without_labels() {
        let start = Model::default();
        let learned = learn(&pairs(), 1e8, &start);
        let moved = learned.rate(Field::Postcode, Level::Different).same;
        assert!((0.2..0.35).contains(&moved), "{moved}");
        assert_eq!(
            learned.rate(Field::Email, Level::Same),
            start.rate(Field::Email, Level::Same),
            "nothing seen, nothing learned"
        );
    }

    #[test]
    fn nothing_to_learn_from_changes_nothing() {
        let start = Model::default();
        let learned = learn(&[], 1e8, &start);
        for field in Field::ALL {
            for level in Model::levels(field) {
                assert!((learned.rate(field, level).same - start.rate(field, level).same).abs() < 1e-12);
            }
        }
    }
}
