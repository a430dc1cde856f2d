//! `kubectl fleet remove`: entries of lists and lines of the lock.

use std::fs;

use super::fleet_with_clusters;

/// What `remove` states about the add-on of `fleet_with_clusters`.
const SVELTOS: &str = "note: Sveltos keeps `shared` until the Cluster loses its labels, and uninstalls nothing from a Cluster that is \
                       being deleted\n";

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
    assert_eq!(changed, ["-u1/u1 c1 +1", "-u1: {cell: c1} # end"]);
    assert_eq!(
        fleet.run(&["remove", "u1", "u3"]).stderr,
        format!("changed fleet.lock and users.yaml\n{SVELTOS}")
    );
    let expected = list
        .replace("u1: {cell: c1} # end\n", "")
        .replace("u3: {cell: c0} # end\n", "");
    assert_eq!(fleet.read("users.yaml"), expected);
    assert!(
        fleet
            .read("fleet.lock")
            .ends_with("\nu0/u0 c0 +1\nu2/u2 c2 +1\n")
    );
    let stderr = fleet.fail(&["remove", "u7"], 3);
    assert!(
        stderr.starts_with("error[unknown-cluster]: there is no cluster `u7`"),
        "{stderr}"
    );
    // The last two members: the guard against empty lists.
    fleet.fail(&["remove", "u0", "u2"], 4);
    assert!(
        fleet
            .read("fleet.lock")
            .ends_with("\nu0/u0 c0 +1\nu2/u2 c2 +1\n")
    );
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
    let twice = "- {list: users.yaml, name: \"x-${name}\", variables: {AWS_REGION: eu-central-1}, labels: {cell: \"${cell}\"}}\ntemplates";
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

