//! Commands that write, and the story of a cluster that is removed.
#![expect(
    clippy::disallowed_methods,
    reason = "these tests make folders to run in"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::thread::sleep;
use std::time::Duration;

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
        let mut command = Command::new(env!("CARGO_BIN_EXE_kubectl-fleet"));
        command
            .args(args)
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

#[test]
fn every_object_is_in_exactly_one_cell() {
    let fleet = Fleet::new(30);
    let whole = fleet.printed(&["generate", "-o", "json"]);
    let cells = ["c0", "c1", "c2", "@fleet"];
    let cells = cells.map(|cell| fleet.printed(&["generate", "-o", "json", "--cell", cell]));
    let mut all = BTreeSet::new();
    for cell in &cells {
        for object in cell.lines() {
            assert!(all.insert(object), "twice: {object}");
        }
    }
    assert_eq!(all, lines(&whole));
    // Without two others a cluster stays where it is, byte for byte.
    fleet.edit("users.yaml", "u0: {cell: c0} # end\n", "");
    fleet.edit("users.yaml", "u4: {cell: c1} # end\n", "");
    let fewer = fleet.printed(&["generate", "-o", "json", "--cell", "c0"]);
    let gone: Vec<&str> = lines(&cells[0])
        .difference(&lines(&fewer))
        .copied()
        .collect();
    assert_eq!(gone.len(), 7, "the objects of u0: {gone:?}");
    assert!(lines(&fewer).is_subset(&lines(&cells[0])));
}

#[test]
fn a_cell_that_an_application_cannot_carry_is_told_of() {
    let fleet = Fleet::new(858);
    let said = stderr(&fleet.run(&["validate"]));
    assert!(
        said.contains("warning[large-cell]: the cell `c0` has 2002 objects"),
        "{said}"
    );
    assert_eq!(said.matches("large-cell").count(), 3, "{said}");
    fleet.edit("users.yaml", "u0: {cell: c0} # end\n", "");
    assert!(!stderr(&fleet.run(&["validate"])).contains("the cell `c0`"));
}

#[test]
fn what_two_cells_share_belongs_to_the_fleet() {
    let fleet = Fleet::new(4);
    fleet.edit("fleet.yaml", "  labels:", "  namespace: all\n  labels:");
    let of_fleet = fleet.printed(&["generate", "-o", "json", "--cell", "@fleet"]);
    assert!(of_fleet.contains("\"kind\":\"Namespace\",\"metadata\":{\"name\":\"all\""));
    for cell in ["c0", "c1", "c2"] {
        let printed = fleet.printed(&["generate", "-o", "json", "--cell", cell]);
        assert!(!printed.contains("\"kind\":\"Namespace\""), "{printed}");
    }
}

/// Where an object goes is decided by what is written, not by which clusters there are.
#[test]
fn what_could_be_shared_never_moves() {
    let fleet = Fleet::new(1);
    fleet.write(
        "common.yaml",
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: common, namespace: common}\n",
    );
    fleet.edit(
        "fleet.yaml",
        "templates: [",
        "templates: [{file: common.yaml}, ",
    );
    let of = |cell: &str| fleet.printed(&["generate", "-o", "json", "--cell", cell]);
    for _ in 0..2 {
        assert!(of("@fleet").contains("\"name\":\"common\""));
        assert!(!of("c0").contains("\"name\":\"common\""));
        fleet.edit("users.yaml", "u0:", "u1: {cell: c1}\nu0:");
    }
    // One cluster in a namespace that is written without a variable: the Namespace is the fleet's.
    let fleet = Fleet::new(1);
    fleet.edit("fleet.yaml", "  labels:", "  namespace: all\n  labels:");
    let of_fleet = fleet.printed(&["generate", "-o", "json", "--cell", "@fleet"]);
    assert!(of_fleet.contains("\"kind\":\"Namespace\",\"metadata\":{\"name\":\"all\""));
}

