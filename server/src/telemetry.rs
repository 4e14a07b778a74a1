//! Logs: to standard error, text on a terminal, JSON otherwise.

use std::io::IsTerminal as _;

use tracing_subscriber::EnvFilter;

use crate::config::Config;

/// Starts logging; a second call changes nothing.
pub fn start(config: &Config) {
    // The filter was checked when the configuration was read.
    let filter = EnvFilter::try_new(&config.log).unwrap_or_else(|_| EnvFilter::new("info"));
    let logs = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    // A second start is refused, and that is all that happens.
    let _ = if std::io::stderr().is_terminal() {
        logs.with_target(false).try_init()
    } else {
        logs.json().flatten_event(true).with_current_span(true).try_init()
    };
}

/// Logs what the configuration warns about: where it is served by. A command of a moment says it with `assay config check`
/// and `assay doctor`, and keeps its own output clean.
pub fn warn(config: &Config) {
    for warning in &config.warnings {
        tracing::warn!(setting = %warning.variable, "{warning}");
    }
}
