//! How frequent values are: a shared rare surname says more than a shared "Smith", and an address of an agency says little.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

use super::prepared::Prepared;

/// Counts of values among the people who are compared.
#[derive(Clone, Debug, Default)]
pub struct Frequencies {
    people: u64,
    counts: HashMap<u64, u32, BuildHasherDefault<AsIs>>,
}

/// How many imagined people with values of usual frequency are mixed in: what a short list says of rarity is not believed.
const IMAGINED: f64 = 1000.0;

impl Frequencies {
    /// Counts one person.
    pub fn count(&mut self, person: &Prepared) {
        self.people += 1;
        person.each_value(|value| {
            let count = self.counts.entry(value).or_insert(0);
            *count = count.saturating_add(1);
        });
    }

    /// Values that two people have at most: the share of all others is taken to be zero anyway, so counting them costs memory
    /// and says nothing.
    pub fn forget_rare(&mut self) {
        self.counts.retain(|_, count| *count > 2);
        self.counts.shrink_to_fit();
    }

    /// How many have this value, besides the two who are compared.
    pub fn others(&self, value: u64) -> u32 {
        self.counts.get(&value).copied().unwrap_or(0).saturating_sub(2)
    }

    /// The share of people with this value, besides the two who are compared; `usual` is what it is for values of that field.
    pub fn share(&self, value: u64, usual: f64) -> f64 {
        #[expect(clippy::cast_precision_loss, reason = "people fit")]
        let people = self.people as f64;
        (f64::from(self.others(value)) + IMAGINED * usual) / (people + IMAGINED)
    }
}

/// The keys are hashes already.
#[derive(Clone, Copy, Debug, Default)]
struct AsIs(u64);

impl Hasher for AsIs {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 << 8) | u64::from(*byte);
        }
    }

    fn write_u64(&mut self, value: u64) {
        // The table takes its upper bits for a first look: they must differ.
        self.0 = value.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Personal;
    use crate::identity::Person;
    use crate::identity::text;

    #[test]
    fn a_frequent_surname_has_a_larger_share_than_a_rare_one() {
        let mut frequencies = Frequencies::default();
        for n in 0..500 {
            let name = if n % 10 == 0 { format!("Rare{n}") } else { "Smith".to_owned() };
            let person = Person { surname: Personal::new(name), ..Person::default() };
            frequencies.count(&Prepared::new(&person));
        }
        let share = |name| frequencies.share(text::hash('n', name), 0.001);
        assert!(share("smith") > 0.2 && share("rare10") < 0.001, "{} {}", share("smith"), share("rare10"));
        let before = share("smith");
        let mut kept = frequencies.clone();
        kept.forget_rare();
        assert!((kept.share(text::hash('n', "smith"), 0.001) - before).abs() < 1e-12);
    }
}
