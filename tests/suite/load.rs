//! Processor time grows with the input, and not with its square.
//!
//! Each shape has two lists whose lengths an editor controls, and once each entry of one was compared with each of the
//! other. Processor time is measured, and only its ratio counts. How the run ends is part of the shape.

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

/// The end of a run.
struct Ends {
    exit: &'static str,
    /// A code, or another string, that the messages contain; `None` if there is no message.
    code: Option<&'static str>,
}

/// A run without messages.
const CLEAN: Ends = Ends {
    exit: "0",
    code: None,
};

/// Returns the end of a run whose messages contain a string.
const fn ends(exit: &'static str, code: &'static str) -> Ends {
    let code = Some(code);
    Ends { exit, code }
}

/// Returns the processor time of a run in seconds.
#[track_caller]
fn seconds(fleet: &Fleet, args: &[&str], expected: &Ends) -> f64 {
    // Of JSON, the messages are the output.
    let script = if args.contains(&"json") {
        "\"$0\" \"$@\" >&2; echo $?; times"
    } else {
        "\"$0\" \"$@\" >/dev/null; echo $?; times"
    };
    let mut shell = fleet.command_of("/bin/sh", &[&["-c", script, PROGRAM], args].concat());
    let run = Run::of(shell.env("PATH", "/usr/bin:/bin"));
    let mut lines = run.stdout.lines();
    assert_eq!(lines.next(), Some(expected.exit), "{}", run.stderr);
    match expected.code {
        Some(code) => assert!(run.stderr.contains(code), "{}", run.stderr),
        None => assert_eq!(run.stderr, ""),
    }
    // The second line of `times` contains those of the children, such as `0m0.250s 0m0.010s`.
    let children = lines.nth(1).expect("two lines");
    let user = children.split_whitespace().next().expect("a time");
    let (minutes, seconds) = user.trim_end_matches('s').split_once('m').expect("minutes");
    let parse = |text: &str| text.parse::<f64>().expect("a number");
    parse(minutes) * 60.0 + parse(seconds)
}

