//! A merge patch does to a template what the library does to the object that it makes.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::fleet::{Fleet, cases};
use super::variables::yaml;

pub(crate) fn trees(with_nulls: bool) -> impl Strategy<Value = Value> {
    let null = if with_nulls { 2 } else { 0 };
    let leaf = prop_oneof![
        3 => (0..100_i64).prop_map(|number| json!(number)),
        3 => "[a-z]{1,4}".prop_map(Value::String),
        1 => any::<bool>().prop_map(|value| json!(value)),
        null => Just(Value::Null),
    ];
    leaf.prop_recursive(4, 40, 5, |inner| {
        let keys = proptest::sample::select(vec!["a", "b", "c", "d", "e"]);
        prop_oneof![
            1 => proptest::collection::vec(inner.clone(), 0..4).prop_map(Value::Array),
            3 => proptest::collection::btree_map(keys, inner, 0..5).prop_map(|entries| {
                entries.into_iter().map(|(key, value)| (key.to_owned(), value)).collect()
            }),
        ]
    })
}

proptest! {
    #![proptest_config(cases(400))]

    #[test]
    fn a_merge_patch_is_that_of_rfc_7386(before in trees(false), change in trees(true)) {
        let object = json!({"apiVersion": "v1", "kind": "T", "metadata": {"name": "x"}, "spec": before});
        let patch = json!({"spec": change});
        let fleet = json!({
            "apiVersion": "kubectl-fleet.io/v1alpha1",
            "kind": "Fleet",
            "clusters": [{"list": "list.yaml"}],
            "templates": [{
                "file": "template.yaml",
                "patches": [{"name": "p", "target": {"kind": "T"}, "merge": patch}],
            }],
        });
        let fleet = Fleet::new([
            ("fleet.yaml", yaml(&fleet)),
            ("list.yaml", "a: {}".to_owned()),
            ("template.yaml", yaml(&object)),
        ]);
        let printed = fleet.compile().unwrap_or_else(|refused| panic!("{}", refused.text));
        let found: Value = serde_json::from_str(printed.json.lines().last().unwrap()).unwrap();
        let mut wanted = object;
        json_patch::merge(&mut wanted, &patch);
        prop_assert_eq!(found.get("spec"), wanted.get("spec"));
    }
}
