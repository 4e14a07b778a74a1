//! How something stood over time, a cell for each piece of it.

use leptos::prelude::*;

use super::charts::percent;
use super::tone::Tone;

/// One piece of time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StripCell {
    /// How it stood.
    pub tone: Tone,
    /// When and how, in words: "13 to 14 h: 2 of 41 failed".
    pub words: String,
}

/// How something stood over the last hours or days: 24 cells. Each state has a shape of its own: full, split, low, a line.
#[component]
pub fn StateStrip(
    /// What it is and over which time: "Lever, last 24 hours".
    #[prop(into)]
    label: String,
    /// From the oldest to the newest.
    cells: Vec<StripCell>,
    /// With the cells as a list to unfold; without it where many strips stand in a table.
    #[prop(optional)]
    unfold: bool,
) -> AnyView {
    let n = cells.len().max(1) as u64;
    let said = format!("{label}: {}", summary(&cells));
    let drawn = cells.iter().enumerate().map(|(i, cell)| {
        let (x, width) = (percent(i as u64 * 10 + 1, n * 10), percent(8, n * 10));
        let rect = |y: &'static str, height: &'static str| {
            view! { <rect class="cell" x=x.clone() width=width.clone() y=y height=height rx="1"></rect> }
        };
        let shape = match cell.tone {
            Tone::Ok => rect("0", "20").into_any(),
            Tone::Info => rect("6", "14").into_any(),
            Tone::Warn => view! { {rect("0", "9")}{rect("11", "9")} }.into_any(),
            Tone::Bad => view! { {rect("0", "5")}{rect("7", "6")}{rect("15", "5")} }.into_any(),
            Tone::Idle => rect("17", "3").into_any(),
        };
        view! { <g class=cell.tone.ink()><title>{cell.words.clone()}</title>{shape}</g> }
    });
    let drawn = drawn.collect_view();
    let list = unfold.then(|| {
        let items = cells.into_iter().map(|cell| {
            view! { <li><span class=cell.tone.ink()>{cell.tone.icon().view()}</span>{cell.words}</li> }
        });
        view! {
            <details class="chart-table"><summary>"Show as list"</summary><ol class="strip-list">{items.collect_view()}</ol></details>
        }
    });
    view! {
        <div class="strip">
            <svg class="strip-cells" width="100%" height="20" role="img" aria-label=said>{drawn}</svg>
            {list}
        </div>
    }
    .into_any()
}

/// `22 fine, 2 failing`.
fn summary(cells: &[StripCell]) -> String {
    let count = |tone: Tone| cells.iter().filter(|c| c.tone == tone).count();
    let all = [Tone::Bad, Tone::Warn, Tone::Info, Tone::Ok, Tone::Idle];
    let parts = all.into_iter().filter(|t| count(*t) > 0).map(|t| format!("{} {}", count(t), t.words()));
    parts.collect::<Vec<_>>().join(", ")
}

/// The shape of a state in a cell of 4 by 20 at `x`: the same as in [`StateStrip`].
fn outline(tone: Tone, x: usize) -> String {
    let bar = |y: u8, height: u8| format!("M{x} {y}h4v{height}h-4z");
    match tone {
        Tone::Ok => bar(0, 20),
        Tone::Info => bar(6, 14),
        Tone::Warn => bar(0, 9) + &bar(11, 9),
        Tone::Bad => bar(0, 5) + &bar(7, 6) + &bar(15, 5),
        Tone::Idle => bar(17, 3),
    }
}

/// As [`StateStrip`] for deliveries by hour, in a few shapes, where hundreds of strips stand in a table.
#[component]
pub fn HourStrip(
    /// From the oldest to the newest.
    hours: Vec<Tone>,
) -> AnyView {
    let count = |tone: Tone| hours.iter().filter(|t| **t == tone).count();
    let (fine, wrong, idle) = (count(Tone::Ok), count(Tone::Warn) + count(Tone::Bad), count(Tone::Idle));
    let said = format!("Hours: {wrong} with failures, {fine} fine, {idle} without deliveries");
    let width = (hours.len() * 5).to_string();
    let paths = [Tone::Ok, Tone::Info, Tone::Warn, Tone::Bad, Tone::Idle].map(|tone| {
        let cells = hours.iter().enumerate().filter(|(_, t)| **t == tone).map(|(n, _)| outline(tone, n * 5));
        let d = cells.collect::<String>();
        (!d.is_empty()).then(|| view! { <g class=tone.ink()><path class="cell" d=d></path></g> })
    });
    view! { <svg class="strip-cells" width=width height="20" role="img" aria-label=said>{paths}</svg> }.into_any()
}

/// What a chart's state shapes mean.
#[component]
pub fn ToneLegend() -> AnyView {
    let all = [Tone::Ok, Tone::Info, Tone::Warn, Tone::Bad, Tone::Idle];
    let items = all.map(|tone| view! { <li><span class=tone.ink()>{tone.icon().view()}</span>{tone.words()}</li> });
    view! { <ul class="legend">{items}</ul> }.into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn states_have_shapes_of_their_own() {
        assert_eq!(outline(Tone::Warn, 5), "M5 0h4v9h-4zM5 11h4v9h-4z");
        let all = [Tone::Ok, Tone::Info, Tone::Warn, Tone::Bad, Tone::Idle].map(|tone| outline(tone, 0));
        assert!(all.iter().enumerate().all(|(n, shape)| !all[..n].contains(shape)), "{all:?}");
    }

    #[test]
    fn what_is_wrong_is_said_first() {
        let cells = [Tone::Ok, Tone::Bad, Tone::Ok].map(|tone| StripCell { tone, words: String::new() });
        assert_eq!(summary(&cells), "1 failing, 2 fine");
    }
}
