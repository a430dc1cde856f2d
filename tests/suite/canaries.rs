//! Secrets in every input that can contain one, and hostile names: no report shows them.
//!
//! `generate`, `get objects -o json|yaml` and `diff -o patch` print manifests, with all their values.

use crate::fleet::{Fleet, Run};

/// A fleet that contains `canary-NAME-1` in every place for a secret.
const FILES: [(&str, &str); 8] = [
    (
        "fleet.yaml",
        r#"apiVersion: kubectl-fleet.io/v1alpha1
kind: Fleet
metadata: {name: f}
clusters:
- list: users.yaml
  fields:
    apiToken: {type: string, minLength: 2, default: canary-default-1}
    login: {type: string}
  variablesFrom: ["vars/all.env", "vars/all.yaml"]
  variables:
    dbPassword: canary-variable-1
    derived: "x-${apiToken}"
    credentials:
    - canary-item-1
    - name: canary-item-1
- list: cm.yaml
  fields: {secretKey: {type: string}}
templates:
- file: templates/all.yaml
  patches:
  - name: extra
    target: {kind: Secret}
    merge:
      stringData:
        extra: canary-patch-1
  - name: settings
    target: {name: settings}
    merge:
      data: {password: canary-patch-1}
addons:
- name: redis
  selector: all
  helm:
    repo: https://robot:canary-repo-1@charts.example.org
    chart: redis
    version: 1.0.0
    namespace: redis
    values:
      url: "redis://user:canary-url-1@host"
      auth:
        password: canary-values-1
        users: [{token: canary-values-1}]
layers: [values/all.yaml]
deliver: argocd
"#,
    ),
    (
        "users.yaml",
        "alice: {login: \"https://u:canary-login-1@h/x\", apiToken: canary-field-1}\ndora:\n  login: x\n  apiToken: |\n    first: canary-block-1\n",
    ),
    (
        "cm.yaml",
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: users}\ndata:\n  bob: \"secretKey: canary-map-1\"\n",
    ),
    (
        "vars/all.env",
        "API_TOKEN=canary-env-1\nURL=https://u:canary-env-1@h\n",
    ),
    (
        "vars/all.yaml",
        "clientSecret: canary-shared-1\nnested:\n  credential:\n    value: canary-nested-1\nfile: |\n  -----BEGIN PRIVATE KEY-----\n  canary-pem-1\n  -----END PRIVATE KEY-----\n",
    ),
    ("values/all.yaml", "auth:\n  adminToken: canary-layer-1\n"),
    (
        "templates/all.yaml",
        r#"apiVersion: cluster.x-k8s.io/v1beta2
kind: Cluster
metadata: {name: "${CLUSTER_NAME}"}
spec: {paused: false}
---
apiVersion: v1
kind: Secret
metadata: {name: "${CLUSTER_NAME}"}
data: {a: "Y2FuYXJ5canary-data-1"}
stringData:
  user: canary-stringdata-1
  block: |
    canary-stringdata-1: x
---
apiVersion: v1
kind: ConfigMap
metadata:
  name: settings
  namespace: "${CLUSTER_NAME}"
  annotations: {example.org/token: "${apiToken:=canary-fallback-1}"}
data:
  conf: |
    user=a
    password=canary-conf-1
    url=https://a:canary-conf-1@h
  derived: "${derived:=z}"
  one: "${dbPassword:=c}"
  two: "${secretKey:=d}"
  three: "${nested.credential.value:=g}"
  four: "${URL:=e} ${login:=f}"
  five: "${API_TOKEN:=a}"
  six: "${clientSecret:=b}"
  seven: "${file:=h}"
"#,
    ),
    ("note.txt", "canary-unused-1\n"),
];

