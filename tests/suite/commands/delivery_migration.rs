//! Migrations between all delivery methods: the previous method leaves the software, and the next method adopts
//! it.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::fleet::Fleet;

const FLEET: &str = "apiVersion: kubectl-fleet.io/v1alpha1
kind: Fleet
clusters: [{list: users.yaml, value: type, labels: {type: \"${type}\"}}]
templates: [{file: builtin:docker}]
addons:
- name: kyverno
  selector: all
  LEFT
  TAKEN
  helm: {repo: https://kyverno.github.io/kyverno/, chart: kyverno, version: 3.3.4, release: policy-engine, namespace: kyverno, values: {replicas: 1}}
  patches: [{name: production, selector: {matchLabels: {type: production}}, merge: {helm: {values: {replicas: 3}}}}]
source: {repoURL: https://git.example.org/fleet.git, name: fleet, namespace: flux-system}
deliver: DELIVERY
";
const DELIVERIES: [&str; 4] = ["argocd", "caaph", "flux", "sveltos"];

/// Returns the objects of the fleet by kind and name.
fn objects(delivery: &str, is_left: bool, is_taken: bool) -> BTreeMap<String, Value> {
    let left = if is_left { "onRemove: leave" } else { "" };
    let taken = if is_taken { "takeOwnership: true" } else { "" };
    let text = FLEET.replace("DELIVERY", delivery).replace("LEFT", left);
    let text = text.replace("TAKEN", taken);
    let users = "alice: production\nbob: staging\n";
    let fleet = Fleet::new([("fleet.yaml", &text), ("users.yaml", users)]);
    let printed = fleet.print(&["generate", "-o", "json"]);
    let objects = printed.lines().map(|line| {
        let object: Value = serde_json::from_str(line).expect("an object");
        let text = |at: &str| object.pointer(at).and_then(Value::as_str).unwrap_or("");
        let (kind, name) = (text("/kind"), text("/metadata/name"));
        (
            format!("{kind} {}/{name}", text("/metadata/namespace")),
            object,
        )
    });
    objects.collect()
}

/// Returns the object that deploys the add-on.
fn delivering(objects: &BTreeMap<String, Value>) -> Vec<&Value> {
    let kinds = [
        "Application",
        "HelmChartProxy",
        "HelmRelease",
        "ClusterProfile",
    ];
    let is_one = |object: &&Value| kinds.iter().any(|kind| object["kind"] == *kind);
    objects.values().filter(is_one).collect()
}

/// Returns the release that an object represents: chart, version, name and namespace.
fn release(object: &Value) -> [&str; 4] {
    let paths = match object["kind"].as_str() {
        Some("Application") => [
            "/spec/source/chart",
            "/spec/source/targetRevision",
            "/spec/source/helm/releaseName",
            "/spec/destination/namespace",
        ],
        Some("HelmChartProxy") => [
            "/spec/chartName",
            "/spec/version",
            "/spec/releaseName",
            "/spec/namespace",
        ],
        Some("HelmRelease") => [
            "/spec/chart/spec/chart",
            "/spec/chart/spec/version",
            "/spec/releaseName",
            "/spec/storageNamespace",
        ],
        _ => [
            "/spec/helmCharts/0/chartName",
            "/spec/helmCharts/0/chartVersion",
            "/spec/helmCharts/0/releaseName",
            "/spec/helmCharts/0/releaseNamespace",
        ],
    };
    let text = |at: &str| {
        object
            .pointer(at)
            .and_then(Value::as_str)
            .expect("a string")
    };
    let [chart, version, name, namespace] = paths.map(text);
    [
        chart.trim_start_matches("kyverno/"),
        version,
        name,
        namespace,
    ]
}

/// Returns `true` if the software remains after the object is deleted.
fn leaves(object: &Value) -> bool {
    let is = |at: &str, value: Value| object.pointer(at) == Some(&value);
    match object["kind"].as_str() {
        Some("Application") => object["metadata"]["finalizers"].is_null(),
        Some("HelmChartProxy") => is("/spec/reconcileStrategy", "InstallOnce".into()),
        Some("HelmRelease") => {
            is(
                "/spec/commonMetadata/annotations/helm.sh~1resource-policy",
                "keep".into(),
            ) && is("/spec/uninstall/disableHooks", true.into())
        }
        _ => is("/spec/stopMatchingBehavior", "LeavePolicies".into()),
    }
}

/// Returns `true` if the object adopts existing objects.
fn takes_over(object: &Value) -> bool {
    let is = |at: &str| object.pointer(at) == Some(&Value::Bool(true));
    match object["kind"].as_str() {
        Some("Application") => object["spec"]["syncPolicy"]["syncOptions"]
            .as_array()
            .is_some_and(|options| options.iter().any(|item| item == "ServerSideApply=true")),
        Some("HelmChartProxy") => is("/spec/options/takeOwnership"),
        // By default, Flux adopts existing objects, and uninstalls to remediate.
        Some("HelmRelease") => ["install", "upgrade"].iter().all(|when| {
            let settings = &object["spec"][when];
            settings["disableTakeOwnership"].is_null()
                && settings["remediation"].is_null()
                && settings["strategy"]["name"] == "RetryOnFailure"
        }),
        _ => ["install", "upgrade"].iter().all(|when| {
            is(&format!(
                "/spec/helmCharts/0/options/{when}Options/takeOwnership"
            ))
        }),
    }
}

#[test]
fn software_remains_after_each_change_of_the_delivery_method() {
    for from in DELIVERIES {
        let kept = objects(from, false, false);
        let left = objects(from, true, false);
        assert!(!delivering(&kept).into_iter().any(leaves), "{from}");
        assert!(delivering(&left).into_iter().all(leaves), "{from}");
        assert_eq!(
            kept.keys().collect::<Vec<_>>(),
            left.keys().collect::<Vec<_>>(),
            "{from}: the same objects, left or not"
        );
        for to in DELIVERIES.iter().filter(|to| **to != from) {
            let after = objects(to, true, true);
            let releases = |objects: &BTreeMap<String, Value>| {
                let all: Vec<_> = delivering(objects).into_iter().map(release).collect();
                let all: Vec<_> = all.iter().map(|item| item.map(ToOwned::to_owned)).collect();
                assert!(!all.is_empty() && all.iter().all(|item| *item == all[0]));
                all[0].clone()
            };
            assert_eq!(releases(&left), releases(&after), "{from} to {to}");
            assert!(delivering(&after).into_iter().all(takes_over), "{to}");
            let only_asked = ["caaph", "sveltos"].contains(to);
            let unasked = objects(to, true, false);
            let mut unasked = delivering(&unasked).into_iter();
            assert!(unasked.all(|item| takes_over(item) != only_asked), "{to}");
            for (name, object) in &left {
                let Some(same) = after.get(name) else {
                    let is_made = ["Cluster ", "Namespace "]
                        .iter()
                        .any(|kind| name.starts_with(kind));
                    assert!(!is_made, "{from} to {to}: {name} goes");
                    continue;
                };
                let mut both = [object.clone(), same.clone()];
                for item in &mut both {
                    if let Some(labels) = item["metadata"]["labels"].as_object_mut() {
                        labels.remove("kubectl-fleet.io/kyverno");
                    }
                }
                assert_eq!(both[0], both[1], "{from} to {to}: {name} changes");
            }
        }
    }
}
