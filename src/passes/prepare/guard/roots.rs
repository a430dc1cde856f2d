//! Objects that have a guard whether or not another object refers to them.

use super::super::owned::is_owned;
use super::names::texts_at;
use crate::model::CAPI;
use crate::plan::Object;
use crate::source::Spanned;

/// Returns `true` for Clusters, objects that run their machines, and the kinds in `safety.protect`.
pub(crate) fn is_guarded(object: &Object, protect: &[Spanned<String>]) -> bool {
    let mut protect = protect.iter();
    runs_machines(object) || protect.any(|kind| kind.value == object.qualified_kind())
}

/// Returns `true` for Clusters, and for what belongs to one in Cluster API's own group, such as pools and Machines.
pub(super) fn runs_machines(object: &Object) -> bool {
    let names_cluster = || !texts_at(&object.tree, &["spec", "clusterName"]).is_empty();
    let is_part = || is_owned(object) || names_cluster();
    object.is_cluster() || *object.group == *CAPI && is_part()
}

/// Returns `true` if the deletion of an object deletes a cluster, unless another object owns it.
pub(super) fn is_cluster(object: &Object, protect: &[Spanned<String>]) -> bool {
    is_guarded(object, protect) && !is_owned(object)
}
