//! What is measured of the real process, and of a candidate between the sandboxes.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use server::sandbox::lever::{self, LeverSandbox, NewPerson, Seed};
use server::sandbox::organization;
use server::sandbox::vendors::{self, VendorSandbox};

use crate::{Failed, Folder, figure, load};

struct Process {
    child: Child,
    address: SocketAddr,
    ready_after: Duration,
}

impl Process {
    /// Starts `assay serve` beside this program and waits until it is ready.
    fn start(folder: &Folder, address: SocketAddr) -> Result<Self, Failed> {
        let started = Instant::now();
        let child = assay(folder, address)?.arg("serve").spawn()?;
        while !is_ready(address) {
            if started.elapsed() > Duration::from_secs(20) {
                return Err("assay serve did not become ready".into());
            }
            std::thread::sleep(Duration::from_millis(2));
        }
        Ok(Self { child, address, ready_after: started.elapsed() })
    }

    /// Resident memory in MB (10^6 bytes), as the kernel counts it.
    fn memory(&self) -> Result<f64, Failed> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id()))?;
        let line = status.lines().find_map(|l| l.strip_prefix("VmRSS:")).ok_or("no VmRSS")?;
        let kib: f64 = line.trim().trim_end_matches("kB").trim().parse()?;
        Ok(kib * 1_024.0 / 1e6)
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn assay(folder: &Folder, address: SocketAddr) -> Result<Command, Failed> {
    let program = std::env::current_exe()?.with_file_name("assay");
    let mut command = Command::new(program);
    command
        .env("ASSAY_LISTEN", address.to_string())
        .env("ASSAY_DATABASE_URL", folder.sqlite("process.db"))
        .env("ASSAY_ALLOW_PRIVATE_REMOTES", "true")
        .env("ASSAY_LOG", "warn")
        .stdin(Stdio::null());
    Ok(command)
}

fn is_ready(address: SocketAddr) -> bool {
    let ask = || -> std::io::Result<bool> {
        let mut stream = TcpStream::connect_timeout(&address, Duration::from_millis(200))?;
        stream.write_all(b"GET /readyz HTTP/1.1\r\nhost: bench\r\nconnection: close\r\n\r\n")?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer)?;
        Ok(answer.starts_with("HTTP/1.1 200"))
    };
    ask().unwrap_or(false)
}

/// Time to ready, idle memory, memory after a hundred thousand deliveries, calls to Lever for one candidate.
pub async fn real(folder: &Folder) -> Result<(), Failed> {
    println!("\nThe real process on SQLite");
    let address = TcpListener::bind("127.0.0.1:0")?.local_addr()?;
    drop(Process::start(folder, address)?);
    let process = Process::start(folder, address)?;
    let ready = process.ready_after;
    figure("ready after", format!("{} ms", ready.as_millis()), "<= 300 ms", ready <= Duration::from_millis(300));
    tokio::time::sleep(Duration::from_secs(3)).await;
    let idle = process.memory()?;
    figure("idle memory", format!("{idle:.0} MB"), "< 50 MB", idle < 50.0);

    let remotes = Remotes::start().await?;
    let hook = remotes.apply(folder, address)?;
    let requests = remotes.deliveries(&hook, 100_000);
    tokio::time::sleep(Duration::from_secs(2)).await;
    load::closed(process.address, Arc::new(requests), 64).await?;
    let after = process.memory()?;
    figure("memory after 100,000 deliveries", format!("{after:.0} MB"), "< 100 MB", after < 100.0);
    let calls = remotes.calls_for_one_candidate().await?;
    figure("calls to Lever for one candidate, entry to link", calls.to_string(), "<= 6", calls <= 6);
    Ok(())
}

struct Remotes {
    lever: LeverSandbox,
    vendors: VendorSandbox,
}

impl Remotes {
    async fn start() -> Result<Self, Failed> {
        let lever = lever::Options { seed: Seed::named("tiny"), rate_limit: None, ..lever::Options::default() };
        let vendors =
            vendors::Options { auto: true, auto_after: Duration::from_millis(500), ..vendors::Options::default() };
        Ok(Self { lever: LeverSandbox::start(lever).await?, vendors: VendorSandbox::start(vendors).await? })
    }

    /// Applies an organization; returns the path of its hook.
    fn apply(&self, folder: &Folder, address: SocketAddr) -> Result<String, Failed> {
        let row = "\n[[trigger_stage]]\nstage = \"Phone Screen Passed\"\nvendor = \"py\"\n\
                   default_test = \"Backend screen\"\npass_at = 80\nfail_at = 40\n";
        let file = folder.0.join("acme.toml");
        std::fs::write(&file, organization::file(&self.lever, &self.vendors, &folder.0, "acme", "Acme", row)?)?;
        let output = assay(folder, address)?.args(["org", "apply"]).arg(&file).output()?;
        if !output.status.success() {
            return Err(String::from_utf8_lossy(&output.stderr).into_owned().into());
        }
        let last = BufReader::new(&output.stdout[..]).lines().last().ok_or("no answer")??;
        let answer: serde_json::Value = serde_json::from_str(&last)?;
        let url = answer["lever_webhook_url"].as_str().ok_or("no webhook address")?;
        self.lever.set_hook(url);
        Ok(url.split_once("/hooks/").map(|(_, rest)| format!("/hooks/{rest}")).ok_or("no path")?)
    }

    /// Signed deliveries about a stage that is no trigger stage: receiving is measured, not working.
    fn deliveries(&self, path: &str, count: usize) -> Vec<load::Request> {
        let now = domain::Clock::now(&server::clock::SystemClock).as_millis();
        let one = |n: usize| {
            let token = format!("{n:048x}");
            let body = serde_json::json!({
                "id": n.to_string(), "event": "candidateStageChange", "triggeredAt": now, "token": token,
                "signature": lever::signature(self.lever.webhook_token(), &token, now),
                "data": {"opportunityId": format!("o{n}"), "contactId": "c", "toStageId": "elsewhere"},
            });
            load::post(path, &body.to_string())
        };
        (0..count).map(one).collect()
    }

    async fn calls_for_one_candidate(&self) -> Result<usize, Failed> {
        let ada = self.lever.add_person(NewPerson {
            name: "Ada Test".into(),
            emails: vec!["ada+pass@example.com".into()],
            ..NewPerson::default()
        });
        self.lever.move_stage(&ada, "Phone Screen Passed");
        let deadline = Instant::now() + Duration::from_secs(30);
        let done = || {
            self.lever.opportunity(&ada).is_some_and(|o| {
                o.tags.iter().any(|t| t == "Py - Pass")
                    && !o.tags.iter().any(|t| t == "Py - Sent")
                    && !o.links.is_empty()
            })
        };
        while !done() {
            if Instant::now() > deadline {
                return Err("the candidate's result did not reach Lever".into());
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        // Only calls about this candidate: the sweep's lists serve everyone.
        Ok(self.lever.journal().iter().filter(|c| c.path.contains(&ada)).count())
    }
}
