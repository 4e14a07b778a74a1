//! Logs: to standard error, text on a terminal, JSON otherwise.

use std::io::IsTerminal as _;

use tracing_subscriber::EnvFilter;

use crate::config::Config;

/// Starts logging; a second call changes nothing.
pub fn start(config: &Config) {
    // The filter was checked when the configuration was read.
    let filter = filter(&config.log);
    let logs = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    // Whoever reads the log may end before we do. Then a line is lost; told to complain of it, the library would panic, and
    // take with it whatever had something to say: every request, every job, even the stop.
    let logs = logs.log_internal_errors(false);
    // A second start is refused, and that is all that happens.
    let _ = if std::io::stderr().is_terminal() {
        logs.with_target(false).try_init()
    } else {
        logs.json().flatten_event(true).with_current_span(true).try_init()
    };
}

/// What is logged. A session that has ended, or a sign-out without one, is everyday life, and its library warns of it.
fn filter(wanted: &str) -> EnvFilter {
    let quiet = "tower_sessions_core::session=error".parse().expect("a directive");
    let names_it = wanted.contains("tower_sessions");
    let filter = EnvFilter::try_new(wanted).unwrap_or_else(|_| EnvFilter::new("info"));
    if names_it { filter } else { filter.add_directive(quiet) }
}

/// Logs what the configuration warns about: where it is served by. A command of a moment says it with `assay config check`
/// and `assay doctor`, and keeps its own output clean.
pub fn warn(config: &Config) {
    for warning in &config.warnings {
        tracing::warn!(setting = %warning.variable, "{warning}");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tracing::Level;
    use tracing::subscriber::with_default;

    fn is_logged(wanted: &str, level: Level) -> bool {
        let logs = tracing_subscriber::fmt().with_env_filter(filter(wanted)).with_writer(std::io::sink).finish();
        with_default(logs, || match level {
            Level::ERROR => tracing::enabled!(target: "tower_sessions_core::session", Level::ERROR),
            _ => tracing::enabled!(target: "tower_sessions_core::session", Level::WARN),
        })
    }

    #[test]
    fn a_session_that_ended_is_no_warning_unless_someone_asks_for_it() {
        for wanted in ["info", "warn", "debug"] {
            assert!(!is_logged(wanted, Level::WARN), "{wanted}");
            assert!(is_logged(wanted, Level::ERROR), "{wanted}");
        }
        assert!(is_logged("info,tower_sessions_core=warn", Level::WARN));
    }
}
