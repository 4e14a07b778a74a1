//! Two whole lists: who of the left one is who of the right one.

use std::cmp::Ordering;

use super::backing::{is_backed, may_be_another};
use super::blocking::{each_key, initials, is_weak};
use super::frequency::Frequencies;
use super::learn::learn_shares;
use super::leftover::Leftover;
use super::prepared::Prepared;
use super::resolve::{Decision, Reason, Settings, resolve};
use super::score::{Context, Score, Sums, score, sums};
use super::text;

/// Two lists, made ready. Reading, threads and output are the caller's.
#[derive(Debug)]
pub struct Lists {
    left: Vec<Prepared>,
    right: Vec<Prepared>,
    context: Context,
    settings: Settings,
    index: Index,
}

/// Two people who were compared, and what speaks for and against.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Compared {
    left: u32,
    right: u32,
    stranger: f32,
    relative: f32,
    is_backed: bool,
}

impl Compared {
    fn sums(&self) -> Sums {
        Sums { stranger: f64::from(self.stranger), relative: f64::from(self.relative) }
    }
}

/// Two people who are near enough to matter.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pair {
    /// Place in the left list.
    pub left: u32,
    /// Place in the right list.
    pub right: u32,
    /// How sure.
    pub score: Score,
}

/// A pair in the answer.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Settled {
    /// Who.
    pub pair: Pair,
    /// Match or review.
    pub decision: Decision,
    /// Why.
    pub reason: Reason,
}

/// A block with more people is no block: it is intersected with the initials, and skipped if that does not help.
const LARGEST_BLOCK: usize = 60;
/// The same for keys that many people share.
const LARGEST_WEAK_BLOCK: usize = 25;
/// A block with more people than this is not even read.
const LARGEST_READ: usize = 5_000;
/// Nobody is compared with more people.
const MOST_COMPARED: usize = 400;
/// Pairs with so many bits less than even odds need are not kept.
const DISTANT: f64 = 8.0;

/// Blocking keys of a list, as hashes in order.
#[derive(Debug)]
struct Index {
    keys: Vec<u64>,
    people: Vec<u32>,
    initials: Vec<[u8; 2]>,
}

impl Index {
    fn new(people: &[Prepared]) -> Self {
        let mut entries: Vec<(u64, u32)> = Vec::new();
        for (person, place) in people.iter().zip(0_u32..) {
            each_key(person, |key| entries.push((text::hash('k', key), place)));
        }
        entries.sort_unstable();
        entries.dedup();
        Self {
            keys: entries.iter().map(|e| e.0).collect(),
            people: entries.iter().map(|e| e.1).collect(),
            initials: people.iter().map(initials).collect(),
        }
    }

    fn block(&self, key: u64) -> &[u32] {
        let start = self.keys.partition_point(|k| *k < key);
        let length = self.keys[start..].iter().take(LARGEST_READ + 1).take_while(|k| **k == key).count();
        &self.people[start..start + length]
    }

    /// Who shares a key with the person.
    fn candidates(&self, person: &Prepared) -> Vec<u32> {
        let mut found = Vec::new();
        let own = initials(person);
        each_key(person, |key| {
            let block = self.block(text::hash('k', key));
            let is_weak = is_weak(key);
            if block.len() <= if is_weak { LARGEST_WEAK_BLOCK } else { LARGEST_BLOCK } {
                found.extend_from_slice(block);
            } else if block.len() <= LARGEST_READ && !is_weak {
                let same = || block.iter().filter(|p| self.initials[**p as usize] == own);
                if same().nth(LARGEST_BLOCK).is_none() {
                    found.extend(same());
                }
            }
        });
        // Keys come strongest first; what is cut off comes from the weakest.
        found.truncate(4 * MOST_COMPARED);
        found.sort_unstable();
        found.dedup();
        found.truncate(MOST_COMPARED);
        found
    }
}

impl Lists {
    /// Makes two lists ready: counts values and builds the index.
    pub fn new(left: Vec<Prepared>, right: Vec<Prepared>, settings: Settings) -> Self {
        let mut frequencies = Frequencies::default();
        left.iter().chain(&right).for_each(|person| frequencies.count(person));
        frequencies.forget_rare();
        let context = Context { people: right.len(), frequencies, ..Context::default() };
        let index = Index::new(&right);
        Self { left, right, context, settings, index }
    }

