//! What the row as it is typed would have done to those who came lately.

use domain::Personal;
use leptos::prelude::*;

use crate::text;
use crate::ui::{Banner, Cell, Column, DataTable, RowHead, Time, Tone};
use crate::when::When;

/// The answer as data.
#[derive(Clone, Debug, PartialEq)]
pub struct SimulationView {
    /// A row for each span.
    pub spans: Vec<SpanLine>,
    /// Invitations by test in the longest span, where they would be others.
    pub tests: Vec<String>,
    /// For whom it would have been different, newest first; not all.
    pub changes: Vec<ChangeLine>,
    /// How many there are of them.
    pub changed: usize,
    /// Entries that were looked at.
    pub looked_at: usize,
    /// There were more of them than are looked at.
    pub more: bool,
}

/// One span: what was and, where it is different, what would have been.
#[derive(Clone, Debug, PartialEq)]
pub struct SpanLine {
    /// Its length.
    pub days: u32,
    /// Invited, pass, needs review, fail.
    pub counts: [(u32, u32); 4],
}

/// One candidate.
#[derive(Clone, Debug, PartialEq)]
pub struct ChangeLine {
    /// Their page.
    pub href: String,
    /// Full name.
    pub name: Personal,
    /// When it was decided.
    pub at: When,
    /// What would be different.
    pub words: String,
}

const COUNTS: [&str; 4] = ["Invited", "Pass", "Needs review", "Fail"];

/// The section below the form.
pub fn section(found: SimulationView) -> AnyView {
    let body = if found.looked_at == 0 {
        view! { <p class="muted">"Nobody entered this stage in the last 90 days, so there is nothing to try it on."</p> }
            .into_any()
    } else {
        view! { {verdict(&found)}{spans(&found)}{changes(found)} }.into_any()
    };
    view! {
        <section class="section stack" aria-labelledby="simulation">
            <h2 id="simulation">"What this would have done"</h2>
            {body}
        </section>
    }
    .into_any()
}

fn verdict(found: &SimulationView) -> AnyView {
    let count = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
    let of = text::count(count(found.looked_at), "candidate who came", "candidates who came");
    let last = if found.more { "the last " } else { "" };
    let (tone, sentence) = match count(found.changed) {
        0 => (Tone::Ok, format!("Nothing would have been different for {last}{of} in the last 90 days.")),
        n => (Tone::Info, format!("For {n} of {last}{of} in the last 90 days it would have been different.")),
    };
    view! { <div role="status"><Banner tone sentence/></div> }.into_any()
}

fn spans(found: &SimulationView) -> AnyView {
    let columns = std::iter::once(Column::new("Span")).chain(COUNTS.map(Column::number)).collect();
    let cell = |(word, (was, would)): (&'static str, (u32, u32))| {
        let said = if was == would {
            was.to_string().into_any()
        } else {
            view! { <strong>{format!("{was} → {would}")}</strong> }.into_any()
        };
        view! { <Cell label=word number=true>{said}</Cell> }
    };
    let rows = found.spans.iter().map(|span| {
        let cells = COUNTS.into_iter().zip(span.counts).map(cell).collect_view();
        view! { <tr><RowHead>{format!("Last {} days", span.days)}</RowHead>{cells}</tr> }
    });
    let rows = rows.collect_view();
    let tests = (!found.tests.is_empty())
        .then(|| view! { <p>{format!("Invitations in 90 days: {}.", found.tests.join("; "))}</p> });
    view! {
        <DataTable caption="What was, and what would have been" columns>{rows}</DataTable>
        {tests}
        <p class="muted">
            "Tags and postings count as they were read last. What a candidate would have scored in another test nobody knows."
        </p>
    }
    .into_any()
}

fn changes(found: SimulationView) -> AnyView {
    if found.changes.is_empty() {
        return ().into_any();
    }
    let rest = found.changed.saturating_sub(found.changes.len());
    let more = (rest > 0).then(|| view! { <p class="muted">{format!("And {rest} more.")}</p> });
    let lines = found.changes.into_iter().map(|line| {
        view! {
            <tr>
                <RowHead><a href=line.href>{line.name.reveal().to_owned()}</a></RowHead>
                <Cell label="Entered"><Time at=line.at/></Cell>
                <Cell label="Difference">{line.words}</Cell>
            </tr>
        }
    });
    let lines = lines.collect_view();
    view! {
        <DataTable
            caption="Candidates for whom it would have been different, newest first"
            columns=["Candidate", "Entered", "Difference"].map(Column::new).to_vec()
        >
            {lines}
        </DataTable>
        {more}
    }
    .into_any()
}
