//! `assay demo`: the product between a sandbox Lever and sandbox vendors, with people to sign in as.

mod customers;
mod reviews;

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use app::frame::Sandboxes;
use app::sign_in::DemoSignIn;
use domain::Personal;
use domain::audit::Author;
use domain::ports::store::Account;
use domain::role::Role;
use domain::rules::Rate;
use tokio_util::sync::CancellationToken;

use crate::assembly::{Assay, Parts, bind};
use crate::clock::SystemClock;
use crate::config::{Config, SecretKey, ServeRole};
use crate::failure::{Exit, Failure};
use crate::organization::apply::webhook_url;
use crate::remote::Http;
use crate::sandbox::lever::{self, LeverSandbox, NewPerson, Seed};
use crate::sandbox::organization;
use crate::sandbox::vendors::{self, VendorSandbox};
use crate::secrets::Vault;
use crate::serve::{Running, bundle, passwords};
use crate::{cli::out, ids, signals, store};

/// The trigger stages of the demo.
const ROWS: &str = r#"
[[trigger_stage]]
stage = "Phone Screen Passed"
vendor = "py"
default_test = "Backend screen"
pass_at = 80
fail_at = 40
"#;

/// Candidates in the past of the organization that people play with.
const CANDIDATES: usize = 1_500;

/// People of the demo: label of the button, address, role.
const PEOPLE: [(&str, &str, Role); 6] = [
    ("Sue, super admin", "sue@acme.example", Role::SuperAdmin),
    ("Adam, admin", "adam@acme.example", Role::Admin),
    ("Rita, recruiter", "rita@acme.example", Role::Recruiter),
    ("Lim, limited", "lim@acme.example", Role::Limited),
    ("Mona, account manager", "mona@assay.example", Role::AccountManager),
    ("Otto, owner", "otto@assay.example", Role::Owner),
];

/// Runs the demo until told to stop, on a fresh database in `folder`, or in a folder that goes with it. The sandboxes listen
/// on the two ports after the product's.
///
/// # Errors
/// An address is taken, or the folder cannot be made.
pub async fn run(config: &Config, folder: Option<PathBuf>) -> Result<(), Failure> {
    let folder = Folder::create(folder).map_err(|e| Failure::new(Exit::Failed, format!("the demo's folder: {e}")))?;
    let [lever_at, vendors_at] = [1, 2].map(|n| beside(config.listen, n));
    let lever = LeverSandbox::start(lever::Options {
        listen: lever_at,
        seed: Seed::named("demo"),
        ..lever::Options::default()
    });
    let lever = lever.await.map_err(|e| taken("the sandbox Lever", lever_at, &e))?;
    let vendors =
        VendorSandbox::start(vendors::Options { listen: vendors_at, auto: true, ..vendors::Options::default() });
    let vendors = vendors.await.map_err(|e| taken("the sandbox vendors", vendors_at, &e))?;
    let listener = bind("ASSAY_LISTEN", config.listen).await.map_err(|e| Failure::new(Exit::Configuration, e))?;
    let address = listener.local_addr().unwrap_or(config.listen);

    let public_url = if config.public_url_is_set { config.public_url.clone() } else { format!("http://{address}") };
    let sandboxes = Sandboxes { lever: lever.page_url(), vendors: vendors.origin().to_owned() };
    let assay = assemble(&folder.path, public_url, sandboxes).await?;
    create_people(&assay, &folder.path, &lever, &vendors).await?;
    // Their accounts in Lever are there while the demo is.
    let _accounts = customers::create(&assay, &folder.path, &vendors).await?;
    out::line(&format!("Assay:           http://{address}"))?;
    out::line(&format!("Sandbox Lever:   {}", lever.page_url()))?;
    out::line(&format!("Sandbox vendors: {}", vendors.origin()))?;
    let organization = assay.cx.store.organization("acme").await;
    let organization = organization.map_err(|e| Failure::database("the demo's organization", &e))?;
    let brought = reviews::bring(&assay, organization.id, &lever).await;
    brought.map_err(|e| Failure::new(Exit::Failed, format!("the demo's results from outside: {e}")))?;
    play(&lever);

    let stop = CancellationToken::new();
    tokio::spawn(signals::stop_on_signal(stop.clone()));
    let running = Running { assay, role: ServeRole::All, stop };
    running.serve(listener).await
}

