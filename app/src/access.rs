//! Who is signed in and what they may see: the first line of every page and server function.

use domain::Personal;
use domain::role::{Right, Role};
use uuid::Uuid;

/// The person who is signed in, as read from the store for this request.
#[derive(Clone, Debug, PartialEq)]
pub struct Viewer {
    /// Row id of the account.
    pub account: Uuid,
    /// Address.
    pub email: Personal,
    /// What they may do.
    pub role: Role,
    /// Slug of their organization, for the roles of one.
    pub organization: Option<String>,
    /// Key of the session; opens nothing.
    pub session: String,
}

impl Viewer {
    /// Whether the role has one of the rights.
    pub fn may(&self, rights: &[Right]) -> bool {
        rights.iter().any(|r| self.role.may(*r))
    }

    /// Whether names of candidates are hidden from them.
    pub const fn sees_masked(&self) -> bool {
        !self.role.may(Right::SeeCandidates)
    }

    /// Whether they only see candidates of their own postings.
    pub fn is_limited(&self) -> bool {
        self.role == Role::Limited
    }
}

/// Reading pages of an organization: its people, and masked those who watch it.
pub const SEE_ORGANIZATION: &[Right] = &[Right::SeeCandidates, Right::SeeFleet];
/// Watching all organizations.
pub const SEE_FLEET: &[Right] = &[Right::SeeFleet];
/// Deciding what only a person can decide about a candidate.
pub const SETTLE: &[Right] = &[Right::WorkWithCandidates];

/// Bringing in results that Assay did not order.
pub const IMPORT: &[Right] = &[Right::ImportResults];
/// Seeing how an organization is set up.
pub const SEE_CONFIGURATION: &[Right] = &[Right::SeeConfiguration];
/// Changing how an organization is set up.
pub const CONFIGURE: &[Right] = &[Right::Configure];
/// Having a delivery or a job done again.
pub const TRY_AGAIN: &[Right] = &[Right::TryAgain];
/// Reading deliveries and jobs, which are about all candidates: those who may have them done again.
pub const SEE_TRAFFIC: &[Right] = TRY_AGAIN;
/// Running the instance: organizations, owners, account managers.
pub const RUN_INSTANCE: &[Right] = &[Right::RunInstance];
/// Bringing people into an organization.
pub const MANAGE_PEOPLE: &[Right] = &[Right::Configure, Right::RunInstance];
/// Whoever is signed in: no role is without a right.
pub const SIGNED_IN: &[Right] = &Right::ALL;

/// Every page with the rights of which one is needed. Tests walk it with every role.
pub const PAGES: &[(&str, &[Right])] = &[
    ("/", SEE_FLEET),
    ("/preferences", SIGNED_IN),
    ("/instance", RUN_INSTANCE),
    ("/people", RUN_INSTANCE),
    ("/audit", RUN_INSTANCE),
    ("/o/{slug}", SEE_ORGANIZATION),
    ("/o/{slug}/candidates", SEE_ORGANIZATION),
    ("/o/{slug}/candidates/{opportunity}", SEE_ORGANIZATION),
    ("/o/{slug}/reviews", SEE_ORGANIZATION),
    ("/o/{slug}/reviews/history", SEE_ORGANIZATION),
    ("/o/{slug}/reviews/{review}", SEE_ORGANIZATION),
    ("/o/{slug}/results", SEE_ORGANIZATION),
    ("/o/{slug}/triggers", SEE_CONFIGURATION),
    ("/o/{slug}/triggers/{row}", CONFIGURE),
    ("/o/{slug}/deliveries", SEE_TRAFFIC),
    ("/o/{slug}/deliveries/{delivery}", SEE_TRAFFIC),
    ("/o/{slug}/jobs", SEE_TRAFFIC),
    ("/o/{slug}/integrations", SEE_CONFIGURATION),
    ("/o/{slug}/connections", SEE_CONFIGURATION),
    ("/o/{slug}/history", SEE_CONFIGURATION),
    ("/o/{slug}/people", MANAGE_PEOPLE),
    ("/o/{slug}/audit", SEE_CONFIGURATION),
];

