//! The objects that a spoke applies to itself, and the guards that also apply there.

use super::fleet_with_clusters;
use crate::fleet::Fleet;

const SPOKES: &str = "templates:
- file: builtin:eks
- file: builtin:argocd-spoke
  selector: {matchLabels: {kubectl-fleet.io/cluster: u1}}
addons: [{name: shared, selector: all, manifests: shared.yaml}]
deliver: argocd
source: {repoURL: https://git.example.org/fleet.git}
";

/// Returns a fleet of three clusters, each in its own cell; `u1` is a spoke.
fn fleet() -> Fleet {
    let fleet = fleet_with_clusters(3);
    let text = fleet.read("fleet.yaml");
    let (before, _) = text.split_once("templates:").expect("templates");
    fleet.write(
        "fleet.yaml",
        format!("{before}{SPOKES}cells: {{label: cell}}\n"),
    );
    fleet
}

#[test]
fn objects_of_a_spoke_are_in_no_cell() {
    let fleet = fleet();
    let printed = fleet.print(&["generate", "--spoke", "u1"]);
    assert!(printed.contains("name: shared.u1\n"), "{printed}");
    for cell in ["c0", "c1", "c2", "@fleet"] {
        let of_cell = fleet.run(&["generate", "--cell", cell]).stdout;
        assert!(!of_cell.contains("name: shared.u1\n"), "{cell}");
        assert_eq!(of_cell.contains("name: fleet.u1\n"), cell == "c1", "{cell}");
    }
    let stderr = fleet
        .run(&["generate", "--spoke", "u1", "-o", "dir=rendered"])
        .stderr;
    assert!(stderr.ends_with("1 file written, 0 removed\n"), "{stderr}");
    let written = fleet.files("rendered");
    assert_eq!(written.keys().collect::<Vec<_>>(), ["u1.yaml"]);
    fleet.fail(&["generate", "--spoke", "u1", "--cell", "c1"], 2);
}

#[test]
fn objects_of_a_spoke_are_not_applied_by_the_hub() {
    let fleet = fleet();
    let (hub, listed) = (["generate"], ["get", "clusters"]);
    let before = (fleet.print(&hub), fleet.print(&listed));
    fleet.edit(
        "fleet.yaml",
        "addons:",
        "- {file: builtin:argocd-register-spoke, from: spoke, variables: {secretManagerSecretName: s}}\naddons:",
    );
    assert_eq!((fleet.print(&hub), fleet.print(&listed)), before);
    let printed = fleet.print(&["generate", "--spoke", "u1"]);
    assert!(
        printed.starts_with("apiVersion: external-secrets.io/v1\n"),
        "{printed}"
    );
}

#[test]
fn lock_applies_to_a_spoke() {
    let fleet = fleet();
    fleet.write("fleet.lock", "u0/u0 c0\nu1/u1 c1\nu2/u2 c2\n");
    let spoke = ["generate", "--spoke", "u1", "--locked"];
    let before = fleet.print(&spoke);
    fleet.edit("users.yaml", "u2: {cell: c2} # end\n", "");
    let stderr = fleet.fail(&spoke, 4);
    assert!(stderr.starts_with("error[locked-cluster]: "), "{stderr}");
    fleet.edit("fleet.lock", "u2/u2 c2\n", "");
    assert_eq!(fleet.print(&spoke), before);
    // A spoke that was removed, or that the hub now manages, loses nothing because of this error.
    fleet.edit("fleet.yaml", "{kubectl-fleet.io/cluster: u1}", "{cell: c0}");
    let stderr = fleet.fail(&spoke, 3);
    assert!(stderr.starts_with("error[unknown-cluster]: "), "{stderr}");
}

#[test]
fn spoke_must_not_lose_all_objects() {
    let fleet = fleet();
    fleet.edit(
        "fleet.yaml",
        "selector: all, ",
        "selector: all, from: hub, ",
    );
    let spoke = ["generate", "--spoke", "u1"];
    let stderr = fleet.fail(&spoke, 4);
    let expected = "error[empty-output]: the output of the spoke is empty";
    assert!(stderr.starts_with(expected), "{stderr}");
    fleet.edit("fleet.yaml", "cells:", "safety: {allowEmpty: true}\ncells:");
    assert_eq!(fleet.print(&spoke), "");
}
