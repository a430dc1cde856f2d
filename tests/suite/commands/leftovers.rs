//! Live objects that a fleet no longer creates.

mod origin;

use std::io::Write as _;
use std::process::Stdio;

use serde_json::{Value as Json, json};

use crate::fleet::{Fleet, Run, run};
use crate::repository;

const FLEET: &str = "apiVersion: kubectl-fleet.io/v1alpha1\nkind: Fleet\nclusters: [{list: users.yaml}]\ntemplates: \
                     [{file: cluster.yaml}]\n";

const TEMPLATE: &str = r#"
apiVersion: cluster.x-k8s.io/v1beta2
kind: Cluster
metadata: {name: "${CLUSTER_NAME}"}
spec:
  infrastructureRef: {apiGroup: infrastructure.cluster.x-k8s.io, kind: DevCluster, name: "${CLUSTER_NAME}"}
---
apiVersion: cluster.x-k8s.io/v1beta2
kind: MachineDeployment
metadata: {name: "${CLUSTER_NAME}-default"}
spec:
  clusterName: ${CLUSTER_NAME}
  selector: {matchLabels: {}}
  template:
    spec:
      clusterName: ${CLUSTER_NAME}
      bootstrap: {configRef: {apiGroup: bootstrap.cluster.x-k8s.io, kind: KubeadmConfigTemplate, name: default}}
      infrastructureRef: {apiGroup: infrastructure.cluster.x-k8s.io, kind: DevMachineTemplate, name: "${CLUSTER_NAME}-2"}
"#;

/// Path of the ownerReferences of an object.
const OWNERS: &str = "/metadata/ownerReferences";

/// Returns a fleet with the clusters `berta` and `carlo`.
fn fleet() -> Fleet {
    Fleet::new([
        ("fleet.yaml", FLEET),
        ("users.yaml", "berta: {}\ncarlo: {}\n"),
        ("cluster.yaml", TEMPLATE),
    ])
}

/// Returns a live object in the namespace `berta` with the label of the cluster `berta`.
fn object(version: &str, kind: &str, name: &str) -> Json {
    let labels = json!({"cluster.x-k8s.io/cluster-name": "berta"});
    let guard = json!({"kustomize.toolkit.fluxcd.io/prune": "disabled"});
    let metadata =
        json!({"name": name, "namespace": "berta", "labels": labels, "annotations": guard});
    json!({"apiVersion": version, "kind": kind, "metadata": metadata})
}

fn pool(name: &str) -> Json {
    object("cluster.x-k8s.io/v1beta1", "MachineDeployment", name)
}

fn machine(name: &str) -> Json {
    object("cluster.x-k8s.io/v1beta2", "Machine", name)
}

fn template(name: &str) -> Json {
    object(
        "infrastructure.cluster.x-k8s.io/v1beta2",
        "DevMachineTemplate",
        name,
    )
}

fn owner(kind: &str, name: &str, controller: bool) -> Json {
    json!([{"apiVersion": "cluster.x-k8s.io/v1beta2", "kind": kind, "name": name, "controller": controller}])
}

/// Sets a value of an object at a JSON Pointer.
fn set(mut object: Json, pointer: &str, value: Json) -> Json {
    let (parent, key) = pointer.rsplit_once('/').unwrap();
    object.pointer_mut(parent).unwrap()[key] = value;
    object
}

fn run_with_stdin(fleet: &Fleet, args: &[&str], stdin: &[u8]) -> Run {
    let mut command = fleet.command(args);
    let piped = command.stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut child = piped.stderr(Stdio::piped()).spawn().unwrap();
    // A run that fails before it reads closes the pipe.
    let _ = child.stdin.take().unwrap().write_all(stdin);
    child.wait_with_output().unwrap().into()
}

/// Returns the leftovers among live objects, as `KIND/NAME reason`, and the exit code.
fn find(fleet: &Fleet, live: &[Json]) -> (Vec<String>, i32) {
    let list = json!({"apiVersion": "v1", "kind": "List", "metadata": {}, "items": live});
    let run = run_with_stdin(
        fleet,
        &["leftovers", "-o", "json"],
        list.to_string().as_bytes(),
    );
    let found: Json = serde_json::from_str(&run.stdout).expect(&run.stderr);
    let leftovers = found["leftovers"].as_array().unwrap().iter();
    let shown = leftovers.map(|leftover| {
        let text = |key: &str| leftover[key].as_str().unwrap().to_owned();
        format!("{}/{} {}", text("kind"), text("name"), text("reason"))
    });
    (shown.collect(), run.code)
}

