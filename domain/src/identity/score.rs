//! One score in bits, with the evidence line by line.

use serde::{Deserialize, Serialize};

use super::backing::is_backed;
use super::frequency::Frequencies;
use super::model::Model;
use super::person::{Field, Level};
use super::prepared::{Agreement, Prepared};

/// What is compared with: weights, how frequent values are, and among how many people is looked.
#[derive(Clone, Debug, Default)]
pub struct Context {
    /// The weights.
    pub model: Model,
    /// How frequent values are.
    pub frequencies: Frequencies,
    /// How many people the one who is looked for could be.
    pub people: usize,
}

impl Context {
    /// Among how many people somebody is looked for, at least.
    #[expect(clippy::cast_precision_loss, reason = "people fit")]
    pub fn population(&self) -> f64 {
        self.people.max(FEWEST_PEOPLE) as f64
    }
}

/// One line of evidence.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Line {
    /// What was compared.
    pub clue: Clue,
    /// What it is worth, in bits: positive for the same person, negative against.
    pub bits: f64,
}

/// What a line of evidence is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "about")]
pub enum Clue {
    /// Before looking: somebody out of so many.
    Prior,
    /// A field.
    Field {
        /// Which.
        field: Field,
        /// How far it agrees.
        level: Level,
        /// The value is frequent among these people.
        is_shared: bool,
    },
    /// Given name and surname are exchanged.
    Exchanged,
    /// What agrees is also what members of one family share.
    Household,
}

/// How probable it is that two records are one person.
#[derive(Clone, Debug, PartialEq)]
pub struct Comparison {
    /// The sum of the lines: the logarithm to the base 2 of the odds. At 0 it is as probable as not, at 10 a thousand to one.
    pub bits: f64,
    /// More than names and places agrees. Without it there is no automatic link: two people may have one name.
    pub is_backed: bool,
    /// Why, strongest field first; the prior is the first line and what relatives share is the last.
    pub lines: Vec<Line>,
}

/// The number without the lines.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Score {
    /// As [`Comparison::bits`].
    pub bits: f64,
    /// As [`Comparison::is_backed`].
    pub is_backed: bool,
}

/// A short list is no reason to believe sooner: the next person may come from anywhere.
const FEWEST_PEOPLE: usize = 10_000;
/// Parts of one address are known together: the strongest counts in full, this much of the others.
const ALSO: f64 = 0.3;
/// A value with a larger share is called shared.
const SHARED: f64 = 0.0002;

/// Compares two people and explains it.
pub fn compare(a: &Prepared, b: &Prepared, context: &Context) -> Comparison {
    let agreement = a.agree(b);
    let mut lines = vec![Line { clue: Clue::Prior, bits: prior(context) }];
    let sums = weigh(&agreement, context, |line| lines.push(line));
    lines[1..].sort_by(|a, b| b.bits.total_cmp(&a.bits));
    let bits = sums.bits(context);
    let household = bits - lines.iter().map(|line| line.bits).sum::<f64>();
    lines.push(Line { clue: Clue::Household, bits: household });
    Comparison { bits, is_backed: is_backed(&agreement, &context.frequencies), lines }
}

/// The score of an agreement.
pub fn score(agreement: &Agreement, context: &Context) -> Score {
    Score { bits: sums(agreement, context).bits(context), is_backed: is_backed(agreement, &context.frequencies) }
}

/// The evidence of an agreement.
pub fn sums(agreement: &Agreement, context: &Context) -> Sums {
    weigh(agreement, context, |_| {})
}

fn prior(context: &Context) -> f64 {
    (context.model.present / (1.0 - context.model.present) / context.population()).log2()
}

/// The evidence of all fields, without what is expected before looking. Bits.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Sums {
    /// For one person, against two strangers.
    pub stranger: f64,
    /// For one person, against two relatives.
    pub relative: f64,
}

impl Sums {
    /// The odds of the same person against a stranger or a relative.
    pub fn bits(self, context: &Context) -> f64 {
        let stranger = prior(context) + self.stranger;
        let absent = 1.0 - context.model.present;
        let relative = (context.model.present / (absent * context.model.relatives)).log2() + self.relative;
        -((-stranger).exp2() + (-relative).exp2()).log2()
    }
}

