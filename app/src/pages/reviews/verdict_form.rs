//! What a person may say about a result: one form, a button for each verdict.

use domain::Personal;
use leptos::prelude::*;
use server_fn::ServerFn as _;

use super::calls::DecideReview;
use crate::icons::Icon;
use crate::ui::{Button, ButtonKind, Choice, KeyHint, RadioCards};

/// The form as data.
#[derive(Clone, Debug, PartialEq)]
pub struct VerdictForm {
    /// In addresses.
    pub slug: String,
    /// The result.
    pub review: String,
    /// As it is shown.
    pub version: i64,
    /// Who is shown beside it; empty where nobody is.
    pub contact: String,
    /// Their name.
    pub name: Personal,
    /// Their opportunities, each with what Lever will show.
    pub opportunities: Vec<Choice>,
    /// The one that is chosen.
    pub opportunity: String,
    /// Others of exactly the same person that wait.
    pub alike: i64,
    /// When the page was made, in milliseconds.
    pub opened: i64,
    /// Another person has to decide: this one asked for it.
    pub only_aside: bool,
}

/// Verdict, word, key.
const OTHERS: [(&str, &str, &str); 3] =
    [("left", "None of these", "n"), ("snooze", "Put aside", "s"), ("unsure", "Unsure: ask a second person", "u")];

pub(super) fn verdict_form(form: VerdictForm) -> AnyView {
    let (opportunities, link) = (opportunities(&form), link(&form));
    let hidden = [
        ("slug", form.slug),
        ("review", form.review),
        ("version", form.version.to_string()),
        ("to[contact]", form.contact),
        ("opened", form.opened.to_string()),
    ];
    let hidden = hidden.map(|(name, value)| view! { <input type="hidden" name=name value=value/> });
    let others = OTHERS.into_iter().filter(|(verdict, ..)| !form.only_aside || *verdict == "snooze").map(verb);
    let others = others.collect_view();
    view! {
        <form method="post" action=DecideReview::PATH class="verdict" aria-label="Decide">
            {hidden.into_iter().collect_view()}
            {opportunities}
            {alike(form.alike)}
            <div class="verdict-acts">{link}{others}</div>
        </form>
    }
    .into_any()
}

/// What linking writes, before it does.
fn opportunities(form: &VerdictForm) -> Option<AnyView> {
    if form.contact.is_empty() || form.only_aside {
        return None;
    }
    let choices = form.opportunities.clone();
    if let [one] = choices.as_slice() {
        let (value, word, note) = (one.value.clone(), one.word.clone(), one.note.clone());
        return Some(
            view! {
                <input type="hidden" name="to[opportunity]" value=value/>
                <p class="verdict-writes"><strong>"Linking writes to Lever: "</strong>{note}<span class="cell-note">{word}</span></p>
            }
            .into_any(),
        );
    }
    Some(
        view! {
            <RadioCards
                id="opportunity" name="to[opportunity]" legend="Linking writes to Lever; to which opportunity?" options=choices
                value=form.opportunity.clone()
            />
        }
        .into_any(),
    )
}

fn alike(count: i64) -> Option<AnyView> {
    (count > 0).then(|| {
        let words = match count {
            1 => "Decide the same about the other waiting result of exactly this person".to_owned(),
            n => format!("Decide the same about the {n} other waiting results of exactly this person"),
        };
        view! {
            <label class="choice">
                <input type="checkbox" name="alike" value="yes"/>
                <span class="choice-word">{words}</span>
            </label>
        }
        .into_any()
    })
}

fn link(form: &VerdictForm) -> Option<AnyView> {
    if form.contact.is_empty() || form.only_aside {
        return None;
    }
    let word = format!("Link to {}", form.name.reveal());
    Some(
        view! {
            <span class="verdict-act">
                <Button
                    word kind=ButtonKind::Primary icon=Icon::Check attr:name="verdict" attr:value="link" attr:data-keys="Enter"
                    attr:aria-keyshortcuts="Enter"
                />
                <KeyHint keys="Enter"/>
            </span>
        }
        .into_any(),
    )
}

fn verb((verdict, word, key): (&'static str, &'static str, &'static str)) -> AnyView {
    view! {
        <span class="verdict-act">
            <Button word attr:name="verdict" attr:value=verdict attr:data-keys=key attr:aria-keyshortcuts=key.to_uppercase()/>
            <KeyHint keys=key/>
        </span>
    }
    .into_any()
}
