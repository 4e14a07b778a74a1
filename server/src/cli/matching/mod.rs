//! `assay match evaluate`: who is who in two files, and how well that was found.

mod files;
mod progress;

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use clap::{Args, Subcommand};
use domain::identity::{Compared, Decision, Lists, Settings, Settled};
use serde::Serialize;

use self::progress::Progress;
use super::out;
use crate::failure::{Exit, Failure};

#[derive(Debug, Subcommand)]
pub(super) enum Match {
    /// Match the people of two CSV files and say how well it went
    Evaluate(Evaluate),
}

#[derive(Debug, Args)]
pub(super) struct Evaluate {
    /// People who are looked for: CSV with a header and the column id
    #[arg(long, value_name = "FILE")]
    left: PathBuf,
    /// People among whom they are looked for
    #[arg(long, value_name = "FILE")]
    right: PathBuf,
    /// The true pairs: left_id,right_id
    #[arg(long, value_name = "FILE")]
    truth: Option<PathBuf>,
    /// Where the pairs are written: left_id,right_id,score,decision
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Nobody on the left is the same as somebody else on the left
    #[arg(long)]
    one_to_one: bool,
    /// One JSON object
    #[arg(long)]
    json: bool,
}

/// The figures. Precision, recall and F1 only where the truth is known.
#[derive(Debug, Default, PartialEq, Serialize)]
struct Figures {
    left: usize,
    right: usize,
    matches: usize,
    review_pairs: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    precision: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    recall: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    f1: Option<f64>,
    review_share: f64,
    seconds: f64,
}

/// People whom one thread compares before it takes the next ones.
const PORTION: usize = 256;

impl Match {
    pub(super) fn run(self) -> Result<(), Failure> {
        let Self::Evaluate(command) = self;
        let start = Instant::now();
        let (left, right) = (files::people(&command.left)?, files::people(&command.right)?);
        let truth = command.truth.as_deref().map(|path| files::truth(path, &left, &right)).transpose()?;
        let (left_ids, right_ids) = (left.ids, right.ids);
        let settings = Settings { one_to_one: command.one_to_one, ..Settings::default() };
        let mut lists = Lists::new(left.people, right.people, settings);
        let settled = lists.settle(compared(&lists)?);
        let seconds = start.elapsed().as_secs_f64();
        if let Some(path) = &command.out {
            files::write(path, &settled, &left_ids, &right_ids)?;
        }
        let figures = figures(&settled, left_ids.len(), right_ids.len(), truth.as_ref(), seconds);
        if command.json { out::json([&figures]) } else { out::lines(text(&figures)) }
    }
}

/// Compares all people of the left list, on all processors.
fn compared(lists: &Lists) -> Result<Vec<Compared>, Failure> {
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let (next, progress) = (AtomicUsize::new(0), Progress::new(lists.len()));
    let work = || {
        let mut found = Vec::new();
        loop {
            let start = next.fetch_add(PORTION, Ordering::Relaxed);
            if start >= lists.len() {
                return found;
            }
            let end = lists.len().min(start + PORTION);
            (start..end).for_each(|left| found.extend(lists.compare(left)));
            progress.add(end - start);
        }
    };
    std::thread::scope(|scope| {
        let workers: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        let mut all = Vec::new();
        for worker in workers {
            let found = worker.join();
            all.append(
                &mut found.map_err(|_| Failure::new(Exit::Failed, "comparing broke off; this is a fault of assay"))?,
            );
        }
        progress.end();
        Ok(all)
    })
}

fn figures(
    settled: &[Settled],
    left: usize,
    right: usize,
    truth: Option<&HashSet<(u32, u32)>>,
    seconds: f64,
) -> Figures {
    let matches: Vec<&Settled> = settled.iter().filter(|s| s.decision == Decision::Match).collect();
    let reviewed: HashSet<u32> =
        settled.iter().filter(|s| s.decision == Decision::Review).map(|s| s.pair.left).collect();
    let mut figures = Figures {
        left,
        right,
        matches: matches.len(),
        review_pairs: settled.len() - matches.len(),
        review_share: share(reviewed.len(), left),
        seconds,
        ..Figures::default()
    };
    if let Some(truth) = truth {
        let right = matches.iter().filter(|s| truth.contains(&(s.pair.left, s.pair.right))).count();
        // Nothing claimed is nothing wrong; nothing to find is nothing missed.
        let precision = if matches.is_empty() { 1.0 } else { share(right, matches.len()) };
        let recall = if truth.is_empty() { 1.0 } else { share(right, truth.len()) };
        let sum = precision + recall;
        figures.f1 = Some(if sum > 0.0 { 2.0 * precision * recall / sum } else { 0.0 });
        (figures.precision, figures.recall) = (Some(precision), Some(recall));
    }
    figures
}

#[expect(clippy::cast_precision_loss, reason = "people fit")]
fn share(part: usize, whole: usize) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}

/// One figure a line, four decimals.
fn text(figures: &Figures) -> Vec<String> {
    let quality = [("precision", figures.precision), ("recall", figures.recall), ("F1", figures.f1)];
    let mut lines: Vec<String> =
        quality.iter().filter_map(|(name, value)| value.map(|value| format!("{name} {value:.4}"))).collect();
    lines.push(format!("seconds {:.4}", figures.seconds));
    lines.push(format!("review {:.4}", figures.review_share));
    lines.push(format!("matches {}", figures.matches));
    lines.push(format!("review pairs {}", figures.review_pairs));
    lines
}

/// The name of a file in sentences.
fn name(path: &Path) -> String {
    path.display().to_string()
}

#[cfg(test)]
mod tests {
    use domain::identity::{Pair, Reason, Score};

    use super::*;

    fn settled(left: u32, right: u32, decision: Decision) -> Settled {
        Settled {
            pair: Pair { left, right, score: Score { bits: 10.0, is_backed: true } },
            decision,
            reason: Reason::Clear,
        }
    }

    #[test]
    fn only_matches_count_and_reviews_are_a_share_of_people() {
        let settled = [
            settled(0, 0, Decision::Match),
            settled(1, 5, Decision::Match),
            settled(2, 2, Decision::Review),
            settled(2, 3, Decision::Review),
        ];
        let truth = HashSet::from([(0, 0), (1, 1), (2, 2)]);
        let figures = figures(&settled, 4, 6, Some(&truth), 0.5);
        let lines = text(&figures);
        assert_eq!(
            lines,
            [
                "precision 0.5000",
                "recall 0.3333",
                "F1 0.4000",
                "seconds 0.5000",
                "review 0.2500",
                "matches 2",
                "review pairs 2"
            ]
        );
    }

    #[test]
    fn without_the_truth_nothing_is_said_of_quality() {
        let figures = figures(&[], 0, 0, None, 0.0);
        assert!(text(&figures).iter().all(|line| !line.starts_with("precision")));
    }
}
