//! Limits of files, members, objects and output.

use std::fs::File;

use kubectl_fleet::diagnostic::Code;

use super::{CLUSTER, FLEET, MEMORY, POOL, RUN, lines, one_user, with_list, with_users};

/// The software of an add-on, which can be installed next to itself because its release has the name of the add-on.
const CHART: &str =
    "helm: {repo: \"https://charts.example.org\", chart: x, version: 1.0.0, namespace: x}";

#[test]
fn file_size_is_checked_before_reading() {
    let fleet = one_user();
    File::create(fleet.path("users.yaml"))
        .unwrap()
        .set_len(100 << 20)
        .unwrap();
    let stderr = fleet.rejected(Code::FileTooLarge, "fleet.yaml:4:9");
    assert!(stderr.contains("104857600 bytes"), "{stderr}");
    let fleet = one_user();
    File::create(fleet.path("cluster.yaml"))
        .unwrap()
        .set_len(5 << 20)
        .unwrap();
    fleet.rejected(Code::FileTooLarge, "fleet.yaml:6:9");
}

#[test]
fn number_and_bytes_of_files_are_limited() {
    let fleet = with_list("lists/*.yaml").with("lists/0.yaml", "");
    for number in 1..20_001 {
        File::create(fleet.path(&format!("lists/{number}.yaml"))).unwrap();
    }
    fleet.rejected(Code::TooManyFiles, "fleet.yaml:4:9");
    let mut fleet = with_list("lists/*.yaml");
    for number in 0..17 {
        let comments = format!("#{}\n", "-".repeat(62)).repeat((64 << 10) - 1);
        let text = format!("{{}}\n{comments}");
        fleet = fleet.with(&format!("lists/{number}.yaml"), text);
    }
    // All files that are read are kept in memory for the messages.
    fleet
        .run_script(2 * MEMORY, RUN, &["generate"])
        .rejected(Code::TooManyFiles, "fleet.yaml:4:9");
}

#[test]
fn selector_evaluations_are_limited() {
    let addons = lines(0..501, |number| {
        format!("- {{name: a{number}, selector: all, manifests: cluster.yaml}}")
    });
    let users = lines(0..10_000, |number| format!("u{number}:"));
    let stderr = with_users(users)
        .with(
            "fleet.yaml",
            format!("{FLEET}deliver: sveltos\naddons:\n{addons}"),
        )
        .rejected(Code::TooManySelections, "fleet.yaml:1:1");
    assert!(stderr.contains("5020000"), "{stderr}");
}

#[test]
fn instances_are_counted_before_they_are_created() {
    let users = lines(0..20_000, |number| format!("u{number}:"));
    let template = FLEET.replace(
        "file: cluster.yaml",
        "file: cluster.yaml\n  with: ./apps.yaml",
    );
    assert_ne!(template, FLEET);
    with_users(users)
        .with("fleet.yaml", template)
        .with(
            "apps.yaml",
            lines(0..20_000, |number| format!("- {number}")),
        )
        .rejected(Code::OutputTooLarge, "fleet.yaml:7:9");
}

#[test]
fn repeated_values_are_limited() {
    let list = vec!["0"; 1_000].join(", ");
    let template = format!(
        "{POOL}spec:\n- $each: l\n  a:\n  - $each: l\n    b:\n    - $each: l\n      c: ${{WITH}}\n"
    );
    with_users(format!("u: {{l: [{list}]}}\n"))
        .with("cluster.yaml", template)
        .rejected(Code::ExpressionFailed, "cluster.yaml:5:10");
}

/// Each add-on adds the label of a variant to each cluster: small in the file, large in the output.
#[test]
fn variant_labels_count_as_output() {
    let addons = lines(0..200, |number| {
        format!(
            "- {{name: a{number}{}, selector: all, {CHART}, patches: [{{name: p, merge: {{helm: {{version: 1.0.1}}}}}}]}}",
            "x".repeat(49)
        )
    });
    let users = lines(0..10_000, |number| format!("u{number}:"));
    with_users(users)
        .with(
            "fleet.yaml",
            format!("{FLEET}deliver: sveltos\naddons:\n{addons}"),
        )
        .rejected(Code::OutputTooLarge, "");
}

#[test]
fn long_chain_of_dependencies_is_valid() {
    let addons = lines(0..5_000, |number| {
        let next = number + 1;
        format!("- {{name: a{number}, dependsOn: [a{next}], {CHART}}}")
    });
    let end = format!("- {{name: a5000, {CHART}}}\n");
    let fleet = |start: &str| {
        one_user().with(
            "fleet.yaml",
            format!("{FLEET}deliver: sveltos\naddons:\n{start}{addons}{end}"),
        )
    };
    let start = format!("- {{name: start, selector: all, dependsOn: [a0], {CHART}}}\n");
    fleet(&start).printed();
    fleet("").rejected(Code::MissingSelector, "fleet.yaml:9:10");
}

#[test]
fn number_of_members_is_limited() {
    let users = lines(0..=100_000, |number| format!("u{number}:"));
    with_users(users).rejected(Code::TooManyMembers, "fleet.yaml:1:1");
}

