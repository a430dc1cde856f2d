//! Only contents have an effect: neither order, nor line ends, nor the names of list files.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;

use super::cases;
use super::split::{Document, split};
use crate::fleet::{FleetFiles, Printed, identity};

/// The format of a list file.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Form {
    ConfigMap,
    Mapping,
    Sequence,
}

/// Members by name, each with the value of `type`.
pub(crate) type Users = BTreeMap<String, &'static str>;

pub(crate) fn users() -> impl Strategy<Value = Users> {
    let types = proptest::sample::select(vec!["staging", "production"]);
    proptest::collection::btree_map("[a-z][a-z0-9]{0,6}", types, 1..8).prop_map(|users| {
        users
            .into_iter()
            .map(|(name, kind)| (format!("u{name}"), kind))
            .collect()
    })
}

pub(crate) fn forms() -> impl Strategy<Value = Form> {
    proptest::sample::select(vec![Form::ConfigMap, Form::Mapping, Form::Sequence])
}

const TEMPLATE: &str = "apiVersion: cluster.x-k8s.io/v1beta2
kind: Cluster
metadata: {name: \"${CLUSTER_NAME}\"}
spec: {topology: {classRef: {name: quick-start}, version: v1.34.0}}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: settings}
data:
  type: \"${type}\"
  user: ${user}
  script: |
    #!/bin/sh
    echo ${type}

    exit
";
const SHARED: &str = "apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: shared}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: \"${user}\", namespace: default}
";

