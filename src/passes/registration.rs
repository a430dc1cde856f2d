//! Warns about add-ons with `runtimeValues` whose clusters no template registers in Argo CD. The `ApplicationSet`
//! of such an add-on creates no Application, without an error, if no cluster Secret has the label of the cluster.

use std::collections::BTreeSet;

use crate::diagnostic::{Code, Diagnostic, Diagnostics, and_more};
use crate::model::cluster::{CLUSTER_LABEL, FLEET_LABEL};
use crate::plan::{AddOn, Plan};
use crate::tree::{Node, Value};

/// Label with which Argo CD finds cluster Secrets.
const SECRET_TYPE: &str = "argocd.argoproj.io/secret-type";

/// Warns about every such add-on, once for the hub and once for spokes.
pub fn warn_unregistered(plan: &Plan, diags: &mut Diagnostics) {
    let addons = plan.addons.iter().filter(|addon| {
        let lookups = addon.delivery.lookups.as_ref();
        lookups.is_some_and(|lookups| lookups.reads_secret) && addon.written.has_lookups()
    });
    let addons: Vec<&AddOn> = addons.collect();
    if addons.is_empty() {
        return;
    }
    let spokes = plan.spokes();
    for is_spokes in [false, true] {
        let Some(registered) = registered_clusters(plan, is_spokes) else {
            continue;
        };
        // If no template registers clusters on the hub, something outside of the fleet does. Argo CD on a spoke has
        // no Secret of its own cluster unless a template creates it.
        if registered.is_empty() && !is_spokes {
            continue;
        }
        for addon in &addons {
            let variants = addon.variants.iter();
            let clusters = variants.flat_map(|variant| variant.clusters.iter().copied());
            let lacks = |index: &usize| {
                let applies = spokes.contains(index) && addon.written.from_hub.is_none();
                let is_generated = !plan.clusters[*index].is_existing;
                applies == is_spokes && is_generated && !registered.contains(index)
            };
            let lacking: Vec<usize> = clusters.filter(lacks).collect();
            warn(plan, addon, &lacking, is_spokes, diags);
        }
    }
}

/// Returns the clusters that templates register, on spokes or on the hub, or `None` if they are unknown.
fn registered_clusters(plan: &Plan, is_spokes: bool) -> Option<BTreeSet<usize>> {
    let is_named = plan.addons.iter().any(|addon| addon.fleet.is_some());
    let templates = plan.templates.iter();
    let registering = templates.filter(|template| {
        template.is_from_spoke == is_spokes
            && template
                .objects
                .iter()
                .any(|object| contains_cluster_secret(&object.tree, is_named))
    });
    let subjects = registering.flat_map(|template| &template.instances);
    subjects
        .map(|instance| instance.subject.cluster_index())
        .collect()
}

/// Returns `true` if an object contains a cluster Secret, regardless of the object's kind.
/// With `is_named`, only one with the label of a named fleet.
pub(super) fn contains_cluster_secret(node: &Node, is_named: bool) -> bool {
    match &node.value {
        Value::Scalar(_) => false,
        Value::Sequence(items) => items
            .iter()
            .any(|item| contains_cluster_secret(item, is_named)),
        Value::Mapping(entries) => {
            let is_spread = || entries.iter().any(|entry| entry.key.is_spread());
            let has = |label| node.get(label).is_some();
            let has_labels = has(CLUSTER_LABEL) && (!is_named || has(FLEET_LABEL));
            let is_generated = has_labels || is_spread();
            let is_cluster = node
                .get(SECRET_TYPE)
                .is_some_and(|kind| kind.text().is_none_or(|kind| kind == "cluster"));
            is_generated && is_cluster
                || entries
                    .iter()
                    .any(|entry| contains_cluster_secret(&entry.value, is_named))
        }
    }
}

fn warn(plan: &Plan, addon: &AddOn, lacking: &[usize], is_spokes: bool, diags: &mut Diagnostics) {
    let [first, more @ ..] = lacking else {
        return;
    };
    let cluster = &plan.clusters[*first];
    let who = and_more(&cluster.name, more.len());
    let (whose, help) = if is_spokes {
        (
            "Argo CD on the spoke",
            "add `{file: builtin:argocd-register-spoke, from: spoke}` to `templates`",
        )
    } else {
        (
            "Argo CD on the hub",
            "add `{file: builtin:argocd-register-capi}` to `templates`",
        )
    };
    let message = format!(
        "add-on `{}` reads `runtimeValues` from the cluster Secret of {whose}, but no template creates it for {who}",
        addon.written.name.value
    );
    let help = format!(
        "{help}, or set the label `{CLUSTER_LABEL}` on the Secret that registers the cluster"
    );
    diags.push(
        Diagnostic::new(Code::NotRegistered, addon.written.name.span, message)
            .related(cluster.span, "the cluster")
            .help(help),
    );
}
