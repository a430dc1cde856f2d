//! Guards: annotations that prevent Argo CD and Flux from deleting objects that cannot be recreated.
//!
//! Clusters require a confirmation. `GitOps` controllers never delete worker pools, the namespace or objects that a
//! Cluster refers to: Cluster API deletes these in its own order, and an early deletion of the namespace would
//! also delete the credentials.

use std::rc::Rc;

use super::owned::is_owned;
use super::rotate::is_rotated;
use crate::input::safety::Safety;
use crate::model::{CAPI, Deletion};
use crate::plan::{Object, Plan, group_of};
use crate::source::Spanned;
use crate::tree::{Entry, Node, Part, Scalar, Text, Value};

pub(super) const SYNC_OPTIONS: &str = "argocd.argoproj.io/sync-options";
pub(super) const COMPARE_OPTIONS: &str = "argocd.argoproj.io/compare-options";
pub(super) const FLUX_PRUNE: &str = "kustomize.toolkit.fluxcd.io/prune";

/// An option for the sync of Argo CD, and one for its comparison.
type Guard = (&'static str, Option<&'static str>);

const CONFIRM: Guard = ("Prune=confirm,Delete=confirm", None);
/// Guard of an object that Cluster API owns: Argo CD neither prunes it nor waits for a confirmation. Until the owner is
/// set, this guard has the same effect.
const OWNED: Guard = ("Prune=false,Delete=false", None);
const KEEP: Guard = ("Prune=false,Delete=false", Some("IgnoreExtraneous"));
/// Guard of a replaced rotated object: it is deleted with its cluster, and not before.
const KEEP_UNTIL_CLUSTER_DELETED: Guard = ("Prune=false", Some("IgnoreExtraneous"));

/// Adds guards to every object that needs one.
pub(crate) fn add_guards(plan: &mut Plan, safety: &Safety) {
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
            None if is_rotated(object) => annotate(object, KEEP_UNTIL_CLUSTER_DELETED),
            Some(_) if is_kept(object) => annotate(object, KEEP),
            Some(CONFIRM) if is_owned(object) && is_guarded(object, &safety.protect) => {
                annotate(object, OWNED);
            }
            Some(guard) if is_guarded(object, &safety.protect) => annotate(object, guard),
            _ => {}
        }
    }
}

/// Returns `true` for Clusters, worker pools and the kinds in `safety.protect`.
fn is_guarded(object: &Object, protect: &[Spanned<String>]) -> bool {
    ["Cluster", "MachineDeployment", "MachinePool"]
        .iter()
        .any(|kind| object.is(CAPI, kind))
        || protect
            .iter()
            .any(|kind| kind.value == object.qualified_kind())
}

/// Returns the group and kind of every object that a Cluster refers to.
///
/// Names are not compared, because variables can hide that two names are equal: an unnecessary guard does less
/// damage than a missing one.
fn references(cluster: &Node) -> Vec<(Rc<str>, Rc<str>)> {
    let mut kinds = Vec::new();
    for spec in cluster.get("spec").into_iter().flat_map(Node::outcomes) {
        for key in ["controlPlaneRef", "infrastructureRef"] {
            let all = spec.get(key).into_iter().flat_map(Node::outcomes);
            kinds.extend(all.flat_map(identities));
        }
        if spec.get("topology").is_some() {
            kinds.push((CAPI.into(), "ClusterClass".into()));
        }
    }
    kinds
}

/// Returns the groups and kinds that a reference can name.
fn identities(reference: &Node) -> Vec<(Rc<str>, Rc<str>)> {
    let strings = |key: &str| {
        let outcomes = reference.get(key).into_iter().flat_map(Node::outcomes);
        outcomes.filter_map(Node::text)
    };
    let versions = strings("apiVersion").filter(|_| reference.get("apiGroup").is_none());
    let groups = strings("apiGroup").chain(versions.map(group_of));
    groups
        .flat_map(|group| strings("kind").map(move |kind| (group.into(), kind.into())))
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
    let decides =
        |entry: &Entry| contains(&entry.value, "Prune=") || contains(&entry.value, "Delete=");
    if options.is_some_and(decides) {
        return;
    }
    add_option(&mut annotations, SYNC_OPTIONS, prune, object);
    if let Some(compare) = compare {
        add_option(&mut annotations, COMPARE_OPTIONS, compare, object);
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