/// Every server function with the rights of which one is needed. Tests walk it with every role.
pub const PROTECTED: &[(&str, &[Right])] = &[
    ("/app/preferences-save", SIGNED_IN),
    ("/app/sessions-end", SIGNED_IN),
    ("/app/instance-address", RUN_INSTANCE),
    ("/app/instance-mail", RUN_INSTANCE),
    ("/app/organization-create", RUN_INSTANCE),
    ("/app/sample-add", RUN_INSTANCE),
    ("/app/sample-remove", RUN_INSTANCE),
    ("/app/person-invite", MANAGE_PEOPLE),
    ("/app/person-role", MANAGE_PEOPLE),
    ("/app/person-switch", MANAGE_PEOPLE),
    ("/app/person-reset", MANAGE_PEOPLE),
    ("/app/link-remove", MANAGE_PEOPLE),
    ("/app/enablement-step", CONFIGURE),
    ("/app/enablement-ask", SEE_FLEET),
    ("/app/lever-key", CONFIGURE),
    ("/app/lever-user", CONFIGURE),
    ("/app/hook-token", CONFIGURE),
    ("/app/hook-token-remove", CONFIGURE),
    ("/app/hooks-create", CONFIGURE),
    ("/app/hooks-remove", CONFIGURE),
    ("/app/lever-key-remove", CONFIGURE),
    ("/app/vendor-save", CONFIGURE),
    ("/app/vendor-remove", CONFIGURE),
    ("/app/history-restore", CONFIGURE),
    ("/app/go-live", CONFIGURE),
    ("/app/pause", CONFIGURE),
    ("/app/settle-send", SETTLE),
    ("/app/identify-order", SETTLE),
    ("/app/trigger-save", CONFIGURE),
    ("/app/trigger-remove", CONFIGURE),
    ("/app/trigger-switch", CONFIGURE),
    ("/app/trigger-undo", CONFIGURE),
    ("/app/trigger-tests", CONFIGURE),
    ("/app/trigger-invite-present", CONFIGURE),
    ("/app/trigger-mend-tag", CONFIGURE),
    ("/app/delivery-replay", TRY_AGAIN),
    ("/app/job-retry", TRY_AGAIN),
    ("/app/jobs-retry-dead", TRY_AGAIN),
    ("/app/send-anew", SETTLE),
    ("/app/apply-rules", SETTLE),
    ("/app/review-decide", SETTLE),
    ("/app/review-undo", SETTLE),
    ("/app/results-import", IMPORT),
];

/// The checks, on the server.
mod on_server {
    use std::sync::Arc;

    use domain::Clock;
    use domain::ports::desk::ReviewDesk;
    use domain::ports::store::Organization;
    use domain::ports::{Desk, Store};
    use domain::read::Shown;
    use domain::role::Right;
    use leptos::prelude::use_context;

    use super::Viewer;
    use crate::error::AppError;

    /// The organization of the page that is asked for, as it was read once for this request. It grants nothing.
    pub(crate) fn asked() -> Option<Arc<Shown>> {
        use_context::<Option<Arc<Shown>>>().flatten()
    }

    /// Results of that organization that wait for a person who says whose they are, counted to a thousand; none where it could
    /// not be read.
    pub(crate) fn reviews_waiting() -> i64 {
        asked().map_or(0, |asked| asked.reviews_waiting)
    }

    /// A viewer and the organization they may see.
    #[derive(Clone, Debug)]
    pub struct Granted {
        /// Who.
        pub viewer: Viewer,
        /// Whose page.
        pub organization: Organization,
    }