#[test]
fn a_cell_without_a_cluster_is_refused() {
    let fleet = Fleet::new(3);
    let said = fleet.refused(&["generate", "--cell", "c9"], 4);
    assert!(
        said.starts_with("error[empty-cell]: no cluster is in the cell `c9`"),
        "{said}"
    );
    let with = |parameters: &str| {
        let mut command = fleet.command(&["generate", "--argocd"]);
        command.env("ARGOCD_APP_PARAMETERS", parameters);
        command.output().expect("the program starts")
    };
    let output = with("[{\"name\":\"cell\",\"string\":\"c1\"}]");
    assert_eq!(
        output.stdout,
        fleet
            .printed(&["generate", "-o", "json", "--cell", "c1"])
            .into_bytes()
    );
    assert_eq!(stderr(&output), "");
    let output = with("null");
    assert_eq!((output.status.code(), output.stdout.len()), (Some(2), 0));
    assert!(
        stderr(&output).starts_with("error[missing-parameter]: "),
        "{}",
        stderr(&output)
    );
    let output = with("[{\"name\":\"hunter2\"}]");
    assert_eq!((output.status.code(), output.stdout.len()), (Some(3), 0));
    assert!(stderr(&output).starts_with("error[invalid-parameter]: ARGOCD_APP_PARAMETERS"));
    assert!(!stderr(&output).contains("hunter2"));
    fleet.edit("fleet.yaml", "cells: {label: cell}\n", "");
    fleet.refused(&["generate", "--cell", "c1"], 4);
}

#[test]
fn argo_cd_is_told_in_one_line_and_little_more() {
    let fleet = Fleet::new(0);
    let users: String = (0..100).fold(String::new(), |mut users, number| {
        let _ = writeln!(users, "u{number}: {{cell: a, colour: {}}}", "x".repeat(200));
        users
    });
    fleet.write("users.yaml", &users);
    let mut command = fleet.command(&["generate", "--argocd"]);
    let output = command
        .env("CLICOLOR_FORCE", "1")
        .output()
        .expect("the program starts");
    assert_eq!((output.status.code(), output.stdout.len()), (Some(3), 0));
    let said = stderr(&output);
    assert!(
        said.len() <= 4096 && said.ends_with("…\n"),
        "{}",
        said.len()
    );
    assert!(!said.contains('\u{1b}'), "{said}");
    let first = said.lines().next().expect("a line");
    assert_eq!(
        first,
        "error[unknown-field]: users.yaml:1:15: a member has no field `colour`; use `cell` (and 99 more errors)"
    );
}

#[test]
fn a_locked_cluster_goes_only_with_its_line() {
    let fleet = Fleet::new(4);
    assert_eq!(stderr(&fleet.run(&["lock"])), "fleet.lock: 4 lines added\n");
    let lock = "u0/u0 c0\nu1/u1 c1\nu2/u2 c2\nu3/u3 c0\n";
    assert_eq!(fleet.read("fleet.lock"), lock);
    let before = fleet.printed(&["generate", "-o", "json", "--locked"]);
    for (kind, guard) in [
        ("Cluster", "Prune=confirm,Delete=confirm"),
        ("MachinePool", "Prune=confirm,Delete=confirm"),
        ("Namespace", "Prune=false,Delete=false"),
        ("AWSManagedControlPlane", "Prune=false,Delete=false"),
        ("AWSManagedCluster", "Prune=false,Delete=false"),
    ] {
        let of_kind = |line: &&str| line.contains(&format!("\"kind\":\"{kind}\",\"metadata\""));
        let objects: Vec<&str> = before.lines().filter(of_kind).collect();
        assert!(!objects.is_empty(), "{kind}");
        assert!(
            objects.iter().all(|object| object.contains(guard)),
            "{kind}: {objects:?}"
        );
    }
    // The entry alone: refused.
    fleet.edit("users.yaml", "u1: {cell: c1} # end\n", "");
    let said = fleet.refused(&["generate"], 4);
    assert!(
        said.contains("error[locked-cluster]: the cluster `u1`"),
        "{said}"
    );
    // With its line: gone, and nothing else.
    fleet.edit("fleet.lock", "u1/u1 c1\n", "");
    let after = fleet.printed(&["generate", "-o", "json", "--locked"]);
    let gone: Vec<&str> = lines(&before).difference(&lines(&after)).copied().collect();
    assert_eq!(gone.len(), 7, "{gone:?}");
    assert!(gone.iter().all(|object| object.contains("u1")), "{gone:?}");
    assert!(lines(&after).is_subset(&lines(&before)));
}

