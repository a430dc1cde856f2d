//! Cells: each object is in exactly one cell.

use std::collections::BTreeSet;

use super::{fleet_with_clusters, lines, run_plugin};
use crate::fleet::FleetFiles;
use crate::repository;

#[test]
fn every_object_is_in_exactly_one_cell() {
    let fleet = fleet_with_clusters(3_000);
    let whole = fleet.print(&["generate", "-o", "json"]);
    let cells = ["c0", "c1", "c2", "@fleet"];
    let cells = cells.map(|cell| fleet.print(&["generate", "-o", "json", "--cell", cell]));
    let mut all = BTreeSet::new();
    for cell in &cells {
        for object in cell.lines() {
            assert!(all.insert(object), "twice: {object}");
        }
    }
    assert_eq!(all, lines(&whole));
    assert_eq!(all.len(), 3_000 * 7 + 2);
    // Without the two other clusters, the output for a cluster has the same bytes.
    fleet.edit("users.yaml", "u0: {cell: c0} # end\n", "");
    fleet.edit("users.yaml", "u4: {cell: c1} # end\n", "");
    let fewer = fleet.print(&["generate", "-o", "json", "--cell", "c0"]);
    let removed: Vec<&str> = lines(&cells[0])
        .difference(&lines(&fewer))
        .copied()
        .collect();
    assert_eq!(removed.len(), 7, "the objects of u0: {removed:?}");
    assert!(lines(&fewer).is_subset(&lines(&cells[0])));
}

#[test]
fn cell_too_large_for_an_application_is_reported() {
    let fleet = fleet_with_clusters(858);
    let stderr = fleet.run(&["validate"]).stderr;
    assert!(
        stderr.contains("warning[large-cell]: cell `c0` has 2002 objects"),
        "{stderr}"
    );
    assert_eq!(stderr.matches("large-cell").count(), 3, "{stderr}");
    fleet.edit("users.yaml", "u0: {cell: c0} # end\n", "");
    assert!(
        !fleet
            .run(&["validate"])
            .stderr
            .contains("large-cell]: cell `c0`")
    );
}

#[test]
fn object_of_two_cells_belongs_to_the_fleet() {
    let fleet = fleet_with_clusters(4);
    fleet.edit("fleet.yaml", "  labels:", "  namespace: all\n  labels:");
    let of_fleet = fleet.print(&["generate", "-o", "json", "--cell", "@fleet"]);
    assert!(of_fleet.contains("\"kind\":\"Namespace\",\"metadata\":{\"name\":\"all\""));
    for cell in ["c0", "c1", "c2"] {
        let printed = fleet.print(&["generate", "-o", "json", "--cell", cell]);
        assert!(!printed.contains("\"kind\":\"Namespace\""), "{printed}");
    }
}

#[test]
fn sharable_object_never_moves() {
    let fleet = fleet_with_clusters(1);
    fleet.write(
        "common.yaml",
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: common, namespace: common}\n",
    );
    fleet.edit(
        "fleet.yaml",
        "templates: [",
        "templates: [{file: common.yaml}, ",
    );
    let of = |cell: &str| fleet.print(&["generate", "-o", "json", "--cell", cell]);
    for _ in 0..2 {
        assert!(of("@fleet").contains("\"name\":\"common\""));
        assert!(!of("c0").contains("\"name\":\"common\""));
        fleet.edit("users.yaml", "u0:", "u1: {cell: c1}\nu0:");
    }
    // The expression decides whether a variable can be the same for several clusters.
    for (name, is_cluster) in [
        ("x-${team}", false),
        ("x-${region}", false),
        ("x-${LABELS.cell}", false),
        ("x-${CLUSTER_NAME:0:1}", false),
        ("x-${short}", false),
        ("x-${CLUSTER_NAME}", true),
        ("x-${CELL}", true),
        ("x-${name}", true),
        ("x-${alias}-${team}", true),
        ("x-${own}", true),
    ] {
        let fleet = fleet_with_clusters(1);
        let variables = "{alias: \"a-${full}\", full: \"${CLUSTER_NAME}-b\", short: \"${full:0:1}\", AWS_REGION";
        fleet.edit(
            "fleet.yaml",
            "{cell: {type: string}}",
            "{cell: {}, region: {default: eu}}",
        );
        fleet.edit("fleet.yaml", "{AWS_REGION", variables);
        let template = "templates: [{file: map.yaml, variables: {team: blue, own: \"${alias}\"}}, ";
        fleet.edit("fleet.yaml", "templates: [", template);
        let map = "apiVersion: v1\nkind: ConfigMap\nmetadata: {namespace: common, name: ";
        fleet.write("map.yaml", format!("{map}\"{name}\"}}\n"));
        for number in 1..3 {
            let print = |cell: &str| fleet.print(&["generate", "-o", "json", "--cell", cell]);
            let is_in = |cell: &str| print(cell).contains("\"namespace\":\"common\"");
            assert_eq!(is_in("@fleet"), !is_cluster, "{name} for {number}");
            assert_eq!(is_in("c0"), is_cluster, "{name} for {number}");
            fleet.edit(
                "users.yaml",
                "u0:",
                &format!("u{number}: {{cell: c{number}}}\nu0:"),
            );
        }
    }
    // One cluster in a namespace without a variable: the Namespace belongs to the fleet.
    let fleet = fleet_with_clusters(1);
    fleet.edit("fleet.yaml", "  labels:", "  namespace: all\n  labels:");
    let of_fleet = fleet.print(&["generate", "-o", "json", "--cell", "@fleet"]);
    assert!(of_fleet.contains("\"kind\":\"Namespace\",\"metadata\":{\"name\":\"all\""));
}

#[test]
fn cell_without_a_cluster_is_rejected() {
    let fleet = fleet_with_clusters(3);
    let stderr = fleet.fail(&["generate", "--cell", "c9"], 4);
    assert!(
        stderr.starts_with("error[empty-cell]: cell `c9` has no clusters"),
        "{stderr}"
    );
    let run = run_plugin(&fleet, "[{\"name\":\"cell\",\"string\":\"c1\"}]");
    let of_cell = fleet.print(&["generate", "-o", "json", "--cell", "c1"]);
    assert_eq!((run.stdout, run.stderr.as_str()), (of_cell, ""));
    let stderr = run_plugin(&fleet, "null").messages(2);
    assert!(stderr.starts_with("error[missing-parameter]: "), "{stderr}");
    let stderr = run_plugin(&fleet, "[{\"name\":\"hunter2\"}]").messages(3);
    assert!(stderr.starts_with("error[invalid-parameter]: ARGOCD_APP_PARAMETERS"));
    assert!(!stderr.contains("hunter2"));
    fleet.edit("fleet.yaml", "cells: {label: cell}\n", "");
    fleet.fail(&["generate", "--cell", "c1"], 4);
}

/// Objects that no cell can contain are the cause of an empty cell, which is not reported as well.
#[test]
fn cause_of_an_empty_cell_is_reported_alone() {
    let case = repository::root().join("testdata/err/contested-object/in");
    let fleet = FleetFiles::read(&case).write();
    let messages = fleet.fail(&["generate", "--cell", "@fleet"], 3);
    assert!(
        messages.starts_with("error[contested-object]: "),
        "{messages}"
    );
    assert!(!messages.contains("empty-output"), "{messages}");
    let run = run_plugin(&fleet, r#"[{"name": "cell", "string": "@fleet"}]"#);
    assert!(run.stderr.contains("contested-object"), "{}", run.stderr);
    assert!(!run.stderr.contains("empty-output"), "{}", run.stderr);
}
