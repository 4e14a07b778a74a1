//! The Lever account: its key, in whose name is written, and what the key may do.

use leptos::prelude::*;
use server_fn::ServerFn as _;

use super::calls::{ChooseUser, RemoveLeverKey, StoreLeverKey};
use super::typed::Typed;
use super::{LeverView, PLACES, ProbeLine, placed, showing, troubles};
use crate::page::refusal;
use crate::ui::{
    Banner, Button, ButtonKind, ButtonLink, Cell, Choice, Column, Combobox, DataTable, Panel, Pill, RadioCards,
    RowHead, SecretInput, TextInput, Time, Tone,
};

pub(super) fn panel(slug: &str, lever: LeverView, typed: &Typed, may: bool) -> AnyView {
    let has_key = lever.key.is_some();
    let form = may.then(|| key_form(slug, &lever, typed));
    let used = lever.used.clone();
    let (tone, word) = if lever.trouble.is_empty() {
        (Tone::Ok, "Key stored")
    } else {
        (Tone::Bad, "Key stored, and it does not work now")
    };
    let held = lever.key.clone().map(|(last, at)| {
        let used = match used {
            Some(at) => view! { "last used "<Time at/> }.into_any(),
            None => "not used yet".into_any(),
        };
        view! {
            <p>
                <Pill tone icon=tone.icon() word/>
                " "{ending(&last)}", stored "<Time at/>", "{used}". It is never shown again. Reached at "<code>{lever.base_url.clone()}</code>"."
            </p>
        }
    });
    let trouble = troubles(lever.trouble.clone());
    let remove = (has_key && may).then(|| remove_form(slug));
    let user = (has_key && may).then(|| user_form(slug, &lever, typed));
    let probes = (has_key && may).then(|| probes(slug, lever.probes, lever.probe_failure));
    view! {
        <Panel id="lever" title="Lever" note="Lever, Settings, Integrations, API credentials: a super admin makes the key there.">
            {held}
            {trouble}
            {refusal(&[StoreLeverKey::PATH, RemoveLeverKey::PATH])}
            {form}
            {remove}
            {user}
            {probes}
        </Panel>
    }
    .into_any()
}

/// The last characters of a secret, in words.
pub(super) fn ending(last_four: &str) -> String {
    if last_four.is_empty() { "A short one".to_owned() } else { format!("It ends in {last_four}") }
}

fn key_form(slug: &str, lever: &LeverView, typed: &Typed) -> AnyView {
    let (place, other) = typed.lever.clone().unwrap_or_else(|| placed(&lever.base_url));
    let options = PLACES.map(|(url, word, note)| Choice::new(url, word).noted(note)).into();
    let held = lever.key.is_some();
    let fields = view! {
        <form method="post" action=StoreLeverKey::PATH class="stack">
            <input type="hidden" name="slug" value=slug.to_owned()/>
            <RadioCards id="lever-place" name="place" legend="Environment" options value=place/>
            <TextInput
                id="lever-other" name="other" label="Address, for another one" kind="url" value=other
                hint="Ends in /v1. Left empty for Lever's own environments."
            />
            <SecretInput
                id="lever-key" name="key" label="API key"
                hint="It is tried at once, and stored encrypted when Lever accepts it. Spaces and line ends around it do no harm."
            />
            <p><Button word=if held { "Replace the key" } else { "Try and store the key" } kind=ButtonKind::Primary/></p>
        </form>
    };
    if held {
        return view! {
            <details class="more" open=typed.lever.is_some()>
                <summary>"Replace the key"</summary>
                <p class="muted">"The new key is tried before the old one goes: nothing stops meanwhile."</p>
                {fields}
            </details>
        }
        .into_any();
    }
    fields.into_any()
}

fn remove_form(slug: &str) -> AnyView {
    view! {
        <details class="more">
            <summary>"Remove the key"</summary>
            <p>
                "What stops: this organization is paused and nobody is invited; nothing in Lever is read or written, so results that come "
                "meanwhile wait here until another key is stored. What is in Lever stays as it is. To keep working, replace the key instead."
            </p>
            <form method="post" action=RemoveLeverKey::PATH>
                <input type="hidden" name="slug" value=slug.to_owned()/>
                <Button word="Pause and remove the key" kind=ButtonKind::Danger/>
            </form>
        </details>
    }
    .into_any()
}

fn user_form(slug: &str, lever: &LeverView, typed: &Typed) -> AnyView {
    let held = typed.user.clone().unwrap_or_else(|| lever.user.clone());
    let failure = lever.users_failure.clone().map(|sentence| view! { <Banner tone=Tone::Bad sentence/> });
    let chosen = (!lever.user.is_empty()).then(|| {
        view! { <p>"Assay writes in Lever in the name of "<strong>{lever.user_name.clone()}</strong>"."</p> }
    });
    let form = if lever.users.is_empty() {
        let word = if lever.user.is_empty() { "Choose a user" } else { "Choose another user" };
        view! { <p><ButtonLink href=showing(slug, "users") word/></p> }.into_any()
    } else {
        view! {
            <form method="post" action=ChooseUser::PATH class="form-row">
                <input type="hidden" name="slug" value=slug.to_owned()/>
                <Combobox
                    id="lever-user" name="user" label="In whose name Assay writes" options=lever.users.clone() value=held
                    none="Choose a user" hint="Lever shows this user beside every tag and link. A user of its own, such as Assay, is clearest."
                />
                <Button word="Save"/>
            </form>
        }
        .into_any()
    };
    view! {
        <div id="users" class="stack">
            <h3>"In whose name"</h3>
            {refusal(&[ChooseUser::PATH])}
            {chosen}
            {failure}
            {form}
        </div>
    }
    .into_any()
}

/// Heads of the columns.
const HEADS: [&str; 3] = ["Permission", "This key", "What Lever answered"];

fn probes(slug: &str, lines: Vec<ProbeLine>, failure: Option<String>) -> AnyView {
    let table = (!lines.is_empty()).then(|| {
        let rows = lines.into_iter().map(|line| {
            view! {
                <tr>
                    <RowHead>{line.permission}<span class="cell-note">{line.purpose}</span></RowHead>
                    <Cell label=HEADS[1]><Pill tone=line.tone icon=line.tone.icon() word=line.word/></Cell>
                    <Cell label=HEADS[2]><span>{line.answer}</span></Cell>
                </tr>
            }
        });
        view! {
            <DataTable caption="Permissions of the key" columns=HEADS.map(Column::new).into()>{rows.collect_view()}</DataTable>
        }
    });
    let failure = failure.map(|sentence| view! { <Banner tone=Tone::Bad sentence/> });
    view! {
        <div id="permissions" class="stack">
            <h3>"What the key may do"</h3>
            {failure}
            {table}
            <p><ButtonLink href=showing(slug, "permissions") word="Try each permission"/></p>
            <p class="muted">"Nothing in Lever is changed by it: what changes something is tried on a candidate who does not exist."</p>
        </div>
    }
    .into_any()
}
