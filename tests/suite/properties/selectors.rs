//! Selectors have the meaning of Kubernetes, according to an oracle that works on sets of pairs.

use std::collections::{BTreeMap, BTreeSet};

use kubectl_fleet::model::selector::{Requirement, Rule, Selector};
use kubectl_fleet::source::{Sources, Span, Spanned};
use proptest::prelude::*;
use serde_json::{Value, json};

use super::cases;
use crate::fleet::FleetFiles;

const KEYS: [&str; 3] = ["a", "b", "c"];
const VALUES: [&str; 4] = ["", "x", "y", "z"];

type Labels = BTreeMap<&'static str, &'static str>;

/// A requirement: key, operator, values.
type Wanted = (&'static str, &'static str, BTreeSet<&'static str>);

fn labels() -> impl Strategy<Value = Labels> {
    let (keys, values) = (
        proptest::sample::select(&KEYS[..]),
        proptest::sample::select(&VALUES[..]),
    );
    proptest::collection::btree_map(keys, values, 0..4)
}

fn wanted() -> impl Strategy<Value = Vec<Wanted>> {
    let values = proptest::collection::btree_set(proptest::sample::select(&VALUES[..]), 1..4);
    let operators = proptest::sample::select(vec!["In", "NotIn", "Exists", "DoesNotExist"]);
    let one = (proptest::sample::select(&KEYS[..]), operators, values);
    proptest::collection::vec(one, 1..5)
}

/// Returns the result of Kubernetes: `NotIn` and `DoesNotExist` are the opposites of the others.
fn oracle(wanted: &[Wanted], labels: &Labels) -> bool {
    let pairs: BTreeSet<(&str, &str)> = labels.iter().map(|(key, value)| (*key, *value)).collect();
    wanted.iter().all(|(key, operator, values)| {
        let any: BTreeSet<(&str, &str)> = pairs
            .iter()
            .copied()
            .filter(|(other, _)| other == key)
            .collect();
        let listed: BTreeSet<(&str, &str)> = values.iter().map(|value| (*key, *value)).collect();
        let (is_there, is_listed) = (!any.is_empty(), !any.is_disjoint(&listed));
        match *operator {
            "In" => is_listed,
            "NotIn" => !is_listed,
            "Exists" => is_there,
            _ => !is_there,
        }
    })
}

fn selector(wanted: &[Wanted]) -> Selector {
    let span = Span::new(Sources::default().add("fleet.yaml", String::new()), 0..0);
    let requirement = |(key, operator, values): &Wanted| {
        let values = values.iter().map(|value| (*value).to_owned()).collect();
        let rule = match *operator {
            "In" => Rule::In(values),
            "NotIn" => Rule::NotIn(values),
            "Exists" => Rule::Exists,
            _ => Rule::DoesNotExist,
        };
        Requirement {
            key: Spanned {
                value: (*key).to_owned(),
                span,
            },
            rule,
        }
    };
    Selector {
        requirements: wanted.iter().map(requirement).collect(),
    }
}

/// Returns the selector as in `fleet.yaml`; with `short`, single values are in `matchLabels`.
fn written(wanted: &[Wanted], is_short: bool) -> Value {
    let mut labels = serde_json::Map::new();
    let mut expressions = Vec::new();
    for (key, operator, values) in wanted {
        let only = values
            .iter()
            .next()
            .filter(|_| values.len() == 1 && *operator == "In");
        match only.filter(|_| is_short && !labels.contains_key(*key)) {
            Some(value) => drop(labels.insert((*key).to_owned(), json!(value))),
            None if operator.ends_with("In") => {
                expressions.push(json!({"key": key, "operator": operator, "values": values}));
            }
            None => expressions.push(json!({"key": key, "operator": operator})),
        }
    }
    json!({"matchLabels": labels, "matchExpressions": expressions})
}

/// Returns the names of the clusters that get the object of a template with this selector, which equal those of
/// a patch with this selector. Returns `None` if the selector is rejected.
fn selected(selector: &Value, clusters: &[Labels]) -> Option<BTreeSet<String>> {
    let labels: serde_json::Map<String, Value> = KEYS
        .iter()
        .map(|key| ((*key).to_owned(), json!(format!("${{{key}}}"))))
        .collect();
    let fields: serde_json::Map<String, Value> = KEYS
        .iter()
        .map(|key| ((*key).to_owned(), json!({"default": null})))
        .collect();
    let fleet = json!({
        "apiVersion": "kubectl-fleet.io/v1alpha1",
        "kind": "Fleet",
        "clusters": [{"list": "list.yaml", "fields": fields, "labels": labels}],
        "templates": [
            {"file": "template.yaml", "selector": selector},
            {"file": "patched.yaml", "patches": [{
                "name": "hit",
                "selector": selector,
                "target": {"kind": "Patched"},
                "merge": {"hit": true},
            }]},
        ],
        "safety": {"allowEmpty": true},
    });
    let list: BTreeMap<String, &Labels> = clusters
        .iter()
        .enumerate()
        .map(|(at, labels)| (format!("m{at}"), labels))
        .collect();
    let template =
        |kind: &str| format!("{{apiVersion: example.org/v1, kind: {kind}, metadata: {{name: x}}}}");
    let fleet = FleetFiles::new([
        ("fleet.yaml", fleet.to_string()),
        ("list.yaml", json!(list).to_string()),
        ("template.yaml", template("Selected")),
        ("patched.yaml", template("Patched")),
    ]);
    match fleet.compile() {
        Ok(printed) => {
            let objects = printed.objects();
            let names = |kind: &str, is_wanted: fn(&Value) -> bool| {
                let is_wanted = |one: &&Value| one["kind"] == kind && is_wanted(one);
                let name = |one: &Value| one["metadata"]["namespace"].as_str().unwrap().to_owned();
                let found: Vec<String> = objects.iter().filter(is_wanted).map(name).collect();
                let names: BTreeSet<String> = found.iter().cloned().collect();
                assert_eq!(names.len(), found.len(), "an object for each cluster");
                names
            };
            let found = names("Selected", |_| true);
            assert_eq!(names("Patched", |_| true).len(), clusters.len());
            assert_eq!(names("Patched", |one| one["hit"] == true), found);
            Some(found)
        }
        Err(refused) => {
            assert!(
                refused.codes.iter().all(|code| *code == "invalid-selector"),
                "{}",
                refused.text
            );
            None
        }
    }
}

/// Returns every set of labels, with one value that no selector names.
fn all_labels() -> Vec<Labels> {
    let values: Vec<Option<&str>> = VALUES
        .iter()
        .copied()
        .chain(["other"])
        .map(Some)
        .chain([None])
        .collect();
    KEYS.iter().fold(vec![Labels::new()], |sofar, key| {
        let with = |labels: &Labels, value: Option<&'static str>| {
            labels
                .clone()
                .into_iter()
                .chain(value.map(|value| (*key, value)))
                .collect()
        };
        sofar
            .iter()
            .flat_map(|labels| values.iter().map(move |value| with(labels, *value)))
            .collect()
    })
}

