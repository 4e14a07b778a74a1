//! Who was in the stage before its row was switched on: the offer to invite them, too.

use domain::Personal;
use leptos::prelude::*;
use server_fn::ServerFn as _;

use super::calls::InvitePresent;
use crate::text;
use crate::ui::{Banner, Time, Tone};
use crate::when::When;

/// Those who were there.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PresentView {
    /// In Lever's order.
    pub people: Vec<PresentLine>,
    /// There may be more.
    pub more: bool,
    /// Why Lever's list could not be read.
    pub failure: Option<String>,
}

/// One of them.
#[derive(Clone, Debug, PartialEq)]
pub struct PresentLine {
    /// Lever's opportunity.
    pub opportunity: String,
    /// Full name.
    pub name: Personal,
    /// Since when they are in the stage.
    pub since: When,
    /// What would be sent, or why nothing can be.
    pub answer: String,
    /// Asking leads to an invitation.
    pub invitable: bool,
}

/// The section of a row that is on.
pub fn section(slug: &str, row: &str, present: PresentView) -> AnyView {
    let count = present.people.iter().filter(|p| p.invitable).count();
    let body = match (&present.failure, present.people.is_empty()) {
        (Some(why), _) => view! { <Banner tone=Tone::Warn sentence=why.clone()/> }.into_any(),
        (None, true) => {
            view! { <p class="muted">"Nobody: everyone in this stage came after the row was switched on."</p> }
                .into_any()
        }
        (None, false) => form(slug, row, count, present),
    };
    view! {
        <section class="section" aria-labelledby="present">
            <h2 id="present">"Already in the stage"</h2>
            {body}
        </section>
    }
    .into_any()
}

fn form(slug: &str, row: &str, count: usize, present: PresentView) -> AnyView {
    let (slug, row) = (slug.to_owned(), row.to_owned());
    let n = i64::try_from(count).unwrap_or(i64::MAX);
    let more = present.more.then(|| view! { <p class="muted">"There are more; they are shown after these."</p> });
    let button = (count > 0).then(|| {
        view! { <button class="button button-primary">{format!("Also invite the {n} already there")}</button> }
    });
    let all = i64::try_from(present.people.len()).unwrap_or(i64::MAX);
    let some = if n == 0 { "None".to_owned() } else { n.to_string() };
    let some = (n < all).then(|| format!(" {some} of them can be invited now."));
    let lines = present.people.into_iter().map(line).collect_view();
    view! {
        <p>
            {text::count(all, "candidate", "candidates")}
            " entered before the row was switched on, so they are not invited by themselves."
            {some}
        </p>
        <form method="post" action=InvitePresent::PATH class="stack">
            <input type="hidden" name="slug" value=slug/>
            <input type="hidden" name="row" value=row/>
            <div class="present">{lines}</div>
            {more}
            <p>{button}</p>
        </form>
    }
    .into_any()
}

fn line(person: PresentLine) -> AnyView {
    let name = person.name.reveal().to_owned();
    let id = format!("present-{}", person.opportunity);
    let label = view! { <label for=id.clone()>{name}</label>" " }.into_any();
    let box_ = person.invitable.then(|| {
        view! { <input type="checkbox" id=id name="opportunities[]" value=person.opportunity.clone() checked=true/> }
    });
    view! {
        <div class="choice">
            {box_}
            <span>
                {label}
                <span class="muted">"since "<Time at=person.since/>". "{person.answer}" "</span>
            </span>
        </div>
    }
    .into_any()
}
