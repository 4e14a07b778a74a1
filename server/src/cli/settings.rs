//! Settings as flags: each beats its variable.

use clap::Args;

use crate::config::{Config, Problem, unknown_variables};
use crate::failure::{Exit, Failure};

/// One flag per setting; `assay config template` explains them.
#[derive(Clone, Debug, Default, Args)]
#[command(next_help_heading = "Settings (each also as a variable, see `assay config template`)")]
pub struct Settings {
    /// Web address [ASSAY_LISTEN]
    #[arg(long, value_name = "ADDR")]
    listen: Option<String>,
    /// Address of /metrics [ASSAY_METRICS_LISTEN]
    #[arg(long, value_name = "ADDR")]
    metrics_listen: Option<String>,
    /// What people, Lever and vendors use to reach us [ASSAY_PUBLIC_URL]
    #[arg(long, value_name = "URL")]
    public_url: Option<String>,
    /// sqlite://FILE or postgres://… [ASSAY_DATABASE_URL]
    #[arg(long, value_name = "URL")]
    database_url: Option<String>,
    /// A file with the database address [ASSAY_DATABASE_URL_FILE]
    #[arg(long, value_name = "FILE", conflicts_with = "database_url")]
    database_url_file: Option<String>,
    /// 32 bytes in base64; better a file [ASSAY_SECRET_KEY]
    #[arg(long, value_name = "KEY")]
    secret_key: Option<String>,
    /// A file with the key [ASSAY_SECRET_KEY_FILE]
    #[arg(long, value_name = "FILE", conflicts_with = "secret_key")]
    secret_key_file: Option<String>,
    /// Remotes may be http or private [ASSAY_ALLOW_PRIVATE_REMOTES]
    #[arg(long, value_name = "BOOL", num_args = 0..=1, default_missing_value = "true", require_equals = true)]
    allow_private_remotes: Option<String>,
    /// How often trigger stages are reconciled [ASSAY_SYNC_EVERY]
    #[arg(long, value_name = "SPAN")]
    sync_every: Option<String>,
    /// How often open orders are asked for [ASSAY_RESULT_POLL_EVERY]
    #[arg(long, value_name = "SPAN")]
    result_poll_every: Option<String>,
    /// Calls a second per Lever key [ASSAY_LEVER_RATE]
    #[arg(long, value_name = "RATE")]
    lever_rate: Option<String>,
    /// Where e-mail goes out [ASSAY_SMTP_URL]
    #[arg(long, value_name = "URL")]
    smtp_url: Option<String>,
    /// A file with the address of the mail server [ASSAY_SMTP_URL_FILE]
    #[arg(long, value_name = "FILE", conflicts_with = "smtp_url")]
    smtp_url_file: Option<String>,
    /// Sender of e-mail [ASSAY_MAIL_FROM]
    #[arg(long, value_name = "SENDER")]
    mail_from: Option<String>,
    /// Log filter [ASSAY_LOG]
    #[arg(long, value_name = "FILTER")]
    log: Option<String>,
    /// `--role` of `assay serve`; elsewhere that flag is the role of a person.
    #[arg(skip)]
    pub(super) role: Option<String>,
}

