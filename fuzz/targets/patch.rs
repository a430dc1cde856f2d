//! Any patch of any template. Patching and then rendering must equal rendering and then patching with the
//! library; otherwise the patch must be an error.

#![no_main]

mod fleet;
mod operation;
mod tree;
mod written;

use std::collections::BTreeSet;

use fleet::Fleet;
use kubectl_fleet::diagnostic::Code;
use libfuzzer_sys::arbitrary::{self, Arbitrary};
use libfuzzer_sys::fuzz_target;
use operation::{Operation, Written};
use serde_json::{Value, json};
use tree::{Key, Tree, VARIABLES, variables};
use written::sequence;

type Values = [Tree; VARIABLES];

#[derive(Debug, Arbitrary)]
struct Input {
    values: Values,
    spec: Tree,
    change: Change,
}

#[derive(Debug, Arbitrary)]
enum Change {
    Merge(Tree),
    /// A sequence of operations, repeated.
    Json(Vec<Operation>, u8),
}

/// Maximum number of operations: each can nest a value one tree deeper, and `serde_json`
/// parses a hundred levels.
const OPERATIONS: usize = 22;
/// Maximum number of nodes of a patched object.
const NODES: usize = 200_000;

fuzz_target!(|input: Input| {
    let spec = input.spec.pruned();
    match &input.change {
        Change::Merge(patch) => merge(&input.values, &spec, &patch.pruned()),
        Change::Json(operations, times) => {
            let mut places = Vec::new();
            spec.places("/spec", &mut places);
            let written = operations
                .iter()
                .map(|operation| operation.written(&places));
            let written: Vec<Written> = written.take(OPERATIONS).collect();
            let times = usize::from(*times) % (OPERATIONS / written.len().max(1)) + 1;
            let is_refused = written.first().is_some_and(|first| {
                let mut tested = places.iter().filter(|(place, _)| *place == first.path);
                first.name == "test" && tested.any(|(_, tree)| tree.has_variable())
            });
            let is_done = json(&input.values, &spec, &written, times);
            assert!(!is_done || !is_refused, "a variable is tested");
        }
    }
});

fn merge(values: &Values, spec: &Tree, patch: &Tree) {
    let change = format!("merge: {{spec: {}}}", patch.written());
    let Some(Compiled {
        before,
        filled,
        after,
    }) = compiled(values, spec, &[patch], &change)
    else {
        return;
    };
    let is_refused = hangs(spec, patch);
    let is_open = !is_known(Some(spec), patch, &filled[0]);
    match after {
        Ok(after) => {
            assert!(!is_refused);
            if !is_open {
                let mut wanted = before;
                json_patch::merge(&mut wanted, &json!({"spec": filled[0]}));
                assert_eq!(after.get("spec"), wanted.get("spec"));
            }
        }
        Err(codes) => {
            if codes.contains(&Code::PatchFailed) {
                assert!(is_refused || is_open);
            } else {
                assert!(!is_refused, "{codes:?}");
            }
            let is_literal = !spec.has_variable() && !patch.has_variable();
            assert!(!is_literal || codes == BTreeSet::from([Code::ObjectTooLarge]));
        }
    }
}

/// Returns `true` if a patch changes a part of a variable, or deletes a key that a variable might contain.
fn hangs(target: &Tree, patch: &Tree) -> bool {
    let Tree::Map(changes) = patch else {
        return false;
    };
    let entries = match target {
        Tree::Variable(..) => return true,
        Tree::Map(entries) => entries.as_slice(),
        _ => &[],
    };
    // After merging, the target contains the merge keys of the patch.
    let mut has_spread = entries.iter().any(|(key, _)| key.is_spread());
    changes.iter().any(|(key, change)| {
        has_spread |= key.is_spread();
        let below = entries.iter().find(|(other, _)| key.is_same(other));
        match (below, change) {
            _ if key.is_spread() => false,
            (Some((_, value)), _) => hangs(value, change),
            (None, Tree::Nothing) => has_spread,
            (None, _) => hangs(&Tree::Map(Vec::new()), change),
        }
    })
}

/// Returns `true` if a merge patch must have the same effect on a template as its rendered form on the
/// rendered template: no value of a variable is at a location that the patch changes or deletes.
fn is_known(target: Option<&Tree>, patch: &Tree, filled: &Value) -> bool {
    let changes = match patch {
        // A mapping would be merged, and a null would delete.
        Tree::Variable(..) => return !filled.is_object() && !filled.is_null(),
        Tree::Map(changes) => changes,
        _ => return true,
    };
    let entries = match target {
        Some(Tree::Map(entries)) => entries.as_slice(),
        _ => &[],
    };
    let has_spread = entries.iter().any(|(key, _)| key.is_spread());
    let filled = filled.as_object().expect("a mapping is filled to one");
    changes.len() == filled.len()
        && changes
            .iter()
            .zip(filled.values())
            .all(|((key, change), filled)| {
                let below = entries.iter().find(|(other, _)| key.is_same(other));
                let is_open = match change {
                    Tree::Nothing => has_spread || key.known().is_none(),
                    Tree::Map(_) => has_spread && below.is_none(),
                    _ => false,
                };
                !key.is_spread()
                    && !is_open
                    && is_known(below.map(|(_, value)| value), change, filled)
            })
}