proptest! {
    #![proptest_config(cases(1_000))]

    #[test]
    fn selector_matches_the_same_clusters_as_the_oracle(wanted in wanted(), labels in labels()) {
        let matches = selector(&wanted).matches(|key| labels.get(key).copied());
        prop_assert_eq!(matches, oracle(&wanted, &labels));
    }
}

proptest! {
    #![proptest_config(cases(200))]

    #[test]
    fn template_selects_the_same_clusters_as_the_oracle(
        wanted in wanted(),
        clusters in proptest::collection::vec(labels(), 1..6),
        is_short in any::<bool>(),
    ) {
        let is_possible = all_labels().iter().any(|labels| oracle(&wanted, labels));
        let found = selected(&written(&wanted, is_short), &clusters);
        // Selectors that no labels can satisfy are rejected.
        prop_assert_eq!(found.is_some(), is_possible);
        if let Some(found) = found {
            let is_wanted = |(_, labels): &(usize, &Labels)| oracle(&wanted, labels);
            let expected: BTreeSet<String> = clusters.iter().enumerate()
                .filter(is_wanted)
                .map(|(at, _)| format!("m{at}"))
                .collect();
            prop_assert_eq!(found, expected);
        }
    }

    #[test]
    fn invalid_or_ambiguous_selector_is_rejected(
        wanted in wanted(),
        at in any::<proptest::sample::Index>(),
        wrong in wrong(),
    ) {
        let mut selector = written(&wanted, false);
        let expressions = selector["matchExpressions"].as_array_mut().unwrap();
        expressions.insert(at.index(expressions.len() + 1), wrong);
        prop_assert_eq!(selected(&selector, &[Labels::new()]), None);
    }
}

/// Generates expressions that Kubernetes rejects.
fn wrong() -> impl Strategy<Value = Value> {
    let values =
        proptest::sample::select(vec![json!([]), json!(null), json!(["-x"]), json!(["a b"])]);
    let value = proptest::sample::select(&VALUES[..]).prop_map(|value| json!([value]));
    let listing = (proptest::sample::select(vec!["In", "NotIn"]), values);
    let other = (
        proptest::sample::select(vec!["Exists", "DoesNotExist"]),
        value,
    );
    let expression =
        |(operator, values)| json!({"key": "a", "operator": operator, "values": values});
    let keys = proptest::sample::select(vec!["", "/a", "a/", "a/b/c", "-a", "A.io/x", "a b"]);
    prop_oneof![
        listing.prop_map(expression),
        other.prop_map(expression),
        keys.prop_map(|key| json!({"key": key, "operator": "Exists"})),
    ]
}

#[test]
fn empty_selector_is_rejected() {
    for selector in [
        json!({}),
        json!({"matchLabels": {}}),
        json!({"matchExpressions": []}),
        json!({"matchLabels": {}, "matchExpressions": []}),
        json!({"matchLabels": null, "matchExpressions": null}),
    ] {
        assert_eq!(selected(&selector, &[Labels::new()]), None, "{selector}");
    }
    let all = selected(&json!("all"), &[Labels::new(), Labels::from([("a", "x")])]);
    assert_eq!(all.map(|names| names.len()), Some(2));
}
