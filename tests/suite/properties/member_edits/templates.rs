//! Generated entries of `templates`.

use serde_json::{Value, json};

use super::choices::Choices;
use super::platform::{Platform, selector};

const CLUSTER: &str = r#"apiVersion: cluster.x-k8s.io/v1beta2
kind: Cluster
metadata: {name: "${CLUSTER_NAME}"}
spec:
  clusterNetwork: {pods: {cidrBlocks: ["${cidr:=10.0.0.0/16}"]}}
  infrastructureRef: {apiGroup: infrastructure.cluster.x-k8s.io, kind: ShedCluster, name: "${CLUSTER_NAME}"}
---
apiVersion: infrastructure.cluster.x-k8s.io/v1beta2
kind: ShedCluster
metadata: {name: "${CLUSTER_NAME}"}
spec: {identityRef: {kind: Secret, name: "identity-${team:=red}"}}
---
apiVersion: infrastructure.cluster.x-k8s.io/v1beta2
kind: DockerMachineTemplate
metadata: {name: "${CLUSTER_NAME}-md-0"}
spec: {template: {spec: {customImage: "${x}"}}}
---
apiVersion: cluster.x-k8s.io/v1beta2
kind: MachineDeployment
metadata: {name: "${CLUSTER_NAME}-md-0"}
spec:
  clusterName: ${CLUSTER_NAME}
  selector: {}
  template:
    spec:
      clusterName: ${CLUSTER_NAME}
      bootstrap: {dataSecretName: "d"}
      infrastructureRef: {apiGroup: infrastructure.cluster.x-k8s.io, kind: DockerMachineTemplate, name: "${CLUSTER_NAME}-md-0"}
"#;

const POOLS: &str = r#"apiVersion: infrastructure.cluster.x-k8s.io/v1beta2
kind: DockerMachinePoolTemplate
metadata: {name: "${CLUSTER_NAME}-${pool}"}
spec: {template: {spec: {template: {customImage: "${image}"}}}}
---
apiVersion: cluster.x-k8s.io/v1beta2
kind: MachinePool
metadata: {name: "${CLUSTER_NAME}-${pool}"}
spec:
  clusterName: ${CLUSTER_NAME}
  template:
    spec:
      clusterName: ${CLUSTER_NAME}
      bootstrap: {dataSecretName: "d"}
      infrastructureRef: {apiGroup: infrastructure.cluster.x-k8s.io, kind: DockerMachinePoolTemplate, name: "${CLUSTER_NAME}-${pool}"}
"#;

