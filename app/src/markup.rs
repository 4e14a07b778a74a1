//! Finished HTML. What a page has dozens of (rows of long lists, entries of the navigation, pills, keys) is written as text at
//! once: a tree of views of it, which nobody would ever hold or change, costs several times as much as the text.
//!
//! Whatever is spliced in is escaped, as in views.

use leptos::prelude::*;
use leptos::tachys::html::InertElement;
pub(crate) use maud::{Markup, PreEscaped, Render, html};

/// Finished HTML in a view. It may be several elements beside each other.
pub(crate) fn finished(markup: Markup) -> AnyView {
    InertElement::new(markup.into_string()).into_any()
}

/// A view inside finished HTML. It must wait for nothing.
pub(crate) fn slot(view: impl RenderHtml) -> Markup {
    PreEscaped(view.to_html())
}