/// Returns a fleet whose list contains the users in this order.
fn fleet(path: &str, form: Form, users: &[(&String, &&str)], namespace: &str) -> FleetFiles {
    let head = match form {
        Form::ConfigMap => "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: users}\ndata:\n",
        Form::Mapping | Form::Sequence => "",
    };
    let member = |(name, kind): &(&String, &&str)| match form {
        Form::ConfigMap => format!("  {name}: {kind}\n"),
        Form::Mapping => format!("{name}: {{type: {kind}}}\n"),
        Form::Sequence => format!("- user: {name}\n  type: {kind}\n"),
    };
    let list = head.to_owned() + &users.iter().map(member).collect::<String>();
    let fleet = format!(
        "apiVersion: kubectl-fleet.io/v1alpha1
kind: Fleet
clusters:
- list: {path}
  key: user
  value: type
  fields: {{type: {{enum: [staging, production]}}}}
  namespace: {namespace}
  labels: {{type: \"${{type}}\"}}
templates:
- file: template.yaml
  selector: {{matchExpressions: [{{key: type, operator: Exists}}]}}
- file: shared.yaml
"
    );
    FleetFiles::new([
        ("fleet.yaml", fleet),
        (path, list),
        ("template.yaml", TEMPLATE.to_owned()),
        ("shared.yaml", SHARED.to_owned()),
    ])
}

/// Returns the fleet with unique names of objects, as a shared namespace requires.
fn with_names(fleet: &FleetFiles) -> FleetFiles {
    fleet.map(|text| text.replace("name: settings", "name: \"${CLUSTER_NAME}-x\""))
}

/// Returns a fleet of a mapping, with its clusters in a shared namespace or each in its own.
fn fleet_in(is_shared: bool, path: &str, users: &[(&String, &&str)]) -> FleetFiles {
    let namespace = if is_shared { "shared" } else { "${user}" };
    with_names(&fleet(path, Form::Mapping, users, namespace))
}

fn printed(fleet: &FleetFiles) -> Printed {
    fleet
        .compile()
        .unwrap_or_else(|refused| panic!("{}", refused.text))
}

/// Returns the identities in the output, and checks that they are unique.
fn identities(printed: &Printed) -> BTreeSet<String> {
    let objects = printed.objects();
    let found: BTreeSet<String> = objects.iter().map(identity).collect();
    assert_eq!(found.len(), objects.len());
    found
}

proptest! {
    #![proptest_config(cases(24))]

    #[test]
    fn order_of_members_changes_no_byte(users in users(), form in forms(), seed in any::<u64>()) {
        let mut order: Vec<_> = users.iter().collect();
        let sorted = printed(&fleet("users.yaml", form, &order, "${CLUSTER_NAME}"));
        let mut state = seed | 1;
        for at in (1..order.len()).rev() {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            order.swap(at, usize::try_from(state >> 33).unwrap() % (at + 1));
        }
        let shuffled = printed(&fleet("users.yaml", form, &order, "${CLUSTER_NAME}"));
        prop_assert_eq!(sorted, shuffled);
    }

    #[test]
    fn format_and_name_of_a_list_change_no_byte(users in users(), name in "[a-z]{1,9}") {
        let order: Vec<_> = users.iter().collect();
        let first = printed(&fleet("users.yaml", Form::ConfigMap, &order, "${user}"));
        for form in [Form::ConfigMap, Form::Mapping, Form::Sequence] {
            let path = format!("lists/{name}.yaml");
            prop_assert_eq!(&first, &printed(&fleet(&path, form, &order, "${user}")));
        }
    }

    #[test]
    fn files_and_documents_of_a_list_change_no_byte(
        (users, files) in split(),
        is_shared in any::<bool>(),
    ) {
        let order: Vec<_> = users.iter().collect();
        let fleet = |path: &str, order: &[(&String, &&str)]| fleet_in(is_shared, path, order);
        let expected = printed(&fleet("users.yaml", &order));
        let mut split = fleet("lists/**/*.yaml", &[]);
        split.0.remove("lists/**/*.yaml");
        for (path, documents) in files {
            let documents: Vec<String> = documents.iter().map(Document::written).collect();
            split.0.insert(format!("lists/{path}.yaml"), documents.join("---\n").into_bytes());
        }
        prop_assert_eq!(expected, printed(&split));
    }

    #[test]
    fn cluster_entries_and_template_names_change_no_byte(
        users in users(),
        parts in proptest::collection::vec(0..3_usize, 8),
        turns in Just(vec![0, 1, 2]).prop_shuffle(),
        name in "[a-z]{1,4}(/[a-z0-9]{1,4})?",
        is_shared in any::<bool>(),
    ) {
        let order: Vec<_> = users.iter().collect();
        let whole = fleet_in(is_shared, "users.yaml", &order);
        let expected = printed(&whole);
        let part = |part: &usize| {
            let here = order.iter().zip(&parts).filter(|(_, of)| *of == part);
            let here: Vec<_> = here.map(|(user, _)| *user).collect();
            (format!("{part}.yaml"), here)
        };
        let parts: Vec<_> = turns.iter().map(part).filter(|(_, here)| !here.is_empty()).collect();
        let text = String::from_utf8(whole.0["fleet.yaml"].clone()).unwrap();
        let (head, rest) = text.split_once("- list:").unwrap();
        let (entry, rest) = rest.split_once("templates:").unwrap();
        let entries = parts.iter().map(|(path, _)| format!("- list:{}", entry.replace("users.yaml", path)));
        let entries: String = entries.collect();
        let rest = rest.replace("template.yaml", &format!("templates/{name}.yaml"));
        let mut changed = whole.clone();
        changed.0.insert("fleet.yaml".to_owned(), format!("{head}{entries}templates:{rest}").into_bytes());
        for (path, users) in parts {
            let list = fleet(&path, Form::Mapping, &users, "").0.remove(&path).unwrap();
            changed.0.insert(path, list);
        }
        let template = changed.0.remove("template.yaml").unwrap();
        changed.0.insert(format!("templates/{name}.yaml"), template);
        changed.0.remove("users.yaml");
        prop_assert_eq!(expected, printed(&changed));
    }

    #[test]
    fn added_or_removed_user_changes_no_other_object(users in users(), form in forms(), is_shared in any::<bool>()) {
        let namespace = if is_shared { "shared" } else { "${CLUSTER_NAME}" };
        let compile = |order: &[(&String, &&str)]| {
            printed(&with_names(&fleet("users.yaml", form, order, namespace)))
        };
        let others: Vec<_> = users.iter().collect();
        let newcomer = ("newcomer".to_owned(), "staging");
        let all: Vec<_> = others.iter().copied().chain([(&newcomer.0, &newcomer.1)]).collect();
        let (before, after) = (compile(&others), compile(&all));
        let (old, new) = (before.by_identity(), after.by_identity());
        for (identity, bytes) in &old {
            prop_assert_eq!(Some(bytes), new.get(identity), "{}", identity);
        }
        let added: Vec<String> =
            identities(&after).difference(&identities(&before)).cloned().collect();
        prop_assert!(added.iter().all(|identity| identity.contains("newcomer")), "{:?}", added);
        prop_assert_eq!(added.len(), if is_shared { 3 } else { 4 });
    }
}

#[test]
fn line_ends_change_no_byte() {
    for (case, fleet) in FleetFiles::cases() {
        let unix = fleet.map(|text| text.replace("\r\n", "\n").replace('\r', "\n"));
        let expected = unix.compile().ok();
        for end in ["\r\n", "\r"] {
            let other = unix.map(|text| text.replace('\n', end)).compile().ok();
            assert_eq!(other, expected, "{case} with {end:?}");
        }
    }
}
