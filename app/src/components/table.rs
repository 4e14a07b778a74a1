//! Tables that become cards where it is narrow.

use leptos::prelude::*;

use super::icons::Icon;
use crate::markup::{Markup, finished, html, slot};

/// Order of a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// Smallest first.
    Ascending,
    /// Largest first.
    Descending,
}

/// Head of a column.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Column {
    /// Shown above, and beside each cell where rows are cards.
    pub word: String,
    /// Holds numbers: at the end of the cell.
    pub number: bool,
    /// Address of the list in the order of this column.
    pub sort: Option<String>,
    /// The list is in this order.
    pub order: Option<Order>,
}

impl Column {
    /// Of words.
    pub fn new(word: impl Into<String>) -> Self {
        Self { word: word.into(), ..Self::default() }
    }

    /// Of numbers.
    pub fn number(word: impl Into<String>) -> Self {
        Self { number: true, ..Self::new(word) }
    }

    /// Can be sorted by.
    #[must_use]
    pub fn sorted(self, href: impl Into<String>, order: Option<Order>) -> Self {
        Self { sort: Some(href.into()), order, ..self }
    }
}

/// A table in its frame. Rows are `tr` of [`RowHead`] and [`Cell`], or one of [`TableMessage`] and [`TableLoading`].
#[component]
pub fn DataTable(
    /// What it lists and in which order; read, not shown.
    #[prop(into)]
    caption: String,
    /// Heads.
    columns: Vec<Column>,
    /// The rows.
    children: Children,
) -> AnyView {
    data_table(&caption, &columns, &slot(children()))
}

/// [`DataTable`] with rows that are finished.
pub(crate) fn data_table(caption: &str, columns: &[Column], rows: &Markup) -> AnyView {
    finished(html! {
        div class="table-frame" {
            table class="table" {
                caption class="visually-hidden" { (caption) }
                thead { tr { @for column in columns { (head(column)) } } }
                tbody { (rows) }
            }
        }
    })
}

fn head(column: &Column) -> Markup {
    let (order, mark) = match column.order {
        Some(Order::Ascending) => (Some("ascending"), Some(Icon::Up)),
        Some(Order::Descending) => (Some("descending"), Some(Icon::Down)),
        None => (None, None),
    };
    let number = column.number.then_some("number");
    html! {
        th scope="col" class=[number] aria-sort=[order] {
            @if let Some(href) = &column.sort {
                a class="sort" href=(href) { (column.word) @if let Some(mark) = mark { (mark) } }
            } @else {
                (column.word)
            }
        }
    }
}

/// The cell that names its row.
#[component]
pub fn RowHead(
    /// Name, mostly a link.
    children: Children,
) -> AnyView {
    view! { <th scope="row">{children()}</th> }.into_any()
}

/// A cell.
#[component]
pub fn Cell(
    /// Word of its column.
    #[prop(into)]
    label: String,
    /// At the end of the cell.
    #[prop(optional)]
    number: bool,
    /// What is in it.
    children: Children,
) -> AnyView {
    view! { <td data-label=label class=if number { "number" } else { "" }>{children()}</td> }.into_any()
}

/// Instead of rows: why there are none, or what went wrong, and what to do.
#[component]
pub fn TableMessage(
    /// Number of columns.
    columns: usize,
    /// What is so.
    #[prop(into)]
    title: String,
    /// Rows could not be read: told at once.
    #[prop(optional)]
    failed: bool,
    /// Why, and what to do.
    children: Children,
) -> AnyView {
    let icon = failed.then(|| Icon::Cross.view());
    view! {
        <tr class="table-message">
            <td colspan=columns.to_string()>
                <div class="message" role=failed.then_some("alert")>
                    <p class=if failed { "message-title message-failed" } else { "message-title" }>{icon}{title}</p>
                    <p>{children()}</p>
                </div>
            </td>
        </tr>
    }
    .into_any()
}

/// Rows that are on their way.
#[component]
pub fn TableLoading(
    /// Number of columns.
    columns: usize,
    /// Number of rows.
    #[prop(default = 3)]
    rows: usize,
) -> AnyView {
    let row = |n: usize| {
        let cells = (0..columns).map(|c| {
            let said =
                (n == 0 && c == 0).then(|| view! { <span class="visually-hidden" role="status">"Loading"</span> });
            view! { <td>{said}<span class="skeleton-line" aria-hidden="true"></span></td> }
        });
        view! { <tr class="table-loading">{cells.collect_view()}</tr> }
    };
    (0..rows).map(row).collect_view().into_any()
}

/// To the pages before and after. A list ordered by key has no numbers of pages.
#[component]
pub fn Pager(
    /// Address of the first page, while this is another.
    #[prop(optional_no_strip, into)]
    first: Option<String>,
    /// Address of the page before.
    #[prop(optional_no_strip, into)]
    previous: Option<String>,
    /// Address of the next page, while there is one.
    #[prop(optional_no_strip, into)]
    next: Option<String>,
    /// What is shown: `50 of 1,000+`.
    #[prop(optional, into)]
    note: String,
) -> AnyView {
    finished(html! {
        nav class="pager" aria-label="Pages" {
            span class="pager-note muted" { (note) }
            @if let Some(href) = first { a class="button button-small" href=(href) { "First page" } }
            @if let Some(href) = previous {
                a class="button button-small" href=(href) data-keys="[" { (Icon::Left) "Previous" }
            }
            @if let Some(href) = next { a class="button button-small" href=(href) data-keys="]" { "Next" (Icon::Right) } }
        }
    })
}
