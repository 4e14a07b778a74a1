//! `/o/{slug}/people` and `/people`: who signs in, as what, and the links by which they come.

pub mod calls;
pub(super) mod on_server;

use domain::Personal;
use leptos::prelude::*;
use server_fn::ServerFn as _;

use self::calls::{InvitePerson, RemoveLink, ResetPerson, SetRole, SwitchPerson};
use crate::error::AppError;
use crate::icons::Icon;
use crate::page::{page_body, path_param, query_param, refusal};
use crate::text;
use crate::ui::{
    Banner, Button, ButtonKind, Cell, Choice, Column, ConfirmDialog, CopyButton, DataTable, DialogButton, EmptyState,
    PageHeader, Panel, Pill, RowHead, Select, TextInput, Time, Tone,
};
use crate::when::When;

/// The page as data.
#[derive(Clone, Debug, PartialEq)]
pub struct PeopleView {
    /// In addresses; empty for the people of the instance.
    pub slug: String,
    /// For people.
    pub organization: Option<String>,
    /// By address.
    pub people: Vec<PersonLine>,
    /// Those who have not come yet.
    pub invitations: Vec<LinkLine>,
    /// Roles to give.
    pub roles: Vec<Choice>,
    /// The one that most who come next have.
    pub usual_role: String,
    /// Mail is set up.
    pub has_mail: bool,
    /// What someone just did on this page.
    pub said: Option<String>,
}

/// One person.
#[derive(Clone, Debug, PartialEq)]
pub struct PersonLine {
    /// Of the account.
    pub id: String,
    /// Address.
    pub email: Personal,
    /// Name of the role.
    pub role: String,
    /// The role, for people.
    pub role_words: String,
    /// May not sign in.
    pub disabled: bool,
    /// The viewer.
    pub is_you: bool,
    /// The last request that was noted.
    pub seen: Option<When>,
    /// The link for a new password that waits.
    pub reset: Option<LinkLine>,
}

/// One link.
#[derive(Clone, Debug, PartialEq)]
pub struct LinkLine {
    /// Row id.
    pub id: String,
    /// Whose.
    pub email: Personal,
    /// What they will be.
    pub role: String,
    /// Who made it.
    pub by: String,
    /// Opens nothing from then on.
    pub expires: When,
    /// It is over.
    pub expired: bool,
    /// To be handed over.
    pub address: String,
}

/// The people of an organization, or with an empty slug those of the instance.
pub async fn load_people(slug: String, told: String) -> Result<PeopleView, AppError> {
    let (viewer, organization) = on_server::allowed(&slug).await?;
    on_server::view(viewer, organization, &told).await
}

/// The people of an organization.
#[component]
pub fn PeoplePage() -> impl IntoView {
    page_body(load_people(path_param("slug"), query_param("told").unwrap_or_default()), people)
}

/// The people of the instance.
#[component]
pub fn InstancePeoplePage() -> impl IntoView {
    page_body(load_people(String::new(), query_param("told").unwrap_or_default()), people)
}

fn people(page: PeopleView) -> AnyView {
    let said = page.said.map(|sentence| {
        view! { <div role="status"><Banner tone=Tone::Ok sentence/></div> }
    });
    let refused =
        refusal(&[InvitePerson::PATH, SetRole::PATH, SwitchPerson::PATH, ResetPerson::PATH, RemoveLink::PATH]);
    let title = if page.slug.is_empty() { text::INSTANCE_PEOPLE } else { text::PEOPLE };
    view! {
        <PageHeader title=title organization=page.organization note="Who signs in, and as what."/>
        {said}
        {refused}
        {table(&page.slug, page.people, &page.roles, !page.invitations.is_empty())}
        {invitations(&page.slug, page.invitations)}
        {invite(page.slug, page.roles, page.usual_role, page.has_mail)}
    }
    .into_any()
}

/// Heads of the columns.
const HEADS: [&str; 4] = ["Person", "Role", "Last seen", "Account"];

fn table(slug: &str, people: Vec<PersonLine>, roles: &[Choice], invited: bool) -> AnyView {
    if people.is_empty() && invited {
        return view! {
            <EmptyState title="Nobody has signed in yet">"Who is invited stands below, with the link to hand over."</EmptyState>
        }
        .into_any();
    }
    if people.is_empty() {
        return view! {
            <EmptyState title="Nobody signs in here yet">"Invite the first person below. An invitation is a link; with mail set up it is sent, and it can always be copied."</EmptyState>
        }
        .into_any();
    }
    let rows = people.into_iter().enumerate().map(|(n, person)| row(slug, n, person, roles.to_vec())).collect_view();
    view! { <DataTable caption="People, by address" columns=HEADS.map(Column::new).into()>{rows}</DataTable> }
        .into_any()
}

