//! What lies over a page, what stands in for one, and texts, for the gallery.

use leptos::prelude::*;

use super::row;
use crate::components::*;
use crate::error::AppError;
use crate::icons::Icon;

/// Dialogs, menus, messages.
pub fn overlays() -> AnyView {
    let hidden = vec![("stage".to_owned(), "rejected".to_owned())];
    view! {
        {row(view! {
            <DialogButton dialog="d-plain" word="Open a dialog"/>
            <DialogButton dialog="d-confirm" word="Archive 14 candidates" kind=ButtonKind::Danger/>
            <DialogButton dialog="d-typed" word="Disconnect Lever" kind=ButtonKind::Danger/>
            <Menu id="m-words" label="Actions">
                <MenuLink href="/dev/gallery" word="Open in Lever" icon=Icon::Outward/>
                <MenuButton word="Retry" icon=Icon::Repeat attr:form="none"/>
                <MenuButton word="Disconnect…" icon=Icon::Trash danger=true dialog="d-typed".to_owned()/>
            </Menu>
            <Menu id="m-icon" label="More" icon=Icon::Dots>
                <MenuLink href="/dev/gallery" word="Copy as curl" icon=Icon::Copy/>
            </Menu>
        })}
        <Dialog id="d-plain" title="Resend the invitation">
            <p>"Ana Ruiz gets the same link again. The old one keeps working."</p>
            <TextInput id="d-note" name="note" label="A line for her" hint="May be empty."/>
            <div class="dialog-actions">
                <Button word="Resend" kind=ButtonKind::Primary attr:r#type="button"/>
            </div>
        </Dialog>
        <ConfirmDialog
            id="d-confirm" title="Archive 14 candidates in Lever and e-mail 14 people?" verb="Archive 14 candidates"
            sentence="The e-mails cannot be taken back. Candidates can be restored in Lever." action="/dev/gallery" fields=hidden
        />
        <ConfirmDialog
            id="d-typed" title="Disconnect Lever?" verb="Disconnect" typed="acme".to_owned() action="/dev/gallery"
            sentence="No events are received and nothing is written until it is connected again. Nothing is deleted."
        />
        <div class="gallery-toasts">
            <ToastNote
                tone=Tone::Ok sentence="Linked to Robert Smith. 1 note and 1 tag are written in 8 seconds."
                undo=("/dev/gallery".to_owned(), Vec::new())
            />
            <ToastNote tone=Tone::Bad sentence="The link was not saved: a colleague was first."/>
        </div>
    }
    .into_any()
}

/// Instead of content.
pub fn states() -> AnyView {
    let add = view! { <ButtonLink href="/dev/gallery" word="Add trigger stage" icon=Icon::Plus/> }.into_any();
    view! {
        <div class="gallery-grid">
            <EmptyState title="No trigger stages yet" icon=Icon::Bell action=add>
                "Candidates will not be invited until you add one."
            </EmptyState>
            <EmptyState title="No open issues">"The last one was solved on 12 Nov after 4 minutes."</EmptyState>
            <Panel id="s-skeleton" title="Loading"><Skeleton lines=4/></Panel>
        </div>
        <ErrorBox error=AppError::Unavailable { request: Some("7f3c91d2".to_owned()) }/>
        <ErrorBox error=AppError::NotAllowed { needs: "the right to change rules".to_owned() }/>
        <Disclosure summary="What was sent"><p>"A tag, a note and a link."</p></Disclosure>
        <Disclosure summary="What was not sent" open=true><p>"Nothing was advanced: the guard-rail of 20 a day was reached."</p></Disclosure>
    }
    .into_any()
}

/// Texts for machines.
pub fn texts() -> AnyView {
    let json = r#"{"event":"candidateStageChange","id":12345678901234567890,"data":{"opportunityId":"0f2c","stages":["a",null,true],"contact":{}},"signature":"[redacted]","text":"naïve \"quotes\""}"#;
    let (old, new) =
        ("pass = 75\nfail = 40\nnotify = \"rita\"", "pass = 70\nfail = 40\nnotify = \"rita\"\nreview_hours = 48");
    view! {
        <p><Id id="0f2c9a4e-51b7-4c1e-9b0f-6a5e5f3f0c11" what="the opportunity's id"/></p>
        <CodeBlock code="curl -X POST https://assay.example/hooks/lever \\\n  -H 'Content-Type: application/json' \\\n  --data @event.json" what="the request"/>
        <JsonView json what="the payload"/>
        <JsonView json="{\"cut off\": " what="a payload that is no JSON"/>
        <p><DiffText pieces=pieces("jon.smith@example.com", "john.smith@exampel.com")/></p>
        <Diff what="the rules, version 3 and 4" lines=line_pieces(old, new)/>
    }
    .into_any()
}
