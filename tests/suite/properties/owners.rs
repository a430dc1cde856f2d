//! A member decides nothing about the objects of another cell.

use std::collections::{BTreeMap, BTreeSet};

use kubectl_fleet::Cell;
use kubectl_fleet::request::CompileOptions;
use kubectl_fleet::yaml::print::Format;
use proptest::prelude::*;

use super::cases;
use crate::fleet::{Fleet, compile_dir};

/// Members by name: the cell and the value of a field.
type Members = BTreeMap<&'static str, (&'static str, &'static str)>;

const CELLS: [&str; 2] = ["eu", "us"];
/// Names and values that can be joined to the same string in several ways.
const NAMES: [&str; 5] = ["a", "a-b", "b", "a-b-a", "eu"];
const VALUES: [&str; 5] = ["a", "b", "b-a", "a-b", "eu"];

fn members() -> impl Strategy<Value = Members> {
    let name = proptest::sample::select(NAMES.to_vec());
    proptest::collection::btree_map(name, member(), 1..5)
}

fn member() -> impl Strategy<Value = (&'static str, &'static str)> {
    let cell = proptest::sample::select(CELLS.to_vec());
    (cell, proptest::sample::select(VALUES.to_vec()))
}

/// Parts of names, most of which a member can influence.
fn names() -> impl Strategy<Value = String> {
    let parts = [
        "${CLUSTER_NAME}",
        "${x}",
        "${CELL}",
        "${NAMESPACE}",
        "${alias}",
        "${home}",
        "a",
        "eu",
    ];
    let parts = proptest::collection::vec(proptest::sample::select(parts.to_vec()), 1..4);
    parts.prop_map(|parts| parts.join("-"))
}

fn fleet(objects: &[(String, bool)], namespace: &str, members: &Members) -> Fleet {
    let template = objects.iter().map(|(name, has_namespace)| {
        let namespace = if *has_namespace { "apps" } else { "${NAMESPACE}" };
        format!("apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: \"{name}\", namespace: \"{namespace}\"}}\n")
    });
    let template: Vec<String> = template.collect();
    let list = members
        .iter()
        .map(|(name, (cell, x))| format!("{name}: {{cell: {cell}, x: {x}}}\n"));
    let fleet = format!(
        "apiVersion: kubectl-fleet.io/v1alpha1
kind: Fleet
clusters:
- list: users.yaml
  fields: {{cell: {{enum: [eu, us]}}, x: {{type: string}}}}
  variables: {{alias: \"c-${{CLUSTER_NAME}}\", home: \"h-${{CELL}}\"}}
  namespace: \"{namespace}\"
  labels: {{cell: \"${{cell}}\"}}
templates: [{{file: objects.yaml}}]
cells: {{label: cell}}
safety: {{allowEmpty: true}}
"
    );
    let files = Fleet::empty().with("fleet.yaml", fleet);
    files.write("objects.yaml", template.join("---\n"));
    files.with(
        "users.yaml",
        if members.is_empty() {
            "{}\n".to_owned()
        } else {
            list.collect()
        },
    )
}

/// Returns the output of a cell, or `None` if the fleet is rejected or the cell has no clusters.
fn printed(fleet: &Fleet, cell: &str) -> Option<BTreeSet<String>> {
    let options = CompileOptions {
        cell: Some(Cell::new(cell)),
        ..Format::Json.into()
    };
    let output = compile_dir(fleet.dir(), options).ok()?;
    Some(output.lines().map(ToOwned::to_owned).collect())
}

proptest! {
    #![proptest_config(cases(300))]

    #[test]
    fn a_member_changes_no_object_of_another_cell(
        objects in proptest::collection::vec((names(), any::<bool>()), 1..4),
        namespace in proptest::sample::select(vec!["${CLUSTER_NAME}", "all", "n-${CLUSTER_NAME}", "n-${x}"]),
        members in members(),
        name in proptest::sample::select(NAMES.to_vec()),
        changed in proptest::option::of(member()),
    ) {
        let mut edited = members.clone();
        let before = match changed {
            Some(member) => edited.insert(name, member),
            None => edited.remove(name),
        };
        let [old, new] = [&members, &edited].map(|members| fleet(&objects, namespace, members));
        let touched: BTreeSet<&str> = before.into_iter().chain(changed).map(|(cell, _)| cell).collect();
        for cell in CELLS.into_iter().filter(|cell| !touched.contains(cell)) {
            if let (Some(old), Some(new)) = (printed(&old, cell), printed(&new, cell)) {
                prop_assert_eq!(old, new);
            }
        }
    }
}
