//! Guards against deletion: the rows about their annotations, and their effect on removed objects.

use super::conditions::{CONFIRMED_ALWAYS, ENABLED, FORCES, IS_CLUSTER, IS_SET, NO_LONGER_KEEP};
use super::effect::Consequence::{Creates, Destroys, InPlace, KeepsRunning, Reselects};
use super::effect::Consequence::{Remains, Unguards, Uninstalls, Unknown, WaitsForConfirmation};
use super::row::{Only, Row, added, field, moved, removed};
use super::seen::{Seen, annotation_contains};
use crate::plan::Object;
use crate::tree::Node;

const SYNC_OPTIONS: &str = "argocd.argoproj.io/sync-options";
const FLUX_PRUNE: &str = "kustomize.toolkit.fluxcd.io/prune";

const ARGO: &str = "Argo CD 3.5.7, gitops-engine, pkg/sync/sync_context.go";
const ARGO_OWNED: &str = "Argo CD 3.5.7, gitops-engine, pkg/cache/cluster.go";
const FLUX: &str = "kustomize-controller 1.10.1, internal/controller/kustomization_controller.go";
const KUBERNETES: &str = "Kubernetes 1.36.3, pkg/apis/core/validation/validation.go";

/// What Argo CD and Flux do with a removed object.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Level {
    Deletes,
    Confirms,
    Keeps,
}

/// Returns what Argo CD and Flux do when an object is removed from the output.
pub(super) fn levels(object: &Object, is_owned: bool) -> [Level; 2] {
    let has = |option| annotation_contains(object, SYNC_OPTIONS, option);
    let argo = if is_owned || has("Prune=false") {
        Level::Keeps
    } else if has("Prune=confirm") {
        Level::Confirms
    } else {
        Level::Deletes
    };
    let is_disabled = annotation_contains(object, FLUX_PRUNE, "disabled");
    [
        argo,
        if is_disabled {
            Level::Keeps
        } else {
            Level::Deletes
        },
    ]
}

/// Rows about the annotations of guards, which apply to every kind.
#[rustfmt::skip]
pub(super) const ANNOTATIONS: &[Row] = &[
    field("metadata annotations argocd.argoproj.io/sync-options", &[Unguards], "Argo CD deletes the object with fewer questions than before.", ARGO).only(WEAKER_SYNC),
    field("metadata annotations argocd.argoproj.io/sync-options", &[Destroys], "Argo CD replaces the object instead of changing it: it can delete and create it.", ARGO).only(FORCES),
    field("metadata annotations argocd.argoproj.io/sync-options", &[InPlace], "Argo CD syncs the object with other options.", ARGO),
    field("metadata annotations kustomize.toolkit.fluxcd.io/prune", &[Unguards], "Flux deletes the object when it is removed from the output.", FLUX).only(WEAKER_PRUNE),
    field("metadata annotations kustomize.toolkit.fluxcd.io/prune", &[InPlace], "Flux keeps the object when it is removed from the output.", FLUX),
    field("metadata annotations argocd.argoproj.io/hook", &[Destroys], "The object becomes a hook: Argo CD no longer keeps it in sync, and can delete and create it with each sync.", ARGO).only(IS_SET),
    field("metadata annotations argocd.argoproj.io/hook-delete-policy", &[Destroys], "Argo CD deletes the hook by another rule.", ARGO).only(IS_SET),
    field("metadata annotations helm.sh/hook", &[Destroys], "The object becomes a hook: Argo CD no longer keeps it in sync, and can delete and create it with each sync.", ARGO).only(IS_SET),
    field("metadata annotations helm.sh/hook-delete-policy", &[Destroys], "Argo CD deletes the hook by another rule.", ARGO).only(IS_SET),
    field("metadata annotations helm.sh/resource-policy", &[Unguards], "From now on, Argo CD and Helm can delete the object.", ARGO).only(NO_LONGER_KEEP),
    field("metadata annotations kustomize.toolkit.fluxcd.io/force", &[Unguards], "From now on, Flux deletes and creates the object if the API server rejects a change.", FLUX).only(ENABLED),
    field("metadata annotations kubectl-fleet.io/confirm-deletion", &[Unguards], "The policy of the management cluster treats the deletion as confirmed.", "kubectl fleet argocd install -o policy").only(CONFIRMED_ALWAYS),
    field("metadata labels kubectl-fleet.io/cluster", &[Unguards, Reselects], "The policy of the management cluster protects only Clusters with this label, and add-ons select the cluster by it.", "kubectl fleet argocd install -o policy").only(IS_CLUSTER),
];

/// Rows about the metadata of every kind, after the rows of the kind.
#[rustfmt::skip]
pub(super) const METADATA: &[Row] = &[
    field("metadata labels", &[InPlace], "Labels are changed in place.", KUBERNETES),
    field("metadata annotations", &[InPlace], "Annotations are changed in place.", KUBERNETES),
    field("metadata finalizers", &[InPlace], "A finalizer delays the deletion until a controller has cleaned up.", KUBERNETES),
    field("metadata", &[InPlace], "Metadata is changed in place.", KUBERNETES),
];

/// Rows of objects that Argo CD or Flux keep when they are removed from the output.
#[rustfmt::skip]
pub(super) static KEPT_ROWS: &[&Row] = &[&KEPT_RUNNING, &OWNED_RUNNING, &KEPT, &KEPT_BY_ARGO, &KEPT_BY_FLUX, &CONFIRMED, &CONFIRMED_BY_ARGO];
/// Rows of everything that has no other row.
#[rustfmt::skip]
pub(super) static OTHER: &[&Row] = &[&ADDED, &UNKNOWN_KIND, &UNKNOWN_REMOVED, &UNKNOWN_FIELD, &OTHER_VERSION, &SAME, &MOVED_DESTROYS, &MOVED_UNINSTALLS, &MOVED];

