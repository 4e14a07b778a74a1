//! `assay config`: look at the settings.

use clap::{Args, Subcommand};
use serde_json::json;

use super::out;
use super::settings::Settings;
use crate::config::{Config, SETTINGS};
use crate::failure::Failure;

#[derive(Debug, Subcommand)]
pub(super) enum ConfigCommand {
    /// Read all settings and say what is wrong
    Check(Check),
    /// The settings in force; secrets only as set or not set
    Print(Print),
    /// All settings with their defaults, as a file of variables
    Template,
}

#[derive(Debug, Args)]
pub(super) struct Check {
    #[command(flatten)]
    settings: Settings,
}

#[derive(Debug, Args)]
pub(super) struct Print {
    /// One JSON object
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    settings: Settings,
}

impl ConfigCommand {
    pub(super) fn run(self) -> Result<(), Failure> {
        match self {
            Self::Check(command) => {
                let config = command.settings.config()?;
                out::errors(config.warnings.iter().map(|w| format!("warning: {w}")));
                out::line("the settings are right")
            }
            Self::Print(command) => print(&command.settings.config()?, command.json),
            Self::Template => out::line(template().trim_end()),
        }
    }
}

fn print(config: &Config, json: bool) -> Result<(), Failure> {
    let values = values(config);
    if json {
        let object: serde_json::Map<String, serde_json::Value> =
            values.into_iter().map(|(name, value)| (name.to_owned(), json!(value))).collect();
        return out::json([object]);
    }
    out::lines(values.into_iter().map(|(name, value)| format!("{name}={value}")))
}

/// Every setting as it is in force; no secret among them.
fn values(config: &Config) -> Vec<(&'static str, String)> {
    let span = domain::rules::format_duration;
    let set = |is_set: bool, otherwise: &str| if is_set { "set".to_owned() } else { otherwise.to_owned() };
    let or_default = |name: &str, value: Option<String>| {
        let default = || SETTINGS.iter().find(|s| s.name == name).map_or("", |s| s.default).to_owned();
        value.unwrap_or_else(default)
    };
    let value = |name: &str| match name {
        "ASSAY_LISTEN" => config.listen.to_string(),
        "ASSAY_METRICS_LISTEN" => or_default(name, config.metrics_listen.map(|a| a.to_string())),
        "ASSAY_PUBLIC_URL" => config.public_url.clone(),
        "ASSAY_DATABASE_URL" => config.database.to_string(),
        "ASSAY_SECRET_KEY" => set(config.secret_keys.is_some(), "beside the SQLite file"),
        "ASSAY_ALLOW_PRIVATE_REMOTES" => config.allow_private_remotes.to_string(),
        "ASSAY_SYNC_EVERY" => span(config.sync_every),
        "ASSAY_RESULT_POLL_EVERY" => or_default(name, config.result_poll_every.map(span)),
        "ASSAY_LEVER_RATE" => config.lever_rate.into(),
        "ASSAY_SMTP_URL" => set(config.smtp_url.is_some(), "off"),
        "ASSAY_MAIL_FROM" => or_default(name, config.mail_from.clone()),
        "ASSAY_LOG" => config.log.clone(),
        "ASSAY_ROLE" => config.role.as_str().to_owned(),
        other => unreachable!("{other} is not in the list of settings"),
    };
    SETTINGS.iter().map(|s| (s.name, value(s.name))).collect()
}

fn template() -> String {
    let entry = |s: &crate::config::Setting| {
        let file = s.file_variable().map_or_else(String::new, |f| format!("\n# or {f}, a file with it"));
        // A default in words would be refused as a value.
        let value = match s.default {
            words if words.contains(' ') || words.contains('<') || words == "off" => String::new(),
            value => value.to_owned(),
        };
        format!("# {}; default: {}; flag: {}{file}\n#{}={value}\n", s.meaning, s.default, s.flag(), s.name)
    };
    SETTINGS.iter().map(entry).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_printed_holds_no_secret() {
        let key = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
        let config = Config::from_vars(|name| {
            let value = match name {
                "ASSAY_SECRET_KEY" => key,
                "ASSAY_DATABASE_URL" => "postgres://assay:hunter2@db/assay",
                "ASSAY_SMTP_URL" => "smtps://u:hunter2@mail",
                "ASSAY_MAIL_FROM" => "a@b.example",
                _ => return None,
            };
            Some(value.to_owned())
        });
        let shown = format!("{:?}", values(&config.unwrap()));
        assert!(!shown.contains("hunter2") && !shown.contains(key), "{shown}");
        assert!(shown.contains("postgres://assay:hidden@db/assay"));
    }

    #[test]
    fn the_template_s_values_are_the_defaults() {
        let text = template();
        let set: Vec<(&str, &str)> =
            text.lines().filter_map(|l| l.strip_prefix("#ASSAY_")).filter_map(|l| l.split_once('=')).collect();
        assert_eq!(set.len(), SETTINGS.len());
        let lookup = |name: &str| {
            set.iter().find(|(n, _)| name.strip_prefix("ASSAY_") == Some(n)).map(|(_, value)| (*value).to_owned())
        };
        assert_eq!(values(&Config::from_vars(lookup).unwrap()), values(&Config::from_vars(|_| None).unwrap()));
    }
}
