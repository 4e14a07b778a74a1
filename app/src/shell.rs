//! The document around the application, and its routes.

use domain::preferences::Preferences;
use leptos::config::LeptosOptions;
use leptos::nonce::use_nonce;
use leptos::prelude::*;
use leptos_meta::{MetaTags, provide_meta_context};
use leptos_router::components::{FlatRoutes, Route, Router};
use leptos_router::{SsrMode, path};

use crate::error::AppError;
use crate::frame::{Frame, shown_organization};
use crate::live::Stamped;
use crate::pages::audit::{AuditPage, InstanceAuditPage};
use crate::pages::candidate::CandidatePage;
use crate::pages::candidates::CandidatesPage;
use crate::pages::connections::ConnectionsPage;
use crate::pages::fleet::FleetPage;
use crate::pages::history::HistoryPage;
use crate::pages::home::HomePage;
use crate::pages::instance::InstancePage;
use crate::pages::integrations::IntegrationsPage;
use crate::pages::people::{InstancePeoplePage, PeoplePage};
use crate::pages::preferences::PreferencesPage;
use crate::pages::results::ResultsPage;
use crate::pages::reviews::ReviewsPage;
use crate::pages::reviews::history::ReviewHistoryPage;
use crate::pages::reviews::item::ReviewPage;
use crate::pages::traffic::deliveries::DeliveriesPage;
use crate::pages::traffic::delivery::DeliveryPage;
use crate::pages::traffic::jobs::JobsPage;
use crate::pages::triggers::TriggersPage;
use crate::pages::triggers::form::TriggerPage;
use crate::theme::{Density, Theme};
use crate::ui::ErrorPanel;

/// Addresses of the client bundle's files, beginning with `/`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bundle {
    /// The module made by wasm-bindgen.
    pub js: String,
    /// The application.
    pub wasm: String,
    /// All styles.
    pub css: String,
}

/// Address of the styles where no bundle says otherwise.
pub(crate) const STYLES: &str = "/pkg/assay.css";

/// Address of the font; the styles have the same. Its name holds its version, so it is kept for ever.
const FONT: &str = "/fonts/inter-latin-5.3.0.woff2";

/// The whole document. Without a bundle the page works without client code. The options are those of the server's build of
/// Leptos; nothing is read from them.
pub fn shell(_options: LeptosOptions, bundle: Option<Bundle>) -> impl IntoView {
    document(bundle, view! { <App/> }.into_any())
}

/// The document around a body. `data-bundle` tells the client code whether a page is of its own version.
pub(crate) fn document(bundle: Option<Bundle>, body: AnyView) -> impl IntoView {
    let theme = use_context::<Theme>().unwrap_or_default();
    let density = use_context::<Density>().unwrap_or_default();
    let shortcuts = use_context::<Preferences>().unwrap_or_default().shortcuts;
    let css = bundle.as_ref().map_or_else(|| STYLES.to_owned(), |b| b.css.clone());
    let version = bundle.as_ref().map(|b| b.wasm.clone());
    let organization = shown_organization();
    let stamp = use_context::<Option<Stamped>>().flatten().map(|stamped| stamped.0);
    view! {
        <!DOCTYPE html>
        <html
            lang="en" data-theme=theme.as_str() data-density=density.as_str() data-shortcuts=(!shortcuts).then_some("off")
            data-bundle=version data-organization=organization data-stamp=stamp
        >
            <head>
                <meta charset="utf-8"/>
                <meta name="viewport" content="width=device-width, initial-scale=1"/>
                <meta name="color-scheme" content="light dark"/>
                <link rel="icon" href="/favicon.svg" type="image/svg+xml"/>
                <link rel="preload" href=FONT r#as="font" r#type="font/woff2" crossorigin="anonymous"/>
                <link rel="stylesheet" href=css/>
                {bundle.map(|bundle| view! { <ClientCode bundle/> })}
                <MetaTags/>
            </head>
            <body>{body}</body>
        </html>
    }
}

/// Loads the client code beside the page and lets it take over.
#[component]
fn ClientCode(bundle: Bundle) -> impl IntoView {
    let Bundle { js, wasm, .. } = bundle;
    let start =
        format!("import start, {{ begin }} from {js:?};\nawait start({{ module_or_path: {wasm:?} }});\nbegin();\n");
    view! {
        <link rel="modulepreload" href=js nonce=use_nonce()/>
        <link rel="preload" href=wasm r#as="fetch" r#type="application/wasm" crossorigin="anonymous"/>
        <script type="module" nonce=use_nonce()>{start}</script>
    }
}

/// The application: routes inside the frame.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    view! {
        <Router>
            <Frame>
                <FlatRoutes fallback=NotFoundPage>
                    <Route path=path!("/") view=FleetPage ssr=SsrMode::Async/>
                    <Route path=path!("/preferences") view=PreferencesPage ssr=SsrMode::Async/>
                    <Route path=path!("/o/:slug") view=HomePage ssr=SsrMode::Async/>
                    <Route path=path!("/o/:slug/candidates") view=CandidatesPage ssr=SsrMode::Async/>
                    <Route path=path!("/o/:slug/candidates/:opportunity") view=CandidatePage ssr=SsrMode::Async/>
                    <Route path=path!("/o/:slug/reviews") view=ReviewsPage ssr=SsrMode::Async/>
                    <Route path=path!("/o/:slug/reviews/history") view=ReviewHistoryPage ssr=SsrMode::Async/>
                    <Route path=path!("/o/:slug/reviews/:review") view=ReviewPage ssr=SsrMode::Async/>
                    <Route path=path!("/o/:slug/results") view=ResultsPage ssr=SsrMode::Async/>
                    <Route path=path!("/o/:slug/triggers") view=TriggersPage ssr=SsrMode::Async/>
                    <Route path=path!("/o/:slug/triggers/:row") view=TriggerPage ssr=SsrMode::Async/>
                    <Route path=path!("/o/:slug/deliveries") view=DeliveriesPage ssr=SsrMode::Async/>
                    <Route path=path!("/o/:slug/deliveries/:delivery") view=DeliveryPage ssr=SsrMode::Async/>
                    <Route path=path!("/o/:slug/jobs") view=JobsPage ssr=SsrMode::Async/>
                    <Route path=path!("/o/:slug/integrations") view=IntegrationsPage ssr=SsrMode::Async/>
                    <Route path=path!("/o/:slug/connections") view=ConnectionsPage ssr=SsrMode::Async/>
                    <Route path=path!("/o/:slug/history") view=HistoryPage ssr=SsrMode::Async/>
                    <Route path=path!("/o/:slug/people") view=PeoplePage ssr=SsrMode::Async/>
                    <Route path=path!("/o/:slug/audit") view=AuditPage ssr=SsrMode::Async/>
                    <Route path=path!("/instance") view=InstancePage ssr=SsrMode::Async/>
                    <Route path=path!("/people") view=InstancePeoplePage ssr=SsrMode::Async/>
                    <Route path=path!("/audit") view=InstanceAuditPage ssr=SsrMode::Async/>
                </FlatRoutes>
            </Frame>
        </Router>
    }
}

/// No page has this address.
#[component]
fn NotFoundPage() -> impl IntoView {
    let error = AppError::NotFound.answered();
    view! { <ErrorPanel error/> }
}