/// Applies a JSON Patch with the library.
enum Wanted {
    Done(Value),
    Failed,
    TooLarge,
}

/// Compares the effects of a JSON Patch, and returns `true` if it is applied.
fn json(values: &Values, spec: &Tree, operations: &[Written], times: usize) -> bool {
    let all: Vec<&Written> = operations
        .iter()
        .cycle()
        .take(operations.len() * times)
        .collect();
    let trees: Vec<&Tree> = operations
        .iter()
        .filter_map(|one| one.value.as_ref())
        .collect();
    let change = format!("json: {}", sequence(all.iter().map(|one| one.yaml())));
    let Some(Compiled {
        before,
        filled,
        after,
    }) = compiled(values, spec, &trees, &change)
    else {
        return false;
    };
    let mut filled = filled.iter().cycle();
    let mut wanted = Wanted::Done(before);
    for operation in all {
        let value = match operation.value {
            Some(_) => filled.next().expect("a value of each"),
            None => &Value::Null,
        };
        if let Wanted::Done(object) = &mut wanted {
            match json_patch::patch(object, &[operation.json(value)]) {
                Err(_) => wanted = Wanted::Failed,
                Ok(()) if nodes(object) > NODES => wanted = Wanted::TooLarge,
                Ok(()) => {}
            }
        }
    }
    let is_literal = !spec.has_variable() && !trees.iter().any(|tree| tree.has_variable());
    // A merged mapping might contain the key that is removed next to it.
    let has_spread = |tree: &Tree| tree.any(|_| false, Key::is_spread);
    let is_taken = operations
        .iter()
        .any(|one| matches!(one.name, "remove" | "move"));
    let is_open = is_taken && (has_spread(spec) || trees.iter().any(|tree| has_spread(tree)));
    let is_done = after.is_ok();
    match (after, wanted) {
        (Ok(_), _) if is_open => {}
        (Ok(after), Wanted::Done(wanted)) => assert_eq!(after.get("spec"), wanted.get("spec")),
        (Ok(_), Wanted::Failed) => panic!("an operation fails"),
        // A variable is one node, regardless of its value.
        (Ok(_), Wanted::TooLarge) => assert!(!is_literal),
        (Err(codes), wanted) if is_literal => {
            let expected = match wanted {
                Wanted::Done(_) => Code::ObjectTooLarge,
                Wanted::Failed => Code::PatchFailed,
                Wanted::TooLarge => Code::PatchTooLarge,
            };
            assert_eq!(codes, BTreeSet::from([expected]));
        }
        (Err(_), _) => {}
    }
    is_done
}

fn nodes(value: &Value) -> usize {
    1 + match value {
        Value::Array(items) => items.iter().map(nodes).sum(),
        Value::Object(entries) => entries.values().map(nodes).sum(),
        _ => 0,
    }
}

/// The rendered object without the patch, the rendered values of the patch, and the patched object.
struct Compiled {
    before: Value,
    filled: Vec<Value>,
    after: Result<Value, BTreeSet<Code>>,
}

/// Compiles a template with and without a patch; returns `None` if rendering fails without the patch.
fn compiled(values: &Values, spec: &Tree, trees: &[&Tree], change: &str) -> Option<Compiled> {
    let fleet = |templates: &str| {
        format!(
            "{{apiVersion: kubectl-fleet.io/v1alpha1, kind: Fleet, clusters: [{{list: list.yaml, variables: {}}}], templates: [{templates}]}}",
            variables(values)
        )
    };
    let object = |kind: &str, key: &str, value: &str| {
        format!(
            "{{apiVersion: example.org/v1, kind: {kind}, metadata: {{name: x}}, {key}: {value}}}"
        )
    };
    let trees = sequence(trees.iter().map(|tree| tree.written()));
    let unpatched = "{file: before.yaml}, {file: values.yaml}";
    let patched = format!(
        "{unpatched}, {{file: after.yaml, patches: [{{name: p, target: {{kind: After}}, {change}}}]}}"
    );
    let compile = |templates: &str| {
        let files = [
            ("fleet.yaml", fleet(templates)),
            ("list.yaml", "a: {}".to_owned()),
            ("before.yaml", object("Before", "spec", &spec.written())),
            ("after.yaml", object("After", "spec", &spec.written())),
            ("values.yaml", object("Values", "values", &trees)),
        ];
        let files = files.map(|(path, text)| (path.to_owned(), text.into_bytes()));
        Fleet {
            files: files.to_vec(),
        }
        .compile(|_, _| {})
    };
    let take = |objects: Vec<Value>, kind: &str| {
        objects
            .into_iter()
            .find(|object| object["kind"] == kind)
            .expect("an object of each template")
    };
    let (objects, after) = match compile(&patched) {
        Ok(objects) => (objects.clone(), Ok(take(objects, "After"))),
        Err(codes) => (compile(unpatched).ok()?, Err(codes)),
    };
    let mut before = take(objects.clone(), "Before");
    // The limit counts the nodes of the template, before rendering.
    before["metadata"]
        .as_object_mut()?
        .retain(|key, _| key == "name");
    let filled = take(objects, "Values")["values"].as_array()?.clone();
    Some(Compiled {
        before,
        filled,
        after,
    })
}
