//! What Lighthouse makes of the demo: the part of `cargo xtask bench` that looks from a browser.

use crate::postgres::free_port;
use crate::project::Project;
use crate::run::{self, Result};
use crate::{browser, figure};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// So long the demo may take until it listens.
const PATIENCE: Duration = Duration::from_secs(60);

/// What a page reached. Scores of 100; LCP and TBT in milliseconds.
#[derive(serde::Deserialize)]
struct Page {
    name: String,
    performance: u32,
    accessibility: u32,
    practices: u32,
    lcp: f64,
    cls: f64,
    tbt: f64,
    bytes: f64,
    failed: Vec<String>,
}

/// A demo that ends with this value.
struct Demo(Child);

impl Demo {
    #[expect(clippy::disallowed_methods, reason = "a build tool waits for another process")]
    fn start(binary: &Path, port: u16) -> Result<Self> {
        let mut command = Command::new(binary);
        command.arg("demo").env("ASSAY_LISTEN", format!("127.0.0.1:{port}")).env("ASSAY_LOG", "error");
        let child =
            command.stdout(Stdio::null()).spawn().map_err(|e| format!("The demo could not be started: {e}."))?;
        let demo = Self(child);
        let started = Instant::now();
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            if started.elapsed() > PATIENCE {
                return Err("The demo did not listen within a minute; run `cargo xtask demo` to see why.".into());
            }
            std::thread::sleep(Duration::from_millis(100));
        }
        Ok(demo)
    }
}

impl Drop for Demo {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Prints the scores of the pages that people see most, each beside its limit.
pub fn run(project: &Project, binary: &Path) -> Result<()> {
    let chromium = browser::chromium()?;
    let folder = project.root.join("end2end");
    run::npm_ci(&folder)?;
    let port = free_port()?;
    let _demo = Demo::start(binary, port)?;
    let mut node = Command::new("node");
    node.args(["lighthouse.mjs", &format!("http://127.0.0.1:{port}")]).current_dir(&folder);
    node.env("CHROMIUM_PATH", chromium).env("LIGHTHOUSE_PORT", free_port()?.to_string());
    run::announce(&node);
    let lines = run::capture(&mut node)?;
    println!("\nLighthouse, desktop, on the demo");
    for line in lines.lines() {
        let page: Page = serde_json::from_str(line).map_err(|e| format!("`{line}` is no result: {e}."))?;
        show(&page);
    }
    Ok(())
}

fn show(page: &Page) {
    let figure = |what: &str, value: String, limit: &str, holds: bool| {
        figure(&format!("{}: {what}", page.name), &value, limit, holds);
    };
    figure("performance", page.performance.to_string(), ">= 95", page.performance >= 95);
    figure("accessibility", page.accessibility.to_string(), "100", page.accessibility == 100);
    figure("best practices", page.practices.to_string(), "100", page.practices == 100);
    figure("largest contentful paint", format!("{:.2} s", page.lcp / 1_000.0), "<= 1.0 s", page.lcp <= 1_000.0);
    figure("layout shift", format!("{:.3}", page.cls), "<= 0.02", page.cls <= 0.02);
    figure("blocked", format!("{:.0} ms", page.tbt), "<= 100 ms", page.tbt <= 100.0);
    figure("transferred", format!("{:.0} KB", page.bytes / 1_000.0), "", true);
    if !page.failed.is_empty() {
        println!("  short of full marks: {}", page.failed.join(", "));
    }
}
