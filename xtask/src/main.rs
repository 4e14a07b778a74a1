//! The developer's one entrance: `cargo xtask <verb>`.

mod browser;
mod build;
mod bundle;
mod dev;
mod lint;
mod postgres;
mod project;
mod run;
mod summary;
mod test;

use postgres::Durability;
use project::Project;
use run::Result;
use std::process::{Command, ExitCode};

const VERBS: &str = "\
cargo xtask <verb>

  demo [arguments]   build everything, then run `assay demo`
  test [parts]       every test there is; parts: checks, rust, browser
  build              the release server with the client bundle inside: target/release/assay
  dev [arguments]    debug build of both halves, again at every change; arguments go to `assay`, else `demo`
  lint [--install]   rustfmt, clippy, documentation, dependency rules; --install also installs cargo-deny
  bench [arguments]  the benchmarks, with a PostgreSQL beside them";

/// Wrong use of the command line, as opposed to work that failed.
const USAGE: u8 = 2;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let Some((verb, rest)) = arguments.split_first() else {
        println!("{VERBS}");
        return ExitCode::SUCCESS;
    };
    match dispatch(verb, rest) {
        Some(Ok(())) => ExitCode::SUCCESS,
        Some(Err(reason)) => {
            eprintln!("{reason}");
            ExitCode::FAILURE
        }
        None => {
            eprintln!("`{}` is not understood.\n\n{VERBS}", arguments.join(" "));
            ExitCode::from(USAGE)
        }
    }
}

/// `None` for a verb or an argument that does not exist.
fn dispatch(verb: &str, rest: &[String]) -> Option<Result<()>> {
    let with_project = |work: &dyn Fn(&Project) -> Result<()>| Some(Project::load().and_then(|project| work(&project)));
    match (verb, rest) {
        ("help" | "--help" | "-h", []) => {
            println!("{VERBS}");
            Some(Ok(()))
        }
        ("demo", _) => with_project(&|project| demo(project, rest)),
        ("test", _) => with_project(&|project| test::all(project, rest)),
        ("build", []) => with_project(&|project| build::release(project).map(|_| ())),
        ("dev", _) => with_project(&|project| dev::watch(project, rest)),
        ("lint", []) => with_project(&|project| lint::all(project, false)),
        ("lint", [flag]) if flag == "--install" => with_project(&|project| lint::all(project, true)),
        ("bench", _) => with_project(&|project| bench(project, rest)),
        _ => None,
    }
}

fn demo(project: &Project, arguments: &[String]) -> Result<()> {
    let binary = build::release(project)?;
    let mut command = Command::new(binary);
    command.arg("demo").args(arguments).current_dir(&project.root);
    run::run(&mut command, "The line above says why.")
}

/// The server's benchmarks, on a PostgreSQL that writes to disk as a real one does.
fn bench(project: &Project, arguments: &[String]) -> Result<()> {
    let database = postgres::obtain(Durability::On)?;
    let mut cargo = run::cargo(&project.root);
    cargo.args(["run", "--release", "--locked", "--package", &project.bin_package, "--bin", "bench", "--"]);
    cargo.args(arguments).env(postgres::URL_VARIABLE, database.url());
    run::run(&mut cargo, "The lines above say why.")
}