#[test]
fn a_new_cluster_is_told_of_and_can_be_refused() {
    let fleet = Fleet::new(3);
    fleet.run(&["lock"]);
    fleet.edit("users.yaml", "u0:", "u9: {cell: c0}\nu0:");
    let said = stderr(&fleet.run(&["validate"]));
    assert!(
        said.contains("warning[not-locked]: 1 cluster is not in fleet.lock: `u9`"),
        "{said}"
    );
    let said = fleet.refused(&["generate", "--locked"], 4);
    assert!(said.contains("error[unlocked]: "), "{said}");
    assert_eq!(stderr(&fleet.run(&["lock"])), "fleet.lock: 1 line added\n");
    fleet.printed(&["generate", "--locked"]);
    fs::remove_file(fleet.0.path().join("fleet.lock")).expect("a lock");
    let said = fleet.refused(&["generate", "--locked"], 4);
    assert!(
        said.contains("error[unlocked]: there is no fleet.lock"),
        "{said}"
    );
}

#[test]
fn remove_edits_the_list_and_the_lock() {
    let fleet = Fleet::new(4);
    fleet.run(&["lock"]);
    let (list, lock) = (fleet.read("users.yaml"), fleet.read("fleet.lock"));
    let diff = fleet.printed(&["remove", "u1", "--dry-run"]);
    assert_eq!(
        (fleet.read("users.yaml"), fleet.read("fleet.lock")),
        (list.clone(), lock)
    );
    let changed: Vec<&str> = diff
        .lines()
        .filter(|line| {
            line.starts_with(['-', '+']) && !line.starts_with("---") && !line.starts_with("+++")
        })
        .collect();
    assert_eq!(changed, ["-u1/u1 c1", "-u1: {cell: c1} # end"]);
    assert_eq!(
        stderr(&fleet.run(&["remove", "u1", "u3"])),
        "changed fleet.lock and users.yaml\n"
    );
    let expected = list
        .replace("u1: {cell: c1} # end\n", "")
        .replace("u3: {cell: c0} # end\n", "");
    assert_eq!(fleet.read("users.yaml"), expected);
    assert_eq!(fleet.read("fleet.lock"), "u0/u0 c0\nu2/u2 c2\n");
    let said = fleet.refused(&["remove", "u7"], 3);
    assert!(
        said.starts_with("error[unknown-cluster]: there is no cluster `u7`"),
        "{said}"
    );
    // The last ones: the guard against empty lists.
    fleet.refused(&["remove", "u0", "u2"], 4);
    assert_eq!(fleet.read("fleet.lock"), "u0/u0 c0\nu2/u2 c2\n");
}

#[test]
fn remove_takes_a_file_that_is_one_member_away() {
    let fleet = Fleet::new(0);
    fleet.edit("fleet.yaml", "users.yaml", "users/*.yaml");
    fs::create_dir(fleet.0.path().join("users")).expect("a folder");
    for user in ["a", "b"] {
        fleet.write(&format!("users/{user}.yaml"), "cell: c0\n");
    }
    fleet.run(&["remove", "a"]);
    assert_eq!(
        files(&fleet.0.path().join("users"))
            .into_keys()
            .collect::<Vec<_>>(),
        ["b.yaml"]
    );
}

