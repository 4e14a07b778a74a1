//! `/instance`: what its owner looks after. Whether people and Lever reach it, whether mail arrives, and new organizations.

use leptos::prelude::*;
use server_fn::ServerFn as _;

use crate::error::AppError;
use crate::icons::Icon;
use crate::page::{page_body, query_param, refusal};
use crate::text;
use crate::ui::{Banner, Button, ButtonKind, ButtonLink, Choice, Combobox, PageHeader, Panel, Pill, TextInput, Tone};

/// The page as data.
#[derive(Clone, Debug, PartialEq)]
pub struct InstanceView {
    /// What people, Lever and vendors use to reach us.
    pub public_url: String,
    /// It was just looked at, and leads here.
    pub address_checked: bool,
    /// It cannot be right: plain HTTP or this machine only.
    pub address_warning: Option<String>,
    /// Mail is set up.
    pub has_mail: bool,
    /// A test was just taken by the mail server.
    pub mail_sent: bool,
    /// The viewer's address.
    pub email: String,
    /// Organizations there are.
    pub organizations: usize,
    /// The organization of invented people is there.
    pub has_sample: bool,
    /// It was just removed.
    pub sample_removed: bool,
    /// Zones to choose from.
    pub zones: Vec<String>,
}

/// What its owner looks after.
pub async fn load_instance(told: String) -> Result<InstanceView, AppError> {
    use crate::access::{RUN_INSTANCE, require_everywhere, store};
    let viewer = require_everywhere(RUN_INSTANCE)?;
    let store = store()?;
    let organizations = store.versions().await?.len();
    let has_sample = match store.organization(domain::rules::SAMPLE_SLUG).await {
        Ok(organization) => organization.is_sample(),
        Err(domain::ports::store::StoreError::NotFound(_)) => false,
        Err(error) => return Err(error.into()),
    };
    on_server::view(&viewer, organizations, has_sample, &told)
}

/// Calls our own public address.
#[server(prefix = "/app", endpoint = "instance-address")]
pub async fn check_address() -> Result<(), AppError> {
    use crate::access::{RUN_INSTANCE, require_everywhere};
    require_everywhere(RUN_INSTANCE)?;
    let desk = on_server::desk()?;
    let url = desk.public_url().to_owned();
    desk.check_address().await.map_err(|why| {
        let why = format!("{url} does not lead to this server: {why}. Correct ASSAY_PUBLIC_URL or the proxy before it");
        AppError::Remote { why }.answered()
    })?;
    leptos_axum::redirect("/instance?told=address");
    Ok(())
}

/// Sends a mail to see that it arrives.
#[server(prefix = "/app", endpoint = "instance-mail")]
pub async fn test_mail(#[server(default)] to: String) -> Result<(), AppError> {
    use crate::access::{RUN_INSTANCE, require_everywhere};
    require_everywhere(RUN_INSTANCE)?;
    on_server::desk()?.test_mail(&to).await.map_err(|why| AppError::Remote { why }.answered())?;
    leptos_axum::redirect("/instance?told=mail");
    Ok(())
}

/// Creates an organization: paused, without connections. Its first super admin is invited next.
#[server(prefix = "/app", endpoint = "organization-create")]
pub async fn create_organization(
    #[server(default)] name: String,
    #[server(default)] slug: String,
    #[server(default)] timezone: String,
) -> Result<(), AppError> {
    use crate::access::{RUN_INSTANCE, require_everywhere};
    let viewer = require_everywhere(RUN_INSTANCE)?;
    on_server::known_zone(&timezone)?;
    let made = on_server::desk()?.create_organization(&name, &slug, &timezone, viewer.email.reveal()).await;
    let slug = made.map_err(on_server::refused)?;
    leptos_axum::redirect(&crate::address::people(&slug));
    Ok(())
}

/// Adds an organization of invented people, to look around in.
#[server(prefix = "/app", endpoint = "sample-add")]
pub async fn add_sample() -> Result<(), AppError> {
    use crate::access::{RUN_INSTANCE, require_everywhere};
    let viewer = require_everywhere(RUN_INSTANCE)?;
    on_server::desk()?.add_sample(viewer.email.reveal()).await.map_err(on_server::refused)?;
    leptos_axum::redirect(&crate::address::home(domain::rules::SAMPLE_SLUG));
    Ok(())
}

