//! One file per page: its server function, its component and the component's pieces.

pub mod candidate;
pub mod candidates;
pub mod fleet;
#[cfg(feature = "ssr")]
pub mod gallery;
#[cfg(feature = "ssr")]
pub mod health;
pub mod home;
pub mod preferences;
pub mod traffic;
pub mod triggers;

use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

/// A parameter of the path; empty where the route has none of that name.
pub(crate) fn path_param(name: &'static str) -> Memo<String> {
    let params = use_params_map();
    Memo::new(move |_| params.with(|p| p.get(name)).unwrap_or_default())
}

#[cfg(feature = "ssr")]
pub(crate) mod on_server;
