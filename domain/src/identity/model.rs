//! The weights: how probable a level of agreement is for one person in two systems, for two strangers, and for two relatives.
//!
//! Fellegi and Sunter ("A Theory for Record Linkage", 1969) weigh a level by log2(m/u): how much more often the same person
//! shows it than two strangers. Strangers are not the only risk: a father and his son share surname, address and telephone. So
//! there is a third class, and what a household shares is no evidence against it.

use super::person::{Field, Level};

/// How probable one level of one field is. Probabilities, 0 to 1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rate {
    /// For two records of one person (m).
    pub same: f64,
    /// For two people who have nothing to do with each other (u). Where values are counted, their share takes its place.
    pub stranger: f64,
    /// For two members of one family.
    pub relative: f64,
}

/// The weights of all fields, and what is expected before looking.
#[derive(Clone, Debug, PartialEq)]
pub struct Model {
    rates: [[Rate; Level::COUNT]; Field::ALL.len()],
    /// How often somebody who is looked for is there at all. 0 to 1.
    pub present: f64,
    /// How often a relative of somebody is there who is not there themselves. 0 to 1.
    pub relatives: f64,
    /// Bits added against relatives when given name and birthday agree: no family has that twice.
    pub unlike_family: f64,
    /// Bits taken off against strangers when one system has the given name where the other has the surname.
    pub exchanged: f64,
}

/// A level, then `same`, `stranger`, `relative`.
type Row = (Level, f64, f64, f64);

use Level::{Different, Initial, Part, Rewritten, Same, Short, Similar, Typo};

/// The shipped weights. `same` was set by judgement for people who apply for a job, and corrected by hand until FEBRL 1 to 3 and
/// invented people were both answered well. Of FEBRL 4, the totals and the scores of what was missed were seen meanwhile, its
/// people were not. What expectation maximization learns from FEBRL is noisier: another given name in 0.09 of the pairs, a slip
/// in the surname in 0.16. `stranger` counts the values there are (60 years of birthdays, postcodes of a country) or is
/// judgement. `relative` is judgement, on the safe side: families share what they can.
const DEFAULTS: [(Field, &[Row]); Field::ALL.len()] = [
    (
        Field::GivenName,
        &[
            (Same, 0.78, 0.001, 0.015),
            (Rewritten, 0.03, 0.001, 0.001),
            (Short, 0.05, 0.002, 0.003),
            (Typo, 0.04, 0.002, 0.003),
            (Part, 0.03, 0.002, 0.003),
            (Initial, 0.012, 0.001, 0.0015),
            (Similar, 0.015, 0.008, 0.012),
            (Different, 0.04, 0.98, 0.96),
        ],
    ),
    (
        Field::Surname,
        &[
            (Same, 0.83, 0.0005, 0.74),
            (Rewritten, 0.03, 0.0005, 0.0275),
            (Typo, 0.05, 0.0015, 0.047),
            (Part, 0.02, 0.001, 0.02),
            (Initial, 0.005, 0.0005, 0.005),
            (Similar, 0.012, 0.005, 0.015),
            (Different, 0.045, 0.99, 0.15),
        ],
    ),
    (
        Field::Email,
        &[
            (Same, 0.65, 1e-9, 0.55),
            (Rewritten, 0.03, 1e-9, 0.0255),
            (Typo, 0.03, 1e-4, 0.026),
            (Part, 0.04, 0.002, 0.035),
            (Different, 0.25, 0.998, 0.364),
        ],
    ),
    (
        Field::Phone,
        &[
            (Same, 0.68, 1e-9, 0.56),
            (Rewritten, 0.05, 1e-8, 0.0415),
            (Typo, 0.02, 1e-5, 0.017),
            (Different, 0.25, 0.9999, 0.38),
        ],
    ),
    (
        Field::BirthDate,
        &[
            (Same, 0.93, 5e-5, 0.03),
            (Rewritten, 0.008, 5e-5, 2.7e-4),
            (Typo, 0.035, 1.5e-3, 3e-3),
            (Part, 0.008, 4e-3, 6e-3),
            (Similar, 0.006, 0.02, 0.03),
            (Different, 0.018, 0.97, 0.93),
        ],
    ),
    (Field::ExternalId, &[(Same, 0.93, 1e-7, 1e-7), (Typo, 0.04, 2e-5, 2e-5), (Different, 0.03, 0.99998, 0.99998)]),
    (
        Field::Street,
        &[
            (Same, 0.55, 1e-5, 0.45),
            (Typo, 0.15, 1e-5, 0.125),
            (Part, 0.04, 1e-3, 0.035),
            (Similar, 0.02, 1e-3, 0.02),
            (Different, 0.24, 0.998, 0.40),
        ],
    ),
    (
        Field::Postcode,
        &[(Same, 0.76, 5e-4, 0.55), (Part, 0.03, 0.02, 0.03), (Typo, 0.08, 0.02, 0.06), (Different, 0.13, 0.97, 0.36)],
    ),
    (
        Field::City,
        &[
            (Same, 0.75, 0.002, 0.58),
            (Rewritten, 0.02, 5e-4, 0.0156),
            (Typo, 0.06, 0.002, 0.048),
            (Part, 0.02, 0.002, 0.017),
            (Different, 0.15, 0.99, 0.35),
        ],
    ),
    (
        Field::Region,
        &[(Same, 0.85, 0.1, 0.75), (Short, 0.02, 0.01, 0.02), (Typo, 0.02, 0.01, 0.02), (Different, 0.11, 0.88, 0.21)],
    ),
    (Field::Country, &[(Same, 0.95, 0.5, 0.93), (Different, 0.05, 0.5, 0.07)]),
];