/// What a group or the fleet has because of a cluster is named, and goes only if that is allowed.
#[test]
fn objects_of_others_must_be_allowed() {
    let fleet = fleet_with_clusters(4);
    let object = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: \"of-${GROUP}\", namespace: default}\ndata: {number: \"1\"}\n";
    fleet.write("group.yaml", object);
    let all = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: all, namespace: default}\ndata: {names: {$json: [{$each: CLUSTERS, $item: \"${CLUSTER_NAME}\"}]}}\n";
    fleet.write("all.yaml", all);
    fleet.edit(
        "fleet.yaml",
        "templates: [{file: builtin:eks}]",
        "templates: [{file: builtin:eks}, {file: group.yaml, forEach: {label: cell}}, {file: all.yaml, forEach: fleet}]",
    );
    let list = fleet.read("users.yaml");
    // The group has other clusters, and only the object of the fleet changes.
    let said = fleet.fail(&["remove", "u3"], 4);
    let lines =
        "other objects that change:\n  changed: ConfigMap default/all\nerror[other-changes]: ";
    assert!(said.starts_with(lines), "{said}");
    // The last cluster of the group.
    let said = fleet.fail(&["remove", "u1"], 4);
    assert!(
        said.contains("\n  removed: ConfigMap default/of-c1\n"),
        "{said}"
    );
    assert!(said.ends_with("; no file was changed\n"), "{said}");
    assert_eq!(fleet.read("users.yaml"), list);
    let run = fleet.run(&["remove", "u1", "--dry-run"]);
    assert!(
        run.stderr
            .contains("\n  removed: ConfigMap default/of-c1\n")
    );
    assert!(run.output().contains("\n-u1: {cell: c1} # end\n"));
    fleet.print(&["remove", "u1", "--allow-changes"]);
    assert_eq!(
        fleet.read("users.yaml"),
        list.replace("u1: {cell: c1} # end\n", "")
    );
}

#[test]
fn line_ends_stay() {
    let fleet = fleet_with_clusters(4);
    fleet.run(&["lock"]);
    for path in ["users.yaml", "fleet.lock"] {
        let text = fleet.read(path).replace('\n', "\r\n");
        fleet.write(path, text.trim_end());
    }
    let expected = |path: &str, line: &str| fleet.read(path).replace(line, "");
    let list = expected("users.yaml", "u1: {cell: c1} # end\r\n");
    let lock = expected("fleet.lock", "u1/u1 c1 +1\r\n");
    fleet.print(&["remove", "u1"]);
    assert_eq!(fleet.read("users.yaml"), list);
    assert_eq!(fleet.read("fleet.lock"), lock);
    fleet.print(&["remove", "u3"]);
    assert!(fleet.read("users.yaml").ends_with("\r\n# of u3"));
    assert!(fleet.read("fleet.lock").ends_with("\r\nu2/u2 c2 +1"));
}

#[test]
fn lists_in_json_stay_json() {
    let fleet = fleet_with_clusters(0);
    fleet.edit("fleet.yaml", "users.yaml", "users.json");
    fleet.write(
        "users.json",
        "{\n  \"a\": {\"cell\": \"c0\"},\n  \"b\": {\n    \"cell\": \"c0\"\n  }\n}\n",
    );
    fleet.print(&["remove", "b"]);
    assert_eq!(
        fleet.read("users.json"),
        "{\n  \"a\": {\"cell\": \"c0\"}\n}\n"
    );
    fleet.write(
        "users.json",
        "[\n  {\"name\": \"a\", \"cell\": \"c0\"},\n  {\"name\": \"b\", \"cell\": \"c0\"}\n]\n",
    );
    fleet.print(&["remove", "a"]);
    assert_eq!(
        fleet.read("users.json"),
        "[\n  {\"name\": \"b\", \"cell\": \"c0\"}\n]\n"
    );
    // Members in an object.
    fleet.edit(
        "fleet.yaml",
        "list: users.json",
        "list: users.json\n  at: /spec/users",
    );
    fleet.write(
        "users.json",
        "{\"spec\": {\"users\": [{\"name\": \"a\", \"cell\": \"c0\"}, {\"name\": \"b\", \"cell\": \"c0\"}]}}",
    );
    fleet.print(&["remove", "b"]);
    assert_eq!(
        fleet.read("users.json"),
        "{\"spec\": {\"users\": [{\"name\": \"a\", \"cell\": \"c0\"}]}}"
    );
}

#[test]
fn members_have_the_names_of_their_keys() {
    let fleet = fleet_with_clusters(0);
    fleet.edit(
        "fleet.yaml",
        "list: users.yaml",
        "list: users.yaml\n  name: \"team-${name}\"",
    );
    fleet.write(
        "users.yaml",
        "a: {cell: c0}\nb: {cell: c0}\nc: {cell: c0}\nd: {cell: c0}\n",
    );
    fleet.print(&["remove", "a"]);
    fleet.print(&["remove", "team-b"]);
    fleet.print(&["remove", "team-c/team-c"]);
    assert_eq!(fleet.read("users.yaml"), "d: {cell: c0}\n");
    // A cluster has the name of another member.
    fleet.write("users.yaml", "a: {cell: c0}\nteam-a: {cell: c0}\n");
    let said = fleet.fail(&["remove", "team-a"], 3);
    let expected = "error[ambiguous-cluster]: `team-a` names several clusters, such as `team-a/team-a` and `team-team-a/team-team-a`\n";
    assert!(said.starts_with(expected), "{said}");
    fleet.print(&["remove", "team-a/team-a"]);
    assert_eq!(fleet.read("users.yaml"), "team-a: {cell: c0}\n");
}

/// The entry of a list is removed by hand, or by a merge, and the line in the lock remains.
#[test]
fn line_of_a_removed_entry_is_removed() {
    let fleet = fleet_with_clusters(4);
    fleet.print(&["lock"]);
    let lock = fleet.read("fleet.lock");
    fleet.edit("users.yaml", "u1: {cell: c1} # end\n", "");
    let said = fleet.fail(&["validate"], 1);
    assert!(said.contains("`kubectl fleet remove u1/u1`"), "{said}");
    let diff = fleet.print(&["remove", "u1/u1", "--dry-run"]);
    assert!(diff.contains("\n-u1/u1 c1"), "{diff}");
    assert_eq!(fleet.read("fleet.lock"), lock);
    let said = fleet.run(&["remove", "u1", "u2"]).stderr;
    assert!(
        said.starts_with("changed fleet.lock and users.yaml\n"),
        "{said}"
    );
    let is_kept = |line: &&str| !line.starts_with("u1/") && !line.starts_with("u2/");
    let kept: String = lock.split_inclusive('\n').filter(is_kept).collect();
    assert_eq!(fleet.read("fleet.lock"), kept);
    fleet.print(&["validate"]);
    // The line of another missing cluster remains an error, at its place.
    fleet.edit("users.yaml", "u3: {cell: c0} # end\n", "");
    fleet.write("fleet.lock", "u0/u0 c0\nu1/u1 c1\nu3/u3 c0\n");
    let said = fleet.fail(&["remove", "u1"], 4);
    assert!(said.contains(" --> fleet.lock:3:1\n"), "{said}");
    fleet.print(&["remove", "u1", "u3"]);
    assert_eq!(fleet.read("fleet.lock"), "u0/u0 c0\n");
}

#[test]
fn names_that_the_lock_shares_are_ambiguous() {
    let fleet = fleet_with_clusters(2);
    fleet.write("fleet.lock", "u0/u0 c0\nu1/u1 c1\nold/u1 c1\n");
    let said = fleet.fail(&["remove", "u1"], 3);
    assert!(said.contains("`u1/u1` and `old/u1`"), "{said}");
    fleet.print(&["remove", "old/u1"]);
    assert_eq!(fleet.read("fleet.lock"), "u0/u0 c0\nu1/u1 c1\n");
}
