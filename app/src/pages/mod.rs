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

/// A candidate as a page may show it.
#[cfg(feature = "ssr")]
pub(crate) mod on_server {
    use domain::Personal;
    use domain::rules::Rules;

    use crate::access::Viewer;
    use crate::{mask, text};

    /// The name, masked for those who may not see it.
    pub fn shown_name(viewer: &Viewer, name: &Personal, opportunity: &str) -> Personal {
        if viewer.sees_masked() {
            Personal::new(mask::mask(name.reveal(), opportunity))
        } else if name.is_blank() {
            Personal::new(text::NO_NAME)
        } else {
            name.clone()
        }
    }

    /// A trigger stage's name when the rules were applied; none for other stages.
    pub fn stage_name(rules: &Rules, id: &str) -> Option<String> {
        rules.triggers.iter().find(|t| t.stage.id == id).map(|t| t.stage.name.clone())
    }

    /// A vendor's name; its id when the rules no longer have it.
    pub fn vendor_name(rules: &Rules, id: &str) -> String {
        rules.vendor(id).map_or_else(|| id.to_owned(), |v| v.name.clone())
    }
}
