//! The command line, the only writer of stdout and stderr.

mod add;
mod argocd;
mod complete;
mod completion;
mod diff;
mod explain;
mod generate;
mod get;
mod init;
mod leftovers;
mod list_edit;
mod listing;
mod lock;
#[cfg(feature = "man")]
mod man;
mod output_selection;
mod page;
mod plugin;
mod remove;
mod report;
mod schema;
mod session;
mod shown;
mod side;
mod terminal;
mod validate;

use std::ffi::OsString;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{CommandFactory as _, FromArgMatches as _, Parser, Subcommand};

use crate::diagnostic::escape_control_chars;
use terminal::{CommandResult, EXIT_BUG, EXIT_USAGE, print_stderr, print_stdout};

/// Stack size of the run, in bytes.
///
/// The limits bound the recursion depth to this size; the main thread of a process might have less.
const STACK_BYTES: usize = 8 << 20;

/// Generate the manifests of a fleet of Kubernetes clusters from a directory of a Git repository.
#[derive(Parser)]
#[command(
    name = "kubectl-fleet",
    disable_version_flag = true,
    arg_required_else_help = true,
    after_help = "Exit codes:
  0   success, possibly with warnings
  1   `validate` found an error, `diff` a difference, or `leftovers` an object
  2   invalid command line
  3   a file of the fleet has an error
  4   a guard or a limit rejected the fleet
  5   the environment failed, such as a directory or a disk
  70  a bug in kubectl-fleet"
)]
struct Cli {
    #[command(subcommand)]
    command: Command,
    /// Run as if started in this directory
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
    Diff(diff::Diff),
    Get(get::Get),
    Explain(explain::Explain),
    Report(report::Report),
    Init(init::Init),
    Lock(lock::Lock),
    Add(add::Add),
    Remove(remove::Remove),
    Leftovers(leftovers::Leftovers),
    #[command(name = "argocd")]
    ArgoCd(argocd::ArgoCd),
    Schema(schema::Schema),
    Completion(completion::Completion),
    #[cfg(feature = "man")]
    Man(man::Manual),
    /// Print the version
    Version,
}

/// Runs the program.
pub fn main() -> ExitCode {
    // `run_catching_panics` reports a panic in the format of an error, so the default hook must not.
    std::panic::set_hook(Box::new(|_| {}));
    // `run_catching_panics` never panics: a panic here means that there is no memory for the stack.
    let result = catch_unwind(|| stacker::grow(STACK_BYTES, run_catching_panics))
        .unwrap_or_else(|_| run_catching_panics());
    ExitCode::from(result.err().unwrap_or_default())
}

/// Runs the program, and reports a panic as a bug.
fn run_catching_panics() -> CommandResult {
    let result = catch_unwind(AssertUnwindSafe(|| run(std::env::args_os().collect())));
    result.unwrap_or_else(|payload| {
        let message = payload.downcast_ref::<String>().map(String::as_str);
        let message = message
            .or_else(|| payload.downcast_ref::<&str>().copied())
            .unwrap_or("no message");
        print_stderr(&format!(
            "error: bug in kubectl-fleet: {}\nhelp: report this message to the maintainers of kubectl-fleet\n",
            escape_control_chars(message)
        ));
        Err(EXIT_BUG)
    })
}

fn run(args: Vec<OsString>) -> CommandResult {
    let program = args
        .first()
        .map(PathBuf::from)
        .and_then(|path| path.file_stem().map(ToOwned::to_owned));
    // kubectl runs the plugin as `kubectl-fleet`, but the user types `kubectl fleet`.
    let is_plugin = program
        .as_ref()
        .and_then(|name| name.to_str())
        .is_none_or(|name| name.starts_with("kubectl-"));
    let command = Cli::command();
    let command = if is_plugin {
        command.bin_name("kubectl fleet")
    } else {
        command
    };
    if let [_, first, words @ ..] = args.as_slice()
        && first == complete::COMMAND
    {
        complete::run(command, words);
        return Ok(());
    }
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
        Command::Diff(command) => command.run(&chdir),
        Command::Get(command) => command.run(&chdir),
        Command::Explain(command) => command.run(&chdir),
        Command::Report(command) => command.run(&chdir),
        Command::Init(command) => command.run(&chdir),
        Command::Lock(command) => command.run(&chdir),
        Command::Add(command) => command.run(&chdir),
        Command::Remove(command) => command.run(&chdir),
        Command::Leftovers(command) => command.run(&chdir),
        Command::ArgoCd(command) => command.run(&chdir),
        Command::Schema(command) => command.run(&chdir),
        Command::Completion(command) => command.run(),
        #[cfg(feature = "man")]
        Command::Man(command) => command.run(Cli::command().bin_name("kubectl fleet")),
        Command::Version => {
            print_stdout(|out| writeln!(out, "kubectl-fleet {}", env!("CARGO_PKG_VERSION")))
        }
    }
}