/// The row of an object that is added, for every kind.
#[rustfmt::skip]
pub(super) static ADDED: Row = added(&[Creates], "The object is created.", KUBERNETES);

/// The row of a kind that the table does not contain, if the object is changed.
#[rustfmt::skip]
pub(super) static UNKNOWN_KIND: Row = field("", &[Unknown], "The table of consequences does not contain this kind.", "none");
/// The row of a kind that the table does not contain, if the object is removed.
#[rustfmt::skip]
pub(super) static UNKNOWN_REMOVED: Row = removed(&[Destroys], "The object is deleted with everything that its controller created for it: the table of consequences does not contain this kind.", "none");
/// The row of a field that the table does not contain.
#[rustfmt::skip]
pub(super) static UNKNOWN_FIELD: Row = field("", &[Unknown], "The table of consequences does not contain this field of the kind.", "none");
/// The row of a changed `apiVersion`, whose fields can have other names.
#[rustfmt::skip]
pub(super) static OTHER_VERSION: Row = field("apiVersion", &[Unknown], "The API version changed, so fields can have other names: compare the object by hand.", "Kubernetes 1.36.3, staging/src/k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/types.go");

/// The row of an object whose values are equal: only their order or spelling differs.
#[rustfmt::skip]
pub(super) static SAME: Row = field("", &[InPlace], "Only the order or the spelling of the fields changes, which Kubernetes does not store.", KUBERNETES);

/// Moved to another cell: an object whose deletion destroys something.
#[rustfmt::skip]
pub(super) static MOVED_DESTROYS: Row = moved(&[Destroys], "The Application of the previous cell deletes the object, unless the Application of the new cell applies it before: follow the steps to move a cluster.", ARGO);
/// Moved to another cell: an object whose deletion uninstalls something.
#[rustfmt::skip]
pub(super) static MOVED_UNINSTALLS: Row = moved(&[Uninstalls], "The Application of the previous cell deletes the object, unless the Application of the new cell applies it before: follow the steps to move a cluster.", ARGO);
/// Moved to another cell: an object that is kept, or that runs nothing.
#[rustfmt::skip]
pub(super) static MOVED: Row = moved(&[InPlace], "The Application of the new cell applies the object from now on.", ARGO);

/// Removed, and both keep it: a machine or release.
#[rustfmt::skip]
pub(super) static KEPT_RUNNING: Row = removed(&[KeepsRunning], "Argo CD and Flux keep the object because of its guard, so what it runs continues: delete it with kubectl.", ARGO);
/// Removed, and both keep it: an object with an owner.
#[rustfmt::skip]
pub(super) static OWNED_RUNNING: Row = removed(&[KeepsRunning], "Argo CD prunes no object with an owner, and Flux keeps it because of its guard: it runs until its Cluster is deleted, or until you delete it with kubectl.", ARGO_OWNED);
/// Removed, and both keep it: an object that runs nothing.
#[rustfmt::skip]
pub(super) static KEPT: Row = removed(&[Remains], "Argo CD and Flux keep the object.", ARGO);
/// Removed, and only Argo CD keeps it.
#[rustfmt::skip]
pub(super) static KEPT_BY_ARGO: Row = removed(&[KeepsRunning], "Argo CD keeps the object because of its guard or its owner; Flux deletes it.", ARGO_OWNED);
/// Removed, and only Flux keeps it.
#[rustfmt::skip]
pub(super) static KEPT_BY_FLUX: Row = removed(&[KeepsRunning], "Flux keeps the object because of its guard; Argo CD deletes it.", FLUX);
/// Removed, and both need a person.
#[rustfmt::skip]
pub(super) static CONFIRMED: Row = removed(&[WaitsForConfirmation], "Argo CD deletes the object only after a confirmation; Flux keeps it until you delete it with kubectl.", ARGO);
/// Removed, and only Argo CD needs a person.
#[rustfmt::skip]
pub(super) static CONFIRMED_BY_ARGO: Row = removed(&[WaitsForConfirmation], "Argo CD deletes the object only after a confirmation; Flux deletes it at once.", ARGO);
const WEAKER_SYNC: Only = Only {
    text: "`Prune` or `Delete` becomes weaker: `false`, then `confirm`, then none",
    holds: |seen| {
        let is_weaker = |option: &str| {
            let level = |node: Option<&Node>| sync_level(node.and_then(Node::text), option);
            level(seen.head) < level(seen.base)
        };
        is_weaker("Prune=") || is_weaker("Delete=")
    },
};
const WEAKER_PRUNE: Only = Only {
    text: "it is no longer `disabled`",
    holds: |seen: &Seen<'_>| {
        let is_disabled = |node: Option<&Node>| node.and_then(Node::text) == Some("disabled");
        is_disabled(seen.base) && !is_disabled(seen.head)
    },
};

/// Returns the strength of an option of Argo CD.
fn sync_level(options: Option<&str>, option: &str) -> Level {
    let mut options = options.unwrap_or_default().split(',').map(str::trim);
    match options.find_map(|one| one.strip_prefix(option)) {
        Some("false") => Level::Keeps,
        Some("confirm") => Level::Confirms,
        _ => Level::Deletes,
    }
}
