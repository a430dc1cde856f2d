//! Commands that write, and the story of a cluster that is removed.

mod cells;
mod delivery_migration;
mod folder;
mod interrupted;
mod lock;
mod parameters;
mod remove;
mod rings;
mod spokes;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use tempfile::TempDir;

const FLEET: &str = "apiVersion: kubectl-fleet.io/v1alpha1
kind: Fleet
clusters:
- list: users.yaml
  fields: {cell: {type: string}}
  variables: {AWS_REGION: eu-central-1}
  labels: {cell: \"${cell}\"}
templates: [{file: builtin:eks}]
addons: [{name: shared, selector: all, manifests: shared.yaml}]
deliver: sveltos
cells: {label: cell}
";
const SHARED: &str = "apiVersion: v1\nkind: Namespace\nmetadata: {name: shared}\n";

const PROGRAM: &str = env!("CARGO_BIN_EXE_kubectl-fleet");

struct Fleet(TempDir);

impl Fleet {
    /// A fleet of so many clusters, in three cells.
    fn new(clusters: usize) -> Self {
        let fleet = Self(TempDir::new().expect("a folder"));
        fleet.write("fleet.yaml", FLEET);
        fleet.write("shared.yaml", SHARED);
        let mut users = String::new();
        for number in 0..clusters {
            let _ = writeln!(
                users,
                "# of u{number}\nu{number}: {{cell: c{}}} # end",
                number % 3
            );
        }
        fleet.write("users.yaml", &users);
        fleet
    }

    fn write(&self, path: &str, text: &str) {
        fs::write(self.0.path().join(path), text).expect("a file");
    }

    fn read(&self, path: &str) -> String {
        fs::read_to_string(self.0.path().join(path)).expect("a file")
    }

    fn command(&self, args: &[&str]) -> Command {
        self.command_of(&[&[PROGRAM], args].concat())
    }

    /// Another program, which may run this one.
    fn command_of(&self, args: &[&str]) -> Command {
        let mut command = Command::new(args[0]);
        command
            .args(&args[1..])
            .current_dir(self.0.path())
            .env_clear()
            .stdin(Stdio::null());
        command
    }

    fn run(&self, args: &[&str]) -> Output {
        self.command(args).output().expect("the program starts")
    }

    /// What is printed.
    fn printed(&self, args: &[&str]) -> String {
        let output = self.run(args);
        assert!(output.status.success(), "{args:?}: {}", stderr(&output));
        String::from_utf8(output.stdout).expect("UTF-8")
    }

    /// What is said of a command that ends with a code and prints nothing.
    fn refused(&self, args: &[&str], code: i32) -> String {
        let output = self.run(args);
        assert_eq!(
            output.status.code(),
            Some(code),
            "{args:?}: {}",
            stderr(&output)
        );
        assert!(output.stdout.is_empty(), "{args:?}");
        stderr(&output)
    }

    fn edit(&self, path: &str, from: &str, to: &str) {
        let text = self.read(path);
        assert!(text.contains(from), "{path} has {from:?}");
        self.write(path, &text.replace(from, to));
    }
}

fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).expect("UTF-8")
}

fn lines(text: &str) -> BTreeSet<&str> {
    text.lines().collect()
}

/// The texts of all files of a folder.
fn files(folder: &Path) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    let mut open = vec![folder.to_path_buf()];
    while let Some(next) = open.pop() {
        for entry in fs::read_dir(next).into_iter().flatten() {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                open.push(path);
            } else {
                let name = path
                    .strip_prefix(folder)
                    .expect("below")
                    .display()
                    .to_string();
                found.insert(name, fs::read_to_string(&path).expect("a text"));
            }
        }
    }
    found
}
