//! `kubectl fleet remove`: entries of lists and lines of the lock.

use std::fs;

use super::fleet_with_clusters;

/// What `remove` states about the add-on of `fleet_with_clusters`.
const SVELTOS: &str = "note: Sveltos uninstalls `shared` when the Cluster is deleted or loses its labels, and not before: it selects \
                       clusters by the labels of the Cluster\n";

#[test]
fn remove_states_what_happens_to_addons() {
    let charts = ["argocd", "flux", "caaph"].map(|method| {
        format!(
            "- {{name: {method}, selector: all, deliver: {method}, helm: {{repo: https://charts.example.org, chart: {method}, \
             version: 1.0.0, namespace: {method}}}}}\n"
        )
    });
    let addons = charts.concat();
    let source = "source: {kind: GitRepository, name: fleet, namespace: flux-system}\n";
    for (deletion, expected) in [
        ("confirm", "in the sync that you confirm; Flux keeps them"),
        ("forbid", "the objects of these add-ons are kept"),
        ("allow", "is uninstalled while the Cluster is deleted"),
    ] {
        let fleet = fleet_with_clusters(2);
        let addons = format!(
            "addons:\n{addons}- {{name: shared, selector: all, manifests: shared.yaml}}\n{source}safety: {{deletion: {deletion}}}\n"
        );
        let written = "addons: [{name: shared, selector: all, manifests: shared.yaml}]\n";
        fleet.edit("fleet.yaml", written, &addons);
        let stderr = fleet.run(&["remove", "u1", "--dry-run"]).stderr;
        assert!(stderr.contains(SVELTOS), "{stderr}");
        assert_eq!(stderr.matches(expected).count(), 3, "{deletion}: {stderr}");
        assert_eq!(
            stderr.contains("`deletion: forbid` keeps"),
            deletion == "forbid"
        );
    }
}

#[test]
fn remove_edits_the_list_and_the_lock() {
    let fleet = fleet_with_clusters(4);
    fleet.run(&["lock"]);
    let (list, lock) = (fleet.read("users.yaml"), fleet.read("fleet.lock"));
    let diff = fleet.print(&["remove", "u1", "--dry-run"]);
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
        fleet.run(&["remove", "u1", "u3"]).stderr,
        format!("changed fleet.lock and users.yaml\n{SVELTOS}")
    );
    let expected = list
        .replace("u1: {cell: c1} # end\n", "")
        .replace("u3: {cell: c0} # end\n", "");
    assert_eq!(fleet.read("users.yaml"), expected);
    assert_eq!(fleet.read("fleet.lock"), "u0/u0 c0\nu2/u2 c2\n");
    let stderr = fleet.fail(&["remove", "u7"], 3);
    assert!(
        stderr.starts_with("error[unknown-cluster]: there is no cluster `u7`"),
        "{stderr}"
    );
    // The last two members: the guard against empty lists.
    fleet.fail(&["remove", "u0", "u2"], 4);
    assert_eq!(fleet.read("fleet.lock"), "u0/u0 c0\nu2/u2 c2\n");
}

#[test]
fn remove_deletes_the_file_of_a_sole_member() {
    let fleet = fleet_with_clusters(0);
    fleet.edit("fleet.yaml", "users.yaml", "users/*.yaml");
    for user in ["a", "b"] {
        fleet.write(&format!("users/{user}.yaml"), "cell: c0\n");
    }
    fleet.run(&["remove", "a"]);
    assert_eq!(
        fleet.files("users").into_keys().collect::<Vec<_>>(),
        ["b.yaml"]
    );
}

#[test]
fn members_that_share_lines_are_not_removed() {
    let fleet = fleet_with_clusters(0);
    // Both members are the same node by an alias: the anchor cannot be removed without the alias.
    fleet.write("users.yaml", "a: &a {cell: c0}\nb: *a\n");
    fleet.fail(&["remove", "a"], 3);
    // One entry creates two clusters, and one of them must remain.
    fleet.write("users.yaml", "a: {cell: c0}\nb: {cell: c0}\n");
    let twice = "- {list: users.yaml, name: \"x-${name}\", labels: {cell: \"${cell}\"}}\ntemplates";
    fleet.edit("fleet.yaml", "templates", twice);
    let stderr = fleet.fail(&["remove", "x-a"], 3);
    assert!(stderr.starts_with("error[cannot-edit]: "), "{stderr}");
    fleet.edit("fleet.yaml", twice, "templates");
    // An anchor that is defined again: `c` would silently get the value of `a`.
    fleet.write("users.yaml", "a: &x {cell: c0}\nb: &x {cell: c1}\nc: *x\n");
    let stderr = fleet.fail(&["remove", "b"], 3);
    assert!(stderr.starts_with("error[cannot-edit]: "), "{stderr}");
    // In flow style, a comma is removed, too.
    fleet.write("users.yaml", "{a: {cell: c0}, b: {cell: c0}}\n");
    assert_eq!(
        fleet.run(&["remove", "b"]).stderr,
        format!("changed users.yaml\n{SVELTOS}")
    );
    assert_eq!(fleet.read("users.yaml"), "{a: {cell: c0}}\n");
}

/// An error of the remaining file has its location in that file.
#[test]
fn error_of_the_remaining_fleet_has_its_location() {
    let fleet = fleet_with_clusters(0);
    fleet.edit(
        "fleet.yaml",
        "templates",
        "safety: {minClusters: 3}\ntemplates",
    );
    fleet.write(
        "users.yaml",
        "a: {cell: c0}\nb: {cell: c0}\nc: {cell: c0}\n",
    );
    let stderr = fleet.fail(&["remove", "a"], 4);
    assert!(stderr.starts_with("error[too-few-clusters]: "), "{stderr}");
    assert!(stderr.ends_with("; no file was changed\n"), "{stderr}");
    fleet.write("users.yaml", "a: &x {cell: c0}\nb: *x\nc: {cell: c0}\n");
    let stderr = fleet.fail(&["remove", "a"], 3);
    assert!(stderr.contains("--> users.yaml:1:4\n"), "{stderr}");
    assert!(stderr.contains("1 | b: *x\n"), "{stderr}");
}

#[cfg(unix)]
#[test]
fn link_to_a_list_remains_a_link() {
    let fleet = fleet_with_clusters(3);
    let path = |name: &str| fleet.path(name);
    fs::create_dir(path("lists")).expect("a directory");
    fs::rename(path("users.yaml"), path("lists/all.yaml")).expect("a list");
    std::os::unix::fs::symlink("lists/all.yaml", path("users.yaml")).expect("a link");
    let before = fleet.read("users.yaml");
    fleet.print(&["remove", "u1"]);
    assert!(path("users.yaml").is_symlink());
    assert_eq!(
        fleet.read("lists/all.yaml"),
        before.replace("u1: {cell: c1} # end\n", "")
    );
}
