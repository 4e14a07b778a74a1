//! Lists, times and charts of the gallery.

use domain::histogram::histogram as spread;
use domain::outcome::{Measured, Thresholds as By};
use leptos::prelude::*;

use super::{TONES, when};
use crate::components::*;
use crate::icons::Icon;

/// Filters, and tables with rows, without, on their way and failed; with the panel beside.
pub fn lists() -> AnyView {
    let chip = |label: &str, value: &str| Chip {
        label: label.to_owned(),
        value: value.to_owned(),
        without: "/dev/gallery#lists".to_owned(),
    };
    let states = ["Invited", "Expired", "Completed"].map(|w| Choice::new(w.to_lowercase(), w)).to_vec();
    view! {
        <FilterBar
            action="/dev/gallery" label="Filter events" query="is:failed customer:acme" example="is:open customer:acme"
            chips=vec![chip("State", "Failed"), chip("Customer", "Acme")] clear="/dev/gallery#lists".to_owned()
        >
            <Select id="l-state" name="state" label="State" options=states value="" none="Any".to_owned()/>
        </FilterBar>
        <div class="with-details">
            <div class="stack">
                {table(rows())}
                <Pager
                    first="/dev/gallery".to_owned() previous="/dev/gallery".to_owned() next="/dev/gallery".to_owned()
                    note="50 of 1,000+"
                />
            </div>
            <DetailsPanel id="l-details" title="Ana Ruiz" close="/dev/gallery">
                <p>"Passed with 82 of 100. Written to Lever at 14:03."</p>
                <Id id="evt_01J9Z3M" what="the event's id"/>
            </DetailsPanel>
        </div>
        {table(view! {
            <TableMessage columns=4 title="No event matches these filters"><a href="/dev/gallery">"Show all events"</a></TableMessage>
        }.into_any())}
        {table(view! { <TableLoading columns=4/> }.into_any())}
        {table(view! {
            <TableMessage columns=4 title="The events could not be read" failed=true>"Nothing was changed. Load the page again."</TableMessage>
        }.into_any())}
    }
    .into_any()
}

fn table(rows: AnyView) -> AnyView {
    let columns = vec![
        Column::new("Candidate").sorted("/dev/gallery", None),
        Column::new("State"),
        Column::number("Score").sorted("/dev/gallery", Some(Order::Descending)),
        Column::new("Last 24 hours"),
    ];
    view! { <DataTable caption="Candidates, the highest score first" columns>{rows}</DataTable> }.into_any()
}

fn rows() -> AnyView {
    let people = [
        ("Ana Ruiz", Tone::Ok, Icon::Check, "Passed", "82"),
        ("Maximiliana Constantinopolitana-Featherstonehaugh", Tone::Warn, Icon::Eye, "Needs review", "61"),
        ("نور الهدى", Tone::Bad, Icon::Cross, "Failed", "12.5"),
    ];
    let row = |(name, tone, icon, word, score): (&'static str, Tone, Icon, &'static str, &'static str)| {
        view! {
            <tr>
                <RowHead><a href="/dev/gallery">{name}</a><span class="cell-note">"Backend Engineer"</span></RowHead>
                <Cell label="State"><Pill tone icon word/></Cell>
                <Cell label="Score" number=true>{score}</Cell>
                <Cell label="Last 24 hours"><StateStrip label=format!("{name}, last 24 hours") cells=cells()/></Cell>
            </tr>
        }
        .into_any()
    };
    people.map(row).collect_view().into_any()
}

fn cells() -> Vec<StripCell> {
    let cell = |n: usize| {
        let tone = match n {
            3 => Tone::Bad,
            4 | 17 => Tone::Warn,
            9 => Tone::Info,
            0 | 1 => Tone::Idle,
            _ => Tone::Ok,
        };
        StripCell { tone, words: format!("{n} to {} h: {}", n + 1, tone.words()) }
    };
    (0..24).map(cell).collect()
}

