//! Writing to stdout and stderr, and the exit codes of commands.

use std::io::{self, Write as _};

/// The end of a command: `Ok` is exit code 0, `Err` any other exit code.
pub(super) type CommandResult = Result<(), u8>;

/// Exit code: `validate` found errors.
pub(super) const EXIT_VALIDATION_FAILED: u8 = 1;
/// Exit code: `diff` found differences.
pub(super) const EXIT_DIFFERENCES: u8 = 1;
/// Exit code: `leftovers` found live objects.
pub(super) const EXIT_LEFTOVERS: u8 = 1;
/// Exit code: the command line is wrong, or a parameter that the fleet needs is absent.
pub(super) const EXIT_USAGE: u8 = 2;
/// Exit code: the environment failed.
pub(super) const EXIT_ENVIRONMENT: u8 = 5;
/// Exit code: a bug in kubectl-fleet.
pub(super) const EXIT_BUG: u8 = 70;

/// Writes to stdout. A closed pipe is not reported, because `head` closes it; any other error is.
pub(super) fn print_stdout(
    write: impl FnOnce(&mut dyn io::Write) -> io::Result<()>,
) -> CommandResult {
    let mut out = io::stdout().lock();
    write(&mut out).and_then(|()| out.flush()).map_err(|error| {
        if error.kind() != io::ErrorKind::BrokenPipe {
            print_stderr(&format!("error: cannot write the output: {error}\n"));
        }
        EXIT_ENVIRONMENT
    })
}

/// Writes text with escape sequences of a terminal to stdout. They are removed if stdout is not a terminal.
pub(super) fn print_styled(text: &str) -> CommandResult {
    let styled = anstream::AutoStream::choice(&io::stdout());
    print_stdout(|out| {
        let mut bytes = Vec::new();
        anstream::AutoStream::new(&mut bytes, styled).write_all(text.as_bytes())?;
        out.write_all(&bytes)
    })
}

/// Writes to stderr. A closed stderr changes nothing.
pub(super) fn print_stderr(text: &str) {
    let _ = anstream::stderr().lock().write_all(text.as_bytes());
}