    /// Weights, frequencies and the number of people.
    pub fn context(&self) -> &Context {
        &self.context
    }

    /// Sets other weights, for those that were learned.
    pub fn set_model(&mut self, model: super::Model) {
        self.context.model = model;
    }

    /// How many people the left list has.
    pub fn len(&self) -> usize {
        self.left.len()
    }

    /// Nobody is on the left.
    pub fn is_empty(&self) -> bool {
        self.left.is_empty()
    }

    /// Who of the right list shares a blocking key with somebody of the left one.
    pub fn candidates(&self, left: usize) -> Vec<u32> {
        self.left.get(left).map(|person| self.index.candidates(person)).unwrap_or_default()
    }

    /// Two people of the lists, by place.
    pub fn people(&self, left: u32, right: u32) -> (&Prepared, &Prepared) {
        (&self.left[left as usize], &self.right[right as usize])
    }

    /// Compares one person of the left list with everybody they may be. Independent of all others: threads may share the work.
    pub fn compare(&self, left: usize) -> Vec<Compared> {
        let Some(person) = self.left.get(left) else { return Vec::new() };
        let place = u32::try_from(left).unwrap_or(u32::MAX);
        let compared = |right: &u32| {
            let agreement = person.agree(&self.right[*right as usize]);
            let sums = sums(&agreement, &self.context);
            // Neither one person nor relatives, however many of them there are.
            let is_near = sums.stranger.max(sums.stranger - sums.relative) > self.context.population().log2() - DISTANT;
            #[expect(clippy::cast_possible_truncation, reason = "a ten-thousandth of a bit is enough")]
            is_near.then(|| Compared {
                left: place,
                right: *right,
                stranger: sums.stranger as f32,
                relative: sums.relative as f32,
                is_backed: is_backed(&agreement, &self.context.frequencies),
            })
        };
        self.index.candidates(person).iter().filter_map(compared).collect()
    }

    /// The answer from all comparisons. Whoever is claimed by several people who are not one person is nobody's match.
    pub fn settle(&mut self, mut compared: Vec<Compared>) -> Vec<Settled> {
        compared.sort_unstable_by(|a, b| a.left.cmp(&b.left).then(a.right.cmp(&b.right)));
        let (present, relatives) = self.shares(&compared);
        self.context.model.present = present;
        self.context.model.relatives = relatives;
        let near = |c: &Compared| {
            let score = Score { bits: c.sums().bits(&self.context), is_backed: c.is_backed };
            (score.bits >= self.settings.review_at_least_from).then_some(Pair { left: c.left, right: c.right, score })
        };
        let pairs: Vec<Pair> = compared.iter().filter_map(near).collect();
        let claims = claims(&pairs);
        let settings = Settings { review_from: self.settings.review_at_least_from, ..self.settings };
        let groups = || pairs.chunk_by(|a, b| a.left == b.left);
        let mut answers: Vec<Vec<Settled>> =
            groups().map(|of_one| self.answer(of_one, &claims, &settings, None)).collect();
        if let Some(leftover) = Leftover::new(answers.iter().flatten(), self.right.len(), &self.context) {
            for (of_one, answer) in groups().zip(&mut answers) {
                if answer.iter().all(|s| s.decision != Decision::Match) {
                    *answer = self.answer(of_one, &claims, &settings, Some(&leftover));
                }
            }
        }
        let least = self.least_review(&answers);
        let is_kept = |s: &Settled| s.decision == Decision::Match || s.pair.score.bits >= least;
        answers.into_iter().filter(|answer| answer.first().is_some_and(is_kept)).flatten().collect()
    }