impl Settings {
    /// Flags by the variable they stand for.
    fn flags(&self) -> [(&'static str, &Option<String>); 16] {
        [
            ("ASSAY_LISTEN", &self.listen),
            ("ASSAY_METRICS_LISTEN", &self.metrics_listen),
            ("ASSAY_PUBLIC_URL", &self.public_url),
            ("ASSAY_DATABASE_URL", &self.database_url),
            ("ASSAY_DATABASE_URL_FILE", &self.database_url_file),
            ("ASSAY_SECRET_KEY", &self.secret_key),
            ("ASSAY_SECRET_KEY_FILE", &self.secret_key_file),
            ("ASSAY_ALLOW_PRIVATE_REMOTES", &self.allow_private_remotes),
            ("ASSAY_SYNC_EVERY", &self.sync_every),
            ("ASSAY_RESULT_POLL_EVERY", &self.result_poll_every),
            ("ASSAY_LEVER_RATE", &self.lever_rate),
            ("ASSAY_SMTP_URL", &self.smtp_url),
            ("ASSAY_SMTP_URL_FILE", &self.smtp_url_file),
            ("ASSAY_MAIL_FROM", &self.mail_from),
            ("ASSAY_LOG", &self.log),
            ("ASSAY_ROLE", &self.role),
        ]
    }

    /// The value of a variable, its flag first. A flag hides both forms of its setting, `X` and `X_FILE`.
    fn lookup(&self, name: &str, variables: &dyn Fn(&str) -> Option<String>) -> Option<String> {
        let setting = name.trim_end_matches("_FILE");
        let flags = self.flags();
        let of_setting =
            || flags.iter().filter(|(flag, value)| flag.trim_end_matches("_FILE") == setting && value.is_some());
        match of_setting().find(|(flag, _)| *flag == name) {
            Some((_, value)) => (*value).clone(),
            None if of_setting().next().is_some() => None,
            None => variables(name),
        }
    }

    /// The configuration from flags and `variables`.
    ///
    /// # Errors
    /// Every problem there is.
    pub fn config_from(&self, variables: &dyn Fn(&str) -> Option<String>) -> Result<Config, Vec<Problem>> {
        Config::from_vars(|name| self.lookup(name, variables))
    }

    /// The configuration from flags and the environment.
    ///
    /// # Errors
    /// Every problem there is.
    pub fn config(&self) -> Result<Config, Failure> {
        let names = std::env::vars_os().filter_map(|(name, _)| name.into_string().ok());
        let unknown = unknown_variables(names);
        match self.config_from(&|name| std::env::var(name).ok()) {
            Ok(mut config) => {
                config.warnings.extend(unknown);
                Ok(config)
            }
            // A misspelt variable may be the cause of the others.
            Err(problems) => Err(Failure::all(Exit::Configuration, problems.into_iter().chain(unknown))),
        }
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;
    use crate::config::SETTINGS;

    #[derive(Parser)]
    struct Only {
        #[command(flatten)]
        settings: Settings,
    }

    fn settings(arguments: &[&str]) -> Settings {
        Only::try_parse_from([&["assay"], arguments].concat()).unwrap().settings
    }

    #[test]
    fn every_setting_has_a_flag_and_every_flag_a_setting() {
        let settings = Settings::default();
        let flags = settings.flags().map(|(name, _)| name);
        let wanted: Vec<String> =
            SETTINGS.iter().flat_map(|s| [Some(s.name.to_owned()), s.file_variable()]).flatten().collect();
        assert_eq!(flags.to_vec(), wanted);
        let help = <Only as clap::CommandFactory>::command().render_long_help().to_string();
        for setting in SETTINGS.iter().filter(|s| s.name != "ASSAY_ROLE") {
            assert!(help.contains(&setting.flag()), "{}", setting.flag());
        }
    }

    #[test]
    fn a_flag_beats_both_forms_of_its_variable() {
        let variables = |name: &str| match name {
            "ASSAY_LISTEN" => Some("127.0.0.1:1".to_owned()),
            "ASSAY_DATABASE_URL_FILE" => Some("/nowhere".to_owned()),
            "ASSAY_LOG" => Some("debug".to_owned()),
            _ => None,
        };
        let given =
            settings(&["--listen", "127.0.0.1:2", "--database-url", "sqlite://x.db", "--allow-private-remotes"]);
        let config = given.config_from(&variables).unwrap();
        assert_eq!((config.listen.port(), config.log.as_str()), (2, "debug"));
        assert_eq!(config.database.to_string(), "sqlite://x.db");
        assert!(config.allow_private_remotes);
    }
}
