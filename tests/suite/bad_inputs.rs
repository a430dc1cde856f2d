//! Hostile fleets, and hostile environments.
//!
//! A test that needs only a few lines is a case of `testdata/err/`. On Linux, each run can use 100 MiB of
//! memory and a second of processor time: a run that uses more is killed, and has no exit code.

#[cfg(target_os = "linux")]
mod environment;
#[cfg(unix)]
mod files;
mod sizes;
mod yaml;

use kubectl_fleet::diagnostic::Code;

use crate::fleet::{Fleet, PROGRAM, Run};

const FLEET: &str = "apiVersion: kubectl-fleet.io/v1alpha1
kind: Fleet
clusters:
- list: users.yaml
templates:
- file: cluster.yaml
";
const CLUSTER: &str = "apiVersion: cluster.x-k8s.io/v1beta2
kind: Cluster
metadata: {name: \"${CLUSTER_NAME}\"}
spec: {topology: {classRef: {name: quick-start}, version: v1.34.0}}
";
/// The beginning of an object that can have any field.
const POOL: &str = "apiVersion: example.org/v1
kind: Pool
metadata: {name: \"${CLUSTER_NAME}\"}
";
/// Memory of a run in KiB. The program itself, without optimization, takes 43 MiB of it.
const MEMORY: usize = 112 << 10;
/// A script that only runs the program.
const RUN: &str = "exec \"$0\" \"$@\"";

/// Returns a line for each number.
fn lines(numbers: impl IntoIterator<Item = usize>, line: impl Fn(usize) -> String) -> String {
    numbers
        .into_iter()
        .map(|number| line(number) + "\n")
        .collect()
}

/// Returns a fleet of one user.
fn one_user() -> Fleet {
    Fleet::new([
        ("fleet.yaml", FLEET),
        ("users.yaml", "alice: {}\n"),
        ("cluster.yaml", CLUSTER),
    ])
}

/// Returns a fleet with this list.
fn with_users(users: impl AsRef<[u8]>) -> Fleet {
    one_user().with("users.yaml", users)
}

/// Returns a fleet whose list is read from this path.
fn with_list(path: &str) -> Fleet {
    one_user().with(
        "fleet.yaml",
        FLEET.replace("users.yaml", &format!("{path:?}")),
    )
}

impl Fleet {
    /// Runs the program with little memory and time.
    fn run_limited(&self, args: &[&str]) -> Run {
        self.run_script(MEMORY, RUN, args)
    }

    /// Runs a shell script with this memory, in KiB; `$0` is the program.
    fn run_script(&self, memory: usize, script: &str, args: &[&str]) -> Run {
        // The limits are those of a release build; a build with debug assertions is slower, but not larger.
        let seconds = if cfg!(debug_assertions) { 10 } else { 1 };
        let limits = if cfg!(target_os = "linux") {
            format!("ulimit -v {memory} && ulimit -t {seconds} || exit 99; ")
        } else {
            String::new()
        };
        let script = format!("{limits}{script}");
        let mut shell = self.command_of("/bin/sh", &[&["-c", &script, PROGRAM], args].concat());
        Run::of(shell.env("PATH", "/usr/bin:/bin"))
    }

    /// Returns the messages if the fleet is rejected with this error at this location.
    #[track_caller]
    fn rejected(&self, code: Code, location: &str) -> String {
        self.run_limited(&["generate"]).rejected(code, location)
    }

    /// Returns the output if the fleet has no errors.
    #[track_caller]
    fn printed(&self) -> String {
        self.run_limited(&["generate"]).output()
    }
}

#[test]
fn control_characters_are_escaped_in_messages() {
    let hostile = "\\e[31m\\u202e%0A::error::<script>@everyone";
    let fleet = with_users(format!("\"{hostile}\": {{}}\nbob: {{\"{hostile}\": 1}}\n")).with(
        "fleet.yaml",
        FLEET.replace(
            "- list: users.yaml\n",
            "- list: users.yaml\n  fields: {type: {default: a}}\n",
        ),
    );
    let stderr = fleet.rejected(Code::InvalidName, "users.yaml:1:1");
    assert!(stderr.contains("\\u{1b}[31m\\u{202e}%0A"), "{stderr}");
    assert!(!stderr.contains('\u{202e}'), "{stderr}");
    let run = fleet.run_limited(&["validate", "-o", "json"]);
    assert!(!run.stdout.contains('\u{1b}'), "{:?}", run.stdout);
}
