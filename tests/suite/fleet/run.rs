//! Runs of the program under test.

use std::path::Path;
use std::process::{Command, ExitStatus, Output, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use kubectl_fleet::diagnostic::Code;

/// Path of the program.
pub(crate) const PROGRAM: &str = env!("CARGO_BIN_EXE_kubectl-fleet");
/// Maximum duration of a run. A longer run waits for an event that never occurs.
const LONGEST_RUN: Duration = Duration::from_secs(120);

/// The end of a run.
#[derive(Debug, PartialEq)]
pub(crate) struct Run {
    /// The exit code. A run that a signal ends has 128 and the signal's number, as in a shell.
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

/// Returns a command in a directory, with an empty environment.
pub(crate) fn command(dir: &Path, program: &str, args: &[&str]) -> Command {
    let mut command = Command::new(program);
    command.args(args).current_dir(dir).env_clear();
    command
}

/// Runs the program in a directory.
pub(crate) fn run(dir: &Path, args: &[&str]) -> Run {
    Run::of(&mut command(dir, PROGRAM, args))
}

impl Run {
    /// Runs a command to its end.
    pub(crate) fn of(command: &mut Command) -> Self {
        let command = command.stdin(Stdio::null());
        let child = command
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn();
        let child = child.expect("the program starts");
        let id = child.id();
        let (sender, receiver) = mpsc::channel();
        thread::spawn(move || sender.send(child.wait_with_output()));
        let Ok(output) = receiver.recv_timeout(LONGEST_RUN) else {
            let _ = Command::new("kill")
                .args(["-KILL", &id.to_string()])
                .status();
            panic!("{command:?} does not end");
        };
        output.unwrap().into()
    }

    /// Returns the output of a run that succeeds.
    #[track_caller]
    pub(crate) fn output(self) -> String {
        assert_eq!(self.code, 0, "{}", self.stderr);
        self.stdout
    }

    /// Returns the messages of a run that ends with an exit code and has no output.
    #[track_caller]
    pub(crate) fn messages(self, code: i32) -> String {
        assert_eq!(
            (self.code, self.stdout.as_str()),
            (code, ""),
            "{}",
            self.stderr
        );
        self.stderr
    }

    /// Returns the messages of a run that fails with an error at a location.
    #[track_caller]
    pub(crate) fn rejected(self, code: Code, location: &str) -> String {
        let messages = self.messages(code.exit().expect("an error") as i32);
        let expected = [
            format!("error[{}]: ", code.name()),
            format!("--> {location}"),
        ];
        for expected in &expected[..if location.is_empty() { 1 } else { 2 }] {
            assert!(messages.contains(expected), "{expected}\n{messages}");
        }
        let is_safe = |c: char| !c.is_control() || c == '\n';
        assert!(messages.chars().all(is_safe), "{messages:?}");
        messages
    }
}

impl From<Output> for Run {
    fn from(output: Output) -> Self {
        let text = |bytes| String::from_utf8(bytes).expect("UTF-8");
        Self {
            code: code(output.status),
            stdout: text(output.stdout),
            stderr: text(output.stderr),
        }
    }
}

#[cfg(unix)]
fn code(status: ExitStatus) -> i32 {
    use std::os::unix::process::ExitStatusExt as _;

    let signal = || status.signal().expect("a code or a signal");
    status.code().unwrap_or_else(|| 128 + signal())
}

#[cfg(not(unix))]
fn code(status: ExitStatus) -> i32 {
    status.code().expect("an exit code")
}
