//! `get`: names, selectors and formats.

use serde_json::Value;

use crate::fleet::Fleet;

fn fleet() -> Fleet {
    let list = "{list: users.yaml, value: team, labels: {team: \"${team}\"}}";
    let templates = "[{file: cluster.yaml}, {file: team.yaml, forEach: {label: team}}]";
    let addons = "[{name: a, selector: all, manifests: shared.yaml}]";
    let head = "apiVersion: kubectl-fleet.io/v1alpha1\nkind: Fleet\n";
    let fleet = format!(
        "{head}clusters: [{list}]\ntemplates: {templates}\naddons: {addons}\ndeliver: sveltos\n"
    );
    let object = |kind: &str, name: &str| {
        format!(
            "apiVersion: example.com/v1\nkind: {kind}\nmetadata: {{name: \"{name}\", namespace: x}}\n"
        )
    };
    let cluster = "apiVersion: cluster.x-k8s.io/v1beta2\nkind: Cluster\nmetadata: {name: \"${CLUSTER_NAME}\"}\nspec: {paused: false}\n---\n";
    let cluster = cluster.to_owned() + &object("Disk", "${CLUSTER_NAME}");
    Fleet::new([
        ("fleet.yaml", &fleet),
        ("users.yaml", "alice: red\nbob: blue\n"),
        ("cluster.yaml", &cluster),
        ("team.yaml", &object("Team", "${GROUP}")),
        ("shared.yaml", &object("Shared", "shared")),
    ])
}

#[test]
fn names_select_rows() {
    let fleet = fleet();
    for (args, expected) in [
        (&["clusters", "bob"][..], "bob\n"),
        (&["clusters", "-l", "team=red"], "alice\n"),
        (&["addons", "a"], "a\n"),
        (&["groups"], "team=blue\nteam=red\n"),
        (&["groups", "-l", "team=red"], "team=red\n"),
        (
            &["objects", "bob", "--kind", "disk"],
            "Disk.example.com/bob\n",
        ),
        (&["objects", "team=red"], "Team.example.com/red\n"),
        (
            &["objects", "--kind", "Disk.example.com"],
            "Disk.example.com/alice\nDisk.example.com/bob\n",
        ),
        (
            &["objects", "--kind", "Disk", "-l", "team=red"],
            "Disk.example.com/alice\n",
        ),
    ] {
        let args = [&["get"], args, &["-o", "name"]].concat();
        assert_eq!(fleet.run(&args).output(), expected, "{args:?}");
    }
}

#[test]
fn unknown_names_and_directories_are_errors() {
    let fleet = fleet();
    for (args, code, expected) in [
        (
            &["clusters", "bbo"][..],
            3,
            "error[unknown-cluster]: there is no cluster `bbo`",
        ),
        (
            &["addons", "b"],
            3,
            "error[unknown-name]: there is no add-on `b`",
        ),
        (
            &["groups", "team=green"],
            3,
            "error[unknown-name]: there is no group `team=green`",
        ),
        (
            &["objects", "carol"],
            3,
            "error[unknown-name]: there is no cluster or group `carol`",
        ),
        (
            &["clusters", "fleets/a"],
            2,
            "error: `fleets/a` is not a name\nhelp: pass the directory of the fleet with `-C fleets/a`",
        ),
    ] {
        let args = [&["get"], args].concat();
        let messages = fleet.run(&args).messages(code);
        assert!(messages.starts_with(expected), "{args:?}: {messages}");
    }
}

#[test]
fn objects_in_json_are_those_of_the_output() {
    let fleet = fleet();
    let json = fleet.run(&["get", "objects", "-o", "json"]).output();
    let json: Value = serde_json::from_str(&json).unwrap();
    assert_eq!(json["formatVersion"], "1.0");
    let objects = json["objects"].as_array().unwrap();
    let listed: Vec<String> = objects
        .iter()
        .map(|entry| entry["object"].to_string())
        .collect();
    let printed = fleet.print(&["generate", "-o", "json"]);
    let printed = printed
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap().to_string());
    assert_eq!(listed, printed.collect::<Vec<_>>());
    let subjects: Vec<&str> = objects
        .iter()
        .map(|entry| entry["for"].as_str().unwrap())
        .collect();
    assert!(
        subjects.contains(&"alice")
            && subjects.contains(&"team=red")
            && subjects.contains(&"@fleet")
    );
}