/// Compares the times of a shape and of one that is four times as large. Quadratic growth would take 16 times as long, so
/// the noise of a busy machine does not decide.
#[track_caller]
fn grows_with_its_input(
    shape: impl Fn(usize) -> Fleet,
    size: usize,
    args: &[&str],
    expected: &Ends,
) {
    let [small, large] = [size / 2, size * 2].map(|size| {
        let fleet = shape(size);
        let times = [(); 2].map(|()| seconds(&fleet, args, expected));
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
    grows_with_its_input(shape, 2_000, &["validate"], &ends("1", "unknown-group"));
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
    grows_with_its_input(shape, 4_000, &["generate"], &ends("4", "locked-cluster"));
}

#[test]
fn unused_layer_files_and_missing_ones() {
    let shape = |size| {
        let addons = "deliver: sveltos
layers: [\"values/${CLUSTER_NAME}-of-the-fleet.yaml\"]
addons: [{name: x, selector: all, helm: {chart: x, version: 1.0.0, namespace: x, repo: \"https://charts.example.org\"}}]
";
        let users = lines(size, |number| format!("member-{number:08}: {{}}"));
        (0..size).fold(fleet(&format!("{LIST}{addons}"), users), |fleet, number| {
            fleet.with(
                &format!("values/person-{number:08}-of-the-fleet.yaml"),
                "a: b\n",
            )
        })
    };
    grows_with_its_input(shape, 600, &["generate"], &ends("0", "unreached-layer"));
}

#[test]
fn fields_of_a_member_and_nulls() {
    let shape = |size| {
        let fields = lines(size, |number| format!("  a{number}: x\n  b{number}: ~"));
        fleet(LIST, format!("alice:\n{fields}"))
    };
    grows_with_its_input(shape, 8_000, &["generate"], &CLEAN);
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
    grows_with_its_input(shape, 3_000, &["generate"], &ends("0", "unused-variable"));
}

#[test]
fn labels_of_a_member() {
    let shape = |size| {
        let labels = lines(size, |number| format!("    l{number}: x"));
        let list = "clusters: [{list: users.yaml, labels: {<<: ${tags}}}]\ntemplates: [{file: cluster.yaml}]\n";
        fleet(list, format!("alice:\n  tags:\n{labels}"))
    };
    grows_with_its_input(shape, 4_000, &["generate"], &CLEAN);
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
    grows_with_its_input(shape, 1_000, &["generate"], &ends("0", "unused-variable"));
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
    grows_with_its_input(shape, 1_024, &["generate"], &CLEAN);
}

#[test]
fn errors_in_one_line() {
    let shape = |size| {
        let values = vec![".nan"; size].join(", ");
        fleet(LIST, format!("alice: {{list: [{values}]}}\n"))
    };
    grows_with_its_input(
        shape,
        10_000,
        &["validate", "-o", "json"],
        &ends("1", "unrepresentable-number"),
    );
}

#[test]
fn files_of_a_directory() {
    let shape = |size| fleet(LIST, lines(size, |number| format!("c{number}: {{}}")));
    grows_with_its_input(
        shape,
        2_000,
        &["generate", "-o", "dir=out"],
        &ends("0", "files written"),
    );
}

/// Returns a Cluster API object.
fn object(kind: &str, name: &str, spec: &str) -> String {
    let group = match kind {
        "MachineDeployment" => "cluster.x-k8s.io/v1beta2",
        _ => "infrastructure.cluster.x-k8s.io/v1beta2",
    };
    let name = format!("${{CLUSTER_NAME}}-{name}");
    format!(
        "---\napiVersion: {group}\nkind: {kind}\nmetadata: {{name: \"{name}\"}}\nspec: {spec}\n"
    )
}

fn reference(name: &str) -> String {
    let group = "infrastructure.cluster.x-k8s.io";
    format!("{{apiGroup: {group}, kind: PoolTemplate, name: \"${{CLUSTER_NAME}}-{name}\"}}")
}

fn pool(number: usize, template: &str) -> String {
    const CLUSTER_NAME: &str = "\"${CLUSTER_NAME}\"";
    let spec = format!(
        "{{clusterName: {CLUSTER_NAME}, template: {{spec: {{clusterName: {CLUSTER_NAME}, bootstrap: {{dataSecretName: none}}, infrastructureRef: {}}}}}}}",
        reference(template)
    );
    object("MachineDeployment", &format!("pool{number}"), &spec)
}

/// Returns a fleet with one cluster, and with pools and their rotated templates.
fn pools(size: usize, pool: impl Fn(usize) -> String) -> Fleet {
    let templates = |number| object("PoolTemplate", &format!("t{number}"), "{a: 1}");
    let list = "clusters: [{list: users.yaml}]\ntemplates: [{file: cluster.yaml}, {file: t.yaml, rotate: true}, {file: pools.yaml}]\n";
    fleet(list, "alice: {}\n".to_owned())
        .with("t.yaml", lines(size, templates))
        .with("pools.yaml", lines(size, pool))
}

#[test]
fn rotated_templates_and_their_references() {
    let shape = |size| pools(size, |number| pool(number, &format!("t{number}")));
    grows_with_its_input(shape, 600, &["generate"], &CLEAN);
}

#[test]
fn rotated_templates_and_other_names() {
    let shape = |size| {
        pools(size, |number| {
            let spec = format!("{{templateName: \"${{CLUSTER_NAME}}-t{number}\"}}");
            object("Pool", &format!("p{number}"), &spec)
        })
    };
    let expected = ends("3", "rotated-reference");
    grows_with_its_input(shape, 600, &["generate"], &expected);
}

#[test]
fn rotated_templates_that_need_each_other() {
    let shape = |size| {
        let template = |number: usize| {
            let next = reference(&format!("t{}", number + 1));
            let spec = format!("{{a: {next}, b: {next}}}");
            object("PoolTemplate", &format!("t{number}"), &spec)
        };
        pools(1, |number| pool(number, "t0")).with("t.yaml", lines(size, template))
    };
    grows_with_its_input(shape, 1_000, &["generate"], &CLEAN);
}

#[test]
fn unknown_references_and_known_objects() {
    let shape = |size| pools(size, |number| pool(number, &format!("u{number}")));
    let expected = ends("0", "unknown-reference");
    grows_with_its_input(shape, 600, &["generate"], &expected);
}

/// Returns a fleet with 200 clusters, and add-ons for all of them.
fn addons(size: usize, software: impl Fn(usize) -> String) -> Fleet {
    let addons = lines(size, |number| {
        let software = software(number);
        format!("- {{name: a{number}, selector: all, {software}}}")
    });
    let users = lines(200, |number| format!("c{number}: {{}}"));
    fleet(&format!("{LIST}deliver: sveltos\naddons:\n{addons}"), users)
}

fn chart(release: &str) -> String {
    format!(
        "helm: {{repo: \"https://charts.example.org\", chart: x, version: 1.0.0, namespace: x, release: \"{release}\"}}"
    )
}

#[test]
fn addons_and_clusters_of_one_release() {
    let expected = ends("3", "release-conflict");
    let shape = |size| addons(size, |_| chart("x"));
    grows_with_its_input(shape, 200, &["generate"], &expected);
}

#[test]
fn addons_and_clusters_of_many_releases() {
    let shape = |size| addons(size, |number| chart(&format!("x{number}")));
    grows_with_its_input(shape, 200, &["generate"], &CLEAN);
}