/// Removes it with everything in it.
#[server(prefix = "/app", endpoint = "sample-remove")]
pub async fn remove_sample() -> Result<(), AppError> {
    use crate::access::{RUN_INSTANCE, require_everywhere};
    let viewer = require_everywhere(RUN_INSTANCE)?;
    on_server::desk()?.remove_sample(viewer.email.reveal()).await.map_err(on_server::refused)?;
    leptos_axum::redirect("/instance?told=sample");
    Ok(())
}

mod on_server {
    use std::sync::Arc;

    use domain::ports::desk::{PeopleDesk, PeopleError};
    use leptos::prelude::use_context;

    use super::InstanceView;
    use crate::access::Viewer;
    use crate::error::AppError;
    use crate::when::Zones;

    pub fn desk() -> Result<Arc<dyn PeopleDesk>, AppError> {
        use_context::<Arc<dyn PeopleDesk>>().ok_or_else(|| AppError::Unavailable { request: None }.answered())
    }

    pub fn refused(error: PeopleError) -> AppError {
        match error {
            PeopleError::Store(error) => error.into(),
            PeopleError::Refused(why) => AppError::Invalid { why }.answered(),
        }
    }

    fn zones() -> Vec<String> {
        use_context::<Zones>().map(|zones| zones.0.to_vec()).unwrap_or_default()
    }

    pub fn known_zone(zone: &str) -> Result<(), AppError> {
        if zones().iter().any(|known| known == zone) {
            return Ok(());
        }
        Err(AppError::Invalid { why: "Time zone: choose one of the list, such as Europe/Berlin".to_owned() }.answered())
    }

    /// What Lever or people could not use, whatever answers.
    fn warning(url: &str) -> Option<String> {
        let host = url.split("://").nth(1).unwrap_or_default();
        let here = ["127.", "localhost", "[::1]", "0.0.0.0"].iter().any(|name| host.starts_with(name));
        let why = match (here, url.starts_with("https://")) {
            (true, _) => "Only this machine reaches this address: Lever and vendors cannot call it.",
            (false, false) => "This address is not encrypted: passwords travel in the clear, and Lever wants https.",
            (false, true) => return None,
        };
        Some(format!("{why} Set ASSAY_PUBLIC_URL and start again."))
    }

    pub fn view(viewer: &Viewer, organizations: usize, has_sample: bool, told: &str) -> Result<InstanceView, AppError> {
        let desk = desk()?;
        let public_url = desk.public_url().to_owned();
        Ok(InstanceView {
            address_warning: warning(&public_url),
            address_checked: told == "address",
            has_mail: desk.has_mail(),
            mail_sent: told == "mail",
            email: viewer.email.reveal().to_owned(),
            organizations,
            has_sample,
            sample_removed: told == "sample",
            zones: zones(),
            public_url,
        })
    }

    #[cfg(test)]
    mod tests {
        use super::*;

        #[test]
        fn an_address_that_lever_cannot_use_is_named() {
            for bad in ["http://127.0.0.1:3000", "https://localhost", "http://assay.example"] {
                assert!(warning(bad).is_some(), "{bad}");
            }
            assert_eq!(warning("https://assay.example"), None);
        }
    }
}

/// The page.
#[component]
pub fn InstancePage() -> impl IntoView {
    page_body(load_instance(query_param("told").unwrap_or_default()), instance)
}

fn instance(page: InstanceView) -> AnyView {
    view! {
        <PageHeader title=text::INSTANCE note="What every organization on it stands on."/>
        {address_panel(page.public_url, page.address_checked, page.address_warning)}
        {mail_panel(page.has_mail, page.mail_sent, page.email)}
        {organizations(page.organizations, page.zones)}
        {sample(page.has_sample, page.sample_removed)}
        <Panel id="owners" title="Owners and account managers" note="They see all organizations; names of candidates are masked for them.">
            <p><ButtonLink href="/people" word="People of this instance" icon=Icon::People/></p>
        </Panel>
    }
    .into_any()
}

