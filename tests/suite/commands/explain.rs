//! `explain`: levels, absences, secrets and hostile names.

use serde_json::Value;

use crate::fleet::Fleet;

const FLEET: &str = "apiVersion: kubectl-fleet.io/v1alpha1
kind: Fleet
clusters:
- list: users.yaml
  fields:
    size: {type: integer, default: 1}
    tier: {type: string, default: basic}
    dbToken: {type: string, default: CANARY-default}
  variablesFrom: [shared.yaml]
  labels: {tier: \"${tier}\"}
templates:
- file: cluster.yaml
  patches:
  - name: large
    selector: {matchLabels: {tier: gold}}
    target: {kind: T}
    merge: {spec: {size: 9}}
- {file: vpn.yaml, selector: {matchLabels: {tier: gold}}}
addons:
- name: ingress
  selector: {matchLabels: {tier: gold}}
  helm:
    repo: https://user:CANARY-repo@example.com/charts
    chart: ingress
    version: 1.0.0
    namespace: ingress
    values: {replicas: 1, adminPassword: CANARY-values}
layers: [\"values/${tier}.yaml\", \"values/${CLUSTER_NAME}.yaml\"]
deliver: argocd
";
const CLUSTER: &str = "apiVersion: example.com/v1
kind: T
metadata: {name: \"${CLUSTER_NAME}\"}
spec: {size: \"${size}\", text: \"token: CANARY-text ${dbToken}\", region: \"${region:=none}\"}
---
apiVersion: v1
kind: Secret
metadata: {name: s}
stringData: {plain: CANARY-data, read: \"${region:=CANARY-expression}\"}
";

fn fleet() -> Fleet {
    Fleet::new([
        ("fleet.yaml", FLEET),
        ("cluster.yaml", CLUSTER),
        (
            "vpn.yaml",
            "apiVersion: example.com/v1\nkind: Vpn\nmetadata: {name: vpn}\n",
        ),
        ("shared.yaml", "size: 2\n"),
        ("values/gold.yaml", "replicas: 2\n"),
        (
            "users.yaml",
            "alice: {tier: gold, dbToken: CANARY-member}\nbob: {size: 5}\n",
        ),
    ])
}

fn lines(fleet: &Fleet, target: &str) -> Vec<String> {
    let text = fleet.run(&["explain", target]).output();
    let words = |line: &str| line.split_whitespace().collect::<Vec<_>>().join(" ");
    text.lines().map(words).collect()
}

#[track_caller]
fn assert_lines(target: &str, expected: &[&str]) {
    let found = lines(&fleet(), target);
    for line in expected {
        assert!(
            found.iter().any(|found| found == line),
            "{line} is not in {found:#?}"
        );
    }
}

#[test]
fn levels_of_values_are_in_order() {
    assert_lines(
        "alice/ingress:helm.values.replicas",
        &[
            "helm.values.replicas = 2",
            "overridden add-on ingress 1 fleet.yaml:27:24",
            "wins layer values/${tier}.yaml -> values/gold.yaml 2 values/gold.yaml:1:11",
            "not found layer values/${CLUSTER_NAME}.yaml -> values/alice.yaml fleet.yaml:28:33",
        ],
    );
    assert_lines(
        "bob:size",
        &[
            "size = 5",
            "overridden fields default of `size` 1 fleet.yaml:6:36",
            "overridden variablesFrom shared.yaml 2 shared.yaml:1:7",
            "wins member bob 5 users.yaml:2:13",
        ],
    );
    assert_lines(
        "alice/T/alice:spec.size",
        &[
            "spec.size = 9",
            "overridden template cluster.yaml \"${size}\" cluster.yaml:4:14",
            "wins patch large 9 fleet.yaml:17:26",
        ],
    );
    assert_lines(
        "bob/T/bob:spec",
        &[
            "not selected patch large (needs `tier=gold`; `bob` has `tier=basic`) fleet.yaml:14:11",
            "wins default of the expression ${region} \"none\" cluster.yaml:4:73",
        ],
    );
    assert_lines(
        "alice/T/alice:metadata",
        &["wins rule namespace of the cluster \"alice\" users.yaml:1:1"],
    );
}

#[test]
fn absences_have_reasons() {
    assert_lines(
        "bob/ingress",
        &[
            "`bob` does not get the add-on `ingress`:",
            "not selected selector tier=gold (`bob` has `tier=basic`) fleet.yaml:21:28",
            "not found layer values/${tier}.yaml -> values/basic.yaml fleet.yaml:28:10",
        ],
    );
    assert_lines(
        "bob/Vpn/vpn",
        &[
            "not selected template vpn.yaml (needs `tier=gold`; `bob` has `tier=basic`) fleet.yaml:18:10",
        ],
    );
    assert_lines("alice/T/alice:spec.absent", &["spec.absent is not set"]);
}

#[test]
fn unknown_names_are_errors() {
    let fleet = fleet();
    for (target, code, expected) in [
        (
            "alcie",
            3,
            "error[unknown-cluster]: there is no cluster `alcie`",
        ),
        (
            "alice/ingres",
            3,
            "error[unknown-name]: there is no add-on `ingres`",
        ),
        (
            "tier=x",
            3,
            "error[unknown-name]: there is no group `tier=x`",
        ),
        (
            "alice/T/alice:a..b",
            3,
            "error[unknown-name]: path `a..b` is not valid",
        ),
        ("alice:a..b", 2, "error: `alice:a..b` cannot be explained"),
    ] {
        let messages = fleet.run(&["explain", target]).messages(code);
        assert!(messages.starts_with(expected), "{target}: {messages}");
    }
}

#[test]
fn secrets_are_redacted() {
    let fleet = fleet();
    for target in [
        "alice",
        "bob",
        "alice:dbToken",
        "alice/ingress",
        "alice/ingress:helm",
        "alice/T/alice",
        "alice/T/alice:spec",
        "alice/Secret/s",
        "alice/Secret/s:stringData",
        "alice/Application/alice-ingress:spec",
    ] {
        for format in ["text", "json"] {
            let run = fleet.run(&["explain", target, "-o", format]);
            assert!(!run.stdout.contains("CANARY"), "{target}: {}", run.stdout);
            assert!(!run.stderr.contains("CANARY"), "{target}: {}", run.stderr);
        }
    }
    let shown = fleet.run(&["explain", "alice:dbToken"]).output();
    assert!(shown.contains("********"), "{shown}");
}

#[test]
fn hostile_strings_are_escaped() {
    let fleet = fleet();
    fleet.write(
        "users.yaml",
        "alice: {tier: gold, evil: \"\\e[31m\\u202e\"}\nbob: {}\n",
    );
    fleet.edit(
        "fleet.yaml",
        "    size:",
        "    evil: {type: string, default: x}\n    size:",
    );
    let text = fleet.run(&["explain", "alice:evil"]).output();
    assert!(text.is_ascii() && !text.contains('\u{1b}'), "{text:?}");
    let unknown = fleet.run(&["explain", "\u{1b}[31m:a..b"]).messages(2);
    assert!(!unknown.contains('\u{1b}'), "{unknown:?}");
}

#[test]
fn json_has_the_levels_with_their_locations() {
    let fleet = fleet();
    let target = "alice/ingress:helm.values.replicas";
    let json = fleet.run(&["explain", target, "-o", "json"]).output();
    let json: Value = serde_json::from_str(&json).unwrap();
    assert_eq!(json["formatVersion"], "1.0");
    assert_eq!(json["subject"], target);
    let section = &json["sections"][0];
    assert_eq!(
        (&section["title"], &section["value"]),
        (&"helm.values.replicas".into(), &2.into())
    );
    let level = serde_json::json!({
        "kind": "layer",
        "name": "values/${tier}.yaml",
        "resolved": "values/gold.yaml",
        "state": "wins",
        "value": 2,
        "location": {"file": "values/gold.yaml", "line": 1, "column": 11},
    });
    assert_eq!(section["levels"][1], level);
    let code = fleet
        .run(&["explain", "unknown-key", "-o", "json"])
        .output();
    let code: Value = serde_json::from_str(&code).unwrap();
    assert_eq!(
        (&code["code"], &code["exitCode"]),
        (&"unknown-key".into(), &3.into())
    );
}
