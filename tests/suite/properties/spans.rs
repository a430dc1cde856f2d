//! Errors are reported at their line.

use proptest::prelude::*;

use super::cases;
use crate::fleet::FleetFiles;

/// A fleet in which every line sets one key.
fn files() -> FleetFiles {
    let fleet = "apiVersion: kubectl-fleet.io/v1alpha1
kind: Fleet
clusters:
- list: users.yaml
  key: user
  value: type
  fields:
    type:
      enum: [staging, production]
    size:
      type: integer
      default: 1
  variables:
    region: eu
  name: c-${user}
  namespace: ${user}
  labels:
    type: ${type}
templates:
- file: cluster.yaml
  selector:
    matchLabels:
      type: staging
safety:
  deletion: confirm
  minClusters: 1
";
    let users = "ann: staging\nbob: production\ncarol: staging\ndan:\n  type: staging\n  size: 3\n";
    let cluster = "apiVersion: cluster.x-k8s.io/v1beta2
kind: Cluster
metadata:
  name: ${CLUSTER_NAME}
  labels:
    a: b
spec:
  paused: false
---
apiVersion: example.org/v1
kind: Pool
metadata:
  name: pool
spec:
  region: ${region}
  size: ${size}
";
    FleetFiles::new([
        ("fleet.yaml", fleet.to_owned()),
        ("users.yaml", users.to_owned()),
        ("cluster.yaml", cluster.to_owned()),
    ])
}

/// A file, a string in it, its replacement, and the code of the error.
const MISTAKES: &[(&str, &str, &str, &str)] = &[
    (
        "fleet.yaml",
        "kubectl-fleet.io/v1alpha1",
        "kubectl-fleet.io/v2",
        "not-a-fleet",
    ),
    ("fleet.yaml", "kind: Fleet", "kind: Fleets", "not-a-fleet"),
    (
        "fleet.yaml",
        "list: users.yaml",
        "list: user.yaml",
        "no-such-file",
    ),
    ("fleet.yaml", "list: users.yaml", "list: 3", "wrong-type"),
    (
        "fleet.yaml",
        "list: users.yaml",
        "list: ../users.yaml",
        "outside-folder",
    ),
    ("fleet.yaml", "value: type", "valeu: type", "unknown-key"),
    (
        "fleet.yaml",
        "enum: [staging, production]",
        "enum: staging",
        "invalid-schema",
    ),
    (
        "fleet.yaml",
        "type: integer",
        "type: intger",
        "invalid-schema",
    ),
    ("fleet.yaml", "default: 1", "default: one", "invalid-field"),
    ("fleet.yaml", "region: eu", "CELL: eu", "reserved-variable"),
    (
        "fleet.yaml",
        "name: c-${user}",
        "name: c-${usr}",
        "missing-variable",
    ),
    (
        "fleet.yaml",
        "name: c-${user}",
        "name: c-${user",
        "expression-syntax",
    ),
    (
        "fleet.yaml",
        "namespace: ${user}",
        "namespace: [x]",
        "wrong-type",
    ),
    (
        "fleet.yaml",
        "    type: ${type}",
        "    ty pe: ${type}",
        "invalid-label",
    ),
    (
        "fleet.yaml",
        "    type: ${type}",
        "    kubectl-fleet.io/x: ${type}",
        "reserved-label",
    ),
    (
        "fleet.yaml",
        "file: cluster.yaml",
        "file: builtin:esk",
        "unknown-builtin",
    ),
    (
        "fleet.yaml",
        "      type: staging",
        "      type: sta ging",
        "invalid-selector",
    ),
    (
        "fleet.yaml",
        "deletion: confirm",
        "deletion: confrim",
        "invalid-value",
    ),
    (
        "fleet.yaml",
        "minClusters: 1",
        "minClusters: 9",
        "too-few-clusters",
    ),
    (
        "fleet.yaml",
        "minClusters: 1",
        "minClusters: -1",
        "wrong-type",
    ),
    (
        "users.yaml",
        "ann: staging",
        "ann: stagging",
        "invalid-field",
    ),
    (
        "users.yaml",
        "bob: production",
        "Bob: production",
        "invalid-name",
    ),
    (
        "users.yaml",
        "bob: production",
        "kube-system: production",
        "reserved-name",
    ),
    ("users.yaml", "carol: staging", "carol: true", "wrong-type"),
    (
        "users.yaml",
        "carol: staging",
        "carol: ${X}",
        "member-expression",
    ),
    (
        "users.yaml",
        "carol: staging",
        "ann: staging",
        "duplicate-key",
    ),
    (
        "users.yaml",
        "carol: staging",
        "carol: *ann",
        "unknown-alias",
    ),
    ("users.yaml", "  size: 3", "  size: three", "invalid-field"),
    ("users.yaml", "  size: 3", "  siz: 3", "unknown-field"),
    ("users.yaml", "  size: 3", "  region: us", "fixed-variable"),
    ("users.yaml", "  size: 3", "\tsize: 3", "yaml-syntax"),
    (
        "cluster.yaml",
        "kind: Cluster",
        "kind: ${type}",
        "variable-not-allowed",
    ),
    ("cluster.yaml", "kind: Cluster", "kind: 3", "not-an-object"),
    (
        "cluster.yaml",
        "name: ${CLUSTER_NAME}",
        "name: fixed",
        "invalid-name",
    ),
    ("cluster.yaml", "a: b", "a: b c", "invalid-label"),
    ("cluster.yaml", "a: b", "type: b", "label-conflict"),
    ("cluster.yaml", "${region}", "${regoin}", "missing-variable"),
    (
        "cluster.yaml",
        "${region}",
        "${region^,}",
        "expression-syntax",
    ),
    (
        "cluster.yaml",
        "${region}",
        "!!binary ${region}",
        "yaml-tag",
    ),
    (
        "cluster.yaml",
        "${size}",
        "${size:${region}}",
        "expression-failed",
    ),
    ("cluster.yaml", "${size}", "1e400", "unrepresentable-number"),
];

#[test]
fn scalar_error_has_its_line() {
    assert!(files().compile().is_ok());
    for &(path, old, new, code) in MISTAKES {
        let mut fleet = files();
        let text = String::from_utf8(fleet.0[path].clone()).unwrap();
        let at = text.find(old).expect(old);
        let line = text[..at].matches('\n').count() + 1;
        fleet
            .0
            .insert(path.to_owned(), text.replacen(old, new, 1).into_bytes());
        let refused = fleet.compile().expect_err(new);
        assert!(refused.codes.contains(&code), "{new}: {}", refused.text);
        assert_eq!(
            refused.places[0],
            (path.to_owned(), line),
            "{new}: {}",
            refused.text
        );
    }
}

proptest! {
    #![proptest_config(cases(24))]

    #[test]
    fn every_invalid_member_is_reported_at_its_line(wrong in proptest::collection::vec(any::<bool>(), 1..40)) {
        let member = |(index, wrong): (usize, &bool)| {
            format!("\n# {index}\nm{index:02}: {}\n", if *wrong { "stagging" } else { "staging" })
        };
        let mut fleet = files();
        let list = format!("z: staging\n{}", wrong.iter().enumerate().map(member).collect::<String>());
        fleet.0.insert("users.yaml".to_owned(), list.into_bytes());
        let expected: Vec<(String, usize)> = wrong.iter().enumerate()
            .filter(|(_, wrong)| **wrong)
            .map(|(index, _)| ("users.yaml".to_owned(), 4 + 3 * index))
            .collect();
        let places = fleet.compile().map_or_else(|refused| refused.places, |_| Vec::new());
        prop_assert_eq!(places, expected);
    }
}
