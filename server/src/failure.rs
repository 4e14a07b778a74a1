//! How a command fails: sentences for people and the exit code for scripts.

use std::fmt;
use std::process::ExitCode;

use domain::ports::StoreError;

/// Which kind of failure; the number is the process's exit code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// It was tried and did not work.
    Failed = 1,
    /// The command line is wrong.
    Usage = 2,
    /// A setting or an organization's file is wrong.
    Configuration = 3,
    /// The database did not do it.
    Database = 4,
    /// Lever or a vendor could not be asked.
    Remote = 5,
}

/// A failed command. Every sentence names the setting, the line or the remote, and the next step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// The kind.
    pub exit: Exit,
    /// One sentence per cause; never empty.
    pub sentences: Vec<String>,
}

impl Failure {
    /// With one sentence.
    pub fn new(exit: Exit, sentence: impl Into<String>) -> Self {
        Self { exit, sentences: vec![sentence.into()] }
    }

    /// One sentence per problem.
    pub fn all<T: fmt::Display>(exit: Exit, problems: impl IntoIterator<Item = T>) -> Self {
        Self { exit, sentences: problems.into_iter().map(|p| p.to_string()).collect() }
    }

    /// The database did not do `what`.
    pub fn database(what: &str, error: &StoreError) -> Self {
        Self::new(Exit::Database, format!("{what}: {error}; `assay doctor` checks the database"))
    }

    /// The exit code.
    pub fn code(&self) -> ExitCode {
        ExitCode::from(self.exit as u8)
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.sentences.join("\n"))
    }
}

impl std::error::Error for Failure {}
