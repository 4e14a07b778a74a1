//! Who may do what.

use serde::{Deserialize, Serialize};

/// The roles of people.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// Runs the instance.
    Owner,
    /// Watches assigned organizations; sees people masked.
    AccountManager,
    /// Sets one organization up.
    SuperAdmin,
    /// Sees configuration, works with candidates.
    Admin,
    /// Works with candidates.
    Recruiter,
    /// Reads the candidates of their own postings.
    Limited,
}

/// A right that a page, server function or address needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Right {
    /// Create organizations and accounts.
    RunInstance,
    /// Health of organizations; people masked.
    SeeFleet,
    /// Change connections, rules and users.
    Configure,
    /// See configuration and audit.
    SeeConfiguration,
    /// Candidates with names, resend, settle unknown sends.
    WorkWithCandidates,
    /// Candidates with names, reading only.
    SeeCandidates,
    /// Bring in results that Assay did not order.
    ImportResults,
    /// Have a delivery processed or a job run once more.
    TryAgain,
}

impl Right {
    /// All rights.
    pub const ALL: [Self; 8] = [
        Self::RunInstance,
        Self::SeeFleet,
        Self::Configure,
        Self::SeeConfiguration,
        Self::WorkWithCandidates,
        Self::SeeCandidates,
        Self::ImportResults,
        Self::TryAgain,
    ];

    /// In words, for "this needs …".
    pub const fn words(self) -> &'static str {
        match self {
            Self::RunInstance => "the owner of this instance",
            Self::SeeFleet => "an account manager or the owner",
            Self::Configure => "a super admin",
            Self::SeeConfiguration => "an admin, a super admin, an account manager or the owner",
            Self::WorkWithCandidates => "a recruiter, an admin or a super admin",
            Self::SeeCandidates => "someone who works with candidates",
            Self::ImportResults => "an admin or a super admin",
            Self::TryAgain => "a recruiter, an admin, a super admin, an account manager or the owner",
        }
    }

    /// Whether people of the instance have it and nobody of an organization.
    pub const fn is_of_instance(self) -> bool {
        matches!(self, Self::RunInstance | Self::SeeFleet)
    }
}

impl Role {
    /// All roles.
    pub const ALL: [Self; 6] =
        [Self::Owner, Self::AccountManager, Self::SuperAdmin, Self::Admin, Self::Recruiter, Self::Limited];

    /// The name in the database and on the command line.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Owner => "owner",
            Self::AccountManager => "account-manager",
            Self::SuperAdmin => "super-admin",
            Self::Admin => "admin",
            Self::Recruiter => "recruiter",
            Self::Limited => "limited",
        }
    }

    /// The role of that name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|r| r.as_str() == name)
    }

    /// Belongs to exactly one organization.
    pub const fn is_of_organization(self) -> bool {
        matches!(self, Self::SuperAdmin | Self::Admin | Self::Recruiter | Self::Limited)
    }

    /// Whether the role has the right.
    pub const fn may(self, right: Right) -> bool {
        match right {
            Right::RunInstance => matches!(self, Self::Owner),
            Right::SeeFleet => matches!(self, Self::Owner | Self::AccountManager),
            Right::Configure => matches!(self, Self::SuperAdmin),
            Right::SeeConfiguration => {
                matches!(self, Self::Owner | Self::AccountManager | Self::SuperAdmin | Self::Admin)
            }
            Right::WorkWithCandidates => matches!(self, Self::SuperAdmin | Self::Admin | Self::Recruiter),
            Right::ImportResults => matches!(self, Self::SuperAdmin | Self::Admin),
            Right::SeeCandidates => {
                matches!(self, Self::SuperAdmin | Self::Admin | Self::Recruiter | Self::Limited)
            }
            Right::TryAgain => !matches!(self, Self::Limited),
        }
    }
}
