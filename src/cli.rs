//! The command line: the only writer of stdout and stderr.

mod argocd;
mod generate;
mod get;
mod init;
mod lock;
mod output_selection;
mod plugin;
mod remove;
mod session;
mod terminal;
mod validate;

use std::ffi::OsString;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{CommandFactory as _, FromArgMatches as _, Parser, Subcommand};

use crate::diagnostic::escape_control_chars;
use terminal::{CommandResult, EXIT_BUG, EXIT_USAGE, print_stderr, print_stdout};

/// The stack that the work is done on, in bytes: budgets bound how deep it goes, and what the system
/// gives to a process's first thread may be far less.
const STACK: usize = 8 << 20;

/// Compile a Git folder of users and templates into the Cluster API manifests of a fleet.
#[derive(Parser)]
#[command(
    name = "kubectl-fleet",
    disable_version_flag = true,
    arg_required_else_help = true,
    after_help = "Exit codes:
  0   fine
  1   `validate` found an error
  2   the command line is wrong
  3   the fleet's files are wrong
  4   a guard or a budget refused
  5   the environment failed: a folder, a disk
  70  a bug of kubectl-fleet"
)]
struct Cli {
    #[command(subcommand)]
    command: Command,
    /// Work as if started in this folder
    #[arg(
        short = 'C',
        long = "chdir",
        value_name = "DIR",
        global = true,
        display_order = 100
    )]
    chdir: Option<PathBuf>,
}

#[derive(Subcommand)]
enum Command {
    Generate(generate::Generate),
    Validate(validate::Validate),
    Get(get::Get),
    Init(init::Init),
    Lock(lock::Lock),
    Remove(remove::Remove),
    #[command(name = "argocd")]
    ArgoCd(argocd::ArgoCd),
    /// Print the version
    Version,
}

/// Runs the program.
pub fn main() -> ExitCode {
    // A panic prints nothing by itself: the one place for it is below.
    std::panic::set_hook(Box::new(|_| {}));
    // `run_catching_panics` never panics: a panic here means that there is no memory for the stack.
    let ended = catch_unwind(|| stacker::grow(STACK, run_catching_panics))
        .unwrap_or_else(|_| run_catching_panics());
    ExitCode::from(ended.err().unwrap_or_default())
}

/// Runs the program, and reports a panic.
fn run_catching_panics() -> CommandResult {
    let ended = catch_unwind(AssertUnwindSafe(|| run(std::env::args_os().collect())));
    ended.unwrap_or_else(|cause| {
        let text = cause.downcast_ref::<String>().map(String::as_str);
        let text = text
            .or_else(|| cause.downcast_ref::<&str>().copied())
            .unwrap_or("no message");
        print_stderr(&format!(
            "error: a bug of kubectl-fleet: {}\nhelp: please report it with this message\n",
            escape_control_chars(text)
        ));
        Err(EXIT_BUG)
    })
}

fn run(args: Vec<OsString>) -> CommandResult {
    let called = args
        .first()
        .map(PathBuf::from)
        .and_then(|path| path.file_stem().map(ToOwned::to_owned));
    // kubectl starts a plugin by its file's name; the help shows what people type.
    let is_plugin = called
        .as_ref()
        .and_then(|name| name.to_str())
        .is_none_or(|name| name.starts_with("kubectl-"));
    let command = Cli::command();
    let command = if is_plugin {
        command.bin_name("kubectl fleet")
    } else {
        command
    };
    let parsed = command
        .try_get_matches_from(args)
        .and_then(|matches| Cli::from_arg_matches(&matches));
    let cli = match parsed {
        Ok(cli) => cli,
        Err(error) => {
            let _ = error.print();
            return match u8::try_from(error.exit_code()) {
                Ok(0) => Ok(()),
                code => Err(code.unwrap_or(EXIT_USAGE)),
            };
        }
    };
    let chdir = cli.chdir.unwrap_or_default();
    match cli.command {
        Command::Generate(command) => command.run(&chdir),
        Command::Validate(command) => command.run(&chdir),
        Command::Get(command) => command.run(&chdir),
        Command::Init(command) => command.run(&chdir),
        Command::Lock(command) => command.run(&chdir),
        Command::Remove(command) => command.run(&chdir),
        Command::ArgoCd(command) => command.run(&chdir),
        Command::Version => {
            print_stdout(|out| writeln!(out, "kubectl-fleet {}", env!("CARGO_PKG_VERSION")))
        }
    }
}
