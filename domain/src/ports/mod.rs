//! What the rules need from outside. The implementations are in the crate `server`.

mod accounts;
pub mod ats;
pub mod desk;
mod enablement;
mod matching;
mod reads;
pub mod store;
pub mod vendor;

pub use ats::AtsClient;
pub use desk::Desk;
pub use store::{Store, StoreError};
pub use vendor::AssessmentClient;