impl Default for Model {
    fn default() -> Self {
        let nothing = Rate { same: 1.0, stranger: 1.0, relative: 1.0 };
        let mut rates = [[nothing; Level::COUNT]; Field::ALL.len()];
        for (field, rows) in DEFAULTS {
            let mut last = nothing;
            // A level that a field does not have weighs as the next weaker one.
            for level in Level::ALL.into_iter().skip(1) {
                if let Some((_, same, stranger, relative)) = rows.iter().find(|row| row.0 == level) {
                    last = Rate { same: *same, stranger: *stranger, relative: *relative };
                }
                rates[field.index()][level.index()] = last;
            }
        }
        Self { rates, present: 0.5, relatives: 0.1, exchanged: 4.0, unlike_family: 6.0 }
    }
}

impl Model {
    /// The probabilities of a level.
    pub fn rate(&self, field: Field, level: Level) -> Rate {
        self.rates[field.index()][level.index()]
    }

    /// The same with another probability for one person; for weights that were learned.
    #[must_use]
    pub fn with_same(mut self, field: Field, level: Level, same: f64) -> Self {
        self.rates[field.index()][level.index()].same = same;
        self
    }

    /// The levels a field has of its own.
    pub fn levels(field: Field) -> impl Iterator<Item = Level> {
        DEFAULTS.iter().filter(move |(of, _)| *of == field).flat_map(|(_, rows)| rows.iter().map(|row| row.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_s_probabilities_add_up() {
        for (field, rows) in DEFAULTS {
            for (name, of) in [("same", 1), ("stranger", 2), ("relative", 3)] {
                let sum: f64 = rows.iter().map(|r| [r.1, r.2, r.3][of - 1]).sum();
                assert!((0.97..=1.03).contains(&sum), "{field} {name}: {sum}");
            }
        }
    }

    #[test]
    fn more_agreement_is_never_less_evidence() {
        let model = Model::default();
        for field in Field::ALL {
            let order: Vec<Level> = Level::ALL.into_iter().skip(1).collect();
            for pair in order.windows(2) {
                let (weak, strong) = (model.rate(field, pair[0]), model.rate(field, pair[1]));
                assert!(strong.same / strong.stranger >= weak.same / weak.stranger, "{field} {pair:?} strangers");
                assert!(
                    strong.same / strong.relative >= weak.same / weak.relative * 0.999,
                    "{field} {pair:?} relatives"
                );
            }
        }
    }
}
