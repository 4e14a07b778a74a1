//! Who is who: matching people of two systems, with the reason.
//!
//! [`Prepared`] makes a person comparable, [`compare`] weighs two of them, [`resolve()`] decides about one, [`Lists`] about all of
//! two lists. Nothing here merges anybody: the answers are *match*, *review* and *unknown*.

mod address;
mod backing;
mod blocking;
mod country;
mod date;
mod email;
mod frequency;
pub mod invented;
mod learn;
mod leftover;
mod lists;
mod model;
mod names;
mod nicknames;
mod person;
mod phone;
mod prepared;
mod resolve;
mod score;
mod text;
mod words;

#[cfg(test)]
mod tests;

pub use blocking::{Key, indexed, keys};
pub use frequency::Frequencies;
pub use learn::{learn, learn_shares};
pub use lists::{Compared, Lists, Pair, Settled};
pub use model::{Model, Rate};
pub use person::{Field, Level, Person};
pub use prepared::{Agreement, Prepared};
pub use resolve::{Decision, Reason, Resolution, Settings, resolve};
pub use score::{Clue, Comparison, Context, Line, Score, Sums, compare, score, sums};
pub use words::{sentence, why};
