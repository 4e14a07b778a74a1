//! The binary `assay`.

use std::process::ExitCode;

fn main() -> ExitCode {
    server::cli::main()
}