/// Manifests become a `ConfigMap`, whose data has a lower limit than an object.
#[test]
fn manifests_must_fit_into_a_config_map() {
    let with = |bytes: usize| {
        let object = format!(
            "{{apiVersion: example.org/v1, kind: T, metadata: {{name: x}}, a: \"{}\"}}\n",
            "x".repeat(bytes)
        );
        one_user()
            .with(
                "fleet.yaml",
                FLEET.to_owned()
                    + "addons: [{name: x, selector: all, manifests: m.yaml}]\ndeliver: sveltos\n",
            )
            .with("m.yaml", object)
    };
    with(1 << 19).printed();
    let stderr = with(1 << 20).rejected(Code::ObjectTooLarge, "fleet.yaml:7:17");
    assert!(
        stderr.contains("more than the Kubernetes limit of 1048576"),
        "{stderr}"
    );
}

#[test]
fn object_and_annotations_must_fit_into_etcd() {
    let with = |object: &str, before: &str, length: usize, after: &str| {
        let text = "x".repeat(length);
        one_user().with(
            "cluster.yaml",
            object.replacen("}\"}", &format!("}}\"{before}\"{text}\"{after}"), 1),
        )
    };
    let pool = format!("{POOL}---\n{CLUSTER}");
    with(&pool, "}\nspec: {a: ", 1 << 20, "}").printed();
    for length in [2 << 20, (4 << 20) - 400] {
        let stderr = with(&pool, "}\nspec: {a: ", length, "}")
            .rejected(Code::ObjectTooLarge, "cluster.yaml:1:1");
        assert!(
            stderr.contains("more than the etcd limit of 1572864"),
            "{stderr}"
        );
    }
    let stderr = with(CLUSTER, ", annotations: {a: ", 300 << 10, "}}")
        .rejected(Code::ObjectTooLarge, "cluster.yaml:1:1");
    assert!(
        stderr.contains("the annotations of this Cluster have"),
        "{stderr}"
    );
}

#[test]
fn output_size_is_limited() {
    let users = lines(0..100, |number| format!("u{number}: {{}}"));
    let text = "x".repeat(1 << 20);
    let fleet = with_users(users).with("cluster.yaml", format!("{POOL}spec: {{a: \"{text}\"}}\n"));
    let stderr = fleet.rejected(Code::OutputTooLarge, "");
    assert!(stderr.contains("divide the fleet into cells"), "{stderr}");
}

/// Each cell is an Application: Argo CD transfers its output as a whole.
#[test]
fn output_limit_applies_to_each_cell() {
    let text = "x".repeat(1 << 20);
    let fleet = |of_a: usize| {
        let users = lines(0..140, |number| {
            let cell = if number < of_a { "a" } else { "b" };
            format!("u{number}: {cell}")
        });
        let list = "- list: users.yaml\n  value: cell\n  labels: {cell: \"${cell}\"}\n";
        with_users(users)
            .with(
                "fleet.yaml",
                FLEET.replace("- list: users.yaml\n", list) + "cells: {label: cell}\n",
            )
            .with(
                "cluster.yaml",
                format!("{POOL}spec: {{a: \"{text}\"}}\n---\n{CLUSTER}"),
            )
    };
    let run = fleet(70).run_limited(&["validate"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    let stderr = fleet(100).rejected(Code::OutputTooLarge, "");
    assert!(stderr.contains("cell `a` has 10"), "{stderr}");
    assert!(
        stderr.contains("add new clusters to another cell"),
        "{stderr}"
    );
    assert_eq!(stderr.matches("error[").count(), 1, "{stderr}");
}

#[test]
fn key_length_is_limited_as_in_go_yaml() {
    for length in [1_023, 1_100, 5_000] {
        let key = "k".repeat(length);
        with_users(format!("alice:\n  {key}: a\n")).rejected(Code::KeyTooLong, "users.yaml:2:");
    }
}

#[test]
fn twenty_of_ten_thousand_errors_are_shown() {
    let users = lines(0..10_000, |number| format!("User{number}: {{}}"));
    let fleet = with_users(users);
    let stderr = fleet.rejected(Code::InvalidName, "users.yaml:1:1");
    assert_eq!(stderr.matches("error[").count(), 20);
    assert!(
        stderr.contains("… and 9980 more; `kubectl fleet validate -o json` lists all"),
        "{stderr}"
    );
    assert!(
        stderr.ends_with("10000 errors; no output was written\n"),
        "{stderr}"
    );
    let run = fleet.run_limited(&["validate", "-o", "json"]);
    let json: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(
        (run.code, json["messages"].as_array().map(Vec::len)),
        (1, Some(10_000))
    );
}

#[test]
fn number_of_kept_diagnostics_is_limited() {
    let list = |word: &str| {
        format!(
            "alice: {{list: [{}]}}\n",
            format!("{word}, ").repeat(200_000)
        )
    };
    let run = with_users(list("on")).run_limited(&["generate"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert!(run.stderr.contains("… and 49980 more"), "{}", run.stderr);
    with_users(list(".nan")).rejected(Code::UnrepresentableNumber, "users.yaml:1:16");
}

#[test]
fn networks_are_compared_quickly() {
    let fleet = |networks: String| {
        let users = format!("alice: {{cidr: [{networks}]}}\nbob: {{cidr: 10.0.0.0/8}}\n");
        let list = "- list: users.yaml\n  fields: {cidr: {disjoint: true}}\n";
        let fleet = FLEET.replace("- list: users.yaml\n", list);
        with_users(users).with("fleet.yaml", fleet)
    };
    let same = "10.1.0.0/16, ".repeat(100_000);
    fleet(same).rejected(Code::OverlappingNetworks, "users.yaml:1:");
    let many = lines(0..16_384, |number| {
        format!("10.{}.{}.0/24,", number / 256, number % 256)
    });
    fleet(many.replace('\n', " ")).rejected(Code::OverlappingNetworks, "users.yaml:1:");
}
