//! A new secret key under a product that serves.

use std::fs;
use std::sync::Arc;

use server::clock::SystemClock;
use server::sandbox::lever::{self, LeverSandbox, NewPerson, Seed};
use server::sandbox::vendors::{self, VendorSandbox};

use super::{Instance, KEY, until};
use crate::engine::{Database, Engine};

const NEW: &str = "CAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAg=";

async fn sandboxes() -> (LeverSandbox, VendorSandbox) {
    let options = lever::Options {
        seed: Seed::named("tiny"),
        clock: Arc::new(SystemClock),
        rate_limit: None,
        ..lever::Options::default()
    };
    let vendors = VendorSandbox::start(vendors::Options::default()).await.unwrap();
    (LeverSandbox::start(options).await.unwrap(), vendors)
}

/// Someone comes into the trigger stage and is invited: the keys of Lever and of the vendor are in use.
async fn invites(lever: &LeverSandbox, vendors: &VendorSandbox, name: &str) {
    let email = format!("{name}@example.com");
    let person = NewPerson { name: name.to_owned(), emails: vec![email.clone()], ..NewPerson::default() };
    lever.move_stage(&lever.add_person(person), "Phone Screen Passed");
    until("the invitation has come", || {
        let there = vendors.invitations().iter().any(|i| i.email == email);
        if there { Vec::new() } else { vec![email.clone()] }
    })
    .await;
}

/// What `assay doctor` says of the key.
fn doctor(assay: &Instance) -> serde_json::Value {
    let lines = assay.ran(&["doctor", "--json"]);
    let mut checks = lines.lines().map(|l| serde_json::from_str::<serde_json::Value>(l).unwrap());
    checks.rfind(|c| c["check"] == "secret key").unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_key_file_turns_while_candidates_come() {
    let (lever, vendors) = sandboxes().await;
    let mut assay = Instance::new("sqlite://assay.db", None);
    assay.start().await;
    assay.connect(&lever, &vendors).await;
    invites(&lever, &vendors, "before").await;
    let file = assay.folder.join("assay.key");
    let before = fs::read_to_string(&file).unwrap();

    let mut rotation = assay.command().args(["key", "rotate"]).stdout(std::process::Stdio::piped()).spawn().unwrap();
    invites(&lever, &vendors, "meanwhile").await;
    assert!(rotation.wait().unwrap().success());
    let after = fs::read_to_string(&file).unwrap();
    assert!(after.lines().count() == 1 && after != before);
    let kept = fs::read_dir(&assay.folder).unwrap().map(|e| e.unwrap().path());
    let kept: Vec<_> = kept.filter(|p| p.to_string_lossy().contains("assay.key.until-")).collect();
    assert_eq!(kept.len(), 1, "{kept:?}");
    assert_eq!(fs::read_to_string(&kept[0]).unwrap(), before);
    assert_eq!(doctor(&assay)["status"], "ok");

    // What runs stores under the new key and opens what was encrypted anew.
    invites(&lever, &vendors, "afterwards").await;
    assay.kill();
    assay.start().await;
    invites(&lever, &vendors, "started-again").await;
    let record = assay.ran(&["doctor", "--json"]);
    assert!(record.contains("audit"), "{record}");
    assay.kill();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rotation_that_was_interrupted_goes_on() {
    let (lever, vendors) = sandboxes().await;
    let mut assay = Instance::new("sqlite://assay.db", None);
    assay.start().await;
    assay.connect(&lever, &vendors).await;
    let file = assay.folder.join("assay.key");
    let before = fs::read_to_string(&file).unwrap();
    // It died after the first step.
    fs::write(&file, format!("{NEW}\n{before}")).unwrap();
    invites(&lever, &vendors, "with-both").await;
    assert_eq!(doctor(&assay)["status"], "warn", "secrets are under the old key");
    assay.ran(&["key", "rotate"]);
    assert_eq!(fs::read_to_string(&file).unwrap().trim(), NEW, "no third key is made");
    assert_eq!(doctor(&assay)["status"], "ok");
    assay.kill();
    assay.start().await;
    invites(&lever, &vendors, "started-again").await;
    assay.kill();
}

#[tokio::test(flavor = "multi_thread")]
async fn keys_that_the_operator_sets_turn_on_many_nodes() {
    if !Engine::Postgres.is_there("keys_that_the_operator_sets_turn_on_many_nodes") {
        return;
    }
    let (lever, vendors) = sandboxes().await;
    let database = Database::create(Engine::Postgres).await;
    let mut assay = Instance::new(database.url(), Some(KEY));
    assay.start().await;
    assay.connect(&lever, &vendors).await;
    let refused = assay.command().args(["key", "rotate"]).output().unwrap();
    let sentence = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert_eq!(refused.status.code(), Some(3), "{sentence}");
    assert!(sentence.contains("OLD,NEW"), "{sentence}");

    assay.kill();
    assay.key = Some(format!("{KEY},{NEW}"));
    assay.start().await;
    assay.key = Some(format!("{NEW},{KEY}"));
    let said = assay.ran(&["key", "rotate"]);
    assert!(said.contains("Encrypted 3 credentials anew."), "{said}");
    let again = assay.ran(&["key", "rotate"]);
    assert!(again.contains("No credential had to be encrypted anew."), "{again}");
    invites(&lever, &vendors, "with-both").await;
    assay.kill();
    assay.key = Some(NEW.to_owned());
    assert_eq!(doctor(&assay)["status"], "ok");
    assay.start().await;
    invites(&lever, &vendors, "with-the-new-one").await;
    assay.kill();
    drop(assay);
    database.remove().await;
}
