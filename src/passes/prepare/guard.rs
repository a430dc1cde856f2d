//! Guards: annotations that prevent Argo CD and Flux from deleting objects that cannot be recreated.
//!
//! Clusters require a confirmation. `GitOps` controllers never delete worker pools, the Namespace, or what these
//! objects need: Cluster API deletes infrastructure in its own order, and cannot do so without its credentials. Nor
//! do they withdraw add-ons from a cluster that is kept.

mod closure;
mod mentions;
mod names;
mod values;

use std::collections::BTreeSet;
use std::rc::Rc;

use super::owned::is_owned;
use super::rotate::is_rotated;
use crate::input::safety::Safety;
use crate::model::{CAPI, Deletion, OnRemove};
use crate::passes::registration::contains_cluster_secret;
use crate::plan::{Creator, Object, Plan, Template};
use crate::source::Spanned;
use crate::tree::{Entry, Node, Part, Scalar, Text, Value};
use closure::needed;

pub(super) const SYNC_OPTIONS: &str = "argocd.argoproj.io/sync-options";
pub(super) const COMPARE_OPTIONS: &str = "argocd.argoproj.io/compare-options";
pub(super) const FLUX_PRUNE: &str = "kustomize.toolkit.fluxcd.io/prune";

/// The annotations that prevent the deletion of an object, in addition to that of Flux.
#[derive(Clone, Copy)]
struct Guard {
    /// An option for the sync of Argo CD.
    sync: Option<&'static str>,
    /// An option for the comparison of Argo CD.
    compare: Option<&'static str>,
}

const CONFIRM: Guard = Guard {
    sync: Some("Prune=confirm,Delete=confirm"),
    compare: None,
};
/// Guard of an object that Cluster API owns: Argo CD neither prunes it nor waits for a confirmation. Until the owner is
/// set, this guard has the same effect.
const OWNED: Guard = Guard {
    sync: Some("Prune=false,Delete=false"),
    compare: None,
};
const KEEP: Guard = Guard {
    sync: Some("Prune=false,Delete=false"),
    compare: Some("IgnoreExtraneous"),
};
/// Guard of a replaced rotated object: it is deleted with its cluster, and not before.
const KEEP_UNTIL_CLUSTER_DELETED: Guard = Guard {
    sync: Some("Prune=false"),
    compare: Some("IgnoreExtraneous"),
};
/// Guard of an add-on with `confirm`. Argo CD prunes nothing of a wave until a person confirms (gitops-engine of
/// Argo CD 3.5, `pkg/sync/sync_context.go`, `runTasks`). Flux skips each object with its annotation (kustomize-controller,
/// `kustomization_controller.go`, `deleteObjects`): it keeps the Cluster without a question, so it must not withdraw the
/// add-on. Deleting a `HelmChartProxy` deletes its releases (CAAPH 0.6.4, `helmchartproxy_controller.go`, `reconcileDelete`).
const KEEP_WITH_FLUX: Guard = Guard {
    sync: None,
    compare: None,
};

/// Adds guards to every object that needs one.
pub(crate) fn add_guards(plan: &mut Plan, safety: &Safety) {
    let (clusters, addons) = match safety.deletion {
        Deletion::Allow => (None, None),
        Deletion::Confirm => (Some(CONFIRM), Some(KEEP_WITH_FLUX)),
        Deletion::Forbid => (Some(KEEP), Some(KEEP)),
    };
    let withdrawn = withdrawn_with_addons(plan);
    let is_rooted = |object: &Object| is_rotated(object) || is_guarded(object, &safety.protect);
    let needed = if clusters.is_none() {
        Vec::new()
    } else {
        let templates = plan.templates.iter().chain(&plan.delivered);
        let objects = templates
            .flat_map(|template| template.objects.iter().map(move |object| (template, object)));
        let objects: Vec<(&Template, &Object)> = objects.collect();
        let numbered = objects.iter().enumerate();
        let roots = numbered.filter(|(_, (_, object))| is_rooted(object));
        let roots = roots.map(|(index, _)| index).collect();
        needed(plan, &objects, roots)
    };
    let mut needed = needed.into_iter();
    for template in plan.templates.iter_mut().chain(&mut plan.delivered) {
        let is_of_addon = is_withdrawn(&template.creator, &withdrawn);
        for object in &mut template.objects {
            let is_needed = needed.next().unwrap_or_default();
            let is_addon = is_of_addon
                || safety.deletion == Deletion::Forbid
                    && contains_cluster_secret(&object.tree, false);
            let is_confirmed = safety.deletion == Deletion::Confirm;
            let clusters = clusters.map(|guard| match guard {
                _ if is_confirmed && is_owned(object) => OWNED,
                guard => guard,
            });
            match clusters {
                None if is_rotated(object) => annotate(object, KEEP_UNTIL_CLUSTER_DELETED),
                Some(guard) if is_cluster_or_pool(object) => annotate(object, guard),
                Some(_) if is_needed || is_rotated(object) || object.is("", "Namespace") => {
                    annotate(object, KEEP);
                }
                Some(guard) if is_guarded(object, &safety.protect) => annotate(object, guard),
                Some(_) if is_addon => annotate(object, addons.unwrap_or(KEEP_WITH_FLUX)),
                _ => {}
            }
        }
    }
    for object in &mut plan.namespace.objects {
        if clusters.is_some() {
            annotate(object, KEEP);
        }
    }
}

/// Returns the names of the add-ons whose software is uninstalled when their objects are deleted.
fn withdrawn_with_addons(plan: &Plan) -> BTreeSet<Rc<str>> {
    let addons = plan.addons.iter();
    let withdrawn = addons.filter(|addon| addon.written.on_remove() == OnRemove::Uninstall);
    withdrawn
        .map(|addon| Rc::clone(&addon.written.name.value))
        .collect()
}

/// Returns `true` if the deletion of the objects of a creator uninstalls software.
fn is_withdrawn(creator: &Creator, withdrawn: &BTreeSet<Rc<str>>) -> bool {
    match creator {
        Creator::AddOn(name) => withdrawn.contains(name),
        Creator::Profiles => true,
        Creator::Namespace | Creator::Template(_) => false,
    }
}

/// Returns `true` for Clusters, worker pools and the kinds in `safety.protect`.
pub(crate) fn is_guarded(object: &Object, protect: &[Spanned<String>]) -> bool {
    let mut protect = protect.iter();
    is_cluster_or_pool(object) || protect.any(|kind| kind.value == object.qualified_kind())
}

fn is_cluster_or_pool(object: &Object) -> bool {
    let mut kinds = ["Cluster", "MachineDeployment", "MachinePool"].iter();
    kinds.any(|kind| object.is(CAPI, kind))
}

fn annotate(object: &mut Object, guard: Guard) {
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
    for (key, option) in [(SYNC_OPTIONS, guard.sync), (COMPARE_OPTIONS, guard.compare)] {
        if let Some(option) = option {
            add_option(&mut annotations, key, option, object);
        }
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