/// What has happened, and how far it is.
pub fn time() -> AnyView {
    let sentences = [
        "Result written to Lever",
        "Test started",
        "The vendor answered late",
        "Lever refused the tag",
        "Invitation planned",
    ];
    let moments = TONES.into_iter().zip(sentences).map(|(tone, sentence)| Moment {
        at: when("21 Nov 2026, 14:03 CET"),
        tone,
        sentence: sentence.to_owned(),
        note: if tone == Tone::Bad {
            "403: the key lacks “write tags”. Next try at 14:10.".to_owned()
        } else {
            String::new()
        },
    });
    let step = |word: &str, note: &str, state, link: bool| Step {
        word: word.to_owned(),
        note: note.to_owned(),
        state,
        href: link.then(|| "#time".to_owned()),
    };
    let steps = vec![
        step("Lever access", "Sue, 12 Nov", StepState::Done, true),
        step("Webhooks", "No event for 3 days", StepState::Failed, true),
        step("Trigger stages", "", StepState::Current, true),
        step("Outcome rules", "", StepState::Ahead, false),
    ];
    view! {
        <Stepper label="Connecting Acme" steps/>
        <Timeline moments=moments.collect()/>
        <div class="gallery-grid">
            <Progress id="p-some" label="Replaying events" done=42 of=120/>
            <Progress id="p-all" label="Verifying the backup" done=7 of=7/>
            <Progress id="p-open" label="Reading Lever's stages"/>
        </div>
    }
    .into_any()
}

/// Pictures of numbers.
pub fn charts() -> AnyView {
    let series = [("Written", Tone::Ok), ("Waiting for review", Tone::Warn), ("Failed", Tone::Bad)];
    let series = series.map(|(word, tone)| Series { word: word.to_owned(), tone }).to_vec();
    let days = ["Sat", "Sun", "Mon", "Tue", "Wed", "Thu", "Fri"];
    let bars = days.into_iter().enumerate().map(|(n, label)| {
        let n = n as u64;
        Bar { label: label.to_owned(), counts: vec![12 + n * 5, 3 + (n * 7) % 5, (n * 3) % 4] }
    });
    let results = [1, 3, 4, 6, 9, 14, 22, 31, 24, 14].into_iter().zip(0_u8..);
    let results = results.flat_map(|(n, bin)| vec![Measured { score: Some(f64::from(bin * 10 + 5)), band: None }; n]);
    let by = By { pass_at: Some(75.0), fail_at: Some(40.0), ..By::default() };
    let found = spread(&results.collect::<Vec<_>>(), Some((0.0, 100.0)), 10, &by);
    let steps = [("Invited", 214), ("Started", 180), ("Completed", 151), ("Written to Lever", 149)];
    let steps =
        steps.map(|(word, count)| FunnelStep { word: word.to_owned(), count, href: Some("#charts".to_owned()) });
    let flat =
        [("Invited", 0), ("Started", 0)].map(|(word, count)| FunnelStep { word: word.to_owned(), count, href: None });
    let values = vec![3, 5, 4, 8, 7, 12, 9, 6, 9, 11, 10, 12, 8, 9];
    view! {
        <div class="gallery-charts">
            <Panel id="ch-bars" title="Results" note="Last seven days">
                <StackedBars
                    id="bars" title="Results a day" words="212 results in seven days, most of them on Friday; 10 failed." series
                    bars=bars.collect()
                />
            </Panel>
            <Panel id="ch-hist" title="Outcome rule" aside=view! { <Badge word="version 4"/> }.into_any()>
                <Histogram id="hist" title="Scores of the last 128 results" found by/>
            </Panel>
            <Panel id="ch-strip" title="Lever" note="Last 24 hours">
                <StateStrip label="Lever, last 24 hours" cells=cells() unfold=true/>
                <ToneLegend/>
            </Panel>
            <Panel id="ch-spark" title="Sparklines">
                <p class="spark-row"><span>"Results a day"</span><Sparkline words="Results a day, 14 days: 3 to 12, last 9" values/><strong>"9"</strong></p>
                <p class="spark-row"><span>"Errors a day"</span><Sparkline words="Errors a day, 4 days: none" values=vec![0, 0, 0, 0]/><strong>"0"</strong></p>
            </Panel>
        </div>
        <Funnel label="Orders of the last seven days" steps=steps.to_vec()/>
        <Funnel label="Orders of an empty week" steps=flat.to_vec()/>
    }
    .into_any()
}
