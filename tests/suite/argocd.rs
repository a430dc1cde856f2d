//! `kubectl fleet argocd`: the printed configuration, and the messages about Applications.

use std::fs;

use serde_json::Value as Json;

use crate::fleet::{Fleet, Run};

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
spec: {topology: {classRef: {name: quick-start}, version: v1.34.0}}
";
/// An object of the clusters of one cell only.
const OF_CELL: &str = "apiVersion: v1
kind: ConfigMap
metadata: {name: \"${CLUSTER_NAME}-info\"}
data: {a: b}
";

/// Returns a repository with a fleet in `fleets/eks`.
fn repository(users: &str) -> Fleet {
    Fleet::new([
        ("fleets/eks/fleet.yaml", FLEET),
        ("fleets/eks/users.yaml", users),
        ("fleets/eks/cluster.yaml", CLUSTER),
        ("fleets/eks/cell.yaml", OF_CELL),
    ])
}

/// Returns the printed Applications.
fn apps(repository: &Fleet, args: &[&str]) -> Run {
    let repo = "--repo=https://git.example.org/fleet.git";
    repository.run(&[&["argocd", "apps", repo], args].concat())
}

/// Checks the Applications in a file.
fn check(repository: &Fleet, file: &str) -> Run {
    repository.run(&["argocd", "check", file])
}

/// Returns the names of Applications.
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
fn each_cell_with_output_has_an_application() {
    let repository = repository("alice: eu\nbob: us\n");
    let run = apps(&repository, &["fleets/eks"]);
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
    assert_eq!(names(&run.stdout), ["eks-eu", "eks-us"]);
    // The Namespace of clusters in two cells belongs to the fleet.
    let shared = FLEET.replace("  value: cell\n", "  value: cell\n  namespace: all\n");
    repository.write("fleets/eks/fleet.yaml", shared);
    let stdout = apps(&repository, &["fleets/eks"]).output();
    assert_eq!(names(&stdout), ["eks-fleet", "eks-eu", "eks-us"]);
    let only_eu = FLEET.replace("- file: cluster.yaml\n", "");
    repository.write("fleets/eks/fleet.yaml", only_eu);
    let stdout = apps(&repository, &["fleets/eks"]).output();
    assert!(names(&stdout).contains(&"eks-eu".to_owned()), "{stdout}");
    assert!(!names(&stdout).contains(&"eks-us".to_owned()), "{stdout}");
}

#[test]
fn printed_applications_pass_the_check() {
    let repository = repository("alice: eu\nbob: us\n");
    for more in [
        &["fleets/eks"][..],
        &["--automated", "--versioned", "fleets/eks"],
        &["-C", "fleets/eks", "--path", "fleets/eks"],
    ] {
        repository.write("apps/all.yaml", apps(&repository, more).output());
        let messages = check(&repository, "apps/all.yaml").messages(0);
        assert_eq!(messages, "2 Applications, 0 warnings\n");
    }
}

#[test]
fn existing_lock_is_required_by_applications() {
    let repository = repository("alice: eu\n");
    let before = apps(&repository, &["fleets/eks"]).stdout;
    assert!(!before.contains("locked"));
    repository.print(&["lock", "fleets/eks"]);
    let after = apps(&repository, &["fleets/eks"]).stdout;
    assert!(
        after.contains("- name: locked\n        string: \"true\"\n"),
        "{after}"
    );
}

#[test]
fn names_begin_with_the_name_of_the_fleet() {
    let repository = repository("alice: eu\n");
    let named = FLEET.replacen("kind: Fleet\n", "kind: Fleet\nmetadata: {name: prod}\n", 1);
    repository.write("fleets/eks/fleet.yaml", named);
    let stdout = apps(&repository, &["fleets/eks"]).output();
    assert_eq!(names(&stdout), ["prod-eu"]);
    // A second fleet without a name has the name of its directory, and two names differ.
    repository.write("fleets/aks/fleet.yaml", FLEET);
    for file in ["users.yaml", "cluster.yaml", "cell.yaml"] {
        let text = fs::read_to_string(repository.path(&format!("fleets/eks/{file}")));
        repository.write(&format!("fleets/aks/{file}"), text.expect("a file"));
    }
    let other = apps(&repository, &["fleets/aks"]).output();
    repository.write("apps/eks.yaml", &stdout);
    repository.write("apps/aks.yaml", &other);
    let both = &["argocd", "check", "apps/eks.yaml", "apps/aks.yaml"];
    let messages = repository.run(both).messages(0);
    assert_eq!(messages, "2 Applications, 0 warnings\n");
    repository.write(
        "apps/aks.yaml",
        other.replace("name: aks-eu", "name: prod-eu"),
    );
    let stderr = repository.run(both).messages(3);
    let expected = "error[duplicate-application]: Application `argocd/prod-eu` is defined twice";
    assert!(stderr.contains(expected), "{stderr}");
}

#[test]
fn options_that_have_no_effect_are_rejected() {
    let repository = repository("alice: eu\n");
    for args in [
        &["argocd", "install", "-o", "policy", "--image", "a/b:c"][..],
        &["argocd", "install", "-o", "policy", "--versioned"],
        &[
            "argocd",
            "apps",
            "--repo",
            "git.example.org/x",
            "fleets/eks",
        ],
    ] {
        repository.run(args).messages(2);
    }
    for url in ["git@git.example.org:x.git", "ssh://git@git.example.org/x"] {
        repository.print(&["argocd", "apps", "--repo", url, "fleets/eks"]);
    }
}

#[test]
fn lock_must_be_required() {
    let repository = repository("alice: eu\n");
    let before = apps(&repository, &["fleets/eks"]).output();
    repository.print(&["lock", "fleets/eks"]);
    repository.write("apps/all.yaml", before);
    let stderr = check(&repository, "apps/all.yaml").messages(0);
    assert!(stderr.contains("warning[unrequired-lock]"), "{stderr}");
}

#[test]
fn no_output_is_written_after_an_error() {
    let repository = repository("alice: eu\nbob: EU\n");
    for (more, code, expected) in [
        (&["fleets/eks"][..], 3, "error[invalid-name]"),
        (&["--name", "a b", "fleets/eks"], 3, "error[invalid-name]"),
        (&["fleets/../fleets/eks"], 3, "error[invalid-path]"),
        (&["fleets"], 3, "error[no-fleet]"),
        (&["no/folder"], 5, "error[io]"),
    ] {
        let stderr = apps(&repository, more).messages(code);
        assert!(stderr.contains(expected), "{more:?}: {stderr}");
    }
}

#[test]
fn applications_are_compared_with_the_fleet_in_the_repository() {
    let repository = repository("alice: eu\nbob: us\n");
    let sound = apps(&repository, &["--automated", "fleets/eks"]).stdout;
    repository.write("apps/all.yaml", sound.replace("string: us", "string: asia"));
    let stderr = check(&repository, "apps/all.yaml").messages(4);
    assert!(
        stderr
            .contains("error[empty-cell]: cell `asia` has no cluster\n  --> apps/all.yaml:90:17\n"),
        "{stderr}"
    );

    repository.write("apps/all.yaml", sound);
    let loose = format!("{FLEET}safety: {{deletion: allow}}\n");
    repository.write("fleets/eks/fleet.yaml", loose);
    repository.write("fleets/eks/.argocd-source-eks-eu.yaml", "plugin: {}\n");
    let stderr = check(&repository, "apps/all.yaml").messages(3);
    for expected in [
        "error[unguarded-prune]",
        "error[parameter-override]",
        "`.argocd-source-eks-eu.yaml`",
        "2 Applications, 4 errors\n",
    ] {
        assert!(stderr.contains(expected), "{expected}: {stderr}");
    }
    // Errors of a fleet are reported by `validate`.
    repository.write("fleets/eks/fleet.yaml", "a: b\n");
    fs::remove_file(repository.path("fleets/eks/.argocd-source-eks-eu.yaml")).expect("a file");
    let stderr = check(&repository, "apps/all.yaml").messages(0);
    assert!(stderr.contains("warning[unchecked-source]"), "{stderr}");
}

/// Cells are listed in `fleet.yaml`, even if they have no clusters yet.
#[test]
fn fleet_with_cells_and_no_cluster_requires_a_cell() {
    let repository = repository("# empty\n");
    let fleet = "fleets/eks/fleet.yaml";
    repository.write(fleet, format!("{FLEET}safety: {{allowEmpty: true}}\n"));
    let stdout = repository.print(&["argocd", "parameters", "fleets/eks"]);
    let announced: Json = serde_json::from_str(&stdout).expect("JSON");
    assert_eq!(announced[0]["title"], "Cell: @fleet");
    assert_eq!(announced[0]["required"], true);
    repository.fail(&["generate", "fleets/eks", "--argocd"], 2);
    let stdout = apps(&repository, &["fleets/eks"]).output();
    assert!(names(&stdout).is_empty(), "{stdout}");
}

#[test]
fn path_of_a_file_is_no_source() {
    let repository = repository("alice: eu\n");
    let sound = apps(&repository, &["fleets/eks"]).stdout;
    repository.write("apps/all.yaml", &sound);
    check(&repository, "apps/all.yaml").messages(0);
    let file = sound.replace("path: fleets/eks", "path: fleets/eks/fleet.yaml");
    repository.write("apps/all.yaml", file);
    let stderr = check(&repository, "apps/all.yaml").messages(3);
    assert!(stderr.contains("error[not-a-directory]"), "{stderr}");
}

#[test]
fn plugin_prints_warnings_in_one_line_each() {
    let repository = repository("alice: eu\n");
    let fleet = FLEET.replace("cells: {label: cell}\n", "");
    let unused = fleet.replace(
        "  value: cell\n",
        "  value: cell\n  variables: {a: b, c: d}\n",
    );
    repository.write("fleets/eks/fleet.yaml", fleet);
    let args = &["generate", "fleets/eks", "--argocd"];
    let without = repository.run(args);
    assert_eq!((without.code, without.stderr.as_str()), (0, ""));
    repository.write("fleets/eks/fleet.yaml", unused);
    let with = repository.run(args);
    assert_eq!((with.code, &with.stdout), (0, &without.stdout));
    let lines: Vec<&str> = with.stderr.lines().collect();
    assert_eq!(lines.len(), 2, "{}", with.stderr);
    for (line, name) in lines.iter().zip(["a", "c"]) {
        let start = "warning[unused-variable]: fleet.yaml:";
        assert!(line.starts_with(start), "{line}");
        assert!(
            line.contains(&format!("variable `{name}` is never used; ")),
            "{line}"
        );
    }
}

#[test]
fn files_that_cannot_be_checked_are_reported() {
    let repository = repository("alice: eu\n");
    repository.write("broken.yaml", "a: [\n");
    for (file, code, expected) in [
        ("broken.yaml", 3, "error[yaml-syntax]"),
        ("absent.yaml", 3, "error[no-such-file]"),
        ("../absent.yaml", 4, "error[outside-folder]"),
        (
            "/apps/a.yaml",
            4,
            "run the command in the root of the repository",
        ),
        ("fleets/eks/users.yaml", 3, "error[not-an-application]"),
    ] {
        let stderr = check(&repository, file).messages(code);
        assert!(stderr.contains(expected), "{file}: {stderr}");
        assert!(stderr.ends_with("0 Applications, 1 error\n"), "{stderr}");
    }
}
