//! Fields and choices of the gallery.

use leptos::prelude::*;

use crate::components::*;

/// Fields of one value.
pub fn fields() -> AnyView {
    let tests = ["Rust, 60 min", "Python, 45 min", "System design", "SQL basics"];
    let stages =
        ["Phone Screen", "Phone Screen Passed", "On-site", "Offer", "New applicant", "Recruiter screen", "Hired"];
    let stages = stages.into_iter().enumerate();
    let stages = stages
        .map(|(n, word)| Choice::new(format!("st-{n}"), word).noted(format!("{} candidates", n * 7)))
        .collect::<Vec<_>>();
    let of_tests = || tests.map(|t| Choice::new(t.to_lowercase(), t)).to_vec();
    view! {
        <form class="gallery-grid" method="get" action="/dev/gallery">
            <TextInput id="f-name" name="name" label="Name" value="Backend engineers" hint="Shown in reports."/>
            <TextInput
                id="f-mail" name="mail" label="E-mail" kind="email" value="rita@acme" required=true
                error="An address has a dot after the @, as in rita@acme.example.".to_owned()
            />
            <NumberInput
                id="f-pass" name="pass" label="Pass at or above" value="75" min="0".to_owned() max="100".to_owned() unit="points"
                hint="Inclusive, as Lever's documentation has it."
            />
            <NumberInput
                id="f-fail" name="fail" label="Fail at or below" value="80" unit="points"
                error="Must be less than 75, where passing begins.".to_owned()
            />
            <SecretInput
                id="f-key" name="key" label="Lever's API key" held="ends in 4f2a, 12 Nov 2026".to_owned() hint="Stored encrypted."
            />
            <Select id="f-test" name="test" label="Test" options=of_tests() value="system design" none="Any".to_owned()/>
            <Select
                id="f-test-2" name="test2" label="Test, refused" options=of_tests()
                error="The vendor has retired this test.".to_owned()
            />
            <Combobox
                id="f-stage" name="stage" label="Trigger stage" options=stages.clone() value="st-1" none="No stage"
                hint="Type to search; arrows and Enter choose."
            />
            <Combobox
                id="f-stage-refused" name="stage2" label="Stage, refused" options=stages none="Choose a stage"
                error="The stage was deleted in Lever.".to_owned()
            />
            <TagInput
                id="f-tags" name="tags" label="Tags" tags=vec!["Assessment".to_owned(), "Python".to_owned()]
                hint="Enter or a comma adds one; a click takes it away."
            />
            <TextArea id="f-note" name="note" label="Note" value="{{ candidate.name }} scored {{ score }}." rows=3/>
            <TextArea id="f-note-2" name="note2" label="Note, refused" error="score is not defined here.".to_owned() rows=3/>
        </form>
    }
    .into_any()
}

/// Any, one, on and off.
pub fn choices() -> AnyView {
    let events = || {
        ["Stage changed", "Candidate archived", "Candidate hired"].map(|w| Choice::new(w.to_lowercase(), w)).to_vec()
    };
    let policies = vec![
        Choice::new("keep", "Never overwrite").noted("What a person wrote in Lever stays."),
        Choice::new("ask", "Ask").noted("A review opens with both values."),
        Choice::new("write", "Always write").noted("The newest result wins."),
    ];
    view! {
        <div class="gallery-grid">
            <CheckboxGroup
                id="c-events" name="events" legend="Events" options=events() chosen=vec!["stage changed".to_owned()]
                hint="At least one."
            />
            <CheckboxGroup
                id="c-events-refused" name="events2" legend="Events, refused" options=events()
                error="Choose at least one event.".to_owned()
            />
            <div class="stack">
                <Switch id="c-on" name="on" label="Send invitations" on=true hint="Off: decisions are made, nothing is sent."/>
                <Switch id="c-off" name="off" label="Weekly report"/>
                <Switch id="c-never" name="never" label="Reject automatically" disabled=true hint="Needs a review window first."/>
            </div>
        </div>
        <RadioCards id="c-policy" name="policy" legend="When both have a value" options=policies value="ask"/>
    }
    .into_any()
}
