//! The webhook: its address, the tokens that sign, and whether anything came.

use leptos::prelude::*;
use server_fn::ServerFn as _;

use super::calls::{AddToken, CreateWebhooks, RemoveToken, RemoveWebhooks};
use super::lever::ending;
use super::{EventLine, HookView, TokenLine, troubles};
use crate::page::refusal;
use crate::text;
use crate::ui::{
    Banner, Button, ButtonKind, Cell, Column, ConfirmDialog, CopyButton, DataTable, DialogButton, Panel, Pill, RowHead,
    SecretInput, Time, Tone,
};

pub(super) fn panel(slug: &str, hook: HookView, may: bool) -> AnyView {
    let status = status(&hook);
    let failure = hook.failure.map(|(at, why)| {
        view! { <Banner tone=Tone::Warn sentence=format!("Not accepted at {}: {why}", at.words)/> }
    });
    let silent = troubles(hook.silent.into_iter().collect());
    let (all, refused) = hook.day;
    let events = events(hook.events);
    let place = may.then(|| address(hook.address));
    let (tokens, forms) = (tokens(slug, hook.tokens, may), may.then(|| forms(slug)));
    view! {
        <Panel
            id="webhook" title="Webhook"
            note="Lever tells Assay at once when a candidate moves. Without it, trigger stages are looked at every few minutes."
        >
            <div aria-live="polite">{status}</div>
            {silent}
            {failure}
            <p class="muted">{format!("Last 24 hours: {}, {refused} not accepted.", text::count(all, "delivery", "deliveries"))}</p>
            {events}
            {refusal(&[CreateWebhooks::PATH, RemoveWebhooks::PATH, AddToken::PATH, RemoveToken::PATH])}
            {place}
            {tokens}
            {forms}
        </Panel>
    }
    .into_any()
}

/// Which events come: one that is switched off in Lever is missing here.
fn events(all: Vec<EventLine>) -> Option<AnyView> {
    let line = |line: EventLine| {
        let (count, failed) = line.counts;
        view! {
            <tr>
                <RowHead><code>{line.event}</code></RowHead>
                <Cell label="Came" number=true>{count}</Cell>
                <Cell label="Not accepted" number=true>{failed}</Cell>
                <Cell label="Last"><Time at=line.last/></Cell>
            </tr>
        }
    };
    let columns =
        vec![Column::new("Event"), Column::number("Came"), Column::number("Not accepted"), Column::new("Last")];
    (!all.is_empty()).then(|| {
        view! {
            <details class="more">
                <summary>"Which events come"</summary>
                <p class="muted">"Among the last 1,000 deliveries. An event that is switched off in Lever is missing here."</p>
                <DataTable caption="Deliveries by event, the most frequent first" columns>
                    {all.into_iter().map(line).collect_view()}
                </DataTable>
            </details>
        }
        .into_any()
    })
}

fn address(address: String) -> AnyView {
    view! {
        <div class="field">
            <label class="field-label" for="hook-address">"Address for every event"</label>
            <span class="handed">
                <input class="input input-link" id="hook-address" readonly=true value=address.clone()/>
                <CopyButton text=address what="the address"/>
            </span>
        </div>
    }
    .into_any()
}

fn status(hook: &HookView) -> AnyView {
    match &hook.last {
        Some(at) if hook.failure.is_some() => view! {
            <p><Pill tone=Tone::Warn icon=Tone::Warn.icon() word="Not accepted now"/>" The last one that was accepted came "<Time at=at.clone()/>"."</p>
        }
        .into_any(),
        Some(at) => view! {
            <p><Pill tone=Tone::Ok icon=Tone::Ok.icon() word="Verified"/>" Last event from Lever "<Time at=at.clone()/>"."</p>
        }
        .into_any(),
        None if hook.tokens.is_empty() => view! {
            <p><Pill tone=Tone::Idle icon=Tone::Idle.icon() word="Not set up"/>" No signature token is stored yet."</p>
        }
        .into_any(),
        None => view! {
            <p>
                <Pill tone=Tone::Info icon=Tone::Info.icon() word="Waiting for the first event"/>
                " Press Verify Connection in Lever, or move a candidate. This page shows it when it comes."
            </p>
        }
        .into_any(),
    }
}

/// Removing one is asked about: what it signs is refused from then on.
fn tokens(slug: &str, tokens: Vec<TokenLine>, may: bool) -> Option<AnyView> {
    let slug = slug.to_owned();
    let line = move |token: TokenLine| {
        let dialog = format!("token-{}", token.code);
        let remove = may.then(|| {
            let fields = vec![("slug".to_owned(), slug.clone()), ("code".to_owned(), token.code.clone())];
            let title = format!("Remove the token {}?", ending(&token.last_four).to_lowercase().replace("it ends", "that ends"));
            view! {
                <DialogButton dialog=dialog.clone() word="Remove" kind=ButtonKind::Plain small=true/>
                <ConfirmDialog
                    id=dialog title action=RemoveToken::PATH verb="Remove" fields
                    sentence="Deliveries that are signed with it are refused from now on. Remove it once its webhook is gone in Lever."
                />
            }
        });
        view! {
            <li class="session">
                <div><strong>{token.word}</strong><span class="cell-note">{ending(&token.last_four)}", stored "<Time at=token.at/></span></div>
                {remove}
            </li>
        }
    };
    (!tokens.is_empty())
        .then(|| view! { <ul class="sessions">{tokens.into_iter().map(line).collect_view()}</ul> }.into_any())
}

fn forms(slug: &str) -> AnyView {
    view! {
        <div class="stack">
            <h3>"Either let Assay make the webhooks"</h3>
            <form method="post" action=CreateWebhooks::PATH>
                <input type="hidden" name="slug" value=slug.to_owned()/>
                <Button word="Make the webhooks in Lever"/>
            </form>
            <form method="post" action=RemoveWebhooks::PATH>
                <input type="hidden" name="slug" value=slug.to_owned()/>
                <Button word="Remove the webhooks that Assay made" small=true/>
            </form>
            <p class="muted">
                "Needs the permission Webhooks. In Lever, Settings, Integrations, Webhooks, the groups of events must be on, or \
                 Lever sends nothing."
            </p>
            <h3>"Or make them in Lever yourself"</h3>
            <p>
                "Lever, Settings, Integrations, Webhooks: add the address above to Candidate Stage Change, Application Created, \
                 Candidate Archive State Change and Candidate Deleted. Lever gives each its own signature token: store each here, one \
                 after the other."
            </p>
            <form method="post" action=AddToken::PATH class="form-row">
                <input type="hidden" name="slug" value=slug.to_owned()/>
                <SecretInput id="hook-token" name="token" label="Signature token" hint="Those that are stored stay: during a rotation both verify."/>
                <Button word="Store the token"/>
            </form>
        </div>
    }
    .into_any()
}
