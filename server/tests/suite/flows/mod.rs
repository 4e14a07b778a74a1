//! Stories: someone moves a candidate, and in the end Lever, the inbox and the records show the right thing.

mod again;
mod anew;
mod connect;
mod faults;
mod handover;
mod hooks;
mod main_job;
mod nodes;
mod reviews;
mod settled;
mod story;
mod triggers;
mod webhooks;

/// Runs a story on both engines. Without PostgreSQL it says loudly that it was skipped.
macro_rules! on_both_engines {
    ($($(#[$meta:meta])* async fn $name:ident($engine:ident: Engine) $body:block)*) => {
        $(mod $name {
            use super::*;
            $(#[$meta])*
            async fn story($engine: Engine) $body
            #[tokio::test]
            async fn sqlite() { story(Engine::Sqlite).await; }
            #[tokio::test]
            async fn postgres() {
                if Engine::Postgres.is_there(concat!(module_path!(), "::", stringify!($name))) { story(Engine::Postgres).await; }
            }
        })*
    };
}
pub(crate) use on_both_engines;
