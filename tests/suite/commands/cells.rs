//! Cells: each object is in exactly one.

use std::collections::BTreeSet;

use super::{Fleet, lines, stderr};

#[test]
fn every_object_is_in_exactly_one_cell() {
    let fleet = Fleet::new(3_000);
    let whole = fleet.printed(&["generate", "-o", "json"]);
    let cells = ["c0", "c1", "c2", "@fleet"];
    let cells = cells.map(|cell| fleet.printed(&["generate", "-o", "json", "--cell", cell]));
    let mut all = BTreeSet::new();
    for cell in &cells {
        for object in cell.lines() {
            assert!(all.insert(object), "twice: {object}");
        }
    }
    assert_eq!(all, lines(&whole));
    assert_eq!(all.len(), 3_000 * 7 + 2);
    // Without two others a cluster stays where it is, byte for byte.
    fleet.edit("users.yaml", "u0: {cell: c0} # end\n", "");
    fleet.edit("users.yaml", "u4: {cell: c1} # end\n", "");
    let fewer = fleet.printed(&["generate", "-o", "json", "--cell", "c0"]);
    let gone: Vec<&str> = lines(&cells[0])
        .difference(&lines(&fewer))
        .copied()
        .collect();
    assert_eq!(gone.len(), 7, "the objects of u0: {gone:?}");
    assert!(lines(&fewer).is_subset(&lines(&cells[0])));
}

#[test]
fn a_cell_that_an_application_cannot_carry_is_told_of() {
    let fleet = Fleet::new(858);
    let said = stderr(&fleet.run(&["validate"]));
    assert!(
        said.contains("warning[large-cell]: the cell `c0` has 2002 objects"),
        "{said}"
    );
    assert_eq!(said.matches("large-cell").count(), 3, "{said}");
    fleet.edit("users.yaml", "u0: {cell: c0} # end\n", "");
    assert!(!stderr(&fleet.run(&["validate"])).contains("the cell `c0`"));
}

#[test]
fn what_two_cells_share_belongs_to_the_fleet() {
    let fleet = Fleet::new(4);
    fleet.edit("fleet.yaml", "  labels:", "  namespace: all\n  labels:");
    let of_fleet = fleet.printed(&["generate", "-o", "json", "--cell", "@fleet"]);
    assert!(of_fleet.contains("\"kind\":\"Namespace\",\"metadata\":{\"name\":\"all\""));
    for cell in ["c0", "c1", "c2"] {
        let printed = fleet.printed(&["generate", "-o", "json", "--cell", cell]);
        assert!(!printed.contains("\"kind\":\"Namespace\""), "{printed}");
    }
}

#[test]
fn what_could_be_shared_never_moves() {
    let fleet = Fleet::new(1);
    fleet.write(
        "common.yaml",
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: common, namespace: common}\n",
    );
    fleet.edit(
        "fleet.yaml",
        "templates: [",
        "templates: [{file: common.yaml}, ",
    );
    let of = |cell: &str| fleet.printed(&["generate", "-o", "json", "--cell", cell]);
    for _ in 0..2 {
        assert!(of("@fleet").contains("\"name\":\"common\""));
        assert!(!of("c0").contains("\"name\":\"common\""));
        fleet.edit("users.yaml", "u0:", "u1: {cell: c1}\nu0:");
    }
    // One cluster in a namespace that is written without a variable: the Namespace is the fleet's.
    let fleet = Fleet::new(1);
    fleet.edit("fleet.yaml", "  labels:", "  namespace: all\n  labels:");
    let of_fleet = fleet.printed(&["generate", "-o", "json", "--cell", "@fleet"]);
    assert!(of_fleet.contains("\"kind\":\"Namespace\",\"metadata\":{\"name\":\"all\""));
}

#[test]
fn a_cell_without_a_cluster_is_refused() {
    let fleet = Fleet::new(3);
    let said = fleet.refused(&["generate", "--cell", "c9"], 4);
    assert!(
        said.starts_with("error[empty-cell]: no cluster is in the cell `c9`"),
        "{said}"
    );
    let with = |parameters: &str| {
        let mut command = fleet.command(&["generate", "--argocd"]);
        command.env("ARGOCD_APP_PARAMETERS", parameters);
        command.output().expect("the program starts")
    };
    let output = with("[{\"name\":\"cell\",\"string\":\"c1\"}]");
    assert_eq!(
        output.stdout,
        fleet
            .printed(&["generate", "-o", "json", "--cell", "c1"])
            .into_bytes()
    );
    assert_eq!(stderr(&output), "");
    let output = with("null");
    assert_eq!((output.status.code(), output.stdout.len()), (Some(2), 0));
    assert!(
        stderr(&output).starts_with("error[missing-parameter]: "),
        "{}",
        stderr(&output)
    );
    let output = with("[{\"name\":\"hunter2\"}]");
    assert_eq!((output.status.code(), output.stdout.len()), (Some(3), 0));
    assert!(stderr(&output).starts_with("error[invalid-parameter]: ARGOCD_APP_PARAMETERS"));
    assert!(!stderr(&output).contains("hunter2"));
    fleet.edit("fleet.yaml", "cells: {label: cell}\n", "");
    fleet.refused(&["generate", "--cell", "c1"], 4);
}
