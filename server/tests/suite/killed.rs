//! The real process, killed with SIGKILL in the middle of its work and started again.

use std::io::{BufRead as _, BufReader};
use std::net::TcpListener;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use server::clock::SystemClock;
use server::sandbox::lever::{self, LeverSandbox, NewPerson, Seed};
use server::sandbox::organization;
use server::sandbox::vendors::{self, VendorSandbox};

use crate::engine::{Database, Engine};

const ROW: &str = "
[[trigger_stage]]
stage = \"Phone Screen Passed\"
vendor = \"py\"
default_test = \"Backend screen\"
pass_at = 80
fail_at = 40
";

/// How long anything may take on a busy machine before the test gives up.
const PATIENCE: Duration = Duration::from_secs(90);

struct Instance {
    folder: PathBuf,
    database: Database,
    address: String,
    child: Option<Child>,
}

impl Instance {
    fn command(&self) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_assay"));
        command
            .env_clear()
            .env("ASSAY_LISTEN", &self.address)
            .env("ASSAY_DATABASE_URL", self.database.url())
            .env("ASSAY_SECRET_KEY", "BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc=")
            .env("ASSAY_ALLOW_PRIVATE_REMOTES", "true")
            .env("ASSAY_SYNC_EVERY", "2s")
            .env("ASSAY_RESULT_POLL_EVERY", "1s")
            .env("ASSAY_LEVER_RATE", "500/s")
            .env("ASSAY_LOG", "warn")
            .current_dir(&self.folder)
            .stdin(Stdio::null());
        command
    }

    async fn start(&mut self) {
        self.child = Some(self.command().arg("serve").spawn().unwrap());
        let url = self.address.clone();
        until("the server is ready", || match std::net::TcpStream::connect(&url) {
            Ok(_) => Vec::new(),
            Err(error) => vec![error.to_string()],
        })
        .await;
    }

    /// SIGKILL: no handler runs, nothing is flushed.
    fn kill(&mut self) {
        let mut child = self.child.take().unwrap();
        child.kill().unwrap();
        child.wait().unwrap();
    }

    /// One JSON object a line.
    fn orders(&self) -> Vec<serde_json::Value> {
        let output = self.command().args(["orders", "list", "--org", "acme", "--json"]).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        BufReader::new(output.stdout.as_slice()).lines().map(|l| serde_json::from_str(&l.unwrap()).unwrap()).collect()
    }
}