/// The targets of `explain`.
const TARGETS: [&str; 24] = [
    "alice",
    "bob",
    "dora",
    "alice/redis",
    "alice/redis:helm",
    "alice/redis:helm.values",
    "alice/redis:helm.values.auth",
    "alice/Secret/alice",
    "alice/Secret/alice:stringData",
    "alice/ConfigMap/settings",
    "alice/ConfigMap/settings:data",
    "alice/ConfigMap/settings:data.conf",
    "alice/ConfigMap/settings:data.derived",
    "alice/Secret/alice:stringData.extra",
    "bob/ConfigMap/settings:data",
    "alice/ConfigMap/settings:metadata.annotations",
    "alice:apiToken",
    "alice:derived",
    "alice:dbPassword",
    "alice:nested",
    "alice:file",
    "alice:URL",
    "alice:login",
    "bob:secretKey",
];

/// Returns a directory with the fleet in `base`, and one with other secrets in `head`.
fn fleets() -> Fleet {
    let fleets = Fleet::empty();
    for (path, text) in FILES {
        fleets.write(&format!("base/{path}"), text);
        fleets.write(&format!("head/{path}"), text.replace("-1", "-2"));
    }
    fleets
}

/// Checks that the output of a command contains no secret.
fn assert_silent(run: &Run, args: &[&str]) {
    for text in [&run.stdout, &run.stderr] {
        let shown = text.lines().find(|line| line.contains("canary"));
        assert_eq!(shown, None, "{args:?}");
    }
}

#[test]
fn no_report_shows_a_secret() {
    let fleets = fleets();
    let check = |args: &[&str], code: i32| {
        let run = fleets.run(args);
        assert_eq!(run.code, code, "{args:?}: {}", run.stderr);
        assert_silent(&run, args);
    };
    for format in ["text", "json", "github", "gitlab", "sarif", "junit"] {
        check(&["validate", "head", "-o", format], 0);
    }
    for format in ["text", "markdown", "json"] {
        let args = ["diff", "head", "--base", "base", "-o", format];
        check(&args, 1);
        // An added and a removed fleet.
        check(&["diff", "head", "--base", "head", "-o", format], 0);
    }
    check(&["diff", "head", "--base", "base", "--list"], 1);
    for target in TARGETS {
        for format in ["text", "json"] {
            check(&["explain", target, "-o", format, "-C", "head"], 0);
        }
    }
    for noun in ["clusters", "groups", "addons", "objects"] {
        check(&["get", noun, "-C", "head"], 0);
    }
    check(&["get", "objects", "-o", "wide", "-C", "head"], 0);
}

/// Each edit is an error at a line with a secret, or next to one.
#[test]
fn no_error_shows_a_secret() {
    for (path, from, to) in [
        ("users.yaml", "canary-field-1", "[canary-field-1]"),
        (
            "users.yaml",
            "canary-field-1}",
            "c}\ncarol: {login: 3, apiToken: \"\", note: x}",
        ),
        (
            "cm.yaml",
            "secretKey: canary-map-1",
            "secretKey: {x: canary-map-1}",
        ),
        (
            "cm.yaml",
            "secretKey: canary-map-1",
            "secretKe: canary-map-1",
        ),
        (
            "vars/all.env",
            "API_TOKEN=canary-env-1",
            "API_TOKEN=$(canary-env-1)",
        ),
        ("vars/all.env", "URL=https", "URL=$https"),
        (
            "vars/all.yaml",
            "value: canary-nested-1",
            "value: canary-nested-1: x",
        ),
        (
            "values/all.yaml",
            "adminToken: canary",
            "adminToken: !x canary",
        ),
        (
            "templates/all.yaml",
            "user: canary",
            "user: ${missing} canary",
        ),
        (
            "templates/all.yaml",
            "password=canary",
            "password=${missing}canary",
        ),
        (
            "fleet.yaml",
            "dbPassword: canary-variable-1",
            "dbPassword: {a: canary-variable-1, a: 2}",
        ),
        (
            "fleet.yaml",
            "version: 1.0.0",
            "version: 1.0.0\n    password: canary-x-1",
        ),
        ("fleet.yaml", "https://robot:canary", "htps://robot:canary"),
        (
            "fleet.yaml",
            "extra: canary-patch-1",
            "extra: ${missing}canary-patch-1",
        ),
        ("fleet.yaml", "- canary-item-1", "- [canary-item-1"),
    ] {
        let fleets = fleets();
        fleets.edit(&format!("base/{path}"), from, to);
        for format in ["text", "json", "github", "gitlab", "sarif", "junit"] {
            let args = ["validate", "base", "-o", format];
            let run = fleets.run(&args);
            assert_eq!(run.code, 1, "{path}: {to}");
            assert_silent(&run, &[path, to, format]);
        }
        assert_silent(&fleets.run(&["generate", "base"]), &[path, to]);
        for base in ["head", "base"] {
            let args = ["diff", "base", "--base", base, "-o", "markdown"];
            assert_silent(&fleets.run(&args), &[path, to]);
        }
    }
}

