//! The lock: clusters that must not be missing.

use std::fs;

use super::{fleet_with_clusters, lines, run_plugin};

#[test]
fn locked_cluster_is_removed_only_with_its_line() {
    let fleet = fleet_with_clusters(4);
    assert_eq!(fleet.run(&["lock"]).stderr, "fleet.lock: 5 lines added\n");
    let lock = "\nu0/u0 c0 +1\nu1/u1 c1 +1\nu2/u2 c2 +1\nu3/u3 c0 +1\n";
    assert!(fleet.read("fleet.lock").ends_with(lock));
    let before = fleet.print(&["generate", "-o", "json", "--locked"]);
    for (kind, guard) in [
        ("Cluster", "Prune=confirm,Delete=confirm"),
        ("MachinePool", "Prune=false,Delete=false"),
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
    // Only the entry is removed: an error.
    fleet.edit("users.yaml", "u1: {cell: c1} # end\n", "");
    let stderr = fleet.fail(&["generate"], 4);
    assert!(
        stderr.contains("error[locked-cluster]: cluster `u1/u1`"),
        "{stderr}"
    );
    // The line is removed, too: only the objects of the cluster are missing.
    fleet.edit("fleet.lock", "u1/u1 c1 +1\n", "");
    let after = fleet.print(&["generate", "-o", "json", "--locked"]);
    let removed: Vec<&str> = lines(&before).difference(&lines(&after)).copied().collect();
    assert_eq!(removed.len(), 7, "{removed:?}");
    assert!(
        removed.iter().all(|object| object.contains("u1")),
        "{removed:?}"
    );
    assert!(lines(&after).is_subset(&lines(&before)));
}

#[test]
fn new_cluster_is_reported_and_can_be_rejected() {
    let fleet = fleet_with_clusters(3);
    fleet.run(&["lock"]);
    fleet.edit("users.yaml", "u0:", "u9: {cell: c0}\nu0:");
    let stderr = fleet.run(&["validate"]).stderr;
    assert!(
        stderr.contains("warning[not-locked]: 1 cluster is not in fleet.lock: `u9`"),
        "{stderr}"
    );
    let stderr = fleet.fail(&["generate", "--locked"], 4);
    assert!(stderr.contains("error[unlocked]: "), "{stderr}");
    assert_eq!(fleet.run(&["lock"]).stderr, "fleet.lock: 1 line added\n");
    fleet.print(&["generate", "--locked"]);
    fs::remove_file(fleet.path("fleet.lock")).expect("a lock");
    let stderr = fleet.fail(&["generate", "--locked"], 4);
    assert!(
        stderr.contains("error[unlocked]: fleet.lock does not exist"),
        "{stderr}"
    );
}

/// Argo CD shows the first line, which must state the most likely cause.
#[test]
fn renamed_locked_cluster_is_reported_in_one_line() {
    let fleet = fleet_with_clusters(4);
    fleet.run(&["lock"]);
    fleet.edit("users.yaml", "u1: {cell: c1}", "u1x: {cell: c1}");
    let run = run_plugin(&fleet, "[{\"name\":\"cell\",\"string\":\"c1\"}]");
    assert_eq!(
        run.messages(4).lines().next().expect("a line"),
        "error[locked-cluster]: fleet.lock:3:1: cluster `u1/u1` is in fleet.lock but no list contains it; Argo CD would \
         delete it (users.yaml:4:1: the new cluster `u1x` has a similar name); restore the list entry; to allow the deletion, \
         remove this line with `kubectl fleet remove u1/u1`"
    );
}

/// A member alone does not keep a cluster: the object that the lock names must be created.
#[test]
fn a_locked_object_must_be_created() {
    let fleet = fleet_with_clusters(2);
    fleet.run(&["lock"]);
    for (path, from, to) in [
        (
            "fleet.yaml",
            "{file: builtin:eks}",
            "{file: builtin:eks, selector: {matchLabels: {cell: c9}}}",
        ),
        ("fleet.yaml", "{file: builtin:eks}", "{file: map.yaml}"),
        ("fleet.yaml", "{file: builtin:eks}", "{file: renamed.yaml}"),
    ] {
        let before = fleet.read(path);
        let map = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: map}\n";
        fleet.write("map.yaml", map);
        let cluster = "apiVersion: cluster.x-k8s.io/v1beta2\nkind: Cluster\nmetadata: {name: \"x-${CLUSTER_NAME}\"}\nspec: {paused: false}\n";
        fleet.write("renamed.yaml", cluster);
        fleet.edit(path, from, to);
        let stderr = fleet.fail(&["generate", "-o", "json"], 4);
        assert_eq!(
            stderr.matches("error[locked-cluster]").count(),
            2,
            "{stderr}"
        );
        fleet.write(path, before);
    }
    // The lock names what represents a cluster without a Cluster.
    fleet.edit("fleet.yaml", "{file: builtin:eks}", "{file: xr.yaml}");
    fleet.edit(
        "fleet.yaml",
        "cells:",
        "safety: {protect: [EKSCluster.example.org]}\ncells:",
    );
    let xr =
        "apiVersion: example.org/v1\nkind: EKSCluster\nmetadata: {name: \"${CLUSTER_NAME}\"}\n";
    fleet.write("xr.yaml", xr);
    fs::remove_file(fleet.path("fleet.lock")).expect("a lock");
    fleet.run(&["lock"]);
    let lock = "+1 ClusterProfile.config.projectsveltos.io/shared EKSCluster.example.org/*\n\
                u0/u0 c0 @EKSCluster.example.org/u0/u0 +1\nu1/u1 c1 @EKSCluster.example.org/u1/u1 +1\n";
    assert_eq!(fleet.read("fleet.lock"), lock);
    fleet.print(&["generate", "--locked"]);
    fleet.write("xr.yaml", xr.replace("EKSCluster", "GKECluster"));
    fleet.fail(&["generate"], 4);
}