#[test]
fn removed_pool_is_found_with_its_command() {
    let fleet = fleet();
    let owned = |name| {
        set(
            pool(name),
            "/metadata/ownerReferences",
            owner("Cluster", "berta", false),
        )
    };
    let live = [owned("berta-default"), owned("berta-gpu")].map(|object| object.to_string());
    let run = run_with_stdin(&fleet, &["leftovers"], live.join("\n").as_bytes());
    assert_eq!(
        run.stdout,
        "KIND                OBJECT            CLUSTER   REASON\n\
         MachineDeployment   berta/berta-gpu   berta     is not in the output, and its machines run on\n\
         \n\
         kubectl delete machinedeployment.cluster.x-k8s.io berta-gpu --namespace berta\n"
    );
    let summary = "2 objects read, 2 of this fleet, 1 leftover\n";
    assert_eq!((run.code, run.stderr.as_str()), (1, summary));
}

/// Checks the leftovers among each set of live objects.
fn assert_found<const N: usize>(cases: [(Vec<Json>, &str); N]) {
    let fleet = fleet();
    for (live, expected) in cases {
        let (found, code) = find(&fleet, &live);
        assert_eq!(found.join(", "), expected, "{live:?}");
        assert_eq!(code, i32::from(!found.is_empty()));
    }
}

#[test]
fn label_spec_or_owner_names_the_cluster() {
    let unlabeled = |object| set(object, "/metadata/labels", json!({}));
    let other = json!({"cluster.x-k8s.io/cluster-name": "dora"});
    let by_spec = set(
        unlabeled(pool("a")),
        "/spec",
        json!({"clusterName": "berta"}),
    );
    let owned = set(
        unlabeled(pool("a")),
        OWNERS,
        owner("Cluster", "berta", false),
    );
    assert_found([
        (vec![pool("a")], "MachineDeployment/a pool-not-in-output"),
        (vec![by_spec], "MachineDeployment/a pool-not-in-output"),
        (vec![owned], "MachineDeployment/a pool-not-in-output"),
        (vec![unlabeled(pool("a"))], ""),
        (
            vec![set(pool("a"), "/metadata/namespace", json!("carlo"))],
            "",
        ),
        (vec![set(pool("a"), "/metadata/labels", other)], ""),
    ]);
}

#[test]
fn objects_of_controllers_are_no_leftovers() {
    let topology =
        json!({"cluster.x-k8s.io/cluster-name": "berta", "topology.cluster.x-k8s.io/owned": ""});
    let secret = object("v1", "Secret", "berta-kubeconfig");
    let time = json!("2030-01-01T00:00:00Z");
    assert_found([
        (vec![set(pool("a"), "/metadata/labels", topology)], ""),
        (
            vec![set(pool("a"), OWNERS, owner("Autoscaler", "a", true))],
            "",
        ),
        (
            vec![set(pool("a"), OWNERS, owner("ClusterProfile", "a", false))],
            "",
        ),
        (
            vec![set(pool("a"), OWNERS, owner("Cluster", "berta", true))],
            "MachineDeployment/a pool-not-in-output",
        ),
        (
            vec![set(pool("a"), "/metadata/deletionTimestamp", time)],
            "",
        ),
        (
            vec![set(machine("a"), OWNERS, owner("MachineSet", "s", true))],
            "",
        ),
        (
            vec![set(machine("a"), OWNERS, owner("Cluster", "berta", false))],
            "Machine/a pool-not-in-output",
        ),
        (
            vec![set(
                secret.clone(),
                "/type",
                json!("cluster.x-k8s.io/secret"),
            )],
            "",
        ),
        (
            vec![set(
                secret.clone(),
                OWNERS,
                owner("Cluster", "berta", false),
            )],
            "",
        ),
        (vec![secret], "Secret/berta-kubeconfig object-not-in-output"),
    ]);
}

#[test]
fn referenced_objects_are_no_leftovers() {
    let old = set(template("old"), OWNERS, owner("Cluster", "berta", false));
    let old = set(old, "/metadata/labels", json!({}));
    let machine_set = |template: &str| {
        let reference = json!({"apiGroup": "infrastructure.cluster.x-k8s.io", "kind": "DevMachineTemplate", "name": template});
        let spec = json!({"template": {"spec": {"infrastructureRef": reference}}});
        let set_of_machines = object("cluster.x-k8s.io/v1beta2", "MachineSet", "s");
        let owned = set(
            set_of_machines,
            OWNERS,
            owner("MachineDeployment", "d", true),
        );
        set(owned, "/spec", spec)
    };
    let cluster = |name| {
        object(
            "infrastructure.cluster.x-k8s.io/v1beta2",
            "DevCluster",
            name,
        )
    };
    let check = object("cluster.x-k8s.io/v1beta2", "MachineHealthCheck", "a");
    assert_found([
        (
            vec![machine_set("new"), old.clone()],
            "DevMachineTemplate/old template-without-reference",
        ),
        (vec![machine_set("old"), old.clone()], ""),
        (vec![old], ""),
        (vec![machine_set("new"), template("berta-2")], ""),
        (vec![cluster("berta")], ""),
        (vec![cluster("a")], "DevCluster/a object-not-in-output"),
        (vec![check], "MachineHealthCheck/a object-not-in-output"),
    ]);
}