/// Names that a terminal, Markdown or HTML could interpret.
const HOSTILE: [&str; 8] = [
    "\\e[31mred\\e[0m",
    "\\e]8;;https://example.org\\aX",
    "\\u202Etfel\\u202C",
    "](javascript:alert(1))",
    "``` `",
    "<!-- <script>alert(1)</script> -->",
    "| @team ![x](http://example.org/x)",
    "line\\nbreak\\r\\u2028",
];

#[test]
fn hostile_text_is_inert() {
    for (number, text) in HOSTILE.iter().enumerate() {
        let fleets = Fleet::empty();
        for (side, value) in [("base", "before"), ("head", *text)] {
            for (path, contents) in [
                (
                    "fleet.yaml",
                    "apiVersion: kubectl-fleet.io/v1alpha1\nkind: Fleet\nmetadata: {name: f}\nclusters:\n- list: users.yaml\n  fields: {note: {type: string}}\ntemplates: [{file: all.yaml}]\n",
                ),
                ("users.yaml", &*format!("alice: {{note: \"{value}\"}}\n")),
                (
                    "all.yaml",
                    "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: \"${CLUSTER_NAME}\"}\ndata: {note: \"${note}\", \"k-${CLUSTER_NAME}\": \"${note}\"}\n",
                ),
            ] {
                fleets.write(&format!("{side}/{path}"), contents);
            }
        }
        let is_inert =
            |c: char| c == '\n' || !(c.is_control() || "\u{202e}\u{202c}\u{2028}".contains(c));
        let diff = ["diff", "head", "--base", "base", "-o"];
        for args in [
            &[&diff[..], &["text"]].concat()[..],
            &[&diff[..], &["markdown"]].concat(),
            &["explain", "alice", "-C", "head"],
            &["explain", "alice:note", "-C", "head"],
            &["explain", "alice/ConfigMap/alice:data", "-C", "head"],
            &["get", "objects", "-C", "head"],
            &["get", "clusters", "-C", "head"],
        ] {
            let run = fleets.run(args);
            assert!(run.code <= 1, "{args:?}: {}", run.stderr);
            for printed in [&run.stdout, &run.stderr] {
                assert!(
                    printed.chars().all(is_inert),
                    "{number}: {args:?} {printed:?}"
                );
            }
            if args.contains(&"markdown") {
                assert_inert_markdown(&run.stdout);
            }
        }
    }
}

/// Checks that hostile text is only in code spans: what is left without them has no markup of it.
fn assert_inert_markdown(text: &str) {
    for line in text.lines() {
        let mut rest = line;
        let mut outside = String::new();
        while let Some(start) = rest.find('`') {
            outside += &rest[..start];
            let fence = rest[start..].chars().take_while(|c| *c == '`').count();
            let body = &rest[start + fence..];
            let mut at = 0;
            let end = loop {
                let found = body[at..].find('`').expect("a closed code span") + at;
                let run = body[found..].chars().take_while(|c| *c == '`').count();
                if run == fence {
                    break found + run;
                }
                at = found + run;
            };
            rest = &body[end..];
        }
        outside += rest;
        let markup = ["](", "<script", "@team", "![", "<!-- <"];
        let found = markup.iter().find(|markup| outside.contains(**markup));
        assert_eq!(found, None, "{line}");
    }
}
