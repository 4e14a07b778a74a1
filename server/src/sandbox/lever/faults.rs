//! What can be made to go wrong, and the quirks that can be switched off.

use serde::{Deserialize, Serialize};

/// Whether writes need a `perform_as` user.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum PerformAs {
    /// Only where Lever's documentation says so: creating an opportunity and changing a posting.
    #[default]
    Docs,
    /// On every write below an opportunity, as one live account was seen to do.
    Strict,
}

/// The switches. Counters (`…_next`) count down with every call they hit.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Faults {
    /// After this many more calls every call is answered 429, until the switch is cleared.
    pub limit_after: Option<u32>,
    /// 429 for the next calls.
    pub limit_next: u32,
    /// Seconds named in `Retry-After` with every 429. Lever sends none.
    pub retry_after: Option<u32>,
    /// `error_status` for the next calls, nothing applied.
    pub error_next: u32,
    /// 500 or 503.
    pub error_status: u16,
    /// Every answer waits this long, in milliseconds.
    pub slow_ms: u64,
    /// The next writes are applied, then the connection is cut without an answer.
    pub drop_after_next: u32,
    /// The next calls are cut off before anything is applied.
    pub drop_before_next: u32,
    /// An HTML page instead of JSON for the next calls, nothing applied.
    pub html_next: u32,
    /// The next lists asked for with an `offset` refuse it.
    pub stale_cursor_next: u32,
    /// Every webhook is queued twice.
    pub duplicate_hooks: bool,
    /// Waiting webhooks go out newest first.
    pub reorder_hooks: bool,
    /// Webhooks are signed with a wrong key.
    pub bad_signature: bool,
    /// Webhooks are never sent.
    pub lose_hooks: bool,
    /// A retry gets a fresh token, time and signature; Lever's way is unknown, the default keeps them.
    pub renew_on_retry: bool,
    /// Events whose group an administrator has switched off in the account's settings.
    pub silent_events: Vec<String>,
    /// Permissions the key lacks, as `notes:write`.
    pub missing_permissions: Vec<String>,
    /// Whether the key may see confidential records.
    pub confidential_access: bool,
    /// Replies to stage, archive, tag and source writes carry empty contact fields, as Lever's do.
    pub blank_contact_on_write: bool,
    /// Where `perform_as` is demanded.
    pub perform_as: PerformAs,
    /// The n-th webhook that is to be created from now on is answered 500, nothing applied.
    pub refuse_webhook: Option<u32>,
    /// A failed `verifyConnection` ping refuses the webhook.
    pub verify_blocks: bool,
    /// Accept the key as a bearer token too.
    pub bearer_key: bool,
}

impl Default for Faults {
    fn default() -> Self {
        Self {
            limit_after: None,
            limit_next: 0,
            retry_after: None,
            error_next: 0,
            error_status: 500,
            slow_ms: 0,
            drop_after_next: 0,
            drop_before_next: 0,
            html_next: 0,
            stale_cursor_next: 0,
            duplicate_hooks: false,
            reorder_hooks: false,
            bad_signature: false,
            lose_hooks: false,
            renew_on_retry: false,
            silent_events: Vec::new(),
            missing_permissions: Vec::new(),
            confidential_access: false,
            blank_contact_on_write: true,
            perform_as: PerformAs::Docs,
            refuse_webhook: None,
            verify_blocks: false,
            bearer_key: false,
        }
    }
}

/// Takes one from a counter; whether there was one.
pub(super) fn take(counter: &mut u32) -> bool {
    let hit = *counter > 0;
    *counter = counter.saturating_sub(1);
    hit
}