fn address_panel(url: String, checked: bool, warning: Option<String>) -> AnyView {
    let found = checked.then(|| {
        view! { <div role="status"><Banner tone=Tone::Ok sentence="The address leads to this server."/></div> }
    });
    view! {
        <Panel id="address" title="Public address" note="How people, Lever and vendors reach this server.">
            {found}
            {refusal(&[CheckAddress::PATH])}
            <p><code>{url}</code></p>
            {warning.map(|sentence| view! { <Banner tone=Tone::Warn sentence/> })}
            <form method="post" action=CheckAddress::PATH><Button word="Check the address"/></form>
        </Panel>
    }
    .into_any()
}

fn mail_panel(has_mail: bool, sent: bool, email: String) -> AnyView {
    let found = sent.then(|| {
        view! { <div role="status"><Banner tone=Tone::Ok sentence="The mail server took the mail. Look whether it arrived."/></div> }
    });
    let body = if has_mail {
        view! {
            <form method="post" action=TestMail::PATH class="form-row">
                <TextInput id="mail-to" name="to" label="To" kind="email" value=email required=true/>
                <Button word="Send a test mail"/>
            </form>
        }
        .into_any()
    } else {
        view! {
            <p>
                <Pill tone=Tone::Idle icon=Icon::Dash word="Off"/>
                " Assay works without mail: links are copied from the pages. To have them mailed, set ASSAY_SMTP_URL and \
                 ASSAY_MAIL_FROM, and start again."
            </p>
        }
        .into_any()
    };
    view! { <Panel id="mail" title="Mail">{found}{refusal(&[TestMail::PATH])}{body}</Panel> }.into_any()
}

fn organizations(count: usize, zones: Vec<String>) -> AnyView {
    let options = zones.into_iter().map(|zone| Choice::new(zone.clone(), zone)).collect();
    let note = match count {
        0 => "An organization is one Lever account. There is none yet: create the first one.".to_owned(),
        n => text::count(i64::try_from(n).unwrap_or(i64::MAX), "organization", "organizations"),
    };
    view! {
        <Panel id="organizations" title="New organization" note>
            {refusal(&[CreateOrganization::PATH])}
            <form method="post" action=CreateOrganization::PATH class="stack">
                <TextInput id="organization-name" name="name" label="Name" required=true hint="As people call it: Acme."/>
                <TextInput
                    id="organization-slug" name="slug" label="Short name"
                    hint="In addresses; never changes. Small letters, digits and hyphens. Made of the name when left empty."
                />
                <Combobox
                    id="organization-zone" name="timezone" label="Time zone" options value="UTC"
                    hint="Times of the organization are shown in it."
                />
                <p><Button word="Create the organization" kind=ButtonKind::Primary/></p>
            </form>
        </Panel>
    }
    .into_any()
}

fn sample(is_there: bool, removed: bool) -> AnyView {
    let gone = removed.then(|| {
        view! { <div role="status"><Banner tone=Tone::Ok sentence="The sample is removed, with everything in it."/></div> }
    });
    let body = if is_there {
        view! {
            <p>"It is there. Whoever was invited to it goes with it when it is removed; nothing else is touched."</p>
            <p class="form-row">
                <ButtonLink href=crate::address::home(domain::rules::SAMPLE_SLUG) word="Look around" icon=Icon::Eye/>
            </p>
            <form method="post" action=RemoveSample::PATH><Button word="Remove the sample"/></form>
        }
        .into_any()
    } else {
        view! {
            <p>
                "An organization with 400 invented people and six weeks of tests shows what the pages look like in use. It is \
                 connected to nothing: nobody is written to, and it can be removed here at any time."
            </p>
            <form method="post" action=AddSample::PATH><Button word="Add the sample"/></form>
        }
        .into_any()
    };
    view! {
        <Panel id="sample" title="Look around first">
            {gone}
            {refusal(&[AddSample::PATH, RemoveSample::PATH])}
            {body}
        </Panel>
    }
    .into_any()
}
