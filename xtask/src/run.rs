//! Running other programs: one place that prints what runs and turns failures into one sentence.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// A sentence that says what went wrong and what to do next.
pub type Result<T> = std::result::Result<T, String>;

/// `cargo`, the same one that runs this program, in the folder `root`.
pub fn cargo(root: &Path) -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(root);
    command
}

/// Runs a command with its output on the terminal; anything but exit code 0 is an error that ends in `next`.
pub fn run(command: &mut Command, next: &str) -> Result<()> {
    let line = announce(command);
    let status = command.status().map_err(|e| format!("`{line}` could not be started: {e}. {next}"))?;
    if status.success() { Ok(()) } else { Err(format!("`{line}` failed ({status}). {next}")) }
}

/// Runs a command without a word and returns what it wrote to stdout.
pub fn capture(command: &mut Command) -> Result<String> {
    let line = display(command);
    let output = command.stdin(Stdio::null()).output().map_err(|e| format!("`{line}` could not be started: {e}."))?;
    if !output.status.success() {
        let errors = String::from_utf8_lossy(&output.stderr);
        let last = errors.lines().rev().find(|l| !l.trim().is_empty()).unwrap_or("it printed nothing");
        return Err(format!("`{line}` failed ({}): {last}", output.status));
    }
    String::from_utf8(output.stdout).map_err(|_| format!("`{line}` printed something that is not UTF-8."))
}

/// Prints the command line that is about to run and returns it.
pub fn announce(command: &Command) -> String {
    let line = display(command);
    println!("\n> {line}");
    line
}

fn display(command: &Command) -> String {
    let program = Path::new(command.get_program()).file_name().unwrap_or(command.get_program());
    std::iter::once(program).chain(command.get_args()).map(|a| a.to_string_lossy()).collect::<Vec<_>>().join(" ")
}

/// Where a program lies on `PATH`.
pub fn find_program(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|folder| folder.join(name)).find(|file| file.is_file())
}

/// Whether the tests run on a build machine, where a missing tool is a failure and not a reason to skip.
pub fn is_ci() -> bool {
    std::env::var("CI").is_ok_and(|v| !matches!(v.as_str(), "" | "0" | "false"))
}

/// Whether this process may install Debian packages.
pub fn can_apt_install() -> bool {
    crate::postgres::is_root() && find_program("apt-get").is_some()
}

/// Installs one Debian package. Only meaningful where [`can_apt_install`] holds.
pub fn apt_install(package: &str) -> Result<()> {
    let next = format!("Install {package} by hand, then run this again.");
    let apt = |args: &[&str]| {
        let mut command = Command::new("apt-get");
        command.args(args).env("DEBIAN_FRONTEND", "noninteractive");
        run(&mut command, &next)
    };
    apt(&["update", "-q"])?;
    apt(&["install", "-q", "-y", "--no-install-recommends", package])
}

/// `npm ci` in `folder`, unless what it would install is there already.
pub fn npm_ci(folder: &Path) -> Result<()> {
    let modified = |file: PathBuf| file.metadata().and_then(|m| m.modified()).ok();
    let wanted = modified(folder.join("package-lock.json"));
    let installed = modified(folder.join("node_modules/.package-lock.json"));
    if installed.is_some() && installed >= wanted {
        return Ok(());
    }
    let mut command = Command::new("npm");
    command.args(["ci", "--no-audit", "--no-fund"]).current_dir(folder);
    run(&mut command, &format!("Check the network, then run `npm ci` in {}.", folder.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failing_command_is_named_with_the_next_step() {
        let error = run(&mut Command::new("false"), "Try something else.").unwrap_err();
        assert!(error.starts_with("`false` failed"), "{error}");
        assert!(error.ends_with("Try something else."), "{error}");
    }

    #[test]
    fn a_missing_program_is_named() {
        let error = capture(&mut Command::new("no-such-program-anywhere")).unwrap_err();
        assert!(error.starts_with("`no-such-program-anywhere` could not be started"), "{error}");
    }

    #[test]
    fn captured_output_comes_back_whole() {
        assert_eq!(capture(Command::new("printf").arg("a\nb")).unwrap(), "a\nb");
    }
}
