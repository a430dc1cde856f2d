//! Processor time grows with the input, and not with its square.
//!
//! Each shape has two lists whose lengths an editor controls, and once each entry of one was compared with each of the
//! other. Processor time is measured, and only its ratio counts.

use crate::fleet::{Fleet, PROGRAM, Run};

const CLUSTER: &str = "apiVersion: cluster.x-k8s.io/v1beta2
kind: Cluster
metadata: {name: \"${CLUSTER_NAME}\"}
spec: {paused: true}
";
const HEAD: &str = "apiVersion: kubectl-fleet.io/v1alpha1\nkind: Fleet\n";
const LIST: &str = "clusters: [{list: users.yaml}]\ntemplates: [{file: cluster.yaml}]\n";

/// Returns a fleet with these contents of `fleet.yaml` and of its list.
fn fleet(contents: &str, users: String) -> Fleet {
    Fleet::empty()
        .with("fleet.yaml", HEAD.to_owned() + contents)
        .with("users.yaml", users)
        .with("cluster.yaml", CLUSTER)
}

fn lines(count: usize, line: impl Fn(usize) -> String) -> String {
    (0..count).map(|number| line(number) + "\n").collect()
}

/// Returns the processor time of a run in seconds.
fn seconds(fleet: &Fleet, args: &[&str]) -> f64 {
    let script = "\"$0\" \"$@\" >/dev/null 2>&1; times";
    let mut shell = fleet.command_of("/bin/sh", &[&["-c", script, PROGRAM], args].concat());
    let times = Run::of(shell.env("PATH", "/usr/bin:/bin")).stdout;
    // The second line contains the times of the children, such as `0m0.250s 0m0.010s`.
    let children = times.lines().nth(1).expect("two lines");
    let user = children.split_whitespace().next().expect("a time");
    let (minutes, seconds) = user.trim_end_matches('s').split_once('m').expect("minutes");
    let parse = |text: &str| text.parse::<f64>().expect("a number");
    parse(minutes) * 60.0 + parse(seconds)
}

/// Compares the times of a shape and of one that is four times as large. Quadratic growth would take 16 times as long, so
/// the noise of a busy machine does not decide.
#[track_caller]
fn grows_with_its_input(shape: impl Fn(usize) -> Fleet, size: usize, args: &[&str]) {
    let [small, large] = [size / 2, size * 2].map(|size| {
        let fleet = shape(size);
        let times = [(); 2].map(|()| seconds(&fleet, args));
        times[0].min(times[1])
    });
    assert!(
        large < small * 8.0 + 0.1,
        "{small} s, and {large} s for four times the input"
    );
}

#[test]
fn unknown_groups_and_known_ones() {
    let shape = |size| {
        let list = "clusters: [{list: users.yaml, value: team, labels: {team: \"${team}\"}}]
groups: [{label: team, list: teams.yaml}]
templates: [{file: cluster.yaml}]
";
        let long = "with-a-name-of-many-letters";
        let users = lines(size, |number| {
            format!("c{number:08}: team-{number:08}-{long}")
        });
        let teams = lines(size, |number| format!("crew-{number:08}-{long}: {{}}"));
        fleet(list, users).with("teams.yaml", teams)
    };
    grows_with_its_input(shape, 1_500, &["validate"]);
}

#[test]
fn locked_clusters_and_new_ones() {
    let shape = |size| {
        let users = lines(size, |number| format!("new-cluster-{number:08}: {{}}"));
        let lock = lines(size, |number| {
            format!("old-cluster-{number:08}/old-cluster-{number:08}")
        });
        fleet(LIST, users).with("fleet.lock", lock)
    };
    grows_with_its_input(shape, 1_500, &["generate"]);
}

#[test]
fn unused_layer_files_and_missing_ones() {
    let shape = |size| {
        let addons = "deliver: sveltos
layers: [\"values/${CLUSTER_NAME}-of-the-fleet.yaml\"]
addons: [{name: x, selector: all, chart: x, version: 1.0.0, repo: \"https://charts.example.org\"}]
";
        let users = lines(size, |number| format!("member-{number:08}: {{}}"));
        (0..size).fold(fleet(&format!("{LIST}{addons}"), users), |fleet, number| {
            fleet.with(
                &format!("values/person-{number:08}-of-the-fleet.yaml"),
                "a: b\n",
            )
        })
    };
    grows_with_its_input(shape, 300, &["generate"]);
}

#[test]
fn fields_of_a_member_and_nulls() {
    let shape = |size| {
        let fields = lines(size, |number| format!("  a{number}: x\n  b{number}: ~"));
        fleet(LIST, format!("alice:\n{fields}"))
    };
    grows_with_its_input(shape, 8_000, &["generate"]);
}

#[test]
fn fields_of_a_member_and_declared_ones() {
    let shape = |size| {
        let declared = lines(size, |number| format!("    f{number}: {{default: x}}"));
        let fields = lines(size, |number| format!("  f{number}: y"));
        let list = format!(
            "clusters:\n- list: users.yaml\n  fields:\n{declared}templates: [{{file: cluster.yaml}}]\n"
        );
        fleet(&list, format!("alice:\n{fields}"))
    };
    grows_with_its_input(shape, 1_500, &["generate"]);
}

#[test]
fn labels_of_a_member() {
    let shape = |size| {
        let labels = lines(size, |number| format!("    l{number}: x"));
        let list = "clusters: [{list: users.yaml, labels: {<<: \"${tags}\"}}]\ntemplates: [{file: cluster.yaml}]\n";
        fleet(list, format!("alice:\n  tags:\n{labels}"))
    };
    grows_with_its_input(shape, 2_000, &["generate"]);
}

#[test]
fn variables_that_read_each_other() {
    let shape = |size| {
        let variables = lines(size, |number| {
            format!("    v{number}: \"${{v{}}}\"", number + 1)
        });
        let list = format!(
            "clusters:\n- list: users.yaml\n  variables:\n{variables}    v{size}: x\ntemplates: [{{file: cluster.yaml}}]\n"
        );
        fleet(&list, "alice: {}\n".to_owned())
    };
    grows_with_its_input(shape, 400, &["generate"]);
}

#[test]
fn clusters_and_variants_of_a_template() {
    let shape = |size: usize| {
        let count = size.ilog2() as usize;
        let labels = lines(count, |bit| format!("    b{bit}: \"${{bits:{bit}:1}}\""));
        let patches = lines(count, |bit| {
            format!(
                "  - {{name: p{bit}, selector: {{matchLabels: {{b{bit}: \"1\"}}}}, target: {{kind: InfoTemplate}}, merge: {{spec: {{p{bit}: 1}}}}}}"
            )
        });
        let contents = format!(
            "clusters:\n- list: users.yaml\n  labels:\n{labels}templates:\n- file: cluster.yaml\n- file: info.yaml\n  rotate: true\n  patches:\n{patches}"
        );
        let users = lines(size, |number| {
            format!("c{number}: {{bits: \"{number:0count$b}\"}}")
        });
        let info = "apiVersion: infrastructure.cluster.x-k8s.io/v1\nkind: InfoTemplate\nmetadata: {name: \"${CLUSTER_NAME}\"}\nspec: {a: 1}\n";
        fleet(&contents, users).with("info.yaml", info)
    };
    grows_with_its_input(shape, 1_024, &["generate"]);
}

#[test]
fn errors_in_one_line() {
    let shape = |size| {
        let values = vec![".nan"; size].join(", ");
        fleet(LIST, format!("alice: {{list: [{values}]}}\n"))
    };
    grows_with_its_input(shape, 10_000, &["validate", "-o", "json"]);
}

#[test]
fn files_of_a_directory() {
    let shape = |size| fleet(LIST, lines(size, |number| format!("c{number}: {{}}")));
    grows_with_its_input(shape, 1_000, &["generate", "-o", "dir=out"]);
}
