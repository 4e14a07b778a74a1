//! The assessment vendors.

use leptos::prelude::*;
use server_fn::ServerFn as _;

use super::calls::{RemoveVendor, SaveVendor};
use super::lever::ending;
use super::typed::Typed;
use super::{VendorView, troubles};
use crate::page::refusal;
use crate::text;
use crate::ui::{Button, ButtonKind, ConfirmDialog, DialogButton, Panel, Pill, SecretInput, TextInput, Time, Tone};

/// Kinds to connect: as in files, in words, and a hint.
const KINDS: [(&str, &str, &str); 2] = [
    ("greenhouse-assessment", "Py, or another vendor of the Greenhouse assessment contract", "Py"),
    ("pymetrics", "Pymetrics", "Pymetrics"),
];

/// The addresses of a kind: field, label, hint.
const fn urls(kind: &str) -> &'static [(&'static str, &'static str, &'static str)] {
    match kind.as_bytes() {
        b"pymetrics" => &[("base_url", "Address", "The host, without a path.")],
        _ => &[
            ("list_tests_url", "Address of the list of tests", "GET list_tests"),
            ("send_test_url", "Address for invitations", "POST send_test"),
            ("test_status_url", "Address of the status", "GET test_status"),
            ("response_error_url", "Address for errors", "POST response_error"),
        ],
    }
}

pub(super) fn panel(slug: &str, version: i64, vendors: Vec<VendorView>, typed: &Typed, may: bool) -> AnyView {
    let none = vendors.is_empty();
    let lines = vendors.into_iter().map(|vendor| one(slug, version, &vendor, typed, may)).collect_view();
    let new = may.then(|| {
        let forms = KINDS.map(|(kind, words, name)| {
            let vendor = VendorView {
                kind: kind.to_owned(),
                name: name.to_owned(),
                tag_prefix: name.to_owned(),
                scale: if kind == "pymetrics" { Default::default() } else { ("0".to_owned(), "100".to_owned()) },
                ..VendorView::default()
            };
            let is_typed = typed.of_vendor("kind") == Some(kind) && typed.of_vendor("id") == Some("");
            let vendor = if is_typed { retyped(vendor, typed) } else { vendor };
            view! {
                <details class="more" id=format!("new-{kind}") open=is_typed || (none && kind == "greenhouse-assessment")>
                    <summary>{format!("Connect {words}")}</summary>
                    {form(slug, version, vendor)}
                </details>
            }
        });
        forms.into_iter().collect_view()
    });
    view! {
        <Panel id="vendors" title="Assessment vendors" note="Who sends the tests. Address and key come from the vendor.">
            {refusal(&[SaveVendor::PATH, RemoveVendor::PATH])}
            {lines}
            {new}
        </Panel>
    }
    .into_any()
}

fn one(slug: &str, version: i64, vendor: &VendorView, typed: &Typed, may: bool) -> AnyView {
    let tests = text::count(i64::try_from(vendor.tests).unwrap_or(i64::MAX), "test", "tests");
    let key = vendor.key.clone().map(|(last, at)| view! { " "{ending(&last)}", stored "<Time at/>"." });
    let (tone, word) = if vendor.trouble.is_empty() {
        (Tone::Ok, format!("Connected, {tests}"))
    } else {
        (Tone::Bad, "Connected, and it does not work now".to_owned())
    };
    let trouble = troubles(vendor.trouble.clone());
    let is_typed = typed.of_vendor("id") == Some(vendor.id.as_str());
    let shown = if is_typed { retyped(vendor.clone(), typed) } else { vendor.clone() };
    let dialog = format!("remove-{}", vendor.id);
    let fields = vec![("slug".to_owned(), slug.to_owned()), ("vendor".to_owned(), vendor.id.clone())];
    let acts = may.then(|| {
        view! {
            <details class="more" id=vendor.id.clone() open=is_typed>
                <summary>{format!("Change {}", vendor.name)}</summary>
                {form(slug, version, shown)}
                <DialogButton dialog=dialog.clone() word="Remove this vendor" kind=ButtonKind::Danger small=true/>
                <ConfirmDialog
                    id=dialog title=format!("Remove {}?", vendor.name) action=RemoveVendor::PATH verb="Remove" fields
                    sentence="Its key is deleted and its results are fetched no more. Refused while a trigger stage sends its tests. What is in Lever stays."
                />
            </details>
        }
    });
    view! {
        <div class="stack">
            <h3>{vendor.name.clone()}</h3>
            <p><Pill tone icon=tone.icon() word/>{key}</p>
            {trouble}
            {acts}
        </div>
    }
    .into_any()
}

/// With what was typed and refused in the place of what is stored.
fn retyped(vendor: VendorView, typed: &Typed) -> VendorView {
    let text = |field: &str| typed.of_vendor(field).unwrap_or_default().to_owned();
    VendorView {
        name: text("name"),
        tag_prefix: text("tag_prefix"),
        scale: (text("lowest"), text("highest")),
        urls: urls(&vendor.kind).iter().map(|(field, ..)| (*field, text(field))).collect(),
        ..vendor
    }
}

fn form(slug: &str, version: i64, vendor: VendorView) -> AnyView {
    let VendorView { id, kind, name, tag_prefix, scale, urls: values, key, .. } = vendor;
    let of = |field: &str| format!("{}-{kind}-{field}", if id.is_empty() { "new" } else { &id });
    let addresses = urls(&kind).iter().map(|(field, label, hint)| {
        let value = values.iter().find(|(name, _)| name == field).map(|(_, v)| v.clone()).unwrap_or_default();
        view! { <TextInput id=of(field) name=format!("vendor[{field}]") label=*label hint=*hint kind="url" value required=true/> }
    });
    let addresses = addresses.collect_view();
    let held = key.map(|(last, at)| format!("{}, stored {}", ending(&last).to_lowercase(), at.words));
    let oauth = (kind == "pymetrics").then(|| {
        view! {
            <SecretInput id=of("client_id") name="vendor[client_id]" label="Client id" held=held.clone()/>
            <SecretInput id=of("client_secret") name="vendor[client_secret]" label="Client secret" held=held.clone()/>
        }
    });
    let verb = if id.is_empty() { "Ask for its tests and connect" } else { "Ask for its tests and save" };
    view! {
        <form method="post" action=SaveVendor::PATH class="stack">
            <input type="hidden" name="slug" value=slug.to_owned()/>
            <input type="hidden" name="version" value=version.to_string()/>
            <input type="hidden" name="vendor[id]" value=id.clone()/>
            <input type="hidden" name="vendor[kind]" value=kind.clone()/>
            <TextInput id=of("name") name="vendor[name]" label="Name" value=name required=true/>
            <TextInput
                id=of("prefix") name="vendor[tag_prefix]" label="Tag prefix" value=tag_prefix required=true
                hint="Tags in Lever become prefix - Sent, prefix - Pass and so on."
            />
            <div class="form-row">
                <TextInput id=of("lowest") name="vendor[lowest]" label="Lowest score" value=scale.0 numeric=true/>
                <TextInput id=of("highest") name="vendor[highest]" label="Highest score" value=scale.1 numeric=true hint="Both empty where there is no scale."/>
            </div>
            {addresses}
            {oauth}
            <SecretInput id=of("api_key") name="vendor[api_key]" label="API key" held=held/>
            <p><Button word=verb kind=ButtonKind::Primary/></p>
        </form>
    }
    .into_any()
}
