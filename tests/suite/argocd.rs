//! `kubectl fleet argocd`: what is printed for an Argo CD, and what is said about Applications.

use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::Value as Json;
use tempfile::TempDir;

const FLEET: &str = "apiVersion: kubectl-fleet.io/v1alpha1
kind: Fleet
clusters:
- list: users.yaml
  value: cell
  labels: {cell: \"${cell}\"}
templates:
- file: cluster.yaml
- file: cell.yaml
  selector: {matchLabels: {cell: eu}}
cells: {label: cell}
";
const CLUSTER: &str = "apiVersion: cluster.x-k8s.io/v1beta2
kind: Cluster
metadata: {name: \"${CLUSTER_NAME}\"}
";
/// An object of one cell's clusters alone.
const OF_CELL: &str = "apiVersion: v1
kind: ConfigMap
metadata: {name: \"${CLUSTER_NAME}-info\"}
data: {a: b}
";

/// A repository with a fleet in `fleets/eks`.
struct Repository(TempDir);

impl Repository {
    fn new(users: &str) -> Self {
        let repository = Self(TempDir::new().expect("a folder"));
        repository.write("fleets/eks/fleet.yaml", FLEET);
        repository.write("fleets/eks/users.yaml", users);
        repository.write("fleets/eks/cluster.yaml", CLUSTER);
        repository.write("fleets/eks/cell.yaml", OF_CELL);
        repository
    }

    fn write(&self, path: &str, text: &str) {
        let path = self.0.path().join(path);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(path, text).expect("a file");
    }

    /// The exit code, stdout and stderr of a command in the root.
    fn run(&self, args: &[&str]) -> (i32, String, String) {
        run(args, self.0.path())
    }

    fn apps(&self, more: &[&str]) -> (i32, String, String) {
        let args = [
            "argocd",
            "apps",
            "--repo",
            "https://git.example.org/fleet.git",
        ];
        self.run(&[&args, more].concat())
    }
}

fn run(args: &[&str], folder: &Path) -> (i32, String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_kubectl-fleet"));
    let output = command.args(args).current_dir(folder).env_clear().output();
    let output = output.expect("the program starts");
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).expect("UTF-8");
    let code = output.status.code().expect("an exit code");
    (code, text(&output.stdout), text(&output.stderr))
}

/// The names of Applications.
fn names(text: &str) -> Vec<String> {
    let documents = text.split("---\n").skip(1);
    let name = |text: &str| {
        let object: Json = serde_saphyr::from_str(text).expect("YAML");
        object["metadata"]["name"]
            .as_str()
            .expect("a name")
            .to_owned()
    };
    documents.map(name).collect()
}

#[test]
fn each_cell_that_prints_something_has_an_application() {
    let repository = Repository::new("alice: eu\nbob: us\n");
    let (code, stdout, stderr) = repository.apps(&["fleets/eks"]);
    assert_eq!((code, stderr.as_str()), (0, ""));
    assert_eq!(names(&stdout), ["eks-eu", "eks-us"]);
    // A Namespace of clusters in two cells is the fleet's.
    let shared = FLEET.replace("  value: cell\n", "  value: cell\n  namespace: all\n");
    repository.write("fleets/eks/fleet.yaml", &shared);
    let (_, stdout, stderr) = repository.apps(&["fleets/eks"]);
    assert_eq!(
        names(&stdout),
        ["eks-fleet", "eks-eu", "eks-us"],
        "{stderr}"
    );
    let only_eu = FLEET.replace("- file: cluster.yaml\n", "");
    repository.write("fleets/eks/fleet.yaml", &only_eu);
    let (_, stdout, stderr) = repository.apps(&["fleets/eks"]);
    assert!(names(&stdout).contains(&"eks-eu".to_owned()), "{stderr}");
    assert!(!names(&stdout).contains(&"eks-us".to_owned()), "{stderr}");
}

#[test]
fn what_is_printed_passes_the_check() {
    let repository = Repository::new("alice: eu\nbob: us\n");
    for more in [
        &["fleets/eks"][..],
        &["--automated", "--versioned", "fleets/eks"],
        &["-C", "fleets/eks", "--path", "fleets/eks"],
    ] {
        let (code, stdout, stderr) = repository.apps(more);
        assert_eq!(code, 0, "{stderr}");
        repository.write("apps/all.yaml", &stdout);
        let said = repository.run(&["argocd", "check", "apps/all.yaml"]);
        let expected = "2 Applications, 0 warnings\n".to_owned();
        assert_eq!(said, (0, String::new(), expected));
    }
}

#[test]
fn a_lock_is_asked_for_once_it_is_there() {
    let repository = Repository::new("alice: eu\n");
    let (_, before, _) = repository.apps(&["fleets/eks"]);
    assert!(!before.contains("locked"));
    assert_eq!(repository.run(&["lock", "fleets/eks"]).0, 0);
    let (_, after, _) = repository.apps(&["fleets/eks"]);
    assert!(
        after.contains("- name: locked\n        string: \"true\"\n"),
        "{after}"
    );
}

#[test]
fn nothing_is_printed_of_what_is_wrong() {
    let repository = Repository::new("alice: eu\nbob: EU\n");
    for (more, code, expected) in [
        (&["fleets/eks"][..], 3, "error[invalid-name]"),
        (&["--name", "a b", "fleets/eks"], 3, "error[invalid-name]"),
        (&["fleets/../fleets/eks"], 3, "error[invalid-path]"),
        (&["fleets"], 3, "error[no-fleet]"),
        (&["no/folder"], 5, "error[io]"),
    ] {
        let (found, stdout, stderr) = repository.apps(more);
        assert_eq!((found, stdout.as_str()), (code, ""), "{more:?}: {stderr}");
        assert!(stderr.contains(expected), "{more:?}: {stderr}");
    }
}

#[test]
fn applications_are_compared_with_the_fleet_in_the_repository() {
    let repository = Repository::new("alice: eu\nbob: us\n");
    let (_, sound, _) = repository.apps(&["--automated", "fleets/eks"]);
    repository.write(
        "apps/all.yaml",
        &sound.replace("string: us", "string: asia"),
    );
    let (code, _, stderr) = repository.run(&["argocd", "check", "apps/all.yaml"]);
    assert_eq!(code, 4, "{stderr}");
    assert!(
        stderr.contains(
            "error[empty-cell]: no cluster is in the cell `asia`\n  --> apps/all.yaml:68:17\n"
        ),
        "{stderr}"
    );

    repository.write("apps/all.yaml", &sound);
    let loose = format!("{FLEET}safety: {{deletion: allow}}\n");
    repository.write("fleets/eks/fleet.yaml", &loose);
    repository.write("fleets/eks/.argocd-source-eks-eu.yaml", "plugin: {}\n");
    let (code, _, stderr) = repository.run(&["argocd", "check", "apps/all.yaml"]);
    assert_eq!(code, 3, "{stderr}");
    for expected in [
        "error[unguarded-prune]",
        "error[parameter-override]",
        "`.argocd-source-eks-eu.yaml`",
        "2 Applications, 4 errors\n",
    ] {
        assert!(stderr.contains(expected), "{expected}: {stderr}");
    }
    // The mistakes of a fleet are for `validate` to tell.
    repository.write("fleets/eks/fleet.yaml", "a: b\n");
    fs::remove_file(
        repository
            .0
            .path()
            .join("fleets/eks/.argocd-source-eks-eu.yaml"),
    )
    .expect("a file");
    assert_eq!(repository.run(&["argocd", "check", "apps/all.yaml"]).0, 0);
}

/// Cells are written in `fleet.yaml`, whoever is in them yet.
#[test]
fn a_fleet_with_cells_and_no_cluster_wants_a_cell() {
    let repository = Repository::new("# nobody yet\n");
    let fleet = "fleets/eks/fleet.yaml";
    repository.write(fleet, &format!("{FLEET}safety: {{allowEmpty: true}}\n"));
    let (code, stdout, stderr) = repository.run(&["argocd", "parameters", "fleets/eks"]);
    assert_eq!(code, 0, "{stderr}");
    let announced: Json = serde_json::from_str(&stdout).expect("JSON");
    assert_eq!(announced[0]["title"], "Cell: @fleet");
    assert_eq!(announced[0]["required"], true);
    let (code, stdout, stderr) = repository.run(&["generate", "fleets/eks", "--argocd"]);
    assert_eq!((code, stdout.as_str()), (2, ""), "{stderr}");
    let (code, stdout, stderr) = repository.apps(&["fleets/eks"]);
    assert_eq!((code, names(&stdout).len()), (0, 0), "{stderr}");
}

#[test]
fn files_that_cannot_be_checked_are_told() {
    let repository = Repository::new("alice: eu\n");
    repository.write("broken.yaml", "a: [\n");
    for (file, code, expected) in [
        ("broken.yaml", 3, "error[yaml-syntax]"),
        ("absent.yaml", 3, "error[no-such-file]"),
        ("../absent.yaml", 4, "error[outside-folder]"),
        ("fleets/eks/users.yaml", 3, "error[not-an-application]"),
    ] {
        let (found, stdout, stderr) = repository.run(&["argocd", "check", file]);
        assert_eq!((found, stdout.as_str()), (code, ""), "{file}: {stderr}");
        assert!(stderr.contains(expected), "{file}: {stderr}");
        assert!(stderr.ends_with("0 Applications, 1 error\n"), "{stderr}");
    }
}
