//! The annotations with which Argo CD and Flux do not delete an object.

use crate::plan::Object;
use crate::tree::{Entry, Node, Part, Scalar, Text, Value};

pub(crate) const SYNC_OPTIONS: &str = "argocd.argoproj.io/sync-options";
pub(crate) const COMPARE_OPTIONS: &str = "argocd.argoproj.io/compare-options";
pub(crate) const FLUX_PRUNE: &str = "kustomize.toolkit.fluxcd.io/prune";

/// The annotations that prevent the deletion of an object, in addition to that of Flux.
#[derive(Clone, Copy)]
pub(super) struct Guard {
    /// Options for the sync of Argo CD: whether it prunes the object, and whether it deletes it with its Application.
    pub(super) sync: &'static [&'static str],
    /// An option for the comparison of Argo CD.
    pub(super) compare: Option<&'static str>,
}

/// Adds the annotations of a guard. What the object itself decides remains: each option, and the annotation of Flux.
pub(super) fn annotate(object: &mut Object, guard: Guard) {
    let span = object.span;
    let Some(metadata) = object.tree.get("metadata") else {
        return;
    };
    let annotations = metadata.get("annotations").and_then(Node::entries);
    let mut annotations = annotations.unwrap_or_default().to_vec();
    let own = own_options(object).cloned();
    let has = |option: &str| own.as_ref().is_some_and(|own| contains(own, option));
    let is_decided = |option: &&&str| option.split_inclusive('=').next().is_some_and(has);
    let sync = guard.sync.iter().filter(|option| !is_decided(option));
    let sync = sync.copied().collect::<Vec<_>>().join(",");
    // Argo CD syncs, and so prunes, only what it compares.
    let is_pruned = has("Prune=") && !has("Prune=false");
    let compare = guard.compare.filter(|_| !is_pruned).unwrap_or_default();
    for (key, option) in [(SYNC_OPTIONS, &*sync), (COMPARE_OPTIONS, compare)] {
        if !option.is_empty() {
            add_option(&mut annotations, key, option, object);
        }
    }
    if !annotations.iter().any(|entry| is_key(entry, FLUX_PRUNE)) {
        annotations.push(Entry::new(FLUX_PRUNE, Node::string(span, "disabled")));
    }
    let metadata = with_annotations(metadata, Node::mapping(span, annotations));
    object.tree = object.tree.with("metadata", metadata);
}

/// Returns `true` if the annotations of an object itself can prevent its deletion. `confirm` is `true` if a
/// confirmation is required anyway.
pub(super) fn protects_itself(object: &Object, confirm: bool) -> bool {
    let is_expression = |own: &Node| !own.is_literal();
    let is_kept = |own: &Node| {
        is_expression(own)
            || contains(own, "Prune=false")
            || !confirm && contains(own, "Prune=confirm")
    };
    let flux = object.annotations().and_then(|all| all.get(FLUX_PRUNE));
    let is_disabled = |own: &Node| !confirm && own.text().is_none_or(|own| own == "disabled");
    own_options(object).is_some_and(is_kept) || flux.is_some_and(is_disabled)
}

fn own_options(object: &Object) -> Option<&Node> {
    object.annotations()?.get(SYNC_OPTIONS)
}

fn is_key(entry: &Entry, key: &str) -> bool {
    entry.key.text.literal() == Some(key)
}

/// Returns `true` if a string, or a literal part of it, contains `needle`.
fn contains(node: &Node, needle: &str) -> bool {
    match node.as_scalar().map(|scalar| &scalar.text) {
        Some(Text::Literal(string)) => string.contains(needle),
        Some(Text::Parts(parts)) => parts
            .iter()
            .any(|part| matches!(part, Part::Literal(string) if string.contains(needle))),
        None => false,
    }
}

/// Adds an option to an annotation that contains options.
fn add_option(annotations: &mut Vec<Entry>, key: &str, option: &str, object: &Object) {
    let Some(entry) = annotations.iter_mut().find(|entry| is_key(entry, key)) else {
        annotations.push(Entry::new(key, Node::string(object.span, option)));
        return;
    };
    let (false, Value::Scalar(scalar)) = (contains(&entry.value, option), &entry.value.value)
    else {
        return;
    };
    let string = match &scalar.text {
        Text::Literal(string) if string.trim().is_empty() => Text::Literal(option.into()),
        string => {
            let added = Part::Literal(format!(",{option}").into());
            Text::joined(string.parts().into_iter().chain([added]))
        }
    };
    entry.value.value = Value::Scalar(Scalar {
        text: string,
        ..scalar.clone()
    });
}

/// Returns `metadata` with its annotations at their position, or after its name, namespace and labels.
fn with_annotations(metadata: &Node, annotations: Node) -> Node {
    if metadata.get("annotations").is_some() {
        return metadata.with("annotations", annotations);
    }
    let mut entries = metadata.entries().unwrap_or_default().to_vec();
    let is_before = |entry: &Entry| {
        let key = entry.key.text.literal();
        matches!(key, Some("name" | "namespace" | "labels"))
    };
    let before = entries.iter().rposition(is_before);
    let at = before.map_or(entries.len(), |at| at + 1);
    entries.insert(at, Entry::new("annotations", annotations));
    Node::mapping(metadata.span, entries)
}
