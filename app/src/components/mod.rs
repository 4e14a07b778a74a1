//! The design system: components that more than one page uses, a file per family.
//!
//! All of them are complete as the server sends them. What a browser can add (a list that is searched, the clipboard, keys)
//! is added by [`behaviour`], which finds the places by their data attributes, so the components themselves carry no code
//! into the client bundle but their markup. Ids come from the props, so both sides render the same.

#![expect(clippy::needless_pass_by_value, reason = "a component owns its props")]

#[cfg(feature = "hydrate")]
pub mod behaviour;
pub mod button;
pub mod charts;
pub mod choices;
pub mod code;
pub mod combobox;
pub mod command;
pub mod fields;
pub mod filters;
pub mod find;
pub mod histogram;
pub mod icons;
pub mod json;
pub mod nav;
pub mod overlay;
pub mod page;
pub mod progress;
pub mod score;
#[cfg(feature = "hydrate")]
pub mod search;
pub mod strips;
pub mod surface;
pub mod table;
pub mod toast;
pub mod tone;

pub use button::*;
pub use charts::*;
pub use choices::*;
pub use code::*;
pub use combobox::*;
pub use command::*;
pub use fields::*;
pub use filters::*;
pub use histogram::*;
pub use json::JsonView;
pub use nav::*;
pub use overlay::*;
pub use page::*;
pub use progress::*;
pub use score::*;
pub use strips::*;
pub use surface::*;
pub use table::*;
pub use toast::*;
pub use tone::*;
