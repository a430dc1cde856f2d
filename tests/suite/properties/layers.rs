//! Changes to objects in order, and the results of the library `json-patch`.

use proptest::prelude::*;
use proptest::sample::Index;
use serde_json::{Value, json};

const KEYS: [&str; 5] = ["a", "b", "c", "d", "e"];
/// Number of clusters.
pub(crate) const CLUSTERS: usize = 3;

pub(crate) fn trees(with_nulls: bool) -> impl Strategy<Value = Value> {
    let null = if with_nulls { 2 } else { 0 };
    let leaf = prop_oneof![
        3 => (0..100_i64).prop_map(|number| json!(number)),
        3 => "[a-z]{1,4}".prop_map(Value::String),
        1 => any::<bool>().prop_map(|value| json!(value)),
        null => Just(Value::Null),
    ];
    leaf.prop_recursive(4, 40, 5, |inner| {
        let keys = proptest::sample::select(&KEYS[..]);
        prop_oneof![
            1 => proptest::collection::vec(inner.clone(), 0..4).prop_map(Value::Array),
            3 => proptest::collection::btree_map(keys, inner, 0..5).prop_map(|entries| {
                entries.into_iter().map(|(key, value)| (key.to_owned(), value)).collect()
            }),
        ]
    })
}

/// An operation of a JSON Patch at a location that exists when it is applied.
#[derive(Clone, Debug)]
pub(crate) enum Step {
    Add(Index, &'static str, Value),
    Remove(Index),
    Replace(Index, Value),
    Move(Index, Index, &'static str),
    Copy(Index, Index, &'static str),
    /// A test that succeeds unless it is deliberately wrong.
    Test(Index, bool),
}

#[derive(Clone, Debug)]
pub(crate) enum Change {
    Merge(Value),
    Json(Vec<Step>),
}

/// A change, and the clusters that it applies to; there is at least one.
pub(crate) type Layer = (Change, [bool; CLUSTERS]);

fn steps() -> impl Strategy<Value = Step> {
    let key = || proptest::sample::select(&KEYS[..]);
    let at = any::<Index>;
    prop_oneof![
        3 => (at(), key(), trees(true)).prop_map(|(at, key, value)| Step::Add(at, key, value)),
        2 => at().prop_map(Step::Remove),
        2 => (at(), trees(true)).prop_map(|(at, value)| Step::Replace(at, value)),
        2 => (at(), at(), key()).prop_map(|(from, to, key)| Step::Move(from, to, key)),
        2 => (at(), at(), key()).prop_map(|(from, to, key)| Step::Copy(from, to, key)),
        2 => (at(), proptest::bool::weighted(0.05)).prop_map(|(at, wrong)| Step::Test(at, wrong)),
    ]
}

pub(crate) fn layers() -> impl Strategy<Value = Vec<Layer>> {
    let json = proptest::collection::vec(steps(), 1..4).prop_map(Change::Json);
    let change = prop_oneof![trees(true).prop_map(Change::Merge), json];
    let some = any::<[bool; CLUSTERS]>().prop_filter("a selector", |some| some.contains(&true));
    let clusters = prop_oneof![1 => Just([true; CLUSTERS]), 1 => some];
    proptest::collection::vec((change, clusters), 1..5)
}

/// Collects every location below a pointer, beginning with the pointer.
fn places(value: &Value, here: &str, found: &mut Vec<String>) {
    found.push(here.to_owned());
    match value {
        Value::Array(items) => {
            for (at, item) in items.iter().enumerate() {
                places(item, &format!("{here}/{at}"), found);
            }
        }
        Value::Object(entries) => {
            for (key, value) in entries {
                places(value, &format!("{here}/{key}"), found);
            }
        }
        _ => {}
    }
}

impl Step {
    /// Returns the operation for the current object.
    fn written(&self, object: &Value) -> Value {
        let mut all = Vec::new();
        places(&object["spec"], "/spec", &mut all);
        let is_open = |place: &&String| {
            let value = object.pointer(place);
            value.is_some_and(|value| value.is_object() || value.is_array())
        };
        let open: Vec<&String> = all.iter().filter(is_open).collect();
        let any = |at: &Index| all[at.index(all.len())].clone();
        // The spec itself is never removed, so that the other steps have a location.
        let inner = |at: &Index| all[at.index(all.len()).max(1).min(all.len() - 1)].clone();
        let target = |at: &Index, key: &str| {
            let Some(place) = open.get(at.index(open.len().max(1))) else {
                return "/spec".to_owned();
            };
            let is_list = object.pointer(place).is_some_and(Value::is_array);
            format!("{place}/{}", if is_list { "-" } else { key })
        };
        match self {
            Self::Add(at, key, value) => {
                json!({"op": "add", "path": target(at, key), "value": value})
            }
            Self::Remove(at) => json!({"op": "remove", "path": inner(at)}),
            Self::Replace(at, value) => json!({"op": "replace", "path": any(at), "value": value}),
            Self::Move(from, to, key) => {
                json!({"op": "move", "from": inner(from), "path": target(to, key)})
            }
            Self::Copy(from, to, key) => {
                json!({"op": "copy", "from": any(from), "path": target(to, key)})
            }
            Self::Test(at, is_wrong) => {
                let value = object.pointer(&any(at)).filter(|_| !is_wrong);
                json!({"op": "test", "path": any(at), "value": value.unwrap_or(&json!("wrong"))})
            }
        }
    }
}

impl Change {
    /// Returns the change as in a patch, and applies it to the object.
    pub(crate) fn written(&self, object: &mut Value) -> Value {
        match self {
            Self::Merge(change) => {
                let change = json!({"merge": {"spec": change}});
                apply(object, &change);
                change
            }
            Self::Json(steps) => {
                let step = |step: &Step| {
                    let operation = step.written(object);
                    apply(object, &json!({"json": [operation.clone()]}));
                    operation
                };
                let operations: Vec<Value> = steps.iter().map(step).collect();
                json!({"json": operations})
            }
        }
    }
}

/// Applies a patch to an object with the library. Returns `None` if it fails.
pub(crate) fn apply(object: &mut Value, change: &Value) -> Option<()> {
    if let Some(change) = change.get("merge") {
        json_patch::merge(object, change);
        return Some(());
    }
    let operations: json_patch::Patch = serde_json::from_value(change["json"].clone()).ok()?;
    // The operations are applied one at a time, because the library cannot undo several.
    let mut patched = object.clone();
    for operation in operations.0 {
        json_patch::patch(&mut patched, &[operation]).ok()?;
    }
    *object = patched;
    Some(())
}