impl Drop for Instance {
    fn drop(&mut self) {
        if self.child.is_some() {
            self.kill();
        }
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

#[expect(clippy::disallowed_methods, reason = "a real process is watched from outside")]
async fn pause(span: Duration) {
    tokio::time::sleep(span).await;
}

/// Waits until nothing is left; what is left is said when patience ends.
async fn until(what: &str, mut left: impl FnMut() -> Vec<String>) {
    let start = Instant::now();
    loop {
        let left = left();
        if left.is_empty() {
            return;
        }
        assert!(start.elapsed() < PATIENCE, "waited in vain until {what}: {left:#?}");
        pause(Duration::from_millis(50)).await;
    }
}

async fn twenty_candidates_survive(engine: Engine) {
    let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string();
    let folder = std::env::temp_dir().join(format!("assay-killed-{}", server::ids::token()));
    std::fs::create_dir_all(&folder).unwrap();
    let lever = LeverSandbox::start(lever::Options {
        seed: Seed::named("tiny"),
        clock: Arc::new(SystemClock),
        hook_gaps: vec![Duration::from_millis(200); 5],
        rate_limit: None,
        ..lever::Options::default()
    });
    let lever = lever.await.unwrap();
    let auto = vendors::Options { auto: true, auto_after: Duration::from_millis(300), ..vendors::Options::default() };
    let vendors = VendorSandbox::start(auto).await.unwrap();
    let mut assay = Instance { database: Database::create(engine).await, folder, address: free, child: None };

    let file = assay.folder.join("acme.toml");
    let text = organization::file(&lever, &vendors, &assay.folder, "acme", "Acme", ROW).unwrap();
    std::fs::write(&file, text).unwrap();
    assay.start().await;
    let applied = assay.command().args(["org", "apply"]).arg(&file).output().unwrap();
    assert!(applied.status.success(), "{}", String::from_utf8_lossy(&applied.stderr));
    let last = String::from_utf8(applied.stdout).unwrap().lines().last().unwrap().to_owned();
    let answer: serde_json::Value = serde_json::from_str(&last).unwrap();
    lever.set_hook(answer["lever_webhook_url"].as_str().unwrap());
    // "In force within two seconds": the rules must be older than the moves.
    pause(Duration::from_secs(2)).await;

    let mut people = Vec::new();
    for n in 0..20 {
        let email = format!("p{n}+{}@example.com", ["pass", "review", "fail"][n % 3]);
        let person = NewPerson { name: format!("P {n}"), emails: vec![email.clone()], ..NewPerson::default() };
        people.push((lever.add_person(person), email));
    }
    for (n, (person, _)) in people.iter().enumerate() {
        lever.move_stage(person, "Phone Screen Passed");
        pause(Duration::from_millis(15)).await;
        // In the middle of deciding, sending, writing back.
        if n % 5 == 4 {
            assay.kill();
            assay.start().await;
        }
    }
    until("every candidate has an order that ended", || {
        let orders = assay.orders();
        let ended = |o: &&serde_json::Value| o["state"] == "completed" || o["state"] == "needs-person";
        let open = orders.iter().filter(|o| !ended(o)).map(ToString::to_string);
        let missing = people.iter().filter(|(p, _)| !orders.iter().any(|o| o["opportunity"] == p.as_str()));
        open.chain(missing.map(|(p, email)| format!("no order for {email} ({p})"))).collect()
    })
    .await;
    until("every result is in Lever", || {
        let orders = assay.orders();
        let done = |id: &str| orders.iter().any(|o| o["opportunity"] == id && o["state"] == "completed");
        let unseen = people.iter().filter(|(p, _)| done(p) && !shows_result(&lever, p));
        unseen.map(|(p, _)| format!("{:?}", lever.opportunity(p))).collect()
    })
    .await;

    let settled = assay.orders();
    for (person, email) in &people {
        let invitations = vendors.invitations().iter().filter(|i| i.email == *email).count();
        assert!(invitations <= 1, "{email} was invited {invitations} times");
        let order = settled.iter().find(|o| o["opportunity"] == person.as_str()).unwrap();
        assert_eq!(order["state"] == "completed", shows_result(&lever, person), "{order}");
        if order["state"] == "completed" {
            assert_eq!(invitations, 1);
        }
    }
    let open = settled.iter().filter(|o| o["state"] == "needs-person").count();
    assert!(open <= 10, "only what was being sent at a kill may be left to a person, not {open} of 20");
    assay.kill();
    let database = assay.database.clone();
    drop(assay);
    database.remove().await;
}

/// Exactly one status tag, a result, and one link of ours.
fn shows_result(lever: &LeverSandbox, person: &str) -> bool {
    let o = lever.opportunity(person).unwrap();
    let tags: Vec<_> = o.tags.iter().filter(|t| t.starts_with("Py - ")).collect();
    let links = o.links.iter().filter(|l| l.contains("/reports/")).count();
    tags.len() == 1 && ["Py - Pass", "Py - Fail", "Py - Needs Review"].contains(&tags[0].as_str()) && links == 1
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_in_the_middle_of_twenty_candidates_on_sqlite() {
    twenty_candidates_survive(Engine::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_in_the_middle_of_twenty_candidates_on_postgres() {
    if Engine::Postgres.is_there("killed_in_the_middle_of_twenty_candidates") {
        twenty_candidates_survive(Engine::Postgres).await;
    }
}
