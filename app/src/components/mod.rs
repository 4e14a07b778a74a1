//! The design system: components that more than one page uses, a file per family.
//!
//! All of them are complete as the server sends them. What a browser can add (a list that is searched, the clipboard, keys)
//! is added by `browser::behaviour`, which finds the places by their data attributes. Only what an island consists of is in the
//! client bundle, too.

#![expect(clippy::needless_pass_by_value, reason = "a component owns its props")]

#[cfg(feature = "ssr")]
pub mod button;
pub mod charts;
#[cfg(feature = "ssr")]
pub mod choices;
#[cfg(feature = "ssr")]
pub mod code;
#[cfg(feature = "ssr")]
pub mod combobox;
#[cfg(feature = "ssr")]
pub mod command;
#[cfg(feature = "ssr")]
pub mod compare;
pub mod fields;
#[cfg(feature = "ssr")]
pub mod filters;
#[cfg(feature = "ssr")]
pub mod funnel;
pub mod histogram;
pub mod icons;
#[cfg(feature = "ssr")]
pub mod json;
pub mod live_state;
#[cfg(feature = "ssr")]
pub mod nav;
#[cfg(feature = "ssr")]
pub mod overlay;
#[cfg(feature = "ssr")]
pub mod page;
#[cfg(feature = "ssr")]
pub mod pill;
#[cfg(feature = "ssr")]
pub mod progress;
#[cfg(feature = "ssr")]
pub mod score;
#[cfg(feature = "ssr")]
pub mod strips;
#[cfg(feature = "ssr")]
pub mod surface;
#[cfg(feature = "ssr")]
pub mod table;
pub mod thresholds;
pub mod toast;
pub mod tone;

#[cfg(feature = "ssr")]
pub use button::*;
pub use charts::*;
#[cfg(feature = "ssr")]
pub use choices::*;
#[cfg(feature = "ssr")]
pub use code::*;
#[cfg(feature = "ssr")]
pub use combobox::*;
#[cfg(feature = "ssr")]
pub use command::*;
#[cfg(feature = "ssr")]
pub use compare::*;
pub use fields::*;
#[cfg(feature = "ssr")]
pub use filters::*;
#[cfg(feature = "ssr")]
pub use funnel::*;
pub use histogram::*;
#[cfg(feature = "ssr")]
pub use json::JsonView;
pub use live_state::*;
#[cfg(feature = "ssr")]
pub use nav::*;
#[cfg(feature = "ssr")]
pub use overlay::*;
#[cfg(feature = "ssr")]
pub use page::*;
#[cfg(feature = "ssr")]
pub use pill::*;
#[cfg(feature = "ssr")]
pub use progress::*;
#[cfg(feature = "ssr")]
pub use score::*;
#[cfg(feature = "ssr")]
pub use strips::*;
#[cfg(feature = "ssr")]
pub use surface::*;
#[cfg(feature = "ssr")]
pub use table::*;
pub use thresholds::*;
pub use toast::*;
pub use tone::*;
