//! Fleets that are made to hurt, and places that they are read in and written to.
//!
//! What needs no more than a few lines is a case of `testdata/err/`. On Linux each run has 100 MiB of
//! memory and a second of processor time: one that takes more is killed, and has no exit code.

#[cfg(unix)]
mod files;
mod sizes;
#[cfg(target_os = "linux")]
mod surroundings;
mod yaml;

use std::fs::{self, File};
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::Duration;

use kubectl_fleet::diagnostic::Code;
use tempfile::TempDir;

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
";
/// The memory of a run, in KiB.
const MEMORY: usize = 100 << 10;

/// A line for each number.
fn lines(numbers: impl IntoIterator<Item = usize>, line: impl Fn(usize) -> String) -> String {
    numbers
        .into_iter()
        .map(|number| line(number) + "\n")
        .collect()
}

/// A fleet in a folder of its own: of one user, until a test changes that.
struct Fleet {
    folder: TempDir,
}

struct Run {
    code: Option<i32>,
    stdout: String,
    stderr: String,
}

impl Fleet {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let fleet = Self { folder };
        fleet
            .write("fleet.yaml", FLEET)
            .write("users.yaml", "alice: {}\n")
            .write("cluster.yaml", CLUSTER)
    }

    /// A fleet with this list.
    fn of_users(users: impl AsRef<[u8]>) -> Self {
        Self::new().write("users.yaml", users)
    }

    /// A fleet whose list is read from this path.
    fn of_list(path: &str) -> Self {
        Self::new().write(
            "fleet.yaml",
            FLEET.replace("users.yaml", &format!("{path:?}")),
        )
    }

    fn path(&self, path: &str) -> PathBuf {
        self.folder.path().join(path)
    }

    fn write(self, path: &str, content: impl AsRef<[u8]>) -> Self {
        let path = self.path(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
        self
    }

    fn run(&self, args: &[&str]) -> Run {
        self.run_with(MEMORY, "exec \"$0\" \"$@\"", args)
    }

    /// Runs the program, `$0`, in a shell.
    fn run_with(&self, memory: usize, script: &str, args: &[&str]) -> Run {
        // The limits are a release build's; one with debug assertions is slower, not larger.
        let seconds = if cfg!(debug_assertions) { 10 } else { 1 };
        let limits = if cfg!(target_os = "linux") {
            format!("ulimit -v {memory} && ulimit -t {seconds} || exit 99; ")
        } else {
            String::new()
        };
        let output = tempfile::tempdir().unwrap();
        let file = |name: &str| File::create(output.path().join(name)).unwrap();
        let mut child = Command::new("/bin/sh")
            .args([
                "-c",
                &format!("{limits}{script}"),
                env!("CARGO_BIN_EXE_kubectl-fleet"),
            ])
            .args(args)
            .current_dir(self.folder.path())
            .env_clear()
            .env("PATH", "/usr/bin:/bin")
            .stdin(Stdio::null())
            .stdout(file("stdout"))
            .stderr(file("stderr"))
            .spawn()
            .unwrap();
        // A run that waits for something takes no processor time.
        let mut patience = 3_000;
        let status = loop {
            if let Some(status) = child.try_wait().unwrap() {
                break status;
            }
            patience -= 1;
            if patience == 0 {
                child.kill().unwrap();
            }
            std::thread::sleep(Duration::from_millis(10));
        };
        let text = |name: &str| fs::read_to_string(output.path().join(name)).unwrap();
        Run {
            code: status.code(),
            stdout: text("stdout"),
            stderr: text("stderr"),
        }
    }

    /// The message of a fleet that is refused, with this code at this place.
    #[track_caller]
    fn refused(&self, code: Code, place: &str) -> String {
        self.refused_with(MEMORY, code, place)
    }

    #[track_caller]
    fn refused_with(&self, memory: usize, code: Code, place: &str) -> String {
        let run = self.run_with(memory, "exec \"$0\" \"$@\"", &["generate"]);
        let exit = code.exit().expect("an error") as i32;
        assert_eq!(run.code, Some(exit), "{}", run.stderr);
        assert_eq!(run.stdout, "");
        let wanted = format!("error[{}]: ", code.name());
        assert!(run.stderr.contains(&wanted), "{wanted}\n{}", run.stderr);
        let wanted = format!("--> {place}");
        assert!(
            place.is_empty() || run.stderr.contains(&wanted),
            "{wanted}\n{}",
            run.stderr
        );
        let is_safe = |c: char| !c.is_control() || c == '\n';
        assert!(run.stderr.chars().all(is_safe), "{:?}", run.stderr);
        run.stderr
    }

    /// What is printed for a fleet that is fine.
    #[track_caller]
    fn printed(&self) -> String {
        let run = self.run(&["generate"]);
        assert_eq!(run.code, Some(0), "{}", run.stderr);
        run.stdout
    }
}

#[test]
fn hostile_words_are_shown_so_that_they_do_nothing() {
    let hostile = "\\e[31m\\u202e%0A::error::<script>@everyone";
    let fleet = Fleet::of_users(format!("\"{hostile}\": {{}}\nbob: {{\"{hostile}\": 1}}\n")).write(
        "fleet.yaml",
        FLEET.replace(
            "- list: users.yaml\n",
            "- list: users.yaml\n  fields: {type: {default: a}}\n",
        ),
    );
    let said = fleet.refused(Code::InvalidName, "users.yaml:1:1");
    assert!(said.contains("\\u{1b}[31m\\u{202e}%0A"), "{said}");
    assert!(!said.contains('\u{202e}'), "{said}");
    let run = fleet.run(&["validate", "-o", "json"]);
    assert!(!run.stdout.contains('\u{1b}'), "{:?}", run.stdout);
}
