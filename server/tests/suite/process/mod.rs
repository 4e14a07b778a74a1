//! The real process, as an operator runs it, between the sandboxes.

mod killed;
mod rotated;
mod taken;
mod unheard;

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use server::sandbox::lever::LeverSandbox;
use server::sandbox::organization;
use server::sandbox::vendors::VendorSandbox;

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

const KEY: &str = "BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc=";

struct Instance {
    folder: PathBuf,
    database: String,
    /// `ASSAY_SECRET_KEY`; `None`: the file beside the database.
    key: Option<String>,
    address: String,
    child: Option<Child>,
}

impl Instance {
    /// With a folder of its own, on a free port.
    fn new(database: impl Into<String>, key: Option<&str>) -> Self {
        let folder = std::env::temp_dir().join(format!("assay-process-{}", server::ids::token()));
        std::fs::create_dir_all(&folder).unwrap();
        let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string();
        Self { folder, database: database.into(), key: key.map(str::to_owned), address, child: None }
    }

    fn command(&self) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_assay"));
        command
            .env_clear()
            .env("ASSAY_LISTEN", &self.address)
            .env("ASSAY_DATABASE_URL", &self.database)
            .env("ASSAY_ALLOW_PRIVATE_REMOTES", "true")
            .env("ASSAY_SYNC_EVERY", "2s")
            .env("ASSAY_RESULT_POLL_EVERY", "1s")
            .env("ASSAY_LEVER_RATE", "500/s")
            .env("ASSAY_LOG", "warn")
            .current_dir(&self.folder)
            .stdin(Stdio::null());
        if let Some(key) = &self.key {
            command.env("ASSAY_SECRET_KEY", key);
        }
        command
    }

    async fn start(&mut self) {
        self.child = Some(self.command().arg("serve").stdout(Stdio::null()).spawn().unwrap());
        let address = self.address.clone();
        // It listens before it has a database.
        until("the server is ready", || match ready(&address) {
            Ok(true) => Vec::new(),
            Ok(false) => vec!["not ready yet".to_owned()],
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

    /// What a command that succeeds prints.
    fn ran(&self, arguments: &[&str]) -> String {
        let output = self.command().args(arguments).output().unwrap();
        assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    }

    /// Connects the organization `acme` with the sandboxes and waits until its rules are in force.
    async fn connect(&self, lever: &LeverSandbox, vendors: &VendorSandbox) {
        let text = organization::file(lever, vendors, &self.folder, "acme", "Acme", ROW).unwrap();
        std::fs::write(self.folder.join("acme.toml"), text).unwrap();
        let answer = self.ran(&["org", "apply", "acme.toml"]);
        let answer: serde_json::Value = serde_json::from_str(answer.lines().last().unwrap()).unwrap();
        lever.set_hook(answer["lever_webhook_url"].as_str().unwrap());
        // "In force within two seconds": the rules must be older than the moves.
        pause(Duration::from_secs(2)).await;
    }

    /// One JSON object a line.
    fn orders(&self) -> Vec<serde_json::Value> {
        let lines = self.ran(&["orders", "list", "--org", "acme", "--json"]);
        lines.lines().map(|l| serde_json::from_str(l).unwrap()).collect()
    }
}

/// What `/readyz` says.
fn ready(address: &str) -> std::io::Result<bool> {
    let mut stream = TcpStream::connect(address)?;
    stream.set_read_timeout(Some(Duration::from_secs(5)))?;
    stream.write_all(b"GET /readyz HTTP/1.1\r\nHost: assay\r\nConnection: close\r\n\r\n")?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    Ok(answer.starts_with("HTTP/1.1 200"))
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