    /// The viewer, if their role has one of the rights and the organization is one they may see.
    ///
    /// # Errors
    /// `NotSignedIn`, `NotAllowed`; `NotFound` also for the organization of other people, so that its existence does not show.
    pub async fn require(rights: &[Right], slug: &str) -> Result<Granted, AppError> {
        let viewer = require_everywhere(rights)?;
        if viewer.organization.as_deref().is_some_and(|own| own != slug) {
            return Err(AppError::NotFound.answered());
        }
        let organization = match asked().filter(|asked| asked.organization.rules.slug == slug) {
            Some(asked) => asked.organization.clone(),
            None => store()?.organization(slug).await?,
        };
        Ok(Granted { viewer, organization })
    }

    /// The viewer, if their role has one of the rights; for what belongs to no organization.
    ///
    /// # Errors
    /// `NotSignedIn`, `NotAllowed`.
    pub fn require_everywhere(rights: &[Right]) -> Result<Viewer, AppError> {
        let viewer = use_context::<Option<Viewer>>().flatten().ok_or_else(|| AppError::NotSignedIn.answered())?;
        if viewer.may(rights) {
            return Ok(viewer);
        }
        Err(AppError::NotAllowed { needs: needs(rights, &viewer) }.answered())
    }

    /// Who has one of the rights, and who can give it to this person.
    fn needs(rights: &[Right], viewer: &Viewer) -> String {
        let who: Vec<&str> = rights.iter().map(|r| r.words()).collect();
        let of_instance = rights.iter().all(|r| r.is_of_instance());
        let next = match (of_instance, viewer.role.is_of_organization()) {
            (true, _) => "an owner of this instance can give that role",
            (false, true) => "a super admin of your organization can give that role",
            (false, false) => "ask one of them",
        };
        format!("{}; {next}", who.join(", or "))
    }

    fn provided<T: Clone + 'static>(what: &'static str) -> Result<T, AppError> {
        use_context::<T>().ok_or_else(|| {
            tracing::error!(what, "not provided to a page");
            AppError::Unavailable { request: None }.answered()
        })
    }

    /// The store.
    ///
    /// # Errors
    /// `Unavailable`, when it was not provided to this page.
    pub fn store() -> Result<Arc<dyn Store>, AppError> {
        provided("store")
    }

    /// The desk.
    ///
    /// # Errors
    /// `Unavailable`, when it was not provided to this page.
    pub fn desk() -> Result<Arc<dyn Desk>, AppError> {
        provided("desk")
    }

    /// The desk for results whose owner is looked for.
    ///
    /// # Errors
    /// `Unavailable`, when it was not provided to this page.
    pub fn review_desk() -> Result<Arc<dyn ReviewDesk>, AppError> {
        provided("review desk")
    }

    /// The clock.
    ///
    /// # Errors
    /// `Unavailable`, when it was not provided to this page.
    pub fn clock() -> Result<Arc<dyn Clock>, AppError> {
        provided("clock")
    }
}

pub use on_server::{Granted, clock, desk, require, require_everywhere, review_desk, store};
pub(crate) use on_server::{asked, reviews_waiting};

#[cfg(test)]
mod tests {
    use super::*;

    fn viewer(role: Role) -> Viewer {
        Viewer { account: Uuid::nil(), email: Personal::default(), role, organization: None, session: String::new() }
    }

    #[test]
    fn those_who_watch_see_masked_names_and_never_settle_a_send() {
        for role in [Role::Owner, Role::AccountManager] {
            assert!(viewer(role).may(TRY_AGAIN), "they have work done again, and see no names");
            assert!(viewer(role).sees_masked() && viewer(role).may(SEE_ORGANIZATION) && !viewer(role).may(SETTLE));
        }
    }

    #[test]
    fn whoever_is_signed_in_has_a_right() {
        assert!(Role::ALL.into_iter().all(|role| viewer(role).may(SIGNED_IN)));
    }

    #[test]
    fn a_limited_person_reads_and_does_not_settle() {
        let limited = viewer(Role::Limited);
        assert!(limited.may(SEE_ORGANIZATION) && !limited.may(SETTLE) && !limited.may(SEE_FLEET));
        assert!(!limited.sees_masked() && limited.is_limited() && !limited.may(TRY_AGAIN));
    }
}
