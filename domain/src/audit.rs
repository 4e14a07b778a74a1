//! The record of who changed what, from where, before and after. Only added to, and chained, so that an edit shows.

use serde::{Deserialize, Serialize};

use crate::Timestamp;

/// Where a change was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Source {
    /// A page.
    Page,
    /// The command line.
    Command,
    /// Assay itself.
    System,
}

impl Source {
    /// All.
    pub const ALL: [Self; 3] = [Self::Page, Self::Command, Self::System];

    /// The name in the database and in files.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Page => "page",
            Self::Command => "command",
            Self::System => "system",
        }
    }

    /// The source of that name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|s| s.as_str() == name)
    }

    /// For people.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Page => "on a page",
            Self::Command => "on the command line",
            Self::System => "by Assay itself",
        }
    }
}

/// Who makes a change, where and when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Author {
    /// A person's address, or what acted: `command line`.
    pub who: String,
    /// Where.
    pub source: Source,
    /// When.
    pub at: Timestamp,
}

impl Author {
    /// Someone on a page.
    pub fn on_page(who: impl Into<String>, at: Timestamp) -> Self {
        Self { who: who.into(), source: Source::Page, at }
    }

    /// Whoever may use the command line.
    pub fn on_command_line(at: Timestamp) -> Self {
        Self { who: "command line".to_owned(), source: Source::Command, at }
    }

    /// Assay itself.
    pub fn system(who: impl Into<String>, at: Timestamp) -> Self {
        Self { who: who.into(), source: Source::System, at }
    }
}

macro_rules! acts {
    ($($act:ident $name:literal $words:literal)*) => {
        /// What was done.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(rename_all = "kebab-case")]
        pub enum Act {
            $(#[doc = $words] $act,)*
        }

        impl Act {
            /// All.
            pub const ALL: &[Self] = &[$(Self::$act),*];

            /// The name in the database, in addresses and in files.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$act => $name,)* }
            }

            /// For people; the target follows.
            pub const fn words(self) -> &'static str {
                match self { $(Self::$act => $words,)* }
            }
        }
    };
}

acts! {
    InstanceSetUp "instance-set-up" "Set up this instance"
    OrganizationCreated "organization-created" "Created the organization"
    OrganizationRemoved "organization-removed" "Removed the organization"
    ConfigurationChanged "configuration-changed" "Changed the configuration"
    EnablementMoved "enablement-moved" "Moved the enablement of"
    Paused "paused" "Paused the organization"
    Resumed "resumed" "Resumed the organization"
    PersonInvited "person-invited" "Invited a person"
    InvitationRemoved "invitation-removed" "Took an invitation back"
    InvitationAccepted "invitation-accepted" "Accepted the invitation"
    AccountCreated "account-created" "Created an account"
    RoleChanged "role-changed" "Changed the role of"
    AccountDisabled "account-disabled" "Disabled the account of"
    AccountEnabled "account-enabled" "Enabled the account of"
    ResetAsked "reset-asked" "Made a link for a new password of"
    PasswordSet "password-set" "Set a new password for"
    SessionsEnded "sessions-ended" "Ended sessions of"
    KeyRotated "key-rotated" "Encrypted anew under another key:"
    ResultsImported "results-imported" "Imported results of"
    MatchDecided "match-decided" "Decided whose is the result"
    MatchTakenBack "match-taken-back" "Took back the decision about the result"
}

impl Act {
    /// The act of that name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|act| act.as_str() == name)
    }
}

/// One entry of a chain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its place in the chain, from 1.
    pub number: i64,
    /// When.
    pub at: Timestamp,
    /// Who.
    pub who: String,
    /// Where.
    pub source: Source,
    /// What.
    pub act: Act,
    /// To what: a person's address, `version 4`.
    pub target: String,
    /// What was so before, where something was.
    pub before: Option<String>,
    /// What is so now, where something is.
    pub after: Option<String>,
}

/// Which entries are listed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AuditFilter {
    /// Only this act.
    pub act: Option<Act>,
    /// Only by this person, by the whole address.
    pub who: Option<String>,
    /// Only entries before this number.
    pub before: Option<i64>,
}

/// What walking through a chain found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChainState {
    /// The organization's slug; `None` for the instance's own chain.
    pub organization: Option<String>,
    /// Entries that are there.
    pub entries: i64,
    /// The first entry that is not what was written, or is missing.
    pub broken_at: Option<i64>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_read_back_and_are_unique() {
        for act in Act::ALL {
            assert_eq!(Act::parse(act.as_str()), Some(*act));
        }
        let names: std::collections::BTreeSet<_> = Act::ALL.iter().map(|a| a.as_str()).collect();
        assert_eq!(names.len(), Act::ALL.len());
        assert!(Source::ALL.iter().all(|s| Source::parse(s.as_str()) == Some(*s)));
    }
}
