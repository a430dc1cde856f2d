//! Guards: annotations that hold Argo CD and Flux back from deleting what cannot be made again.
//!
//! A Cluster and its worker pools wait for a confirmation. What the Cluster refers to, and the
//! namespace, are never deleted by a `GitOps` controller: Cluster API removes them in its own order,
//! and a namespace that goes first takes the credentials along.

use std::rc::Rc;

use super::rotate::is_rotated;
use crate::input::safety::Safety;
use crate::model::{CAPI, Deletion};
use crate::plan::{Object, Plan, group_of};
use crate::source::Spanned;
use crate::tree::{Entry, Node, Part, Scalar, Text, Value};

pub(super) const SYNC_OPTIONS: &str = "argocd.argoproj.io/sync-options";
pub(super) const COMPARE_OPTIONS: &str = "argocd.argoproj.io/compare-options";
pub(super) const FLUX_PRUNE: &str = "kustomize.toolkit.fluxcd.io/prune";

/// An option for Argo CD's sync, and one for its comparison.
type Guard = (&'static str, Option<&'static str>);

const CONFIRM: Guard = ("Prune=confirm,Delete=confirm", None);
const KEEP: Guard = ("Prune=false,Delete=false", Some("IgnoreExtraneous"));
/// For what a newer object takes the place of: it goes with its cluster, and not before.
const OUTLIVE: Guard = ("Prune=false", Some("IgnoreExtraneous"));

/// Puts the guards on every object that needs one.
pub(crate) fn guard(plan: &mut Plan, safety: &Safety) {
    let clusters = match safety.deletion {
        Deletion::Allow => None,
        Deletion::Confirm => Some(CONFIRM),
        Deletion::Forbid => Some(KEEP),
    };
    let objects = plan.templates.iter().flat_map(|template| &template.objects);
    let referred: Vec<(Rc<str>, Rc<str>)> = objects
        .filter(|object| object.is_cluster())
        .flat_map(|cluster| references(&cluster.tree))
        .collect();
    let is_kept = |object: &Object| {
        object.is("", "Namespace")
            || is_rotated(object)
            || referred.iter().any(|(group, kind)| object.is(group, kind))
    };
    let templates = plan
        .templates
        .iter_mut()
        .chain(std::iter::once(&mut plan.namespace))
        .chain(&mut plan.delivered);
    for object in templates.flat_map(|template| &mut template.objects) {
        match clusters {
            None if is_rotated(object) => annotate(object, OUTLIVE),
            Some(_) if is_kept(object) => annotate(object, KEEP),
            Some(guard) if is_guarded(object, &safety.protect) => annotate(object, guard),
            _ => {}
        }
    }
}

/// Clusters, worker pools, and the kinds that the platform names.
fn is_guarded(object: &Object, protect: &[Spanned<String>]) -> bool {
    ["Cluster", "MachineDeployment", "MachinePool"]
        .iter()
        .any(|kind| object.is(CAPI, kind))
        || protect
            .iter()
            .any(|kind| kind.value == object.qualified_kind())
}

/// The group and kind of all that a Cluster refers to. Names are not compared: a variable may hide
/// that two are the same, and a guard too many costs less than one too few.
fn references(cluster: &Node) -> Vec<(Rc<str>, Rc<str>)> {
    let mut found = Vec::new();
    for spec in cluster.get("spec").into_iter().flat_map(Node::outcomes) {
        for key in ["controlPlaneRef", "infrastructureRef"] {
            let all = spec.get(key).into_iter().flat_map(Node::outcomes);
            found.extend(all.flat_map(identities));
        }
        if spec.get("topology").is_some() {
            found.push((CAPI.into(), "ClusterClass".into()));
        }
    }
    found
}

/// Returns the groups and kinds that a reference can name.
fn identities(reference: &Node) -> Vec<(Rc<str>, Rc<str>)> {
    let texts = |key: &str| {
        let outcomes = reference.get(key).into_iter().flat_map(Node::outcomes);
        outcomes.filter_map(Node::text)
    };
    let versions = texts("apiVersion").filter(|_| reference.get("apiGroup").is_none());
    let groups = texts("apiGroup").chain(versions.map(group_of));
    groups
        .flat_map(|group| texts("kind").map(move |kind| (group.into(), kind.into())))
        .collect()
}

fn annotate(object: &mut Object, (prune, compare): Guard) {
    let span = object.span;
    let Some(metadata) = object.tree.get("metadata") else {
        return;
    };
    let annotations = metadata.get("annotations").and_then(Node::entries);
    let mut annotations = annotations.unwrap_or_default().to_vec();
    let options = annotations.iter().find(|entry| is_key(entry, SYNC_OPTIONS));
    let decides = |entry: &Entry| says(&entry.value, "Prune=") || says(&entry.value, "Delete=");
    if options.is_some_and(decides) {
        return;
    }
    add(&mut annotations, SYNC_OPTIONS, prune, object);
    if let Some(compare) = compare {
        add(&mut annotations, COMPARE_OPTIONS, compare, object);
    }
    if !annotations.iter().any(|entry| is_key(entry, FLUX_PRUNE)) {
        annotations.push(Entry::new(FLUX_PRUNE, Node::string(span, "disabled")));
    }
    let metadata = with_annotations(metadata, Node::mapping(span, annotations));
    object.tree = object.tree.with("metadata", metadata);
}

fn is_key(entry: &Entry, key: &str) -> bool {
    entry.key.text.literal() == Some(key)
}

/// Whether a text, or what is final of it, holds a word.
fn says(node: &Node, word: &str) -> bool {
    match node.as_scalar().map(|scalar| &scalar.text) {
        Some(Text::Literal(text)) => text.contains(word),
        Some(Text::Parts(parts)) => parts
            .iter()
            .any(|part| matches!(part, Part::Literal(text) if text.contains(word))),
        None => false,
    }
}

/// Adds an option to an annotation that is a list of options.
fn add(annotations: &mut Vec<Entry>, key: &str, option: &str, object: &Object) {
    let Some(entry) = annotations.iter_mut().find(|entry| is_key(entry, key)) else {
        annotations.push(Entry::new(key, Node::string(object.span, option)));
        return;
    };
    let (false, Value::Scalar(scalar)) = (says(&entry.value, option), &entry.value.value) else {
        return;
    };
    let text = match &scalar.text {
        Text::Literal(text) if text.trim().is_empty() => Text::Literal(option.into()),
        text => {
            let added = Part::Literal(format!(",{option}").into());
            Text::joined(text.parts().into_iter().chain([added]))
        }
    };
    entry.value.value = Value::Scalar(Scalar {
        text,
        ..scalar.clone()
    });
}

/// Returns `metadata` with its annotations: where they were, or behind its name, namespace and labels.
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
