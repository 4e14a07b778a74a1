//! `cargo xtask build`: the client bundle, then the release server that carries it.

use crate::bundle::{self, Size};
use crate::figure;
use crate::project::Project;
use crate::run::{self, Result};
use std::path::PathBuf;
use std::process::Command;
use std::time::Instant;

/// The target triple of the browser half.
pub const WASM_TARGET: &str = "wasm32-unknown-unknown";

/// Tells rustc which bundle the server carries: it is built again when the bundle changes.
pub const REVISION: &str = "ASSAY_SITE_REVISION";

/// What the debug and the release build of the browser half differ in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Optimised, shrunk and compressed.
    Release,
    /// As fast as possible to build.
    Debug,
}

/// A finished release build.
#[derive(Debug)]
pub struct Built {
    /// The server.
    pub binary: PathBuf,
    /// The files of the bundle that it carries.
    pub sizes: Vec<Size>,
    /// Of the bundle.
    pub revision: String,
}

impl Built {
    /// Prints what a browser loads, each beside its limit in KB (1,000 bytes).
    pub fn weigh(&self) {
        println!("\nWhat a browser loads, brotli");
        for (ending, what, limit) in [("wasm", "client code", 200), ("js", "its glue", 15), ("css", "styles", 20)] {
            let of_kind = self.sizes.iter().filter(|s| s.name.ends_with(ending));
            let bytes: u64 = of_kind.map(|s| s.brotli.unwrap_or(s.raw)).sum();
            figure(what, &format!("{:.1} KB", bytes as f64 / 1e3), &format!("<= {limit} KB"), bytes <= limit * 1_000);
        }
    }
}

/// Builds everything.
pub fn release(project: &Project) -> Result<Built> {
    let started = Instant::now();
    let site = site(project, Mode::Release)?;
    let after_site = started.elapsed();
    server(project, Mode::Release, &site.revision)?;
    let binary = project.binary("release");
    let size = binary.metadata().map_err(|e| format!("{} cannot be read: {e}.", binary.display()))?.len();

    println!("\n{:<34} {:>10} {:>10} {:>10}", "file", "bytes", "gzip", "brotli");
    for Size { name, raw, gzip, brotli } in &site.sizes {
        let cell = |n: &Option<u64>| n.map_or_else(|| "-".to_owned(), |n| n.to_string());
        println!("{name:<34} {raw:>10} {:>10} {:>10}", cell(gzip), cell(brotli));
    }
    println!(
        "\n{} ({:.1} MB): bundle {:.0} s, server {:.0} s.",
        binary.display(),
        size as f64 / 1e6,
        after_site.as_secs_f64(),
        (started.elapsed() - after_site).as_secs_f64()
    );
    Ok(Built { binary, sizes: site.sizes, revision: site.revision })
}

/// Builds the browser half and writes the site folder.
pub fn site(project: &Project, mode: Mode) -> Result<bundle::Site> {
    ensure_wasm_target(project)?;
    let mut cargo = run::cargo(&project.root);
    cargo.args(["build", "--locked", "--lib", "--package", &project.lib_package, "--target", WASM_TARGET]);
    cargo.args(["--no-default-features", "--features", &project.lib_features.join(",")]);
    let folder = match mode {
        Mode::Release => {
            cargo.args(["--profile", &project.lib_profile]);
            project.lib_profile.as_str()
        }
        Mode::Debug => "debug",
    };
    run::run(&mut cargo, "Mend the errors above in app/ or domain/, then run it again.")?;
    let file = format!("{}.wasm", project.lib_package.replace('-', "_"));
    let wasm = project.target.join(WASM_TARGET).join(folder).join(file);
    bundle::write(project, &wasm, mode)
}

/// Builds the server. `revision` tells rustc that the embedded site changed.
pub fn server(project: &Project, mode: Mode, revision: &str) -> Result<()> {
    let mut cargo = run::cargo(&project.root);
    cargo.args(["build", "--locked", "--package", &project.bin_package, "--bin", &project.bin_target]);
    if mode == Mode::Release {
        cargo.arg("--release").env(REVISION, revision);
    }
    run::run(&mut cargo, "Mend the errors above, then run it again.")
}

/// Sees to it that rustc can compile for the browser.
pub fn ensure_wasm_target(project: &Project) -> Result<()> {
    let sysroot = run::capture(Command::new("rustc").args(["--print", "sysroot"]).current_dir(&project.root))?;
    if PathBuf::from(sysroot.trim()).join("lib/rustlib").join(WASM_TARGET).join("lib").is_dir() {
        return Ok(());
    }
    if run::find_program("rustup").is_none() {
        return Err(format!(
            "The Rust target {WASM_TARGET} is missing and rustup is not there to add it. \
             Install rustup (https://rustup.rs) or your distribution's {WASM_TARGET} standard library, then run it again."
        ));
    }
    let mut rustup = Command::new("rustup");
    rustup.args(["target", "add", WASM_TARGET]).current_dir(&project.root);
    run::run(&mut rustup, &format!("Check the network, then run `rustup target add {WASM_TARGET}`."))
}