fn row(slug: &str, n: usize, person: PersonLine, roles: Vec<Choice>) -> AnyView {
    let seen = match person.seen {
        Some(at) => view! { <Time at/> }.into_any(),
        None => "Not yet".into_any(),
    };
    let state = person.disabled.then(|| view! { <Pill tone=Tone::Idle icon=Icon::Pause word="Disabled"/> });
    let you = person.is_you.then(|| view! { <span class="cell-note">"You"</span> });
    let role = if person.is_you {
        view! { <span>{person.role_words}</span> }.into_any()
    } else {
        role_form(slug, n, &person.id, &person.role, roles)
    };
    let acts = (!person.is_you).then(|| acts(slug, n, &person.id, person.email.reveal(), person.disabled));
    view! {
        <tr>
            <RowHead><bdi>{person.email.reveal().to_owned()}</bdi>{you}</RowHead>
            <Cell label=HEADS[1]>{role}</Cell>
            <Cell label=HEADS[2]>{seen}</Cell>
            <Cell label=HEADS[3]>
                {state}
                {person.reset.map(|link| handed("Link for a new password", link))}
                {acts}
            </Cell>
        </tr>
    }
    .into_any()
}

fn role_form(slug: &str, n: usize, id: &str, role: &str, roles: Vec<Choice>) -> AnyView {
    let select = format!("role-{n}");
    let options = roles.into_iter().map(|choice| {
        let chosen = choice.value == role;
        view! { <option value=choice.value selected=chosen>{choice.word}</option> }
    });
    view! {
        <form method="post" action=SetRole::PATH class="inline-form">
            <input type="hidden" name="slug" value=slug.to_owned()/>
            <input type="hidden" name="account" value=id.to_owned()/>
            <label class="visually-hidden" for=select.clone()>"Role"</label>
            <select class="input" id=select name="role">{options.collect_view()}</select>
            <Button word="Change" small=true/>
        </form>
    }
    .into_any()
}

fn acts(slug: &str, n: usize, id: &str, email: &str, disabled: bool) -> AnyView {
    let hidden = || vec![("slug".to_owned(), slug.to_owned()), ("account".to_owned(), id.to_owned())];
    let dialog = format!("disable-{n}");
    let switch = if disabled {
        view! {
            <form method="post" action=SwitchPerson::PATH>
                <input type="hidden" name="slug" value=slug.to_owned()/>
                <input type="hidden" name="account" value=id.to_owned()/>
                <Button word="Enable" small=true attr:name="to" attr:value="on"/>
            </form>
        }
        .into_any()
    } else {
        let mut fields = hidden();
        fields.push(("to".to_owned(), "off".to_owned()));
        view! {
            <form method="post" action=ResetPerson::PATH>
                <input type="hidden" name="slug" value=slug.to_owned()/>
                <input type="hidden" name="account" value=id.to_owned()/>
                <Button word="New password link" small=true/>
            </form>
            <DialogButton dialog=dialog.clone() word="Disable" small=true kind=ButtonKind::Danger/>
            <ConfirmDialog
                id=dialog title=format!("Disable the account of {email}?") action=SwitchPerson::PATH verb="Disable" fields
                sentence="All sessions end at once, the person cannot sign in, and an open link for a new password opens nothing any more. What they did stays on record, and the account can be enabled again."
            />
        }
        .into_any()
    };
    view! { <div class="row-actions">{switch}</div> }.into_any()
}

/// A link to hand over.
fn handed(what: &'static str, link: LinkLine) -> AnyView {
    if link.expired {
        return view! { <span class="cell-note">{what}" is over; make a new one."</span> }.into_any();
    }
    view! {
        <span class="handed">
            <input class="input input-link" readonly=true value=link.address.clone() aria-label=what/>
            <CopyButton text=link.address what="the link"/>
        </span>
        <span class="cell-note">"Works once, until "<Time at=link.expires/></span>
    }
    .into_any()
}

fn invitations(slug: &str, all: Vec<LinkLine>) -> Option<AnyView> {
    let slug = slug.to_owned();
    let rows = move |link: LinkLine| {
        let (id, email) = (link.id.clone(), link.email.reveal().to_owned());
        let by = format!("{}, invited by {}", link.role, link.by);
        view! {
            <li class="invitation">
                <div><strong><bdi>{email}</bdi></strong><span class="cell-note">{by}</span></div>
                <div>{handed("Invitation", link)}</div>
                <form method="post" action=RemoveLink::PATH>
                    <input type="hidden" name="slug" value=slug.clone()/>
                    <input type="hidden" name="link" value=id/>
                    <Button word="Take back" small=true/>
                </form>
            </li>
        }
    };
    (!all.is_empty()).then(|| {
        view! {
            <Panel id="invitations" title="Invited, not here yet" note="Hand the link to the person it is for: whoever opens it becomes that person.">
                <ul class="invitations">{all.into_iter().map(rows).collect_view()}</ul>
            </Panel>
        }
        .into_any()
    })
}

fn invite(slug: String, roles: Vec<Choice>, usual: String, has_mail: bool) -> AnyView {
    let note = if has_mail {
        "The link is mailed and shown here to be copied. It works once, for seven days."
    } else {
        "Mail is not set up: the link is shown here, to be handed over. It works once, for seven days."
    };
    view! {
        <Panel id="invite" title="Invite a person" note>
            <form method="post" action=InvitePerson::PATH class="form-row">
                <input type="hidden" name="slug" value=slug/>
                <TextInput id="invite-email" name="email" label="E-mail" kind="email" required=true/>
                <Select id="invite-role" name="role" label="Role" options=roles value=usual/>
                <Button word="Invite" kind=ButtonKind::Primary/>
            </form>
        </Panel>
    }
    .into_any()
}