/// The weights of the parts of an address, which are not independent: for and against, the strongest and the sum of all.
#[derive(Clone, Copy, Debug, Default)]
struct Group {
    up: [f64; 2],
    down: [f64; 2],
}

impl Group {
    /// Adds a part.
    fn add(&mut self, bits: f64) {
        let side = if bits > 0.0 { &mut self.up } else { &mut self.down };
        if bits.abs() > side[0].abs() {
            side[0] = bits;
        }
        side[1] += bits;
    }

    fn bits(self) -> f64 {
        let of = |side: [f64; 2]| side[0] + ALSO * (side[1] - side[0]);
        of(self.up) + of(self.down)
    }
}

fn weigh(agreement: &Agreement, context: &Context, mut line: impl FnMut(Line)) -> Sums {
    let mut sums = Sums::default();
    let (mut strangers, mut relatives) = (Group::default(), Group::default());
    let mut address = [None; Field::ALL.len()];
    for field in Field::ALL {
        let level = agreement.level(field);
        if level == Level::Missing {
            continue;
        }
        let (against, is_shared) = weight(agreement, field, context);
        let rate = context.model.rate(field, level);
        let relative = (rate.same / rate.relative).log2();
        let clue = Clue::Field { field, level, is_shared };
        if field.is_address() {
            strangers.add(against);
            relatives.add(relative);
            address[field.index()] = Some(Line { clue, bits: against });
        } else {
            sums.stranger += against;
            sums.relative += relative;
            line(Line { clue, bits: against });
        }
    }
    // The strongest part counts in full, so it comes first.
    address.sort_by(|a, b| b.map_or(0.0, |l| l.bits.abs()).total_cmp(&a.map_or(0.0, |l| l.bits.abs())));
    let mut counted = Group::default();
    for part in address.into_iter().flatten() {
        let before = counted.bits();
        counted.add(part.bits);
        line(Line { bits: counted.bits() - before, ..part });
    }
    sums.stranger += strangers.bits();
    sums.relative += relatives.bits();
    if agreement.level(Field::GivenName).min(agreement.level(Field::BirthDate)) >= Level::Rewritten {
        sums.relative += context.model.unlike_family;
    }
    if agreement.exchanged {
        sums.stranger -= context.model.exchanged;
        line(Line { clue: Clue::Exchanged, bits: -context.model.exchanged });
    }
    sums
}

/// What a field is worth against strangers, and whether its value is a frequent one.
fn weight(agreement: &Agreement, field: Field, context: &Context) -> (f64, bool) {
    let level = agreement.level(field);
    let rate = context.model.rate(field, level);
    if level == Level::Different {
        return ((rate.same / rate.stranger).log2(), false);
    }
    let usual = context.model.rate(field, Level::Same).stranger;
    let [a, b] = agreement.values[field.index()];
    let share = context.frequencies.share(a, usual);
    let share = if a == b { share } else { share.max(context.frequencies.share(b, usual)) };
    // Names and places may be rarer than is usual. Days and numbers are spread evenly: that one is seen once says nothing.
    let is_even = matches!(field, Field::BirthDate | Field::ExternalId | Field::Email | Field::Phone);
    let share = if is_even { share.max(usual) } else { share };
    let of = |level: Level| {
        let rate = context.model.rate(field, level);
        let chance = if level >= Level::Rewritten { share } else { share.max(rate.stranger) };
        rate.same / chance.min(1.0)
    };
    // Less agreement on a frequent value is not worth more.
    let bits = of(level).min(of(level.max(Level::Rewritten))).min(of(Level::Same)).log2();
    // Agreement on something that everybody has is no evidence, and none against.
    let least = context.model.rate(field, Level::Different);
    let is_shared = match field {
        Field::Email | Field::Phone => context.frequencies.others(a) > 0,
        _ => share > SHARED && share > 20.0 * usual,
    };
    (bits.max((least.same / least.stranger).log2()), is_shared)
}
