//! The command line: the only writer of stdout and stderr.

mod argocd;
mod choice;
mod generate;
mod get;
mod init;
mod lock;
mod plugin;
mod remove;
mod validate;

use std::ffi::OsString;
use std::io::{self, Write as _};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{CommandFactory as _, FromArgMatches as _, Parser, Subcommand};

use crate::diagnostic::{Diagnostic, Diagnostics, exit_of};
use crate::emit::Output;
use crate::files::Files;
use crate::request::CompileOptions;
use crate::source::Sources;
use crate::{compile, report};

/// Exit code: `validate` found problems.
const PROBLEMS: u8 = 1;
/// Exit code: the environment failed.
const ENVIRONMENT: u8 = 5;
/// Exit code: a bug of ours.
const BUG: u8 = 70;
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
    // `guarded` lets no panic through: this one tells that there is no memory for the stack.
    let ended = catch_unwind(|| stacker::grow(STACK, guarded)).unwrap_or_else(|_| guarded());
    ExitCode::from(ended)
}

/// Runs the program, and tells of a panic.
fn guarded() -> u8 {
    let ended = catch_unwind(AssertUnwindSafe(|| run(std::env::args_os().collect())));
    ended.unwrap_or_else(|cause| {
        let text = cause.downcast_ref::<String>().map(String::as_str);
        let text = text
            .or_else(|| cause.downcast_ref::<&str>().copied())
            .unwrap_or("no message");
        say(&format!(
            "error: a bug of kubectl-fleet: {}\nhelp: please report it with this message\n",
            report::printable(text)
        ));
        BUG
    })
}

fn run(args: Vec<OsString>) -> u8 {
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
            return u8::try_from(error.exit_code()).unwrap_or(2);
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
            print(|out| writeln!(out, "kubectl-fleet {}", env!("CARGO_PKG_VERSION")))
        }
    }
}

/// A fleet, compiled: the output if there is no error, and what was found.
struct Compiled {
    output: Option<Output>,
    found: Vec<Diagnostic>,
    sources: Sources,
}

fn compiled(folder: &Path, options: &CompileOptions) -> Compiled {
    let mut diags = Diagnostics::default();
    match Files::open(folder) {
        Ok(mut files) => {
            let output = compile(&mut files, options.clone(), &mut diags).ok();
            Compiled {
                output,
                found: diags.into_sorted(),
                sources: files.sources,
            }
        }
        Err(diagnostic) => Compiled {
            output: None,
            found: vec![diagnostic],
            sources: Sources::default(),
        },
    }
}

/// A fleet's folder, opened; or the exit code.
fn opened(folder: &Path) -> Result<Files, u8> {
    Files::open(folder).map_err(|diagnostic| {
        let found = [diagnostic];
        say(&report::text(&found, &Sources::default()));
        exit_code(&found)
    })
}

/// The fleet's folder.
fn folder(chdir: &Path, dir: &Path) -> PathBuf {
    let folder = chdir.join(dir);
    if folder.as_os_str().is_empty() {
        PathBuf::from(".")
    } else {
        folder
    }
}

/// The exit code of what was found.
fn exit_code(found: &[Diagnostic]) -> u8 {
    exit_of(found).map_or(0, |exit| exit as u8)
}

/// Writes to stdout. A reader that went away is no news; anything else is.
fn print(write: impl FnOnce(&mut dyn io::Write) -> io::Result<()>) -> u8 {
    let mut out = io::stdout().lock();
    match write(&mut out).and_then(|()| out.flush()) {
        Ok(()) => 0,
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => ENVIRONMENT,
        Err(error) => {
            say(&format!("error: cannot write the output: {error}\n"));
            ENVIRONMENT
        }
    }
}

/// Writes to stderr; that nobody reads it changes nothing.
fn say(text: &str) {
    let _ = anstream::stderr().lock().write_all(text.as_bytes());
}
