//! `assay demo`: the product between a sandbox Lever and sandbox vendors, with people to sign in as.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use app::DemoSignIn;
use domain::Personal;
use domain::ports::store::Account;
use domain::role::Role;
use domain::rules::Rate;
use tokio_util::sync::CancellationToken;

use crate::assembly::{Assay, Parts, bind};
use crate::clock::SystemClock;
use crate::config::{SecretKey, ServeRole};
use crate::failure::{Exit, Failure};
use crate::remote::Http;
use crate::sandbox::lever::{self, LeverSandbox, NewPerson, Seed};
use crate::organization::apply::webhook_url;
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

/// People of the demo: label of the button, address, role.
const PEOPLE: [(&str, &str, Role); 6] = [
    ("Sue, super admin", "sue@acme.example", Role::SuperAdmin),
    ("Adam, admin", "adam@acme.example", Role::Admin),
    ("Rita, recruiter", "rita@acme.example", Role::Recruiter),
    ("Lim, limited", "lim@acme.example", Role::Limited),
    ("Mona, account manager", "mona@assay.example", Role::AccountManager),
    ("Otto, owner", "otto@assay.example", Role::Owner),
];

/// Where the demo listens.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// The product.
    pub listen: SocketAddr,
    /// The sandbox Lever and the sandbox vendors.
    pub sandboxes: [SocketAddr; 2],
}

/// Runs the demo until told to stop. Everything lives in a folder that goes with it.
///
/// # Errors
/// An address is taken, or the folder cannot be made.
pub async fn run(options: Options) -> Result<(), Failure> {
    let folder = Folder::create().map_err(|e| Failure::new(Exit::Failed, format!("the demo's folder: {e}")))?;
    let lever = LeverSandbox::start(lever::Options {
        listen: options.sandboxes[0],
        seed: Seed::named("demo"),
        ..lever::Options::default()
    });
    let lever = lever.await.map_err(|e| taken("the sandbox Lever", options.sandboxes[0], &e))?;
    let vendors = VendorSandbox::start(vendors::Options {
        listen: options.sandboxes[1],
        auto: true,
        ..vendors::Options::default()
    });
    let vendors = vendors.await.map_err(|e| taken("the sandbox vendors", options.sandboxes[1], &e))?;
    let listener = bind("--listen", options.listen).await.map_err(|e| Failure::new(Exit::Configuration, e))?;
    let address = listener.local_addr().unwrap_or(options.listen);

    let assay = assemble(&folder.0, format!("http://{address}")).await?;
    create_people(&assay, &folder.0, &lever, &vendors).await?;
    out::line(&format!("Assay:           http://{address}"));
    out::line(&format!("Sandbox Lever:   {}", lever.page_url()));
    out::line(&format!("Sandbox vendors: {}", vendors.origin()));
    play(&lever);

    let stop = CancellationToken::new();
    tokio::spawn(signals::stop_on_signal(stop.clone()));
    let running = Running { assay, role: ServeRole::All, sync_every: Duration::from_secs(30), stop };
    running.serve(listener).await
}

fn taken(what: &str, address: SocketAddr, error: &std::io::Error) -> Failure {
    Failure::new(Exit::Configuration, format!("{what} cannot listen on {address}: {error}; choose another address"))
}

async fn assemble(folder: &Path, public_url: String) -> Result<Assay, Failure> {
    let url = format!("sqlite://{}", folder.join("assay.db").display());
    let store = store::connect(&url).await.map_err(|e| Failure::new(Exit::Database, e.to_string()))?;
    let people = PEOPLE.map(|(label, email, _)| DemoSignIn { label: label.to_owned(), email: email.to_owned() });
    Ok(Assay::new(Parts {
        store,
        vault: Vault::new(&SecretKey::generate()),
        http: Http::new(true).map_err(|e| Failure::new(Exit::Failed, e))?,
        clock: Arc::new(SystemClock),
        public_url,
        lever_rate: Rate::parse("8/s").ok(),
        poll_every: Some(Duration::from_secs(5)),
        passwords: Arc::new(passwords()?),
        demo: people.to_vec(),
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
        let created = assay.cx.store.create_account(account, assay.cx.clock.now()).await;
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

/// A folder that is removed when the demo ends.
struct Folder(PathBuf);

impl Folder {
    fn create() -> std::io::Result<Self> {
        let path = std::env::temp_dir().join(format!("assay-demo-{}", ids::token()));
        std::fs::create_dir_all(&path)?;
        Ok(Self(path))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}
