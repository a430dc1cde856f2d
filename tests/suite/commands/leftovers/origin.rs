//! Live objects that the fleet might not have created.

use serde_json::{Value as Json, json};

use super::{fleet, object, pool, run_with_stdin, set};
use crate::fleet::Fleet;

/// Returns the last line of the text that `leftovers` prints for a live object.
fn last_line(fleet: &Fleet, live: &Json) -> String {
    let run = run_with_stdin(fleet, &["leftovers"], live.to_string().as_bytes());
    assert!(run.code <= 1, "{}", run.stderr);
    let last = run.stdout.lines().last();
    last.unwrap_or_default().to_owned()
}

#[test]
fn commands_for_objects_of_unknown_origin_are_comments() {
    let cluster = |labels: Json| {
        let cluster = object("cluster.x-k8s.io/v1beta2", "Cluster", "dora");
        set(cluster, "/metadata/labels", labels)
    };
    assert_eq!(
        last_line(
            &fleet(),
            &cluster(json!({"kubectl-fleet.io/cluster": "dora"}))
        ),
        "# only if no other fleet or person creates it: kubectl delete cluster.cluster.x-k8s.io dora --namespace berta"
    );
    let by_hand = set(pool("own"), "/metadata/annotations", json!({}));
    assert_eq!(
        last_line(&fleet(), &by_hand),
        "# only if this fleet created it: kubectl delete machinedeployment.cluster.x-k8s.io own --namespace berta"
    );
}

#[test]
fn clusters_that_a_named_fleet_lists_are_no_leftovers() {
    let fleet = Fleet::new([
        (
            "fleet.yaml",
            "apiVersion: kubectl-fleet.io/v1alpha1\nkind: Fleet\nmetadata: {name: blue}\nclusters: [{list: old.yaml, existing: true}]\ntemplates: [{file: note.yaml, forEach: fleet}]\n",
        ),
        (
            "old.yaml",
            "apiVersion: cluster.x-k8s.io/v1beta2\nkind: Cluster\nmetadata: {name: emil, namespace: berta}\n",
        ),
        (
            "note.yaml",
            "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: note, namespace: berta}\n",
        ),
    ]);
    let labels = json!({"kubectl-fleet.io/cluster": "x", "kubectl-fleet.io/fleet": "blue"});
    let cluster = |name: &str| {
        let cluster = object("cluster.x-k8s.io/v1beta2", "Cluster", name);
        set(cluster, "/metadata/labels", labels.clone())
    };
    assert_eq!(last_line(&fleet, &cluster("emil")), "");
    // The fleet creates no cluster any more, or lists this one no more.
    assert_eq!(
        last_line(&fleet, &cluster("dora")),
        "# only if this fleet created it: kubectl delete cluster.cluster.x-k8s.io dora --namespace berta"
    );
}

#[test]
fn input_without_an_object_of_the_fleet_is_reported() {
    let list = json!({"apiVersion": "v1", "kind": "List", "items": []}).to_string();
    let run = run_with_stdin(&fleet(), &["leftovers"], list.as_bytes());
    let messages = run.messages(0);
    assert!(
        messages.starts_with("warning: the input contains no object of this fleet; "),
        "{messages}"
    );
}
