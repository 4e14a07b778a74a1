//! `/preferences`: the zone of times, the theme, the height of rows and the keys, and who one is here.

use domain::Personal;
use domain::preferences::Density;
use leptos::prelude::*;
use server_fn::ServerFn as _;

use crate::error::AppError;
use crate::page::{page_body, query_param};
use crate::text;
use crate::theme::Theme;
use crate::ui::{Banner, Button, ButtonKind, Choice, Combobox, PageHeader, RadioCards, Switch, Time, Tone};
use crate::when::When;

/// The page as data.
#[derive(Clone, Debug, PartialEq)]
pub struct PreferencesView {
    /// The person's address.
    pub email: Personal,
    /// Their role and organization, in words.
    pub role: String,
    /// What the role may do.
    pub may: Vec<String>,
    /// The zone that is set; empty for none.
    pub timezone: String,
    /// What no zone means.
    pub without: String,
    /// Zones to choose from.
    pub zones: Vec<String>,
    /// The present instant as pages show it.
    pub now: When,
    /// As this browser has it.
    pub theme: Theme,
    /// Height of rows.
    pub density: Density,
    /// Whether single keys do something.
    pub shortcuts: bool,
    /// What became of the form that was just sent.
    pub told: Option<(Tone, String)>,
    /// Where they are signed in, the last seen first.
    pub sessions: Vec<SessionLine>,
}

/// One session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionLine {
    /// Opens nothing.
    pub key: String,
    /// The browser in a few words.
    pub browser: String,
    /// When it began.
    pub since: When,
    /// The last request that was noted.
    pub seen: When,
    /// The one at hand.
    pub is_this: bool,
}

/// What the person has set. `told` says what became of the form: `saved`, `zone`, or nothing.
pub async fn load_preferences(told: String) -> Result<PreferencesView, AppError> {
    use crate::access::{SIGNED_IN, clock, require_everywhere, store};
    let viewer = require_everywhere(SIGNED_IN)?;
    let zone = match &viewer.organization {
        Some(slug) => Some(store()?.organization(slug).await?.rules.timezone),
        None => None,
    };
    let now = clock()?.now();
    let sessions = store()?.sessions(viewer.account, now).await?;
    Ok(on_server::view(viewer, zone, now, &told, sessions))
}

/// Ends one session of the viewer's own; with an empty `session` all but the one at hand.
#[server(prefix = "/app", endpoint = "sessions-end")]
pub async fn end_sessions(#[server(default)] session: String) -> Result<(), AppError> {
    use domain::audit::Author;
    use domain::ports::store::Which;

    use crate::access::{SIGNED_IN, clock, require_everywhere, store};
    let viewer = require_everywhere(SIGNED_IN)?;
    let which = if session.is_empty() { Which::AllBut(&viewer.session) } else { Which::One(&session) };
    let by = Author::on_page(viewer.email.reveal(), clock()?.now());
    store()?.end_sessions(viewer.account, which, &by).await?;
    leptos_axum::redirect("/preferences?told=ended#sessions");
    Ok(())
}

/// Saves what the form says, for the account and, of looks, for this browser. An empty zone is none.
#[server(prefix = "/app", endpoint = "preferences-save")]
pub async fn save_preferences(
    timezone: String,
    theme: String,
    density: String,
    shortcuts: Option<String>,
) -> Result<(), AppError> {
    use crate::access::{SIGNED_IN, require_everywhere, store};
    let viewer = require_everywhere(SIGNED_IN)?;
    let preferences = on_server::read(&timezone, &density, shortcuts.as_deref())?;
    let json = serde_json::to_string(&preferences).map_err(|_| AppError::Unavailable { request: None }.answered())?;
    store()?.save_preferences(viewer.account, &json).await?;
    on_server::keep(Theme::parse(&theme), preferences.density);
    leptos_axum::redirect("/preferences?told=saved");
    Ok(())
}

mod on_server {
    use domain::Timestamp;
    use domain::preferences::{Density, Preferences};
    use domain::read::SessionRow;
    use domain::role::{Right, Role};
    use http::{HeaderValue, header};
    use leptos::prelude::use_context;
    use leptos_axum::ResponseOptions;

    use super::{PreferencesView, SessionLine};
    use crate::access::Viewer;
    use crate::error::AppError;
    use crate::text;
    use crate::theme::{self, Cookies, Theme};
    use crate::ui::Tone;
    use crate::when::{Zones, when};

