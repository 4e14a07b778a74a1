//! The developer's one entrance: `cargo xtask <verb>`.

mod browser;
mod build;
mod bundle;
mod dev;
mod lighthouse;
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
  bench [parts]      the benchmarks, with a PostgreSQL beside them; parts: bundle, acks, end-to-end, claims, pages,
                     matching, contacts, process, lighthouse";

/// Wrong use of the command line, as opposed to work that failed.
const USAGE: u8 = 2;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let Some((verb, rest)) = arguments.split_first() else {
        println!("{VERBS}");
        return ExitCode::SUCCESS;
    };
    match dispatch(verb, rest) {
        Some(Ok(true)) => ExitCode::SUCCESS,
        Some(Ok(false)) => ExitCode::FAILURE,
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

/// Whether all is well; `None` for a verb or an argument that does not exist.
fn dispatch(verb: &str, rest: &[String]) -> Option<Result<bool>> {
    let with_project =
        |work: &dyn Fn(&Project) -> Result<()>| Some(Project::load().and_then(|project| work(&project)).map(|()| true));
    match (verb, rest) {
        ("help" | "--help" | "-h", []) => {
            println!("{VERBS}");
            Some(Ok(true))
        }
        ("demo", _) => with_project(&|project| demo(project, rest)),
        ("test", _) => Some(Project::load().and_then(|project| test::all(&project, rest))),
        ("build", []) => with_project(&|project| build::release(project).map(|_| ())),
        ("dev", _) => with_project(&|project| dev::watch(project, rest)),
        ("lint", []) => with_project(&|project| lint::all(project, false)),
        ("lint", [flag]) if flag == "--install" => with_project(&|project| lint::all(project, true)),
        ("bench", _) => with_project(&|project| bench(project, rest)),
        _ => None,
    }
}

fn demo(project: &Project, arguments: &[String]) -> Result<()> {
    let built = build::release(project)?;
    let mut command = Command::new(built.binary);
    command.arg("demo").args(arguments).current_dir(&project.root);
    run::run(&mut command, "The line above says why.")
}

/// The weight of the client bundle, the server's benchmarks on a PostgreSQL that writes to disk as a real one does, and
/// Lighthouse on the demo. `arguments` name parts: `bundle`, `lighthouse`, and those of the server's.
fn bench(project: &Project, arguments: &[String]) -> Result<()> {
    let wanted = |part: &str| arguments.is_empty() || arguments.iter().any(|a| a == part);
    let built = build::release(project)?;
    if wanted("bundle") {
        built.weigh();
    }
    let of_server: Vec<&String> =
        arguments.iter().filter(|a| !["bundle", "lighthouse"].contains(&a.as_str())).collect();
    if arguments.is_empty() || !of_server.is_empty() {
        let database = postgres::obtain(Durability::On)?;
        let mut cargo = run::cargo(&project.root);
        cargo.args(["run", "--release", "--locked", "--package", &project.bin_package, "--bin", "bench", "--"]);
        cargo.args(of_server).env(postgres::URL_VARIABLE, database.url()).env(build::REVISION, &built.revision);
        run::run(&mut cargo, "The lines above say why.")?;
    }
    if wanted("lighthouse") {
        lighthouse::run(project, &built.binary)?;
    }
    Ok(())
}

/// One line of a benchmark: what, the figure, the limit, and whether it holds.
fn figure(what: &str, value: &str, limit: &str, holds: bool) {
    println!("{what:<58} {value:>24}   {limit:<34} {}", if holds { "ok" } else { "MISSED" });
}