const NAMESPACE: &str = "apiVersion: v1
kind: Namespace
metadata: {name: \"${NAMESPACE}\", labels: {<<: ${tags}, owner: \"${team:=red}\"}}
";

const PROJECT: &str = r#"apiVersion: example.org/v1
kind: Project
metadata: {name: "${GROUP}", namespace: teams}
spec:
  people: [{$each: people, $item: "${WITH}"}]
  clusters: [{$each: CLUSTERS, name: "${CLUSTER_NAME}", text: "${text:=none}"}]
"#;

const PERSON: &str = r#"apiVersion: example.org/v1
kind: Person
metadata: {name: "${GROUP}-${WITH}", namespace: teams}
"#;

const SUMMARY: &str = r#"apiVersion: v1
kind: ConfigMap
metadata: {name: summary, namespace: all}
data: {clusters: {$json: [{$each: CLUSTERS, name: "${CLUSTER_NAME}"}]}}
"#;

const ENTRY: &str = r#"apiVersion: example.org/v1
kind: Access
metadata: {name: "${CLUSTER_NAME}", namespace: access}
spec: {tier: "${tier:=none}", text: "${text:=none}"}
"#;

const SHARED: &str = r#"apiVersion: example.org/v1
kind: Shared
metadata: {name: "shared-${tier:=none}", namespace: "${NAMESPACE}"}
spec: {home: "${home}", optional?: "${size}"}
"#;

/// Parts of names, most of which a member can influence.
const PARTS: [&str; 10] = [
    "${CLUSTER_NAME}",
    "${x}",
    "${tier:=none}",
    "${NAMESPACE}",
    "${alias}",
    "${home}",
    "${joined}",
    "${WITH:=w}",
    "a",
    "eu",
];

/// Returns `templates`, and adds their files.
pub(crate) fn generate(choices: &mut Choices<'_>, platform: &mut Platform) -> Value {
    let mut entries = vec![json!({"file": "cluster.yaml", "rotate": choices.is()})];
    let mut files = vec![("cluster.yaml", CLUSTER.to_owned())];
    if choices.is_one_of(3) {
        let selector = selector(choices);
        entries[0]["patches"] = json!([{"name": "image", "selector": selector, "target": {"kind": "DockerMachineTemplate"},
            "merge": {"spec": {"template": {"spec": {"customImage": "${tier:=none}"}}}}}]);
    }
    let team = json!({"label": "team"});
    let options = [
        (
            "pools.yaml",
            POOLS,
            json!({"with": "${pools:=[]}", "rotate": true}),
        ),
        ("namespace.yaml", NAMESPACE, json!({})),
        ("project.yaml", PROJECT, json!({"forEach": team})),
        (
            "person.yaml",
            PERSON,
            json!({"forEach": team, "with": "people"}),
        ),
        (
            "access.yaml",
            ENTRY,
            json!({"forEach": team, "with": "CLUSTERS"}),
        ),
        ("summary.yaml", SUMMARY, json!({"forEach": "fleet"})),
        ("shared.yaml", SHARED, json!({})),
        (
            "builtin:argocd-team-bootstrap",
            "",
            json!({"forEach": team, "with": "CLUSTERS", "variables": {"repoURL": "https://git.example.org"}}),
        ),
        ("builtin:argocd-register-aws-secrets-manager", "", json!({})),
    ];
    for (file, text, mut entry) in options {
        if !choices.is_one_of(3) {
            continue;
        }
        entry["file"] = json!(file);
        if choices.is_one_of(3) {
            entry["selector"] = selector(choices);
        }
        entries.push(entry);
        if !text.is_empty() {
            files.push((file, text.to_owned()));
        }
    }
    if choices.is_one_of(4) {
        let remote = json!({"matchLabels": {"remote": "yes"}});
        entries.push(json!({"file": "builtin:argocd-spoke", "selector": remote}));
        entries.push(json!({"file": "builtin:argocd-register-spoke", "from": "spoke"}));
        platform.has_spokes = true;
    }
    if choices.is_one_of(3) {
        entries.push(json!({"file": "tiers/${tier}.yaml", "selector": {"matchExpressions": [{"key": "tier", "operator": "Exists"}]}}));
        for (file, kind) in [
            ("tiers/gold.yaml", "Gold"),
            ("tiers/tin.yaml", "Tin"),
            ("tiers/zinc.yaml", "Zinc"),
        ] {
            files.push((file, format!("apiVersion: example.org/v1\nkind: {kind}\nmetadata: {{name: \"${{CLUSTER_NAME}}\"}}\n")));
        }
    }
    for file in ["one.yaml", "two.yaml"] {
        if choices.is() {
            let (entry, text) = object(choices, file);
            entries.push(entry);
            files.push((file, text));
        }
    }
    let files = files
        .into_iter()
        .map(|(path, text)| (path.to_owned(), text));
    platform.files.extend(files);
    json!(entries)
}

/// Returns a template of an object with a generated name and namespace, and its entry.
fn object(choices: &mut Choices<'_>, file: &str) -> (Value, String) {
    let parts = 1 + choices.below(3);
    let parts: Vec<&str> = (0..parts).map(|_| choices.pick(&PARTS)).collect();
    let namespace = choices.pick(&["${NAMESPACE}", "apps", "${x}", "n-${CLUSTER_NAME}"]);
    let value = choices.pick(&["${text:=none}", "${CLUSTER_NAME}", "constant", "${joined}"]);
    let optional = choices.pick(&["", ", optional?: \"${size}\""]);
    let name = parts.join("-");
    let text = format!(
        "apiVersion: example.org/v1\nkind: Info\nmetadata: {{name: \"{name}\", namespace: \"{namespace}\", labels: {{<<: ${{tags}}}}}}\n\
         spec: {{value: \"{value}\"{optional}}}\n"
    );
    let mut entry = json!({"file": file});
    if choices.is() {
        entry["with"] = json!("${parts:=[]}");
    }
    if choices.is_one_of(3) {
        entry["selector"] = selector(choices);
    }
    (entry, text)
}