#[test]
fn clusters_of_other_fleets_are_no_leftovers() {
    let cluster = |name: &str, labels: Json| {
        let cluster = object("cluster.x-k8s.io/v1beta2", "Cluster", name);
        vec![set(cluster, "/metadata/labels", labels)]
    };
    let own = json!({"kubectl-fleet.io/cluster": "dora"});
    let other = json!({"kubectl-fleet.io/cluster": "dora", "kubectl-fleet.io/fleet": "other"});
    assert_found([
        (cluster("berta", json!({})), ""),
        (cluster("dora", json!({})), ""),
        (
            cluster("dora", own),
            "Cluster/dora cluster-of-unnamed-fleet",
        ),
        (cluster("dora", other), ""),
    ]);
}

#[test]
fn templates_without_machine_sets_are_reported_as_unchecked() {
    let live = template("old").to_string();
    let run = run_with_stdin(&fleet(), &["leftovers"], live.as_bytes());
    assert_eq!(
        run.messages(0),
        "1 template not checked: the input contains no MachineSet; add machinesets.cluster.x-k8s.io to `kubectl get`\n\
         1 object read, 1 of this fleet, 0 leftovers\n"
    );
}

#[test]
fn output_of_the_fleet_has_no_leftovers() {
    for example in repository::entries("examples") {
        let fleet = Fleet::empty();
        for format in ["yaml", "json"] {
            let output = run(&example, &["generate", "-o", format]).output();
            fleet.write("live", output);
            let live = fleet.path("live");
            let found = run(&example, &["leftovers", "-f", live.to_str().unwrap()]);
            let messages = found.messages(0);
            assert!(messages.ends_with(", 0 leftovers\n"), "{messages}");
        }
    }
}

#[test]
fn input_that_is_not_kubernetes_objects_is_rejected() {
    let fleet = fleet();
    let unsafe_name = pool("a; reboot").to_string();
    for (stdin, expected) in [
        ("", "error[invalid-live-objects]: stdin is empty"),
        (
            "{",
            "error[invalid-live-objects]: stdin is not Kubernetes JSON: EOF while parsing an object at line 1 column 1",
        ),
        (
            "{}",
            "error[invalid-live-objects]: object 1 of stdin has no `apiVersion`",
        ),
        (
            r#"{"apiVersion": "v1", "kind": "List", "items": [{"apiVersion": "v1"}]}"#,
            "object 1 of stdin has no `kind`",
        ),
        (
            r#"{"apiVersion": "v1", "kind": "Status", "metadata": {}}"#,
            "has no `metadata.name`",
        ),
        (
            r#"{"apiVersion": 1}"#,
            "invalid type: integer `1`, expected a string",
        ),
        (
            "No resources found\n",
            "expected a Kubernetes object: invalid type: string \"No resources found\", expected a mapping\n",
        ),
        ("a: b\n", "has no `apiVersion`"),
        ("a: [\n", "error[yaml-syntax]"),
        (
            &unsafe_name,
            "expected a Kubernetes name, found `a; reboot`",
        ),
    ] {
        let run = run_with_stdin(&fleet, &["leftovers"], stdin.as_bytes());
        let messages = run.messages(3);
        assert!(messages.contains(expected), "{stdin:?}: {messages}");
    }
    let deep = "[".repeat(100_000);
    run_with_stdin(&fleet, &["leftovers"], deep.as_bytes()).messages(3);
    let bytes = b"a: \xff\n";
    run_with_stdin(&fleet, &["leftovers"], bytes).messages(3);
    let large = vec![b' '; (64 << 20) + 1];
    let messages = run_with_stdin(&fleet, &["leftovers"], &large).messages(4);
    assert!(
        messages.starts_with("error[file-too-large]: "),
        "{messages}"
    );
    fleet.fail(&["leftovers", "-f", "absent.json"], 3);
    fleet.write("fleet.yaml", "a: b\n");
    fleet.fail(&["leftovers"], 3);
}
