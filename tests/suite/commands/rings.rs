//! Rings: a promotion changes one line of one file, and only the clusters of its ring.

use std::collections::BTreeSet;

use crate::fleet::Fleet;

const RINGS: &str = "apiVersion: kubectl-fleet.io/v1alpha1
kind: Fleet
clusters:
- list: users.yaml
  value: ring
  fields: {ring: {enum: [canary, stable]}}
  variablesFrom: [\"rings/${ring}.yaml\"]
  labels: {ring: \"${ring}\"}
templates: [{file: builtin:eks}]
addons:
- name: kyverno
  selector: all
  helm: {repo: https://kyverno.github.io/kyverno/, chart: kyverno, version: \"${kyverno}\", namespace: kyverno, values: {note: \"of ${note}\"}}
source: {name: fleet, namespace: flux-system}
deliver: DELIVERY
";

fn rings(delivery: &str) -> Fleet {
    Fleet::new([
        ("fleet.yaml", &RINGS.replace("DELIVERY", delivery)),
        ("users.yaml", "a: stable\nb: stable\nc: canary\n"),
        (
            "rings/stable.yaml",
            "AWS_REGION: eu-west-1\nkyverno: 3.3.4\nnote: stable\n",
        ),
        (
            "rings/canary.yaml",
            "AWS_REGION: eu-west-1\nkyverno: 3.4.0\nnote: canary\n",
        ),
    ])
}

/// Returns the objects that a promotion changes, by kind and name.
fn promoted(fleet: &Fleet) -> BTreeSet<String> {
    let before = fleet.print(&["generate", "-o", "json"]);
    fleet.edit("rings/stable.yaml", "kyverno: 3.3.4", "kyverno: 3.4.0");
    let after = fleet.print(&["generate", "-o", "json"]);
    assert_eq!(before.lines().count(), after.lines().count());
    let changed = before.lines().zip(after.lines());
    let changed = changed.filter(|(before, after)| before != after);
    let identity = |line: &str| {
        let object: serde_json::Value = serde_json::from_str(line).expect("an object");
        let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
        format!(
            "{} {}",
            text(&object["kind"]),
            text(&object["metadata"]["name"])
        )
    };
    changed
        .map(|(before, after)| {
            assert_eq!(
                identity(before),
                identity(after),
                "a promotion renames nothing"
            );
            identity(after)
        })
        .collect()
}

#[test]
fn promotion_changes_one_line_and_one_ring() {
    for (delivery, expected) in [
        (
            "argocd",
            vec!["Application kyverno.a", "Application kyverno.b"],
        ),
        (
            "flux",
            vec!["HelmRelease kyverno.a", "HelmRelease kyverno.b"],
        ),
        (
            "caaph",
            vec!["HelmChartProxy kyverno.a", "HelmChartProxy kyverno.b"],
        ),
        // One profile is for all clusters, and looks up the version by a label of the cluster.
        ("sveltos", vec!["ClusterProfile kyverno"]),
    ] {
        let expected: BTreeSet<String> = expected.into_iter().map(ToOwned::to_owned).collect();
        assert_eq!(promoted(&rings(delivery)), expected, "{delivery}");
    }
}

#[test]
fn ring_is_the_name_of_a_variant() {
    let printed = rings("sveltos").print(&["generate", "-o", "json"]);
    assert!(printed.contains("\"kubectl-fleet.io/kyverno\":\"stable\""));
    assert!(printed.contains("note: of stable") && printed.contains("note: of canary"));
    assert!(
        printed.contains("`canary` `3.4.0` `stable` `3.3.4`"),
        "{printed}"
    );
}
