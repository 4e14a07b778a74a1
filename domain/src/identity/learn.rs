//! Weights and expectations learned from the lists themselves, without anybody saying who is who: expectation maximization
//! (Dempster, Laird and Rubin, 1977; for record linkage Winkler, 1988).

use super::model::Model;
use super::person::{Field, Level};
use super::prepared::Agreement;
use super::score::{Context, Sums, sums};

/// How many pairs of the shipped weights are mixed in: a few pairs do not overthrow them.
const IMAGINED_PAIRS: f64 = 200.0;
/// How many people of the shipped expectations are mixed in.
const IMAGINED_PEOPLE: f64 = 10.0;
/// How many people without a counterpart are mixed in, for how many of them have a relative there.
const IMAGINED_ALONE: f64 = 50.0;
/// Nobody is ever certain to be there.
const MOST_PRESENT: f64 = 0.9995;
/// Enough to settle the expectations.
const ROUNDS: usize = 50;
/// Enough to settle the weights to two digits.
const ROUNDS_OF_WEIGHTS: usize = 12;

/// Learns how often each level occurs for one person (m). Every candidate of a person is believed to be them as far as the
/// present weights say, the levels are counted with that belief, and so again. `groups` holds the candidates of each person,
/// found by blocking keys; `looked_for` is how many people there are, also those without candidates. What strangers and
/// relatives show is kept: it is known better from counting than from pairs that were chosen for their likeness.
pub fn learn(groups: &[Vec<Agreement>], looked_for: usize, context: &Context) -> Model {
    let start = context.model.clone();
    let mut context = context.clone();
    for _ in 0..ROUNDS_OF_WEIGHTS {
        let evidence: Vec<Vec<Sums>> =
            groups.iter().map(|group| group.iter().map(|agreement| sums(agreement, &context)).collect()).collect();
        (context.model.present, context.model.relatives) = (start.present, start.relatives);
        let (present, relatives) = learn_shares(|| evidence.iter().map(Vec::as_slice), looked_for, &context);
        context.model.present = present;
        context.model.relatives = relatives;
        let mut counts = [[0.0; Level::COUNT]; Field::ALL.len()];
        for (group, evidence) in groups.iter().zip(&evidence) {
            let beliefs = Beliefs::of(evidence, &context, present, relatives);
            for (agreement, sums) in group.iter().zip(evidence) {
                let belief = beliefs.in_one(sums);
                agreement.levels.iter().zip(&mut counts).for_each(|(level, counts)| counts[level.index()] += belief);
            }
        }
        context.model = counted(&counts, &start, context.model);
    }
    context.model
}

/// The new weights, from counts by field and level.
fn counted(counts: &[[f64; Level::COUNT]; Field::ALL.len()], start: &Model, mut model: Model) -> Model {
    for field in Field::ALL {
        let counts = &counts[field.index()];
        let known: f64 = counts[Level::Different.index()..].iter().sum();
        for level in Model::levels(field) {
            let before = start.rate(field, level).same;
            model = model.with_same(
                field,
                level,
                (counts[level.index()] + IMAGINED_PAIRS * before) / (known + IMAGINED_PAIRS),
            );
        }
    }
    model
}

/// Learns how many of the people who are looked for are there, and how many of the others have a relative there, from the
/// evidence of the pairs that share a blocking key, one group for each person. A person is one of their candidates or none;
/// where nearly everybody is somebody, less evidence is enough, and lists without families do not pay for the caution that
/// families need. Returns `present` and `relatives` of [`Model`].
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
            let beliefs = Beliefs::of(group, context, present, relatives);
            there += beliefs.same / beliefs.all();
            family += beliefs.none / beliefs.all() * beliefs.related / (1.0 + beliefs.related);
        }
        present = ((there + IMAGINED_PEOPLE * start.present) / (people + IMAGINED_PEOPLE)).min(MOST_PRESENT);
        relatives = (family + IMAGINED_ALONE * start.relatives) / (people - there + IMAGINED_ALONE);
    }
    (present, relatives)
}

/// How probable it is, up to a factor, that a person is one of their candidates, or none of them.
struct Beliefs {
    same: f64,
    none: f64,
    /// Odds that somebody who is not there has a relative among the candidates.
    related: f64,
    /// The weight of one candidate before looking.
    each: f64,
}

impl Beliefs {
    fn of(group: &[Sums], context: &Context, present: f64, relatives: f64) -> Self {
        let each = present / context.population();
        let related: f64 =
            group.iter().map(|s| (s.stranger - s.relative).exp2()).sum::<f64>() * relatives / context.population();
        let same = group.iter().map(|s| s.stranger.exp2()).sum::<f64>() * each;
        Self { same, none: (1.0 - present) * (1.0 + related), related, each }
    }

    fn all(&self) -> f64 {
        self.same + self.none
    }

    fn in_one(&self, sums: &Sums) -> f64 {
        sums.stranger.exp2() * self.each / self.all()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identity::Prepared;
    use crate::identity::invented::invent;

    /// Invented people: everybody is compared with everybody.
    fn groups() -> (Vec<Vec<Agreement>>, usize) {
        let people = invent(150, 5);
        let prepare = |people: &[crate::identity::Person]| people.iter().map(Prepared::new).collect::<Vec<_>>();
        let (left, right) = (prepare(&people.left), prepare(&people.right));
        let group = |a: &Prepared| {
            right.iter().map(|b| a.agree(b)).filter(|g| sums(g, &Context::default()).stranger > 5.0).collect()
        };
        (left.iter().map(group).collect(), left.len())
    }

    #[test]
    fn weights_and_expectations_are_learned_without_labels() {
        let (groups, people) = groups();
        let context = Context { people, ..Context::default() };
        let learned = learn(&groups, people, &context);
        // Two thirds of invented people are there, with the same date of birth in nearly all cases.
        assert!((0.6..0.9).contains(&learned.present), "{}", learned.present);
        let of = |field, level| learned.rate(field, level).same;
        assert!(of(Field::BirthDate, Level::Same) > 0.85, "{}", of(Field::BirthDate, Level::Same));
        assert!((0.5..0.9).contains(&of(Field::Email, Level::Same)), "{}", of(Field::Email, Level::Same));
        assert!(of(Field::GivenName, Level::Different) < 0.08, "{}", of(Field::GivenName, Level::Different));
    }

    #[test]
    fn nothing_to_learn_from_changes_nothing() {
        let start = Context::default();
        let learned = learn(&[], 0, &start);
        for field in Field::ALL {
            for level in Model::levels(field) {
                assert!((learned.rate(field, level).same - start.model.rate(field, level).same).abs() < 1e-12);
            }
        }
        assert!((learned.present - start.model.present).abs() < 1e-12);
    }
}
