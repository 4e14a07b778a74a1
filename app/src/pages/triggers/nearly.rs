//! Tags that nearly name a test, with the offer to put the right one beside them.

use domain::Personal;
use leptos::prelude::*;
use server_fn::ServerFn as _;

use super::calls::MendTag;
use crate::ui::{Button, CopyButton};

/// Someone with such a tag.
#[derive(Clone, Debug, PartialEq)]
pub struct NearlyLine {
    /// Lever's opportunity.
    pub opportunity: String,
    /// Their page.
    pub href: String,
    /// Full name.
    pub name: Personal,
    /// The tag as it is.
    pub tag: String,
    /// The test it resembles.
    pub test: String,
    /// What was sent instead.
    pub sent: Option<String>,
}

/// A posting with such a tag.
#[derive(Clone, Debug, PartialEq)]
pub struct NearlyPostingLine {
    /// Its title.
    pub name: String,
    /// The tag as it is.
    pub tag: String,
    /// The test it resembles.
    pub test: String,
}

/// The section of a row; nothing where there is neither a posting nor anybody.
pub fn section(slug: &str, row: &str, postings: Vec<NearlyPostingLine>, people: Vec<NearlyLine>) -> Option<AnyView> {
    if postings.is_empty() && people.is_empty() {
        return None;
    }
    let inherited = (!postings.is_empty()).then_some(
        "Whoever applies to a posting inherits its tags. Assay only reads postings: correct the tag in Lever.",
    );
    let lines = postings.into_iter().map(posting).chain(people.into_iter().map(|line| one(slug, row, line)));
    let lines = lines.collect_view();
    Some(
        view! {
            <section class="section stack" aria-labelledby="nearly">
                <h2 id="nearly">"Tags that nearly name a test"</h2>
                <p class="muted">
                    "A tag picks a test only if it is its name, letter by letter. "{inherited}
                </p>
                <ul class="sessions">{lines}</ul>
            </section>
        }
        .into_any(),
    )
}

fn posting(line: NearlyPostingLine) -> AnyView {
    let said = format!("is a posting with the tag “{}”, which is not “{}”", line.tag, line.test);
    view! {
        <li class="session">
            <div><b>{line.name}</b><span class="cell-note">{said}</span></div>
            <CopyButton text=line.test what="the right tag".to_owned()/>
        </li>
    }
    .into_any()
}

fn one(slug: &str, row: &str, line: NearlyLine) -> AnyView {
    let said = match &line.sent {
        Some(sent) => format!("has the tag “{}”, which is not “{}”, and was invited to {sent}", line.tag, line.test),
        None => format!("has the tag “{}”, which is not “{}”, and was not invited", line.tag, line.test),
    };
    // Who was invited is not invited a second time by a tag.
    let mend = line.sent.is_none().then(|| {
        view! {
            <form method="post" action=MendTag::PATH>
                <input type="hidden" name="slug" value=slug.to_owned()/>
                <input type="hidden" name="row" value=row.to_owned()/>
                <input type="hidden" name="opportunity" value=line.opportunity.clone()/>
                <input type="hidden" name="test" value=line.test.clone()/>
                <Button word=format!("Add the tag “{}” and invite", line.test) small=true/>
            </form>
        }
    });
    view! {
        <li class="session">
            <div><a href=line.href><bdi>{line.name.reveal().to_owned()}</bdi></a><span class="cell-note">{said}</span></div>
            {mend}
        </li>
    }
    .into_any()
}