    pub fn view(
        viewer: Viewer,
        zone: Option<String>,
        now: Timestamp,
        told: &str,
        sessions: Vec<SessionRow>,
    ) -> PreferencesView {
        let place = zone.as_deref().unwrap_or("UTC").to_owned();
        let own = viewer.session.clone();
        let session = |row: SessionRow| SessionLine {
            is_this: row.key == own,
            key: row.key,
            browser: if row.agent.is_empty() { "A browser that does not say its name".to_owned() } else { row.agent },
            since: when(row.started, &place),
            seen: when(row.seen, &place),
        };
        let sessions = sessions.into_iter().map(session).collect();
        let set = use_context::<Preferences>().unwrap_or_default();
        let now = when(now, zone.as_deref().unwrap_or("UTC"));
        let told = match told {
            "ended" => Some((Tone::Ok, "Ended: those browsers are signed out.".to_owned())),
            "saved" => Some((Tone::Ok, saved(&set, &now.words))),
            "zone" => {
                Some((Tone::Bad, "There is no such time zone. Nothing was changed; choose one of the list.".to_owned()))
            }
            _ => None,
        };
        PreferencesView {
            role: role(viewer.role, viewer.organization.as_deref()),
            may: Right::ALL.into_iter().filter(|right| viewer.role.may(*right)).map(|r| does(r).to_owned()).collect(),
            email: viewer.email,
            without: match zone {
                Some(zone) => format!("The organization's ({zone})"),
                None => "Each organization's own, UTC in lists of several".to_owned(),
            },
            zones: use_context::<Zones>().map(|zones| zones.0.to_vec()).unwrap_or_default(),
            timezone: set.timezone.unwrap_or_default(),
            now,
            theme: use_context::<Theme>().unwrap_or_default(),
            density: use_context::<Density>().unwrap_or_default(),
            shortcuts: set.shortcuts,
            told,
            sessions,
        }
    }

    fn saved(set: &Preferences, now: &str) -> String {
        let zone = match &set.timezone {
            Some(zone) => format!("times are shown in {zone} (now {now})"),
            None => format!("times are shown in the organization's zone (now {now})"),
        };
        let rows = set.density.words().to_lowercase();
        let keys = if set.shortcuts { "on" } else { "off" };
        format!("Saved: {zone}, rows are {rows}, single keys are {keys}.")
    }

    fn role(role: Role, organization: Option<&str>) -> String {
        let name = if role == Role::Owner { "Owner of this instance" } else { text::role(role) };
        organization.map_or_else(|| name.to_owned(), |slug| format!("{name} of {slug}"))
    }

    const fn does(right: Right) -> &'static str {
        match right {
            Right::RunInstance => "Create organizations and accounts",
            Right::SeeFleet => "See how all organizations are doing; names of candidates are masked",
            Right::Configure => "Change connections, rules and people",
            Right::SeeConfiguration => "See the configuration and who changed it",
            Right::WorkWithCandidates => "Decide what only a person can: settle a send, send again",
            Right::TryAgain => "Have a delivery processed or a job run once more",
            Right::SeeCandidates => "Read the pages of candidates, with their names",
            Right::ImportResults => "Bring in results that Assay did not order",
        }
    }

    /// What a form says.
    pub fn read(timezone: &str, density: &str, shortcuts: Option<&str>) -> Result<Preferences, AppError> {
        let timezone = Some(timezone.trim().to_owned()).filter(|zone| !zone.is_empty());
        let known = |zone: &String| use_context::<Zones>().is_some_and(|zones| zones.0.contains(zone));
        if timezone.as_ref().is_some_and(|zone| !known(zone)) {
            // A form without client code is led back to the page, which says it.
            leptos_axum::redirect("/preferences?told=zone");
            return Err(AppError::Invalid { why: "There is no such time zone".to_owned() }.answered());
        }
        Ok(Preferences { timezone, density: Density::parse(density), shortcuts: shortcuts.is_some() })
    }

    /// Keeps the looks in this browser.
    pub fn keep(theme: Theme, density: Density) {
        let (Some(cookies), Some(answer)) = (use_context::<Cookies>(), use_context::<ResponseOptions>()) else {
            return;
        };
        for (name, value) in [(theme::COOKIE, theme.as_str()), (theme::DENSITY_COOKIE, density.as_str())] {
            let cookie = HeaderValue::from_str(&cookies.keep(name, value)).expect("names and values are plain words");
            answer.append_header(header::SET_COOKIE, cookie);
        }
    }

    #[cfg(test)]
    mod tests {
        use super::*;

        #[test]
        fn what_was_saved_is_said() {
            let set = Preferences { timezone: None, density: Density::Compact, shortcuts: false };
            let said = saved(&set, "noon");
            assert!(
                said.contains("the organization's zone (now noon), rows are compact, single keys are off."),
                "{said}"
            );
            let set = Preferences { timezone: Some("Asia/Tokyo".into()), ..Preferences::default() };
            let said = saved(&set, "noon");
            assert!(said.contains("in Asia/Tokyo (now noon), rows are comfortable, single keys are on."), "{said}");
        }

        #[test]
        fn every_role_is_told_what_it_may_do() {
            for of in Role::ALL {
                assert!(Right::ALL.into_iter().any(|right| of.may(right) && !does(right).is_empty()), "{of:?}");
            }
            assert_eq!(role(Role::Recruiter, Some("acme")), "Recruiter of acme");
            assert_eq!(role(Role::Owner, None), "Owner of this instance");
        }
    }
}