#[test]
fn what_cannot_be_cut_out_alone_is_left() {
    let fleet = Fleet::new(0);
    // Both members are one by an alias: the anchor cannot go alone.
    fleet.write("users.yaml", "a: &a {cell: c0}\nb: *a\n");
    fleet.refused(&["remove", "a"], 3);
    // One entry makes two clusters, and one of them is to stay.
    fleet.write("users.yaml", "a: {cell: c0}\nb: {cell: c0}\n");
    let twice = "- {list: users.yaml, name: \"x-${name}\", labels: {cell: \"${cell}\"}}\ntemplates";
    fleet.edit("fleet.yaml", "templates", twice);
    let said = fleet.refused(&["remove", "x-a"], 3);
    assert!(said.starts_with("error[cannot-edit]: "), "{said}");
    fleet.edit("fleet.yaml", twice, "templates");
    // In flow style a comma goes along.
    fleet.write("users.yaml", "{a: {cell: c0}, b: {cell: c0}}\n");
    assert_eq!(stderr(&fleet.run(&["remove", "b"])), "changed users.yaml\n");
    assert_eq!(fleet.read("users.yaml"), "{a: {cell: c0}}\n");
}

#[test]
fn a_folder_of_manifests_is_what_is_printed() {
    let fleet = Fleet::new(4);
    let folder = fleet.0.path().join("rendered");
    assert_eq!(
        stderr(&fleet.run(&["generate", "-o", "dir=rendered"])),
        "5 files written, 0 removed\n"
    );
    let written = files(&folder);
    let expected = [
        "@fleet/@fleet.yaml",
        "c0/u0.yaml",
        "c0/u3.yaml",
        "c1/u1.yaml",
        "c2/u2.yaml",
    ];
    assert_eq!(
        written.keys().map(String::as_str).collect::<Vec<_>>(),
        expected
    );
    let documents = |text: &str| -> BTreeSet<String> {
        let body = text.lines().filter(|line| !line.starts_with('#'));
        let body: Vec<&str> = body.collect();
        let objects = body.split(|line| *line == "---");
        objects.map(|object| object.join("\n")).collect()
    };
    let all: BTreeSet<String> = written.values().flat_map(|text| documents(text)).collect();
    assert_eq!(all, documents(&fleet.printed(&["generate"])));
    // What is not ours stays, what nothing prints goes, what is the same is not touched.
    fs::write(folder.join("kustomization.yaml"), "resources: []\n").expect("a file");
    fleet.edit("users.yaml", "u1: {cell: c1} # end\n", "");
    let said = stderr(&fleet.run(&["generate", "-o", "dir=rendered"]));
    assert_eq!(said, "0 files written, 1 removed\n");
    assert!(files(&folder).contains_key("kustomization.yaml"));
    assert!(!folder.join("c1").exists());
    // Of one cell: the others stay.
    let said = stderr(&fleet.run(&["generate", "-o", "dir=rendered", "--cell", "c0"]));
    assert_eq!(said, "0 files written, 0 removed\n");
}

/// The program is killed at many moments; no file is ever half.
#[test]
fn a_killed_run_leaves_each_file_old_or_new() {
    let fleet = Fleet::new(60);
    fleet.run(&["generate", "-o", "dir=rendered"]);
    let folder = fleet.0.path().join("rendered");
    let old = files(&folder);
    fleet.edit("fleet.yaml", "eu-central-1", "us-east-1");
    fleet.run(&["generate", "-o", "dir=new"]);
    let new = files(&fleet.0.path().join("new"));
    let mut is_between = false;
    for step in 0..25 {
        let mut child = fleet
            .command(&["generate", "-o", "dir=rendered"])
            .stderr(Stdio::null())
            .spawn()
            .expect("the program starts");
        sleep(Duration::from_millis(20 + step * 4));
        let _ = child.kill();
        child.wait().expect("an end");
        let now = files(&folder);
        for (path, text) in now.iter().filter(|(path, _)| old.contains_key(*path)) {
            assert!(*text == old[path] || *text == new[path], "{path}");
        }
        is_between |= now.values().any(|text| text.contains("us-east-1"));
        for (path, text) in &old {
            fs::write(folder.join(path), text).expect("a file");
        }
    }
    assert!(is_between, "no run was killed while it wrote");
}
