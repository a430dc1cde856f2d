//! The variants of add-ons on clusters.

use std::rc::Rc;

use crate::model::Cluster;
use crate::plan::{AddOn, Variant, VariantName};

/// Returns the variant of an add-on that a cluster gets.
pub(super) fn variant(addon: &AddOn, cluster: usize) -> Option<&Variant> {
    let mut variants = addon.variants.iter();
    variants.find(|variant| variant.clusters.binary_search(&cluster).is_ok())
}

/// Returns the name of a variant on a cluster.
pub(super) fn name(variant: &Variant, cluster: &Cluster) -> Rc<str> {
    match &variant.name {
        VariantName::Shared(name) => Rc::clone(name),
        VariantName::Cluster => Rc::clone(cluster.name.as_rc()),
    }
}