/// The same address, some ports on; any free port if the product's is one.
fn beside(listen: SocketAddr, ports: u16) -> SocketAddr {
    let port = if listen.port() == 0 { 0 } else { listen.port().saturating_add(ports) };
    SocketAddr::new(listen.ip(), port)
}

fn taken(what: &str, address: SocketAddr, error: &std::io::Error) -> Failure {
    Failure::new(Exit::Configuration, format!("{what} cannot listen on {address}: {error}; choose another address"))
}

async fn assemble(folder: &Path, public_url: String, sandboxes: Sandboxes) -> Result<Assay, Failure> {
    let url = format!("sqlite://{}", folder.join("assay.db").display());
    store::migrate(&url).await.map_err(|e| Failure::new(Exit::Database, e.to_string()))?;
    let store = store::connect(&url).await.map_err(|e| Failure::new(Exit::Database, e.to_string()))?;
    let people = PEOPLE.map(|(label, email, _)| DemoSignIn { label: label.to_owned(), email: email.to_owned() });
    Ok(Assay::new(Parts {
        store,
        vault: Vault::new(SecretKey::generate()),
        http: Http::new(true).map_err(|e| Failure::new(Exit::Failed, e))?,
        clock: Arc::new(SystemClock),
        public_url,
        lever_rate: Rate::parse("8/s").ok(),
        sync_every: Duration::from_secs(30),
        poll_every: Some(Duration::from_secs(5)),
        passwords: Arc::new(passwords()?),
        demo: people.to_vec(),
        sandboxes: Some(sandboxes),
        mailer: None,
        bundle: bundle(),
    }))
}

async fn create_people(
    assay: &Assay,
    folder: &Path,
    lever: &LeverSandbox,
    vendors: &VendorSandbox,
) -> Result<(), Failure> {
    let failed = |e: std::io::Error| Failure::new(Exit::Failed, format!("the demo's folder: {e}"));
    let file = organization::file(lever, vendors, folder, "acme", "Acme", ROWS).map_err(failed)?;
    assay.apply(&file, "demo.toml", "the demo").await?;
    let organization = assay.cx.store.organization("acme").await;
    let organization = organization.map_err(|e| Failure::database("the demo's organization", &e))?;
    lever.set_hook(&webhook_url(&assay.cx.public_url, &organization.hook));
    let past = customers::write_past(assay, &organization, CANDIDATES, false).await;
    past.map_err(|e| Failure::database("the demo's past could not be written", &e))?;
    for (_, email, role) in PEOPLE {
        let account = Account {
            id: ids::row(),
            email: Personal::new(email),
            role,
            organization: role.is_of_organization().then_some(organization.id),
            // Nobody signs in with a password here: no password has this hash.
            password_hash: "demo".to_owned(),
            disabled: false,
        };
        let created = assay.cx.store.create_account(account, &Author::system("the demo", assay.cx.clock.now())).await;
        created.map_err(|e| Failure::database("the demo's people could not be created", &e))?;
    }
    Ok(())
}

/// Some candidates pass the phone screen, so that the pages are alive.
fn play(lever: &LeverSandbox) {
    let people = [
        ("Ana Ruiz", "ana+pass@example.com", None),
        ("Ben Okafor", "ben+review@example.com", None),
        ("Chiara Rossi", "chiara+fail@example.com", None),
        ("Dmitri Ivanov", "dmitri+pass@example.com", Some("Data screen")),
        ("Emi Tanaka", "emi@example.com", Some("backend screen")),
        ("Farid Haddad", "farid@example.com", Some("Data screen")),
    ];
    for (name, email, tag) in people {
        let mut tags: Vec<String> = tag.into_iter().map(str::to_owned).collect();
        if name.starts_with("Farid") {
            tags.push("SQL basics".to_owned());
        }
        let person = NewPerson { name: name.into(), emails: vec![email.into()], tags, ..NewPerson::default() };
        let id = lever.add_person(person);
        lever.move_stage(&id, "Phone Screen Passed");
    }
}

/// Where the demo keeps its data: removed when it ends, unless it was named.
struct Folder {
    path: PathBuf,
    stays: bool,
}

impl Folder {
    fn create(named: Option<PathBuf>) -> std::io::Result<Self> {
        let stays = named.is_some();
        let path = named.unwrap_or_else(|| std::env::temp_dir().join(format!("assay-demo-{}", ids::token())));
        std::fs::create_dir_all(&path)?;
        Ok(Self { path, stays })
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        if !self.stays {
            let _ = std::fs::remove_dir_all(&self.path);
        }
    }
}