    /// How probable a pair must be for the pile of reviews: as set, or less while the pile is small.
    fn least_review(&self, answers: &[Vec<Settled>]) -> f64 {
        let best = answers.iter().filter_map(|answer| answer.first()).filter(|s| s.decision == Decision::Review);
        let mut bits: Vec<f64> = best.map(|s| s.pair.score.bits).collect();
        bits.sort_unstable_by(|a, b| b.total_cmp(a));
        #[expect(
            clippy::cast_precision_loss,
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "people fit"
        )]
        let small = (self.left.len() as f64 * self.settings.small_pile) as usize;
        // The first one that no longer fits ends the pile; equally probable ones are treated alike.
        bits.get(small).map_or(f64::NEG_INFINITY, |first_out| first_out.next_up()).min(self.settings.review_from)
    }

    /// How many are there, and how many have relatives there.
    fn shares(&self, compared: &[Compared]) -> (f64, f64) {
        let evidence: Vec<Sums> = compared.iter().map(Compared::sums).collect();
        let groups = || {
            let mut rest = evidence.as_slice();
            compared.chunk_by(|a, b| a.left == b.left).map(move |group| {
                let (of_one, others) = rest.split_at(group.len());
                rest = others;
                of_one
            })
        };
        learn_shares(groups, self.left.len(), &self.context)
    }

    /// The answer for one person of the left list, among everybody or among those who are left.
    fn answer(
        &self,
        of_one: &[Pair],
        claims: &[Pair],
        settings: &Settings,
        leftover: Option<&Leftover>,
    ) -> Vec<Settled> {
        // Who clearly belongs to somebody else is no candidate.
        let open: Vec<Pair> = of_one.iter().copied().filter(|p| !self.is_taken(p, claims)).collect();
        let leftover = leftover.filter(|l| !open.iter().any(|p| l.is_taken(p.right) || self.may_be_another(p)));
        let scores: Vec<Score> = open.iter().map(|p| leftover.map_or(p.score, |l| l.score(p.score))).collect();
        let answer = resolve(&scores, settings);
        let settled = |place: usize| {
            // Rivals are compared as everybody is: what is left is left for all of them.
            let is_contested =
                answer.decision == Decision::Match && self.is_contested(&open[place], claims, leftover.is_some());
            let (decision, reason) =
                if is_contested { (Decision::Review, Reason::Claimed) } else { (answer.decision, answer.reason) };
            Settled { pair: Pair { score: scores[place], ..open[place] }, decision, reason }
        };
        answer.candidates.iter().map(|place| settled(*place)).collect()
    }

    fn may_be_another(&self, pair: &Pair) -> bool {
        let (left, right) = self.people(pair.left, pair.right);
        may_be_another(&left.agree(right), &self.context.frequencies)
    }

    fn rivals<'a>(&'a self, pair: &'a Pair, claims: &'a [Pair]) -> impl Iterator<Item = &'a Pair> {
        let start = claims.partition_point(|c| c.right < pair.right);
        let of_right = claims[start..].iter().take(MOST_COMPARED).take_while(|c| c.right == pair.right);
        of_right.filter(|c| c.left != pair.left)
    }

    fn is_taken(&self, pair: &Pair, claims: &[Pair]) -> bool {
        let ahead = pair.score.bits + self.settings.margin;
        self.rivals(pair, claims).any(|r| {
            r.score.bits >= self.settings.match_from
                && r.score.is_backed
                && r.score.bits >= ahead
                && self.is_another(pair, r)
        })
    }

    /// Who is left is left for one: even two rows that look like one person are two then.
    fn is_contested(&self, pair: &Pair, claims: &[Pair], is_left: bool) -> bool {
        let behind = pair.score.bits - self.settings.margin;
        self.rivals(pair, claims).any(|r| r.score.bits > behind && (is_left || self.is_another(pair, r)))
    }

    /// Two people on the left are different people, or may not both be the same one.
    fn is_another(&self, pair: &Pair, rival: &Pair) -> bool {
        if self.settings.one_to_one {
            return true;
        }
        let (a, b) = (&self.left[pair.left as usize], &self.left[rival.left as usize]);
        score(&a.agree(b), &self.context).bits < self.settings.review_from
    }
}

/// For everybody on the right, who on the left may be them, best first.
fn claims(pairs: &[Pair]) -> Vec<Pair> {
    let mut claims = pairs.to_vec();
    claims.sort_unstable_by(|a, b| a.right.cmp(&b.right).then(best_first(a, b)));
    claims
}

fn best_first(a: &Pair, b: &Pair) -> Ordering {
    b.score.bits.total_cmp(&a.score.bits).then(a.left.cmp(&b.left))
}
