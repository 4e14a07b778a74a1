//! Assessment vendors.

use std::fmt::Debug;

use async_trait::async_trait;

use crate::Personal;
use crate::invitation::Test;
use crate::order::OrderState;
use crate::outcome::Measured;
use crate::remote::RemoteError;

/// What a vendor's contract can do; what it cannot is said on the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Capabilities {
    /// The same send twice is one invitation, so that an unknown send may be repeated.
    pub idempotent_send: bool,
    /// It calls back when something changed.
    pub calls_back: bool,
    /// Its report may be opened by anyone who has the address, and the address does not expire.
    pub public_report: bool,
}

/// What a vendor needs to invite someone.
#[derive(Clone, Debug, PartialEq)]
pub struct Invitation {
    /// The vendor's test id.
    pub test: String,
    /// Lever's opportunity.
    pub opportunity: String,
    /// Lever's contact.
    pub contact: String,
    /// Full name as Lever has it; may be blank.
    pub name: Personal,
    /// Where the vendor writes to.
    pub email: Personal,
    /// As typed.
    pub phone: Option<Personal>,
    /// The candidate's page in Lever.
    pub profile_url: String,
    /// Where the vendor tells that something changed: unique per order.
    pub callback_url: String,
}

/// How an order stands at the vendor.
#[derive(Clone, Debug, PartialEq)]
pub struct Status {
    /// As an order state: `Invited` or later.
    pub state: OrderState,
    /// The vendor's word.
    pub word: String,
    /// The result, with `Completed` only.
    pub result: Option<Measured>,
    /// The vendor's report, with `Completed` only.
    pub report_url: Option<String>,
    /// What was wrong with an answer that could still be read; reported to the vendor.
    pub complaints: Vec<String>,
}

/// One vendor account.
#[async_trait]
pub trait AssessmentClient: Send + Sync + Debug {
    /// What the contract can do.
    fn capabilities(&self) -> Capabilities;

    /// The catalogue.
    async fn tests(&self) -> Result<Vec<Test>, RemoteError>;

    /// Waits for a place in the rate of invitations. Before [`AssessmentClient::invite`], and before the intent to send is
    /// written down: a wait that breaks off must not look like a send.
    async fn take_turn(&self) -> Result<(), RemoteError>;

    /// Invites; returns the vendor's id of the instance. `Unknown` if it may have happened: never repeated by itself unless
    /// [`Capabilities::idempotent_send`].
    async fn invite(&self, invitation: &Invitation) -> Result<String, RemoteError>;

    /// How the instance stands.
    async fn status(&self, vendor_ref: &str) -> Result<Status, RemoteError>;
}
