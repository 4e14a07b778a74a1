//! The other organizations of the demo: each with a sandbox Lever of its own, a past, and a state that someone who watches
//! them should notice.

use std::path::Path;
use std::time::Duration;

use domain::audit::Author;
use domain::job::{Claimed, Finished, JobOutcome, NewJob, Work};
use domain::ports::store::{Application, Organization, Stored};
use domain::read::CandidateFilter;
use domain::retry::ATTEMPTS;
use secrecy::SecretString;

use crate::assembly::Assay;
use crate::failure::{Exit, Failure};
use crate::ids;
use crate::organization::apply::webhook_url;
use crate::sandbox::history::History;
use crate::sandbox::lever::{self, LeverSandbox, Seed};
use crate::sandbox::organization;
use crate::sandbox::vendors::VendorSandbox;

/// What is with an organization.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Lot {
    /// All is well.
    Healthy,
    /// Results and sends wait for people.
    Busy,
    /// Nobody is invited.
    Paused,
    /// The vendor refuses the key.
    WrongKey,
    /// Lever does not answer, and work piles up.
    Stuck,
    /// Nothing has come yet.
    New,
}

/// Slug, name, candidates, what is with it. The number of candidates is also the seed of its past.
const CUSTOMERS: [(&str, &str, usize, Lot); 7] = [
    ("birch", "Birch & Daughters", 300, Lot::Healthy),
    ("cobalt", "Cobalt Labs", 220, Lot::Healthy),
    ("delta", "Delta Freight", 180, Lot::Paused),
    ("elm", "Elm Health", 150, Lot::WrongKey),
    ("fjord", "Fjord Energy", 260, Lot::Stuck),
    ("granite", "Granite Bank", 120, Lot::Busy),
    ("harbor", "Harbor Games", 0, Lot::New),
];

/// No score lies between these, so no result waits for a person.
const CLEAR_CUT: &str = r#"
[[trigger_stage]]
stage = "Phone Screen Passed"
vendor = "py"
default_test = "Backend screen"
pass_at = 60
fail_at = 59
"#;

/// Failed for good, and waiting since 25 minutes.
const DEAD: usize = 14;
const WAITING: usize = 40;
const WAITING_SINCE: Duration = Duration::from_secs(25 * 60);

/// Creates them. Their accounts in Lever live as long as what is returned.
///
/// # Errors
/// A sandbox does not start, or the database fails.
pub(super) async fn create(
    assay: &Assay,
    folder: &Path,
    vendors: &VendorSandbox,
) -> Result<Vec<LeverSandbox>, Failure> {
    let mut accounts = Vec::new();
    for (slug, name, candidates, lot) in CUSTOMERS {
        let account = LeverSandbox::start(lever::Options { seed: Seed::named("tiny"), ..lever::Options::default() });
        let account =
            account.await.map_err(|e| Failure::new(Exit::Failed, format!("the sandbox Lever of {name}: {e}")))?;
        let rows = if lot == Lot::Busy { super::ROWS } else { CLEAR_CUT };
        let file = organization::file(&account, vendors, folder, slug, name, rows);
        let file = file.map_err(|e| Failure::new(Exit::Failed, format!("the demo's folder: {e}")))?;
        assay.apply(&file, "demo.toml", "the demo").await?;
        let settled = settle(assay, &account, slug, candidates, lot).await;
        settled.map_err(|e| Failure::database(&format!("the past of {name} could not be written"), &e))?;
        accounts.push(account);
    }
    Ok(accounts)
}

async fn settle(assay: &Assay, account: &LeverSandbox, slug: &str, candidates: usize, lot: Lot) -> Stored<()> {
    let organization = assay.cx.store.organization(slug).await?;
    account.set_hook(&webhook_url(&assay.cx.public_url, &organization.hook));
    write_past(assay, &organization, candidates, lot != Lot::Busy).await?;
    match lot {
        Lot::Healthy | Lot::Busy | Lot::New => Ok(()),
        Lot::Paused => {
            assay.cx.store.set_paused(organization.id, true, &Author::system("the demo", assay.cx.clock.now())).await
        }
        Lot::WrongKey => spoil_key(assay, organization).await,
        Lot::Stuck => {
            account.set_faults(lever::Faults { error_next: u32::MAX, error_status: 503, ..lever::Faults::default() });
            pile_up(assay, &organization).await
        }
    }
}

/// Six weeks of candidates. No vendor and no Lever is asked about any of them.
///
/// # Errors
/// If the database fails.
pub(super) async fn write_past(
    assay: &Assay,
    organization: &Organization,
    candidates: usize,
    smooth: bool,
) -> Stored<()> {
    let tests = assay.cx.store.catalogue(organization.id).await?;
    let past = History::of(organization, &tests, candidates, assay.cx.clock.now());
    History { smooth, seed: candidates as u64, ..past }.write(&*assay.cx.store).await
}

/// The key of the vendor as someone mistyped it: it was right when the organization was set up.
async fn spoil_key(assay: &Assay, organization: Organization) -> Stored<()> {
    let (store, now) = (&assay.cx.store, assay.cx.clock.now());
    let vault = &assay.cx.directory.clients().vault;
    let mut secrets = store.secrets(organization.id).await?;
    for secret in secrets.iter_mut().filter(|s| s.name.starts_with("vendor.")) {
        *secret = vault.seal_named(organization.id, &secret.name, &SecretString::from("mistyped"), now);
    }
    let application = Application {
        id: organization.id,
        hook: organization.hook,
        paused: false,
        expected_version: organization.version,
        rules: organization.rules,
        secrets,
        tests: Vec::new(),
        changes: vec!["~ vendor keys: secret changed".to_owned()],
        author: Author::system("the demo", now),
    };
    store.apply(application).await.map(drop)
}

/// Work that failed for good, and work that waits.
async fn pile_up(assay: &Assay, organization: &Organization) -> Stored<()> {
    let (store, now) = (&assay.cx.store, assay.cx.clock.now());
    let many = u32::try_from(DEAD + WAITING).unwrap_or(u32::MAX);
    let page = store.candidates(organization.id, &CandidateFilter::default(), many).await?;
    let since = now.minus(WAITING_SINCE);
    let mut jobs = page.rows.into_iter().map(|row| NewJob {
        id: ids::row(),
        organization: organization.id,
        work: Work::Follow { opportunity: row.opportunity },
        run_at: since,
    });
    let dead: Vec<NewJob> = jobs.by_ref().take(DEAD).collect();
    store.enqueue(dead).await?;
    for attempt in 1..=ATTEMPTS {
        let claimed = store.claim(many, now, now.plus(Duration::from_secs(60)), None).await?;
        let (ours, others): (Vec<_>, Vec<_>) = claimed.into_iter().partition(|c| c.organization == organization.id);
        let others: Vec<_> = others.into_iter().map(|c| (c.id, c.attempt)).collect();
        store.release(&others, now).await?;
        let error = "Lever: the server answered 503".to_owned();
        let outcome = match attempt {
            ATTEMPTS => JobOutcome::Dead { error },
            _ => JobOutcome::Retry { error, at: since },
        };
        let end = |claimed: Claimed| Finished {
            job: claimed.id,
            attempt: claimed.attempt,
            outcome: outcome.clone(),
            effects: Vec::new(),
            at: since,
        };
        for end in store.finish(ours.into_iter().map(end).collect()).await? {
            end?;
        }
    }
    store.enqueue(jobs.collect()).await
}
