//! Identities in AWS: entries of a list change only the intended parts of a policy.

use kubectl_fleet::diagnostic::Exit;
use serde_json::{Value, json};

use super::hostile::{HOSTILE, owned};
use super::variables::{BENIGN, fits, yaml};
use crate::fleet::{FleetFiles, Printed, Rejected};

const TEMPLATES: [&str; 2] = ["aws-irsa", "aws-pod-identity"];

/// Strings with a special meaning in AWS: patterns, variables, and encodings that its controllers decode.
const AWS: [&str; 12] = [
    "*",
    "a*",
    "?",
    "%22,%22",
    "%2A",
    "a+b",
    "arn:aws:iam::aws:policy/AdministratorAccess",
    "x\",\"Effect\":\"Allow",
    "\"]}],\"Version\":\"",
    "x\\",
    "\\u0022",
    "kube-system:default",
];

fn entry(name: &str) -> Value {
    json!({"serviceAccountName": name, "serviceAccountNamespace": "apps"})
}

/// An entry with two service accounts, so that one might try to use the role of the other.
fn compile(template: &str, field: &str, value: &Value) -> Result<Printed, Rejected> {
    let mut reader = entry("reader");
    reader[field] = value.clone();
    compile_all(template, &[reader, entry("writer")])
}

fn compile_all(template: &str, entries: &[Value]) -> Result<Printed, Rejected> {
    let fleet = json!({
        "apiVersion": "kubectl-fleet.io/v1alpha1",
        "kind": "Fleet",
        "clusters": [{"list": "clusters.yaml"}],
        "templates": [{"file": format!("builtin:{template}"), "with": "identities.yaml"}],
    });
    let provider = "arn:aws:iam::111122223333:oidc-provider/oidc.example.org/id/A";
    let member = json!([{"name": "one", "AWS_REGION": "eu-west-1", "oidcProviderARN": provider}]);
    FleetFiles::new([
        ("fleet.yaml", yaml(&fleet)),
        ("clusters.yaml", yaml(&member)),
        ("identities.yaml", yaml(&json!(entries))),
    ])
    .try_compile()
}

/// Returns a string in the format of a field.
fn entry_with(field: &str, text: &str) -> Value {
    match field {
        "policyARNs" => json!([text]),
        "policyStatements" => {
            json!([{"Effect": "Allow", "Action": [text], "Resource": text, "Condition": {"StringEquals": {text: text}}}])
        }
        _ => json!(text),
    }
}

/// Returns every policy of the objects as AWS receives it, without decoding by its controllers.
fn policies(printed: &Printed) -> Vec<Value> {
    let mut found = Vec::new();
    for object in printed.objects() {
        let spec = &object["spec"];
        let inline = spec["inlinePolicies"].as_object().into_iter().flatten();
        let documents = inline.map(|(_, text)| text);
        for document in documents.chain(spec.get("assumeRolePolicyDocument")) {
            let text = document.as_str().expect("a string");
            assert!(text.is_ascii() && !text.contains(['%', '+']), "{text}");
            found.push(serde_json::from_str(text).expect("JSON"));
        }
    }
    found
}

/// Checks the part of AWS' policy grammar that these policies use.
fn assert_is_policy(policy: &Value) {
    assert_eq!(policy["Version"], "2012-10-17", "{policy}");
    assert_eq!(policy.as_object().map(serde_json::Map::len), Some(2));
    let statements = policy["Statement"].as_array().expect("a list");
    assert!(!statements.is_empty(), "{policy}");
    for statement in statements {
        let statement = statement.as_object().expect("a mapping");
        for (key, value) in statement {
            let is_good = match key.as_str() {
                "Sid" | "Effect" => value.is_string(),
                "Action" | "Resource" => value.is_string() || value.is_array(),
                "Principal" | "Condition" => value.is_object(),
                _ => false,
            };
            assert!(is_good, "{key}: {value}");
        }
        assert!(statement.contains_key("Effect") && statement.contains_key("Action"));
    }
}

#[test]
fn hostile_entry_is_rejected_or_changes_only_its_own_policy() {
    let texts = [owned(&HOSTILE), owned(&AWS)].concat();
    let (mut printed, mut refused) = (0, 0);
    for template in TEMPLATES {
        for field in [
            "serviceAccountName",
            "serviceAccountNamespace",
            "roleName",
            "policyARNs",
            "policyStatements",
        ] {
            let plain = compile(template, field, &entry_with(field, BENIGN));
            let plain = plain.unwrap_or_else(|refused| panic!("{}", refused.text));
            policies(&plain).iter().for_each(assert_is_policy);
            for text in &texts {
                let hostile = match compile(template, field, &entry_with(field, text)) {
                    Ok(hostile) => hostile,
                    Err(error) => {
                        assert!(matches!(error.exit, Exit::Files | Exit::Guard));
                        refused += 1;
                        continue;
                    }
                };
                printed += 1;
                let (plain, hostile) = (policies(&plain), policies(&hostile));
                assert_eq!(plain.len(), hostile.len(), "{template}: {field}: {text:?}");
                for (plain, hostile) in plain.iter().zip(&hostile) {
                    assert_is_policy(hostile);
                    assert!(fits(plain, hostile, text, true), "{field}: {hostile}");
                }
            }
        }
    }
    assert!(printed > 200 && refused > 200, "{printed} and {refused}");
}

/// A role is for one service account: no operator of its trust policy supports patterns.
#[test]
fn role_trusts_one_service_account() {
    for template in TEMPLATES {
        let printed = compile(template, "serviceAccountName", &json!("reader")).expect("a fleet");
        let mut trusted = Vec::new();
        for policy in policies(&printed) {
            let statement = &policy["Statement"][0];
            if statement.get("Principal").is_none() {
                continue;
            }
            assert_eq!(policy["Statement"].as_array().map(Vec::len), Some(1));
            let condition = statement["Condition"].as_object().expect("a condition");
            assert_eq!(condition.keys().collect::<Vec<_>>(), ["StringEquals"]);
            trusted.push(condition["StringEquals"].clone());
        }
        let expected = |name: &str| match template {
            "aws-irsa" => json!({
                "oidc.example.org/id/A:sub": format!("system:serviceaccount:apps:{name}"),
                "oidc.example.org/id/A:aud": "sts.amazonaws.com",
            }),
            _ => json!({
                "aws:RequestTag/eks-cluster-name": "one",
                "aws:RequestTag/kubernetes-namespace": "apps",
                "aws:RequestTag/kubernetes-service-account": name,
            }),
        };
        assert_eq!(trusted, ["reader", "writer"].map(expected), "{template}");
    }
}

#[test]
fn removed_entry_removes_only_its_permissions() {
    for template in TEMPLATES {
        let printed = |names: &[&str]| {
            let entries: Vec<Value> = names.iter().map(|name| entry(name)).collect();
            compile_all(template, &entries)
                .expect("a fleet")
                .by_identity()
        };
        let (mut before, after) = (printed(&["reader", "writer"]), printed(&["writer"]));
        let mut removed = vec!["iam.services.k8s.aws/v1alpha1 Role one one.reader"];
        if template == "aws-pod-identity" {
            removed
                .push("eks.services.k8s.aws/v1alpha1 PodIdentityAssociation one one.apps.reader");
        }
        for identity in removed {
            assert!(before.remove(identity).is_some(), "{template}: {identity}");
        }
        assert_eq!(before, after, "{template}");
    }
}
