//! A bar on standard error while people are compared, when somebody watches.

use std::io::{self, IsTerminal as _, Write as _};
use std::sync::atomic::{AtomicUsize, Ordering};

const WIDTH: usize = 40;

/// How far the work is.
#[derive(Debug)]
pub(super) struct Progress {
    all: usize,
    done: AtomicUsize,
    is_watched: bool,
}

impl Progress {
    /// Of so many people.
    pub(super) fn new(all: usize) -> Self {
        Self { all, done: AtomicUsize::new(0), is_watched: io::stderr().is_terminal() }
    }

    /// So many more are done.
    pub(super) fn add(&self, more: usize) {
        let before = self.done.fetch_add(more, Ordering::Relaxed);
        let step = |done: usize| done * 200 / self.all.max(1);
        if self.is_watched && step(before) != step(before + more) {
            write(&bar(before + more, self.all));
        }
    }

    /// Takes the bar away.
    pub(super) fn end(&self) {
        if self.is_watched {
            write(&format!("\r{}\r", " ".repeat(WIDTH + 40)));
        }
    }
}

fn write(text: &str) {
    // Nobody needs the bar.
    let _ = io::stderr().lock().write_all(text.as_bytes());
}

fn bar(done: usize, all: usize) -> String {
    let filled = (done * WIDTH / all.max(1)).min(WIDTH);
    format!("\r[{}{}] {done} of {all}", "#".repeat(filled), " ".repeat(WIDTH - filled))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bar_fills() {
        assert_eq!(bar(0, 10), format!("\r[{}] 0 of 10", " ".repeat(40)));
        assert_eq!(bar(10, 10), format!("\r[{}] 10 of 10", "#".repeat(40)));
        assert!(bar(0, 0).contains("0 of 0"));
    }
}