/// The page.
#[component]
pub fn PreferencesPage() -> impl IntoView {
    page_body(load_preferences(query_param("told").unwrap_or_default()), preferences)
}

fn preferences(page: PreferencesView) -> AnyView {
    let may = page.may.into_iter().map(|words| view! { <li>{words}</li> }).collect_view();
    view! {
        <PageHeader title=text::PREFERENCES/>
        <div class="preferences">
            {page.told.map(|(tone, sentence)| view! { <div role="status"><Banner tone sentence/></div> })}
            <form method="post" action=SavePreferences::PATH class="stack">
                {zone(page.timezone, page.without, page.zones, &page.now.words)}
                {looks(page.theme, page.density)}
                <Switch
                    id="single-keys" name="shortcuts" label="Single keys" on=page.shortcuts
                    hint="Keys such as / and ? and g h do something outside of fields. Ctrl K works in any case."
                />
                <p><Button word="Save preferences" kind=ButtonKind::Primary/></p>
            </form>
            <section class="section" aria-labelledby="you">
                <h2 id="you">"You"</h2>
                <p>{page.email.reveal().to_owned()}<br/><span class="muted">{page.role}</span></p>
                <p>"You may:"</p>
                <ul class="rights">{may}</ul>
            </section>
            {sessions(page.sessions)}
        </div>
    }
    .into_any()
}

fn sessions(all: Vec<SessionLine>) -> AnyView {
    let others = all.iter().any(|s| !s.is_this);
    let line = |session: SessionLine| {
        let end = if session.is_this {
            view! { <span class="muted">"This one"</span> }.into_any()
        } else {
            view! {
                <form method="post" action=EndSessions::PATH>
                    <input type="hidden" name="session" value=session.key/>
                    <Button word="End" small=true/>
                </form>
            }
            .into_any()
        };
        view! {
            <li class="session">
                <div>
                    <strong>{session.browser}</strong>
                    <span class="cell-note">"Since "<Time at=session.since/>", last seen "<Time at=session.seen/></span>
                </div>
                {end}
            </li>
        }
    };
    let lines = all.into_iter().map(line).collect_view();
    let everywhere = others.then(|| {
        view! { <form method="post" action=EndSessions::PATH><Button word="Sign out everywhere else"/></form> }
    });
    view! {
        <section class="section" aria-labelledby="sessions">
            <h2 id="sessions">"Where you are signed in"</h2>
            <ul class="sessions">{lines}</ul>
            {everywhere}
        </section>
    }
    .into_any()
}

fn zone(set: String, without: String, zones: Vec<String>, now: &str) -> AnyView {
    let options = zones.into_iter().map(|zone| Choice::new(zone.clone(), zone)).collect();
    let hint = format!("Times on all pages are in this zone; the pointer on a time shows UTC. Now it is {now}.");
    view! { <Combobox id="timezone" name="timezone" label="Time zone" options value=set none=without hint/> }.into_any()
}

fn looks(theme: Theme, density: Density) -> AnyView {
    let themes = Theme::ALL.map(|t| Choice::new(t.as_str(), t.words())).into();
    let rows = Density::ALL.map(|d| Choice::new(d.as_str(), d.words())).into();
    view! {
        <RadioCards
            id="theme" name="theme" legend="Theme" options=themes value=theme.as_str()
            hint="In this browser. System is what your device says."
        />
        <RadioCards id="density" name="density" legend="Rows" options=rows value=density.as_str() hint="In all your browsers."/>
    }
    .into_any()
}
