//! What Lever sends: checked, stored, and only then answered. Handling happens in jobs, which read Lever again.

mod inbox;
mod judge;

pub use inbox::{Inbox, Unavailable};
pub use judge::{MAX_BODY, Verdict, judge};
