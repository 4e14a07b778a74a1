//! What ran, what failed, what was left out and why.

use std::fmt;
use std::ops::AddAssign;

/// How many tests or checks ended how.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    pub passed: u64,
    pub failed: u64,
    pub skipped: u64,
}

impl Counts {
    pub const PASSED: Self = Self { passed: 1, failed: 0, skipped: 0 };
    pub const FAILED: Self = Self { passed: 0, failed: 1, skipped: 0 };
    pub const SKIPPED: Self = Self { passed: 0, failed: 0, skipped: 1 };
}

impl AddAssign for Counts {
    fn add_assign(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.skipped += other.skipped;
    }
}

impl fmt::Display for Counts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} passed, {} failed, {} skipped", self.passed, self.failed, self.skipped)
    }
}

/// The parts of a test run in the order they ended.
#[derive(Debug, Default)]
pub struct Summary {
    parts: Vec<(&'static str, Counts, Option<String>)>,
}

impl Summary {
    /// A part that counted its own tests.
    pub fn counted(&mut self, part: &'static str, counts: Counts) {
        self.parts.push((part, counts, None));
    }

    /// A part that is one check, or that broke before it could count.
    pub fn checked(&mut self, part: &'static str, result: Result<(), String>) {
        let (counts, reason) = match result {
            Ok(()) => (Counts::PASSED, None),
            Err(reason) => (Counts::FAILED, Some(reason)),
        };
        self.parts.push((part, counts, reason));
    }

    /// A part that could not run here. Also printed at once, because it must not go unseen.
    pub fn skipped(&mut self, part: &'static str, reason: String) {
        println!("\n!!! SKIPPED: {part}. {reason}");
        self.parts.push((part, Counts::SKIPPED, Some(reason)));
    }

    /// The sum over all parts.
    pub fn total(&self) -> Counts {
        self.parts.iter().fold(Counts::default(), |mut sum, (_, counts, _)| {
            sum += *counts;
            sum
        })
    }
}

impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (part, counts, reason) in &self.parts {
            write!(f, "{part}: {counts}")?;
            // Only the first line: a log was printed where it arose.
            if let Some(first) = reason.as_ref().and_then(|r| r.lines().next()) {
                write!(f, ". {first}")?;
            }
            writeln!(f)?;
        }
        write!(f, "{}", self.total())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_line_is_the_sum() {
        let mut summary = Summary::default();
        summary.counted("rules", Counts { passed: 7, failed: 1, skipped: 0 });
        summary.checked("formatting", Ok(()));
        summary.checked("tree", Err("tokio is there.\nmore".into()));
        summary.skipped("browser", "No Chromium.".into());
        let text = summary.to_string();
        assert!(text.contains("tree: 0 passed, 1 failed, 0 skipped. tokio is there.\n"), "{text}");
        assert_eq!(text.lines().last(), Some("8 passed, 2 failed, 1 skipped"));
    }
}
